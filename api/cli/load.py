"""``kepu load``: a user's file, checked as a whole, then one transaction.

Every table comes in the same way; :mod:`api.cli.loaders` says what is a table's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from api.cli.loaders import LOADERS, OTHER_DISTRICT, Load, Loader, Options
from api.district_store import Say
from geo.core.errors import EmptyFileError, InputError, Place
from geo.core.files import write_atomically
from geo.districts import build_district
from geo.intake import pipeline
from geo.intake.headers.synonyms import load_synonyms
from geo.intake.import_report import ErrorList, ImportReport, report_workbook
from geo.intake.progress import Progress, Stage, silent
from geo.intake.reference_data import ReferenceData
from geo.intake.sources import source_of_file
from geo.intake.tables.boundaries import Boundaries
from geo.intake.tables.ledger import Ledger
from geo.store import Store
from geo.store.history import Changes


@dataclass(frozen=True)
class Outcome:
    """What became of a file: the report on its rows, and what changes in the store."""

    report: ImportReport
    changes: Changes

    @property
    def error(self) -> InputError | None:
        """Why no row of the file is clean, where none is."""
        return None if self.report.taken else nothing_taken(self.report)


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
    loading = Load(what, store, file, before, sources, reference, chosen, found)
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


def _say_written(loader: Loader, loading: Load, changes: Changes, say: Say) -> None:
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
              for text in OTHER_DISTRICT))  # fmt: skip
    say(*(text.format(**told) for text in words))


def nothing_taken(report: ImportReport) -> InputError:
    """Return the error for a file of which no row is clean: its first error, and how many more."""
    if not report.errors:
        return EmptyFileError(
            zh="没有数据：文件里只有标题、合计或说明。请填写后再导入。",
            en="There are no data: the file holds titles, totals or notes only; fill it in.",
            place=Place(file=report.file),
        )
    errors = ErrorList()
    for error in report.errors:
        assert error.place is not None  # noqa: S101  (intake gives every fault its place)
        errors.add(error, error.place)
    return errors.error()


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
