"""How large: the exhibition area that places of the ledger and new ones would have to add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geo.core.siting_options import AllotmentChoice
from geo.measures.study import Study
from geo.siting.allotment import Allotment, allotted
from geo.siting.solving.highs import Progress

NEW: Final = "new"
"""Begins the id of a place that is still to be found."""


@dataclass(frozen=True)
class Allotting:
    """Places with what they add, and where it leaves the residents.

    Attributes
    ----------
    choice : AllotmentChoice
        What was asked.
    places : pandas.DataFrame
        By ``site_id``: ``name`` (missing of a new place), ``township_code``,
        ``present_area_m2`` as counted (missing where unknown), ``added_area_m2``.
    allotment : Allotment
        The answer by township and of the district.
    """

    choice: AllotmentChoice
    places: pd.DataFrame
    allotment: Allotment


def allotment_of(
    study: Study, choice: AllotmentChoice | None = None, *, progress: Progress | None = None
) -> Allotting:
    """Return the least area, or money, that brings the district or each township to the target.

    Parameters
    ----------
    study : Study
        Whose counted areas, caliber, scope, residents and target are used.
    choice : AllotmentChoice, optional
        The scenario's unless given.
    progress : callable, optional
        As :func:`geo.siting.allotment.allotted` takes it.

    Raises
    ------
    SitingError
        There is not room enough, or the budget does not pay for the smallest place.
    """
    asked = choice or study.scenario.allotment
    places = pd.concat([_existing(study, asked), _new(study, asked)])
    found = allotted(
        places.drop(columns="name"),
        study.townships[["population"]],
        target=study.scenario.target_area_per_10k_m2,
        scope=asked.scope,
        least=asked.least,
        area_budget_m2=_or_infinite(asked.area_budget_m2),
        money_budget=_or_infinite(asked.money_budget),
        progress=progress,
    )
    kept = places[["name", "township_code", "present_area_m2"]]
    return Allotting(asked, kept.assign(added_area_m2=found.added_area_m2), found)


def _existing(study: Study, asked: AllotmentChoice) -> pd.DataFrame:
    """Return places within the district that count; one of unknown area is not enlarged."""
    ledger = study.facilities
    counts = (ledger["counted_area_m2"] > 0) | ledger["counted_area_m2"].isna()
    own = ledger[counts & ledger["assigned_township_code"].notna()]
    return pd.DataFrame(
        {
            "name": own["name"],
            "township_code": own["assigned_township_code"].astype("str"),
            "present_area_m2": own["counted_area_m2"].astype("float64"),
            "min_added_m2": 0.0,
            "max_added_m2": own["counted_area_m2"].notna() * asked.existing_max_added_m2,
            "cost_per_m2": _or_unknown(asked.cost_per_m2),
            "fixed_cost": 0.0,
        }
    ).rename_axis("site_id")


def _new(study: Study, asked: AllotmentChoice) -> pd.DataFrame:
    """Return the places that may be opened, so many in each township."""
    codes = np.repeat(study.townships.index.to_numpy(dtype=object), asked.new_count_per_township)
    number = np.tile(np.arange(asked.new_count_per_township) + 1, len(study.townships))
    ids = [f"{NEW}-{code}-{at}" for code, at in zip(codes, number, strict=True)]
    return pd.DataFrame(
        {
            "name": pd.Series([None] * len(ids), dtype="str", index=ids),
            "township_code": codes.astype("str"),
            "present_area_m2": 0.0,
            "min_added_m2": asked.new_min_m2,
            "max_added_m2": asked.new_max_m2,
            "cost_per_m2": _or_unknown(asked.cost_per_m2),
            "fixed_cost": 0.0 if asked.new_fixed_cost is None else asked.new_fixed_cost,
        },
        index=pd.Index(ids, name="site_id"),
    )


def _or_infinite(value: float | None) -> float:
    return np.inf if value is None else value


def _or_unknown(value: float | None) -> float:
    return np.nan if value is None else value
