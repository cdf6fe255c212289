"""The systems that features are written in, against PROJ's own order of axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from geo.core.district import DistrictData
from geo.core.errors import QueryError
from geo.core.output_systems import CRS84, OutputSystem, epsg_uri, output_systems, system_named

CODES = (4490, 4546, 4525, 3857)
lon, lat = st.floats(110.5, 112.5), st.floats(26, 28)


@given(lon, lat, st.sampled_from(CODES))
def test_points_are_written_as_the_authority_orders_them(x: float, y: float, code: int) -> None:
    system = OutputSystem(epsg_uri(code), CRS.from_epsg(code))
    written = system.written(np.array([shapely.Point(x, y)]))[0]
    expected = Transformer.from_crs("EPSG:4490", f"EPSG:{code}").transform(y, x)
    assert (written.x, written.y) == pytest.approx(expected, abs=2e-3)


@given(lon, lat, st.floats(0.001, 0.2), st.floats(0.001, 0.2), st.sampled_from(CODES))
def test_a_box_holds_what_lies_in_it(x: float, y: float, w: float, h: float, code: int) -> None:
    system = OutputSystem(epsg_uri(code), CRS.from_epsg(code))
    corners = np.array([shapely.Point(x, y), shapely.Point(x + w, y + h)])
    (a, b), (c, d) = shapely.get_coordinates(system.written(corners)).tolist()
    box = system.box((min(a, c), min(b, d), max(a, c), max(b, d)))
    middle = shapely.Point(x + w / 2, y + h / 2)
    assert box.contains(middle)
    assert not box.contains(shapely.Point(x - w, y - h))


def test_what_is_missing_stays_missing() -> None:
    system = OutputSystem(epsg_uri(4546), CRS.from_epsg(4546))
    assert system.written(np.array([None, shapely.Point(111, 27)], dtype=object))[0] is None


def test_the_systems_of_a_district_are_those_of_its_meridian(toy: DistrictData) -> None:
    offered = output_systems(toy)
    assert [uri.rsplit("/", 1)[-1] for uri in offered] == ["CRS84", "4490", "4546", "4525", "3857"]
    east = toy.townships.copy()
    moved = east.geometry.translate(xoff=5)
    there = replace(toy, townships=east.set_geometry(moved))
    assert list(output_systems(there))[2].endswith("/4548"), "117°E"


@pytest.mark.parametrize("name", ["EPSG:4546", "epsg:4546", epsg_uri(4546), "[EPSG:4546]"])
def test_systems_go_by_several_names(toy: DistrictData, name: str) -> None:
    assert system_named(name, output_systems(toy)).uri == epsg_uri(4546)


@pytest.mark.parametrize("name", ["", "EPSG:4326", "EPSG:", "EPSG:４５４６", "x" * 200, "EPSG:-1"])
def test_others_are_refused_with_those_there_are(toy: DistrictData, name: str) -> None:
    with pytest.raises(QueryError) as caught:
        system_named(name, output_systems(toy))
    assert CRS84 in caught.value.en
