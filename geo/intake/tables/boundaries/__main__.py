"""The process that overlays untrusted polygons: ``python -m geo.intake.tables.boundaries``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geo.intake.formats.__main__ import run


def _assess(order: dict[str, Any]) -> None:
    # Imported under the limits, as all that computes on untrusted content.
    from geo.intake.tables.boundaries.assessment import ASSESSED, assessed  # noqa: PLC0415

    Path(ASSESSED).write_bytes(assessed(Path("input").read_bytes(), order))


if __name__ == "__main__":
    run({"assess": _assess})
