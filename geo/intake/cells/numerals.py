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
    last = 10**12
    for unit, value in sorted(_LARGE.items(), key=lambda item: -item[1]):
        if unit not in text:
            continue
        before, _, text = text.partition(unit)
        part = _below_ten_thousand(before)
        if not part or value >= last:
            return None
        total, last = total + part * value, value
    rest = _below_ten_thousand(text, after=last) if text else 0
    return None if rest is None else total + rest


def _below_ten_thousand(text: str, after: int = 0) -> int | None:
    """Return a number of up to four places; a digit alone after a place is of the next."""
    total, digit, last = 0, None, 10_000
    zero = False
    for number, sign in enumerate(text):
        if sign in _SMALL:
            unit = _SMALL[sign]
            # 十二 needs no 一 before it; no other place does without.
            if digit is None and not (unit == 10 and number == 0):  # noqa: PLR2004
                return None
            if unit >= last:
                return None
            total += (1 if digit is None else digit) * unit
            digit, last, zero = None, unit, False
        elif sign in _DIGITS:
            if digit is not None:
                return None
            if _DIGITS[sign] == 0:
                zero = True
            else:
                digit = _DIGITS[sign]
        else:
            return None
    if digit is None:
        return total if total or text else None
    # 一百五 is 150, 一百零五 is 105; 三万五 is 35,000.
    place = 1 if zero or (last == 10_000 and not after) else min(last, after or last) // 10  # noqa: PLR2004
    if last == 10_000 and 0 < after < 10**12 and not zero:  # noqa: PLR2004
        place = after // 10
    return total + digit * place
