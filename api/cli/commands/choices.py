"""The options that choose what figures are about, and the answer to them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.answers import Answer, Atlas, end_of
from api.cli.commands.session import Session
from api.cli.terminal import err, words
from geo.core.errors import QueryError
from geo.core.vocabulary import Caliber, Profile, Scope
from geo.store import Store

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
        raise QueryError(
            zh=f"「{text}」不是日期；请写成 2025-12-31 这样的形式。",
            en=f"'{text}' is not a date; write it like 2025-12-31.",
        ) from error


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
    with err.status(words(session.lang, "正在计算……", "Working out...")):
        return atlas, atlas.answer(atlas.scenario(**choices))
