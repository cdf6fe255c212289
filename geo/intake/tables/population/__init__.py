"""Population figures of an office: long tables and wide ones, by division, kind and year."""

from geo.intake.tables.population.table import POPULATION_TABLE, read_population

__all__ = ["POPULATION_TABLE", "read_population"]
