"""Users' files into checked frames, or one clear error; nothing here uses GDAL."""

from geo.intake.boundaries import Boundaries, read_boundaries, source_of_file
from geo.intake.bounds import file_digest
from geo.intake.ledger import Ledger, check_townships, read_ledger
from geo.intake.population import read_population

__all__ = [
    "Boundaries",
    "Ledger",
    "check_townships",
    "file_digest",
    "read_boundaries",
    "read_ledger",
    "read_population",
    "source_of_file",
]
