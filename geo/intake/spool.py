"""Rows that wait on disk: of what a file holds, only a block at a time is in memory."""

from __future__ import annotations

import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar, overload

import numpy as np
import numpy.typing as npt

Item = TypeVar("Item")
Positions = npt.NDArray[np.int64]

BLOCK: Final = 1_000
"""Items that are read together where many are asked for."""
_IN_MEMORY_BYTES: Final = 1 << 20
"""A file of a few hundred rows never touches the disk."""


class _Kept:
    """A temporary file that closes when nobody can ask for a line of it any more."""

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115  (lives on)
        weakref.finalize(self, self.file.close)

    def write(self, start: int, line: bytes) -> None:
        """Put a line at its place."""
        self.file.seek(start)
        self.file.write(line)

    def read(self, start: int, stop: int) -> bytes:
        """Return the bytes of a stretch."""
        self.file.seek(start)
        return self.file.read(stop - start)


class Spool(Sequence[Item]):
    """Lines of a temporary file, each decoded when it is asked for; made by :class:`SpoolWriter`.

    A slice and a choice of positions share the file: they cost 16 bytes an item.
    """

    def __init__(
        self, kept: _Kept, starts: Positions, stops: Positions, decode: Callable[[bytes], Item]
    ) -> None:
        self._kept = kept
        self._starts = starts
        self._stops = stops
        self._decode = decode

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, position: int) -> Item: ...
    @overload
    def __getitem__(self, position: slice) -> Spool[Item]: ...
    def __getitem__(self, position: int | slice) -> Item | Spool[Item]:
        if isinstance(position, slice):
            return Spool(self._kept, self._starts[position], self._stops[position], self._decode)
        start, stop = int(self._starts[position]), int(self._stops[position])
        return self._decode(self._kept.read(start, stop))

    def __iter__(self) -> Iterator[Item]:
        for first in range(0, len(self), BLOCK):
            starts = self._starts[first : first + BLOCK].tolist()
            stops = self._stops[first : first + BLOCK].tolist()
            begin = min(starts)
            block = self._kept.read(begin, max(stops))
            for start, stop in zip(starts, stops, strict=True):
                yield self._decode(block[start - begin : stop - begin])

    def take(self, positions: Positions) -> Spool[Item]:
        """Return the items at some positions, in their order."""
        return Spool(self._kept, self._starts[positions], self._stops[positions], self._decode)


class SpoolWriter:
    """Takes lines, and gives those taken since the last time as a :class:`Spool`.

    Examples
    --------
    >>> writer = SpoolWriter()
    >>> for line in (b"one", b"three"):
    ...     writer.add(line)
    >>> spool = writer.cut(len)
    >>> list(spool), spool[1], list(spool[1:])
    ([3, 5], 5, [5])
    """

    def __init__(self) -> None:
        self._kept = _Kept()
        self._bounds = array("q", [0])

    def add(self, line: bytes) -> None:
        """Keep a line."""
        self._kept.write(self._bounds[-1], line)
        self._bounds.append(self._bounds[-1] + len(line))

    def cut(self, decode: Callable[[bytes], Item]) -> Spool[Item]:
        """Return the lines since the last cut, to be decoded when they are asked for."""
        bounds = np.array(self._bounds, dtype=np.int64)
        self._bounds = array("q", [self._bounds[-1]])
        return Spool(self._kept, bounds[:-1], bounds[1:], decode)
