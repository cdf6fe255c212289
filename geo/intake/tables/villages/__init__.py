"""Villages and communities of an office: where they are, and how many people live there."""

from geo.intake.tables.villages.setting import VillageSetting
from geo.intake.tables.villages.table import VILLAGE_SUFFIXES, ExaminedVillages, examine_villages

__all__ = ["VILLAGE_SUFFIXES", "ExaminedVillages", "VillageSetting", "examine_villages"]
