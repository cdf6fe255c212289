"""The frames of one district, together, as every measure takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar, cast

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.core.crs import measuring_crs_of
from geo.core.errors import DataError
from geo.core.sentences import Sentences
from geo.core.vocabulary import Profile

TEXT: Final = Sentences("geo.core")

_T = TypeVar("_T")


@dataclass(frozen=True)
class LedgerState:
    """Which state of the store's history something is; tables of equal states are equal.

    Attributes
    ----------
    number : int
        Of the last import within it; 0 when not from a store.
    mark : str
        What else tells it from others: edits in QGIS within a minute are one import, which
        goes on, and another store numbers its imports alike.
    """

    number: int = 0
    mark: str = ""


@dataclass(frozen=True)
class DistrictData:
    """All that is known of a district; geometry in EPSG:4490, the key as index.

    Attributes
    ----------
    townships, districts, facilities : geopandas.GeoDataFrame
        Indexed by ``township_code``, ``district_code`` and ``facility_id``.
    designations, population, sources : pandas.DataFrame
        As :mod:`geo.core.schema` lists them; sources indexed by key.
    villages : pandas.DataFrame or geopandas.GeoDataFrame
        Indexed by ``village_code``; a GeoDataFrame where positions can be known, each a
        point, an area, or None.
    weights, roads : geopandas.GeoDataFrame, optional
        The layers on which coverage rests: :data:`geo.core.schema.WEIGHTS` and
        :data:`geo.core.schema.ROADS`; None where none were loaded.
    version : int
        The store's version that they were read at; 0 when not from a store.
    state : LedgerState
        Of the store's history, read in the same transaction as the frames.
    approval_number : str, optional
        The map approval number (审图号) that a person entered; never made up.
    profile : Profile
        For whom it was made ready, see :func:`geo.core.disclosure.release`.
    position_decimals : int
        Of a degree, to which the positions of facilities are shown.
    """

    townships: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    villages: pd.DataFrame
    population: pd.DataFrame
    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    sources: pd.DataFrame
    weights: gpd.GeoDataFrame | None = None
    roads: gpd.GeoDataFrame | None = None
    version: int = 0
    state: LedgerState = LedgerState()
    approval_number: str | None = None
    profile: Profile = Profile.INTERNAL
    position_decimals: int = 7

    @cached_property
    def _cache(self) -> dict[str, Any]:
        # No field: ``dataclasses.replace`` starts a new cache, since its frames are others.
        return {}

    def cached(self, name: str, make: Callable[[], _T]) -> _T:
        """Return what another package computes from the frames, computed once for them.

        Parameters
        ----------
        name : str
            Identifies the value among all that are cached here.
        make : callable
            Computes the value from these frames alone.
        """
        if name not in self._cache:
            self._cache[name] = make()
        return cast("_T", self._cache[name])

    @property
    def district_code(self) -> str:
        """The six-digit code of the district itself.

        Raises
        ------
        DataError
            There is not exactly one district with the role ``district``.
        """
        own = self.districts.index[self.districts["role"] == "district"]
        if len(own) != 1:
            raise DataError(**TEXT.both("not_one_district_outline", own_count=len(own)))
        return str(own[0])

    @property
    def district_name(self) -> str:
        """The district's Chinese name."""
        return str(self.districts.loc[self.district_code, "name_zh"])

    @property
    def measuring_crs(self) -> CRS:
        """The projected system, in metres, that fits the district."""
        return measuring_crs_of(self.townships)

    @property
    def demonstration(self) -> bool:
        """Whether any facility or plaque is demonstration data."""
        flags = (self.facilities["demonstration"], self.designations["demonstration"])
        return any(bool(flag.fillna(False).any()) for flag in flags)
