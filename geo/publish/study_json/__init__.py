"""A study as plain JSON values, the same from every door."""

from geo.publish.study_json.change import change_record
from geo.publish.study_json.coverage import gap_records
from geo.publish.study_json.marks import marks, source_records, surface_record
from geo.publish.study_json.study import study_document
from geo.publish.study_json.surface import surface_columns
from geo.publish.study_json.townships import township_records
from geo.publish.study_json.travel import travel_record
from geo.publish.study_json.trend import trend_record

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
