"""Population tables as offices lay them out, with every figure worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from geo.core.errors import FileTypeError, InputError, MissingColumnError
from geo.core.schema import POPULATION, conform
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.population import POPULATION_TABLE

A, B, C = "430599001", "430599101", "430599102"
TOWNS = pd.DataFrame(
    {"name_zh": ["城东街道", "罗市镇", "蔡锷乡", "桥头村"], "township_code": [A, B, C, B]},
    index=[A, B, C, f"{B}201"],
)
KNOWN = conform(
    pd.DataFrame(
        {
            "division_code": ["430599"],
            "name_zh": ["试验区"],
            "population_kind": ["resident"],
            "year": [2020],
            "population": [60],
            "quality": ["census"],
            "source_id": ["s"],
        }
    ),
    POPULATION,
)
SETTING = ReferenceData(
    TOWNS[TOWNS.index.str.len() == 9],
    villages=TOWNS[TOWNS.index.str.len() == 12],
    district_code="430599",
    district_name="试验区",
    population=KNOWN,
    source_id="file-1",
)
HEADS = ["代码", "名称", "口径", "年份", "人口"]

Maker = Callable[..., Imported[pd.DataFrame]]


@pytest.fixture
def examine(tmp_path: Path) -> Maker:
    """Return what examines a workbook of sheets, or of one sheet's rows."""

    def make(
        *rows: Sequence[Any],
        merge: Sequence[str] = (),
        name: str = "Sheet1",
        hidden: str = "",
        setting: ReferenceData = SETTING,
        **sheets: Sequence[Sequence[Any]],
    ) -> Imported[pd.DataFrame]:
        book = Workbook()
        book.remove(book["Sheet"])
        for title, content in ({name: rows} | sheets if rows else sheets).items():
            page = book.create_sheet(title)
            for row in content:
                page.append(list(row))
            for span in merge:
                page.merge_cells(span)
            if title == hidden:
                page.sheet_state = "hidden"
        path = tmp_path / "人口.xlsx"
        book.save(path)
        return parse(POPULATION_TABLE, read_file(path), setting)

    return make


def figures(found: Imported[pd.DataFrame], *more: str) -> list[tuple[Any, ...]]:
    """Return division, kind, year, population and other columns of every figure."""
    names = ["division_code", "population_kind", "year", "population", *more]
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in found.data[names].itertuples(index=False)
    ]


def told(found: Imported[pd.DataFrame]) -> list[str]:
    return [one.note.code for one in found.report.warnings]


def errors(found: Imported[pd.DataFrame]) -> list[tuple[int | None, str]]:
    return [(error.place.row if error.place else None, error.code) for error in found.report.errors]


def note(found: Imported[pd.DataFrame], code: str) -> str:
    (text,) = [one.note.zh for one in found.report.warnings if one.note.code == code]
    return text


LONG = [HEADS, [A, "城东街道", "常住人口", 2020, 10], [B, "罗市镇", "常住人口", 2020, 20],
        [C, "蔡锷乡", "常住人口", 2020, 30]]  # fmt: skip


def test_a_long_table_and_its_sum(examine: Maker) -> None:
    found = examine(*LONG)
    assert figures(found) == [(A, "resident", 2020, 10), (B, "resident", 2020, 20),
                              (C, "resident", 2020, 30)]  # fmt: skip
    assert note(found, "population_sum_agrees") == (
        "2020 年常住人口：各乡镇合计 60 人，与数据库中全区一致。"
    )
    assert len(found.report.taken) == 3
    assert found.data["source_row"].tolist() == [2, 3, 4]
    assert found.data["source_sheet"].tolist() == ["Sheet1"] * 3


def test_two_storeys_merged_with_title_unit_totals_and_note(examine: Maker) -> None:
    found = examine(
        ["试验区各乡镇人口情况"],
        ["单位：万人"],
        ["乡镇", "2020年", None, "2021年", None],
        [None, "常住人口", "户籍人口", "常住人口", "户籍人口"],
        ["城东街道", 0.001, 0.0011, 0.0012, 0.0013],
        ["罗市镇", 0.002, 0.0021, 0.0022, 0.0023],
        ["蔡锷乡", 0.003, 0.0031, 0.0032, 0.0033],
        ["合计", 0.006, 0.0063, 0.0066, 0.0069],
        ["注：数据来自统计局"],
        merge=["A3:A4", "B3:C3", "D3:E3"],
    )
    assert sorted(figures(found))[:4] == [
        (A, "registered", 2020, 11), (A, "registered", 2021, 13),
        (A, "resident", 2020, 10), (A, "resident", 2021, 12),
    ]  # fmt: skip
    assert len(found.data) == 12
    assert len(found.report.taken) == 3
    assert [one.reason.code for one in found.report.left_out] == [
        "row_title", "row_unit", "row_total", "row_note",
    ]  # fmt: skip
    sums = [one.note.zh for one in found.report.warnings if "sum" in one.note.code]
    assert "2021 年户籍人口：各乡镇合计 69 人，与表中合计一致。" in sums
    assert "2020 年常住人口：各乡镇合计 60 人，与数据库中全区一致。" in sums


@pytest.mark.parametrize(
    ("heading", "kind", "year"),
    [
        ("2023年末常住人口（人）", "resident", 2023),
        ("常住人口（2021年）", "resident", 2021),
        ("2022年户籍人口数", "registered", 2022),
        ("第七次全国人口普查常住人口", "resident", 2020),
        ("七普人口", "resident", 2020),
        ("2021年常住总人口", "resident", 2021),
    ],
)
def test_a_heading_that_says_year_and_kind(
    examine: Maker, heading: str, kind: str, year: int
) -> None:
    found = examine(["乡镇", heading], ["罗市镇", 20])
    assert figures(found) == [(B, kind, year, 20)]
    assert "population_stated_above" in told(found)


def test_years_alone_as_headings_below_a_title_that_says_whose(examine: Maker) -> None:
    found = examine(["常住人口表"], ["乡镇", 2020, 2021], ["罗市镇", 20, 21], ["蔡锷乡", 30, None])
    assert figures(found) == [
        (B, "resident", 2020, 20), (C, "resident", 2020, 30), (B, "resident", 2021, 21),
    ]  # fmt: skip
    # Unknown is not zero: the figure that is not there is reported, and not kept.
    assert note(found, "population_no_figure").startswith("2021 年常住人口没有数")


def test_a_sheet_for_each_year(examine: Maker) -> None:
    rows = [["乡镇", "常住人口"], ["罗市镇", 20]]
    found = examine(
        **{"2020年": rows, "2021年": rows, "说明": [["只是说明"]], "旧": rows}, hidden="旧"
    )
    assert figures(found) == [(B, "resident", 2020, 20), (B, "resident", 2021, 20)]
    assert "sheet_without_population" in [one.reason.code for one in found.report.left_out]


def test_ages_and_settlement_beside_the_whole(examine: Maker) -> None:
    found = examine(
        ["2020年末常住人口"],
        ["乡镇", "总人口", "其中：城镇", "乡村", "0-14岁", "15-59岁", "60岁及以上"],
        ["罗市镇", 20, 5, 15, 4, 10, 6],
        ["蔡锷乡", 30, 5, 24, 4, 10, 6],
        ["城东街道", 10, 5, 6, None, None, 3],
    )
    names = ["urban_population", "rural_population", "population_0_14", "population_60_plus"]
    assert figures(found, *names) == [
        (B, "resident", 2020, 20, 5, 15, 4, 6), (C, "resident", 2020, 30, 5, 24, 4, 6),
    ]  # fmt: skip
    assert errors(found) == [(5, "population_parts_exceed")]
    differ = [one.note.zh for one in found.report.warnings
              if one.note.code == "population_parts_differ"]  # fmt: skip
    assert differ[0] == "城镇、乡村合计 29 人，比总人口 30 人少 1 人，请核对。"
    assert differ[1].startswith("各年龄段合计 20 人，比总人口 30 人少 10 人")


def test_the_sum_that_differs_says_by_how_much(examine: Maker) -> None:
    found = examine(*LONG[:3], [C, "蔡锷乡", "常住人口", 2020, 33])
    assert note(found, "population_sum_differs") == (
        "2020 年常住人口：各乡镇合计 63 人，数据库中全区是 60 人，相差 +3 人（+5.00%），请核对。"
    )


def test_a_township_that_lacks_makes_the_sum_a_lower_bound(examine: Maker) -> None:
    found = examine(*LONG[:3])
    assert note(found, "population_townships_lacking") == (
        "2020 年常住人口缺 1 个乡镇街道（蔡锷乡），合计 30 人只是下限。"
    )


def test_a_township_larger_than_the_district_is_held_back(examine: Maker) -> None:
    found = examine(*LONG[:3], [C, "蔡锷乡", "常住人口", 2020, 184_424])
    assert errors(found) == [(4, "population_over_district")]
    assert "184,424 人多于全区的 60 人" in found.report.errors[0].zh
    assert len(found.data) == 2


@pytest.mark.parametrize(
    "row",
    [
        ["430599", "试验区", "常住人口", 2020, 60],
        [430599000000, "试验区", "常住人口", 2020, 60],
        [None, "试验区", "常住人口", 2020, 60],
        [None, "全区", "常住人口", 2020, 60],
    ],
)
def test_the_district_itself(examine: Maker, row: list[Any]) -> None:
    found = examine(*LONG, row)
    assert figures(found)[-1] == ("430599", "resident", 2020, 60)
    sums = [one.note.zh for one in found.report.warnings if "sum" in one.note.code]
    assert "2020 年常住人口：各乡镇合计 60 人，与表中全区一致。" in sums


@pytest.mark.parametrize(
    ("cells", "code", "value"),
    [
        ([B, "蔡锷乡"], "division_conflict", None),
        ([B[:-1], "罗市镇"], None, None),
        ([None, "罗士镇"], "division_name_unknown", B),
        (["430599999", None], "division_code_unknown", None),
        ([None, None], "cell_empty", None),
        ([f"{B}201", "桥头村"], None, None),
    ],
)
def test_divisions_by_code_and_name_together(
    examine: Maker, cells: list[Any], code: str | None, value: str | None
) -> None:
    found = examine(HEADS, LONG[1], [*cells, "常住人口", 2021, 20])
    if code is None:
        assert figures(found)[-1][0] in (B, f"{B}201")
        return
    assert errors(found) == [(3, code)]
    if value is not None:
        proposal = found.report.errors[0].proposal
        assert proposal is not None
        assert proposal.value == value
    assert len(found.data) == 1
    (held,) = found.report.quarantined
    assert held.cells["人口"] == "20"


def test_one_figure_twice(examine: Maker) -> None:
    found = examine(*LONG, LONG[2])
    assert errors(found) == [(5, "population_twice")]
    assert found.report.errors[0].zh == f"{B} 的 2020 年常住人口与第3行重复，请删去其中一行。"
    assert len(found.data) == 3


@pytest.mark.parametrize(
    ("heads", "code"),
    [
        (["乡镇", "常住人口"], "population_year_missing"),
        (["乡镇", "2020年总人口"], "population_kind_missing"),
        (["2020年常住人口", "备注"], "population_division_missing"),
        (["乡镇", "2020年", "2021年"], "population_kind_missing"),
    ],
)
def test_what_is_told_nowhere_is_not_assumed(examine: Maker, heads: list[str], code: str) -> None:
    with pytest.raises(MissingColumnError) as caught:
        examine(heads, ["罗市镇", 20, 30][: len(heads)])
    assert caught.value.code == code


def test_a_file_without_figures_is_refused(examine: Maker) -> None:
    with pytest.raises(InputError):
        examine(["名称", "电话"], ["罗市镇", "0739"])
    with pytest.raises(FileTypeError):
        examine(甲=[["说明"], ["x"]], 乙=[["说明"], ["y"]])


def test_cells_as_people_fill_them(examine: Maker) -> None:
    found = examine(["乡镇", "2020年常住人口"], ["罗市镇", "１２人"], ["蔡锷乡", "约30"])
    assert figures(found) == [(B, "resident", 2020, 12), (C, "resident", 2020, 30)]


numbers = st.lists(st.integers(0, 20), min_size=6, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(values=numbers, order=st.permutations([0, 1, 2]))
def test_a_wide_table_says_what_the_long_one_says(
    examine: Maker, values: list[int], order: list[int]
) -> None:
    names = [("城东街道", A), ("罗市镇", B), ("蔡锷乡", C)]
    wide = examine(
        ["乡镇", "2020年常住人口", "2021年户籍人口"],
        *([names[n][0], values[2 * n], values[2 * n + 1]] for n in order),
    )
    long = examine(
        HEADS,
        *([names[n][1], names[n][0], "常住人口", 2020, values[2 * n]] for n in order),
        *([names[n][1], names[n][0], "户籍人口", 2021, values[2 * n + 1]] for n in order),
    )
    assert sorted(figures(wide)) == sorted(figures(long))
    assert not wide.report.quarantined
    assert not long.report.quarantined
