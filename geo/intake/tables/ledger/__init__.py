"""The office's ledger: read row by row, clean rows apart from those that are held back."""

from geo.intake.tables.ledger.table import LEDGER, Ledger, read_ledger

__all__ = ["LEDGER", "Ledger", "read_ledger"]
