"""A study as plain JSON values, the same from every door."""

from geo.document.change import change_record
from geo.document.marks import marks, source_records, surface_record
from geo.document.reaching import gap_records
from geo.document.surface import surface_columns
from geo.document.townships import township_records
from geo.document.travelling import travel_record
from geo.document.trend import trend_record
from geo.document.whole import study_document

__all__ = [
    "change_record",
    "gap_records",
    "marks",
    "source_records",
    "study_document",
    "surface_columns",
    "surface_record",
    "township_records",
    "travel_record",
    "trend_record",
]
