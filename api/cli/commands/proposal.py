"""The scenario's own siting plan, for commands that draw it beside their maps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from api.cli.commands.session import Session
from api.cli.terminal import err, words
from geo.core.errors import Lang
from geo.measures.study import Study
from geo.siting.model import Progress
from geo.siting.proposal import SitingProposal, propose

SitesOption = Annotated[
    bool,
    typer.Option("--sites", help="另画推荐选址（建议）：按情景方案各项目求解，编号同 kepu site"),
]


def proposed(session: Session, study: Study) -> SitingProposal:
    """Return the best sites of the scenario's programmes; show the progress of the search.

    Raises
    ------
    SitingError
        No plan meets the scenario.
    """
    with search_progress(session.lang) as progress:
        return propose(study, progress=progress)


@contextmanager
def search_progress(lang: Lang) -> Iterator[Progress]:
    """Show the best plan so far, the bound and the time."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=err, transient=True) as bar:
        at = bar.add_task(words(lang, "正在选址……", "Looking for sites..."))

        def show(objective: float, bound: float, _seconds: float) -> bool:
            best = "—" if abs(objective) == float("inf") else f"{objective:,.0f}"
            text = words(lang, "已找到 {}，上（下）界 {}", "found {}, bound {}")
            bar.update(at, description=text.format(best, f"{bound:,.0f}"))
            return True

        yield show
