"""The command line: ``kepu load | study | map | print | export | serve | ...``."""

from __future__ import annotations

import sys
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.exceptions import TyperException

from api.cli import loading
from api.cli.commands import exporting, figures, keeping, printing, reporting, siting
from api.cli.commands.loads import loads
from api.cli.commands.session import LangOption, Language, Session, StoreOption
from api.cli.terminal import err, out, words
from api.cli.usage import usage_words
from api.web.errors import exit_code
from geo.core.errors import InputError, KepuError, Lang
from geo.core.sentences import Sentences
from geo.intake.faults import faults_of

TEXT: Final = Sentences("api.cli")

_MOST_FAULTS = 20

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


for command in (
    figures.study,
    exporting.export,
    siting.site,
    siting.allot,
    reporting.report,
    reporting.progress,
    keeping.approval,
    keeping.imports,
    keeping.undo,
    keeping.merge,
    keeping.quarantine,
    keeping.history,
):
    app.command()(command)
app.command("map")(figures.make_map)
app.command("print")(printing.print_map)
app.add_typer(loads, name="load")
districts = typer.Typer(no_args_is_help=True, help="区县底数据。The districts shipped.")
app.add_typer(districts, name="district")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="监听地址，缺省 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口，缺省 8000")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="进程数 1 至 16，缺省 1")] = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """在浏览器中查看地图。Serve the map to a browser."""
    # Only this command needs the web service; the others start faster without it.
    from api.web.server import run  # noqa: PLC0415

    session = Session(lang.value, store, host=host, port=port, workers=workers)
    with session.store() as opened:
        run(opened, session.settings, session.say)


@districts.command("build")
def build(
    raw: Annotated[Path, typer.Argument(metavar="RAW")],
    out_folder: Annotated[Path, typer.Argument(metavar="OUT")],
    lang: LangOption = Language.ZH,
) -> None:
    """由原始资料重建区县底数据（字节一致）。Rebuild a shipped district from its raw facts."""
    for path in loading.build(raw, out_folder):
        out.print(TEXT.text("wrote", lang.value, path=path), markup=False)


def main() -> None:
    """Run the command line; a fault is one plain line, and its exit code."""
    lang: Lang = "en" if _asked_for_english(sys.argv) else "zh"
    try:
        sys.exit(app(standalone_mode=False))
    except KepuError as error:
        _tell(error, lang)
        sys.exit(exit_code(error))
    except TyperException as error:
        told = words(lang, *usage_words(error))
        if told:
            _say_fault(told, lang)
        sys.exit(error.exit_code)


def _say_fault(text: str, lang: Lang) -> None:
    told = TEXT.text("error", lang) + text
    err.print(told, style="red", markup=False, soft_wrap=True)


def _tell(error: KepuError, lang: Lang) -> None:
    """Print a fault, and all the others that were found with it up to a screenful."""
    faults = faults_of(error) if isinstance(error, InputError) else (error,)
    for fault in faults[:_MOST_FAULTS]:
        _say_fault(fault.message(lang), lang)
    more = len(faults) - _MOST_FAULTS
    if more > 0:
        told = TEXT.text("and_more_faults", lang, more=more)
        err.print(told, style="red", markup=False, soft_wrap=True)


def _asked_for_english(arguments: list[str]) -> bool:
    return "--lang=en" in arguments or ("--lang", "en") in pairwise(arguments)
