"""Where people live within a township: settlements, buildings, or a population raster."""

from geo.intake.tables.weights.table import (
    WEIGHT_SUFFIXES,
    ExaminedWeights,
    WeightSetting,
    examine_weights,
)

__all__ = ["WEIGHT_SUFFIXES", "ExaminedWeights", "WeightSetting", "examine_weights"]
