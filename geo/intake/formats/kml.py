"""KML as one layer: the placemarks with their first geometry and all their attributes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from geo.core.errors import EmptyFileError, FileTypeError, Place
from geo.intake.formats.archive import check_xml
from geo.intake.formats.geojson import too_large
from geo.intake.formats.limits import MAX_ROWS, InputFile
from geo.intake.formats.parts import Feature, Part
from geo.intake.sentences import message

_MAX_DEPTH: Final = 40
_LEAST_NUMBERS: Final = 2
_FOLDER_HEADING: Final = "文件夹"


_KML_EMPTY = message("formats.kml_empty")
_KML_DAMAGED = message("formats.kml_damaged")


def read_kml(source: InputFile) -> Part:
    """Read the placemarks of a KML file; its degrees are WGS 84 by the standard.

    A placemark's name and description, its ``ExtendedData`` and the name of its
    folder are its attributes. Lines, models, overlays and links are passed over;
    nothing that a file refers to is fetched.

    Raises
    ------
    FileTypeError
        It is no KML, declares a document type, or is damaged.
    FileTooLargeError
        It is nested too deeply or has too many placemarks.
    EmptyFileError
        It has no placemark.
    """
    check_xml(source.content, source.name)
    try:
        features = [
            _feature(mark, folder, number)
            for number, (mark, folder) in enumerate(_placemarks(source), start=1)
        ]
    except (ElementTree.ParseError, ValueError) as error:
        raise _damaged(source) from error
    if not features:
        raise _KML_EMPTY.error(EmptyFileError, place=Place(file=source.name))
    return Part(None, features=features, system="EPSG:4326")


def _placemarks(source: InputFile) -> Iterator[tuple[Element, str | None]]:
    """Return each placemark with the name of the folder that it stands in."""
    folders: list[str | None] = []
    depth = count = 0
    for event, item in ElementTree.iterparse(io.BytesIO(source.content), ("start", "end")):  # noqa: S314  (no DTD: checked)
        tag = _local(item)
        if event == "start":
            depth += 1
            if depth == 1 and tag != "kml":
                raise ValueError("not KML")
            if depth > _MAX_DEPTH:
                raise too_large(source, f"嵌套超过 {_MAX_DEPTH} 层", f"over {_MAX_DEPTH} deep")
            folders += [None] * (tag == "Folder")
            continue
        depth -= 1
        if tag == "Folder":
            folders.pop()
        elif tag == "name" and folders and folders[-1] is None:
            folders[-1] = _text(item)
        elif tag == "Placemark":
            count += 1
            if count > MAX_ROWS:
                raise too_large(source, f"超过 {MAX_ROWS:,} 个要素", f"over {MAX_ROWS:,} features")
            yield item, folders[-1] if folders else None
            item.clear()


def _local(item: Element) -> str:
    return item.tag.rpartition("}")[2]


def _text(item: Element | None) -> str | None:
    text = "" if item is None else "".join(item.itertext()).strip()
    return text or None


def _feature(mark: Element, folder: str | None, number: int) -> Feature:
    children = {_local(child): child for child in mark}
    values: dict[str, Any] = {
        "name": _text(children.get("name")),
        "description": _text(children.get("description")),
        "address": _text(children.get("address")),
        _FOLDER_HEADING: folder,
    }
    for item in children["ExtendedData"].iter() if "ExtendedData" in children else ():
        if _local(item) in ("Data", "SimpleData") and item.get("name"):
            values[str(item.get("name"))] = _text(item)
    kept = {name: value for name, value in values.items() if value is not None}
    return Feature(number, kept, next(_geometries(mark), None))


def _geometries(mark: Element) -> Iterator[dict[str, Any]]:
    """Return a placemark's point, or its areas or lines as one; what else it has is left out."""
    polygons = [_rings(item) for item in mark.iter() if _local(item) == "Polygon"]
    if len(polygons) == 1:
        yield {"type": "Polygon", "coordinates": polygons[0]}
    elif polygons:
        yield {"type": "MultiPolygon", "coordinates": polygons}
    lines = [_coordinates(item) for item in mark.iter() if _local(item) == "LineString"]
    for item in mark.iter():
        if _local(item) == "Point":
            yield {"type": "Point", "coordinates": next(iter(_coordinates(item)), [])}
        elif _local(item) == "LineString":
            several = len(lines) > 1
            kind = "MultiLineString" if several else "LineString"
            yield {"type": kind, "coordinates": lines if several else lines[0]}


def _rings(polygon: Element) -> list[list[list[float]]]:
    rings = {"outerBoundaryIs": [], "innerBoundaryIs": []}  # type: dict[str, list[list[list[float]]]]
    for boundary in polygon:
        if _local(boundary) in rings:
            rings[_local(boundary)].append(_coordinates(boundary))
    return rings["outerBoundaryIs"][:1] + rings["innerBoundaryIs"]


def _coordinates(item: Element) -> list[list[float]]:
    text = next((found.text or "" for found in item.iter() if _local(found) == "coordinates"), "")
    points = [[float(number) for number in point.split(",")] for point in text.split()]
    if any(len(point) < _LEAST_NUMBERS for point in points):
        raise ValueError("a coordinate has one number")
    return points


def _damaged(source: InputFile) -> FileTypeError:
    return _KML_DAMAGED.error(FileTypeError, place=Place(file=source.name))
