"""Roads of an .osm.pbf, read by osmium in a process of its own, with bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import orjson

from geo.core.errors import BadValueError, FileTooLargeError, FileTypeError, Place
from geo.core.messages import Note
from geo.intake.formats.limits import MEBIBYTE, open_copied
from geo.intake.formats.parts import Feature, Part
from geo.intake.sandbox import Limits, run_apart
from geo.intake.sentences import message

MODULE: Final = "geo.intake.tables.roads"
WAYS: Final = "ways.json"
OSM_SUFFIX: Final = ".pbf"
MAX_OSM_BYTES: Final = 256 * MEBIBYTE
"""A province's extract."""
MAX_WAYS: Final = 300_000
LIMITS: Final = Limits(cpu_seconds=120, memory_bytes=3072 * MEBIBYTE, wall_seconds=180)
_TAGS: Final = ("highway", "oneway", "layer", "bridge", "tunnel", "name", "junction", "area")
_ROUND: Final = frozenset({"roundabout", "circular"})
_MOTORWAYS: Final = frozenset({"motorway", "motorway_link"})
_LONGEST_TAG: Final = 400

DAMAGED: Final = message("roads.osm_damaged")
TOO_MANY: Final = message("roads.osm_too_many_ways")
NOT_NEAR: Final = message("roads.osm_not_near_district")
INCOMPLETE: Final = message("roads.osm_ways_incomplete")


def read_osm(path: Path, bounds: Sequence[float], *, limits: Limits = LIMITS) -> Part:
    """Read the ways with a highway=* that come near some bounds, as a layer of lines.

    Each feature's number is the way's id, its properties are the tags as they stand;
    ``oneway`` also says what OpenStreetMap implies: roundabouts and motorways are one-way.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    bounds : sequence of float
        West, south, east and north, in degrees.
    limits : Limits
        Of the process.

    Raises
    ------
    InputError
        It is no .osm.pbf, exceeds a bound, or has roads and none of them near.
    """
    source = open_copied(path, takes=(OSM_SUFFIX,), most=MAX_OSM_BYTES)
    order = {"task": "osm", "bounds": list(bounds), "most": MAX_WAYS}
    found = orjson.loads(run_apart(MODULE, source.name, path, order, WAYS, limits=limits))
    if found["seen"] and not found["ways"]:
        west, south, east, north = bounds
        told = f"{west:.4g}–{east:.4g}°E, {south:.4g}–{north:.4g}°N"
        count = f"{found['seen']:,}"
        raise NOT_NEAR.error(BadValueError, place=Place(file=path.name), count=count, bounds=told)
    features = [
        Feature(number, tags, {"type": "LineString", "coordinates": line})
        for number, tags, line in found["ways"]
    ]
    notes: tuple[Note, ...] = ()
    if found["incomplete"]:
        notes = (INCOMPLETE.note(count=found["incomplete"]),)
    return Part(None, features=features, system="EPSG:4326", notes=notes)


def ways_of(path: Path, order: Mapping[str, Any]) -> bytes:
    """Return what the process leaves, for what :func:`read_osm` ordered.

    Raises
    ------
    FileTypeError, FileTooLargeError
        As :func:`read_osm`.
    """
    import osmium  # noqa: PLC0415  (only ever loaded in the process with bounds)

    place = Place(file=order["name"])
    ways: list[Any] = []
    incomplete = seen = 0
    try:
        source = osmium.io.File(str(path), "pbf")
        reading = osmium.FileProcessor(source, osmium.osm.NODE | osmium.osm.WAY)
        reading = reading.with_locations("sparse_mem_array")
        reading = reading.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        found: Iterable[Any] = reading.with_filter(osmium.filter.KeyFilter("highway"))
        for way in found:
            if way.tags.get("area") == "yes":
                continue
            lines = list(_lines(way.nodes))
            seen += any(len(line) > 1 for line in lines)
            incomplete += sum(map(len, lines)) < len(way.nodes)
            near = [line for line in lines if len(line) > 1 and _touches(line, order["bounds"])]
            if len(ways) + len(near) > order["most"]:
                raise TOO_MANY.error(FileTooLargeError, place=place, limit=f"{order['most']:,}")
            ways += [[max(way.id, 1), _tags(way.tags), line] for line in near]
    except (RuntimeError, ValueError) as error:
        raise DAMAGED.error(FileTypeError, place=place, reason=str(error)) from error
    return orjson.dumps({"ways": ways, "seen": seen, "incomplete": incomplete})


def _lines(nodes: Iterable[Any]) -> Iterator[list[list[float]]]:
    """Return the runs of nodes that have a position."""
    for known, run in groupby(nodes, lambda node: bool(node.location.valid())):
        if known:
            yield [[node.lon, node.lat] for node in run]


def _touches(line: Sequence[Sequence[float]], bounds: Sequence[float]) -> bool:
    west, south, east, north = bounds
    x, y = zip(*line, strict=True)
    return bool(max(x) >= west and min(x) <= east and max(y) >= south and min(y) <= north)


def _tags(tags: Any) -> dict[str, str | None]:
    """Return the tags that count, with the direction that OpenStreetMap implies."""
    found = {name: tags.get(name) for name in _TAGS}
    implied = found["junction"] in _ROUND or found["highway"] in _MOTORWAYS
    if found["oneway"] is None and implied:
        found["oneway"] = "yes"
    kept = {name: found[name] for name in ("highway", "oneway", "layer", "bridge", "tunnel")}
    name = found["name"]
    return kept | {"name": None if name is None else name[:_LONGEST_TAG]}
