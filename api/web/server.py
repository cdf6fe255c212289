"""Run the web service on this machine, in one process or in several."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api.district_store import Say
from api.settings import Settings
from api.shared_jobs import SharedJobs
from api.web.app import create_app
from geo.core.errors import KepuError, OutputError, ScenarioError
from geo.core.sentences import Sentences
from geo.store import Store, open_store

TEXT: Final = Sentences("api.web")

_BACKLOG: Final = 128
_SECONDS_TO_ANSWER: Final = 60
"""A worker that answers its parent not at all for so long is replaced."""

_log = logging.getLogger(__name__)


def run(store: Store, settings: Settings, say: Say) -> None:
    """Serve until interrupted; the address is said once the port is ours.

    Raises
    ------
    OutputError
        The address cannot be listened on; another program has the port, perhaps.
        Or a worker cannot begin.
    ScenarioError
        The scenario file cannot be used, or several workers are asked for on Windows.
    """
    _refuse_workers_on_windows(settings.workers)
    app = create_app(store, settings)
    listener = _listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    say(*TEXT.words("map_is_ready", shown=shown, port=port))
    if settings.workers == 1:
        uvicorn.Server(_config(app)).run(sockets=[listener])
    else:
        _run_workers(settings, listener)


def make_worker_app(settings: Settings, jobs_folder: Path) -> FastAPI:
    """Return the app of one worker process, over the store that it opens for itself."""
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        return create_app(open_store(settings.store), settings, SharedJobs(jobs_folder))
    except KepuError as error:
        _log.error("%s", error.message("en"))
        sys.exit(STARTUP_FAILURE)


def _config(app: Any, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, **more)


def _run_workers(settings: Settings, listener: socket.socket) -> None:
    """Let processes answer at one socket until interrupted; one that dies is replaced."""
    with TemporaryDirectory(prefix="kepu-jobs-") as folder:
        config = _config(
            partial(make_worker_app, settings, Path(folder)),
            factory=True,
            workers=settings.workers,
            timeout_worker_healthcheck=_SECONDS_TO_ANSWER,
        )
        workers = Multiprocess(config, sockets=[listener])
        workers.run()
        codes = {process.exitcode for process in workers.processes}
    if STARTUP_FAILURE in codes:
        raise OutputError(**TEXT.both("worker_could_not_start"))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _refuse_workers_on_windows(workers: int) -> None:
    if workers > 1 and sys.platform == "win32":
        raise ScenarioError(**TEXT.both("one_worker_on_windows"))


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        raise OutputError(
            **TEXT.both("cannot_listen_on", host=host, port=port, strerror=error.strerror)
        ) from error
    return listener
