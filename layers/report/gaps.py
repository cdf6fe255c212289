"""The gaps of a report: each once, and of a kind for some people alone, those people."""

from __future__ import annotations

from typing import Final

from geo.core.vocabulary import OWN_AUDIENCE, RURAL_KINDS, Audience, Kind
from geo.siting.labels import AUDIENCES
from layers.report.wording import NONE, Record, Words, share, whole

MOST_GAPS: Final = 20


def told_gaps(document: Record) -> list[Record]:
    """Return the gaps worth a line, those of most people first.

    A group of which one kind alone has a standard has the gaps of that kind; and a kind that
    is for some people alone (a farmers' field school) lacks only them: where none of them
    lives, or nobody in the countryside, there is no gap. ``people`` tells how many,
    ``audience`` who, None for all.
    """
    single = single_kinds(document)
    rows = []
    for row in document["gaps"]:
        if row["kind"] is None and row["group"] in single:
            continue
        if row["kind"] in RURAL_KINDS and row["audiences"].get(Audience.FARMERS.value) == 0:
            continue
        who = OWN_AUDIENCE.get(Kind(row["kind"])) if row["kind"] else None
        people = row["population"] if who is None else row["audiences"].get(who.value)
        if people is None or people > 0:
            rows.append(row | {"people": people, "audience": who})
    return sorted(rows, key=lambda row: (-(row["people"] or 0), row["gap_id"]))


def single_kinds(document: Record) -> dict[str, str]:
    """Return the groups of which one kind alone has a standard, with that kind."""
    kinds: dict[str, list[str]] = {}
    for row in document["district"]["coverage"]:
        if row["kind"] is not None:
            kinds.setdefault(row["group"], []).append(row["kind"])
    return {group: some[0] for group, some in kinds.items() if len(some) == 1}


def gap_row(row: Record, words: Words) -> Record:
    """Return one gap in words."""
    nearest = row["nearest_facility_name"]
    minutes, metres = row["nearest_travel_minutes"], row["nearest_distance_m"]
    way = NONE if metres is None else f"{metres / 1_000:.1f} km"
    told = way if minutes is None else f"{way} / {minutes:.0f} min"
    who = row["audience"]
    return {
        "target": words.target(row) + ("" if who is None else _for(who, words)),
        "township": row["township_name"],
        "people": whole(row["people"]),
        "share": share(row["population_share"]) if who is None else NONE,
        "nearest": nearest or words.say("没有这类设施", "no such facility"),
        "way": told if nearest else NONE,
    }


def _for(who: Audience, words: Words) -> str:
    name = AUDIENCES[who]
    return words.say(f"（{name.zh}）", f" ({name.en})")


def no_gap(words: Words) -> str:
    """Return that there is none."""
    return words.say("按现行服务标准没有覆盖缺口。", "There is no gap under these standards.")


def gaps_title(count: int, words: Words) -> str:
    """Return the title of the table of gaps, of so many, or that there is none."""
    if not count:
        return no_gap(words)
    shown = min(count, MOST_GAPS)
    return words.say(
        f"表5　覆盖缺口（共 {count} 项，列出未覆盖人数最多的 {shown} 项；"
        "只为某类人群设的设施只算这类人）",
        f"Table 5. Gaps ({count} in all; the {shown} with most people not reached; a kind for some "
        "people counts those alone)",
    )
