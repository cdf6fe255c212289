"""Parts as lines of JSON, on their way out of the process that read them.

Nothing but JSON crosses: what a file may have done to its reader cannot reach
further than the values that it gives. The rows wait on disk: of what a file holds, only
a block at a time is in memory.
"""

from __future__ import annotations

import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar, overload

import numpy as np
import numpy.typing as npt
import orjson

from geo.core import errors
from geo.core.errors import InputError, Place
from geo.core.messages import Note, Unreadable
from geo.intake.formats.parts import Feature, Part, Row

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


@dataclass(frozen=True, eq=False, repr=False)
class Spool(Sequence[Item]):
    """Lines of a temporary file, each decoded when it is asked for; made by :class:`SpoolWriter`.

    A slice and a choice of positions share the file: they cost 16 bytes an item.
    """

    _kept: _Kept
    _starts: Positions
    _stops: Positions
    _decode: Callable[[bytes], Item]

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
        self._kept.file.seek(start)
        return self._decode(self._kept.file.read(stop - start))

    def __iter__(self) -> Iterator[Item]:
        for first in range(0, len(self), BLOCK):
            starts = self._starts[first : first + BLOCK].tolist()
            stops = self._stops[first : first + BLOCK].tolist()
            begin = min(starts)
            self._kept.file.seek(begin)
            block = self._kept.file.read(max(stops) - begin)
            for start, stop in zip(starts, stops, strict=True):
                yield self._decode(block[start - begin : stop - begin])

    def take(self, positions: Positions) -> Spool[Item]:
        """Return the items at some positions, in their order."""
        return Spool(self._kept, self._starts[positions], self._stops[positions], self._decode)


@dataclass
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

    _kept: _Kept = field(default_factory=_Kept)
    _bounds: array[int] = field(default_factory=lambda: array("q", [0]))

    def add(self, line: bytes) -> None:
        """Keep a line."""
        self._kept.file.seek(self._bounds[-1])
        self._kept.file.write(line)
        self._bounds.append(self._bounds[-1] + len(line))

    def cut(self, decode: Callable[[bytes], Item]) -> Spool[Item]:
        """Return the lines since the last cut, to be decoded when they are asked for."""
        bounds = np.array(self._bounds, dtype=np.int64)
        self._bounds = array("q", [self._bounds[-1]])
        return Spool(self._kept, bounds[:-1], bounds[1:], decode)


_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
_LONGEST_INTEGER: Final = 2**63
_SHORT, _MOST_KNOWN = 32, 20_000
_ITEM: Final = b"["

# A datetime is a date to Python, so it comes first.
_ENCODERS: Final[tuple[tuple[Any, str, Callable[[Any], Any]], ...]] = (
    (Unreadable, "unreadable", lambda cell: [cell.zh, cell.en, cell.code]),
    (datetime, "datetime", lambda cell: cell.replace(tzinfo=None).isoformat()),
    (date, "date", lambda cell: cell.isoformat()),
    (time, "time", lambda cell: cell.replace(tzinfo=None).isoformat()),
    (timedelta, "seconds", lambda cell: cell.total_seconds()),
    ((list, dict), "json", lambda cell: cell),
)
_DECODERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "unreadable": lambda value: Unreadable(*value),
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda value: timedelta(seconds=value),
    "json": lambda value: value,
}


def lines_of(parts: Iterable[Part]) -> Iterator[bytes]:
    """Return parts as lines: a head for each, its rows or features, and an end of all."""
    for part in parts:
        head = {
            "name": part.name,
            "hidden": part.hidden,
            "merged": part.merged,
            "delimited": part.delimited,
            "system": part.system,
            "layer": part.features is not None,
            "remarks": [astuple(note) for note in part.notes],
        }
        yield _line(head)
        for row in part.rows:
            yield _line([row.number, _cells(row.cells)])
        for item in part.features or ():
            names = list(item.properties)
            values = _cells(tuple(item.properties.values()))
            yield _line([item.number, item.id, names, values, item.geometry])
    yield _line("end")


def line_of_error(error: InputError) -> bytes:
    """Return an error that ended the reading, as a line."""
    place = astuple(error.place) if error.place else None
    told = {"fault": type(error).__name__, "zh": error.zh, "en": error.en, "code": error.code}
    return _line(told | {"place": place})


def parts_of(lines: Iterable[bytes]) -> list[Part]:
    """Return the parts that lines hold; their rows and features wait on disk.

    Raises
    ------
    InputError
        The error that the lines end with.
    EOFError
        They break off.
    """
    parts: list[Part] = []
    head: dict[str, Any] | None = None
    spool = SpoolWriter()
    for line in lines:
        if line.startswith(_ITEM):
            spool.add(line)
            continue
        if head is not None:
            parts.append(_part(head, spool))
        found = orjson.loads(line)
        if found == "end":
            return parts
        if "fault" in found:
            raise _error(found)
        head = found
    raise EOFError("the lines break off")


def _line(value: Any) -> bytes:
    return orjson.dumps(value) + b"\n"


def _cells(cells: tuple[Any, ...]) -> list[Any]:
    if all(type(cell) in _PLAIN for cell in cells) and not any(_is_long(cell) for cell in cells):
        return list(cells)
    return [_encoded(cell) for cell in cells]


def _is_long(cell: Any) -> bool:
    return type(cell) is int and abs(cell) >= _LONGEST_INTEGER


def _encoded(cell: Any) -> Any:
    for kind, mark, encode in _ENCODERS:
        if isinstance(cell, kind):
            return {mark: encode(cell)}
    return str(cell) if _is_long(cell) else cell


def _decoded(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    ((mark, value),) = cell.items()
    return _DECODERS[mark](value)


@dataclass
class _RowDecoder:
    """Decodes rows; of a short text that stands in many of them one copy is kept."""

    _known: dict[str, str] = field(default_factory=dict)

    def __call__(self, line: bytes) -> Row:
        number, cells = orjson.loads(line)
        if dict in map(type, cells):
            return Row(number, tuple(map(_decoded, cells)))
        known = self._known
        if len(known) > _MOST_KNOWN:
            known.clear()
        once = (
            known.setdefault(cell, cell) if type(cell) is str and len(cell) <= _SHORT else cell
            for cell in cells
        )
        return Row(number, tuple(once))


def _feature(line: bytes) -> Feature:
    number, own, names, values, geometry = orjson.loads(line)
    return Feature(number, dict(zip(names, map(_decoded, values), strict=True)), geometry, own)


def _part(head: dict[str, Any], spool: SpoolWriter) -> Part:
    return Part(
        head["name"],
        () if head["layer"] else spool.cut(_RowDecoder()),
        spool.cut(_feature) if head["layer"] else None,
        hidden=head["hidden"],
        merged=tuple(tuple(merged) for merged in head["merged"]),
        delimited=head["delimited"],
        system=head["system"],
        notes=tuple(Note(*note) for note in head["remarks"]),
    )


def _error(found: dict[str, Any]) -> InputError:
    kind = getattr(errors, str(found["fault"]), InputError)
    place = Place(*found["place"]) if found["place"] else None
    error: InputError = kind(zh=found["zh"], en=found["en"], place=place)
    error.code = str(found["code"])
    return error
