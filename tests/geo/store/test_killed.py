"""A process is killed in the middle of a load, again and again."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geo.store import open_store
from geo.store.connection import connect

KILLS = 50
ROWS = 400


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


def kill_a_load(path: Path, states: list[tuple[Any, Any]], load: Any, delay_s: float) -> int:
    """Return how many commits the child told of before it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        load_until_killed(path, states, load, writer)
    os.close(writer)
    try:
        assert os.read(reader, 1) == b"o"  # the child has the store open
        time.sleep(delay_s)
    finally:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL  # it was at work until then
    with os.fdopen(reader, "rb") as told:
        return len(told.read())


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
        told = kill_a_load(filled, states, load, moments.uniform(0, 0.08))
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
