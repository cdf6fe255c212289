"""Addresses of tiles, worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.core.errors import NotFoundError, QueryError
from geo.publish.tiles import MOST_ZOOM, Tile, tile_matrix_set, tile_named, tile_of

ZOOMS = st.integers(0, MOST_ZOOM)


@pytest.mark.parametrize(
    ("zoom", "tile"),
    [
        # (111.46 + 180) / 360 = 0.8096111; (1 - asinh(tan 27.23°) / pi) / 2 = 0.4213.
        (0, Tile(0, 0, 0)),
        (1, Tile(1, 0, 1)),
        (4, Tile(4, 6, 12)),
        (10, Tile(10, 431, 829)),
        (12, Tile(12, 1725, 3316)),
    ],
)
def test_the_tile_of_daxiang(zoom: int, tile: Tile) -> None:
    """By hand: 0.8096111 * 1024 = 829.04, 0.42132 * 1024 = 431.4."""
    assert tile_of(111.46, 27.23, zoom) == tile


@given(st.floats(-180, 180, exclude_max=True), st.floats(-85, 85), ZOOMS)
def test_a_place_lies_in_its_tile_as_proj_sees_it(lon: float, lat: float, zoom: int) -> None:
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    tile = tile_of(lon, lat, zoom)
    west, south, east, north = tile.bounds(1e-6)
    assert west <= x <= east
    assert south <= y <= north
    assert tile_named(*map(str, (tile.zoom, tile.row, tile.col))) == tile


@given(ZOOMS.filter(lambda zoom: zoom < MOST_ZOOM), st.data())
def test_children_fill_their_parent(zoom: int, data: st.DataObject) -> None:
    last = (1 << zoom) - 1
    parent = Tile(zoom, data.draw(st.integers(0, last)), data.draw(st.integers(0, last)))
    corners = [child.bounds() for child in parent.children]
    west, south, east, north = zip(*corners, strict=True)
    outer = (min(west), min(south), max(east), max(north))
    assert outer == pytest.approx(parent.bounds(), abs=1e-3)


@pytest.mark.parametrize(
    "address",
    [("x", "0", "0"), ("-1", "0", "0"), ("1", "-1", "0"), ("1.0", "0", "0"), ("１", "0", "0"),
     ("", "0", "0"), ("0", "0", " 0"), ("9" * 400, "0", "0"), ("1e3", "0", "0")],
)  # fmt: skip
def test_what_is_no_number_is_told(address: tuple[str, str, str]) -> None:
    with pytest.raises(QueryError):
        tile_named(*address)


@pytest.mark.parametrize("address", [("25", "0", "0"), ("999", "0", "0"), ("3", "8", "0"),
                                     ("3", "0", "8"), ("0", "0", "1")])  # fmt: skip
def test_beyond_the_matrix_there_is_nothing(address: tuple[str, str, str]) -> None:
    with pytest.raises(NotFoundError):
        tile_named(*address)


def test_the_definition_is_that_of_the_standard() -> None:
    """Numbers of OGC 17-083r4, table D.1."""
    matrices = tile_matrix_set()["tileMatrices"]
    assert len(matrices) == MOST_ZOOM + 1
    for zoom, scale, cell in ((0, 559082264.028717, 156543.033928041),
                              (10, 545978.773465544, 152.874056570353),
                              (24, 33.3238997477002, 0.00933069192935615)):  # fmt: skip
        assert math.isclose(matrices[zoom]["scaleDenominator"], scale, rel_tol=1e-11)
        assert math.isclose(matrices[zoom]["cellSize"], cell, rel_tol=1e-11)
    assert matrices[10]["matrixWidth"] == 1024
    assert matrices[0]["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
