"""Everything that a template may name, from plain documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from geo.core.errors import Lang
from geo.core.vocabulary import Group
from layers import Record
from layers.report import provenance
from layers.report.cards import card_rows
from layers.report.engine import Picture
from layers.report.sites import programme_lines, programme_rows, site_rows, sites_of, siting_note
from layers.report.summary import summary
from layers.report.tables import (
    MOST_GAPS,
    commitment_rows,
    coverage_rows,
    covered_groups,
    gap_row,
    gaps_title,
    progress_rows,
    shares_note,
    township_rows,
    worst_gaps,
)
from layers.report.words import ReportWords, at_least, no_more, share, short, tenths, whole

_BRIEF_COMMITMENTS: Final = 14
_BRIEF_SITES: Final = 8
_BRIEF_GAPS: Final = 4
_COMMITMENT_SIGNS, _TARGET_SIGNS, _PLACE_SIGNS, _TOWN_SIGNS, _LINE_SIGNS = 24, 15, 18, 10, 130
"""How wide a text may be to stay on its line in the brief, in Chinese characters."""


@dataclass(frozen=True)
class Parts:
    """What a report is made of.

    Attributes
    ----------
    document, trend, quality, progress : dict
        As :func:`geo.publish.study_json.study_document`,
        :func:`geo.publish.study_json.trend_record`,
        :func:`geo.measures.quality.quality_document` and
        :func:`geo.publish.study_json.progress.progress_record` return them.
    proposal : dict or None
        As :func:`geo.publish.study_json.siting.proposal_record` returns it; None where no sites
        were computed.
    """

    document: Record
    trend: Record
    quality: Record
    progress: Record
    proposal: Record | None = None


@dataclass(frozen=True)
class Pictures:
    """The maps and charts of a report, each with its caption, in their order."""

    area_maps: Sequence[tuple[Picture, str]] = ()
    coverage_maps: Sequence[tuple[Picture, str]] = ()
    trend_charts: Sequence[tuple[Picture, str]] = ()
    equity_charts: Sequence[tuple[Picture, str]] = ()
    brief_maps: Sequence[tuple[Picture, str]] = ()
    card_charts: Mapping[str, Picture] = field(default_factory=dict)


def content_of(parts: Parts, pictures: Pictures, lang: Lang) -> Record:
    """Return every name that a template may use, with what stands for it.

    Parameters
    ----------
    parts : Parts
        Plain documents.
    pictures : Pictures
        Maps and charts; none for a document that names none.
    lang : {"zh", "en"}
        Of the words.

    Returns
    -------
    dict
        Texts, lists of them, and pictures with captions, but no numbers: a figure is text with
        its bound. ``docs/report.md`` lists the names.
    """
    words = ReportWords(lang)
    return {
        **_marks(parts, words),
        **_tables(parts, words),
        **_brief(parts, words),
        **_shown(pictures),
        "cards": _cards(parts, pictures, words),
    }


def _marks(parts: Parts, words: ReportWords) -> Record:
    document, progress = parts.document, parts.progress
    marks = (provenance.stamp(document, words), provenance.schematic_mark(document, words))
    return {
        "district": document["district"]["name_zh"],
        "on": document["on"],
        "digest": document["scenario"]["digest"],
        "stamp": " · ".join(mark for mark in marks if mark),
        "demonstration": provenance.demonstration_mark(document, words),
        "map_mark": provenance.map_mark(document, words),
        "plan_title": words.of(progress, "title"),
        "plan_source": progress["source"],
        "plan_note": "" if progress["of_this_district"] else words.text("other_plan"),
        "years": [str(year) for year in progress["years"]],
        "trend_years": [day[:4] for day in parts.trend["dates"]],
    }  # fmt: skip


def _tables(parts: Parts, words: ReportWords) -> Record:
    document, proposal = parts.document, parts.proposal
    gaps = worst_gaps(document)
    return {
        "summary": summary(document, parts.progress, proposal, words),
        "headline": _headline(parts, words),
        "commitments": commitment_rows(parts.progress, words),
        "progress": progress_rows(parts.progress, words),
        "groups": [words.term(Group, group) for group in covered_groups(document)],
        "townships": township_rows(document, words),
        "whole": _whole(document, words),
        "coverage": coverage_rows(document, words),
        "shares_note": shares_note(document, words),
        "access": provenance.access_line(document, words),
        "equity": provenance.equity_lines(document, words),
        "gaps_title": gaps_title(len(gaps), words),
        "gaps": [gap_row(row, words) for row in gaps[:MOST_GAPS]],
        "siting_note": siting_note(proposal, words),
        "siting_lines": programme_lines(document, parts.progress, proposal, words),
        "programmes": programme_rows(proposal, words) if proposal else [],
        "sites": site_rows(proposal, words) if proposal else [],
        "methods": provenance.method_lines(document, words),
        "quality": provenance.quality_lines(document, parts.quality, words),
        "findings": provenance.finding_rows(parts.quality, words),
        "sources": provenance.source_rows(document, words),
    }


def _headline(parts: Parts, words: ReportWords) -> Record:
    district = parts.document["district"]
    rows = [row for row in parts.progress["commitments"] if row["target"] is not None]
    met = sum(1 for row in rows if row["state"] == "met")
    bound = district["is_lower_bound"]
    return {
        "per_10k": words.bounded(tenths(district["area_per_10k_m2"]), bound),
        "target": f"{district['target_area_per_10k_m2']:g}",
        "gap": words.at_most(whole(district["area_gap_m2"]), bound),
        "counted": words.bounded(whole(district["counted_area_m2"]), bound),
        "population": whole(district["population"]),
        "met": f"{met} / {len(rows)}",
    }


def _whole(document: Record, words: ReportWords) -> Record:
    """Return the row of the district: the ratio of the sums, never a mean of townships."""
    district, access = document["district"], document["accessibility"]
    rates = {row["group"]: row["coverage_rate"] for row in district["coverage"] if not row["kind"]}
    bound = district["is_lower_bound"]
    return {
        "name": words.text("district"),
        "population": whole(district["population"]),
        "counted": at_least(whole(district["counted_area_m2"]), bound),
        "per_10k": at_least(tenths(district["area_per_10k_m2"]), bound),
        "gap": no_more(whole(district["area_gap_m2"]), bound),
        "accessible": at_least(
            tenths(access["accessible_area_per_10k_m2"]), access["is_lower_bound"]
        ),
        "coverage": [share(rates[group]) for group in covered_groups(document)],
    }


def _brief(parts: Parts, words: ReportWords) -> Record:
    """Return what the brief shows: less of everything, and names that fit their line."""
    commitments = [row for row in commitment_rows(parts.progress, words) if row["has_target"]]
    sites = _best_sites(parts.proposal)
    gaps = [gap_row(row, words) for row in worst_gaps(parts.document)[:_BRIEF_GAPS]]
    return {
        "brief_summary": [
            short(one, _LINE_SIGNS)
            for one in summary(parts.document, parts.progress, parts.proposal, words)
        ],
        "brief_commitments": _cut(commitments[:_BRIEF_COMMITMENTS], {"name": _COMMITMENT_SIGNS}),
        "brief_sites": [
            {
                "number": str(row["site"]),
                "programme": short(words.of(row, "programme"), _TARGET_SIGNS),
                "name": short(row["name"], _PLACE_SIGNS),
                "township": short(row["township_name"], _TOWN_SIGNS),
                "newly": whole(row["newly_covered"]),
            }
            for row in sites
        ],
        "brief_gaps_title": words.text("brief_gaps_title" if gaps else "no_gap"),
        "brief_gaps": _cut(
            gaps, {"target": _TARGET_SIGNS, "township": _TOWN_SIGNS, "nearest": _PLACE_SIGNS}
        ),
    }


def _best_sites(proposal: Record | None) -> list[Record]:
    """Return the sites that newly cover the most, as many of each programme."""
    if proposal is None:
        return []
    each = max(1, _BRIEF_SITES // max(1, len(proposal["programmes"])))
    best: list[Record] = []
    for programme in proposal["programmes"]:
        own = sites_of(proposal, programme)
        best += sorted(own, key=lambda row: -(row["newly_covered"] or 0))[:each]
    return best[:_BRIEF_SITES]


def _cut(rows: Sequence[Record], signs: Mapping[str, int]) -> list[Record]:
    return [row | {name: short(row[name], most) for name, most in signs.items()} for row in rows]


def _shown(pictures: Pictures) -> Record:
    names = ("area_maps", "coverage_maps", "trend_charts", "equity_charts", "brief_maps")
    return {
        name: [{"picture": one, "caption": caption} for one, caption in getattr(pictures, name)]
        for name in names
    }


def _cards(parts: Parts, pictures: Pictures, words: ReportWords) -> list[Record]:
    rows = card_rows(parts.document, parts.trend, parts.proposal, words)
    caption = words.text("card_chart")
    drawn = pictures.card_charts
    return [
        row
        | {
            "charts": [{"picture": drawn[row["code"]], "caption": caption}]
            if row["code"] in drawn
            else []
        }
        for row in rows
    ]
