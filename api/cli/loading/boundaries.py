"""Township boundaries: all of them into the store, or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from api.district_store import Say, load_record
from geo.core.datum import Datum
from geo.core.district import DistrictData
from geo.core.errors import BoundaryError
from geo.core.files import write_atomically
from geo.core.sentences import Sentences
from geo.core.vocabulary import Quality
from geo.intake.boundaries import (
    BOUNDARY_SUFFIXES,
    BoundarySetting,
    Check,
    examine_boundaries,
)
from geo.intake.examined import Examination
from geo.intake.headings.synonyms import load_synonyms
from geo.intake.process import read_file
from geo.intake.report import report_workbook
from geo.intake.sources import source_of_file
from geo.store import Store

TEXT: Final = Sentences("api.cli")


@dataclass(frozen=True)
class BoundaryOptions:
    """How boundaries are to be loaded.

    Attributes
    ----------
    check, report, synonyms, datum, who
        As in :class:`Options`.
    mend_width_m : float
        Widest overlap or gap to mend, in metres; 0 mends nothing.
    accepted : frozenset of Check
        Findings that the user takes.
    """

    check: bool = False
    report: Path | None = None
    synonyms: Path | None = None
    datum: Datum | None = None
    who: str = ""
    mend_width_m: float = 0.0
    accepted: frozenset[Check] = field(default_factory=frozenset)


def load_boundaries(
    store: Store, file: Path, say: Say, options: BoundaryOptions | None = None
) -> Examination:
    """Put township boundaries in the place of the present ones, all of them or none.

    Boundaries of another district take the place of the demonstration district;
    beside a real ledger they are refused, since its rows would lose their townships.
    Returns the account of the file's features; where it holds faults, the store is as
    it was.

    Raises
    ------
    InputError
        The file cannot be read at all; the store is as it was.
    """
    chosen = options or BoundaryOptions()
    before = store.read_district()
    sources = source_of_file(file, title=file.stem, quality=Quality.OFFICIAL)
    setting = BoundarySetting(
        before.townships,
        before.districts,
        None if chosen.synonyms is None else load_synonyms(chosen.synonyms),
        chosen.datum,
        chosen.mend_width_m,
        chosen.accepted,
        source_id=str(sources.index[0]),
    )
    book = read_file(file, takes=BOUNDARY_SUFFIXES)
    examined = examine_boundaries(book, setting)
    if chosen.report is not None:
        write_atomically(chosen.report, report_workbook(file, book, examined.account))
    found = examined.boundaries
    if found is not None and found.district_code != before.district_code:
        _refuse_unless_demonstration(before, found.district_code)
    if found is not None and not chosen.check:
        record = load_record(file, "boundaries", len(found.townships), chosen.who)
        if found.district_code == before.district_code:
            districts = found.districts_beside(before)
            store.replace_boundaries(found.townships, districts, None, sources, record)
        else:
            store.replace_district(found.as_district(before, sources), record)
            _say_other_district(before.district_code, found.district_code, say)
        say(*TEXT.words("loaded_boundaries_of_townships", township_count=len(found.townships)))
    return examined.account


def _say_other_district(before: str, now: str, say: Say) -> None:
    say(*TEXT.words("another_district_loaded", before=before, now=now))


def _refuse_unless_demonstration(before: DistrictData, code: str) -> None:
    real = int((~before.facilities["demonstration"].fillna(False).astype(bool)).sum())
    if real and not before.demonstration:
        raise BoundaryError(
            **TEXT.both(
                "store_holds_a_real_ledger",
                district_code=before.district_code,
                real=real,
                code=code,
            )
        )
