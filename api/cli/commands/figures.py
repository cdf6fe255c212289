"""``kepu study | map``: the figures of the district, on paper and as a page."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer
from rich.progress import Progress

from api.answers import Answer, Atlas, end_of, today
from api.cli.commands.proposing import SitesOption, proposed
from api.cli.commands.session import LangOption, Language, ProfileOption, Session, StoreOption
from api.cli.tables.changes import print_since
from api.cli.tables.study import print_study
from api.cli.terminal import err
from geo.core.errors import QueryError
from geo.core.files import check_ending, write_atomically
from geo.core.json_values import Record
from geo.core.sentences import Sentences
from geo.core.vocabulary import Caliber, Profile, Scope
from geo.publish.offline_map import bundle
from geo.publish.study_json import change_record
from geo.publish.study_json.siting import proposal_record
from geo.store import Store
from layers.page import render_file

TEXT: Final = Sentences("api.cli")

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


def date_of(text: str | None) -> date | None:
    """Return the date that a text writes as 2025-12-31; None for none.

    Raises
    ------
    QueryError
        It writes none.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise QueryError(**TEXT.both("is_not_date", text=text)) from error


def known_at(text: str | None) -> int | datetime | None:
    """Return an import's number, or the end of a day in China."""
    if text is None or text.isdecimal():
        return None if text is None else int(text)
    day = date_of(text)
    return None if day is None else end_of(day)


def answer_of(
    session: Session,
    store: Store,
    scenario_file: Path | None,
    as_known: str | None = None,
    profile: Profile | None = None,
    **choices: Any,
) -> tuple[Atlas, Answer]:
    """Return the answers from a store, and the one that the options of a command ask for."""
    atlas = session.atlas(store, scenario_file, profile=profile, as_known=known_at(as_known))
    with err.status(TEXT.text("working_out", session.lang)):
        return atlas, atlas.answer(atlas.scenario(**choices))


def study(
    on: OnOption = None,
    scenario: ScenarioOption = None,
    caliber: CaliberOption = None,
    scope: ScopeOption = None,
    denominator: DenominatorOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    as_known: AsKnownOption = None,
    since: Annotated[
        str | None, typer.Option("--since", help="另列与这一天相比的变化 YYYY-MM-DD")
    ] = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """打印全区和各乡镇街道的指标。Print the figures of the district and its townships."""
    session = Session(lang.value, store)
    with session.store() as opened:
        atlas, answer = answer_of(
            session,
            opened,
            scenario,
            as_known,
            # What is printed on the office's own screen leaves nothing out.
            Profile.INTERNAL,
            on=date_of(on),
            caliber=caliber,
            scope=scope,
            denominator=denominator,
        )
        document = orjson.loads(answer.document) | _changes(atlas, answer, date_of(since))
        if as_json:
            sys.stdout.buffer.write(orjson.dumps(document) + b"\n")
            return
        print_study(document, session.lang)
        if since:
            print_since(document, session.lang)


def _changes(atlas: Atlas, answer: Answer, since: date | None) -> Record:
    if since is None:
        return {}
    then = atlas.answer(answer.study.scenario.changed(on=since))
    return {"changes": change_record(then.study, answer.study)}


def make_map(
    out_file: Annotated[Path, typer.Argument(metavar="OUT.html")],
    on: OnOption = None,
    scenario: ScenarioOption = None,
    caliber: CaliberOption = None,
    scope: ScopeOption = None,
    denominator: DenominatorOption = None,
    sites: SitesOption = False,
    profile: ProfileOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """写出一个单文件地图，无需服务器和网络即可打开。Write one self-contained map file."""
    session = Session(lang.value, store)
    check_ending(out_file, ".html", ".htm")
    with session.store() as opened:
        atlas = session.atlas(opened, scenario, profile=profile)
        chosen = atlas.scenario(
            on=date_of(on), caliber=caliber, scope=scope, denominator=denominator
        )
        with Progress(console=err, transient=True) as progress:
            task = progress.add_task(TEXT.text("working_out_views", session.lang))
            content = bundle(
                atlas.data(),
                chosen,
                generated_on=today(),
                progress=lambda done, of: progress.update(task, completed=done, total=of),
            )
        if sites:
            view = atlas.answer(chosen).study
            content["proposal"] = proposal_record(view, proposed(session, view))
    write_atomically(out_file, render_file(content, lang=session.lang).encode("utf-8"))
    session.say(*TEXT.words("wrote_2", out_file=out_file))
