"""A corpus of population tables that are wrong, each in its own way, with the report that it must get.

Files are made here, by script. ``held`` are the rows held back and a code or words of the
reason, ``warnings`` codes or words of what was done to rows that were taken, ``left`` rows that are
no data, ``figures`` what goes in: division, kind, year and people.
"""

# ruff: noqa: E501  (a case is a line)
from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from geo.core.errors import InputError
from geo.core.schema import POPULATION, conform
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.population import POPULATION_TABLE

A, B, C = "430599001", "430599101", "430599102"
TOWNS = pd.DataFrame(
    {
        "name_zh": ["城东街道", "罗市镇", "蔡锷乡", "桥头村", "桥头村"],
        "township_code": [A, B, C, B, C],
    },
    index=[A, B, C, f"{B}201", f"{C}201"],
)
KNOWN = conform(
    pd.DataFrame(
        {
            "division_code": ["430599"], "name_zh": ["试验区"], "population_kind": ["resident"],
            "year": [2020], "population": [60], "quality": ["census"], "source_id": ["s"],
        }
    ),
    POPULATION,
)  # fmt: skip
SETTING = ReferenceData(
    TOWNS[TOWNS.index.str.len() == 9],
    villages=TOWNS[TOWNS.index.str.len() == 12],
    district_code="430599",
    district_name="试验区",
    population=KNOWN,
    source_id="file-1",
)
LONG = ["代码", "名称", "口径", "年份", "人口"]
R, G = "resident", "registered"
WIDE = ["乡镇", "2020年常住人口"]
EAST, LUOSHI, CAIE = ["城东街道", 10], ["罗市镇", 20], ["蔡锷乡", 30]
ALL = ((A, R, 2020, 10), (B, R, 2020, 20), (C, R, 2020, 30))


def book(*rows: Sequence[Any], merge: Sequence[str] = (), title: str = "Sheet1") -> bytes:
    """Return a workbook of one sheet."""
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(list(row))
    for span in merge:
        page.merge_cells(span)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def row(code: Any, name: Any, people: Any, year: Any = 2020, kind: str = "常住人口") -> list[Any]:
    return [code, name, kind, year, people]


GOOD = (row(A, "城东街道", 10), row(B, "罗市镇", 20), row(C, "蔡锷乡", 30))


def long(*more: Sequence[Any], instead: Sequence[Any] | None = None) -> bytes:
    """Return the good long table with further rows, the last row otherwise if asked."""
    return book(LONG, *(GOOD if instead is None else (*GOOD[:2], instead)), *more)


@dataclass(frozen=True)
class Case:
    """One file, and what is to be said of it."""

    content: bytes
    figures: tuple[tuple[str, str, int, int], ...] = ALL
    held: tuple[tuple[int, str], ...] = ()
    warnings: tuple[str, ...] = ()
    left: tuple[tuple[int, str], ...] = ()
    refused: str = ""
    setting: ReferenceData = SETTING
    name: str = "人口.xlsx"


AGES = ["乡镇", "2020年常住人口", "0-14岁", "15-59岁", "60岁及以上"]
FORMER = ReferenceData(
    pd.DataFrame({"name_zh": ["两市塘街道", "牛马司镇"], "township_code": ["430582001", "430582101"]}, index=["430582001", "430582101"]),
    district_code="430582", district_name="邵东市", source_id="file-1",
)  # fmt: skip

AGREES, DIFFERS = "population_sum_agrees", "population_sum_differs"
LACKING, ABOVE, BY_NAME = (
    "population_townships_lacking",
    "population_stated_above",
    "division_code_from_name",
)
BY_HEADINGS = (ABOVE, BY_NAME, AGREES)
TWO = ALL[:2]


def less(error: str, row_number: int = 4, **more: Any) -> dict[str, Any]:
    """Return what is expected where a township's row is held back: its sum is a lower bound."""
    return {"figures": TWO, "held": ((row_number, error),), "warnings": (LACKING,)} | more


CASES = {
    # Layouts
    "a long table": Case(long(), warnings=(AGREES,)),
    "wide by year": Case(book(["乡镇", "2020年末常住人口", "2021年末常住人口"], [*EAST, 11], [*LUOSHI, 21], [*CAIE, 31]), (*ALL, (A, R, 2021, 11), (B, R, 2021, 21), (C, R, 2021, 31)), warnings=BY_HEADINGS),
    "years alone below a title": Case(book(["试验区常住人口"], ["乡镇", 2020, 2021], [*EAST, 11], [*LUOSHI, 21], [*CAIE, None]), (*ALL, (A, R, 2021, 11), (B, R, 2021, 21)), warnings=(*BY_HEADINGS, "population_no_figure", LACKING), left=((1, "row_title"),)),
    "years alone and no title": Case(book(["乡镇", 2020, 2021], [*EAST, 11]), refused="没有人口口径"),
    "two storeys": Case(book(["乡镇", "2020年", None, "2021年", None], [None, "常住", "户籍", "常住", "户籍"], ["城东街道", 10, 12, 11, 13], ["罗市镇", 20, 22, 21, 23], ["蔡锷乡", 30, 32, 31, 33], merge=["A1:A2", "B1:C1", "D1:E1"]), (*ALL, (A, G, 2020, 12), (B, G, 2020, 22), (C, G, 2020, 32), (A, R, 2021, 11), (B, R, 2021, 21), (C, R, 2021, 31), (A, G, 2021, 13), (B, G, 2021, 23), (C, G, 2021, 33)), warnings=BY_HEADINGS),
    "registered and resident": Case(book(["乡镇", "2020年常住人口", "2020年户籍人口"], [*EAST, 12], [*LUOSHI, 22], [*CAIE, 32]), (*ALL, (A, G, 2020, 12), (B, G, 2020, 22), (C, G, 2020, 32)), warnings=BY_HEADINGS),
    "title, unit, total and note": Case(book(["2020年常住人口"], ["单位：人"], ["乡镇", "常住人口"], EAST, LUOSHI, CAIE, ["合计", 60], ["注：七普"]), warnings=BY_HEADINGS, left=((1, "row_title"), (2, "row_unit"), (7, "row_total"), (8, "row_note"))),
    "in ten thousands": Case(book(["乡镇", "2020年常住人口（万人）"], ["城东街道", 0.001], ["罗市镇", 0.002], ["蔡锷乡", 0.003]), warnings=(*BY_HEADINGS, "heading_unit")),
    "the year in the sheet's name": Case(book(["乡镇", "常住人口"], EAST, LUOSHI, CAIE, title="2020年"), warnings=BY_HEADINGS),
    "no year anywhere": Case(book(["乡镇", "常住人口"], EAST), refused="没有年份"),
    "no kind anywhere": Case(book(["乡镇", "2020年总人口"], EAST), refused="没有人口口径"),
    "no division": Case(book(["2020年常住人口", "备注"], [10, "话"]), refused="没有行政区划代码，也没有名称"),
    "no data": Case(book(WIDE), refused="没有数据"),
    "nothing at all": Case(b"", name="人口.csv", refused="文件是空的"),
    "a layer": Case(b'{"type":"FeatureCollection","features":[]}', name="人口.geojson", refused="不接收.geojson 文件"),
    # Sums
    "sum off the district's": Case(long(instead=row(C, "蔡锷乡", 33)), (*TWO, (C, R, 2020, 33)), warnings=(DIFFERS,)),
    "sum off the table's own total": Case(book(["2021年常住人口"], ["乡镇", "常住人口"], EAST, LUOSHI, CAIE, ["合计", 65]), ((A, R, 2021, 10), (B, R, 2021, 20), (C, R, 2021, 30)), warnings=(ABOVE, BY_NAME, DIFFERS), left=((1, "row_title"), (6, "row_total"))),
    "a township is lacking": Case(book(WIDE, EAST, LUOSHI), TWO, warnings=(ABOVE, BY_NAME, LACKING)),
    "a township above the district": Case(long(instead=row(C, "蔡锷乡", 300)), **less("300 人多于全区的 60 人")),
    "age groups beyond the whole": Case(book(AGES, [*EAST, 5, 5, 5], LUOSHI, CAIE), ALL[1:], held=((2, "各年龄段合计 15 人，多于总人口 10 人"),), warnings=(ABOVE, BY_NAME, LACKING)),
    "age groups below the whole": Case(book(AGES, [*EAST, 2, 5, 2], LUOSHI, CAIE), warnings=(*BY_HEADINGS, "population_parts_differ")),
    "age groups of two years": Case(book([*AGES, "2021年常住人口"], [*EAST, 2, 5, 3, 11]), refused="缺少必需的列「人口」"),
    "settlement beyond the whole": Case(book([*WIDE, "其中：城镇", "乡村"], [*EAST, 6, 6], LUOSHI, CAIE), ALL[1:], held=((2, "城镇、乡村合计 12 人，多于总人口 10 人"),), warnings=(ABOVE, BY_NAME, LACKING)),
    # Cells
    "below nothing": Case(long(instead=row(C, "蔡锷乡", -30)), **less("小于下限 0 人")),
    "half a person": Case(long(instead=row(C, "蔡锷乡", 30.5)), **less("不是整数")),
    "about": Case(long(instead=row(C, "蔡锷乡", "约30")), warnings=("amount_about", AGREES)),
    "in words": Case(long(instead=row(C, "蔡锷乡", "很多")), **less("不是数字")),
    "unknown, which is not zero": Case(book(WIDE, EAST, LUOSHI, ["蔡锷乡", "—"]), **less("cell_empty", warnings=(ABOVE, BY_NAME, LACKING))),
    "full-width digits": Case(long(instead=row(C, "蔡锷乡", "３０人")), warnings=(AGREES,)),
    "a year that is none": Case(long(instead=row(C, "蔡锷乡", 30, year=202)), **less("小于下限 1,949")),
    "another kind": Case(long(instead=row(C, "蔡锷乡", 30, kind="流动人口")), **less("可填：常住人口、户籍人口")),
    # Divisions
    "code of another name": Case(long(instead=row(A, "蔡锷乡", 30)), **less("division_conflict")),
    "name misspelt": Case(long(instead=row(None, "罗士镇", 30)), **less("相近的有：430599101 罗市镇")),
    "a code that lost its last zero": Case(book(LONG, row(43059910, "两市塘镇", 10)), (("430599100", R, 2020, 10),), warnings=("division_code_damaged", DIFFERS), setting=replace(SETTING, townships=pd.DataFrame({"name_zh": ["两市塘镇"]}, index=["430599100"]), villages=None)),
    "a code that lost zeros without its name": Case(long(instead=row("43059910", None, 30)), **less("division_code_incomplete")),
    "the district's code beside a township's name": Case(long(instead=row("430599", "蔡锷乡", 30)), warnings=("division_code_completed", AGREES)),
    "the district's code in full beside a township's name": Case(long(instead=row("430599000000", "蔡锷乡", 30)), warnings=("division_code_completed", AGREES)),
    "the district's code cut short beside a township's name": Case(long(instead=row(43059900, "蔡锷乡", 30)), **less("代码「43059900」与名称「430599102 蔡锷乡」不是同一处")),
    "a code that nobody has": Case(long(instead=row("430599999", None, 30)), **less("division_code_unknown")),
    "of another district": Case(long(instead=row("430503101", "罗市镇", 30)), **less("division_conflict")),
    "a code of before the county's was changed": Case(book(LONG, row("430521101", "牛马司镇", 30)), (("430582101", R, 2020, 30),), warnings=("division_code_former", LACKING), setting=FORMER),
    "a village of two townships": Case(long(row(None, "桥头村", 5)), held=((5, "不止一处"),), warnings=(AGREES,)),
    "neither code nor name": Case(long(instead=row(None, None, 30)), **less("cell_empty")),
    "one figure twice": Case(long(GOOD[1]), held=((5, "与第3行重复"),), warnings=(AGREES,)),
    "the district's own row": Case(long(row("430599", "试验区", 60)), (*ALL, ("430599", R, 2020, 60)), warnings=(AGREES,)),
    "traditional characters": Case(book(["鄉鎮", "2020年常住人口"], ["城東街道", 10], ["羅市鎮", 20], ["蔡鍔鄉", 30]), warnings=BY_HEADINGS),
}  # fmt: skip


@pytest.fixture
def examined(tmp_path: Path) -> Callable[[Case], Imported[pd.DataFrame]]:
    def examine(case: Case) -> Imported[pd.DataFrame]:
        path = tmp_path / case.name
        path.write_bytes(case.content)
        return parse(
            POPULATION_TABLE, read_file(path, takes=POPULATION_TABLE.suffixes), case.setting
        )

    return examine


def test_there_are_forty_ways_and_more() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_way_of_being_wrong_gets_its_report(
    examined: Callable[[Case], Imported[pd.DataFrame]], case: Case
) -> None:
    if case.refused:
        with pytest.raises(InputError) as caught:
            examined(case)
        assert case.refused in str(caught.value)
        assert str(caught.value).startswith(case.name)
        assert caught.value.message("en")
        return
    found = examined(case)
    columns = ["division_code", "population_kind", "year", "population"]
    figures = [tuple(row) for row in found.data[columns].itertuples(index=False)]
    assert sorted(figures) == sorted(case.figures)
    account = found.report
    told = [
        (row.place.row, f"{error.code} {error.zh}")
        for row in account.quarantined
        for error in row.errors
    ]
    assert [row for row, _ in told] == [row for row, _ in case.held]
    for (_, words), (_, expected) in zip(told, case.held, strict=True):
        assert expected in words
    assert {one.note.code for one in account.warnings} == set(case.warnings)
    assert [(one.place.row, one.reason.code) for one in account.left_out] == list(case.left)
    numbers = [place.row for place in account.taken] + [
        row.place.row for row in account.quarantined
    ]
    assert len(set(numbers)) == len(numbers)
