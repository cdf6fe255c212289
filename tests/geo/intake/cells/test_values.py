from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError, UnknownTermError
from geo.core.messages import Unreadable
from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION, Column
from geo.intake.cells.values import read_value

AREA = FACILITIES["exhibition_area_m2"]
TOWNSHIP = FACILITIES["township_code"]
VILLAGE = FACILITIES["village_code"]
DIVISION = POPULATION["division_code"]
PEOPLE = POPULATION["population"]
OPEN = FACILITIES["open_to_public"]
NAME, NOTE, KEY = FACILITIES["name"], FACILITIES["note"], FACILITIES["facility_id"]
SINCE = FACILITIES["opened_on"]
NO_NUMBER = "不是数字。请只填半角数字，不带单位和逗号；不知道就留空。"
NO_DATE = "不是日期。请填如 2023-05-01 的年月日；不知道就留空。"
PLAIN = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@pytest.mark.parametrize("raw", [None, "", "  ", "\u3000\n"])
@pytest.mark.parametrize("column", [AREA, TOWNSHIP, OPEN, NAME, SINCE, PEOPLE, FACILITIES["kind"]])
def test_empty_is_unknown(raw: Any, column: Column) -> None:
    assert read_value(raw, column) is None


@given(st.floats(min_value=0, max_value=1_000_000))
def test_areas_come_out_as_they_go_in(area_m2: float) -> None:
    assert read_value(area_m2, AREA) == area_m2


@given(st.decimals(min_value=0, max_value=1_000_000, places=3))
def test_areas_as_text(area: Any) -> None:
    assert read_value(f" {area:f} ", AREA) == float(area)


@pytest.mark.parametrize(
    "raw",
    ["２００", "nan", "inf", "-inf", "1e400", "1e3", "1_000", "1,200", "120㎡", "0x10", "约100",
     "١٢", True, math.nan, math.inf, date(2020, 1, 1), time(1), "--1", "1.", ".5", "1 2"],
)  # fmt: skip
def test_what_only_looks_like_a_number(refused: Callable[..., object], raw: Any) -> None:
    refused(BadValueError, f"「{raw}」{NO_NUMBER}", read_value, raw, AREA)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (-5, "「-5」小于下限 0 m²，请核对。"),
        ("-0.5", "「-0.5」小于下限 0 m²，请核对。"),
        (1_000_001, "「1000001」超过上限 1,000,000 m²，请核对数值和单位。"),
        (1e300, "「1e+300」超过上限 1,000,000 m²，请核对数值和单位。"),
    ],
)
def test_areas_out_of_bounds(refused: Callable[..., object], raw: Any, message: str) -> None:
    refused(BadValueError, message, read_value, raw, AREA)


def test_a_number_too_large_for_a_float_is_out_of_bounds() -> None:
    with pytest.raises(BadValueError, match="超过上限"):
        read_value(10**4000, AREA)


def test_bounds_themselves_are_taken() -> None:
    assert read_value(0, AREA) == 0.0
    assert read_value("1000000", AREA) == 1_000_000.0


@pytest.mark.parametrize("raw", [362289, 362289.0, "362289"])
def test_whole_numbers(raw: Any) -> None:
    found = read_value(raw, PEOPLE)
    assert found == 362289
    assert type(found) is int


def test_part_of_a_person(refused: Callable[..., object]) -> None:
    refused(BadValueError, "「36.2」不是整数，请填整数。", read_value, 36.2, PEOPLE)


@pytest.mark.parametrize("raw", [430503001, 430503001.0, "430503001", " 430503001 ", 430503001000])
def test_codes_are_text(raw: Any) -> None:
    assert read_value(raw, TOWNSHIP) == "430503001"


@given(st.integers(min_value=0, max_value=999_999_999_999), st.sampled_from([6, 9, 12]))
def test_codes_keep_their_zeros(number: int, digits: int) -> None:
    code = str(number % 10**digits).zfill(digits)
    assert read_value(code, DIVISION) == code


@pytest.mark.parametrize(
    ("raw", "column", "expected"),
    [
        ("43050301", TOWNSHIP, "9"),
        ("４３０５０３００１", TOWNSHIP, "9"),
        ("430503001001", TOWNSHIP, "9"),
        ("430503", TOWNSHIP, "9"),
        (430503001, VILLAGE, "12"),
        ("43050300X", DIVISION, "6、9、12"),
        (430503001.5, DIVISION, "6、9、12"),
    ],
)
def test_codes_of_another_length(
    refused: Callable[..., object], raw: Any, column: Column, expected: str
) -> None:
    message = (
        f"「{raw}」不是{column.zh}：应为 {expected} 位数字。"
        "若首尾的 0 被表格软件吞掉，请设为文本格式后补上。"
    )
    refused(BadValueError, message, read_value, raw, column)


@pytest.mark.parametrize("yes", ["是", "有", "true", "TRUE", "Yes", "1", " 是 ", 1, 1.0, True])
def test_yes(yes: Any) -> None:
    assert read_value(yes, OPEN) is True


@pytest.mark.parametrize("no", ["否", "无", "false", "no", "0", 0, 0.0, False])
def test_no(no: Any) -> None:
    assert read_value(no, OPEN) is False


@pytest.mark.parametrize("raw", ["不知道", 2, "是否", "√", "１"])
def test_neither_yes_nor_no(refused: Callable[..., object], raw: Any) -> None:
    message = f"「{raw}」不是「是」或「否」。请填其一；不知道就留空。"
    refused(BadValueError, message, read_value, raw, OPEN)


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2100, 12, 31)))
def test_dates_in_every_form(day: date) -> None:
    forms = [
        day,
        datetime(day.year, day.month, day.day, 8, 30),  # noqa: DTZ001
        day.isoformat(),
        f" {day.year}/{day.month}/{day.day} ",
        f"{day.isoformat()}T00:00:00",
    ]
    assert [read_value(form, SINCE) for form in forms] == [day] * len(forms)


@pytest.mark.parametrize(
    "raw",
    ["2023", "2023-05", "2023-13-01", "2023-02-29", "2023-5/1", "５", "2023.5.1", 43497, "昨天",
     "２０２３-05-01", "2023-05-01T08:00:00", time(8), True],
)  # fmt: skip
def test_what_is_no_date(refused: Callable[..., object], raw: Any) -> None:
    refused(BadValueError, f"「{raw}」{NO_DATE}", read_value, raw, SINCE)


@pytest.mark.parametrize("raw", ["0205-01-01", date(1799, 12, 31), "2101-01-01"])
def test_dates_of_another_age(refused: Callable[..., object], raw: Any) -> None:
    message = f"日期 {raw} 不在 1800 年至 2100 年之间，请核对。"
    refused(BadValueError, message, read_value, raw, SINCE)


@given(st.text(PLAIN, min_size=1, max_size=200))
def test_text_is_kept_to_the_letter(text: str) -> None:
    expected = text if text.strip() else None
    assert read_value(text, NAME) == expected


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "{{7*7}}", "{% x %}", "${x}", "🧪", "\u202eabc", " 前后 ",
     "两\n行\t", "长" * 200, "'; DROP TABLE"],
)  # fmt: skip
def test_hostile_text_is_kept_to_the_letter(text: str) -> None:
    assert read_value(text, NAME) == text


def test_line_ends_of_windows_become_plain() -> None:
    assert read_value("两\r\n行", NAME) == "两\n行"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\r", "\x7f", "\x85", "\ud800", "\ufffe"])
def test_control_characters(refused: Callable[..., object], sign: str) -> None:
    message = f"文字中有不可见的控制字符（U+{ord(sign):04X}），请删去后重新填写。"
    refused(BadValueError, message, read_value, f"科{sign}普", NAME)


def test_text_too_long(refused: Callable[..., object]) -> None:
    assert read_value("长" * 64, KEY) == "长" * 64
    message = "文字长 65 字，超过上限 64 字，请缩短。"
    refused(BadValueError, message, read_value, "长" * 65, KEY)


def test_a_name_of_ten_thousand_characters_is_none(refused: Callable[..., object]) -> None:
    message = "文字长 10000 字，超过上限 200 字，请缩短。"
    refused(BadValueError, message, read_value, "长" * 10_000, NAME)
    assert read_value("长" * 10_000, FACILITIES["note"]) == "长" * 10_000


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        (1.5, "1.5"),
        (13800000000, "13800000000"),
        (True, "TRUE"),
        (datetime(2023, 5, 1), "2023-05-01"),  # noqa: DTZ001
        (datetime(2023, 5, 1, 8), "2023-05-01 08:00:00"),  # noqa: DTZ001
        (date(2023, 5, 1), "2023-05-01"),
    ],
)
def test_other_cells_in_a_column_of_text(raw: Any, text: str) -> None:
    assert read_value(raw, NOTE) == text


def test_a_number_whose_last_digits_are_lost(refused: Callable[..., object]) -> None:
    message = "数字太长，表格软件已丢失末几位。请把该列设为文本格式后重新填写。"
    refused(BadValueError, message, read_value, 4.305031990010112e17, NOTE)


def test_keys_lose_spaces_around_them() -> None:
    assert read_value(" P1 ", KEY) == "P1"


def test_terms(refused: Callable[..., object]) -> None:
    assert read_value(" 科技馆 ", FACILITIES["kind"]) == "science_museum"
    message = "「特级」不是可用的词。可填：国家级、省级、市级、区县级、未定级。"
    refused(UnknownTermError, message, read_value, "特级", DESIGNATIONS["level"])


def test_a_cell_without_a_value_says_why(refused: Callable[..., object]) -> None:
    cell = Unreadable(zh="公式没有结果。", en="No result.")
    refused(BadValueError, "公式没有结果。", read_value, cell, NAME)
