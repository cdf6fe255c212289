"""What changed since a date, on the terminal: of each township and of the district."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.terminal import Document, figure, out, words
from geo.core.errors import Lang
from geo.core.sentences import Sentences
from geo.core.vocabulary import LABELS, Group

TEXT: Final = Sentences("api.cli")

_AREAS = ("area_per_10k_m2", "accessible_area_per_10k_m2")


def print_since(document: Document, lang: Lang, console: Console = out) -> None:
    """Print what changed between ``since`` and ``on`` of a study with ``changes``."""
    changes = document["changes"]
    groups = list(changes["district"]["coverage_rate"])
    table = Table(
        title=words(
            lang,
            f"自 {changes['since']} 以来的变化（按现有台账计算；面积不明的未计入）",
            f"Change since {changes['since']} (by the ledger as known now; "
            "unknown areas are left out)",
        ),
        title_justify="left",
    )
    table.add_column(TEXT.text("township", lang), overflow="fold")
    heads = [
        TEXT.text("per_10_000", lang),
        TEXT.text("accessible_per_10_000", lang),
        *(
            TEXT.text("covered", lang) + getattr(LABELS[Group][Group(group)], lang)
            for group in groups
        ),
    ]
    for head in heads:
        table.add_column(head, justify="right")
    names = {row["township_code"]: row["name_zh"] for row in document["townships"]}
    for code, row in changes["townships"].items():
        table.add_row(escape(names[code]), *_cells(row, groups))
    table.add_row(TEXT.text("district", lang), *_cells(changes["district"], groups))
    console.print(table)


def _cells(row: Document, groups: list[str]) -> list[str]:
    rates = [row["coverage_rate"].get(group) for group in groups]
    return [
        *(_signed(row[name]) for name in _AREAS),
        *(_signed(rate, 100, "%") for rate in rates),
    ]


def _signed(value: float | None, times: float = 1, unit: str = "") -> str:
    if value is None:
        return figure(None)
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{figure(abs(value) * times)}{unit}"
