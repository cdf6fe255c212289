"""The office's ledger: read row by row, clean rows apart from those that are held back."""

from geo.intake.ledger.examining import examine_ledger, read_ledger
from geo.intake.ledger.setting import Setting
from geo.intake.ledger.sorting import ExaminedLedger, Ledger

__all__ = ["ExaminedLedger", "Ledger", "Setting", "examine_ledger", "read_ledger"]
