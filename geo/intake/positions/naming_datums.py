"""The names that people give to a datum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.core.datum import Datum
from geo.core.script import simplified
from geo.intake.headings.folding import folded

_NAMES: Final[Mapping[Datum, tuple[str, ...]]] = {
    Datum.CGCS2000: (
        "cgcs2000", "2000", "国家2000", "2000国家大地坐标系", "国家2000坐标系", "天地图",
        "epsg:4490",
    ),
    Datum.WGS84: ("wgs84", "gps", "epsg:4326"),
    Datum.GCJ02: ("gcj02", "火星", "火星坐标系", "高德", "高德地图", "腾讯", "腾讯地图"),
    Datum.BD09: ("bd09", "百度", "百度地图"),
}  # fmt: skip
_BY_WORD: Final = {folded(word): datum for datum, words in _NAMES.items() for word in words}


def datum_named(text: str) -> Datum | None:
    """Return the datum that a word names, None where it names none that is known.

    Examples
    --------
    >>> datum_named("高德"), datum_named("GCJ-02 坐标"), datum_named("西安80")
    (<Datum.GCJ02: 'gcj02'>, <Datum.GCJ02: 'gcj02'>, None)
    """
    written = simplified(folded(text))
    word = written.replace("-", "").removesuffix("坐标系").removesuffix("坐标")
    return _BY_WORD.get(word) or _BY_WORD.get(written)
