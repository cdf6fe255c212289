"""Users' files as checked frames, or one clear error; nothing is written here."""

from geo.intake.boundaries import Boundaries, read_boundaries
from geo.intake.divisions import check_townships
from geo.intake.faults import faults_of
from geo.intake.ledger import Ledger, read_ledger
from geo.intake.population import read_population
from geo.intake.sources import file_digest, source_of_file

__all__ = [
    "Boundaries",
    "Ledger",
    "check_townships",
    "faults_of",
    "file_digest",
    "read_boundaries",
    "read_ledger",
    "read_population",
    "source_of_file",
]
