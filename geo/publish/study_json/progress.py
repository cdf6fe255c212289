"""The plan's commitments as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from geo.core.json_values import Record, number
from geo.core.plan import Measure, Plan
from geo.measures.plan_progress import CommitmentProgress, ProgressFigure
from geo.measures.study import Study
from geo.publish.study_json.judgement import judgement

_DIGITS: Final = {Measure.GINI: 3}
_USUAL_DIGITS: Final = 1


def progress_record(plan: Plan, study: Study, standings: Sequence[CommitmentProgress]) -> Record:
    """Return the plan, and of each commitment its target, its years and where it stands.

    ``by_hand`` tells values that an office typed in from those that were computed;
    a year that has not ended by the date has no entry in ``by_year``. ``state_zh`` and
    ``state_en`` say where it stands in words, with the years that decide it; ``current_year``
    is that of the last value typed in.
    """
    return {
        "on": study.scenario.on.isoformat(),
        "title_zh": plan.title_zh,
        "title_en": plan.title_en,
        "source": plan.source,
        "of_this_district": plan.district_code == study.data.district_code,
        "years": list(plan.years),
        "commitments": [_row(one) for one in standings],
    }


def _row(one: CommitmentProgress) -> Record:
    asked = one.commitment
    digits = _DIGITS.get(asked.measure, _USUAL_DIGITS)
    return {
        **asked.model_dump(
            mode="json",
            include={
                "commitment_id", "zh", "en", "unit_zh", "unit_en", "target", "measure", "kinds",
                "rule", "section",
            },
        ),
        "by_hand": asked.measure is Measure.BY_HAND,
        "by_year": {str(year): _figure(found, digits) for year, found in one.by_year.items()},
        "current": _figure(one.current, digits),
        "current_year": one.current_year,
        "state": one.state.value,
        **judgement(one),
    }  # fmt: skip


def _figure(found: ProgressFigure, digits: int) -> Record:
    value = None if found.value is None else number(found.value, digits)
    return {
        "value": value,
        "is_lower_bound": found.is_lower_bound,
        "is_approximate": found.is_approximate,
        "digits": digits,
    }
