"""Numbers with what people write around them: 约200, 1,200㎡, 0.3亩, 三百平方米."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from geo.core.errors import Proposal
from geo.core.messages import Note
from geo.core.script import simplified
from geo.intake.cells.values import Reading
from geo.intake.sentences import message

_LONGEST: Final = 24
_DIGITS: Final = {
    sign: value
    for value, signs in enumerate(
        ("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for sign in signs
}
_SMALL: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_LARGE: Final = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}

NUMERAL_SIGNS: Final = frozenset("".join((*_DIGITS, *_SMALL, *_LARGE)))
"""Every sign that a numeral may have."""


def chinese_number(text: str) -> int | None:
    """Return the number that Chinese numerals write; None where they write none.

    Written are a number with its places (三百二十, 两千零五), or digit by digit
    (二〇二三). What a person would not write so, such as 百三 or 一一百, is none.

    Examples
    --------
    >>> [chinese_number(text) for text in ("三百", "一千二百五", "十二", "两万零三", "二〇二三")]
    [300, 1250, 12, 20003, 2023]
    >>> [chinese_number(text) for text in ("百三", "三十百", "一一百", "")]
    [None, None, None, None]
    """
    if not text or len(text) > _LONGEST or not set(text) <= NUMERAL_SIGNS:
        return None
    if set(text) <= set(_DIGITS):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total = 0
    last: int | None = None
    for unit, value in sorted(_LARGE.items(), key=lambda item: -item[1]):
        if unit not in text:
            continue
        before, _, text = text.partition(unit)
        part = _below_ten_thousand(before)
        if not part:
            return None
        total, last = total + part * value, value
    rest = _below_ten_thousand(text, last) if text else 0
    return None if rest is None else total + rest


def _below_ten_thousand(text: str, after: int | None = None) -> int | None:
    """Return a number of up to four places, which follows a larger one (``after``) or none.

    A digit that ends it is of the place below the last one named: 一百五 is 150,
    三万五 is 35,000; but 一百零五 is 105.
    """
    total, digit, last, zero = 0, None, after, False
    for number, sign in enumerate(text):
        if sign in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[sign] or None
            zero = zero or digit is None
            continue
        unit = _SMALL.get(sign, 0)
        # 十二 needs no 一 before it; no other place does without.
        if digit is None and (unit, number) != (10, 0):
            return None
        if not unit or (last is not None and unit >= last):
            return None
        total += (digit or 1) * unit
        digit, last, zero = None, unit, False
    if digit is None:
        return total if text else None
    return total + digit * (1 if zero or last is None else last // 10)


_NUMBER: Final = r"[0-9]{1,15}(?:\.[0-9]{1,12})?"
_GROUPED: Final = r"[0-9]{1,3}(?:[, ][0-9]{3}){1,4}(?:\.[0-9]{1,12})?"
_ABOUT: Final = ("大约", "约为", "大概", "约", "将近", "近", "~", "≈", "估计", "预计")
_AT_LEAST: Final = ("不少于", "不低于", "不小于", "至少", "超过", "超", "大于", ">=", "≥", ">")
_AFTER_ABOUT: Final = ("左右", "上下", "许")
_AFTER_MORE: Final = ("余", "多", "来", "以上", "+")
_TENS: Final[Mapping[str, int]] = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}

_UNITS: Final[Mapping[str, Mapping[str, Fraction]]] = {
    "m²": {
        **dict.fromkeys(("m2", "m^2", "平方米", "平米", "平方", "平", "方", "sqm"), Fraction(1)),
        "亩": Fraction(2_000, 3),
        **dict.fromkeys(("公顷", "ha"), Fraction(10_000)),
        **dict.fromkeys(("km2", "平方公里", "平方千米"), Fraction(1_000_000)),
    },
    "m": {
        **dict.fromkeys(("m", "米", "延米"), Fraction(1)),
        **dict.fromkeys(("km", "公里", "千米"), Fraction(1_000)),
    },
    "人": dict.fromkeys(("人", "名", "口", "位"), Fraction(1)),
    "": {"%": Fraction(1, 100)},
}
"""By a column's unit, what stands after a number and what it is in that unit."""

_EVERY_UNIT: Final = tuple(
    sorted({word for words in _UNITS.values() for word in words}, key=len, reverse=True)
)


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_AMOUNT: Final = re.compile(
    rf"(?P<before>{_any_of(_ABOUT + _AT_LEAST)})?"
    rf"(?P<number>{_GROUPED}|{_NUMBER}|[{''.join(sorted(NUMERAL_SIGNS))}半]{{1,24}}?)"
    rf"(?P<tens>{_any_of(tuple(_TENS))})?"
    rf"(?P<more>{_any_of(_AFTER_MORE)})?"
    rf"(?P<unit>{_any_of(_EVERY_UNIT)})?"
    rf"(?P<after>{_any_of(_AFTER_ABOUT + _AFTER_MORE)})?"
)
_RANGE: Final = re.compile(
    rf"({_NUMBER})(?:m2|平方米)?(?:-|~|—|–|至|到)({_NUMBER})(?:m2|平方米|人)?"
)
_SUM: Final = re.compile(rf"{_NUMBER}(?:\+{_NUMBER}){{1,9}}(?:m2|平方米|人)?")
_BAD_GROUPS: Final = re.compile(r"[0-9]{1,9}(?:,[0-9]{1,9}){1,4}(?:\.[0-9]{1,12})?")
# As half-width digits ① is 1 and 10² is 102; a unit's own ² stands behind a letter.
_ODD_DIGIT: Final = re.compile(r"[①-⓿❶-➓⁰¹⁴-₉¼-¾⅐-↉]|[0-9０-９][²³]")
_MAX_LENGTH: Final = 60

ABOUT: Final = message("cells.amount_about")
AT_LEAST: Final = message("cells.amount_at_least")
CONVERTED: Final = message("cells.amount_converted")
NUMERALS: Final = message("cells.amount_numerals")
RANGE: Final = message("cells.amount_range")
SUM: Final = message("cells.amount_sum")
GROUPS: Final = message("cells.amount_grouping")
OTHER_UNIT: Final = message("cells.amount_other_unit")


def read_amount(raw: str, unit: str) -> Reading | None:
    """Return the amount that a text gives, in a column's unit; None where it is none.

    Parameters
    ----------
    raw : str
        The cell.
    unit : {"m²", "m", "人", ""}
        Of the column. 1 亩 is one fifteenth of a hectare.

    Returns
    -------
    Reading or None
        Of a float, with a note where it is more than digits and the column's
        own unit: an approximation, a lower bound, another unit, Chinese numerals.

    Raises
    ------
    BadValueError
        It is a range, a sum, wrongly grouped, or of a unit that is not the column's;
        with a proposal where one is likely.

    Examples
    --------
    >>> read_amount("1,200㎡", "m²")
    Reading(value=1200.0, note=None)
    >>> read_amount("0.3亩", "m²").value, read_amount("三百余平方米", "m²").note.code
    (200.0, 'amount_at_least')
    >>> read_amount("很大", "m²") is None
    True
    """
    text = (
        "".join(simplified(unicodedata.normalize("NFKC", raw)).split()).lower().replace("，", ",")
    )
    if not text or len(text) > _MAX_LENGTH or _ODD_DIGIT.search(raw):
        return None
    _refuse_several(text, raw)
    # Spaces between thousands are lost above; those of other places make two numbers of one.
    if re.search(r"[0-9] +[0-9]", raw) and not re.fullmatch(_GROUPED, raw.strip()):
        return None
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    number = _number(match["number"], match["tens"])
    if number is None:
        return None
    factor = _factor(match["unit"], unit, raw)
    value = float(number * factor)
    return Reading(value, _note(match, raw, value, unit, factor))


def _refuse_several(text: str, raw: str) -> None:
    """Raise where a text gives several numbers."""
    match = _RANGE.fullmatch(text)
    if match is not None:
        raise RANGE.error(text=raw, proposal=Proposal(match[1], 0.5))
    if _SUM.fullmatch(text):
        total = sum(Fraction(part) for part in re.findall(_NUMBER, text.removesuffix("m2")))
        raise SUM.error(text=raw, proposal=Proposal(f"{float(total):.10g}", 0.6))
    if _BAD_GROUPS.fullmatch(text) and not re.fullmatch(_GROUPED, text):
        raise GROUPS.error(text=raw, proposal=Proposal(text.replace(",", ""), 0.5))


def _number(digits: str, tens: str | None) -> Fraction | None:
    if digits == "半":
        return Fraction(1, 2) * _TENS.get(tens or "", 1)
    if digits[0].isdigit() and digits[0].isascii():
        return Fraction(digits.replace(",", "")) * _TENS.get(tens or "", 1)
    # 三百 ends in a place that the pattern may have taken for 百 after 三.
    whole = chinese_number(digits + (tens or ""))
    return None if whole is None else Fraction(whole)


def _factor(written: str | None, unit: str, raw: str) -> Fraction:
    if written is None:
        return Fraction(1)
    factor = _UNITS.get(unit, {}).get(written)
    if factor is None:
        raise OTHER_UNIT.error(text=raw, unit=unit or "—")
    return factor


def _note(match: re.Match[str], raw: str, value: float, unit: str, factor: Fraction) -> Note | None:
    shown = f"{value:.10g}"
    if match["more"] or match["before"] in _AT_LEAST or match["after"] in _AFTER_MORE:
        return AT_LEAST.note(text=raw, value=shown)
    if match["before"] or match["after"]:
        return ABOUT.note(text=raw, value=shown)
    if factor != 1:
        return CONVERTED.note(text=raw, value=shown, unit=unit)
    if match["tens"] or not match["number"][0].isascii():
        return NUMERALS.note(text=raw, value=shown)
    return None
