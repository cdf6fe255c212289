"""The features of a layer as townships: code, name and kind of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.core.errors import BoundaryError, DuplicateError, InputError
from geo.core.messages import message
from geo.core.schema import TOWNSHIPS, Column
from geo.core.vocabulary import TownshipKind
from geo.intake.boundaries.outlines import DISTRICT_DIGITS
from geo.intake.boundaries.polygons import INVALID, read_polygon
from geo.intake.divisions.assigning import with_divisions
from geo.intake.faults import Faults
from geo.intake.formats.part import Feature
from geo.intake.headings.synonyms import Synonyms
from geo.intake.layer import feature_sheet
from geo.intake.rows import is_blank
from geo.intake.table import MUST_BE_FILLED, Record, TableReader

_DISTRICT_NAME: Final = Column("district_name", "text", "区县名称", "District name")
_COLUMNS: Final = (*TOWNSHIPS.columns, _DISTRICT_NAME)
_KINDS_BY_ENDING: Final = {
    "街道": TownshipKind.SUBDISTRICT,
    "街道办事处": TownshipKind.SUBDISTRICT,
    "镇": TownshipKind.TOWN,
    "乡": TownshipKind.TOWNSHIP,
}
_SAME_CODE: Final = message(
    "township_code_twice",
    "乡镇街道代码 {code} 与第{row}行重复，请改正代码，或合并为一个多部件面。",
    "Township code {code} stands in row {row} too; mend or merge them.",
)
_OTHER_DISTRICT: Final = message(
    "township_of_other_district",
    "代码 {code} 不属于第一个要素所在的区县 {district}。请每次只导入一个区县。",
    "Code {code} is not of the first feature's district {district}; load one district.",
)
_KIND_UNKNOWN: Final = message(
    "township_kind_unknown",
    "从名称「{name}」看不出是街道、镇还是乡，请加上「类别」一列。",
    "The name '{name}' does not tell the kind of township; add the property 'kind'.",
)


@dataclass(frozen=True)
class ReadTownship:
    """One feature as read.

    Attributes
    ----------
    record : Record
        Its cells.
    values : dict
        By column of :data:`geo.core.schema.TOWNSHIPS`, and ``district_name``.
    polygon : Polygon or MultiPolygon, or None
        In degrees as drawn; None where it has none that can be used.
    """

    record: Record
    values: dict[str, Any]
    polygon: BaseGeometry | None

    @property
    def number(self) -> int:
        """The feature's number in the file, from 1."""
        return self.record.number

    @property
    def told(self) -> str:
        """Its name as a message shows it."""
        return str(self.values.get("name_zh") or "—")


@dataclass(frozen=True)
class Known:
    """What is known of the district beforehand.

    Attributes
    ----------
    divisions : pandas.DataFrame
        Its townships by code, with ``name_zh`` and ``township_code``.
    name : str
        Of the district.
    """

    divisions: pd.DataFrame
    name: str

    @property
    def district_code(self) -> str:
        """Its six digits."""
        return str(self.divisions.index[0])[:DISTRICT_DIGITS]


def reader_of(
    file: str,
    layer: str | None,
    features: Sequence[Feature],
    known: Known | None,
    synonyms: Synonyms | None,
) -> TableReader:
    """Return what reads the properties of a layer.

    Codes may be missing altogether where the district's townships are known by name;
    the cells of codes are then left to the matching.

    Raises
    ------
    MissingColumnError
        There are no names, or no codes in a district that is not known.
    """
    lacks = {"kind", "quality", "source_id"} | ({"township_code"} if known else set())
    return TableReader(
        feature_sheet(file, features, name=layer),
        _COLUMNS,
        Faults(),
        may_lack=frozenset(lacks),
        synonyms=synonyms,
        raw=frozenset({"township_code"} if known else ()),
    )


def read_townships(
    reader: TableReader,
    features: Sequence[Feature],
    known: Known | None,
    *,
    take_invalid: bool,
) -> list[ReadTownship]:
    """Return each feature as a township; what is wrong goes to the reader's faults.

    Parameters
    ----------
    reader : TableReader
        Of :func:`reader_of`.
    features : sequence of Feature
        In degrees.
    known : Known, optional
        Codes and names are matched with it; without it codes hold as they stand.
    take_invalid : bool
        Whether polygons that are not valid are kept, to be mended.
    """
    records = list(reader.records())
    if known is not None:
        records = _matched(records, reader, known)
    found = []
    seen: dict[str, int] = {}
    for record, feature in zip(records, features, strict=True):
        _check_code(record, reader, seen)
        values = {"kind": _kind(record, reader)} | record.values
        polygon = _polygon(feature, record, reader, take_invalid)
        found.append(ReadTownship(record, values, polygon))
    return found


def speaks_of(reader: TableReader, known: Known) -> bool:
    """Tell whether the codes of a layer are those of the district that is known.

    A layer without codes is taken to be: only the names can tell then.
    """
    position = reader.headings.positions.get("township_code")
    if position is None:
        return True
    cells = [row.cells[position] for row in reader.sheet.rows[1:] if position < len(row.cells)]
    codes = ["".join(str(cell).split()) for cell in cells if not is_blank(cell)]
    own = sum(code.startswith(known.district_code) for code in codes)
    return not codes or own > 0


def _matched(records: Sequence[Record], reader: TableReader, known: Known) -> list[Record]:
    named = [
        replace(record, values={**record.values, "township_name": record.values.get("name_zh")})
        for record in records
    ]
    found = with_divisions(reader, named, known.divisions, known.name)
    return [_named_as_known(record, reader, known) for record in found]


def _named_as_known(record: Record, reader: TableReader, known: Known) -> Record:
    """Return a record with the name that is known of its code: misspelt ones were remarked on."""
    code = record.values.get("township_code")
    if code is None:
        if not record.values.get("name_zh") and is_blank(reader.cell(record, "township_code")):
            reader.faults.add(MUST_BE_FILLED.fault(), reader.place(record.number, "township_code"))
        return record
    name = known.divisions["name_zh"].get(code, record.values.get("name_zh"))
    return replace(record, values={**record.values, "name_zh": name})


def _check_code(record: Record, reader: TableReader, seen: dict[str, int]) -> None:
    """Add a fault for a code that an earlier feature has, or of another district."""
    code = record.values.get("township_code")
    if not isinstance(code, str):
        return
    place = reader.place(record.number, "township_code")
    district = next(iter(seen), code)[:DISTRICT_DIGITS]
    if code in seen:
        fault: InputError = _SAME_CODE.fault(DuplicateError, code=code, row=seen[code])
        reader.faults.add(fault, place)
    elif not code.startswith(district):
        fault = _OTHER_DISTRICT.fault(BoundaryError, code=code, district=district)
        reader.faults.add(fault, place)
    seen.setdefault(code, record.number)


def _kind(record: Record, reader: TableReader) -> str | None:
    """Return the kind that the ending of a township's name gives it."""
    name = str(record.values.get("name_zh") or "")
    if "kind" in reader.headings.positions or not name:
        return None
    for ending, kind in _KINDS_BY_ENDING.items():
        if name.endswith(ending):
            return kind.value
    place = reader.place(record.number, "name_zh")
    reader.faults.add(_KIND_UNKNOWN.fault(name=name), place)
    return None


def _polygon(
    feature: Feature, record: Record, reader: TableReader, take_invalid: bool
) -> BaseGeometry | None:
    name = record.values.get("name_zh")
    try:
        polygon = read_polygon(feature, name)
        if polygon.is_valid or take_invalid:
            return polygon
        reason = str(shapely.is_valid_reason(polygon))
        raise INVALID.fault(
            BoundaryError, number=feature.number, name=str(name or "—"), reason=reason
        )
    except BoundaryError as fault:
        reader.faults.add(fault, reader.place(feature.number))
        return None
