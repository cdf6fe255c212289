"""Township boundaries of an office: polygons that make a district, checked as a coverage."""

from geo.intake.tables.boundaries.findings import Check
from geo.intake.tables.boundaries.table import (
    BOUNDARY_SUFFIXES,
    BoundarySetting,
    ExaminedBoundaries,
    examine_boundaries,
    read_boundaries,
)
from geo.intake.tables.boundaries.townships import Boundaries

__all__ = [
    "BOUNDARY_SUFFIXES",
    "Boundaries",
    "BoundarySetting",
    "Check",
    "ExaminedBoundaries",
    "examine_boundaries",
    "read_boundaries",
]
