"""Longitude and latitude of a row: both or neither, and in China."""

from __future__ import annotations

from typing import Final

from geo.core.errors import BadValueError
from geo.core.messages import Whole
from geo.core.schema import Column
from geo.intake.headers.proposals import missing_columns
from geo.intake.sentences import message
from geo.intake.table_reader import TableReader

# Wide enough for metres mistaken for degrees, which then get a message of their own.
_WIDE: Final = 100_000_000.0
LONGITUDE: Final = Column(
    "longitude", "real", "经度", "Longitude", unit="°", minimum=-_WIDE, maximum=_WIDE
)
LATITUDE: Final = Column(
    "latitude", "real", "纬度", "Latitude", unit="°", minimum=-_WIDE, maximum=_WIDE
)
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0
"""Degrees that hold all of China."""

_LEAST_METRES: Final = 1_000.0


_POSITION_OUTSIDE_CHINA = message("georeference.position_outside_china")


def in_china(longitude: float, latitude: float) -> bool:
    """Return whether degrees lie within the bounds of China.

    Examples
    --------
    >>> in_china(111.45, 27.23), in_china(27.23, 111.45)
    (True, False)
    """
    return WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH


def outside_china(longitude: float, latitude: float) -> BadValueError:
    """Return the error of a position outside China, saying what it may be instead.

    Examples
    --------
    >>> print(outside_china(27.23, 111.45))
    位置（27.23, 111.45）不在中国范围内：经度和纬度可能填反了，请对调。
    """
    pair = f"({longitude:.10g}, {latitude:.10g})"
    if in_china(latitude, longitude):
        way_zh = "经度和纬度可能填反了，请对调。"
        way_en = "longitude and latitude may be swapped."
    elif max(abs(longitude), abs(latitude)) > _LEAST_METRES:
        way_zh = "像是以米为单位的投影坐标，请转换为 CGCS2000 经纬度。"
        way_en = "these look like projected metres; convert them to degrees of CGCS2000."
    else:
        way_zh = "经度应在 73 至 136 之间，纬度应在 3 至 54 之间，请核对。"
        way_en = "longitude is from 73 to 136 and latitude from 3 to 54 degrees."
    pair_zh = pair.replace("(", "（").replace(")", "）")
    return _POSITION_OUTSIDE_CHINA.error(
        pair_zh=Whole(pair_zh), way=Whole(way_zh), pair=Whole(pair), way_en=Whole(way_en)
    )


def require_both(reader: TableReader) -> None:
    """Raise if a sheet has a column of longitude and none of latitude, or the reverse.

    Raises
    ------
    MissingColumnError
        Naming the one that is missing.
    """
    pair = (LONGITUDE, LATITUDE)
    missing = [column for column in pair if column.name not in reader.headings.positions]
    if len(missing) == 1:
        raise missing_columns(reader.sheet, missing)
