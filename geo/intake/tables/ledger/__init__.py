"""The office's ledger: read row by row, clean rows apart from those that are held back."""

from geo.intake.tables.ledger.setting import Setting
from geo.intake.tables.ledger.table import ExaminedLedger, Ledger, examine_ledger, read_ledger

__all__ = ["ExaminedLedger", "Ledger", "Setting", "examine_ledger", "read_ledger"]
