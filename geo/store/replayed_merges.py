"""Rows that a person said are one place, when a file brings them again one by one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.core.errors import NotFoundError, Place, QueryError
from geo.core.messages import CellWarning, Message
from geo.core.sentences import Sentences
from geo.store.facility_merge import merge_facilities

TEXT: Final = Sentences("geo.store")

_APPLIED: Final = Message(*TEXT["merge_applied"])
_LEFT_OUT: Final = Message(*TEXT["merge_row_left_out"])
_BACK: Final = Message(*TEXT["merge_not_applied"])


@dataclass(frozen=True)
class Remembered:
    """A file's ledger after the merges of before, and what is told of each at its row."""

    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    warnings: tuple[CellWarning, ...] = ()


def merged_again(
    facilities: gpd.GeoDataFrame,
    designations: pd.DataFrame,
    merges: pd.DataFrame,
    staying: Collection[str],
) -> Remembered:
    """Return a file's ledger in which what was merged before is merged again, never silently.

    A row that comes again goes into its facility as it did before, where the file has
    that too. Where only the store does, the row is left out. Where neither does, or
    they can no more be merged, it is loaded by itself.

    Parameters
    ----------
    facilities, designations : geopandas.GeoDataFrame, pandas.DataFrame
        The file's clean rows, as :func:`geo.store.facility_merge.merge_facilities` takes them.
    merges : pandas.DataFrame
        As :meth:`geo.store.Store.merges` returns them, oldest first.
    staying : collection of str
        Facilities that the store keeps although the file has no clean row of them.

    Examples
    --------
    >>> from geo.core.schema import DESIGNATIONS, FACILITIES, conform, empty_frame
    >>> rows = gpd.GeoDataFrame({"facility_id": ["a", "b"], "name": ["科技馆", "市科技馆"],
    ...     "kind": "science_museum", "status": "operating", "verification": "verified",
    ...     "demonstration": False}, geometry=[None, None], crs=4490)
    >>> merges = pd.DataFrame({"load_id": [7], "keep_id": "a", "other_id": "b", "as_plaque": False})
    >>> found = merged_again(conform(rows, FACILITIES).set_index("facility_id"),
    ...                      empty_frame(DESIGNATIONS), merges, ())
    >>> found.facilities.index.tolist(), found.warnings[0].note.code
    (['a'], 'merge_applied')
    """
    if not facilities.index.isin(merges["other_id"]).any():
        return Remembered(facilities, designations)
    # Each merge copies its frames: only rows that some merge names go through them.
    names = pd.concat([merges["keep_id"], merges["other_id"]])
    named, hung = facilities.index.isin(names), designations["facility_id"].isin(names)
    found = Remembered(facilities[named], designations[hung])
    for merge in merges.to_dict("records"):
        if merge["other_id"] in found.facilities.index:
            found = _once_more(found, merge, staying)
    rows = pd.concat([facilities[~named], found.facilities])
    order = facilities.index[facilities.index.isin(rows.index)]
    plaques = [part for part in (designations[~hung], found.designations) if len(part)]
    every = pd.concat(plaques, ignore_index=True) if plaques else found.designations
    return Remembered(rows.loc[order], every, found.warnings)


def _once_more(found: Remembered, merge: dict[str, Any], staying: Collection[str]) -> Remembered:
    keep, other = merge["keep_id"], merge["other_id"]
    named = {"keep": keep, "other": other, "number": merge["load_id"]}
    place = _place(found.facilities.loc[other])
    if keep in staying and keep not in found.facilities.index:
        after, told = _without(found, other), [_LEFT_OUT.note(**named)]
    else:
        try:
            merged = merge_facilities(
                found.facilities,
                found.designations,
                keep,
                [other],
                as_plaques=bool(merge["as_plaque"]),
            )
            after = Remembered(merged.facilities, merged.designations)
            told = [_APPLIED.note(**named), *merged.told]
        except (NotFoundError, QueryError):
            after, told = found, [_BACK.note(**named)]
    return replace(after, warnings=(*found.warnings, *(CellWarning(place, note) for note in told)))


def _without(found: Remembered, facility_id: str) -> Remembered:
    plaques = found.designations
    stay = plaques[plaques["facility_id"] != facility_id].reset_index(drop=True)
    return Remembered(found.facilities.drop(index=facility_id), stay)


def _place(row: pd.Series) -> Place:
    known = {name: row[f"source_{name}"] for name in ("file", "sheet", "row")}
    return Place(**{name: value for name, value in known.items() if pd.notna(value)})
