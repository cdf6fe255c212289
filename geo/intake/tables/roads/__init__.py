"""Roads of an office or of OpenStreetMap: lines near the district, with class and direction."""

from geo.intake.tables.roads.table import (
    ROAD_SUFFIXES,
    ExaminedRoads,
    RoadSetting,
    examine_roads,
    read_roads,
)

__all__ = ["ROAD_SUFFIXES", "ExaminedRoads", "RoadSetting", "examine_roads", "read_roads"]
