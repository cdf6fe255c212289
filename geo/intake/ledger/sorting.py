"""Clean rows as frames, and the account of all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.columns import DESIGNATIONS, FACILITIES, conform
from geo.crs import STORAGE_CRS
from geo.errors import InputError
from geo.intake.examined import ByRow, Examination, Quarantined
from geo.intake.ledger.draft import Draft, ReadRow
from geo.intake.messages import message
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
        :data:`geo.columns.FACILITIES`; a Point in EPSG:4490 or None.
    designations : pandas.DataFrame
        Numbered from 0; the columns of :data:`geo.columns.DESIGNATIONS`.
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
    places = [read for read in draft.places if not by_row.at(read.place)]
    clean = {read.values["facility_id"] for read in places}
    held = [(read, by_row.at(read.place)) for read in draft.places if by_row.at(read.place)]
    plaques = []
    for read in draft.plaques:
        faults = by_row.at(read.place)
        key = read.values.get("facility_id")
        if not faults and key not in clean and key not in draft.stored:
            fault = _place_held(read)
            faults = (fault,)
        if faults:
            held.append((read, faults))
        else:
            plaques.append(read)
    ignored = tuple(dict.fromkeys(draft.ignored))
    ledger = Ledger(_facilities(places), _designations(plaques), ignored, draft.tells_of_plaques)
    account = Examination(
        draft.file,
        taken=tuple(read.place for read in (*places, *plaques)),
        quarantined=tuple(
            Quarantined(
                read.place,
                read.reader.cells_by_heading(read.record),
                faults,
                read.reader.positions_by_heading,
                None if read.stated_id is None else str(read.stated_id),
            )
            for read, faults in held
        ),
        left_out=tuple(draft.left_out),
        noted=tuple(draft.noted),
        ignored_headings=ignored,
    )
    return ExaminedLedger(ledger, account)


def _place_held(read: ReadRow) -> InputError:
    """Return the fault of a plaque whose place is held back, told as the row names it."""
    names = ("facility_id", "facility_name")
    column = next((name for name in names if not is_blank(read.reader.cell(read.record, name))), "")
    told = read.values.get(column) or read.values.get("facility_id")
    fault = _PLACE_HELD.fault(key=str(told))
    fault.place = read.reader.place(read.record.number, column)
    return fault


def _facilities(places: Sequence[ReadRow]) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries([read.point for read in places], crs=STORAGE_CRS)
    rows = frame_of([read.values for read in places], FACILITIES)
    frame = gpd.GeoDataFrame(rows, geometry=geometry)
    return conform(frame, FACILITIES).set_index(FACILITIES.key)


def _designations(plaques: Sequence[ReadRow]) -> pd.DataFrame:
    return conform(frame_of([read.values for read in plaques], DESIGNATIONS), DESIGNATIONS)
