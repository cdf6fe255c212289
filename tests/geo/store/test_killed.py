"""A process is killed in the middle of a load, again and again."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geo.core.quarantine import QuarantinedRow
from geo.core.schema import FACILITIES
from geo.store import open_store
from geo.store.connection import connect
from geo.store.schema import stored_names

KILLS = 50
ROWS = 400
COMMIT_S = 0.12
"""About as long as a commit takes."""


def load_until_killed(path: Path, states: list[tuple[Any, Any]], load: Any, done: int) -> NoReturn:
    """Alternate two ledgers for ever; runs in the child and never returns to pytest."""
    try:
        with open_store(path) as store:
            os.write(done, b"o")
            while True:
                for ledger, plaques in states:
                    store.replace_facilities(ledger, plaques, load)
                    os.write(done, b"c")
    finally:
        os._exit(1)


def kill(
    work: Callable[..., NoReturn], path: Path, states: list[Any], load: Any, moment: float
) -> int:
    """Return how many commits the child told of before it was killed.

    The moment is after so many commits and, by its fraction, so far into the next one:
    counted in commits, it means the same on a slow machine.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        work(path, states, load, writer)
    os.close(writer)
    try:
        assert os.read(reader, 1) == b"o"  # the child has the store open
        for _ in range(int(moment)):
            assert os.read(reader, 1) == b"c"
        time.sleep(moment % 1 * COMMIT_S)
    finally:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL  # it was at work until then
    with os.fdopen(reader, "rb") as told:
        return int(moment) + len(told.read())


def check_file(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    (odd,) = connection.execute(
        """
        SELECT count(*) FROM facilities FULL JOIN rtree_facilities_geom ON fid = id
        WHERE (geom IS NULL) != (id IS NULL)
           OR ST_MinX(geom) < minx OR ST_MaxX(geom) > maxx OR maxx - minx > 1e-4
           OR ST_MinY(geom) < miny OR ST_MaxY(geom) > maxy OR maxy - miny > 1e-4
        """
    ).fetchone()
    assert odd == 0
    (triggers,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'facilities'"
    ).fetchone()
    assert triggers == 12


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fifty_kills_leave_one_state_or_the_other(filled: Path, make: Any) -> None:
    states = [
        (make.facilities(ROWS + seed, seed), make.designations(9 + seed, seed)) for seed in (1, 2)
    ]
    load = make.load("facilities", ROWS)
    with open_store(filled) as store:
        store.replace_facilities(*states[0], load)
        version = store.version()
    moments = random.Random(430503)
    seen = set()
    for _ in range(KILLS):
        told = kill(load_until_killed, filled, states, load, moments.uniform(0, 3))
        assert filled.with_name(filled.name + "-wal").exists()
        with open_store(filled) as store:
            data = store.read_district()
            assert len(store.loads()) == data.version
        # What was said to be kept is kept; one commit may not have been told of.
        assert told <= data.version - version <= told + 1
        version = data.version
        state = 0 if len(data.facilities) == len(states[0][0]) else 1
        assert_geodataframe_equal(data.facilities, states[state][0])
        assert_frame_equal(data.designations, states[state][1])
        assert len(data.townships) == 4
        connection = connect(filled, busy_timeout_s=1)
        check_file(connection)
        connection.close()
        seen.add(state)
    assert seen == {0, 1}


def rows_wait(seed: int) -> list[QuarantinedRow]:
    return [
        QuarantinedRow(f"{seed}.xlsx", None, row + 1, {"名称": "x" * 50}) for row in range(5 + seed)
    ]


def work_until_killed(path: Path, ledgers: list[Any], load: Any, done: int) -> NoReturn:
    """Load two ledgers in turn with their quarantine, and take every third load back."""
    try:
        with open_store(path) as store:
            os.write(done, b"o")
            while True:
                for turn, ledger in enumerate([*ledgers, ledgers[0]]):
                    record = replace(load, file_name=f"{turn}.xlsx")
                    store.load_facilities(ledger, None, record, quarantine=rows_wait(turn))
                    os.write(done, b"c")
                store.undo(int(store.imports().index[-1]), "王芳", load.loaded_at)
                os.write(done, b"c")
    finally:
        os._exit(1)


def check_history(connection: sqlite3.Connection) -> None:
    """The rows that hold by the versions are those of the table, whole imports only."""
    names = ", ".join(stored_names(FACILITIES))
    live = f"SELECT fid, {names} FROM facilities"
    held = f"SELECT live_fid, {names} FROM facilities_history WHERE valid_to_load IS NULL"
    for left, right in ((live, held), (held, live)):
        assert connection.execute(f"{left} EXCEPT {right}").fetchall() == []
    (last,) = connection.execute("SELECT max(fid) FROM loads").fetchone()
    (beyond,) = connection.execute(
        "SELECT count(*) FROM facilities_history WHERE max(valid_from_load, "
        "coalesce(valid_to_load, 0)) > ?", (last,)
    ).fetchone()  # fmt: skip
    assert beyond == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_kills_leave_history_quarantine_and_undo_whole(filled: Path, make: Any) -> None:
    ledgers = [make.facilities(150 + seed, seed) for seed in (1, 2)]
    moments = random.Random(430511)
    undone = 0
    for _ in range(KILLS):
        kill(work_until_killed, filled, ledgers, make.load("facilities"), moments.uniform(0, 5))
        with open_store(filled) as store:
            imports, facilities = store.imports(), store.read_district().facilities
            assert store.version() <= len(imports)  # a file that was seen again is only noted
            assert_geodataframe_equal(
                store.read_district(int(imports.index[-1])).facilities, facilities
            )
            open_rows = store.quarantine().groupby("source_file").size().to_dict()
        last = imports.iloc[-1]
        if last["what"] == "undo":
            undone += 1
            assert len(facilities) == len(ledgers[1])
            assert open_rows.keys() <= {"0.xlsx", "1.xlsx", "2.xlsx"}
        elif last["what"] == "facilities":
            turn = int(last["file_name"][0])
            assert_geodataframe_equal(facilities, ledgers[turn % 2])
            assert open_rows[last["file_name"]] == last["quarantined"] == 5 + turn
        connection = connect(filled, busy_timeout_s=1)
        check_file(connection)
        check_history(connection)
        connection.close()
    assert undone > 0
