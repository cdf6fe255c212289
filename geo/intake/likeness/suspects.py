"""Areas that a person should look at again: a building entered as a hall. Never changed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from geo.core.messages import Message, message
from geo.core.vocabulary import Kind

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

ABOVE_CEILING: Final = message(
    "area_above_ceiling",
    "展厅面积 {value:,.0f} m² 超过同类设施通常的 {high:,.0f} m²，是否填成了建筑面积？请核对。",
    "An exhibition area of {value:,.0f} m² exceeds the usual {high:,.0f} m²; is it the building's?",
)
UNLIKE_ITS_KIND: Final = message(
    "area_unlike_kind",
    "展厅面积 {value:,.0f} m² 远大于本表同类（多在 {low:,.0f} 至 {high:,.0f} m²），请核对。",
    "The area of {value:,.0f} m² is far above its kind's {low:,.0f} to {high:,.0f} m²; check it.",
)
EQUAL_TO_FLOOR: Final = message(
    "area_equals_floor",
    "展厅面积与建筑面积都是 {value:,.0f} m²，是否把建筑面积填成了展厅面积？请核对。",
    "Exhibition and floor area are both {value:,.0f} m²; is the building entered as the hall?",
)
ABOVE_FLOOR: Final = message(
    "area_above_floor",
    "展厅面积 {value:,.0f} m² 大于建筑面积 {high:,.0f} m²，两项可能填反。请核对。",
    "The hall of {value:,.0f} m² is larger than its building of {high:,.0f} m²; perhaps swapped.",
)


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
    found = [_against_floor(table), _above_ceiling(table), _unlike_kind(table)]
    asked = pd.concat(found, ignore_index=True)
    asked["id_text"] = asked["facility_id"].astype(str)
    asked = asked.sort_values(["id_text", "reason", "value"], kind="stable")
    return asked[list(_COLUMNS)].reset_index(drop=True)


def _against_floor(table: pd.DataFrame) -> pd.DataFrame:
    floor = table.assign(low=0.0, high=table["floor"])
    equal = _asked(floor[floor["value"] == floor["floor"]], EQUAL_TO_FLOOR)
    above = _asked(floor[(floor["floor"] > 0) & (floor["value"] > floor["floor"])], ABOVE_FLOOR)
    return pd.concat([equal, above], ignore_index=True)


def _above_ceiling(table: pd.DataFrame) -> pd.DataFrame:
    ceilings = {kind.value: ceiling for kind, ceiling in CEILINGS_M2.items()}
    held = table.assign(low=0.0, high=table["kind"].map(ceilings).astype(float))
    return _asked(held[held["value"] > held["high"]], ABOVE_CEILING)


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
        sentence.remark(value=value, low=low, high=high)
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
