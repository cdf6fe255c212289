"""Parts as lines of JSON, on their way out of the process that read them.

Nothing but JSON crosses: what a file may have done to its reader cannot reach
further than the values that it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import orjson

from geo.core import errors
from geo.core.errors import InputError, Place
from geo.core.messages import Remark, Unreadable
from geo.intake.formats.part import Feature, Part
from geo.intake.rows import Raw, Row
from geo.intake.spool import SpoolWriter

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
            "remarks": [astuple(remark) for remark in part.remarks],
        }
        yield _line(head)
        for row in part.rows:
            yield _line([row.number, _cells(row.cells)])
        for item in part.features or ():
            names = list(item.properties)
            values = _cells(tuple(item.properties.values()))
            yield _line([item.number, item.id, names, values, item.geometry])
    yield _line("end")


def line_of_fault(fault: InputError) -> bytes:
    """Return a fault that ended the reading, as a line."""
    place = astuple(fault.place) if fault.place else None
    told = {"fault": type(fault).__name__, "zh": fault.zh, "en": fault.en, "code": fault.code}
    return _line(told | {"place": place})


def parts_of(lines: Iterable[bytes]) -> list[Part]:
    """Return the parts that lines hold; their rows and features wait on disk.

    Raises
    ------
    InputError
        The fault that the lines end with.
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
            raise _fault(found)
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


class _Rows:
    """Decodes rows; of a short text that stands in many of them one copy is kept."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, line: bytes) -> Row:
        number, cells = orjson.loads(line)
        if dict in map(type, cells):
            return Row(number, tuple(map(_decoded, cells)))
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        return Row(number, tuple(map(self._once, cells)))

    def _once(self, cell: Raw) -> Raw:
        if type(cell) is str and len(cell) <= _SHORT:
            return self._known.setdefault(cell, cell)
        return cell


def _feature(line: bytes) -> Feature:
    number, own, names, values, geometry = orjson.loads(line)
    return Feature(number, dict(zip(names, map(_decoded, values), strict=True)), geometry, own)


def _part(head: dict[str, Any], spool: SpoolWriter) -> Part:
    return Part(
        head["name"],
        () if head["layer"] else spool.cut(_Rows()),
        spool.cut(_feature) if head["layer"] else None,
        hidden=head["hidden"],
        merged=tuple(tuple(merged) for merged in head["merged"]),
        delimited=head["delimited"],
        system=head["system"],
        remarks=tuple(Remark(*remark) for remark in head["remarks"]),
    )


def _fault(found: dict[str, Any]) -> InputError:
    kind = getattr(errors, str(found["fault"]), InputError)
    place = Place(*found["place"]) if found["place"] else None
    fault: InputError = kind(zh=found["zh"], en=found["en"], place=place)
    fault.code = str(found["code"])
    return fault
