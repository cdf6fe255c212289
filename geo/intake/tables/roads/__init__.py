"""Roads of an office or of OpenStreetMap: lines near the district, with class and direction."""

from geo.intake.tables.roads.table import ROAD_TABLE

__all__ = ["ROAD_TABLE"]
