"""What is kept beside the figures: imports and their undoing, rows held back, history."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from api.cli import loading
from api.cli import merge as merging
from api.cli.commands.session import LangOption, Language, Session, StoreOption
from api.cli.tables.imports import print_changes, print_history, print_imports, print_quarantine
from api.cli.terminal import out
from geo.core.sentences import Sentences

TEXT: Final = Sentences("api.cli")


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
    shown = kept or TEXT.text("none_internal_map", session.lang)
    out.print(TEXT.text("map_approval_number", session.lang) + shown, markup=False)


def imports(store: StoreOption = None, lang: LangOption = Language.ZH) -> None:
    """列出每一次导入。List every import, oldest first."""
    session = Session(lang.value, store)
    with session.store() as opened:
        print_imports(opened.imports().reset_index().to_dict("records"), session.lang)


def undo(
    number: Annotated[int, typer.Argument(metavar="导入号")],
    who: Annotated[str, typer.Option("--who", help="撤销人，记入历史")] = "",
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """整次撤销一次导入；历史都保留。Take a whole import back; history keeps both."""
    session = Session(lang.value, store)
    with session.store() as opened:
        changes = loading.undo(opened, number, who, session.say)
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
    wish = merging.Merge(keep, others, plaque, check, who)
    with session.store() as opened:
        changes = merging.merge(opened, wish, session.say)
    print_changes(changes, session.lang)


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
