"""One door to every format: a collection of a study, or its ledger, as a file and what lies beside.

A file's name is looked at for its ending alone; it is never handed to GDAL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np

from geo.core.errors import QueryError
from geo.core.fields import FIELDS, FILE_TABLES, POSITION_COLUMNS
from geo.core.geojson import collection, encode
from geo.core.json_values import Record
from geo.core.schema import DESIGNATIONS, FACILITIES, Column
from geo.measures.study import Study
from geo.publish.features import COLLECTIONS
from geo.publish.files.csv_file import csv_of
from geo.publish.files.feature_notes import remarks_of
from geo.publish.files.geopackage import geopackage_bytes
from geo.publish.files.kml import kml_bytes
from geo.publish.files.layer import Layer, make_layer
from geo.publish.files.manifest import facts, facts_text, manifest_bytes, notes_of
from geo.publish.files.styles import Palette, style_of
from geo.publish.files.systems import System, system_named

LEDGER: Final = "ledger"
EXPORTABLE: Final = (*FILE_TABLES, LEDGER)
"""What can be asked for."""


class Format(StrEnum):
    """The formats, by the ending of a file's name."""

    GEOJSON = ".geojson"
    GEOPACKAGE = ".gpkg"
    SHAPEFILE = ".zip"
    KML = ".kml"
    CSV = ".csv"
    WORKBOOK = ".xlsx"


@dataclass(frozen=True)
class Package:
    """A file, and what lies beside it.

    Attributes
    ----------
    content, manifest, notes : bytes
        The file; its manifest as JSON; the same in words, UTF-8 with its mark.
    title : str
        Of the collection, in Chinese and English.
    count : int
        Of features.
    system : System
        Of the coordinates.
    cut : list of dict
        Columns of which text did not fit, with how many rows.
    remarks : list of dict
        What the features are and lack, in ``zh`` and ``en``.
    """

    content: bytes
    manifest: bytes
    notes: bytes
    title: tuple[str, str]
    count: int
    system: System
    cut: list[Record]
    remarks: list[Record]


def format_of(what: str, file_name: str) -> Format:
    """Return the format that a file's name asks for.

    Raises
    ------
    QueryError
        The ending is none of :class:`Format`, or a ledger is asked for as anything but .xlsx.

    Examples
    --------
    >>> format_of("gaps", "缺口.GPKG").name
    'GEOPACKAGE'
    """
    ending = PurePath(file_name).suffix.lower()
    if ending not in list(Format):
        usable = "、".join(Format)
        raise QueryError(
            zh=f"文件名的结尾「{ending}」看不出格式；可用：{usable}（.zip 为 Shapefile）。",
            en=f"The ending '{ending}' tells no format; usable: {', '.join(Format)}.",
        )
    if what == LEDGER and ending != Format.WORKBOOK:
        raise QueryError(
            zh="台账只能导出为 .xlsx；要其他格式，请导出 facilities。",
            en="The ledger is exported as .xlsx only; for other formats export facilities.",
        )
    return Format(ending)


def package(
    study: Study,
    what: str,
    file_name: str,
    *,
    crs: str,
    palette: Palette,
    as_known: str | None = None,
    frame: gpd.GeoDataFrame | None = None,
) -> Package:
    """Return a collection or the ledger as a file, with its manifest and notes.

    Parameters
    ----------
    study : Study
        Of the data as the profile carries them.
    what : str
        One of :data:`EXPORTABLE`.
    file_name : str
        Without a folder; its ending is the format.
    crs : str
        One of :func:`geo.publish.files.systems.systems`.
    palette : Palette
        Of the page.
    as_known : str, optional
        As of which import or day the ledger was known; stands in the marks.
    frame : geopandas.GeoDataFrame, optional
        The rows of the collection that are wanted, in the order wanted; all of them, in the
        order of their ids, unless given.

    Raises
    ------
    QueryError
        The ending is unknown, or the format cannot hold the coordinate system.
    """
    chosen = format_of(what, file_name)
    system = system_named(crs, study.data.measuring_crs)
    _check(chosen, system, what)
    known: Record = {"as_known": as_known} if as_known else {}
    if what == LEDGER:
        known["remarks"] = remarks_of(study, what, study.data.facilities)
        return _ledger(study, file_name, system, known)
    if frame is None:
        frame = COLLECTIONS[what].make(study).sort_index()
    known["remarks"] = remarks_of(study, what, frame)
    if chosen is Format.GEOJSON:
        return _geojson(study, what, file_name, frame=frame, system=system, known=known)
    layer = make_layer(what, frame, system)
    told = _facts(study, what, system, layer.columns, len(layer)) | known
    made, cut = _WRITERS[chosen](layer, told, palette)
    return _packed(told, file_name, made, system, cut)


def _check(chosen: Format, system: System, what: str) -> None:
    """Refuse a system that a format cannot hold, with the way out."""
    if chosen is Format.GEOJSON and not system.in_degrees:
        raise QueryError(
            zh=f"GeoJSON（RFC 7946）只能是经纬度，不能用 {system.id}；请导出 .gpkg 或 .zip。",
            en=f"GeoJSON (RFC 7946) holds degrees only, not {system.id}; export .gpkg or .zip.",
        )
    true_degrees = system.in_degrees and system.crs is not None
    if chosen is Format.KML and not true_degrees:
        raise QueryError(
            zh=f"KML 只能是 WGS 84 经纬度，不能用 {system.id}；请导出 .gpkg、.zip 或 .csv。",
            en=f"KML holds WGS 84 only, not {system.id}; export .gpkg, .zip or .csv.",
        )
    if what == LEDGER and not true_degrees:
        raise QueryError(
            zh=f"台账要能原样读回，只能是经纬度，不能用 {system.id}；请导出 facilities 的 .csv。",
            en=f"The ledger is read back and holds degrees only, not {system.id}; "
            "export facilities as .csv.",
        )


def _facts(
    study: Study, what: str, system: System, columns: tuple[Column, ...], count: int
) -> Record:
    return facts(study, name=what, zh=_title(what)[0], system=system, columns=columns, count=count)


def _title(what: str) -> tuple[str, str]:
    return ("台账", "Ledger") if what == LEDGER else (COLLECTIONS[what].zh, COLLECTIONS[what].en)


def _packed(
    told: Record, file_name: str, content: bytes, system: System, cut: list[Record]
) -> Package:
    lines = [file_name, *notes_of(told)]
    return Package(
        content=content,
        manifest=manifest_bytes(told, file=file_name, content=content, extra={"texts_cut": cut}),
        notes=b"\xef\xbb\xbf" + "\r\n".join([*lines, ""]).encode("utf-8", "replace"),
        title=_title(told["collection"]),
        count=told["feature_count"],
        system=system,
        cut=cut,
        remarks=told["remarks"],
    )


_Written = tuple[bytes, list[Record]]


def _write_geopackage(layer: Layer, told: Record, palette: Palette) -> _Written:
    content = geopackage_bytes(
        layer,
        style=style_of(layer.table, palette),
        manifest=facts_text(told),
        on=told["on"],
        description="；".join(notes_of(told)),
    )
    return content, []


def _write_shapefile(layer: Layer, told: Record, palette: Palette) -> _Written:
    # The writers of these formats load libraries of their own, for those who ask for them.
    from geo.publish.files.shapefile import report, shapefile_zip  # noqa: PLC0415

    del palette
    made = shapefile_zip(layer, notes="\r\n".join([*notes_of(told), ""]))
    return made.content, report(made)


def _write_kml(layer: Layer, told: Record, palette: Palette) -> _Written:
    notes = notes_of(told)
    return kml_bytes(layer, title=notes[0], notes="\n".join(notes), palette=palette), []


def _write_csv(layer: Layer, told: Record, palette: Palette) -> _Written:
    del told, palette
    return csv_of(layer), []


def _write_workbook(layer: Layer, told: Record, palette: Palette) -> _Written:
    from geo.publish.files.sheets import workbook_of  # noqa: PLC0415

    del palette
    return workbook_of(layer, notes_of(told)), []


_WRITERS: Final[Mapping[Format, Callable[[Layer, Record, Palette], _Written]]] = MappingProxyType(
    {
        Format.GEOPACKAGE: _write_geopackage,
        Format.SHAPEFILE: _write_shapefile,
        Format.KML: _write_kml,
        Format.CSV: _write_csv,
        Format.WORKBOOK: _write_workbook,
    }
)


def _geojson(
    study: Study,
    what: str,
    file_name: str,
    *,
    frame: gpd.GeoDataFrame,
    system: System,
    known: Record,
) -> Package:
    if system.crs is None:
        frame = frame.drop(columns=[*POSITION_COLUMNS], errors="ignore")
    shapes = system.shapes(np.asarray(frame.geometry.array, dtype=object))
    shifted = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index))
    features = encode(shifted)
    told = _facts(study, what, system, _properties(what, frame), len(frame)) | known
    kept = {key: value for key, value in told.items() if key != "fields"}
    warning = system.record()["warning"]
    members = ({"warning": warning} if warning else {}) | {"kepu": kept}
    content = collection(features, features.pick(), members=members)
    return _packed(told, file_name, content, system, [])


def _properties(what: str, frame: gpd.GeoDataFrame) -> tuple[Column, ...]:
    """Return the properties of a collection's features, nested ones among them."""
    return tuple(column for column in FIELDS[what] if column.name in frame.columns)


def _ledger(study: Study, file_name: str, system: System, known: Record) -> Package:
    from geo.publish.files.ledger import ledger_bytes, ledger_columns  # noqa: PLC0415

    data = study.data
    columns = tuple(ledger_columns(data, FACILITIES))
    plaques: Any = _facts(study, LEDGER, system, tuple(ledger_columns(data, DESIGNATIONS)), 0)
    told = _facts(study, LEDGER, system, columns, len(data.facilities)) | known
    told["plaque_fields"] = plaques["fields"]
    return _packed(told, file_name, ledger_bytes(data, notes_of(told)), system, [])
