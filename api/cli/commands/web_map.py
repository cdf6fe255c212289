"""``kepu map``: the district as one self-contained page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress

from api.answers import today
from api.cli.commands.choices import (
    CaliberOption,
    DenominatorOption,
    OnOption,
    ScenarioOption,
    ScopeOption,
    date_of,
)
from api.cli.commands.proposal import SitesOption, proposed
from api.cli.commands.session import LangOption, Language, ProfileOption, Session, StoreOption
from api.cli.terminal import err
from geo.core.files import check_ending, write_atomically
from geo.core.sentences import Sentences
from geo.publish.offline_map import bundle
from geo.publish.study_json.siting import proposal_record
from layers.web.page import render_file

TEXT: Final = Sentences("api.cli")


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
    session.say(*TEXT.words("wrote_map_file", out_file=out_file))
