"""What stands in an exported file: the columns of each collection, and their short names.

Those of :mod:`geo.core.fields`, flat: a column for each of the figures that features hold nested,
and the Chinese words beside coded ones. ``docs/exports.md`` lists them; a test keeps it in step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Literal

from geo.core.fields import FIELDS
from geo.core.schema import FACILITIES, Column, Table
from geo.core.short_names import AUDIENCE_SHORT, GROUP_SHORT, KIND_SHORT, SHORT
from geo.core.vocabulary import LABELS, Audience, Group, Kind
from geo.publish.features import COLLECTIONS

_LONG_TEXT: Final = 1_000_000
_Shape = Literal["POINT", "MULTIPOLYGON", "GEOMETRY"]

_SHAPES: Final[Mapping[str, _Shape]] = MappingProxyType(
    {
        "facilities": "POINT",
        "townships": "MULTIPOLYGON",
        "villages": "GEOMETRY",
        "gaps": "MULTIPOLYGON",
        "sites": "POINT",
        "service_areas": "MULTIPOLYGON",
        "districts": "MULTIPOLYGON",
    }
)
_KEYS: Final = {"facilities": "facility_id", "townships": "township_code",
                "villages": "village_code", "gaps": "gap_id", "sites": "site",
                "service_areas": "facility_id", "districts": "district_code"}  # fmt: skip

POSITION_COLUMNS: Final = ("longitude", "latitude")
"""Of sites: the geometry says it, in the system asked for."""


def _by_group(after_zh: str, before_en: str) -> Callable[[Column], Iterator[Column]]:
    """Return what makes a column of rates for each group, called so."""

    def rates(column: Column) -> Iterator[Column]:
        for group in Group:
            zh, en = LABELS[Group][group]
            yield _real(f"{column.name}_{group.value}", f"{zh}{after_zh}", f"{before_en}: {en}")

    return rates


def _rates_by_kind(_: Column) -> Iterator[Column]:
    for kind in Kind:
        zh, en = LABELS[Kind][kind]
        # A school is a group and a kind.
        yield _real(
            f"coverage_rate_kind_{kind.value}",
            f"{zh}覆盖率（单类）",
            f"Coverage rate of kind: {en}",
        )


def _rates_by_audience(_: Column) -> Iterator[Column]:
    for audience in Audience:
        for group in Group:
            who, what = LABELS[Audience][audience], LABELS[Group][group]
            yield _real(
                f"coverage_rate_{audience.value}_{group.value}",
                f"{who.zh}的{what.zh}覆盖率",
                f"Coverage rate of {who.en}: {what.en}",
            )


def _ranks(_: Column) -> Iterator[Column]:
    own = (
        ("area_per_10k_m2", "每万人展厅面积", "area per 10,000"),
        ("accessible_area_per_10k_m2", "可达面积", "accessible area"),
        *((group.value, f"{LABELS[Group][group].zh}覆盖率", LABELS[Group][group].en)
          for group in Group),
    )  # fmt: skip
    for name, zh, en in own:
        yield Column(f"rank_{name}", "integer", f"{zh}名次", f"Rank by {en}")


def _by_audience(prefix: str, zh: str, en: str) -> Callable[[Column], Iterator[Column]]:
    def columns(_: Column) -> Iterator[Column]:
        for audience in Audience:
            label = LABELS[Audience][audience]
            yield _real(f"{prefix}_{audience.value}", f"{zh}{label.zh}", f"{en}: {label.en}", "人")

    return columns


def _real(name: str, zh: str, en: str, unit: str = "") -> Column:
    return Column(name, "real", zh, en, unit=unit)


def _nothing(_: Column) -> Iterator[Column]:
    """Yield none: a list of rows has no place in a flat table, and GeoJSON has it."""
    yield from ()


_FLAT: Final[Mapping[str, Callable[[Column], Iterator[Column]]]] = MappingProxyType(
    {
        "coverage_rate": _by_group("覆盖率", "Coverage rate"),
        "even_coverage_rate": _by_group(
            "覆盖率（人口均匀分布时）", "Coverage rate if people were spread evenly"
        ),
        "coverage_rate_by_kind": _rates_by_kind,
        "coverage_rate_by_audience": _rates_by_audience,
        "ranks": _ranks,
        "audiences": _by_audience("audience", "未覆盖", "Not reached"),
        "newly_by_audience": _by_audience("newly", "新增覆盖", "Newly covered"),
        "newly_by_township": _nothing,
        "longitude": _nothing,
        "latitude": _nothing,
    }
)


def _columns(collection: str) -> Iterator[Column]:
    if collection == "facilities":
        yield FACILITIES["facility_id"]
    for column in FIELDS[collection]:
        nested = _FLAT.get(column.name)
        if nested is not None and not (collection == "facilities" and column.name == "audiences"):
            yield from nested(column)
            continue
        yield column if column.name in FACILITIES.names else _roomy(column)


def _told_apart(columns: Iterator[Column]) -> tuple[Column, ...]:
    """Return columns whose Chinese names differ, as GeoPackage and those who read a list want."""
    found: dict[str, Column] = {}
    for column in columns:
        zh = column.zh if column.zh not in found else f"{column.zh}（{column.name}）"
        found[zh] = replace(column, zh=zh)
    return tuple(found.values())


def _roomy(column: Column) -> Column:
    return replace(column, max_length=_LONG_TEXT)


TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        name: Table(
            name, COLLECTIONS[name].zh, COLLECTIONS[name].en, _KEYS[name],
            _told_apart(_columns(name)), _SHAPES[name],
        )
        for name in FIELDS
    }
)  # fmt: skip
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
        found[f"even_coverage_rate_{group.value}"] = f"even_{GROUP_SHORT[group]}"
        found[f"rank_{group.value}"] = f"rk_{GROUP_SHORT[group]}"
    for audience in Audience:
        who = AUDIENCE_SHORT[audience]
        found[f"audience_{audience.value}"] = f"no_{who}"
        found[f"newly_{audience.value}"] = f"new_{who}"
        for group in Group:
            found[f"coverage_rate_{audience.value}_{group.value}"] = f"c{who}_{GROUP_SHORT[group]}"
    return found


SHORT_NAMES: Final[Mapping[str, str]] = MappingProxyType(_all_short_names())
"""Of every column of every collection."""
