"""Which rows of a sheet are its headings, and which sheets of a workbook are of which table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from rapidfuzz import fuzz, process

from geo.core.messages import Note
from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION, Table
from geo.intake.formats.parts import Raw, Row, Sheet, is_blank
from geo.intake.headers.lexicon import Lexicon, is_silent, lexicon_of, match_heading
from geo.intake.headers.normalise import MAX_HEADING, folded, heading_word, is_unit
from geo.intake.headers.synonyms import PLACE_COLUMNS, Synonyms
from geo.intake.sentences import message

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, each from 1."""

LOOKED_AT: Final = 30
"""Rows from the top among which the headings are looked for."""
MAX_LEVELS: Final = 3
LEAST_UNDERSTOOD: Final = 2
_RIVAL: Final = 0.6
"""Of the best row's score: another such row with other words makes a second table."""
_RIVAL_COLUMNS: Final = 3
_NEAR: Final = 80.0
_MAX_NEAR: Final = 2_000
_MAX_COVERED: Final = 20_000
_UNIT_ROW: Final = 0.25
_NUMBER_LENGTH: Final = 40


@dataclass(frozen=True)
class Band:
    """Rows that may be headings.

    Attributes
    ----------
    start, height : int
        Position of the first among the rows, and how many they are.
    cells : tuple of Raw
        One heading a column; levels joined by a slash.
    columns : Mapping[str, int]
        Column's name to the first position that means it.
    score : float
        Columns understood, half for those nearly so, less where cells are numbers.
    """

    start: int
    height: int
    cells: tuple[Raw, ...]
    columns: Mapping[str, int]
    score: float

    @property
    def end(self) -> int:
        """Position of the first row below."""
        return self.start + self.height


@dataclass
class _Reader:
    """Reads cells as headings, each text once."""

    lexicon: Lexicon
    known: dict[str, str | None] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    looked_near: int = 0

    def column(self, raw: Raw) -> str | None:
        """Return the column that a cell means."""
        if not isinstance(raw, str) or len(raw) > MAX_HEADING:
            return None
        if raw not in self.known:
            match = match_heading(raw, self.lexicon)
            self.known[raw] = match.column if match else None
        return self.known[raw]

    def is_near(self, raw: Raw) -> bool:
        """Return whether a cell is nearly a heading."""
        if not isinstance(raw, str) or len(raw) > MAX_HEADING or self.looked_near > _MAX_NEAR:
            return False
        self.looked_near += 1
        self.words = self.words or [*self.lexicon.labels, *self.lexicon.section.words]
        word = heading_word(raw)
        return bool(
            process.extractOne(word, self.words, scorer=fuzz.ratio, score_cutoff=_NEAR)
        ) or is_silent(raw, self.lexicon)


def find_headings(
    rows: Sequence[Row], lexicon: Lexicon, merged: Sequence[Merge] = ()
) -> tuple[Band | None, Band | None]:
    """Return the rows that are the headings, and a rival where a second table has others.

    Returns
    -------
    tuple of Band or None
        The headings, None where no row has :data:`LEAST_UNDERSTOOD` headings
        understood; and another row, apart from them, that could be headings too.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> from geo.intake.headers.lexicon import lexicon_of
    >>> rows = [Row(1, ("台账",)), Row(2, ("设施名称", "面积（㎡）", None)),
    ...         Row(3, (None, "展厅", "建筑"))]
    >>> find_headings(rows, lexicon_of(FACILITIES.columns))[0].cells
    ('设施名称', '面积（㎡）/展厅', '面积（㎡）/建筑')
    """
    top = rows[: LOOKED_AT + MAX_LEVELS]
    covers = covered(top, merged)
    reader = _Reader(lexicon)
    bands = [band for band in _bands(top, covers, reader) if len(band.columns) >= LEAST_UNDERSTOOD]
    if not bands:
        return None, None
    least = _RIVAL * max(band.score for band in bands)
    strong = sorted((b for b in bands if b.score >= least), key=lambda b: (b.end, b.start))
    first = strong[0]
    best = max(
        (band for band in bands if band.start < first.end and first.start < band.end),
        key=lambda band: (band.score, -band.height, -band.start),
    )
    rivals = (b for b in strong if b.start >= best.end and _is_rival(b, best, rows))
    return best, next(rivals, None)


def _is_rival(band: Band, best: Band, rows: Sequence[Row]) -> bool:
    same = {row_words(row) for row in rows[best.start : best.end]}
    return len(band.columns) >= _RIVAL_COLUMNS and not any(
        row_words(row) in same for row in rows[band.start : band.end]
    )


def row_words(row: Row) -> tuple[tuple[int, str], ...]:
    """Return the texts of a row as they are compared, with their positions."""
    return tuple(
        (position, folded(str(raw)[:MAX_HEADING]))
        for position, raw in enumerate(row.cells)
        if not is_blank(raw)
    )


def covered(rows: Sequence[Row], merged: Sequence[Merge]) -> Mapping[tuple[int, int], Merge]:
    """Return the merge over each cell (row's number, position from 0) of some rows."""
    covers: dict[tuple[int, int], Merge] = {}
    if not rows:
        return covers
    numbers = range(rows[0].number, rows[-1].number + 1)
    width = max(len(row.cells) for row in rows)
    for merge in merged:
        top, left, bottom, right = merge
        if top not in numbers:
            continue
        for number in range(top, min(bottom, numbers[-1]) + 1):
            for position in range(left - 1, min(right, width)):
                covers.setdefault((number, position), merge)
        if len(covers) > _MAX_COVERED:
            break
    return covers


def _bands(
    rows: Sequence[Row], covers: Mapping[tuple[int, int], Merge], reader: _Reader
) -> Iterator[Band]:
    for start in range(min(LOOKED_AT, len(rows))):
        yield _band(rows, start, 1, rows[start].cells, reader)
        for height in range(2, MAX_LEVELS + 1):
            levels = rows[start : start + height]
            if len(levels) < height or not _may_stand_above(levels[-2], levels[-1], covers):
                break
            yield _band(rows, start, height, composed(levels, covers), reader)


def _band(
    rows: Sequence[Row], start: int, height: int, cells: Sequence[Raw], reader: _Reader
) -> Band:
    columns: dict[str, int] = {}
    score = 0.0
    for position, raw in enumerate(cells):
        if is_blank(raw):
            continue
        name = reader.column(raw)
        if name is not None:
            columns.setdefault(name, position)
        elif _is_number(raw):
            score -= 0.5
        elif height == 1 and reader.is_near(raw):
            score += 0.5
    if height > 1:
        last = [raw for raw in rows[start + height - 1].cells if not is_blank(raw)]
        score += _UNIT_ROW * all(isinstance(raw, str) and is_unit(raw) for raw in last)
        score += sum(
            0.5 for raw in cells if isinstance(raw, str) and is_silent(raw, reader.lexicon)
        )
    return Band(start, height, tuple(cells), columns, score + len(columns))


def _is_number(raw: Raw) -> bool:
    if isinstance(raw, str):
        text = raw.strip()[:_NUMBER_LENGTH]
        return text.replace(".", "", 1).replace("-", "").isdecimal()
    return True


def _may_stand_above(upper: Row, lower: Row, covers: Mapping[tuple[int, int], Merge]) -> bool:
    """Return whether a row has a place below it for others, or a unit under each heading."""
    if any(
        merge[3] > merge[1] and merge[0] == upper.number
        for position in range(len(upper.cells))
        if (merge := covers.get((upper.number, position)))
    ):
        return True
    cells = [*upper.cells, *[None] * (len(lower.cells) - len(upper.cells))]
    texts = [raw for raw in cells if not is_blank(raw)]
    below = [raw for raw in lower.cells if not is_blank(raw)]
    return (
        any(is_blank(a) and not is_blank(b) for a, b in zip(cells, lower.cells, strict=False))
        or len(set(map(str, texts))) < len(texts)
        or all(isinstance(raw, str) and is_unit(raw) for raw in below)
    )


def composed(rows: Sequence[Row], covers: Mapping[tuple[int, int], Merge]) -> tuple[Raw, ...]:
    """Return levels as one row: what stands above others goes before them, with a slash."""
    width = max(len(row.cells) for row in rows)
    levels = [[*row.cells, *[None] * (width - len(row.cells))] for row in rows]
    for depth in range(len(rows) - 1):
        levels[depth] = _spread(levels[depth], levels[depth + 1], rows[depth].number, covers)
    return tuple(_joined([level[position] for level in levels]) for position in range(width))


def _spread(
    upper: Sequence[Raw],
    lower: Sequence[Raw],
    number: int,
    covers: Mapping[tuple[int, int], Merge],
) -> list[Raw]:
    """Return a level with each heading over all the columns that it stands above."""
    spread = list(upper)
    source: Raw = None
    for position, raw in enumerate(upper):
        merge = covers.get((number, position))
        if merge is not None:
            source = None
            if merge[0] == number and is_blank(raw):
                spread[position] = upper[merge[1] - 1]
        elif not is_blank(raw):
            source = None if is_blank(lower[position]) else raw
        elif is_blank(lower[position]):
            source = None
        else:
            spread[position] = source
    return spread


def _joined(levels: Sequence[Raw]) -> Raw:
    parts: list[Raw] = []
    for raw in levels:
        if not is_blank(raw) and (not parts or str(raw) != str(parts[-1])):
            parts.append(raw)
    if len(parts) <= 1:
        return parts[0] if parts else None
    return "/".join(" ".join(str(part).split()) for part in parts)


_LEDGER_NAME: Final = "设施台账"
_DESIGNATION_SHEET: Final = "挂牌"
_LEAST_LEDGER: Final = 3
_DESIGNATION_ALONE: Final = frozenset(
    {"issuing_body", "document_number", "valid_to", "facility_id"}
)

_HIDDEN: Final = message("layout.sheet_hidden")
_NEITHER: Final = message("layout.sheet_unknown")
_POPULATION: Final = message("layout.sheet_population")
_BLANK: Final = message("layout.sheet_blank")


@dataclass(frozen=True)
class SheetLeftOut:
    """A sheet that was not read, and why."""

    name: str
    reason: Note


@dataclass(frozen=True)
class SheetChoice:
    """The sheets of a workbook by what they hold, in its order.

    Attributes
    ----------
    ledgers, designations : tuple of Sheet
        To be read as facilities, and as designations.
    left_out : tuple of SheetLeftOut
        Neither.
    """

    ledgers: tuple[Sheet, ...]
    designations: tuple[Sheet, ...]
    left_out: tuple[SheetLeftOut, ...]


def choose_data_sheets(
    sheets: Sequence[Sheet],
    *,
    hidden: Sequence[str] = (),
    synonyms: Synonyms | None = None,
) -> SheetChoice:
    """Tell ledgers and lists of designations by their headings, whatever the sheets are called.

    The names 设施台账 and 挂牌 decide before the headings do.

    Parameters
    ----------
    sheets : sequence of Sheet
        Those that are visible.
    hidden : sequence of str
        Names of the others.
    synonyms : Synonyms, optional
        Of the office; the built-in ones if not given.

    Examples
    --------
    >>> from geo.intake.formats.parts import Row
    >>> heads = Row(1, ("设施名称", "详细地址", "展厅面积"))
    >>> found = choose_data_sheets([Sheet("a.xlsx", n, [heads]) for n in ("城北", "城南")])
    >>> [sheet.name for sheet in found.ledgers]
    ['城北', '城南']
    """
    kinds = [(sheet, *_kind(sheet, synonyms)) for sheet in sheets]
    left = [SheetLeftOut(s.name or "", reason) for s, _, reason in kinds if reason is not None]
    left += [SheetLeftOut(name, _HIDDEN.note(name=name)) for name in hidden]
    return SheetChoice(
        tuple(sheet for sheet, kind, _ in kinds if kind == "ledger"),
        tuple(sheet for sheet, kind, _ in kinds if kind == "plaques"),
        tuple(left),
    )


def _kind(
    sheet: Sheet, synonyms: Synonyms | None
) -> tuple[Literal["ledger", "plaques", "neither"], Note | None]:
    name = (sheet.name or "").strip()
    if name in (_LEDGER_NAME, _DESIGNATION_SHEET):
        return ("ledger" if name == _LEDGER_NAME else "plaques"), None
    if not sheet.rows:
        return "neither", _BLANK.note(name=name)
    place, designation = (_understood(sheet, t, synonyms) for t in (FACILITIES, DESIGNATIONS))
    alone = bool(designation & _DESIGNATION_ALONE) and len(designation) >= len(place)
    named = "facility_name" in designation and len(place) < _LEAST_LEDGER
    if "title" in designation and (alone or named):
        return "plaques", None
    people = _understood(sheet, POPULATION, synonyms)
    if "population" in people and len(people) > len(place - set(PLACE_COLUMNS)):
        return "neither", _POPULATION.note(name=name)
    least = LEAST_UNDERSTOOD if "台账" in name else _LEAST_LEDGER
    if len(place) >= least and place & {"name", "facility_id"}:
        return "ledger", None
    return "neither", _NEITHER.note(name=name, count=max(len(place), len(designation)))


def _understood(sheet: Sheet, table: Table, synonyms: Synonyms | None) -> set[str]:
    """Return the columns of a table, and of a place, that a sheet's headings name."""
    band, _ = find_headings(sheet.rows, lexicon_of(table.columns, synonyms=synonyms))
    return set(band.columns) if band else set()
