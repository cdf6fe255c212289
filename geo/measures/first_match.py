"""The first of several tests that holds, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]


def first_match(
    tests: Sequence[tuple[StrEnum, Mask]], *, default: StrEnum, index: pd.Index
) -> pd.Series:
    """Return, for each row, the term whose test holds first.

    Parameters
    ----------
    tests : sequence of (StrEnum, numpy.ndarray of bool)
        In the order in which they are asked.
    default : StrEnum
        For rows where none holds.
    index : pandas.Index
        Of the rows.

    Returns
    -------
    pandas.Series
        The terms' values as text, on ``index``.

    Examples
    --------
    >>> from geo.core.vocabulary import Level
    >>> rows = np.array([1, 5, 9])
    >>> first_match([(Level.COUNTY, rows < 4), (Level.MUNICIPAL, rows < 8)],
    ...                  default=Level.NONE, index=pd.RangeIndex(3)).tolist()
    ['county', 'municipal', 'none']
    """
    # A small number a row, not a text a row: a million rows keep to a megabyte.
    number = np.full(len(index), len(tests), dtype=np.int8)
    for position in range(len(tests) - 1, -1, -1):
        number[tests[position][1]] = position
    values = np.array([term.value for term, _ in tests] + [default.value], dtype=object)
    return pd.Series(values[number], index=index, dtype="str")
