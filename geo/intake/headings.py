"""Which column of a file is which column of a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter

from geo.columns import Column
from geo.errors import DuplicateError, MissingColumnError
from geo.intake.faults import bad_value, shown
from geo.intake.rows import Raw, Row, Sheet, is_blank

_PROVENANCE: Final = frozenset({"source_file", "source_sheet", "source_row"})
_BRACKETED: Final = re.compile(r"(.+)\(([^()]*)\)")
_UNITS: Final[Mapping[str, frozenset[str]]] = {
    "m²": frozenset({"m2", "m^2", "平方米", "平米", "sqm"}),
    "m": frozenset({"m", "米"}),
    "人": frozenset({"人", "persons"}),
    "°": frozenset({"°", "度", "degrees"}),
    "": frozenset(),
}
_UNIT_WORDS: Final = {"m²": "平方米", "m": "米", "人": "人", "°": "度"}
_SHOWN_HEADINGS: Final = 40


@dataclass(frozen=True)
class Headings:
    """The headings of a sheet, understood.

    Attributes
    ----------
    positions : Mapping[str, int]
        Column's name to its position in a row, from 0.
    texts : Mapping[str, str]
        Column's name to the heading as the file writes it.
    ignored : tuple of str
        Headings that name no column of the table.
    width : int
        Positions that have a heading.
    """

    positions: Mapping[str, int]
    texts: Mapping[str, str]
    ignored: tuple[str, ...]
    width: int


def folded(text: str) -> str:
    """Return a word as it is compared: half-width, without white space, in lower case.

    Examples
    --------
    >>> folded(" 展厅 面积（㎡）"), folded("Exhibition Area")
    ('展厅面积(m2)', 'exhibitionarea')
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def understand(
    sheet: Sheet,
    columns: Sequence[Column],
    *,
    aliases: Mapping[str, str] | None = None,
    may_lack: frozenset[str] = frozenset(),
) -> Headings:
    """Find each column of a table among the headings of a sheet.

    A heading is a column's identifier or its Chinese or English label, with or
    without its unit in brackets of either width. Columns of provenance are not
    looked for: intake fills them itself.

    Parameters
    ----------
    sheet : Sheet
        With at least one row, the headings.
    columns : sequence of Column
        Of the table.
    aliases : Mapping[str, str], optional
        Further words, already :func:`folded`, to a column's name.
    may_lack : frozenset of str
        Required columns that may be missing altogether all the same.

    Raises
    ------
    MissingColumnError
        Required columns are missing; all are named, and what was found.
    DuplicateError
        Two headings name the same column.
    BadValueError
        A heading gives its column another unit.

    Examples
    --------
    >>> from geo.columns import FACILITIES
    >>> sheet = Sheet("a.csv", None, [Row(1, ("name", "展厅面积（平方米）", "备忘"))])
    >>> found = understand(sheet, [FACILITIES["name"], FACILITIES["exhibition_area_m2"]])
    >>> dict(found.positions), found.ignored
    ({'name': 0, 'exhibition_area_m2': 1}, ('备忘',))
    """
    known = {column.name: column for column in columns if column.name not in _PROVENANCE}
    words = _words(known) | dict(aliases or {})
    header = sheet.rows[0]
    texts: dict[str, str] = {}
    positions: dict[str, int] = {}
    ignored: list[str] = []
    for position, raw in enumerate(header.cells):
        if is_blank(raw):
            continue
        text = " ".join(str(raw).split())
        name = _column_of(text, words, known, sheet, header.number)
        if name is None:
            ignored.append(shown(text))
        elif name in positions:
            raise _twice(sheet, header, positions[name], position)
        else:
            positions[name], texts[name] = position, text
    missing = [c for c in known.values() if c.required and c.name not in positions]
    missing = [column for column in missing if column.name not in may_lack]
    if missing:
        raise missing_columns(sheet, missing)
    return Headings(positions, texts, tuple(ignored), len(header.cells))


def _words(columns: Mapping[str, Column]) -> dict[str, str]:
    return {
        folded(word): name
        for name, column in columns.items()
        for word in (column.en, column.zh, name)
    }


def _column_of(
    text: str, words: Mapping[str, str], known: Mapping[str, Column], sheet: Sheet, row: int
) -> str | None:
    """Return the column that a heading names; a unit must be the column's own."""
    word = folded(text)
    if word in words:
        return words[word]
    match = _BRACKETED.fullmatch(word)
    if match is None or match[1] not in words:
        return None
    column = known[words[match[1]]]
    if match[2] in _UNITS[column.unit]:
        return column.name
    if not column.unit:
        return None
    # 展厅面积（亩） taken as m², or left out in silence, would both give wrong figures.
    unit = _UNIT_WORDS[column.unit]
    fault = bad_value(
        f"「{shown(text)}」的单位应为{unit}，请换算后把表头改为「{column.zh}（{unit}）」。",
        f"The unit of '{shown(text)}' must be {column.unit}; convert the figures.",
    )
    fault.place = sheet.place(row, text)
    raise fault


def _twice(sheet: Sheet, header: Row, first: int, second: int) -> DuplicateError:
    texts = [shown(header.cells[position]) for position in (first, second)]
    letters = [get_column_letter(position + 1) for position in (first, second)]
    return DuplicateError(
        zh=f"{letters[0]}列「{texts[0]}」和{letters[1]}列「{texts[1]}」是同一项，请删去一列。",
        en=f"Columns {letters[0]} '{texts[0]}' and {letters[1]} '{texts[1]}' are the same.",
        place=sheet.place(header.number),
    )


def missing_columns(sheet: Sheet, missing: Sequence[Column]) -> MissingColumnError:
    """Return the error that names the columns missing, and the headings found."""
    header = sheet.rows[0]
    found = [shown(cell) for cell in header.cells if not is_blank(cell)]
    more = "…" * (len(found) > _SHOWN_HEADINGS)
    found = found[:_SHOWN_HEADINGS] or ["—"]
    lacking = "".join(f"「{column.zh}」" for column in missing)
    return MissingColumnError(
        zh=f"缺少必需的列{lacking}。现有表头：{'、'.join(found)}{more}。请补上，或改正表头。",
        en=f"Columns are missing: {', '.join(column.en for column in missing)}."
        f" The headings are: {', '.join(found)}{more}.",
        place=sheet.place(header.number),
    )


def without_heading(headings: Headings, cells: Sequence[Raw]) -> list[int]:
    """Return the positions, from 0, of cells that stand beyond the last heading."""
    return [
        position for position in range(headings.width, len(cells)) if not is_blank(cells[position])
    ]
