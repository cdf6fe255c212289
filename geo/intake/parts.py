"""Parts of a population held against the whole: urban and rural people, and ages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from geo.core.messages import message
from geo.intake.table import Record, TableReader

_SPLITS: Final = (
    ("城镇、乡村", "urban and rural", ("urban_population", "rural_population")),
    ("各年龄段", "ages", ("population_0_14", "population_15_59", "population_60_plus")),
)

PARTS_EXCEED: Final = message(
    "population_parts_exceed",
    "{parts}合计 {sum} 人，多于总人口 {whole} 人，请核对。",
    "The {parts_en} sum to {sum}, more than the population of {whole}.",
)
PARTS_DIFFER: Final = message(
    "population_parts_differ",
    "{parts}合计 {sum} 人，比总人口 {whole} 人少 {less} 人，请核对。",
    "The {parts_en} sum to {sum}, {less} fewer than the population of {whole}; please check.",
)


def check_parts(record: Record, reader: TableReader) -> None:
    """Add a fault where parts sum to more than the whole, a remark where all sum to less.

    Parameters
    ----------
    record : Record
        With ``population`` and what is told of urban and rural people and of ages, persons;
        None where unknown.
    reader : TableReader
        Who is told, at the row's population.
    """
    whole = _count(record.values.get("population"))
    if whole is None:
        return
    for zh, en, names in _SPLITS:
        parts = [_count(record.values.get(name)) for name in names]
        known = [part for part in parts if part is not None]
        told: Mapping[str, Any] = {
            "parts": zh, "parts_en": en, "sum": f"{sum(known):,}", "whole": f"{whole:,}",
        }  # fmt: skip
        if sum(known) > whole:
            place = reader.place(record.number, "population")
            reader.faults.add(PARTS_EXCEED.fault(**told), place)
        elif len(known) == len(parts) and sum(known) < whole:
            less = f"{whole - sum(known):,}"
            reader.note(PARTS_DIFFER.remark(less=less, **told), record.number, "population")


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | np.integer) else None
