"""What compares two recordings of answers says where they differ, and misses nothing."""

# ruff: noqa: E501  (a case is a line)
from __future__ import annotations

import importlib.util
import io
import sqlite3
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def compare() -> ModuleType:
    path = Path(__file__).parent / "answers" / "compare.py"
    spec = importlib.util.spec_from_file_location("answers_compare", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def packed(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(name.replace("__", ".")), content)
    return stream.getvalue()


def database(*statements: str) -> bytes:
    with sqlite3.connect(":memory:") as opened:
        for statement in statements:
            opened.execute(statement)
        opened.commit()
        content = bytes(opened.serialize())
    opened.close()
    return content


TABLE = "create table t (a)"
CASES = [
    ("a.json", b'{"a":{"b/c":[1,2]}}', b'{"a":{"b/c":[1,2,3]}}', "/a/b~1c: 2 -> 3 members"),
    ("a.json", b'{"a":1}', b'{"a":1.0}', "/a: 1 -> 1.0"),
    ("a.json", b'{"a":1,"b":2}', b'{"b":2,"a":1}', '/: the order of keys, ["a", "b"] -> ["b", "a"]'),
    ("a.json", b'{"a":1}', b'{"a": 1}', "the same values, written otherwise: byte 5 (7 -> 8 bytes)"),
    ("a.json", b'{"a":1}', b'{"b":1}', "/a: is no longer there"),
    ("a.geojson", b"[true]", b"[1]", "/0: true -> 1"),
    ("a.json", b"not", b"JSON", "line 1: 'not' -> 'JSON'"),
    ("a.txt", b"a\nb", b"a\nb\n", "line 3: (nothing) -> ''"),
    ("a.txt", b"\xff", b"\xfe", "byte 0 (1 -> 1 bytes)"),
    ("a.png", b"abc", b"abcd", "byte 3 (3 -> 4 bytes)"),
    ("a.docx", packed(w__xml=b"<a/>"), packed(w__xml=b"<b/>"), "w.xml: line 1: '<a/>' -> '<b/>'"),
    ("a.zip", packed(a__shp=b"1"), packed(a__shp=b"1", a__dbf=b"2"), "a.dbf: is new"),
    ("a.xlsx", packed(a__xml=b"1"), packed(a__xml=b"1") + b" ", None),
    ("a.gpkg", database(TABLE), database(TABLE, "insert into t values (x'0a')"), 'INSERT INTO "t"'),
    ("a.gpkg", database(TABLE), database(TABLE, "pragma user_version = 3"), "user_version"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after", "place"), CASES)
def test_the_first_place_that_differs_is_named(
    compare: ModuleType, name: str, before: bytes, after: bytes, place: str | None
) -> None:
    found = compare.difference(name, before, after)
    assert found is not None
    assert (place or "equal members, packed otherwise") in found
    assert compare.difference(name, before, before) is None


def test_a_database_is_compared_by_what_it_says(compare: ModuleType) -> None:
    wide = "insert into t values (zeroblob(9000))"
    emptied = database(TABLE, wide, "delete from t")
    assert emptied != database(TABLE)
    assert compare.difference("a.gpkg", emptied, database(TABLE)) is None


def test_missing_and_new_answers_count(
    compare: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for folder, names in (("before", "ab"), ("after", "bc")):
        (tmp_path / folder / "sub").mkdir(parents=True)
        for name in names:
            (tmp_path / folder / "sub" / f"{name}.txt").write_text(f"{name}")
    asked = ["compare.py", str(tmp_path / "before"), str(tmp_path / "after")]
    monkeypatch.setattr(sys, "argv", asked)
    assert compare.main() == 1
    told = capsys.readouterr().out
    assert told == "sub/a.txt: is no longer there\nsub/c.txt: is new\n2 of 3 answers differ\n"
    monkeypatch.setattr(sys, "argv", [*asked, "--ignore", "sub/a*", "sub/c*"])
    assert compare.main() == 0
    monkeypatch.setattr(sys, "argv", ["compare.py", asked[1], asked[1]])
    assert compare.main() == 0


def test_nothing_compared_is_no_agreement(compare: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(compare.differences(tmp_path, tmp_path))
