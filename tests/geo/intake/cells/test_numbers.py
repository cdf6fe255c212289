"""Amounts as offices write them, worked out by hand."""

from __future__ import annotations

from contextlib import suppress

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError
from geo.intake.cells.numbers import chinese_number, read_amount


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("200", 200, None), ("１２０．５", 120.5, None), ("1,200㎡", 1200, None),
        ("1，200", 1200, None),
        ("1 200", 1200, None), ("1,234,567.5 平方米", 1_234_567.5, None), ("200 m2", 200, None),
        ("200M²", 200, None), ("200平", 200, None), ("约200", 200, "amount_about"),
        ("大约 200 ㎡", 200, "amount_about"), ("200左右", 200, "amount_about"),
        ("近200平方米", 200, "amount_about"), ("~200", 200, "amount_about"),
        ("200余", 200, "amount_at_least"), ("200多平方米", 200, "amount_at_least"),
        ("200+", 200, "amount_at_least"), ("200㎡以上", 200, "amount_at_least"),
        ("不少于200", 200, "amount_at_least"), ("≥200", 200, "amount_at_least"),
        ("超过200", 200, "amount_at_least"), ("三百余平方米", 300, "amount_at_least"),
        ("0.3亩", 200, "amount_converted"), ("3亩", 2_000, "amount_converted"),
        ("1.2公顷", 12_000, "amount_converted"), ("0.01km²", 10_000, "amount_converted"),
        ("三百平方米", 300, "amount_numerals"), ("1.5万", 15_000, "amount_numerals"),
        ("2万平方米", 20_000, "amount_numerals"), ("壹佰贰拾", 120, "amount_numerals"),
        ("约三百", 300, "amount_about"),
    ],
)  # fmt: skip
def test_areas(text: str, value: float, code: str | None) -> None:
    found = read_amount(text, "m²")
    assert found is not None
    assert found.value == pytest.approx(value, rel=1e-12)
    assert (found.note.code if found.note else None) == code


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("50米", "m", 50), ("1.2公里", "m", 1_200), ("3.6万人", "人", 36_000), ("5千", "人", 5_000),
     ("50%", "", 0.5), ("两千零五人", "人", 2_005)],
)  # fmt: skip
def test_other_units(text: str, unit: str, value: float) -> None:
    found = read_amount(text, unit)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "code", "proposal"),
    [
        ("200-300", "amount_range", "200"), ("200至300㎡", "amount_range", "200"),
        ("200~300", "amount_range", "200"), ("200+100", "amount_sum", "300"),
        ("200+100+0.5㎡", "amount_sum", "300.5"), ("12,00", "amount_grouping", "1200"),
        ("50%", "amount_other_unit", None), ("200米", "amount_other_unit", None),
        ("200人", "amount_other_unit", None),
    ],
)  # fmt: skip
def test_what_is_asked_about(text: str, code: str, proposal: str | None) -> None:
    with pytest.raises(BadValueError) as caught:
        read_amount(text, "m²")
    assert caught.value.code == code
    assert (caught.value.proposal.value if caught.value.proposal else None) == proposal


@pytest.mark.parametrize(
    "text",
    ["很大", "300（含室外100）", "一楼200二楼100", "1e3", "nan", "inf", "1_000", "0x10", "--1",
     "1.", ".5", "1 2", "١٢", "", "约", "平方米", "万", "2" * 40, "10²", "①200", "½亩",
     "约" * 10_000, "1," * 5_000],
)  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    assert read_amount(text, "m²") is None


@given(st.text(max_size=80))
def test_any_text_is_an_amount_or_none_or_asked_about(text: str) -> None:
    with suppress(BadValueError):
        found = read_amount(text, "m²")
        assert found is None or isinstance(found.value, float)


@given(st.integers(0, 10**12))
def test_grouping_changes_nothing(number: int) -> None:
    for text in (str(number), f"{number:,}", f"{number:,} 平方米"):
        found = read_amount(text, "m²")
        assert found is not None
        assert (found.value, found.note) == (float(number), None)


_DIGITS = "零一二三四五六七八九"


def _written(number: int) -> str:
    """Write a number below ten thousand as people do, place by place."""
    text, gap = "", False
    for place, unit in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + unit
        gap = not digit
    return text or "零"


@given(st.integers(0, 9_999), st.integers(1, 9_999))
def test_numerals_are_read_as_they_are_written(small: int, large: int) -> None:
    assert chinese_number(_written(small)) == small
    rest = "" if not small else ("零" if small < 1_000 else "") + _written(small)
    assert chinese_number(f"{_written(large)}万{rest}") == large * 10_000 + small


@pytest.mark.parametrize(
    ("text", "number"),
    [("三万五", 35_000), ("一千二", 1_200), ("一百五", 150), ("十二", 12), ("两百", 200), ("〇", 0),
     ("二〇二三", 2023), ("百三", None), ("三十百", None), ("一一百", None), ("万", None),
     ("三x", None)],
)  # fmt: skip
def test_numerals_by_hand(text: str, number: int | None) -> None:
    assert chinese_number(text) == number


@given(st.integers(0, 10**12 - 1))
def test_numerals_agree_with_a_kept_library(number: int) -> None:
    for how in ("low", "up"):
        assert chinese_number(cn2an.an2cn(number, how)) == number
