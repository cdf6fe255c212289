"""What became of the rows of a file, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.terminal import err, out, words
from geo.core.errors import InputError, Lang, Place
from geo.core.messages import Note
from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION, VILLAGES
from geo.intake.import_report import ImportReport
from geo.store.history import Changes

Record = dict[str, Any]

_SHOWN: Final = 20
_SHOWN_SIGNS: Final = 200
_TOLD: Final = (VILLAGES, POPULATION, FACILITIES, DESIGNATIONS)


def print_account(account: ImportReport, lang: Lang, console: Console = err) -> None:
    """Print how many rows were taken, held back and left out, and why, the first of each."""
    console.print(_summary(account, lang))
    if account.quarantined:
        console.print(_faults(account, lang))
    if account.warnings:
        console.print(_remarks(account, lang))
    if account.left_out:
        console.print(_left_out(account, lang))
    if account.ignored_headings:
        names = words(lang, "、", ", ").join(account.ignored_headings)
        console.print(Text(words(lang, f"未使用的列：{names}", f"Columns not used: {names}")))


def print_changes(changes: Changes, lang: Lang, console: Console = err) -> None:
    """Print what an import changes, field by field, before and after."""
    if changes.nothing:
        return
    added, changed, removed, unchanged = changes.counts
    console.print(
        Text(
            words(
                lang,
                f"变更：新增 {added}，修改 {changed}，移除 {removed}，未变 {unchanged}。",
                f"Changes: {added} added, {changed} changed, {removed} removed, {unchanged} same.",
            ),
            "bold",
        )
    )
    rows = changes.fields.to_dict("records")
    if not rows:
        return
    table = _table(
        words(lang, "修改的内容", "What changes"),
        words(lang, "编号", "Id"),
        words(lang, "列", "Column"),
        words(lang, "原来", "Before"),
        words(lang, "现在", "After"),
    )
    cells = [
        (row["id"], _column(str(row["column"]), lang), _short(row["before"]), _short(row["after"]))
        for row in rows
    ]
    console.print(_with_rows(table, cells, lang))


def print_imports(rows: Sequence[Record], lang: Lang, console: Console = out) -> None:
    """Print every import with what it changed."""
    table = _table(
        words(lang, "导入历史", "Imports"),
        words(lang, "号", "No."),
        words(lang, "时间 (UTC)", "When (UTC)"),
        words(lang, "谁", "Who"),
        words(lang, "内容", "What"),
        words(lang, "文件", "File"),
        words(lang, "增/改/删/不变", "Added/changed/removed/same"),
        words(lang, "待改", "Held back"),
        words(lang, "已被撤销", "Taken back by"),
    )
    for row in rows:
        counts = "/".join(_told(row[name]) for name in ("added", "changed", "removed", "unchanged"))
        cells = (row["load_id"], f"{row['loaded_at']:%Y-%m-%d %H:%M}", row["who"], row["what"],
                 row["file_name"], counts, row["quarantined"], row["undone_by"])  # fmt: skip
        table.add_row(*(Text(_told(cell)) for cell in cells))
    console.print(table)


def print_quarantine(rows: Sequence[Record], lang: Lang, console: Console = out) -> None:
    """Print the rows that are held back: where they stand, why, and what they may say."""
    if not rows:
        console.print(words(lang, "没有待改的行。", "No row is held back."))
        return
    table = _table(
        words(lang, f"待改的行（{len(rows)}）", f"Rows held back ({len(rows)})"),
        words(lang, "文件和行", "File and row"),
        words(lang, "内容", "Cells"),
        words(lang, "原因", "Reasons"),
        words(lang, "建议", "Proposal"),
    )
    for row in rows:
        place = Place(
            file=_told(row["source_file"]),
            sheet=_told(row["source_sheet"], "") or None,
            row=int(row["source_row"]),
        )
        reasons = orjson.loads(row["reasons"])
        cells = orjson.loads(row["cells"])
        table.add_row(
            Text(place.text(lang)),
            Text("；".join(f"{name}：{text}" for name, text in list(cells.items())[:4])),
            Text("\n".join(str(reason[lang]) for reason in reasons)),
            Text("\n".join(str(reason["proposal"] or "") for reason in reasons)),
        )
    console.print(table)


def print_history(rows: Sequence[Record], lang: Lang, console: Console = out) -> None:
    """Print every version of one facility, oldest first."""
    table = _table(
        words(lang, "每个版本", "Versions"),
        words(lang, "自", "From"),
        words(lang, "至", "To"),
        words(lang, "谁", "Who"),
        words(lang, "文件 · 行", "File, row"),
        words(lang, "名称", "Name"),
        words(lang, "展厅面积 m²", "Exhibition area m²"),
        words(lang, "状态", "Status"),
    )
    for row in rows:
        source = f"{_told(row['source_file'])} · {_told(row['source_row'])}"
        cells = (f"{row['loaded_at']:%Y-%m-%d %H:%M}", _moment(row["to"]), row["who"], source,
                 row["name"], row["exhibition_area_m2"], row["status"])  # fmt: skip
        table.add_row(*(Text(_told(cell)) for cell in cells))
    console.print(table)


def _moment(value: Any) -> str:
    text = _told(value)
    return text[:16] if text != "—" else text


def _told(value: Any, nothing: str = "—") -> str:
    """Return a value of a frame as text; whatever pandas has for unknown is a dash."""
    if value is None or value != value or str(value) in ("<NA>", "NaT", ""):  # noqa: PLR0124
        return nothing
    return f"{value:g}" if isinstance(value, float) else str(value)


def _column(name: str, lang: Lang) -> str:
    if name == "geometry":
        return words(lang, "位置", "position")
    known = {column.name: column for table in _TOLD for column in table.columns}
    return getattr(known[name], lang) if name in known else name


def _summary(account: ImportReport, lang: Lang) -> Text:
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


def _faults(account: ImportReport, lang: Lang) -> Table:
    table = _table(
        words(lang, "有问题的行（未导入，请改后重新导入）", "Rows held back: mend and load again"),
        words(lang, "位置", "Place"),
        words(lang, "原因", "Reason"),
        words(lang, "建议", "Proposal"),
    )
    rows = [(error.place, _sentence(error, lang), _proposal(error)) for error in account.errors]
    return _with_rows(table, rows, lang)


def _remarks(account: ImportReport, lang: Lang) -> Table:
    table = _table(
        words(lang, "读取时的处理（已导入，请核对）", "What was done on reading: please check"),
        words(lang, "位置", "Place"),
        words(lang, "说明", "Remark"),
    )
    # What is said of a whole sheet comes before what is said of its rows, and is always shown.
    warnings = sorted(account.warnings, key=lambda one: one.place.row is not None)
    rows = [(one.place, _sentence(one.note, lang)) for one in warnings]
    return _with_rows(table, rows, lang)


def _left_out(account: ImportReport, lang: Lang) -> Table:
    table = _table(
        words(lang, "不是数据的行和表", "Rows and sheets that are no data"),
        words(lang, "位置", "Place"),
        words(lang, "说明", "Reason"),
    )
    rows = [(left.place, _sentence(left.reason, lang)) for left in account.left_out]
    return _with_rows(table, rows, lang)


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", show_lines=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _with_rows(table: Table, rows: Sequence[Sequence[object]], lang: Lang) -> Table:
    """Fill a table with the first rows, and say below how many more there are."""
    for row in rows[:_SHOWN]:
        table.add_row(*(_cell(cell, lang) for cell in row))
    more = len(rows) - _SHOWN
    if more > 0:
        table.caption = words(
            lang,
            f"另有 {more} 处；加 --report 文件.xlsx 可得全部。",
            f"{more} more; --report FILE.xlsx has them all.",
        )
        table.caption_justify = "left"
    return table


def _cell(cell: object, lang: Lang) -> Text:
    return _where(cell, lang) if isinstance(cell, Place) else Text(_told(cell))


def _short(value: object) -> str:
    """Return a value as a table may show it; history keeps it whole."""
    told = _told(value)
    return told[:_SHOWN_SIGNS] + "…" * (len(told) > _SHOWN_SIGNS)


def _where(place: Place, lang: Lang) -> Text:
    within = Place(sheet=place.sheet, row=place.row, column=place.column).text(lang)
    return Text(within or place.text(lang))


def _sentence(told: InputError | Note, lang: Lang) -> str:
    return told.zh if lang == "zh" else told.en


def _proposal(error: InputError) -> str | None:
    proposal = error.proposal
    return None if proposal is None else f"{proposal.value}（{proposal.confidence:.0%}）"
