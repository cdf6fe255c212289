"""A command imports what it needs: the others start without it."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.app import Commands
from api.cli.commands.lazy_group import imported

DRAWN = {"folium", "branca", "matplotlib", "fastapi", "starlette", "uvicorn", "docx", "cql2"}
READERS = {"openpyxl", "rapidfuzz", "opencc", "highspy", "scipy.sparse", "rasterio", "osmium"}
SPATIAL = {"numpy", "pandas", "geopandas", "shapely", "pyproj", "scipy", "pydantic"}

RUN = """
import json, sys
import api.cli
sys.argv = ["kepu", *sys.argv[1:]]
try:
    len(sys.argv) > 1 and api.cli.main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def _imports(*arguments: object) -> set[str]:
    """Return the modules that a process has imported when its command is done."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--version",)])
def test_the_list_of_commands_needs_no_library_of_the_field(arguments: tuple[str, ...]) -> None:
    assert not _imports(*arguments) & (DRAWN | READERS | SPATIAL)


def test_figures_need_nothing_that_draws_serves_or_reads_files(
    demo_store_file: Path, tmp_path: Path
) -> None:
    shared = ("--on", "2025-12-31", "--store", demo_store_file)
    assert not _imports("study", *shared) & (DRAWN | READERS)
    assert not _imports("export", "gaps", tmp_path / "gaps.geojson", *shared) & (DRAWN | READERS)


@pytest.mark.parametrize("name", Commands.entries)
def test_the_list_says_of_each_command_what_its_own_help_says(name: str) -> None:
    entry = Commands.entries[name]
    command = imported(name, entry)
    assert command.name == name
    assert inspect.cleandoc(command.help).split("\n\n")[0] == entry.help
