"""What is told where no plan can be had."""

from __future__ import annotations

from collections.abc import Sequence

from geo.core.errors import SitingError
from geo.siting.model import Rule
from geo.siting.solving.contradiction import contradiction


def no_plan(rules: Sequence[Rule], candidate_count: int) -> SitingError:
    """Return the error that names rules which no plan keeps together, as few as possible.

    Examples
    --------
    >>> from geo.siting.model import at_most, exactly
    >>> rules = [exactly(1, [0], zh="必选甲", en="A for certain"),
    ...          at_most(1, [1], zh="至多选乙", en="at most B"),
    ...          at_most(0, [0, 1], zh="都不选", en="none of them")]
    >>> no_plan(rules, 2).message("en")
    'No plan can meet all of these: A for certain; none of them. Relax one of them.'
    """
    clash = contradiction(candidate_count, rules) or tuple(rules)
    zh = "；".join(dict.fromkeys(rule.zh for rule in clash))
    en = "; ".join(dict.fromkeys(rule.en for rule in clash))
    return SitingError(
        zh=f"没有方案能同时满足这些条件：{zh}。请放宽其中之一。",
        en=f"No plan can meet all of these: {en}. Relax one of them.",
    )


def too_late() -> SitingError:
    """Return the error that tells that time was up before any plan was found.

    Examples
    --------
    >>> too_late().message("en")
    'No plan that keeps the rules was found in time: allow more time or relax a rule.'
    """
    return SitingError(
        zh="限定时间内没有找到任何满足条件的方案：请延长时间或放宽条件。",
        en="No plan that keeps the rules was found in time: allow more time or relax a rule.",
    )
