"""A row for each township, score card included."""

from __future__ import annotations

import pandas as pd

from geo.core.json_values import Record, number, records
from geo.measures.accessibility_and_equity import ACCESSIBLE
from geo.measures.scorecard import ranks, score_cards
from geo.measures.study import Study
from geo.publish.study_json.digits import AREA_DIGITS, PEOPLE_DIGITS, RATE_DIGITS

_ROUNDED = {
    "population": PEOPLE_DIGITS,
    "counted_area_m2": AREA_DIGITS,
    "area_per_10k_m2": AREA_DIGITS,
    "area_gap_m2": AREA_DIGITS,
    ACCESSIBLE: AREA_DIGITS,
}
_OWN = (
    "name_zh", "kind", "population", "counted_area_m2", "area_per_10k_m2", "area_gap_m2",
    "is_lower_bound", "unknown_area_count", "facility_count",
)  # fmt: skip


def township_records(study: Study) -> list[Record]:
    """Return a row for each township, with coverage by group, kind and audience, and its ranks.

    ``even_coverage_rate`` is coverage by group if its people were spread evenly; without any where
    nothing else is known.
    """
    own = study.townships[list(_OWN)].copy()
    own.insert(3, "population_quality", study.residents.quality_by_township)
    frame = pd.DataFrame(own).join(score_cards(study)).round(_ROUNDED)
    frame.insert(0, "township_code", frame.index)
    rows = study.district_coverage.coverage
    again = study.district_coverage.even_coverage
    if_even = {} if again is None else _rates(again[again["kind"].isna()], "group")
    by_group = _rates(rows[rows["kind"].isna()], "group")
    by_kind = _rates(rows[rows["kind"].notna()], "kind")
    by_audience = _by_audience(study.district_coverage.coverage_by_audience)
    places = ranks(study)
    return [
        row
        | {
            "coverage_rate": by_group.get(row["township_code"], {}),
            "even_coverage_rate": if_even.get(row["township_code"], {}),
            "coverage_rate_by_kind": by_kind.get(row["township_code"], {}),
            "coverage_rate_by_audience": by_audience.get(row["township_code"], {}),
            "ranks": _places(places.loc[row["township_code"]]),
        }
        for row in records(frame)
    ]


def _rates(rows: pd.DataFrame, name: str) -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = {}
    for code, key, rate in zip(
        rows["township_code"], rows[name], rows["coverage_rate"], strict=True
    ):
        found.setdefault(str(code), {})[str(key)] = number(rate, RATE_DIGITS)
    return found


def _by_audience(rows: pd.DataFrame) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return by township and audience the rate of each target, of those who live there."""
    found: dict[str, dict[str, dict[str, float | None]]] = {}
    live = rows[rows["population"] != 0]
    told = zip(
        live["township_code"], live["audience"], live["target_id"], live["coverage_rate"],
        strict=True,
    )  # fmt: skip
    for code, audience, target, rate in told:
        of_audience = found.setdefault(str(code), {}).setdefault(str(audience), {})
        of_audience[str(target)] = number(rate, RATE_DIGITS)
    return found


def _places(row: pd.Series) -> dict[str, int | None]:
    return {str(name): int(place) if pd.notna(place) else None for name, place in row.items()}
