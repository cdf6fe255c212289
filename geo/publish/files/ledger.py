"""The ledger as the office keeps it: headings, sheets and words that ``kepu load`` reads.

What is exported and loaded again changes nothing, as long as the profile is ``internal``;
others carry fewer columns and, for the public, fewer rows and rounded positions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from geo.core.disclosure import shown_positions
from geo.core.district import DistrictData
from geo.core.schema import DESIGNATIONS, FACILITIES, Column, Table
from geo.core.vocabulary import LABELS, Profile
from geo.core.workbook import LEDGER_SHEET, PLAQUE_SHEET, heading, workbook_bytes
from geo.publish.files.layer import plain_values
from geo.publish.files.sheets import add_notes, add_table

CHOICES_SHEET: Final = "选项"
_PROVENANCE: Final = frozenset({"source_file", "source_sheet", "source_row"})
_WIDTHS: Final = {"name": 36, "title": 32, "note": 40, "address": 30, "department": 18}
_WIDTH, _ROOM = 14, 1_000
"""Drop-downs go on for so many rows below the last, for those who add to the list."""

_HOW: Final = (
    "「设施台账」一行一处场所；「挂牌」一行一块牌匾，用「设施编号」对应场所。",
    "改好后用 kepu load facilities 读回；不知道的留空，不要填0；没有的填0。",
    "经度、纬度为 CGCS2000（与 WGS 84 相差厘米级）的度数。",
)


def ledger_bytes(data: DistrictData, notes: Sequence[str]) -> bytes:
    """Return the ledger of a district as its profile carries it, as .xlsx.

    Parameters
    ----------
    data : DistrictData
        As :func:`geo.core.disclosure.release` returned it.
    notes : sequence of str
        Date, sources, marks: the lines of 说明, after how the ledger is filled in.
    """
    book = Workbook(write_only=True)
    lists = _lists(data)
    facilities = data.facilities.sort_index()
    _add(book, LEDGER_SHEET, ledger_columns(data, FACILITIES), facilities, lists,
         positions=_positions(facilities, data))  # fmt: skip
    plaques = data.designations.sort_values(["facility_id", "title"], kind="stable")
    _add(book, PLAQUE_SHEET, ledger_columns(data, DESIGNATIONS), plaques, lists)
    _add_choices(book, lists)
    add_notes(book, [*_HOW, *notes])
    return workbook_bytes(book)


def _positions(facilities: gpd.GeoDataFrame, data: DistrictData) -> gpd.GeoSeries:
    """Return positions to the last digit for the office itself, so that they come back as kept."""
    if data.profile is Profile.INTERNAL:
        return facilities.geometry
    return shown_positions(facilities, data)


def ledger_columns(data: DistrictData, table: Table) -> list[Column]:
    """Return the columns of a ledger's table that the district's profile carries."""
    return [
        column
        for column in table.columns
        if column.name not in _PROVENANCE and data.profile.carries(column.release)
    ]


def _add(
    book: Workbook,
    title: str,
    columns: list[Column],
    frame: pd.DataFrame,
    lists: dict[str, list[str]],
    *,
    positions: gpd.GeoSeries | None = None,
) -> None:
    rows = frame if frame.index.name is None else frame.reset_index()
    values = [_written(rows[column.name], column) for column in columns]
    heads = [heading(column) for column in columns]
    if positions is not None:
        heads += ["经度", "纬度"]
        values += _degrees(positions)
    widths = [_WIDTHS.get(column.name, _WIDTH) for column in columns]
    sheet = add_table(book, title, heads, zip(*values, strict=True), widths=widths)
    last = len(rows) + 1 + _ROOM
    for at, column in enumerate(columns, 1):
        name = _list_of(column)
        if name in lists and (column.name != "facility_id"):
            _add_drop_down(sheet, get_column_letter(at), last, _place_of(lists, name))


def _written(values: pd.Series, column: Column) -> list[Any]:
    plain = plain_values(values, column)
    if column.choices is None:
        return plain
    words = {term.value: LABELS[column.choices][term].zh for term in column.choices}
    return [None if value is None else words[value] for value in plain]


def _degrees(positions: gpd.GeoSeries) -> list[list[float | None]]:
    shapes = np.asarray(positions.array, dtype=object)
    return [
        [None if np.isnan(number) else number for number in of(shapes).tolist()]
        for of in (shapely.get_x, shapely.get_y)
    ]


def _lists(data: DistrictData) -> dict[str, list[str]]:
    """Return what may be chosen, by the name of each list."""
    found = {_title(choices): _labels(choices) for choices in _choices()}
    codes = data.townships.sort_index()
    return found | {
        _YES_NO: ["是", "否"],
        _CODES: [str(code) for code in codes.index],
        _TOWNSHIP_NAMES: [str(name) for name in codes["name_zh"]],
    }


_YES_NO, _CODES, _TOWNSHIP_NAMES = "是否", "乡镇街道代码", "乡镇街道名称"


def _choices() -> Iterator[type[StrEnum]]:
    found = {c.choices for table in (FACILITIES, DESIGNATIONS) for c in table.columns if c.choices}
    yield from sorted(found, key=lambda choices: choices.__name__)


def _title(choices: type[StrEnum]) -> str:
    return {"Kind": "类型", "Level": "级别", "Status": "状态", "Verification": "核查"}[
        choices.__name__
    ]


def _labels(choices: type[StrEnum]) -> list[str]:
    return [LABELS[choices][term].zh for term in choices]


def _list_of(column: Column) -> str:
    if column.choices is not None:
        return _title(column.choices)
    if column.dtype == "boolean":
        return _YES_NO
    return _CODES if column.name == "township_code" else ""


def _place_of(lists: dict[str, list[str]], name: str) -> str:
    letter = get_column_letter(list(lists).index(name) + 1)
    return f"'{CHOICES_SHEET}'!${letter}$2:${letter}${len(lists[name]) + 1}"


def _add_drop_down(sheet: Any, letter: str, last: int, place: str) -> None:
    rule = DataValidation(
        type="list", formula1=place, allow_blank=True, showErrorMessage=True,
        errorStyle="warning", errorTitle="不在选项中",
        error="这一格不是「选项」表中的写法，确定要保留吗？",
    )  # fmt: skip
    rule.add(f"{letter}2:{letter}{last}")
    sheet.data_validations.append(rule)


def _add_choices(book: Workbook, lists: dict[str, list[str]]) -> None:
    longest = max(len(words) for words in lists.values())
    columns = [words + [""] * (longest - len(words)) for words in lists.values()]
    rows = ([word or None for word in row] for row in zip(*columns, strict=True))
    add_table(book, CHOICES_SHEET, list(lists), rows, widths=[26] * len(lists), freeze="A2")
