"""Candidate sites: existing places that may be designated, villages, parcels, search areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.core.crs import STORAGE_CRS
from geo.core.disclosure import shown_positions
from geo.core.district import DistrictData
from geo.core.errors import SitingError
from geo.core.sentences import Sentences
from geo.core.siting_options import (
    MOST_CANDIDATES,
    NO_LAYERS,
    CandidateReview,
    Candidates,
    CandidateSource,
    SitingChoice,
    SitingLayers,
)
from geo.measures.demand_points.people import settlement_of
from geo.measures.eligible_area import kinds_on, operating_on
from geo.measures.study import Study
from geo.measures.township_assignment import locate

TEXT: Final = Sentences("geo.siting")

_COLUMNS: Final = (
    "name", "source", "facility_id", "kinds", "township_code", "settlement", "cost",
    "suitability", "geometry",
)  # fmt: skip

_GIVEN: Final = ("name", "source", "facility_id", "geometry")


def candidate_sites(
    study: Study, choice: SitingChoice, layers: SitingLayers = NO_LAYERS
) -> gpd.GeoDataFrame:
    """Return the places that new sites may be chosen from.

    Parameters
    ----------
    study : Study
        Of the district on the date.
    choice : SitingChoice
        Which places are candidates, their costs by source (10,000 yuan), and the reviews of
        single places.
    layers : SitingLayers
        Exclusion areas and parcels.

    Returns
    -------
    geopandas.GeoDataFrame
        By ``candidate_id`` (of a host its facility's id), in the measuring CRS: ``name``,
        ``source`` (:class:`geo.core.siting_options.CandidateSource`), ``facility_id`` of the
        host or missing, ``kinds`` and designations of the host, joined, ``township_code``,
        ``settlement``, ``cost`` (10,000 yuan), ``suitability`` from 0 to 1 (missing where
        unknown) and a Point; all within the district, without those that failed a review. The
        point of a search area is its centre, and no address.

    Raises
    ------
    SitingError
        There are none, or more than :data:`geo.core.siting_options.MOST_CANDIDATES`, a review is
        of a place that does not exist, or a parcel lies outside the district.
    """
    data, sources = study.data, choice.candidates
    towns = data.townships.to_crs(data.measuring_crs)
    parts = [_hosts(study, sources)]
    if sources.villages:
        parts.append(_villages(data))
    if layers.parcels is not None and len(layers.parcels):
        parts.append(_parcels(layers.parcels.to_crs(data.measuring_crs)))
    if sources.grid_m is not None:
        parts.append(_search_areas(towns, sources.grid_m))
    given = pd.concat(parts).reindex(columns=["suitability", "cost", "kinds", *_GIVEN])
    found = _in_townships(given, towns)
    _check_parcels(given, found)
    by_source = {source: float(getattr(choice.costs, source)) for source in CandidateSource}
    usual = found["source"].map(by_source).astype("float64")
    found["cost"] = found["cost"].astype("float64").fillna(usual)
    found["suitability"] = found["suitability"].astype("float64")
    found = _reviewed(found, choice.marks, data)
    found = found[~found.geometry.intersects(closed_area(choice, layers, data.measuring_crs))]
    _check_count(found)
    return gpd.GeoDataFrame(found[list(_COLUMNS)], crs=data.measuring_crs)


def _check_parcels(given: pd.DataFrame, found: pd.DataFrame) -> None:
    """Refuse parcels outside the district; mostly their layer is in another CRS."""
    parcels = given[given["source"] == CandidateSource.PARCEL.value]
    outside = parcels[~parcels.index.isin(found.index)]
    if len(outside):
        name, count = outside["name"].iloc[0], len(outside)
        raise SitingError(**TEXT.both("parcel_lies_outside_district", name=name, count=count))


def _reviewed(
    found: gpd.GeoDataFrame, marks: Sequence[CandidateReview], data: DistrictData
) -> gpd.GeoDataFrame:
    """Return candidates with their reviewed cost and suitability, without those that failed."""
    if not marks:
        return found
    given = pd.DataFrame([mark.model_dump() for mark in marks]).set_index("candidate_id")
    # A bureau's list may hold facilities of other kinds; any other id is a mistake.
    unknown = given.index.difference(found.index).difference(data.facilities.index)
    if len(unknown):
        raise SitingError(**TEXT.both("marked_is_no_candidate", unknown=unknown[0]))
    own = given.reindex(found.index)
    reviewed = found.assign(
        cost=own["cost"].astype("float64").fillna(found["cost"]),
        suitability=own["suitability"].astype("float64").fillna(found["suitability"]),
    )
    return reviewed[own["failed"].isna().to_numpy()]


def _check_count(found: pd.DataFrame) -> None:
    if found.empty:
        raise SitingError(**TEXT.both("no_candidate_lies_in_district"))
    if len(found) > MOST_CANDIDATES:
        raise SitingError(
            **TEXT.both(
                "too_many_candidates", found_count=len(found), most_candidates=MOST_CANDIDATES
            )
        )


def _hosts(study: Study, choice: Candidates) -> gpd.GeoDataFrame:
    """Return the places of the host kinds that operate on the date and have a position."""
    data, on = study.data, study.scenario.on
    places = data.facilities[operating_on(data.facilities, on)]
    kinds = kinds_on(places, data.designations, on)
    wanted = kinds[kinds["kind"].isin([kind.value for kind in choice.host_kinds])]["facility_id"]
    hosts = places[places.index.isin(wanted) & places.geometry.notna()]
    # A plan discloses where its sites are, so positions are those that the profile may show.
    hosts = hosts[["name", "geometry"]].set_geometry(shown_positions(hosts, data))
    hosts = hosts.to_crs(data.measuring_crs)
    own = kinds.groupby("facility_id")["kind"].agg(" ".join)
    return hosts.assign(
        source=CandidateSource.HOST.value,
        facility_id=hosts.index.astype("str"),
        kinds=own.reindex(hosts.index),
    )


def _villages(data: DistrictData) -> gpd.GeoDataFrame:
    """Return a point within each village and community whose position is known."""
    empty = gpd.GeoDataFrame({"name": []}, geometry=[], crs=data.measuring_crs)
    villages = data.villages
    if not isinstance(villages, gpd.GeoDataFrame) or villages.geometry.isna().all():
        return empty
    placed = villages[villages.geometry.notna()].to_crs(data.measuring_crs)
    return gpd.GeoDataFrame(
        {"name": placed["name_zh"], "source": CandidateSource.VILLAGE.value, "facility_id": None},
        geometry=placed.geometry.representative_point(),
        crs=data.measuring_crs,
    )


def _parcels(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a point within each parcel that failed no review."""
    parcels = parcels[parcels["failed"].isna()]
    return gpd.GeoDataFrame(
        {
            "name": parcels["name"].to_numpy(),
            "source": CandidateSource.PARCEL.value,
            "facility_id": None,
            "suitability": parcels["suitability"].to_numpy(),
            "cost": parcels["cost"].to_numpy(),
        },
        index=pd.Index([f"parcel-{number}" for number in parcels.index]),
        geometry=parcels.geometry.representative_point().to_numpy(),
        crs=parcels.crs,
    )


def _search_areas(towns: gpd.GeoDataFrame, grid_m: float) -> gpd.GeoDataFrame:
    """Return the centres of the grid squares that lie in a township, numbered in each."""
    west, south, east, north = (np.asarray(towns.total_bounds) / grid_m).tolist()
    x = (np.arange(np.floor(west), np.ceil(east)) + 0.5) * grid_m
    y = (np.arange(np.floor(south), np.ceil(north)) + 0.5) * grid_m
    if len(x) * len(y) > 20 * MOST_CANDIDATES:
        raise SitingError(**TEXT.both("grid_is_too_fine"))
    eastings, northings = (part.ravel() for part in np.meshgrid(x, y))
    points = gpd.GeoSeries(gpd.points_from_xy(eastings, northings), crs=towns.crs)
    code = locate(points, towns)
    inside = code.notna()
    code, points = code[inside], points[inside]
    number = (code.groupby(code).cumcount() + 1).astype("str").str.zfill(3)
    name = code.map(towns["name_zh"]) + " 搜索区 " + number
    return gpd.GeoDataFrame(
        {"name": name.to_numpy(), "source": CandidateSource.SEARCH_AREA.value, "facility_id": None},
        index=pd.Index("area-" + code + "-" + number),
        geometry=points.to_numpy(),
        crs=towns.crs,
    )


def _in_townships(found: pd.DataFrame, towns: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return candidates that lie in a township, with its code and settlement type."""
    placed = gpd.GeoDataFrame(found, crs=towns.crs).rename_axis("candidate_id")
    code = locate(placed.geometry, towns)
    settlement = towns["kind"].map(lambda kind: settlement_of(kind).value)
    placed = placed.assign(
        township_code=code.to_numpy(), settlement=code.map(settlement).to_numpy()
    )
    inside = placed[placed["township_code"].notna() & ~placed.index.duplicated()]
    return inside.sort_index(kind="stable")


def closed_area(choice: SitingChoice, layers: SitingLayers, crs: CRS) -> shapely.Geometry:
    """Return the area where nothing may stand, of the request and of a layer, as one geometry.

    Parameters
    ----------
    choice : SitingChoice
        With exclusion areas in degrees.
    layers : SitingLayers
        With exclusion polygons.
    crs : pyproj.CRS
        Of the geometry to return.

    Returns
    -------
    shapely.Geometry
        Empty where nothing is excluded.
    """
    own = [shapely.Polygon(area.ring) for area in choice.exclusions]
    areas = gpd.GeoSeries(shapely.make_valid(own), crs=STORAGE_CRS).to_crs(crs)
    given = [] if layers.exclusions is None else layers.exclusions.to_crs(crs).array
    closed: shapely.Geometry = shapely.union_all([*areas.array, *given])
    return closed
