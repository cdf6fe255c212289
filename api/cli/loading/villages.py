"""Villages and communities: where they are and how many people live there."""

from __future__ import annotations

from pathlib import Path

from api.cli.loading.outcome import Options, Outcome, nothing_taken
from api.district_store import Say, load_record
from geo.core.files import write_atomically
from geo.core.schema import VILLAGES
from geo.core.vocabulary import Quality
from geo.intake.headings.synonyms import load_synonyms
from geo.intake.process import read_file
from geo.intake.report import report_workbook
from geo.intake.sources import source_of_file
from geo.intake.villages import VILLAGE_SUFFIXES, VillageSetting, examine_villages
from geo.store import Store
from geo.store.history import compare


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
        say(
            f"没有一行可以导入，村社区保持原样；{held} 行都已放入待改（kepu quarantine 可查看）。"
            f"要撤销这次导入：kepu undo {number}",
            f"No row can be taken and the villages are as they were; all {held} rows are held back "
            f"(kepu quarantine lists them). To take this import back: kepu undo {number}",
        )
    elif changes.nothing:
        say("与现有村社区相同，没有改动。", "The villages are as they were; nothing changed.")
    else:
        say(
            f"已导入村社区 {examined.count} 个。要撤销这次导入：kepu undo {number}",
            f"Loaded {examined.count} villages. To take it back: kepu undo {number}",
        )
    return Outcome(account, changes)
