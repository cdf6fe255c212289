"""Service areas: reached roads with a strip to each side, on a cross that is worked out by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, Point

from geo.core.errors import BadValueError
from geo.core.vocabulary import Mode
from geo.travel.network import costs_on, make_network, mode_network, service_area, service_areas

CRS = "EPSG:4546"
EAST, NORTH = 500_000, 3_000_000
CAR = {"tertiary": 30.0}


def roads(lines, oneway=None):
    shapes = [LineString([(EAST + x, NORTH + y) for x, y in places]) for places in lines]
    data = {"road_class": "tertiary", "oneway": oneway or [None] * len(lines)}
    return make_network(gpd.GeoDataFrame(data, geometry=shapes, index=range(len(lines)), crs=CRS))


def spot(x, y) -> Point:
    return Point(EAST + x, NORTH + y)


def bounds(area) -> list[float]:
    return [round(side, 3) for side in np.subtract(area.bounds, [EAST, NORTH] * 2)]


CROSS = roads([[(-3000, 0), (3000, 0)], [(0, -3000), (0, 3000)]])


def test_it_reaches_as_far_as_the_minutes_go_along_each_road() -> None:
    area = service_area(CROSS, spot(500, 0), mode=Mode.CAR, minutes=2, speeds_km_per_h=CAR)
    # 1,000 m along the street; 500 m to the crossing and 500 m up and down from there.
    assert bounds(area) == [-600, -600, 1600, 600]
    assert not area.intersects(spot(400, 400))
    assert area.covers(spot(0, 599))


def test_the_way_from_the_door_to_the_road_is_in_the_minutes() -> None:
    area = service_area(CROSS, spot(-1000, 100), mode=Mode.FOOT, minutes=6)
    # 100 m are 1.5 minutes, the other 4.5 are 300 m.
    assert bounds(area)[::2] == [-1400, -600]


def test_a_one_way_street_is_reached_from_where_one_comes() -> None:
    ring = roads(
        [[(0, 0), (3000, 0)], [(3000, 0), (3000, 3000), (0, 3000), (0, 0)]], ["forward", "both"]
    )
    ways = mode_network(ring, Mode.CAR, speeds_km_per_h=CAR)
    area = service_areas(ways, spot(1500, 0), minutes=[2])[2]
    assert bounds(area) == [400, -100, 1600, 100]


def test_several_limits_are_nested_and_zero_is_the_place_alone() -> None:
    ways = mode_network(CROSS, Mode.CAR, speeds_km_per_h=CAR)
    areas = service_areas(ways, spot(500, 0), minutes=[5, 0, 2])
    assert areas.index.tolist() == [5, 0, 2]
    assert areas.crs == CRS
    assert bounds(areas[0]) == [400, -100, 600, 100]
    assert shapely.covers(areas[2], areas[0])
    assert shapely.covers(areas[5].buffer(1e-6), areas[2])
    assert bounds(areas[2]) == [-600, -600, 1600, 600]


def test_it_is_empty_where_the_way_to_the_door_takes_longer() -> None:
    assert service_area(CROSS, spot(900, 400), mode=Mode.FOOT, minutes=5).is_empty


def test_small_holes_are_filled_and_large_ones_stay() -> None:
    block = roads([[(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0)]])
    choices = {"mode": Mode.CAR, "minutes": 60, "speeds_km_per_h": CAR}
    area = service_area(block, spot(0, 0), **choices)  # a hole of 800 m by 800 m
    assert len(area.interiors) == 1
    assert len(service_area(block, spot(0, 0), least_hole_m2=650_000, **choices).interiors) == 0
    assert area.geom_type == "Polygon"


def test_a_site_off_the_roads_is_a_fault() -> None:
    with pytest.raises(BadValueError, match="700 米") as caught:
        service_area(CROSS, spot(2000, 700), mode=Mode.FOOT, minutes=15)
    assert "700 m from the site" in caught.value.message("en")
    with pytest.raises(BadValueError, match="没有位置"):
        service_area(CROSS, Point(), mode=Mode.FOOT, minutes=15)


@pytest.mark.parametrize(
    "numbers",
    [
        {"minutes": [-1.0]},
        {"minutes": [float("nan")]},
        {"walking_km_per_h": 0.0},
        {"buffer_m": 0.0},
        {"least_hole_m2": -1.0},
    ],
)
def test_numbers_out_of_bounds_are_refused(numbers) -> None:
    ways = mode_network(CROSS, Mode.FOOT)
    with pytest.raises(ValueError, match=r"limit|speed|width|holes"):
        service_areas(ways, spot(0, 0), **{"minutes": [5.0], **numbers})


def test_reached_roads_are_those_from_which_the_costs_are_within_the_limit() -> None:
    random = np.random.default_rng(430503)
    lines = [[(300 * a, 0), (300 * a + random.integers(-99, 99), 3000)] for a in range(10)]
    lines += [[(-50, 300 * b), (2800, 300 * b + random.integers(-99, 99))] for b in range(10)]
    oneway = random.choice([None, "forward", "reverse"], len(lines)).tolist()
    ways = mode_network(roads(lines, oneway), Mode.CAR, speeds_km_per_h=CAR)
    along = random.uniform(0, 1, len(ways.edge))
    points = shapely.line_interpolate_point(ways.geometry, along, normalized=True)
    demand = gpd.GeoSeries(points, crs=CRS)
    site = gpd.GeoSeries([demand.iloc[7]], crs=CRS)
    areas = service_areas(ways, site.iloc[0], minutes=[2, 4], buffer_m=0.01, least_hole_m2=0)
    found = costs_on(ways, demand, site, cutoff_minutes=10).costs
    minutes = np.full(len(demand), np.inf)
    minutes[found.demand] = found.minutes
    for limit, area in areas.items():
        clear = abs(minutes - limit) > 1e-3
        assert (minutes <= limit).sum() > 5
        assert np.array_equal(demand.intersects(area)[clear], (minutes <= limit)[clear])
