from __future__ import annotations

import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from geo.errors import StoreError
from geo.store import create_store, open_store
from geo.store import opening as opening_module


def spoil(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()


def test_a_new_store_stands_alone_in_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "a?b #100%.gpkg"
    create_store(path).close()
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_nlink == 1
    with open_store(path) as store:
        assert store.version() == 0


def test_a_relative_path_stays_where_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with create_store(Path(path.name)) as store:
        monkeypatch.chdir("/")
        assert store.version() == 0
        assert store.path == path


def test_the_folder_of_vsi_names_is_an_ordinary_one(tmp_path: Path) -> None:
    folder = tmp_path / "vsizip"
    folder.mkdir()
    create_store(folder / "PG:dbname=x.gpkg").close()
    assert [file.name for file in folder.iterdir()] == ["PG:dbname=x.gpkg"]
    with pytest.raises(StoreError):
        open_store(Path("/vsimem/x.gpkg"))
    with pytest.raises(StoreError):
        create_store(Path("/vsimem/x.gpkg"))


def test_what_is_there_is_not_overwritten(path: Path) -> None:
    path.write_text("dear diary")
    with pytest.raises(StoreError, match="同名"):
        create_store(path)
    assert path.read_text() == "dear diary"


def test_a_dangling_link_is_not_followed(path: Path) -> None:
    path.symlink_to(path.parent / "elsewhere.gpkg")
    with pytest.raises(StoreError, match="同名"):
        create_store(path)
    assert not path.exists()


def test_a_store_may_be_behind_a_link(filled: Path) -> None:
    link = filled.with_name("link.gpkg")
    link.symlink_to(filled)
    with open_store(link) as one, open_store(filled) as other:
        one.set_approval_number("x")
        assert other.approval_number() == "x"


def test_no_folder_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="文件夹"):
        create_store(tmp_path / "none" / "kepu.gpkg")


@pytest.mark.parametrize("name", ["x" * 300, "nul\x00.gpkg"])
def test_an_impossible_name(tmp_path: Path, name: str) -> None:
    for door in (create_store, open_store):
        with pytest.raises(StoreError):
            door(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_the_log_of_a_deleted_store_is_not_played_into_a_new_one(path: Path, suffix: str) -> None:
    rest = path.with_name(path.name + suffix)
    rest.write_bytes(b"old")
    with pytest.raises(StoreError, match=rest.name):
        create_store(path)
    assert rest.read_bytes() == b"old"
    assert not path.exists()


def test_a_fault_while_making_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (x)")
        connection.execute("CREATE TABLE half (x)")

    monkeypatch.setattr(opening_module, "fill_new_file", fill)
    with pytest.raises(StoreError):
        create_store(path)
    assert list(path.parent.iterdir()) == []


def test_many_make_it_at_once_and_all_open_the_same(path: Path, make: Any) -> None:
    def make_or_open(_: int) -> Any:
        try:
            return create_store(path)
        except StoreError:
            return open_store(path)

    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(make_or_open, range(8)))
    stores[0].replace_facilities(make.facilities(1), make.designations(1), make.load("facilities"))
    versions = {store.version() for store in stores}
    for store in stores:
        store.close()
    assert len(versions) == 1
    assert versions != {0}
    assert list(path.parent.iterdir()) == [path]


def test_who_comes_second_opens_what_is_there(
    path: Path, monkeypatch: pytest.MonkeyPatch, make: Any
) -> None:
    """The other process makes and fills its store while ours is being made."""
    original = opening_module._make

    def overtaken(made: Path) -> None:
        original(made)
        monkeypatch.setattr(opening_module, "_make", original)
        with create_store(path) as first:
            first.replace_district(make.district(), make.load())

    monkeypatch.setattr(opening_module, "_make", overtaken)
    with create_store(path) as second:
        assert len(second.read_district().townships) == 4
    assert list(path.parent.iterdir()) == [path]


def test_without_hard_links_it_is_renamed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(self: Path, target: Path) -> None:
        raise PermissionError(f"{self} {target}")

    monkeypatch.setattr(Path, "hardlink_to", unsupported)
    with create_store(path) as store:
        assert store.version() == 0
    assert list(path.parent.iterdir()) == [path]


# Opening


@pytest.mark.parametrize(
    "content", [b"", b"x", b"SQLite format 3\x00", b"PK\x03\x04" * 100, "台账".encode() * 99]
)
def test_another_file_is_refused_and_left(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError, match="不是本程序的数据库") as caught:
        open_store(path)
    assert caught.value.message("en").startswith("kepu.gpkg: This file is not a store")
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_missing_folder_pipe(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="没有这个"):
        open_store(tmp_path / "none.gpkg")
    with pytest.raises(StoreError, match="不是本程序"):
        open_store(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StoreError, match="不是本程序"):
        open_store(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("DROP TABLE meta", "不是本程序"),
        ("DELETE FROM meta", "不是本程序"),
        ("UPDATE meta SET product = 'other'", "不是本程序"),
        ("PRAGMA application_id = 0", "不是本程序"),
        ("UPDATE meta SET schema_version = 99", "第 99 版"),
    ],
)
def test_not_ours_or_of_another_version(filled: Path, statement: str, word: str) -> None:
    spoil(filled, statement)
    with pytest.raises(StoreError, match=word):
        open_store(filled)


def test_a_truncated_store_is_told(filled: Path) -> None:
    os.truncate(filled, 8_192)
    with pytest.raises(StoreError), open_store(filled) as store:
        store.read_district()


def test_a_copy_taken_while_open_is_a_store(filled: Path, make: Any) -> None:
    copy = filled.with_name("copy.gpkg")
    with open_store(filled) as store:
        store.replace_facilities(make.facilities(7), make.designations(2), make.load("facilities"))
        shutil.copy(filled, copy)
        with open_store(copy) as copied:
            assert copied.version() == store.version()
            assert len(copied.read_district().facilities) == 7
