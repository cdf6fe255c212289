"""Population rasters over four square townships of 4 km, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.errors import BadValueError, FileTooLargeError, FileTypeError, InputError
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.tables.weights import WEIGHT_TABLE
from geo.intake.tables.weights import pixels as pixels_module
from geo.intake.tables.weights import raster as raster_module
from geo.intake.tables.weights.pixels import cells_of
from geo.measures.demand_points import make_surface, people_of

# rasterio still multiplies transforms as affine 3 would rather not have it.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")

METRES = "EPSG:4546"


def from_origin(west: float, north: float, width: float, height: float) -> Affine:
    """Return the transform of a raster from its north-western corner and a cell's size."""
    return Affine(width, 0, west, 0, -height, north)


# One row and column of 1 km beyond the district on each side: 10 by 10.
NORTH_WEST = from_origin(499_000, 3_019_000, 1000, 1000)
Examine = Callable[..., Imported[gpd.GeoDataFrame]]


def people() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return people by cell, from the north-west: outside 9, inside 0 but for some."""
    cells = np.full((10, 10), 9, dtype=np.float32)
    cells[1:9, 1:9] = 0
    cells[8, 1] = 30  # the south-western cell of A
    cells[7, 1] = 10
    cells[1, 8] = 5  # the north-eastern of D
    return cells


@pytest.fixture
def examine(tmp_path: Path, toy: DistrictData) -> Examine:
    """Return what examines an array, written as GeoTIFF."""

    def make(
        cells: Any,
        crs: str | None = METRES,
        transform: Affine = NORTH_WEST,
        nodata: float | None = -99,
        **options: Any,
    ) -> Imported[gpd.GeoDataFrame]:
        path = tmp_path / "人口.tif"
        bands = cells if cells.ndim == 3 else cells[None]
        size = {"count": bands.shape[0], "height": bands.shape[1], "width": bands.shape[2]}
        with rasterio.open(
            path, "w", driver="GTiff", dtype=bands.dtype, crs=crs, transform=transform,
            nodata=nodata, **size, **options,
        ) as out:  # fmt: skip
            out.write(bands)
        return parse(
            WEIGHT_TABLE,
            WEIGHT_TABLE.open_file(path, ReferenceData.of(toy, "file-1")),
            ReferenceData.of(toy, "file-1"),
        )

    return make


def told(found: Imported[gpd.GeoDataFrame]) -> dict[str, str]:
    return {one.note.code: one.note.zh for one in found.report.warnings}


def code_of(examine: Examine, *args: Any, **options: Any) -> tuple[type[InputError], str]:
    with pytest.raises(InputError) as caught:
        examine(*args, **options)
    assert caught.value.place is not None
    assert caught.value.place.file == "人口.tif"
    return type(caught.value), caught.value.code


def test_cells_with_people_that_touch_the_district(examine: Examine, toy: DistrictData) -> None:
    found = examine(people()).data
    inside = found[found["weight"] != 9]
    assert inside["weight"].tolist() == [5, 10, 30], "row by row from the north"
    assert inside["source_row"].tolist() == [19, 72, 82]
    west, south, east, north = inside.to_crs(METRES).geometry.iloc[2].bounds
    assert (west, south) == pytest.approx((500_000, 3_010_000), abs=1e-3)
    assert (east, north) == pytest.approx((501_000, 3_011_000), abs=1e-3)
    assert found.crs == STORAGE_CRS
    assert set(found["source_file"]) == {"人口.tif"}


def test_cells_beyond_are_kept_as_far_as_a_catchment(
    examine: Examine, toy: DistrictData, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 5 more of 4 km on each side: the outermost ring begins 16 km beyond the district.
    far = np.pad(np.zeros((2, 2), np.float32), 5, constant_values=7)
    far[5:7, 5:7] = 40
    far[3, 3], far[3, 4] = np.nan, -5
    origin = from_origin(500_000 - 20_000, 3_018_000 + 20_000, 4000, 4000)
    found = examine(far, transform=origin)
    assert found.data["persons"].all()
    district = shapely.union_all(toy.townships.to_crs(METRES).geometry.array)
    cells = found.data.to_crs(METRES)
    away_m = cells.distance(district)
    assert away_m.max() == pytest.approx(12_000, abs=1), "no farther"
    assert (cells["weight"] == 40).sum() == 4
    # Three rings are 60 cells; two of them hold what cannot be people, and are nobody.
    assert (away_m[cells["weight"] == 7] < 11_900).sum() == 60 - 2
    assert told(found).get("raster_not_beyond") is None
    surface = make_surface(
        toy.townships.to_crs(METRES),
        people_of(toy.population, "resident-2020", district_code=toy.district_code,
                  townships=toy.townships),
        weights=found.data.to_crs(METRES), cell_m=1000,
    )  # fmt: skip
    assert surface.points["population"].sum() == pytest.approx(35_000), "theirs are not ours"
    monkeypatch.setattr(raster_module, "MAX_CELLS", 20)
    few = examine(far, transform=origin)
    assert few.data.to_crs(METRES).distance(district).max() < 1, "what touches it alone"
    assert "只取了本区" in told(few)["raster_not_beyond"]


def test_a_surface_made_of_it_sums_to_the_published_people(
    examine: Examine, toy: DistrictData
) -> None:
    cells = people()
    cells[cells == 9] = 0
    weights = examine(cells).data.to_crs(METRES)
    towns = toy.townships.to_crs(METRES)
    counted = people_of(
        toy.population, "resident-2020", district_code=toy.district_code, townships=towns
    )
    found = make_surface(towns, counted, weights=weights, cell_m=1000)
    first = towns.index[0]
    assert found.kind_by_township[first] == "weights"
    of_first = found.points[found.points["township_code"] == first]
    # 30 and 10 of 40 people by the raster are 15,000 and 5,000 of the published 20,000.
    heavy = of_first["population"][of_first["population"] > 1]
    assert sorted(heavy.round(0)) == [5_000, 15_000]
    assert of_first["population"].sum() == pytest.approx(20_000, abs=1e-6)


def test_a_raster_in_degrees_gives_the_same_cells(examine: Examine, toy: DistrictData) -> None:
    west, _, _, north = toy.townships.total_bounds
    step = 0.01
    cells = np.zeros((14, 14), dtype=np.int32)
    cells[7, 7] = 12
    found = examine(
        cells, "EPSG:4326", from_origin(west - 0.02, north + 0.02, step, step), nodata=None
    )
    assert found.data["weight"].tolist() == [12]
    box = found.data.geometry.iloc[0].bounds
    assert box == pytest.approx((west + 0.05, north - 0.06, west + 0.06, north - 0.05), abs=1e-9)
    assert "raster_without_nodata" in told(found)


def test_a_raster_with_its_first_row_in_the_south(examine: Examine) -> None:
    found = examine(people()[::-1], transform=Affine(1000, 0, 499_000, 0, 1000, 3_009_000)).data
    cell = found[found["weight"] == 30].to_crs(METRES).geometry.iloc[0]
    assert cell.bounds[:2] == pytest.approx((500_000, 3_010_000), abs=1e-3)


@pytest.mark.parametrize("system", ["ESRI:54009", "EPSG:32649", "EPSG:3857"])
def test_rasters_of_other_systems(examine: Examine, toy: DistrictData, system: str) -> None:
    """Mollweide is that of GHS-POP; a cell's middle lies where its number says."""
    west, south, east, north = toy.townships.to_crs(system).total_bounds
    step = (east - west) / 10
    rows = int((north - south) / step) + 3
    cells = np.zeros((rows, 13), dtype=np.float32)
    cells[rows // 2, 6] = 8
    found = examine(cells, system, from_origin(west - step, north + step, step, step)).data
    assert found["weight"].tolist() == [8]
    middle = found.to_crs(system).geometry.iloc[0].centroid
    expected = west + 5.5 * step, north + step - (rows // 2 + 0.5) * step
    assert (middle.x, middle.y) == pytest.approx(expected, abs=0.5)


def test_missing_cells_are_nobody(examine: Examine) -> None:
    cells = people()
    cells[2, 2] = -99
    found = examine(cells)
    assert sorted(found.data["weight"].unique()) == [5, 9, 10, 30]
    assert "raster_mark_taken" not in told(found)
    cells[2, 2] = np.nan
    assert len(examine(cells, nodata=np.nan).data) == len(found.data)


def test_one_negative_value_without_a_mark_is_taken_as_the_mark(examine: Examine) -> None:
    cells = people()
    cells[2, 2] = cells[3, 3] = -200
    found = examine(cells, nodata=None)
    assert "2 个像元的值都是 -200" in told(found)["raster_mark_taken"]
    assert (found.data["weight"] > 0).all()


def _with(value: float, at: tuple[int, int] = (4, 4)) -> Any:
    cells = people()
    cells[at] = value
    return cells


def test_what_cannot_be_people_is_a_fault(examine: Examine) -> None:
    both = _with(-1)
    both[5, 5] = -2
    assert code_of(examine, _with(-1)) == (BadValueError, "raster_negative")
    assert code_of(examine, both, nodata=None) == (BadValueError, "raster_negative")
    assert code_of(examine, _with(np.nan)) == (BadValueError, "raster_not_finite")
    assert code_of(examine, _with(np.inf)) == (BadValueError, "raster_not_finite")
    assert code_of(examine, _with(3.4e38)) == (BadValueError, "raster_implausible")


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int16])
def test_the_greatest_number_of_a_type_is_no_count(examine: Examine, kind: type) -> None:
    most = int(np.iinfo(kind).max)
    cells = _with(most).astype(kind)
    assert code_of(examine, cells, nodata=None) == (BadValueError, "raster_top_of_type")
    assert examine(cells, nodata=most).data["weight"].max() == 30, "declared, it is nobody"
    assert examine(_with(most - 1).astype(kind), nodata=None).data["weight"].max() == most - 1
    beyond = _with(most, at=(0, 0)).astype(kind)
    assert examine(beyond, nodata=None).data["weight"].max() == 30
    assert code_of(examine, np.zeros((10, 10), np.uint8), nodata=None) == (
        BadValueError, "raster_nobody",
    )  # fmt: skip
    # What lies away from the district is nobody's business.
    far = np.pad(people(), 3)
    far[0, 0] = np.nan
    examine(far, transform=from_origin(496_000, 3_022_000, 1000, 1000))


def test_a_raster_that_is_not_where_it_should_be(examine: Examine) -> None:
    elsewhere = from_origin(600_000, 3_019_000, 1000, 1000)
    half = from_origin(503_000, 3_019_000, 1000, 1000)
    rotated = NORTH_WEST @ Affine.rotation(10)
    cells = people()
    bad = "raster_not_over_district"
    assert code_of(examine, cells, transform=elsewhere) == (BadValueError, bad)
    assert code_of(examine, cells, transform=half) == (BadValueError, bad)
    assert code_of(examine, cells, transform=rotated) == (FileTypeError, "raster_rotated")
    assert code_of(examine, cells, crs=None) == (FileTypeError, "raster_without_system")
    assert code_of(examine, cells, crs="EPSG:4214") == (FileTypeError, "system_other_datum")
    assert code_of(examine, np.stack([cells, cells])) == (FileTypeError, "raster_bands")
    assert code_of(examine, cells.astype(np.complex64), nodata=None) == (
        FileTypeError, "raster_not_numbers",
    )  # fmt: skip


def test_almost_the_whole_district_is_told(examine: Examine) -> None:
    found = examine(people(), transform=from_origin(500_040, 3_019_000, 1000, 1000))
    assert "99.5%" in told(found)["raster_almost_over_district"]


def test_too_many_pixels_or_cells_are_refused(
    examine: Examine, toy: DistrictData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine(people())
    monkeypatch.setattr(raster_module, "MAX_CELLS", 2)
    assert code_of(examine, people()) == (FileTooLargeError, "raster_too_many_cells")
    fine = from_origin(499_000, 3_019_000, 4, 4)
    assert code_of(examine, np.zeros((2500, 2500), np.uint8), transform=fine, nodata=None) == (
        FileTooLargeError, "raster_too_fine",
    )  # fmt: skip
    assert pixels_module.MAX_PIXELS < 2_000 * 2_002


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"II*\x00" + b"\x00" * 50, "raster_damaged"),
        (b"PK\x03\x04 not a tiff", "file_content_foreign"),
        (b'<VRTDataset rasterXSize="1" rasterYSize="1"></VRTDataset>', "file_content_foreign"),
    ],
)
def test_other_content_is_refused(
    tmp_path: Path, toy: DistrictData, content: bytes, code: str
) -> None:
    path = tmp_path / "x.tif"
    path.write_bytes(content)
    with pytest.raises(FileTypeError) as caught:
        parse(
            WEIGHT_TABLE,
            WEIGHT_TABLE.open_file(path, ReferenceData.of(toy, "file-1")),
            ReferenceData.of(toy, "file-1"),
        )
    assert caught.value.code == code


def test_no_other_driver_is_ever_asked(tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_text('<VRTDataset rasterXSize="1" rasterYSize="1"><SRS>EPSG:4326</SRS></VRTDataset>')
    area = shapely.to_wkb(shapely.box(0, 0, 1, 1), hex=True)
    order = {"name": "x.tif", "district": area, "around": area}
    with pytest.raises(FileTypeError) as caught:
        cells_of(path, order)
    assert caught.value.code == "raster_damaged"
