"""How two headings are compared: width, marks and units aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from geo.core.script import simplified

MAX_HEADING: Final = 100
"""Characters; a longer text is no heading, and is not looked at."""

_MAX_PASSES: Final = 8
_UNSEEN: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_ALIKE: Final = str.maketrans("【[〔〖{】]〕〗}—–－~〜∼", "(((((" + ")))))" + "------")
_MARKS: Final = "*★☆※▲△●:;。?!"
_NUMBERED: Final = re.compile(
    r"(?:\d{1,2}[、.．)]|[一二三四五六七八九十]{1,2}、|\(\d{1,2}\))(?=\D)"
)


def folded(text: str) -> str:
    """Return a word as it is compared: half-width, without white space, in lower case.

    Examples
    --------
    >>> folded(" 展厅 面积（㎡）"), folded("Exhibition Area")
    ('展厅面积(m2)', 'exhibitionarea')
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def heading_word(text: str) -> str:
    """Return a heading as it is compared, empty for a text too long to be one.

    Beyond :func:`folded`: simplified characters, one kind of brackets and dashes,
    no number in front (1. 名称) and no mark of a required field at either end.
    Applied once more it changes nothing.

    Examples
    --------
    >>> heading_word("*設施名稱："), heading_word("3、展厅面积【㎡】＊"), heading_word("0～14岁")
    ('设施名称', '展厅面积(m2)', '0-14岁')
    """
    if len(text) > MAX_HEADING:
        return ""
    word = text
    for _ in range(_MAX_PASSES):
        # What one round takes away may bare more for the next.
        before, plain = word, simplified(folded(word.translate(_UNSEEN)))
        plain = plain.translate(_ALIKE).strip(_MARKS)
        numbered = _NUMBERED.match(plain)
        word = plain[numbered.end() :] if numbered else plain
        if word == before:
            return word
    return ""


_SQUARE_METRES: Final = {
    **dict.fromkeys(("m2", "m^2", "平方米", "平米", "平方", "sqm", "sq.m", "平方公尺"), 1.0),
    **dict.fromkeys(("万平方米", "万平米", "万m2", "万平方", "万平"), 10_000.0),
    **dict.fromkeys(("公顷", "ha", "hm2"), 10_000.0),
    **dict.fromkeys(("平方公里", "平方千米", "km2"), 1_000_000.0),
    # A mu is a fifteenth of a hectare (the State Council's order on units, 1984).
    **dict.fromkeys(("亩", "市亩"), 10_000.0 / 15),
    "千平方米": 1_000.0,
}
_METRES: Final = {
    **dict.fromkeys(("m", "米", "延米", "延长米"), 1.0),
    **dict.fromkeys(("km", "公里", "千米"), 1_000.0),
}
_PERSONS: Final = {
    **dict.fromkeys(("人", "persons", "名"), 1.0),
    "百人": 100.0,
    "千人": 1_000.0,
    "万人": 10_000.0,
    "万": 10_000.0,
}
UNITS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "m²": _SQUARE_METRES,
        "m": _METRES,
        "人": _PERSONS,
        "°": dict.fromkeys(("°", "度", "degrees"), 1.0),
        "": {},
    }
)
"""A column's unit to the words of each unit that its figures may be in, and the factor."""

ALL_UNITS: Final = frozenset(word for units in UNITS.values() for word in units)
UNIT_AT_END: Final = re.compile(
    r"(.+?)(?:[/:,、_-]|单位:?)*("
    + "|".join(sorted(map(re.escape, ALL_UNITS - {"度", "°"}), key=len, reverse=True))
    + ")"
)


def is_unit(text: str) -> bool:
    """Return whether a text is the word of a unit, and no more."""
    return heading_word(text).strip("()") in ALL_UNITS


def units_stated(text: str) -> tuple[str, ...]:
    """Return the units that a line such as 单位：平方米、人 states, none where it is another.

    Examples
    --------
    >>> units_stated("（单位：㎡、万人）"), units_stated("单位：大祥区科协")
    (('m2', '万人'), ())
    """
    match = re.fullmatch(r"\(?(?:计量|面积|数量)?单位:([^:()]+)\)?", heading_word(text))
    words = re.split("[、,/;和及]", match[1]) if match else []
    counted = [word for word in words if word not in {"个", "处", "座", "家", "所", "元", "万元"}]
    return tuple(counted) if counted and all(word in ALL_UNITS for word in counted) else ()
