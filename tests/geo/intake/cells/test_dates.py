"""Days as offices write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError
from geo.intake.cells.dates import read_day

MAY = date(2023, 5, 1)


@pytest.mark.parametrize(
    "raw",
    ["2023-05-01", "2023-5-1", "2023.5.1", "2023/5/1", "20230501", 20230501, "2023年5月1日",
     "2023年05月01号", "二〇二三年五月一日", "２０２３－５－１", " 2023 年 5 月 1 日 ", MAY,
     datetime(2023, 5, 1), "2023-05-01 00:00:00", "2023-05-01T00:00"],  # noqa: DTZ001
)  # fmt: skip
def test_whole_days(raw: Any) -> None:
    assert (read_day(raw).value, read_day(raw).note) == (MAY, None)


@pytest.mark.parametrize(
    ("raw", "day", "code"),
    [
        ("2023年5月", MAY, "day_month_only"), ("2023.5", MAY, "day_month_only"),
        ("2023-05", MAY, "day_month_only"), ("2023年5月份", MAY, "day_month_only"),
        ("二〇二三年十二月", date(2023, 12, 1), "day_month_only"),
        ("2023年", date(2023, 1, 1), "day_year_only"), (2023, date(2023, 1, 1), "day_year_only"),
        (45047, MAY, "day_serial"), ("45047", MAY, "day_serial"), (45047.75, MAY, "day_serial"),
        (18264, date(1950, 1, 1), "day_serial"), (73415, date(2100, 12, 31), "day_serial"),
        (datetime(2023, 5, 1, 9, 30), MAY, "day_with_time"),  # noqa: DTZ001
        ("2023-05-01 09:30", MAY, "day_with_time"),
        ("至今", None, "day_open_end"), ("长期有效", None, "day_open_end"),
    ],
)  # fmt: skip
def test_less_or_more_than_a_day_is_told(raw: Any, day: date | None, code: str) -> None:
    found = read_day(raw)
    assert found.value == day
    assert found.note is not None
    assert found.note.code == code


@pytest.mark.parametrize(
    ("raw", "code", "proposal"),
    [
        ("23.5.1", "day_two_digit_year", "2023-05-01"), ("5/1/2023", "day_order_unclear", None),
        ("13/5/2023", "day_order_unclear", "2023-05-13"),
        ("5/13/2023", "day_order_unclear", "2023-05-13"),
        ("2023-02-30", "day_impossible", None), ("2023.13", "day_impossible", None),
        (2023.1, "day_month_unclear", None), ("昨天", "day_unreadable", None),
        (60, "day_unreadable", None), (True, "day_unreadable", None),
        (time(1), "day_unreadable", None), ("9" * 10_000, "day_unreadable", None),
        (date(1799, 1, 1), "day_out_of_range", None), ("2101-01-01", "day_out_of_range", None),
    ],
)  # fmt: skip
def test_what_is_asked_about(raw: Any, code: str, proposal: str | None) -> None:
    with pytest.raises(BadValueError) as caught:
        read_day(raw)
    assert caught.value.code == code
    assert (caught.value.proposal.value if caught.value.proposal else None) == proposal


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_every_form_of_a_day_is_that_day(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"):
        assert read_day(day.strftime(form)).value == day
    assert read_day(f"{day.year}.{day.month}.{day.day}").value == day


@given(st.text(max_size=60) | st.floats(allow_nan=False) | st.integers())
def test_anything_is_a_day_or_asked_about(raw: Any) -> None:
    with suppress(BadValueError):
        found = read_day(raw)
        assert found.value is None or isinstance(found.value, date)
