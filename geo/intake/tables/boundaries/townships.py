"""The features of a layer as townships, and the district that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.errors import BoundaryError, DuplicateError, InputError
from geo.core.schema import (
    DESIGNATIONS,
    DISTRICTS,
    FACILITIES,
    POPULATION,
    TOWNSHIPS,
    VILLAGES,
    Column,
    Table,
    conform,
    empty_frame,
)
from geo.core.vocabulary import Quality, TownshipKind
from geo.intake.divisions.assignment import with_divisions
from geo.intake.formats.parts import Feature, is_blank
from geo.intake.georeference.features import feature_sheet
from geo.intake.headers.layout import HeaderLayout
from geo.intake.pipeline import Draft, SheetColumns
from geo.intake.reference_data import ReferenceData
from geo.intake.sentences import message
from geo.intake.table_reader import MUST_BE_FILLED, Record, TableReader, frame_of
from geo.intake.tables.boundaries.polygons import INVALID, multi, read_polygon

_DISTRICT_NAME: Final = Column("district_name", "text", "区县名称", "District name")
_COLUMNS: Final = (*TOWNSHIPS.columns, _DISTRICT_NAME)
_MAY_LACK: Final = frozenset({"kind", "quality", "source_id"})
_KINDS_BY_ENDING: Final = {
    "街道": TownshipKind.SUBDISTRICT,
    "街道办事处": TownshipKind.SUBDISTRICT,
    "镇": TownshipKind.TOWN,
    "乡": TownshipKind.TOWNSHIP,
}
_SAME_CODE: Final = message("boundaries.township_code_twice")
_OTHER_DISTRICT: Final = message("boundaries.township_of_other_district")
_KIND_UNKNOWN: Final = message("boundaries.township_kind_unknown")


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
    layer: str | None,
    features: Sequence[Feature],
    known: Known | None,
    draft: Draft,
    reference: ReferenceData,
) -> TableReader:
    """Return what reads the properties of a layer.

    Codes may be missing altogether where the district's townships are known by name;
    the cells of codes are then left to the matching.

    Raises
    ------
    MissingColumnError
        There are no names, or no codes in a district that is not known.
    """
    codes = frozenset({"township_code"} if known else ())
    columns = SheetColumns(_COLUMNS, may_lack=_MAY_LACK | codes, raw=codes)
    sheet = feature_sheet(draft.file, features, name=layer)
    return draft.reader(HeaderLayout(sheet), columns, reference, forgiving=False)


def read_townships(
    reader: TableReader,
    features: Sequence[Feature],
    known: Known | None,
    *,
    take_invalid: bool,
) -> list[ReadTownship]:
    """Return each feature as a township; what is wrong goes to the reader's errors.

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
    """Return whether the codes of a layer are those of the district that is known.

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
    """Return a record with the name that is known of its code: misspelt ones were noted."""
    code = record.values.get("township_code")
    if code is None:
        if not record.values.get("name_zh") and is_blank(reader.cell(record, "township_code")):
            reader.errors.add(MUST_BE_FILLED.error(), reader.place(record.number, "township_code"))
        return record
    name = known.divisions["name_zh"].get(code, record.values.get("name_zh"))
    return replace(record, values={**record.values, "name_zh": name})


def _check_code(record: Record, reader: TableReader, seen: dict[str, int]) -> None:
    """Add an error for a code that an earlier feature has, or of another district."""
    code = record.values.get("township_code")
    if not isinstance(code, str):
        return
    place = reader.place(record.number, "township_code")
    district = next(iter(seen), code)[:DISTRICT_DIGITS]
    if code in seen:
        error: InputError = _SAME_CODE.error(DuplicateError, code=code, row=seen[code])
        reader.errors.add(error, place)
    elif not code.startswith(district):
        error = _OTHER_DISTRICT.error(BoundaryError, code=code, district=district)
        reader.errors.add(error, place)
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
    reader.errors.add(_KIND_UNKNOWN.error(name=name), place)
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
        raise INVALID.error(
            BoundaryError, number=feature.number, name=str(name or "—"), reason=reason
        )
    except BoundaryError as error:
        reader.errors.add(error, reader.place(feature.number))
        return None


DISTRICT_DIGITS: Final = 6
_RANKS: Final = {quality.value: rank for rank, quality in enumerate(Quality)}


@dataclass(frozen=True)
class Boundaries:
    """The townships of one district, and its outline, which is their union.

    Attributes
    ----------
    townships : geopandas.GeoDataFrame
        Indexed by ``township_code``; MultiPolygon in EPSG:4490.
    districts : geopandas.GeoDataFrame
        One row, indexed by ``district_code``; its name is the code where the file
        names no district.
    ignored_headings : tuple of str
        Names of properties that were not used.
    """

    townships: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    ignored_headings: tuple[str, ...] = ()

    @property
    def district_code(self) -> str:
        """The six digits that all township codes begin with."""
        return str(self.districts.index[0])

    def districts_with(
        self, neighbours: gpd.GeoDataFrame, *, name_zh: str | None = None
    ) -> gpd.GeoDataFrame:
        """Return the district's own row followed by its neighbours'.

        Parameters
        ----------
        neighbours : geopandas.GeoDataFrame
            Rows of the same table with the role ``neighbour``.
        name_zh : str, optional
            The district's name, for a file that does not give it.
        """
        own = self.districts.copy()
        if name_zh and own["name_zh"].iloc[0] == self.district_code:
            own["name_zh"] = pd.Series([name_zh], index=own.index, dtype="str")
        others = neighbours.drop(index=self.district_code, errors="ignore")
        return own if others.empty else pd.concat([own, others])

    def districts_beside(self, before: DistrictData) -> gpd.GeoDataFrame:
        """Return the outlines of a district whose own is renewed: its neighbours stay."""
        neighbours = before.districts[before.districts["role"] == "neighbour"]
        return self.districts_with(neighbours, name_zh=before.district_name)

    def as_district(self, before: DistrictData, sources: pd.DataFrame) -> DistrictData:
        """Return a district with these boundaries and, as yet, nothing within.

        Parameters
        ----------
        before : DistrictData
            The district whose place it takes. Those of its outlines that touch the
            new district stay as neighbours, with their sources, and give it a name.
        sources : pandas.DataFrame
            Of these boundaries, indexed by ``source_id``.
        """
        facilities, villages = (
            gpd.GeoDataFrame(empty_frame(table), geometry=[], crs=STORAGE_CRS).set_index(table.key)
            for table in (FACILITIES, VILLAGES)
        )
        name = before.districts["name_zh"].get(self.district_code)
        districts = self.districts_with(self._touching(before.districts), name_zh=name)
        used = before.sources.index.isin(districts["source_id"])
        kept = before.sources[used & ~before.sources.index.isin(sources.index)]
        return DistrictData(
            townships=self.townships,
            districts=districts,
            villages=villages,
            population=empty_frame(POPULATION),
            facilities=facilities,
            designations=empty_frame(DESIGNATIONS),
            sources=sources if kept.empty else pd.concat([sources, kept]),
        )

    def _touching(self, districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        others = districts[districts.geometry.intersects(self.districts.geometry.iloc[0])]
        return others.assign(role=pd.Series("neighbour", index=others.index, dtype="str"))


def boundaries_of(
    rows: Sequence[dict[str, Any]],
    areas: Sequence[shapely.MultiPolygon],
    ignored_headings: tuple[str, ...] = (),
) -> Boundaries:
    """Return townships and their district as frames.

    Parameters
    ----------
    rows : sequence of dict
        Values by column of :data:`geo.core.schema.TOWNSHIPS`; ``district_name`` may name
        the district.
    areas : sequence of shapely.MultiPolygon
        Theirs, in degrees of CGCS2000.
    ignored_headings : tuple of str
        Names of properties that were not used.
    """
    townships = _outlines(rows, areas, TOWNSHIPS)
    return Boundaries(townships, _own_outline(rows, townships), ignored_headings)


def _own_outline(rows: Sequence[dict[str, Any]], townships: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    code = str(townships.index[0])[:DISTRICT_DIGITS]
    names = [row.get("district_name") for row in rows]
    row = {
        "district_code": code,
        "name_zh": next((name for name in names if name), code),
        "role": "district",
        # An outline is as sure as the least sure of its townships.
        "quality": max(townships["quality"], key=_RANKS.__getitem__),
        "source_id": townships["source_id"].iloc[0],
    }
    union = shapely.union_all(townships.geometry.array)
    return _outlines([row], [multi(union)], DISTRICTS)


def _outlines(
    rows: Sequence[dict[str, Any]], areas: Sequence[shapely.MultiPolygon], table: Table
) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries(list(areas), crs=STORAGE_CRS)
    frame = gpd.GeoDataFrame(frame_of(rows, table), geometry=geometry)
    return conform(frame, table).set_index(table.key)
