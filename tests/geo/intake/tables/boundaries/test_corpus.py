"""A corpus of boundary layers that are wrong, each in its own way, with the report that it must get.

Files are made here, by script, of a district of four squares of about 5 km. Boundaries go in
together or not at all: a case with a fault leaves none. ``errors`` are the features (None: the
layer as a whole) and codes or words of the reason, ``warnings`` what is told beside.
"""

# ruff: noqa: E501  (a case is a line)
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Polygon, box, to_geojson, union_all

from geo.core.datum import Datum, to_gcj02
from geo.core.errors import InputError
from geo.core.vocabulary import Quality
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.boundaries import BOUNDARY_TABLE, Boundaries, Check

SIDE = 0.05
NAMES = {
    "430599001": "城东街道",
    "430599002": "城南街道",
    "430599101": "河西镇",
    "430599201": "山口乡",
}
A, B, C, D = NAMES
SOUTH_WEST = {A: (0, 0), B: (1, 0), C: (0, 1), D: (1, 1)}


def square(column: float, row: float, wider: float = 0, side: float = SIDE) -> Polygon:
    """Return a square of the grid; ``wider`` to the east, in degrees (0.00001 is about a metre)."""
    west, south = 111.4 + column * SIDE, 27.2 + row * SIDE
    return box(west, south, west + side + wider, south + side)


GOOD = {code: square(*corner) for code, corner in SOUTH_WEST.items()}
KNOWN = ReferenceData(
    gpd.GeoDataFrame({"name_zh": NAMES.values(), "quality": "official"}, geometry=list(GOOD.values()), index=list(GOOD), crs=4490),
    districts=gpd.GeoDataFrame({"name_zh": ["试验区"], "role": ["district"]}, geometry=[union_all(list(GOOD.values()))], index=["430599"], crs=4490),
    source_id="file-1", quality=Quality.OFFICIAL,
)  # fmt: skip
MENDING = replace(KNOWN, mend_width_m=5.0)


def layer(*features: tuple[dict[str, Any], Any], **members: Any) -> bytes:
    items = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    return json.dumps({"type": "FeatureCollection", **members, "features": items}).encode()


def townships(areas: dict[str, Any], **members: Any) -> bytes:
    """Return a layer of areas, or geometries as GeoJSON has them, by code."""
    return layer(*[(told(code), geometry(area)) for code, area in areas.items()], **members)


def told(code: str, name: str | None = None) -> dict[str, Any]:
    return {"乡镇代码": code, "名称": NAMES[code] if name is None else name}


def geometry(area: Any) -> Any:
    return json.loads(to_geojson(area)) if isinstance(area, shapely.Geometry) else area


def but(**changed: Any) -> bytes:
    """Return the good layer, but for some of its areas: ``a`` to ``d`` in the order of codes."""
    codes = dict(zip("abcd", NAMES, strict=True))
    return townships(GOOD | {codes[letter]: area for letter, area in changed.items()})


def moved(dx: float = 0, dy: float = 0) -> bytes:
    return townships(
        {
            code: shapely.transform(area, lambda at: at + np.array([dx, dy]))
            for code, area in GOOD.items()
        }
    )


def shifted() -> bytes:
    """Return the good layer in GCJ-02, with many corners, as it is drawn on a web map."""

    def change(at: Any) -> Any:
        return shapely.get_coordinates(shapely.points(*to_gcj02(at[:, 0], at[:, 1])))

    dense = {code: shapely.segmentize(area, 0.005) for code, area in GOOD.items()}
    return townships({code: shapely.transform(area, change) for code, area in dense.items()})


@dataclass(frozen=True)
class Case:
    """One layer, and what is to be said of it."""

    content: bytes
    errors: tuple[tuple[int | None, str], ...] = ()
    warnings: tuple[str, ...] = ()
    refused: str = ""
    setting: ReferenceData = KNOWN
    name: str = "图.geojson"


RING = {"type": "Polygon", "coordinates": [[[111.4, 27.2], [111.45, 27.2], [111.4, 27.2]]]}
BOW = {
    "type": "Polygon",
    "coordinates": [
        [[111.4, 27.2], [111.45, 27.25], [111.45, 27.2], [111.4, 27.25], [111.4, 27.2]]
    ],
}
OPEN_RING = {
    "type": "Polygon",
    "coordinates": [[[111.4, 27.2], [111.45, 27.2], [111.45, 27.25], [111.4, 27.25]]],
}

STAYS, AGREES, UNCLEAR = "outline_unshifted", "boundaries_outline_agrees", "outline_undecided"
FINE = (STAYS, AGREES)
BAD = ("boundaries_not_assessed",)
LAKE = square(0, 0).difference(square(0.8, 0.4, side=0.01))
OTHERS = [(told(code), geometry(area)) for code, area in GOOD.items() if code != B]

CASES = {
    "as it should be": Case(townships(GOOD), warnings=FINE),
    "a wide overlap": Case(but(a=square(0, 0, 0.01)), ((2, "重叠 5,488,270 m²（最宽 990.8 米）"), (3, "重叠 490 m²")), FINE),
    "a sliver that overlaps": Case(but(a=square(0, 0, 0.00002)), ((2, "重叠 10,977 m²（最宽 2.0 米）"),), FINE),
    "a sliver that is mended": Case(but(a=square(0, 0, 0.00002)), warnings=(*FINE, "boundary_mended", "boundaries_mended"), setting=MENDING),
    "an overlap too wide to mend": Case(but(a=square(0, 0, 0.01)), ((2, "最宽 990.8 米"), (3, "重叠 490 m²")), FINE, setting=MENDING),
    "a narrow gap to the outside": Case(but(a=square(0, 0, -0.00003)), ((2, "有 16,467 m² 不属于任何乡镇（最宽 3.0 米"),), (UNCLEAR, AGREES)),
    "a gap that is mended": Case(but(a=square(0, 0, -0.00003)), warnings=(UNCLEAR, AGREES, "boundary_mended", "boundaries_mended"), setting=MENDING),
    "a hole between townships": Case(but(a=LAKE), ((1, "城东街道、城南街道之间有 1,097,665 m²"),), FINE),
    "a lake that was accepted": Case(but(a=LAKE), warnings=(*FINE, "boundaries_accepted"), setting=replace(KNOWN, accepted=frozenset({Check.GAPS}))),
    "a code twice": Case(layer(*OTHERS, (told(A), geometry(GOOD[B]))), ((4, "与第1行重复"),), FINE),
    "a code of another name": Case(layer(*OTHERS, (told(B, "河西镇"), geometry(GOOD[B]))), ((4, "代码「430599002 城南街道」与名称「430599101 河西镇」不是同一处"),), FINE),
    "a code that lost a digit": Case(layer(*OTHERS, ({"乡镇代码": "43059900", "名称": "城南街道"}, geometry(GOOD[B]))), warnings=(*FINE, "division_code_damaged")),
    "a township lies apart": Case(but(d=square(3, 3)), ((None, "只重合 60.0%（低于 90%）"), (4, "山口乡有 27.41 km² 与全区不相连")), (UNCLEAR,)),
    "the district does not close": Case(townships({A: GOOD[A], D: GOOD[D], B: square(2.5, 0), C: square(0, 2.5)}), ((None, "只重合 33.3%"), (3, "boundaries_detached"), (4, "boundaries_detached")), (UNCLEAR,)),
    "an outline that is off": Case(moved(0.02), ((None, "多出 21.95 km²，缺少 21.95 km²"),), (UNCLEAR,)),
    "an outline off that was accepted": Case(moved(0.02), warnings=(UNCLEAR, "boundaries_accepted"), setting=replace(KNOWN, accepted=frozenset({Check.OUTLINE}))),
    "a township is lacking": Case(townships({code: GOOD[code] for code in (A, B, C)}), ((None, "只重合 75.0%"),), (UNCLEAR,)),
    "the wrong hemisphere": Case(moved(0, -54.5), tuple((row, "不在中国范围内") for row in (1, 2, 3, 4))),
    "longitude and latitude swapped": Case(townships({code: shapely.transform(area, lambda at: at[:, ::-1]) for code, area in GOOD.items()}), tuple((row, "可能填反了") for row in (1, 2, 3, 4))),
    "a ring of three points": Case(but(a=RING), ((1, "只有 3 个点，围不成面"),), BAD),
    "a ring that is open": Case(but(a=OPEN_RING), ((1, "没有闭合"),), BAD),
    "a ring that is open and asked to be mended": Case(but(a=OPEN_RING), ((1, "没有闭合"),), BAD, setting=MENDING),
    "a ring that is no ring": Case(but(a={"type": "Polygon", "coordinates": [3, "x"]}), ((1, "boundary_invalid"),), BAD),
    "a polygon that crosses itself": Case(but(a=BOW), ((1, "Self-intersection[111.425 27.225]"),), BAD),
    "a null geometry": Case(but(a=None), ((1, "几何不是面"),), BAD),
    "a point for a township": Case(but(a={"type": "Point", "coordinates": [111.42, 27.22]}), ((1, "几何不是面"),), BAD),
    "an empty polygon": Case(but(a={"type": "Polygon", "coordinates": []}), ((1, "的面无效（empty）"),), BAD),
    "points alone": Case(layer((told(A), {"type": "Point", "coordinates": [111.42, 27.22]})), ((1, "几何不是面"),)),
    "nothing at all": Case(layer(), refused="文件里没有要素"),
    "an infinite coordinate": Case(townships(GOOD).replace(b"27.25", b"Infinity", 1), refused="不是 UTF-8 编码的合格 JSON"),
    "in GCJ-02": Case(shifted(), warnings=("outline_shifted", AGREES)),
    "in GCJ-02 and said so": Case(shifted(), warnings=(AGREES,), setting=replace(KNOWN, datum=Datum.GCJ02)),
    "another district": Case(layer(({"乡镇代码": "430999001", "名称": "别处街道"}, geometry(GOOD[A]))), warnings=("boundaries_no_outline",)),
    "two districts": Case(layer(({"乡镇代码": "430999001", "名称": "别处街道"}, geometry(GOOD[A])), ({"乡镇代码": "430998001", "名称": "他处街道"}, geometry(GOOD[B]))), ((2, "不属于第一个要素所在的区县"),), ("boundaries_no_outline",)),
    "no name and no code": Case(layer(({"面积": 3}, geometry(GOOD[A]))), refused="缺少必需的列「名称」"),
    "a table": Case(b"a,b\n1,2\n", name="a.csv", refused="不接收.csv 文件"),
}  # fmt: skip


@pytest.fixture
def examined(tmp_path: Path) -> Callable[[Case], Imported[Boundaries | None]]:
    def examine(case: Case) -> Imported[Boundaries | None]:
        path = tmp_path / case.name
        path.write_bytes(case.content)
        return parse(BOUNDARY_TABLE, read_file(path, takes=BOUNDARY_TABLE.suffixes), case.setting)

    return examine


def test_there_are_thirty_ways_and_more() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_way_of_being_wrong_gets_its_report(
    examined: Callable[[Case], Imported[Boundaries | None]], case: Case
) -> None:
    if case.refused:
        with pytest.raises(InputError) as caught:
            examined(case)
        assert case.refused in str(caught.value)
        assert str(caught.value).startswith(case.name)
        assert caught.value.message("en")
        return
    found = examined(case)
    told = [
        (error.place.row if error.place else None, f"{error.code} {error.zh}")
        for error in found.report.errors
    ]
    assert [row for row, _ in told] == [row for row, _ in case.errors]
    for (_, words), (_, expected) in zip(told, case.errors, strict=True):
        assert expected in words
    assert {one.note.code for one in found.report.warnings} == set(case.warnings)
    assert (found.data is None) == bool(case.errors)
    assert all(error.message("en") for error in found.report.errors)
