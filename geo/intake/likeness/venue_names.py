"""How alike two venues' names are, the words that all venues share aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from geo.intake.divisions.naming import folded_name, leading_place, stem_of

_GENERIC: Final = re.compile(
    "新时代|文明实践|党群|服务|科学技术|科普|科技|科学|教育|示范|体验|实践|活动|基地|中心|展览|展示|"
    "展厅|展馆|社区|大学|老年|儿童之家|日间照料|图书|文化|博物|纪念|陈列|工作室|农业|产业|"
    "农村|青少年|学校|中学|小学|少年宫|公园|广场|画廊|馆|室|站|所|点|厅|园"
)
_NUMBERS: Final = re.compile("[0-9一二三四五六七八九十甲乙丙丁东西南北]+")
_CORE_WEIGHT: Final = 0.75
_OTHER_NUMBER, _ONE_CORE = 0.5, 0.5

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class VenueNames:
    """The names of a frame's rows, taken apart for comparison.

    Attributes
    ----------
    full, place, rest, core, numbers : numpy.ndarray of object
        Folded name; the village or township it begins with, without its ending;
        what follows; that without generic words; the numbers and directions in it.
    """

    full: NDArray[np.object_]
    place: NDArray[np.object_]
    rest: NDArray[np.object_]
    core: NDArray[np.object_]
    numbers: NDArray[np.object_]


def venue_names(names: Sequence[object] | pd.Series) -> VenueNames:
    """Take venues' names apart.

    Examples
    --------
    >>> parts = venue_names(["大祥区清风村党群服务中心", "松坡图书馆"])
    >>> parts.place.tolist(), parts.core.tolist()
    (['清风', ''], ['', '松坡'])
    """
    texts = ["" if pd.isna(name) else str(name) for name in names]
    made = {text: _parts(text) for text in dict.fromkeys(texts)}
    columns = np.empty((5, len(texts)), dtype=object)
    for position, text in enumerate(texts):
        columns[:, position] = made[text]
    return VenueNames(*columns)


def _parts(name: str) -> tuple[str, str, str, str, str]:
    place, rest = leading_place(name)
    rest = rest or place
    place = "" if rest == place else stem_of(place)
    numbers = "/".join(_NUMBERS.findall(rest))
    return folded_name(name), place, rest, _GENERIC.sub("", rest), numbers


def similarity(names: VenueNames, left: Integers, right: Integers) -> Floats:
    """Return how alike the names of pairs of rows are, from 0 to 1.

    Our own measure. Equal folded names are 1. Names of two different villages or
    townships are 0, whatever follows: 甲村党群服务中心 is not 乙村党群服务中心. Otherwise
    three quarters are the ratio (rapidfuzz, normalised indel) of what is the
    venue's own, one quarter of all that follows the place; names that are generic
    throughout are compared as they are; it is halved where only one has a word of
    its own, and where numbers or directions differ (第一小学 and 第二小学).

    Parameters
    ----------
    names : VenueNames
        Of all rows.
    left, right : numpy.ndarray of int
        Positions of the pairs' rows.

    Examples
    --------
    >>> names = venue_names(["清风村党群服务中心", "台上村党群服务中心", "清风村党群中心"])
    >>> similarity(names, np.array([0, 0]), np.array([1, 2])).round(2).tolist()
    [0.0, 0.8]
    """
    if not len(left):
        return np.zeros(0)
    rest = _ratio(names.rest, left, right)
    own = names.core[left] != "", names.core[right] != ""
    both, one = own[0] & own[1], own[0] ^ own[1]
    core = _ratio(names.core, left, right)
    alike = np.where(both, _CORE_WEIGHT * core + (1 - _CORE_WEIGHT) * rest, rest)
    alike = np.where(one, _ONE_CORE * rest, alike)
    numbers = names.numbers[left] == names.numbers[right]
    alike = np.where(numbers, alike, _OTHER_NUMBER * alike)
    places = names.place[left], names.place[right]
    alike[(places[0] != places[1]) & (places[0] != "") & (places[1] != "")] = 0.0
    same = (names.full[left] == names.full[right]) & (names.full[left] != "")
    return np.where(same, 1.0, alike).astype(np.float64)


def _ratio(texts: NDArray[np.object_], left: Integers, right: Integers) -> Floats:
    pairs = texts[left].tolist(), texts[right].tolist()
    return np.asarray(cpdist(*pairs, scorer=fuzz.ratio, dtype=np.float64)) / 100
