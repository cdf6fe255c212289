"""What stands in an exported file: the columns of each collection, and their short names.

``docs/exports.md`` lists them; a test keeps it in step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from geo.columns import DISTRICTS, FACILITIES, VILLAGES, Column, Dtype, Table
from geo.exports.short_names import GROUP_SHORT, KIND_SHORT, SHORT
from geo.presence import CENTRE_KINDS
from geo.terms import (
    LABELS,
    Agreement,
    Audience,
    Caliber,
    Group,
    Kind,
    Quality,
    Scope,
    TownshipKind,
)

_LONG_TEXT: Final = 1_000_000
_PEOPLE, _AREA, _PER_10K = "人", "m²", "m²/万人"


def _word(
    name: str, zh: str, en: str, choices: type[StrEnum] | None = None, *, dtype: Dtype = "text"
) -> Column:
    return Column(name, dtype, zh, en, choices=choices, max_length=_LONG_TEXT)


def _figure(name: str, zh: str, en: str, unit: str = "") -> Column:
    return Column(name, "real", zh, en, unit=unit)


def _count(name: str, zh: str, en: str, unit: str = "") -> Column:
    return Column(name, "integer", zh, en, unit=unit)


def _yes_no(name: str, zh: str, en: str) -> Column:
    return Column(name, "boolean", zh, en)


def _with_words(columns: tuple[Column, ...]) -> Iterator[Column]:
    """Yield each column, and behind one of coded words another with the Chinese words."""
    for column in columns:
        yield column
        if column.choices is not None:
            yield _word(f"{column.name}_zh", f"{column.zh}（中文）", f"{column.en} in Chinese")


def _stamp() -> tuple[Column, ...]:
    return (
        _word("on", "截止日期", "As of", dtype="date"),
        _word("caliber", "口径", "Caliber", Caliber),
        _word("scope", "范围", "Scope", Scope),
        _word("denominator", "人口分母", "Denominator"),
        _yes_no("demonstration", "含演示数据", "With demonstration data"),
    )


def _facilities() -> Iterator[Column]:
    for column in _with_words(FACILITIES.columns):
        yield column
        if column.name == "kind_zh":
            yield _word("kind_en", "类型（英文）", "Kind in English")
            yield _word("group", "类别", "Group", Group)
            yield _word("group_zh", "类别（中文）", "Group in Chinese")
    judged = (
        _word("designations", "现有挂牌", "Designations valid on the date"),
        _yes_no("open_on_date", "该日是否运行", "Operates on the date"),
        _word("assigned_township_code", "归属乡镇街道代码", "Township assigned"),
        _word("township_name", "归属乡镇街道", "Name of the township assigned"),
        _word("agreement", "归属判断", "Code and position", Agreement),
        _figure("counted_area_m2", "计入面积", "Counted area", _AREA),
        _word("count_reason", "计入或不计的原因", "Why it counts or not"),
        _word("count_reason_zh", "计入或不计的原因（中文）", "Why it counts or not, in Chinese"),
        _word("count_reason_en", "计入或不计的原因（英文）", "Why it counts or not, in English"),
        _count("position_decimals", "位置小数位数", "Decimals of a degree shown"),
    )
    yield from _with_words(judged)


def _townships() -> Iterator[Column]:
    own = (
        _word("township_code", "乡镇街道代码", "Township code"),
        _word("name_zh", "名称", "Name"),
        _word("kind", "类别", "Kind", TownshipKind),
        _figure("population", "人口", "Population", _PEOPLE),
        _word("population_quality", "人口数据质量", "Quality of the population", Quality),
        _figure("counted_area_m2", "计入面积", "Counted area", _AREA),
        _figure("area_per_10k_m2", "每万人展厅面积", "Exhibition area per 10,000", _PER_10K),
        _figure("area_gap_m2", "尚缺面积（参考）", "Area missing (reference)", _AREA),
        _yes_no("is_lower_bound", "为下限值", "Is a lower bound"),
        _count("unknown_area_count", "面积不明的设施数", "Facilities of unknown area"),
        _count("facility_count", "设施数", "Facilities"),
        _figure("accessible_area_per_10k_m2", "可达展厅面积", "Accessible area", _PER_10K),
        _yes_no(
            "accessible_is_lower_bound", "可达面积为下限值", "Accessible area is a lower bound"
        ),
        _count("pending_count", "待核设施数", "Rows pending"),
        _count("disagreement_count", "代码与位置不一致数", "Code and position disagree"),
        _count("village_count", "村社区数", "Villages"),
        _count("villages_without_count", "无服务中心的村社区数", "Villages without a centre"),
        _count("school_count", "学校数", "Schools"),
        _count("schools_reached_count", "可达基地的学校数", "Schools that reach a base"),
    )
    yield from _with_words(own)
    for group in Group:
        zh, en = LABELS[Group][group]
        yield _figure(f"coverage_rate_{group.value}", f"{zh}覆盖率", f"Coverage rate: {en}")
    for kind in Kind:
        zh, en = LABELS[Kind][kind]
        # A school is a group and a kind.
        yield _figure(
            f"coverage_rate_kind_{kind.value}",
            f"{zh}覆盖率（单类）",
            f"Coverage rate of kind: {en}",
        )
    yield _count("rank_area_per_10k_m2", "每万人展厅面积名次", "Rank by area per 10,000")
    yield _count("rank_accessible_area_per_10k_m2", "可达面积名次", "Rank by accessible area")
    for group in Group:
        zh, en = LABELS[Group][group]
        yield _count(f"rank_{group.value}", f"{zh}覆盖率名次", f"Rank by coverage: {en}")
    yield from _with_words((_word("quality", "边界质量", "Boundary quality", Quality),))
    yield from _stamp()


def _villages() -> Iterator[Column]:
    for name in ("village_code", "name_zh"):
        yield VILLAGES[name]
    yield VILLAGES["kind"]
    yield _word("kind_zh", "类别（中文）", "Kind in Chinese")
    yield _word("kind_en", "类别（英文）", "Kind in English")
    yield VILLAGES["urban_rural_class"]
    yield VILLAGES["township_code"]
    yield _word("township_name", "乡镇街道", "Township")
    yield VILLAGES["population"]
    for kind in CENTRE_KINDS:
        zh, en = LABELS[Kind][kind]
        yield _count(kind.value, f"{zh}数", f"{en}: how many")
    yield _yes_no("has_service_centre", "有服务中心", "Has a service centre")
    yield from _stamp()


def _gaps() -> Iterator[Column]:
    own = (
        _word("gap_id", "缺口编号", "Gap id"),
        _word("target_id", "对象", "Target"),
        _word("group", "类别", "Group", Group),
        _word("kind", "类型", "Kind", Kind),
        _word("township_code", "乡镇街道代码", "Township code"),
        _word("township_name", "乡镇街道", "Township"),
        _figure("population", "未覆盖人口", "Residents not reached", _PEOPLE),
        _figure("population_share", "占本乡镇街道人口", "Share of the township's residents"),
        _figure("area_km2", "面积", "Area", "km²"),
        _word("nearest_facility_id", "最近设施编号", "Nearest facility id"),
        _word("nearest_facility_name", "最近设施", "Nearest facility"),
        _figure("nearest_distance_m", "到最近设施的距离", "Distance to the nearest", "m"),
        _figure("nearest_travel_minutes", "到最近设施的时间", "Time to the nearest", "min"),
    )
    yield from _with_words(own)
    for audience in Audience:
        zh, en = LABELS[Audience][audience]
        yield _figure(f"audience_{audience.value}", f"未覆盖{zh}", f"Not reached: {en}", _PEOPLE)
    yield from _stamp()


def _table(base: Table, columns: Iterator[Column]) -> Table:
    return replace(base, columns=tuple(columns))


_AREAS: Final = "MULTIPOLYGON"

TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        "facilities": _table(FACILITIES, _facilities()),
        "townships": Table(
            "townships", "乡镇街道", "Townships", "township_code", tuple(_townships()), _AREAS
        ),
        "villages": _table(VILLAGES, _villages()),
        "gaps": Table("gaps", "覆盖缺口", "Coverage gaps", "gap_id", tuple(_gaps()), _AREAS),
        "districts": Table(
            "districts",
            "区县轮廓",
            "District outlines",
            "district_code",
            tuple(
                _with_words(
                    tuple(
                        DISTRICTS[name] for name in ("district_code", "name_zh", "role", "quality")
                    )
                )
            ),
            _AREAS,
        ),
    }
)
"""By collection: every column that its files may have, in their order."""


def short_name(name: str) -> str:
    """Return the name of a column in a Shapefile: at most ten bytes of ASCII.

    Examples
    --------
    >>> short_name("exhibition_area_m2"), short_name("kind")
    ('exh_m2', 'kind')
    >>> short_name("coverage_rate_kind_library")
    'cov_librar'
    """
    return SHORT_NAMES[name]


def _all_short_names() -> dict[str, str]:
    found = dict(SHORT)
    for kind in Kind:
        found[f"coverage_rate_kind_{kind.value}"] = f"cov_{KIND_SHORT[kind]}"
    for group in Group:
        found[f"coverage_rate_{group.value}"] = f"covg_{GROUP_SHORT[group]}"
        found[f"rank_{group.value}"] = f"rk_{GROUP_SHORT[group]}"
    return found


SHORT_NAMES: Final[Mapping[str, str]] = MappingProxyType(_all_short_names())
"""Of every column of every collection."""
