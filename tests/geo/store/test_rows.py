from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geo.core.errors import DataError, TableError
from geo.core.schema import DESIGNATIONS, FACILITIES, SOURCES, TOWNSHIPS
from geo.store.rows import frame_of, rows_of


def without_fid(rows: Any) -> list[tuple[Any, ...]]:
    return [record[1:] for record in rows.records()]


def test_a_frame_comes_back_from_its_rows(make: Any) -> None:
    ledger = make.facilities(20)
    assert_geodataframe_equal(
        frame_of(without_fid(rows_of(ledger, FACILITIES)), FACILITIES), ledger
    )
    plaques = make.designations(4)
    found = frame_of(without_fid(rows_of(plaques, DESIGNATIONS)), DESIGNATIONS)
    assert_frame_equal(found, plaques)


def test_rows_hold_plain_values_only(make: Any) -> None:
    records = list(rows_of(make.facilities(20), FACILITIES).records())
    kinds = {type(value) for record in records for value in record}
    assert kinds <= {int, float, str, bytes, bool, type(None)}


def test_fids_run_from_one_where_there_is_geometry(make: Any) -> None:
    assert [record[0] for record in rows_of(make.facilities(3), FACILITIES).records()] == [1, 2, 3]
    named = rows_of(make.sources("a", "b"), SOURCES)
    assert [record[0] for record in named.records()] == [None, None]


def test_boxes_are_those_of_the_rows_with_a_place(make: Any) -> None:
    ledger = make.facilities(9)  # rows 0 and 7 have no position
    rows = rows_of(ledger, FACILITIES)
    boxes = list(rows.boxes())
    assert [fid for fid, *_ in boxes] == [2, 3, 4, 5, 6, 7, 9]
    first = ledger.geometry.iloc[1]
    assert boxes[0][1:] == (first.x, first.x, first.y, first.y)


def test_the_extent_is_that_of_the_places(make: Any) -> None:
    townships, _ = make.boundaries()
    assert rows_of(townships, TOWNSHIPS).extent() == tuple(townships.total_bounds)
    assert rows_of(make.facilities(1), FACILITIES).extent() == (None,) * 4
    assert rows_of(make.facilities(0), FACILITIES).extent() == (None,) * 4
    assert rows_of(make.sources("a"), SOURCES).extent() == (None,) * 4


def test_columns_that_may_be_left_out_are_unknown(make: Any) -> None:
    ledger = make.facilities(2).drop(columns=["address", "closed_on"]).assign(extra="dropped")
    found = frame_of(without_fid(rows_of(ledger, FACILITIES)), FACILITIES)
    assert_geodataframe_equal(found, make.facilities(2))


def test_faults_of_a_frame_name_its_table(make: Any) -> None:
    with pytest.raises(TableError, match="科普设施"):
        rows_of(make.facilities(2).drop(columns="status"), FACILITIES)
    with pytest.raises(DataError, match="科普设施"):
        rows_of(make.facilities(2).assign(floor_area_m2="wide"), FACILITIES)
    townships, _ = make.boundaries()
    points = townships.set_geometry(townships.representative_point())
    with pytest.raises(DataError, match="乡镇街道"):
        rows_of(points, TOWNSHIPS)


@pytest.mark.parametrize(
    ("column", "value"),
    [("exhibition_area_m2", "many"), ("opened_on", "soon"), ("source_row", "x")],
)
def test_a_stored_value_of_another_type_is_told(make: Any, column: str, value: Any) -> None:
    record = list(without_fid(rows_of(make.facilities(1), FACILITIES))[0])
    record[1 + FACILITIES.names.index(column)] = value
    with pytest.raises(DataError, match="科普设施"):
        frame_of([tuple(record)], FACILITIES)


def test_a_frame_of_nothing_has_all_columns_and_types(make: Any) -> None:
    found = frame_of([], FACILITIES)
    assert_geodataframe_equal(found, make.facilities(0))
    assert found.crs.to_epsg() == 4490


def test_a_time_of_day_is_left_out(make: Any) -> None:
    ledger = make.facilities(1).assign(valid_from=pd.Timestamp("2024-05-01 23:59:59"))
    found = frame_of(without_fid(rows_of(ledger, FACILITIES)), FACILITIES)
    assert found["valid_from"].to_numpy()[0] == np.datetime64("2024-05-01")
