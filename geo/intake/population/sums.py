"""Townships' figures held against the district's total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geo.core.errors import BadValueError
from geo.core.messages import Noted, Remark, message
from geo.intake.examined import ByRow
from geo.intake.faults import Faults
from geo.intake.population.rows import Figure, kind_words
from geo.intake.population.setting import PopulationSetting

_TOWNSHIP_DIGITS, _DISTRICT_DIGITS = 9, 6
_SHOWN: Final = 5

SUM_DIFFERS: Final = message(
    "population_sum_differs",
    "{year} 年{kind}：各乡镇合计 {sum} 人，{total_from}是 {total} 人，相差 {difference} 人"
    "（{share}），请核对。",
    "{kind_en} {year}: the townships sum to {sum}, the total of {total_from_en} is {total};"
    " they differ by {difference} ({share}). Please check.",
)
SUM_AGREES: Final = message(
    "population_sum_agrees",
    "{year} 年{kind}：各乡镇合计 {sum} 人，与{total_from}一致。",
    "{kind_en} {year}: the townships sum to {sum}, as the total of {total_from_en}.",
)
TOWNSHIPS_LACKING: Final = message(
    "population_townships_lacking",
    "{year} 年{kind}缺 {count} 个乡镇街道（{names}），合计 {sum} 人只是下限。",
    "{kind_en} {year}: {count} townships are lacking ({names}); their sum of {sum} is a lower"
    " bound.",
)
OVER_DISTRICT: Final = message(
    "population_over_district",
    "{figure} 人多于全区的 {total} 人，请核对（是否多写了一位，或单位不是人）。",
    "{figure} is more than the district's {total}; check the digits, and the unit.",
)


@dataclass(frozen=True)
class Total:
    """A total of the district, and where it stands."""

    persons: int
    zh: str
    en: str


def check_sums(
    figures: Sequence[Figure],
    setting: PopulationSetting,
    totals: Mapping[tuple[str, int], int],
    faults: Faults,
) -> list[Noted]:
    """Return how the townships' sums agree with the district's totals.

    A township with more people than the district is a fault. Rows that are held back are
    in no sum. Totals are, as far as
    there are any: the district's own row in the file, the file's row of totals, the
    figure in the store.

    Parameters
    ----------
    figures : sequence of Figure
        Of the whole file.
    setting : PopulationSetting
        With the townships that there are, and the figures in the store.
    totals : Mapping
        Of rows of totals in the file, by kind and year.
    faults : Faults
        Of the file.
    """
    if setting.divisions is None:
        return []
    held = ByRow.of(faults.kept)
    by_kind: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    for figure in figures:
        values = figure.values
        told = (values.get("population_kind"), values.get("year"), values.get("population"))
        if None not in told and not held.at(figure.reader.place(figure.record.number)):
            by_kind[str(told[0]), int(values["year"])].append(figure)
    noted = []
    for key, group in sorted(by_kind.items()):
        known = list(_totals(key, group, setting, totals))
        towns = [f for f in group if len(str(f.values["division_code"])) == _TOWNSHIP_DIGITS]
        if known:
            towns = _check_each(towns, known[0], faults)
        place = group[0].reader.sheet.place()
        noted += [Noted(place, told) for told in _told(key, towns, known, setting)]
    return noted


def _totals(
    key: tuple[str, int],
    group: Sequence[Figure],
    setting: PopulationSetting,
    totals: Mapping[tuple[str, int], int],
) -> Iterator[Total]:
    for figure in group:
        if figure.values["division_code"] == setting.district_code:
            yield Total(int(figure.values["population"]), "表中全区", "the district's row")
    if key in totals:
        yield Total(totals[key], "表中合计", "the row of totals")
    known = setting.known
    of_kind = (known["population_kind"] == key[0]) & (known["year"] == key[1])
    stored = known.loc[of_kind & (known["division_code"] == setting.district_code), "population"]
    if len(stored) and pd.notna(stored.iloc[0]):
        yield Total(int(stored.iloc[0]), "数据库中全区", "the store")


def _check_each(towns: Sequence[Figure], total: Total, faults: Faults) -> list[Figure]:
    """Return the townships with no more people than the district; a fault for the others."""
    for figure in towns:
        persons = int(figure.values["population"])
        if persons > total.persons:
            fault = OVER_DISTRICT.fault(
                BadValueError, figure=f"{persons:,}", total=f"{total.persons:,}"
            )
            faults.add(fault, figure.reader.place(figure.record.number, "population"))
    return [figure for figure in towns if int(figure.values["population"]) <= total.persons]


def _told(
    key: tuple[str, int],
    towns: Sequence[Figure],
    known: Sequence[Total],
    setting: PopulationSetting,
) -> Iterator[Remark]:
    if not towns or setting.divisions is None:
        return
    summed = sum(int(figure.values["population"]) for figure in towns)
    words: dict[str, Any] = {"year": key[1], "sum": f"{summed:,}", **kind_words(key[0])}
    names = setting.divisions["name_zh"]
    codes = [code for code in names.index if len(str(code)) == _TOWNSHIP_DIGITS]
    there = {figure.values["division_code"] for figure in towns}
    lacking = tuple(str(names[code]) for code in codes if code not in there)
    if lacking:
        shown = lacking[:_SHOWN] + ("…",) * (len(lacking) > _SHOWN)
        yield TOWNSHIPS_LACKING.remark(count=len(lacking), names=shown, **words)
        return
    for total in known:
        words |= {"total_from": total.zh, "total_from_en": total.en, "total": f"{total.persons:,}"}
        difference = summed - total.persons
        if difference:
            share = f"{difference / total.persons:+.2%}" if total.persons else "—"
            yield SUM_DIFFERS.remark(difference=f"{difference:+,}", share=share, **words)
        else:
            yield SUM_AGREES.remark(**words)
