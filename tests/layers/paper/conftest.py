"""Sheets of the toy district and of the demonstration district, and readers of what is on them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from geo.core.district import DistrictData
from geo.core.scenario import Scenario, load_scenario
from geo.districts import demo_ledger_path, load_shipped, shipped_districts
from geo.intake.tables.ledger import read_ledger
from geo.measures.study import study
from geo.publish.map_sheet import map_shapes
from geo.publish.study_json import study_document
from layers.paper import Fonts, MapMeasure, find_fonts, thematic_map
from layers.paper.canvas import Box, Canvas

ARTEFACTS = Path(__file__).parents[2] / "artefacts"


@dataclass(frozen=True)
class Word:
    """A word on a sheet, its box in points from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Subject:
    """A study as a sheet takes it."""

    document: dict[str, Any]
    shapes: dict[str, Any]
    drawn: dict[Any, bytes] = field(default_factory=dict)

    def kept(self, fonts: Fonts, **given: Any) -> bytes:
        """Return a sheet that several tests look at, drawn once."""
        key = tuple(sorted(given.items()))
        if key not in self.drawn:
            self.drawn[key] = self.sheet(fonts, **given)
        return self.drawn[key]

    def sheet(self, fonts: Fonts, file_format: str = "pdf", **given: Any) -> bytes:
        asked: dict[str, Any] = {"measure": MapMeasure(), "sheet": "A4", "lang": "zh"} | given
        return thematic_map(
            self.document, self.shapes, fonts=fonts, file_format=file_format, **asked
        )


@dataclass(frozen=True)
class Written:
    """A line of text as it was written, its place in layout millimetres."""

    x: float
    y: float
    text: str
    size: float
    given: dict[str, Any]


class Recorder(Canvas):
    """A canvas that remembers what is written on it, and draws nothing."""

    def __init__(self, fonts: Fonts, width: float = 297, height: float = 210) -> None:
        super().__init__(width, height, 1.0, fonts)
        self.written: list[Written] = []
        self.filled: list[tuple[Box, dict[str, Any]]] = []
        self.lines: list[tuple[list[float], list[float]]] = []

    def write(self, x: float, y: float, text: str, size: float, **given: Any) -> None:
        self.written.append(Written(x, y, text, size, given))

    def rectangle(self, box: Box, **given: Any) -> None:
        self.filled.append((box, given))

    def polygons(self, shapes: Any, **given: Any) -> None:
        list(shapes)

    def line(self, xs: Any, ys: Any, **given: Any) -> None:
        self.lines.append((list(xs), list(ys)))

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.written]

    @property
    def text(self) -> str:
        """Everything in the order of writing, without the breaks of lines."""
        return "".join(self.texts)


class Poppler:
    """Reads sheets with the tools of poppler, which know nothing of us."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _run(self, tool: str, content: bytes, *arguments: str) -> str:
        path = self._folder / "sheet.pdf"
        path.write_bytes(content)
        done = subprocess.run(
            [tool, *arguments, str(path), *(["-"] if tool == "pdftotext" else [])],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        assert not done.stderr, done.stderr
        return done.stdout

    def text(self, content: bytes) -> str:
        """Return the text of a sheet, without spaces and line breaks."""
        return "".join(self._run("pdftotext", content).split())

    def fonts(self, content: bytes) -> list[str]:
        return self._run("pdffonts", content).splitlines()[2:]

    def words(self, content: bytes) -> list[Word]:
        rows = re.findall(
            r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>',
            self._run("pdftotext", content, "-bbox"),
        )
        return [Word(text, *map(float, (x, y, right, low))) for x, y, right, low, text in rows]

    def picture(self, content: bytes, dpi: int = 100) -> Image.Image:
        """Return a sheet as another program draws it."""
        path = self._folder / "sheet.pdf"
        path.write_bytes(content)
        target = self._folder / "page"
        command = ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", str(path), str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        assert not done.stderr, done.stderr
        with Image.open(target.with_suffix(".png")) as opened:
            return opened.convert("RGB")


@pytest.fixture
def poppler(tmp_path: Path) -> Poppler:
    """Return the tools; without them the test is skipped, but never in CI."""
    if shutil.which("pdftotext") is None and not os.environ.get("CI"):
        pytest.skip("poppler-utils is not installed")
    return Poppler(tmp_path)


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return find_fonts()


@pytest.fixture
def recorder(fonts: Fonts) -> Recorder:
    return Recorder(fonts)


def subject_of(data: DistrictData, scenario: Scenario) -> Subject:
    found = study(data, scenario)
    return Subject(study_document(found), map_shapes(found))


@pytest.fixture(scope="session")
def subject() -> Callable[[DistrictData], Subject]:
    """Return a maker of what a sheet takes, from a district at the end of 2025."""
    scenario = load_scenario(on=date(2025, 12, 31))
    return lambda data: subject_of(data, scenario)


@pytest.fixture(scope="session")
def toy_subject(toy: DistrictData, subject: Callable[[DistrictData], Subject]) -> Subject:
    return subject(toy)


@pytest.fixture(scope="session")
def demo(demo_data: DistrictData, subject: Callable[[DistrictData], Subject]) -> Subject:
    return subject(demo_data)


@pytest.fixture(scope="session")
def demo_data() -> DistrictData:
    code = shipped_districts()[0]
    ledger = read_ledger(demo_ledger_path(code))
    shipped = load_shipped(code)
    return replace(shipped, facilities=ledger.facilities, designations=ledger.designations)


@pytest.fixture(scope="session")
def keep() -> Callable[[str, bytes], None]:
    """Return what keeps a file for a person to look at."""

    def write(name: str, content: bytes) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        (ARTEFACTS / name).write_bytes(content)

    return write
