"""Township boundaries of an office: polygons that make a district, checked as a coverage."""

from geo.intake.boundaries.examining import (
    BOUNDARY_SUFFIXES,
    BoundarySetting,
    ExaminedBoundaries,
    examine_boundaries,
    read_boundaries,
)
from geo.intake.boundaries.judging import Check
from geo.intake.boundaries.outlines import Boundaries

__all__ = [
    "BOUNDARY_SUFFIXES",
    "Boundaries",
    "BoundarySetting",
    "Check",
    "ExaminedBoundaries",
    "examine_boundaries",
    "read_boundaries",
]
