"""``kepu load``: a user's file, checked as a whole, then one transaction.

Every table comes in the same way (:func:`load`); a :class:`_Loader` says of each what it
writes, and in which words that is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from api.district_store import Say, load_record
from geo.core.datum import Datum
from geo.core.district import DistrictData
from geo.core.errors import BoundaryError, EmptyFileError, InputError, Place
from geo.core.files import write_atomically
from geo.core.schema import ROADS, VILLAGES, WEIGHTS, Table
from geo.districts import build_district
from geo.intake import pipeline
from geo.intake.headers.synonyms import load_synonyms
from geo.intake.import_report import Examination, Faults, report_workbook
from geo.intake.pipeline import Imported
from geo.intake.progress import Progress, Stage, silent
from geo.intake.reference_data import ReferenceData
from geo.intake.sources import source_of_file
from geo.intake.tables.boundaries import BOUNDARY_TABLE, Boundaries
from geo.intake.tables.ledger import LEDGER, Ledger
from geo.intake.tables.population import POPULATION_TABLE
from geo.intake.tables.roads import ROAD_TABLE
from geo.intake.tables.villages import VILLAGE_TABLE, villages_before
from geo.intake.tables.weights import WEIGHT_TABLE
from geo.store import Loaded, LoadRecord, Store
from geo.store.history import Changes, Mode, compare, compare_figures, compare_ledgers
from geo.store.replayed_merges import merged_again

_LEDGER_NONE: Final = (
    "没有一行可以导入，台账保持原样；{held} 行都已放入待改（kepu quarantine 可查看）。"
    "要撤销这次导入：kepu undo {number}",
    "No row can be taken and the ledger is as it was; all {held} rows are held back "
    "(kepu quarantine lists them). To take this import back: kepu undo {number}",
)


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
    village_positions : bool
        Whether a facility without a position takes the centroid of its village.
    whole : bool
        Whether villages that the file lacks are gone.
    mend_width_m : float
        Widest overlap or gap of boundaries to mend, in metres; 0 mends nothing.
    accepted : frozenset of str
        Findings about boundaries that the user takes.
    """

    check: bool = False
    report: Path | None = None
    synonyms: Path | None = None
    datum: Datum | None = None
    update: bool = False
    who: str = ""
    village_positions: bool = False
    whole: bool = False
    mend_width_m: float = 0.0
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """What became of a file: the report on its rows, and what changes in the store."""

    report: Examination
    changes: Changes

    @property
    def fault(self) -> InputError | None:
        """Why no row of the file is clean, where none is."""
        return None if self.report.taken else nothing_taken(self.report)


@dataclass(frozen=True)
class _Load:
    """One load while it happens: the store, what it held, and what the file gave."""

    what: str
    store: Store
    file: Path
    before: DistrictData
    sources: Any
    reference: ReferenceData
    options: Options
    found: Imported[Any]

    @property
    def record(self) -> LoadRecord:
        """Where the rows come from, as the history keeps it."""
        what = cast("Loaded", self.what)
        return load_record(self.file, what, self.found.count, self.options.who)

    @property
    def held(self) -> list[Any]:
        """The rows held back, as the store keeps them."""
        return [row.as_kept() for row in self.found.report.quarantined]


_Words = tuple[str, str]


@dataclass(frozen=True)
class _Loader:
    """What is a table's own in a load.

    Attributes
    ----------
    table : geo.intake.pipeline.Table
        How its files are read.
    write : callable
        Writes what a file gave in one transaction, and returns the changes.
    loaded, unchanged, none : tuple of str
        What is reported, in both languages: ``{count}``, ``{number}`` of the import, ...
    checked : tuple of str, optional
        What a check reports of a layer, which has no rows to compare.
    compare : callable, optional
        Returns what a load would change.
    refine : callable, optional
        Changes what a file gave by what the store remembers.
    guard : callable, optional
        Raises where the store must not take what a file gave.
    has_source : bool
        Whether its rows have the file as their source.
    by_row : bool
        Whether clean rows are taken and others kept: not so of a layer as a whole.
    """

    table: pipeline.Table[Any, Any, Any]
    write: Callable[[_Load], Changes]
    loaded: _Words
    unchanged: _Words = ("", "")
    none: _Words = ("", "")
    checked: _Words | None = None
    compare: Callable[[_Load], Changes] | None = None
    refine: Callable[[_Load], Imported[Any]] | None = None
    guard: Callable[[_Load], None] | None = None
    has_source: bool = True
    by_row: bool = True


def load(
    what: str,
    store: Store,
    file: Path,
    say: Say,
    options: Options | None = None,
    *,
    progress: Progress = silent,
) -> Outcome:
    """Load a file of a table: clean rows into the store, the others into quarantine.

    A file without a clean row leaves the rows as they are, in either mode: nothing is
    ever emptied by a file of which nothing could be read. Boundaries, roads and weights go
    in as a whole or not at all.

    Parameters
    ----------
    what : str
        The table, a key of :data:`LOADERS`.
    store : Store
        Where to.
    file : pathlib.Path
        The user's.
    say : callable
        Told in Chinese and English what was done.
    options : Options, optional
        How.
    progress : Progress
        Told of each stage.

    Raises
    ------
    InputError
        Nothing of the file can be read; the store is as it was.
    """
    loader, chosen = LOADERS[what], options or Options()
    before = store.read_district()
    sources = None
    if loader.has_source:
        sources = source_of_file(file, title=file.stem, quality=loader.table.quality)
    reference = ReferenceData.of(
        before,
        None if sources is None else str(sources.index[0]),
        synonyms=None if chosen.synonyms is None else load_synonyms(chosen.synonyms),
        datum=chosen.datum,
        update=chosen.update,
        village_positions=chosen.village_positions,
        quality=loader.table.quality,
        whole=chosen.whole,
        mend_width_m=chosen.mend_width_m,
        accepted=chosen.accepted,
    )
    progress(Stage.READING, 0, 0)
    book = loader.table.open_file(file, reference)
    found = pipeline.parse(loader.table, book, reference, progress)
    loading = _Load(what, store, file, before, sources, reference, chosen, found)
    if loader.refine is not None:
        loading = replace(loading, found=loader.refine(loading))
    report = loading.found.report
    if loader.by_row and not (report.taken or report.quarantined):
        raise nothing_taken(report)
    if chosen.report is not None:
        write_atomically(chosen.report, report_workbook(file, book, report))
    if loader.guard is not None:
        loader.guard(loading)
    if chosen.check:
        if loader.checked is not None:
            say(*(text.format(count=loading.found.count) for text in loader.checked))
        return Outcome(report, Changes() if loader.compare is None else loader.compare(loading))
    if loading.found.data is None:
        return Outcome(report, Changes())
    progress(Stage.WRITING, 0, 0)
    changes = loader.write(loading)
    _say_written(loader, loading, changes, say)
    return Outcome(report, changes)


def _say_written(loader: _Loader, loading: _Load, changes: Changes, say: Say) -> None:
    report = loading.found.report
    if loader.by_row and not report.taken:
        words = loader.none
    elif changes.nothing and loader.unchanged[0]:
        words = loader.unchanged
    else:
        words = loader.loaded
    added, changed, removed, unchanged = changes.counts
    data = loading.found.data
    told = {
        "count": loading.found.count,
        "number": loading.store.imports().index[-1],
        "held": len(report.quarantined),
        "designations": len(data.designations) if isinstance(data, Ledger) else 0,
        "added": added,
        "changed": changed,
        "removed": removed,
        "unchanged": unchanged,
    }
    if isinstance(data, Boundaries) and data.district_code != loading.before.district_code:
        say(*(text.format(was=loading.before.district_code, now=data.district_code)
              for text in _OTHER_DISTRICT))  # fmt: skip
    say(*(text.format(**told) for text in words))


def _merged_again(loading: _Load) -> Imported[Ledger]:
    """Return a ledger in which rows that were merged before are merged again, and told."""
    found = loading.found
    known = set(loading.before.facilities.index)
    if not loading.options.update:
        known &= {row.facility_id for row in found.report.quarantined}
    ledger = found.data
    merges = loading.store.merges()
    again = merged_again(ledger.facilities, ledger.designations, merges, known)
    ledger = replace(ledger, facilities=again.facilities, designations=again.designations)
    merged = replace(found, data=ledger, count=len(ledger.facilities))
    return pipeline.with_more(merged, again.noted)


def _mode(loading: _Load) -> Mode:
    """Return how a ledger is meant; one without a clean row takes no facility away."""
    empty = loading.found.data.facilities.empty
    return "update" if loading.options.update or empty else "replace"


def _compare_ledger(loading: _Load) -> Changes:
    before, ledger = loading.before, loading.found.data
    held = {row.facility_id for row in loading.found.report.quarantined if row.facility_id}
    return compare_ledgers(
        before.facilities,
        before.designations,
        ledger.facilities,
        ledger.plaques,
        mode=_mode(loading),
        keep=held,
    )


def _write_ledger(loading: _Load) -> Changes:
    ledger = loading.found.data
    return loading.store.load_facilities(
        ledger.facilities,
        ledger.plaques,
        loading.record,
        quarantine=loading.held,
        mode=_mode(loading),
    )


def _write_population(loading: _Load) -> Changes:
    return loading.store.load_population(
        loading.found.data, loading.sources, loading.record, quarantine=loading.held
    )


def _write_villages(loading: _Load) -> Changes:
    return loading.store.load_villages(
        loading.found.data, loading.sources, loading.record, quarantine=loading.held
    )


def _write_layer(loading: _Load, table: Table) -> Changes:
    rows, sources = loading.found.data, loading.sources
    return loading.store.replace_ground(table, rows, sources, loading.record)


def _write_boundaries(loading: _Load) -> Changes:
    """Put boundaries in the place of the present ones.

    Boundaries of another district take the place of the demonstration district;
    beside a real ledger they are refused, since its rows would lose their townships.
    """
    before, found, store = loading.before, loading.found.data, loading.store
    if found.district_code == before.district_code:
        districts = found.districts_beside(before)
        store.replace_boundaries(found.townships, districts, None, loading.sources, loading.record)
    else:
        store.replace_district(found.as_district(before, loading.sources), loading.record)
    return Changes()


def _refuse_real_ledger(loading: _Load) -> None:
    """Raise where boundaries of another district would take a real ledger's townships."""
    before, found = loading.before, loading.found.data
    if found is None or found.district_code == before.district_code:
        return
    real = int((~before.facilities["demonstration"].fillna(False).astype(bool)).sum())
    if real and not before.demonstration:
        raise BoundaryError(
            zh=f"数据库里是 {before.district_code} 的真实台账（{real} 处），"
            f"不能换成 {found.district_code} 的边界；请用 --store 另建一个数据库。",
            en=f"The store holds the real ledger of {before.district_code} ({real} facilities); "
            f"use --store to make another store for {found.district_code}.",
        )


def nothing_taken(report: Examination) -> InputError:
    """Return the error for a file of which no row is clean: its first fault, and how many more."""
    if not report.faults:
        return EmptyFileError(
            zh="没有数据：文件里只有标题、合计或说明。请填写后再导入。",
            en="There are no data: the file holds titles, totals or notes only; fill it in.",
            place=Place(file=report.file),
        )
    faults = Faults()
    for fault in report.faults:
        assert fault.place is not None  # noqa: S101  (intake gives every fault its place)
        faults.add(fault, fault.place)
    return faults.error()


_OTHER_DISTRICT: Final = (
    "已由 {was} 换成 {now}：演示台账和人口已清空，请接着导入。",
    "{now} is another district than {was}: the demonstration ledger "
    "and population are gone; load population and ledger next.",
)

LOADERS: Final[Mapping[str, _Loader]] = {
    loader.table.name: loader
    for loader in (
        _Loader(
            LEDGER,
            _write_ledger,
            (
                "已导入设施 {count} 处、挂牌 {designations} 块："
                "新增 {added}，修改 {changed}，移除 {removed}，未变 {unchanged}。"
                "要撤销这次导入：kepu undo {number}",
                "Loaded {count} facilities and {designations} designations: {added} added, "
                "{changed} changed, {removed} removed, {unchanged} as they were. "
                "To take it back: kepu undo {number}",
            ),
            ("与现有台账相同，没有改动。", "The ledger is as it was; nothing changed."),
            _LEDGER_NONE,
            compare=_compare_ledger,
            refine=_merged_again,
            has_source=False,
        ),
        _Loader(
            POPULATION_TABLE,
            _write_population,
            (
                "已导入人口 {count} 行。要撤销这次导入：kepu undo {number}",
                "Loaded {count} rows of population. To take it back: kepu undo {number}",
            ),
            ("与现有人口相同，没有改动。", "The figures are as they were; nothing changed."),
            _LEDGER_NONE,
            compare=lambda loading: compare_figures(loading.before.population, loading.found.data),
        ),
        _Loader(
            BOUNDARY_TABLE,
            _write_boundaries,
            (
                "已导入 {count} 个乡镇街道的边界。",
                "Loaded the boundaries of {count} townships.",
            ),
            guard=_refuse_real_ledger,
            by_row=False,
        ),
        _Loader(
            VILLAGE_TABLE,
            _write_villages,
            (
                "已导入村社区 {count} 个。要撤销这次导入：kepu undo {number}",
                "Loaded {count} villages. To take it back: kepu undo {number}",
            ),
            ("与现有村社区相同，没有改动。", "The villages are as they were; nothing changed."),
            (
                "没有一行可以导入，村社区保持原样；"
                "{held} 行都已放入待改（kepu quarantine 可查看）。"
                "要撤销这次导入：kepu undo {number}",
                "No row can be taken and the villages are as they were; all {held} rows are held "
                "back (kepu quarantine lists them). To take this import back: kepu undo {number}",
            ),
            compare=lambda loading: compare(
                villages_before(loading.reference), loading.found.data, VILLAGES
            ),
        ),
        _Loader(
            ROAD_TABLE,
            lambda loading: _write_layer(loading, ROADS),
            (
                "已导入道路 {count:,} 条。要撤销这次导入：kepu undo {number}",
                "Loaded {count:,} lines of roads. To take it back: kepu undo {number}",
            ),
            ("与现有道路相同，没有改动。", "The roads are as they were; nothing changed."),
            checked=("可导入 {count:,} 条道路。", "{count:,} lines of roads can be taken."),
            by_row=False,
        ),
        _Loader(
            WEIGHT_TABLE,
            lambda loading: _write_layer(loading, WEIGHTS),
            (
                "已导入人口分布权重 {count:,} 块。要撤销这次导入：kepu undo {number}",
                "Loaded {count:,} pieces of land with weights. To take it back: kepu undo {number}",
            ),
            ("与现有权重相同，没有改动。", "The weights are as they were; nothing changed."),
            checked=("可导入 {count:,} 块。", "{count:,} pieces of land can be taken."),
            by_row=False,
        ),
    )
}
"""By table, in the order of ``kepu load --help``."""


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


def build(raw: Path, out_folder: Path) -> Sequence[Path]:
    """Rebuild a shipped district from its raw facts; the same facts give the same bytes."""
    return build_district(raw, out_folder)
