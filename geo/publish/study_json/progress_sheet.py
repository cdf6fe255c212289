"""The sheet in which an office keeps the yearly values of commitments without a place."""

from __future__ import annotations

from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from geo.core.plan import Commitment, Plan, YearlyRule
from geo.core.workbook import set_text, workbook_bytes
from geo.intake.plan_progress import ID_HEADING

_RULES: Final = {
    YearlyRule.LATEST: "当年达到的水平；以最近一年对照目标",
    YearlyRule.EACH_YEAR: "当年完成数；每年都对照目标",
    YearlyRule.SUM: "当年新增数；各年合计对照目标",
}
_TITLE: Final = (
    "手工填报指标：只填年份各列；没有数据请留空（空格按「未填报」，不按 0）。"
    "单位为 % 的填百分数的数值，如 12.3。"
    "填好后：kepu report 报告.docx --progress 本表"
)
_HEADS: Final = (ID_HEADING, "指标", "单位", "目标", "怎样填")
_WIDTHS: Final = (20, 30, 8, 10, 34)
_YEAR_WIDTH: Final = 11
_NOTE: Final = "依据（文件、部门）"
_NOTE_WIDTH: Final = 30
_HEAD_ROW: Final = 3
_THIN: Final = Side(style="thin", color="B7BFC6")
_BOX: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def progress_sheet(plan: Plan) -> bytes:
    """Return the sheet as .xlsx, to be filled in; the same plan gives the same bytes.

    Its commitments' names and units are written as text, whatever they begin with.

    Examples
    --------
    >>> from geo.core.plan import load_plan
    >>> progress_sheet(load_plan())[:2]
    b'PK'
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  (a new workbook has one)
    sheet.title = "进展"
    set_text(sheet.cell(1, 1), _TITLE)
    set_text(sheet.cell(2, 1), f"{plan.title_zh}　{plan.source}")
    _write_heads(sheet, plan)
    for row, one in enumerate(plan.by_hand, _HEAD_ROW + 1):
        _write_row(sheet, row, one, len(plan.years))
    sheet.freeze_panes = f"C{_HEAD_ROW + 1}"
    _bound_values(sheet, plan)
    return workbook_bytes(book)


def _write_heads(sheet: Worksheet, plan: Plan) -> None:
    heads = (*_HEADS, *map(str, plan.years), _NOTE)
    widths = (*_WIDTHS, *(_YEAR_WIDTH for _ in plan.years), _NOTE_WIDTH)
    for at, (head, width) in enumerate(zip(heads, widths, strict=True), 1):
        cell = sheet.cell(_HEAD_ROW, at)
        set_text(cell, head)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EDF1")
        _arrange(cell)
        sheet.column_dimensions[get_column_letter(at)].width = width


def _write_row(sheet: Worksheet, row: int, one: Commitment, year_count: int) -> None:
    for at, text in ((1, one.commitment_id), (2, one.zh), (3, one.unit_zh), (5, _RULES[one.rule])):
        set_text(sheet.cell(row, at), text)
    sheet.cell(row, 4, one.target)
    for at in range(1, len(_HEADS) + year_count + 2):
        _arrange(sheet.cell(row, at))


def _arrange(cell: Any) -> None:
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.border = _BOX


def _bound_values(sheet: Worksheet, plan: Plan) -> None:
    """Let Excel itself refuse what is no number, no whole number, or no per cent."""
    first, last = len(_HEADS) + 1, len(_HEADS) + len(plan.years)
    left, right = get_column_letter(first), get_column_letter(last)
    for row, one in enumerate(plan.by_hand, _HEAD_ROW + 1):
        highest = 100 if one.is_share else 1_000_000_000
        offered = DataValidation(
            type="whole" if one.is_count else "decimal", operator="between",
            formula1="0", formula2=str(highest), allow_blank=True, showErrorMessage=True,
            error=f"请填{'整数' if one.is_count else '数字'}；没有数据请留空。",
        )  # fmt: skip
        offered.add(f"{left}{row}:{right}{row}")
        sheet.add_data_validation(offered)
