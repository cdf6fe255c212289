from __future__ import annotations

import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geo.core.errors import NotFoundError, StoreError, UndoError
from geo.store import create_store, open_store
from geo.store import database as opening_module
from geo.store import upgrade as upgrade_module
from geo.store.connection import connect

OLD = Path(__file__).with_name("version_1.sql")


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


# Older versions


@pytest.fixture
def old(path: Path) -> Path:
    """Return the path of a store that version 1 of the tables made."""
    connection = sqlite3.connect(path)
    for name in ("IsEmpty", "MinX", "MaxX", "MinY", "MaxY"):
        connection.create_function(f"ST_{name}", 1, lambda _: None)
    connection.executescript(OLD.read_text())
    connection.close()
    return path


def test_an_older_store_is_brought_up_to_date(old: Path, make: Any) -> None:
    townships, districts = make.boundaries()
    for _ in range(2):  # the second opening finds nothing to do
        with open_store(old) as store:
            data = store.read_district()
            assert_geodataframe_equal(data.facilities, make.facilities(3, seed=1))
            assert_frame_equal(data.designations, make.designations(2, seed=1))
            assert_geodataframe_equal(data.townships, townships)
            assert_geodataframe_equal(data.districts, districts)
            assert_frame_equal(data.population, make.district().population)
            assert data.approval_number == "湘S(2024)001号"
            assert store.imports()["what"].tolist() == ["district", "facilities", "upgrade"]
            assert store.imports()["added"].isna().all()
            assert store.loads()["row_count"].tolist() == [1, 1]
    assert list(old.parent.iterdir()) == [old]


def test_the_history_of_an_older_store_begins_with_what_was_there(old: Path, make: Any) -> None:
    with open_store(old) as store:
        before = store.read_district()
        assert store.history("s1-2")["what"].tolist() == ["upgrade"]
        for number in (1, 2):
            with pytest.raises(NotFoundError, match="历史"):
                store.read_district(number)
        for number in (1, 2, 3):
            with pytest.raises(UndoError):
                store.undo(number, "", datetime.now(UTC))
        store.load_facilities(make.facilities(9, seed=2), None, make.load("facilities"))
        store.undo(4, "", datetime.now(UTC))
        assert_geodataframe_equal(store.read_district().facilities, before.facilities)
        assert_geodataframe_equal(store.read_district(3).facilities, before.facilities)


def test_an_upgraded_store_is_made_as_a_new_one(old: Path, tmp_path: Path) -> None:
    open_store(old).close()
    new = tmp_path / "new.gpkg"
    create_store(new).close()
    query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    listed = "SELECT table_name, data_type, identifier FROM gpkg_contents ORDER BY 1"
    shapes, contents = [], []
    for path in (old, new):
        connection = connect(path, busy_timeout_s=1)
        shapes.append(connection.execute(query).fetchall())
        contents.append(connection.execute(listed).fetchall())
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
    assert shapes[0] == shapes[1]
    assert contents[0] == contents[1]


def test_columns_that_came_since_are_there_and_empty(old: Path) -> None:
    spoil(old, "DROP TRIGGER kepu_villages_update")
    spoil(old, "ALTER TABLE villages DROP COLUMN urban_rural_class")
    with open_store(old) as store:
        assert store.read_district().villages["urban_rural_class"].isna().all()
        assert len(store.read_district().villages) == 4


def test_an_upgrade_that_fails_leaves_the_old_store(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(upgrade_module, "begin_versions", fail)
        with pytest.raises(KeyboardInterrupt):
            open_store(old)
    connection = sqlite3.connect(old)
    assert connection.execute("SELECT schema_version FROM meta").fetchone() == (1,)
    assert connection.execute("SELECT count(*) FROM loads").fetchone() == (2,)
    connection.close()
    with open_store(old) as store:
        assert len(store.read_district().facilities) == 3


def test_many_open_an_older_store_at_once(old: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(open_store, [old] * 6))
    assert {len(store.imports()) for store in stores} == {3}
    for store in stores:
        store.close()
