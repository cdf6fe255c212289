"""The process that opens an untrusted .osm.pbf: ``python -m geo.intake.tables.roads``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geo.intake.formats.__main__ import run


def _osm(order: dict[str, Any]) -> None:
    # Imported under the limits, as all that opens untrusted content.
    from geo.intake.tables.roads.osm import WAYS, ways_of  # noqa: PLC0415

    Path(WAYS).write_bytes(ways_of(Path("input"), order))


if __name__ == "__main__":
    run({"osm": _osm})
