"""Colours and shapes: safe for colour-blind readers, and told apart in greyscale too.

Townships: a diverging scale about the target, brown below and violet above
(ColorBrewer's PuOr), with the figure written on the map. Groups of facilities:
a shape each, in the colours of Okabe and Ito (2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.core.vocabulary import Group


@dataclass(frozen=True, slots=True)
class ClassBreak:
    """One class of the choropleth: from ``low`` (inclusive) to below ``high``, m² per 10,000."""

    low: float
    high: float | None
    colour: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """How a group of facilities is drawn: an SVG path in a box of 20 by 20, and its colour."""

    colour: str
    path: str


NO_DATA_COLOUR: Final = "#d9d9d9"

# As shares of the target, so that another target moves the breaks with it.
_SHARES: Final = (
    (0.0, 0.25, "#b35806"),
    (0.25, 0.5, "#e08214"),
    (0.5, 0.75, "#fdb863"),
    (0.75, 1.0, "#fee0b6"),
    (1.0, 1.5, "#b2abd2"),
    (1.5, None, "#8073ac"),
)

# Of coverage: one hue, darker for more, since there is no target to turn about.
COVERAGE_CLASSES: Final = (
    (0.0, 0.5, "#eff3ff"),
    (0.5, 0.7, "#bdd7e7"),
    (0.7, 0.85, "#6baed6"),
    (0.85, 0.95, "#3182bd"),
    (0.95, None, "#08519c"),
)
"""Shares of residents covered: from, to below, colour (ColorBrewer's Blues)."""

SYMBOLS: Final = {
    Group.BASE: Symbol("#009e73", "M10 2 18.5 17.5H1.5Z"),
    Group.HALL: Symbol("#0072b2", "M3 3H17V17H3Z"),
    Group.SCHOOL: Symbol("#b58900", "M10 2A8 8 0 1 1 10 18A8 8 0 1 1 10 2Z"),
    Group.SERVICE_CENTRE: Symbol("#c44601", "M10 1 19 10 10 19 1 10Z"),
    Group.PUBLIC_VENUE: Symbol("#a2508a", "M10 1.5 18.6 7.7 15.3 17.8H4.7L1.4 7.7Z"),
}

SITE_SYMBOLS: Final = (
    Symbol("#f0e442", "M6 1.5H22L26.5 14 22 26.5H6L1.5 14Z"),
    Symbol("#1c2733", "M2.5 2.5H25.5V15.5L14 26.5 2.5 15.5Z"),
    Symbol("#56b4e9", "M9 1.5H19L26.5 9V19L19 26.5H9L1.5 19V9Z"),
    Symbol("#ffffff", "M14 1 27 14 14 27 1 14Z"),
)
"""New sites by programme, with a number inside: a shape and a fill each, in a box of 28 by 28."""


def class_breaks(target: float) -> tuple[ClassBreak, ...]:
    """Return the classes of the choropleth, read against a target in m² per 10,000.

    Examples
    --------
    >>> [item.low for item in class_breaks(160)]
    [0.0, 40.0, 80.0, 120.0, 160.0, 240.0]
    """
    return tuple(
        ClassBreak(low * target, None if high is None else high * target, colour)
        for low, high, colour in _SHARES
    )
