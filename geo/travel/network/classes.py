"""The words in which line layers tell a road's class, its one-way and its storey."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

UNKNOWN_CLASS_IS: Final = "unclassified"
"""As which a road of an unknown or missing class is taken, and reported."""

CLOSED_CLASS: Final = "closed"
"""Of lines that are no road for anyone: planned, being built, for racing."""

ROAD_CLASSES: Final = (
    *("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"),
    *("living_street", "service", "road", "track", "pedestrian", "footway", "path", "cycleway"),
    *("steps", CLOSED_CLASS),
)
"""OSM's values of ``highway`` that a mode's speeds may name."""

IN_CHINESE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "motorway": ("高速公路", "高速", "国家高速", "省级高速"),
        "trunk": ("国道", "快速路", "城市快速路", "匝道", "一级", "一级公路", "国家级"),
        "primary": (
            *("省道", "主干路", "主干道", "城市主干路", "城市主干道", "二级", "二级公路", "省级"),
        ),
        "secondary": ("县道", "次干路", "次干道", "城市次干路", "三级", "三级公路", "县级"),
        "tertiary": ("乡道", "支路", "支道", "城市支路", "四级", "四级公路", "乡级"),
        "unclassified": (
            *("村道", "村级", "农村公路", "等外", "等外公路", "等外路", "专用公路", "专用道路"),
            *("其他道路", "其他"),
        ),
        "residential": ("街巷", "巷道", "巷", "街道", "居住区道路", "小区道路", "街坊路"),
        "service": ("内部道路", "内部路", "连接道", "服务道路", "专用道"),
        "track": ("机耕路", "机耕道", "田间道", "生产路", "大车路"),
        "pedestrian": ("步行街", "步行道路"),
        "footway": ("人行道", "步行道", "人行天桥", "地下通道", "人行通道"),
        "path": ("小路", "小径", "步道", "绿道", "山路", "乡间小路", "乡村小路"),
        "cycleway": ("自行车道", "非机动车道"),
        "steps": ("台阶", "梯道"),
        CLOSED_CLASS: ("在建", "规划", "拟建", "废弃"),
    }
)
"""Words of offices' layers by class; grades of JTG B01 as the class of like use."""
NO_ROADS: Final = (
    *("construction", "proposed", "planned", "abandoned", "disused", "razed", "raceway"),
    *("platform", "corridor", "elevator", "rest_area", "services", "bus_stop", "via_ferrata"),
    "no",
)
"""Values of highway=* on which nobody travels."""

CLASS_BY_WORD: Final[Mapping[str, str]] = MappingProxyType(
    {name: name for name in ROAD_CLASSES}
    | {word: name for name, words in IN_CHINESE.items() for word in words}
    | {f"{name}_link": name for name in ("motorway", "trunk", "primary", "secondary", "tertiary")}
    | dict.fromkeys(NO_ROADS, CLOSED_CLASS)
    | {"bridleway": "path", "trail": "path", "busway": "service", "motorway_junction": "motorway"}
)
"""What a layer writes, and the class that it means."""

DIRECTION_BY_WORD: Final[Mapping[str, int]] = MappingProxyType(
    dict.fromkeys(("forward", "yes", "true", "1", "ft", "f", "单向", "正向", "顺向"), 1)
    | dict.fromkeys(("reverse", "-1", "tf", "t", "反向", "逆向"), -1)
    | dict.fromkeys(("both", "no", "false", "0", "b", "双向", ""), 0)
)
"""1: only as the line is drawn; -1: only against it; 0: both ways."""

MAX_LEVEL: Final = 20
"""Storeys above or below the ground; a figure beyond is none."""


def words_of(column: pd.Series) -> pd.Series:
    """Return the words of a column, stripped and in small letters; missing ones empty.

    Examples
    --------
    >>> words_of(pd.Series([" Primary", None, 1.0])).tolist()
    ['primary', '', '1']
    """
    text = column.astype(object).where(column.notna(), "").astype("str").str.strip().str.lower()
    return text.str.replace(r"^(-?[0-9]{1,6})\.0+$", r"\1", regex=True)


def read_classes(column: pd.Series) -> tuple[npt.NDArray[np.object_], dict[str, int]]:
    """Return the class of each line, and how often each unknown word occurs.

    Examples
    --------
    >>> found, unknown = read_classes(pd.Series(["省道", "primary_link", "大道"]))
    >>> found.tolist(), unknown
    (['primary', 'primary', 'unclassified'], {'大道': 1})
    """
    words = words_of(column)
    found = words.map(CLASS_BY_WORD)
    return found.fillna(UNKNOWN_CLASS_IS).to_numpy(dtype=object), _counted(words, found)


def read_directions(column: pd.Series) -> tuple[npt.NDArray[np.int8], dict[str, int]]:
    """Return 1, -1 or 0 for each line, and how often each unknown word occurs (taken as 0).

    Examples
    --------
    >>> read_directions(pd.Series(["forward", "reverse", None, "?"]))
    (array([ 1, -1,  0,  0], dtype=int8), {'?': 1})
    """
    words = words_of(column)
    found = words.map(DIRECTION_BY_WORD)
    return found.fillna(0).to_numpy(dtype=np.int8), _counted(words, found)


def read_levels(column: pd.Series) -> tuple[npt.NDArray[np.int64], dict[str, int]]:
    """Return the storey of each line, and how often each unknown word occurs (taken as 0).

    Examples
    --------
    >>> read_levels(pd.Series(["1", -1, None, "1;2"]))
    (array([ 1, -1,  0,  0]), {'1;2': 1})
    """
    words = words_of(column)
    found = pd.to_numeric(words.where(words != "", "0"), errors="coerce")
    found = found.where((found.abs() <= MAX_LEVEL) & (found == found.round()))
    return found.fillna(0).to_numpy(dtype=np.int64), _counted(words, found)


def _counted(words: pd.Series, found: pd.Series) -> dict[str, int]:
    counts = words[found.isna()].value_counts()
    return {str(word): int(count) for word, count in sorted(counts.items())}
