"""A file's datum told from its rows, by simulation over the shipped district."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geo.core.datum import Datum, apply_datum, to_bd09, to_gcj02
from geo.districts.catalog import load_shipped
from geo.intake.georeference.control_points import chance, tolerance_of
from geo.intake.georeference.datum import DatumGuess, guess_datum

SEEDS = range(200)
SHIFTS = {Datum.CGCS2000: lambda x, y: (x, y), Datum.GCJ02: to_gcj02, Datum.BD09: to_bd09}
TO_DEGREES = Transformer.from_crs(4546, 4490, always_xy=True)


@cache
def townships() -> gpd.GeoDataFrame:
    return load_shipped("430503").townships


@cache
def in_metres() -> gpd.GeoDataFrame:
    return townships().to_crs(4546)


@dataclass
class File:
    """Rows as an office would send them, were they not shifted."""

    position: tuple[np.ndarray, np.ndarray]
    declared: list[str | None]
    expected: tuple[np.ndarray, np.ndarray]


def scattered(rng: np.random.Generator, count: int) -> np.ndarray:
    west, south, east, north = in_metres().total_bounds
    drawn = rng.uniform((west, south), (east, north), (6 * count, 2))
    district = in_metres().union_all()
    return drawn[shapely.contains_xy(district, *drawn.T)][:count]


def clustered(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return points around two to five villages, many of them across the border."""
    centres = scattered(rng, int(rng.integers(2, 6)))
    return centres[rng.integers(0, len(centres), count)] + rng.normal(0, 1_500, (count, 2))


def townships_at(points: np.ndarray) -> np.ndarray:
    found = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=4546)
    joined = found.sjoin(in_metres(), how="left", predicate="within")
    return joined[~joined.index.duplicated()]["township_code"].to_numpy(dtype=object, copy=True)


@cache
def drawn(seed: int, place=scattered, seat_m: float = 150) -> File:
    """Return 30 to 300 rows: 80 m of noise, 3% strays, 5% wrong codes, half the seats known."""
    rng = np.random.default_rng(seed)
    true = place(rng, int(rng.integers(30, 301)))
    count = len(true)
    declared = townships_at(true)
    wrong = rng.random(count) < 0.05
    declared[wrong] = rng.choice(np.asarray(townships().index, dtype=object), int(wrong.sum()))
    seats = np.where(rng.random((count, 1)) < 0.5, np.nan, true + rng.normal(0, seat_m, true.shape))
    written = true + rng.normal(0, 80, true.shape)
    stray = rng.random(count) < 0.03
    west, south, east, north = in_metres().total_bounds
    far = rng.uniform((west - 5e3, south - 5e3), (east + 5e3, north + 5e3), true.shape)
    written[stray] = far[stray]
    told = [code if isinstance(code, str) else None for code in declared]
    return File(TO_DEGREES.transform(*written.T), told, TO_DEGREES.transform(*seats.T))


def guessed(file: File, datum: Datum, reference: gpd.GeoDataFrame, **options) -> DatumGuess:
    return guess_datum(*SHIFTS[datum](*file.position), reference, **options)


EVIDENCE = {
    "outline": lambda file: {},
    "townships": lambda file: {"declared": file.declared},
    "seats": lambda file: {"expected": file.expected},
    "rough seats": lambda file: {"expected": file.expected},
}
# Of 200 files in GCJ-02 and in BD-09, so many are understood: 30 to 300 rows, the outline good
# to 300 m, townships as shipped (schematic), to 300 m, to 100 m; seats to 150 m, to 600 m.
POWER = [
    ("outline", {}, 5, 60),
    ("townships", {}, 5, 49),
    ("townships", {"tolerance_m": 300}, 99, 163),
    ("townships", {"tolerance_m": 100, "outline_tolerance_m": 100}, 154, 180),
    ("seats", {}, 199, 200),
    ("rough seats", {}, 96, 157),
]


@pytest.mark.parametrize(("evidence", "options", "gcj02", "bd09"), POWER)
def test_simulated_files(evidence: str, options: dict, gcj02: int, bd09: int) -> None:
    right = dict.fromkeys(Datum, 0)
    for seed in SEEDS:
        file = drawn(seed, seat_m=600 if evidence == "rough seats" else 150)
        for datum in SHIFTS:
            given = EVIDENCE[evidence](file)
            guess = guessed(file, datum, townships(), **given, **options)
            # A shift is never made up, nor one taken for the other.
            assert guess.datum in {datum, Datum.CGCS2000}
            assert guess.verdict != "unshifted" or datum is Datum.CGCS2000
            assert (guess.verdict == "shifted") == (guess.datum is not Datum.CGCS2000)
            right[datum] += guess.verdict != "undecided"
    # Another version of GEOS or NumPy may tell a file or two otherwise.
    assert right[Datum.GCJ02] == pytest.approx(gcj02, abs=3)
    assert right[Datum.BD09] == pytest.approx(bd09, abs=3)


def moved(east_m: float, north_m: float) -> gpd.GeoDataFrame:
    """Return the reference as it would be if it were wrong everywhere by so many metres."""
    there = in_metres().geometry.translate(east_m, north_m)
    return townships().set_geometry(there.to_crs(4490))


@pytest.mark.parametrize("way", [-1, 1])
@pytest.mark.parametrize("shift", [(549, -361), (1181, 339)])
@pytest.mark.parametrize(("wrong_m", "tolerance_m"), [(100, 100), (300, 300), (2_900, 3_000)])
def test_a_wrong_boundary_makes_no_shift(
    way: int, shift: tuple[int, int], wrong_m: float, tolerance_m: float
) -> None:
    east, north = way * wrong_m * np.asarray(shift) / np.hypot(*shift)
    reference = moved(east, north)
    tolerances = {"tolerance_m": tolerance_m, "outline_tolerance_m": tolerance_m}
    for seed in SEEDS:
        file = drawn(seed)
        given = {"declared": file.declared} | tolerances
        assert guessed(file, Datum.CGCS2000, reference, **given).verdict != "shifted"


@pytest.mark.parametrize("options", [{}, {"tolerance_m": 300}, {"outline_tolerance_m": 100}])
def test_villages_across_the_border_make_no_shift(options: dict) -> None:
    for seed in SEEDS:
        file = drawn(seed, clustered)
        for given in ({}, {"declared": file.declared}):
            guess = guessed(file, Datum.CGCS2000, townships(), **given, **options)
            assert guess.verdict != "shifted"


@pytest.mark.parametrize("seat_m", [400, 1_000, 2_000])
def test_rough_seats_make_no_shift(seat_m: float) -> None:
    for seed in SEEDS:
        file = drawn(seed, seat_m=seat_m)
        guess = guessed(file, Datum.CGCS2000, townships(), expected=file.expected)
        assert guess.verdict != "shifted"


def test_the_counts_that_a_page_shows() -> None:
    file = drawn(7)
    guess = guessed(file, Datum.GCJ02, townships(), declared=file.declared, expected=file.expected)
    plain, gcj02, bd09 = guess.hypotheses
    assert [h.datum for h in guess.hypotheses] == [Datum.CGCS2000, Datum.GCJ02, Datum.BD09]
    assert guess.count == len(file.declared)
    assert guess.known == int((~np.isnan(file.expected[0])).sum())
    assert guess.declared == sum(code is not None for code in file.declared)
    assert gcj02.median_residual_m < 300 < plain.median_residual_m
    assert plain.median_residual_m == pytest.approx(657, rel=0.15)
    assert gcj02.in_own_township > plain.in_own_township
    assert gcj02.inside >= plain.inside
    assert gcj02.contradicting <= plain.contradicting
    assert bd09.median_residual_m > 500
    assert (guess.datum, guess.verdict, guess.evidence.code) == (
        "gcj02",
        "shifted",
        "datum_shifted",
    )
    assert "火星坐标 GCJ-02" in guess.evidence.zh
    assert f"{guess.support} of {guess.telling} telling places" in guess.evidence.en
    assert guess.confidence == 1 - chance(guess.support, guess.telling)


@pytest.mark.parametrize("count", [0, 1, 9])
def test_a_few_rows_are_left_as_they_are(count: int) -> None:
    points = TO_DEGREES.transform(*scattered(np.random.default_rng(1), count).T)
    guess = guess_datum(*to_gcj02(*points), townships(), expected=points)
    assert (guess.datum, guess.verdict, guess.confidence) == ("cgcs2000", "undecided", 0)
    assert "--datum" in guess.evidence.zh
    assert "--datum" in guess.evidence.en


def test_many_rows_of_one_seat_are_one_witness() -> None:
    points = TO_DEGREES.transform(*scattered(np.random.default_rng(1), 50).T)
    seat = np.full(50, points[0][0] - 0.0055), np.full(50, points[1][0] + 0.0033)
    guess = guess_datum(*points, townships(), expected=seat)
    assert guess.telling <= 1
    assert guess.verdict == "undecided"


def test_unknown_positions_codes_and_places_say_nothing() -> None:
    file = drawn(3)
    count = len(file.declared)
    x, y = (np.append(part, [np.nan, np.inf, 111.4]) for part in file.position)
    declared = [*file.declared, "430503001", "430503001", "110101001"]
    guess = guess_datum(x, y, townships(), declared=declared)
    assert guess.count == count
    assert guess.declared == sum(code is not None for code in file.declared)
    odd = [1, 2.0, float("nan"), "飞碟"]
    assert guess_datum(x[:4], y[:4], townships(), declared=odd).declared == 0


def test_a_long_file_is_asked_in_part() -> None:
    points = scattered(np.random.default_rng(5), 30_000)
    x, y = to_bd09(*TO_DEGREES.transform(*points.T))
    guess = guess_datum(np.tile(x, 5), np.tile(y, 5), townships())
    assert (guess.datum, guess.count) == (Datum.BD09, 20_000)


@pytest.mark.parametrize(
    ("qualities", "metres"),
    [(["official"], 100), (["surveyed", "generalised"], 300), (["official", None], 3_000),
     (["飞碟"], 3_000), ([], 3_000)],
)  # fmt: skip
def test_tolerance_is_of_the_worst_quality(qualities: list[str | None], metres: float) -> None:
    assert tolerance_of(gpd.GeoDataFrame({"quality": qualities})) == metres


@pytest.mark.parametrize("datum", list(Datum))
def test_a_datum_is_undone(datum: Datum) -> None:
    there = SHIFTS.get(datum, SHIFTS[Datum.CGCS2000])
    x, y = np.array([111.4, np.nan]), np.array([27.2, 27.2])
    back = apply_datum(*there(x, y), datum)
    np.testing.assert_allclose(back, [[111.4, np.nan], [27.2, 27.2]], atol=1e-9)
    assert back[0] is not x
