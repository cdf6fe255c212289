"""What it costs people to reach facilities: the one shape that all ways of travelling give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.core.vocabulary import TOLERANCE

Basis = Literal["network", "straight_line"]
"""Along roads, or straight lines times a detour factor, where there are none."""


@dataclass(frozen=True)
class TravelCosts:
    """Minutes between demand points and sites, of the pairs within a cut-off.

    A pair that is not listed costs more than the cut-off. Pairs are unique and
    sorted by demand point, then site.

    Attributes
    ----------
    demand_ids, site_ids : pandas.Index
        All demand points and all sites, those without a pair included.
    demand, site : numpy.ndarray
        Of each pair: positions in ``demand_ids`` and in ``site_ids``.
    minutes : numpy.ndarray
        Of each pair: travel time, door to door by the mode's planning speed.
    cutoff_minutes : float
        Up to which pairs are listed; at the cut-off is within it.
    basis : {"network", "straight_line"}
        What the minutes rest on; printed with every figure made of them.
    """

    demand_ids: pd.Index
    site_ids: pd.Index
    demand: npt.NDArray[np.int64]
    site: npt.NDArray[np.int64]
    minutes: npt.NDArray[np.float64]
    cutoff_minutes: float
    basis: Basis

    def within(self, limit_minutes: float) -> TravelCosts:
        """Return the pairs that cost at most a limit, which the cut-off must not fall short of.

        Raises
        ------
        ValueError
            The limit is beyond the cut-off: pairs would be missing.

        Examples
        --------
        >>> costs = TravelCosts(pd.Index(["d"]), pd.Index(["a", "b"]), np.array([0, 0]),
        ...                     np.array([0, 1]), np.array([15.0, 20.0]), 30.0, "network")
        >>> costs.within(15).site.tolist()
        [0]
        """
        if limit_minutes > self.cutoff_minutes * (1 + TOLERANCE):
            raise ValueError("the limit is beyond the cut-off of the costs")
        keep = self.minutes <= limit_minutes * (1 + TOLERANCE)
        return TravelCosts(
            self.demand_ids,
            self.site_ids,
            self.demand[keep],
            self.site[keep],
            self.minutes[keep],
            limit_minutes,
            self.basis,
        )

    def nearest(self) -> pd.DataFrame:
        """Return for each demand point its nearest site and what it costs to reach it.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``demand_ids``: ``site_id`` and ``minutes``, missing where no site
            is within the cut-off; of equally near sites the first in ``site_ids``.

        Examples
        --------
        >>> costs = TravelCosts(pd.Index(["d", "e"]), pd.Index(["a", "b"]), np.array([0, 0]),
        ...                     np.array([0, 1]), np.array([20.0, 15.0]), 30.0, "network")
        >>> costs.nearest()["site_id"].tolist()
        ['b', nan]
        """
        order = np.lexsort((self.site, self.minutes, self.demand))
        first = np.unique(self.demand[order], return_index=True)[1]
        pairs = order[first]
        minutes = np.full(len(self.demand_ids), np.nan)
        minutes[self.demand[pairs]] = self.minutes[pairs]
        ids = np.full(len(self.demand_ids), np.nan, dtype=object)
        ids[self.demand[pairs]] = self.site_ids.to_numpy(dtype=object)[self.site[pairs]]
        return pd.DataFrame(
            {"site_id": pd.Series(ids, index=self.demand_ids, dtype="str"), "minutes": minutes},
            index=self.demand_ids,
        )
