"""A pass over CQL2 text that measures it and takes it apart at its parentheses.

``cql2`` tries an opening parenthesis twice, as a grouping and as an array, so that an
error within twenty of them takes a million tries (ten seconds at eighteen, measured with
0.6.0). Each grouping is therefore parsed on its own, innermost first, and stands
in the outer one as a name that no filter can hold. It also keeps ``(2 ^ 3) ^ 2`` apart from
``2 ^ 3 ^ 2``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from geo.core.sentences import Sentences
from geo.publish.cql2.bounds import DEPTH_LIMIT
from geo.publish.cql2.faults import not_grammatical, refused, too_deep

TEXT: Final = Sentences("geo.publish")

MARK: Final = "\x01"
"""Begins the name that stands for a grouping; control characters are refused in filters."""

_TOKEN: Final = re.compile(
    r"""(?P<space>\s++)
      | (?P<text>'(?:[^']|'')*+')
      | (?P<name>"(?:[^"]|"")*+")
      | (?P<number>\d++(?:\.\d*+)?(?:[eE][+-]?\d++)?)
      | (?P<word>[^\W\d][\w.:]*+)
      | (?P<sign><>|<=|>=|!=|.)""",
    re.VERBOSE | re.DOTALL,
)
_JOINING: Final = frozenset({"and", "or"})
_NESTING: Final = frozenset("+-*/%^=<>") | {"<>", "<=", ">=", "!=", "div"}
_KEYWORDS: Final = frozenset({"not", "in", "like", "between", "is"})
_INSTANTS: Final = frozenset({"date", "timestamp"})
_ARRAY_LIMIT: Final = 4


@dataclass(frozen=True, slots=True)
class Token:
    """One grouping: its text, in pieces that know where in the filter they stood."""

    pieces: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        """The text for the parser."""
        return "".join(piece for piece, _ in self.pieces)

    def source_position(self, offset: int) -> int:
        """Return which character of the filter, from 1, stands at an offset of the text.

        Examples
        --------
        >>> Token((("a = ", 3), ('"1"', 8))).source_position(5)
        10
        """
        for piece, start in self.pieces:
            if offset < len(piece):
                return start + offset + 1
            offset -= len(piece)
        last, start = self.pieces[-1] if self.pieces else ("", 0)
        return start + len(last) + 1


@dataclass(slots=True)
class _Frame:
    """An open parenthesis and what has been read since."""

    kind: Literal["whole", "group", "list", "call"]
    word: str = ""
    start: int = 0
    may_be_argument: bool = False
    pieces: list[tuple[str, int]] = field(default_factory=list)
    commas: int = 0
    operators: int = 0
    arrays: int = 0


def tokenize_text(text: str) -> list[Token]:
    """Return the groupings of a filter, innermost first and the whole last.

    Raises
    ------
    QueryError
        A quote or parenthesis that is never closed, more than 20 levels of
        parentheses, of operators without AND, OR or a comma between them, or more than
        four arrays within one another.

    Examples
    --------
    >>> [part.text.replace(MARK, "#") for part in tokenize_text("NOT (a = 1 OR (b = (2)))")]
    ['2', 'b =  "#0" ', 'a = 1 OR  "#1" ', 'NOT  "#2" ']
    >>> [part.text for part in tokenize_text("a IN (1, 2) AND S_WITHIN(g, POINT(0 0))")]
    ['a IN (1, 2) AND S_WITHIN(g, POINT(0 0))']
    """
    return _Scanner(text).read()


class _Scanner:
    """One filter being taken apart."""

    def __init__(self, text: str) -> None:
        self._tokens = [match for match in _TOKEN.finditer(text) if match.group()]
        self._words = [match for match in self._tokens if match.lastgroup != "space"]
        self._frames = [_Frame("whole")]
        self._parts: list[Token] = []

    def read(self) -> list[Token]:
        order = 0
        for token in self._tokens:
            if token.lastgroup == "space":
                self._frames[-1].pieces.append((" ", token.start()))
                continue
            self._take(token, order)
            order += 1
        if len(self._frames) > 1:
            raise not_grammatical(self._frames[-1].start + 1)
        return [*self._parts, Token(tuple(self._frames[0].pieces))]

    def _take(self, token: re.Match[str], order: int) -> None:
        written = token.group()
        if written in {"'", '"'}:
            raise not_grammatical(token.start() + 1)
        if written == "(":
            self._open(token, order)
        elif written == ")":
            self._close(token, order)
        else:
            self._count(token)
            self._frames[-1].pieces.append((written, token.start()))

    def _count(self, token: re.Match[str]) -> None:
        frame, written = self._frames[-1], token.group()
        word = written.lower()
        if written == ",":
            frame.commas += 1
            if frame.word in _INSTANTS:
                raise not_grammatical(token.start() + 1)
        if written == "," or word in _JOINING:
            frame.operators = 0
        elif word in _NESTING or word in _KEYWORDS:
            frame.operators += 1
            if sum(max(0, each.operators - 1) for each in self._frames) > DEPTH_LIMIT:
                raise too_deep(DEPTH_LIMIT)

    def _open(self, token: re.Match[str], order: int) -> None:
        if len(self._frames) > DEPTH_LIMIT:
            raise too_deep(DEPTH_LIMIT)
        before = self._words[order - 1] if order else None
        frame = _Frame("group", start=token.start())
        if before is not None and before.lastgroup in {"word", "name"}:
            frame.word = before.group().lower()
            if frame.word == "in":
                frame.kind = "list"
            elif frame.word not in _KEYWORDS | _JOINING | {"div"}:
                frame.kind = "call"
        frame.may_be_argument = before is not None and before.group() in {"(", ","}
        self._frames.append(frame)

    def _close(self, token: re.Match[str], order: int) -> None:
        frame = self._frames.pop()
        if not self._frames:
            raise not_grammatical(token.start() + 1)
        outer = self._frames[-1]
        if frame.kind == "group" and not frame.commas and not self._is_argument(frame, order):
            # Spaces, since two names side by side would be one with a quote in it.
            outer.pieces.append((f' "{MARK}{len(self._parts)}" ', frame.start))
            self._parts.append(Token(tuple(frame.pieces)))
            return
        outer.pieces += [("(", frame.start), *frame.pieces, (")", token.start())]
        outer.arrays = max(outer.arrays, frame.arrays + (frame.kind != "call"))
        if outer.arrays > _ARRAY_LIMIT:
            raise refused(*TEXT.words("arrays_too_deep"))

    def _is_argument(self, frame: _Frame, order: int) -> bool:
        """Tell whether ``(x)`` is all of an argument, where it may be an array of one."""
        if not frame.may_be_argument or self._frames[-1].kind == "whole":
            return False
        after = self._words[order + 1].group() if order + 1 < len(self._words) else ""
        return after in {")", ","} and self._is_within_call()

    def _is_within_call(self) -> bool:
        return any(each.kind in {"call", "list"} for each in self._frames)
