"""The middle of a village: where a place stands about, and no evidence of where it stands."""

from __future__ import annotations

from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
from shapely import Point

from geo.core.vocabulary import VILLAGE_POSITION

_DECIMALS: Final = 4
"""About ten metres: a village's middle is nothing that could be told more exactly."""


class VillageMiddle(NamedTuple):
    """The middle of a village, in degrees of EPSG:4490, to four decimals."""

    name_zh: str
    longitude: float
    latitude: float

    @property
    def point(self) -> Point:
        """The middle as a point."""
        return Point(self.longitude, self.latitude)


def village_middles(villages: pd.DataFrame | None) -> dict[str, VillageMiddle]:
    """Return the middle of every village whose position is known, by its code.

    Of an area a point within it, of a point the point itself.

    Parameters
    ----------
    villages : pandas.DataFrame, optional
        Indexed by ``village_code``, with ``name_zh``; of a frame without geometry no
        position is known.

    Examples
    --------
    >>> from shapely import box
    >>> villages = gpd.GeoDataFrame({"name_zh": ["桥头村", "山口村"]}, crs=4490,
    ...     index=["430503101201", "430503101202"],
    ...     geometry=[box(111.4, 27.2, 111.42, 27.22), None])
    >>> village_middles(villages)
    {'430503101201': VillageMiddle(name_zh='桥头村', longitude=111.41, latitude=27.21)}
    """
    if not isinstance(villages, gpd.GeoDataFrame):
        return {}
    placed = villages[villages.geometry.notna() & ~villages.geometry.is_empty]
    inside = placed.geometry.representative_point()
    return {
        str(code): VillageMiddle(str(name), round(point.x, _DECIMALS), round(point.y, _DECIMALS))
        for code, name, point in zip(placed.index, placed["name_zh"], inside, strict=True)
    }


def is_village_position(facilities: pd.DataFrame) -> pd.Series:
    """Tell which places have the middle of their village for a position.

    None has where the frame does not say how positions were obtained.

    Examples
    --------
    >>> told = pd.DataFrame({"position_source": ["村社区中心（约）", "GPS", None]})
    >>> is_village_position(told).tolist()
    [True, False, False]
    """
    if "position_source" not in facilities:
        return pd.Series(data=False, index=facilities.index)
    told = facilities["position_source"].astype("str").str.startswith(VILLAGE_POSITION)
    return told.fillna(False).astype(bool)


def without_village_positions(facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return places without the positions that many of a village may share.

    Those say nothing of which places are one, nor of the datum of others.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        With ``position_source`` and points, None where unknown.

    Examples
    --------
    >>> rows = gpd.GeoDataFrame({"position_source": ["村社区中心（约）", "GPS"]},
    ...                         geometry=[Point(111.4, 27.2)] * 2, crs=4490)
    >>> without_village_positions(rows).geometry.isna().tolist()
    [True, False]
    """
    about = is_village_position(facilities)
    if not about.any():
        return facilities
    return facilities.set_geometry(facilities.geometry.where(~about.to_numpy(), None))
