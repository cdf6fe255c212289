"""``kepu export``: a collection or the ledger as a file for others, and its manifest beside it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.answers import Answer, Atlas
from api.cli.commands.choices import (
    AsKnownOption,
    CaliberOption,
    DenominatorOption,
    OnOption,
    ScenarioOption,
    ScopeOption,
    answer_of,
    date_of,
    known_at,
)
from api.cli.commands.session import LangOption, Language, ProfileOption, Session, StoreOption
from api.cli.terminal import err, words
from api.palette import palette_of
from geo.core.files import write_atomically
from geo.core.vocabulary import Profile
from geo.publish.files.package import LEDGER, Package, format_of, package
from geo.store import Store


class Exportable(StrEnum):
    """What can be written to a file."""

    FACILITIES = "facilities"
    TOWNSHIPS = "townships"
    VILLAGES = "villages"
    GAPS = "gaps"
    SITES = "sites"
    SERVICE_AREAS = "service_areas"
    DISTRICTS = "districts"
    LEDGER = LEDGER


_OF_ROWS = frozenset({Exportable.FACILITIES, Exportable.LEDGER})

CrsOption = Annotated[
    str,
    typer.Option(
        "--crs",
        help="坐标系：CRS84（缺省）、EPSG:4490、本区三度带（大祥区为 EPSG:4546，带号 EPSG:4525）、"
        "EPSG:3857、GCJ-02（只供贴到高德、腾讯地图）",
    ),
]


def export(
    what: Annotated[
        Exportable,
        typer.Argument(
            metavar="facilities|townships|villages|gaps|sites|service_areas|districts|ledger"
        ),
    ],
    out_file: Annotated[Path, typer.Argument(metavar="OUT.geojson|.gpkg|.zip|.kml|.csv|.xlsx")],
    crs: CrsOption = "CRS84",
    on: OnOption = None,
    scenario: ScenarioOption = None,
    caliber: CaliberOption = None,
    scope: ScopeOption = None,
    denominator: DenominatorOption = None,
    as_known: AsKnownOption = None,
    profile: ProfileOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """按文件名结尾导出数据（GeoJSON、GeoPackage、Shapefile、KML、CSV、Excel）。Export as a file."""
    session = Session(lang.value, store)
    format_of(what.value, out_file.name)
    if what is Exportable.LEDGER and profile is None:
        # The office's own list: loaded back, a public one would take rows away.
        profile = Profile.INTERNAL
    choices = {
        "on": date_of(on), "caliber": caliber, "scope": scope, "denominator": denominator
    }  # fmt: skip
    with session.store() as opened:
        _, answer = answer_of(session, opened, scenario, as_known, profile, **choices)
        with err.status(words(session.lang, "正在写出……", "Writing...")):
            packed = _package(answer, what, out_file.name, crs, as_known)
            _write(out_file, packed)
        left = _rows_left_out(session, opened, answer, what, as_known)
    _report(session, out_file, packed)
    _report_rows_left_out(session, left)
    _report_shortened(session, packed)


def _package(
    answer: Answer, what: Exportable, file_name: str, crs: str, as_known: str | None
) -> Package:
    palette = palette_of(answer.study.scenario.target_area_per_10k_m2)
    return package(answer.study, what.value, file_name, crs=crs, palette=palette, as_known=as_known)


def _write(out_file: Path, packed: Package) -> None:
    write_atomically(out_file, packed.content)
    write_atomically(beside(out_file, ".manifest.json"), packed.manifest)
    write_atomically(beside(out_file, ".说明.txt"), packed.notes)


def beside(out_file: Path, ending: str) -> Path:
    """Return the name of a file that lies beside another.

    Examples
    --------
    >>> beside(Path("a/缺口.gpkg"), ".manifest.json").name
    '缺口.gpkg.manifest.json'
    """
    return out_file.with_name(out_file.name + ending)


def _rows_left_out(
    session: Session, store: Store, answer: Answer, what: Exportable, as_known: str | None
) -> int:
    """Return how many rows the office has that the file has not: for its own screen only."""
    if answer.study.data.profile is not Profile.PUBLIC or what not in _OF_ROWS:
        return 0
    whole: Atlas = session.atlas(store, None, profile=Profile.INTERNAL, as_known=known_at(as_known))
    return len(whole.data().facilities) - len(answer.study.data.facilities)


def _report(session: Session, out_file: Path, packed: Package) -> None:
    zh, en = packed.title
    session.say(
        f"已导出{zh} {packed.count} 个要素到 {out_file}。",
        f"Exported {packed.count} features of {en} to {out_file}.",
    )
    for remark in packed.remarks:
        session.say(remark["zh"], remark["en"])
    if packed.system.warning is not None:
        warning = words(session.lang, *packed.system.warning)
        err.print(f"⚠ {warning}", style="bold red", markup=False, soft_wrap=True)


def _report_rows_left_out(session: Session, left: int) -> None:
    if left:
        session.say(
            f"公开版略去了未核查的 {left} 行；此数只在本机屏幕上显示，不写入文件。"
            "要全部记录：--profile internal",
            f"{left} rows that are not verified are left out for the public; the number stands "
            "on this screen only. For all of them: --profile internal",
        )


def _report_shortened(session: Session, packed: Package) -> None:
    for one in packed.cut:
        session.say(
            f"「{one['column']}」有 {one['rows_cut']} 行超过 {one['bytes']} 字节，已截短；"
            "要完整文字请导出 .gpkg。",
            f"'{one['column']}': {one['rows_cut']} rows are longer than {one['bytes']} bytes "
            "and were cut; export .gpkg for all of it.",
        )
