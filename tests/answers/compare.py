"""Say which answers of two recordings differ, one line each, with the first place that does.

    python tests/answers/compare.py BEFORE AFTER [--all] [--ignore PATTERN ...]

Equal bytes are equal. Where bytes differ, the place is

- a JSON pointer for JSON (and whether only the order of keys or the writing of numbers differs),
- a line for text, with both lines,
- the member for what is packed (.zip, .docx, .xlsx), and the place within it,
- the statement for a GeoPackage, by its SQL dump; one whose dump is equal counts as equal, since
  the pages of a database depend on its past,
- else the offset of the first byte.

``--ignore`` leaves out answers whose path matches a pattern of the shell (``*/web/about/page*``);
how many were left out is printed. The exit code is 1 when any answer differs or is missing.
"""

from __future__ import annotations

import argparse
import fnmatch
import io
import json
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import Any

_TEXT = frozenset({".txt", ".csv", ".html", ".svg", ".xml", ".kml", ".toml", ".rels", ".qml",
                   ".sld", ".prj", ".cpg", ".md"})  # fmt: skip
_JSON = frozenset({".json", ".geojson"})
_PACKED = frozenset({".zip", ".docx", ".xlsx"})
_SQLITE = b"SQLite format 3\x00"
_WIDTH = 160


def main() -> int:
    """Compare two folders; 1 where they differ."""
    parser = argparse.ArgumentParser(description="Compare two recordings.")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--ignore", nargs="+", default=[], metavar="PATTERN")
    parser.add_argument(
        "--all", action="store_true", help="print every difference, not the first 200"
    )
    asked = parser.parse_args()
    found = list(differences(asked.before, asked.after))
    kept = [one for one in found if not any(fnmatch.fnmatch(one[0], p) for p in asked.ignore)]
    shown = kept if asked.all else kept[:200]
    for name, place in shown:
        print(f"{name}: {place}")
    if len(kept) > len(shown):
        print(f"... and {len(kept) - len(shown)} more; --all prints them")
    total = len(_names(asked.before) | _names(asked.after))
    print(f"{len(kept)} of {total} answers differ"
          + (f", {len(found) - len(kept)} more were ignored" if asked.ignore else ""))  # fmt: skip
    return int(bool(kept))


def differences(before: Path, after: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each answer that differs, and where.

    Raises
    ------
    FileNotFoundError
        One of the folders is not there or is empty: nothing was compared.
    """
    ours, theirs = _names(before), _names(after)
    for folder, names in ((before, ours), (after, theirs)):
        if not names:
            raise FileNotFoundError(f"there are no answers in {folder}")
    for name in sorted(ours | theirs):
        if name not in theirs:
            yield name, "is no longer there"
        elif name not in ours:
            yield name, "is new"
        else:
            place = difference(name, (before / name).read_bytes(), (after / name).read_bytes())
            if place is not None:
                yield name, place


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def difference(name: str, before: bytes, after: bytes) -> str | None:
    """Return the first place in which two contents differ; None where they are equal.

    Examples
    --------
    >>> difference("a.json", b'{"a": [1, 2]}', b'{"a": [1, 3]}')
    '/a/1: 2 -> 3'
    >>> difference("a.txt", b"same\\nold", b"same\\nnew")
    "line 2: 'old' -> 'new'"
    """
    if before == after:
        return None
    kind = PurePosixPath(name).suffix.lower()
    if before.startswith(_SQLITE) and after.startswith(_SQLITE):
        return _of_databases(before, after)
    if kind in _JSON:
        return _of_json(before, after)
    if kind in _PACKED:
        return _of_archives(before, after)
    if kind in _TEXT:
        return _of_text(before, after)
    return _of_bytes(before, after)


def _of_bytes(before: bytes, after: bytes) -> str:
    at = next((number for number, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
              min(len(before), len(after)))  # fmt: skip
    return f"byte {at} ({len(before)} -> {len(after)} bytes)"


def _of_text(before: bytes, after: bytes) -> str:
    try:
        ours, theirs = before.decode().split("\n"), after.decode().split("\n")
    except UnicodeDecodeError:
        return _of_bytes(before, after)
    for number, (a, b) in enumerate(zip_longest(ours, theirs), start=1):
        if a != b:
            return f"line {number}: {_around(a, b)}"
    return _of_bytes(before, after)


def _around(before: str | None, after: str | None) -> str:
    """Return two lines as far as they matter: a little before the first sign that differs."""
    if before is None or after is None:
        return f"{_short(before)} -> {_short(after)}"
    at = next((number for number, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
              min(len(before), len(after)))  # fmt: skip
    start = max(0, at - 30)
    return f"{_short(before[start:])} -> {_short(after[start:])}"


def _short(value: Any) -> str:
    if value is None:
        return "(nothing)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    cut = text if len(text) <= _WIDTH else f"{text[:_WIDTH]}..."
    return repr(cut) if isinstance(value, str) else cut


def _of_json(before: bytes, after: bytes) -> str:
    try:
        ours, theirs = json.loads(before), json.loads(after)
    except ValueError:
        return _of_text(before, after)
    found = _pointer(ours, theirs, "")
    return found or f"the same values, written otherwise: {_of_bytes(before, after)}"


def _pointer(before: Any, after: Any, at: str) -> str | None:
    """Return the JSON pointer (RFC 6901) of the first difference, with both values."""
    if isinstance(before, dict) and isinstance(after, dict):
        return _in_object(before, after, at)
    if isinstance(before, list) and isinstance(after, list):
        for number, (a, b) in enumerate(zip(before, after, strict=False)):
            if (found := _pointer(a, b, f"{at}/{number}")) is not None:
                return found
        if len(before) != len(after):
            return f"{at or '/'}: {len(before)} -> {len(after)} members"
        return None
    if type(before) is not type(after) or before != after:
        return f"{at or '/'}: {_short(before)} -> {_short(after)}"
    return None


def _in_object(before: dict[str, Any], after: dict[str, Any], at: str) -> str | None:
    for key in before | after:
        place = f"{at}/{key.replace('~', '~0').replace('/', '~1')}"
        if key not in after:
            return f"{place}: is no longer there"
        if key not in before:
            return f"{place}: is new"
        if (found := _pointer(before[key], after[key], place)) is not None:
            return found
    if list(before) != list(after):
        return f"{at or '/'}: the order of keys, {_short(list(before))} -> {_short(list(after))}"
    return None


def _of_archives(before: bytes, after: bytes) -> str:
    try:
        ours, theirs = (zipfile.ZipFile(io.BytesIO(content)) for content in (before, after))
    except zipfile.BadZipFile:
        return _of_bytes(before, after)
    for name in dict.fromkeys([*ours.namelist(), *theirs.namelist()]):
        if name not in theirs.namelist():
            return f"{name}: is no longer there"
        if name not in ours.namelist():
            return f"{name}: is new"
        found = difference(name, ours.read(name), theirs.read(name))
        if found is not None:
            return f"{name}: {found}"
    return f"equal members, packed otherwise: {_of_bytes(before, after)}"


def _of_databases(before: bytes, after: bytes) -> str | None:
    for number, (a, b) in enumerate(zip_longest(_dump(before), _dump(after)), start=1):
        if a != b:
            return f"statement {number}: {_around(a, b)}"
    return None


def _dump(content: bytes) -> Iterator[str]:
    """Return the statements that make a database; blobs as hexadecimal digits."""
    # A database in WAL mode cannot be read from memory: say that it is in the older mode.
    with sqlite3.connect(":memory:") as opened:
        opened.deserialize(content[:18] + b"\x01\x01" + content[20:])
        for key in ("application_id", "user_version"):
            yield f"PRAGMA {key}={opened.execute(f'PRAGMA {key}').fetchone()[0]}"
        yield from opened.iterdump()
    opened.close()


if __name__ == "__main__":
    sys.exit(main())
