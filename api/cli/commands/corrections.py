"""``kepu undo | merge``: what a person takes back or makes one, each as an import of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli import load
from api.cli import merge as merging
from api.cli.commands.session import LangOption, Language, Session, StoreOption
from api.cli.tables.imports import print_changes


def undo(
    number: Annotated[int, typer.Argument(metavar="导入号")],
    who: Annotated[str, typer.Option("--who", help="撤销人，记入历史")] = "",
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """整次撤销一次导入；历史都保留。Take a whole import back; history keeps both."""
    session = Session(lang.value, store)
    with session.store() as opened:
        changes = load.undo(opened, number, who, session.say)
    print_changes(changes, session.lang)


def merge(
    keep: Annotated[str, typer.Argument(metavar="保留的编号")],
    others: Annotated[list[str], typer.Argument(metavar="并入的编号...")],
    plaque: Annotated[
        bool,
        typer.Option(
            "--plaque/--same",
            help="改作挂牌（一地多牌），或同一处填了两遍（缺省）",
        ),
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="只显示结果，不写入")] = False,
    who: Annotated[str, typer.Option("--who", help="合并人，记入历史")] = "",
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """把几处设施并为一处，可用 kepu undo 撤销。Make several facilities one.

    空格由并入的行补上；两边不同的，保留前者并逐项说明。面积属于场所，只计一次，不相加。
    原表再次导入时，仍按此合并并逐行说明；保留的那一处不在表里时，并入的行会作为新增重新出现。
    """
    session = Session(lang.value, store)
    request = merging.Merge(keep, others, plaque, check, who)
    with session.store() as opened:
        changes = merging.merge(opened, request, session.say)
    print_changes(changes, session.lang)
