"""What a person is asked about rows that were taken: twice the same, one place, a wrong area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.core.errors import Place
from geo.core.messages import CellWarning, Message, Note
from geo.core.schema import FACILITIES
from geo.core.village_positions import without_village_positions
from geo.core.vocabulary import Kind
from geo.intake.deduplicate.designations import shared_places
from geo.intake.deduplicate.pairs import REASONS, duplicates
from geo.intake.progress import Progress, silent
from geo.intake.sentences import message

LEAST_KNOWN: Final = 8
"""Areas of a kind from which its own usual range is taken."""

_LIMIT: Final = 3.5
_MAD_TO_SIGMA: Final = 1.4826
_LEAST_FACTOR: Final = 3.0
_COLUMNS: Final = ("facility_id", "value", "reason", "zh", "en", "expected_low", "expected_high")

CEILINGS_M2: Final[Mapping[Kind, float]] = MappingProxyType(
    {
        Kind.COMMUNITY_SCIENCE_ROOM: 300,
        Kind.CHILDRENS_HOME: 300,
        Kind.ELDERLY_DAY_CARE: 300,
        Kind.SCIENCE_STUDIO: 300,
        Kind.SCIENCE_GALLERY: 500,
        Kind.PARTY_SERVICE_CENTRE: 500,
        Kind.CIVILIZATION_PRACTICE: 500,
        Kind.COMMUNITY_UNIVERSITY: 500,
        Kind.SENIOR_UNIVERSITY: 800,
        Kind.RURAL_SCHOOL_PALACE: 600,
        Kind.SCHOOL_SCIENCE_MUSEUM: 600,
        Kind.FIELD_SCHOOL: 1_000,
        Kind.TRANSPORT_OR_CINEMA: 1_000,
        Kind.SCHOOL: 2_000,
        Kind.AGRI_DEMO_BASE: 2_000,
        Kind.YOUTH_EXPERIENCE_BASE: 2_000,
        Kind.NATURE_SCHOOL: 2_000,
        Kind.LIBRARY: 2_000,
        Kind.PARK: 3_000,
        Kind.CULTURAL_CENTRE: 3_000,
        Kind.SCIENCE_BASE: 5_000,
        Kind.EMERGENCY_BASE: 5_000,
        Kind.ENTERPRISE_SITE: 5_000,
        Kind.EXHIBITION_HALL: 5_000,
        Kind.YOUTH_SCIENCE_CENTRE: 6_000,
        Kind.THEMATIC_MUSEUM: 20_000,
        Kind.SCIENCE_MUSEUM: 60_000,
    }
)
"""Exhibition areas in m² above which a row is asked about, by kind; heuristics of ours.

No standard gives them. A room in a community or a school is a classroom or a few;
a centre's display zone is a corner of a building of some hundred m²; a county's
museum shows some thousand (邵阳市博物馆 about 6,000); the largest science museum
of the country some 50,000. They err on the high side: one question too few in a
kind that differs widely rather than one on every row.
"""

ABOVE_CEILING: Final = message("deduplicate.area_above_ceiling")
UNLIKE_ITS_KIND: Final = message("deduplicate.area_unlike_kind")
EQUAL_TO_FLOOR: Final = message("deduplicate.area_equals_floor")
ABOVE_FLOOR: Final = message("deduplicate.area_above_floor")


def suspected_areas(facilities: pd.DataFrame) -> pd.DataFrame:
    """Return exhibition areas that may be a building's, with what would be expected.

    Four questions, of which a row may raise several: larger than its building;
    equal to it (stairs and offices show nothing); above :data:`CEILINGS_M2`; and,
    where a kind has 8 known areas, far above them: a modified z-score of the
    logarithms above 3.5 (Iglewicz and Hoaglin 1993, median and median absolute
    deviation) and more than three times the median, so that a kind of near-equal
    rooms raises no question. 8 and 3 are heuristics of ours. Logarithms, because
    sizes spread by factors. Zero and unknown are no size, and are left out.

    Parameters
    ----------
    facilities : pandas.DataFrame
        Indexed by ``facility_id``; ``kind``, ``exhibition_area_m2``, ``floor_area_m2``.

    Returns
    -------
    pandas.DataFrame
        ``facility_id``; ``value`` in m²; ``reason``, ``zh``, ``en``; ``expected_low``
        and ``expected_high`` in m². By id, then reason.

    Examples
    --------
    >>> rows = pd.DataFrame({"kind": ["party_service_centre"], "exhibition_area_m2": [3000.0],
    ...                      "floor_area_m2": [3000.0]}, index=["a"])
    >>> suspected_areas(rows)["reason"].tolist()
    ['area_above_ceiling', 'area_equals_floor']
    """
    table = pd.DataFrame(
        {
            "facility_id": facilities.index.to_numpy(),
            "kind": facilities["kind"].astype(str).to_numpy(),
            "value": facilities["exhibition_area_m2"].to_numpy(dtype=float, na_value=np.nan),
            "floor": facilities["floor_area_m2"].to_numpy(dtype=float, na_value=np.nan),
        }
    )
    table = table[np.isfinite(table["value"]) & (table["value"] > 0)]
    ceilings = {kind.value: ceiling for kind, ceiling in CEILINGS_M2.items()}
    floor = table.assign(low=0.0, high=table["floor"])
    held = table.assign(low=0.0, high=table["kind"].map(ceilings).astype(float))
    found = [
        _asked(floor[floor["value"] == floor["floor"]], EQUAL_TO_FLOOR),
        _asked(floor[(floor["floor"] > 0) & (floor["value"] > floor["floor"])], ABOVE_FLOOR),
        _asked(held[held["value"] > held["high"]], ABOVE_CEILING),
        _unlike_kind(table),
    ]
    asked = pd.concat(found, ignore_index=True)
    asked["id_text"] = asked["facility_id"].astype(str)
    asked = asked.sort_values(["id_text", "reason", "value"], kind="stable")
    return asked[list(_COLUMNS)].reset_index(drop=True)


def _unlike_kind(table: pd.DataFrame) -> pd.DataFrame:
    logs = np.log(table["value"])
    by_kind = logs.groupby(table["kind"])
    middle = by_kind.transform("median")
    spread = (logs - middle).abs().groupby(table["kind"]).transform("median")
    reach = _LIMIT * _MAD_TO_SIGMA * spread
    high = np.exp(middle + np.maximum(reach, np.log(_LEAST_FACTOR)))
    held = table.assign(low=np.exp(middle - reach), high=high)
    enough = by_kind.transform("size") >= LEAST_KNOWN
    return _asked(held[enough & (held["value"] > held["high"])], UNLIKE_ITS_KIND)


def _asked(rows: pd.DataFrame, sentence: Message) -> pd.DataFrame:
    said = [
        sentence.note(value=value, low=low, high=high)
        for value, low, high in zip(rows["value"], rows["low"], rows["high"], strict=True)
    ]
    return pd.DataFrame(
        {
            "facility_id": rows["facility_id"].to_numpy(),
            "value": rows["value"].to_numpy(),
            "reason": sentence.code,
            "zh": pd.Series([one.zh for one in said], dtype="str"),
            "en": pd.Series([one.en for one in said], dtype="str"),
            "expected_low": rows["low"].to_numpy(),
            "expected_high": rows["high"].to_numpy(),
        }
    )


MAX_QUESTIONS: Final = 1_000


def questions(
    facilities: gpd.GeoDataFrame,
    existing: gpd.GeoDataFrame | None,
    measuring_crs: CRS,
    progress: Progress = silent,
) -> tuple[CellWarning, ...]:
    """Return what to ask about a ledger's clean rows; nothing of them is changed.

    Asked are pairs that may be one place, of the file and of the file and the
    store; rows that may be the designations of one place; and exhibition areas that
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
        Called for what has been asked.

    Returns
    -------
    tuple of CellWarning
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


def _of_areas(facilities: pd.DataFrame, places: Mapping[Any, Place]) -> Iterator[CellWarning]:
    column = FACILITIES["exhibition_area_m2"].zh
    for row in suspected_areas(facilities).to_dict("records"):
        place = places[row["facility_id"]]
        at = Place(file=place.file, sheet=place.sheet, row=place.row, column=column)
        yield CellWarning(at, Note(row["reason"], row["zh"], row["en"]))


def _of_pairs(
    pairs: pd.DataFrame, places: Mapping[Any, Place], told: Mapping[Any, str]
) -> Iterator[CellWarning]:
    for row in pairs.to_dict("records"):
        if row["left"] not in places:
            continue
        left, right = (told.get(row[side], str(row[side])) for side in ("left", "right"))
        note = REASONS[row["reason"]].note(left=left, right=right)
        yield CellWarning(places[row["left"]], note)


def _of_places(groups: pd.DataFrame, places: Mapping[Any, Place]) -> Iterator[CellWarning]:
    """Return one question for each group, at its first row."""
    for _, group in groups.groupby("group", sort=False):
        row = group.iloc[0]
        yield CellWarning(places[row["facility_id"]], Note(row["reason"], row["zh"], row["en"]))
