from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from geo.core.errors import StoreBusyError, StoreError
from geo.store.connection import ConnectionPool, connect, file_uri, reading, store_error, writing

ODD_NAMES = [
    "a?mode=memory.gpkg",
    "a#b.gpkg",
    "100%25.gpkg",
    "file:x.gpkg",
    ":memory:",
    "大祥区 科普.gpkg",
    "vsizip.gpkg",
    "a'b;c&d=e.gpkg",
    "-option.gpkg",
]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make(tmp_path / "plain.db")


def make(path: Path) -> Path:
    connection = sqlite3.connect(file_uri(path, "rwc"), uri=True)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    return path


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_is_the_file_of_that_name(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    connection = connect(path, busy_timeout_s=1)
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect(tmp_path / "none.db", busy_timeout_s=1)
    assert list(tmp_path.iterdir()) == []


def test_connections_are_durable_and_share(database: Path) -> None:
    connection = connect(database, busy_timeout_s=1)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA busy_timeout").fetchone() == (1_000,)
    assert connection.execute("SELECT ST_IsEmpty(NULL)").fetchone() == (None,)
    connection.close()


def test_wal_is_set_again_after_another_program_left_it(database: Path) -> None:
    connect(database, busy_timeout_s=1).close()
    other = sqlite3.connect(database)
    assert other.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    other.close()
    connection = connect(database, busy_timeout_s=1)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_second_writer_is_told_and_a_reader_is_not_kept(database: Path) -> None:
    holder, other = (ConnectionPool(database, busy_timeout_s=0.05) for _ in range(2))
    with writing(holder) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        with reading(other) as reader:
            assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
        with pytest.raises(StoreBusyError) as caught, writing(other):
            pytest.fail("two writers at once")
        assert caught.value.place is not None
        assert caught.value.place.file == "plain.db"
    with writing(other) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (1,)
    holder.close()
    other.close()


def test_a_second_writer_waits_for_the_first(database: Path) -> None:
    holder, other = (ConnectionPool(database, busy_timeout_s=10) for _ in range(2))
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        with writing(other) as connection:
            connection.execute("INSERT INTO t SELECT max(x) + 1 FROM t")

    thread = threading.Thread(target=wait)
    with writing(holder) as connection:
        thread.start()
        assert begun.wait(5)
        connection.execute("INSERT INTO t VALUES (1)")
    thread.join()
    with reading(holder) as connection:
        assert connection.execute("SELECT x FROM t").fetchall() == [(1,), (2,)]
    holder.close()
    other.close()


@pytest.mark.parametrize(
    ("fault", "seen"), [(KeyboardInterrupt(), KeyboardInterrupt), (sqlite3.Error("x"), StoreError)]
)
def test_a_fault_rolls_back_and_the_connection_serves_again(
    database: Path, fault: BaseException, seen: type[BaseException]
) -> None:
    def fail(pool: ConnectionPool) -> None:
        with writing(pool) as connection:
            connection.execute("INSERT INTO t VALUES (1)")
            raise fault

    pool = ConnectionPool(database, busy_timeout_s=1)
    with pytest.raises(seen):
        fail(pool)
    with writing(pool) as connection:
        connection.execute("INSERT INTO t VALUES (2)")
    with reading(pool) as connection:
        assert connection.execute("SELECT x FROM t").fetchall() == [(2,)]
    pool.close()


def test_connections_are_used_again(database: Path) -> None:
    pool = ConnectionPool(database, busy_timeout_s=1)
    with pool.connection() as first:
        pass
    with pool.connection() as again, pool.connection() as second:
        assert again is first
        assert second is not first
    pool.close()


def test_a_connection_that_is_lent_is_closed_when_it_comes_back(database: Path) -> None:
    pool = ConnectionPool(database, busy_timeout_s=1)
    with pool.connection() as lent:
        pool.close()
        assert lent.execute("SELECT count(*) FROM t").fetchone() == (0,)
    with pytest.raises(sqlite3.ProgrammingError):
        lent.execute("SELECT 1")
    with pytest.raises(StoreError, match="关闭"), pool.connection():
        pytest.fail("lent after closing")


def test_the_file_alone_is_whole_after_a_commit(database: Path, tmp_path: Path) -> None:
    pool = ConnectionPool(database, busy_timeout_s=1)
    with writing(pool) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    other = ConnectionPool(copy, busy_timeout_s=1)
    with reading(other) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (1,)
    other.close()
    pool.close()


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (sqlite3.SQLITE_READONLY_DBMOVED, "不可写"),
        (sqlite3.SQLITE_PERM, "权限"),
        (sqlite3.SQLITE_FULL, "磁盘已满"),
        (sqlite3.SQLITE_CORRUPT_VTAB, "损坏"),
        (sqlite3.SQLITE_NOTADB, "损坏"),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, "无法打开"),
        (sqlite3.SQLITE_IOERR_WRITE, "disk says no"),
        (None, "disk says no"),
    ],
)
def test_each_fault_says_what_to_do(code: int | None, word: str) -> None:
    error = sqlite3.OperationalError("disk says no")
    if code is not None:
        error.sqlite_errorcode = code
    fault = store_error(error, Path("secret") / "kepu.gpkg")
    assert word in fault.zh
    assert type(fault) is StoreError
    assert "secret" not in fault.message("zh") + fault.message("en")


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_LOCKED])
def test_busy_is_told_apart(code: int) -> None:
    error = sqlite3.OperationalError("locked")
    error.sqlite_errorcode = code
    assert isinstance(store_error(error, Path("k")), StoreBusyError)


def test_a_damaged_file_is_told(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[4_096:] = b"\xff" * (len(content) - 4_096)
    content[100:200] = b"\xff" * 100
    database.write_bytes(content)
    pool = ConnectionPool(database, busy_timeout_s=1)
    with pytest.raises(StoreError, match="损坏"), reading(pool) as connection:
        connection.execute("SELECT * FROM t").fetchall()
    pool.close()
