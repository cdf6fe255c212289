"""The command line: ``kepu load | study | map | print | export | serve | ...``."""

from __future__ import annotations

import sys
from importlib.metadata import version
from itertools import pairwise
from typing import Annotated, ClassVar, Final

import typer
from typer.exceptions import TyperException

from api.cli.commands.lazy_group import Entry, LazyGroup
from api.cli.exit_codes import exit_code
from api.cli.terminal import err, out, words
from api.cli.usage import usage_words
from geo.core.errors import InputError, KepuError, Lang, faults_of
from geo.core.sentences import Sentences

TEXT: Final = Sentences("api.cli")

_MOST_ERRORS: Final = 20


class Commands(LazyGroup):
    """The commands of ``kepu``."""

    entries: ClassVar = {
        "study": Entry(
            "api.cli.commands.study:study",
            "打印全区和各乡镇街道的指标。Print the figures of the district and its townships.",
        ),
        "export": Entry(
            "api.cli.commands.export:export",
            "按文件名结尾导出数据（GeoJSON、GeoPackage、Shapefile、KML、CSV、Excel）。"
            "Export as a file.",
        ),
        "site": Entry(
            "api.cli.commands.siting:site",
            "推荐新建（认定）基地的位置，并给出证明和理由。Propose sites, with proof and reasons.",
        ),
        "allot": Entry(
            "api.cli.commands.siting:allot",
            "要达到每万人 160 m²，各处要新增多少展厅面积。How much area each place would add.",
        ),
        "report": Entry(
            "api.cli.commands.report:report",
            "写出 Word 报告、两页简报或评分卡。Write a report, a brief or score cards in Word.",
        ),
        "progress": Entry(
            "api.cli.commands.progress:progress",
            "写出手工填报表：方案里没有位置的指标，逐年填写。"
            "Write the sheet of values kept by hand.",
        ),
        "approval": Entry(
            "api.cli.commands.history:approval",
            "填写、查看或清除审图号。Enter, show or clear the map approval number.",
        ),
        "imports": Entry(
            "api.cli.commands.history:imports", "列出每一次导入。List every import, oldest first."
        ),
        "undo": Entry(
            "api.cli.commands.corrections:undo",
            "整次撤销一次导入；历史都保留。Take a whole import back; history keeps both.",
        ),
        "merge": Entry(
            "api.cli.commands.corrections:merge",
            "把几处设施并为一处，可用 kepu undo 撤销。Make several facilities one.",
        ),
        "quarantine": Entry(
            "api.cli.commands.history:quarantine",
            "列出待改的行：原样、原因和建议。List the rows that wait to be mended.",
        ),
        "history": Entry(
            "api.cli.commands.history:history",
            "列出一处设施的每个版本。List every version of a facility.",
        ),
        "map": Entry(
            "api.cli.commands.web_map:make_map",
            "写出一个单文件地图，无需服务器和网络即可打开。Write one self-contained map file.",
        ),
        "print": Entry(
            "api.cli.commands.paper_map:print_map",
            "印一张专题地图（图名、图例、比例尺、指北针、审图号齐全）。Print a map on one sheet.",
        ),
        "serve": Entry(
            "api.cli.commands.serve:serve", "在浏览器中查看地图。Serve the map to a browser."
        ),
        "load": Entry("api.cli.commands.loads:loads", "导入数据文件。Load a file into the store."),
        "district": Entry(
            "api.cli.commands.district:districts", "区县底数据。The districts shipped."
        ),
    }


app = typer.Typer(
    name="kepu",
    cls=Commands,
    help="科普设施地图：台账、每万人展厅面积、覆盖缺口。The map of science-outreach facilities.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
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


def main() -> None:
    """Run the command line; an error is one line of text and an exit code."""
    lang: Lang = "en" if _asked_for_english(sys.argv) else "zh"
    try:
        sys.exit(app(standalone_mode=False))
    except KepuError as error:
        _print_errors(error, lang)
        sys.exit(exit_code(error))
    except TyperException as error:
        text = words(lang, *usage_words(error))
        if text:
            _print_error(text, lang)
        sys.exit(error.exit_code)


def _print_error(text: str, lang: Lang) -> None:
    line = TEXT.text("error", lang) + text
    err.print(line, style="red", markup=False, soft_wrap=True)


def _print_errors(error: KepuError, lang: Lang) -> None:
    """Print an error and those found with it, at most a screenful."""
    errors = faults_of(error) if isinstance(error, InputError) else (error,)
    for one in errors[:_MOST_ERRORS]:
        _print_error(one.message(lang), lang)
    more = len(errors) - _MOST_ERRORS
    if more > 0:
        line = TEXT.text("and_more_faults", lang, more=more)
        err.print(line, style="red", markup=False, soft_wrap=True)


def _asked_for_english(arguments: list[str]) -> bool:
    return "--lang=en" in arguments or ("--lang", "en") in pairwise(arguments)
