import pytest

from geo.core.crs import central_meridian, measuring_crs
from geo.core.errors import BoundaryError


@pytest.mark.parametrize(
    ("longitude", "epsg"), [(111.47, 4546), (109.51, 4546), (112.49, 4546), (75, 4534), (135, 4554)]
)
def test_the_district_has_its_own_meridian(longitude: float, epsg: int) -> None:
    crs = measuring_crs(longitude)
    assert crs.to_epsg() == epsg
    assert crs.axis_info[0].unit_name == "metre"
    assert f"{central_meridian(longitude)}E" in crs.name


@pytest.mark.parametrize("longitude", [0, 60, 140, 37_500_000])
def test_elsewhere_is_refused(longitude: float) -> None:
    with pytest.raises(BoundaryError):
        measuring_crs(longitude)
