"""Township boundaries, strictly: valid polygons of one district that do not overlap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.columns import (
    DESIGNATIONS,
    DISTRICTS,
    FACILITIES,
    POPULATION,
    SOURCES,
    TOWNSHIPS,
    VILLAGES,
    conform,
    empty_frame,
)
from geo.crs import STORAGE_CRS
from geo.district import DistrictData
from geo.errors import BadValueError, BoundaryError, DuplicateError, Place
from geo.intake.bounds import file_digest
from geo.intake.geojson import read_geojson, shape_of
from geo.intake.rows import SheetTable
from geo.intake.table import Faults, Row, rows_of_sheet
from geo.terms import Quality

_TOWNSHIP_DIGITS, _DISTRICT_DIGITS = 9, 6


@dataclass(frozen=True)
class Boundaries:
    """Checked townships, and the outline of their district, which is their union."""

    townships: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame

    def districts_with(self, neighbours: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the district's outline followed by its neighbours'."""
        joined = pd.concat([self.districts, neighbours])
        return gpd.GeoDataFrame(joined, geometry="geometry", crs=STORAGE_CRS)

    def as_district(self, sources: pd.DataFrame) -> DistrictData:
        """Return a district of which only the boundaries are known yet."""
        nobody = gpd.GeoDataFrame(empty_frame(FACILITIES), geometry=[], crs=STORAGE_CRS)
        return DistrictData(
            townships=self.townships,
            districts=self.districts,
            villages=empty_frame(VILLAGES).set_index("village_code"),
            population=empty_frame(POPULATION),
            facilities=nobody.set_index("facility_id"),
            designations=empty_frame(DESIGNATIONS),
            sources=sources,
        )


def source_of_file(path: Path, *, title: str, quality: Quality) -> pd.DataFrame:
    """Return the source that a loaded file is, as :data:`geo.columns.SOURCES` lists it.

    Returns
    -------
    pandas.DataFrame
        One row, indexed by ``source_id``, with the file's SHA-256.
    """
    digest = file_digest(path)
    row = {
        "source_id": f"file-{digest[:12]}",
        "title_zh": title,
        "title_en": title,
        "publisher": "本单位导入 / loaded by this office",
        "published_on": "未注明 / not stated",
        "licence": "内部资料 / internal",
        "quality": quality.value,
        "sha256": digest,
    }
    return conform(pd.DataFrame([row]), SOURCES).set_index("source_id")


def read_boundaries(path: Path, *, quality: Quality, source_id: str) -> Boundaries:
    """Read township polygons from GeoJSON in CGCS2000 or WGS 84.

    Parameters
    ----------
    path : pathlib.Path
        Features with 乡镇街道代码, 名称 and 类别, or their identifiers.
    quality : Quality
        For features that name none.
    source_id : str
        For features that name none.

    Returns
    -------
    Boundaries
        Multipolygons in EPSG:4490 by ``township_code``.

    Raises
    ------
    InputError
        The first fault in reading order; nothing is mended in silence.
    """
    features = read_geojson(path)
    names = tuple(dict.fromkeys(name for _, properties, _ in features for name in properties))
    rows = tuple((n, tuple(p.get(name) for name in names)) for n, p, _ in features)
    faults = Faults()
    table, _ = rows_of_sheet(
        SheetTable(Place(file=path.name), names, rows),
        TOWNSHIPS,
        faults,
        given=("quality", "source_id"),
    )
    shapes = [
        faults.attempt(_polygon, row, geometry)
        for row, (_, _, geometry) in zip(table, features, strict=True)
    ]
    _check_codes(table, faults)
    faults.raise_first()
    _check_overlaps(table, shapes, path)
    defaults = {"quality": quality.value, "source_id": source_id}
    filled = [{**defaults, **{k: v for k, v in row.items() if v is not None}} for row in table]
    frame = gpd.GeoDataFrame(filled, geometry=shapes, crs=STORAGE_CRS)
    townships = conform(frame, TOWNSHIPS).set_index("township_code")
    return Boundaries(townships, _district(townships))


def _polygon(row: Row, geometry: object) -> shapely.MultiPolygon:
    place = Place(row["source_file"], None, row["source_row"])
    name = row.get("name_zh") or ""
    if not isinstance(geometry, dict):
        raise BoundaryError(
            zh=f"「{name}」没有几何。", en=f"'{name}' has no geometry.", place=place
        )
    shape = shape_of(geometry, place)
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or shape.is_empty:
        raise BoundaryError(zh=f"「{name}」不是面。", en=f"'{name}' is no polygon.", place=place)
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        raise BoundaryError(
            zh=f"「{name}」的面无效（{reason}）。请在 GIS 软件中修复后重试。",
            en=f"The polygon of '{name}' is invalid ({reason}); mend it in a GIS.",
            place=place,
        )
    return shapely.MultiPolygon(shapely.get_parts(shapely.force_2d(shape)))


def _check_codes(rows: list[Row], faults: Faults) -> None:
    first = next((row["township_code"] for row in rows if row.get("township_code")), "")
    seen: dict[str, int] = {}
    for row in rows:
        code = row.get("township_code")
        if code is None:
            continue
        if len(code) != _TOWNSHIP_DIGITS or code[:_DISTRICT_DIGITS] != first[:_DISTRICT_DIGITS]:
            faults.attempt(_raise_code, row, code)
        if code in seen:
            faults.attempt(_raise_twice, row, code, seen[code])
        seen.setdefault(code, row["source_row"])


def _raise_code(row: Row, code: str) -> None:
    raise BadValueError(
        zh=f"“{code}”应为同一区县的 9 位乡镇街道代码。",
        en=f"'{code}' should be a nine-digit code of the same district as the first.",
        place=Place(row["source_file"], None, row["source_row"], TOWNSHIPS["township_code"].zh),
    )


def _raise_twice(row: Row, code: str, first: int) -> None:
    raise DuplicateError(
        zh=f"乡镇街道代码“{code}”与第{first}个要素重复。",
        en=f"Township code '{code}' is that of feature {first} too.",
        place=Place(row["source_file"], None, row["source_row"], TOWNSHIPS["township_code"].zh),
    )


def _check_overlaps(rows: list[Row], shapes: list[shapely.MultiPolygon], path: Path) -> None:
    edges = shapely.coverage_invalid_edges(shapes)
    wrong = [row["name_zh"] for row, edge in zip(rows, edges, strict=True) if not edge.is_empty]
    if wrong:
        names = "、".join(wrong[:10])
        raise BoundaryError(
            zh=f"这些乡镇街道的边界互相重叠或不贴合：{names}。请在 GIS 软件中修复后重试。",
            en=f"The boundaries of these townships overlap or do not match: {names}.",
            place=Place(file=path.name),
        )


def _district(townships: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    code = str(townships.index[0])[:_DISTRICT_DIGITS]
    row = {
        "district_code": code,
        "name_zh": code,
        "role": "district",
        "quality": townships["quality"].iloc[0],
        "source_id": townships["source_id"].iloc[0],
    }
    whole = shapely.coverage_union_all(townships.geometry.array)
    shape = shapely.MultiPolygon(shapely.get_parts(whole))
    frame = gpd.GeoDataFrame([row], geometry=[shape], crs=STORAGE_CRS)
    return conform(frame, DISTRICTS).set_index("district_code")
