"""What leaves the office: a district as one of the three export profiles carries it.

A study of released data cannot tell what the data do not hold, whatever it is asked:
rows and columns that a profile leaves out are taken away before anything is measured.
Figures of area, coverage and accessibility are the same in every profile, because rows
that are not verified never count; only what is said of such rows themselves differs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.core.district import DistrictData
from geo.core.geojson import DECIMALS
from geo.core.json_values import Record
from geo.core.schema import DESIGNATIONS, FACILITIES, Table
from geo.core.sentences import Sentences
from geo.core.vocabulary import LABELS, VULNERABLE_KINDS, Profile, Verification

TEXT: Final = Sentences("geo.core")

PUBLIC_DECIMALS: Final = 4
"""Of a degree: about 10 m, enough for a map and too little for a survey."""

VULNERABLE_DECIMALS: Final = 2
"""About 1 km: the neighbourhood, and not the house."""

REDACTED: Final = "［电话略］"
"""Stands where a text that goes to the public held a telephone number."""

_PROVENANCE: Final = frozenset({"source_file", "source_sheet", "source_row"})
_PHONE: Final = re.compile(
    r"(?<![0-9])(?:(?:\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}"
    r"|0[0-9]{2,3}[-)）]? ?[1-9][0-9]{6,7}|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4})(?![0-9])"
)
_PUBLIC_TEXTS: Final = {
    "facilities": ("name", "department", "address", "audiences", "position_source"),
    "designations": ("title", "issuing_body", "document_number"),
}


def without_phones(text: str) -> str:
    """Return a text with :data:`REDACTED` in place of telephone numbers.

    Mobile numbers, fixed lines with their area code, and 400 and 800 numbers, in full or
    half width; codes of divisions and years are none.

    Examples
    --------
    >>> without_phones("科普馆（张老师 138 0000 0000）"), without_phones("430503001001 社区")
    ('科普馆（张老师 ［电话略］）', '430503001001 社区')
    """
    half_width = text.translate(_HALF_WIDTH)
    found = _PHONE.search(half_width)
    return text if found is None else _PHONE.sub(REDACTED, half_width)


_HALF_WIDTH: Final = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF0D: "-"}


def release(
    data: DistrictData, profile: Profile, *, decimals: int = PUBLIC_DECIMALS
) -> DistrictData:
    """Return a district as a profile carries it; ``profile`` of the result says which.

    Positions stay exact in the result, so that distances are; :func:`shown_positions`
    gives those that may be shown. Where a row was read from stays too, for the list of
    what a person should look at, and is in no feature.

    Parameters
    ----------
    data : DistrictData
        As the store has it; never changed.
    profile : Profile
        For whom. ``internal`` leaves nothing out; ``inter_agency`` contacts and notes;
        ``public`` also rows that are not verified, the addresses of vulnerable places and
        telephone numbers in any text.
    decimals : int
        Of a degree, to which the public's positions are rounded.

    Examples
    --------
    ``kepu export facilities out.geojson --profile public`` asks for it.
    """
    if profile is Profile.INTERNAL:
        return replace(data, profile=profile, position_decimals=DECIMALS)
    facilities = _carried(data.facilities, FACILITIES, profile)
    plaques = _carried(data.designations, DESIGNATIONS, profile)
    if profile is Profile.PUBLIC:
        facilities = _for_the_public(facilities)
        plaques = _texts(plaques[plaques["facility_id"].isin(facilities.index)], DESIGNATIONS)
    return replace(
        data,
        facilities=facilities,
        designations=plaques,
        profile=profile,
        position_decimals=decimals if profile is Profile.PUBLIC else DECIMALS,
    )


def _carried(frame: pd.DataFrame, table: Table, profile: Profile) -> pd.DataFrame:
    """Return a frame without the values of the columns that a profile does not carry."""
    blank = [name for name in columns_left_out(table, profile) if name not in _PROVENANCE]
    unknown = {name: pd.Series(index=frame.index, dtype=frame[name].dtype) for name in blank}
    return frame.assign(**unknown)


def _for_the_public(facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    verified = facilities[facilities["verification"] == Verification.VERIFIED.value]
    address = verified["address"].mask(is_vulnerable(verified))
    return _texts(verified.assign(address=address), FACILITIES)


def _texts(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    texts = {
        name: frame[name].map(without_phones, na_action="ignore").astype(frame[name].dtype)
        for name in _PUBLIC_TEXTS[table.name]
    }
    return frame.assign(**texts)


def columns_left_out(table: Table, profile: Profile) -> list[str]:
    """Return the columns of a table that a profile does not carry.

    Examples
    --------
    >>> columns_left_out(FACILITIES, Profile.PUBLIC)
    ['contact', 'note', 'source_file', 'source_sheet', 'source_row']
    >>> columns_left_out(FACILITIES, Profile.INTERNAL)
    []
    """
    return [column.name for column in table.columns if not profile.carries(column.release)]


def is_vulnerable(facilities: pd.DataFrame) -> pd.Series:
    """Return whether each facility is a place whose exact position the public is not given."""
    return facilities["kind"].isin([kind.value for kind in VULNERABLE_KINDS])


def position_decimals(facilities: gpd.GeoDataFrame, data: DistrictData) -> pd.Series:
    """Return to how many decimals of a degree each facility's position is shown."""
    decimals = pd.Series(data.position_decimals, index=facilities.index, dtype="int64")
    if data.profile is not Profile.PUBLIC:
        return decimals
    coarse = min(VULNERABLE_DECIMALS, data.position_decimals)
    return decimals.mask(is_vulnerable(facilities), coarse)


def shown_positions(facilities: gpd.GeoDataFrame, data: DistrictData) -> gpd.GeoSeries:
    """Return the positions of facilities as the district's profile shows them.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        Rows of the district, with ``kind``, in EPSG:4490.
    data : DistrictData
        As :func:`release` returned it.

    Returns
    -------
    geopandas.GeoSeries
        On the same index; None stays None.
    """
    factor = 10.0 ** position_decimals(facilities, data).to_numpy()
    places = np.asarray(facilities.geometry.array)
    there = np.array([place is not None for place in places], dtype=bool)
    shown = places.copy()
    if there.any():
        numbers = shapely.get_coordinates(places[there])
        scale = factor[there][:, None]
        shown[there] = shapely.points(np.round(numbers * scale) / scale)
    return gpd.GeoSeries(shown, index=facilities.index, crs=facilities.crs)


def left_out(profile: Profile, table: Table = FACILITIES) -> Record:
    """Return what a profile leaves out, as rules: never how many rows or which.

    Examples
    --------
    >>> left_out(Profile.PUBLIC)["columns"]
    ['contact', 'note', 'source_file', 'source_sheet', 'source_row']
    >>> left_out(Profile.INTERNAL)["rules"]
    []
    """
    label = LABELS[Profile][profile]
    return {
        "profile": profile.value,
        "profile_zh": label.zh,
        "profile_en": label.en,
        "columns": columns_left_out(table, profile),
        "rules": [] if profile is not Profile.PUBLIC else [*_RULES],
    }


_RULES: Final = (
    TEXT.words("rows_not_verified_left_out")._asdict(),
    TEXT.words(
        "positions_are_rounded",
        public_decimals=PUBLIC_DECIMALS,
        vulnerable_decimals=VULNERABLE_DECIMALS,
    )._asdict(),
    TEXT.words("telephone_numbers_left_out")._asdict(),
)
