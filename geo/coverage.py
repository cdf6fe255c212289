"""Whom facilities reach, and the gaps that they leave: counted where people live.

Coverage is counted at the demand points of :mod:`geo.surface`; the land that each
stands for is only what a gap is drawn with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS
from geo.reach import Reached
from geo.surface import Surface
from geo.terms import Audience

_M2_PER_KM2: Final = 1e6

PEOPLE_OF: Final[Mapping[Audience, str]] = MappingProxyType(
    {
        Audience.YOUTH: "population_0_14",
        Audience.SENIORS: "population_60_plus",
        Audience.FARMERS: "rural_population",
    }
)
"""Audiences that live somewhere, to the column of their people; farmers are rural residents."""


def coverage(surface: Surface, reached: Sequence[Reached]) -> gpd.GeoDataFrame:
    """Return, for each target and township, how many residents are reached and who is not.

    Parameters
    ----------
    surface : Surface
        The demand points.
    reached : sequence of Reached
        As :func:`geo.reach.reach` returns them, of these points.

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
    >>> from geo.reach import reach
    >>> from geo.scenario import load_scenario
    >>> from geo.surface import People, make_surface
    >>> square = gpd.GeoDataFrame({"kind": ["subdistrict"]}, index=["430503001"],
    ...     geometry=[shapely.box(-1500, -1500, 1500, 1500)], crs="EPSG:4546")
    >>> people = People(pd.DataFrame({"population": [900.0]}, index=["430503001"]))
    >>> surface = make_surface(square, people, cell_m=1000)
    >>> found = reach(surface.points, gpd.GeoSeries([shapely.Point(0, 0)], index=["f"],
    ...     crs="EPSG:4546"), pd.DataFrame({"facility_id": ["f"], "kind": ["library"]}),
    ...     load_scenario(on=date(2025, 12, 31)))
    >>> answer = coverage(surface, found)
    >>> library = answer[answer["target_id"] == "library"].iloc[0]
    >>> round(float(library["covered_population"]))  # of 16 squares the 4 in the middle
    400
    """
    parts = [_coverage_of(surface, one) for one in reached]
    rows = pd.concat(parts, ignore_index=True) if parts else _no_rows()
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=surface.points.crs)
    return frame.sort_values(["target_id", "township_code"], ignore_index=True)


def coverage_by_audience(surface: Surface, reached: Sequence[Reached]) -> pd.DataFrame:
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
    parts = []
    for one in reached:
        for audience, column in PEOPLE_OF.items():
            sums = _sums(surface, one, column)
            people = sums["population"]
            rate = sums["covered_population"] / people.where(people > 0)
            parts.append(
                sums.assign(
                    target_id=one.target.id, audience=audience.value, coverage_rate=rate
                ).reset_index()
            )
    order = ["target_id", "audience", "township_code", "population", "covered_population"]
    order.append("coverage_rate")
    return pd.concat(parts, ignore_index=True)[order] if parts else pd.DataFrame(columns=order)


def _sums(surface: Surface, one: Reached, column: str) -> pd.DataFrame:
    """Return people asked about and people covered, by township; unknown where any is."""
    points = surface.points
    people = points[column].to_numpy(dtype="float64")[one.asked]
    frame = pd.DataFrame(
        {
            "township_code": points["township_code"].to_numpy()[one.asked],
            "population": people,
            "covered_population": np.where(one.covered[one.asked], people, people * 0),
        }
    )
    return frame.groupby("township_code").agg(lambda values: values.sum(skipna=False))


def _coverage_of(surface: Surface, one: Reached) -> pd.DataFrame:
    sums = _sums(surface, one, "population")
    left = one.asked & ~one.covered
    land = surface.cells.area.to_numpy()
    codes = surface.points["township_code"].to_numpy()
    by_area = 1 - _by_township(codes, land * left) / _by_township(codes, land * one.asked)
    people = sums["population"]
    rate = (sums["covered_population"] / people.where(people > 0)).fillna(by_area)
    gaps_ = _unions(surface.cells, codes, left)
    kind = one.target.kind.value if one.target.kind else np.nan
    return pd.DataFrame(
        {
            "target_id": one.target.id,
            "group": one.target.group.value,
            "kind": pd.Series(kind, index=sums.index, dtype="str"),
            "township_code": sums.index,
            "population": people,
            "covered_population": sums["covered_population"],
            "gap_population": people - sums["covered_population"],
            "coverage_rate": rate,
            "geometry": pd.Series([gaps_.get(code) for code in sums.index], sums.index, object),
        }
    )


def _by_township(codes: npt.NDArray[Any], values: npt.NDArray[np.float64]) -> pd.Series:
    return pd.Series(values).groupby(codes).sum()


def _unions(
    cells: gpd.GeoSeries, codes: npt.NDArray[Any], chosen: npt.NDArray[np.bool_]
) -> dict[str, shapely.Geometry]:
    """Return the land of the chosen points of each township, in one piece."""
    land = np.asarray(cells.array)
    return {
        str(code): shapely.union_all(land[chosen & (codes == code)])
        for code in np.unique(codes[chosen].astype("str"))
    }


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


def gaps(rows: gpd.GeoDataFrame, surface: Surface, reached: Sequence[Reached]) -> gpd.GeoDataFrame:
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
        nearest for most of those left out, and ``nearest_distance_m``, the mean
        straight line from them to the nearest of each; both missing when there is no
        such facility at all. Where nobody lives, land stands for people.
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
            "nearest_facility_id": pd.Series([name for name, _ in nearest], left.index, "str"),
            "nearest_distance_m": pd.Series([far for _, far in nearest], left.index, "float64"),
        },
        geometry=left.geometry,
        crs=rows.crs,
    )
    answer.index = pd.Index(answer["target_id"] + "-" + answer["township_code"], name="gap_id")
    answer = answer.sort_values(["population", "township_code"], ascending=[False, True])
    return answer.to_crs(STORAGE_CRS)


def _nearest(surface: Surface, one: Reached, code: str) -> tuple[str | float, float]:
    """Return the facility nearest to most people of a gap, and their mean distance."""
    here = (surface.points["township_code"] == code).to_numpy() & one.asked & ~one.covered
    if not np.isfinite(one.distance_m[here]).all():
        return np.nan, np.nan
    people = surface.points["population"].to_numpy(dtype="float64")[here]
    if not people.sum() > 0:
        people = surface.cells.area.to_numpy()[here]
    by_facility = np.bincount(one.nearest[here], weights=people)
    distance_m = float(np.average(one.distance_m[here], weights=people))
    return str(one.facility_ids[int(by_facility.argmax())]), distance_m
