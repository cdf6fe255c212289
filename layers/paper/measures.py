"""What a sheet is about: its classes with colour and hatching, its figures and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from geo.core.errors import Lang, QueryError
from geo.core.vocabulary import Group, Kind, Mode, Settlement, label
from layers.palette import COVERAGE_CLASSES, class_breaks
from layers.paper.words import say

MeasureName = Literal["area_per_10k", "accessible", "coverage", "gaps"]
Record = dict[str, Any]

MEASURES: Final[tuple[MeasureName, ...]] = ("area_per_10k", "accessible", "coverage", "gaps")
_MET_HATCHES: Final = ("///", "xxx")
_COVERAGE_HATCHES: Final = ("", "...", "", "////", "")
_ALMOST_ALL: Final = 0.9994
NOBODY_HATCH: Final = "\\\\\\"
GAP_HATCH: Final = "//////"


@dataclass(frozen=True, slots=True)
class MapMeasure:
    """What is asked of a sheet.

    Attributes
    ----------
    name : str
        One of :data:`MEASURES`.
    of : str
        A group or a kind of facility, for ``coverage`` and ``gaps``.
    """

    name: MeasureName = "area_per_10k"
    of: str = Group.BASE.value

    @property
    def target_id(self) -> str:
        """The target's name in the document's gaps."""
        return f"any-{self.of}" if self.of in set(Group) else self.of


@dataclass(frozen=True, slots=True)
class MapClass:
    """One class of the legend; ``high`` is not in it, None is no end."""

    low: float
    high: float | None
    colour: str
    hatch: str
    words: str
    is_met: bool = False


@dataclass(frozen=True)
class Theme:
    """Everything that a sheet says of its measure, worked out.

    Attributes
    ----------
    title, unit, meaning : str
        Of the map; of the legend; how it is to be read.
    classes : tuple of MapClass
        From low to high; none where the map shows gaps.
    value : callable
        Township row to the number that is classed, None where there is none.
    text : callable
        Township row to what is written under its name.
    headline : tuple of str
        Figure of the district: its name, its bound, the figure with unit, what stands below.
    share : float or None
        Of the target, or of the residents: how far a bar is filled; None for no bar.
    groups : tuple of Group
        Whose facilities are drawn.
    kinds : frozenset of str or None
        Of which kinds, and only those that serve; None for all that operate, told apart by
        whether their area counts.
    signs : str
        What stands above the signs of facilities.
    gap_target : str or None
        Whose gaps are drawn.
    """

    title: str
    unit: str
    meaning: str
    classes: tuple[MapClass, ...]
    value: Callable[[Record], float | None]
    text: Callable[[Record], str]
    headline: tuple[str, str, str, str]
    share: float | None
    groups: tuple[Group, ...]
    kinds: frozenset[str] | None
    signs: str
    gap_target: str | None = None

    def class_of(self, row: Record) -> MapClass | None:
        """Return the class of a township; None where it has no value."""
        value = self.value(row)
        if value is None:
            return None
        return next(
            (c for c in self.classes if value >= c.low and (c.high is None or value < c.high)), None
        )


def theme_of(document: Record, measure: MapMeasure, lang: Lang) -> Theme:
    """Return what a sheet says of a measure.

    Raises
    ------
    QueryError
        The document has no coverage of the group or kind asked for.
    """
    if measure.name == "area_per_10k":
        return _area(document, lang, "area_per_10k_m2", "is_lower_bound", "area")
    if measure.name == "accessible":
        key = "accessible_area_per_10k_m2"
        return _area(document, lang, key, "accessible_is_lower_bound", "accessible")
    if measure.name == "coverage":
        return _coverage(document, measure, lang)
    return _gaps(document, measure, lang)


def figure(value: float | None, digits: int = 0) -> str:
    """Return a number as it stands on paper; a dash where it is unknown.

    Examples
    --------
    >>> figure(2546.6), figure(None)
    ('2,547', '—')
    """
    return "—" if value is None else f"{value:,.{digits}f}"


def percent(value: float | None) -> str:
    """Return a share in per cent; almost all is not all.

    Examples
    --------
    >>> percent(0.99996), percent(1.0), percent(None)
    ('99.9%', '100.0%', '—')
    """
    if value is None:
        return "—"
    return f"{min(value, _ALMOST_ALL) if value < 1 else value:.1%}"


def _area(document: Record, lang: Lang, key: str, bound: str, name: str) -> Theme:
    target = document["district"]["target_area_per_10k_m2"]
    whole = document["district"] if name == "area" else document["accessibility"]
    least = say("at_least", lang) if whole["is_lower_bound"] else ""
    value = whole[key]

    def text(row: Record) -> str:
        return f"{'≥' if row[bound] and row[key] is not None else ''}{figure(row[key])}"

    return Theme(
        title=say(f"title_{name}", lang),
        unit=say(f"unit_{name}", lang),
        meaning=_meaning(document, name, lang),
        classes=_area_classes(target),
        value=lambda row: row[key],
        text=text,
        headline=(
            say(f"head_{name}", lang),
            least,
            f"{figure(value, 1)} m²",
            _below(document, name, lang),
        ),
        share=None if value is None else value / target,
        groups=tuple(Group),
        kinds=None,
        signs=say("facilities", lang),
    )


def _meaning(document: Record, name: str, lang: Lang) -> str:
    target = figure(document["district"]["target_area_per_10k_m2"])
    method = document["accessibility"][lang]
    return say(
        f"meaning_{name}", lang, target=target, method=method, travel=document["travel"][lang]
    )


def _below(document: Record, name: str, lang: Lang) -> str:
    district = document["district"]
    target = figure(district["target_area_per_10k_m2"])
    if name == "accessible":
        return say("below_accessible", lang, target=target)
    most = say("at_most", lang) if district["is_lower_bound"] and district["area_gap_m2"] else ""
    return say(
        "below_area", lang, target=target, missing=f"{most}{figure(district['area_gap_m2'])}"
    )


def _area_classes(target: float) -> tuple[MapClass, ...]:
    found, met = [], 0
    for item in class_breaks(target):
        is_met = item.low >= target
        words = (
            f"≥ {figure(item.low)}"
            if item.high is None
            else f"{figure(item.low)} – {figure(item.high)}"
        )
        hatch = _MET_HATCHES[met] if is_met else ""
        met += is_met
        found.append(MapClass(item.low, item.high, item.colour, hatch, words, is_met))
    return tuple(found)


def _target_row(document: Record, measure: MapMeasure) -> Record:
    rows = document["district"]["coverage"]
    found = {row["kind"] or row["group"]: row for row in rows}
    if measure.of not in found:
        usable = ", ".join(found)
        raise QueryError(
            zh=f"「{measure.of}」没有服务标准，没有覆盖可画；可用：{usable}。",
            en=f"'{measure.of}' has no service standard, so no coverage to draw; usable: {usable}.",
        )
    row: Record = found[measure.of]
    return row


def _target_words(row: Record, lang: Lang) -> str:
    if row["kind"]:
        return label(Kind(row["kind"]), lang)
    return label(Group(row["group"]), lang)


def _standards(row: Record, lang: Lang) -> str:
    return ("；" if lang == "zh" else "; ").join(
        say(
            "standard", lang,
            settlement=label(Settlement(item["settlement"]), lang),
            mode=label(Mode(item["mode"]), lang),
            minutes=f"{item['minutes']:g}",
        )
        for item in row["standards"]
    )  # fmt: skip


def _coverage(document: Record, measure: MapMeasure, lang: Lang) -> Theme:
    row = _target_row(document, measure)
    words = _target_words(row, lang)
    column, key = (
        ("coverage_rate_by_kind", row["kind"]) if row["kind"] else ("coverage_rate", row["group"])
    )
    return Theme(
        title=say("title_coverage", lang, target=words),
        unit=say("unit_coverage", lang),
        meaning=_reach_meaning("meaning_coverage", document, row, lang),
        classes=_coverage_classes(),
        value=lambda township: township[column].get(key),
        text=lambda township: percent(township[column].get(key)),
        headline=(
            say("head_coverage", lang), "", percent(row["coverage_rate"]), _not_reached(row, lang),
        ),
        share=row["coverage_rate"],
        **_only(document, row, lang),
    )  # fmt: skip


def _reach_meaning(name: str, document: Record, row: Record, lang: Lang) -> str:
    return say(
        name, lang, target=_target_words(row, lang), standards=_standards(row, lang),
        travel=document["travel"][lang], surface=document["surface"][lang],
    )  # fmt: skip


def _not_reached(row: Record, lang: Lang) -> str:
    return say(
        "below_coverage", lang, left=figure(row["gap_population"]), count=row["facility_count"]
    )


def _only(document: Record, row: Record, lang: Lang) -> dict[str, Any]:
    """Return which facilities a target's sheet shows: of its kinds that have a standard."""
    kinds = {
        other["kind"]
        for other in document["district"]["coverage"]
        if other["group"] == row["group"]
    }
    return {
        "groups": (Group(row["group"]),),
        "kinds": frozenset({row["kind"]} if row["kind"] else kinds - {None}),
        "signs": say("serving", lang),
    }


def _coverage_classes() -> tuple[MapClass, ...]:
    return tuple(
        MapClass(
            low, high, colour, hatch,
            f"≥ {low:.0%}" if high is None else f"{low:.0%} – {high:.0%}",
        )
        for (low, high, colour), hatch in zip(COVERAGE_CLASSES, _COVERAGE_HATCHES, strict=True)
    )  # fmt: skip


def _gaps(document: Record, measure: MapMeasure, lang: Lang) -> Theme:
    row = _target_row(document, measure)
    left = {
        gap["township_code"]: gap["population"]
        for gap in document["gaps"]
        if gap["target_id"] == measure.target_id
    }

    def text(township: Record) -> str:
        people = left.get(township["township_code"], 0.0)
        return say("people", lang, count=figure(people))

    return Theme(
        title=say("title_gaps", lang, target=_target_words(row, lang)),
        unit=say("unit_gaps", lang),
        meaning=_reach_meaning("meaning_gaps", document, row, lang),
        classes=(),
        value=lambda _township: None,
        text=text,
        headline=(
            say("head_gaps", lang), "", say("people", lang, count=figure(row["gap_population"])),
            say(
                "below_gaps", lang, rate=percent(row["coverage_rate"]),
                count=row["facility_count"],
            ),
        ),
        share=None,
        gap_target=measure.target_id,
        **_only(document, row, lang),
    )  # fmt: skip
