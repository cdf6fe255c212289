"""The process that opens an untrusted file: ``python -m geo.intake.formats``.

It runs in a folder of its own, where its parent has put the file under names of
ours, sets its own limits before it looks at a byte, and writes what it read to
one file, or why it could not to another. See :mod:`geo.intake.sandbox`.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from geo.core.errors import FileTooLargeError, InputError, Place
from geo.intake.formats.limits import InputFile
from geo.intake.formats.wire import line_of_error, lines_of
from geo.intake.sentences import message

PARTS: Final = "parts.jsonl"
FAULT: Final = "fault.jsonl"
MARKED: Final = "marked.xlsx"
"""What the process leaves in its folder."""


_FILE_MEMORY = message("general.file_memory")
_FILE_CONTENT = message("general.file_content")


def limit(cpu_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Bound this process, where the system can: CPU, address space, size of files, no core."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (not there on Windows)

    for kind, most in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))


def run(tasks: Mapping[str, Callable[[dict[str, Any]], None]]) -> None:
    """Do with the file what the order says; leave the result, or the error that ended it."""
    order: dict[str, Any] = orjson.loads(Path("order.json").read_bytes())
    limit(order["cpu_seconds"], order["memory_bytes"], order["output_bytes"])
    refusal: InputError
    try:
        tasks[order["task"]](order)
    except InputError as error:
        refusal = error
    except MemoryError:
        refusal = too_much_memory(order["name"])
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        refusal = too_much_content(order["name"])
    else:
        return
    Path(FAULT).write_bytes(line_of_error(refusal))


def _read(order: dict[str, Any]) -> None:
    # Imported under the limits: readers load libraries that have had errors of their own.
    from geo.intake.formats.readers import read_parts  # noqa: PLC0415

    companions = {suffix: Path(name).read_bytes() for suffix, name in order["companions"]}
    content = Path("input").read_bytes()
    parts = read_parts(InputFile(order["name"], order["suffix"], content, companions))
    with Path(PARTS).open("wb") as out:
        out.writelines(lines_of(parts))


def _mark(order: dict[str, Any]) -> None:
    from geo.intake.formats.marks import CellMark, marked_workbook  # noqa: PLC0415

    marks = [CellMark(*mark) for mark in order["marks"]]
    Path(MARKED).write_bytes(marked_workbook(Path("input").read_bytes(), marks))


def too_much_memory(name: str) -> FileTooLargeError:
    """Return the error of a file that needs more memory than a reader is given."""
    return _FILE_MEMORY.error(FileTooLargeError, place=Place(file=name))


def too_much_content(name: str) -> FileTooLargeError:
    """Return the error of a file that holds more than a reader may hand on."""
    return _FILE_CONTENT.error(FileTooLargeError, place=Place(file=name))


if __name__ == "__main__":
    run({"read": _read, "mark": _mark})
