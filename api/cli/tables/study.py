"""A study on the terminal: the headline, what people reach, townships, findings, sources."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api.cli.tables.reach import print_coverage, print_reaching
from api.cli.terminal import Document, figure, for_whom, out, words
from geo.core.errors import Lang
from geo.core.sentences import Sentences
from geo.core.vocabulary import LABELS, Caliber, Group, Scope

TEXT: Final = Sentences("api.cli")


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
                TEXT.text("caliber", lang, caliber=caliber),
                TEXT.text("scope", lang, scope=scope),
                TEXT.text("denominator", lang) + document["denominator"][lang],
                TEXT.text("scenario_2", lang) + document["scenario"]["digest"],
            )
        ),
        "not bold",
    )
    if document["demonstration"]:
        text.append(TEXT.text("contains_demonstration_data_2", lang), "yellow")
    return text


def _headline(document: Document, lang: Lang) -> Table:
    figures = document["district"]
    at_least = TEXT.text("at_least", lang) if figures["is_lower_bound"] else ""
    at_most = TEXT.text("at_most", lang) if figures["is_lower_bound"] else ""
    table = Table(show_header=False, box=None, pad_edge=False)
    rows = [
        (
            TEXT.text("exhibition_area_per_10_000", lang),
            f"{at_least}{figure(figures['area_per_10k_m2'])} m²"
            + TEXT.text("target", lang)
            + f"{figures['target_area_per_10k_m2']:g}"
            + words(lang, "）", ")"),
        ),
        (
            TEXT.text("counted_area", lang),
            f"{at_least}{figure(figures['counted_area_m2'])} m²",
        ),
        (
            TEXT.text("area_missing", lang),
            f"{at_most}{figure(figures['area_gap_m2'])} m²",
        ),
        (TEXT.text("residents", lang), f"{figures['population']:,.0f}"),
        (
            TEXT.text("in_district", lang),
            _facility_counts(figures, lang),
        ),
        (TEXT.text("area_unknown", lang), f"{figures['unknown_area_count']}"),
        (TEXT.text("pending", lang), f"{figures['pending_count']}"),
        (TEXT.text("ledger", lang), figures["ledger"][lang]),
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
    table.add_column(TEXT.text("township", lang), overflow="fold")
    for name in (
        TEXT.text("residents", lang),
        TEXT.text("counted", lang),
        TEXT.text("per_10_000", lang),
        TEXT.text("missing", lang),
        TEXT.text("facilities", lang),
        TEXT.text("unknown", lang),
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
        console.print(TEXT.text("to_look_at", lang), style="bold")
    for row in rows:
        console.print("  " + escape(row[lang]), soft_wrap=True)


def _print_sources(document: Document, lang: Lang, console: Console) -> None:
    console.print(TEXT.text("sources", lang), style="bold")
    for row in document["sources"]:
        title = row["title_zh"] if lang == "zh" else row["title_en"]
        line = f"  {title}（{row['publisher']}，{row['published_on']}）"
        console.print(escape(line), soft_wrap=True)
