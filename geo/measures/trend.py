"""How the figures stood on each date of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

import pandas as pd

from geo.core.district import DistrictData
from geo.core.scenario import Scenario
from geo.measures.accessibility_and_equity import ACCESSIBLE, PROVIDED
from geo.measures.coverage import summary
from geo.measures.study import Study, study

PLAN_DATES: Final = tuple(date(year, 12, 31) for year in range(2021, 2026))
"""The ends of the years of the plan (大政办发〔2022〕12号, 2021 to 2025)."""

COVERAGE: Final = "coverage_rate"
INDICES: Final = ("gini", "theil", "theil_between", "theil_within")
ACCESSIBLE_BOUND: Final = "accessible_is_lower_bound"


def studies_on(
    data: DistrictData,
    scenario: Scenario,
    dates: Sequence[date] = PLAN_DATES,
    *,
    like: Mapping[date, Study] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[date, Study]:
    """Study a district on each of several dates, all else as the scenario says.

    What operated on each date is told by the ledger as it is known now (opening and
    closing dates, plaques and their terms); the denominator is one for all dates, so
    that a trend is the facilities' and not the census's.

    Parameters
    ----------
    like : mapping, optional
        Earlier answers by date, as for :func:`geo.measures.study.study`.
    progress : callable, optional
        Told how many of how many dates are done.
    """
    found = {}
    for done, day in enumerate(dates, start=1):
        known = (like or {}).get(day)
        found[day] = study(data, scenario.changed(on=day), like=known)
        if progress is not None:
            progress(done, len(dates))
    return found


def trend(studies: Mapping[date, Study]) -> pd.DataFrame:
    """Return the measures of the district on each date.

    Returns
    -------
    pandas.DataFrame
        Indexed by date: ``counted_area_m2``, ``area_per_10k_m2``, ``is_lower_bound``,
        ``accessible_area_per_10k_m2``, ``accessible_is_lower_bound``, ``gini`` and
        ``theil`` of area among townships,
        ``theil_between`` and ``theil_within`` (urban and rural), the same four of accessible
        area among demand points (``accessible_gini`` and so on),
        and ``coverage_rate:<group>`` for each group with a standard.
    """
    return pd.DataFrame({day: _of(one) for day, one in studies.items()}).T.rename_axis("on")


def _of(one: Study) -> dict[str, object]:
    provided, accessible = (
        one.accessibility_and_equity.inequality[name] for name in (PROVIDED, ACCESSIBLE)
    )
    whole = summary(one.district_coverage.coverage)
    groups = whole[whole["kind"].isna()]
    return {
        "counted_area_m2": one.district.counted_area_m2,
        PROVIDED: one.district.area_per_10k_m2,
        "is_lower_bound": one.district.is_lower_bound,
        ACCESSIBLE: float(one.accessibility_and_equity.district[ACCESSIBLE]),
        ACCESSIBLE_BOUND: bool(one.accessibility_and_equity.district["is_lower_bound"]),
        **{name: getattr(provided, name) for name in INDICES},
        **{f"accessible_{name}": getattr(accessible, name) for name in INDICES},
        **{
            f"{COVERAGE}:{group}": rate
            for group, rate in zip(groups["group"], groups["coverage_rate"], strict=True)
        },
    }


def trend_of_townships(studies: Mapping[date, Study]) -> pd.DataFrame:
    """Return two measures of each township on each date.

    Returns
    -------
    pandas.DataFrame
        ``on``, ``township_code``, ``counted_area_m2``, ``area_per_10k_m2``,
        ``is_lower_bound``, ``accessible_area_per_10k_m2``, ``accessible_is_lower_bound``
        and ``coverage_rate:<group>``; date by date.
    """
    parts = []
    for day, one in studies.items():
        rows = one.district_coverage.coverage
        rates = rows[rows["kind"].isna()].pivot_table(
            index="township_code", columns="group", values="coverage_rate", aggfunc="first"
        )
        shared = one.accessibility_and_equity.by_township
        part = pd.DataFrame(one.townships[["counted_area_m2", PROVIDED, "is_lower_bound"]]).assign(
            **{
                ACCESSIBLE: shared[ACCESSIBLE],
                ACCESSIBLE_BOUND: shared["is_lower_bound"].eq(True),
            }
        )
        part = part.join(rates.add_prefix(f"{COVERAGE}:"))
        parts.append(part.rename_axis("township_code").reset_index().assign(on=day))
    rows = pd.concat(parts, ignore_index=True)
    return rows[["on", *(name for name in rows.columns if name != "on")]]
