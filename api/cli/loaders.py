"""What each of the six tables writes when it is loaded, and in which words that is reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from api.district_store import load_record
from geo.core.datum import Datum
from geo.core.district import DistrictData
from geo.core.errors import BoundaryError
from geo.core.schema import ROADS, VILLAGES, WEIGHTS, Table
from geo.intake import pipeline
from geo.intake.pipeline import Imported
from geo.intake.reference_data import ReferenceData
from geo.intake.tables.boundaries import BOUNDARY_TABLE
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
class Load:
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
class Loader:
    """What is a table's own in a load.

    Attributes
    ----------
    table : geo.intake.pipeline.ImportTable
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

    table: pipeline.ImportTable[Any, Any, Any]
    write: Callable[[Load], Changes]
    loaded: _Words
    unchanged: _Words = ("", "")
    none: _Words = ("", "")
    checked: _Words | None = None
    compare: Callable[[Load], Changes] | None = None
    refine: Callable[[Load], Imported[Any]] | None = None
    guard: Callable[[Load], None] | None = None
    has_source: bool = True
    by_row: bool = True


def _merged_again(loading: Load) -> Imported[Ledger]:
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
    return pipeline.with_more(merged, again.warnings)


def _mode(loading: Load) -> Mode:
    """Return how a ledger is meant; one without a clean row takes no facility away."""
    empty = loading.found.data.facilities.empty
    return "update" if loading.options.update or empty else "replace"


def _compare_ledger(loading: Load) -> Changes:
    before, ledger = loading.before, loading.found.data
    held = {row.facility_id for row in loading.found.report.quarantined if row.facility_id}
    return compare_ledgers(
        before.facilities,
        before.designations,
        ledger.facilities,
        ledger.stated_designations,
        mode=_mode(loading),
        keep=held,
    )


def _write_ledger(loading: Load) -> Changes:
    ledger = loading.found.data
    return loading.store.load_facilities(
        ledger.facilities,
        ledger.stated_designations,
        loading.record,
        quarantine=loading.held,
        mode=_mode(loading),
    )


def _write_population(loading: Load) -> Changes:
    return loading.store.load_population(
        loading.found.data, loading.sources, loading.record, quarantine=loading.held
    )


def _write_villages(loading: Load) -> Changes:
    return loading.store.load_villages(
        loading.found.data, loading.sources, loading.record, quarantine=loading.held
    )


def _write_layer(loading: Load, table: Table) -> Changes:
    rows, sources = loading.found.data, loading.sources
    return loading.store.replace_ground(table, rows, sources, loading.record)


def _write_boundaries(loading: Load) -> Changes:
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


def _refuse_real_ledger(loading: Load) -> None:
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


OTHER_DISTRICT: Final = (
    "已由 {was} 换成 {now}：演示台账和人口已清空，请接着导入。",
    "{now} is another district than {was}: the demonstration ledger "
    "and population are gone; load population and ledger next.",
)

LOADERS: Final[Mapping[str, Loader]] = {
    loader.table.name: loader
    for loader in (
        Loader(
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
        Loader(
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
        Loader(
            BOUNDARY_TABLE,
            _write_boundaries,
            (
                "已导入 {count} 个乡镇街道的边界。",
                "Loaded the boundaries of {count} townships.",
            ),
            guard=_refuse_real_ledger,
            by_row=False,
        ),
        Loader(
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
        Loader(
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
        Loader(
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
