"""Villages and communities of an office: where they are, and how many people live there."""

from geo.intake.villages.examining import (
    VILLAGE_SUFFIXES,
    ExaminedVillages,
    examine_villages,
)
from geo.intake.villages.setting import VillageSetting

__all__ = ["VILLAGE_SUFFIXES", "ExaminedVillages", "VillageSetting", "examine_villages"]
