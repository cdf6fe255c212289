"""Several programmes as one question: whose sites are chosen together, under common rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geo.core.errors import SitingError
from geo.core.siting_options import CandidateSource, Programme
from geo.core.vocabulary import LABELS, Kind
from geo.siting.demand import Demand
from geo.siting.model import (
    Covering,
    Floats,
    Journeys,
    Positions,
)


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
        if asked.host_kinds is not None:
            fits = fits & _is_of(candidates, asked.host_kinds)
        already = candidates["facility_id"].isin(demand.existing_ids).to_numpy(dtype=np.bool_)
        found = np.flatnonzero(fits & ~already)
        if len(found) < asked.count:
            raise _too_few(asked, len(found))
        programme.append(np.full(len(found), at, dtype=np.int64))
        candidate.append(found)
    return Pool(candidates, tuple(demands), np.concatenate(programme), np.concatenate(candidate))


def _is_of(candidates: gpd.GeoDataFrame, kinds: Sequence[Kind]) -> npt.NDArray[np.bool_]:
    """Tell which candidates are no host, or one of some kinds."""
    wanted = {kind.value for kind in kinds}
    of_kinds = [isinstance(own, str) and not wanted.isdisjoint(own.split())
                for own in candidates["kinds"]]  # fmt: skip
    hosts = (candidates["source"] == CandidateSource.HOST.value).to_numpy(dtype=np.bool_)
    return np.asarray(~hosts | np.array(of_kinds, dtype=np.bool_))


def _too_few(asked: Programme, count: int) -> SitingError:
    label = LABELS[Kind][asked.kind]
    return SitingError(
        zh=f"{label.zh}要选 {asked.count} 处，候选点只有 {count} 个。请减少处数，或增加候选点。",
        en=f"{label.en}: {asked.count} sites are asked for, and there are {count} candidates; "
        "ask for fewer, or allow more candidates.",
    )
