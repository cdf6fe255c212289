"""The words and signs around a coordinate: which axis, which way, in one spelling."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from geo.core.messages import message
from geo.core.script import simplified

Axis = Literal["longitude", "latitude"]

MAX_CHARACTERS: Final = 120
"""Of one cell; more is no position and is not looked into."""

TWO_MARKS: Final = message(
    "coordinate_two_marks",
    "「{text}」的方位或正负号重复，请只留一个，如 {example}。",
    "'{text}' tells its direction twice; keep one sign, as {example}.",
)
_LOOK_ALIKES: Final = str.maketrans(
    dict.fromkeys("º˚゜", "°")
    | dict.fromkeys("′’‘‛`´＇ʹʼ‵", "'")
    | dict.fromkeys("″“”„‟＂〃ʺ‶", '"')
    | dict.fromkeys("−–—‐‑", "-")
)
_WORDS: Final[dict[str, tuple[Axis, int]]] = {
    "东经": ("longitude", 1),
    "西经": ("longitude", -1),
    "北纬": ("latitude", 1),
    "南纬": ("latitude", -1),
    "经度": ("longitude", 0),
    "纬度": ("latitude", 0),
    "longitude": ("longitude", 0),
    "latitude": ("latitude", 0),
    "lon": ("longitude", 0),
    "lng": ("longitude", 0),
    "lat": ("latitude", 0),
    "东": ("longitude", 1),
    "西": ("longitude", -1),
    "北": ("latitude", 1),
    "南": ("latitude", -1),
    "e": ("longitude", 1),
    "w": ("longitude", -1),
    "n": ("latitude", 1),
    "s": ("latitude", -1),
}
"""What a word says: the axis, and the sign, 0 where it tells none."""

_MARK: Final = "|".join(_WORDS)
_BEFORE: Final = re.compile(rf"({_MARK}) ?[:=]? ?")
_AFTER: Final = re.compile(rf" ?({_MARK})$")


@dataclass(frozen=True)
class Marked:
    """A text without the words that say which axis and which way; the sign is 0 if none did."""

    text: str
    axis: Axis | None = None
    sign: int = 0


def fold_coordinate(raw: str) -> str | None:
    r"""Return text in one spelling, None where it is too long to be a coordinate.

    Examples
    --------
    >>> fold_coordinate("１１１° ２７’ ８．５”　Ｅ")
    '111° 27\' 8.5" e'
    """
    if len(raw) > MAX_CHARACTERS:
        return None
    text = unicodedata.normalize("NFKC", raw.translate(_LOOK_ALIKES)).translate(_LOOK_ALIKES)
    return " ".join(simplified(text).replace("''", '"').lower().split())


def marked(text: str, raw: str) -> Marked:
    """Take the words and signs before and after a number away.

    Parameters
    ----------
    text : str
        As :func:`fold_coordinate` returns it.
    raw : str
        As the cell has it, for the message.

    Raises
    ------
    BadValueError
        They say the direction twice and not the same.

    Examples
    --------
    >>> marked("西经111.45", "西经111.45")
    Marked(text='111.45', axis='longitude', sign=-1)
    """
    told = []
    if before := _BEFORE.match(text):
        told.append(_WORDS[before[1]])
        text = text[before.end() :]
    if after := _AFTER.search(text):
        told.append(_WORDS[after[1]])
        text = text[: after.start()]
    signs = [sign for _, sign in told if sign]
    if text[:1] in {"+", "-"}:
        signs, text = [*signs, -1 if text[0] == "-" else 1], text[1:].strip()
        many = len(signs) > 1
    else:
        many = len(set(signs)) > 1
    axes = [axis for axis, _ in told]
    if many or len(set(axes)) > 1:
        raise TWO_MARKS.fault(text=raw, example="111.45E")
    return Marked(text, axes[0] if axes else None, signs[0] if signs else 0)
