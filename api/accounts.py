"""What became of the rows of a file, as the terminal shows it."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.terminal import err, words
from geo.errors import InputError, Lang, Place
from geo.intake.examined import Examination

_SHOWN: Final = 20


def print_account(account: Examination, lang: Lang, console: Console = err) -> None:
    """Print how many rows were taken, held back and left out, and why, the first of each."""
    console.print(_summary(account, lang))
    if account.quarantined:
        console.print(_faults(account, lang))
    if account.noted:
        console.print(_remarks(account, lang))
    if account.left_out:
        console.print(_left_out(account, lang))
    if account.ignored_headings:
        names = words(lang, "、", ", ").join(account.ignored_headings)
        console.print(Text(words(lang, f"未使用的列：{names}", f"Columns not used: {names}")))


def _summary(account: Examination, lang: Lang) -> Text:
    taken, held, left = (
        len(rows) for rows in (account.taken, account.quarantined, account.left_out)
    )
    return Text(
        words(
            lang,
            f"{account.file}：{taken} 行干净，{held} 行有问题待改，"
            f"{left} 处不是数据（标题、合计等）。",
            f"{account.file}: {taken} rows are clean, {held} are held back, {left} are no data.",
        ),
        "bold",
    )


def _faults(account: Examination, lang: Lang) -> Table:
    table = _table(
        words(lang, "有问题的行（未导入，请改后重新导入）", "Rows held back: mend and load again"),
        words(lang, "位置", "Place"),
        words(lang, "原因", "Reason"),
        words(lang, "建议", "Proposal"),
    )
    faults = account.faults
    for fault in faults[:_SHOWN]:
        table.add_row(_where(fault.place, lang), _reason(fault, lang), _proposal(fault))
    _add_more(table, len(faults), lang)
    return table


def _remarks(account: Examination, lang: Lang) -> Table:
    table = _table(
        words(lang, "读取时的处理（已导入，请核对）", "What was done on reading: please check"),
        words(lang, "位置", "Place"),
        words(lang, "说明", "Remark"),
    )
    for noted in account.noted[:_SHOWN]:
        text = noted.remark.zh if lang == "zh" else noted.remark.en
        table.add_row(_where(noted.place, lang), Text(text))
    _add_more(table, len(account.noted), lang)
    return table


def _left_out(account: Examination, lang: Lang) -> Table:
    table = _table(
        words(lang, "不是数据的行和表", "Rows and sheets that are no data"),
        words(lang, "位置", "Place"),
        words(lang, "说明", "Reason"),
    )
    for left in account.left_out[:_SHOWN]:
        text = left.reason.zh if lang == "zh" else left.reason.en
        table.add_row(_where(left.place, lang), Text(text))
    _add_more(table, len(account.left_out), lang)
    return table


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", show_lines=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _add_more(table: Table, count: int, lang: Lang) -> None:
    more = count - _SHOWN
    if more > 0:
        table.caption = words(
            lang,
            f"另有 {more} 处；加 --report 文件.xlsx 可得全部。",
            f"{more} more; --report FILE.xlsx has them all.",
        )
        table.caption_justify = "left"


def _where(place: Place | None, lang: Lang) -> Text:
    if place is None:
        return Text("—")
    within = Place(sheet=place.sheet, row=place.row, column=place.column).text(lang)
    return Text(within or place.text(lang))


def _reason(fault: InputError, lang: Lang) -> Text:
    return Text(fault.zh if lang == "zh" else fault.en)


def _proposal(fault: InputError) -> Text:
    if fault.proposal is None:
        return Text("")
    return Text(f"{fault.proposal.value}（{fault.proposal.confidence:.0%}）")
