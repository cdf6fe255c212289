"""How answers are asked for and kept: a frozen clock, the command line in process, and files.

What stands here is all that knows where the product's entry points are; see ``entry_point`` and
``service``.
"""

# ruff: noqa: E501  (a case is a line)

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import time_machine

NOW = datetime(2026, 1, 15, 2, 0, tzinfo=UTC)
"""When all answers are asked for; loads happen on the days before."""

_EMBEDDED = re.compile(rb'<script[^>]*type="application/json"[^>]*>(.*?)</script>', re.DOTALL)
_CODE = re.compile(rb"(<(script|style)\b[^>]*>).*?(</\2>)", re.DOTALL)


def entry_point() -> Callable[[], Any]:
    """Return what the console script ``kepu`` calls."""
    for found in entry_points(group="console_scripts", name="kepu"):
        with contextlib.suppress(ImportError, AttributeError):
            called: Callable[[], Any] = found.load()
            return called
    return _first(("api.cli", "main"))


def service(store: Path) -> tuple[Any, Any]:
    """Return the web service over a store as an ASGI app, and the store to be closed."""
    create_app = _first(("api.web.app", "create_app"), ("api.app", "create_app"))
    settings = _first(("api.settings", "Settings"), ("api.web.settings", "Settings"))
    open_store = _first(("geo.store", "open_store"))
    opened = open_store(store)
    return create_app(opened, settings(store=store)), opened


def _first(*places: tuple[str, str]) -> Any:
    for module, name in places:
        with contextlib.suppress(ModuleNotFoundError, AttributeError):
            return getattr(importlib.import_module(module), name)
    raise SystemExit(f"no entry point is left of {places}: add the new one in harness.py")


class Clock:
    """The frozen clock: ``at`` moves it, nothing else does."""

    def __init__(self) -> None:
        self._travel: Any = None

    def at(self, moment: datetime) -> None:
        """Set the time."""
        self.stop()
        self._travel = time_machine.travel(moment, tick=False)
        self._travel.start()

    def stop(self) -> None:
        """Let the time run again."""
        if self._travel is not None:
            self._travel.stop()
            self._travel = None


class Answers:
    """A folder of answers, one file each, and a scratch folder in which commands run."""

    def __init__(self, out: Path, scratch: Path) -> None:
        self.out, self.scratch = out, scratch
        self.clock = Clock()
        self.count = 0
        self.main = entry_point()
        self._began = time.perf_counter()
        self._slowest: list[tuple[float, str]] = []

    def put(self, name: str, content: bytes) -> None:
        """Keep an answer; a name that is there already would hide another answer."""
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise SystemExit(f"two answers are called {name}")
        path.write_bytes(content)
        self.count += 1
        if path.suffix == ".html":
            self._put_parts(path.with_suffix(""), content)

    def _put_parts(self, stem: Path, page: bytes) -> None:
        """Keep the data of a page and the page without its code beside it.

        They stay comparable when the scripts of a page are laid out otherwise.
        """
        for number, found in enumerate(_EMBEDDED.findall(page)):
            Path(f"{stem}.data{number}.json").write_bytes(found.strip())
        Path(f"{stem}.bare.html").write_bytes(_CODE.sub(rb"\1\3", page))

    def kepu(self, name: str, *arguments: object, keep: Sequence[str] = ()) -> int:
        """Run a command; keep its code, what it printed, and each file that it wrote.

        Parameters
        ----------
        name : str
            Of the answer: ``name.txt``, ``name.json`` for what ``--json`` prints, and
            ``name.FILE`` for each new file in the scratch folder.
        arguments : object
            Of the command line.
        keep : sequence of str
            New files that later commands read; the others are moved away.
        """
        given = [str(argument) for argument in arguments]
        before = self._files()
        began = time.perf_counter()
        code, out, err = self._run(given)
        self.told(name, began)
        if "--json" in given and code == 0:
            self.put(f"{name}.json", out)
            out = b""
        told = f"$ kepu {' '.join(given)}\nexit {code}\n--- stdout\n".encode()
        self.put(f"{name}.txt", told + out + b"--- stderr\n" + err)
        for path in sorted(self._files() - before):
            self.put(f"{name}.{path.name}", path.read_bytes())
            if path.name not in keep:
                path.unlink()
        return code

    def _files(self) -> set[Path]:
        """Return the files in the scratch folder, but for what SQLite and locks lay beside."""
        return {path for path in self.scratch.iterdir()
                if not path.name.endswith(("-wal", "-shm", "-journal", ".lock"))}  # fmt: skip

    def _run(self, arguments: list[str]) -> tuple[int, bytes, bytes]:
        out, err = _stream(), _stream()
        kept = sys.argv
        sys.argv = ["kepu", *arguments]
        code = 0
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                self.main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        except Exception as error:  # noqa: BLE001  (what a command does today is what is kept)
            code = -1
            err.write(f"not caught: {type(error).__name__}: {error}\n")
        finally:
            sys.argv = kept
        out.flush()
        err.flush()
        return code, out.buffer.getvalue(), err.buffer.getvalue()

    @property
    def seconds(self) -> float:
        """How long it has taken, by a clock that is not frozen."""
        return time.perf_counter() - self._began

    def summary(self) -> str:
        """Return how many answers there are, what they took, and the slowest."""
        used = [resource.getrusage(who) for who in
                (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]  # fmt: skip
        cpu = sum(one.ru_utime + one.ru_stime for one in used)
        slowest = "\n".join(f"  {seconds:5.1f} s  {name}"
                            for seconds, name in sorted(self._slowest, reverse=True)[:12])  # fmt: skip
        return (f"{self.count} answers in {self.seconds:.0f} s, {cpu:.0f} s of CPU"
                f"\n{slowest}")  # fmt: skip

    def told(self, name: str, began: float) -> None:
        """Print how far it is, and remember what an answer took."""
        self._slowest.append((time.perf_counter() - began, name))
        if len(self._slowest) % 20 == 0:
            print(f"{self.count:5} answers {self.seconds:6.0f} s  {name}",
                  file=sys.__stderr__, flush=True)  # fmt: skip


def _stream() -> Any:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


@contextlib.contextmanager
def in_folder(path: Path) -> Iterator[None]:
    """Work in a folder that is made anew."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    before = Path.cwd()
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)


def plain_environment() -> None:
    """Take away what would change how answers look: settings, colours, the terminal's width."""
    for name in [key for key in os.environ if key.startswith("KEPU_")]:
        del os.environ[name]
    os.environ |= {"COLUMNS": "100", "LINES": "40", "NO_COLOR": "1", "TERM": "dumb", "TZ": "UTC",
                   "LC_ALL": "C.UTF-8"}  # fmt: skip
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "GITHUB_ACTIONS", "PY_COLORS"):
        os.environ.pop(name, None)
    time.tzset()
