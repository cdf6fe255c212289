"""``kepu print``: a thematic map on one sheet of paper."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import orjson
import typer

from api.cli.commands.choices import (
    AsKnownOption,
    CaliberOption,
    DenominatorOption,
    OnOption,
    ScenarioOption,
    ScopeOption,
    answer_of,
    date_of,
)
from api.cli.commands.proposal import SitesOption, proposed
from api.cli.commands.session import LangOption, Language, ProfileOption, Session, StoreOption
from api.cli.terminal import err
from geo.core.files import check_ending, write_atomically
from geo.core.json_values import Record
from geo.core.sentences import Sentences
from geo.core.vocabulary import Group
from geo.publish.map_sheet import map_shapes
from geo.publish.map_sheet_sites import site_shapes
from layers.paper import MapMeasure, find_fonts, thematic_map

TEXT: Final = Sentences("api.cli")


class Measured(StrEnum):
    """What the map's colours, or its gaps, show."""

    AREA = "area_per_10k"
    ACCESSIBLE = "accessible"
    COVERAGE = "coverage"
    GAPS = "gaps"


class PaperSize(StrEnum):
    """The sizes of paper."""

    A4 = "A4"
    A3 = "A3"


_FORMATS: Final[dict[str, Literal["pdf", "png"]]] = {".pdf": "pdf", ".png": "png"}


def print_map(
    out_file: Annotated[Path, typer.Argument(metavar="OUT.pdf|OUT.png")],
    measure: Annotated[
        Measured,
        typer.Option(
            "--measure",
            help="专题：area_per_10k 每万人面积、accessible 可达、coverage 覆盖率、gaps 缺口",
        ),
    ] = Measured.AREA,
    of: Annotated[
        str,
        typer.Option(
            "--of", metavar="类或种", help="coverage 和 gaps 针对的设施：base、hall、library 等"
        ),
    ] = Group.BASE.value,
    sheet: Annotated[PaperSize, typer.Option("--sheet", help="纸张 A4/A3")] = PaperSize.A4,
    landscape: Annotated[
        bool | None,
        typer.Option("--landscape/--portrait", help="横放或竖放，缺省按区的形状"),
    ] = None,
    sites: SitesOption = False,
    font: Annotated[
        Path | None,
        typer.Option("--font", metavar="FILE", help="字体文件 .ttf/.otf/.ttc，缺省自动查找"),
    ] = None,
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
    """印一张专题地图（图名、图例、比例尺、指北针、审图号齐全）。Print a map on one sheet."""
    file_format = _format_of(out_file)
    session = Session(lang.value, store, font=font)
    choices: dict[str, Any] = {
        "on": date_of(on), "caliber": caliber, "scope": scope, "denominator": denominator
    }  # fmt: skip
    with session.store() as opened:
        _, answer = answer_of(session, opened, scenario, as_known, profile, **choices)
        plan = proposed(session, answer.study).plan if sites else None
    with err.status(TEXT.text("drawing", session.lang)):
        shapes = map_shapes(answer.study)
        if plan is not None:
            shapes["sites"] = site_shapes(answer.study, plan)
        document = orjson.loads(answer.document)
        content = _drawn(document, shapes, session, (measure, of), (sheet, landscape), file_format)
    write_atomically(out_file, content)
    session.say(*TEXT.words("wrote_file", out_file=out_file))


def _drawn(
    document: Record,
    shapes: Record,
    session: Session,
    chosen: tuple[Measured, str],
    paper: tuple[PaperSize, bool | None],
    file_format: Literal["pdf", "png"],
) -> bytes:
    return thematic_map(
        document,
        shapes,
        measure=MapMeasure(chosen[0].value, chosen[1]),
        sheet=paper[0].value,
        landscape=paper[1],
        lang=session.lang,
        fonts=find_fonts(session.settings.font),
        file_format=file_format,
    )


def _format_of(path: Path) -> Literal["pdf", "png"]:
    check_ending(path, *_FORMATS)
    return _FORMATS[path.suffix.lower()]
