"""Candidates of the toy district: hosts, villages, parcels and grid squares."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.core import schema as columns
from geo.core.errors import SitingError
from geo.core.siting_options import NO_LAYERS, SitingLayers
from geo.measures.study import study
from geo.siting.candidates import candidate_sites, closed_area

A, B, C, D = "430599001", "430599002", "430599101", "430599201"


def parcels(*boxes, **given):  # type: ignore[no-untyped-def]
    count = len(boxes)
    table = {
        "name": [f"地块{n}" for n in range(count)],
        "suitability": pd.Series(given.get("suitability", [None] * count), dtype="float64"),
        "cost": pd.Series(given.get("cost", [None] * count), dtype="float64"),
        "failed": pd.Series(given.get("failed", [None] * count), dtype="str"),
    }
    return gpd.GeoDataFrame(table, geometry=[shapely.box(*one) for one in boxes], crs="EPSG:4546")


def test_grid_squares_are_numbered_in_each_township(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    found = candidate_sites(toy_study, make_choice(candidates={"grid_m": 2000}))
    assert len(found) == 16
    assert set(found["source"]) == {"search_area"}
    assert found.index.tolist() == [
        f"area-{code}-{number:03d}" for code in (A, B, C, D) for number in range(1, 5)
    ]
    assert (found.geometry.x % 2000 == 1000).all()
    assert (found.geometry.y % 2000 == 1000).all()
    assert found["name"].iloc[0] == "城东街道 搜索区 001"
    assert found["facility_id"].isna().all()


def test_hosts_are_the_operating_places_of_the_kinds_with_a_position(  # type: ignore[no-untyped-def]
    toy_study, make_choice
) -> None:
    kinds = ["library", "exhibition_hall", "party_service_centre"]
    found = candidate_sites(toy_study, make_choice(candidates={"host_kinds": kinds}))
    assert {"f03", "f06", "f15"} <= set(found.index)
    assert "f09" not in found.index, "closed"
    assert "f11" not in found.index, "without a position"
    assert "f07" not in found.index, "outside the district"
    assert (found["facility_id"] == found.index).all()
    assert "community_university" in found.loc["f15", "kinds"].split()


def test_a_designation_makes_a_host_too(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    found = candidate_sites(toy_study, make_choice(candidates={"host_kinds": ["community_university"]}))  # fmt: skip # noqa: E501
    assert found.index.tolist() == ["f15"]


def test_villages_with_a_position_are_candidates(toy, toy_study, make_choice, place) -> None:  # type: ignore[no-untyped-def]
    rows = {"village_code": [f"{A}201", f"{B}201"], "name_zh": ["甲村", "乙村"],
            "township_code": [A, B], "kind": "village", "source_id": "toy-map"}  # fmt: skip
    points = gpd.GeoSeries([place(1, 2), None], crs="EPSG:4546").to_crs(4490)
    frame = columns.conform(gpd.GeoDataFrame(rows, geometry=points), columns.VILLAGES)
    data = replace(toy, villages=frame.set_index("village_code"))
    known = study(data, toy_study.scenario)
    found = candidate_sites(known, make_choice(candidates={"host_kinds": ["library"]}))
    assert found.index.tolist() == [f"{A}201", "f03"]
    assert found.loc[f"{A}201", ["name", "source", "township_code"]].tolist() == [
        "甲村", "village", A,
    ]  # fmt: skip
    without = make_choice(candidates={"host_kinds": ["library"], "villages": False})
    assert candidate_sites(known, without).index.tolist() == ["f03"]


def test_settlement_and_cost_follow_township_and_source(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    costs = {"host": 5, "search_area": 9}
    found = candidate_sites(toy_study, make_choice(costs=costs))
    urban = found["township_code"].isin([A, B])
    assert (found["settlement"] == np.where(urban, "urban", "rural")).all()
    assert found.groupby("source")["cost"].unique().map(list).to_dict() == {
        "host": [5.0], "search_area": [9.0],
    }  # fmt: skip
    assert found["suitability"].isna().all()


def test_a_parcel_has_its_own_cost_and_suitability(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    layer = parcels(
        (501_000, 3_011_000, 501_100, 3_011_100), (506_000, 3_011_000, 506_100, 3_011_100),
        suitability=[0.9, None], cost=[30.0, None],
    )  # fmt: skip
    choice = make_choice(candidates={"villages": False}, costs={"parcel": 12})
    found = candidate_sites(toy_study, choice, SitingLayers(parcels=layer))
    assert found.index.tolist() == ["parcel-0", "parcel-1"]
    assert found["cost"].tolist() == [30.0, 12.0]
    assert found["suitability"].iloc[0] == 0.9
    assert np.isnan(found["suitability"].iloc[1])
    assert found["township_code"].tolist() == [A, B]


def test_a_layer_in_another_system_is_transformed(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    layer = parcels((501_000, 3_011_000, 501_100, 3_011_100))
    choice = make_choice(candidates={"villages": False})
    here = candidate_sites(toy_study, choice, SitingLayers(parcels=layer))
    there = candidate_sites(toy_study, choice, SitingLayers(parcels=layer.to_crs(4490)))
    assert here.index.tolist() == there.index.tolist()
    assert here.geometry.distance(there.geometry).max() < 0.01


def test_too_fine_a_grid_and_too_many_candidates_are_refused(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    from geo.siting import candidates  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "MOST_CANDIDATES", 10)
        with pytest.raises(SitingError, match="候选点有 16 个，超过 10 个"):
            candidate_sites(toy_study, make_choice(candidates={"grid_m": 2000}))
        with pytest.raises(SitingError, match="网格太细"):
            candidate_sites(toy_study, make_choice(candidates={"grid_m": 500}))


def test_the_closed_area_is_the_union_of_rings_and_layer(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    crs = toy_study.data.measuring_crs
    assert closed_area(make_choice(), NO_LAYERS, crs).is_empty
    layer = gpd.GeoSeries([shapely.box(500_000, 3_010_000, 501_000, 3_011_000)], crs=crs)
    ring = layer.translate(5_000, 0).to_crs(4490).iloc[0].exterior.coords
    choice = make_choice(exclusions=[{"name": "区", "ring": [list(one) for one in ring]}])
    closed = closed_area(choice, SitingLayers(exclusions=layer), crs)
    assert closed.area == pytest.approx(2_000_000, rel=1e-3)


def test_a_crossed_ring_is_mended(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    bow = [[111.0, 27.2], [111.02, 27.22], [111.02, 27.2], [111.0, 27.22]]
    closed = closed_area(
        make_choice(exclusions=[{"ring": bow}]), NO_LAYERS, toy_study.data.measuring_crs
    )
    assert closed.is_valid
    assert closed.area > 0
