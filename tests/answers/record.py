"""Record what the product answers, to hold a change of its code against.

    python tests/answers/record.py OUT [--inputs FOLDER] [--only PART ...]
    python tests/answers/compare.py BEFORE AFTER

``OUT`` gets one file for each answer. ``FOLDER`` (``OUT-inputs`` unless given) holds the files that
are read; they are made once, by the code of the first recording, and replayed after. Needs
``pip install time-machine==2.16.0`` beside the project's own ``dev`` packages.

Parts, in this order; ``--only`` picks some (stores are made as they are needed):

======== ==========================================================================================
help     ``--help`` of every command; wrong command lines in both languages
demo     the demonstration district: study, exports, maps, prints, reports, siting, allotment
county   the invented county of ``county.py``: every load with its report, then as above
web      every document of the service over both stores
intake   the corpora of wrong files: what is printed in both languages, and the marked workbooks
old      what answers come from stores that the code of the first recording made
kept     imports, history, rows held back, merges, undo, approval number: these change the stores
======== ==========================================================================================

Only public entry points are used: the console script's function with a command line, and the ASGI
app. Where they move, ``harness.py`` is the place to say so.

**How answers are made the same in each run.** The clock is frozen (2026-01-15 02:00 UTC; loads on
the days before), so that no moment needs to be taken out of an answer and no solver runs into its
time limit. Commands run in an empty folder under relative names, so that no path does. The
environment is fixed: 100 columns, no colour, UTC, no ``KEPU_*``.

**What is taken out of answers,** and why:

- the nonce of a page (drawn at random for each answer), written ``NONCE`` in header and body;
- the name of a siting job (random), written ``JOB0``, ``JOB1``, ... ; only its end is kept, since
  how far it is at an earlier moment depends on the machine.

Pages are kept three times: whole, their data (``.data0.json``), and without the bodies of scripts
and styles (``.bare.html``): where scripts are laid out otherwise, the others still say whether
anything else differs. Static assets are not recorded.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import commands
import intake
import service
from commands import COUNTY, DEMO
from harness import NOW, Answers, in_folder, plain_environment
from inputs import ROOT, make_inputs

PARTS = ("help", "demo", "county", "web", "intake", "old", "kept")


def main() -> None:
    """Record what the command line asks for."""
    parser = argparse.ArgumentParser(description="Record the product's answers.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--inputs", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    out = asked.out.resolve()
    inputs = (asked.inputs or out.with_name(f"{out.name}-inputs")).resolve()
    if out.exists() and any(out.iterdir()):
        parser.error(f"{out} is not empty")
    plain_environment()
    # The service logs faults; they are its answers here.
    logging.disable(logging.CRITICAL)
    make_inputs(inputs)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "scratch"
        answers = Answers(out, scratch)
        with in_folder(scratch):
            try:
                _record(answers, inputs, frozenset(asked.only))
            finally:
                answers.clock.stop()
    print(answers.summary())


def _record(answers: Answers, inputs: Path, parts: frozenset[str]) -> None:
    _make_stores(answers, inputs, county=bool(parts & {"county", "web", "old", "kept"}))
    if "help" in parts:
        commands.help_texts(answers)
    for one in (DEMO, COUNTY):
        if one.name in parts:
            for part in (commands.figures, commands.exports, commands.drawings, commands.siting):
                part(answers, one)
    if "web" in parts:
        service.both(answers)
    if "intake" in parts:
        intake.reports(answers, inputs)
        intake.messages(answers, ROOT / "docs")
    if "old" in parts:
        _read_old(answers, inputs)
    if "kept" in parts:
        for one in (DEMO, COUNTY):
            commands.keeping(answers, one)


def _make_stores(answers: Answers, inputs: Path, *, county: bool) -> None:
    answers.clock.at(NOW - timedelta(days=8))
    answers.kepu("demo/made", "imports", "--store", DEMO.store, keep=[DEMO.store])
    answers.clock.at(NOW)
    for name in ("own.toml", "small.toml", "wrong.toml"):
        shutil.copy(inputs / name, answers.scratch / name)
    if county:
        commands.loads(answers, inputs)
    _old_stores(answers, inputs)


def _old_stores(answers: Answers, inputs: Path) -> None:
    """Lay the stores of the first recording aside, for later code to open."""
    for one in (DEMO, COUNTY):
        made, kept = answers.scratch / one.store, inputs / "stores" / one.store
        if made.exists() and not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            shutil.copy(made, kept)


def _read_old(answers: Answers, inputs: Path) -> None:
    """Open stores that earlier code made: figures, history, and a load into them."""
    for one in (DEMO, COUNTY):
        store = f"old_{one.store}"
        shutil.copy(inputs / "stores" / one.store, answers.scratch / store)
        stored = ("--store", store)
        at = f"old/{one.name}"
        answers.kepu(f"{at}-study", "study", "--json", *commands.ON, *stored)
        answers.kepu(f"{at}-imports", "imports", *stored)
        answers.kepu(f"{at}-history", "history", one.facility, *stored)
        answers.kepu(f"{at}-ledger", "export", "ledger", "a.xlsx", *commands.ON, *stored)
        answers.put(f"{at}-opened.gpkg", (answers.scratch / store).read_bytes())


if __name__ == "__main__":
    sys.exit(main())
