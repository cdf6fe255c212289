"""``kepu report`` and ``kepu progress`` as an office runs them, with real files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest


@pytest.fixture(scope="module")
def kepu(kepu: Any) -> Any:
    """Return what runs a command and returns all that it says."""

    def run(*arguments: object, cwd: Path, fails: bool = False) -> str:
        done = kepu(*arguments, cwd=cwd, code=None)
        assert (done.returncode != 0) is fails, done.stderr
        return str(done.stderr + done.stdout)

    return run


@pytest.fixture(scope="module")
def folder(demo_folder: Callable[[], Path]) -> Path:
    return demo_folder()


def text(path: Path) -> str:
    document = docx.Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_report_with_values_kept_by_hand(kepu: Any, folder: Path) -> None:
    kepu("progress", "--template", "进展.xlsx", cwd=folder)
    book = openpyxl.load_workbook(folder / "进展.xlsx")
    book.active["F4"] = 9.8
    book.active["H4"] = 15.5
    book.save(folder / "进展.xlsx")
    told = kepu("report", "报告.docx", "--on", "2025-12-31", "--progress", "进展.xlsx", cwd=folder)
    assert "已写出 报告.docx" in told
    shown = text(folder / "报告.docx")
    for words in (
        "15.5%", "9.8", "未填报", "手工填报", "不低于 89.7 平方米", "农业产业科普示范基地",
        "大政办发〔2022〕12号", "板桥乡", "表7", "新增覆盖",
    ):  # fmt: skip
        assert words in shown, words
    assert "另一区县" not in shown
    document = docx.Document(str(folder / "报告.docx"))
    assert "演示数据" in document.sections[0].header.paragraphs[0].text
    assert len(document.inline_shapes) == 5, "three maps and two charts"
    assert document.core_properties.created is not None
    assert document.core_properties.created.date().isoformat() == "2025-12-31"


def test_every_fault_of_the_sheet_is_told_and_about_so_much_is_taken(
    kepu: Any, folder: Path
) -> None:
    kepu("progress", "--template", "错.xlsx", cwd=folder)
    book = openpyxl.load_workbook(folder / "错.xlsx")
    for cell, value in {"F4": "很多", "G9": 2.5, "H5": 150, "F5": "约8%"}.items():
        book.active[cell] = value
    book.save(folder / "错.xlsx")
    asked = ("report", "错.docx", "--brief", "--no-siting", "--progress", "错.xlsx")
    told = kepu(*asked, cwd=folder, fails=True)
    assert told.count("错误：") == 3
    for place in ("第4行 · 2021", "第5行 · 2023", "第9行 · 2022"):
        assert place in told
    assert not (folder / "错.docx").exists()
    for cell in ("F4", "G9", "H5"):
        book.active[cell] = None
    book.save(folder / "错.xlsx")
    told = kepu(*asked, cwd=folder)
    assert "错.xlsx · 进展 · 第5行 · 2021：「约8%」不是准数，按 8 % 计" in told


def test_the_brief_and_the_same_bytes(kepu: Any, kepu_process: Any, folder: Path) -> None:
    for run, name in ((kepu, "a.docx"), (kepu_process, "b.docx")):
        run("report", name, "--brief", "--no-siting", "--on", "2024-06-30", cwd=folder)
    assert (folder / "a.docx").read_bytes() == (folder / "b.docx").read_bytes()
    shown = text(folder / "a.docx")
    assert "没有计算选址建议" in shown
    assert "截至 2024-06-30" in shown


def test_cards_in_english(kepu: Any, folder: Path) -> None:
    kepu("report", "cards.docx", "--cards", "--no-siting", "--on", "2025-12-31", "--lang", "en",
         "--caliber", "C", cwd=folder)  # fmt: skip
    shown = text(folder / "cards.docx")
    assert shown.count("score card") == 14
    assert "caliber C" in shown


def test_before_the_first_year_of_the_plan(kepu: Any, folder: Path) -> None:
    kepu("report", "early.docx", "--no-siting", "--on", "2020-06-30", cwd=folder)
    assert "截至 2020-06-30" in text(folder / "early.docx")


def test_an_office_changes_its_template(kepu: Any, folder: Path) -> None:
    kepu("report", "--write-template", "模板.docx", "--brief", cwd=folder)
    document = docx.Document(str(folder / "模板.docx"))
    document.add_paragraph("本单位附注：{{ headline.per_10k }}")
    document.save(str(folder / "模板.docx"))
    kepu("report", "own.docx", "--brief", "--template", "模板.docx", "--no-siting",
         "--on", "2025-12-31", cwd=folder)  # fmt: skip
    assert "本单位附注：不低于 89.7" in text(folder / "own.docx")


def test_faults_are_one_line_and_write_nothing(kepu: Any, folder: Path) -> None:
    for arguments, words in (
        (("report",), "请写明要写出的文件"),
        (("report", "x.docx", "--brief", "--cards"), "只能选一个"),
        (("report", "x.docx", "--template", "none.docx"), "找不到"),
        (("report", "x.docx", "--template", "x.docm"), "宏"),
        (("report", "x.docx", "--progress", "none.xlsx"), "找不到"),
        (("report", "x.docx", "--plan", "none.toml"), "读不到"),
        (("report", "x.docx", "--on", "2025-13-01"), "不是日期"),
        (("report", "x.docx", "--font", "none.ttf", "--no-siting"), "字体"),
    ):
        told = kepu(*arguments, cwd=folder, fails=True)
        lines = [line for line in told.splitlines() if line.strip()]
        assert words in lines[-1]
        assert not (folder / "x.docx").exists()


def test_a_template_with_a_wrong_name_says_which(kepu: Any, folder: Path) -> None:
    document = docx.Document()
    document.add_paragraph("{{ distrikt }}")
    document.save(str(folder / "wrong.docx"))
    told = kepu("report", "y.docx", "--brief", "--template", "wrong.docx", "--no-siting",
                "--on", "2025-12-31", cwd=folder, fails=True)  # fmt: skip
    assert "distrikt" in told
    assert not (folder / "y.docx").exists()


def test_the_public_is_not_told_what_waits_for_verification(kepu: Any, folder: Path) -> None:
    kepu("report", "public.docx", "--no-siting", "--profile", "public", "--on", "2025-12-31",
         cwd=folder)  # fmt: skip
    shown = text(folder / "public.docx")
    assert "待核的（公开版不列）" in shown
    assert "None" not in shown


def test_another_districts_plan(kepu: Any, folder: Path) -> None:
    (folder / "plan.toml").write_text(
        'title_zh = "某县方案"\ntitle_en = "A plan"\nsource = "某政发1号"\n'
        'district_code = "430503"\nfirst_year = 2024\nlast_year = 2025\n[[commitments]]\n'
        'commitment_id = "halls"\nzh = "{{ 7*7 }} 展厅"\nen = "Halls"\nunit_zh = "个"\n'
        'unit_en = "sites"\ntarget = 2\nmeasure = "facilities"\nkinds = ["exhibition_hall"]\n',
        encoding="utf-8",
    )
    kepu("report", "plan.docx", "--no-siting", "--plan", "plan.toml", "--on", "2025-12-31",
         cwd=folder)  # fmt: skip
    shown = text(folder / "plan.docx")
    assert "某县方案" in shown
    assert "{{ 7*7 }} 展厅" in shown
    assert "健康素养" not in shown


def test_no_part_of_a_report_points_outside(folder: Path) -> None:
    content = (folder / "报告.docx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        links = b"".join(
            archive.read(name) for name in archive.namelist() if name.endswith(".rels")
        )
    assert b"External" not in links
    assert not re.findall(rb'Target="(?:https?|file):', links)
