"""Chinese numerals: 三百, 一千二百五十, 两万, 壹佰贰拾, 二〇二三."""

from __future__ import annotations

from typing import Final

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
