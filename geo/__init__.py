"""What the field is, how it is measured and where it is kept.

This storey knows no web and no picture. Read :mod:`geo.core.vocabulary` for the words,
:mod:`geo.core.schema` for the tables and :mod:`geo.measures.study` for the whole answer.
"""
