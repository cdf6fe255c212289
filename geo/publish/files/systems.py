"""The coordinate systems that a file may be asked in, and what each does to coordinates.

Longitude or easting first in every format, as GeoPackage, Shapefile and GeoJSON want it,
whatever order a system's definition names its axes in. WGS 84 and CGCS2000 differ by
centimetres and count as one, as everywhere here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from geo.core.crs import STORAGE_CRS, zoned_crs
from geo.core.datum import to_gcj02
from geo.core.errors import QueryError
from geo.core.json_values import Record
from geo.core.sentences import Sentences
from geo.core.vocabulary import Label

TEXT: Final = Sentences("geo.publish")

Geometries = npt.NDArray[np.object_]

_DEGREE_DECIMALS, _METRE_DECIMALS = 7, 3
_WGS84: Final = CRS.from_epsg(4326)
_WEB_MERCATOR: Final = 3857

GCJ02_WARNING: Final = Label(
    "坐标已偏移为 GCJ-02（火星坐标），只可贴到高德、腾讯地图上看：与真实位置相差约 600 米，"
    "不得用于测量、入库或与其他图层叠加。",
    "The coordinates are shifted to GCJ-02, for showing on Amap or Tencent only: about 600 m off; "
    "not for measuring, for keeping or for laying over other layers.",
)


@dataclass(frozen=True)
class System:
    """One coordinate system.

    Attributes
    ----------
    id : str
        As it is asked for.
    label : Label
        In words.
    crs : pyproj.CRS, optional
        None for GCJ-02, which no registry defines.
    warning : Label, optional
        What whoever opens the file must know.
    """

    id: str
    label: Label
    crs: CRS | None
    warning: Label | None = None

    @property
    def in_degrees(self) -> bool:
        """Whether coordinates are longitude and latitude."""
        return self.crs is None or bool(self.crs.is_geographic)

    @property
    def decimals(self) -> int:
        """To how many places coordinates are written: a centimetre, or a millimetre."""
        return _DEGREE_DECIMALS if self.in_degrees else _METRE_DECIMALS

    @property
    def axes(self) -> tuple[AxisColumn, AxisColumn]:
        """What the two coordinates are called: name, heading in both languages."""
        if self.crs is None:
            return (
                AxisColumn("gcj02_longitude", Label("经度（GCJ-02）", "Longitude (GCJ-02)"), "°"),
                AxisColumn("gcj02_latitude", Label("纬度（GCJ-02）", "Latitude (GCJ-02)"), "°"),
            )
        if self.in_degrees:
            return (
                AxisColumn("longitude", Label("经度", "Longitude"), "°"),
                AxisColumn("latitude", Label("纬度", "Latitude"), "°"),
            )
        return (
            AxisColumn("east_m", Label("东坐标（Y）", "Easting"), "m"),
            AxisColumn("north_m", Label("北坐标（X）", "Northing"), "m"),
        )

    def shapes(self, geometries: Geometries) -> Geometries:
        """Return geometries of CGCS2000 degrees in this system, rounded; None stays None."""
        return np.asarray(shapely.transform(geometries, self._numbers), dtype=object)

    def _numbers(self, numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        if not len(numbers):
            return numbers
        x, y = numbers.T
        if self.crs is None:
            x, y = to_gcj02(x, y)
        elif not self.in_degrees:
            x, y = _projection(self.crs).transform(x, y)
        return np.round(np.column_stack([x, y]), self.decimals)

    def record(self) -> Record:
        """Return what a manifest says of the system."""
        known = None if self.crs is None else self.crs.to_epsg()
        return {
            "id": self.id,
            "zh": self.label.zh,
            "en": self.label.en,
            "epsg": known,
            "axis_order": [axis.name for axis in self.axes],
            "decimals": self.decimals,
            "warning": None if self.warning is None else self.warning._asdict(),
        }


@dataclass(frozen=True, slots=True)
class AxisColumn:
    """A column of coordinates."""

    name: str
    label: Label
    unit: str


@lru_cache
def _projection(target: CRS) -> Transformer:
    # Web Mercator is of WGS 84, which counts as CGCS2000: no shift comes in between.
    source = _WGS84 if target.to_epsg() == _WEB_MERCATOR else STORAGE_CRS
    return Transformer.from_crs(source, target, always_xy=True)


def systems(measuring: CRS) -> dict[str, System]:
    """Return the systems that a district's files may be asked in, by their ids.

    Parameters
    ----------
    measuring : pyproj.CRS
        The district's own, without zone prefix.

    Examples
    --------
    >>> list(systems(CRS.from_epsg(4546)))
    ['CRS84', 'EPSG:4490', 'EPSG:4546', 'EPSG:4525', 'EPSG:3857', 'GCJ-02']
    """
    code = int(measuring.to_epsg() or 0)
    zoned = zoned_crs(measuring)
    web = CRS.from_epsg(_WEB_MERCATOR)
    own = (
        System("CRS84", Label("WGS 84 经纬度", "WGS 84, longitude and latitude"), _WGS84),
        System("EPSG:4490", Label("CGCS2000 经纬度", "CGCS2000 in degrees"), STORAGE_CRS),
        System(
            f"EPSG:{code}",
            Label("CGCS2000 三度带高斯投影，不加带号", "CGCS2000 3-degree Gauss-Kruger, no zone"),
            measuring,
        ),
        System(
            f"EPSG:{zoned.to_epsg()}",
            Label("CGCS2000 三度带高斯投影，加带号", "CGCS2000 3-degree Gauss-Kruger with zone"),
            zoned,
        ),
        System("EPSG:3857", Label("网络墨卡托", "Web Mercator"), web),
        System("GCJ-02", Label("GCJ-02（火星坐标）", "GCJ-02"), None, GCJ02_WARNING),
    )
    return {system.id: system for system in own}


def system_named(name: str, measuring: CRS) -> System:
    """Return the system that a name means, in any case; ``GCJ02`` and bare numbers too.

    Raises
    ------
    QueryError
        It is none of those offered; the message lists them.

    Examples
    --------
    >>> system_named("epsg:4490", CRS.from_epsg(4546)).label.zh
    'CGCS2000 经纬度'
    >>> system_named("4546", CRS.from_epsg(4546)).id
    'EPSG:4546'
    """
    offered = systems(measuring)
    asked = name.strip().upper().replace("GCJ02", "GCJ-02").replace("OGC:", "")
    if asked.isascii() and asked.isdecimal():
        asked = f"EPSG:{asked}"
    if asked not in offered:
        listed = ", ".join(offered)
        raise QueryError(**TEXT.both("no_coordinate_system", listed=listed))
    return offered[asked]


def geometry_texts(geometries: Geometries) -> list[Any]:
    """Return geometries as WKT, None where there is none."""
    texts = shapely.to_wkt(geometries, rounding_precision=-1)
    return [None if text is None else str(text) for text in np.asarray(texts, dtype=object)]
