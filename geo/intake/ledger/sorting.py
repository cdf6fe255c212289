"""Clean rows as frames, and the account of all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely import Point

from geo.core.crs import STORAGE_CRS
from geo.core.errors import InputError
from geo.core.messages import message
from geo.core.schema import DESIGNATIONS, FACILITIES, conform
from geo.intake.examined import ByRow, Examination, Quarantined
from geo.intake.ledger.draft import Draft, ReadRows
from geo.intake.rows import is_blank
from geo.intake.table import frame_of

_PLACE_HELD: Final = message(
    "place_in_quarantine",
    "所属设施「{key}」有问题待改，这块牌一并暂存。",
    "Its facility '{key}' is held back, and this plaque with it.",
)


@dataclass(frozen=True)
class Ledger:
    """Places and plaques without a fault.

    Attributes
    ----------
    facilities : geopandas.GeoDataFrame
        Indexed by ``facility_id``; the other columns of
        :data:`geo.core.schema.FACILITIES`; a Point in EPSG:4490 or None.
    designations : pandas.DataFrame
        Numbered from 0; the columns of :data:`geo.core.schema.DESIGNATIONS`.
    tells_of_plaques : bool
        Whether the file has a sheet of plaques: without one it says nothing of them,
        which is not that there are none.
    ignored_headings : tuple of str
        Headings of the file that name no column, each once.
    """

    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    ignored_headings: tuple[str, ...] = ()
    tells_of_plaques: bool = True

    @property
    def plaques(self) -> pd.DataFrame | None:
        """The plaques, None where the file says nothing of them."""
        return self.designations if self.tells_of_plaques else None


@dataclass(frozen=True)
class ExaminedLedger:
    """A ledger's clean rows, and the account of all of its rows."""

    ledger: Ledger
    account: Examination


def sorted_out(draft: Draft) -> ExaminedLedger:
    """Part clean rows from the others; a plaque is held back with its place."""
    by_row = ByRow.of(draft.faults.kept)
    places = [_parted(places.rows, by_row) for places in draft.places]
    clean = {key for parted in places for key in parted.values["facility_id"]}
    plaques = [
        _parted(rows, by_row, partial(_homeless, rows, clean | draft.stored))
        for rows in draft.plaques
    ]
    parts = (*places, *plaques)
    ignored = tuple(dict.fromkeys(draft.ignored))
    points = [
        placed.points[at]
        for placed, parted in zip(draft.places, places, strict=True)
        for at in parted.taken
    ]
    ledger = Ledger(
        _facilities([parted.values for parted in places], points),
        _designations([parted.values for parted in plaques]),
        ignored,
        draft.tells_of_plaques,
    )
    account = Examination(
        draft.file,
        taken=tuple(parted.rows.place(at) for parted in parts for at in parted.taken),
        quarantined=tuple(
            _quarantined(parted.rows, at, faults) for parted in parts for at, faults in parted.held
        ),
        left_out=tuple(draft.left_out),
        noted=tuple(draft.noted),
        ignored_headings=ignored,
        columns={
            parted.rows.reader.sheet.name: parted.rows.reader.positions_by_word for parted in parts
        },
    )
    return ExaminedLedger(ledger, account)


@dataclass(frozen=True)
class _Parted:
    """Rows by their position: those taken, with their values, and those held back, and why."""

    rows: ReadRows
    taken: list[int]
    held: list[tuple[int, tuple[InputError, ...]]]
    values: pd.DataFrame


def _parted(
    rows: ReadRows,
    by_row: ByRow,
    further: Callable[[], Mapping[int, tuple[InputError, ...]]] = dict,
) -> _Parted:
    faulty = by_row.in_sheet(rows.reader.sheet.name)
    faults = {at: faulty[number] for at, number in enumerate(rows.numbers) if number in faulty}
    faults = {**further(), **faults}
    taken = [at for at in range(len(rows.numbers)) if at not in faults]
    return _Parted(rows, taken, sorted(faults.items()), rows.values.iloc[taken])


def _homeless(rows: ReadRows, known: Set[object]) -> dict[int, tuple[InputError, ...]]:
    """Return the faults of plaques whose place is not among those known."""
    keys = rows.column("facility_id")
    return {at: (_place_held(rows, at),) for at, key in enumerate(keys) if key not in known}


def _quarantined(rows: ReadRows, at: int, faults: tuple[InputError, ...]) -> Quarantined:
    stated_id = rows.stated_ids[at]
    return Quarantined(
        rows.place(at),
        rows.reader.cells_by_heading(rows.record(at)),
        faults,
        rows.reader.positions_by_heading,
        None if stated_id is None else str(stated_id),
    )


def _place_held(rows: ReadRows, at: int) -> InputError:
    """Return the fault of a plaque whose place is held back, told as the row names it."""
    reader, record, values = rows.reader, rows.record(at), rows.values.iloc[at]
    names = ("facility_id", "facility_name")
    column = next((name for name in names if not is_blank(reader.cell(record, name))), "")
    told = values[column] if column and pd.notna(values[column]) else values["facility_id"]
    fault = _PLACE_HELD.fault(key=str(told))
    fault.place = reader.place(record.number, column)
    return fault


def _facilities(places: Sequence[pd.DataFrame], points: Sequence[Point | None]) -> gpd.GeoDataFrame:
    rows = pd.concat([frame_of([], FACILITIES), *places], ignore_index=True)
    frame = gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(points, crs=STORAGE_CRS))
    return conform(frame, FACILITIES).set_index(FACILITIES.key)


def _designations(plaques: Sequence[pd.DataFrame]) -> pd.DataFrame:
    names = [column.name for column in DESIGNATIONS.columns]
    rows = [part[names] for part in plaques]
    together = pd.concat([frame_of([], DESIGNATIONS), *rows], ignore_index=True)
    return conform(together, DESIGNATIONS)
