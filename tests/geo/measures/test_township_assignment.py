import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from geo.measures.township_assignment import assign, declared_codes, locate

CODES = ["430599001", "430599002", "430599101", "430599201"]
SQUARES = gpd.GeoDataFrame(
    index=CODES, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)]
)


def _ledger(rows: list[tuple[str | None, str | None, Point | None]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"township_code": [row[0] for row in rows], "village_code": [row[1] for row in rows]},
        geometry=[row[2] for row in rows],
        index=[f"f{number}" for number in range(len(rows))],
    )


@pytest.mark.parametrize(
    ("declared", "point", "assigned", "agreement"),
    [
        ("430599001", Point(0.5, 0.5), "430599001", "agree"),
        ("430599001", Point(1.5, 0.5), "430599001", "disagree"),
        ("430599001", Point(9, 9), "430599001", "disagree"),
        ("430599001", None, "430599001", "declared_only"),
        (None, Point(1.5, 1.5), "430599201", "position_only"),
        (None, Point(9, 9), None, "outside"),
        (None, None, None, "unplaced"),
        ("430502001", Point(9, 9), None, "outside"),
        ("430502001", None, None, "outside"),
        ("430502001", Point(0.5, 0.5), None, "disagree"),
        ("430599999", Point(0.5, 0.5), "430599001", "disagree"),
        ("430599999", None, None, "unplaced"),
        ("430599999", Point(9, 9), None, "disagree"),
    ],
)
def test_declared_code_holds_and_position_checks_it(
    declared: str | None, point: Point | None, assigned: str | None, agreement: str
) -> None:
    answer = assign(_ledger([(declared, None, point)]), SQUARES).iloc[0]
    assert answer["agreement"] == agreement
    if assigned is None:
        assert pd.isna(answer["assigned_township_code"])
    else:
        assert answer["assigned_township_code"] == assigned


@pytest.mark.parametrize(
    ("declared", "point", "assigned"),
    [
        ("430599001", Point(1.5, 0.5), "430599002"),
        ("430599001", Point(9, 9), None),
        ("430599001", None, "430599001"),
        ("430502001", Point(0.5, 0.5), "430599001"),
    ],
)
def test_position_holds_when_the_scenario_prefers_it(
    declared: str, point: Point | None, assigned: str | None
) -> None:
    answer = assign(_ledger([(declared, None, point)]), SQUARES, prefer="position")
    found = answer["assigned_township_code"].iloc[0]
    assert (None if pd.isna(found) else found) == assigned


def test_a_point_on_a_shared_border_belongs_to_the_lowest_code() -> None:
    points = gpd.GeoSeries([Point(1, 0.5), Point(1, 1), Point(0.5, 1), Point(2, 2)])
    assert locate(points, SQUARES).tolist() == [CODES[0], CODES[0], CODES[0], CODES[3]]
    backwards = SQUARES.iloc[::-1]
    assert locate(points, backwards).tolist() == [CODES[0], CODES[0], CODES[0], CODES[3]]


def test_a_village_code_declares_its_township() -> None:
    rows = pd.DataFrame(
        {"township_code": [None, "430599001", None], "village_code": ["430599101007", None, None]}
    )
    assert declared_codes(rows).tolist()[:2] == ["430599101", "430599001"]
    assert declared_codes(rows).isna().tolist() == [False, False, True]


def test_no_facility_and_no_change_of_the_input() -> None:
    assert assign(_ledger([]), SQUARES).empty
    ledger = _ledger([("430599001", None, Point(0.5, 0.5))])
    before = ledger.copy()
    assign(ledger, SQUARES)
    pd.testing.assert_frame_equal(ledger, before)


coordinate = st.floats(-0.5, 2.5)
point = st.none() | st.builds(Point, coordinate, coordinate)
code = st.none() | st.sampled_from([*CODES, "430502001", "430599999"])


@given(st.lists(st.tuples(code, st.none(), point), max_size=20), st.randoms())
def test_every_row_is_assigned_once_and_order_changes_nothing(rows, random) -> None:  # type: ignore[no-untyped-def]
    ledger = _ledger(rows)
    answer = assign(ledger, SQUARES)
    assert answer.index.equals(ledger.index)
    placed = answer["assigned_township_code"].notna()
    assert placed.sum() + (~placed).sum() == len(rows)
    assert set(answer.loc[placed, "assigned_township_code"]) <= set(CODES)
    shuffled = random.sample(list(ledger.index), len(rows))
    again = assign(ledger.loc[shuffled], SQUARES).reindex(ledger.index)
    pd.testing.assert_frame_equal(again, answer)


def test_agrees_with_geopandas_join() -> None:
    generator = np.random.default_rng(7)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*generator.uniform(-0.5, 2.5, (2, 2000))))
    joined = points.sjoin(SQUARES.rename_axis("code").reset_index(), how="left", predicate="within")
    ours = locate(points.geometry, SQUARES)
    assert ours.fillna("-").tolist() == joined["code"].fillna("-").tolist()
