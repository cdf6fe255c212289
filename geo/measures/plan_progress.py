"""The plan's commitments against where they stand, year by year: computed, or kept by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import pandas as pd

from geo.core.approximate import ApproximateValue
from geo.core.plan import Commitment, Measure, Plan, YearlyRule
from geo.measures.accessibility_and_equity import PROVIDED
from geo.measures.eligible_area import kinds_on, serving_on, valid_designations
from geo.measures.study import Study

ByHand = Mapping[str, Mapping[int, float]]
"""By commitment and year, what an office has filled in; what is missing is unknown.

A value of about so much is an :class:`~geo.core.approximate.ApproximateValue`.
"""

_PER_CENT: Final = 100.0


class State(StrEnum):
    """Where a commitment stands against its target."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"
    UNKNOWN = "unknown"
    NO_TARGET = "no_target"


@dataclass(frozen=True)
class ProgressFigure:
    """A value in the commitment's unit, None where unknown; a lower bound if more may be so.

    ``is_approximate`` where an office wrote it, or a part of it, as about so much.
    """

    value: float | None
    is_lower_bound: bool = False
    is_approximate: bool = False


UNKNOWN: Final = ProgressFigure(None)


@dataclass(frozen=True)
class CommitmentProgress:
    """One commitment: its figures at the ends of years, and where it stands on the date.

    Attributes
    ----------
    by_year : dict of int to ProgressFigure
        The years of the plan that have ended by the date of the study.
    current : ProgressFigure
        On the date; of values kept by hand, what the commitment's rule makes of them.
    state : State
        ``UNDECIDED`` is a lower bound below the target: it may be met or not.
    current_year : int or None
        Of values kept by hand, the last year that is filled in.
    years_below, years_missing : tuple of int
        Of values kept by hand, the years below a target of each year, and those begun
        that nobody filled in.
    """

    commitment: Commitment
    by_year: dict[int, ProgressFigure]
    current: ProgressFigure
    state: State
    current_year: int | None = None
    years_below: tuple[int, ...] = ()
    years_missing: tuple[int, ...] = ()


def progress(
    plan: Plan, current: Study, by_year: Mapping[int, Study], by_hand: ByHand
) -> list[CommitmentProgress]:
    """Return where each commitment of a plan stands, in the order of the plan.

    Parameters
    ----------
    plan : Plan
        Its commitments; any district's.
    current : Study
        On the date asked for.
    by_year : Mapping[int, Study]
        Studies on the last day of years, all else as in ``current``; years that the
        plan does not have, or that end after the date, are passed over.
    by_hand : Mapping[str, Mapping[int, float]]
        Values kept by hand, by commitment and year, in the commitment's unit; those of
        years after the date are passed over.

    Examples
    --------
    ``kepu report`` puts it into the progress table; :func:`target_state` tells the rules.
    """
    ended = [year for year in plan.years if date(year, 12, 31) <= current.scenario.on]
    studies = {year: by_year[year] for year in ended if year in by_year}
    return [
        _by_hand(one, by_hand.get(one.commitment_id, {}), _years_begun(plan, current))
        if one.measure is Measure.BY_HAND
        else _computed(one, plan, current, studies)
        for one in plan.commitments
    ]


def _years_begun(plan: Plan, current: Study) -> list[int]:
    return [year for year in plan.years if year <= current.scenario.on.year]


def _computed(
    one: Commitment, plan: Plan, current: Study, studies: Mapping[int, Study]
) -> CommitmentProgress:
    measure = _MEASURES[one.measure]
    now = measure(current, one, plan)
    found = {year: measure(study, one, plan) for year, study in studies.items()}
    return CommitmentProgress(one, found, now, target_state(now, one.target))


def _by_hand(one: Commitment, given: Mapping[int, float], years: list[int]) -> CommitmentProgress:
    known = {year: given[year] for year in years if year in given}
    now = _under_rule(one.rule, known, len(years))
    return CommitmentProgress(
        one,
        {year: _given(known.get(year)) for year in years},
        now,
        _state_by_hand(one, known, now, len(years)),
        current_year=max(known, default=None),
        years_below=_below(one, known),
        years_missing=tuple(year for year in years if year not in known),
    )


def _given(value: float | None) -> ProgressFigure:
    return ProgressFigure(value, is_approximate=isinstance(value, ApproximateValue))


def _below(one: Commitment, known: Mapping[int, float]) -> tuple[int, ...]:
    if one.rule is not YearlyRule.EACH_YEAR or one.target is None:
        return ()
    return tuple(year for year, value in known.items() if value < one.target)


def _under_rule(rule: YearlyRule, known: Mapping[int, float], year_count: int) -> ProgressFigure:
    """Return what yearly values come to: their sum, or the last of them."""
    if not known:
        return UNKNOWN
    if rule is YearlyRule.SUM:
        return ProgressFigure(
            math.fsum(known.values()),
            is_lower_bound=len(known) < year_count,
            is_approximate=any(isinstance(value, ApproximateValue) for value in known.values()),
        )
    return _given(known[max(known)])


def _state_by_hand(
    one: Commitment, known: Mapping[int, float], now: ProgressFigure, year_count: int
) -> State:
    if one.rule is not YearlyRule.EACH_YEAR or one.target is None:
        return target_state(now, one.target)
    if _below(one, known):
        return State.NOT_MET
    return State.MET if known and len(known) == year_count else State.UNKNOWN


def target_state(figure: ProgressFigure, target: float | None) -> State:
    """Return where a figure stands against a target that is to be reached at least.

    Examples
    --------
    >>> target_state(ProgressFigure(89.7, is_lower_bound=True), 160).value
    'undecided'
    >>> [target_state(ProgressFigure(value), 160).value for value in (None, 160.0)]
    ['unknown', 'met']
    """
    if figure.value is None:
        return State.UNKNOWN
    if target is None:
        return State.NO_TARGET
    if figure.value >= target:
        return State.MET
    return State.UNDECIDED if figure.is_lower_bound else State.NOT_MET


def _area_per_10k(study: Study, _one: Commitment, _plan: Plan) -> ProgressFigure:
    return ProgressFigure(_finite(study.district.area_per_10k_m2), study.district.is_lower_bound)


def _facilities(study: Study, one: Commitment, _plan: Plan) -> ProgressFigure:
    return ProgressFigure(float(len(_standing(study, one, study.scenario.on))))


def _new_facilities(study: Study, one: Commitment, plan: Plan) -> ProgressFigure:
    """Count what stands now and did not before the plan; without dates it may be new too."""
    now = _standing(study, one, study.scenario.on)
    before = _standing(study, one, date(plan.first_year, 1, 1) - timedelta(days=1))
    old = now.intersection(before)
    undated = old.intersection(_undated(study, one, study.scenario.on))
    return ProgressFigure(float(len(now.difference(before))), is_lower_bound=len(undated) > 0)


def _standing(study: Study, one: Commitment, on: date) -> pd.Index:
    """Return the facilities of the commitment's kinds that serve in the district on a date."""
    inside = study.facilities["assigned_township_code"].notna()
    serving = study.facilities[serving_on(study.facilities, on) & inside]
    kinds = kinds_on(serving, study.data.designations, on)
    return pd.Index(kinds.loc[kinds["kind"].isin(_names(one)), "facility_id"].unique())


def _undated(study: Study, one: Commitment, on: date) -> pd.Index:
    """Return those of which nobody wrote since when they are of the commitment's kinds."""
    ledger = study.facilities
    own = ledger["kind"].isin(_names(one))
    plaques = valid_designations(study.data.designations, on)
    without = plaques[plaques["kind"].isin(_names(one)) & plaques["valid_from"].isna()]
    undated_place = own & ledger["opened_on"].isna()
    undated_plaque = ~own & ledger.index.isin(without["facility_id"])
    return ledger.index[undated_place | undated_plaque]


def _names(one: Commitment) -> list[str]:
    return [kind.value for kind in one.kinds]


def _coverage(study: Study, one: Commitment, _plan: Plan) -> ProgressFigure:
    """Return the share covered by a kind, per cent; unknown where it has no standard."""
    target = one.kinds[0].value
    if one.audience is None:
        rows = study.district_coverage.coverage_of_district
        rates = rows.loc[rows.index == target, "coverage_rate"]
        return UNKNOWN if rates.empty else ProgressFigure(_per_cent(float(rates.iloc[0]), 1.0))
    rows = study.district_coverage.coverage_by_audience
    own = rows[(rows["target_id"] == target) & (rows["audience"] == one.audience.value)]
    sums = own[["covered_population", "population"]].sum(skipna=False)
    return ProgressFigure(_per_cent(float(sums["covered_population"]), float(sums["population"])))


def _schools(study: Study, _one: Commitment, _plan: Plan) -> ProgressFigure:
    reached = study.district_coverage.schools["reached"]
    share = _per_cent(float(reached.fillna(False).sum()), float(len(reached)))
    return ProgressFigure(share, is_lower_bound=share is not None and bool(reached.isna().any()))


def _villages(study: Study, _one: Commitment, _plan: Plan) -> ProgressFigure:
    found = study.district_coverage.villages
    count = len(found.by_village)
    share = _per_cent(float(count - len(found.without)), float(count))
    return ProgressFigure(share, is_lower_bound=share is not None and found.unassigned_count > 0)


def _gini(study: Study, _one: Commitment, _plan: Plan) -> ProgressFigure:
    return ProgressFigure(_finite(study.accessibility_and_equity.inequality[PROVIDED].gini))


def _per_cent(part: float, whole: float) -> float | None:
    return _finite(_PER_CENT * part / whole) if whole > 0 else None


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


_MEASURES: Final[Mapping[Measure, Callable[[Study, Commitment, Plan], ProgressFigure]]] = {
    Measure.AREA_PER_10K: _area_per_10k,
    Measure.FACILITIES: _facilities,
    Measure.NEW_FACILITIES: _new_facilities,
    Measure.COVERAGE: _coverage,
    Measure.SCHOOLS_REACHED: _schools,
    Measure.VILLAGES_WITH_CENTRE: _villages,
    Measure.GINI: _gini,
}
