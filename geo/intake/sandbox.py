"""Opening an untrusted file in a process of its own, with bounds, and without a network."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Final

import orjson

import geo
from geo.core.errors import FileTooLargeError, FileTypeError, InputError, Place
from geo.intake.formats.__main__ import FAULT, MARKED, PARTS, too_much_memory
from geo.intake.formats.limits import (
    COMPANIONS,
    MAX_COPIED_BYTES,
    MEBIBYTE,
    InputFile,
    open_input,
    opened,
    read_bounded,
)
from geo.intake.formats.marks import CellMark
from geo.intake.formats.parts import Part
from geo.intake.formats.readers import SUFFIXES
from geo.intake.formats.wire import parts_of
from geo.intake.sentences import message

_MODULE: Final = "geo.intake.formats"
_ALONE: Final = ("unshare", "--user", "--map-root-user", "--net", "--")
_ENVIRONMENT: Final = {
    "PYTHONPATH": str(Path(geo.__file__).resolve().parent.parent),
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
    "SYSTEMROOT": r"C:\Windows",
}
"""All that the process is reported of the machine."""


_READING_TOO_LONG = message("general.reading_too_long")
_READING_FAILED = message("general.reading_failed")


@dataclass(frozen=True)
class Limits:
    """What reading one file may take.

    Attributes
    ----------
    cpu_seconds : int
        Of the process, libraries' loading included.
    memory_bytes : int
        Of its address space.
    output_bytes : int
        Of what it writes.
    wall_seconds : int
        After which it is ended, whatever it does.
    """

    cpu_seconds: int = 20
    memory_bytes: int = 1536 * MEBIBYTE
    output_bytes: int = 600 * MEBIBYTE
    wall_seconds: int = 60


MARKABLE: Final = (".xlsx",)
_MARKING: Final = Limits(cpu_seconds=60, wall_seconds=120)
"""openpyxl, which writes, takes ten times as long as what reads."""


@dataclass(frozen=True)
class Book:
    """A file as read: its name as shown, and its parts."""

    file: str
    parts: tuple[Part, ...]


def read_file(
    path: Path,
    *,
    takes: Sequence[str] = SUFFIXES,
    name: str | None = None,
    limits: Limits | None = None,
) -> Book:
    """Read a user's file in a process of its own.

    The process has a folder of its own, which holds the file under a name of
    ours, bounds of CPU, memory and output, and no network where the system lets
    an ordinary user give it up (``unshare``). It hands back plain JSON.

    Parameters
    ----------
    path : pathlib.Path
        The file. Beside a ``.shp`` the files of the same stem are taken too.
    takes : sequence of str
        Suffixes in lower case, with the dot.
    name : str, optional
        What to call it, if not by the path's own name; its suffix counts then.
    limits : Limits, optional
        Other bounds than the usual ones.

    Raises
    ------
    InputError
        The file cannot be read as what its suffix says, or exceeds a bound.
    """
    source = open_input(path, takes=takes, name=name)
    if source.suffix == ".shp":
        source = _with_companions(source, path)
    with (
        _done(source, limits or Limits(), {"task": "read"}, PARTS) as left,
        left.open("rb") as lines,
    ):
        return Book(source.name, tuple(parts_of(lines)))


def mark_workbook(path: Path, marks: Sequence[CellMark], *, limits: Limits | None = None) -> bytes:
    """Return a user's workbook (.xlsx) with cells marked, made in a process of its own.

    Raises
    ------
    InputError
        It cannot be read, or exceeds a bound.
    """
    source = open_input(path, takes=MARKABLE)
    order = {"task": "mark", "marks": [astuple(mark) for mark in marks]}
    with _done(source, limits or _MARKING, order, MARKED) as left:
        return left.read_bytes()


def run_apart(
    module: str,
    name: str,
    content: bytes | Path,
    order: Mapping[str, object],
    wanted: str,
    *,
    limits: Limits | None = None,
) -> bytes:
    """Have a module of ours work on content in a process of its own; return what it left.

    Parameters
    ----------
    module : str
        That runs :func:`geo.intake.formats.__main__.run` with its tasks.
    name : str
        Of the file that the content comes from, for messages.
    content : bytes or pathlib.Path
        That it finds as ``input`` in its folder; of a path, a copy.
    order : Mapping[str, object]
        Its ``task``, and what else the task needs, as plain JSON values.
    wanted : str
        Name of the file that it leaves.
    limits : Limits, optional
        Other bounds than the usual ones.

    Raises
    ------
    InputError
        It exceeds a bound, or the content is not what it takes.
    """
    held, path = (b"", content) if isinstance(content, Path) else (content, None)
    source = InputFile(name, "", held, {}, path)
    with _done(source, limits or Limits(), order, wanted, module) as left:
        return left.read_bytes()


@contextmanager
def _done(
    source: InputFile,
    limits: Limits,
    order: Mapping[str, object],
    wanted: str,
    module: str | None = None,
) -> Iterator[Path]:
    """Have a file worked on by another process; give what it left, in a folder soon gone."""
    with tempfile.TemporaryDirectory(prefix="kepu-") as name:
        folder = Path(name)
        _put(source, folder, limits, order)
        code = _run(folder, limits, module or _MODULE)
        error, result = folder / FAULT, folder / wanted
        if code == 0 and error.exists():
            with error.open("rb") as lines:
                parts_of(lines)
        if code != 0 or not result.exists():
            raise _ended(code, source.name, limits)
        yield result


def _with_companions(source: InputFile, path: Path) -> InputFile:
    found = {
        other.suffix.lower(): read_bounded(other, source.name)
        for other in sorted(path.parent.iterdir())
        if other.stem.lower() == path.stem.lower() and other.suffix.lower() in COMPANIONS
    }
    return InputFile(source.name, source.suffix, source.content, found)


def _put(source: InputFile, folder: Path, limits: Limits, task: Mapping[str, object]) -> None:
    if source.path is None:
        (folder / "input").write_bytes(source.content)
    else:
        _copy(source.path, folder / "input", source.name)
    companions = []
    for suffix, content in source.companions.items():
        (folder / f"companion{suffix}").write_bytes(content)
        companions.append((suffix, f"companion{suffix}"))
    order = {
        **task,
        "name": source.name,
        "suffix": source.suffix,
        "companions": companions,
        "cpu_seconds": limits.cpu_seconds,
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.output_bytes,
    }
    (folder / "order.json").write_bytes(orjson.dumps(order))


def _copy(path: Path, target: Path, name: str) -> None:
    with opened(path, name, MAX_COPIED_BYTES) as stream, target.open("wb") as out:
        shutil.copyfileobj(stream, out)


def _run(folder: Path, limits: Limits, module: str) -> int | None:
    """Run the reader; return its exit code, None where its time ran out."""
    # -P: the folder that holds the file is not searched for modules.
    command = [*_without_network(), sys.executable, "-P", "-s", "-B", "-m", module]
    try:
        done = subprocess.run(  # noqa: S603  (nothing of the file's is in the command)
            command,
            cwd=folder,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


@cache
def _without_network() -> tuple[str, ...]:
    """Return what to put before a command so that it has no network; nothing where that fails."""
    program = shutil.which(_ALONE[0])
    if program is None:
        return ()
    prefix = (program, *_ALONE[1:])
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)  # noqa: S603
    return prefix if tried.returncode == 0 else ()


def _ended(code: int | None, name: str, limits: Limits) -> InputError:
    place = Place(file=name)
    if code is None or _is_signal(code, "SIGXCPU") or _is_signal(code, "SIGKILL"):
        return _READING_TOO_LONG.error(
            FileTooLargeError, place=place, cpu_seconds=limits.cpu_seconds
        )
    if _is_signal(code, "SIGABRT"):
        return too_much_memory(name)
    return _READING_FAILED.error(FileTypeError, place=place)


def _is_signal(code: int, name: str) -> bool:
    number = getattr(signal, name, None)
    # A shell or unshare passes a signal on as 128 and its number.
    return number is not None and code in (-number, 128 + number)
