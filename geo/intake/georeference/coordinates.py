"""A cell that holds a longitude or a latitude, or both, as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from geo.core.errors import BadValueError, Proposal
from geo.core.messages import Note, Unreadable
from geo.core.script import simplified
from geo.intake.cells.values import Reading
from geo.intake.formats.parts import Raw, is_blank
from geo.intake.sentences import message

Axis = Literal["longitude", "latitude"]

MAX_CHARACTERS: Final = 120
"""Of one cell; more is no position and is not looked into."""

TWO_MARKS: Final = message("georeference.coordinate_two_marks")
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
        raise TWO_MARKS.error(text=raw, example="111.45E")
    return Marked(text, axes[0] if axes else None, signs[0] if signs else 0)


UNREADABLE: Final = message("georeference.coordinate_unreadable")
DECIMAL_COMMA: Final = message("georeference.coordinate_decimal_comma")
OVER_SIXTY: Final = message("georeference.coordinate_over_sixty")
OVER_RANGE: Final = message("georeference.coordinate_over_range")
OTHER_AXIS: Final = message("georeference.coordinate_other_axis")
DEGREES_AND_MINUTES: Final = message("georeference.coordinate_degrees_minutes")
THOUSANDS: Final = message("georeference.coordinate_thousands")
TIME_OF_DAY: Final = message("georeference.coordinate_time")

_EXAMPLES: Final = {"longitude": "111.4522", "latitude": "27.2345"}
_AXIS_ZH: Final = {"longitude": "经度", "latitude": "纬度"}
_LIMITS: Final = {"longitude": 180, "latitude": 90}
_SIXTY: Final = 60
_GREATEST: Final = 1e9

_N: Final = r"([0-9]{1,9}(?:\.[0-9]{1,20})?)"
_PLAIN: Final = re.compile(rf"{_N} ?(?:°|度|deg|米|m)?")
_SIGNED_PARTS: Final = re.compile(rf"""{_N} ?[°度] ?{_N} ?(?:['分](?: ?{_N} ?["秒]?)?)?""")
_BARE_PARTS: Final = re.compile(rf"{_N}( |-|:){_N}(?:\2{_N})?")
_DECIMAL_COMMA: Final = re.compile(r"([0-9]{1,3}) ?[,。、] ?([0-9]{1,20}) ?[°度]?")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,20})?")
_BRACKETS: Final = re.compile(r"(?:point ?)?[(\[{【](.*)[)\]}】]")
_LEAD: Final = re.compile(r"(?:经纬度|坐标|位置|gps) ?[:=]? ?")
_NO_HEIGHT: Final = re.compile(r"([^,]*,[^,]*), ?0(?:\.0*)?")
_BOUNDARIES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r" ?[;|\n\t] ?",
        r" ?[,、/] ?",
        r" ",
        r"(?=东经|西经|北纬|南纬|经度|纬度|[ewns])",
    )
)


def read_coordinate(raw: Raw, axis: Axis) -> Reading:
    """Return the number that a cell gives for a longitude or a latitude.

    Degrees, degrees and minutes, or degrees, minutes and seconds come back as
    degrees, negative in the west and south; projected metres as they stand. What
    the numbers then mean together is asked by :func:`geo.intake.georeference.axes.arrange`.

    Parameters
    ----------
    raw : Raw
        The cell as its format gave it.
    axis : {"longitude", "latitude"}
        What its column is headed.

    Returns
    -------
    Reading
        Of a float, or None where the cell says nothing; with a note where the
        meaning was not plain: bare degrees and minutes, thousands, the other axis.

    Raises
    ------
    BadValueError
        It is no coordinate, or one that contradicts itself; the error has no place yet.

    Examples
    --------
    >>> read_coordinate("东经111°27′9″", "longitude").value
    111.4525
    >>> read_coordinate("27.2345N", "latitude").value, read_coordinate(500000, "longitude").value
    (27.2345, 500000.0)
    >>> read_coordinate("111°60′", "longitude")
    Traceback (most recent call last):
    geo.core.errors.BadValueError: 「111°60′」的分是 60，应小于 60，请核对。
    """
    if is_blank(raw):
        return Reading(None)
    if isinstance(raw, Unreadable):
        raise raw.error()
    if isinstance(raw, str):
        return _read_text(raw, axis)
    if isinstance(raw, timedelta):
        degrees = raw.total_seconds() / 3600
        return Reading(degrees, TIME_OF_DAY.note(text=str(raw), value=f"{degrees:.8g}"))
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < _GREATEST:
        raise _unreadable(raw, axis)
    return Reading(float(raw))


def split_pair(raw: Raw) -> tuple[str, str] | None:
    r"""Return the two coordinates of a cell that holds both, in half-width text.

    Parameters
    ----------
    raw : Raw
        Such as ``111.45,27.23``, ``东经111.45 北纬27.23`` or ``POINT (111.45 27.23)``.

    Returns
    -------
    tuple of str, or None
        Each for :func:`read_coordinate`; the longitude first where words or letters
        say which it is, otherwise as they stand. None where the cell is not plainly
        two coordinates.

    Examples
    --------
    >>> split_pair("(27.23，111.45)"), split_pair("27°14′2″N 111°27′8″E")
    (('27.23', '111.45'), ('111°27\'8"e', '27°14\'2"n'))
    >>> split_pair("大祥区百春园路12号")
    """
    text = fold_coordinate(raw) if isinstance(raw, str) else None
    if not text:
        return None
    text = _LEAD.sub("", text, count=1)
    bracketed = _BRACKETS.fullmatch(text)
    text = bracketed[1].strip() if bracketed else text
    level = _NO_HEIGHT.fullmatch(text)
    text = level[1] if level else text
    for boundary in _BOUNDARIES:
        pairs = list(_pairs(text, boundary))
        if pairs:
            return _longitude_first(pairs[0]) if len(pairs) == 1 else None
    return None


def _pairs(text: str, boundary: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for match in boundary.finditer(text):
        first, second = text[: match.start()].strip(), text[match.end() :].strip()
        whole = f"{first}{second}".isdigit() and max(len(first), len(second)) <= len("180")
        # 111,45 is as likely a decimal comma, and whole degrees are no position.
        if not whole and _is_coordinate(first) and _is_coordinate(second):
            yield first, second


def _is_coordinate(text: str) -> bool:
    try:
        told = marked(text, text)
        return _number(told.text, text, told.axis or "longitude") is not None
    except BadValueError as error:
        # Two halves of which one is wrong are a pair all the same.
        return error.code in {OVER_SIXTY.code, DECIMAL_COMMA.code}


def _longitude_first(pair: tuple[str, str]) -> tuple[str, str]:
    first, second = (marked(text, text).axis for text in pair)
    swapped = first == "latitude" != second or second == "longitude" != first
    return (pair[1], pair[0]) if swapped else pair


def _read_text(raw: str, axis: Axis) -> Reading:
    text = fold_coordinate(raw)
    if text is None:
        raise _unreadable(raw, axis)
    told = marked(text, raw)
    found = _number(told.text, raw, axis)
    if found is None:
        raise _unreadable(raw, axis)
    value, note = found
    said = told.axis or axis
    limit, zh = _LIMITS[said], _AXIS_ZH[said]
    if told.axis and told.sign and value > limit:
        raise OVER_RANGE.error(text=raw, limit=limit, axis_zh=zh, axis_en=said)
    value *= told.sign or 1
    if said != axis:
        note = OTHER_AXIS.note(text=raw, value=f"{value:.8g}", axis_zh=zh, axis_en=said)
    return Reading(value, note)


def _number(text: str, raw: str, axis: Axis) -> tuple[float, Note | None] | None:
    """Return an unsigned number and what is to be said of it, None where there is none."""
    if plain := _PLAIN.fullmatch(text):
        return float(plain[1]), None
    if parts := _SIGNED_PARTS.fullmatch(text):
        return _sexagesimal(parts[1], parts[2], parts[3], raw)
    if parts := _BARE_PARTS.fullmatch(text):
        return _bare(parts, raw)
    comma = _DECIMAL_COMMA.fullmatch(text)
    if comma and int(comma[1]) <= _LIMITS[axis]:
        value = f"{comma[1]}.{comma[2]}"
        raise DECIMAL_COMMA.error(text=raw, value=value, proposal=Proposal(value, 0.9))
    if _THOUSANDS.fullmatch(text):
        value = text.replace(",", "")
        return float(value), THOUSANDS.note(text=raw, value=value)
    return None


def _bare(parts: re.Match[str], raw: str) -> tuple[float, Note | None] | None:
    if parts[4]:
        return _sexagesimal(parts[1], parts[3], parts[4], raw)
    found = _sexagesimal(parts[1], parts[3], None, raw) if parts[2] != "-" else None
    if found is None:
        return None
    return found[0], DEGREES_AND_MINUTES.note(text=raw, degrees=parts[1], minutes=parts[3])


def _sexagesimal(
    degrees: str, minutes: str, seconds: str | None, raw: str
) -> tuple[float, None] | None:
    """Return degrees, or None where a part that is divided further is no whole number."""
    if "." in degrees or (seconds and "." in minutes) or int(degrees) > _LIMITS["longitude"]:
        return None
    for value, zh, en in ((minutes, "分", "minutes"), (seconds or "0", "秒", "seconds")):
        if float(value) >= _SIXTY:
            raise OVER_SIXTY.error(text=raw, value=value, unit_zh=zh, unit_en=en)
    # Divided once, so that 27′ and 1620″ come to the same float.
    total = int(degrees) * 3600 + float(minutes) * 60 + float(seconds or 0)
    return total / 3600, None


def _unreadable(raw: Raw, axis: Axis) -> BadValueError:
    return UNREADABLE.error(text=str(raw), example=_EXAMPLES[axis])
