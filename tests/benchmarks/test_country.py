"""Assignment and provision of a synthetic country, beside geopandas on the same data.

Run with ``pytest -m benchmark -s tests/benchmarks``; nothing here asserts a time.
Each side runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("country.py")
pytestmark = pytest.mark.benchmark


def _run(who: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), who], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def test_a_country_of_3000_townships_and_a_million_facilities() -> None:
    ours, peer = _run("ours"), _run("peer")
    assert ours["sum_m2"] == pytest.approx(peer["sum_m2"], rel=1e-9)
    print(
        f"\nassign + count + provision: {ours['seconds']:.2f} s CPU, {ours['peak_mb']:.0f} MB;"
        f" sjoin + groupby: {peer['seconds']:.2f} s CPU, {peer['peak_mb']:.0f} MB;"
        f" ratio {ours['seconds'] / peer['seconds']:.2f} of the time,"
        f" {ours['peak_mb'] / peer['peak_mb']:.2f} of the memory"
    )
