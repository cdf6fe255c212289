"""Users' files as checked frames, and a report of every row that was not clean.

``formats`` turns bytes into sheets, in a process of its own that imports neither
pandas nor a geometry library; everything else here reads those sheets. Nothing
is imported at this level, which keeps that process quick to start.
"""
