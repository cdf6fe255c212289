"""Frames as plain JSON values: unknown is null, a date is its ISO text."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

Record = dict[str, Any]


def number(value: float, digits: int | None = None) -> float | None:
    """Return a float for JSON: None for NaN or infinity, rounded where asked.

    Examples
    --------
    >>> number(1 / 3, 3), number(float("nan"))
    (0.333, None)
    """
    if not math.isfinite(value):
        return None
    return float(value) if digits is None else round(float(value), digits)


def records(frame: pd.DataFrame) -> list[Record]:
    """Return a frame's rows as dicts of plain values; the index is left out.

    Examples
    --------
    >>> records(pd.DataFrame({"n": [1.0, None], "day": pd.to_datetime(["2023-05-01", None])}))
    [{'n': 1.0, 'day': '2023-05-01'}, {'n': None, 'day': None}]
    """
    columns = {name: _plain_column(frame[name]) for name in frame.columns}
    names = list(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _plain_column(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        text = column.dt.strftime("%Y-%m-%d").astype(object)
        return text.where(column.notna(), None).tolist()  # type: ignore[no-any-return]
    values = column.astype(object)
    known = column.notna()
    if pd.api.types.is_float_dtype(column):
        known &= np.isfinite(column.to_numpy(dtype=np.float64, na_value=np.nan))
    return values.where(known, None).tolist()  # type: ignore[no-any-return]
