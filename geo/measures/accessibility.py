"""What exhibition area people can reach, shared with all who reach it too (2SFCA, E2SFCA)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.core.decay import Decay
from geo.core.errors import BadValueError
from geo.core.sentences import Sentences, Words
from geo.core.vocabulary import PER_10K
from geo.travel.od_matrix import TravelCosts

TEXT: Final = Sentences("geo.measures")

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Accessibility:
    """Who reaches how much, and what each site is shared among.

    Attributes
    ----------
    by_demand : pandas.DataFrame
        On the costs' ``demand_ids``: ``accessible_area_per_10k_m2`` (m² per 10,000
        residents reached; 0 where no site is in reach), ``site_count`` and
        ``unknown_supply_count`` (sites in reach with a known and an unknown area).
    by_site : pandas.DataFrame
        On ``site_ids``: ``supply_m2``, ``weighted_demand`` (residents in the
        catchment, each by the weight of the journey) and ``site_ratio`` (m² per
        10,000 of these; NaN without any, or with an unknown area).
    reached_supply_m2, unreached_supply_m2 : float
        Known area of sites that somebody, or nobody, can reach.
    unknown_supply_count : int
        Sites left out because their area is unknown: figures are lower bounds for it.
    unknown_demand_count : int
        Demand points whose residents are unknown. They compete with nobody, so that
        figures around them are too high; their own is what a resident would reach.
    """

    by_demand: pd.DataFrame
    by_site: pd.DataFrame
    reached_supply_m2: float
    unreached_supply_m2: float
    unknown_supply_count: int
    unknown_demand_count: int


def accessibility(
    costs: TravelCosts,
    supply: pd.Series,
    demand: pd.Series,
    *,
    catchment_minutes: float,
    decay: Decay,
) -> Accessibility:
    """Return accessible exhibition area by the two-step floating catchment area method.

    Step 1 shares a site's area among the people of its catchment; step 2 adds up,
    for each demand point, the shares of the sites in reach. With S the area of a
    site j, P the residents of a demand point i, and w the weight of the minutes
    between them:

        R_j = S_j / sum_i(P_i w_ij)        A_i = sum_j(R_j w_ij) x 10,000

    The sum of A x P / 10,000 is the area that anyone reaches: nothing is counted
    twice. A site that nobody can reach has no ratio.

    Parameters
    ----------
    costs : TravelCosts
        Up to the catchment at least. A demand point without a position has no pair
        and would read as reaching nothing: leave it out.
    supply : pandas.Series
        Exhibition area in m² by site; missing where unknown.
    demand : pandas.Series
        Residents by demand point; missing where unknown. A point without residents
        competes with nobody and has the figure of a resident if there were one.
    catchment_minutes : float
        Exactly at it is within it.
    decay : Decay
        The weight of the minutes; with ``BINARY`` this is 2SFCA.

    Raises
    ------
    BadValueError
        An area or a number of residents is negative or infinite.
    ValueError
        The costs do not reach as far as the catchment, the decay's zones end
        elsewhere, or supply or demand has an id that the costs do not know.

    References
    ----------
    Luo & Wang 2003, Environment and Planning B 30, 865-884, doi:10.1068/b29120.
    Luo & Qi 2009, Health & Place 15, 1100-1107, doi:10.1016/j.healthplace.2009.06.002.

    Examples
    --------
    >>> from geo.core.decay import LUO_QI_2009
    >>> costs = TravelCosts(pd.Index(["d", "e"]), pd.Index(["a"]), np.array([0, 1]),
    ...                     np.array([0, 0]), np.array([10.0, 20.0]), 30.0, "network")
    >>> answer = accessibility(costs, pd.Series({"a": 84.0}),
    ...     pd.Series({"d": 5_000.0, "e": 5_000.0}), catchment_minutes=30, decay=LUO_QI_2009)
    >>> answer.by_demand["accessible_area_per_10k_m2"].tolist()  # 84 / 8,400 x 10,000 x 1, 0.68
    [100.0, 68.0]
    """
    if not catchment_minutes > 0:
        raise ValueError("a catchment is wider than nothing")
    area = _aligned(supply, costs.site_ids, *TEXT.words("exhibition_area"))
    people = _aligned(demand, costs.demand_ids, *TEXT.words("number_of_residents"))
    near = costs.within(catchment_minutes)
    weights = decay.weights(near.minutes, catchment_minutes)
    residents = np.nan_to_num(people)[near.demand]
    weighted = np.bincount(near.site, residents * weights, minlength=len(area))
    ratio = np.divide(area, weighted, out=np.full(len(area), np.nan), where=weighted > 0)
    known = np.isfinite(area)
    return Accessibility(
        by_demand=_by_demand(near, weights, ratio, known),
        by_site=pd.DataFrame(
            {"supply_m2": area, "weighted_demand": weighted, "site_ratio": ratio * PER_10K},
            index=costs.site_ids,
        ),
        reached_supply_m2=float(area[known & (weighted > 0)].sum()),
        unreached_supply_m2=float(area[known & (weighted <= 0)].sum()),
        unknown_supply_count=int((~known).sum()),
        unknown_demand_count=int(np.isnan(people).sum()),
    )


def _aligned(values: pd.Series, ids: pd.Index, zh: str, en: str) -> Floats:
    if not values.index.isin(ids).all():
        raise ValueError(f"the costs do not know every id with a {en}")
    numbers: Floats = values.astype("float64").reindex(ids).to_numpy(dtype=np.float64)
    wrong = np.flatnonzero((numbers < 0) | np.isinf(numbers))
    if len(wrong):
        name = str(ids[wrong[0]])[:100]
        raise BadValueError(
            **TEXT.both("value_is_negative_or_infinite", what=Words(zh, en), name=name)
        )
    return numbers


def _by_demand(near: TravelCosts, weights: Floats, ratio: Floats, known: Flags) -> pd.DataFrame:
    count = len(near.demand_ids)
    reached = np.nan_to_num(ratio)[near.site] * weights
    counted = (weights > 0) & known[near.site]
    unknown = (weights > 0) & ~known[near.site]
    return pd.DataFrame(
        {
            "accessible_area_per_10k_m2": np.bincount(near.demand, reached, count) * PER_10K,
            "site_count": np.bincount(near.demand[counted], minlength=count),
            "unknown_supply_count": np.bincount(near.demand[unknown], minlength=count),
        },
        index=near.demand_ids,
    )


def by_area(by_demand: pd.DataFrame, demand: pd.Series, area_of: pd.Series) -> pd.DataFrame:
    """Return accessibility by area: the mean of its demand points, weighted by residents.

    Parameters
    ----------
    by_demand : pandas.DataFrame
        Of an :class:`Accessibility`.
    demand : pandas.Series
        Residents by demand point, as they were for :func:`accessibility`.
    area_of : pandas.Series
        The township (or any area) of each demand point; missing for those outside,
        which count for no area.

    Returns
    -------
    pandas.DataFrame
        By area, sorted: ``population`` (known residents), ``accessible_area_per_10k_m2``
        (NaN without known residents), ``unknown_demand_count`` (points left out of the
        mean) and ``is_lower_bound`` (a resident reaches a site whose area is unknown).

    Examples
    --------
    >>> points = pd.DataFrame({"accessible_area_per_10k_m2": [100.0, 68.0],
    ...     "unknown_supply_count": [0, 0]}, index=["d", "e"])
    >>> answer = by_area(points, pd.Series({"d": 3_000.0, "e": 1_000.0}),
    ...                  pd.Series({"d": "430503001", "e": "430503001"}))
    >>> answer["accessible_area_per_10k_m2"].tolist()
    [92.0]
    """
    people = demand.astype("float64").reindex(by_demand.index)
    rows = pd.DataFrame(
        {
            "population": people.fillna(0.0),
            "area_m2": people.fillna(0.0) * by_demand["accessible_area_per_10k_m2"],
            "unknown_demand_count": people.isna().astype("int64"),
            "unknown": (people > 0) & (by_demand["unknown_supply_count"] > 0),
        }
    )
    grouped = rows.groupby(area_of.reindex(by_demand.index), sort=True)
    sums = grouped[["population", "area_m2", "unknown_demand_count"]].sum()
    return _means(sums.assign(is_lower_bound=grouped["unknown"].any()))


def _means(sums: pd.DataFrame) -> pd.DataFrame:
    people = sums["population"]
    mean = sums["area_m2"] / people.where(people > 0)
    order = ["population", "accessible_area_per_10k_m2", "unknown_demand_count", "is_lower_bound"]
    return sums.assign(accessible_area_per_10k_m2=mean)[order]


def of_district(areas: pd.DataFrame) -> pd.Series:
    """Return what :func:`by_area` gives of its areas for all of them together, as one row.

    The mean weighted by residents again, never the mean of the areas' means.

    Examples
    --------
    >>> areas = pd.DataFrame({"population": [3_000.0, 1_000.0, 0.0],
    ...     "accessible_area_per_10k_m2": [100.0, 60.0, float("nan")],
    ...     "unknown_demand_count": [0, 0, 1], "is_lower_bound": [False, True, False]})
    >>> float(of_district(areas)["accessible_area_per_10k_m2"])
    90.0
    """
    sums = pd.DataFrame(
        {
            "population": [areas["population"].sum()],
            "area_m2": [(areas["population"] * areas["accessible_area_per_10k_m2"]).sum()],
            "unknown_demand_count": [areas["unknown_demand_count"].sum()],
            "is_lower_bound": [bool(areas["is_lower_bound"].any())],
        }
    )
    return _means(sums).iloc[0].rename("district")
