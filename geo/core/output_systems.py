"""The coordinate systems that features are written in, and boxes are asked in.

OGC API - Features, Part 2: numbers stand in the order of the system's own axes, so
latitude comes first in EPSG:4490, and north (X of a survey sheet) in Gauss-Kruger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from geo.core.crs import STORAGE_CRS, measuring_crs, zoned_crs
from geo.core.district import DistrictData
from geo.core.errors import QueryError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.core")

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""Longitude and latitude, the system of GeoJSON."""

_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
WEB_MERCATOR: Final = 3857
"""The EPSG code of the system of web maps."""

_DEGREE_DECIMALS, _METRE_DECIMALS = 7, 3
_BOX_STEPS: Final = 32


@dataclass(frozen=True)
class OutputSystem:
    """One system that is offered.

    Attributes
    ----------
    uri : str
        As the standard names it.
    crs : pyproj.CRS, optional
        None for :data:`CRS84`, from which the district's CGCS2000 differs by centimetres.
    """

    uri: str
    crs: CRS | None

    @cached_property
    def _to(self) -> Transformer:
        return Transformer.from_crs(STORAGE_CRS, self.crs, always_xy=True)

    @property
    def north_first(self) -> bool:
        """Whether the first number points north."""
        return self.crs is not None and self.crs.axis_info[0].direction == "north"

    @property
    def decimals(self) -> int:
        """To which numbers are written: a centimetre in degrees, a millimetre in metres."""
        geographic = self.crs is None or self.crs.is_geographic
        return _DEGREE_DECIMALS if geographic else _METRE_DECIMALS

    def written(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Return geometries in degrees as they are written in this system.

        Examples
        --------
        >>> system = OutputSystem(epsg_uri(4490), STORAGE_CRS)
        >>> system.written(np.array([shapely.Point(111.5, 27.25)]))[0].wkt
        'POINT (27.25 111.5)'
        """
        if self.crs is None:
            return shapes

        def moved(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            pair = self._to.transform(numbers[:, 0], numbers[:, 1])
            ordered = pair[::-1] if self.north_first else pair
            return np.round(np.column_stack(ordered), self.decimals)

        return np.asarray(shapely.transform(shapes, moved), dtype=object)

    def box(self, numbers: tuple[float, float, float, float]) -> shapely.Polygon:
        """Return a box given in this system as a shape in degrees.

        Raises
        ------
        QueryError
            It lies where the system does not reach.

        Examples
        --------
        >>> system = OutputSystem(epsg_uri(4490), STORAGE_CRS)
        >>> system.box((27.0, 111.0, 27.5, 112.0)).bounds
        (111.0, 27.0, 112.0, 27.5)
        """
        a, b, c, d = numbers
        given = shapely.box(b, a, d, c) if self.north_first else shapely.box(a, b, c, d)
        if self.crs is None or self.crs.is_geographic:
            return given
        # Sides of a box in metres are no parallels and meridians.
        step = max(c - a, d - b) / _BOX_STEPS
        drawn = shapely.segmentize(given, step) if step > 0 else given
        moved = shapely.transform(
            drawn,
            lambda xy: np.column_stack(self._to.transform(xy[:, 0], xy[:, 1], direction="INVERSE")),
        )
        if not np.isfinite(shapely.get_coordinates(moved)).all():
            raise QueryError(**TEXT.both("bbox_lies_outside_its_system"))
        return moved


def epsg_uri(code: int) -> str:
    """Return the standard's name of an EPSG system.

    Examples
    --------
    >>> epsg_uri(4546)
    'http://www.opengis.net/def/crs/EPSG/0/4546'
    """
    return f"{_EPSG}{code}"


def output_systems(data: DistrictData) -> dict[str, OutputSystem]:
    """Return the systems offered for a district, by name; longitude and latitude first.

    Examples
    --------
    For 大祥区 CRS84, EPSG:4490, 4546 (without zone), 4525 (zone 37) and 3857.
    """
    west, _, east, _ = data.townships.total_bounds
    return _around((west + east) / 2)


def storage_uri() -> str:
    """Return the name of the system that the store keeps."""
    return epsg_uri(STORAGE_CRS.to_epsg() or 0)


@lru_cache(maxsize=8)
def _around(longitude: float) -> dict[str, OutputSystem]:
    plain = measuring_crs(longitude)
    offered = (STORAGE_CRS, plain, zoned_crs(plain), CRS.from_epsg(WEB_MERCATOR))
    systems = [OutputSystem(CRS84, None)]
    systems += [OutputSystem(epsg_uri(crs.to_epsg() or 0), crs) for crs in offered]
    return {system.uri: system for system in systems}


def system_named(name: str, offered: dict[str, OutputSystem]) -> OutputSystem:
    """Return a system by its name, or by ``EPSG:4546`` and the like.

    Raises
    ------
    QueryError
        It is not offered; the message lists those that are.
    """
    short = name.strip("[]").upper()
    found = offered.get(name)
    if found is None and short.startswith("EPSG:") and short[5:].isascii():
        found = offered.get(_EPSG + short[5:])
    if found is None and short in {"CRS84", "OGC:CRS84"}:
        found = offered[CRS84]
    if found is None:
        usable = ", ".join(offered)
        raise QueryError(**TEXT.both("coordinate_system_not_offered", usable=usable))
    return found
