"""Several programmes as one question: whose sites are chosen together, under common rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import SitingError
from geo.siting.choice import Programme, Question, SitingChoice
from geo.siting.demand import Demand
from geo.siting.model import (
    Covering,
    Floats,
    Floor,
    Journeys,
    Positions,
    Rule,
    at_most,
    counted,
    exactly,
)
from geo.terms import LABELS, Kind

_MOST_PAIRS = 200_000


@dataclass(frozen=True)
class Pool:
    """Columns of one model: a candidate for a programme that may have its site there.

    Attributes
    ----------
    candidates : geopandas.GeoDataFrame
        As :func:`geo.siting.candidates.candidate_sites` returns them.
    demands : tuple of Demand
        Of each programme, over these candidates.
    programme, candidate : numpy.ndarray
        Of each column: position of its programme and of its candidate.
    """

    candidates: gpd.GeoDataFrame
    demands: tuple[Demand, ...]
    programme: Positions
    candidate: Positions

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """The programmes."""
        return tuple(demand.programme for demand in self.demands)

    def columns(self, programme: int) -> Positions:
        """Return the columns of one programme."""
        return np.flatnonzero(self.programme == programme)

    def of_candidates(self, wanted: npt.NDArray[np.bool_]) -> Positions:
        """Return the columns of some candidates, told by a flag for each."""
        return np.flatnonzero(wanted[self.candidate])

    @cached_property
    def column_of(self) -> Positions:
        """Programmes by candidates: the column, -1 where there is none."""
        found = np.full((len(self.demands), len(self.candidates)), -1, dtype=np.int64)
        found[self.programme, self.candidate] = np.arange(len(self.programme))
        return found

    @cached_property
    def starts(self) -> Positions:
        """Position of each programme's first demand point among all."""
        return np.cumsum([0, *(len(demand.weight) for demand in self.demands)])

    def covering(
        self, *, stretch: float = 1.0, weights: Sequence[Floats] | None = None
    ) -> Covering:
        """Return the covering question of all programmes as one.

        As :meth:`geo.siting.demand.Demand.covering` takes them: ``stretch`` of all
        standards, and weights of each programme's demand.
        """
        given = weights or [demand.weight for demand in self.demands]
        parts = [
            demand.covering(stretch=stretch, weight=weight)
            for demand, weight in zip(self.demands, given, strict=True)
        ]
        pairs = [self._pairs(at, part.demand, part.candidate) for at, part in enumerate(parts)]
        return Covering(
            np.concatenate([part.weight for part in parts]),
            np.concatenate([demand for demand, _, _ in pairs]),
            np.concatenate([column for _, column, _ in pairs]),
            len(self.programme),
            np.concatenate([part.before for part in parts]),
        )

    def journeys(self) -> Journeys:
        """Return the travel question of all programmes as one."""
        parts = [demand.journeys() for demand in self.demands]
        pairs = [self._pairs(at, part.demand, part.candidate) for at, part in enumerate(parts)]
        return Journeys(
            np.concatenate([part.weight for part in parts]),
            np.concatenate([demand for demand, _, _ in pairs]),
            np.concatenate([column for _, column, _ in pairs]),
            np.concatenate(
                [part.cost[kept] for part, (_, _, kept) in zip(parts, pairs, strict=True)]
            ),
            len(self.programme),
            np.concatenate([part.before for part in parts]),
        )

    def _pairs(
        self, programme: int, demand: Positions, candidate: Positions
    ) -> tuple[Positions, Positions, npt.NDArray[np.bool_]]:
        """Return the pairs whose candidate may be of a programme, and which they are."""
        column = self.column_of[programme, candidate]
        kept = column >= 0
        return demand[kept] + self.starts[programme], column[kept], kept


def pool_of(demands: Sequence[Demand], candidates: gpd.GeoDataFrame) -> Pool:
    """Return the columns of programmes: candidates of the settlement type asked for.

    A place that is already of the kind is no candidate for it.

    Raises
    ------
    SitingError
        A programme asks for more sites than it has candidates.
    """
    programme, candidate = [], []
    for at, demand in enumerate(demands):
        asked = demand.programme
        fits = np.ones(len(candidates), dtype=np.bool_)
        if asked.settlement is not None:
            fits = (candidates["settlement"] == asked.settlement.value).to_numpy(dtype=np.bool_)
        already = candidates["facility_id"].isin(demand.existing_ids).to_numpy(dtype=np.bool_)
        found = np.flatnonzero(fits & ~already)
        if len(found) < asked.count:
            raise _too_few(asked, len(found))
        programme.append(np.full(len(found), at, dtype=np.int64))
        candidate.append(found)
    return Pool(candidates, tuple(demands), np.concatenate(programme), np.concatenate(candidate))


def _too_few(asked: Programme, count: int) -> SitingError:
    label = LABELS[Kind][asked.kind]
    return SitingError(
        zh=f"{label.zh}要选 {asked.count} 处，候选点只有 {count} 个。请减少处数，或增加候选点。",
        en=f"{label.en}: {asked.count} sites are asked for, and there are {count} candidates; "
        "ask for fewer, or allow more candidates.",
    )


def rules_of(pool: Pool, choice: SitingChoice) -> list[Rule]:
    """Return the constraints of a choice as rules over the columns of a pool.

    Raises
    ------
    SitingError
        A candidate that is named does not exist, or too many lie too near each other.
    """
    return [
        *_counts(pool, choice),
        *_named(pool, choice),
        *_shared(pool, choice),
        *_apart(pool, choice),
        *_by_township(pool, choice),
        *_budget(pool, choice),
    ]


def floors_of(pool: Pool, choice: SitingChoice) -> list[Floor]:
    """Return the least share of each township's audience that must be covered, by programme."""
    if choice.floor_share <= 0:
        return []
    return [
        floor
        for at, demand in enumerate(pool.demands)
        for floor in _floors(demand, int(pool.starts[at]), choice.floor_share)
    ]


def _floors(demand: Demand, start: int, share: float) -> Iterator[Floor]:
    label = LABELS[Kind][demand.programme.kind]
    towns = demand.points["township_code"].to_numpy()
    for code in np.unique(towns):
        here = np.flatnonzero(towns == code)
        whole = float(demand.weight[here].sum())
        if whole > 0:
            yield Floor(
                f"{label.zh}在 {code} 的覆盖率不低于 {share:.0%}",
                f"{label.en} covers at least {share:.0%} of {code}",
                here + start,
                share * whole,
            )


def _counts(pool: Pool, choice: SitingChoice) -> Iterator[Rule]:
    fewest = choice.question is Question.FEWEST_SITES
    for at, programme in enumerate(pool.programmes):
        label = LABELS[Kind][programme.kind]
        make, zh, en = (at_most, "至多", "at most ") if fewest else (exactly, "共", "")
        yield make(
            programme.count,
            pool.columns(at),
            zh=f"{label.zh}{zh} {programme.count} 处",
            en=f"{en}{programme.count} sites of {label.en}",
        )


def _named(pool: Pool, choice: SitingChoice) -> Iterator[Rule]:
    ids = pool.candidates.index
    unknown = [name for name in (*choice.required, *choice.forbidden) if name not in ids]
    if unknown:
        raise SitingError(
            zh=f"没有候选点「{unknown[0]}」，请核对编号，或放宽 siting.candidates。",
            en=f"There is no candidate '{unknown[0]}'; check its id, or widen siting.candidates.",
        )
    names = pool.candidates["name"]
    for name in choice.required:
        columns = pool.of_candidates(np.asarray(ids == name))
        yield counted(
            columns, lower=1, upper=np.inf, zh=f"必须选「{names[name]}」（{name}）",
            en=f"'{names[name]}' ({name}) must be chosen",
        )  # fmt: skip
    for name in choice.forbidden:
        columns = pool.of_candidates(np.asarray(ids == name))
        yield at_most(
            0, columns, zh=f"不得选「{names[name]}」（{name}）",
            en=f"'{names[name]}' ({name}) must not be chosen",
        )  # fmt: skip


def _shared(pool: Pool, choice: SitingChoice) -> Iterator[Rule]:
    if choice.together or len(pool.demands) == 1:
        return
    for columns in pool.column_of.T:
        own = columns[columns >= 0]
        if len(own) > 1:
            yield at_most(1, own, zh="一处只作一个项目", en="a site is of one programme only")


def _apart(pool: Pool, choice: SitingChoice) -> Iterator[Rule]:
    """Give a rule for each two candidates nearer to each other than the least distance."""
    if choice.least_distance_m is None:
        return
    points = np.asarray(pool.candidates.geometry.array)
    tree = shapely.STRtree(points)
    left, right = tree.query(points, predicate="dwithin", distance=choice.least_distance_m)
    near = shapely.distance(points[left], points[right]) < choice.least_distance_m
    pairs = np.column_stack([left, right])[near & (left < right)]
    if len(pairs) > _MOST_PAIRS:
        raise SitingError(
            zh=f"相距不足 {choice.least_distance_m:g} 米的候选点有 {len(pairs):,} 对，太多了。"
            "请缩小最小间距，或放大网格。",
            en=f"{len(pairs):,} pairs of candidates are nearer than {choice.least_distance_m:g} m,"
            " too many; lower the distance, or widen the grid.",
        )
    zh = f"两处相距不少于 {choice.least_distance_m:g} 米"
    en = f"sites stand at least {choice.least_distance_m:g} m apart"
    for one, other in pairs.tolist():
        for columns in _exclusive(pool.column_of[:, one], pool.column_of[:, other], choice):
            yield at_most(1, columns, zh=zh, en=en)


def _exclusive(one: Positions, other: Positions, choice: SitingChoice) -> Iterator[Positions]:
    """Give the columns of two candidates of which one at most may be chosen."""
    first, second = one[one >= 0], other[other >= 0]
    if not choice.together:
        yield np.concatenate([first, second])
        return
    # Two programmes at one place are no two places.
    for left in first.tolist():
        for right in second.tolist():
            yield np.array([left, right])


def _by_township(pool: Pool, choice: SitingChoice) -> Iterator[Rule]:
    if choice.most_per_township is None:
        return
    towns = pool.candidates["township_code"].to_numpy()
    for code in np.unique(towns):
        most = choice.most_per_township
        columns = pool.of_candidates(towns == code)
        yield at_most(most, columns, zh=f"{code} 至多 {most} 处", en=f"at most {most} in {code}")


def _budget(pool: Pool, choice: SitingChoice) -> Iterator[Rule]:
    budget = choice.costs.budget
    if budget is None:
        return
    costs = pool.candidates["cost"].to_numpy(dtype=np.float64)[pool.candidate]
    yield Rule(
        f"总费用不超过 {budget:g} 万元",
        f"a budget of {budget * 10_000:,.0f} yuan",
        np.arange(len(costs)),
        costs,
        -np.inf,
        budget,
    )
