"""The data dictionary: every column of every table, once.

Intake reads headings from it, the store makes its tables from it, the service
checks query parameters against it and the pages label figures with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

import geopandas as gpd
import pandas as pd

from geo.core.errors import TableError
from geo.core.vocabulary import (
    Kind,
    Level,
    Oneway,
    PopulationKind,
    Profile,
    Quality,
    Scope,
    Status,
    TownshipKind,
    Verification,
    VillageKind,
)

Dtype = Literal["text", "real", "integer", "boolean", "date"]

PANDAS_DTYPES: Final[Mapping[Dtype, str]] = MappingProxyType(
    {
        "text": "str",
        "real": "float64",
        "integer": "Int64",
        "boolean": "boolean",
        "date": "datetime64[s]",
    }
)
"""How each kind of column stands in a frame; unknown is NaN, NA or NaT, never zero."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, its unit, its labels and its bounds.

    ``required`` means that no row may leave it empty; ``release`` is the widest
    profile that carries it.
    """

    name: str
    dtype: Dtype
    zh: str
    en: str
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: type[StrEnum] | None = None
    release: Profile = Profile.PUBLIC
    max_length: int = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its key column and its other columns in order."""

    name: str
    zh: str
    en: str
    key: str | None
    columns: tuple[Column, ...]
    geometry: Literal["POINT", "MULTIPOLYGON", "LINESTRING", "GEOMETRY"] | None = None
    """``GEOMETRY``: a point, an area, or nothing as yet."""

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in the order in which they are kept."""
        return tuple(column.name for column in self.columns)


def _provenance() -> tuple[Column, ...]:
    return (
        Column("source_file", "text", "来源文件", "Source file", release=Profile.INTERNAL),
        Column("source_sheet", "text", "来源工作表", "Source sheet", release=Profile.INTERNAL),
        Column(
            "source_row", "integer", "来源行号", "Source row", minimum=1, release=Profile.INTERNAL
        ),
    )


_MAX_AREA_M2 = 1_000_000.0

FACILITIES: Final = Table(
    "facilities",
    "科普设施",
    "Facilities",
    "facility_id",
    (
        Column("facility_id", "text", "设施编号", "Facility id", required=True, max_length=64),
        Column("name", "text", "名称", "Name", required=True),
        Column("kind", "text", "类型", "Kind", required=True, choices=Kind),
        Column("level", "text", "级别", "Level", choices=Level),
        Column(
            "exhibition_area_m2",
            "real",
            "展厅面积",
            "Exhibition area",
            unit="m²",
            minimum=0,
            maximum=_MAX_AREA_M2,
        ),
        Column(
            "floor_area_m2",
            "real",
            "建筑面积",
            "Floor area",
            unit="m²",
            minimum=0,
            maximum=_MAX_AREA_M2,
        ),
        Column(
            "outdoor_area_m2",
            "real",
            "室外展示面积",
            "Outdoor display area",
            unit="m²",
            minimum=0,
            maximum=100 * _MAX_AREA_M2,
        ),
        Column(
            "gallery_length_m",
            "real",
            "画廊长度",
            "Gallery length",
            unit="m",
            minimum=0,
            maximum=100_000,
        ),
        Column("shared_use", "boolean", "是否共用场地", "Shared with other uses"),
        Column("shared_use_ratio", "real", "共用折算", "Shared-use ratio", minimum=0, maximum=1),
        Column("open_to_public", "boolean", "是否对公众开放", "Open to the public"),
        Column("opened_on", "date", "开放日期", "Opened on"),
        Column("closed_on", "date", "关闭日期", "Closed on"),
        Column("status", "text", "状态", "Status", required=True, choices=Status),
        Column("district_run", "boolean", "是否区属", "Run by the district"),
        Column("audiences", "text", "服务人群", "Audiences"),
        Column("department", "text", "责任单位", "Responsible department"),
        Column("address", "text", "地址", "Address"),
        Column("township_code", "text", "乡镇街道代码", "Township code", max_length=12),
        Column("village_code", "text", "村社区代码", "Village code", max_length=12),
        Column("contact", "text", "联系方式", "Contact", release=Profile.INTERNAL),
        Column("position_source", "text", "位置来源", "How the position was obtained"),
        Column("verification", "text", "核查", "Verification", required=True, choices=Verification),
        Column("valid_from", "date", "登记日期", "Valid from"),
        Column("demonstration", "boolean", "是否演示数据", "Demonstration data", required=True),
        Column("note", "text", "备注", "Note", release=Profile.INTERNAL),
        *_provenance(),
    ),
    geometry="POINT",
)

DESIGNATIONS: Final = Table(
    "designations",
    "挂牌",
    "Designations",
    None,
    (
        Column("facility_id", "text", "设施编号", "Facility id", required=True, max_length=64),
        Column("title", "text", "牌匾名称", "Title", required=True),
        Column("kind", "text", "认定类型", "Kind", choices=Kind),
        Column("level", "text", "级别", "Level", choices=Level),
        Column("issuing_body", "text", "授牌单位", "Issuing body"),
        Column("document_number", "text", "文号", "Document number"),
        Column("valid_from", "date", "认定起", "Valid from"),
        Column("valid_to", "date", "认定止", "Valid to"),
        Column("status", "text", "认定状态", "Status", choices=Status),
        Column("demonstration", "boolean", "是否演示数据", "Demonstration data", required=True),
        *_provenance(),
    ),
)

TOWNSHIPS: Final = Table(
    "townships",
    "乡镇街道",
    "Townships",
    "township_code",
    (
        Column(
            "township_code", "text", "乡镇街道代码", "Township code", required=True, max_length=9
        ),
        Column("name_zh", "text", "名称", "Name", required=True),
        Column("kind", "text", "类别", "Kind", required=True, choices=TownshipKind),
        Column("quality", "text", "边界质量", "Boundary quality", required=True, choices=Quality),
        Column("source_id", "text", "来源", "Source", required=True),
        *_provenance(),
    ),
    geometry="MULTIPOLYGON",
)

DISTRICTS: Final = Table(
    "districts",
    "区县",
    "Districts",
    "district_code",
    (
        Column("district_code", "text", "区县代码", "District code", required=True, max_length=6),
        Column("name_zh", "text", "名称", "Name", required=True),
        Column("role", "text", "角色", "Role", required=True),
        Column("quality", "text", "边界质量", "Boundary quality", required=True, choices=Quality),
        Column("source_id", "text", "来源", "Source", required=True),
    ),
    geometry="MULTIPOLYGON",
)

_MAX_POPULATION = 100_000_000

_PARTS: Final = (
    ("urban_population", "城镇人口", "Urban population"),
    ("rural_population", "乡村人口", "Rural population"),
    ("population_0_14", "0-14岁人口", "Population aged 0-14"),
    ("population_15_59", "15-59岁人口", "Population aged 15-59"),
    ("population_60_plus", "60岁及以上人口", "Population aged 60 and over"),
)

VILLAGES: Final = Table(
    "villages",
    "村和社区",
    "Villages and communities",
    "village_code",
    (
        Column("village_code", "text", "村社区代码", "Village code", required=True, max_length=12),
        Column(
            "township_code", "text", "乡镇街道代码", "Township code", required=True, max_length=9
        ),
        Column("name_zh", "text", "名称", "Name", required=True),
        Column("kind", "text", "类别", "Kind", required=True, choices=VillageKind),
        Column("urban_rural_class", "text", "城乡分类代码", "Urban-rural class", max_length=3),
        Column(
            "population",
            "integer",
            "人口",
            "Population",
            unit="人",
            minimum=0,
            maximum=_MAX_POPULATION,
        ),
        *(
            Column(name, "integer", zh, en, unit="人", minimum=0, maximum=_MAX_POPULATION)
            for name, zh, en in _PARTS
        ),
        Column("source_id", "text", "来源", "Source", required=True),
        *_provenance(),
    ),
    geometry="GEOMETRY",
)

POPULATION: Final = Table(
    "population",
    "人口",
    "Population",
    None,
    (
        Column(
            "division_code", "text", "行政区划代码", "Division code", required=True, max_length=12
        ),
        Column("name_zh", "text", "名称", "Name", required=True),
        Column(
            "population_kind",
            "text",
            "人口口径",
            "Population kind",
            required=True,
            choices=PopulationKind,
        ),
        Column("year", "integer", "年份", "Year", required=True, minimum=1949, maximum=2100),
        *(
            Column(
                name,
                "integer",
                zh,
                en,
                unit="人",
                required=name == "population",
                minimum=0,
                maximum=_MAX_POPULATION,
            )
            for name, zh, en in (
                ("population", "人口", "Population"),
                *_PARTS,
            )
        ),
        Column("quality", "text", "数据质量", "Quality", required=True, choices=Quality),
        Column("basis", "text", "依据", "Basis"),
        Column("source_id", "text", "来源", "Source", required=True),
        *_provenance(),
    ),
)

SOURCES: Final = Table(
    "sources",
    "数据来源",
    "Sources",
    "source_id",
    (
        Column("source_id", "text", "来源编号", "Source id", required=True, max_length=64),
        Column("title_zh", "text", "名称", "Title", required=True),
        Column("title_en", "text", "英文名称", "English title", required=True),
        Column("publisher", "text", "发布单位", "Publisher", required=True),
        Column("published_on", "text", "日期", "Date", required=True),
        Column("licence", "text", "许可", "Licence", required=True),
        Column("original_datum", "text", "原坐标系", "Original datum"),
        Column("quality", "text", "质量", "Quality", required=True, choices=Quality),
        Column("map_approval_number", "text", "审图号", "Map approval number"),
        Column("sha256", "text", "校验值", "SHA-256", max_length=64),
    ),
)

WEIGHTS: Final = Table(
    "weights",
    "人口分布权重",
    "Where people live",
    None,
    (
        Column("weight", "real", "权重", "Weight", required=True, minimum=0),
        Column("persons", "boolean", "权重即人数", "The weight is residents"),
        Column("source_id", "text", "来源", "Source", required=True),
        *_provenance(),
    ),
    geometry="MULTIPOLYGON",
)
"""Pieces of land, and how many people each holds in proportion to the others."""

ROADS: Final = Table(
    "roads",
    "道路",
    "Roads",
    None,
    (
        Column("road_class", "text", "道路等级", "Road class", max_length=64),
        Column("oneway", "text", "单行", "One-way", required=True, choices=Oneway),
        Column("level", "integer", "层", "Level", required=True, minimum=-9, maximum=9),
        Column("name", "text", "道路名称", "Road name", max_length=200),
        Column("source_id", "text", "来源", "Source", required=True),
        *_provenance(),
    ),
    geometry="LINESTRING",
)
"""Lines as they were drawn; crossings on different levels are none."""

TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        table.name: table
        for table in (
            FACILITIES,
            DESIGNATIONS,
            TOWNSHIPS,
            DISTRICTS,
            VILLAGES,
            POPULATION,
            SOURCES,
        )
    }
)

GROUND: Final[Mapping[str, Table]] = MappingProxyType(
    {table.name: table for table in (WEIGHTS, ROADS)}
)
"""What a district may have beside: the layers on which coverage rests, many rows each."""

ALL_TABLES: Final = (*TABLES.values(), *GROUND.values())

SCOPES: Final = tuple(scope.value for scope in Scope)


def empty_frame(table: Table) -> pd.DataFrame:
    """Return a frame with a table's columns and types and no row (geometry left out).

    Examples
    --------
    >>> empty_frame(SOURCES).shape
    (0, 10)
    """
    return pd.DataFrame(
        {column.name: pd.Series(dtype=PANDAS_DTYPES[column.dtype]) for column in table.columns}
    )


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with exactly the table's columns, in order and of its types.

    Columns that are not there are added as unknown; others than the table's
    (``geometry`` excepted) are dropped. Values are not checked: intake does that.

    Parameters
    ----------
    frame : pandas.DataFrame or geopandas.GeoDataFrame
        Any index; the key stays an ordinary column.
    table : Table
        Which table it is.

    Returns
    -------
    pandas.DataFrame
        Of the class that came in, on the same index.

    Raises
    ------
    TableError
        A required column is missing altogether.

    Examples
    --------
    >>> frame = pd.DataFrame({"village_code": ["1"], "township_code": ["1"], "name_zh": ["村"],
    ...                       "kind": ["village"], "source_id": ["x"]})
    >>> conform(frame, VILLAGES).columns.tolist()[:3]
    ['village_code', 'township_code', 'name_zh']
    """
    require(frame, table, tuple(column.name for column in table.columns if column.required))
    kept = {}
    for column in table.columns:
        dtype = PANDAS_DTYPES[column.dtype]
        if column.name in frame.columns:
            kept[column.name] = frame[column.name].astype(dtype)
        else:
            kept[column.name] = pd.Series(index=frame.index, dtype=dtype)
    if "geometry" in frame.columns:
        kept["geometry"] = frame["geometry"]
        return gpd.GeoDataFrame(kept, index=frame.index, geometry="geometry", crs=frame.crs)
    return pd.DataFrame(kept, index=frame.index)


def require(frame: pd.DataFrame, table: Table, names: tuple[str, ...]) -> None:
    """Raise unless the frame has the columns named.

    Raises
    ------
    TableError
        Naming the table and every column that is missing.

    Examples
    --------
    >>> require(pd.DataFrame({"name": []}), FACILITIES, ("name", "kind"))
    Traceback (most recent call last):
    geo.core.errors.TableError: 「科普设施」表缺少列：kind（类型）。
    """
    missing = [name for name in names if name not in frame.columns]
    if missing:
        zh = "、".join(f"{name}（{table[name].zh}）" for name in missing)
        raise TableError(
            zh=f"「{table.zh}」表缺少列：{zh}。",
            en=f"Table '{table.name}' lacks the columns: {', '.join(missing)}.",
        )
