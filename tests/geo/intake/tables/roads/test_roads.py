"""Roads as offices and OpenStreetMap give them, around four square townships of 4 km."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pytest
import shapely
from shapely import LineString, MultiLineString, Point, Polygon

from geo.core.crs import STORAGE_CRS
from geo.core.datum import Datum, to_gcj02
from geo.core.district import DistrictData
from geo.core.errors import BadValueError, EmptyFileError, FileTooLargeError, FileTypeError
from geo.core.schema import ROADS
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.tables.roads import ROAD_TABLE
from geo.intake.tables.roads import osm as osm_module
from geo.intake.tables.roads import table as table_module
from geo.intake.tables.roads.osm import read_osm

Examine = Callable[..., Imported[gpd.GeoDataFrame]]
METRES = "EPSG:4546"


def metres(*places: tuple[float, float]) -> LineString:
    """Return a line through places in km from the toy district's south-west, in metres."""
    return LineString([(500_000 + 1000 * x, 3_010_000 + 1000 * y) for x, y in places])


def degrees(*places: tuple[float, float]) -> LineString:
    return gpd.GeoSeries([metres(*places)], crs=METRES).to_crs(STORAGE_CRS).iloc[0]


def frame(*rows: tuple[dict[str, Any], Any], crs: str = "EPSG:4490") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame([p for p, _ in rows], geometry=[g for _, g in rows], crs=crs)


@pytest.fixture
def examine(tmp_path: Path, toy: DistrictData) -> Examine:
    """Return what examines a frame, written in some format."""

    def make(
        layer: gpd.GeoDataFrame, name: str = "道路.gpkg", datum: Datum | None = None
    ) -> Imported[gpd.GeoDataFrame]:
        path = tmp_path / name
        layer.to_file(path, engine="pyogrio")
        setting = ReferenceData.of(toy, "file-1", datum=datum)
        return parse(ROAD_TABLE, ROAD_TABLE.open_file(path, setting), setting)

    return make


def told(found: Imported[gpd.GeoDataFrame]) -> dict[str, str]:
    return {one.note.code: one.note.zh for one in found.report.warnings}


INSIDE = degrees((1, 1), (2, 1), (2, 2))
NEAR = degrees((-1, 1), (-4.9, 1))
AWAY = degrees((-6, 1), (-9, 1))


@pytest.mark.parametrize("name", ["道路.gpkg", "roads.shp", "道路.geojson"])
def test_lines_near_the_district_with_class_direction_level_and_name(
    examine: Examine, name: str
) -> None:
    layer = frame(
        ({"fclass": "primary", "oneway": "F", "bridge": "T", "name": "宝庆路"}, INSIDE),
        ({"fclass": "residential", "oneway": "B", "bridge": "F", "name": None}, NEAR),
        ({"fclass": "track_grade2", "oneway": "T", "bridge": "F", "name": "山"}, AWAY),
    )
    found = examine(layer, name)
    roads = found.data
    assert list(roads.columns) == [*ROADS.names, "geometry"]
    assert roads["road_class"].tolist() == ["primary", "residential"]
    assert roads["oneway"].tolist() == ["forward", "both"]
    assert roads["level"].tolist() == [1, 0]
    assert roads["name"].tolist()[0] == "宝庆路"
    assert roads["name"].isna().tolist() == [False, True]
    assert roads["source_row"].tolist() == [1, 2]
    assert roads.geometry.iloc[0].equals_exact(INSIDE, 1e-9), "whole, as drawn"
    assert roads.crs == STORAGE_CRS
    assert told(found)["roads_far_away"].startswith("1 条线离本区超过 5 公里")
    assert len(found.report.taken) == 2


def test_chinese_words_and_words_that_are_not_known(examine: Examine) -> None:
    layer = frame(
        ({"道路等级": "县道", "是否单行": "是", "层": 2, "路名": "甲"}, INSIDE),
        ({"道路等级": "飞机跑道", "是否单行": "斜着", "层": 0, "路名": "乙"}, INSIDE),
        ({"道路等级": "飞机跑道", "是否单行": "逆向", "层": -1, "路名": None}, INSIDE),
        ({"道路等级": "proposed", "是否单行": None, "层": None, "路名": None}, INSIDE),
    )
    found = examine(layer)
    assert found.data["road_class"].fillna("—").tolist() == ["secondary", "—", "—"]
    assert found.data["oneway"].tolist() == ["forward", "both", "reverse"]
    assert found.data["level"].tolist() == [2, 0, -1]
    notes = told(found)
    assert "飞机跑道 × 2" in notes["roads_class_unknown"]
    assert "斜着 × 1" in notes["roads_oneway_unknown"]
    assert notes["roads_not_travelled"].startswith("1 条线不通行")


def test_what_is_no_line_or_has_no_length_is_counted(examine: Examine, tmp_path: Path) -> None:
    point = shapely.Point(INSIDE.coords[0])
    layer = frame(
        ({"highway": "primary"}, MultiLineString([INSIDE, NEAR])),
        ({"highway": "primary"}, LineString([point, point])),
        ({"highway": "primary"}, point),
        ({"highway": "primary"}, point.buffer(0.001)),
        ({"highway": "primary"}, None),
    )
    found = examine(layer, "混合.geojson")
    assert len(found.data) == 2
    assert found.data["source_row"].tolist() == [1, 1]
    notes = told(found)
    assert notes["roads_features_no_lines"].startswith("3 个要素")
    assert notes["roads_zero_length"].startswith("1 条")
    assert len(found.report.taken) == 1


def test_projected_lines_are_converted(examine: Examine) -> None:
    found = examine(frame(({"highway": "residential"}, metres((1, 1), (2, 1), (2, 2))), crs=METRES))
    assert found.data.geometry.iloc[0].equals_exact(INSIDE, 1e-9)
    assert "system_converted" in told(found)


def test_a_stated_datum_moves_every_vertex(examine: Examine) -> None:
    shifted = LineString(zip(*to_gcj02(*INSIDE.xy), strict=True))
    found = examine(frame(({"highway": "residential"}, shifted)), datum=Datum.GCJ02)
    assert found.data.geometry.iloc[0].equals_exact(INSIDE, 1e-8)


@pytest.mark.parametrize(
    ("row", "mode"),
    [({"highway": "residential", "oneway": "yes"}, "汽车"), ({"highway": "motorway"}, "步行"),
     ({"highway": "path"}, "汽车")],
)  # fmt: skip
def test_a_layer_that_a_mode_cannot_use_is_refused_before_it_stops_a_study(
    examine: Examine, row: dict[str, str], mode: str
) -> None:
    with pytest.raises(BadValueError, match=f"道路.gpkg：文件里没有{mode}.*往返通行") as error:
        examine(frame((row, INSIDE)))
    assert error.value.code == "roads_closed_to_mode"


def test_a_layer_without_classes_says_so(examine: Examine) -> None:
    found = examine(frame(({"标识": 7}, INSIDE)))
    assert found.data["road_class"].isna().all()
    assert "roads_class_missing" in told(found)
    assert found.report.ignored_headings == ("标识",)


def test_kml_lines_of_one_placemark_stay_together(tmp_path: Path, toy: DistrictData) -> None:
    lines = "".join(
        "<LineString><coordinates>"
        + " ".join(f"{x},{y},0" for x, y in line.coords)
        + "</coordinates></LineString>"
        for line in (INSIDE, NEAR)
    )
    path = tmp_path / "路.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>甲</name>'
        f"<MultiGeometry>{lines}</MultiGeometry></Placemark></Document></kml>"
    )
    setting = ReferenceData.of(toy, "file-1")
    found = parse(ROAD_TABLE, ROAD_TABLE.open_file(path, setting), setting)
    assert found.data["name"].tolist() == ["甲", "甲"]


@pytest.mark.parametrize(
    ("layer", "kind", "code"),
    [
        (frame(({}, INSIDE), crs=METRES), BadValueError, "layer_degrees_as_metres"),
        (frame(({}, metres((1, 1), (2, 1)))), BadValueError, "layer_metres_as_degrees"),
        (frame(({}, AWAY)), BadValueError, "layer_not_near_district"),
        (frame(({}, LineString([(27.2, 111.4), (27.3, 111.5)]))), BadValueError,
         "layer_not_near_district"),
        (frame(({}, LineString([INSIDE.coords[0]] * 2))), EmptyFileError, "roads_without_length"),
        (frame(({}, Point(111, 27))), EmptyFileError, "roads_without_lines"),
        (frame(({}, Polygon(INSIDE.coords))), EmptyFileError, "roads_without_lines"),
        (frame(({"highway": "proposed"}, INSIDE)), EmptyFileError, "roads_without_lines"),
        (frame(({}, INSIDE), crs="EPSG:4214"), FileTypeError, "system_other_datum"),
    ],
)  # fmt: skip
def test_layers_that_cannot_be_roads(
    examine: Examine, layer: gpd.GeoDataFrame, kind: type[Exception], code: str
) -> None:
    with pytest.raises(kind) as caught:
        examine(layer)
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert caught.value.place.file == "道路.gpkg"  # type: ignore[attr-defined]


def test_too_many_edges_are_refused(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "MAX_EDGES", 2)
    examine(frame(({}, INSIDE)))
    with pytest.raises(FileTooLargeError) as caught:
        examine(frame(({}, INSIDE), ({}, NEAR)), "b.gpkg")
    assert caught.value.code == "roads_too_many"
    assert "2 条线、3 段" in caught.value.zh


def osm_file(path: Path, *ways: tuple[dict[str, str], LineString], hide: int = 0) -> Path:
    """Write an .osm.pbf of ways; the last nodes may be left out, as a cut would."""
    numbers = iter(range(1, 10_000))
    nodes = [[(next(numbers), at) for at in line.coords] for _, line in ways]
    with osmium.SimpleWriter(str(path)) as writer:
        every = [node for line in nodes for node in line]
        for number, at in every[: len(every) - hide]:
            writer.add_node(osmium.osm.mutable.Node(id=number, location=at, version=1))
        for row, ((tags, _), line) in enumerate(zip(ways, nodes, strict=True), start=101):
            refs = [number for number, _ in line]
            writer.add_way(osmium.osm.mutable.Way(id=row, nodes=refs, tags=tags, version=1))
    return path


def test_ways_of_openstreetmap(tmp_path: Path, toy: DistrictData) -> None:
    ring = degrees((1, 1), (2, 1), (2, 2), (1, 1))
    path = osm_file(
        tmp_path / "湖南.osm.pbf",
        ({"highway": "trunk_link", "name": "匝道", "layer": "1"}, INSIDE),
        ({"highway": "tertiary", "junction": "roundabout"}, ring),
        ({"highway": "motorway"}, INSIDE),
        ({"highway": "service", "oneway": "-1", "tunnel": "yes"}, NEAR),
        ({"highway": "pedestrian", "area": "yes"}, ring),
        ({"building": "yes"}, ring),
        ({"highway": "primary"}, AWAY),
        ({"highway": "primary"}, INSIDE),
        hide=1,
    )
    setting = ReferenceData.of(toy, "file-1")
    found = parse(ROAD_TABLE, ROAD_TABLE.open_file(path, setting), setting)
    roads = found.data
    assert roads["source_row"].tolist() == [101, 102, 103, 104, 108]
    assert roads["road_class"].tolist()[:3] == ["trunk_link", "tertiary", "motorway"]
    assert roads["oneway"].tolist() == ["both", "forward", "forward", "reverse", "both"]
    assert roads["level"].tolist() == [1, 0, 0, -1, 0]
    assert shapely.get_num_points(roads.geometry).tolist() == [3, 4, 3, 2, 2], "the last is cut"
    assert roads.geometry.iloc[0].equals_exact(INSIDE, 1e-7), "OpenStreetMap keeps seven decimals"
    assert told(found)["osm_ways_incomplete"].startswith("1 条")


@pytest.mark.parametrize("content", [b"no pbf at all", b"\x00\x00\x00\x0d\x0a\x09OSMHeader" * 3])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(FileTypeError) as caught:
        read_osm(path, (0, 0, 1, 1))
    assert caught.value.code == "osm_damaged"


def test_too_many_ways_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = osm_file(tmp_path / "x.osm.pbf", *[({"highway": "residential"}, INSIDE)] * 3)
    monkeypatch.setattr(osm_module, "MAX_WAYS", 2)
    with pytest.raises(FileTooLargeError) as caught:
        read_osm(path, (100, 20, 120, 30))
    assert caught.value.code == "osm_too_many_ways"


def test_a_layer_of_no_lines_beside_one_is_told(tmp_path: Path, toy: DistrictData) -> None:
    path = tmp_path / "两层.gpkg"
    frame(({"highway": "residential"}, INSIDE)).to_file(path, layer="路")
    frame(({}, Point(111, 27))).to_file(path, layer="站", mode="a")
    setting = ReferenceData.of(toy, "file-1")
    found = parse(ROAD_TABLE, ROAD_TABLE.open_file(path, setting), setting)
    assert [left.reason.code for left in found.report.left_out] == ["roads_layer_without_lines"]
    assert found.data["source_sheet"].tolist() == ["路"]


def test_the_file_is_plain_json_for_geojson(tmp_path: Path, toy: DistrictData) -> None:
    odd = {"type": "LineString", "coordinates": [[111.0, "x"], [1, 2]]}
    line = shapely.geometry.mapping(INSIDE)
    feature = {"type": "Feature", "properties": {"highway": ["a"]}, "geometry": odd}
    good = {"type": "Feature", "properties": {"highway": "residential"}, "geometry": line}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, good]}))
    setting = ReferenceData.of(toy, "file-1")
    found = parse(ROAD_TABLE, ROAD_TABLE.open_file(path, setting), setting)
    assert found.data["source_row"].tolist() == [2]
    assert told(found)["roads_features_no_lines"].startswith("1 个")


def test_an_extract_of_elsewhere_is_told_as_that(tmp_path: Path, toy: DistrictData) -> None:
    path = osm_file(tmp_path / "外省.osm.pbf", *[({"highway": "primary"}, AWAY)] * 2)
    setting = ReferenceData.of(toy, "file-1")
    with pytest.raises(BadValueError) as caught:
        ROAD_TABLE.open_file(path, setting)
    assert caught.value.code == "osm_not_near_district"
    assert "2 条道路" in caught.value.zh
    bare = osm_file(tmp_path / "房屋.osm.pbf", ({"building": "yes"}, INSIDE))
    with pytest.raises(EmptyFileError) as caught_bare:
        parse(ROAD_TABLE, ROAD_TABLE.open_file(bare, setting), setting)
    assert caught_bare.value.code == "roads_without_lines"
