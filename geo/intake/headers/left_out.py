"""Rows of a sheet that are no data: titles, totals, notes, examples, headings once more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from geo.core.messages import Message, Note, shown
from geo.core.script import simplified
from geo.intake.formats.parts import Raw, Row, is_blank
from geo.intake.headers.normalise import folded, units_stated
from geo.intake.headers.rows import Band, row_words
from geo.intake.sentences import message

_MAX_NUMBER: Final = 30


@dataclass
class ColumnSums:
    """The sums of columns over the data rows, computed only when a row may be their total."""

    _whole: dict[int, float] = field(default_factory=dict)
    _part: dict[int, float] = field(default_factory=dict)
    _waiting: list[tuple[Raw, ...]] = field(default_factory=list)
    _rows: int = 0

    def add(self, cells: tuple[Raw, ...]) -> None:
        """Add a row of data."""
        self._waiting.append(cells)

    def equal(self, numbers: Mapping[int, float]) -> bool:
        """Return whether numbers are the sums of their columns, in all or since the last total."""
        for cells in self._waiting:
            for position, value in numbers_of(cells).items():
                self._whole[position] = self._whole.get(position, 0.0) + value
                self._part[position] = self._part.get(position, 0.0) + value
        self._rows += len(self._waiting)
        self._waiting.clear()
        return self._rows > 1 and any(
            any(sums.get(p) for p in numbers)
            and all(_same(sums.get(p, 0.0), value) for p, value in numbers.items())
            for sums in (self._whole, self._part)
        )

    def begin_part(self) -> None:
        """Begin the sums of a part anew, below a total."""
        self.equal({})
        self._part.clear()


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one))


def numbers_of(cells: Sequence[Raw]) -> dict[int, float]:
    """Return the numbers of a row by position, those written as text too.

    Examples
    --------
    >>> numbers_of(("馆", 120, "30.5", True, None))
    {1: 120.0, 2: 30.5}
    """
    found = {}
    for position, raw in enumerate(cells):
        if isinstance(raw, str):
            text = raw.strip() if len(raw) <= _MAX_NUMBER else ""
            if text.replace(".", "", 1).isdecimal():
                found[position] = float(text)
        elif isinstance(raw, float | int) and not isinstance(raw, bool):
            found[position] = float(raw) if abs(raw) < 1e15 else float("inf")  # noqa: PLR2004
    return found


_LOOK: Final = 40
_FIRST: Final = 3
_LEAST_NUMBERS: Final = 3
_IDS: Final = ("facility_id", "division_code", "township_code")
_NAMES: Final = ("name", "title", "name_zh")
_TOTAL: Final = re.compile(
    r"\(?.{0,12}(?:合计|总计|小计|共计|累计|汇总)(?:数|人数|面积|行)?\)?(?:\(.{0,12}\))?:?"
    r"(?:\d{1,9}[个家处座所人站]?)?|total|subtotal|sum"
)
_COUNT: Final = re.compile(r"共?\d{1,9}[个家处座所人站名]?")
_NOTE: Final = re.compile(
    r"\(?(?:[附备]?注|说明|备注说明|填[表报写]说明|注意(?:事项)?|(?:数据|资料)?来源|附[件表]"
    r"|(?:填[表报]|制表|审核|复核|经办|统计|联系|签字|报送)人(?:员)?|制表|审核|复核"
    r"|(?:单位|部门|主要|分管)?(?:负责人|领导)|联系(?:电话|方式)|电话"
    r"|(?:填[表报]|制表|报送|编制)(?:单位|部门|机构)|单位(?:名称)?\(?盖?章?\)?|公章|盖章"
    r"|(?:填[表报]|制表|报送|上报|统计|截止|编制|更新)?(?:日期|时间))"
    r"\d{0,2}\)?(?:\(.{0,8}\))?:"
)
_CLOSING: Final = frozenset(
    {"以下空白", "(以下空白)", "以下无正文", "盖章", "(盖章)", "(公章)", "公章"}
)
_EXAMPLE: Final = re.compile(
    r"\(?(?:填[写报])?(?:示例|样例|范例|举例|示范|例如|例)(?:行|数据)?\d{0,2}\)?(?::.*)?"
)
_SECTION: Final = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)"
    r"|第[一二三四五六七八九十]{1,3}(?:部分|类|章|片)).+"
)

_TITLE = message("layout.row_title")
_UNIT = message("layout.row_unit")
_REPEATED = message("layout.row_repeated_heading")
_NUMBERING = message("layout.row_numbering")
_TOTALS = message("layout.row_total")
_SUM = message("layout.row_sum")
_NOTED = message("layout.row_note")
_EXAMPLES = message("layout.row_example")
_SECTIONS = message("layout.row_section")


@dataclass(frozen=True)
class LeftOut:
    """A row that was not read as data.

    Attributes
    ----------
    row : int
        Its number.
    reason : Note
        Why.
    cells : tuple of Raw
        All that it says.
    """

    row: int
    reason: Note
    cells: tuple[Raw, ...]


def stated_units(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the units that rows state: 单位：平方米."""
    return tuple(
        dict.fromkeys(
            unit
            for row in rows
            for raw in row.cells
            if isinstance(raw, str)
            for unit in units_stated(raw)
        )
    )


def part_rows(
    rows: Sequence[Row],
    above: Sequence[Row],
    band: Band,
    body: Iterable[Row],
    *,
    silent: frozenset[int] = frozenset(),
    wide: frozenset[int] = frozenset(),
) -> tuple[list[int], list[LeftOut]]:
    """Return which of the rows below the headings are data, by position, and the others.

    Parameters
    ----------
    rows : sequence of Row
        Those of the headings.
    above : sequence of Row
        Those above them.
    band : Band
        The headings.
    body : iterable of Row
        Those below, merged cells filled down; looked at once, in their order.
    silent : frozenset of int
        Positions of columns that number the rows.
    wide : frozenset of int
        Numbers of rows with a cell merged over several columns.
    """
    judge = _Judge(
        {row_words(row) for row in rows},
        {row_words(row) for row in above},
        frozenset(band.columns[name] for name in _IDS if name in band.columns),
        frozenset(band.columns[name] for name in _NAMES if name in band.columns),
        silent,
        wide,
    )
    data: list[int] = []
    left: list[LeftOut] = []
    for position, row in enumerate(body):
        kind = judge.kind(row)
        if kind is None:
            data.append(position)
        else:
            left.append(left_out(row, kind))
    return data, left


@dataclass
class _Judge:
    """Tells what each row below the headings is, one after the other."""

    headings: set[tuple[tuple[int, str], ...]]
    titles: set[tuple[tuple[int, str], ...]]
    ids: frozenset[int]
    names: frozenset[int]
    silent: frozenset[int]
    wide: frozenset[int]
    sums: ColumnSums = field(default_factory=ColumnSums)
    last: Message | None = _REPEATED
    firsts: frozenset[str] = field(init=False)
    keys: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Note how headings and titles begin: only rows that do are compared as a whole."""
        begun = (words[0][1] for words in self.headings | self.titles if words)
        # Of the columns with these a row of data fills at least one.
        self.keys = self.ids | self.names
        self.firsts = frozenset(simplified(folded(text))[:_LOOK] for text in begun)

    def kind(self, row: Row) -> Message | None:
        """Return why a row is no data, None where it is."""
        self.last = found = self._kind(row)
        if found is None:
            self.sums.add(row.cells)
        elif found in {_TOTALS, _SUM}:
            self.sums.begin_part()
        return found

    def _kind(self, row: Row) -> Message | None:
        filled = [p for p, raw in enumerate(row.cells) if not is_blank(raw)]
        if not filled:
            return None
        texts = {p: _text(row.cells[p]) for p in {*filled[:_FIRST], *self.keys} & set(filled)}
        first = texts[filled[0]]
        if _is_note(first):
            return _UNIT if units_stated(first) else _NOTED
        if any(_EXAMPLE.fullmatch(texts[p]) for p in filled[:2]):
            return _EXAMPLES
        if self._is_total(texts):
            return _TOTALS
        if len(filled) == 1 and isinstance(row.cells[filled[0]], str):
            lone = self._lone(first, row)
            if lone is not None:
                return lone
        return self._again(row, filled, first)

    def _lone(self, text: str, row: Row) -> Message | None:
        """Return what the only text of a row is."""
        if _SECTION.fullmatch(text):
            return _SECTIONS
        if self.last is _NOTED:
            return _NOTED
        if row_words(row) in self.titles:
            return _TITLE
        return _SECTIONS if row.number in self.wide else None

    def _again(self, row: Row, filled: Sequence[int], first: str) -> Message | None:
        if self._is_sum(row):
            return _SUM
        if self.last is _REPEATED and _is_numbering(row.cells):
            return _NUMBERING
        if len(filled) == 1 or first not in self.firsts:
            return None
        words = row_words(row)
        if words in self.headings:
            return _REPEATED
        return _TITLE if words in self.titles else None

    def _is_total(self, texts: Mapping[int, str]) -> bool:
        first = [texts[p] for p in texts if p < _FIRST or p in self.keys]
        if not any(_TOTAL.fullmatch(text) for text in first):
            return False
        return all(
            _TOTAL.fullmatch(texts[p]) or (p in self.names and _COUNT.fullmatch(texts[p]))
            for p in self.keys & set(texts)
        )

    def _is_sum(self, row: Row) -> bool:
        cells = row.cells
        if not self.keys or any(p < len(cells) and not is_blank(cells[p]) for p in self.keys):
            return False
        numbers = numbers_of(cells)
        filled = sum(not is_blank(raw) for raw in cells)
        if not numbers or len(numbers) < filled:
            return False
        return self.sums.equal({p: n for p, n in numbers.items() if p not in self.silent})


def _text(raw: Raw) -> str:
    return simplified(folded(str(raw)[:_LOOK]))[:_LOOK]


def _is_note(text: str) -> bool:
    return bool(_NOTE.match(text)) or text in _CLOSING or bool(units_stated(text))


def _is_numbering(cells: Sequence[Raw]) -> bool:
    """Return whether cells are 1, 2, 3 and so on, perhaps 甲, 乙 or 栏次 before them."""
    words = [_text(raw).strip("()") for raw in cells if not is_blank(raw)]
    while words and words[0] in {"甲", "乙", "丙", "丁", "栏次", "列次"}:
        del words[0]
    counted = [str(number) for number in range(1, len(words) + 1)]
    return len(words) >= _LEAST_NUMBERS and [w.removesuffix(".0") for w in words] == counted


def kind_above(row: Row) -> Message:
    """Return what a row above the headings is."""
    texts = [_text(raw) for raw in row.cells if not is_blank(raw)]
    if any(units_stated(text) for text in texts):
        return _UNIT
    return _NOTED if _is_note(texts[0]) else _TITLE


def left_out(row: Row, kind: Message) -> LeftOut:
    """Return a row that is no data, with why."""
    return LeftOut(row.number, kind.note(text=_quoted(row)), row.cells)


def _quoted(row: Row) -> str:
    words: Iterator[str] = (" ".join(str(r)[:_LOOK].split()) for r in row.cells if not is_blank(r))
    return shown(" ".join(word for word, _ in zip(words, range(_LOOK), strict=False)))
