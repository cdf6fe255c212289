"""Where people live within a township: settlements, buildings, or a population raster."""

from geo.intake.tables.weights.table import WEIGHT_TABLE

__all__ = ["WEIGHT_TABLE"]
