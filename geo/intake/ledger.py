"""A ledger of facilities, strictly: every row right, or nothing taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.columns import DESIGNATIONS, FACILITIES, conform, empty_frame
from geo.crs import STORAGE_CRS
from geo.errors import (
    BadValueError,
    DuplicateError,
    EmptyFileError,
    Place,
    UnknownDivisionError,
)
from geo.intake.geojson import CHINA_BOUNDS, position_error, read_geojson, shape_of
from geo.intake.rows import SheetTable, read_tables
from geo.intake.table import Faults, Row, position_of, rows_of_sheet

LEDGER_SHEET: Final = "设施台账"
PLAQUE_SHEET: Final = "挂牌"
_GIVEN: Final = ("verification", "demonstration")


@dataclass(frozen=True)
class Ledger:
    """A checked ledger: places, their plaques, and the headings that were not used.

    ``facilities`` is indexed by ``facility_id``, with positions in EPSG:4490.
    """

    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    ignored_headings: tuple[str, ...] = ()


def read_ledger(path: Path) -> Ledger:
    """Read a ledger from .xlsx, .csv or .geojson.

    A workbook has the sheet 设施台账, a row for each place, and may have the
    sheet 挂牌, a row for each plaque; a workbook with one sheet of another name
    is a ledger without plaques. Rows without 核查 are pending; rows without
    是否演示数据 are not demonstration data.

    Parameters
    ----------
    path : pathlib.Path
        The user's file.

    Returns
    -------
    Ledger
        With the file, sheet and row of every record.

    Raises
    ------
    InputError
        The first fault in reading order, with its place and the number of others.
    """
    faults = Faults()
    if path.suffix.lower() in {".geojson", ".json"}:
        rows, unused = _rows_of_features(path, faults)
        plaques: list[Row] = []
    else:
        sheets = read_tables(path)
        rows, unused = rows_of_sheet(_ledger_sheet(sheets, path), FACILITIES, faults, given=_GIVEN)
        plaques = _plaques(sheets, faults)
    if not rows:
        raise EmptyFileError(
            zh="台账里没有设施。", en="The ledger has no facility.", place=Place(file=path.name)
        )
    points = [faults.attempt(_point, row) for row in rows]
    _check_ids(rows, plaques, faults)
    faults.raise_first()
    return Ledger(_facilities(rows, points), _designations(plaques), unused)


def _ledger_sheet(sheets: dict[str, SheetTable], path: Path) -> SheetTable:
    if LEDGER_SHEET in sheets:
        return sheets[LEDGER_SHEET]
    others = [sheet for name, sheet in sheets.items() if name != PLAQUE_SHEET]
    if len(others) == 1:
        return others[0]
    names = "、".join(sheets)
    raise EmptyFileError(
        zh=f"没有名为「{LEDGER_SHEET}」的工作表。现有：{names}。请改名后重试。",
        en=f"There is no sheet '{LEDGER_SHEET}'; there are: {names}.",
        place=Place(file=path.name),
    )


def _plaques(sheets: dict[str, SheetTable], faults: Faults) -> list[Row]:
    if PLAQUE_SHEET not in sheets:
        return []
    rows, _ = rows_of_sheet(sheets[PLAQUE_SHEET], DESIGNATIONS, faults, given=("demonstration",))
    return rows


def _rows_of_features(path: Path, faults: Faults) -> tuple[list[Row], tuple[str, ...]]:
    features = read_geojson(path)
    names = tuple(dict.fromkeys(name for _, properties, _ in features for name in properties))
    sheet = SheetTable(
        Place(file=path.name),
        names,
        tuple((n, tuple(properties.get(name) for name in names)) for n, properties, _ in features),
    )
    rows, unused = rows_of_sheet(sheet, FACILITIES, faults, given=_GIVEN)
    for row, (number, _, geometry) in zip(rows, features, strict=True):
        row["geometry"] = faults.attempt(
            _feature_point, geometry, Place(file=path.name, row=number)
        )
    return rows, unused


def _feature_point(geometry: dict[str, Any] | None, place: Place) -> shapely.Point | None:
    if geometry is None:
        return None
    shape = shape_of(geometry, place)
    if not isinstance(shape, shapely.Point) or shape.is_empty:
        raise BadValueError(
            zh="设施的几何应为一个点。", en="A facility's geometry is one point.", place=place
        )
    return shapely.force_2d(shape)


def _point(row: Row) -> shapely.Point | None:
    if row.get("geometry") is not None:
        found: shapely.Point = row["geometry"]
        return found
    position = position_of(row)
    if position is None:
        return None
    west, south, east, north = CHINA_BOUNDS
    x, y = position
    if not (west <= x <= east and south <= y <= north):
        raise position_error(x, y, _place(row, "经度"))
    return shapely.Point(x, y)


def _place(row: Row, column: str | None = None) -> Place:
    return Place(row["source_file"], row["source_sheet"], row["source_row"], column)


def _check_ids(rows: list[Row], plaques: list[Row], faults: Faults) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        key = row.get("facility_id")
        if key is None:
            continue
        if key in seen:
            faults.attempt(_raise_twice, row, key, seen[key])
        seen.setdefault(key, row["source_row"])
    for row in plaques:
        key = row.get("facility_id")
        if key is not None and key not in seen:
            faults.attempt(_raise_stray, row, key)


def _raise_twice(row: Row, key: str, first: int) -> None:
    raise DuplicateError(
        zh=f"设施编号“{key}”与第{first}行重复。一处场所只占一行，牌匾写在「{PLAQUE_SHEET}」表。",
        en=f"Facility id '{key}' stands in row {first} too; one place, one row.",
        place=_place(row, FACILITIES["facility_id"].zh),
    )


def _raise_stray(row: Row, key: str) -> None:
    raise BadValueError(
        zh=f"设施编号“{key}”不在「{LEDGER_SHEET}」表中。",
        en=f"Facility id '{key}' is not in the ledger.",
        place=_place(row, DESIGNATIONS["facility_id"].zh),
    )


def _facilities(rows: list[Row], points: list[shapely.Point | None]) -> gpd.GeoDataFrame:
    values = [{name: value for name, value in row.items() if name != "geometry"} for row in rows]
    table = pd.DataFrame(values)
    for name, default in (("verification", "pending"), ("demonstration", False)):
        filled = table[name] if name in table else pd.Series(index=table.index, dtype=object)
        table[name] = filled.astype(object).where(filled.notna(), default)
    frame = gpd.GeoDataFrame(_dated(table), geometry=points, crs=STORAGE_CRS)
    return conform(frame, FACILITIES).set_index("facility_id")


def _designations(plaques: list[Row]) -> pd.DataFrame:
    if not plaques:
        return empty_frame(DESIGNATIONS)
    table = pd.DataFrame(plaques)
    if "demonstration" not in table:
        table["demonstration"] = False
    table["demonstration"] = table["demonstration"].astype(object).fillna(False)
    return conform(_dated(table), DESIGNATIONS)


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    dates = {
        column.name
        for of in (FACILITIES, DESIGNATIONS)
        for column in of.columns
        if column.dtype == "date" and column.name in table
    }
    return table.assign(
        **{name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in dates}
    )


def check_townships(ledger: Ledger, townships: pd.DataFrame) -> None:
    """Raise where a row declares a township of this district that there is not.

    Codes of other districts are let through: those facilities stand outside.

    Raises
    ------
    UnknownDivisionError
        Naming the first such row and the number of others.

    Examples
    --------
    >>> check_townships(Ledger(empty_frame(FACILITIES), empty_frame(DESIGNATIONS)),
    ...                 pd.DataFrame(index=["430503001"]))
    """
    own = {str(code)[:6] for code in townships.index}
    faults = Faults()
    for row in ledger.facilities.itertuples():
        code = row.township_code
        if isinstance(code, str) and code[:6] in own and code[:9] not in townships.index:
            faults.attempt(_raise_unknown, row)
    faults.raise_first()


def _raise_unknown(row: Any) -> None:
    raise UnknownDivisionError(
        zh=f"乡镇街道代码“{row.township_code}”在边界数据中不存在，请核对。",
        en=f"There is no township with the code '{row.township_code}' in the boundaries.",
        place=Place(
            row.source_file,
            row.source_sheet if isinstance(row.source_sheet, str) else None,
            int(row.source_row),
            FACILITIES["township_code"].zh,
        ),
    )
