"""``kepu district``: the districts that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli import load
from api.cli.commands.session import LangOption, Language
from api.cli.terminal import out
from geo.core.sentences import Sentences

TEXT: Final = Sentences("api.cli")

districts = typer.Typer(no_args_is_help=True, help="区县底数据。The districts shipped.")


@districts.command("build")
def build(
    raw: Annotated[Path, typer.Argument(metavar="RAW")],
    out_folder: Annotated[Path, typer.Argument(metavar="OUT")],
    lang: LangOption = Language.ZH,
) -> None:
    """由原始资料重建区县底数据（字节一致）。Rebuild a shipped district from its raw facts."""
    for path in load.build(raw, out_folder):
        out.print(TEXT.text("wrote", lang.value, path=path), markup=False)
