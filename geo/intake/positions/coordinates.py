"""A cell that holds a longitude or a latitude, or both, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from geo.core.errors import BadValueError, Proposal
from geo.core.messages import Remark, Unreadable, message
from geo.intake.positions.coordinate_words import Axis, fold_coordinate, marked
from geo.intake.reading import Reading
from geo.intake.rows import Raw, is_blank

UNREADABLE: Final = message(
    "coordinate_unreadable",
    "「{text}」不是坐标。请填度数，如 {example}；不知道就留空。",
    "'{text}' is not a coordinate; write degrees, as {example}, or leave it empty.",
)
DECIMAL_COMMA: Final = message(
    "coordinate_decimal_comma",
    "「{text}」里的小数点写成了别的符号，是否为 {value}？请用半角小数点「.」重新填写。",
    "'{text}' has another sign for its decimal point; is it {value}? Write it with a point.",
)
OVER_SIXTY: Final = message(
    "coordinate_over_sixty",
    "「{text}」的{unit_zh}是 {value}，应小于 60，请核对。",
    "'{text}' has {value} {unit_en}; they are below 60.",
)
OVER_RANGE: Final = message(
    "coordinate_over_range",
    "「{text}」标为{axis_zh}，但{axis_zh}不超过 {limit} 度，请核对方位字母或数值。",
    "'{text}' is marked as {axis_en}, which is at most {limit} degrees; check letter and figure.",
)
OTHER_AXIS: Final = message(
    "coordinate_other_axis",
    "「{text}」标为{axis_zh}，却填在另一列，按 {value} 度读取；两列可能填反了，请核对。",
    "'{text}' is marked as {axis_en} but stands in the other column; read as {value} degrees.",
)
DEGREES_AND_MINUTES: Final = message(
    "coordinate_degrees_minutes",
    "「{text}」按 {degrees} 度 {minutes} 分读取。",
    "'{text}' was read as {degrees} degrees {minutes} minutes.",
)
THOUSANDS: Final = message(
    "coordinate_thousands",
    "「{text}」去掉千位分隔符，读作 {value}。",
    "'{text}' was read as {value}, without the signs between the thousands.",
)
TIME_OF_DAY: Final = message(
    "coordinate_time",
    "表格软件把度分秒当成了时间「{text}」，按 {value} 度读取；请把该列设为文本格式。",
    "The sheet took degrees for the time '{text}'; read as {value} degrees. Format it as text.",
)

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
    the numbers then mean together is asked by :func:`geo.intake.positions.arranging.arrange`.

    Parameters
    ----------
    raw : Raw
        The cell as its format gave it.
    axis : {"longitude", "latitude"}
        What its column is headed.

    Returns
    -------
    Reading
        Of a float, or None where the cell says nothing; with a remark where the
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
        raise raw.fault()
    if isinstance(raw, str):
        return _read_text(raw, axis)
    if isinstance(raw, timedelta):
        degrees = raw.total_seconds() / 3600
        return Reading(degrees, TIME_OF_DAY.remark(text=str(raw), value=f"{degrees:.8g}"))
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
    except BadValueError as fault:
        # Two halves of which one is at fault are a pair all the same.
        return fault.code in {OVER_SIXTY.code, DECIMAL_COMMA.code}


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
    value, remark = found
    said = told.axis or axis
    limit, zh = _LIMITS[said], _AXIS_ZH[said]
    if told.axis and told.sign and value > limit:
        raise OVER_RANGE.fault(text=raw, limit=limit, axis_zh=zh, axis_en=said)
    value *= told.sign or 1
    if said != axis:
        remark = OTHER_AXIS.remark(text=raw, value=f"{value:.8g}", axis_zh=zh, axis_en=said)
    return Reading(value, remark)


def _number(text: str, raw: str, axis: Axis) -> tuple[float, Remark | None] | None:
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
        raise DECIMAL_COMMA.fault(text=raw, value=value, proposal=Proposal(value, 0.9))
    if _THOUSANDS.fullmatch(text):
        value = text.replace(",", "")
        return float(value), THOUSANDS.remark(text=raw, value=value)
    return None


def _bare(parts: re.Match[str], raw: str) -> tuple[float, Remark | None] | None:
    if parts[4]:
        return _sexagesimal(parts[1], parts[3], parts[4], raw)
    found = _sexagesimal(parts[1], parts[3], None, raw) if parts[2] != "-" else None
    if found is None:
        return None
    return found[0], DEGREES_AND_MINUTES.remark(text=raw, degrees=parts[1], minutes=parts[3])


def _sexagesimal(
    degrees: str, minutes: str, seconds: str | None, raw: str
) -> tuple[float, None] | None:
    """Return degrees, or None where a part that is divided further is no whole number."""
    if "." in degrees or (seconds and "." in minutes) or int(degrees) > _LIMITS["longitude"]:
        return None
    for value, zh, en in ((minutes, "分", "minutes"), (seconds or "0", "秒", "seconds")):
        if float(value) >= _SIXTY:
            raise OVER_SIXTY.fault(text=raw, value=value, unit_zh=zh, unit_en=en)
    # Divided once, so that 27′ and 1620″ come to the same float.
    total = int(degrees) * 3600 + float(minutes) * 60 + float(seconds or 0)
    return total / 3600, None


def _unreadable(raw: Raw, axis: Axis) -> BadValueError:
    return UNREADABLE.fault(text=str(raw), example=_EXAMPLES[axis])
