"""Constraints: what a request requires, as linear constraints over the stacked columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from geo.core.errors import SitingError
from geo.core.sentences import Sentences, Words
from geo.core.siting_options import Question, SitingChoice
from geo.core.vocabulary import LABELS, Kind
from geo.siting.demand import Demand
from geo.siting.model import Constraint, CoverageFloor, Positions, at_most, between, exactly
from geo.siting.stacked_model import StackedModel

TEXT: Final = Sentences("geo.siting")

MOST_CLOSE_PAIRS: Final = 20_000
"""Pairs of candidates nearer than the least distance; each becomes a constraint."""


def constraints_of(stacked: StackedModel, choice: SitingChoice) -> list[Constraint]:
    """Return the linear constraints of a request over the columns of a model.

    Parameters
    ----------
    stacked : StackedModel
        Columns, candidates and programmes.
    choice : SitingChoice
        The request.

    Returns
    -------
    list of Constraint
        Number of sites, required and forbidden candidates, one programme a place, least
        distance, sites per township, budget and mean suitability, in this order.

    Raises
    ------
    SitingError
        A candidate that is named does not exist, or too many lie too near each other.
    """
    return [
        *_counts(stacked, choice),
        *_named(stacked, choice),
        *_shared(stacked, choice),
        *_apart(stacked, choice),
        *_by_township(stacked, choice),
        *_budget(stacked, choice),
        *_suitable(stacked, choice),
    ]


def floors_of(stacked: StackedModel, choice: SitingChoice) -> list[CoverageFloor]:
    """Return the coverage floors of a request: a least share of each township's audience.

    Parameters
    ----------
    stacked : StackedModel
        Columns and demand.
    choice : SitingChoice
        The request, with ``floor_share``.

    Returns
    -------
    list of CoverageFloor
        For each programme and township, in persons or schools.
    """
    if choice.floor_share <= 0:
        return []
    return [
        floor
        for at, demand in enumerate(stacked.demands)
        for floor in _floors(demand, int(stacked.starts[at]), choice.floor_share)
    ]


def _floors(demand: Demand, start: int, share: float) -> Iterator[CoverageFloor]:
    label = LABELS[Kind][demand.programme.kind]
    towns = demand.points["township_code"].to_numpy()
    for code in np.unique(towns):
        here = np.flatnonzero(towns == code)
        whole = float(demand.weight[here].sum())
        if whole > 0:
            yield CoverageFloor(
                *TEXT.words("covers_at_least_of", label=label, code=code, share=share),
                here + start,
                share * whole,
            )


def _counts(stacked: StackedModel, choice: SitingChoice) -> Iterator[Constraint]:
    fewest = choice.question is Question.FEWEST_SITES
    for at, programme in enumerate(stacked.programmes):
        label = LABELS[Kind][programme.kind]
        make, zh, en = (at_most, *TEXT.words("at_most")) if fewest else (exactly, "共", "")
        yield make(
            programme.count,
            stacked.columns(at),
            **TEXT.both(
                "sites_of", label=label, what=Words(zh, en), programme_count=programme.count
            ),
        )


def _named(stacked: StackedModel, choice: SitingChoice) -> Iterator[Constraint]:
    own = [name for programme in choice.programmes for name in programme.required]
    ids, names = stacked.candidates.index, stacked.candidates["name"]
    unknown = [name for name in (*choice.required, *choice.forbidden, *own) if name not in ids]
    if unknown:
        raise SitingError(**TEXT.both("there_is_no_candidate", unknown=unknown[0]))
    for name in choice.required:
        columns = stacked.columns_at(np.asarray(ids == name))
        yield _required(columns, name, names[name])
    for at, programme in enumerate(choice.programmes):
        for name in programme.required:
            column = int(stacked.column_of[at, ids.get_loc(name)])
            label = LABELS[Kind][programme.kind]
            yield _required(
                np.array([column] if column >= 0 else [], dtype=np.int64),
                name, names[name], TEXT.words("as", label=label),
            )  # fmt: skip
    for name in choice.forbidden:
        columns = stacked.columns_at(np.asarray(ids == name))
        yield at_most(0, columns, **TEXT.both("must_not_be_chosen", name=names[name], name_2=name))


def _required(
    columns: Positions, key: str, name: str, role: tuple[str, str] = ("", "")
) -> Constraint:
    return between(
        columns,
        lower=1,
        upper=np.inf,
        **TEXT.both("must_be_chosen", name=name, key=key, role=Words(*role)),
    )


def _shared(stacked: StackedModel, choice: SitingChoice) -> Iterator[Constraint]:
    if choice.together or len(stacked.demands) == 1:
        return
    for columns in stacked.column_of.T:
        own = columns[columns >= 0]
        if len(own) > 1:
            yield at_most(1, own, **TEXT.both("one_programme_at_a_site"))


def _apart(stacked: StackedModel, choice: SitingChoice) -> Iterator[Constraint]:
    """Yield a constraint for each two candidates nearer to each other than the least distance."""
    if choice.least_distance_m is None:
        return
    points = np.asarray(stacked.candidates.geometry.array)
    tree = shapely.STRtree(points)
    left, right = tree.query(points, predicate="dwithin", distance=choice.least_distance_m)
    near = shapely.distance(points[left], points[right]) < choice.least_distance_m
    pairs = np.column_stack([left, right])[near & (left < right)]
    if len(pairs) > MOST_CLOSE_PAIRS:
        raise SitingError(
            **TEXT.both(
                "too_many_near_pairs",
                least_distance_m=choice.least_distance_m,
                pair_count=len(pairs),
            )
        )
    zh, en = TEXT.words("sites_stand_at_least_apart", least_distance_m=choice.least_distance_m)
    for one, other in pairs.tolist():
        for columns in _exclusive(stacked.column_of[:, one], stacked.column_of[:, other], choice):
            yield at_most(1, columns, zh=zh, en=en)


def _exclusive(one: Positions, other: Positions, choice: SitingChoice) -> Iterator[Positions]:
    """Yield the columns of two candidates of which at most one may be chosen."""
    first, second = one[one >= 0], other[other >= 0]
    if not choice.together:
        yield np.concatenate([first, second])
        return
    # Two programmes may share a place, so only columns of different places exclude each other.
    for left in first.tolist():
        for right in second.tolist():
            yield np.array([left, right])


def _by_township(stacked: StackedModel, choice: SitingChoice) -> Iterator[Constraint]:
    if choice.most_per_township is None:
        return
    towns = stacked.candidates["township_code"].to_numpy()
    for code in np.unique(towns):
        most = choice.most_per_township
        columns = stacked.columns_at(towns == code)
        yield at_most(most, columns, **TEXT.both("at_most_in", code=code, most=most))


def _budget(stacked: StackedModel, choice: SitingChoice) -> Iterator[Constraint]:
    budget = choice.costs.budget
    if budget is None:
        return
    costs = stacked.candidates["cost"].to_numpy(dtype=np.float64)[stacked.candidate]
    yield Constraint(
        *TEXT.words("budget_of_yuan", budget=Words(f"{budget:g}", f"{budget * 10000:,.0f}")),
        np.arange(len(costs)),
        costs,
        -np.inf,
        budget,
    )


def _suitable(stacked: StackedModel, choice: SitingChoice) -> Iterator[Constraint]:
    least = choice.least_mean_suitability
    suitability = stacked.candidates["suitability"].to_numpy(dtype=np.float64)[stacked.candidate]
    known = np.flatnonzero(np.isfinite(suitability))
    if least is None or not len(known):
        return
    yield Constraint(
        *TEXT.words("suitability_of_on_average", least=least),
        known,
        suitability[known] - least,
        0.0,
        np.inf,
    )
