"""Rows that may be one place twice; proposed to a person, never merged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from geo.core.messages import Message, message
from geo.intake.likeness.neighbours import (
    Floats,
    Integers,
    addresses,
    distances,
    metres,
    sharing,
    within,
)
from geo.intake.likeness.plaques import shared_places
from geo.intake.likeness.suspects import suspected_areas
from geo.intake.likeness.venue_names import VenueNames, similarity, venue_names
from geo.intake.progress import Progress, Stage, silent

__all__ = ["MAX_PAIRS", "duplicates", "shared_places", "suspected_areas"]

MAX_PAIRS: Final = 1_000
"""Pairs reported; ``attrs["more"]`` of the frame counts the rest."""

_REACH_M: Final = 100.0
_LEAST_SIMILARITY: Final = 0.7
_PAIRS_AT_ONCE: Final = 50_000
_NEARNESS_WEIGHT, _ADDRESS_CONFIDENCE, _NAME_CONFIDENCE = 0.3, 0.9, 0.5
_COLUMNS: Final = ("left", "right", "reason", "name_similarity", "distance_m", "confidence")

SAME_ID: Final = message(
    "duplicate_id",
    "设施编号「{left}」用于不同的行，请核对是否同一处，或另编一号。",
    "The id '{left}' stands on different rows; check whether they are one place.",
)
NEAR_NAME_AND_PLACE: Final = message(
    "duplicate_name_and_place",
    "「{left}」与「{right}」名称相近、相距不足 100 米，请核对是否重复。",
    "'{left}' and '{right}' are near in name and within 100 m; are they one place?",
)
NEAR_NAME_SAME_ADDRESS: Final = message(
    "duplicate_name_and_address",
    "「{left}」与「{right}」名称相近、地址相同，请核对是否重复。",
    "'{left}' and '{right}' are near in name with the same address; are they one place?",
)
SAME_NAME: Final = message(
    "duplicate_name",
    "「{left}」与「{right}」在同一乡镇街道且名称相同，缺少位置，请核对是否重复。",
    "'{left}' and '{right}' have one name and township, and lack a position; one place?",
)
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
    0.7 on (:func:`geo.intake.likeness.venue_names.similarity`), places within 100 m: both
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
        Told when the pairs of one reason are through.

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
