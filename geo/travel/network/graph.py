"""A graph in rows, of which the part within a box is cut out fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.travel.network.pieces import Floats, Positions, ranges

_CELLS: Final = 512
"""Squares of the index along the longer side of the extent."""


@dataclass(frozen=True, eq=False)
class Graph:
    """Arcs by their source (compressed sparse rows), and nodes by squares of a grid.

    Attributes
    ----------
    first : numpy.ndarray
        Of each node: where its arcs begin; one more at the end.
    target, minutes : numpy.ndarray
        Of each arc.
    by_cell : numpy.ndarray
        Nodes in the order of their squares, row by row from the south-west.
    cell : numpy.ndarray
        The squares of these, ascending.
    low : numpy.ndarray
        South-western corner of the grid.
    cell_m : float
        Side of a square, metres.
    """

    first: Positions
    target: Positions
    minutes: Floats
    by_cell: Positions
    cell: Positions
    low: Floats
    cell_m: float

    def nodes_within(self, west: float, south: float, east: float, north: float) -> Positions:
        """Return all nodes in a box, and some around it, ascending."""
        corners = np.array([[west, south], [east, north]])
        (left, bottom), (right, top) = np.clip(
            np.floor((corners - self.low) / self.cell_m), -1, _CELLS
        ).astype(np.int64)
        rows = np.arange(max(bottom, 0), min(top, _CELLS - 1) + 1)
        begin = np.searchsorted(self.cell, rows * _CELLS + max(left, 0), side="left")
        after = np.searchsorted(self.cell, rows * _CELLS + min(right, _CELLS - 1), side="right")
        return np.sort(self.by_cell[ranges(begin, np.maximum(after - begin, 0))])

    def part(self, nodes: Positions, local: Positions) -> tuple[Positions, Positions, Floats]:
        """Return the arcs between some nodes, as a graph of these alone.

        Parameters
        ----------
        nodes : numpy.ndarray
            Ascending.
        local : numpy.ndarray
            Of every node: its position in ``nodes``, -1 where it is not one of them.
        """
        count = self.first[nodes + 1] - self.first[nodes]
        arc = ranges(self.first[nodes], count)
        target = local[self.target[arc]]
        inside = target >= 0
        before = np.r_[0, np.cumsum(inside)]
        first = before[np.r_[0, np.cumsum(count)]]
        return first, target[inside], self.minutes[arc[inside]]


def make_graph(
    node_xy: Floats, start: Positions, end: Positions, with_min: Floats, against_min: Floats
) -> Graph:
    """Return the graph of edges; of arcs between the same two nodes the fastest.

    Parameters
    ----------
    node_xy : numpy.ndarray
        Of shape (nodes, 2).
    start, end : numpy.ndarray
        Nodes of each edge.
    with_min, against_min : numpy.ndarray
        Minutes from start to end and back; infinite where there is no way.

    Examples
    --------
    >>> graph = make_graph(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([0, 0]), np.array([1, 1]),
    ...                    np.array([3.0, 2.0]), np.array([np.inf, 4.0]))
    >>> graph.first.tolist(), graph.target.tolist(), graph.minutes.tolist()
    ([0, 1, 2], [1, 0], [2.0, 4.0])
    """
    minutes = np.r_[with_min, against_min]
    source, target = np.r_[start, end], np.r_[end, start]
    order = np.lexsort((minutes, target, source))
    order = order[np.isfinite(minutes[order])]
    source, target, minutes = source[order], target[order], minutes[order]
    new = np.r_[True, (np.diff(source) != 0) | (np.diff(target) != 0)][: len(source)]
    first = np.r_[0, np.cumsum(np.bincount(source[new], minlength=len(node_xy)))]
    low = node_xy.min(axis=0)
    cell_m = max(float((node_xy.max(axis=0) - low).max()) / _CELLS, 1.0)
    column, row = np.minimum(((node_xy - low) / cell_m).astype(np.int64), _CELLS - 1).T
    cell = row * _CELLS + column
    by_cell = np.argsort(cell, kind="stable")
    return Graph(first, target[new], minutes[new], by_cell, cell[by_cell], low, cell_m)
