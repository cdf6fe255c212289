"""README's session runs as printed, and its tables tell the truth."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from api.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _session() -> list[tuple[str, list[str]]]:
    block = README.split("<!-- session -->")[1].split("```console\n")[1].split("```")[0]
    steps: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line)
    return steps


def test_the_session_runs_as_printed(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "COLUMNS": "100", "NO_COLOR": "1"}
    for command, expected in _session():
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
        )  # fmt: skip
        shown = [line.rstrip() for line in done.stdout.splitlines() if line.strip()]
        if "..." in expected:
            shown = [*shown[: len(expected) - 1], "..."]
        assert shown == expected, command


def test_the_two_lines_are_what_ci_looks_for() -> None:
    for name in ("serve", "test"):
        block = README.split(f"<!-- line: {name} -->")[1].split("```")[1]
        lines = [line for line in block.splitlines() if line.startswith("python3")]
        assert len(lines) == 1
    assert lines[0].endswith("pytest -q -n auto --dist loadfile")


def test_every_setting_stands_in_the_table() -> None:
    for name in Settings.model_fields:
        assert f"KEPU_{name.upper()}" in README, name
    named = set(re.findall(r"KEPU_([A-Z_]+)", README))
    assert {name.lower() for name in named} == set(Settings.model_fields)


def test_every_picture_and_page_named_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target
