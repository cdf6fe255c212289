"""``kepu study``: the figures of the district and its townships, printed or as JSON."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import orjson
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
)
from api.cli.commands.session import LangOption, Language, Session, StoreOption
from api.cli.tables.changes import print_since
from api.cli.tables.study import print_study
from geo.core.json_values import Record
from geo.core.vocabulary import Profile
from geo.publish.study_json import change_record


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
