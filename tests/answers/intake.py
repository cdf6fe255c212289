"""The reports that files get which are wrong, each in its own way."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from harness import Answers

_MARKED = re.compile(r"<!-- (\w+): begin -->(.*?)<!-- \1: end -->", re.DOTALL)


def stores(answers: Answers, inputs: Path) -> None:
    """Make the stores against which the corpora are read."""
    for what in ("430582", "430599", "boundaries"):
        file = f"townships_{what}.geojson"
        shutil.copy(inputs / file, answers.scratch / file)
        shutil.copy(answers.scratch / "demo.gpkg", answers.scratch / f"{what}.gpkg")
        answers.kepu(f"intake/store-{what}", "load", "boundaries", file, "--store", f"{what}.gpkg")
        (answers.scratch / file).unlink()


def reports(answers: Answers, inputs: Path) -> None:
    """Read every file of the corpora; nothing is written into a store."""
    stores(answers, inputs)
    for number, case in enumerate(json.loads((inputs / "cases.json").read_text("utf-8"))):
        # The English of every message stands in docs/intake.md; here are some as they are printed.
        _report(answers, inputs, case, ("zh", "en") if number % 4 == 0 else ("zh",))


def _report(answers: Answers, inputs: Path, case: dict[str, Any], langs: tuple[str, ...]) -> None:
    # A shapefile's companions lie beside it.
    place = inputs / case["folder"]
    path = answers.scratch / case["file"]
    for beside in place.glob(f"{Path(case['file']).stem}.*"):
        shutil.copy(beside, answers.scratch / beside.name)
    options = (*case["options"], "--check", "--store", f"{case['store']}.gpkg")
    for lang in langs:
        # The marked workbook is in Chinese: its reader is whoever filled in the table.
        report = ("--report", "report.xlsx") if lang == "zh" else ()
        answers.kepu(f"intake/{case['name']}-{lang}", "load", case["what"], case["file"], *report,
                     *options, "--lang", lang)  # fmt: skip
    for beside in answers.scratch.glob(f"{path.stem}.*"):
        beside.unlink()


def messages(answers: Answers, docs: Path) -> None:
    """Keep the tables that docs/intake.md draws from the code: headings, and every message."""
    for name, text in _MARKED.findall((docs / "intake.md").read_text("utf-8")):
        answers.put(f"intake/docs-{name}.txt", text.encode())
