"""Which schools reach a science base within the standard: demand is schools, not residents."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.core.scenario import Scenario
from geo.core.vocabulary import Group, Kind
from geo.measures.demand_points.people import settlement_of
from geo.measures.nearest import Target, nearest_by_target
from geo.travel.protocol import Travel

TARGET = Target(Group.BASE)
"""What a school should reach: any science base (科普基地), each kind within its own limit."""

_COLUMNS: Final = {
    "nearest_facility_id": "str",
    "travel_minutes": "float64",
    "distance_m": "float64",
    "reached": "boolean",
}


def schools_reaching(
    schools: gpd.GeoDataFrame,
    township_kind: pd.Series,
    bases: gpd.GeoSeries,
    kinds: pd.DataFrame,
    *,
    scenario: Scenario,
    travel: Travel,
) -> pd.DataFrame:
    """Return for each school its nearest base and whether it is within the standard.

    The plan (大政办发〔2022〕12号) has every primary and secondary school hold lessons at
    a science base each term. The standard is the one for residents of the school's
    township; a base that the school is itself is reached.

    Parameters
    ----------
    schools : geopandas.GeoDataFrame
        Schools that operate, by ``facility_id``, in the measuring system, with
        ``assigned_township_code``; positions may be missing.
    township_kind : pandas.Series
        By ``township_code``; a school in none is taken as rural.
    bases : geopandas.GeoSeries
        Positions of the facilities that serve, by ``facility_id``, in the same system.
    kinds : pandas.DataFrame
        ``facility_id`` and ``kind`` of those.
    scenario, travel
        As for :func:`geo.measures.nearest.nearest_by_target`.

    Returns
    -------
    pandas.DataFrame
        On the index of the schools: ``township_code``, ``nearest_facility_id``,
        ``travel_minutes``, ``distance_m`` (straight line; all three missing for none),
        and ``reached`` (missing where the school has no position, or the scenario no
        standard).

    Examples
    --------
    >>> from datetime import date
    >>> from shapely import Point
    >>> from geo.core.scenario import load_scenario
    >>> from geo.travel.protocol import StraightLines
    >>> scenario = load_scenario(on=date(2025, 12, 31))
    >>> school = gpd.GeoDataFrame({"assigned_township_code": ["t"]}, index=["s"],
    ...                           geometry=[Point(0, 0)], crs="EPSG:4546")
    >>> base = gpd.GeoSeries([Point(0, 5_000)], index=["b"], crs="EPSG:4546")
    >>> answer = schools_reaching(school, pd.Series({"t": "town"}), base,
    ...     pd.DataFrame({"facility_id": ["b"], "kind": ["science_base"]}), scenario=scenario,
    ...     travel=StraightLines(scenario.speeds_km_per_h, scenario.detour_factor))
    >>> answer[["nearest_facility_id", "travel_minutes", "reached"]].values.tolist()
    [['b', 13.0, True]]
    """
    placed = schools.geometry.notna() & ~schools.geometry.is_empty
    kind = schools["assigned_township_code"].map(township_kind)
    points = gpd.GeoDataFrame(
        {"settlement": kind.fillna("").map(lambda name: settlement_of(name).value)},
        geometry=schools.geometry,
        crs=schools.crs,
    )[placed]
    found = {
        one.target.id: one for one in nearest_by_target(points, bases, kinds, scenario, travel)
    }
    rows = pd.DataFrame({"township_code": schools["assigned_township_code"]}, schools.index)
    if TARGET.id not in found:
        return rows.assign(**{name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})
    base = found[TARGET.id]
    some = base.nearest >= 0
    answers = {
        "nearest_facility_id": [
            str(base.facility_ids[i]) if i >= 0 else None for i in base.nearest
        ],
        "travel_minutes": np.where(some, base.minutes, np.nan),
        "distance_m": np.where(some, base.distance_m, np.nan),
        "reached": base.covered,
    }
    columns = {
        name: pd.Series(values, points.index, dtype=_COLUMNS[name]).reindex(rows.index)
        for name, values in answers.items()
    }
    return rows.assign(**columns)


def is_school(kinds: pd.DataFrame) -> pd.Index:
    """Return the facilities that are primary or secondary schools (中小学), by id.

    Examples
    --------
    >>> is_school(pd.DataFrame({"facility_id": ["a", "b"], "kind": ["school", "park"]})).tolist()
    ['a']
    """
    return pd.Index(kinds.loc[kinds["kind"] == Kind.SCHOOL.value, "facility_id"].unique())
