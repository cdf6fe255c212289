"""Whom facilities reach, and the gaps that they leave: counted where people live.

Coverage is counted at the demand points of :mod:`geo.measures.demand_points`; the land that each
stands for is only what a gap is drawn with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.core.crs import STORAGE_CRS
from geo.core.vocabulary import Audience
from geo.measures.demand_points import Surface
from geo.measures.nearest import NearestByTarget

_M2_PER_KM2: Final = 1e6
_ROUNDING: Final = 1e-9
_BY_AUDIENCE: Final = (
    "target_id", "audience", "township_code", "population", "covered_population",
    "coverage_rate",
)  # fmt: skip

PEOPLE_OF: Final[Mapping[Audience, str]] = MappingProxyType(
    {
        Audience.YOUTH: "population_0_14",
        Audience.SENIORS: "population_60_plus",
        Audience.FARMERS: "rural_population",
    }
)
"""Audiences that live somewhere, to the column of their people; farmers are rural residents."""


def coverage(surface: Surface, reached: Sequence[NearestByTarget]) -> gpd.GeoDataFrame:
    """Return, for each target and township, how many residents are reached and who is not.

    Parameters
    ----------
    surface : Surface
        The demand points.
    reached : sequence of NearestByTarget
        As :func:`geo.measures.nearest.nearest_by_target` returns them, of these points.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each target (every group and kind with a standard) and township:
        ``target_id``, ``group``, ``kind`` (missing for a whole group),
        ``township_code``, ``population``, ``covered_population``,
        ``gap_population``, ``coverage_rate`` (a share; by area where the
        population is zero or unknown) and the geometry of the gap, in the system
        of the points, None where nothing is left out. Townships of a settlement
        type for which the scenario has no standard have no row.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.measures.nearest import nearest_by_target
    >>> from geo.core.scenario import load_scenario
    >>> from geo.measures.demand_points import People, make_surface
    >>> from geo.travel.protocol import StraightLines
    >>> square = gpd.GeoDataFrame({"kind": ["subdistrict"]}, index=["430503001"],
    ...     geometry=[shapely.box(-1500, -1500, 1500, 1500)], crs="EPSG:4546")
    >>> people = People(pd.DataFrame({"population": [900.0]}, index=["430503001"]))
    >>> surface = make_surface(square, people, cell_m=1000)
    >>> scenario = load_scenario(on=date(2025, 12, 31))
    >>> lines = StraightLines(scenario.speeds_km_per_h, scenario.detour_factor)
    >>> found = nearest_by_target(surface.points, gpd.GeoSeries([shapely.Point(0, 0)], index=["f"],
    ...     crs="EPSG:4546"), pd.DataFrame({"facility_id": ["f"], "kind": ["library"]}),
    ...     scenario, lines)
    >>> answer = coverage(surface, found)
    >>> library = answer[answer["target_id"] == "library"].iloc[0]
    >>> round(float(library["covered_population"]))  # of 16 squares the 4 in the middle
    400
    """
    towns = _Towns.of(surface)
    parts = [_coverage_of(surface, towns, one) for one in reached]
    rows = pd.concat(parts, ignore_index=True) if parts else _no_rows()
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=surface.points.crs)
    return frame.sort_values(["target_id", "township_code"], ignore_index=True)


def coverage_by_audience(surface: Surface, reached: Sequence[NearestByTarget]) -> pd.DataFrame:
    """Return how many of each audience are reached, for each target and township.

    Returns
    -------
    pandas.DataFrame
        ``target_id``, ``audience``, ``township_code``, ``population``,
        ``covered_population`` (persons of that audience) and ``coverage_rate``, missing
        where their number is unknown or zero.

    Examples
    --------
    >>> coverage_by_audience(Surface(gpd.GeoDataFrame(), gpd.GeoSeries(), pd.Series()), [])
    Empty DataFrame
    Columns: [target_id, audience, township_code, population, covered_population, coverage_rate]
    Index: []
    """
    if not reached:
        return pd.DataFrame(columns=list(_BY_AUDIENCE))
    towns = _Towns.of(surface)
    parts = []
    for one in reached:
        asked = towns.asked(one)
        for audience, column in PEOPLE_OF.items():
            people, covered = towns.sums(one, surface.points[column].to_numpy(dtype="float64"))
            told = (one.target.id, audience.value)
            parts.append((*told, towns.codes[asked], people[asked], covered[asked]))
    sizes = [len(part[2]) for part in parts]
    frame = pd.DataFrame(
        {
            "target_id": pd.Series(np.repeat([part[0] for part in parts], sizes), dtype="str"),
            "audience": pd.Series(np.repeat([part[1] for part in parts], sizes), dtype="str"),
            "township_code": pd.Series(np.concatenate([part[2] for part in parts]), dtype="str"),
            "population": np.concatenate([part[3] for part in parts]),
            "covered_population": np.concatenate([part[4] for part in parts]),
        }
    )
    people = frame["population"]
    return frame.assign(coverage_rate=frame["covered_population"] / people.where(people > 0))


@dataclass(frozen=True)
class _Towns:
    """The townships of demand points, and of each point which one is its own."""

    codes: npt.NDArray[np.object_]
    number: npt.NDArray[np.int64]

    @classmethod
    def of(cls, surface: Surface) -> _Towns:
        codes, number = np.unique(
            surface.points["township_code"].to_numpy(dtype="object"), return_inverse=True
        )
        return cls(codes, number.astype(np.int64))

    def sum(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return sums by township, unknown where any value is."""
        summed: npt.NDArray[np.float64] = np.bincount(
            self.number, weights=values, minlength=len(self.codes)
        ).astype("float64")
        return summed

    def asked(self, one: NearestByTarget) -> npt.NDArray[np.bool_]:
        """Return the townships with any point for which there is a standard."""
        return np.bincount(self.number[one.asked], minlength=len(self.codes)) > 0

    def sums(
        self, one: NearestByTarget, people: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return people asked about and people covered, by township."""
        asked = np.where(one.asked, people, 0.0)
        # Unknown people are unknown wherever they live: NaN times 0 is NaN.
        return self.sum(asked), self.sum(np.where(one.covered, asked, asked * 0))


def _coverage_of(surface: Surface, towns: _Towns, one: NearestByTarget) -> pd.DataFrame:
    asked, left = towns.asked(one), one.asked & ~one.covered
    people, covered = towns.sums(one, surface.points["population"].to_numpy(dtype="float64"))
    land = surface.cells.area.to_numpy()
    # Where nobody is known to live, land stands for people.
    by_area = 1 - towns.sum(land * left) / np.maximum(towns.sum(land * one.asked), 1e-9)
    inhabited = people > 0
    rate = np.where(inhabited, covered / np.where(inhabited, people, 1.0), by_area)
    parts = _unions(surface.cells, towns, left)
    kind = one.target.kind.value if one.target.kind else np.nan
    codes = towns.codes[asked]
    return pd.DataFrame(
        {
            "target_id": one.target.id,
            "group": one.target.group.value,
            "kind": pd.Series(kind, index=range(len(codes)), dtype="str"),
            "township_code": pd.Series(codes, dtype="str"),
            "population": people[asked],
            "covered_population": covered[asked],
            "gap_population": (people - covered)[asked],
            "coverage_rate": rate[asked],
            "geometry": pd.Series([parts.get(code) for code in codes], dtype="object"),
        }
    )


def _unions(
    cells: gpd.GeoSeries, towns: _Towns, chosen: npt.NDArray[np.bool_]
) -> dict[str, shapely.Geometry]:
    """Return the land of the chosen points of each township, in one piece."""
    land = np.asarray(cells.array)[chosen]
    number = towns.number[chosen]
    return {str(towns.codes[town]): _one_piece(land[number == town]) for town in np.unique(number)}


def _one_piece(land: npt.NDArray[np.object_]) -> shapely.Geometry:
    """Return the union of cells; cells that share edges are joined five times as fast."""
    try:
        joined = shapely.coverage_union_all(land)
    except shapely.errors.GEOSException:
        # Villages that an office drew may overlap, or share a house.
        return shapely.union_all(land)
    area_m2 = float(shapely.area(land).sum())
    if joined.is_valid and abs(joined.area - area_m2) <= _ROUNDING * area_m2:
        return joined
    return shapely.union_all(land)


def _no_rows() -> pd.DataFrame:
    text = {
        name: pd.Series(dtype="str") for name in ("target_id", "group", "kind", "township_code")
    }
    numbers = ("population", "covered_population", "gap_population", "coverage_rate")
    return pd.DataFrame(
        text | {name: pd.Series(dtype="float64") for name in numbers} | {"geometry": []}
    )


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return coverage of the whole district by target: sums, and their ratio.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``target_id``: ``group``, ``kind``, ``population``,
        ``covered_population``, ``gap_population``, ``coverage_rate`` (NaN when
        nobody lives there). Townships with unknown population make the sums
        unknown rather than smaller.
    """
    grouped = rows.groupby("target_id", sort=True)
    answer = grouped[["group", "kind"]].first()
    for column in ("population", "covered_population", "gap_population"):
        answer[column] = grouped[column].agg(lambda values: values.sum(skipna=False))
    people = answer["population"]
    return answer.assign(coverage_rate=answer["covered_population"] / people.where(people > 0))


def gaps(
    rows: gpd.GeoDataFrame, surface: Surface, reached: Sequence[NearestByTarget]
) -> gpd.GeoDataFrame:
    """Return the places that no facility reaches, the most people first.

    Parameters
    ----------
    rows : geopandas.GeoDataFrame
        What :func:`coverage` returned.
    surface, reached
        As for :func:`coverage`.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4490, indexed by ``gap_id``: ``target_id``, ``group``, ``kind``,
        ``township_code``, ``population`` (left out), ``population_share`` (of the
        township), ``area_km2``, ``nearest_facility_id``, the facility that is the
        nearest for most of those left out, ``nearest_distance_m`` and
        ``nearest_travel_minutes``, the mean straight line and journey (by the standard's
        mode) from them to the nearest of each; missing where anyone has none.
        Where nobody lives, land stands for people.
    """
    left = rows[rows.geometry.notna()]
    of_target = {one.target.id: one for one in reached}
    nearest = [
        _nearest(surface, of_target[target], code)
        for target, code in zip(left["target_id"], left["township_code"], strict=True)
    ]
    answer = gpd.GeoDataFrame(
        {
            "target_id": left["target_id"],
            "group": left["group"],
            "kind": left["kind"],
            "township_code": left["township_code"],
            "population": left["gap_population"],
            "population_share": 1.0 - left["coverage_rate"],
            "area_km2": left.geometry.area / _M2_PER_KM2,
            "nearest_facility_id": pd.Series([one[0] for one in nearest], left.index, "str"),
            "nearest_distance_m": pd.Series([one[1] for one in nearest], left.index, "float64"),
            "nearest_travel_minutes": pd.Series([one[2] for one in nearest], left.index, "float64"),
        },
        geometry=left.geometry,
        crs=rows.crs,
    )
    answer.index = pd.Index(answer["target_id"] + "-" + answer["township_code"], name="gap_id")
    answer = answer.sort_values(["population", "township_code"], ascending=[False, True])
    return answer.to_crs(STORAGE_CRS)


def _nearest(surface: Surface, one: NearestByTarget, code: str) -> tuple[str | float, float, float]:
    """Return the facility nearest to most people of a gap, their mean distance and journey."""
    here = (surface.points["township_code"] == code).to_numpy() & one.asked & ~one.covered
    if not np.isfinite(one.distance_m[here]).all():
        return np.nan, np.nan, np.nan
    people = surface.points["population"].to_numpy(dtype="float64")[here]
    if not people.sum() > 0:
        people = surface.cells.area.to_numpy()[here]
    by_facility = np.bincount(one.nearest[here], weights=people)
    distance_m = float(np.average(one.distance_m[here], weights=people))
    minutes = float(np.average(one.minutes[here], weights=people))
    return str(one.facility_ids[int(by_facility.argmax())]), distance_m, minutes
