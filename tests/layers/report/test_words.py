"""Figures, lists and names in the words of a report."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.vocabulary import Caliber, Group, Mode
from layers.report.words import (
    NONE,
    ReportWords,
    at_least,
    no_more,
    pending,
    share,
    short,
    tenths,
    whole,
)

ZH, EN = ReportWords("zh"), ReportWords("en")


@pytest.mark.parametrize(
    ("value", "without", "one"),
    [(0, "0", "0.0"), (0.04, "0", "0.0"), (2546.6, "2,547", "2,546.6"), (None, NONE, NONE)],
)
def test_numbers(value: float | None, without: str, one: str) -> None:
    assert (whole(value), tenths(value)) == (without, one)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0.0%"), (0.5, "50.0%"), (0.99949, "99.9%"), (0.99999, "99.9%"), (1.0, "100.0%"),
     (1.25, "125.0%"), (None, NONE)],
)  # fmt: skip
def test_shares(value: float | None, shown: str) -> None:
    assert share(value) == shown


@given(st.floats(0, 1, exclude_max=True))
def test_what_is_not_all_is_never_shown_as_all(value: float) -> None:
    assert share(value) != "100.0%"


@pytest.mark.parametrize(
    ("figure", "is_bound", "table", "upper", "zh", "en"),
    [
        ("3,250", True, "≥3,250", "≤3,250", "不低于 3,250", "at least 3,250"),
        ("3,250", False, "3,250", "3,250", "3,250", "3,250"),
        (NONE, True, NONE, NONE, NONE, NONE),
        ("0", True, "≥0", "0", "不低于 0", "at least 0"),
    ],
)
def test_bounds(figure: str, is_bound: bool, table: str, upper: str, zh: str, en: str) -> None:
    assert at_least(figure, is_bound) == table
    assert no_more(figure, is_bound) == upper
    assert (ZH.bounded(figure, is_bound), EN.bounded(figure, is_bound)) == (zh, en)


def test_what_is_missing_is_an_upper_bound() -> None:
    assert (ZH.at_most("70", True), EN.at_most("70", True)) == ("至多 70", "at most 70")
    assert (ZH.at_most("70", False), EN.at_most(NONE, True)) == ("70", NONE)


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [
        ([], "", ""),
        (["甲"], "甲", "甲"),
        (["甲", "乙"], "甲、乙", "甲, 乙"),
        (["甲", "乙", "丙"], "甲、乙等 3 个", "甲, 乙 and 1 more"),
        (["甲"] * 12, "甲、甲等 12 个", "甲, 甲 and 10 more"),
    ],
)
def test_chinese_lists_say_how_many_and_english_ones_how_many_more(
    names: list[str], zh: str, en: str
) -> None:
    assert (ZH.listed(names, most=2), EN.listed(names, most=2)) == (zh, en)


def test_terms_and_targets() -> None:
    assert (ZH.term(Mode, "foot"), EN.term(Mode, "foot")) == ("步行", "on foot")
    assert ZH.term(Caliber, "B").startswith("B")
    assert ZH.target({"kind": "library", "group": "public_venue"}) == "图书馆/书苑"
    group = EN.term(Group, "hall")
    assert EN.target({"kind": None, "group": "hall"}) == f"any of {group.lower()}"
    assert ZH.target({"kind": None, "group": "hall"}) == "任一科普展馆"


def test_within_a_sentence_english_has_no_capitals() -> None:
    assert (ZH.within("GCJ-02 图"), EN.within("By Car")) == ("GCJ-02 图", "by car")


def test_a_record_speaks_its_own_language() -> None:
    row: dict[str, Any] = {"zh": "甲", "en": "A", "unit_zh": "个", "unit_en": "sites"}
    assert (ZH.of(row), EN.of(row), ZH.of(row, "unit"), EN.of(row, "unit")) == (
        "甲", "A", "个", "sites"
    )  # fmt: skip


def test_the_public_is_not_told_what_is_pending() -> None:
    assert pending({"pending_count": 0}, ZH) == "0 处待核"
    assert pending({"pending_count": 3}, EN) == "3 wait for verification"
    assert pending({"pending_count": None}, EN) == "others (not listed for the public) are pending"


@pytest.mark.parametrize(
    ("name", "most", "shown"),
    [
        ("城东街道", 4, "城东街道"),
        ("城东街道办", 4, "城东街…"),
        ("Library", 4, "Library"),
        ("Library of Caie", 4, "Librar…"),
        ("a" * 8, 4, "a" * 8),
        ("（１）展厅展厅", 4, "（１）…"),
        ("", 4, ""),
    ],
)
def test_a_name_is_cut_by_its_width(name: str, most: int, shown: str) -> None:
    """A Latin letter is half as wide as a Chinese character."""
    assert short(name, most) == shown


@given(st.text(max_size=60), st.integers(2, 20))
def test_a_cut_name_begins_as_the_name_does(name: str, most: int) -> None:
    cut = short(name, most)
    assert cut == name or (cut.endswith("…") and name.startswith(cut[:-1]))
    assert len(cut) <= 2 * most
