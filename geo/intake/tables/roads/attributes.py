"""What the columns of road layers are called, and what stands in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from geo.core.vocabulary import Oneway
from geo.intake.headers.normalise import folded
from geo.travel.network import classes
from geo.travel.network.classes import CLOSED_CLASS, IN_CHINESE, ROAD_CLASSES

_OSM_CLASSES: Final = (*ROAD_CLASSES, "bridleway", "busway")
_LINKS: Final = ("motorway", "trunk", "primary", "secondary", "tertiary")
NO_ROADS: Final = frozenset({*classes.NO_ROADS, *map(folded, IN_CHINESE[CLOSED_CLASS])})
"""Words for lines on which nobody travels."""

CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {name: name for name in _OSM_CLASSES if name != CLOSED_CLASS}
    | {f"{name}_link": f"{name}_link" for name in _LINKS}
    | {f"track_grade{number}": "track" for number in range(1, 6)}
    | {
        folded(word): name
        for name, words in IN_CHINESE.items()
        for word in words
        if name != CLOSED_CLASS
    }
)
"""Words for a road's class, folded, to highway=* of OpenStreetMap."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "road_class": (
            "highway", "fclass", "road_class", "roadclass", "道路等级", "公路等级", "技术等级",
            "行政等级", "道路类型", "道路类别", "等级", "RTEG", "类型", "class", "type",
        ),
        "oneway": ("oneway", "one_way", "单行", "单行道", "是否单行", "单向", "通行方向", "方向"),
        "level": ("layer", "level", "层", "层级"),
        "bridge": ("bridge", "桥", "桥梁", "是否桥梁"),
        "tunnel": ("tunnel", "隧道", "是否隧道"),
        "name": ("name", "名称", "道路名称", "路名", "道路名", "路线名称", "road_name", "RN"),
    }
)  # fmt: skip
"""Names of a layer's columns, the likeliest first."""

_BOTH: Final = frozenset(
    map(folded, ("", "b", "both", "no", "n", "0", "否", "false", "双向", "双行", "双"))
)
_FORWARD: Final = frozenset(
    map(folded, ("forward", "ft", "yes", "y", "1", "是", "true", "单行", "单向", "正向", "顺向"))
)
_REVERSE: Final = frozenset(map(folded, ("reverse", "backward", "tf", "-1", "逆向", "反向")))
_YES: Final = frozenset(map(folded, ("t", "true", "yes", "y", "1", "是", "有", "viaduct")))
_HIGHEST: Final = 9
_LONGEST_NAME: Final = 200
_EXACT: Final = 1e15


def columns_of(names: Sequence[str]) -> dict[str, str]:
    """Return which of a layer's columns stands for which of ours.

    Examples
    --------
    >>> columns_of(["osm_id", "FCLASS", "单行", "名称"])
    {'road_class': 'FCLASS', 'oneway': '单行', 'name': '名称'}
    """
    there = {folded(name): name for name in reversed(names)}
    found = {}
    for column, words in COLUMNS.items():
        own = next((there[folded(word)] for word in words if folded(word) in there), None)
        if own is not None:
            found[column] = own
    return found


def class_of(value: Any) -> str | None:
    """Return the road class of a cell; None where it says none that is known.

    Examples
    --------
    >>> class_of("Primary"), class_of("县道"), class_of("飞机跑道")
    ('primary', 'secondary', None)
    """
    return CLASSES.get(word_of(value))


def word_of(value: Any) -> str:
    """Return a cell as a folded word of at most 64 characters, empty where it says nothing."""
    if value is None or isinstance(value, list | dict):
        return ""
    return folded(_text(value)[:64].strip())


def oneway_of(values: Sequence[Any]) -> tuple[list[str], Counter[str]]:
    """Return the directions of a layer's cells, and the words that were taken for both ways.

    F and T are forward and reverse where some cell says B, as Geofabrik writes them; without
    one they may as well be false and true, and say nothing.

    Examples
    --------
    >>> oneway_of(["B", "F", "T"])[0]
    ['both', 'forward', 'reverse']
    >>> oneway_of(["F", "T", "是"])
    (['both', 'both', 'forward'], Counter({'f': 1, 't': 1}))
    """
    words = [word_of(value) for value in values]
    lettered = "b" in words
    unknown: Counter[str] = Counter()
    found = []
    for word in words:
        if word in _FORWARD or (lettered and word == "f"):
            found.append(Oneway.FORWARD.value)
        elif word in _REVERSE or (lettered and word == "t"):
            found.append(Oneway.REVERSE.value)
        else:
            unknown.update([word] * (word not in _BOTH))
            found.append(Oneway.BOTH.value)
    return found, unknown


def level_of(level: Any, bridge: Any, tunnel: Any) -> int:
    """Return the level of a line: its own, else 1 of a bridge and -1 of a tunnel.

    Examples
    --------
    >>> level_of("2", None, None), level_of(0, "T", None), level_of(None, None, "yes")
    (2, 1, -1)
    """
    try:
        own = int(float(word_of(level) or 0))
    except (ValueError, OverflowError):
        own = 0
    if own:
        return max(-_HIGHEST, min(_HIGHEST, own))
    return int(word_of(bridge) in _YES) or -int(word_of(tunnel) in _YES)


def name_of(value: Any) -> str | None:
    r"""Return a road's name on one line; None where there is none.

    Examples
    --------
    >>> name_of("  宝庆\n路 "), name_of("")
    ('宝庆 路', None)
    """
    if value is None or isinstance(value, list | dict):
        return None
    text = " ".join(_text(value)[: 2 * _LONGEST_NAME].split())
    kept = "".join(sign for sign in text if sign.isprintable())[:_LONGEST_NAME]
    return kept or None


def _text(value: Any) -> str:
    """Return a cell as text, a whole number without its point."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    return str(int(value) if whole else value)
