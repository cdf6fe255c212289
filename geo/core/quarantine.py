"""Rows that are not clean, as they came: nothing that a sender wrote is dropped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from geo.core.errors import InputError, Place

MAX_CELL: Final = 32_767
"""Characters of a cell that are kept: what a cell of Excel can hold."""

MAX_ROW: Final = 1_000_000
"""Characters of a row that are kept, the bound that intake sets to a row of a CSV."""

MAX_REASONS: Final = 200
"""Reasons that are kept of one row: a row has at most 200 columns."""

_MAX_SENTENCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class HoldReason:
    """One thing that is wrong with a row, and what a person might put there instead.

    Attributes
    ----------
    code : str
        Of the sentence, as in :mod:`geo.core.messages`; may be empty.
    zh, en : str
        What is wrong and the way out.
    column : str or None
        The heading under which it stands.
    proposal : str or None
        As it would be written into the cell.
    confidence : float or None
        Of the proposal, from 0 to 1.
    """

    code: str
    zh: str
    en: str
    column: str | None = None
    proposal: str | None = None
    confidence: float | None = None

    def as_json(self) -> dict[str, str | float | None]:
        """Return it as plain JSON values, each text cut to its bound."""
        return {
            "code": self.code[:MAX_CELL],
            "zh": cut(self.zh, _MAX_SENTENCE),
            "en": cut(self.en, _MAX_SENTENCE),
            "column": None if self.column is None else cut(self.column, MAX_CELL),
            "proposal": None if self.proposal is None else cut(self.proposal, MAX_CELL),
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One row that did not go in, with its cells to the letter.

    Attributes
    ----------
    source_file : str
        Name of the file, without the folder.
    source_sheet : str or None
        Name of the sheet, None in formats that have none.
    source_row : int
        From 1, as Excel counts.
    cells : mapping of str to str
        By heading, as the sender wrote them.
    reasons : tuple of HoldReason
        All that is wrong with it.
    facility_id : str or None
        Where the row tells it beyond doubt: its facility then stays as it is, and a
        later clean row of it resolves this one.
    """

    source_file: str
    source_sheet: str | None
    source_row: int
    cells: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[HoldReason, ...] = ()
    facility_id: str | None = None

    def cells_json(self) -> str:
        """Return the cells as a JSON object; what goes beyond a bound is cut, and says so.

        Examples
        --------
        >>> QuarantinedRow("a.xlsx", None, 3, {"面积": "约两百"}).cells_json()
        '{"面积": "约两百"}'
        """
        kept: dict[str, str] = {}
        left = MAX_ROW
        for heading, text in self.cells.items():
            name = cut(heading, min(MAX_CELL, left))
            kept[name] = cut(text, min(MAX_CELL, left - len(name)))
            left = max(left - len(name) - len(kept[name]), 0)
            if not left:
                break
        return _json(kept)

    def reasons_json(self) -> str:
        """Return the reasons as a JSON list, at most :data:`MAX_REASONS` of them.

        Examples
        --------
        >>> QuarantinedRow("a.xlsx", None, 3).reasons_json()
        '[]'
        """
        return _json([reason.as_json() for reason in self.reasons[:MAX_REASONS]])


def quarantined(
    place: Place,
    cells: Mapping[str, str],
    faults: tuple[InputError, ...],
    *,
    facility_id: str | None = None,
) -> QuarantinedRow:
    """Return a row with the faults that intake found in it.

    Raises
    ------
    ValueError
        The place names no file or no row.

    Examples
    --------
    >>> from geo.core.errors import BadValueError
    >>> fault = BadValueError(zh="不是数字。", en="Not a number.",
    ...                       place=Place(file="a.xlsx", row=3, column="面积"))
    >>> row = quarantined(Place(file="a.xlsx", row=3), {"面积": "多"}, (fault,))
    >>> row.source_row, row.reasons[0].column
    (3, '面积')
    """
    if not place.file or place.row is None:
        raise ValueError("a quarantined row needs its file and row")
    reasons = tuple(_reason(fault) for fault in faults)
    return QuarantinedRow(place.file, place.sheet, place.row, cells, reasons, facility_id)


def cut(text: str, length: int) -> str:
    """Return a text of at most so many characters, and half a character as U+FFFD.

    Examples
    --------
    >>> cut("一二三四五", 3), cut("一二", 3)
    ('一二…', '一二')
    """
    kept = text if len(text) <= length else text[: max(length - 1, 0)] + "…" * (length > 0)
    return kept if kept.isascii() else _whole(kept)


def _whole(text: str) -> str:
    # A lone surrogate cannot be kept; SQLite would refuse the whole load for it.
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)


def _reason(fault: InputError) -> HoldReason:
    proposal = fault.proposal
    return HoldReason(
        code=fault.code,
        zh=fault.zh,
        en=fault.en,
        column=fault.place.column if fault.place else None,
        proposal=proposal.value if proposal else None,
        confidence=proposal.confidence if proposal else None,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
