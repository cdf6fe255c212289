"""What a person is asked about rows that were taken: twice the same, one place, a wrong area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.core.errors import Place
from geo.core.messages import Noted, Remark
from geo.core.schema import FACILITIES
from geo.core.village_positions import without_village_positions
from geo.intake.likeness.duplicates import REASONS, duplicates, shared_places, suspected_areas
from geo.intake.progress import Progress, silent

MAX_QUESTIONS: Final = 1_000


def questions(
    facilities: gpd.GeoDataFrame,
    existing: gpd.GeoDataFrame | None,
    measuring_crs: CRS,
    progress: Progress = silent,
) -> tuple[Noted, ...]:
    """Return what to ask about a ledger's clean rows; nothing of them is changed.

    Asked are pairs that may be one place, of the file and of the file and the
    store; rows that may be the plaques of one place; and exhibition areas that
    may be a building's. Demonstration data in the store are left aside. The middle of
    a village, which all its places share, is taken for no position.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        The clean rows, as :data:`geo.core.schema.FACILITIES`, indexed by ``facility_id``.
    existing : geopandas.GeoDataFrame, optional
        Those in the store.
    measuring_crs : pyproj.CRS
        In metres, of the district.
    progress : Progress
        Told of what has been asked.

    Returns
    -------
    tuple of Noted
        At most :data:`MAX_QUESTIONS`, each at its row of the file.
    """
    if facilities.empty:
        return ()
    facilities = without_village_positions(facilities)
    places = _places(facilities)
    real = None
    if existing is not None:
        existing = without_village_positions(existing)
        real = existing[~existing["demonstration"].fillna(False).astype(bool)]
    names = (
        pd.concat([facilities["name"], real["name"]]) if real is not None else facilities["name"]
    )
    told = dict(zip(names.index, names, strict=True))
    pairs = duplicates(facilities, real, measuring_crs=measuring_crs, progress=progress)
    asked = [
        *_of_areas(facilities, places),
        *_of_pairs(pairs, places, told),
        *_of_places(shared_places(facilities, measuring_crs), places),
    ]
    return tuple(asked[:MAX_QUESTIONS])


def _places(facilities: pd.DataFrame) -> dict[Any, Place]:
    columns = (facilities[name].tolist() for name in ("source_file", "source_sheet", "source_row"))
    return {
        key: Place(
            file=str(file),
            sheet=None if pd.isna(sheet) else str(sheet),
            row=None if pd.isna(number) else int(number),
        )
        for key, file, sheet, number in zip(facilities.index, *columns, strict=True)
    }


def _of_areas(facilities: pd.DataFrame, places: Mapping[Any, Place]) -> Iterator[Noted]:
    column = FACILITIES["exhibition_area_m2"].zh
    for row in suspected_areas(facilities).to_dict("records"):
        place = places[row["facility_id"]]
        at = Place(file=place.file, sheet=place.sheet, row=place.row, column=column)
        yield Noted(at, Remark(row["reason"], row["zh"], row["en"]))


def _of_pairs(
    pairs: pd.DataFrame, places: Mapping[Any, Place], told: Mapping[Any, str]
) -> Iterator[Noted]:
    for row in pairs.to_dict("records"):
        if row["left"] not in places:
            continue
        left, right = (told.get(row[side], str(row[side])) for side in ("left", "right"))
        remark = REASONS[row["reason"]].remark(left=left, right=right)
        yield Noted(places[row["left"]], remark)


def _of_places(groups: pd.DataFrame, places: Mapping[Any, Place]) -> Iterator[Noted]:
    """Return one question for each group, at its first row."""
    for _, group in groups.groupby("group", sort=False):
        row = group.iloc[0]
        yield Noted(places[row["facility_id"]], Remark(row["reason"], row["zh"], row["en"]))
