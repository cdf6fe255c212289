"""Exhibition area per 10,000 residents, and the area still missing."""

from __future__ import annotations

import pandas as pd

from geo.core.vocabulary import PER_10K, TARGET_AREA_PER_10K_M2
from geo.measures.eligible_area import UNKNOWN_REASONS


def area_per_10k_m2(area_m2: float, population: float) -> float:
    """Return exhibition area per 10,000 residents: A / P x 10,000, in m².

    Raises nothing: without residents, or with an unknown number, there is no
    ratio, which is NaN and neither zero nor infinity.

    Examples
    --------
    >>> round(area_per_10k_m2(5_797, 362_289), 2)
    160.01
    >>> area_per_10k_m2(100, 0)
    nan
    """
    return area_m2 / population * PER_10K if population > 0 else float("nan")


def area_gap_m2(area_m2: float, population: float, target: float = TARGET_AREA_PER_10K_M2) -> float:
    """Return the area still missing: max(0, target x P / 10,000 - A), in m².

    Examples
    --------
    >>> round(area_gap_m2(0, 362_289), 1)
    5796.6
    >>> area_gap_m2(9_000, 362_289)
    0.0
    """
    return max(0.0, target * population / PER_10K - area_m2)


def provision(
    counted: pd.DataFrame,
    assigned_township_code: pd.Series,
    population: pd.Series,
    *,
    target: float = TARGET_AREA_PER_10K_M2,
) -> pd.DataFrame:
    """Sum counted area by township and set it against the residents.

    Parameters
    ----------
    counted : pandas.DataFrame
        What :func:`geo.measures.eligible_area.count_area` returned.
    assigned_township_code : pandas.Series
        Of each facility, on the same index; missing for what stands outside.
    population : pandas.Series
        Residents by ``township_code``; missing where unknown.
    target : float
        m² per 10,000 residents.

    Returns
    -------
    pandas.DataFrame
        On the index of ``population``: ``population``, ``counted_area_m2``,
        ``area_per_10k_m2`` (NaN without residents), ``area_gap_m2``,
        ``facility_count`` (operating on the date), ``unknown_area_count``,
        ``is_lower_bound``.

    Examples
    --------
    >>> counted = pd.DataFrame({"count_reason": ["counted", "area_unknown"],
    ...     "counted_area_m2": [80.0, float("nan")], "operating": [True, True]})
    >>> codes = pd.Series(["430503001", "430503001"])
    >>> answer = provision(counted, codes, pd.Series({"430503001": 10_000.0}))
    >>> answer[["area_per_10k_m2", "area_gap_m2", "is_lower_bound"]].values.tolist()
    [[80.0, 80.0, True]]
    """
    rows = pd.DataFrame(
        {
            "counted_area_m2": counted["counted_area_m2"].fillna(0.0),
            "facility_count": counted["operating"].astype("int64"),
            "unknown_area_count": counted["count_reason"].isin(UNKNOWN_REASONS).astype("int64"),
        }
    )
    sums = rows.groupby(assigned_township_code).sum().reindex(population.index, fill_value=0)
    people = population.astype("float64")
    answer = pd.DataFrame({"population": people}).join(sums)
    per_10k = answer["counted_area_m2"] / people.where(people > 0) * PER_10K
    gap = (target * people / PER_10K - answer["counted_area_m2"]).clip(lower=0.0)
    return answer.assign(
        area_per_10k_m2=per_10k,
        area_gap_m2=gap,
        is_lower_bound=answer["unknown_area_count"] > 0,
    )
