"""The process that opens an untrusted GeoTIFF: ``python -m geo.intake.tables.weights``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geo.intake.formats.__main__ import run


def _raster(order: dict[str, Any]) -> None:
    # Imported under the limits, as all that opens untrusted content.
    from geo.intake.tables.weights.pixels import CELLS, cells_of  # noqa: PLC0415

    Path(CELLS).write_bytes(cells_of(Path("input"), order))


if __name__ == "__main__":
    run({"raster": _raster})
