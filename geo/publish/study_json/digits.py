"""How many digits figures have where they leave: here only, never before."""

from __future__ import annotations

from typing import Final

import pandas as pd

AREA_DIGITS: Final = 4
"""Square centimetres, in m²."""
RATE_DIGITS: Final = 6
PEOPLE_DIGITS: Final = 3
MINUTES_DIGITS: Final = 2
METRES_DIGITS: Final = 1

_DIGITS: Final = {
    "population": PEOPLE_DIGITS,
    "covered_population": PEOPLE_DIGITS,
    "gap_population": PEOPLE_DIGITS,
    "coverage_rate": RATE_DIGITS,
    "even_coverage_rate": RATE_DIGITS,
    "population_share": RATE_DIGITS,
    "area_km2": AREA_DIGITS,
    "nearest_distance_m": METRES_DIGITS,
    "nearest_travel_minutes": MINUTES_DIGITS,
    "distance_m": METRES_DIGITS,
    "travel_minutes": MINUTES_DIGITS,
}


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with each figure rounded as its column is, numbered anew.

    Examples
    --------
    >>> rounded(pd.DataFrame({"coverage_rate": [1 / 3]}, index=["a"]))
       coverage_rate
    0       0.333333
    """
    digits = {name: n for name, n in _DIGITS.items() if name in frame.columns}
    return pd.DataFrame(frame.round(digits)).reset_index(drop=True)
