from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError, DuplicateError, InputError, Place, faults_of
from geo.core.messages import shown
from geo.intake.import_report import MAX_ERRORS, ErrorList


def test_nothing_wrong_raises_nothing() -> None:
    ErrorList().raise_if_any()


def test_one_fault_is_raised_as_it_is() -> None:
    errors = ErrorList()
    error = BadValueError(zh="不是数字。", en="Not a number.")
    errors.add(error, Place(file="a.csv", row=2))
    with pytest.raises(InputError) as caught:
        errors.raise_if_any()
    assert caught.value is error
    assert str(error) == "a.csv · 第2行：不是数字。"
    assert faults_of(error) == (error,)


def test_first_fault_gives_class_and_place_and_tells_how_many_more() -> None:
    errors = ErrorList()
    errors.add(DuplicateError(zh="重复。", en="Twice."), Place(row=2))
    errors.add(BadValueError(zh="不是数字。", en="Not a number."), Place(row=3))
    errors.add(BadValueError(zh="不是日期。", en="No date."), Place(row=4))
    with pytest.raises(DuplicateError) as caught:
        errors.raise_if_any()
    assert str(caught.value) == "第2行：重复。（另有 2 处问题）"
    assert caught.value.message("en") == "row 2: Twice. (2 more.)"
    assert [str(f) for f in faults_of(caught.value)] == [
        "第2行：重复。",
        "第3行：不是数字。",
        "第4行：不是日期。",
    ]


def test_faults_kept_are_bounded_and_all_are_counted() -> None:
    errors = ErrorList()
    for row in range(1, MAX_ERRORS + 11):
        errors.add(BadValueError(zh="坏。", en="Bad."), Place(row=row))
    with pytest.raises(InputError) as caught:
        errors.raise_if_any()
    assert str(caught.value) == f"第1行：坏。（另有 {MAX_ERRORS + 9} 处问题）"
    assert len(faults_of(caught.value)) == MAX_ERRORS


@given(st.text())
def test_what_is_shown_is_short_and_printable(text: str) -> None:
    quoted = shown(text)
    assert all(sign.isprintable() or sign == "　" for sign in quoted)
    # 41 signs, each at most ten characters when written out.
    assert len(quoted) <= 410
    if len(text) <= 40 and text.isprintable():
        assert quoted == text
