"""Cells of every kind of column, as people fill them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError, InputError, Proposal, UnknownTermError
from geo.core.schema import FACILITIES, POPULATION, Column
from geo.intake.cells.cell import read_cell

AREA, OPEN, RUN = (FACILITIES[n] for n in ("exhibition_area_m2", "open_to_public", "district_run"))
KIND, LEVEL, SINCE = (FACILITIES[name] for name in ("kind", "level", "opened_on"))
STATUS = FACILITIES["status"]
NAME, NOTE, RATIO = (FACILITIES[name] for name in ("name", "note", "shared_use_ratio"))
PEOPLE = POPULATION["population"]


@pytest.mark.parametrize("raw", ["/", "—", "--", "——", "／", "－", "*", "…"])
@pytest.mark.parametrize("column", [AREA, OPEN, LEVEL, SINCE, NOTE, PEOPLE])
def test_signs_for_nothing_are_silent(raw: str, column: Column) -> None:
    found = read_cell(raw, column)
    assert (found.value, found.note) == (None, None)


@pytest.mark.parametrize("raw", ["无", "暂无", "不详", "N/A", "未知", "待定"])
@pytest.mark.parametrize("column", [AREA, SINCE, PEOPLE])
def test_words_for_nothing_are_told(raw: str, column: Column) -> None:
    found = read_cell(raw, column)
    assert found.value is None
    assert found.note is not None
    assert found.note.code == "cell_blank_word"


def test_words_for_nothing_mean_other_things_elsewhere() -> None:
    assert read_cell("无", OPEN).value is False
    assert read_cell("无", NOTE).value == "无"
    assert read_cell("无", LEVEL).value == "none"
    assert read_cell("/", NAME).value == "/", "a name that must be there is not thrown away"


@pytest.mark.parametrize(
    ("raw", "column", "value"),
    [
        ("√", OPEN, True), ("对", OPEN, True), ("Y", OPEN, True), ("×", OPEN, False),
        ("未", OPEN, False), ("免费开放", OPEN, True), ("不对外开放", OPEN, False),
        ("区属", RUN, True), ("非区属", RUN, False), ("50%", RATIO, 0.5),
        ("3.6万人", PEOPLE, 36_000),
        ("约1,200㎡", AREA, 1_200.0), (120, AREA, 120.0),
    ],
)  # fmt: skip
def test_values(raw: Any, column: Column, value: Any) -> None:
    assert read_cell(raw, column).value == value


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("党群服务中心（站）", "party_service_centre"),
        ("罗市镇某村党群服务中心", "party_service_centre"),
        ("新时代文明实践站", "civilization_practice"), ("城南社区日间照料中心", "elderly_day_care"),
        ("大祥区图书馆", "library"), ("圖書館", "library"), ("儿童之家", "childrens_home"),
    ],
)  # fmt: skip
def test_kinds_in_free_words(raw: str, kind: str) -> None:
    assert read_cell(raw, KIND).value == kind


@pytest.mark.parametrize(
    ("raw", "column", "proposal"),
    [
        ("未关闭", STATUS, "已关闭"), ("拟建科技馆", KIND, "科技馆"),
        ("科技馆筹备处", KIND, "科技馆"), ("原图书馆", KIND, "图书馆"),
    ],
)  # fmt: skip
def test_a_word_that_is_denied_or_goes_on_is_only_proposed(
    raw: str, column: Column, proposal: str
) -> None:
    with pytest.raises(UnknownTermError) as caught:
        read_cell(raw, column)
    assert caught.value.code in ("term_likely", "")
    if caught.value.proposal is not None:
        assert proposal[-2:] in caught.value.proposal.value


@pytest.mark.parametrize(
    ("raw", "status", "share"),
    [
        ("筹建", "规划", 0.8), ("籌建中", "规划", 0.8), ("建设中", "在建", 0.8),
        ("开放", "运行中", 0.8), ("试运行", "运行中", 0.6), ("闭馆", "暂停", 0.5),
        ("已撤銷", "关闭", 0.8),
    ],
)  # fmt: skip
def test_what_offices_write_for_a_status_is_proposed(raw: str, status: str, share: float) -> None:
    with pytest.raises(UnknownTermError) as caught:
        read_cell(raw, STATUS)
    assert caught.value.code == "term_likely"
    assert caught.value.proposal == Proposal(status, share)


def test_a_word_that_is_nearly_a_term_is_proposed() -> None:
    with pytest.raises(UnknownTermError) as caught:
        read_cell("科技棺", KIND)
    assert caught.value.proposal == Proposal("科技馆", 0.6)


@pytest.mark.parametrize("raw", ["独用", "獨用", "共用"])
def test_a_word_of_another_question_is_sent_to_its_column(raw: str) -> None:
    assert read_cell(raw, FACILITIES["shared_use"]).value is (raw == "共用")
    with pytest.raises(BadValueError, match="应填在「是否共用场地」一列") as caught:
        read_cell(raw, OPEN)
    assert caught.value.code == "cell_other_question"


def test_a_cell_with_several_kinds_is_asked_about() -> None:
    with pytest.raises(UnknownTermError) as caught:
        read_cell("图书馆和儿童之家", KIND)
    assert caught.value.code == "term_several"


@pytest.mark.parametrize(("raw", "column"), [("开放", RUN), ("也许", OPEN), ("3.65人", PEOPLE)])
def test_what_does_not_fit_its_column(raw: str, column: Column) -> None:
    with pytest.raises(BadValueError):
        read_cell(raw, column)


def test_bounds_hold_after_conversion() -> None:
    with pytest.raises(BadValueError, match="超过上限"):
        read_cell("2000公顷", AREA)


@given(st.text(max_size=100), st.sampled_from(FACILITIES.columns))
def test_any_text_is_read_or_asked_about(raw: str, column: Column) -> None:
    with suppress(InputError):
        assert read_cell(raw, column) is not None
