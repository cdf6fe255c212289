"""The trend over the plan's dates as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from geo.core.json_values import Record, number
from geo.measures.study import Study
from geo.measures.trend import COVERAGE, trend, trend_of_townships
from geo.publish.study_json.digits import AREA_DIGITS, RATE_DIGITS


def trend_record(studies: Mapping[date, Study]) -> Record:
    """Return ``district``, a row for each date, and ``townships``, their rows by code.

    A row has ``coverage_rate`` by group, as the rows of the study have.
    """
    rows = trend(studies)
    of_towns = trend_of_townships(studies)
    return {
        "dates": [day.isoformat() for day in studies],
        "district": [{"on": day.isoformat(), **_row(row)} for day, row in rows.iterrows()],
        "townships": {
            str(code): [
                {"on": row["on"].isoformat(), **_row(row.drop(["on", "township_code"]))}
                for _, row in group.iterrows()
            ]
            for code, group in of_towns.groupby("township_code")
        },
    }


def _row(row: pd.Series) -> Record:
    found: dict[str, Any] = {"coverage_rate": {}}
    for name, value in row.items():
        kind, _, group = str(name).partition(":")
        if kind == COVERAGE:
            found["coverage_rate"][group] = number(float(value), RATE_DIGITS)
        elif kind.endswith("is_lower_bound"):
            found[kind] = bool(value)
        else:
            found[kind] = number(float(value), AREA_DIGITS if "m2" in kind else RATE_DIGITS)
    return found
