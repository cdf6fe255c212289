"""How people are taken to travel, and what of the roads each mode can and cannot use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from geo.core.errors import BadValueError
from geo.core.json_values import Record
from geo.core.sentences import Sentences, Words
from geo.core.vocabulary import Mode, label
from geo.measures.study import Study
from geo.publish.study_json.digits import PEOPLE_DIGITS
from geo.travel.network import REASONS, Loss, LossReason, ModeNetwork
from geo.travel.roads import RoadTravel

TEXT: Final = Sentences("geo.publish")

_CUT_OFF: Final = frozenset({LossReason.UNCONNECTED, LossReason.NO_WAY_BACK})
"""Roads that are open to a mode, and yet in no way of it: the office may wish to mend them."""


def travel_record(study: Study) -> Record:
    """Return how people are taken to travel, in words too.

    Along roads, ``modes`` tells for each mode that the scenario asks for what it can use, what
    was cut off and why, and who lives too far from it.
    """
    factor = study.scenario.detour_factor
    travel = study.district_coverage.travel
    if isinstance(travel, RoadTravel):
        return _along_roads(study, travel)
    return {
        "basis": travel.basis,
        "detour_factor": factor,
        **TEXT.both("straight_line_detour_factor_no", factor=factor),
    }


def _along_roads(study: Study, travel: RoadTravel) -> Record:
    report = travel.roads.network.report
    length_km = round(report.length_m / 1_000, 1)
    asked = _modes(study)
    usable = {Mode.FOOT, *(mode for mode in asked if _ways(travel, mode))}
    off = {mode: _off_roads(study, travel, mode) for mode in usable}
    people, away = off[Mode.FOOT]
    limit_m = study.scenario.snap_limit_m
    modes = [_of_mode(travel, mode, *off.get(mode, (None, None))) for mode in asked]
    zh, en = _cut_off_words(modes)
    return {
        "basis": travel.basis,
        "detour_factor": None,
        "length_km": length_km,
        "edge_count": report.edge_count,
        "lost": _losses(report.losses),
        "modes": modes,
        "snap_limit_m": limit_m,
        "off_road_population": round(people, PEOPLE_DIGITS),
        "off_road_facility_count": away,
        **TEXT.both(
            "along_roads",
            length_km=length_km,
            people=people,
            away=away,
            limit_m=limit_m,
            what=Words(zh, en),
        ),
    }


def _modes(study: Study) -> list[Mode]:
    """Return the modes that figures of the study go by, in the order of the terms."""
    scenario = study.scenario
    asked = {standard.mode for standard in scenario.standards} | {scenario.accessibility.mode}
    return [mode for mode in Mode if mode in asked]


def _of_mode(travel: RoadTravel, mode: Mode, people: float | None, away: int | None) -> Record:
    ways = _ways(travel, mode)
    return {
        "mode": mode.value,
        "length_km": round(ways.report.length_m / 1_000, 1) if ways else 0.0,
        "edge_count": ways.report.edge_count if ways else 0,
        "part_count": ways.report.part_count if ways else 0,
        "lost": _losses(ways.report.losses) if ways else [],
        "off_road_population": None if people is None else round(people, PEOPLE_DIGITS),
        "off_road_facility_count": away,
    }


def _ways(travel: RoadTravel, mode: Mode) -> ModeNetwork | None:
    """Return what a mode can use; None where nothing, which no figure can have rested on."""
    try:
        return travel.ways(mode)
    except BadValueError:
        return None


def _off_roads(study: Study, travel: RoadTravel, mode: Mode) -> tuple[float, int]:
    """Return how many residents, and how many facilities, are too far from every way."""
    points = study.district_coverage.surface.points
    lost = travel.off_roads(points.geometry, mode)
    people = float(points["population"].reindex(lost.index).sum())
    return people, len(travel.off_roads(study.district_coverage.sites, mode))


def _losses(losses: Iterable[Loss]) -> list[Record]:
    return [
        {
            "reason": loss.reason.value,
            "zh": REASONS[loss.reason].zh,
            "en": REASONS[loss.reason].en,
            "count": loss.count,
            "length_m": round(loss.length_m, 1),
        }
        for loss in losses
    ]


def _cut_off_words(modes: Iterable[Record]) -> tuple[str, str]:
    """Return what was cut off, mode by mode; nothing where nothing was."""
    cut = {
        Mode(one["mode"]): sum(
            loss["length_m"] for loss in one["lost"] if LossReason(loss["reason"]) in _CUT_OFF
        )
        / 1_000
        for one in modes
    }
    told = {mode: f"{km:,.1f}" for mode, km in cut.items() if km > 0}
    if not told:
        return "", ""
    zh = "、".join(f"{label(mode)} {km} 千米" for mode, km in told.items())
    en = ", ".join(f"{km} km {label(mode, 'en')}" for mode, km in told.items())
    return TEXT.words("unconnected_roads", what=Words(zh, en))
