"""Rows that may be one place twice; proposed to a person, never merged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from geo.core.messages import Message
from geo.intake.deduplicate.neighbours import (
    Floats,
    Integers,
    addresses,
    distances,
    metres,
    sharing,
    within,
)
from geo.intake.divisions.names import folded_name, leading_place, stem_of
from geo.intake.progress import Progress, Stage, silent
from geo.intake.sentences import message

_GENERIC: Final = re.compile(
    "新时代|文明实践|党群|服务|科学技术|科普|科技|科学|教育|示范|体验|实践|活动|基地|中心|展览|展示|"
    "展厅|展馆|社区|大学|老年|儿童之家|日间照料|图书|文化|博物|纪念|陈列|工作室|农业|产业|"
    "农村|青少年|学校|中学|小学|少年宫|公园|广场|画廊|馆|室|站|所|点|厅|园"
)
_NUMBERS: Final = re.compile("[0-9一二三四五六七八九十甲乙丙丁东西南北]+")
_CORE_WEIGHT: Final = 0.75
_OTHER_NUMBER, _ONE_CORE = 0.5, 0.5


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


MAX_PAIRS: Final = 1_000
"""Pairs reported; ``attrs["more"]`` of the frame counts the rest."""

_REACH_M: Final = 100.0
_LEAST_SIMILARITY: Final = 0.7
_PAIRS_AT_ONCE: Final = 50_000
_NEARNESS_WEIGHT, _ADDRESS_CONFIDENCE, _NAME_CONFIDENCE = 0.3, 0.9, 0.5
_COLUMNS: Final = ("left", "right", "reason", "name_similarity", "distance_m", "confidence")

SAME_ID: Final = message("deduplicate.duplicate_id")
NEAR_NAME_AND_PLACE: Final = message("deduplicate.duplicate_name_and_place")
NEAR_NAME_SAME_ADDRESS: Final = message("deduplicate.duplicate_name_and_address")
SAME_NAME: Final = message("deduplicate.duplicate_name")
REASONS: Final[dict[str, Message]] = {
    said.code: said for said in (SAME_ID, NEAR_NAME_AND_PLACE, NEAR_NAME_SAME_ADDRESS, SAME_NAME)
}
"""The sentence of each reason; ``left`` and ``right`` are ids."""


def duplicates(
    incoming: gpd.GeoDataFrame,
    existing: gpd.GeoDataFrame | None = None,
    *,
    measuring_crs: CRS,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Propose pairs of rows that may be one place.

    Incoming rows are held against each other and against what is kept already;
    kept rows are not held against each other, and a kept row whose id comes in
    again under the same name is the same row. Names are near from a similarity of
    0.7 on (:func:`geo.intake.deduplicate.pairs.similarity`), places within 100 m: both
    heuristics of ours, wide since a person decides. Work grows as n log n:
    rows meet only in a square of the ground, at an address or under a name.

    Parameters
    ----------
    incoming, existing : geopandas.GeoDataFrame
        As :data:`geo.core.schema.FACILITIES` describes, indexed by ``facility_id``;
        points in a declared system, or None. At least ``name``.
    measuring_crs : pyproj.CRS
        In metres, of the district.
    progress : Progress
        Called when the pairs of one reason are through.

    Returns
    -------
    pandas.DataFrame
        ``left`` (incoming) and ``right``, ids; ``reason``, a key of :data:`REASONS`;
        ``name_similarity``, 0 to 1; ``distance_m``, NaN where unknown;
        ``confidence``, 0 to 1, highest first. Each pair once, at most
        :data:`MAX_PAIRS`; ``attrs["more"]`` counts the others.

    Examples
    --------
    >>> from shapely import Point
    >>> rows = gpd.GeoDataFrame({"name": ["松坡图书馆", "大祥区松坡图书馆（新馆）"]},
    ...     index=["a", "b"], geometry=[Point(111.46, 27.23), Point(111.46, 27.2301)], crs=4490)
    >>> duplicates(rows, measuring_crs=CRS.from_epsg(4546))["reason"].tolist()
    ['duplicate_name_and_place']
    """
    rows, is_new = _together(incoming, existing)
    names = venue_names(rows["name"])
    ids = np.array([*map(str, rows.index), ""], dtype=object)[:-1]
    places, where = metres(rows, measuring_crs), addresses(rows)
    order = [names.core, names.full, ids]
    asked: dict[str, Callable[[], Integers]] = {
        SAME_ID.code: lambda: sharing(ids, order),
        NEAR_NAME_AND_PLACE.code: lambda: within(places, _REACH_M, order),
        NEAR_NAME_SAME_ADDRESS.code: lambda: sharing(where, order),
        SAME_NAME.code: lambda: _namesakes(rows, names, places, order),
    }
    found: list[pd.DataFrame] = []
    for done, (reason, pairs) in enumerate(asked.items(), 1):
        found += _judged(reason, pairs(), names, places)
        progress(Stage.QUESTIONS, done, len(asked))
    return _reported(pd.concat(found, ignore_index=True), ids, is_new)


def _together(
    incoming: gpd.GeoDataFrame, existing: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame, NDArray[np.bool_]]:
    """Return all rows as one frame, and which come in; rows kept already are left out."""
    columns = ["name", "address", "township_code", "geometry"]
    fresh = incoming.reindex(columns=columns)
    if existing is None or not len(existing):
        return gpd.GeoDataFrame(fresh, crs=incoming.crs), np.ones(len(fresh), dtype=bool)
    kept = gpd.GeoDataFrame(existing.reindex(columns=columns), crs=existing.crs)
    kept = kept.to_crs(incoming.crs)
    coming = set(zip(fresh.index, venue_names(fresh["name"]).full, strict=True))
    again = [
        pair in coming for pair in zip(kept.index, venue_names(kept["name"]).full, strict=True)
    ]
    kept = kept[~np.array(again, dtype=bool)]
    is_new = np.arange(len(fresh) + len(kept)) < len(fresh)
    return gpd.GeoDataFrame(pd.concat([fresh, kept]), crs=incoming.crs), is_new


def _namesakes(
    rows: pd.DataFrame, names: VenueNames, places: Floats, order: list[NDArray[np.object_]]
) -> Integers:
    """Return pairs of one name in one township, where a position is missing."""
    townships = np.array(["" if pd.isna(c) else str(c) for c in rows["township_code"]], object)
    keys = np.where((townships == "") | (names.full == ""), "", townships + "/" + names.full)
    pairs = sharing(keys, order)
    return pairs[np.isnan(distances(places, pairs))]


def _judged(
    reason: str, pairs: Integers, names: VenueNames, places: Floats
) -> Iterator[pd.DataFrame]:
    """Give pairs with how alike they are, those left out that are not; some at a time."""
    for first in range(0, max(len(pairs), 1), _PAIRS_AT_ONCE):
        yield _judged_block(reason, pairs[first : first + _PAIRS_AT_ONCE], names, places)


def _judged_block(reason: str, pairs: Integers, names: VenueNames, places: Floats) -> pd.DataFrame:
    alike = similarity(names, pairs[:, 0], pairs[:, 1])
    apart = distances(places, pairs)
    if reason == SAME_ID.code:
        confidence = np.full(len(pairs), 1.0)
    elif reason == NEAR_NAME_AND_PLACE.code:
        nearness = 1 - apart / _REACH_M
        confidence = (1 - _NEARNESS_WEIGHT) * alike + _NEARNESS_WEIGHT * nearness * alike
    else:
        share = _NAME_CONFIDENCE if reason == SAME_NAME.code else _ADDRESS_CONFIDENCE
        confidence = share * alike
    table = pd.DataFrame(pairs, columns=["left", "right"]).assign(
        reason=pd.Categorical([reason] * len(pairs), list(REASONS)),
        name_similarity=alike,
        distance_m=apart,
        confidence=confidence,
    )
    return table if reason == SAME_ID.code else table[alike >= _LEAST_SIMILARITY]


def _reported(
    table: pd.DataFrame, ids: NDArray[np.object_], is_new: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return the pairs by id, the incoming one left, each once by its strongest reason."""
    left, right = table["left"].to_numpy(np.int64), table["right"].to_numpy(np.int64)
    table, left, right = (part[is_new[left] | is_new[right]] for part in (table, left, right))
    rank, known = pd.factorize(ids, sort=True)
    swap = is_new[right] & (~is_new[left] | (rank[left] > rank[right]))
    table = table.assign(
        left=np.where(swap, rank[right], rank[left]),
        right=np.where(swap, rank[left], rank[right]),
        lower=np.minimum(rank[left], rank[right]),
        upper=np.maximum(rank[left], rank[right]),
        name_similarity=table["name_similarity"].round(3),
        distance_m=table["distance_m"].round(1),
        confidence=table["confidence"].round(3),
    )
    keys = ["confidence", "name_similarity", "distance_m", "left", "right", "reason"]
    table = table.sort_values(keys, ascending=[False, False, True, True, True, True])
    table = table.drop_duplicates(["lower", "upper"])
    shown = table[list(_COLUMNS)].iloc[:MAX_PAIRS].reset_index(drop=True)
    shown = shown.assign(
        left=known[shown["left"]], right=known[shown["right"]], reason=shown["reason"].astype(str)
    )
    shown.attrs["more"] = len(table) - len(shown)
    return shown
