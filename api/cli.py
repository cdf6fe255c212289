"""The command line: ``kepu load | study | map | export | serve | district``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import ValidationError
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from api import loading, merging
from api.accounts import (
    print_account,
    print_changes,
    print_history,
    print_imports,
    print_quarantine,
)
from api.atlas import Answer, Atlas, end_of, today
from api.errors import exit_code
from api.opening import open_or_make
from api.settings import Settings
from api.terminal import err, out, print_study, words
from geo.bundle import bundle
from geo.datum import Datum
from geo.errors import KepuError, Lang, QueryError, ScenarioError
from geo.features import COLLECTIONS
from geo.geojson import collection
from geo.intake.boundaries import Check
from geo.intake.progress import Progress as StageProgress
from geo.intake.progress import Stage
from geo.outlet import write_atomically
from geo.store import Store
from geo.terms import Caliber, Scope
from geo.wording import in_words
from layers.page import render_file

app = typer.Typer(
    name="kepu",
    help="科普设施地图：台账、每万人展厅面积、覆盖缺口。The map of science-outreach facilities.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        out.print(f"kepu-atlas {version('kepu-atlas')}", highlight=False)
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="版本 version"),
    ] = False,
) -> None:
    """Options that stand before a command."""


class Exportable(StrEnum):
    """The collections that can be written to a file."""

    FACILITIES = "facilities"
    TOWNSHIPS = "townships"
    GAPS = "gaps"


class Language(StrEnum):
    """The languages of messages and pages."""

    ZH = "zh"
    EN = "en"


StoreOption = Annotated[
    Path | None, typer.Option("--store", help="数据库文件（GeoPackage），缺省 kepu.gpkg")
]
OnOption = Annotated[str | None, typer.Option("--on", help="截止日期 YYYY-MM-DD，缺省今天")]
ScenarioOption = Annotated[Path | None, typer.Option("--scenario", help="情景方案 TOML 文件")]
CaliberOption = Annotated[Caliber | None, typer.Option("--caliber", help="口径 A/B/C")]
ScopeOption = Annotated[Scope | None, typer.Option("--scope", help="范围 all/district_run")]
DenominatorOption = Annotated[
    str | None, typer.Option("--denominator", help="人口口径，如 resident-2020")
]
AsKnownOption = Annotated[
    str | None,
    typer.Option(
        "--as-known", metavar="导入号|日期", help="按某次导入之后、或某日结束时所知的台账"
    ),
]
LangOption = Annotated[Language, typer.Option("--lang", help="语言 zh/en")]


_STAGES = {
    Stage.READING: ("打开文件", "Opening the file"),
    Stage.ROWS: ("逐行检查", "Checking rows"),
    Stage.POSITIONS: ("核对位置", "Checking positions"),
    Stage.QUESTIONS: ("查找重复", "Looking for doubles"),
    Stage.WRITING: ("写入数据库", "Writing to the store"),
}


class _Session:
    """What all commands share: the settings, the language and the store."""

    def __init__(self, lang: Lang, store: Path | None, **settings: Any) -> None:
        given = {"store": store, **settings}
        try:
            self.settings = Settings(**{key: v for key, v in given.items() if v is not None})
        except ValidationError as error:
            faults = error.errors(include_url=False)
            raise ScenarioError(
                zh=f"设置 {in_words(faults, 'zh')}。", en=f"Setting {in_words(faults, 'en')}."
            ) from error
        self.lang = lang

    def say(self, zh: str, en: str) -> None:
        err.print(words(self.lang, zh, en), soft_wrap=True, markup=False)

    @property
    def reading(self) -> str:
        return words(self.lang, "正在读取和检查……", "Reading and checking...")

    @contextmanager
    def progress(self) -> Iterator[StageProgress]:
        """Show a bar for each stage of an import; it is gone when the import is done."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(),
                   TextColumn("{task.fields[counted]}"))  # fmt: skip
        with Progress(*columns, console=err, transient=True) as shown:
            tasks: dict[Stage, TaskID] = {}

            def tell(stage: Stage, done: int, of: int) -> None:
                for earlier, task in tasks.items():
                    if earlier != stage:
                        shown.update(task, total=1, completed=1)
                if stage not in tasks:
                    zh, en = _STAGES[stage]
                    tasks[stage] = shown.add_task(words(self.lang, zh, en), counted="")
                counted = f"{done:,} / {of:,}" if of else ""
                shown.update(tasks[stage], completed=done, total=of or None, counted=counted)

            yield tell

    def show(self, outcome: loading.Outcome, report: Path | None, *, check: bool) -> None:
        """Print what became of a file's rows; end with the code of the fault that stopped it."""
        account = outcome.account
        print_account(account, self.lang)
        print_changes(outcome.changes, self.lang)
        self.say_report(report, check=check)
        if check and account.quarantined:
            raise typer.Exit(exit_code(loading.nothing_taken(account)))
        if outcome.fault is not None:
            raise typer.Exit(exit_code(outcome.fault))

    def say_report(self, report: Path | None, *, check: bool) -> None:
        if report is not None:
            self.say(f"标出问题的表已写到 {report}。", f"The marked workbook is {report}.")
        if check:
            self.say("只做了检查，数据库没有改动。", "Checked only; the store is as it was.")

    def store(self) -> Store:
        return open_or_make(self.settings.store, self.say)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise QueryError(
            zh=f"「{text}」不是日期；请写成 2025-12-31 这样的形式。",
            en=f"'{text}' is not a date; write it like 2025-12-31.",
        ) from error


def _known_at(text: str | None) -> int | datetime | None:
    """Return an import's number, or the end of a day in China."""
    if text is None or text.isdecimal():
        return None if text is None else int(text)
    day = _date(text)
    return None if day is None else end_of(day)


def _answer(
    session: _Session,
    store: Store,
    scenario_file: Path | None,
    as_known: str | None = None,
    **choices: Any,
) -> tuple[Atlas, Answer]:
    moment = _known_at(as_known)
    atlas = Atlas(store, scenario_file or session.settings.scenario, as_known=moment)
    with err.status(words(session.lang, "正在计算……", "Working out...")):
        return atlas, atlas.answer(atlas.scenario(**choices))


@app.command()
def study(
    on: OnOption = None,
    scenario: ScenarioOption = None,
    caliber: CaliberOption = None,
    scope: ScopeOption = None,
    denominator: DenominatorOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    as_known: AsKnownOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """打印全区和各乡镇街道的指标。Print the figures of the district and its townships."""
    session = _Session(lang.value, store)
    with session.store() as opened:
        _, answer = _answer(
            session,
            opened,
            scenario,
            as_known,
            on=_date(on),
            caliber=caliber,
            scope=scope,
            denominator=denominator,
        )
        if as_json:
            sys.stdout.buffer.write(answer.document + b"\n")
        else:
            print_study(orjson.loads(answer.document), session.lang)


@app.command("map")
def make_map(
    out_file: Annotated[Path, typer.Argument(metavar="OUT.html")],
    on: OnOption = None,
    scenario: ScenarioOption = None,
    caliber: CaliberOption = None,
    scope: ScopeOption = None,
    denominator: DenominatorOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """写出一个单文件地图，无需服务器和网络即可打开。Write one self-contained map file."""
    session = _Session(lang.value, store)
    with session.store() as opened:
        atlas = Atlas(opened, scenario or session.settings.scenario)
        chosen = atlas.scenario(on=_date(on), caliber=caliber, scope=scope, denominator=denominator)
        with Progress(console=err, transient=True) as progress:
            task = progress.add_task(words(session.lang, "计算各口径", "Working out the views"))
            content = bundle(
                atlas.data(),
                chosen,
                generated_on=today(),
                progress=lambda done, of: progress.update(task, completed=done, total=of),
            )
    write_atomically(out_file, render_file(content, lang=session.lang).encode("utf-8"))
    session.say(f"已写出 {out_file}（双击即可在浏览器打开）。", f"Wrote {out_file}.")


@app.command()
def export(
    what: Annotated[Exportable, typer.Argument(metavar="facilities|townships|gaps")],
    out_file: Annotated[Path, typer.Argument(metavar="OUT.geojson")],
    on: OnOption = None,
    scenario: ScenarioOption = None,
    caliber: CaliberOption = None,
    scope: ScopeOption = None,
    denominator: DenominatorOption = None,
    as_known: AsKnownOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导出 GeoJSON（RFC 7946）。Export a collection as GeoJSON."""
    session = _Session(lang.value, store)
    with session.store() as opened:
        _, answer = _answer(
            session,
            opened,
            scenario,
            as_known,
            on=_date(on),
            caliber=caliber,
            scope=scope,
            denominator=denominator,
        )
        features = answer.features(what.value)
        rows = features.pick()
        marks = answer.marks | ({"as_known": as_known} if as_known else {})
        content = collection(features, rows, members={"kepu": marks})
    write_atomically(out_file, content)
    title = COLLECTIONS[what.value]
    session.say(
        f"已导出{title.zh} {len(rows)} 个要素到 {out_file}。",
        f"Exported {len(rows)} features of {title.en} to {out_file}.",
    )


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="监听地址，缺省 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口，缺省 8000")] = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """在浏览器中查看地图。Serve the map to a browser."""
    # Only this command needs the web service; the others start faster without it.
    from api.serving import run  # noqa: PLC0415

    session = _Session(lang.value, store, host=host, port=port)
    with session.store() as opened:
        run(opened, session.settings, session.say)


@app.command()
def approval(
    number: Annotated[str | None, typer.Argument(metavar="审图号")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="清除已填的审图号")] = False,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """填写、查看或清除审图号。Enter, show or clear the map approval number.

    未填写时，地图一律标注「内部工作用图 不得公开」。只填批准文件上的真实号码。
    """
    session = _Session(lang.value, store)
    with session.store() as opened:
        if number is not None or clear:
            opened.set_approval_number(None if clear else number)
        kept = opened.approval_number()
    shown = kept or words(session.lang, "（未填写：内部工作用图 不得公开）", "(none: internal map)")
    out.print(words(session.lang, "审图号：", "Map approval number: ") + shown, markup=False)


@app.command()
def imports(store: StoreOption = None, lang: LangOption = Language.ZH) -> None:
    """列出每一次导入。List every import, oldest first."""
    session = _Session(lang.value, store)
    with session.store() as opened:
        print_imports(opened.imports().reset_index().to_dict("records"), session.lang)


@app.command()
def undo(
    number: Annotated[int, typer.Argument(metavar="导入号")],
    who: Annotated[str, typer.Option("--who", help="撤销人，记入历史")] = "",
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """整次撤销一次导入；历史都保留。Take a whole import back; history keeps both."""
    session = _Session(lang.value, store)
    with session.store() as opened:
        changes = loading.undo(opened, number, who, session.say)
    print_changes(changes, session.lang)


@app.command()
def merge(
    keep: Annotated[str, typer.Argument(metavar="保留的编号")],
    others: Annotated[list[str], typer.Argument(metavar="并入的编号...")],
    plaque: Annotated[
        bool,
        typer.Option(
            "--plaque/--same",
            help="改作挂牌（一地多牌），或同一处填了两遍（缺省）",
        ),
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="只显示结果，不写入")] = False,
    who: Annotated[str, typer.Option("--who", help="合并人，记入历史")] = "",
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """把几处设施并为一处，可用 kepu undo 撤销。Make several facilities one.

    空格由并入的行补上；两边不同的，保留前者并逐项说明。面积属于场所，只计一次，不相加。
    原表再次导入时，仍按此合并并逐行说明；保留的那一处不在表里时，并入的行会作为新增重新出现。
    """
    session = _Session(lang.value, store)
    wish = merging.Merge(keep, others, plaque, check, who)
    with session.store() as opened:
        changes = merging.merge(opened, wish, session.say)
    print_changes(changes, session.lang)


@app.command()
def quarantine(store: StoreOption = None, lang: LangOption = Language.ZH) -> None:
    """列出待改的行：原样、原因和建议。List the rows that wait to be mended."""
    session = _Session(lang.value, store)
    with session.store() as opened:
        print_quarantine(opened.quarantine().to_dict("records"), session.lang)


@app.command()
def history(
    facility_id: Annotated[str, typer.Argument(metavar="设施编号")],
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """列出一处设施的每个版本。List every version of a facility."""
    session = _Session(lang.value, store)
    with session.store() as opened:
        print_history(opened.history(facility_id).to_dict("records"), session.lang)


loads = typer.Typer(no_args_is_help=True, help="导入数据文件。Load a file into the store.")
app.add_typer(loads, name="load")
districts = typer.Typer(no_args_is_help=True, help="区县底数据。The districts shipped.")
app.add_typer(districts, name="district")

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
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """导入设施台账。Load a ledger, replacing the last, or with --update adding to it.

    xlsx、xls、csv、tsv、GeoJSON、GeoPackage、Shapefile、KML 或其 zip。
    干净的行导入；有问题的行不导入，逐行说明原因。
    """
    session = _Session(lang.value, store)
    options = loading.Options(
        check=check, report=report, synonyms=synonyms, datum=datum, update=update, who=who
    )
    with session.store() as opened, session.progress() as progress:
        outcome = loading.load_facilities(opened, file, session.say, options, progress)
    session.show(outcome, report, check=check)


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
    session = _Session(lang.value, store)
    options = loading.Options(check=check, report=report, synonyms=synonyms, who=who)
    with session.store() as opened, err.status(session.reading):
        outcome = loading.load_population(opened, file, session.say, options)
    session.show(outcome, report, check=check)


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
    session = _Session(lang.value, store)
    options = loading.BoundaryOptions(
        check=check,
        report=report,
        synonyms=synonyms,
        datum=datum,
        who=who,
        mend_width_m=mend,
        accepted=frozenset(accept or ()),
    )
    with session.store() as opened, err.status(session.reading):
        account = loading.load_boundaries(opened, file, session.say, options)
    print_account(account, session.lang)
    session.say_report(report, check=check)
    if account.quarantined:
        session.say(
            "边界是一个整体：有问题没有解决，整份没有导入。",
            "Boundaries go in together: with faults left, none of them was loaded.",
        )
        raise typer.Exit(exit_code(loading.nothing_taken(account)))


@districts.command("build")
def build(
    raw: Annotated[Path, typer.Argument(metavar="RAW")],
    out_folder: Annotated[Path, typer.Argument(metavar="OUT")],
    lang: LangOption = Language.ZH,
) -> None:
    """由原始资料重建区县底数据（字节一致）。Rebuild a shipped district from its raw facts."""
    for path in loading.build(raw, out_folder):
        out.print(words(lang.value, f"已写出 {path}", f"Wrote {path}"), markup=False)


def main() -> None:
    """Run the command line; a fault is one plain line and its exit code."""
    try:
        app()
    except KepuError as error:
        lang: Lang = "en" if _asked_for_english(sys.argv) else "zh"
        err.print(words(lang, "错误：", "Error: ") + error.message(lang), style="red", markup=False,
                  soft_wrap=True)  # fmt: skip
        sys.exit(exit_code(error))


def _asked_for_english(arguments: list[str]) -> bool:
    return "--lang=en" in arguments or ("--lang", "en") in pairwise(arguments)
