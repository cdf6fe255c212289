"""How far an import is: told to whoever waits, and shown by the doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final

CHUNK_ROWS: Final = 2_000
"""Rows that are read together: of these alone every cell is in memory at once."""


class Stage(StrEnum):
    """What is being done with a file, in order."""

    READING = "reading"
    ROWS = "rows"
    POSITIONS = "positions"
    QUESTIONS = "questions"
    WRITING = "writing"


Progress = Callable[[Stage, int, int], None]
"""Called with a stage, how much of it is done, and of how much; 0 where that is not known."""


def silent(_stage: Stage, _done: int, _of: int) -> None:
    """Tell nobody."""


def in_chunks(within: range, stage: Stage, progress: Progress) -> Iterator[range]:
    """Yield positions by :data:`CHUNK_ROWS`, telling after each chunk how many are done.

    Examples
    --------
    >>> told = []
    >>> chunks = in_chunks(range(1, 3_001), Stage.ROWS, lambda *step: told.append(step))
    >>> [len(chunk) for chunk in chunks], told[-1]
    ([2000, 1000], (<Stage.ROWS: 'rows'>, 3000, 3000))
    """
    progress(stage, 0, len(within))
    for start in range(0, len(within), CHUNK_ROWS):
        chunk = within[start : start + CHUNK_ROWS]
        yield chunk
        progress(stage, start + len(chunk), len(within))
