"""``kepu report``: Word documents for the meeting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.cli.commands.choices import (
    CaliberOption,
    DenominatorOption,
    OnOption,
    ScenarioOption,
    ScopeOption,
    date_of,
)
from api.cli.commands.progress import PlanOption
from api.cli.commands.session import LangOption, Language, ProfileOption, Session, StoreOption
from api.cli.report_documents import Wish, make_report
from api.cli.terminal import err, words
from geo.core.approximate import ApproximateValue
from geo.core.errors import Lang, QueryError
from geo.core.files import check_ending, write_atomically
from geo.core.plan import Plan, load_plan
from geo.core.sentences import Sentences
from geo.core.vocabulary import Profile
from geo.intake.plan_progress import read_hand_kept
from geo.intake.word_template import read_word_template
from layers.report import DocumentKind, shipped_template

TEXT: Final = Sentences("api.cli")


def report(
    out_file: Annotated[Path | None, typer.Argument(metavar="OUT.docx")] = None,
    brief: Annotated[bool, typer.Option("--brief", help="两页简报")] = False,
    cards: Annotated[bool, typer.Option("--cards", help="乡镇街道评分卡，每个一页")] = False,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="模板.docx", help="本单位改过的模板"),
    ] = None,
    write_template: Annotated[
        Path | None,
        typer.Option("--write-template", metavar="模板.docx", help="只写出自带模板，供修改"),
    ] = None,
    progress: Annotated[
        Path | None,
        typer.Option("--progress", metavar="进展.xlsx", help="填好的手工填报表（kepu progress）"),
    ] = None,
    plan: PlanOption = None,
    no_siting: Annotated[bool, typer.Option("--no-siting", help="不计算选址建议")] = False,
    font: Annotated[
        Path | None,
        typer.Option("--font", metavar="FILE", help="字体文件 .ttf/.otf/.ttc，缺省自动查找"),
    ] = None,
    profile: ProfileOption = Profile.INTERNAL,
    on: OnOption = None,
    scenario: ScenarioOption = None,
    caliber: CaliberOption = None,
    scope: ScopeOption = None,
    denominator: DenominatorOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """写出 Word 报告、两页简报或评分卡。Write a report, a brief or score cards in Word."""
    session = Session(lang.value, store, font=font)
    kind = _kind(brief, cards)
    if write_template is not None:
        _write_template(session, kind, write_template)
        return
    out_file = _named(out_file)
    # Read before anything is computed, so that an error in them is reported at once.
    chosen = load_plan(plan)
    request = Wish(
        kind=kind,
        lang=session.lang,
        plan=chosen,
        by_hand=_by_hand(session, progress, chosen),
        siting=not no_siting,
        template=None if template is None else read_word_template(template),
        font=session.settings.font,
    )
    with session.store() as opened:
        atlas = session.atlas(opened, scenario, profile=profile)
        choices = {"caliber": caliber, "scope": scope, "denominator": denominator}
        chosen_scenario = atlas.scenario(on=date_of(on), **choices)
        with _steps(session.lang) as step:
            content = make_report(atlas, chosen_scenario, request, step)
    write_atomically(out_file, content)
    session.say(*TEXT.words("wrote_file", out_file=out_file))


def _named(out_file: Path | None) -> Path:
    if out_file is None:
        raise QueryError(**TEXT.both("name_the_file_to_write"))
    check_ending(out_file, ".docx")
    return out_file


def _kind(brief: bool, cards: bool) -> DocumentKind:
    if brief and cards:
        raise QueryError(**TEXT.both("choose_brief_or_cards"))
    return DocumentKind.BRIEF if brief else DocumentKind.CARDS if cards else DocumentKind.REPORT


def _by_hand(session: Session, path: Path | None, plan: Plan) -> dict[str, dict[int, float]]:
    """Return the values typed in by an office; report those that are no exact figures."""
    if path is None:
        return {}
    values = read_hand_kept(path, plan)
    for value in (value for years in values.values() for value in years.values()):
        if isinstance(value, ApproximateValue):
            line = words(session.lang, value.zh, value.en)
            err.print(line, markup=False, soft_wrap=True)
    return values


def _write_template(session: Session, kind: DocumentKind, path: Path) -> None:
    check_ending(path, ".docx")
    write_atomically(path, shipped_template(kind, session.lang))
    session.say(*TEXT.words("wrote_template", path=path))


@contextmanager
def _steps(lang: Lang) -> Iterator[Callable[[str, str], None]]:
    """Show what is being done, and for how long; it is gone when the report is done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as shown:
        task = shown.add_task("")
        yield lambda zh, en: shown.update(task, description=words(lang, zh, en))
