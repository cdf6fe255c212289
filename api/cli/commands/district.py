"""``kepu district``: the districts that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import load
from api.cli.commands.session import LangOption, Language
from api.cli.terminal import out, words

districts = typer.Typer(no_args_is_help=True, help="区县底数据。The districts shipped.")


@districts.command("build")
def build(
    raw: Annotated[Path, typer.Argument(metavar="RAW")],
    out_folder: Annotated[Path, typer.Argument(metavar="OUT")],
    lang: LangOption = Language.ZH,
) -> None:
    """由原始资料重建区县底数据（字节一致）。Rebuild a shipped district from its raw facts."""
    for path in load.build(raw, out_folder):
        out.print(words(lang.value, f"已写出 {path}", f"Wrote {path}"), markup=False)
