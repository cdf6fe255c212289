from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from geo.core.errors import FileTooLargeError, FileTypeError, InputError
from geo.core.messages import Unreadable
from geo.intake.formats import workbook as module
from geo.intake.formats.limits import InputFile
from geo.intake.formats.parts import Row
from geo.intake.formats.workbook import read_workbook

SOURCE = Callable[[str, bytes], InputFile]
DAMAGED = "a.xlsx：工作簿已损坏或不是 Excel 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx。"
FAR = "内容超出 200,000 行或 200 列的上限，请删去远处的单元格或拆分。"


def rows_of(path: Path) -> dict[str, Sequence[Row]]:
    found = read_workbook(InputFile("a.xlsx", ".xlsx", path.read_bytes()))
    return {str(part.name): part.rows for part in found}


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return stream.getvalue()


def excel_parts(*texts: str) -> dict[str, bytes]:
    """Return a workbook as Excel lays it out: texts in a table of their own.

    openpyxl writes them within their cells, so its files alone would not show
    that the table is read. The text "=" makes a formula with the result 7.
    """
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    cells = "".join(
        f'<c r="{get_column_letter(n + 1)}1"><f>3+4</f><v>7</v></c>'
        if text == "="
        else f'<c r="{get_column_letter(n + 1)}1" t="s"><v>{n}</v></c>'
        for n, text in enumerate(texts)
    )
    kept = ' xml:space="preserve"'
    strings = "".join(
        # Excel keeps a blank at an end by the attribute; where there is none it writes none.
        f"<si><r><t{kept if text[:1].isspace() else ''}>{escape(text[:1])}</t></r>"
        f"<r><t{kept}>{escape(text[1:])}</t></r></si>"
        for text in texts
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="设施台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"/>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>'
        f'<row r="1">{cells}</row></sheetData></worksheet>',
    }
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    return {name: (head + part).encode() for name, part in parts.items()}


def edited(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return stream.getvalue()


def test_values_come_out_as_they_went_in(workbook: Callable[..., Path]) -> None:
    cells = ["科普馆", 1, 2.5, True, date(2023, 5, 1), "<b>&'\"</b>", " x ", "两\n行", "🧪"]
    path = workbook(甲=[["a"], cells])
    assert rows_of(path)["甲"] == [Row(1, ("a",)), Row(2, tuple(cells))]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
        .filter(str.strip)
        .filter(lambda text: text != "=" and "x005F_" not in text),
        min_size=1,
        max_size=4,
    )
)
def test_texts_of_excel_stand_in_a_table_of_their_own(texts: list[str]) -> None:
    source = InputFile("a.xlsx", ".xlsx", packed(excel_parts(*texts)))
    (sheet,) = read_workbook(source)
    assert sheet.rows == [Row(1, tuple(texts))]


def test_a_formula_of_excel_gives_its_result() -> None:
    source = InputFile("a.xlsx", ".xlsx", packed(excel_parts("名称", "=")))
    (sheet,) = read_workbook(source)
    assert sheet.rows == [Row(1, ("名称", 7))]


def test_hidden_sheets_are_marked(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("词表").sheet_state = "hidden"
    book.create_sheet("深藏").sheet_state = "veryHidden"
    book.active["A1"] = "名称"  # type: ignore[index]
    book.save(tmp_path / "藏.xlsx")
    parts = read_workbook(InputFile("a.xlsx", ".xlsx", (tmp_path / "藏.xlsx").read_bytes()))
    assert [(part.name, part.hidden) for part in parts] == [
        ("Sheet", False), ("词表", True), ("深藏", True),
    ]  # fmt: skip


def test_merged_cells_are_told(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet["B2"] = "位置"
    sheet.merge_cells("B2:C3")
    book.save(tmp_path / "并.xlsx")
    (part,) = read_workbook(InputFile("a.xlsx", ".xlsx", (tmp_path / "并.xlsx").read_bytes()))
    assert part.merged == ((2, 2, 3, 3),)
    assert part.rows == [Row(2, (None, "位置"))]


def test_blank_rows_are_left_out_and_numbers_stay(workbook: Callable[..., Path]) -> None:
    path = workbook(甲=[[], ["a"], [], [" ", None], [None, "b"]])
    assert rows_of(path)["甲"] == [Row(2, ("a",)), Row(5, (None, "b"))]


def test_a_wrong_range_hides_no_row(workbook: Callable[..., Path], source: SOURCE) -> None:
    content = workbook(甲=[["a", "b"], ["c", "d"]]).read_bytes()
    wrong = edited(
        content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1"')
    )
    assert wrong != content
    (sheet,) = read_workbook(source("a.xlsx", wrong))
    assert sheet.rows == [Row(1, ("a", "b")), Row(2, ("c", "d"))]


def test_formula_without_result_with_one_and_with_an_empty_one(
    workbook: Callable[..., Path], source: SOURCE
) -> None:
    path = workbook(甲=[["=1+1", "=A1", '=""', "=B1", None]])

    def give_results(xml: bytes) -> bytes:
        for formula, old, new in (
            (b"A1", b"<v></v>", b"<v>7</v>"),
            (b'""', b"<v></v>", b"<v></v>"),
        ):
            xml = xml.replace(b"<f>" + formula + b"</f>" + old, b"<f>" + formula + b"</f>" + new)
            xml = xml.replace(b"<f>" + formula + b"</f><v />", b"<f>" + formula + b"</f>" + new)
        return xml.replace(b'r="C1"', b'r="C1" t="str"')

    content = edited(path.read_bytes(), "xl/worksheets/sheet1.xml", give_results)
    (sheet,) = read_workbook(source("a.xlsx", content))
    lacking = Unreadable(
        zh="公式没有结果。请在 Excel 中打开并保存一次，或改填数值。",
        en="The formula has no result; open and save the file in Excel, or enter the value.",
        code="formula_without_result",
    )
    assert sheet.rows == [Row(1, (lacking, 7, None, lacking))]


def test_errors_of_excel_are_no_text(workbook: Callable[..., Path]) -> None:
    ((row,),) = rows_of(workbook(甲=[["a", "#N/A"]])).values()
    assert row.cells[1] == Unreadable(
        zh="单元格是错误值 #N/A，请改正公式或填入数值。",
        en="The cell holds the error #N/A; mend the formula or enter the value.",
        code="cell_error",
    )


def test_a_date_beyond_the_calendar_stays_the_number_that_it_is(
    workbook: Callable[..., Path], source: SOURCE
) -> None:
    content = edited(
        workbook(甲=[[date(2023, 5, 1)]]).read_bytes(),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v>45047</v>", b"<v>99999999999</v>"),
    )
    (sheet,) = read_workbook(source("a.xlsx", content))
    assert sheet.rows[0].cells[0] == 99999999999


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<html><table>", "网页或 XML"),
        ("名称,类型".encode(), "别的东西"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_content_of_another_type(
    refused: Callable[..., object], source: SOURCE, content: bytes, what: str
) -> None:
    message = f"a.xlsx：扩展名是 .xlsx，内容却是{what}。请用 Excel 或 WPS 重新保存或导出。"
    refused(FileTypeError, message, read_workbook, source("a.xlsx", content))


def test_a_zip_that_is_no_workbook(refused: Callable[..., object], source: SOURCE) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("a.txt", "x")
    refused(FileTypeError, DAMAGED, read_workbook, source("a.xlsx", stream.getvalue()))


def test_an_old_workbook_that_is_none(refused: Callable[..., object], source: SOURCE) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 2_000
    refused(FileTypeError, DAMAGED, read_workbook, source("a.xlsx", content))


def test_a_truncated_workbook(
    refused: Callable[..., object], workbook: Callable[..., Path], source: SOURCE
) -> None:
    content = workbook(甲=[["a"]]).read_bytes()[:-100]
    refused(FileTypeError, DAMAGED, read_workbook, source("a.xlsx", content))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<sheetData>", b"<sheetDat>"),
        (b'r="A1"', b'r="!"'),
        (b'<row r="1"', b'<row r="one"'),
        (b"<v>0</v>", b"<v>99</v>"),
        (b"</worksheet>", b""),
    ],
)
def test_malformed_sheets_are_damaged(
    refused: Callable[..., object], source: SOURCE, old: bytes, new: bytes
) -> None:
    parts = excel_parts("科普馆")
    assert old in parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(old, new)
    content = packed(parts)
    refused(FileTypeError, DAMAGED, read_workbook, source("a.xlsx", content))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_bytes_that_were_changed_raise_nothing_but_input_errors(data: st.DataObject) -> None:
    content = bytearray(packed(excel_parts("名称", "=")))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(4, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    with suppress(InputError):
        read_workbook(InputFile("a.xlsx", ".xlsx", bytes(content)))


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_xml_that_was_changed_raises_nothing_but_input_errors(data: st.DataObject) -> None:
    parts = excel_parts("名称", "=")
    name = data.draw(st.sampled_from(sorted(parts)))
    xml = parts[name]
    start = data.draw(st.integers(0, len(xml) - 1))
    length = data.draw(st.integers(0, 40))
    piece = data.draw(st.sampled_from([b"", b"0", b"<", b"/>", b'"', b"-1", b"&x;", b"e9"]))
    parts[name] = xml[:start] + piece + xml[start + length :]
    with suppress(InputError):
        read_workbook(InputFile("a.xlsx", ".xlsx", packed(parts)))


def test_content_far_away_is_refused(refused: Callable[..., object], tmp_path: Path) -> None:
    for cell, row in (("A200001", 200001), ("GS1", 1)):
        book = Workbook()
        book.active[cell] = "远"  # type: ignore[index]
        book.save(tmp_path / "远.xlsx")
        message = f"a.xlsx · Sheet · 第{row}行：{FAR}"
        refused(FileTooLargeError, message, rows_of, tmp_path / "远.xlsx")


def test_styled_cells_far_away_that_hold_nothing_are_no_content(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"] = "名称"
    for cell in ("XFD1", "XFD7"):
        sheet[cell].number_format = "0.00"
    book.save(tmp_path / "宽.xlsx")
    assert rows_of(tmp_path / "宽.xlsx")["Sheet"] == [Row(1, ("名称",))]


def test_cells_are_bounded(
    refused: Callable[..., object], workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_CELLS", 5)
    path = workbook(甲=[["a", "b"], ["c", "d"], ["e", "f"]])
    refused(FileTooLargeError, f"a.xlsx · 甲 · 第3行：{FAR}", rows_of, path)


_MEASURED = """
import sys, time
from pathlib import Path
from geo.core.errors import FileTooLargeError
from geo.intake.tables.ledger import read_ledger
before = time.process_time()
try:
    read_ledger(Path(sys.argv[1]))
except FileTooLargeError:
    refused = True
# Of this process alone: ru_maxrss would begin with the size of the one that started it.
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
print(refused, time.process_time() - before, peak.split()[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux")
def test_a_small_file_with_one_cell_in_the_last_corner_costs_little(tmp_path: Path) -> None:
    book = Workbook()
    book.active["XFD1048576"] = 1  # type: ignore[index]
    path = tmp_path / "角.xlsx"
    book.save(path)
    assert path.stat().st_size < 6_000
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    refused, seconds, kibibytes = done.stdout.split()
    assert refused == "True"
    assert float(seconds) < 2
    assert int(kibibytes) < 500 * 1024
