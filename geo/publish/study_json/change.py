"""What changed between two dates as plain values."""

from __future__ import annotations

from geo.core.json_values import Record
from geo.measures.accessibility_and_equity import ACCESSIBLE, PROVIDED
from geo.measures.study import Study
from geo.publish.study_json.digits import AREA_DIGITS, RATE_DIGITS
from geo.publish.study_json.trend import trend_record

_AREAS = (PROVIDED, ACCESSIBLE)


def change_record(then: Study, now: Study) -> Record:
    """Return the measures of a date less those of another, of the district and its townships.

    Both go by the ledger as it is known now; an area that is unknown adds nothing on
    either date.

    Returns
    -------
    dict
        ``since`` and ``on``; ``district``, and ``townships`` by code, each with
        ``area_per_10k_m2``, ``accessible_area_per_10k_m2`` (m² per 10,000 residents) and
        ``coverage_rate`` by group (a share: 0.1 is ten percentage points). None where
        either date has no figure.

    Examples
    --------
    ``kepu study --since 2023-06-30 --json`` has it as ``changes``.
    """
    before, after = (trend_record({one.scenario.on: one}) for one in (then, now))
    return {
        "since": before["dates"][0],
        "on": after["dates"][0],
        "district": _less(after["district"][0], before["district"][0]),
        "townships": {
            code: _less(rows[0], before["townships"][code][0])
            for code, rows in after["townships"].items()
        },
    }


def _less(after: Record, before: Record) -> Record:
    rates = after["coverage_rate"].items()
    return {
        **{name: _difference(after[name], before[name], AREA_DIGITS) for name in _AREAS},
        "coverage_rate": {
            group: _difference(rate, before["coverage_rate"].get(group), RATE_DIGITS)
            for group, rate in rates
        },
    }


def _difference(after: float | None, before: float | None, digits: int) -> float | None:
    return None if after is None or before is None else round(after - before, digits)
