"""Population figures of an office: long tables and wide ones, by division, kind and year."""

from geo.intake.tables.population.setting import PopulationSetting
from geo.intake.tables.population.table import (
    POPULATION_SHEET,
    POPULATION_SUFFIXES,
    ExaminedPopulation,
    examine_population,
    read_population,
)

__all__ = [
    "POPULATION_SHEET",
    "POPULATION_SUFFIXES",
    "ExaminedPopulation",
    "PopulationSetting",
    "examine_population",
    "read_population",
]
