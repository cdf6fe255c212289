"""Villages and communities of an office: where they are, and how many people live there."""

from geo.intake.tables.villages.table import VILLAGE_TABLE, villages_before

__all__ = ["VILLAGE_TABLE", "villages_before"]
