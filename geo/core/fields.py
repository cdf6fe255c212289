"""What each collection's features carry: the data dictionary of answers, for every door.

The ledger's own columns stand in :mod:`geo.core.schema`; here are those that a study adds.
Queryables, schemas, exports and filters are made from these, so that a property has one
name, one unit and one label wherever it is met.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from geo.core.errors import NotFoundError
from geo.core.schema import FACILITIES, TOWNSHIPS, VILLAGES, Column, Dtype, Table
from geo.core.vocabulary import (
    CENTRE_KINDS,
    LABELS,
    PARTS,
    Agreement,
    Caliber,
    CountReason,
    Group,
    Kind,
    Mode,
    Profile,
    Quality,
    Scope,
    Settlement,
)

NESTED: Final = frozenset(
    {
        "facilities.designations",
        "townships.coverage_rate",
        "townships.even_coverage_rate",
        "townships.coverage_rate_by_kind",
        "townships.coverage_rate_by_audience",
        "townships.ranks",
        "gaps.audiences",
        "sites.newly_by_audience",
        "sites.newly_by_township",
    }
)
"""Properties that are lists or objects: they are shown, and not asked about."""


def _column(name: str, dtype: Dtype, zh: str, en: str, unit: str = "") -> Column:
    return Column(name, dtype, zh, en, unit=unit)


def _of(table: Table, *names: str) -> tuple[Column, ...]:
    return tuple(table[name] for name in names)


_STAMP: Final = (
    _column("on", "text", "截止日期", "As of"),
    Column("caliber", "text", "口径", "Caliber", choices=Caliber),
    Column("scope", "text", "范围", "Scope", choices=Scope),
    _column("denominator", "text", "人口口径", "Denominator"),
    _column("surface", "text", "人口分布", "Where residents are put"),
    _column("travel", "text", "出行依据", "Travel basis"),
    _column("detour_factor", "real", "绕行系数", "Detour factor"),
    _column("demonstration", "boolean", "是否演示数据", "Demonstration data"),
)
_TOWNSHIP_NAME: Final = _column("township_name", "text", "乡镇街道", "Township")

_FACILITIES: Final = (
    *(column for column in FACILITIES.columns if column.name != FACILITIES.key),
    _column("assigned_township_code", "text", "归属乡镇街道代码", "Township it is counted in"),
    Column("agreement", "text", "代码与位置", "Code and position", choices=Agreement),
    _column("counted_area_m2", "real", "计入面积", "Counted area", "m²"),
    Column("count_reason", "text", "计入情况", "Whether it counts", choices=CountReason),
    _column("position_decimals", "integer", "位置小数位", "Decimals of the position"),
    Column("group", "text", "类别", "Group", choices=Group),
    _column("kind_zh", "text", "类型名称", "Kind in Chinese"),
    _column("kind_en", "text", "类型英文名", "Kind in English"),
    _TOWNSHIP_NAME,
    _column("open_on_date", "boolean", "该日是否运行", "Operates on the date"),
    _column("count_reason_zh", "text", "计入说明", "Why, in Chinese"),
    _column("count_reason_en", "text", "计入英文说明", "Why, in English"),
    _column("designations", "text", "有效挂牌", "Designations"),
)
_TOWNSHIPS: Final = (
    *_of(TOWNSHIPS, "township_code", "name_zh", "kind"),
    _column("population", "real", "人口", "Residents", "人"),
    Column("population_quality", "text", "人口数据质量", "Quality of residents", choices=Quality),
    _column("counted_area_m2", "real", "计入面积", "Counted area", "m²"),
    _column("area_per_10k_m2", "real", "每万人展厅面积", "Area per 10,000 residents", "m²"),
    _column("area_gap_m2", "real", "尚缺面积（参考）", "Area missing (for reference)", "m²"),
    _column("is_lower_bound", "boolean", "是否下限", "Whether a lower bound"),
    _column("unknown_area_count", "integer", "面积不明数", "Facilities of unknown area"),
    _column("facility_count", "integer", "设施数", "Facilities"),
    _column(
        "accessible_area_per_10k_m2", "real", "每万人可达展厅面积",
        "Accessible area per 10,000 residents", "m²",
    ),
    _column("accessible_is_lower_bound", "boolean", "可达面积是否下限", "Accessible: lower bound"),
    _column("pending_count", "integer", "待核数", "Rows pending verification"),
    _column("disagreement_count", "integer", "位置不符数", "Rows that contradict themselves"),
    _column("village_count", "integer", "村社区数", "Villages and communities"),
    _column("villages_without_count", "integer", "无服务阵地村社区数", "Villages without a centre"),
    _column("school_count", "integer", "学校数", "Schools"),
    _column("schools_reached_count", "integer", "可到达基地学校数", "Schools that reach a base"),
    _column("coverage_rate", "text", "各类别覆盖率", "Coverage rate by group"),
    _column(
        "even_coverage_rate", "text", "人口均匀分布时各类别覆盖率",
        "Coverage rate by group if people were spread evenly",
    ),
    _column("coverage_rate_by_kind", "text", "各类型覆盖率", "Coverage rate by kind"),
    _column("coverage_rate_by_audience", "text", "各人群覆盖率", "Coverage rate by audience"),
    _column("ranks", "text", "位次", "Ranks"),
    Column("quality", "text", "边界质量", "Boundary quality", choices=Quality),
    *_STAMP,
)  # fmt: skip
_VILLAGES: Final = (
    *_of(VILLAGES, "village_code", "name_zh", "kind"),
    _column("kind_zh", "text", "类别名称", "Kind in Chinese"),
    _column("kind_en", "text", "类别英文名", "Kind in English"),
    *_of(VILLAGES, "urban_rural_class", "township_code"),
    _TOWNSHIP_NAME,
    *_of(VILLAGES, "population", *PARTS),
    *(
        _column(kind.value, "integer", LABELS[Kind][kind].zh, LABELS[Kind][kind].en)
        for kind in CENTRE_KINDS
    ),
    _column("has_service_centre", "boolean", "有无服务阵地", "Has a service centre"),
    *_STAMP,
)
_GAPS: Final = (
    _column("gap_id", "text", "缺口编号", "Gap id"),
    _column("target_id", "text", "对象", "Target"),
    Column("group", "text", "类别", "Group", choices=Group),
    Column("kind", "text", "类型", "Kind", choices=Kind),
    _column("township_code", "text", "乡镇街道代码", "Township code"),
    _TOWNSHIP_NAME,
    _column("population", "real", "未覆盖人口", "Residents not reached", "人"),
    _column("population_share", "real", "占该乡镇街道比例", "Share of the township"),
    _column("area_km2", "real", "面积", "Area", "km²"),
    _column("nearest_facility_id", "text", "最近设施编号", "Nearest facility id"),
    _column("nearest_facility_name", "text", "最近设施", "Nearest facility"),
    _column("nearest_distance_m", "real", "直线距离", "Distance to it", "m"),
    _column("nearest_travel_minutes", "real", "出行时间", "Travel time to it", "min"),
    _column("audiences", "text", "各人群未覆盖人口", "Not reached, by audience"),
    *_STAMP,
)
_DISTRICTS: Final = (
    _column("district_code", "text", "区县代码", "District code"),
    _column("name_zh", "text", "名称", "Name"),
    _column("role", "text", "角色", "Role"),
    Column("quality", "text", "边界质量", "Boundary quality", choices=Quality),
)
_SERVICE_AREAS: Final = (
    _column("facility_id", "text", "设施编号", "Facility id"),
    _column("name", "text", "名称", "Name"),
    Column("kind", "text", "类型", "Kind", choices=Kind),
    Column("group", "text", "类别", "Group", choices=Group),
    _column("township_code", "text", "乡镇街道代码", "Township code"),
    Column("settlement", "text", "城乡", "Urban or rural", choices=Settlement),
    Column("mode", "text", "出行方式", "Mode", choices=Mode),
    _column("minutes", "real", "时限", "Limit", "min"),
    _column("basis", "text", "出行依据", "Basis of travel"),
    _column("population", "real", "可到达人口", "Residents within it", "人"),
    *_STAMP,
)
_SITES: Final = (
    _column("site", "integer", "序号", "Number"),
    Column("programme", "text", "项目", "Programme", choices=Kind),
    _column("programme_zh", "text", "项目名称", "Programme in Chinese"),
    _column("programme_en", "text", "项目英文名", "Programme in English"),
    _column("phase", "integer", "期次", "Phase"),
    _column("name", "text", "建议位置", "Proposed place"),
    _column("source", "text", "候选点类型", "Kind of candidate"),
    _column("source_zh", "text", "候选点类型名称", "Kind of candidate in Chinese"),
    _column("source_en", "text", "候选点类型英文名", "Kind of candidate in English"),
    _column("candidate_id", "text", "候选点编号", "Candidate id"),
    _column("facility_id", "text", "依托设施编号", "Host facility id"),
    _column("kinds", "text", "依托设施类型", "Kinds of the host"),
    _column("township_code", "text", "乡镇街道代码", "Township code"),
    _TOWNSHIP_NAME,
    Column("settlement", "text", "城乡", "Urban or rural", choices=Settlement),
    _column("newly_covered", "real", "新增覆盖", "Newly covered", "人"),
    _column("covered_alone", "real", "仅由此处覆盖", "Covered by it alone", "人"),
    _column("loss_without", "real", "去掉此处的损失", "Lost without it", "人"),
    _column("next_best_id", "text", "次优位置编号", "Next best id"),
    _column("next_best_name", "text", "次优位置", "Next best place"),
    _column("next_best_loss", "real", "改用次优的损失", "Lost by it", "人"),
    _column("cost", "real", "费用", "Cost"),
    _column("suitability", "real", "适宜性", "Suitability"),
    _column("longitude", "real", "经度", "Longitude", "°"),
    _column("latitude", "real", "纬度", "Latitude", "°"),
    _column("newly_by_audience", "text", "各人群新增覆盖", "Newly covered by audience"),
    _column("newly_by_township", "text", "各乡镇新增覆盖", "Newly covered by township"),
    _column("scenario", "text", "情景", "Scenario digest"),
    _column("is_optimal", "boolean", "是否已证明最优", "Whether proven optimal"),
    _column("gap", "real", "与上界的差距", "Gap to the bound"),
    *_STAMP,
)


def words_column(column: Column) -> Column:
    """Return the column of Chinese words that stands beside one of coded words.

    Examples
    --------
    >>> words_column(FACILITIES["status"]).name
    'status_zh'
    """
    return Column(
        f"{column.name}_zh", "text", f"{column.zh}（中文）", f"{column.en} in Chinese",
        release=column.release,
    )  # fmt: skip


def is_worded(column: Column) -> bool:
    """Tell whether a property holds codes that have words."""
    return column.choices is not None and column.choices in LABELS


def _worded(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return properties with the words of each code behind it, where it has none of its own."""
    named = {column.name for column in columns}
    found: list[Column] = []
    for column in columns:
        found.append(column)
        if is_worded(column) and f"{column.name}_zh" not in named:
            found.append(words_column(column))
    return tuple(found)


BARE_FIELDS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {
        "facilities": _FACILITIES,
        "townships": _TOWNSHIPS,
        "villages": _VILLAGES,
        "gaps": _GAPS,
        "sites": _SITES,
        "service_areas": _SERVICE_AREAS,
        "districts": _DISTRICTS,
    }
)
"""The properties of each collection's features, before words are laid beside their codes."""

FIELDS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {name: _worded(columns) for name, columns in BARE_FIELDS.items()}
)
"""The properties of each collection's features."""


def fields_of(name: str, profile: Profile = Profile.PUBLIC) -> tuple[Column, ...]:
    """Return the properties of a collection's features, as far as a profile carries them.

    Raises
    ------
    NotFoundError
        There is no such collection.

    Examples
    --------
    >>> [column.name for column in fields_of("districts")]
    ['district_code', 'name_zh', 'role', 'quality', 'quality_zh']
    >>> "contact" in [column.name for column in fields_of("facilities")]
    False
    """
    if name not in FIELDS:
        raise NotFoundError(
            zh=f"没有这个要素集合；现有：{', '.join(FIELDS)}。",
            en=f"There is no such collection; there are: {', '.join(FIELDS)}.",
        )
    return tuple(column for column in FIELDS[name] if profile.carries(column.release))


def queryable_fields(name: str, profile: Profile = Profile.PUBLIC) -> tuple[Column, ...]:
    """Return the properties of a collection that may be asked about, sorted and filtered by.

    Examples
    --------
    >>> "designations" in [column.name for column in queryable_fields("facilities")]
    False
    """
    return tuple(
        column for column in fields_of(name, profile) if f"{name}.{column.name}" not in NESTED
    )
