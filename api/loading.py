"""``kepu load``: a user's file, checked as a whole, then one transaction."""

from __future__ import annotations

from pathlib import Path

from api.opening import Say, load_record
from geo.boundaries import build_district
from geo.district import DistrictData
from geo.errors import BoundaryError
from geo.intake.boundaries import read_boundaries
from geo.intake.divisions import check_townships
from geo.intake.ledger import read_ledger
from geo.intake.population import read_population
from geo.intake.sources import source_of_file
from geo.store import Store
from geo.terms import Quality


def load_facilities(store: Store, file: Path, say: Say) -> None:
    """Put a ledger in the place of the present one.

    Raises
    ------
    InputError
        The file, or any row of it, cannot be taken; the store is as it was.
    """
    before = store.read_district()
    ledger = read_ledger(file)
    check_townships(ledger, before.townships)
    count = len(ledger.facilities)
    store.replace_facilities(
        ledger.facilities, ledger.designations, load_record(file, "facilities", count)
    )
    replaced = len(before.facilities)
    demonstration = int(before.facilities["demonstration"].fillna(False).sum())
    say(
        f"已导入设施 {count} 处、挂牌 {len(ledger.designations)} 块，"
        f"替换原有 {replaced} 处（其中演示数据 {demonstration} 处）。",
        f"Loaded {count} facilities and {len(ledger.designations)} designations in place of "
        f"{replaced} (of which demonstration: {demonstration}).",
    )
    if ledger.ignored_headings:
        names = "、".join(ledger.ignored_headings)
        say(f"未使用的列：{names}。", f"Columns not used: {names}.")


def load_population(store: Store, file: Path, say: Say) -> None:
    """Put population figures in the place of those of the same kind and year.

    Raises
    ------
    InputError
        The file, or any row of it, cannot be taken; the store is as it was.
    """
    sources = source_of_file(file, title=file.stem, quality=Quality.REPORTED)
    population = read_population(file, source_id=str(sources.index[0]))
    record = load_record(file, "population", len(population))
    store.replace_population(population, sources, record)
    say(f"已导入人口 {len(population)} 行。", f"Loaded {len(population)} rows of population.")


def load_boundaries(store: Store, file: Path, say: Say) -> None:
    """Put township boundaries in the place of the present ones.

    Boundaries of another district take the place of the demonstration district;
    beside a real ledger they are refused, since its rows would lose their townships.

    Raises
    ------
    InputError
        The file cannot be taken; the store is as it was.
    """
    before = store.read_district()
    sources = source_of_file(file, title=file.stem, quality=Quality.OFFICIAL)
    found = read_boundaries(file, quality=Quality.OFFICIAL, source_id=str(sources.index[0]))
    record = load_record(file, "boundaries", len(found.townships))
    code = str(found.districts.index[0])
    if code == before.district_code:
        neighbours = before.districts[before.districts["role"] == "neighbour"]
        districts = found.districts_with(neighbours, name_zh=before.district_name)
        store.replace_boundaries(found.townships, districts, None, sources, record)
    else:
        _refuse_unless_demonstration(before, code)
        store.replace_district(found.as_district(before, sources), record)
        say(
            f"已由 {before.district_code} 换成 {code}：演示台账和人口已清空，请接着导入。",
            f"{code} is another district than {before.district_code}: the demonstration ledger "
            "and population are gone; load population and ledger next.",
        )
    say(
        f"已导入 {len(found.townships)} 个乡镇街道的边界。",
        f"Loaded the boundaries of {len(found.townships)} townships.",
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
