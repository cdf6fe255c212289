"""The collections of a study, as frames ready to be encoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.core.crs import STORAGE_CRS
from geo.core.disclosure import position_decimals, shown_positions
from geo.core.errors import NotFoundError, QueryError
from geo.core.fields import BARE_FIELDS, FIELDS, FILE_TABLES, is_worded, queryable_fields
from geo.core.geojson import FeatureSet, encode
from geo.core.output_systems import OutputSystem
from geo.core.schema import FACILITIES
from geo.core.sentences import Sentences, Words
from geo.core.vocabulary import (
    CENTRE_KINDS,
    GROUP_OF_KIND,
    LABELS,
    PARTS,
    CountReason,
    Group,
    Kind,
    Label,
    TownshipKind,
    VillageKind,
)
from geo.measures.eligible_area import valid_designations
from geo.measures.study import Study
from geo.publish.service_area import service_areas
from geo.publish.study_json import gap_records, township_records
from geo.publish.study_json.marks import stamp

TEXT: Final = Sentences("geo.publish")

Frame = gpd.GeoDataFrame
"""What a collection is made as, for those who pass it on without looking into it."""

_JUDGED: Final = ("assigned_township_code", "agreement", "counted_area_m2", "count_reason")


def facilities(study: Study) -> gpd.GeoDataFrame:
    """Return the ledger's columns and what the study said of each row.

    Only the columns that the profile of the study's data carries, and positions as it
    shows them.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4490, indexed by ``facility_id``; ``designations`` is the list of
        the titles that are valid on the date, ``open_on_date`` whether it operates,
        ``position_decimals`` to how many decimals of a degree the position is shown.
    """
    judged, profile = study.facilities, study.data.profile
    shown = [c.name for c in FACILITIES.columns if profile.carries(c.release)]
    kept = [name for name in shown if name in judged.columns]
    frame = judged[[*kept, *_JUDGED, "geometry"]].copy()
    frame["position_decimals"] = position_decimals(judged, study.data)
    frame = frame.set_geometry(shown_positions(judged, study.data))
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
    """Return the townships with the rows of :func:`geo.publish.study_json.township_records`."""
    rows = pd.DataFrame(township_records(study)).set_index("township_code", drop=False)
    rows["quality"] = study.townships["quality"]
    marked = rows.assign(**stamp(study))
    return gpd.GeoDataFrame(marked, geometry=study.townships.geometry, crs=study.townships.crs)


def villages(study: Study) -> gpd.GeoDataFrame:
    """Return the villages and communities, and whether a service centre stands in each.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4490, indexed by ``village_code``; each geometry a point, an area, or None
        where none is known. ``population`` and its parts are the counts that stand with the
        village itself, before they are scaled to its township's.
    """
    kept = study.data.villages
    rows = kept[["name_zh", "kind", "urban_rural_class", "township_code"]].copy()
    rows.insert(0, "village_code", kept.index)
    kinds = LABELS[VillageKind]
    rows.insert(3, "kind_zh", kept["kind"].map({kind: kinds[kind].zh for kind in VillageKind}))
    rows.insert(4, "kind_en", kept["kind"].map({kind: kinds[kind].en for kind in VillageKind}))
    rows["township_name"] = kept["township_code"].map(study.townships["name_zh"])
    rows = rows.join(kept.reindex(columns=["population", *PARTS]))
    found = study.district_coverage.villages.by_village.reindex(kept.index)
    for name in (*(kind.value for kind in CENTRE_KINDS), "has_service_centre"):
        rows[name] = found[name]
    shapes = kept.geometry if isinstance(kept, gpd.GeoDataFrame) else None
    return gpd.GeoDataFrame(
        pd.DataFrame(rows).assign(**stamp(study)),
        geometry=gpd.GeoSeries(shapes, index=kept.index, crs=STORAGE_CRS),
    )


def gaps(study: Study) -> gpd.GeoDataFrame:
    """Return the gaps with the rows of :func:`geo.publish.study_json.gap_records`."""
    names = [column.name for column in BARE_FIELDS["gaps"]]
    rows = pd.DataFrame(
        gap_records(study), columns=None if len(study.district_coverage.gaps) else names
    )
    marked = rows.set_index("gap_id", drop=False).assign(**stamp(study))
    shapes = study.district_coverage.gaps.geometry
    return gpd.GeoDataFrame(marked[names], geometry=shapes, crs=shapes.crs)


def proposed_sites(study: Study) -> gpd.GeoDataFrame:
    """Return where the scenario's programmes would best be sited, with the proof beside each.

    Raises
    ------
    SitingError
        The scenario asks what cannot be met.
    """
    # Imported here: the solver is loaded only for those who ask for sites.
    from geo.publish.study_json.siting import site_features  # noqa: PLC0415
    from geo.siting.proposal import propose  # noqa: PLC0415

    proposal = propose(study)
    found = site_features(study, proposal.plan)
    told = found.assign(
        is_optimal=proposal.solution.is_optimal, gap=proposal.solution.gap, **stamp(study)
    )
    names = [column.name for column in BARE_FIELDS["sites"]]
    return told[[*names, "geometry"]]


def districts(study: Study) -> gpd.GeoDataFrame:
    """Return the outlines of the district and its neighbours."""
    frame = study.data.districts
    kept = frame[["name_zh", "role", "quality", "geometry"]].copy()
    kept.insert(0, "district_code", frame.index)
    return kept


@dataclass(frozen=True)
class FilterParameter:
    """A parameter by which a collection is picked: its column and, if bounded, its values."""

    column: str
    choices: type[StrEnum] | None = None


@dataclass(frozen=True)
class Collection:
    """One collection: its titles, the frame it is made of and its filters by parameter."""

    zh: str
    en: str
    make: Callable[[Study], gpd.GeoDataFrame]
    filters: Mapping[str, FilterParameter]
    note: Label

    def wanted(self, given: Mapping[str, str | None]) -> dict[str, str]:
        """Return column to value for the parameters given, checked against the vocabulary.

        Raises
        ------
        QueryError
            The collection has no such filter, or the filter no such value.

        Examples
        --------
        >>> COLLECTIONS["facilities"].wanted({"kind": "library", "township": None})
        {'kind': 'library'}
        """
        return {
            self._filter(name, value).column: value
            for name, value in given.items()
            if value is not None
        }

    def _filter(self, name: str, value: str) -> FilterParameter:
        found = self.filters.get(name)
        if found is None:
            usable = "、".join(self.filters) or "（无）"
            raise QueryError(
                **TEXT.both(
                    "cannot_be_filtered_by",
                    what=self,
                    name=name,
                    usable=Words(usable, ", ".join(self.filters)),
                )
            )
        if found.choices is not None and value not in list(found.choices):
            usable = ", ".join(found.choices)
            raise QueryError(**TEXT.both("there_is_no_such", name=name, usable=usable))
        return found


def with_words(name: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a collection's features with the Chinese words of each code behind it.

    Parameters
    ----------
    name : str
        Of the collection.
    frame : geopandas.GeoDataFrame
        Its features; unknown codes have no words.
    """
    given = set(frame.columns)
    coded = {
        column.name: LABELS[column.choices]
        for column in FIELDS[name]
        if column.choices is not None and is_worded(column) and column.name in given
    }
    rows: dict[str, pd.Series] = {}
    for column in frame.columns:
        rows[column] = frame[column]
        words = f"{column}_zh"
        if column in coded and words not in given:
            labels = {term.value: label.zh for term, label in coded[column].items()}
            rows[words] = frame[column].astype("str").map(labels)
    return gpd.GeoDataFrame(rows, geometry=frame.geometry.name, crs=frame.crs)


def _collection(
    name: str,
    bare: Callable[[Study], gpd.GeoDataFrame],
    filters: Mapping[str, FilterParameter],
    note: Label,
) -> Collection:
    """Return a collection: titles of the dictionary, and frames with the words of their codes."""
    table = FILE_TABLES[name]
    return Collection(
        table.zh, table.en, lambda study: with_words(name, bare(study)), filters, note
    )


_TOWNSHIP: Final = FilterParameter("township_code")

COLLECTIONS: Final[Mapping[str, Collection]] = MappingProxyType(
    {
        "facilities": _collection(
            "facilities",
            facilities,
            {
                "kind": FilterParameter("kind", Kind),
                "group": FilterParameter("group", Group),
                "township": FilterParameter("assigned_township_code"),
            },
            Label(
                "台账中的科普设施及其计入情况；位置按公开口径取整。",
                "Facilities of the ledger and whether each counts; rounded positions.",
            ),
        ),
        "townships": _collection(
            "townships",
            townships,
            {"kind": FilterParameter("kind", TownshipKind), "township": _TOWNSHIP},
            Label(
                "乡镇街道及全部指标：面积、覆盖、可达、位次。",
                "Townships with all indicators: area, coverage, accessibility, ranks.",
            ),
        ),
        "villages": _collection(
            "villages",
            villages,
            {"kind": FilterParameter("kind", VillageKind), "township": _TOWNSHIP},
            Label(
                "村和社区，及有无服务阵地。",
                "Villages and communities, and whether each has a service centre.",
            ),
        ),
        "gaps": _collection(
            "gaps",
            gaps,
            {
                "kind": FilterParameter("kind", Kind),
                "group": FilterParameter("group", Group),
                "township": _TOWNSHIP,
            },
            Label(
                "各类设施覆盖不到的范围和人口。",
                "Where residents are not reached by a kind of facility, and how many.",
            ),
        ),
        "sites": _collection(
            "sites",
            proposed_sites,
            {"township": _TOWNSHIP},
            Label(
                "情景方案的建议选址，附证明；首次请求需计算数秒。",
                "Proposed sites with their proof; the first request takes seconds.",
            ),
        ),
        "service_areas": _collection(
            "service_areas",
            service_areas,
            {
                "kind": FilterParameter("kind", Kind),
                "group": FilterParameter("group", Group),
                "township": _TOWNSHIP,
            },
            Label(
                "各设施按其服务标准的服务范围，仅供展示。",
                "From where each facility is reached within its standard; for showing only.",
            ),
        ),
        "districts": _collection(
            "districts",
            districts,
            {},
            Label("本区与相邻区县的轮廓。", "Outlines of the district and its neighbours."),
        ),
    }
)
"""What can be asked for as features, by name."""


def feature_set(
    study: Study,
    name: str,
    system: OutputSystem | None = None,
    *,
    frame: gpd.GeoDataFrame | None = None,
) -> FeatureSet:
    """Return one collection of a study, encoded, in degrees or in another system.

    Parameters
    ----------
    study : Study
        The whole answer.
    name : str
        Of the collection.
    system : OutputSystem, optional
        Degrees, longitude first, unless one is given.
    frame : geopandas.GeoDataFrame, optional
        The collection, where it was made already.

    Raises
    ------
    NotFoundError
        There is no collection of this name.
    """
    found = collection_named(name)
    columns = tuple(column.name for column in queryable_fields(name, study.data.profile))
    made = found.make(study) if frame is None else frame
    return encode(made, pick_by=columns, system=system)


def collection_named(name: str) -> Collection:
    """Return a collection's description.

    Raises
    ------
    NotFoundError
        There is no collection of this name; the message lists those there are.

    Examples
    --------
    >>> collection_named("gaps").zh
    '覆盖缺口'
    """
    if name not in COLLECTIONS:
        known = ", ".join(COLLECTIONS)
        raise NotFoundError(**TEXT.both("there_is_no_such_collection", known=known))
    return COLLECTIONS[name]
