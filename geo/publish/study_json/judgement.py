"""Where a commitment stands, in words: met or not, and by which years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from geo.core.json_values import Record
from geo.core.plan import YearlyRule
from geo.core.sentences import Sentences, Words
from geo.measures.plan_progress import CommitmentProgress, State

TEXT: Final = Sentences("geo.publish")

_WORDS: Final = {
    State.MET: TEXT.words("met"),
    State.NOT_MET: TEXT.words("not_met"),
    State.UNDECIDED: TEXT.words("cannot_be_decided_lower_bound"),
    State.UNKNOWN: TEXT.words("no_data"),
    State.NO_TARGET: TEXT.words("no_figure_in_plan"),
}


def judgement(one: CommitmentProgress) -> Record:
    """Return ``state_zh`` and ``state_en``: where a commitment stands and what decides it.

    Of values kept by hand they name the years: the last one filled in, those below a target
    of each year, those that nobody filled in.

    Examples
    --------
    >>> from geo.core.plan import load_plan
    >>> from geo.measures.plan_progress import ProgressFigure
    >>> counsellors = next(row for row in load_plan().by_hand if row.target == 20)
    >>> figure = ProgressFigure(25.0)
    >>> short = CommitmentProgress(counsellors, {}, figure, State.NOT_MET, 2023, (2022,), (2024,))
    >>> judgement(short)["state_zh"]
    '未达到：2022 年不足 20 名'
    """
    zh, en = _by_years(one) or _WORDS[one.state]
    return {"state_zh": zh, "state_en": en}


def _by_years(one: CommitmentProgress) -> tuple[str, str] | None:
    """Return the words for a value kept by hand; None where no year decides it."""
    if one.current_year is None or one.commitment.target is None:
        return None
    if one.commitment.rule is YearlyRule.EACH_YEAR:
        return _each_year(one)
    if one.commitment.rule is YearlyRule.SUM:
        return _sum(one)
    zh, en = _WORDS[one.state]
    return TEXT.words("by_latest", what=Words(zh, en), current_year=one.current_year)


def _each_year(one: CommitmentProgress) -> tuple[str, str]:
    asked = one.commitment
    if one.years_below:
        short = _listed(one.years_below)
        return (
            f"未达到：{short[0]} 年不足 {asked.target:,g} {asked.unit_zh}".rstrip(),
            f"not met: below {asked.target:,g} {asked.unit_en} in {short[1]}",
        )
    if one.years_missing:
        return _undecided(one.years_missing)
    return TEXT.words("met_every_year_to", current_year=one.current_year)


def _sum(one: CommitmentProgress) -> tuple[str, str]:
    if one.state is State.UNDECIDED:
        return _undecided(one.years_missing)
    zh, en = _WORDS[one.state]
    return TEXT.words("sum_to", what=Words(zh, en), current_year=one.current_year)


def _undecided(years: Iterable[int]) -> tuple[str, str]:
    zh, en = _listed(years)
    return TEXT.words("cannot_be_decided", what=Words(zh, en))


def _listed(years: Iterable[int]) -> tuple[str, str]:
    told = list(map(str, years))
    return "、".join(told), ", ".join(told)
