"""The four collections of a study, as frames ready to be encoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.columns import FACILITIES
from geo.counting import valid_designations
from geo.document import gap_records, township_records
from geo.geojson import FeatureSet, encode
from geo.study import Study
from geo.terms import GROUP_OF_KIND, LABELS, CountReason, Kind

_JUDGED: Final = ("assigned_township_code", "agreement", "counted_area_m2", "count_reason")


def facilities(study: Study) -> gpd.GeoDataFrame:
    """Return the ledger's public columns and what the study said of each row.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4490, indexed by ``facility_id``; ``designations`` is the list of
        the titles that are valid on the date, ``open_on_date`` whether it operates.
    """
    judged = study.facilities
    public = [c.name for c in FACILITIES.columns if c.public and c.name in judged.columns]
    frame = judged[[*public, *_JUDGED, "geometry"]].copy()
    kinds, reasons = LABELS[Kind], LABELS[CountReason]
    frame["group"] = frame["kind"].map(GROUP_OF_KIND).astype("str")
    frame["kind_zh"] = frame["kind"].map({kind: kinds[kind].zh for kind in Kind})
    frame["kind_en"] = frame["kind"].map({kind: kinds[kind].en for kind in Kind})
    frame["township_name"] = frame["assigned_township_code"].map(study.townships["name_zh"])
    frame["open_on_date"] = judged["operating"]
    reason = frame["count_reason"]
    frame["count_reason_zh"] = reason.map({item: reasons[item].zh for item in CountReason})
    frame["count_reason_en"] = reason.map({item: reasons[item].en for item in CountReason})
    frame["designations"] = _titles(study).reindex(frame.index).map(_as_list)
    return frame


def _titles(study: Study) -> pd.Series:
    plaques = valid_designations(study.data.designations, study.scenario.on)
    return plaques.groupby("facility_id")["title"].agg(list).astype(object)


def _as_list(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def townships(study: Study) -> gpd.GeoDataFrame:
    """Return the townships with the rows of :func:`geo.document.township_records`."""
    rows = pd.DataFrame(township_records(study)).set_index("township_code", drop=False)
    rows["quality"] = study.townships["quality"]
    return gpd.GeoDataFrame(rows, geometry=study.townships.geometry, crs=study.townships.crs)


def gaps(study: Study) -> gpd.GeoDataFrame:
    """Return the gaps with the rows of :func:`geo.document.gap_records`."""
    rows = pd.DataFrame(
        gap_records(study), columns=None if len(study.gaps) else ["gap_id", *study.gaps.columns]
    )
    rows = rows.drop(columns="geometry", errors="ignore").set_index("gap_id", drop=False)
    return gpd.GeoDataFrame(rows, geometry=study.gaps.geometry, crs=study.gaps.crs)


def districts(study: Study) -> gpd.GeoDataFrame:
    """Return the outlines of the district and its neighbours."""
    frame = study.data.districts
    kept = frame[["name_zh", "role", "quality", "geometry"]].copy()
    kept.insert(0, "district_code", frame.index)
    return kept


COLLECTIONS: Final[Mapping[str, tuple[Callable[[Study], gpd.GeoDataFrame], tuple[str, ...]]]] = (
    MappingProxyType(
        {
            "facilities": (facilities, ("kind", "group", "assigned_township_code")),
            "townships": (townships, ("kind", "township_code")),
            "gaps": (gaps, ("kind", "group", "township_code")),
            "districts": (districts, ("role",)),
        }
    )
)
"""Each collection's name, the frame it is made of and the columns it can be picked by."""


def feature_set(study: Study, name: str) -> FeatureSet:
    """Return one collection of a study, encoded.

    Raises
    ------
    KeyError
        There is no collection of this name; doors check against ``COLLECTIONS``.
    """
    make, pick_by = COLLECTIONS[name]
    return encode(make(study), pick_by=pick_by)
