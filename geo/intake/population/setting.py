"""What population figures are read against."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from geo.core.district import DistrictData
from geo.core.schema import POPULATION, empty_frame
from geo.core.vocabulary import Quality
from geo.intake.headings.synonyms import Synonyms


@dataclass(frozen=True)
class PopulationSetting:
    """What population figures are read against, and what holds for all of them.

    Attributes
    ----------
    divisions : pandas.DataFrame, optional
        Townships and villages by code, with ``name_zh`` and ``township_code``; without
        them codes hold as they stand.
    district_code, district_name : str
        Of the district itself.
    known : pandas.DataFrame
        Figures in the store, whose district's totals sums are held against.
    synonyms : Synonyms, optional
        The office's own words for headings.
    source_id : str, optional
        The source of every row; the file then needs no column of sources.
    quality : Quality
        Of every row, in a file without that column.
    """

    divisions: pd.DataFrame | None = None
    district_code: str = ""
    district_name: str = ""
    known: pd.DataFrame = field(default_factory=lambda: empty_frame(POPULATION))
    synonyms: Synonyms | None = None
    source_id: str | None = None
    quality: Quality = Quality.REPORTED

    @classmethod
    def of(
        cls, data: DistrictData, *, source_id: str, synonyms: Synonyms | None = None
    ) -> PopulationSetting:
        """Return the setting of a district in the store."""
        towns = pd.DataFrame(
            {"name_zh": data.townships["name_zh"], "township_code": data.townships.index}
        )
        villages = data.villages[["name_zh", "township_code"]]
        return cls(
            towns if villages.empty else pd.concat([towns, villages]),
            data.district_code,
            data.district_name,
            data.population,
            synonyms,
            source_id,
        )
