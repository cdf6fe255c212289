"""What villages are read against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from geo.core.datum import Datum
from geo.core.district import DistrictData
from geo.core.population import AUTO, chosen_denominator, denominators
from geo.core.vocabulary import PARTS
from geo.intake.headings.synonyms import Synonyms
from geo.intake.positions.locating import Surroundings


@dataclass(frozen=True)
class VillageSetting:
    """What villages are read against, and how.

    Attributes
    ----------
    data : DistrictData
        The district: its townships, the villages known and the population.
    source_id : str
        The source of every row of the file.
    synonyms : Synonyms, optional
        The office's own words for headings.
    datum : Datum, optional
        Of the positions, where the sender has stated it; guessed else.
    whole : bool
        Whether the file is the whole list: villages that it lacks are gone.
    """

    data: DistrictData
    source_id: str
    synonyms: Synonyms | None = None
    datum: Datum | None = None
    whole: bool = False

    @cached_property
    def divisions(self) -> pd.DataFrame:
        """Townships and villages by code, with ``name_zh`` and ``township_code``."""
        towns = self.data.townships
        own = pd.DataFrame({"name_zh": towns["name_zh"], "township_code": towns.index})
        villages = self.data.villages
        if villages.empty:
            return own
        return pd.concat([own, pd.DataFrame(villages)[["name_zh", "township_code"]]])

    @cached_property
    def surroundings(self) -> Surroundings:
        """What positions are held against: the townships, and villages placed already."""
        return Surroundings(self.data.townships, {})

    @cached_property
    def published(self) -> tuple[str, pd.DataFrame]:
        """The latest denominator, and the people of each, whole and in parts, township by it."""
        table = self.data.population
        names = ["population", *PARTS]
        if table.empty:
            return "", pd.DataFrame(columns=names, dtype="float64")
        chosen = chosen_denominator(table, AUTO, district_code=self.data.district_code)
        rows = table[denominators(table) == chosen].set_index("division_code")
        return chosen, rows.reindex(columns=names).astype("float64")

    @property
    def placed(self) -> gpd.GeoDataFrame:
        """The villages known, with a geometry each, which may be None."""
        villages = self.data.villages
        if isinstance(villages, gpd.GeoDataFrame):
            return villages
        nowhere = [None] * len(villages)
        return gpd.GeoDataFrame(villages, geometry=nowhere, crs=self.data.townships.crs)
