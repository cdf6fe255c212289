"""A siting proposal on the terminal: the proof, whom it reaches, the sites with their reasons."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.terminal import Document, for_whom, out
from geo.core.errors import Lang
from geo.core.sentences import Sentences, Words

TEXT: Final = Sentences("api.cli")


def print_proposal(record: Document, lang: Lang, console: Console = out) -> None:
    """Print a proposal, and what was asked for besides it."""
    choice, proof = record["choice"], record["proof"]
    console.print(
        TEXT.text("proposed_sites", lang) + f" · {choice[f'question_{lang}']}",
        style="bold",
    )
    console.print(
        f"{record['on']} · {record['denominator'][lang]} · {record['travel'][lang]} · "
        + TEXT.text("scenario", lang)
        + record["scenario"]["digest"]
        + f" · {for_whom(record, lang)}",
        highlight=False,
        soft_wrap=True,
    )
    if record["demonstration"]:
        console.print(TEXT.text("contains_demonstration_data", lang), style="yellow")
    if record["rounded_positions"] is not None:
        console.print(record["rounded_positions"][lang], soft_wrap=True, highlight=False)
    console.print(proof[lang], soft_wrap=True, highlight=False)
    console.print(_programmes(record, lang))
    _print_unknown(record, lang, console)
    console.print(_sites(record, lang))
    _print_extras(record, lang, console)


def print_allotment(record: Document, lang: Lang, console: Console = out) -> None:
    """Print how much area each place would add, and where that leaves each township."""
    target = f"{record['target_area_per_10k_m2']:g}"
    console.print(
        TEXT.text("area_for_the_target", lang, target=target),
        style="bold",
    )
    if record["demonstration"]:
        console.print(TEXT.text("contains_demonstration_data", lang), style="yellow")
    console.print(_allotment_words(record, lang), soft_wrap=True, highlight=False)
    console.print(_allotted_places(record, lang))
    console.print(_allotted_townships(record, lang))


def _allotment_words(record: Document, lang: Lang) -> str:
    added, after = _people(record["total_added_m2"]), f"{record['area_per_10k_m2']:,.1f}"
    bound = record["is_lower_bound"]
    proof = (
        TEXT.text("proven_least", lang)
        if record["is_optimal"]
        else TEXT.text("bound", lang, people=_people(record["bound"]))
    )
    if record["reaches_target"]:
        told = TEXT.text("in_all", lang, added=added, proof=proof, after=after)
    else:
        short = _people(record["objective"])
        told = TEXT.text(
            "with_added_are_still_missing", lang, added=added, short=short, proof=proof, after=after
        )
    note = TEXT.text("some_areas_are_unknown", lang)
    return told + (note if bound else "")


def _allotted_places(record: Document, lang: Lang) -> Table:
    table = _table(
        TEXT.text("area_added", lang),
        [TEXT.text("place_2", lang), TEXT.text("township", lang)],
        [TEXT.text("now", lang), TEXT.text("added", lang)],
    )
    for row in record["places"]:
        new = TEXT.text("new_place_still_found", lang)
        table.add_row(
            escape(row["name"]) if row["name"] else new,
            escape(row["township_name"]),
            _people(row["present_area_m2"]),
            _people(row["added_area_m2"]),
        )
    return table


def _allotted_townships(record: Document, lang: Lang) -> Table:
    table = _table(
        TEXT.text("townships", lang),
        [TEXT.text("township", lang)],
        [
            TEXT.text("residents", lang),
            TEXT.text("per_10_000_now", lang),
            TEXT.text("added", lang),
            TEXT.text("per_10_000_then", lang),
        ],
    )
    for row in record["townships"]:
        at_least = "≥" if row["is_lower_bound"] else ""
        table.add_row(
            escape(row["name_zh"]),
            _people(row["population"]),
            at_least + _tenths(row["area_per_10k_before_m2"]),
            _people(row["added_area_m2"]),
            at_least + _tenths(row["area_per_10k_m2"]),
        )
    return table


def _tenths(value: float | None) -> str:
    return "—" if value is None else f"{value:,.1f}"


def _programmes(record: Document, lang: Lang) -> Table:
    table = _table(
        TEXT.text("whom_it_reaches", lang),
        [TEXT.text("programme", lang), TEXT.text("audience", lang)],
        [
            TEXT.text("in_all_2", lang),
            TEXT.text("covered_now", lang),
            TEXT.text("with_plan", lang),
        ],
    )
    for programme in record["programmes"]:
        table.add_row(
            programme[lang],
            programme[f"audience_{lang}"],
            *(
                _people(programme["demand"][name])
                for name in ("population", "covered_before", "covered_after")
            ),
        )
    return table


def _print_unknown(record: Document, lang: Lang, console: Console) -> None:
    """Say where the audience is unknown: it counts as nobody there, and the rest is a bound."""
    for programme in record["programmes"]:
        names = programme["unknown_townships"]
        if names:
            told = "、".join(names)
            console.print(
                TEXT.text(
                    "audience_is_unknown",
                    lang,
                    what=Words(programme["zh"], programme["en"]),
                    told=told,
                ),
                markup=False,
                soft_wrap=True,
            )


def _sites(record: Document, lang: Lang) -> Table:
    table = _table(
        TEXT.text("sites", lang),
        [
            TEXT.text("no_2", lang),
            TEXT.text("programme", lang),
            TEXT.text("place", lang),
            TEXT.text("township", lang),
            TEXT.text("what_it_is", lang),
        ],
        [
            TEXT.text("newly_covered", lang),
            TEXT.text("by_it_alone", lang),
        ],
    )
    table.add_column(TEXT.text("next_best_instead", lang), overflow="fold")
    phased = any(site["phase"] > 1 for site in record["sites"])
    for site in record["sites"]:
        phase = TEXT.text("phase", lang, phase=site["phase"])
        table.add_row(
            str(site["site"]),
            site[f"programme_{lang}"] + (phase if phased else ""),
            escape(site["name"]),
            escape(site["township_name"]),
            site[f"source_{lang}"],
            _people(site["newly_covered"]),
            _people(site["covered_alone"]),
            _next_best(site),
        )
    return table


def _next_best(site: Document) -> str:
    if site["next_best_name"] is None:
        return "—"
    return f"{escape(site['next_best_name'])}（{_signed(-site['next_best_loss'])}）"


def _print_extras(record: Document, lang: Lang, console: Console) -> None:
    if "alternatives" in record:
        console.print(_alternatives(record, lang))
    if "frontier" in record:
        console.print(_frontier(record, lang))
    if "robustness" in record:
        console.print(_robustness(record, lang))


def _alternatives(record: Document, lang: Lang) -> Table:
    table = _table(
        TEXT.text("other_plans", lang),
        [TEXT.text("without", lang), TEXT.text("instead", lang)],
        [TEXT.text("objective", lang), TEXT.text("change", lang)],
    )
    for row in record["alternatives"]:
        table.add_row(
            escape("、".join(row["instead_of"])),
            escape("、".join(row["instead"])),
            _people(row["objective"]),
            _signed(row["change"]),
        )
    return table


def _frontier(record: Document, lang: Lang) -> Table:
    table = _table(
        TEXT.text("between_most_and_even", lang),
        [],
        [
            TEXT.text("newly_covered", lang),
            TEXT.text("covered_2", lang),
            TEXT.text("lowest_township", lang),
            "Gini",
        ],
    )
    for row in record["frontier"]:
        table.add_row(
            _people(row["newly_covered"]),
            f"{row['covered_share']:.1%}",
            f"{row['lowest_share']:.1%}",
            f"{row['gini']:.3f}",
        )
    return table


def _robustness(record: Document, lang: Lang) -> Table:
    found = record["robustness"]
    names = {site["site"]: site["name"] for site in record["sites"]}
    table = _table(
        TEXT.text(
            "robustness_draws",
            lang,
            draws=found["draws"],
            least_kept_share=found["least_kept_share"],
        ),
        [TEXT.text("place", lang)],
        [
            TEXT.text("chosen_again", lang),
            TEXT.text("one_within_chosen", lang, near_m=found["near_m"]),
        ],
    )
    for row in found["sites"]:
        table.add_row(
            f"{row['site']} {escape(names[row['site']])}",
            f"{row['chosen_share']:.0%}",
            f"{row['near_share']:.0%}",
        )
    return table


def _table(title: str, texts: list[str], figures: list[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in texts:
        table.add_column(name, overflow="fold")
    for name in figures:
        table.add_column(name, justify="right")
    return table


def _people(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"


def _signed(value: float) -> str:
    return f"{value:+,.0f}".replace("-", "−") if round(value) else "±0"
