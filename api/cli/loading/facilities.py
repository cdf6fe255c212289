"""A ledger of facilities: clean rows into the store, the others into quarantine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from api.cli.loading.outcome import Options, Outcome, nothing_loaded, nothing_taken
from api.district_store import Say, load_record
from geo.core.district import DistrictData
from geo.core.files import write_atomically
from geo.core.sentences import Sentences
from geo.intake.headings.synonyms import load_synonyms
from geo.intake.ledger import ExaminedLedger, Ledger, Setting, examine_ledger
from geo.intake.process import read_file
from geo.intake.progress import Progress, Stage, silent
from geo.intake.report import report_workbook
from geo.store import Store
from geo.store.history import Changes, Mode, compare_ledgers
from geo.store.replayed_merges import merged_again

TEXT: Final = Sentences("api.cli")


def load_facilities(
    store: Store,
    file: Path,
    say: Say,
    options: Options | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Load a ledger's clean rows, keep the others in quarantine, and tell what changed.

    A file without a clean row leaves the ledger as it is, in either mode: it is
    never emptied by a file of which nothing could be read.

    Raises
    ------
    InputError
        No row of the file can be read; the store is as it was.
    """
    chosen = options or Options()
    before = store.read_district()
    setting = Setting(
        before.townships,
        before.facilities,
        None if chosen.synonyms is None else load_synonyms(chosen.synonyms),
        chosen.datum,
        before.villages,
        before.district_name,
        chosen.update,
        chosen.village_positions,
    )
    progress(Stage.READING, 0, 0)
    book = read_file(file)
    examined = _merged_again(store, before, examine_ledger(book, setting, progress), chosen)
    account = examined.account
    if not (account.taken or account.quarantined):
        raise nothing_taken(account)
    if chosen.report is not None:
        write_atomically(chosen.report, report_workbook(file, book, account))
    if chosen.check:
        return Outcome(account, _would_change(before, examined, chosen))
    progress(Stage.WRITING, 0, 0)
    return Outcome(account, _load_ledger(store, file, examined, chosen, say))


def _merged_again(
    store: Store, before: DistrictData, examined: ExaminedLedger, options: Options
) -> ExaminedLedger:
    """Return a ledger in which rows that were merged before are merged again, and told."""
    ledger, account = examined.ledger, examined.account
    known = set(before.facilities.index)
    if not options.update:
        known &= {row.facility_id for row in account.quarantined}
    found = merged_again(ledger.facilities, ledger.designations, store.merges(), known)
    return ExaminedLedger(
        replace(ledger, facilities=found.facilities, designations=found.designations),
        replace(account, noted=(*account.noted, *found.noted)),
    )


def _mode(ledger: Ledger, options: Options) -> Mode:
    """Return how a ledger is meant; one without a clean row takes no facility away."""
    return "update" if options.update or ledger.facilities.empty else "replace"


def _would_change(before: DistrictData, examined: ExaminedLedger, options: Options) -> Changes:
    held = {row.facility_id for row in examined.account.quarantined if row.facility_id}
    return compare_ledgers(
        before.facilities,
        before.designations,
        examined.ledger.facilities,
        examined.ledger.plaques,
        mode=_mode(examined.ledger, options),
        keep=held,
    )


def _load_ledger(
    store: Store, file: Path, examined: ExaminedLedger, options: Options, say: Say
) -> Changes:
    ledger, account = examined.ledger, examined.account
    count = len(ledger.facilities)
    changes = store.load_facilities(
        ledger.facilities,
        ledger.plaques,
        load_record(file, "facilities", count, options.who),
        quarantine=[row.as_kept() for row in account.quarantined],
        mode=_mode(ledger, options),
    )
    if not account.taken:
        say(*nothing_loaded(store, account))
        return changes
    if changes.nothing:
        say(*TEXT.words("ledger_unchanged"))
        return changes
    added, changed, removed, unchanged = changes.counts
    number = store.imports().index[-1]
    say(
        *TEXT.words(
            "loaded_facilities_and_designations",
            count=count,
            designation_count=len(ledger.designations),
            added=added,
            changed=changed,
            removed=removed,
            unchanged=unchanged,
            number=number,
        )
    )
    return changes
