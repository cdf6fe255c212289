"""A number with what people write around it: 约200, 200余, 1,200㎡, 0.3亩, 三百平方米."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from geo.core.errors import Proposal
from geo.core.messages import Remark, message
from geo.core.script import simplified
from geo.intake.cells.numerals import NUMERAL_SIGNS, chinese_number
from geo.intake.reading import Reading

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

ABOUT: Final = message(
    "amount_about",
    "「{text}」是约数，读作 {value}；有准数时请改正。",
    "'{text}' is approximate and was read as {value}; mend it when the figure is known.",
)
AT_LEAST: Final = message(
    "amount_at_least",
    "「{text}」读作 {value}，实际可能更多；有准数时请改正。",
    "'{text}' was read as {value}, and may be more; mend it when the figure is known.",
)
CONVERTED: Final = message(
    "amount_converted",
    "「{text}」换算为 {value} {unit}。",
    "'{text}' was converted to {value} {unit}.",
)
NUMERALS: Final = message(
    "amount_numerals", "「{text}」读作 {value}。", "'{text}' was read as {value}."
)
RANGE: Final = message(
    "amount_range",
    "「{text}」是一个范围，请填一个数；不知道就留空。",
    "'{text}' is a range; write one number, or leave the cell empty.",
)
SUM: Final = message(
    "amount_sum",
    "「{text}」是几个数相加，请填合计；若属于几处，请分行填写。",
    "'{text}' is a sum; write its total, or give each place a row.",
)
GROUPS: Final = message(
    "amount_grouping",
    "「{text}」里逗号的位置不是每三位一个，请核对后重新填写。",
    "The commas of '{text}' do not part thousands; check the figure.",
)
OTHER_UNIT: Final = message(
    "amount_other_unit",
    "「{text}」的单位与本列（{unit}）不符，请换算后只填数字。",
    "The unit of '{text}' is not that of the column ({unit}); convert it and write the number.",
)


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
        Of a float, with a remark where it is more than digits and the column's
        own unit: an approximation, a lower bound, another unit, Chinese numerals.

    Raises
    ------
    BadValueError
        It is a range, a sum, wrongly grouped, or of a unit that is not the column's;
        with a proposal where one is likely.

    Examples
    --------
    >>> read_amount("1,200㎡", "m²")
    Reading(value=1200.0, remark=None)
    >>> read_amount("0.3亩", "m²").value, read_amount("三百余平方米", "m²").remark.code
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
    return Reading(value, _remark(match, raw, value, unit, factor))


def _refuse_several(text: str, raw: str) -> None:
    """Raise where a text gives several numbers."""
    match = _RANGE.fullmatch(text)
    if match is not None:
        raise RANGE.fault(text=raw, proposal=Proposal(match[1], 0.5))
    if _SUM.fullmatch(text):
        total = sum(Fraction(part) for part in re.findall(_NUMBER, text.removesuffix("m2")))
        raise SUM.fault(text=raw, proposal=Proposal(f"{float(total):.10g}", 0.6))
    if _BAD_GROUPS.fullmatch(text) and not re.fullmatch(_GROUPED, text):
        raise GROUPS.fault(text=raw, proposal=Proposal(text.replace(",", ""), 0.5))


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
        raise OTHER_UNIT.fault(text=raw, unit=unit or "—")
    return factor


def _remark(
    match: re.Match[str], raw: str, value: float, unit: str, factor: Fraction
) -> Remark | None:
    shown = f"{value:.10g}"
    if match["more"] or match["before"] in _AT_LEAST or match["after"] in _AFTER_MORE:
        return AT_LEAST.remark(text=raw, value=shown)
    if match["before"] or match["after"]:
        return ABOUT.remark(text=raw, value=shown)
    if factor != 1:
        return CONVERTED.remark(text=raw, value=shown, unit=unit)
    if match["tens"] or not match["number"][0].isascii():
        return NUMERALS.remark(text=raw, value=shown)
    return None
