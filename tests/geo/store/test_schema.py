from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
import shapely

from geo.core.schema import FACILITIES, SOURCES, TABLES, VILLAGES, Column, Table
from geo.core.vocabulary import Quality
from geo.store.blob import sql_functions
from geo.store.schema import create_rtree, create_table, quoted, rtree_name, triggers


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:")
    for name, function in sql_functions().items():
        opened.create_function(name, 1, function)
    yield opened
    opened.close()


def small(*columns: Column) -> Table:
    return Table("t", "表", "T", None, columns)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_columns_types_and_not_null_are_the_dictionarys(
    connection: sqlite3.Connection, table: Table
) -> None:
    connection.execute(create_table(table))
    found = connection.execute(f"PRAGMA table_info({quoted(table.name)})").fetchall()
    assert found[0][1:3] == ("fid", "INTEGER")
    if table.geometry:
        assert found.pop(1)[1:3] == ("geom", table.geometry)
    types = {"text": "TEXT", "real": "REAL", "integer": "INTEGER", "boolean": "BOOLEAN"}
    expected = [
        (column.name, types.get(column.dtype, "DATE"), int(column.required))
        for column in table.columns
    ]
    assert [(name, kind, required) for _, name, kind, required, *_ in found[1:]] == expected


REAL = Column("x", "real", "x", "x", minimum=0, maximum=10)


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        (REAL, [0, 10, 0.5, None], [-0.1, 10.1, float("inf"), "many", b"1"]),
        (replace(REAL, dtype="integer"), [0, 10, None], [-1, 11, 1.5, "many"]),
        (replace(REAL, dtype="boolean"), [0, 1, True, None], [2, -1, "yes"]),
        (
            replace(REAL, dtype="date"),
            ["2024-02-29", None],
            ["2023-02-29", "2023-2-1", "2023-02-01 10:00:00", "now", 20230201, "-"],
        ),
        (replace(REAL, dtype="text", max_length=2), ["科普", "", None], ["科普馆"]),
        (
            replace(REAL, dtype="text", choices=Quality),
            ["census", None],
            ["Census", "census ", "", "'"],
        ),
        (replace(REAL, dtype="text", required=True), ["", "x"], [None]),
    ],
)
def test_bounds_are_constraints(
    connection: sqlite3.Connection, column: Column, good: list[object], bad: list[object]
) -> None:
    connection.execute(create_table(small(column)))
    for value in good:
        connection.execute("INSERT INTO t (x) VALUES (?)", (value,))
    for value in bad:
        with pytest.raises((sqlite3.IntegrityError, sqlite3.OperationalError)):
            connection.execute("INSERT INTO t (x) VALUES (?)", (value,))
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (len(good),)


def test_a_failed_check_names_its_column(connection: sqlite3.Connection) -> None:
    connection.execute(create_table(small(REAL)))
    with pytest.raises(sqlite3.IntegrityError, match=r": x$"):
        connection.execute("INSERT INTO t (x) VALUES (-1)")


def test_the_key_is_unique(connection: sqlite3.Connection) -> None:
    connection.execute(create_table(VILLAGES))
    row = (
        "INSERT INTO villages (village_code, township_code, name_zh, kind, population, source_id) "
        "VALUES ('1', '1', 'x', 'village', 7, 's')"
    )
    connection.execute(row)
    with pytest.raises(sqlite3.IntegrityError, match=r"villages\.village_code"):
        connection.execute(row)


def test_odd_names_are_quoted(connection: sqlite3.Connection) -> None:
    name = 'a"; DROP TABLE t; --'
    connection.execute(f"CREATE TABLE {quoted(name)} ({quoted(name)} TEXT)")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [(name,)]


def test_only_tables_with_geometry_have_rtree_triggers() -> None:
    prefix = rtree_name(FACILITIES)
    names = [name.removeprefix(prefix + "_") for name in triggers(FACILITIES) if prefix in name]
    assert names == ["insert", "update1", "update2", "update3", "update4", "delete"]
    assert not any("rtree" in name for name in triggers(SOURCES))


def test_the_rtree_follows_every_edit(connection: sqlite3.Connection) -> None:
    table = Table("t", "表", "T", None, (), geometry="POINT")
    connection.execute(create_table(table))
    connection.execute(create_rtree(table))
    connection.execute("CREATE TABLE meta (version INTEGER)")
    connection.execute("INSERT INTO meta VALUES (0)")
    for statement in triggers(table).values():
        connection.execute(statement)
    here, there = (bytes.fromhex("4750000100000000") + point(x) for x in (1.0, 5.0))
    empty = bytes.fromhex("4750001100000000") + point(float("nan"))

    def rtree() -> list[tuple[int, float]]:
        return connection.execute(f"SELECT id, minx FROM {rtree_name(table)} ORDER BY 1").fetchall()

    for statement, value, expected in (
        ("INSERT INTO t (fid, geom) VALUES (1, ?)", here, [(1, 1)]),
        ("INSERT INTO t (fid, geom) VALUES (2, ?)", None, [(1, 1)]),
        ("INSERT INTO t (fid, geom) VALUES (3, ?)", empty, [(1, 1)]),
        ("UPDATE t SET geom = ? WHERE fid = 1", there, [(1, 5)]),
        ("UPDATE t SET geom = ? WHERE fid = 2", here, [(1, 5), (2, 1)]),
        ("UPDATE t SET geom = ? WHERE fid = 2", None, [(1, 5)]),
        ("UPDATE t SET fid = 9, geom = ? WHERE fid = 1", here, [(9, 1)]),
        ("UPDATE t SET fid = 8, geom = ? WHERE fid = 9", None, []),
        ("UPDATE t SET geom = ? WHERE fid = 8", there, [(8, 5)]),
        ("DELETE FROM t WHERE geom = ?", there, []),
    ):
        connection.execute(statement, (value,))
        assert rtree() == expected, statement
    assert connection.execute("SELECT version FROM meta").fetchone() == (10,)


def point(x: float) -> bytes:
    return shapely.to_wkb(shapely.Point(x, 2), byte_order=1)
