"""What a road layer lost on the way to a network, by reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from geo.core.vocabulary import Label


class LossReason(StrEnum):
    """Why a line, a piece of one, or an edge is not in a network."""

    MISSING = "missing"
    EMPTY = "empty"
    NOT_A_LINE = "not_a_line"
    NOT_FINITE = "not_finite"
    ZERO_LENGTH = "zero_length"
    DUPLICATE = "duplicate"
    SHORTER_THAN_SNAP = "shorter_than_snap"
    CLOSED_TO_MODE = "closed_to_mode"
    UNCONNECTED = "unconnected"
    NO_WAY_BACK = "no_way_back"


REASONS: Final[Mapping[LossReason, Label]] = {
    LossReason.MISSING: Label("没有图形", "No geometry"),
    LossReason.EMPTY: Label("图形为空", "Empty geometry"),
    LossReason.NOT_A_LINE: Label("不是线", "Not a line"),
    LossReason.NOT_FINITE: Label("坐标不是有限数", "Coordinates that are no numbers"),
    LossReason.ZERO_LENGTH: Label("长度为零", "Of no length"),
    LossReason.DUPLICATE: Label("完全重复", "Exact duplicate"),
    LossReason.SHORTER_THAN_SNAP: Label("短于连接容差", "Shorter than the snapping tolerance"),
    LossReason.CLOSED_TO_MODE: Label("该出行方式不能通行", "Closed to the mode"),
    LossReason.UNCONNECTED: Label("与主路网不连通", "Not connected with the biggest part"),
    LossReason.NO_WAY_BACK: Label("单行，有去无回", "One-way, with no way back"),
}
"""Each reason in words."""


@dataclass(frozen=True)
class Loss:
    """What was left out for one reason.

    Attributes
    ----------
    reason : LossReason
    count : int
        Lines, parts or edges.
    length_m : float
        Of them together, metres; 0 where they have no length.
    """

    reason: LossReason
    count: int
    length_m: float


@dataclass(frozen=True)
class LayerReport:
    """What became of a line layer.

    Attributes
    ----------
    line_count : int
        Rows of the layer.
    node_count, edge_count : int
        Of the network.
    length_m : float
        Of the network, metres.
    losses : tuple of Loss
        What was left out; a reason without any is not listed.
    gap_count : int
        Ends that were joined to a road over a gap within the tolerance.
    loop_count : int
        Edges that led back to their own start, and were halved.
    unknown_classes, unknown_directions, unknown_levels : Mapping of str to int
        Words that no table knows, with their count: taken as ``unclassified``, as
        both ways, and as on the ground. A missing class is the empty word.
    """

    line_count: int
    node_count: int
    edge_count: int
    length_m: float
    losses: tuple[Loss, ...] = ()
    gap_count: int = 0
    loop_count: int = 0
    unknown_classes: Mapping[str, int] = field(default_factory=dict)
    unknown_directions: Mapping[str, int] = field(default_factory=dict)
    unknown_levels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PartReport:
    """What of a network one mode can use.

    Attributes
    ----------
    edge_count : int
        Edges in the biggest part.
    length_m : float
        Of them, metres.
    losses : tuple of Loss
        What was cut off; a reason without any is not listed.
    part_count : int
        Parts that were cut off, one-way dead ends not counted.
    """

    edge_count: int
    length_m: float
    losses: tuple[Loss, ...] = ()
    part_count: int = 0
