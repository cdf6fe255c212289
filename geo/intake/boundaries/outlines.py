"""The townships of a district as frames, and the outline that is their union."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.schema import (
    DESIGNATIONS,
    DISTRICTS,
    FACILITIES,
    POPULATION,
    TOWNSHIPS,
    VILLAGES,
    Table,
    conform,
    empty_frame,
)
from geo.core.vocabulary import Quality
from geo.intake.boundaries.polygons import multi
from geo.intake.table import frame_of

DISTRICT_DIGITS: Final = 6
_RANKS: Final = {quality.value: rank for rank, quality in enumerate(Quality)}


@dataclass(frozen=True)
class Boundaries:
    """The townships of one district, and its outline, which is their union.

    Attributes
    ----------
    townships : geopandas.GeoDataFrame
        Indexed by ``township_code``; MultiPolygon in EPSG:4490.
    districts : geopandas.GeoDataFrame
        One row, indexed by ``district_code``; its name is the code where the file
        names no district.
    ignored_headings : tuple of str
        Names of properties that were not used.
    """

    townships: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    ignored_headings: tuple[str, ...] = ()

    @property
    def district_code(self) -> str:
        """The six digits that all township codes begin with."""
        return str(self.districts.index[0])

    def districts_with(
        self, neighbours: gpd.GeoDataFrame, *, name_zh: str | None = None
    ) -> gpd.GeoDataFrame:
        """Return the district's own row followed by its neighbours'.

        Parameters
        ----------
        neighbours : geopandas.GeoDataFrame
            Rows of the same table with the role ``neighbour``.
        name_zh : str, optional
            The district's name, for a file that does not give it.
        """
        own = self.districts.copy()
        if name_zh and own["name_zh"].iloc[0] == self.district_code:
            own["name_zh"] = pd.Series([name_zh], index=own.index, dtype="str")
        others = neighbours.drop(index=self.district_code, errors="ignore")
        return own if others.empty else pd.concat([own, others])

    def districts_beside(self, before: DistrictData) -> gpd.GeoDataFrame:
        """Return the outlines of a district whose own is renewed: its neighbours stay."""
        neighbours = before.districts[before.districts["role"] == "neighbour"]
        return self.districts_with(neighbours, name_zh=before.district_name)

    def as_district(self, before: DistrictData, sources: pd.DataFrame) -> DistrictData:
        """Return a district with these boundaries and, as yet, nothing within.

        Parameters
        ----------
        before : DistrictData
            The district whose place it takes. Those of its outlines that touch the
            new district stay as neighbours, with their sources, and give it a name.
        sources : pandas.DataFrame
            Of these boundaries, indexed by ``source_id``.
        """
        facilities, villages = (
            gpd.GeoDataFrame(empty_frame(table), geometry=[], crs=STORAGE_CRS).set_index(table.key)
            for table in (FACILITIES, VILLAGES)
        )
        name = before.districts["name_zh"].get(self.district_code)
        districts = self.districts_with(self._touching(before.districts), name_zh=name)
        used = before.sources.index.isin(districts["source_id"])
        kept = before.sources[used & ~before.sources.index.isin(sources.index)]
        return DistrictData(
            townships=self.townships,
            districts=districts,
            villages=villages,
            population=empty_frame(POPULATION),
            facilities=facilities,
            designations=empty_frame(DESIGNATIONS),
            sources=sources if kept.empty else pd.concat([sources, kept]),
        )

    def _touching(self, districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        others = districts[districts.geometry.intersects(self.districts.geometry.iloc[0])]
        return others.assign(role=pd.Series("neighbour", index=others.index, dtype="str"))


def boundaries_of(
    rows: Sequence[dict[str, Any]],
    areas: Sequence[shapely.MultiPolygon],
    ignored_headings: tuple[str, ...] = (),
) -> Boundaries:
    """Return townships and their district as frames.

    Parameters
    ----------
    rows : sequence of dict
        Values by column of :data:`geo.core.schema.TOWNSHIPS`; ``district_name`` may name
        the district.
    areas : sequence of shapely.MultiPolygon
        Theirs, in degrees of CGCS2000.
    ignored_headings : tuple of str
        Names of properties that were not used.
    """
    townships = _outlines(rows, areas, TOWNSHIPS)
    return Boundaries(townships, _own_outline(rows, townships), ignored_headings)


def _own_outline(rows: Sequence[dict[str, Any]], townships: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    code = str(townships.index[0])[:DISTRICT_DIGITS]
    names = [row.get("district_name") for row in rows]
    row = {
        "district_code": code,
        "name_zh": next((name for name in names if name), code),
        "role": "district",
        # An outline is as sure as the least sure of its townships.
        "quality": max(townships["quality"], key=_RANKS.__getitem__),
        "source_id": townships["source_id"].iloc[0],
    }
    union = shapely.union_all(townships.geometry.array)
    return _outlines([row], [multi(union)], DISTRICTS)


def _outlines(
    rows: Sequence[dict[str, Any]], areas: Sequence[shapely.MultiPolygon], table: Table
) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries(list(areas), crs=STORAGE_CRS)
    frame = gpd.GeoDataFrame(frame_of(rows, table), geometry=geometry)
    return conform(frame, table).set_index(table.key)
