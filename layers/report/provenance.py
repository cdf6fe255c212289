"""How the figures were made and how sure they are: methods, equity, state of the data, sources."""

from __future__ import annotations

from typing import Final

from geo.core.vocabulary import Caliber, Quality, Scope
from layers import Record
from layers.report.words import NONE, ReportWords, pending, tenths, whole

MOST_FINDINGS: Final = 30
_INDICES: Final = {
    "gini": "gini",
    "theil": "theil",
    "between": "theil_between",
    "within": "theil_within",
}
"""The names in the sentence on equity, and the columns of ``inequality`` that they stand for."""


def stamp(document: Record, words: ReportWords) -> str:
    """Return the line that stands by every figure: date, caliber, scope, people, scenario."""
    return words.text(
        "stamp",
        on=document["on"],
        caliber=words.term(Caliber, document["caliber"]),
        scope=words.term(Scope, document["scope"]),
        people=denominator(document, words),
        digest=document["scenario"]["digest"],
    )


def denominator(document: Record, words: ReportWords) -> str:
    """Return whose residents are counted, of which year, and from which source."""
    people = document["denominator"]
    source = _source_title(document, people["source_id"], words)
    if not source:
        return words.of(people)
    return words.text("denominator", people=words.of(people), source=source)


def _source_title(document: Record, source_id: str | None, words: ReportWords) -> str:
    for row in document["sources"]:
        if row["source_id"] == source_id:
            return _title(row, words)
    return source_id or ""


def _title(source: Record, words: ReportWords) -> str:
    # Few offices translate the titles of their sources: the Chinese one stands in.
    return words.of(source, "title") if source[f"title_{words.lang}"] else str(source["title_zh"])


def map_mark(document: Record, words: ReportWords) -> str:
    """Return the approval number of the maps, or that they are not to be published.

    A map with administrative boundaries needs an approval number (审图号); the product never
    makes one.
    """
    number = document["map"]["approval_number"]
    return words.text("map_approval", number=number) if number else words.text("map_internal")


def schematic_mark(document: Record, words: ReportWords) -> str:
    """Return that maps are schematic; empty where they are not."""
    return words.text("schematic") if document["map"]["schematic"] else ""


def demonstration_mark(document: Record, words: ReportWords) -> str:
    """Return that the ledger is invented; empty where it is not."""
    return words.text("demonstration") if document["demonstration"] else ""


def method_lines(document: Record, words: ReportWords) -> list[str]:
    """Return what the figures rest on, one line each.

    Parameters
    ----------
    document : dict
        Of :func:`geo.publish.study_json.study_document`.
    words : ReportWords
        The language.
    """
    lines = [
        words.text("method_area", target=document["district"]["target_area_per_10k_m2"]),
        words.text(
            "method_counting",
            caliber=words.term(Caliber, document["caliber"]),
            scope=words.term(Scope, document["scope"]),
        ),
        words.text("method_people", people=denominator(document, words)),
        words.text("method_travel", travel=words.of(document["travel"])),
        words.text("method_surface", surface=words.of(document["surface"])),
        words.text("method_access", method=words.of(document["accessibility"])),
        words.text("method_standards"),
    ]
    if not document["map"]["approval_number"]:
        profile = words.within(words.of(document["profile"], "profile"))
        lines.append(words.text("method_not_public", profile=profile))
    if document["map"]["schematic"]:
        lines.append(words.text("method_schematic"))
    return lines


def equity_lines(document: Record, words: ReportWords) -> list[str]:
    """Return the indices of inequality, each with what it measures and among how many units."""
    return [
        words.text(
            "equity",
            measure=words.text(f"equity_{row['measure']}"),
            units=row["unit_count"],
            **{
                name: NONE if row[key] is None else f"{row[key]:.3f}"
                for name, key in _INDICES.items()
            },
        )
        for row in document["inequality"]
    ]


def quality_lines(document: Record, quality: Record, words: ReportWords) -> list[str]:
    """Return how complete and how sure the data are, one line each.

    Parameters
    ----------
    document : dict
        Of :func:`geo.publish.study_json.study_document`.
    quality : dict
        Of :func:`geo.measures.quality.quality_document`.
    words : ReportWords
        The language.
    """
    district = document["district"]
    estimates = sum(
        1 for row in document["townships"] if row["population_quality"] == Quality.ESTIMATE.value
    )
    lines = [
        words.text(
            "quality_ledger",
            ledger=words.of(district["ledger"]),
            unknown=district["unknown_area_count"],
            pending=pending(district, words),
        ),
        words.text(
            "quality_places",
            outside=district["outside_count"],
            outside_area=whole(district["outside_area_m2"]),
            unplaced=district["unplaced_count"],
            unplaced_area=whole(district["unplaced_area_m2"]),
            disagreements=district["disagreement_count"],
        ),
        words.text(
            "quality_intake",
            held_back=quality["held_back_count"],
            doubtful=quality["doubtful_count"],
        ),
    ]
    if estimates:
        lines.append(words.text("quality_estimate", count=estimates))
    if district["is_lower_bound"]:
        lines.append(words.text("quality_bound"))
    return lines


def finding_rows(quality: Record, words: ReportWords) -> list[Record]:
    """Return what a person should look at, with its file and row."""
    return [
        {"what": words.of(row), "place": _place(row, words)}
        for row in quality["doubtful"][:MOST_FINDINGS]
    ]


def _place(row: Record, words: ReportWords) -> str:
    number = row["source_row"]
    shown = None if number is None else words.text("source_row", row=number)
    parts = (row["source_file"], row["source_sheet"], shown)
    return " · ".join(str(part) for part in parts if part) or NONE


def source_rows(document: Record, words: ReportWords) -> list[Record]:
    """Return the sources of the data."""
    return [
        {
            "title": _title(row, words),
            "publisher": row["publisher"] or NONE,
            "published_on": row["published_on"] or NONE,
            "quality": words.term(Quality, row["quality"]) if row["quality"] else NONE,
        }
        for row in document["sources"]
    ]


def access_line(document: Record, words: ReportWords) -> str:
    """Return the accessible area of the district in one line."""
    access = document["accessibility"]
    area = tenths(access["accessible_area_per_10k_m2"])
    return words.text(
        "access",
        area=words.bounded(area, access["is_lower_bound"]),
        unreached=whole(access["unreached_supply_m2"]),
        unknown=access["unknown_supply_count"],
    )
