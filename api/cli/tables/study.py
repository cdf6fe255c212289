"""A study on the terminal: the headline, what people reach, townships, findings, sources."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api.cli.tables.reach import print_coverage, print_reaching
from api.cli.terminal import Document, figure, for_whom, out, words
from geo.core.errors import Lang
from geo.core.vocabulary import LABELS, Caliber, Group, Scope


def print_study(document: Document, lang: Lang, console: Console = out) -> None:
    """Print a study: headline, coverage, townships, what people reach, what to look at."""
    console.print(_heading(document, lang))
    console.print(_headline(document, lang))
    print_coverage(document, lang, console)
    console.print(_townships(document, lang))
    print_reaching(document, lang, console)
    _print_findings(document, lang, console)
    _print_sources(document, lang, console)


def _heading(document: Document, lang: Lang) -> Text:
    caliber = LABELS[Caliber][Caliber(document["caliber"])]
    scope = LABELS[Scope][Scope(document["scope"])]
    district = document["district"]
    text = Text(f"{district['name_zh']} {district['district_code']}  {document['on']}", "bold")
    text.append(f"  {for_whom(document, lang)}\n", "bold")
    text.append(
        " · ".join(
            (
                words(lang, f"口径 {caliber.zh}", f"Caliber {caliber.en}"),
                words(lang, f"范围 {scope.zh}", f"Scope: {scope.en}"),
                words(lang, "分母 ", "Denominator: ") + document["denominator"][lang],
                words(lang, "情景 ", "Scenario ") + document["scenario"]["digest"],
            )
        ),
        "not bold",
    )
    if document["demonstration"]:
        text.append(
            words(lang, "\n含演示数据，非真实台账", "\nContains demonstration data"), "yellow"
        )
    return text


def _headline(document: Document, lang: Lang) -> Table:
    figures = document["district"]
    at_least = words(lang, "不低于 ", "at least ") if figures["is_lower_bound"] else ""
    at_most = words(lang, "至多 ", "at most ") if figures["is_lower_bound"] else ""
    table = Table(show_header=False, box=None, pad_edge=False)
    rows = [
        (
            words(lang, "每万人展厅面积", "Exhibition area per 10,000 residents"),
            f"{at_least}{figure(figures['area_per_10k_m2'])} m²"
            + words(lang, "（目标 ", " (target ")
            + f"{figures['target_area_per_10k_m2']:g}"
            + words(lang, "）", ")"),
        ),
        (
            words(lang, "计入面积", "Counted area"),
            f"{at_least}{figure(figures['counted_area_m2'])} m²",
        ),
        (
            words(lang, "尚缺面积", "Area missing"),
            f"{at_most}{figure(figures['area_gap_m2'])} m²",
        ),
        (words(lang, "人口", "Residents"), f"{figures['population']:,.0f}"),
        (
            words(lang, "区内运行设施", "In the district"),
            _facility_counts(figures, lang),
        ),
        (words(lang, "面积不明", "Area unknown"), f"{figures['unknown_area_count']}"),
        (words(lang, "待核", "Pending"), f"{figures['pending_count']}"),
        (words(lang, "台账", "Ledger"), figures["ledger"][lang]),
    ]
    for name, value in rows:
        table.add_row(name, value)
    return table


def _facility_counts(figures: Document, lang: Lang) -> str:
    parts = [
        f"{getattr(LABELS[Group][group], lang)} {figures['facility_count_by_group'][group]}"
        for group in Group
    ]
    return f"{figures['facility_count']}（{'，'.join(parts)}）"


def _townships(document: Document, lang: Lang) -> Table:
    table = Table(
        title=words(lang, "乡镇街道（缺口为参考值）", "Townships (missing area for reference)"),
        title_justify="left",
    )
    table.add_column(words(lang, "乡镇街道", "Township"), overflow="fold")
    for name in (
        words(lang, "人口", "Residents"),
        words(lang, "计入面积 m²", "Counted m²"),
        words(lang, "每万人 m²", "Per 10,000 m²"),
        words(lang, "尚缺 m²", "Missing m²"),
        words(lang, "设施", "Facilities"),
        words(lang, "面积不明", "Unknown"),
    ):
        table.add_column(name, justify="right")
    for row in document["townships"]:
        bound = "≥" if row["is_lower_bound"] else ""
        table.add_row(
            escape(row["name_zh"]),
            figure(row["population"], 0),
            bound + figure(row["counted_area_m2"]),
            bound + figure(row["area_per_10k_m2"]),
            ("≤" if bound and row["area_gap_m2"] else "") + figure(row["area_gap_m2"]),
            str(row["facility_count"]),
            str(row["unknown_area_count"]),
        )
    return table


def _print_findings(document: Document, lang: Lang, console: Console) -> None:
    rows = [row for row in document["findings"] if row["code"] != "area_unknown"]
    if rows:
        console.print(words(lang, "请核对：", "To look at:"), style="bold")
    for row in rows:
        console.print("  " + escape(row[lang]), soft_wrap=True)


def _print_sources(document: Document, lang: Lang, console: Console) -> None:
    console.print(words(lang, "数据来源：", "Sources:"), style="bold")
    for row in document["sources"]:
        title = row["title_zh"] if lang == "zh" else row["title_en"]
        line = f"  {title}（{row['publisher']}，{row['published_on']}）"
        console.print(escape(line), soft_wrap=True)
