"""The stacked model: several programmes as one, sited together under common constraints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np

from geo.core.errors import SitingError
from geo.core.sentences import Sentences
from geo.core.siting_options import CandidateSource, Programme
from geo.core.vocabulary import LABELS, Kind
from geo.siting.demand import Demand
from geo.siting.model import Covering, Flags, Floats, Positions, TravelMatrix

TEXT: Final = Sentences("geo.siting")


@dataclass(frozen=True)
class StackedModel:
    """Columns and demand of one model; a column is a candidate for one programme.

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
        """The programmes, in the order of their demands."""
        return tuple(demand.programme for demand in self.demands)

    def columns(self, programme: int) -> Positions:
        """Return the columns of one programme."""
        return np.flatnonzero(self.programme == programme)

    def columns_at(self, wanted: Flags) -> Positions:
        """Return the columns of the candidates that are flagged."""
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
        """Return the covering instance of all programmes.

        Parameters
        ----------
        stretch : float
            By which all standards are multiplied.
        weights : sequence of numpy.ndarray, optional
            Of each programme's demand points, instead of their own.
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

    def travel_matrix(self) -> TravelMatrix:
        """Return the OD costs of all programmes, in minutes."""
        parts = [demand.travel_matrix() for demand in self.demands]
        pairs = [self._pairs(at, part.demand, part.candidate) for at, part in enumerate(parts)]
        return TravelMatrix(
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
    ) -> tuple[Positions, Positions, Flags]:
        """Return the pairs whose candidate has a column, and a flag for each pair given."""
        column = self.column_of[programme, candidate]
        kept = column >= 0
        return demand[kept] + self.starts[programme], column[kept], kept


def stacked_model(demands: Sequence[Demand], candidates: gpd.GeoDataFrame) -> StackedModel:
    """Return the columns of programmes: their candidates of the settlement type required.

    A place that is already of a programme's kind is no candidate for it.

    Parameters
    ----------
    demands : sequence of Demand
        Of each programme, over the candidates.
    candidates : geopandas.GeoDataFrame
        As :func:`geo.siting.candidates.candidate_sites` returns them.

    Returns
    -------
    StackedModel
        Columns ordered by programme, then candidate.

    Raises
    ------
    SitingError
        A programme has fewer candidates than sites.
    """
    programme, candidate = [], []
    for at, demand in enumerate(demands):
        own = demand.programme
        fits = np.ones(len(candidates), dtype=np.bool_)
        if own.settlement is not None:
            fits = (candidates["settlement"] == own.settlement.value).to_numpy(dtype=np.bool_)
        if own.host_kinds is not None:
            fits = fits & _is_of(candidates, own.host_kinds)
        already = candidates["facility_id"].isin(demand.existing_ids).to_numpy(dtype=np.bool_)
        found = np.flatnonzero(fits & ~already)
        if len(found) < own.count:
            raise _too_few_error(own, len(found))
        programme.append(np.full(len(found), at, dtype=np.int64))
        candidate.append(found)
    return StackedModel(
        candidates, tuple(demands), np.concatenate(programme), np.concatenate(candidate)
    )


def _is_of(candidates: gpd.GeoDataFrame, kinds: Sequence[Kind]) -> Flags:
    """Return of each candidate whether it is no host, or a host of some kinds."""
    wanted = {kind.value for kind in kinds}
    of_kinds = [isinstance(own, str) and not wanted.isdisjoint(own.split())
                for own in candidates["kinds"]]  # fmt: skip
    hosts = (candidates["source"] == CandidateSource.HOST.value).to_numpy(dtype=np.bool_)
    return np.asarray(~hosts | np.array(of_kinds, dtype=np.bool_))


def _too_few_error(programme: Programme, count: int) -> SitingError:
    label = LABELS[Kind][programme.kind]
    return SitingError(
        **TEXT.both("too_few_candidates", label=label, programme_count=programme.count, count=count)
    )
