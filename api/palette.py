"""The page's colours, as exported files take them."""

from __future__ import annotations

from geo.publish.files.styles import ColourClass, Palette
from layers.palette import NO_DATA_COLOUR, SYMBOLS, class_breaks


def palette_of(target: float) -> Palette:
    """Return the page's colours, as files take them; classes against a target in m² per 10,000.

    Examples
    --------
    >>> palette_of(160).bands[0]
    ColourClass(low=0.0, high=40.0, colour='#b35806')
    """
    return Palette(
        groups={group: symbol.colour for group, symbol in SYMBOLS.items()},
        bands=[ColourClass(one.low, one.high, one.colour) for one in class_breaks(target)],
        no_data=NO_DATA_COLOUR,
    )
