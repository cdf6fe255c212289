"""Villages and communities: where they are and how many people live there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.cli.loading.outcome import Options, Outcome, nothing_taken
from api.district_store import Say, load_record
from geo.core.files import write_atomically
from geo.core.schema import VILLAGES
from geo.core.sentences import Sentences
from geo.core.vocabulary import Quality
from geo.intake.headings.synonyms import load_synonyms
from geo.intake.process import read_file
from geo.intake.report import report_workbook
from geo.intake.sources import source_of_file
from geo.intake.villages import VILLAGE_SUFFIXES, VillageSetting, examine_villages
from geo.store import Store
from geo.store.history import compare

TEXT: Final = Sentences("api.cli")


def load_villages(
    store: Store,
    file: Path,
    say: Say,
    options: Options | None = None,
    *,
    whole: bool = False,
) -> Outcome:
    """Lay a file's villages over the present ones, or with ``whole`` in their place.

    Rows that are not clean are kept in quarantine; their villages stay as they are.

    Raises
    ------
    InputError
        No row of the file can be read; the store is as it was.
    """
    chosen = options or Options()
    before = store.read_district()
    sources = source_of_file(file, title=file.stem, quality=Quality.REPORTED)
    setting = VillageSetting(
        before,
        str(sources.index[0]),
        None if chosen.synonyms is None else load_synonyms(chosen.synonyms),
        chosen.datum,
        whole,
    )
    book = read_file(file, takes=VILLAGE_SUFFIXES)
    examined = examine_villages(book, setting)
    account = examined.account
    if not (account.taken or account.quarantined):
        raise nothing_taken(account)
    if chosen.report is not None:
        write_atomically(chosen.report, report_workbook(file, book, account))
    if chosen.check:
        return Outcome(account, compare(setting.placed, examined.villages, VILLAGES))
    changes = store.load_villages(
        examined.villages,
        sources,
        load_record(file, "villages", examined.count, chosen.who),
        quarantine=[row.as_kept() for row in account.quarantined],
    )
    number = store.imports().index[-1]
    if not account.taken:
        held = len(account.quarantined)
        say(*TEXT.words("no_village_row_taken", held=held, number=number))
    elif changes.nothing:
        say(*TEXT.words("villages_unchanged"))
    else:
        say(*TEXT.words("loaded_villages", examined_count=examined.count, number=number))
    return Outcome(account, changes)
