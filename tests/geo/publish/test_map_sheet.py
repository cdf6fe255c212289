"""Shapes of a study in metres."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from geo.core.district import DistrictData
from geo.core.scenario import Scenario
from geo.measures.study import study
from geo.publish.map_sheet import map_shapes, true_north_deg


@pytest.fixture
def shapes(toy: DistrictData, scenario: Scenario) -> dict[str, object]:
    return map_shapes(study(toy, scenario))


def test_townships_are_where_the_toy_has_them(shapes: dict) -> None:
    first = shapes["townships"][0]
    assert (first["township_code"], first["name_zh"]) == ("430599001", "城东街道")
    points = first["polygons"][0][0]
    assert sorted({point[0] for point in points}) == pytest.approx([500_000, 504_000], abs=0.02)
    assert sorted({point[1] for point in points}) == pytest.approx([3_010_000, 3_014_000], abs=0.02)


def test_outlines_turn_left(shapes: dict) -> None:
    for row in (*shapes["townships"], *shapes["districts"], *shapes["gaps"]):
        for polygon in row["polygons"]:
            ring = polygon[0]
            doubled = sum(
                a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
            )
            assert doubled > 0


def test_facilities_have_metres_or_none(shapes: dict) -> None:
    by_id = {row["facility_id"]: row for row in shapes["facilities"]}
    assert by_id["f01"]["east_m"] == pytest.approx(501_000, abs=0.02)
    assert by_id["f01"]["counted"] is True
    assert by_id["f11"]["east_m"] is None
    assert by_id["f15"]["kinds"] == [
        "civilization_practice", "community_university", "party_service_centre",
    ]  # fmt: skip
    assert by_id["f10"]["serves"] is False, "it waits for verification"
    assert "contact" not in by_id["f01"]


def test_shapes_are_plain(shapes: dict) -> None:
    assert orjson.loads(orjson.dumps(shapes)) == shapes


def test_north_is_the_grids_on_the_central_meridian(toy: DistrictData) -> None:
    crs = toy.measuring_crs
    assert true_north_deg(111.0, 27.0, crs) == pytest.approx(0, abs=1e-9)
    assert true_north_deg(110.5, 27.0, crs) == pytest.approx(-true_north_deg(111.5, 27.0, crs))


def test_a_ledger_without_positions_has_a_sheet_too(
    make_toy: Any, make_facility: Any, scenario: Scenario
) -> None:
    found = map_shapes(study(make_toy([make_facility("f1", "library", None)]), scenario))
    assert [row["east_m"] for row in found["facilities"]] == [None]
