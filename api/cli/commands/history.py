"""``kepu imports | quarantine | history | approval``: what the store keeps beside the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.commands.session import LangOption, Language, Session, StoreOption
from api.cli.tables.imports import print_history, print_imports, print_quarantine
from api.cli.terminal import out, words


def approval(
    number: Annotated[str | None, typer.Argument(metavar="审图号")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="清除已填的审图号")] = False,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """填写、查看或清除审图号。Enter, show or clear the map approval number.

    未填写时，地图一律标注「内部工作用图 不得公开」。只填批准文件上的真实号码。
    """
    session = Session(lang.value, store)
    with session.store() as opened:
        if number is not None or clear:
            opened.set_approval_number(None if clear else number)
        kept = opened.approval_number()
    shown = kept or words(session.lang, "（未填写：内部工作用图 不得公开）", "(none: internal map)")
    out.print(words(session.lang, "审图号：", "Map approval number: ") + shown, markup=False)


def imports(store: StoreOption = None, lang: LangOption = Language.ZH) -> None:
    """列出每一次导入。List every import, oldest first."""
    session = Session(lang.value, store)
    with session.store() as opened:
        print_imports(opened.imports().reset_index().to_dict("records"), session.lang)


def quarantine(store: StoreOption = None, lang: LangOption = Language.ZH) -> None:
    """列出待改的行：原样、原因和建议。List the rows that wait to be mended."""
    session = Session(lang.value, store)
    with session.store() as opened:
        print_quarantine(opened.quarantine().to_dict("records"), session.lang)


def history(
    facility_id: Annotated[str, typer.Argument(metavar="设施编号")],
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """列出一处设施的每个版本。List every version of a facility."""
    session = Session(lang.value, store)
    with session.store() as opened:
        print_history(opened.history(facility_id).to_dict("records"), session.lang)
