"""Township boundaries of an office: polygons that make a district, or one clear error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.columns import (
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
from geo.crs import STORAGE_CRS
from geo.district import DistrictData
from geo.errors import BoundaryError, DuplicateError, FileTypeError, Place
from geo.intake.faults import Faults, shown
from geo.intake.formats.part import Feature, Part
from geo.intake.formats.reading import LAYER_SUFFIXES
from geo.intake.layer import feature_sheet
from geo.intake.messages import message
from geo.intake.polygons import MAX_OVERLAPS, multi, named_feature, overlaps, read_polygon
from geo.intake.positions.systems import in_degrees
from geo.intake.process import Book, read_file
from geo.intake.table import Record, TableReader, frame_of
from geo.terms import Quality, TownshipKind

BOUNDARY_SUFFIXES: Final = (*LAYER_SUFFIXES, ".zip", ".kmz")
_SEVERAL: Final = message(
    "boundaries_several_layers",
    "文件里有几个面图层（{names}），请只留乡镇街道的一个。",
    "The file has several layers of areas ({names}); leave that of the townships only.",
)
_NO_AREAS: Final = message(
    "boundaries_without_areas",
    "文件里没有面图层（{names}），请导出乡镇街道的面。",
    "The file has no layer of areas ({names}); export the polygons of the townships.",
)
_DISTRICT_NAME: Final = Column("district_name", "text", "区县名称", "District name")
_DISTRICT_DIGITS: Final = 6
_RANKS: Final = {quality.value: rank for rank, quality in enumerate(Quality)}
_KINDS_BY_ENDING: Final = {
    "街道": TownshipKind.SUBDISTRICT,
    "街道办事处": TownshipKind.SUBDISTRICT,
    "镇": TownshipKind.TOWN,
    "乡": TownshipKind.TOWNSHIP,
}


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
        facilities = gpd.GeoDataFrame(empty_frame(FACILITIES), geometry=[], crs=STORAGE_CRS)
        name = before.districts["name_zh"].get(self.district_code)
        districts = self.districts_with(self._touching(before.districts), name_zh=name)
        used = before.sources.index.isin(districts["source_id"])
        kept = before.sources[used & ~before.sources.index.isin(sources.index)]
        return DistrictData(
            townships=self.townships,
            districts=districts,
            villages=empty_frame(VILLAGES).set_index(VILLAGES.key),
            population=empty_frame(POPULATION),
            facilities=facilities.set_index(FACILITIES.key),
            designations=empty_frame(DESIGNATIONS),
            sources=sources if kept.empty else pd.concat([sources, kept]),
        )

    def _touching(self, districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        others = districts[districts.geometry.intersects(self.districts.geometry.iloc[0])]
        return others.assign(role=pd.Series("neighbour", index=others.index, dtype="str"))


def read_boundaries(
    path: Path, *, quality: Quality, source_id: str, name: str | None = None
) -> Boundaries:
    """Read the townships of a district from GeoJSON: a file without a fault, or one error.

    Each feature is a Polygon or MultiPolygon in degrees of CGCS2000 or WGS 84 with
    the properties ``township_code`` (nine digits, all of one district) and
    ``name_zh``. Where no property ``kind`` is, it follows from the name's ending
    (街道, 镇, 乡). A property ``district_name`` may name the district. Polygons are
    not mended.

    Parameters
    ----------
    path : pathlib.Path
        The file, ``.geojson`` or ``.json``.
    quality : Quality
        Of the outlines, where a feature does not say its own.
    source_id : str
        The source of every outline.
    name : str, optional
        What to call the file, if not by the path's own name.

    Raises
    ------
    InputError
        Of the class of the first fault in reading order, as in
        :func:`geo.intake.ledger.read_ledger`. A feature's number is given as a row.
    BoundaryError
        A geometry is no polygon, is invalid, or stands outside China; codes are of
        several districts; or townships overlap by more than
        :data:`geo.intake.polygons.LEAST_OVERLAP_M2`.
    """
    book = read_file(path, takes=BOUNDARY_SUFFIXES, name=name)
    features, _ = in_degrees(_layer(book), book.file)
    reader = TableReader(
        feature_sheet(book.file, features),
        (*TOWNSHIPS.columns, _DISTRICT_NAME),
        Faults(),
        may_lack=frozenset({"kind", "quality", "source_id"}),
    )
    rows, polygons = _read_townships(reader, features)
    reader.faults.raise_if_any()
    for row in rows:
        row.update({"quality": row.get("quality", quality.value), "source_id": source_id})
    _check_overlaps(rows, polygons, reader)
    reader.faults.raise_if_any()
    townships = _outlines(rows, polygons, TOWNSHIPS)
    return Boundaries(townships, _own_outline(rows, townships), reader.ignored)


def _layer(book: Book) -> Part:
    """Return the file's one layer of areas.

    Raises
    ------
    FileTypeError
        There is none, or it is not clear which.
    """
    layers = [part for part in book.parts if part.features]
    areas = [part for part in layers if any(map(_is_area, part.features or ()))]
    if len(areas) == 1 or len(layers) == 1:
        return (areas or layers)[0]
    names = tuple(part.name or "—" for part in book.parts)
    fault = (_SEVERAL if areas else _NO_AREAS).fault(FileTypeError, names=names)
    fault.place = Place(file=book.file)
    raise fault


def _is_area(feature: Feature) -> bool:
    kind = (feature.geometry or {}).get("type")
    return isinstance(kind, str) and kind.endswith("Polygon")


def _read_townships(
    reader: TableReader, features: Sequence[Feature]
) -> tuple[list[dict[str, Any]], list[shapely.MultiPolygon]]:
    rows: list[dict[str, Any]] = []
    polygons = []
    seen: dict[str, int] = {}
    for record, feature in zip(reader.records(), features, strict=True):
        _check_code(record, reader, seen)
        rows.append({"kind": _kind(record, reader), "number": record.number} | record.values)
        polygon = read_polygon(feature, record.values["name_zh"], reader)
        if polygon is not None:
            polygons.append(polygon)
    return rows, polygons


def _check_code(record: Record, reader: TableReader, seen: dict[str, int]) -> None:
    """Add a fault for a code that an earlier feature has, or of another district."""
    code = record.values["township_code"]
    if not isinstance(code, str):
        return
    place = reader.place(record.number, "township_code")
    district = next(iter(seen), code)[:_DISTRICT_DIGITS]
    if code in seen:
        fault: BoundaryError | DuplicateError = DuplicateError(
            zh=f"乡镇街道代码 {code} 与第{seen[code]}行重复，请改正代码，或合并为一个多部件面。",
            en=f"Township code {code} stands in row {seen[code]} too; mend or merge them.",
        )
        reader.faults.add(fault, place)
    elif not code.startswith(district):
        fault = BoundaryError(
            zh=f"代码 {code} 不属于第一个要素所在的区县 {district}。请每次只导入一个区县。",
            en=f"Code {code} is not of the first feature's district {district}; load one district.",
        )
        reader.faults.add(fault, place)
    seen.setdefault(code, record.number)


def _kind(record: Record, reader: TableReader) -> str | None:
    """Return the kind that the ending of a township's name gives it."""
    name = str(record.values["name_zh"] or "")
    if "kind" in reader.headings.positions or not name:
        return None
    for ending, kind in _KINDS_BY_ENDING.items():
        if name.endswith(ending):
            return kind.value
    reader.fault(
        f"从名称「{shown(name)}」看不出是街道、镇还是乡，请加上「类别」一列。",
        f"The name '{shown(name)}' does not tell the kind of township; add the property 'kind'.",
        record.number,
        "name_zh",
    )
    return None


def _check_overlaps(
    rows: Sequence[dict[str, Any]], polygons: Sequence[shapely.MultiPolygon], reader: TableReader
) -> None:
    found = overlaps(polygons)
    if len(found) >= MAX_OVERLAPS:
        reader.faults.end_early()
    for first, second, area_m2 in found:
        names = [named_feature(rows[i]["number"], rows[i]["name_zh"]) for i in (first, second)]
        fault = BoundaryError(
            zh=f"{names[0][0]}与{names[1][0]}重叠 {area_m2:,.0f} m²，请在 QGIS 中修正边界。",
            en=f"{names[0][1]} and {names[1][1]} overlap by {area_m2:,.0f} m²; mend them in QGIS.",
        )
        reader.faults.add(fault, reader.place(rows[second]["number"]))


def _own_outline(rows: Sequence[dict[str, Any]], townships: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    code = str(townships.index[0])[:_DISTRICT_DIGITS]
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
    rows: Sequence[dict[str, Any]], polygons: Sequence[shapely.MultiPolygon], table: Table
) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries(list(polygons), crs=STORAGE_CRS)
    frame = gpd.GeoDataFrame(frame_of(rows, table), geometry=geometry)
    return conform(frame, table).set_index(table.key)
