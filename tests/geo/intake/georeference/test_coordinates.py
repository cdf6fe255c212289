from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError
from geo.core.messages import Unreadable
from geo.intake.georeference.coordinates import read_coordinate, split_pair

DMS = 111 + 27 / 60 + 8.5 / 3600


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (111.4522, 111.4522),
        (111, 111.0),
        (37_500_000, 37_500_000.0),
        ("111.4522", 111.4522),
        (" 111.4522 ", 111.4522),
        ("１１１．４５２２", 111.4522),
        ("111.4522°", 111.4522),
        ("111.4522º", 111.4522),
        ("111.45度", 111.45),
        ("111.45E", 111.45),
        ("111.45°E", 111.45),
        ("111.45 e", 111.45),
        ("E111.45", 111.45),
        ("E 111.45°", 111.45),
        ("Ｅ１１１．４５", 111.45),
        ("东经111.45度", 111.45),
        ("东经：111.45", 111.45),
        ("经度 111.45", 111.45),
        ("lng=111.45", 111.45),
        ("+111.45", 111.45),
        ("-111.45", -111.45),
        ("−111.45", -111.45),
        ("111.45W", -111.45),
        ("西经111.45", -111.45),
        ("111°27′8.5″", DMS),
        ("111°27’8.5”", DMS),
        ("111°27'8.5''", DMS),
        ("111°27′8.5′′", DMS),
        ("111°27`8.5\"", DMS),
        ("111° 27' 8.5\" E", DMS),
        ("E111°27′8.5″", DMS),
        ("111度27分8.5秒", DMS),
        ("东经111度27分8.5秒", DMS),
        ("111 27 8.5", DMS),
        ("111-27-8.5", DMS),
        ("111:27:8.5", DMS),
        ("111：27：8.5", DMS),
        ("111°27′8.5", DMS),
        ("111°27.14'", 111 + 27.14 / 60),
        ("111°27.14", 111 + 27.14 / 60),
        ("111°27′", 111.45),
        ("111°27′8.5″W", -DMS),
        ("-111°27′8.5″", -DMS),
        ("500000米", 500_000.0),
        ("3010000.55", 3_010_000.55),
    ],
)  # fmt: skip
def test_spellings(raw: object, value: float) -> None:
    reading = read_coordinate(raw, "longitude")
    assert reading.value == pytest.approx(value, abs=1e-12)
    assert reading.note is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [("N27.2345", 27.2345), ("北纬27度14分", 27 + 14 / 60), ("27°14′S", -27 - 14 / 60)],
)
def test_latitudes(raw: str, value: float) -> None:
    reading = read_coordinate(raw, "latitude")
    assert (reading.value, reading.note) == (pytest.approx(value, abs=1e-12), None)


@pytest.mark.parametrize("raw", [None, "", " ", "\u3000"])
def test_nothing(raw: str | None) -> None:
    assert read_coordinate(raw, "longitude").value is None


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        ("111 27.14", 111 + 27.14 / 60, "coordinate_degrees_minutes"),
        ("111:27", 111.45, "coordinate_degrees_minutes"),
        ("500,000", 500_000.0, "coordinate_thousands"),
        ("37,500,000.5", 37_500_000.5, "coordinate_thousands"),
        ("北纬27.23", 27.23, "coordinate_other_axis"),
        ("27.23N", 27.23, "coordinate_other_axis"),
        (timedelta(hours=111, minutes=27, seconds=8.5), DMS, "coordinate_time"),
    ],
)
def test_read_with_a_remark(raw: object, value: float, code: str) -> None:
    reading = read_coordinate(raw, "longitude")
    assert reading.value == pytest.approx(value, abs=1e-12)
    assert reading.note is not None
    assert reading.note.code == code


@pytest.mark.parametrize(
    ("raw", "code", "proposal"),
    [
        ("111,45", "coordinate_decimal_comma", "111.45"),
        ("111，45", "coordinate_decimal_comma", "111.45"),
        ("111。45", "coordinate_decimal_comma", "111.45"),
        ("111、45°", "coordinate_decimal_comma", "111.45"),
        ("东经111,4522", "coordinate_decimal_comma", "111.4522"),
        ("111°60′", "coordinate_over_sixty", None),
        ("111°27′60″", "coordinate_over_sixty", None),
        ("111-75-8", "coordinate_over_sixty", None),
        ("111.45N", "coordinate_over_range", None),
        ("-111.45E", "coordinate_two_marks", None),
        ("东经111.45W", "coordinate_two_marks", None),
        ("111.5°27′", "coordinate_unreadable", None),
        ("111°27.5′8″", "coordinate_unreadable", None),
        ("1112°27′", "coordinate_unreadable", None),
        ("111-27", "coordinate_unreadable", None),
        ("111.45.2", "coordinate_unreadable", None),
        ("约111.45", "coordinate_unreadable", None),
        ("大祥区百春园路12号", "coordinate_unreadable", None),
        ("27′8″", "coordinate_unreadable", None),
        ("nan", "coordinate_unreadable", None),
        ("1e400", "coordinate_unreadable", None),
        ("١١١", "coordinate_unreadable", None),
        ("1" * 10_000, "coordinate_unreadable", None),
        ("ﷺ" * 120, "coordinate_unreadable", None),
        (float("nan"), "coordinate_unreadable", None),
        (float("inf"), "coordinate_unreadable", None),
        (10**400, "coordinate_unreadable", None),
        (True, "coordinate_unreadable", None),
        (date(2023, 5, 1), "coordinate_unreadable", None),
    ],
)
def test_faults(raw: object, code: str, proposal: str | None) -> None:
    with pytest.raises(BadValueError) as caught:
        read_coordinate(raw, "longitude")
    found = caught.value.proposal
    assert (caught.value.code, found and found.value) == (code, proposal)


def test_a_formula_error_is_told_as_it_is() -> None:
    with pytest.raises(BadValueError, match="公式出错"):
        read_coordinate(Unreadable("公式出错。", "The formula failed."), "latitude")


@given(
    st.integers(0, 179),
    st.integers(0, 59),
    st.integers(0, 59_999).map(lambda thousandths: thousandths / 1000),
    st.sampled_from(["{}°{}′{:.3f}″", "{}度{}分{:.3f}秒", "{} {} {:.3f}", "E{}°{}'{:.3f}''"]),
)
def test_every_spelling_of_degrees_minutes_and_seconds(
    degrees: int, minutes: int, seconds: float, spelling: str
) -> None:
    expected = degrees + minutes / 60 + seconds / 3600
    found = read_coordinate(spelling.format(degrees, minutes, seconds), "longitude").value
    assert found == pytest.approx(expected, abs=1e-9)


@given(st.text(max_size=150) | st.text("0123456789.,;°'\"EWNS -/东经北纬()", max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    # Any other error than an error of the cell fails the test.
    with suppress(BadValueError):
        value = read_coordinate(text, "latitude").value
        assert value is None or isinstance(value, float)
    pair = split_pair(text)
    assert pair is None or all(pair)


@pytest.mark.parametrize(
    ("raw", "pair"),
    [
        ("111.45,27.23", ("111.45", "27.23")),
        ("27.23，111.45", ("27.23", "111.45")),
        ("111.45、27.23", ("111.45", "27.23")),
        ("111.45 27.23", ("111.45", "27.23")),
        ("111.45\t27.23", ("111.45", "27.23")),
        ("111.45\n27.23", ("111.45", "27.23")),
        ("111.45/27.23", ("111.45", "27.23")),
        ("111.45|27.23", ("111.45", "27.23")),
        ("(111.45;27.23)", ("111.45", "27.23")),
        ("（111.45；27.23）", ("111.45", "27.23")),
        ("【111.45，27.23】", ("111.45", "27.23")),
        ("[111.45, 27.23]", ("111.45", "27.23")),
        ("坐标：111.45,27.23", ("111.45", "27.23")),
        ("POINT (111.45 27.23)", ("111.45", "27.23")),
        ("Point(111.45 27.23)", ("111.45", "27.23")),
        ("111.45,27.23,0", ("111.45", "27.23")),
        ("500000,3010000", ("500000", "3010000")),
        ("500,000 3,010,000", ("500,000", "3,010,000")),
        ("东经111.45 北纬27.23", ("东经111.45", "北纬27.23")),
        ("东经 111.45 北纬 27.23", ("东经 111.45", "北纬 27.23")),
        ("东经111.45北纬27.23", ("东经111.45", "北纬27.23")),
        ("北纬27.23，东经111.45", ("东经111.45", "北纬27.23")),
        ("经度:111.45,纬度:27.23", ("经度:111.45", "纬度:27.23")),
        ("N27.23E111.45", ("e111.45", "n27.23")),
        ("27.23N, 111.45", ("111.45", "27.23n")),
        ("lat 27.23 lng 111.45", ("lng 111.45", "lat 27.23")),
        ("111°27′8″E 27°14′2″N", ("111°27'8\"e", "27°14'2\"n")),
        ("27°14′2″,111°27′8″", ("27°14'2\"", "111°27'8\"")),
        ("111 27 8.5 27 14 2", ("111 27 8.5", "27 14 2")),
        ("111-27-8.5/27-14-2", ("111-27-8.5", "27-14-2")),
        ("111,45;27,23", ("111,45", "27,23")),
        ("111°75′ 27°14′", ("111°75'", "27°14'")),
    ],
)
def test_pairs(raw: str, pair: tuple[str, str]) -> None:
    assert split_pair(raw) == pair


@pytest.mark.parametrize(
    "raw",
    [
        None, 111.45, "", "111.45", "111,45", "111，27", "111 27 8.5", "111 27 27 14",
        "111.45,27.23,30", "111.45,27.23;111.46,27.24", "大祥区百春园路12号",
        "百春园路12号,3楼", "2023-05-01", "东经111.45", "1 " * 5_000, "(" * 100 + ")" * 100,
    ],
)  # fmt: skip
def test_no_pairs(raw: object) -> None:
    assert split_pair(raw) is None
