"""What a file is read against: the district as the store has it, and what its sender stated."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.core.crs import measuring_crs_of
from geo.core.datum import Datum
from geo.core.district import DistrictData
from geo.core.schema import POPULATION, empty_frame
from geo.core.village_positions import VillageMiddle, village_middles, without_village_positions
from geo.core.vocabulary import Quality
from geo.intake.georeference.positions import Surroundings
from geo.intake.headers.synonyms import Synonyms


@dataclass(frozen=True)
class ReferenceData:
    """What a file is read against, of whatever table it is.

    Attributes
    ----------
    townships : geopandas.GeoDataFrame, optional
        Of the district, indexed by code, to hold declared codes and positions against;
        without them codes and degrees hold as they stand.
    facilities : geopandas.GeoDataFrame, optional
        Those in the store, whose positions tell a file's datum.
    synonyms : Synonyms, optional
        The office's own words for headings.
    datum : Datum, optional
        Of the positions, where the sender has stated it; guessed else.
    villages : pandas.DataFrame, optional
        Indexed by ``village_code``, with ``name_zh``, ``township_code`` and, where known,
        their points or areas.
    district_name : str, optional
        To tell a neighbour's places that are called like ours.
    update : bool
        Whether the file is added to the store, so that its designations may be of
        facilities of the store that it does not hold.
    village_positions : bool
        Whether a facility without a position takes the centroid of its village.
    district_code : str
        Six digits; empty where not known.
    districts : geopandas.GeoDataFrame, optional
        The outlines that are known.
    population : pandas.DataFrame
        Figures in the store, whose district's totals sums are held against.
    source_id : str, optional
        The source of every row; a file of population then needs no column of sources.
    quality : Quality
        Of every row, where it does not say its own.
    whole : bool
        Whether the file is the whole list of villages: those that it lacks are gone.
    mend_width_m : float
        Widest overlap or gap of boundaries to mend, in metres; 0 mends nothing.
    accepted : frozenset of str
        Findings about boundaries that the user has seen and takes.
    """

    townships: gpd.GeoDataFrame | None = None
    facilities: gpd.GeoDataFrame | None = None
    synonyms: Synonyms | None = None
    datum: Datum | None = None
    villages: pd.DataFrame | None = None
    district_name: str | None = None
    update: bool = False
    village_positions: bool = False
    district_code: str = ""
    districts: gpd.GeoDataFrame | None = None
    population: pd.DataFrame = field(default_factory=lambda: empty_frame(POPULATION))
    source_id: str | None = None
    quality: Quality = Quality.REPORTED
    whole: bool = False
    mend_width_m: float = 0.0
    accepted: frozenset[str] = frozenset()

    @classmethod
    def of(cls, data: DistrictData, source_id: str | None = None, **stated: Any) -> ReferenceData:
        """Return a district of the store as reference data, with what the sender stated."""
        return cls(
            townships=data.townships,
            facilities=data.facilities,
            villages=data.villages,
            district_name=data.district_name,
            district_code=data.district_code,
            districts=data.districts,
            population=data.population,
            source_id=source_id,
            **stated,
        )

    @property
    def outlines(self) -> gpd.GeoDataFrame:
        """The townships, for tables that are only read against a district."""
        assert self.townships is not None  # noqa: S101  (made of a district of the store)
        return self.townships

    @property
    def known_villages(self) -> pd.DataFrame:
        """The villages, for tables that are only read against a district."""
        assert self.villages is not None  # noqa: S101  (made of a district of the store)
        return self.villages

    @property
    def measuring_crs(self) -> CRS:
        """The projected system, in metres, that fits the district."""
        return measuring_crs_of(self.outlines)

    @cached_property
    def divisions(self) -> pd.DataFrame | None:
        """Townships and villages by code, with their names; None without townships."""
        if self.townships is None:
            return None
        own = pd.DataFrame(
            {"name_zh": self.townships["name_zh"], "township_code": self.townships.index}
        )
        if self.villages is None or self.villages.empty:
            return own
        return pd.concat([own, pd.DataFrame(self.villages)[["name_zh", "township_code"]]])

    @cached_property
    def village_middles(self) -> dict[str, VillageMiddle]:
        """The centroids of villages by code; empty without townships."""
        return {} if self.townships is None else village_middles(self.villages)

    @cached_property
    def surroundings(self) -> Surroundings | None:
        """What positions are held against; None without townships.

        Of the facilities in the store those that are real, have a position and a name that
        stands once. The centroid of a village tells nothing of how a file is shifted.
        """
        if self.townships is None:
            return None
        if self.facilities is None:
            return Surroundings(self.townships, {})
        measured = without_village_positions(self.facilities)
        real = measured[~measured["demonstration"].fillna(False).astype(bool)]
        placed = real[real.geometry.notna() & ~real["name"].duplicated(keep=False)]
        pairs = zip(placed.geometry.x, placed.geometry.y, strict=True)
        return Surroundings(self.townships, dict(zip(placed["name"], pairs, strict=True)))
