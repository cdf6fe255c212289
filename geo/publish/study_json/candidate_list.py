"""The candidates as a workbook that other bureaus fill in and send back."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from geo.core.crs import STORAGE_CRS
from geo.core.siting_options import CandidateSource
from geo.core.workbook import set_text, workbook_bytes
from geo.intake.candidate_marks import CANDIDATE_ID, LISTED
from geo.measures.study import Study
from geo.siting.labels import SOURCES

_MARKS: Final = ("自然资源审查", "生态环境审查", "应急管理审查")
_FIGURES: Final = ("适宜性", "费用（万元）")
_WIDTHS: Final = (22, 34, 20, 14, 12, 12, 14, 14, 14, 10, 14)
_TITLE: Final = (
    "选址候选点清单：请在「审查」各列填 通过 或 不通过（不填为未审），适宜性填 0—100 分；"
    "不适用的列可删，另加的列表头须以「审查」结尾。填好后用 kepu site --marks 读回。"
)
_HEAD_ROW: Final = 3


def candidate_list(study: Study, candidates: gpd.GeoDataFrame) -> bytes:
    """Return candidates as .xlsx with empty columns for marks; the same bytes every time.

    Parameters
    ----------
    study : Study
        Whose district, date and demonstration mark stand above the list.
    candidates : geopandas.GeoDataFrame
        As :func:`geo.siting.candidates.candidate_sites` returns them. Search areas are left
        out: nobody can examine a square of the map.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  (a new workbook has one)
    sheet.title = "候选点"
    set_text(sheet.cell(1, 1), _TITLE)
    set_text(sheet.cell(2, 1), _stamp(study))
    heads = (CANDIDATE_ID, *LISTED, *_MARKS, *_FIGURES)
    for at, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True), 1):
        cell = sheet.cell(_HEAD_ROW, at)
        set_text(cell, head)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row, values in enumerate(_rows(study, candidates), _HEAD_ROW + 1):
        for column, value in enumerate(values, 1):
            if isinstance(value, str):
                set_text(sheet.cell(row, column), value)
            elif value is not None:
                sheet.cell(row, column, value)
    sheet.freeze_panes = f"C{_HEAD_ROW + 1}"
    _offer_choices(sheet)
    return workbook_bytes(book)


def _stamp(study: Study) -> str:
    demonstration = "　含演示数据，非真实台账" if study.data.demonstration else ""
    return (
        f"{study.data.district_name}　{study.scenario.on:%Y-%m-%d}　"
        f"情景 {study.scenario.digest}{demonstration}"
    )


def _rows(study: Study, candidates: gpd.GeoDataFrame) -> list[tuple[str | float | None, ...]]:
    kept = candidates[candidates["source"] != CandidateSource.SEARCH_AREA.value]
    degrees = kept.geometry.to_crs(STORAGE_CRS)
    names = study.data.townships["name_zh"]
    empty = (None,) * len(_MARKS)
    return [
        (
            str(candidate_id),
            row["name"],
            SOURCES[CandidateSource(row["source"])].zh,
            str(names[row["township_code"]]),
            round(point.x, 6),
            round(point.y, 6),
            *empty,
            _known(row["suitability"]),
            _known(row["cost"]) or None,
        )
        for (candidate_id, row), point in zip(kept.iterrows(), degrees, strict=True)
    ]


def _known(value: float) -> float | None:
    return None if value != value else float(value)  # noqa: PLR0124  (not a number is unknown)


def _offer_choices(sheet: Worksheet) -> None:
    """Let cells of marks be chosen from a list."""
    if sheet.max_row <= _HEAD_ROW:
        return
    first = 2 + len(LISTED)
    offered = DataValidation(type="list", formula1='"通过,不通过"', allow_blank=True)
    left, right = get_column_letter(first), get_column_letter(first + len(_MARKS) - 1)
    offered.add(f"{left}{_HEAD_ROW + 1}:{right}{sheet.max_row}")
    sheet.add_data_validation(offered)
