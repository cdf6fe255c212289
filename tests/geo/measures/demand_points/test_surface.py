"""Demand points on squares of land whose every answer can be worked out by hand."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from geo.core.vocabulary import PARTS
from geo.measures.demand_points import People, Surface, make_surface, people_of

A, B = "430599001", "430599101"
CRS = "EPSG:4546"
TOWNS = gpd.GeoDataFrame(
    {"kind": ["subdistrict", "town"]},
    geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
    index=pd.Index([A, B], name="township_code"),
    crs=CRS,
)


def people(a: float = 1600, b: float = 800, **parts: list[float]) -> People:
    frame = pd.DataFrame({"population": [a, b], **parts}, index=TOWNS.index)
    return People(frame.reindex(columns=["population", *PARTS]))


def villages(*rows: tuple[str, str, Any, float | None, str | None]) -> gpd.GeoDataFrame:
    """Return villages of (code, township, geometry, population, class)."""
    codes, towns, shapes, counts, classes = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {
            "township_code": towns,
            "population": pd.Series(counts, dtype="float64").to_numpy(),
            "urban_rural_class": classes,
        },
        geometry=list(shapes),
        index=pd.Index(codes, name="village_code"),
        crs=CRS,
    )


def weights(*rows: tuple[Any, float]) -> gpd.GeoDataFrame:
    shapes, values = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"weight": values}, geometry=list(shapes), crs=CRS)


def sums(found: Surface, column: str = "population") -> dict[str, float]:
    by_town = found.points.groupby("township_code")[column].sum()
    return {str(code): float(value) for code, value in by_town.items()}


def test_evenly_by_area() -> None:
    found = make_surface(TOWNS, people(population_60_plus=[160, 80]), cell_m=500)
    # Four squares of 500 m each: 1,600 / 4 and 800 / 4.
    assert found.points["population"].tolist() == [400] * 4 + [200] * 4
    assert found.points["population_60_plus"].tolist() == [40] * 4 + [20] * 4
    assert found.points["settlement"].tolist() == ["urban"] * 4 + ["rural"] * 4
    assert found.points.index[:2].tolist() == [f"{A}-1", f"{A}-2"]
    assert (found.points.geometry.iloc[0].x, found.points.geometry.iloc[0].y) == (250, 250)
    assert found.cells.area.tolist() == [250_000] * 8
    assert found.kind_by_township.to_dict() == {A: "even", B: "even"}


def test_a_cell_that_a_border_cuts_has_its_share() -> None:
    found = make_surface(TOWNS, people(), cell_m=800)
    # In A: 800 by 800, 200 by 800 twice, 200 by 200 of a square kilometre.
    assert sorted(found.points.loc[found.points["township_code"] == A, "population"]) == (
        pytest.approx([1600 * 0.04, 1600 * 0.16, 1600 * 0.16, 1600 * 0.64])
    )
    assert sums(found) == pytest.approx({A: 1600, B: 800})


def test_villages_with_counts_are_scaled_to_the_published_figure() -> None:
    found = make_surface(
        TOWNS,
        people(),
        villages=villages(
            (f"{A}001", A, Point(200, 200), 300, "111"), (f"{A}002", A, Point(800, 800), 500, "220")
        ),
        cell_m=1000,
    )
    # 300 and 500 counted, 1,600 published: twice each. B has no villages and is even.
    assert found.points["population"].to_dict() == {f"{A}001": 600, f"{A}002": 1000, f"{B}-1": 800}
    assert found.points["settlement"].tolist() == ["urban", "rural", "rural"]
    assert found.points["rural_population"].tolist()[:2] == [0, 1000]
    assert found.points["urban_population"].tolist()[:2] == [600, 0]
    assert found.kind_by_township.to_dict() == {A: "villages", B: "even"}
    assert found.scaling.to_dict("index") == {A: {"village_sum": 800.0, "population": 1600.0}}
    # The land nearer to each of the two: halves along the diagonal.
    assert found.cells.area.tolist() == pytest.approx([500_000, 500_000, 1_000_000])


@pytest.mark.parametrize("missing", ["count", "position"])
def test_a_township_with_an_unknown_village_is_not_told_by_its_villages(missing: str) -> None:
    point, count = (None, 5.0) if missing == "position" else (Point(1, 1), None)
    found = make_surface(
        TOWNS,
        people(),
        villages=villages(
            (f"{A}001", A, Point(200, 200), 300, None), (f"{A}002", A, point, count, None)
        ),
    )
    assert found.kind_by_township[A] == "even"
    assert sums(found) == pytest.approx({A: 1600, B: 800})


def test_weights_put_people_where_the_houses_are() -> None:
    house, across = box(100, 100, 110, 110), box(990, 500, 1030, 510)
    found = make_surface(TOWNS, people(), weights=weights((house, 3), (across, 4)), cell_m=500)
    # A quarter of the second house, weight 1, lies in A: 3 to 1 there; B has only the rest.
    assert found.points["population"].tolist() == [1200, 400, 800]
    assert found.points.geometry.iloc[0].equals(Point(105, 105))
    assert found.points.geometry.iloc[2].equals(Point(1015, 505))
    assert set(found.kind_by_township) == {"weights"}


def test_a_township_without_weights_is_even() -> None:
    found = make_surface(TOWNS, people(), weights=weights((box(1, 1, 2, 2), 1)), cell_m=500)
    assert found.kind_by_township.to_dict() == {A: "weights", B: "even"}
    assert sums(found) == pytest.approx({A: 1600, B: 800})


def test_weights_of_nothing_are_even() -> None:
    found = make_surface(TOWNS, people(), weights=weights((box(0, 0, 2000, 1000), 0)))
    assert set(found.kind_by_township) == {"even"}


def test_villages_as_areas_are_their_own_cells() -> None:
    halves = [box(0, 0, 500, 1000), box(500, 0, 1000, 1000)]
    found = make_surface(
        TOWNS,
        people(),
        villages=villages(
            (f"{A}001", A, halves[0], 100, None), (f"{A}002", A, halves[1], 300, None)
        ),
        cell_m=1000,
    )
    assert found.points["population"].tolist() == [400, 1200, 800]
    assert found.cells.iloc[0].equals(halves[0])
    # Without a class they are what their township is.
    assert found.points["settlement"].tolist() == ["urban", "urban", "rural"]


def test_unknown_population_stays_unknown() -> None:
    found = make_surface(TOWNS, people(a=np.nan), cell_m=500)
    assert found.points["population"].isna().tolist() == [True] * 4 + [False] * 4


def test_ages_and_settlement_of_townships_that_do_not_tell_them() -> None:
    table = pd.DataFrame(
        {
            "division_code": ["430599", A, B],
            "population_kind": "resident",
            "year": 2020,
            "population": [3000, 1600, 1400],
            "population_0_14": [600, np.nan, 140],
            "urban_population": [1800, np.nan, 500],
            "rural_population": [1200, np.nan, np.nan],
        }
    )
    found = people_of(table, "resident-2020", district_code="430599", townships=TOWNS)
    by_town = found.by_township
    # A: 600 of 3,000 are children, so 320 of 1,600; B says 140 itself.
    assert by_town["population_0_14"].tolist() == [320, 140]
    assert by_town["urban_population"].tolist() == [1600, 500]
    assert by_town["rural_population"].tolist() == [0, 900]
    assert by_town["population_60_plus"].isna().all()
    assert found.by_share == ("population_0_14",)


@st.composite
def lands(draw: st.DrawFn) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame | None]:
    place = st.tuples(st.floats(0, 1990), st.floats(0, 990))
    spots = draw(st.lists(st.tuples(place, st.floats(1e-3, 1e6)), max_size=8))
    houses = [(box(x, y, x + 10, y + 10), weight) for (x, y), weight in spots]
    counts = draw(st.lists(st.integers(0, 5000), min_size=1, max_size=4))
    rows = [
        (f"{A}{n:03d}", A, Point(100 * n + 50, 500), float(count), "111")
        for n, count in enumerate(counts)
    ]
    return (
        weights(*houses) if houses and draw(st.booleans()) else None,
        villages(*rows) if draw(st.booleans()) else None,
    )


@given(
    land=lands(),
    a=st.integers(0, 100_000),
    b=st.integers(0, 100_000),
    cell_m=st.sampled_from([90.0, 250.0, 700.0, 5000.0]),
)
def test_people_are_conserved_whatever_the_surface_rests_on(
    land: tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame | None], a: int, b: int, cell_m: float
) -> None:
    rural = [0, float(b)]
    given_people = people(a, b, population_0_14=[a / 5, b / 5], rural_population=rural)
    found = make_surface(TOWNS, given_people, weights=land[0], villages=land[1], cell_m=cell_m)
    assert sums(found) == pytest.approx({A: a, B: b}, abs=1e-6)
    assert sums(found, "population_0_14") == pytest.approx({A: a / 5, B: b / 5}, abs=1e-6)
    assert (found.points["population"] >= 0).all()
    assert found.points.index.is_unique
    assert found.points.geometry.notna().all()
    within = TOWNS.geometry.reindex(found.points["township_code"]).buffer(0.01)
    assert shapely.intersects(np.asarray(within), np.asarray(found.points.geometry)).all()


def test_nothing_given_is_changed() -> None:
    towns, given_people = TOWNS.copy(), people()
    before = given_people.by_township.copy()
    make_surface(towns, given_people, weights=weights((box(0, 0, 9, 9), 1)))
    assert towns.equals(TOWNS)
    pd.testing.assert_frame_equal(given_people.by_township, before)


def test_villages_in_the_same_house_have_the_same_land() -> None:
    rows = [
        (f"{A}001", A, Point(200, 500), 3.0, "111"),
        (f"{A}002", A, Point(200, 500), 1.0, "111"),
        (f"{A}003", A, Point(800, 500), 4.0, "111"),
    ]
    found = make_surface(TOWNS, people(), villages=villages(*rows))
    first, second, third = (found.cells[f"{A}00{n}"] for n in (1, 2, 3))
    assert first.equals(box(0, 0, 500, 1000))
    assert second.equals(first)
    assert third.equals(box(500, 0, 1000, 1000))
    assert found.points["population"][f"{A}002"] == 200
    alone = make_surface(TOWNS, people(), villages=villages(*rows[:2]))
    assert alone.cells[f"{A}001"].equals(box(0, 0, 1000, 1000))


def test_ages_are_where_the_villages_count_them() -> None:
    known = people(population_0_14=[320.0, 80.0], population_60_plus=[240.0, 160.0])
    rows = villages(
        (f"{A}001", A, Point(200, 500), 100, "111"),
        (f"{A}002", A, Point(800, 500), 300, "111"),
        (f"{B}201", B, Point(1500, 500), 10, "220"),
    ).assign(population_0_14=[30.0, 50.0, np.nan], population_60_plus=[np.nan, 50.0, 2.0])
    found = make_surface(TOWNS, known, villages=rows)
    # 1,600 people at 1:3; of 320 children 30/80 and 50/80.
    assert found.points["population"].tolist() == [400, 1200, 800]
    assert found.points["population_0_14"].tolist() == [120, 200, 80]
    # A village of A does not tell its old people: 240 at 1:3. B's one village tells its own.
    assert found.points["population_60_plus"].tolist() == [60, 180, 160]
    assert found.own_ages["population_0_14"].tolist() == [True, False]
    assert found.own_ages["population_60_plus"].tolist() == [False, True]
    assert not found.own_ages["population_15_59"].any()


def test_ages_that_would_not_fit_into_a_village_go_by_shares() -> None:
    known = people(population_0_14=[800.0, 0.0])
    rows = villages(
        (f"{A}001", A, Point(200, 500), 100, "111"), (f"{A}002", A, Point(800, 500), 300, "111")
    ).assign(population_0_14=[60.0, 20.0])
    # 600 children would be put among the 400 people of the first.
    found = make_surface(TOWNS, known, villages=rows)
    assert found.points["population_0_14"].tolist()[:2] == [200, 600]
    assert not found.own_ages.any(axis=None)
    fitting = make_surface(TOWNS, people(population_0_14=[500.0, 0.0]), villages=rows)
    assert fitting.points["population_0_14"].tolist()[:2] == [375, 125]


def test_urban_and_rural_people_are_as_a_village_tells_them() -> None:
    rows = villages(
        (f"{A}001", A, Point(200, 500), 100, "220"),
        (f"{A}002", A, Point(800, 500), 300, "220"),
        (f"{B}201", B, Point(1300, 500), 60, "111"),
        (f"{B}202", B, Point(1700, 500), 20, None),
    ).assign(
        # Both; one that tells the other; nothing but a class; nothing at all.
        urban_population=[45.0, np.nan, np.nan, np.nan],
        rural_population=[55.0, 240.0, np.nan, np.nan],
    )
    found = make_surface(TOWNS, people(rural_population=[0, 800], urban_population=[1600, 0]),
                         villages=rows)  # fmt: skip
    assert found.points["population"].tolist() == [400, 1200, 600, 200]
    assert found.points["urban_population"].tolist() == pytest.approx([180, 240, 600, 0])
    assert found.points["rural_population"].tolist() == pytest.approx([220, 960, 0, 200])
    assert found.own_settlement.tolist() == [True, False]


def test_counts_that_are_not_of_the_same_people_part_by_their_ratio() -> None:
    rows = villages((f"{A}001", A, Point(200, 500), 100, None)).assign(
        urban_population=[30.0], rural_population=[10.0]
    )
    found = make_surface(TOWNS, people(), villages=rows)
    assert found.points["urban_population"].iloc[0] == 1200
    assert found.points["rural_population"].iloc[0] == 400
    nobody = rows.assign(urban_population=[0.0], rural_population=[0.0])
    assert not make_surface(TOWNS, people(), villages=nobody).own_settlement.any()


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(0, 900)), min_size=1,
        max_size=6,
    ),
    st.integers(0, 1600), st.booleans(),
)  # fmt: skip
def test_ages_are_conserved_whatever_villages_say(
    counts: list[tuple[int, int, int]], youth: int, told: bool
) -> None:
    known = people(population_0_14=[float(youth), 0.0])
    rows = villages(
        *((f"{A}{n:03}", A, Point(100 + 100 * n, 500), float(sum(c)), None)
          for n, c in enumerate(counts))
    )  # fmt: skip
    ages = pd.Series([float(c[0]) for c in counts], rows.index)
    ages.iloc[0] = ages.iloc[0] if told else np.nan
    found = make_surface(TOWNS, known, villages=rows.assign(population_0_14=ages))
    assert sums(found, "population_0_14")[A] == pytest.approx(youth, abs=1e-6)
    of_a = found.points[found.points["township_code"] == A]
    assert (of_a["population_0_14"] <= of_a["population"] * (1 + 1e-9) + 1e-9).all()
    assert not (found.own_ages.loc[A, "population_0_14"] and not told)
    urban = pd.Series([float(c[1]) for c in counts], rows.index)
    parted = make_surface(TOWNS, known, villages=rows.assign(urban_population=urban)).points
    both = parted["urban_population"] + parted["rural_population"]
    by_villages = (parted["township_code"] == A) & bool(rows["population"].sum())
    assert both[by_villages].tolist() == pytest.approx(parted["population"][by_villages].tolist())
