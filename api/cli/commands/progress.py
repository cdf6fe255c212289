"""``kepu progress``: the sheet of the plan's values that are kept by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands.session import LangOption, Language, Session
from geo.core.files import check_ending, write_atomically
from geo.core.plan import load_plan
from geo.publish.study_json.progress_sheet import progress_sheet

PlanOption = Annotated[
    Path | None,
    typer.Option("--plan", metavar="PLAN.toml", help="本区县方案的承诺（TOML），缺省为大祥区方案"),
]


def progress(
    template: Annotated[
        Path, typer.Option("--template", metavar="进展.xlsx", help="写出手工填报表，供填写")
    ],
    plan: PlanOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """写出手工填报表：方案里没有位置的指标，逐年填写。Write the sheet of values kept by hand."""
    session = Session(lang.value, None)
    check_ending(template, ".xlsx")
    write_atomically(template, progress_sheet(load_plan(plan)))
    session.say(
        f"已写出 {template}；填好后用 kepu report 的 --progress 读回。",
        f"Wrote {template}; kepu report --progress reads it once filled in.",
    )
