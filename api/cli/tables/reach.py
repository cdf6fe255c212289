"""What people reach, on the terminal: coverage, area they share, schools, villages, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.terminal import Document, figure, out, percent, words
from geo.core.errors import Lang
from geo.core.sentences import Sentences, Words
from geo.core.vocabulary import LABELS, Audience, Group

TEXT: Final = Sentences("api.cli")

_MOST_GAPS = 10
_MOST_NAMES = 20
_AUDIENCES = (Audience.YOUTH, Audience.SENIORS, Audience.FARMERS)


def print_coverage(document: Document, lang: Lang, console: Console = out) -> None:
    """Print who is covered, by group and audience, how sure that is, and the edge effect."""
    console.print(_coverage(document, lang))
    console.print(document["edge"][lang], soft_wrap=True, highlight=False, style="dim")


def print_reaching(document: Document, lang: Lang, console: Console = out) -> None:
    """Print the area shared, schools, villages and the ten largest gaps."""
    for line in (
        _accessible(document, lang),
        *_inequality(document, lang),
        _schools(document, lang),
        _villages(document, lang),
    ):
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    rows = [row for row in document["gaps"] if row["kind"] is None and row["population"]]
    if rows:
        console.print(_gaps(rows[:_MOST_GAPS], lang))


def _coverage(document: Document, lang: Lang) -> Table:
    rows = [row for row in document["district"]["coverage"] if row["kind"] is None]
    moved = any(row["even_coverage_rate"] is not None for row in rows)
    table = Table(
        title=words(
            lang, "服务覆盖（{}；{}；标准为规划缺省值）", "Coverage ({}; {}; planning defaults)"
        ).format(document["travel"][lang], document["surface"][lang]),
        title_justify="left",
    )
    table.add_column(TEXT.text("facilities", lang))
    heads = [
        TEXT.text("coverage", lang),
        # How far the figure moves is how sure it is.
        *([TEXT.text("if_spread_evenly", lang)] if moved else []),
        TEXT.text("not_covered", lang),
        *(getattr(LABELS[Audience][audience], lang) for audience in _AUDIENCES),
    ]
    for head in heads:
        table.add_column(head, justify="right")
    for row in rows:
        of_audience = {one["audience"]: one["coverage_rate"] for one in row["audiences"]}
        table.add_row(
            getattr(LABELS[Group][Group(row["group"])], lang),
            percent(row["coverage_rate"]),
            *([percent(row["even_coverage_rate"])] if moved else []),
            figure(row["gap_population"], 0),
            *(percent(of_audience.get(audience.value)) for audience in _AUDIENCES),
        )
    return table


def _accessible(document: Document, lang: Lang) -> str:
    found = document["accessibility"]
    bound = TEXT.text("at_least", lang) if found["is_lower_bound"] else ""
    area = f"{bound}{figure(found['accessible_area_per_10k_m2'])} m²"
    return TEXT.text(
        "accessible_area_per_10_000",
        lang,
        area=area,
        what=Words(found["zh"], found["en"]),
        figure=figure(found["unreached_supply_m2"], 0),
    )


def _inequality(document: Document, lang: Lang) -> list[str]:
    names = {
        "area_per_10k_m2": TEXT.text("area_among_townships", lang),
        "accessible_area_per_10k_m2": TEXT.text("accessible_area_among_residents", lang),
    }
    return [
        TEXT.text(
            "equity_gini_and_theil",
            lang,
            name=names[row["measure"]],
            figure=figure(row["gini"], 3),
            theil=figure(row["theil"], 3),
            theil_between=figure(row["theil_between"], 3),
            theil_within=figure(row["theil_within"], 3),
        )
        for row in document["inequality"]
    ]


def _schools(document: Document, lang: Lang) -> str:
    found = document["schools"]
    count, reached, unknown = (
        found[name] for name in ("school_count", "reached_count", "unknown_count")
    )
    left = [row["name"] for row in found["rows"] if row["reached"] is False]
    listed = _listed(left, lang)
    return TEXT.text(
        "schools_that_reach_a_base",
        lang,
        count=count,
        reached=reached,
        count_2=count - reached - unknown,
        listed=listed,
        unknown=unknown,
    )


def _listed(names: Sequence[str], lang: Lang) -> str:
    """Return names after a colon, the first of many; nothing where there are none."""
    if not names:
        return ""
    more = "……" if len(names) > _MOST_NAMES else ""
    return words(lang, "：", ": ") + "、".join(names[:_MOST_NAMES]) + more


def _villages(document: Document, lang: Lang) -> str:
    found = document["villages"]
    without = found["without"]
    listed = _listed([row["name_zh"] for row in without], lang)
    at_most = TEXT.text("at_most", lang) if without and found["unassigned_count"] else ""
    return TEXT.text(
        "villages_with_a_centre",
        lang,
        village_count=found["village_count"],
        with_count=found["with_count"],
        at_most=at_most,
        without_count=len(without),
        listed=listed,
    )


def _gaps(rows: list[Document], lang: Lang) -> Table:
    table = Table(
        title=words(lang, "未覆盖人口最多的十处", "Where most people are left out"),
        title_justify="left",
    )
    table.add_column(TEXT.text("township", lang), overflow="fold")
    table.add_column(TEXT.text("facilities", lang))
    table.add_column(TEXT.text("not_covered_2", lang), justify="right")
    table.add_column(TEXT.text("share", lang), justify="right")
    table.add_column(TEXT.text("nearest", lang), overflow="fold")
    table.add_column(TEXT.text("minutes", lang), justify="right")
    for row in rows:
        table.add_row(
            escape(row["township_name"]),
            getattr(LABELS[Group][Group(row["group"])], lang),
            figure(row["population"], 0),
            percent(row["population_share"]),
            escape(row["nearest_facility_name"] or "—"),
            figure(row["nearest_travel_minutes"], 0),
        )
    return table
