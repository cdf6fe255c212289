"""The shelf: the districts shipped, how they are read and how they are made."""

from geo.districts.build import build_district
from geo.districts.catalog import demo_ledger_path, load_shipped, shipped_districts

__all__ = ["build_district", "demo_ledger_path", "load_shipped", "shipped_districts"]
