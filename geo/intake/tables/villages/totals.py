"""Villages held against their townships: counts that do not sum, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.core.messages import Note
from geo.core.population import AUTO, chosen_denominator, denominators
from geo.core.schema import VILLAGES
from geo.core.vocabulary import AGES, PARTS, SETTLEMENTS
from geo.intake.reference_data import ReferenceData
from geo.intake.sentences import message

_SHOWN: Final = 5
_Published = tuple[str, pd.DataFrame]

SUM_OVER: Final = message("villages.village_sum_over")
SUM_UNDER: Final = message("villages.village_sum_under")
NOT_WHOLE: Final = message("villages.village_township_not_whole")
AGES_DIFFER: Final = message("villages.village_ages_differ")
AGES_NOT_WHOLE: Final = message("villages.village_ages_not_whole")
SETTLEMENT_DIFFERS: Final = message("villages.village_settlement_differs")
SETTLEMENT_NOT_WHOLE: Final = message("villages.village_settlement_not_whole")
GONE: Final = message("villages.villages_gone")
TOWNSHIPS_WHOLE: Final = message("villages.village_townships_whole")


def notes_on(
    after: gpd.GeoDataFrame, gone: pd.DataFrame, reference: ReferenceData
) -> Iterator[Note]:
    """Return what is to be said of the villages as they will stand.

    Parameters
    ----------
    after : geopandas.GeoDataFrame
        All villages after the load, as :data:`geo.core.schema.VILLAGES` lists them.
    gone : pandas.DataFrame
        Those known that it takes away.
    reference : ReferenceData
        With the townships and their published population.
    """
    if len(gone):
        yield GONE.note(count=len(gone), names=_names(gone))
    published = _published(reference)
    whole = 0
    for code, villages in after.groupby("township_code", sort=True):
        lacking = villages[villages.geometry.isna() | villages["population"].isna()]
        if len(lacking) == len(villages):
            continue
        told = {"township": _township(str(code), reference)}
        if len(lacking):
            count = {"count": len(villages), "lacking": len(lacking)}
            yield NOT_WHOLE.note(names=_names(lacking), **count, **told)
        whole += lacking.empty
        yield from _sums(str(code), villages, told, is_whole=lacking.empty, published=published)
        for age in AGES:
            yield from _ages(str(code), villages, told, age, published)
        yield from _settlement(str(code), villages, told, published)
    if whole:
        yield TOWNSHIPS_WHOLE.note(count=whole)


def _published(reference: ReferenceData) -> _Published:
    """Return the latest denominator, and the people of each, whole and in parts, by township."""
    table, names = reference.population, ["population", *PARTS]
    if table.empty:
        return "", pd.DataFrame(columns=names, dtype="float64")
    chosen = chosen_denominator(table, AUTO, district_code=reference.district_code)
    rows = table[denominators(table) == chosen].set_index("division_code")
    return chosen, rows.reindex(columns=names).astype("float64")


def _sums(
    code: str,
    villages: gpd.GeoDataFrame,
    told: dict[str, Any],
    *,
    is_whole: bool,
    published: _Published,
) -> Iterator[Note]:
    denominator, people_of = published
    people = people_of["population"].get(code)
    if people is None or pd.isna(people):
        return
    summed = int(villages["population"].fillna(0).sum())
    told = told | {"sum": f"{summed:,}", "published": f"{people:,.0f}", "denominator": denominator}
    if summed > people:
        yield SUM_OVER.note(**told)
    elif is_whole and summed < people:
        yield SUM_UNDER.note(**told)


def _ages(
    code: str,
    villages: gpd.GeoDataFrame,
    told: dict[str, Any],
    age: str,
    published: _Published,
) -> Iterator[Note]:
    """Tell of an age that some villages give and others lack, or that sums to another figure."""
    lacking = villages[villages[age].isna()]
    if len(lacking) == len(villages):
        return
    told = told | {"age": VILLAGES[age].zh, "age_en": VILLAGES[age].en.lower()}
    if len(lacking):
        count = {"count": len(villages), "lacking": len(lacking)}
        yield AGES_NOT_WHOLE.note(names=_names(lacking), **count, **told)
        return
    figures = _difference(code, villages[age], published)
    if figures:
        yield AGES_DIFFER.note(**figures, **told)


def _settlement(
    code: str, villages: gpd.GeoDataFrame, told: dict[str, Any], published: _Published
) -> Iterator[Note]:
    """Tell of villages without urban and rural people beside others, or of another sum."""
    lacking = villages[villages[list(SETTLEMENTS)].isna().all(axis="columns")]
    if len(lacking) == len(villages):
        return
    if len(lacking):
        count = {"count": len(villages), "lacking": len(lacking)}
        yield SETTLEMENT_NOT_WHOLE.note(names=_names(lacking), **count, **told)
    for part in SETTLEMENTS:
        figures = _difference(code, villages[part], published)
        if figures and villages[part].notna().all():
            words = {"part": VILLAGES[part].zh, "part_en": VILLAGES[part].en.lower()}
            yield SETTLEMENT_DIFFERS.note(**figures, **words, **told)


def _difference(code: str, counts: pd.Series, published: _Published) -> dict[str, str]:
    """Return both figures where a sum of villages is not what is published; else nothing."""
    denominator, people_of = published
    people, summed = people_of[str(counts.name)].get(code), int(counts.sum())
    if people is None or pd.isna(people) or summed == people:
        return {}
    return {"sum": f"{summed:,}", "published": f"{people:,.0f}", "denominator": denominator}


def _township(code: str, reference: ReferenceData) -> str:
    return f"{code} {reference.outlines['name_zh'].get(code, '')}".strip()


def _names(villages: pd.DataFrame) -> tuple[str, ...]:
    names = tuple(map(str, villages["name_zh"]))
    return names[:_SHOWN] + ("…",) * (len(names) > _SHOWN)
