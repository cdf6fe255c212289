"""Townships' figures held against the district's total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geo.core.errors import BadValueError
from geo.core.messages import CellWarning, Note
from geo.intake.import_report import ErrorList, ErrorsByRow
from geo.intake.pipeline import ReadRow
from geo.intake.reference_data import ReferenceData
from geo.intake.sentences import message
from geo.intake.tables.population.figures import kind_words

_TOWNSHIP_DIGITS, _DISTRICT_DIGITS = 9, 6
_SHOWN: Final = 5

SUM_DIFFERS: Final = message("population.population_sum_differs")
SUM_AGREES: Final = message("population.population_sum_agrees")
TOWNSHIPS_LACKING: Final = message("population.population_townships_lacking")
OVER_DISTRICT: Final = message("population.population_over_district")


@dataclass(frozen=True)
class Total:
    """A total of the district, and where it stands."""

    persons: int
    zh: str
    en: str


def check_sums(
    figures: Sequence[ReadRow],
    reference: ReferenceData,
    totals: Mapping[tuple[str, int], int],
    errors: ErrorList,
) -> list[CellWarning]:
    """Return how the townships' sums agree with the district's totals.

    A township with more people than the district is an error. Rows that are held back are
    in no sum. Totals are, as far as
    there are any: the district's own row in the file, the file's row of totals, the
    figure in the store.

    Parameters
    ----------
    figures : sequence of ReadRow
        Of the whole file.
    reference : ReferenceData
        With the townships that there are, and the figures in the store.
    totals : Mapping
        Of rows of totals in the file, by kind and year.
    errors : ErrorList
        Of the file.
    """
    if reference.divisions is None:
        return []
    held = ErrorsByRow.of(errors.kept)
    by_kind: dict[tuple[str, int], list[ReadRow]] = defaultdict(list)
    for figure in figures:
        values = figure.values
        told = (values.get("population_kind"), values.get("year"), values.get("population"))
        if None not in told and not held.at(figure.place):
            by_kind[str(told[0]), int(values["year"])].append(figure)
    warnings = []
    for key, group in sorted(by_kind.items()):
        known = list(_totals(key, group, reference, totals))
        towns = [f for f in group if len(str(f.values["division_code"])) == _TOWNSHIP_DIGITS]
        if known:
            towns = _check_each(towns, known[0], errors)
        place = group[0].reader.sheet.place()
        warnings += [CellWarning(place, told) for told in _told(key, towns, known, reference)]
    return warnings


def _totals(
    key: tuple[str, int],
    group: Sequence[ReadRow],
    reference: ReferenceData,
    totals: Mapping[tuple[str, int], int],
) -> Iterator[Total]:
    for figure in group:
        if figure.values["division_code"] == reference.district_code:
            yield Total(int(figure.values["population"]), "表中全区", "the district's row")
    if key in totals:
        yield Total(totals[key], "表中合计", "the row of totals")
    known = reference.population
    of_kind = (known["population_kind"] == key[0]) & (known["year"] == key[1])
    stored = known.loc[of_kind & (known["division_code"] == reference.district_code), "population"]
    if len(stored) and pd.notna(stored.iloc[0]):
        yield Total(int(stored.iloc[0]), "数据库中全区", "the store")


def _check_each(towns: Sequence[ReadRow], total: Total, errors: ErrorList) -> list[ReadRow]:
    """Return the townships with no more people than the district; an error for the others."""
    for figure in towns:
        persons = int(figure.values["population"])
        if persons > total.persons:
            error = OVER_DISTRICT.error(
                BadValueError, figure=f"{persons:,}", total=f"{total.persons:,}"
            )
            errors.add(error, figure.reader.place(figure.record.number, "population"))
    return [figure for figure in towns if int(figure.values["population"]) <= total.persons]


def _told(
    key: tuple[str, int],
    towns: Sequence[ReadRow],
    known: Sequence[Total],
    reference: ReferenceData,
) -> Iterator[Note]:
    if not towns or reference.divisions is None:
        return
    summed = sum(int(figure.values["population"]) for figure in towns)
    words: dict[str, Any] = {"year": key[1], "sum": f"{summed:,}", **kind_words(key[0])}
    names = reference.divisions["name_zh"]
    codes = [code for code in names.index if len(str(code)) == _TOWNSHIP_DIGITS]
    there = {figure.values["division_code"] for figure in towns}
    lacking = tuple(str(names[code]) for code in codes if code not in there)
    if lacking:
        shown = lacking[:_SHOWN] + ("…",) * (len(lacking) > _SHOWN)
        yield TOWNSHIPS_LACKING.note(count=len(lacking), names=shown, **words)
        return
    for total in known:
        words |= {"total_from": total.zh, "total_from_en": total.en, "total": f"{total.persons:,}"}
        difference = summed - total.persons
        if difference:
            share = f"{difference / total.persons:+.2%}" if total.persons else "—"
            yield SUM_DIFFERS.note(difference=f"{difference:+,}", share=share, **words)
        else:
            yield SUM_AGREES.note(**words)
