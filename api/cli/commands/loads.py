"""``kepu load``: files of an office into the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli import load
from api.cli.commands.session import LangOption, Language, Session, StoreOption
from api.cli.exit_codes import exit_code
from api.cli.loaders import Options
from api.cli.tables.imports import print_account, print_changes
from api.cli.terminal import err
from geo.core.datum import Datum
from geo.intake.progress import Progress, silent
from geo.intake.tables.boundaries import Check

loads = typer.Typer(no_args_is_help=True, help="导入数据文件。Load a file into the store.")

_BY_ROW: Final = frozenset({"facilities", "population", "villages"})
"""Tables of which clean rows are taken and others kept, with a list of what changes."""

FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]
CheckOption = Annotated[bool, typer.Option("--check", help="只检查并报告，不写入")]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", metavar="OUT.xlsx", help="写出标出问题的原表，可退回填报单位"),
]
SynonymsOption = Annotated[
    Path | None, typer.Option("--synonyms", help="本单位的表头同义词表（TOML）")
]
WhoOption = Annotated[str, typer.Option("--who", help="导入人，记入历史")]
DatumOption = Annotated[Datum | None, typer.Option("--datum", help="坐标系；不指明则由数据判断")]


@loads.command("facilities")
def load_facilities(
    file: FileArgument,
    check: CheckOption = False,
    report: ReportOption = None,
    synonyms: SynonymsOption = None,
    update: Annotated[
        bool, typer.Option("--update", help="只新增和修改表里的设施，其余保留；缺省替换整个台账")
    ] = False,
    who: WhoOption = "",
    datum: DatumOption = None,
    village_positions: Annotated[
        bool, typer.Option("--village-positions", help="没有位置的，取所在村社区的中心（约数）")
    ] = False,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导入设施台账。Load a ledger, replacing the last, or with --update adding to it.

    xlsx、xls、csv、tsv、GeoJSON、GeoPackage、Shapefile、KML 或其 zip。
    干净的行导入；有问题的行不导入，逐行说明原因。
    """
    options = Options(
        check=check,
        report=report,
        synonyms=synonyms,
        datum=datum,
        update=update,
        who=who,
        village_positions=village_positions,
    )
    _load("facilities", file, options, store, lang)


@loads.command("population")
def load_population(
    file: FileArgument,
    check: CheckOption = False,
    report: ReportOption = None,
    synonyms: SynonymsOption = None,
    who: WhoOption = "",
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导入人口。Load population figures; those of other divisions and years stay.

    xlsx、xls、csv、tsv；长表（年份、口径各一列）或宽表（2020年末常住人口……）。
    代码和名称一起核对，各乡镇之和与全区总数核对。
    """
    options = Options(check=check, report=report, synonyms=synonyms, who=who)
    _load("population", file, options, store, lang)


@loads.command("boundaries")
def load_boundaries(
    file: FileArgument,
    check: CheckOption = False,
    report: ReportOption = None,
    synonyms: SynonymsOption = None,
    datum: DatumOption = None,
    mend: Annotated[
        float,
        typer.Option("--mend", metavar="米", min=0, max=1000, help="修补不宽于此的重叠和缝隙"),
    ] = 0.0,
    accept: Annotated[
        list[Check] | None, typer.Option("--accept", help="接受某类发现，可多次给出")
    ] = None,
    who: WhoOption = "",
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导入乡镇街道边界。Load township boundaries: all of them, or none.

    GeoJSON、GeoPackage、Shapefile、KML 或其 zip。检查每个面、重叠、缝隙、闭合、
    与已知轮廓的重合；有一处不合格，整份不导入。
    """
    options = Options(
        check=check,
        report=report,
        synonyms=synonyms,
        datum=datum,
        who=who,
        mend_width_m=mend,
        accepted=frozenset(accept or ()),
    )
    _load("boundaries", file, options, store, lang)


@loads.command("villages")
def load_villages(
    file: FileArgument,
    check: CheckOption = False,
    report: ReportOption = None,
    synonyms: SynonymsOption = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="文件是全部名单：文件里没有的村社区不再保留")
    ] = False,
    who: WhoOption = "",
    datum: DatumOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导入村社区的位置和人口。Load villages and communities: positions and people.

    xlsx、xls、csv、tsv、GeoJSON、GeoPackage、Shapefile、KML 或其 zip；点或面。
    代码和名称一起核对，位置和所属乡镇核对，各村之和与公布人口核对。
    """
    options = Options(
        check=check, report=report, synonyms=synonyms, datum=datum, who=who, whole=whole
    )
    _load("villages", file, options, store, lang)


@loads.command("roads")
def load_roads(
    file: FileArgument,
    check: CheckOption = False,
    who: WhoOption = "",
    datum: DatumOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导入道路。Load roads, replacing the last: lines within 5 km of the district.

    GeoPackage、Shapefile、GeoJSON、KML 或其 zip，或 OpenStreetMap 的 .osm.pbf；
    认得道路等级、单行、层（桥、隧道）和名称。
    """
    options = Options(check=check, datum=datum, who=who)
    _load("roads", file, options, store, lang)


@loads.command("weights")
def load_weights(
    file: FileArgument,
    check: CheckOption = False,
    who: WhoOption = "",
    datum: DatumOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导入人口分布权重。Load where people live within a township, replacing the last.

    居民地或建筑物的面（GeoPackage、Shapefile、GeoJSON、KML 或其 zip；按人口、建筑面积、
    层数、高度或占地面积），或人口栅格（GeoTIFF）。各乡镇合计始终等于公布人口。
    """
    options = Options(check=check, datum=datum, who=who)
    _load("weights", file, options, store, lang)


def _load(what: str, file: Path, options: Options, store: Path | None, lang: Language) -> None:
    """Load a file and print what became of it; end with the code of the error that stopped it."""
    session = Session(lang.value, store)
    with session.store() as opened, _waiting(what, session) as progress:
        outcome = load.load(what, opened, file, session.say, options, progress=progress)
    report = outcome.report
    print_account(report, session.lang)
    if what in _BY_ROW:
        print_changes(outcome.changes, session.lang)
    session.say_report(options.report, check=options.check)
    if what == "boundaries" and report.quarantined:
        session.say(
            "边界是一个整体：有问题没有解决，整份没有导入。",
            "Boundaries go in together: with faults left, none of them was loaded.",
        )
    held = report.quarantined and (options.check or what == "boundaries")
    error = load.nothing_taken(report) if held else None
    if error is None and what in _BY_ROW:
        error = outcome.error
    if error is not None:
        raise typer.Exit(exit_code(error))


@contextmanager
def _waiting(what: str, session: Session) -> Iterator[Progress]:
    """Show how far a load is: by stages where a file may be long, else that it goes on."""
    if what == "facilities":
        with session.progress() as progress:
            yield progress
    else:
        with err.status(session.reading):
            yield silent
