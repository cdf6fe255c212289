"""The queue that several processes share: order, bounds, what is called off, what is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.jobs import MOST_KEPT, MOST_WAITING, Report, Work, job_id_of
from api.shared_jobs import SharedJob, SharedJobs
from geo.core.errors import JobLostError, KepuError, NotFoundError, SitingError, StoreBusyError

Two = tuple[SharedJobs, SharedJobs]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    """Two parts of one queue, as two processes would have them."""
    parts = SharedJobs(tmp_path), SharedJobs(tmp_path)
    yield parts
    for part in parts:
        part.close()


def wait_for(job: SharedJob, *statuses: str) -> str:
    until = time.monotonic() + 20
    while job.status not in statuses and time.monotonic() < until:
        time.sleep(0.01)
    assert job.status in statuses
    return job.status


def until_called_off(begun: list[str], name: str) -> Work:
    def work(report: Report) -> dict[str, Any]:
        begun.append(name)
        while report(1.0, float("inf"), 0.0):
            time.sleep(0.01)
        return {"best": name}

    return work


def at_once(value: object) -> Work:
    return lambda report: {"value": value, "goes_on": report(1.0, 2.0, 3.0)}


def test_each_part_sees_what_the_other_does(two: Two) -> None:
    here, there = two
    job = here.start(b"q", at_once([1, "二", None, 0.1]))
    wait_for(there.get(job.job_id), "done")
    assert there.get(job.job_id).result() == {"value": [1, "二", None, 0.1], "goes_on": True}
    assert there.get(job.job_id).found == (1.0, 2.0, 3.0)
    assert there.start(b"q", at_once("anew")) == job
    with pytest.raises(NotFoundError):
        there.get("f" * 32)


def test_one_at_a_time_in_the_order_asked_whoever_was_asked(two: Two) -> None:
    begun: list[str] = []
    jobs = [two[n % 2].start(str(n).encode(), until_called_off(begun, str(n))) for n in range(4)]
    for number, job in enumerate(jobs):
        wait_for(job, "running")
        # Time enough for another to begin, if it would.
        time.sleep(0.3)
        assert begun == [str(n) for n in range(number + 1)]
        assert job.found == (1.0, None, 0.0)
        two[(number + 1) % 2].get(job.job_id).call_off()
        wait_for(job, "done")
        assert (job.result(), job.was_called_off) == ({"best": str(number)}, True)


def test_eight_wait_over_all_and_one_that_waits_can_be_called_off(two: Two) -> None:
    begun: list[str] = []
    jobs = [
        two[n % 2].start(str(n).encode(), until_called_off(begun, str(n)))
        for n in range(MOST_WAITING)
    ]
    for part in two:
        with pytest.raises(StoreBusyError):
            part.start(b"more", at_once(1))
    two[0].get(jobs[3].job_id).call_off()
    assert jobs[3].status == "cancelled"
    again = two[1].start(b"3", at_once("again"))
    assert (again.job_id == jobs[3].job_id, again.name == jobs[3].name) == (True, False)
    for job in jobs:
        job.call_off()
    wait_for(again, "done")
    assert two[0].get(jobs[3].job_id).result()["value"] == "again"
    assert "3" not in begun


def test_the_last_are_kept_and_the_rest_forgotten(two: Two) -> None:
    jobs = []
    for number in range(MOST_KEPT + 3):
        jobs.append(two[number % 2].start(str(number).encode(), at_once(number)))
        wait_for(jobs[-1], "done")
    with pytest.raises(NotFoundError):
        two[0].get(jobs[2].job_id)
    assert two[0].get(jobs[3].job_id).result()["value"] == 3
    assert len(list(jobs[0].folder.glob("*.json"))) == MOST_KEPT


def test_one_forgotten_while_it_was_called_off_never_begins(two: Two) -> None:
    begun: list[str] = []
    first = two[0].start(b"first", until_called_off(begun, "first"))
    wait_for(first, "running")
    behind = two[0].start(b"behind", until_called_off(begun, "behind"))
    behind.call_off()
    behind.forget()
    first.call_off()
    last = two[0].start(b"last", at_once("last"))
    wait_for(last, "done")
    assert begun == ["first"]


def test_what_went_wrong_is_told_by_every_part(two: Two) -> None:
    def refuse(_report: Report) -> dict[str, Any]:
        raise SitingError(zh="不能", en="cannot")

    def break_down(_report: Report) -> dict[str, Any]:
        raise ZeroDivisionError("secret")

    job = two[0].start(b"refuse", refuse)
    wait_for(job, "failed")
    with pytest.raises(SitingError, match="不能"):
        two[1].get(job.job_id).result()
    broken = two[0].start(b"break", break_down)
    wait_for(broken, "failed")
    with pytest.raises(KepuError, match="意外错误") as told:
        two[1].get(broken.job_id).result()
    assert "secret" not in str(told.value)
    assert two[1].start(b"refuse", at_once(1)).name != job.name


DOOMED = """
import sys, time
from pathlib import Path
from api.shared_jobs import SharedJobs
def work(report):
    while report(1.0, 2.0, 0.0):
        time.sleep(0.01)
jobs = SharedJobs(Path(sys.argv[1]))
jobs.start(b"running", work), jobs.start(b"waiting", work)
print("begun", flush=True)
time.sleep(60)
"""


def test_what_a_dead_process_had_is_lost_and_may_be_asked_again(two: Two, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DOOMED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as doomed:
        assert doomed.stdout is not None
        assert doomed.stdout.readline() == "begun\n"
        lost, waiting = (two[0].get(job_id_of(name)) for name in (b"running", b"waiting"))
        wait_for(lost, "running")
        behind = two[0].start(b"behind", at_once("behind"))
        assert waiting.status == behind.status == "waiting"
        doomed.kill()
    assert wait_for(lost, "failed") == wait_for(waiting, "failed") == "failed"
    with pytest.raises(JobLostError):
        lost.result()
    wait_for(behind, "done")
    again = two[1].start(b"running", at_once("again"))
    wait_for(again, "done")
    assert two[0].get(lost.job_id).result()["value"] == "again"


def test_closing_calls_off_what_the_part_has_and_no_more(two: Two) -> None:
    begun: list[str] = []
    mine = two[0].start(b"mine", until_called_off(begun, "mine"))
    waits = two[0].start(b"waits", until_called_off(begun, "waits"))
    theirs = two[1].start(b"theirs", until_called_off(begun, "theirs"))
    wait_for(mine, "running")
    two[0].close()
    assert (mine.status, mine.result(), waits.status) == ("done", {"best": "mine"}, "cancelled")
    wait_for(theirs, "running")
    assert not theirs.was_called_off
