"""Villages held against their townships: counts that do not sum, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.core.messages import Remark, message
from geo.core.schema import VILLAGES
from geo.core.vocabulary import AGES, SETTLEMENTS
from geo.intake.villages.setting import VillageSetting

_SHOWN: Final = 5

SUM_OVER: Final = message(
    "village_sum_over",
    "{township} 各村社区合计 {sum} 人，多于公布的 {published} 人（{denominator}）；"
    "计算时按比例缩放到公布数，请核对口径和年份。",
    "The villages of {township} sum to {sum}, more than the {published} published"
    " ({denominator}); they will be scaled to it. Check kind and year.",
)
SUM_UNDER: Final = message(
    "village_sum_under",
    "{township} 各村社区合计 {sum} 人，少于公布的 {published} 人（{denominator}）；"
    "计算时按比例缩放到公布数，请核对是否缺村或口径不同。",
    "The villages of {township} sum to {sum}, fewer than the {published} published"
    " ({denominator}); they will be scaled to it. Check whether some lack, or the kind.",
)
NOT_WHOLE: Final = message(
    "village_township_not_whole",
    "{township} 的 {count} 个村社区中有 {lacking} 个缺位置或人口（{names}），"
    "这个乡镇街道不能按村社区计算；请补齐。",
    "Of the {count} villages of {township}, {lacking} lack a position or a population ({names});"
    " the township cannot be counted by villages. Please complete them.",
)
AGES_DIFFER: Final = message(
    "village_ages_differ",
    "{township} 各村社区{age}合计 {sum} 人，公布的是 {published} 人（{denominator}）；"
    "计算时按比例缩放到公布数，请核对口径和年份。",
    "The villages of {township} sum to {sum} for {age_en}, where {published} are published"
    " ({denominator}); they will be scaled to it. Check kind and year.",
)
AGES_NOT_WHOLE: Final = message(
    "village_ages_not_whole",
    "{township} 的 {count} 个村社区中有 {lacking} 个没有{age}（{names}），"
    "这一年龄段按乡镇街道的比例计算；请补齐。",
    "Of the {count} villages of {township}, {lacking} lack {age_en} ({names}); that age goes by"
    " the township's share. Please complete them.",
)
SETTLEMENT_DIFFERS: Final = message(
    "village_settlement_differs",
    "{township} 各村社区{part}合计 {sum} 人，公布的是 {published} 人（{denominator}）；"
    "计算时按各村社区自己的城乡比例，不缩放到公布数，请核对口径和年份。",
    "The villages of {township} sum to {sum} for {part_en}, where {published} are published"
    " ({denominator}); each village's own ratio is used, not scaled to it. Check kind and year.",
)
SETTLEMENT_NOT_WHOLE: Final = message(
    "village_settlement_not_whole",
    "{township} 的 {count} 个村社区中有 {lacking} 个没有城镇、乡村人口（{names}），"
    "这些村社区按城乡分类代码算，没有代码的按乡镇街道算；请补齐。",
    "Of the {count} villages of {township}, {lacking} tell no urban or rural people ({names});"
    " these go by their class, or by their township where they have none. Please complete them.",
)
GONE: Final = message(
    "villages_gone",
    "文件里没有现有的 {count} 个村社区（{names}），因 --whole 不再保留；只是补充请去掉 --whole。",
    "The file lacks {count} villages that are known ({names}), and by --whole they are gone; leave"
    " it out where the file is of some only.",
)
TOWNSHIPS_WHOLE: Final = message(
    "village_townships_whole",
    "{count} 个乡镇街道的村社区都有位置和人口，按村社区计算。",
    "{count} townships have all their villages placed and counted, and go by villages.",
)


def remarks_on(
    after: gpd.GeoDataFrame, gone: pd.DataFrame, setting: VillageSetting
) -> Iterator[Remark]:
    """Return what is to be said of the villages as they will stand.

    Parameters
    ----------
    after : geopandas.GeoDataFrame
        All villages after the load, as :data:`geo.core.schema.VILLAGES` lists them.
    gone : pandas.DataFrame
        Those known that it takes away.
    setting : VillageSetting
        With the townships and their published population.
    """
    if len(gone):
        yield GONE.remark(count=len(gone), names=_names(gone))
    whole = 0
    for code, villages in after.groupby("township_code", sort=True):
        lacking = villages[villages.geometry.isna() | villages["population"].isna()]
        if len(lacking) == len(villages):
            continue
        told = {"township": _township(str(code), setting)}
        if len(lacking):
            count = {"count": len(villages), "lacking": len(lacking)}
            yield NOT_WHOLE.remark(names=_names(lacking), **count, **told)
        whole += lacking.empty
        yield from _sums(str(code), villages, told, is_whole=lacking.empty, setting=setting)
        for age in AGES:
            yield from _ages(str(code), villages, told, age, setting)
        yield from _settlement(str(code), villages, told, setting)
    if whole:
        yield TOWNSHIPS_WHOLE.remark(count=whole)


def _sums(
    code: str,
    villages: gpd.GeoDataFrame,
    told: dict[str, Any],
    *,
    is_whole: bool,
    setting: VillageSetting,
) -> Iterator[Remark]:
    denominator, published = setting.published
    people = published["population"].get(code)
    if people is None or pd.isna(people):
        return
    summed = int(villages["population"].fillna(0).sum())
    told = told | {"sum": f"{summed:,}", "published": f"{people:,.0f}", "denominator": denominator}
    if summed > people:
        yield SUM_OVER.remark(**told)
    elif is_whole and summed < people:
        yield SUM_UNDER.remark(**told)


def _ages(
    code: str,
    villages: gpd.GeoDataFrame,
    told: dict[str, Any],
    age: str,
    setting: VillageSetting,
) -> Iterator[Remark]:
    """Tell of an age that some villages give and others lack, or that sums to another figure."""
    lacking = villages[villages[age].isna()]
    if len(lacking) == len(villages):
        return
    told = told | {"age": VILLAGES[age].zh, "age_en": VILLAGES[age].en.lower()}
    if len(lacking):
        count = {"count": len(villages), "lacking": len(lacking)}
        yield AGES_NOT_WHOLE.remark(names=_names(lacking), **count, **told)
        return
    figures = _difference(code, villages[age], setting)
    if figures:
        yield AGES_DIFFER.remark(**figures, **told)


def _settlement(
    code: str, villages: gpd.GeoDataFrame, told: dict[str, Any], setting: VillageSetting
) -> Iterator[Remark]:
    """Tell of villages without urban and rural people beside others, or of another sum."""
    lacking = villages[villages[list(SETTLEMENTS)].isna().all(axis="columns")]
    if len(lacking) == len(villages):
        return
    if len(lacking):
        count = {"count": len(villages), "lacking": len(lacking)}
        yield SETTLEMENT_NOT_WHOLE.remark(names=_names(lacking), **count, **told)
    for part in SETTLEMENTS:
        figures = _difference(code, villages[part], setting)
        if figures and villages[part].notna().all():
            words = {"part": VILLAGES[part].zh, "part_en": VILLAGES[part].en.lower()}
            yield SETTLEMENT_DIFFERS.remark(**figures, **words, **told)


def _difference(code: str, counts: pd.Series, setting: VillageSetting) -> dict[str, str]:
    """Return both figures where a sum of villages is not what is published; else nothing."""
    denominator, published = setting.published
    people, summed = published[str(counts.name)].get(code), int(counts.sum())
    if people is None or pd.isna(people) or summed == people:
        return {}
    return {"sum": f"{summed:,}", "published": f"{people:,.0f}", "denominator": denominator}


def _township(code: str, setting: VillageSetting) -> str:
    return f"{code} {setting.data.townships['name_zh'].get(code, '')}".strip()


def _names(villages: pd.DataFrame) -> tuple[str, ...]:
    names = tuple(map(str, villages["name_zh"]))
    return names[:_SHOWN] + ("…",) * (len(names) > _SHOWN)
