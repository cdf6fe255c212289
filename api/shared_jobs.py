"""Jobs that several processes share: their state is files in one private folder.

Each run of a job has files of its own, named by its place in the queue: ``.json`` (how far it
is), ``.result`` (what came of it) and ``.off`` (somebody called it off). Each process holds a
lock for as long as it lives, so that all can tell whose work is lost; the system frees it,
however the process ends.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, Literal

import orjson
from filelock import FileLock, Timeout

from api.jobs import MOST_KEPT, Job, Jobs, Work, job_id_of, no_such_job, refuse_more
from geo.core import errors
from geo.core.errors import JobLostError, KepuError
from geo.core.files import write_atomically
from geo.core.sentences import Sentences

TEXT: Final = Sentences("api")

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN_LOOKS: Final = 0.1
_SECONDS_BETWEEN_NOTES: Final = 0.25

Found = tuple[float | None, float | None, float | None]
Status = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class _Note:
    """What stands in a run's ``.json``."""

    worker: str
    status: Status = "waiting"
    found: Found | None = None


@dataclass(frozen=True)
class SharedJob:
    """One run of a job, seen from any process; the same doors as :class:`api.jobs.Job`.

    Attributes
    ----------
    folder : pathlib.Path
        Where the jobs of all processes are.
    name : str
        Place in the queue and identifier; the stem of its files.
    """

    folder: Path
    name: str

    @property
    def job_id(self) -> str:
        """The same for the same question about the same data."""
        return self.name.partition("-")[2]

    @property
    def found(self) -> Found | None:
        """Objective, bound and seconds of the best so far."""
        return self.note().found

    @property
    def was_called_off(self) -> bool:
        """Whether somebody called it off."""
        return self._file("off").exists()

    @property
    def status(self) -> Status:
        """One of ``waiting``, ``running``, ``done``, ``failed`` and ``cancelled``."""
        note = self.note()
        if note.status == "waiting" and self.was_called_off:
            return "cancelled"
        if note.status in {"waiting", "running"} and not _lives(self.folder, note.worker):
            # Unless its last words came between the two looks.
            return "failed" if self.note() == note else self.status
        return note.status

    def call_off(self) -> None:
        """End it soon, with the best so far if it has begun."""
        with _queue(self.folder):
            self._file("off").touch()

    def result(self) -> dict[str, Any]:
        """Return what came of it.

        Raises
        ------
        KepuError
            What went wrong with it, be it that its process ended.
        """
        try:
            kept = orjson.loads(self._file("result").read_bytes())
        except FileNotFoundError:
            raise JobLostError(**TEXT.both("siting_process_ended")) from None
        if "error" in kept:
            raise _as_error(kept["error"])
        result: dict[str, Any] = kept["result"]
        return result

    def note(self) -> _Note:
        """Return what was noted of it last.

        Raises
        ------
        NotFoundError
            It ended so long ago that it is forgotten.
        """
        try:
            kept = orjson.loads(self._file("json").read_bytes())
        except FileNotFoundError:
            raise no_such_job() from None
        found = kept["found"]
        return _Note(kept["worker"], kept["status"], None if found is None else tuple(found))

    def write(self, note: _Note) -> None:
        """Note how far it is."""
        write_atomically(self._file("json"), orjson.dumps(note))

    def write_result(self, kept: dict[str, Any]) -> None:
        """Keep what came of it."""
        write_atomically(self._file("result"), orjson.dumps(kept))

    def forget(self) -> None:
        """Take its files away."""
        for ending in ("json", "result", "off"):
            self._file(ending).unlink(missing_ok=True)

    def _file(self, ending: str) -> Path:
        return self.folder / f"{self.name}.{ending}"


class SharedJobs:
    """The part of one process in the queue of all; the same doors as :class:`api.jobs.Jobs`.

    Parameters
    ----------
    folder : pathlib.Path
        Private, the same for all processes, made and removed by whoever starts them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._worker = token_hex(8)
        self._alive = _life(folder, self._worker)
        self._alive.acquire()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kepu-job")
        self._mine: set[_Run] = set()

    def start(self, question: bytes, work: Work) -> SharedJob:
        """Return the job of a question, begun unless it is known.

        Raises
        ------
        StoreBusyError
            Too many wait already, in all processes together.
        """
        job_id = job_id_of(question)
        with _queue(self._folder):
            jobs = _jobs(self._folder)
            known = [job for job in jobs if job.job_id == job_id][-1:]
            if known and not known[0].was_called_off and known[0].status != "failed":
                return known[0]
            refuse_more(job.status for job in jobs)
            number = 1 + max((int(job.name.partition("-")[0]) for job in jobs), default=0)
            run = _Run(SharedJob(self._folder, f"{number:08d}-{job_id}"), self._worker)
            _forget([*jobs, run.job])
        self._mine.add(run)
        future = self._pool.submit(run.work_in_turn, work)
        future.add_done_callback(run.end)
        future.add_done_callback(lambda _: self._mine.discard(run))
        return run.job

    def get(self, job_id: str) -> SharedJob:
        """Return a job, whichever process has it.

        Raises
        ------
        NotFoundError
            There is none, or it ended so long ago that it is forgotten.
        """
        runs = [job for job in _jobs(self._folder) if job.job_id == job_id]
        if not runs:
            raise no_such_job()
        return runs[-1]

    def close(self) -> None:
        """Call off what this process has and wait for what is running."""
        for run in list(self._mine):
            run.job.call_off()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._alive.release()


class _Run:
    """A run in the process that works on it, which alone writes its note."""

    def __init__(self, job: SharedJob, worker: str) -> None:
        self.job = job
        self._note = _Note(worker)
        self._write()

    def work_in_turn(self, work: Work) -> dict[str, Any]:
        """Do the work once all that were begun before have ended."""
        while not self._is_its_turn():
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        return work(self._report)

    def end(self, future: Future[dict[str, Any]]) -> None:
        """Keep what came of it; one called off while it waited is cancelled as it stands."""
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            self._end("done", {"result": future.result()})
        elif not isinstance(error, CancelledError):
            self._end("failed", {"error": _as_values(error)})

    def _is_its_turn(self) -> bool:
        with _queue(self.job.folder):
            under_way = [job for job in _jobs(self.job.folder) if _is_under_way(job)]
            # It was called off, and is perhaps forgotten since.
            if self.job not in under_way:
                raise CancelledError
            if under_way[0] != self.job:
                return False
            self._write(status="running")
            return True

    def _report(self, objective: float, bound: float, seconds: float) -> bool:
        self._note = replace(self._note, found=(objective, bound, seconds))
        if time.monotonic() - self._written_at >= _SECONDS_BETWEEN_NOTES:
            self._write()
        return not self.job.was_called_off

    def _end(self, status: Status, kept: dict[str, Any]) -> None:
        self.job.write_result(kept)
        self._write(status=status)

    def _write(self, **changes: Any) -> None:
        self._note = replace(self._note, **changes)
        self.job.write(self._note)
        self._written_at = time.monotonic()


AnyJob = Job | SharedJob
AnyJobs = Jobs | SharedJobs


@contextmanager
def _queue(folder: Path) -> Iterator[None]:
    """Hold the queue: nobody else begins, calls off or forgets a job meanwhile."""
    with FileLock(folder / "queue.lock"):
        yield


def _life(folder: Path, worker: str) -> FileLock:
    return FileLock(folder / f"worker-{worker}.lock", thread_local=False)


def _lives(folder: Path, worker: str) -> bool:
    try:
        with _life(folder, worker).acquire(timeout=0):
            return False
    except Timeout:
        return True


def _jobs(folder: Path) -> list[SharedJob]:
    """Return every run, in the order in which they were begun."""
    return [SharedJob(folder, path.stem) for path in sorted(folder.glob("*-*.json"))]


def _is_under_way(job: SharedJob) -> bool:
    return job.status in {"waiting", "running"}


def _forget(jobs: list[SharedJob]) -> None:
    ended = [job for job in jobs if not _is_under_way(job)]
    for job in ended[: max(0, len(jobs) - MOST_KEPT)]:
        job.forget()


def _as_values(error: BaseException) -> dict[str, str]:
    if isinstance(error, KepuError):
        return {"kind": type(error).__name__, "zh": error.message("zh"), "en": error.message("en")}
    _log.error("unexpected fault in a job", exc_info=error)
    return {"kind": KepuError.__name__} | TEXT.words("unexpected_fault_was_logged")._asdict()


def _as_error(kept: dict[str, str]) -> KepuError:
    kind: type[KepuError] = getattr(errors, kept["kind"])
    return kind(zh=kept["zh"], en=kept["en"])
