"""Division codes that a row declares, held against the townships there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from geo.errors import UnknownDivisionError
from geo.intake.messages import message

_DISTRICT_DIGITS: Final = 6
_TOWNSHIP_DIGITS: Final = 9
_SHOWN_TOWNSHIPS: Final = 30
_COLUMNS: Final = ("township_code", "village_code")

_UNKNOWN: Final = message(
    "township_unknown",
    "本区没有代码为 {township} 的乡镇街道。请改正代码，可用：{there}。",
    "The district has no township {township}. There are: {there}.",
)


class Townships:
    """The townships of a district, to hold the codes of many rows against.

    Parameters
    ----------
    townships : pandas.DataFrame
        Indexed by ``township_code``, with ``name_zh``.

    Examples
    --------
    >>> known = Townships(pd.DataFrame({"name_zh": ["镇"]}, index=["430503100"]))
    >>> [column for column, _ in known.faults({"township_code": "430503999"})]
    ['township_code']
    >>> list(known.faults({"township_code": "430502001"}))
    []
    """

    def __init__(self, townships: pd.DataFrame) -> None:
        self._known = frozenset(townships.index)
        self._districts = frozenset(str(code)[:_DISTRICT_DIGITS] for code in self._known)
        names = townships["name_zh"].sort_index().iloc[:_SHOWN_TOWNSHIPS]
        self._there = tuple(f"{number} {name}" for number, name in names.items())
        self._more = len(townships) > _SHOWN_TOWNSHIPS

    def faults(self, values: Mapping[str, Any]) -> Iterator[tuple[str, UnknownDivisionError]]:
        """Return the columns of a row whose township is of this district and not there.

        Codes of other districts pass: a ledger may hold neighbours' places. A
        village code is judged by the township in it.
        """
        for column in _COLUMNS:
            code = values.get(column)
            township = str(code or "")[:_TOWNSHIP_DIGITS]
            if not township or township in self._known:
                continue
            if township[:_DISTRICT_DIGITS] in self._districts:
                there = (*self._there, "…") if self._more else self._there
                yield column, _UNKNOWN.fault(UnknownDivisionError, township=township, there=there)
