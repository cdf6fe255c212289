"""Which reader reads which file: by suffix, and a zip by what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from geo.core.errors import FileTooLargeError, Place
from geo.intake.formats.limits import MAX_SHEETS, InputFile
from geo.intake.formats.parts import Part
from geo.intake.formats.zipped import unzip
from geo.intake.sentences import message

# Each reader is imported when a file needs it: the process that reads is started for one file.
# ruff: noqa: PLC0415

Reader = Callable[[InputFile], Sequence[Part]]


_ZIP_TOO_MANY_PARTS = message("formats.zip_too_many_parts")


def _workbook(source: InputFile) -> Sequence[Part]:
    from geo.intake.formats.workbook import read_workbook

    return read_workbook(source)


def _delimited(source: InputFile) -> Sequence[Part]:
    from geo.intake.formats.delimited import read_csv

    return [read_csv(source)]


def _geojson(source: InputFile) -> Sequence[Part]:
    from geo.intake.formats.geojson import read_geojson

    return [read_geojson(source)]


def _geopackage(source: InputFile) -> Sequence[Part]:
    from geo.intake.formats.geopackage import read_geopackage

    return read_geopackage(source)


def _shapefile(source: InputFile) -> Sequence[Part]:
    from geo.intake.formats.shapefile import read_shapefile

    return [read_shapefile(source)]


def _kml(source: InputFile) -> Sequence[Part]:
    from geo.intake.formats.kml import read_kml

    return [read_kml(source)]


_READERS: Final[Mapping[str, Reader]] = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".et"), _workbook),
    **dict.fromkeys((".csv", ".tsv", ".txt"), _delimited),
    **dict.fromkeys((".geojson", ".json"), _geojson),
    ".gpkg": _geopackage,
    ".shp": _shapefile,
    ".kml": _kml,
}
_ZIPS: Final = (".zip", ".kmz")

TABLE_SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv", ".txt")
LAYER_SUFFIXES: Final = (".geojson", ".json", ".gpkg", ".shp", ".kml")
SUFFIXES: Final = (*TABLE_SUFFIXES, *LAYER_SUFFIXES, *_ZIPS)
"""All that can be read."""


def read_parts(source: InputFile) -> list[Part]:
    """Read a file: the sheets of a workbook, the layers of a GeoPackage, one part of others.

    Parameters
    ----------
    source : InputFile
        Of one of :data:`SUFFIXES`.

    Returns
    -------
    list of Part
        The parts of a file within a zip are named by it.

    Raises
    ------
    InputError
        The file cannot be read, or exceeds a bound.
    """
    if source.suffix not in _ZIPS:
        return list(_READERS[source.suffix](source))
    parts: list[Part] = []
    for member in unzip(source, tuple(_READERS)):
        inner = member.name.rpartition("/")[2]
        read = _READERS[member.suffix](member)
        parts += [
            replace(part, name=f"{inner}/{part.name}" if part.name else inner) for part in read
        ]
        if len(parts) > MAX_SHEETS:
            raise _ZIP_TOO_MANY_PARTS.error(
                FileTooLargeError, place=Place(file=source.name), max_sheets=MAX_SHEETS
            )
    return parts
