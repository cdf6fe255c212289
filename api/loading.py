"""``kepu load``: a user's file, checked as a whole, then one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from api.opening import Say, load_record
from geo.boundaries import build_district
from geo.datum import Datum
from geo.district import DistrictData
from geo.errors import BoundaryError, EmptyFileError, InputError, Place
from geo.history import Changes, Mode, compare_figures, compare_ledgers
from geo.intake.boundaries import (
    BOUNDARY_SUFFIXES,
    BoundarySetting,
    Check,
    examine_boundaries,
)
from geo.intake.examined import Examination
from geo.intake.faults import Faults
from geo.intake.headings.synonyms import load_synonyms
from geo.intake.ledger import ExaminedLedger, Ledger, Setting, examine_ledger
from geo.intake.population import POPULATION_SUFFIXES, PopulationSetting, examine_population
from geo.intake.process import read_file
from geo.intake.progress import Progress, Stage, silent
from geo.intake.report import report_workbook
from geo.intake.sources import source_of_file
from geo.outlet import write_atomically
from geo.remembered import merged_again
from geo.store import Store
from geo.terms import Quality


@dataclass(frozen=True)
class Options:
    """How a file is to be loaded.

    Attributes
    ----------
    check : bool
        Only report; write nothing into the store.
    report : pathlib.Path, optional
        Where to write the sender's workbook with the cells to mend marked.
    synonyms : pathlib.Path, optional
        The office's own words for headings.
    datum : Datum, optional
        Of the positions, where the sender has stated it; guessed else.
    update : bool
        Whether the file speaks of its own rows only, and others stay.
    who : str
        Who loads it.
    """

    check: bool = False
    report: Path | None = None
    synonyms: Path | None = None
    datum: Datum | None = None
    update: bool = False
    who: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a file: the account of its rows, and what changes in the store."""

    account: Examination
    changes: Changes

    @property
    def fault(self) -> InputError | None:
        """Why no row of the file is clean, where none is."""
        return None if self.account.taken else nothing_taken(self.account)


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
        say(*_nothing_loaded(store, account))
        return changes
    if changes.nothing:
        say("与现有台账相同，没有改动。", "The ledger is as it was; nothing changed.")
        return changes
    added, changed, removed, unchanged = changes.counts
    number = store.imports().index[-1]
    say(
        f"已导入设施 {count} 处、挂牌 {len(ledger.designations)} 块："
        f"新增 {added}，修改 {changed}，移除 {removed}，未变 {unchanged}。"
        f"要撤销这次导入：kepu undo {number}",
        f"Loaded {count} facilities and {len(ledger.designations)} designations: {added} added, "
        f"{changed} changed, {removed} removed, {unchanged} as they were. "
        f"To take it back: kepu undo {number}",
    )
    return changes


def _nothing_loaded(store: Store, account: Examination) -> tuple[str, str]:
    held, number = len(account.quarantined), store.imports().index[-1]
    return (
        f"没有一行可以导入，台账保持原样；{held} 行都已放入待改（kepu quarantine 可查看）。"
        f"要撤销这次导入：kepu undo {number}",
        f"No row can be taken and the ledger is as it was; all {held} rows are held back "
        f"(kepu quarantine lists them). To take this import back: kepu undo {number}",
    )


def nothing_taken(account: Examination) -> InputError:
    """Return the error for a file of which no row is clean: its first fault, and how many more."""
    if not account.faults:
        return EmptyFileError(
            zh="没有数据：文件里只有标题、合计或说明。请填写后再导入。",
            en="There are no data: the file holds titles, totals or notes only; fill it in.",
            place=Place(file=account.file),
        )
    faults = Faults()
    for fault in account.faults:
        assert fault.place is not None  # noqa: S101  (intake gives every fault its place)
        faults.add(fault, fault.place)
    return faults.error()


def load_population(store: Store, file: Path, say: Say, options: Options | None = None) -> Outcome:
    """Put population figures in the place of those of the same division, kind and year.

    Rows that are not clean are kept in quarantine.

    Raises
    ------
    InputError
        No row of the file can be read; the store is as it was.
    """
    chosen = options or Options()
    before = store.read_district()
    sources = source_of_file(file, title=file.stem, quality=Quality.REPORTED)
    setting = PopulationSetting.of(
        before,
        source_id=str(sources.index[0]),
        synonyms=None if chosen.synonyms is None else load_synonyms(chosen.synonyms),
    )
    book = read_file(file, takes=POPULATION_SUFFIXES)
    examined = examine_population(book, setting)
    account, population = examined.account, examined.population
    if not (account.taken or account.quarantined):
        raise nothing_taken(account)
    if chosen.report is not None:
        write_atomically(chosen.report, report_workbook(file, book, account))
    if chosen.check:
        return Outcome(account, compare_figures(before.population, population))
    changes = store.load_population(
        population,
        sources,
        load_record(file, "population", len(population), chosen.who),
        quarantine=[row.as_kept() for row in account.quarantined],
    )
    if not account.taken:
        say(*_nothing_loaded(store, account))
    elif changes.nothing:
        say("与现有人口相同，没有改动。", "The figures are as they were; nothing changed.")
    else:
        count, number = len(population), store.imports().index[-1]
        say(
            f"已导入人口 {count} 行。要撤销这次导入：kepu undo {number}",
            f"Loaded {count} rows of population. To take it back: kepu undo {number}",
        )
    return Outcome(account, changes)


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
        say(
            f"已导入 {len(found.townships)} 个乡镇街道的边界。",
            f"Loaded the boundaries of {len(found.townships)} townships.",
        )
    return examined.account


def _say_other_district(before: str, now: str, say: Say) -> None:
    say(
        f"已由 {before} 换成 {now}：演示台账和人口已清空，请接着导入。",
        f"{now} is another district than {before}: the demonstration ledger "
        "and population are gone; load population and ledger next.",
    )


def _refuse_unless_demonstration(before: DistrictData, code: str) -> None:
    real = int((~before.facilities["demonstration"].fillna(False).astype(bool)).sum())
    if real and not before.demonstration:
        raise BoundaryError(
            zh=f"数据库里是 {before.district_code} 的真实台账（{real} 处），"
            f"不能换成 {code} 的边界；请用 --store 另建一个数据库。",
            en=f"The store holds the real ledger of {before.district_code} ({real} facilities); "
            f"use --store to make another store for {code}.",
        )


def build(raw: Path, out_folder: Path) -> list[Path]:
    """Rebuild a shipped district from its raw facts; the same facts give the same bytes."""
    return build_district(raw, out_folder)


def undo(store: Store, load_id: int, who: str, say: Say) -> Changes:
    """Take a whole import back.

    Raises
    ------
    NotFoundError, UndoError
        There is no such import, or a later one stands in the way.
    """
    changes = store.undo(load_id, who, datetime.now(UTC))
    added, changed, removed, _ = changes.counts
    say(
        f"已撤销第 {load_id} 次导入：恢复 {added}，改回 {changed}，移除 {removed}。",
        f"Import {load_id} is taken back: {added} are there again, {changed} as before, "
        f"{removed} gone.",
    )
    return changes
