"""Maps on paper: a thematic map on one sheet, drawn by matplotlib.

The sheet is laid out in millimetres of A4 and drawn on one canvas; A3 is the same,
enlarged. Nothing here keeps a state: each sheet is a figure of its own, so that several
may be drawn at once.
"""

from layers.paper.fonts import Fonts, find_fonts
from layers.paper.map import thematic_map
from layers.paper.theme import MEASURES, MapMeasure

__all__ = ["MEASURES", "Fonts", "MapMeasure", "find_fonts", "thematic_map"]
