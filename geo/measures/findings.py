"""What a person should look at: rows and sums that contradict each other or are unknown.

Nothing found here is resolved in silence; the study says which rule it followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd

from geo.core.population import Residents
from geo.core.sentences import Sentences, Words, listed
from geo.core.vocabulary import Agreement, CountReason

TEXT: Final = Sentences("geo.measures")


class Finding(NamedTuple):
    """One thing to look at; ``facility_id`` is None when it is not about a facility."""

    code: str
    facility_id: str | None
    zh: str
    en: str


def findings(
    facilities: gpd.GeoDataFrame, townships: pd.DataFrame, people: Residents
) -> pd.DataFrame:
    """List the contradictions and the unknowns behind a study.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        The ledger with ``agreement``, ``count_reason`` and the three township codes.
    townships : pandas.DataFrame
        Indexed by ``township_code``, with ``name_zh``.
    people : Residents
        The denominator in use.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``facility_id``, ``zh``, ``en``; sums first, then facilities in
        the order of their ids.
    """
    names = townships["name_zh"].to_dict()
    found = [*_of_population(people), *_of_facilities(facilities, names)]
    return pd.DataFrame(found, columns=list(Finding._fields))


def _of_population(people: Residents) -> Iterator[Finding]:
    if people.unaccounted:
        yield Finding(
            "population_sum",
            None,
            *TEXT.words("population_sums_differ", unaccounted=people.unaccounted),
        )
    missing = people.by_township.index[people.by_township.isna()]
    if len(missing):
        yield Finding(
            "population_missing",
            None,
            *TEXT.words(
                "townships_have_no_such_population",
                missing_count=len(missing),
                missing=listed(missing),
            ),
        )


def _of_facilities(facilities: gpd.GeoDataFrame, names: dict[str, str]) -> Iterator[Finding]:
    odd = facilities[facilities["agreement"] == Agreement.DISAGREE.value].sort_index()
    for row in odd.itertuples():
        yield _disagreement(row, names)
    unplaced = facilities[facilities["agreement"] == Agreement.UNPLACED.value].sort_index()
    for row in unplaced.itertuples():
        yield Finding(
            "unplaced", str(row.Index), *TEXT.words("facility_in_no_township", name=row.name)
        )
    reason = facilities["count_reason"]
    unknown = reason.isin([CountReason.AREA_UNKNOWN.value, CountReason.FLOOR_AREA_UNKNOWN.value])
    for row in facilities[unknown].sort_index().itertuples():
        yield Finding("area_unknown", str(row.Index), *TEXT.words("area_is_unknown", name=row.name))


def _disagreement(row: object, names: dict[str, str]) -> Finding:
    declared = getattr(row, "declared_township_code", None)
    position = getattr(row, "position_township_code", None)
    assigned = getattr(row, "assigned_township_code", None)
    name = getattr(row, "name", "")
    zh = [_place(code, names, "区外", "区内没有这个代码") for code in (declared, position)]
    en = [_place(code, names, "outside", "no such township") for code in (declared, position)]
    used_zh, used_en = names.get(str(assigned), "区外"), names.get(str(assigned), "outside")
    return Finding(
        "township_disagreement",
        str(getattr(row, "Index", "")),
        *TEXT.words(
            "township_disagreement",
            name=name,
            what=Words(zh[0], en[0]),
            what_2=Words(zh[1], en[1]),
            used=Words(used_zh, used_en),
        ),
    )


def _place(code: object, names: dict[str, str], outside: str, unknown: str) -> str:
    if not isinstance(code, str):
        return outside
    return names.get(code, f"{code}（{unknown}）" if code[:6] in {k[:6] for k in names} else code)
