"""The township and village of each row: what its cells say, matched with those that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from geo.core.messages import message
from geo.core.schema import Column
from geo.intake.cells.values import plain_text
from geo.intake.divisions.codes import moved
from geo.intake.divisions.former import former_codes
from geo.intake.divisions.place_messages import CODE_FORMER
from geo.intake.divisions.places import DivisionMatch, find_divisions, match_divisions
from geo.intake.rows import Raw, is_blank
from geo.intake.table import Record, TableReader

TOWNSHIP_NAME: Final = Column("township_name", "text", "乡镇街道", "Township")
VILLAGE_NAME: Final = Column("village_name", "text", "村社区", "Village")
_IN_ADDRESS: Final = message(
    "township_in_address",
    "没有填乡镇，看地址像是 {code}（把握 {share}）；没有采用，请填写乡镇。",
    "No township is given; by the address it may be {code} ({share} sure). Not used: fill it in.",
)
DIVISION_COLUMNS: Final = (TOWNSHIP_NAME, VILLAGE_NAME)


def with_divisions(
    reader: TableReader,
    records: Sequence[Record],
    known: pd.DataFrame | None,
    district_name: str | None = None,
) -> list[Record]:
    """Return records with the township, and the village, that code and name mean together.

    Parameters
    ----------
    reader : TableReader
        Of the sheet; remarks and faults go to it.
    records : sequence of Record
        Its rows.
    known : pandas.DataFrame, optional
        As :func:`geo.intake.divisions.places.match_divisions` takes it. Without it records
        keep the codes that they declare.
    district_name : str, optional
        To tell a neighbour's places that are called like ours.
    """
    if known is None:
        return list(records)
    matches = match_townships(reader, records, known, district_name)
    _ask_of_addresses(reader, records, known)
    renewed = [_with_village_renewed(record, reader, known) for record in records]
    return [_matched(record, reader, match) for record, match in zip(renewed, matches, strict=True)]


def match_townships(
    reader: TableReader,
    records: Sequence[Record],
    known: pd.DataFrame | None,
    district_name: str | None = None,
) -> tuple[DivisionMatch, ...]:
    """Return what the township's code and name of each record mean together.

    As :func:`with_divisions` takes the same; nothing is said to the reader. Without
    ``known`` a code stands for itself.
    """
    codes = [_code(record, reader) for record in records]
    if known is None:
        return tuple(DivisionMatch(code) for code in codes)
    names = [_name(record) for record in records]
    former = former_codes()
    return match_divisions(codes, names, known, former=former, district=district_name)


def _with_village_renewed(record: Record, reader: TableReader, known: pd.DataFrame) -> Record:
    """Return a record with its village's code as it is now, where that one is known."""
    stated = record.values.get("village_code")
    renewed = moved(stated, former_codes()) if isinstance(stated, str) else None
    if renewed is None or stated in known.index or renewed not in known.index:
        return record
    if not is_blank(reader.cell(record, "township_code")):
        remark = CODE_FORMER.remark(text=stated, code=renewed)
        reader.note(remark, record.number, "village_code")
    return replace(record, values=record.values | {"village_code": renewed})


def _ask_of_addresses(
    reader: TableReader,
    records: Sequence[Record],
    known: pd.DataFrame,
) -> None:
    """Ask whether a row that names no township lies in the one that its address names."""
    asked = [
        record
        for record in records
        if _code(record, reader) is None and _name(record) is None and record.values.get("address")
    ]
    addresses = [str(record.values["address"]) for record in asked]
    for record, proposal in zip(asked, find_divisions(addresses, known), strict=True):
        if proposal is not None:
            remark = _IN_ADDRESS.remark(code=proposal.value, share=f"{proposal.confidence:.0%}")
            reader.note(remark, record.number, "address")


def _code(record: Record, reader: TableReader) -> str | None:
    for column in ("township_code", "village_code"):
        raw: Raw = reader.cell(record, column)
        if not is_blank(raw) and isinstance(raw, str | int | float):
            return plain_text(raw).strip()
    return None


def _name(record: Record) -> str | None:
    parts = [record.values.get(column.name) for column in DIVISION_COLUMNS]
    return "".join(str(part).strip() for part in parts if part) or None


def _matched(record: Record, reader: TableReader, match: DivisionMatch) -> Record:
    names = ("township_code", "township_name", "village_code", "village_name")
    filled = (name for name in names if not is_blank(reader.cell(record, name)))
    column = next(filled, None)
    if match.fault is not None:
        reader.faults.add(match.fault, reader.place(record.number, column))
    elif match.remark is not None:
        reader.note(match.remark, record.number, column)
    village = record.values.get("village_code") or match.village_code
    values = record.values | {"township_code": match.code, "village_code": village}
    return replace(record, values=values)
