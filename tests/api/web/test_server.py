"""Several real processes at one socket: siting over all of them, deaths, and ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from uvicorn.config import STARTUP_FAILURE

from api.settings import Settings
from api.web.server import make_worker_app, run
from geo.core.errors import ScenarioError
from geo.store import Store

KEPU = str(Path(sys.executable).with_name("kepu"))
ON = "on=2025-12-31"
WORKERS = 2
LONG = {"also": ["alternatives", "frontier", "robustness"]}
"""Besides the plan; on the demonstration district it takes a minute."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="one worker on Windows")


@dataclass
class Service:
    """`kepu serve` with two workers; every request comes by a connection of its own."""

    process: subprocess.Popen[str]
    port: int
    temporary: Path

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def workers(self) -> dict[str, psutil.Process]:
        """Return the worker processes by the lock that each holds."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            # One that died may go while it is looked at.
            with suppress(psutil.NoSuchProcess):
                for file in child.open_files():
                    if Path(file.path).name.startswith("worker-"):
                        found[file.path] = child
        return found

    def wait_for_workers(self, gone: int = 0) -> dict[str, psutil.Process]:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            found = self.workers()
            if len(found) == WORKERS and gone not in {worker.pid for worker in found.values()}:
                return found
            time.sleep(0.1)
        raise AssertionError("there are not as many workers as asked for")

    def worker_of(self, job_id: str) -> psutil.Process:
        """Return the process that has a job, by what it noted."""
        *_, note = sorted(self.temporary.glob(f"*/*-{job_id}.json"))
        worker = json.loads(note.read_bytes())["worker"]
        return next(p for path, p in self.workers().items() if worker in path)

    def state(self, job_id: str, *statuses: str, seconds: float = 90) -> dict[str, Any]:
        """Poll by new connections until the job has one of the statuses."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            code, answer = self.ask("GET", f"/siting/{job_id}")
            if code != 200 or answer["status"] in statuses:
                return {"code": code, **answer}
            time.sleep(0.05)
        raise AssertionError(f"the job did not become {statuses}")


@contextmanager
def serving(store: Path, folder: Path) -> Iterator[Service]:
    """Serve a copy of a store, with temporary files of its own."""
    temporary = folder / "temporary"
    temporary.mkdir()
    shutil.copy(store, folder / "kepu.gpkg")
    command = [KEPU, "serve", "--workers", str(WORKERS), "--port", "0"]
    environment = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stderr.readline())
        assert address
        served = Service(process, int(address.group(1)), temporary)
        try:
            served.wait_for_workers()
            yield served
        finally:
            if process.poll() is None:
                end(served)


@pytest.fixture(scope="module")
def service(demo_store_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(demo_store_file, tmp_path_factory.mktemp("service")) as served:
        yield served


def end(service: Service, by: signal.Signals = signal.SIGTERM) -> None:
    children = psutil.Process(service.process.pid).children()
    service.process.send_signal(by)
    assert service.process.wait(timeout=60) in (0, -by, 128 + by)
    assert psutil.wait_procs(children, timeout=30)[1] == []


def test_a_job_is_seen_and_called_off_by_every_worker(service: Service) -> None:
    code, begun = service.ask("POST", f"/siting?{ON}", LONG)
    assert code == 202
    job_id = begun["job_id"]
    service.state(job_id, "running")
    states = [service.ask("GET", f"/siting/{job_id}") for _ in range(40)]
    assert {(code, state["status"]) for code, state in states} == {(200, "running")}
    again = [service.ask("POST", f"/siting?{ON}", LONG)[1]["job_id"] for _ in range(6)]
    assert set(again) == {job_id}
    others = [
        service.ask("POST", f"/siting?{ON}", {"siting": {"first_weight": n / 100}})
        for n in range(30, 40)
    ]
    assert [code for code, _ in others] == [202] * 7 + [503] * 3
    for _, state in others[:7]:
        code, answer = service.ask("DELETE", f"/siting/{state['job_id']}")
        assert (code, answer["status"], answer["cancelled"]) == (200, "cancelled", True)
    assert service.ask("DELETE", f"/siting/{job_id}")[1]["cancelled"]
    ended = service.state(job_id, "done")
    assert ended["proposal"]["sites"]
    assert {service.ask("GET", f"/siting/{job_id}")[1]["status"] for _ in range(20)} == {"done"}


def test_a_worker_killed_in_the_midst_is_replaced_and_its_job_may_be_asked_again(
    service: Service,
) -> None:
    job_id = service.ask("POST", f"/siting?{ON}", LONG)[1]["job_id"]
    service.state(job_id, "running")
    killed = service.worker_of(job_id)
    killed.send_signal(signal.SIGKILL)
    lost = service.state(job_id, "failed", "done")
    assert (lost["code"], "意外结束" in lost["detail"]) == (503, True)
    service.wait_for_workers(gone=killed.pid)
    code, again = service.ask("POST", f"/siting?{ON}", {})
    assert code == 202
    assert service.state(again["job_id"], "done")["proposal"]["sites"]
    assert service.ask("POST", f"/siting?{ON}", LONG)[1]["job_id"] == job_id
    assert service.state(job_id, "running")["code"] == 200
    service.ask("DELETE", f"/siting/{job_id}")


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_end_of_the_parent_is_the_end_of_all(
    demo_store_file: Path, tmp_path: Path, by: signal.Signals
) -> None:
    with serving(demo_store_file, tmp_path) as served:
        (folder,) = served.temporary.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert served.ask("GET", "/health")[0] == 200
        end(served, by)
        if by != signal.SIGKILL:
            assert list(served.temporary.iterdir()) == []
            assert not list(tmp_path.glob("*-wal"))


def test_a_worker_that_cannot_begin_says_why_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(SystemExit) as ended:
        make_worker_app(Settings(store=tmp_path / "nowhere.gpkg", workers=2), tmp_path)
    assert ended.value.code == STARTUP_FAILURE
    assert [record.message for record in caplog.records if "nowhere" in record.message]


def test_windows_has_one_worker_and_says_so(
    toy_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(ScenarioError, match="只支持一个进程"):
        run(toy_store, Settings(workers=2), lambda _zh, _en: None)
