"""The demonstration ledger: what an office's list looks like, with invented facilities.

Every row that is not a published fact is marked as demonstration data in a
column of its own, in its note and in its name. Numbers are drawn from a fixed
sequence, so the same facts give the same ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.core.vocabulary import TownshipKind, VillageKind
from geo.districts.demo_workbook import ledger_workbook

Row = dict[str, Any]

NOTE: Final = "演示数据，非真实设施"
MARK: Final = "（演示）"
_POSITION: Final = "演示位置，非实测"
_PLASTIC: Final = 1.324717957244746
"""The plastic number: its powers give an evenly spread sequence of points (Roberts 2018)."""
_MARGIN_DEG: Final = 0.0015
_TRIES: Final = 5_000


def demo_ledger(
    townships: pd.DataFrame,
    parts: gpd.GeoSeries,
    villages: pd.DataFrame,
    outlines: gpd.GeoDataFrame,
    published: pd.DataFrame,
) -> bytes:
    """Return the demonstration ledger of a district as an Excel workbook.

    Parameters
    ----------
    townships : pandas.DataFrame
        Indexed by ``township_code``, with ``name_zh`` and ``kind``.
    parts : geopandas.GeoSeries
        The townships' polygons, EPSG:4490.
    villages : pandas.DataFrame
        With ``village_code``, ``township_code``, ``name_zh`` and ``kind``.
    outlines : geopandas.GeoDataFrame
        The district and its neighbours, indexed by ``district_code``.
    published : pandas.DataFrame
        Real venues; they enter as published facts that wait for verification.

    Returns
    -------
    bytes
        The workbook; the same facts give the same bytes.
    """
    places = {code: _points(shape) for code, shape in parts.items()}
    rows, plaques = _centres(townships, villages, places)
    rows += _others(townships, places)
    rows += _neighbours(outlines, str(parts.index[0])[:6])
    for number, row in enumerate(rows, start=1):
        row.update(
            facility_id=row.get("facility_id", f"D{number:04d}"),
            name=row["name"] + MARK,
            note=NOTE,
            demonstration=True,
            position_source=_POSITION if row.get("point") else None,
        )
    plaques += _plaques_of(rows)
    rows += [_published(number, row) for number, row in enumerate(published.itertuples(), start=1)]
    return ledger_workbook(rows, plaques)


def _points(shape: shapely.Geometry) -> Iterator[shapely.Point]:
    """Yield points spread evenly inside a polygon, away from its border."""
    shrunk = shapely.buffer(shape, -_MARGIN_DEG)
    inner = shape if shapely.is_empty(shrunk) else shrunk
    west, south, east, north = shapely.bounds(inner)
    for number in range(1, _TRIES):
        x = west + (east - west) * ((0.5 + number / _PLASTIC) % 1)
        y = south + (north - south) * ((0.5 + number / _PLASTIC**2) % 1)
        point = shapely.Point(round(x, 6), round(y, 6))
        if shapely.intersects(inner, point):
            yield point


def _draw(number: int, low: int, high: int, step: int = 10) -> int:
    """Return a plausible whole number between two bounds, always the same for a number."""
    return low + int(((number * 0.6180339887498949) % 1) * (high - low) / step) * step


def _centres(
    townships: pd.DataFrame, villages: pd.DataFrame, places: dict[str, Iterator[shapely.Point]]
) -> tuple[list[Row], list[Row]]:
    """Return a party service centre for each village and a practice centre for each township.

    In every other township the practice centre is the same room as the first
    village's party service centre: one place, two plaques.
    """
    rows: list[Row] = []
    plaques: list[Row] = []
    for number, village in enumerate(villages.itertuples(), start=1):
        display = (0, _draw(number, 15, 45, 5), 0, None)[number % 4] if number % 11 else None
        rows.append(
            _row(
                f"{village.name_zh}党群服务中心", "party_service_centre", village.township_code,
                next(places[village.township_code]), facility_id=f"P{number:04d}",
                village_code=village.village_code, floor_area_m2=_draw(number, 260, 900),
                exhibition_area_m2=display, shared_use=bool(display),
                shared_use_ratio=1.0 if display else None,
                audiences="youth;seniors", department="区委组织部",
                opened_on=date(2018 + number % 4, 1 + number % 12, 1),
            )
        )  # fmt: skip
        if number % 5 == 0 and village.kind == VillageKind.COMMUNITY:
            plaques.append(_plaque(f"P{number:04d}", "社区科普大学", "community_university", 2022))
        if number % 6 == 0:
            plaques.append(_plaque(f"P{number:04d}", "儿童之家", "childrens_home", 2021))
    first = {code: f"P{row + 1:04d}" for row, code in _first_rows(villages)}
    for number, (code, township) in enumerate(townships.iterrows()):
        name = f"{township['name_zh']}新时代文明实践所"
        if number % 2 == 0:
            plaques.append(_plaque(first[code], name, "civilization_practice", 2020))
        else:
            rows.append(
                _row(name, "civilization_practice", code, next(places[code]),
                     facility_id=f"W{number:04d}", floor_area_m2=_draw(number, 200, 600),
                     exhibition_area_m2=0, department="区委宣传部", opened_on=date(2020, 6, 1))
            )  # fmt: skip
    return rows, plaques


def _first_rows(villages: pd.DataFrame) -> list[tuple[int, str]]:
    firsts = villages.reset_index(drop=True).drop_duplicates("township_code")
    return [(int(row), str(code)) for row, code in firsts["township_code"].items()]


def _row(name: str, kind: str, code: str, point: shapely.Point | None, **values: Any) -> Row:
    return {
        "name": name,
        "kind": kind,
        "township_code": code,
        "point": point,
        "level": "none",
        "status": "operating",
        "open_to_public": True,
        "district_run": True,
        "verification": "verified",
        "valid_from": date(2021, 1, 1),
    } | values


def _plaque(facility_id: str, title: str, kind: str, year: int, **values: Any) -> Row:
    return {
        "facility_id": facility_id,
        "title": title + MARK,
        "kind": kind,
        "level": "county",
        "valid_from": date(year, 1, 1),
        "status": "operating",
        "demonstration": True,
    } | values


# Facilities of the demonstration by the order of townships: (place among the
# townships of a type, name, kind, exhibition area, floor area, further values).
# U counts subdistricts, R towns and townships, from 0; the number wraps round.
_HALLS: Final[tuple[tuple[str, int, str, str, float | None, float | None, Row], ...]] = (
    ("U", 8, "科技馆", "science_museum", 760, 1_800, {"opened_on": date(2022, 5, 1)}),
    ("R", 1, "防灾减灾专题馆", "thematic_museum", 300, 720, {"opened_on": date(2021, 9, 1)}),
    ("U", 5, "科普展厅", "exhibition_hall", 260, 420, {"opened_on": date(2019, 4, 1)}),
    ("U", 3, "综合文化展厅", "exhibition_hall", 180, 400,
     {"shared_use": True, "shared_use_ratio": 0.5, "opened_on": date(2020, 3, 1)}),
    ("U", 4, "便民科普展厅", "exhibition_hall", 150, 300, {"shared_use": True}),
    ("U", 1, "青少年科技活动中心", "youth_science_centre", 420, 1_500,
     {"opened_on": date(2023, 6, 1), "audiences": "youth", "department": "团区委"}),
    ("U", 10, "安全应急体验基地", "emergency_base", 350, 800,
     {"opened_on": date(2024, 9, 1), "department": "区应急管理局"}),
    ("U", 9, "食品企业科普展示馆", "enterprise_site", 200, 5_000,
     {"district_run": False, "opened_on": date(2022, 10, 1)}),
    ("R", 2, "蔬菜产业科普示范基地", "agri_demo_base", 160, 600,
     {"opened_on": date(2022, 3, 1), "audiences": "farmers", "department": "区农业农村局"}),
    ("R", 0, "柑橘产业科普示范基地", "agri_demo_base", 120, 500,
     {"opened_on": date(2023, 3, 1), "audiences": "farmers", "district_run": False}),
    ("R", 0, "农耕文化青少年体验基地", "youth_experience_base", 220, 700,
     {"opened_on": date(2023, 7, 1), "audiences": "youth"}),
    ("R", 2, "稻作科普体验基地", "youth_experience_base", 90, 300,
     {"opened_on": date(2024, 4, 1), "audiences": "youth", "district_run": None}),
    ("U", 6, "气象科普教育基地", "science_base", 140, 350, {"opened_on": date(2021, 3, 23)}),
    ("U", 10, "湿地自然教育学校", "nature_school", None, None, {"opened_on": date(2022, 6, 5)}),
    ("R", 1, "油茶田间学校", "field_school", None, 180, {"audiences": "farmers"}),
    ("U", 0, "老城科普展厅", "exhibition_hall", 240, 380,
     {"status": "closed", "opened_on": date(2017, 5, 1), "closed_on": date(2023, 4, 30)}),
    ("U", 7, "铁路科普展厅", "exhibition_hall", 130, 260, {"open_to_public": False}),
    ("U", 2, "健康科普展厅", "exhibition_hall", 300, 500, {"verification": "pending"}),
    ("U", 7, "科学探索馆", "science_museum", 500, 1_200,
     {"status": "under_construction", "opened_on": date(2027, 5, 1)}),
    ("U", 2, "非遗与工艺专题馆", "thematic_museum", None, 640, {"opened_on": date(2022, 1, 1)}),
    ("R", 0, "中学科技馆", "school_science_museum", 120, None, {"opened_on": date(2021, 9, 1)}),
    ("R", 2, "中学科技馆", "school_science_museum", 100, None, {"opened_on": date(2022, 9, 1)}),
    ("R", 0, "乡村学校少年宫", "rural_school_palace", 60, 300, {}),
    ("R", 1, "乡村学校少年宫", "rural_school_palace", 45, 260, {}),
    ("R", 2, "乡村学校少年宫", "rural_school_palace", None, 240, {}),
    ("R", 1, "科学工作室", "science_studio", 40, 80, {}),
    ("U", 9, "科学工作室", "science_studio", 30, 70, {}),
    ("U", 3, "图书馆", "library", 80, 3_200, {"department": "区文旅广体局"}),
    ("U", 8, "书苑", "library", 25, 260, {}),
    ("U", 4, "社区图书馆", "library", None, 420, {"_stands_in": 5}),
    ("U", 5, "图书室", "library", 0, 200, {}),
    ("R", 0, "图书室", "library", 20, 160, {}),
    ("R", 2, "图书室", "library", 0, 120, {}),
    ("U", 3, "老年（科技）大学", "senior_university", 60, 900, {"audiences": "seniors"}),
    ("U", 8, "老年（科技）大学", "senior_university", 35, 500, {"audiences": "seniors"}),
    ("U", 1, "社区科普活动室", "community_science_room", 55, 90, {}),
    ("U", 5, "社区科普活动室", "community_science_room", 70, 110, {}),
    ("U", 9, "社区科普活动室", "community_science_room", 40, 80, {}),
    ("U", 2, "日间照料中心", "elderly_day_care", None, 400, {"audiences": "seniors"}),
    ("U", 6, "日间照料中心", "elderly_day_care", None, 350, {"audiences": "seniors"}),
    ("U", 4, "公园", "park", None, None, {"outdoor_area_m2": 42_000}),
    ("U", 9, "生态公园", "park", None, None, {"outdoor_area_m2": 160_000}),
    ("R", 1, "自然保护小区", "park", None, None, {"outdoor_area_m2": 600_000}),
    ("U", 7, "车站候车厅科普角", "transport_or_cinema", 20, 2_500, {"district_run": False}),
    ("U", 3, "电影院", "transport_or_cinema", None, 3_000, {"district_run": False}),
    ("U", 0, "科普画廊", "science_gallery", None, None, {"gallery_length_m": 45}),
    ("U", 4, "科普画廊", "science_gallery", None, None, {"gallery_length_m": 30}),
    ("R", 0, "科普画廊", "science_gallery", None, None, {"gallery_length_m": 20}),
    ("U", 3, "便民科普小展厅", "exhibition_hall", 60, 120, {"_stands_in": 0}),
    ("U", 6, "校外科学工作室", "science_studio", 35, 60, {"_no_position": True}),
)  # fmt: skip


def _others(townships: pd.DataFrame, places: dict[str, Iterator[shapely.Point]]) -> list[Row]:
    urban = townships.index[townships["kind"] == TownshipKind.SUBDISTRICT].tolist()
    rural = townships.index[townships["kind"] != TownshipKind.SUBDISTRICT].tolist()
    rows = []
    for where, number, name, kind, display, floor, values in _HALLS:
        codes = (urban or rural) if where == "U" else (rural or urban)
        code = codes[number % len(codes)]
        stands_in = codes[values.get("_stands_in", number) % len(codes)]
        point = None if values.get("_no_position") else next(places[stands_in])
        further = {key: value for key, value in values.items() if not key.startswith("_")}
        title = f"{townships.loc[code, 'name_zh']}{name}"
        rows.append(
            _row(title, kind, code, point, exhibition_area_m2=display, floor_area_m2=floor)
            | further
        )
    return rows + _schools_and_stations(townships, places)


def _schools_and_stations(
    townships: pd.DataFrame, places: dict[str, Iterator[shapely.Point]]
) -> list[Row]:
    rows = []
    for number, (code, township) in enumerate(townships.iterrows()):
        for title in ("中心小学", "中学")[: 1 + (number % 3 > 0)]:
            rows.append(
                _row(f"{township['name_zh']}{title}", "school", code, next(places[code]),
                     floor_area_m2=_draw(number, 4_000, 12_000, 100), open_to_public=False,
                     audiences="youth", department="区教育局")
            )  # fmt: skip
        rows.append(
            _row(f"{township['name_zh']}文化站", "cultural_centre", code, next(places[code]),
                 floor_area_m2=_draw(number, 200, 700),
                 exhibition_area_m2=None if number % 7 == 1 else _draw(number, 0, 40),
                 department="区文旅广体局")
        )  # fmt: skip
    return rows


def _neighbours(outlines: gpd.GeoDataFrame, own: str) -> list[Row]:
    """Return two facilities that stand in a neighbouring district: they serve, and add no area."""
    near = outlines[outlines.index != own]
    if near.empty:
        return []
    code = str(near.index[0])
    points = _points(near.geometry.iloc[0])
    name = near["name_zh"].iloc[0]
    return [
        _row(f"{name}科技馆", "science_museum", f"{code}001", next(points),
             exhibition_area_m2=900, floor_area_m2=2_400, district_run=False),
        _row(f"{name}图书馆", "library", f"{code}002", next(points), floor_area_m2=3_000,
             exhibition_area_m2=50, district_run=False),
    ]  # fmt: skip


def _plaques_of(rows: list[Row]) -> list[Row]:
    """Return the plaque of each base; one has run out, so that it shows."""
    titles = {
        "agri_demo_base": "区级农业产业科普示范基地",
        "youth_experience_base": "区级农村青少年科普体验基地",
        "science_base": "市级科普教育基地",
        "nature_school": "区级自然教育学校",
        "field_school": "区级田间学校",
        "emergency_base": "区级安全应急体验基地",
    }
    plaques = []
    for row in rows:
        if row["kind"] in titles:
            year = row.get("opened_on", date(2022, 1, 1)).year
            ended = date(2024, 6, 30) if row["kind"] == "science_base" else date(year + 5, 12, 31)
            plaques.append(
                _plaque(row["facility_id"], titles[row["kind"]], row["kind"], year,
                        valid_to=ended, issuing_body="区科学技术协会（演示）")
            )  # fmt: skip
    return plaques


def _published(number: int, row: Any) -> Row:
    """Return a real venue as published: nothing is known of its position, so it is pending."""
    return {
        "facility_id": f"F{number:04d}",
        "name": row.name,
        "kind": row.kind,
        "status": "operating",
        "verification": "pending",
        "demonstration": False,
        "exhibition_area_m2": _number(row.exhibition_area_m2),
        "floor_area_m2": _number(row.floor_area_m2),
        "township_code": None if pd.isna(row.township_code) else row.township_code,
        "address": None if pd.isna(row.address) else row.address,
        "note": row.note,
    }


def _number(text: Any) -> float | None:
    return None if pd.isna(text) else float(np.float64(text))
