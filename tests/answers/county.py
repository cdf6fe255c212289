"""An invented county as the files that an office would send, made by script.

云台县 (511498) does not exist: its names, figures, positions and plaques are invented, and the
ledger says so in its column 是否演示数据. It has what the demonstration district lacks: villages
with positions, ages and urban classes, a road layer with one-way streets and bridges, a
population raster, two years and two kinds of population, rows that are held back, areas that are
unknown, facilities beyond the outline and closed ones.

The same files come from every run: each number is drawn from ``random.Random`` with a fixed seed,
and no file contains the time at which it was made where its format leaves the choice.

    python tests/answers/county.py FOLDER

writes 乡镇.geojson, 人口.xlsx, 村社区.xlsx, 道路.gpkg, 人口栅格.tif, 台账.xlsx, 补充.xlsx (a
second ledger for ``--update``), 地块.geojson (parcels) and 保护区.geojson (an exclusion).
"""

# ruff: noqa: E501  (a case is a line)

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from openpyxl import Workbook
from rasterio.transform import from_origin
from shapely import LineString, Point, Polygon, box, to_geojson

Position = tuple[float, float]

CODE = "511498"
COLUMNS, ROWS = 4, 3
SIDE = 0.07
WEST, SOUTH = 103.62, 29.91
TOWNSHIPS = (
    ("001", "云台街道", "街道"), ("002", "江津渡街道", "街道"), ("100", "石门坎镇", "镇"),
    ("101", "白鹤滩镇", "镇"), ("102", "青杠岭镇", "镇"), ("103", "龙潭沟镇", "镇"),
    ("104", "万家桥镇", "镇"), ("200", "双河口乡", "乡"), ("201", "黄连坪乡", "乡"),
    ("202", "松林坡乡", "乡"), ("203", "鹿鸣乡", "乡"), ("204", "高望乡", "乡"),
)  # fmt: skip
HEADS = [
    "设施编号", "名称", "类型", "级别", "展厅面积（㎡）", "建筑面积（㎡）", "室外展示面积（㎡）", "画廊长度（米）",
    "是否共用场地", "共用折算", "是否对公众开放", "开放日期", "关闭日期", "状态", "是否区属", "服务人群",
    "责任单位", "地址", "乡镇街道代码", "村社区代码", "联系方式", "位置来源", "核查", "登记日期",
    "是否演示数据", "备注", "经度", "纬度",
]  # fmt: skip
PLAQUE_HEADS = [
    "设施编号", "牌匾名称", "认定类型", "级别", "授牌单位", "文号", "认定起", "认定止", "认定状态", "是否演示数据",
]  # fmt: skip
KINDS_OF_PLACE = (
    ("党群服务中心", 44, (None, 0, 20, 35, "约40")), ("新时代文明实践中心", 5, (15, 40)),
    ("社区科普活动室", 12, (25, 40, 60)), ("中小学", 20, (None, 0, 80, 120)), ("图书馆/书苑", 3, (0, 150)),
    ("文化馆（站）", 3, (120, 200)), ("公园/自然保护区", 6, (None, 0)), ("科普教育基地", 10, (150, 260, 420, "500余")),
    ("农业产业科普示范基地", 8, (60, 90, None)), ("科技馆", 2, (900, 1_600)), ("科普展厅", 6, (200, 330)),
    ("老年（科技）大学", 5, (30, None)), ("儿童之家", 8, (20, 25)), ("科普画廊", 6, (None,)),
    ("安全应急体验基地", 3, (110, 180)), ("自然教育学校（基地）", 3, (70,)), ("日间照料中心", 5, (15, None)),
)  # fmt: skip
NEVER_CHANGED = datetime(2026, 1, 1, tzinfo=UTC)


def main(folder: Path) -> None:
    """Write all the files of the county."""
    folder.mkdir(parents=True, exist_ok=True)
    outlines = township_outlines()
    villages = village_rows(outlines)
    (folder / "乡镇.geojson").write_bytes(boundaries(outlines))
    population(folder / "人口.xlsx")
    villages_book(folder / "村社区.xlsx", villages)
    roads(folder / "道路.gpkg")
    raster(folder / "人口栅格.tif")
    ledger(folder / "台账.xlsx", outlines, villages)
    supplement(folder / "补充.xlsx", outlines)
    areas(folder / "地块.geojson", folder / "保护区.geojson", outlines)


def code_of(number: int) -> str:
    """Return a township's code of nine digits."""
    return CODE + TOWNSHIPS[number][0]


def township_outlines() -> list[Polygon]:
    """Return twelve areas that share their edges exactly, with corners that are not square."""
    corners = {
        (column, row): _moved(f"corner {column} {row}", _corner(column, row), 0.012)
        for column in range(COLUMNS + 1)
        for row in range(ROWS + 1)
    }
    return [
        Polygon(
            [
                *_edge(corners, (column, row), (column + 1, row)),
                *_edge(corners, (column + 1, row), (column + 1, row + 1)),
                *_edge(corners, (column + 1, row + 1), (column, row + 1)),
                *_edge(corners, (column, row + 1), (column, row)),
            ]
        )
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


def _corner(column: float, row: float) -> Position:
    return WEST + column * SIDE, SOUTH + row * SIDE


def _moved(seed: str, at: Position, by: float) -> Position:
    random = Random(seed)
    return (
        round(at[0] + random.uniform(-by, by), 6),
        round(at[1] + random.uniform(-by, by), 6),
    )


def _edge(
    corners: dict[tuple[int, int], Position], start: tuple[int, int], end: tuple[int, int]
) -> list[Position]:
    """Return the points of an edge but the last, the same ones in either direction."""
    first, last = sorted((start, end))
    a, b = corners[first], corners[last]
    between = [
        _moved(
            f"edge {first} {last} {step}",
            (a[0] + (b[0] - a[0]) * step / 6, a[1] + (b[1] - a[1]) * step / 6),
            0.0015,
        )
        for step in range(1, 6)
    ]
    points = [a, *between, b]
    return (points if start == first else points[::-1])[:-1]


def boundaries(outlines: Sequence[Polygon]) -> bytes:
    """Return the townships as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"乡镇代码": code_of(number), "名称": name, "类别": kind},
            "geometry": json.loads(to_geojson(outline)),
        }
        for number, ((_, name, kind), outline) in enumerate(zip(TOWNSHIPS, outlines, strict=True))
    ]
    return _collection(features)


def _collection(features: list[dict[str, Any]]) -> bytes:
    found = {"type": "FeatureCollection", "features": features}
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _people(number: int) -> int:
    return (64_310, 41_876, 22_045, 19_870, 17_432, 15_908, 14_377, 9_264, 8_731, 7_950, 6_412,
            5_083)[number]  # fmt: skip


def population(path: Path) -> None:
    """Write a long table of 2020 and 2023, resident and registered, with ages in 2020."""
    heads = ["区划代码", "名称", "口径", "年份", "人口", "城镇人口", "乡村人口", "0-14岁", "15-59岁",
             "60岁及以上", "数据来源"]  # fmt: skip
    rows: list[list[Any]] = []
    for number, (_, name, kind) in enumerate(TOWNSHIPS):
        people = _people(number)
        urban = people if kind == "街道" else round(people * (0.35 if kind == "镇" else 0))
        young, old = round(people * (0.15 + number / 200)), round(people * (0.18 + number / 100))
        place = [code_of(number), name]
        rows.append([*place, "常住人口", 2020, people, urban, people - urban, young,
                     people - young - old, old, "虚构"])  # fmt: skip
        rows.append([*place, "户籍人口", 2020, round(people * 1.06), *[None] * 5, "虚构"])
        rows.append([*place, "常住人口", 2023, round(people * (0.98 + number / 900)),
                     *[None] * 5, "虚构"])  # fmt: skip
        rows.append([*place, "户籍人口", 2023, round(people * 1.05), *[None] * 5, "虚构"])
    total = sum(_people(number) for number in range(len(TOWNSHIPS)))
    rows.append([CODE, "云台县", "常住人口", 2020, total, *[None] * 5, "虚构"])
    rows.append([CODE, "云台县", "常住人口", 2023, total - 310, *[None] * 5, "虚构"])
    _save(path, {"人口": [["云台县分乡镇人口（虚构，仅供试验）"], heads, *rows]})


def village_rows(outlines: Sequence[Polygon]) -> list[list[Any]]:
    """Return six to ten villages of each township: code, name, class, people, ages, position."""
    random = Random("villages")
    found: list[list[Any]] = []
    signs = "安平永丰新民长兴红星胜利桥梁柏杨石榴青松竹林水井槐树"
    for number, (outline, (_, _, kind)) in enumerate(zip(outlines, TOWNSHIPS, strict=True)):
        count = 6 + (number * 7) % 5
        weights = [random.uniform(0.5, 2) for _ in range(count)]
        for place, weight in enumerate(weights):
            urban = kind == "街道" or (kind == "镇" and place < 2)
            people = round(_people(number) * weight / sum(weights))
            young, old = round(people * random.uniform(0.1, 0.2)), round(people * 0.22)
            at = inside(outline, random)
            name = signs[(number * 5 + place * 2) % 24 :][:2] + ("社区" if urban else "村")
            found.append([f"{code_of(number)}{1 + place if urban else 200 + place:03d}",
                          code_of(number), f"{TOWNSHIPS[number][1][:1]}{name}",
                          "社区" if urban else "村", "111" if urban else "220", people, young,
                          people - young - old, old, *at])  # fmt: skip
    return found


def inside(outline: Polygon, random: Random) -> Position:
    """Return a position within an area, of five decimals."""
    west, south, east, north = outline.bounds
    while True:
        at = round(random.uniform(west, east), 5), round(random.uniform(south, north), 5)
        if outline.buffer(-0.004).contains(Point(at)):
            return at


def villages_book(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    """Write the villages; one has no age groups, one contradicts its township."""
    heads = ["村社区代码", "乡镇代码", "村社区名称", "类别", "城乡分类代码", "人口", "0-14岁", "15-59岁",
             "60岁及以上", "经度", "纬度"]  # fmt: skip
    sent = [list(row) for row in rows]
    sent[-1][6:9] = [None] * 3
    wrong = [*rows[3]]
    wrong[0], wrong[2], wrong[5] = f"{code_of(0)}399", "错填社区", -20
    _save(path, {"村社区": [heads, *sent, wrong]})


def roads(path: Path) -> None:
    """Write a grid of roads with classes, one-way streets, bridges and a lane that is planned."""
    random = Random("roads")
    lines: list[dict[str, Any]] = []
    steps = 5
    nodes = {
        (x, y): _moved(f"node {x} {y}", _corner(x / steps, y / steps), 0.003)
        for x in range(COLUMNS * steps + 1)
        for y in range(ROWS * steps + 1)
    }
    for (x, y), at in nodes.items():
        for other in ((x + 1, y), (x, y + 1)):
            if other not in nodes or random.random() < 0.12:
                continue
            along = y if other[0] > x else x
            main = along % steps == 0
            road_class = ("国道" if along == steps else "县道") if main else random.choice(
                ["乡道", "村道", "支路", "机耕路", "小路"]
            )  # fmt: skip
            middle = _moved(f"bend {x} {y} {other}", ((at[0] + nodes[other][0]) / 2,
                            (at[1] + nodes[other][1]) / 2), 0.001)  # fmt: skip
            lines.append(
                {
                    "道路等级": road_class,
                    "单行": random.choice(["是", "逆向"]) if random.random() < 0.06 else "双向",
                    "桥梁": "是" if random.random() < 0.05 else None,
                    "路名": f"云{along}路" if main else None,
                    "geometry": LineString([at, middle, nodes[other]]),
                }
            )
    lines.append({"道路等级": "在建", "单行": None, "桥梁": None, "路名": "拟建路",
                  "geometry": LineString([_corner(0.2, 0.2), _corner(3.4, 2.2)])})  # fmt: skip
    lines.append({"道路等级": "高速公路", "单行": "是", "桥梁": "是", "路名": "云高速",
                  "geometry": LineString([_corner(-0.5, 0.4), _corner(2, 1.4), _corner(4.5, 2.7)])})  # fmt: skip
    lines.append({"道路等级": "飞机跑道", "单行": None, "桥梁": None, "路名": None,
                  "geometry": LineString([_corner(2.1, 2.1), _corner(2.4, 2.3)])})  # fmt: skip
    frame = gpd.GeoDataFrame(lines, crs="EPSG:4490")
    frame.to_file(path, layer="道路", driver="GPKG", engine="pyogrio")


def raster(path: Path) -> None:
    """Write persons a pixel, about 0.003 degrees, with the county and some land around it."""
    step = 0.003
    width, height = round((COLUMNS + 1) * SIDE / step), round((ROWS + 1) * SIDE / step)
    west, north = WEST - SIDE / 2, SOUTH + (ROWS + 0.5) * SIDE
    random = Random("raster")
    people = np.empty((height, width), dtype="float32")
    for row in range(height):
        for column in range(width):
            x, y = (column * step - SIDE / 2) / SIDE, (ROWS + 0.5) - row * step / SIDE
            town = 90 * math.exp(-((x - 0.9) ** 2 + (y - 0.6) ** 2) * 6)
            people[row, column] = round(town + (random.random() < 0.4) * random.uniform(1, 25), 2)
    people[:3, :3] = -9999
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=1, dtype="float32",
        crs="EPSG:4326", transform=from_origin(west, north, step, step), nodata=-9999,
    ) as made:  # fmt: skip
        made.write(people, 1)


def ledger(path: Path, outlines: Sequence[Polygon], villages: Sequence[Sequence[Any]]) -> None:
    """Write about 150 facilities with their plaques; some rows cannot be taken as they are."""
    random = Random("ledger")
    rows: list[list[Any]] = []
    for kind, count, sizes in KINDS_OF_PLACE:
        for turn in range(count):
            rows.append(_facility(len(rows) + 1, kind, sizes[turn % len(sizes)], outlines,
                                  villages, random))  # fmt: skip
    _save(
        path,
        {
            "说明": [["云台县科普设施台账：全部为虚构，仅供试验。"]],
            "设施台账": [HEADS, *rows, *_beyond(len(rows)), *_dirty(len(rows) + 10)],
            "挂牌": [PLAQUE_HEADS, *_plaques(rows, random), ["Y9999", "无主的牌", "科普教育基地"]],
        },
    )


def _facility(
    number: int,
    kind: str,
    area: Any,
    outlines: Sequence[Polygon],
    villages: Sequence[Sequence[Any]],
    random: Random,
) -> list[Any]:
    """Return a row of the ledger, with what is unknown left empty here and there."""
    village = villages[number * 5 % len(villages)]
    town = next(i for i in range(len(TOWNSHIPS)) if code_of(i) == village[1])
    at: Sequence[Any] = inside(outlines[town], random) if number % 11 else (None, None)
    known = dict.fromkeys(HEADS) | {
        "设施编号": f"Y{number:04d}",
        "名称": f"{village[2]}{kind.split('/', maxsplit=1)[0]}"
        + (f"{number}号" if number % 4 == 0 else ""),
        "类型": kind,
        "级别": random.choice(["未定级", "区县级", "市级", "省级"]),
        "展厅面积（㎡）": area,
        "建筑面积（㎡）": random.choice([None, 320, 800, 2_400]),
        "室外展示面积（㎡）": 300 if kind.startswith("公园") else None,
        "画廊长度（米）": 25 if kind == "科普画廊" else None,
        "是否共用场地": random.choice(["是", "否", "否", None]),
        "共用折算": random.choice([None, 0.5, 1]),
        "是否对公众开放": random.choice(["是", "是", "是", "否", None]),
        "开放日期": date(2012 + number % 14, 1 + number % 12, 1 + number % 28),
        "状态": "运行中",
        "是否区属": random.choice(["是", "是", "否", None]),
        "服务人群": random.choice(["青少年;老年人", "农民", None, "青少年"]),
        "责任单位": random.choice(["县科协", "县教育局", "县农业农村局"]),
        "地址": f"云台县{TOWNSHIPS[town][1]}{village[2]}{number}号",
        "乡镇街道代码": village[1] if number % 13 else None,
        "村社区代码": village[0] if number % 3 else None,
        "联系方式": f"虚构{number} 028-0000{number:04d}",
        "位置来源": "虚构位置",
        "核查": "待核" if number % 17 == 0 else "已核",
        "登记日期": date(2021 + number % 4, 1, 1),
        "是否演示数据": "是",
        "备注": "虚构" if number % 2 else None,
        "经度": at[0],
        "纬度": at[1],
    }
    if number % 19 == 0:
        known |= {"状态": "关闭", "关闭日期": date(2024, 6, 30)}
    elif number % 23 == 0:
        known |= {"状态": random.choice(["规划", "在建", "暂停"])}
    return list(known.values())


def _odd(number: int, name: str, kind: str, **cells: Any) -> list[Any]:
    row = dict.fromkeys(HEADS) | {
        "设施编号": f"Y{number:04d}", "名称": name, "类型": kind, "状态": "运行中", "核查": "已核",
        "是否演示数据": "是", "是否对公众开放": "是", "乡镇街道代码": code_of(0),
    }  # fmt: skip
    return list((row | cells).values())


def _beyond(number: int) -> list[list[Any]]:
    """Return facilities of neighbours, and two that look like one."""
    east, north = _corner(COLUMNS + 0.4, 1.4), _corner(1.5, ROWS + 0.5)
    near = _corner(0.5, 0.5)
    return [
        _odd(number + 1, "邻县科技馆", "科技馆", 乡镇街道代码=None, 经度=round(east[0], 5),
             纬度=round(east[1], 5), **{"展厅面积（㎡）": 3_000}),
        _odd(number + 2, "北邻科普教育基地", "科普教育基地", 乡镇街道代码=None, 经度=round(north[0], 5),
             纬度=round(north[1], 5), **{"展厅面积（㎡）": 500}),
        _odd(number + 3, "云台地质博物馆", "专题博物馆/纪念馆", 经度=round(near[0], 5), 纬度=round(near[1], 5),
             **{"展厅面积（㎡）": 640, "建筑面积（㎡）": 640}),
        _odd(number + 4, "云台县地质博物馆", "专题博物馆/纪念馆", 经度=round(near[0], 5) + 0.0002,
             纬度=round(near[1], 5), **{"展厅面积（㎡）": 640}),
        _odd(number + 5, '=HYPERLINK("x")<b>{{ 7*7 }}</b>', "科普展厅", 备注="+1 {% raw %} &amp;"),
    ]  # fmt: skip


def _dirty(number: int) -> list[list[Any]]:
    """Return rows that are held back, each for a reason of its own."""
    return [
        _odd(number + 1, "面积是范围", "科普展厅", **{"展厅面积（㎡）": "200-300"}),
        _odd(number + 2, "日期不明", "科普展厅", 开放日期="5/1/2023"),
        _odd(number + 3, "状态不明", "科普展厅", 状态="筹建"),
        _odd(number + 4, "类型不明", "飞碟"),
        _odd(number + 5, "代码不明", "图书馆/书苑", 乡镇街道代码="511498999"),
        _odd(number + 6, "半个位置", "图书馆/书苑", 经度=103.7),
        _odd(number + 7, "先关后开", "图书馆/书苑", 开放日期=date(2023, 5, 1), 关闭日期=date(2022, 5, 1)),
        _odd(1, "编号重复", "图书馆/书苑"),
        _odd(number + 8, "", "图书馆/书苑"),
    ]  # fmt: skip


def _plaques(rows: Sequence[Sequence[Any]], random: Random) -> list[list[Any]]:
    titles = (("社区科普大学", "社区科普大学", "区县级"), ("儿童之家", "儿童之家", "区县级"),
              ("省级科普教育基地", "科普教育基地", "省级"), ("市级科普基地", "科普教育基地", "市级"))  # fmt: skip
    found = []
    for turn, row in enumerate(rows[::3]):
        title, kind, level = titles[turn % len(titles)]
        start = date(2019 + turn % 6, 1 + turn % 12, 1)
        end = date(start.year + 3, 12, 31) if turn % 4 == 0 else None
        status = "关闭" if turn % 15 == 14 else "运行中"
        found.append([row[0], f"{title}（虚构）", kind, level, random.choice(["省科协", "县科协"]),
                      f"虚科发〔{start.year}〕{turn + 1}号", start, end, status, "是"])  # fmt: skip
    return found


def supplement(path: Path, outlines: Sequence[Polygon]) -> None:
    """Write a township's own list: a row changed, a row new."""
    random = Random("supplement")
    west, north = inside(outlines[0], random)
    changed = _odd(
        2, "改名的党群服务中心", "党群服务中心", 经度=west, 纬度=north, **{"展厅面积（㎡）": 55}
    )
    new = _odd(
        900, "新建科普展厅", "科普展厅", 经度=west + 0.001, 纬度=north, **{"展厅面积（㎡）": 210}
    )
    _save(path, {"设施台账": [HEADS, changed, new]})


def areas(parcels: Path, exclusion: Path, outlines: Sequence[Polygon]) -> None:
    """Write three parcels that are offered, and a reserve in which nothing may stand."""
    offered = []
    for number in (2, 6, 9):
        at = outlines[number].representative_point()
        square = box(*(round(v, 5) for v in (at.x, at.y, at.x + 0.003, at.y + 0.002)))
        offered.append({"type": "Feature", "properties": {"名称": f"{TOWNSHIPS[number][1]}地块"},
                        "geometry": json.loads(to_geojson(square))})  # fmt: skip
    parcels.write_bytes(_collection(offered))
    reserve = box(*(round(v, 5) for v in (*_corner(0.4, 0.4), *_corner(1.2, 1.1))))
    exclusion.write_bytes(
        _collection(
            [
                {
                    "type": "Feature",
                    "properties": {"名称": "保护区"},
                    "geometry": json.loads(to_geojson(reserve)),
                }
            ]
        )
    )


def _save(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = Workbook()
    book.remove(book["Sheet"])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        # Text that begins with = is a formula to openpyxl; here it is a name.
        for cell in (cell for line in sheet.iter_rows() for cell in line):
            if cell.data_type == "f":
                cell.data_type = "s"
    book.properties.created = book.properties.modified = NEVER_CHANGED.replace(tzinfo=None)
    book.save(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
