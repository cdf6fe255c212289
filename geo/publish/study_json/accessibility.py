"""Accessible area and inequality as plain values."""

from __future__ import annotations

from typing import Final

from geo.core.json_values import Record, number
from geo.core.sentences import Sentences, Words
from geo.measures.accessibility_and_equity import ACCESSIBLE
from geo.measures.inequality import Inequality
from geo.measures.study import Study
from geo.publish.study_json.digits import AREA_DIGITS, RATE_DIGITS

TEXT: Final = Sentences("geo.publish")

_METHODS = {
    "zones": TEXT.words("e2sfca_with_zones"),
    "binary": TEXT.words("2sfca_without_decay"),
    "gaussian": TEXT.words("2sfca_with_gaussian_decay"),
}
_MODES = {
    "foot": TEXT.words("on_foot"),
    "e_bicycle": TEXT.words("by_bicycle"),
    "car": TEXT.words("by_car_or_bus"),
}
_MOST_POINTS = 200


def accessibility_record(study: Study) -> Record:
    """Return the accessible area of the district, with the method in words."""
    choice = study.scenario.accessibility
    equity = study.accessibility_and_equity
    method, mode = _METHODS[choice.method], _MODES[choice.mode.value]
    return {
        "mode": choice.mode.value,
        "method": choice.method,
        "catchment_minutes": choice.catchment_minutes,
        **TEXT.both(
            "within_minutes",
            method=Words(*method),
            mode=Words(*mode),
            catchment_minutes=choice.catchment_minutes,
        ),
        ACCESSIBLE: number(float(equity.district[ACCESSIBLE]), AREA_DIGITS),
        "is_lower_bound": bool(equity.district["is_lower_bound"]),
        "reached_supply_m2": number(equity.accessibility.reached_supply_m2, AREA_DIGITS),
        "unreached_supply_m2": number(equity.accessibility.unreached_supply_m2, AREA_DIGITS),
        "unknown_supply_count": equity.accessibility.unknown_supply_count,
    }


def inequality_records(study: Study) -> list[Record]:
    """Return each inequality with its Lorenz curve."""
    return [
        {"measure": name, **_inequality(one)}
        for name, one in study.accessibility_and_equity.inequality.items()
    ]


def _inequality(found: Inequality) -> Record:
    return {
        "gini": number(found.gini, RATE_DIGITS),
        "theil": number(found.theil, RATE_DIGITS),
        "theil_between": number(found.theil_between, RATE_DIGITS),
        "theil_within": number(found.theil_within, RATE_DIGITS),
        "theil_by_settlement": {
            str(name): number(float(value), RATE_DIGITS)
            for name, value in found.theil_of_group.items()
        },
        "unit_count": found.unit_count,
        "unknown_count": found.unknown_count,
        "lorenz": _curve(found),
    }


def _curve(found: Inequality) -> list[list[float]]:
    """Return the corners of a Lorenz curve, of many so many as an eye can tell apart."""
    curve = found.lorenz.to_numpy().round(4)
    if len(curve) > _MOST_POINTS:
        step = -(-len(curve) // _MOST_POINTS)
        # The end stays: the curve comes to (1, 1).
        curve = curve[sorted({*range(0, len(curve), step), len(curve) - 1})]
    rows: list[list[float]] = curve.tolist()
    return rows
