"""Population figures of an office: long tables and wide ones, by division, kind and year."""

from geo.intake.population.examining import (
    POPULATION_SHEET,
    POPULATION_SUFFIXES,
    ExaminedPopulation,
    examine_population,
    read_population,
)
from geo.intake.population.setting import PopulationSetting

__all__ = [
    "POPULATION_SHEET",
    "POPULATION_SUFFIXES",
    "ExaminedPopulation",
    "PopulationSetting",
    "examine_population",
    "read_population",
]
