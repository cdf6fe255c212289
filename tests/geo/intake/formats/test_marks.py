"""What is sent back: the sender's own cells, coloured and commented, and nothing that runs."""

from __future__ import annotations

import io

from openpyxl import Workbook, load_workbook

from geo.intake.formats.marks import CellMark, marked_workbook, workbook_of
from geo.intake.formats.parts import Part, Row

FAULT = CellMark("甲", 2, 1, "面积", "不是数字。", "200", "fault")
REMARK = CellMark("甲", 2, 0, "名称", "=危险()", "", "remark")


def test_the_senders_cells_stay_and_are_marked() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "甲"
    sheet.append(["名称", "面积"])
    sheet.append(["馆", "约200"])
    sheet["A2"].number_format = "@"
    stream = io.BytesIO()
    book.save(stream)
    made = load_workbook(io.BytesIO(marked_workbook(stream.getvalue(), [FAULT, REMARK])))
    cells = made["甲"]
    assert cells["B2"].value == "约200"
    assert cells["B2"].comment.text == "不是数字。\n→ 200"
    assert cells["B2"].fill.fgColor.rgb != cells["A2"].fill.fgColor.rgb
    assert cells["A2"].number_format == "@"
    assert made.sheetnames == ["核对清单", "甲"]


def test_nothing_of_the_list_becomes_a_formula() -> None:
    parts = [
        Part("a/b[c]", [Row(1, ("名称",)), Row(2, ("=cmd|' /C calc'!A0",)), Row(3, ("@x\x07",))])
    ]
    mark = CellMark("a/b[c]", 2, 0, "=1+1", "=2+2", "-3", "fault")
    made = load_workbook(io.BytesIO(workbook_of(parts, [mark])))
    kinds = {
        cell.data_type for sheet in made for row in sheet.iter_rows() for cell in row if cell.value
    }
    assert kinds <= {"s", "n"}
    assert made["abc"]["A2"].value == "=cmd|' /C calc'!A0"
    assert made["abc"]["A2"].quotePrefix
    assert made["abc"]["A2"].comment.text == "=2+2\n→ -3"
    assert made["abc"]["A3"].value == "@x\ufffd"


def test_marks_on_merged_cells_and_unknown_sheets_do_no_harm() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "名称"
    sheet.merge_cells("A1:B2")
    stream = io.BytesIO()
    book.save(stream)
    marks = [
        CellMark("Sheet", 2, 1, "", "x", "", "fault"),
        CellMark("没有", 1, 0, "", "y", "", "fault"),
    ]
    made = load_workbook(io.BytesIO(marked_workbook(stream.getvalue(), marks)))
    assert made["核对清单"].max_row == 3


def test_a_row_of_the_list_leads_to_its_cell_and_is_high_enough() -> None:
    parts = [Part("它's 表", [Row(1, ("名称", "面积")), Row(2, ("馆", "约200"))])]
    long = CellMark("它's 表", 2, 1, "面积", "面积是约数，" * 20, "200", "remark")
    whole = CellMark("它's 表", 0, None, "", "看不出坐标系。", "", "remark")
    made = load_workbook(io.BytesIO(workbook_of(parts, [whole, long])))
    listed = made["核对清单"]
    assert [cell.value for cell in listed["B"]] == ["行", "整张表", 2]
    assert listed["B2"].hyperlink is None
    title = made.sheetnames[1]
    assert listed["B3"].hyperlink.location == f"'{title}'!B2"
    assert listed.row_dimensions[3].height > 2 * listed.row_dimensions[2].height
    marked = [cell.coordinate for row in made[title].iter_rows() for cell in row if cell.comment]
    assert marked == ["B2"]


def test_columns_of_a_file_that_was_no_workbook_are_wide_enough() -> None:
    wide = "大祥区罗市镇桥头村新时代文明实践站"
    made = load_workbook(io.BytesIO(workbook_of([Part("表", [Row(1, ("名称", wide))])], [])))
    widths = made["表"].column_dimensions
    assert widths["A"].width < 2 * len(wide) < widths["B"].width
