"""The districts shipped: read from the shelf, every file checked against its checksum."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.errors import DataError, NotFoundError, Place
from geo.core.schema import (
    DESIGNATIONS,
    DISTRICTS,
    FACILITIES,
    POPULATION,
    SOURCES,
    TOWNSHIPS,
    VILLAGES,
    Table,
    conform,
    empty_frame,
)
from geo.core.sentences import Sentences
from geo.districts.build import read_features, read_table

TEXT: Final = Sentences("geo.districts")

_PACKAGE: Final = "kepu_boundaries"
_LEDGER: Final = "demo_ledger.xlsx"


def shelf() -> Path:
    """Return the folder of the districts shipped, in a checkout or an installation."""
    return Path(str(files(_PACKAGE)))


def shipped_districts(folder: Path | None = None) -> tuple[str, ...]:
    """Return the codes of the districts shipped, in order.

    Examples
    --------
    >>> shipped_districts()
    ('430503',)
    """
    found = (folder or shelf()).glob("*/sources.toml")
    return tuple(sorted(path.parent.name for path in found))


def load_shipped(code: str, folder: Path | None = None) -> DistrictData:
    """Return a district as shipped, with an empty ledger.

    Parameters
    ----------
    code : str
        Six digits, one of :func:`shipped_districts`.
    folder : pathlib.Path, optional
        Another shelf than the one installed.

    Raises
    ------
    NotFoundError
        No such district is shipped.
    DataError
        A file is missing or is not what its checksum says.

    Examples
    --------
    >>> data = load_shipped("430503")
    >>> len(data.townships), len(data.villages), data.district_name
    (14, 98, '大祥区')
    """
    contents, about = _checked(code, folder or shelf())
    population = read_table(contents["population.csv"])
    whole_numbers = [
        c.name for c in POPULATION.columns if c.dtype == "integer" and c.name in population
    ]
    population[whole_numbers] = population[whole_numbers].astype("float64")
    empty = gpd.GeoDataFrame(empty_frame(FACILITIES), geometry=[], crs=STORAGE_CRS)
    return DistrictData(
        townships=_features(contents["townships.geojson"], TOWNSHIPS),
        districts=_features(contents["districts.geojson"], DISTRICTS),
        villages=_unplaced(read_table(contents["villages.csv"])),
        population=conform(population, POPULATION),
        facilities=empty.set_index("facility_id"),
        designations=empty_frame(DESIGNATIONS),
        sources=conform(pd.DataFrame(about["sources"]), SOURCES).set_index("source_id"),
    )


def demo_ledger_path(code: str, folder: Path | None = None) -> Path:
    """Return the path of a district's demonstration ledger.

    Raises
    ------
    NotFoundError
        No such district is shipped.
    DataError
        The ledger is missing or is not what its checksum says.
    """
    _checked(code, folder or shelf())
    return (folder or shelf()) / code / _LEDGER


def _unplaced(villages: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return villages of which no position is shipped."""
    frame = gpd.GeoDataFrame(villages, geometry=[None] * len(villages), crs=STORAGE_CRS)
    return conform(frame, VILLAGES).set_index("village_code")


def _features(content: bytes, table: Table) -> gpd.GeoDataFrame:
    frame = read_features(content, str(table.key))
    return conform(frame.reset_index(), table).set_index(table.key)


def _checked(code: str, folder: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    if code not in shipped_districts(folder):
        known = "、".join(shipped_districts(folder))
        raise NotFoundError(**TEXT.both("district_is_not_shipped", code=code, known=known))
    about = tomllib.loads((folder / code / "sources.toml").read_text(encoding="utf-8"))
    contents = {}
    for file in about["files"]:
        path = folder / code / file["name"]
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != file["sha256"]:
            raise DataError(**TEXT.both("shipped_file_was_altered"), place=Place(file=file["name"]))
        contents[file["name"]] = content
    return contents, about
