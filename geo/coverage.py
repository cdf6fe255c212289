"""Whom facilities reach: coverage by straight-line service areas, and the gaps they leave.

Until there are roads and a finer population, a service area is a circle and
residents are spread evenly over their township's polygon; every result says so
through ``docs/methods.md`` and the page. A resident's limit is that of the
settlement type of the resident's township.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS
from geo.scenario import Scenario
from geo.terms import GROUP_OF_KIND, Group, Kind, Settlement, TownshipKind

QUADRANT_SEGMENTS: Final = 32
_SLIVER_SHARE: Final = 1e-9
_M2_PER_KM2: Final = 1e6


@dataclass(frozen=True, slots=True)
class Target:
    """What residents should reach: any facility of a group, or of one kind of it."""

    group: Group
    kind: Kind | None = None

    @property
    def id(self) -> str:
        """The kind's identifier, else the group's with ``any-`` before it."""
        return self.kind.value if self.kind else f"any-{self.group.value}"


def settlement_of(township_kind: str) -> Settlement:
    """Return urban for a subdistrict, rural for a town or township.

    Examples
    --------
    >>> settlement_of("subdistrict").value, settlement_of("town").value
    ('urban', 'rural')
    """
    return Settlement.URBAN if township_kind == TownshipKind.SUBDISTRICT else Settlement.RURAL


def service_area(positions: shapely.MultiPoint, limit_m: float) -> shapely.Geometry:
    """Return the area within a straight-line limit of any of the positions.

    Each circle is a polygon of 128 corners with the *area* of the true circle, so
    that an evenly spread population is neither lost nor gained.

    Parameters
    ----------
    positions : shapely.MultiPoint
        In a projected system, metres; repeats do no harm.
    limit_m : float
        Straight line, metres.

    Examples
    --------
    >>> circle = service_area(shapely.MultiPoint([(0, 0)]), 1000)
    >>> round(circle.area / (math.pi * 1000**2), 9)
    1.0
    """
    corners = 4 * QUADRANT_SEGMENTS
    angle = 2 * math.pi / corners
    radius = limit_m * math.sqrt(angle / math.sin(angle))
    # One buffer of all points nodes every circle with every other: hundreds of times slower.
    circles = shapely.buffer(shapely.get_parts(positions), radius, quad_segs=QUADRANT_SEGMENTS)
    return shapely.union_all(circles)


def coverage(
    townships: gpd.GeoDataFrame,
    population: pd.Series,
    sites: gpd.GeoSeries,
    kinds: pd.DataFrame,
    scenario: Scenario,
) -> gpd.GeoDataFrame:
    """Return, for each target and township, how many residents are reached and who is not.

    Parameters
    ----------
    townships : geopandas.GeoDataFrame
        Polygons in a projected system, indexed by ``township_code``, with ``kind``.
    population : pandas.Series
        Residents by ``township_code``; missing where unknown.
    sites : geopandas.GeoSeries
        Points by ``facility_id`` in the same system, of the facilities that serve
        on the date, those outside the district included.
    kinds : pandas.DataFrame
        ``facility_id`` and ``kind``, as :func:`geo.counting.kinds_on` returns them.
    scenario : Scenario
        Its standards and speeds give the limits.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each target (every group and kind with a standard) and township:
        ``target_id``, ``group``, ``kind`` (missing for a whole group),
        ``township_code``, ``population``, ``covered_population``,
        ``gap_population``, ``coverage_rate`` (a share; by area where the
        population is zero or unknown) and the geometry of the gap, in the system
        of ``townships``, None where nothing is left out. Townships of a settlement
        type for which the scenario has no standard have no row.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.scenario import load_scenario
    >>> square = gpd.GeoDataFrame({"kind": ["subdistrict"]}, index=["430503001"],
    ...     geometry=[shapely.box(-2000, -2000, 2000, 2000)], crs="EPSG:4546")
    >>> answer = coverage(square, pd.Series({"430503001": 1000.0}),
    ...     gpd.GeoSeries([shapely.Point(0, 0)], index=["f"], crs="EPSG:4546"),
    ...     pd.DataFrame({"facility_id": ["f"], "kind": ["library"]}),
    ...     load_scenario(on=date(2025, 12, 31)))
    >>> library = answer[answer["target_id"] == "library"].iloc[0]
    >>> round(float(library["covered_population"]), 1)  # pi x 1000 m squared of 16 km2
    196.3
    """
    positions = _positions_by_kind(sites, kinds)
    settlements = townships["kind"].map(settlement_of)
    parts = []
    for settlement in Settlement:
        residents_of = townships[settlements == settlement]
        areas = _areas(positions, scenario, settlement)
        parts += [_reach(residents_of, target, area) for target, area in areas]
    rows = pd.concat(parts, ignore_index=True) if parts else _no_rows()
    people = rows["township_code"].map(population.astype("float64"))
    covered = people * rows["coverage_rate"]
    answer = rows.assign(
        population=people, covered_population=covered, gap_population=people - covered
    )
    order = ["target_id", "group", "kind", "township_code", "population", "covered_population"]
    answer = answer[[*order, "gap_population", "coverage_rate", "geometry"]]
    frame = gpd.GeoDataFrame(answer, geometry="geometry", crs=townships.crs)
    return frame.sort_values(["target_id", "township_code"], ignore_index=True)


def _no_rows() -> pd.DataFrame:
    text = {
        name: pd.Series(dtype="str") for name in ("target_id", "group", "kind", "township_code")
    }
    return pd.DataFrame(text | {"coverage_rate": pd.Series(dtype="float64"), "geometry": []})


def _positions_by_kind(sites: gpd.GeoSeries, kinds: pd.DataFrame) -> dict[Kind, shapely.MultiPoint]:
    placed = kinds[kinds["facility_id"].isin(sites.index)].drop_duplicates(["facility_id", "kind"])
    coordinates = shapely.get_coordinates(sites.array)
    row_of = pd.Series(np.arange(len(sites)), index=sites.index)
    return {
        Kind(kind): shapely.MultiPoint(
            np.unique(coordinates[row_of.loc[facility_ids].to_numpy()], axis=0)
        )
        for kind, facility_ids in placed.groupby("kind")["facility_id"]
    }


def _areas(
    positions: dict[Kind, shapely.MultiPoint], scenario: Scenario, settlement: Settlement
) -> Iterator[tuple[Target, shapely.Geometry]]:
    """Yield each kind's service area, then each group's, for one type of settlement."""
    nothing = shapely.MultiPoint()
    by_group: dict[Group, list[shapely.Geometry]] = {}
    for kind in Kind:
        limit_m = scenario.limit_m(kind, settlement)
        if limit_m is None:
            continue
        area = service_area(positions.get(kind, nothing), limit_m)
        by_group.setdefault(GROUP_OF_KIND[kind], []).append(area)
        yield Target(GROUP_OF_KIND[kind], kind), area
    for group, areas in by_group.items():
        yield Target(group), shapely.union_all(areas)


def _reach(townships: gpd.GeoDataFrame, target: Target, area: shapely.Geometry) -> gpd.GeoDataFrame:
    shapely.prepare(area)
    polygons = townships.geometry
    gaps = shapely.difference(polygons.array, area)
    share = np.clip(shapely.area(gaps) / shapely.area(polygons.array), 0.0, 1.0)
    none_left = share <= _SLIVER_SHARE
    return gpd.GeoDataFrame(
        {
            "target_id": target.id,
            "group": target.group.value,
            "kind": pd.Series(
                target.kind.value if target.kind else np.nan, index=townships.index, dtype="str"
            ),
            "township_code": townships.index,
            "coverage_rate": 1.0 - np.where(none_left, 0.0, share),
        },
        geometry=np.where(none_left, None, gaps),
        index=townships.index,
        crs=townships.crs,
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


def gaps(rows: gpd.GeoDataFrame, sites: gpd.GeoSeries, kinds: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the places that no facility reaches, the most people first.

    Parameters
    ----------
    rows : geopandas.GeoDataFrame
        What :func:`coverage` returned.
    sites, kinds
        As for :func:`coverage`.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4490, indexed by ``gap_id``: ``target_id``, ``group``, ``kind``,
        ``township_code``, ``population`` (left out), ``population_share`` (of the
        township), ``area_km2``, ``nearest_facility_id`` and
        ``nearest_distance_m`` (straight line from a point inside the gap; missing
        when there is no such facility at all).
    """
    left = rows[rows.geometry.notna()]
    answer = gpd.GeoDataFrame(
        {
            "target_id": left["target_id"],
            "group": left["group"],
            "kind": left["kind"],
            "township_code": left["township_code"],
            "population": left["gap_population"],
            "population_share": 1.0 - left["coverage_rate"],
            "area_km2": left.geometry.area / _M2_PER_KM2,
        },
        geometry=left.geometry,
        crs=rows.crs,
    )
    nearest = [_nearest(part, sites, kinds) for _, part in answer.groupby("target_id", sort=False)]
    if nearest:
        answer = answer.join(pd.concat(nearest))
    else:
        answer = answer.assign(nearest_facility_id=[], nearest_distance_m=[])
    answer.index = pd.Index(answer["target_id"] + "-" + answer["township_code"], name="gap_id")
    answer = answer.sort_values(["population", "township_code"], ascending=[False, True])
    return answer.to_crs(STORAGE_CRS)


def _nearest(part: gpd.GeoDataFrame, sites: gpd.GeoSeries, kinds: pd.DataFrame) -> pd.DataFrame:
    first = part.iloc[0]
    if pd.isna(first["kind"]):
        wanted = kinds["kind"].map(GROUP_OF_KIND) == first["group"]
    else:
        wanted = kinds["kind"] == first["kind"]
    serving = sites[sites.index.isin(kinds.loc[wanted, "facility_id"])]
    if serving.empty:
        return pd.DataFrame(
            {
                "nearest_facility_id": pd.Series(np.nan, index=part.index, dtype="str"),
                "nearest_distance_m": np.nan,
            }
        )
    inside = part.geometry.representative_point()
    found = shapely.STRtree(serving.array).nearest(inside.array)
    return pd.DataFrame(
        {
            "nearest_facility_id": serving.index.to_numpy()[found],
            "nearest_distance_m": shapely.distance(inside.array, serving.array[found]),
        },
        index=part.index,
    )
