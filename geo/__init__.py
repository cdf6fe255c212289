"""What the field is, how it is measured and where it is kept.

This storey knows no web and no picture. Read :mod:`geo.terms` for the words,
:mod:`geo.columns` for the tables and :mod:`geo.study` for the whole answer.
"""
