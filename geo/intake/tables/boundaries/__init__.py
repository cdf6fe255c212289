"""Township boundaries of an office: polygons that make a district, checked as a coverage."""

from geo.intake.tables.boundaries.findings import Check
from geo.intake.tables.boundaries.table import BOUNDARY_TABLE, read_boundaries
from geo.intake.tables.boundaries.townships import Boundaries

__all__ = ["BOUNDARY_TABLE", "Boundaries", "Check", "read_boundaries"]
