"""Work that takes longer than a request: one at a time, bounded, and it can be called off."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Final

from geo.core.errors import NotFoundError, StoreBusyError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("api")

MOST_WAITING: Final = 8
MOST_KEPT: Final = 32

Report = Callable[[float, float, float], bool]
Work = Callable[[Report], dict[str, Any]]


@dataclass
class Job:
    """A piece of work: what is known of it so far, and what came of it.

    Attributes
    ----------
    job_id : str
        The same for the same question about the same data.
    found : tuple of float or None
        Objective, bound and seconds of the best so far.
    """

    job_id: str
    found: tuple[float, float, float] | None = None
    _future: Future[dict[str, Any]] | None = None
    _off: Event = field(default_factory=Event)

    def report(self, objective: float, bound: float, seconds: float) -> bool:
        """Take note of how far it is; False once it was called off."""
        self.found = (objective, bound, seconds)
        return not self._off.is_set()

    def call_off(self) -> None:
        """End it soon, with the best so far if it has begun."""
        self._off.set()
        if self._future is not None:
            self._future.cancel()

    @property
    def was_called_off(self) -> bool:
        """Whether somebody called it off."""
        return self._off.is_set()

    @property
    def status(self) -> str:
        """One of ``waiting``, ``running``, ``done``, ``failed`` and ``cancelled``."""
        future = self._future
        if future is None or not (future.running() or future.done()):
            return "waiting"
        if future.cancelled():
            return "cancelled"
        if not future.done():
            return "running"
        return "failed" if future.exception() else "done"

    def result(self) -> dict[str, Any]:
        """Return what came of it.

        Raises
        ------
        KepuError
            What went wrong with it.
        """
        assert self._future is not None  # noqa: S101  (asked for when done)
        return self._future.result()


class Jobs:
    """A queue within one process; of jobs that ended the last few are kept."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kepu-job")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = Lock()

    def start(self, question: bytes, work: Work) -> Job:
        """Return the job of a question, begun unless it is known.

        Raises
        ------
        StoreBusyError
            Too many wait already.
        """
        job_id = job_id_of(question)
        with self._lock:
            known = self._jobs.get(job_id)
            if known is not None and not known.was_called_off and known.status != "failed":
                return known
            refuse_more(job.status for job in self._jobs.values())
            job = Job(job_id)
            self._jobs[job_id] = job
            self._forget()
            job._future = self._worker.submit(work, job.report)
            return job

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises
        ------
        NotFoundError
            There is none, or it ended so long ago that it is forgotten.
        """
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None:
            raise no_such_job()
        return job

    def close(self) -> None:
        """Call everything off and wait for what is running."""
        for job in list(self._jobs.values()):
            job.call_off()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _forget(self) -> None:
        ended = [key for key, job in self._jobs.items() if job.status not in {"waiting", "running"}]
        for key in ended[: max(0, len(self._jobs) - MOST_KEPT)]:
            del self._jobs[key]


def job_id_of(question: bytes) -> str:
    """Return the identifier of the job that answers a question.

    Examples
    --------
    >>> job_id_of(b"where")
    'b48111c10c65fc119368edafb19f9745'
    """
    return hashlib.sha256(question).hexdigest()[:32]


def refuse_more(statuses: Iterable[str]) -> None:
    """Refuse another job where too many are under way already.

    Raises
    ------
    StoreBusyError
        They are.
    """
    if sum(status in {"waiting", "running"} for status in statuses) >= MOST_WAITING:
        raise StoreBusyError(**TEXT.both("too_many_siting_jobs"))


def no_such_job() -> NotFoundError:
    """Return the error of a job that is not there, or no more."""
    return NotFoundError(**TEXT.both("no_such_siting_job"))
