"""How suitable sites are, counted beside the people whom they cover."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from geo.core.siting_options import Question, SitingChoice
from geo.siting.model import Covering, Floats, Positions
from geo.siting.pool import Pool

_COUNTED: Final = frozenset({Question.MOST_COVERED, Question.BACKUP})


def counts_suitability(choice: SitingChoice) -> bool:
    """Return whether suitability counts beside coverage in what is asked."""
    return choice.suitability_weight > 0 and choice.question in _COUNTED


def suitability_worth(pool: Pool, choice: SitingChoice) -> Floats:
    """Return what each column is worth for its suitability alone, in persons or schools.

    ``suitability_weight`` times the candidate's suitability; one of which nobody told counts
    as ``unknown_suitability``. Additive weighting, as in multi-criteria evaluation (Malczewski
    1999), with the rate of exchange in persons so that a planner can argue about it.
    """
    told = pool.candidates["suitability"].to_numpy(dtype=np.float64)[pool.candidate]
    known = np.where(np.isfinite(told), told, choice.unknown_suitability)
    return np.asarray(choice.suitability_weight * known, dtype=np.float64)


def with_worth(covering: Covering, worth: Floats, *, first_weight: float = 1.0) -> Covering:
    """Return a covering question in which each chosen candidate has a worth of its own.

    A worth is one demand point more that its candidate alone covers: the model, its
    reductions and its proof stay what they are. The points stand behind those there are.

    Parameters
    ----------
    covering : Covering
        The question.
    worth : numpy.ndarray
        Of each candidate, not negative.
    first_weight : float
        Of first coverage, where second coverage counts too: the points are made so that one
        coverage is worth the whole.

    Examples
    --------
    >>> one = Covering(np.array([10.0]), np.array([0, 0]), np.array([0, 1]), 2, np.array([0]))
    >>> with_worth(one, np.array([0.0, 3.0])).weight.tolist()
    [10.0, 0.0, 3.0]
    """
    count = covering.candidate_count
    # Whichever coverage counts more, so that nothing is divided by next to nothing.
    by_first = first_weight >= 0.5  # noqa: PLR2004
    rate, already = (first_weight, 0) if by_first else (1 - first_weight, 1)
    own = np.arange(count, dtype=np.int64)
    return replace(
        covering,
        weight=np.concatenate([covering.weight, worth / rate]),
        demand=np.concatenate([covering.demand, covering.demand_count + own]),
        candidate=np.concatenate([covering.candidate, own]),
        before=np.concatenate([covering.before, np.full(count, already, dtype=np.int64)]),
    )


def worth_of(pool: Pool, choice: SitingChoice, chosen: Positions) -> float:
    """Return what of a plan's worth is for its suitability, in persons or schools."""
    if not counts_suitability(choice):
        return 0.0
    return float(suitability_worth(pool, choice)[chosen].sum())
