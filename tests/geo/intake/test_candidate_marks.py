"""The list of candidates as other bureaus send it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from geo.core.errors import InputError
from geo.core.scenario import load_scenario
from geo.core.siting_options import SitingChoice
from geo.intake.candidate_marks import BureauMarks, read_candidate_marks
from geo.measures.study import study
from geo.publish.study_json.candidate_list import candidate_list
from geo.siting.candidates import candidate_sites


def book(path: Path, *rows: tuple[Any, ...]) -> Path:
    made = Workbook()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]
    made.save(path)
    return path


def test_rows_that_say_something_are_taken(tmp_path: Path) -> None:
    path = book(
        tmp_path / "回复.xlsx",
        ("大祥区候选点审查意见",),
        ("编号", "名称", "自然资源审查", "环保审查", "适宜性", "费用（万元）", "经办人"),
        ("f01", "甲", "通过", "", 85, 12, "张"),
        ("f02", "乙", "不通过", "否", "", "", "李"),
        (430503001201, "丙", "", "", "", "", ""),
    )
    found = read_candidate_marks(path)
    assert found.by_id == {
        "f01": BureauMarks(0.85, 12.0, None),
        "f02": BureauMarks(None, None, "自然资源审查、环保审查"),
    }
    assert found.ignored == ("经办人",)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("名称", "环保审查"), ("甲", "通过")], "缺少「候选点编号」一列"),
        ([("编号", "名称"), ("f01", "甲")], "没有可读的审查列"),
        ([("编号", "环保审查"), ("f01", "通过"), ("f01", "通过")], "第3行.*已在第 2 行"),
        ([("编号", "环保审查"), ("f01", "也许")], "第2行 · 环保审查"),
        ([("编号", "适宜性"), ("f01", 101), ("f02", -1)], "另有 1 处问题"),
        ([("编号", "适宜性"), ("", 50)], "没有候选点"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, rows: list[Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_candidate_marks(book(tmp_path / "a.xlsx", *rows))


def test_the_list_that_is_handed_out_reads_back(toy, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from datetime import date  # noqa: PLC0415

    answer = study(toy, load_scenario(on=date(2025, 12, 31)))
    choice = SitingChoice.model_validate(
        {
            "programmes": [{"kind": "science_base", "count": 1, "mode": "foot", "minutes": 9}],
            "candidates": {"grid_m": 3000, "host_kinds": ["library", "party_service_centre"]},
        }
    )
    candidates = candidate_sites(answer, choice)
    candidates.loc["f03", "name"] = "=1+1"
    content = candidate_list(answer, candidates)
    assert content == candidate_list(answer, candidates)
    path = tmp_path / "候选点.xlsx"
    path.write_bytes(content)
    made = load_workbook(path)
    sheet = made["候选点"]
    listed = {sheet.cell(row, 1).value: row for row in range(4, sheet.max_row + 1)}
    assert set(listed) == {name for name in candidates.index if not name.startswith("area-")}
    assert sheet.cell(listed["f03"], 2).data_type == "s"
    assert read_candidate_marks(path).by_id == {}
    heads = [cell.value for cell in sheet[3]]
    sheet.cell(listed["f03"], heads.index("生态环境审查") + 1, "不通过")
    sheet.cell(listed["f06"], heads.index("适宜性") + 1, 60)
    made.save(path)
    found = read_candidate_marks(path)
    assert found.by_id == {
        "f03": BureauMarks(None, None, "生态环境审查"),
        "f06": BureauMarks(0.6, None, None),
    }
    assert found.ignored == ()
