import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.core.errors import BoundaryError
from geo.districts.schematic import cut

SQUARE = shapely.box(111, 27, 111.2, 27.2)
# A U: what the left arm's seat is nearest to includes a piece of the right arm.
U = shapely.Polygon(
    [(111, 27), (111.2, 27), (111.2, 27.2), (111.12, 27.2), (111.12, 27.03), (111.08, 27.03),
     (111.08, 27.2), (111, 27.2)]
)  # fmt: skip


def _seats(*points: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        [shapely.Point(point) for point in points],
        index=[f"s{number}" for number in range(len(points))],
        crs=4490,
    )


def test_two_seats_share_a_square_evenly() -> None:
    parts = cut(SQUARE, _seats((111.05, 27.1), (111.15, 27.1)))
    assert shapely.area(parts.array).tolist() == pytest.approx([0.02, 0.02], rel=1e-5)
    assert all(shape.geom_type == "MultiPolygon" for shape in parts)


def test_a_piece_cut_off_from_its_seat_goes_to_its_neighbour() -> None:
    parts = cut(U, _seats((111.07, 27.19), (111.19, 27.02)))
    assert all(len(shape.geoms) == 1 for shape in parts), "no township is scattered"
    assert shapely.coverage_is_valid(parts.array)
    assert shapely.area(parts.array).sum() == pytest.approx(U.area, rel=1e-5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 199), st.integers(1, 199)), min_size=1, max_size=12, unique=True
    )
)
def test_any_seats_give_a_coverage_without_gaps(cells: list[tuple[int, int]]) -> None:
    seats = _seats(*((111 + x / 1000, 27 + y / 1000) for x, y in cells))
    parts = cut(SQUARE, seats)
    assert shapely.coverage_is_valid(parts.array)
    whole = shapely.coverage_union_all(parts.array)
    assert whole.area == pytest.approx(SQUARE.area, rel=1e-5)
    assert shapely.area(parts.array).sum() == pytest.approx(whole.area, rel=1e-12)
    assert shapely.intersects(parts.array, seats.array).all()


def test_seats_outside_or_on_one_point_are_refused() -> None:
    with pytest.raises(BoundaryError, match="s1"):
        cut(SQUARE, _seats((111.1, 27.1), (112, 27.1)))
    with pytest.raises(BoundaryError, match="相同"):
        cut(SQUARE, _seats((111.1, 27.1), (111.1, 27.1)))
