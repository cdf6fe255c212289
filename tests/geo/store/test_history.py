from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.core.errors import TableError
from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION, TOWNSHIPS, conform
from geo.store.history import Changes, compare, compare_ledgers, joined


def facilities(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    fixed = {"kind": "library", "status": "operating", "verification": "verified"}
    made = [{"demonstration": False, "name": "馆", "geometry": None} | fixed | row for row in rows]
    columns = [*FACILITIES.names, "geometry"]
    frame = gpd.GeoDataFrame(pd.DataFrame(made, columns=columns), geometry="geometry", crs=4490)
    return conform(frame, FACILITIES).set_index("facility_id")


def plaques(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{"demonstration": False} | row for row in rows])
    return conform(frame.reindex(columns=list(DESIGNATIONS.names)), DESIGNATIONS)


def told(changes: Changes) -> list[tuple[Any, ...]]:
    fields = changes.fields[["id", "item", "column", "before", "after"]]
    return [tuple(None if pd.isna(v) else v for v in row) for row in fields.to_numpy().tolist()]


FIELDS = [
    ("exhibition_area_m2", 120.0, 150.5, "120", "150.5"),
    ("exhibition_area_m2", None, 0.0, None, "0"),
    ("exhibition_area_m2", 0.1 + 0.2, 0.3, "0.3", "0.3"),
    ("open_to_public", None, False, None, "false"),
    ("open_to_public", True, None, "true", None),
    ("opened_on", "2020-02-29", "2021-03-01", "2020-02-29", "2021-03-01"),
    ("opened_on", None, "2021-03-01", None, "2021-03-01"),
    ("name", "馆", "", "馆", ""),
    ("note", None, "'; DROP TABLE", None, "'; DROP TABLE"),
    ("geometry", None, shapely.Point(1, 2), None, "1.0000000, 2.0000000"),
]


@pytest.mark.parametrize(("name", "old", "new", "before", "after"), FIELDS)
def test_a_field_is_told_before_and_after(
    name: str, old: Any, new: Any, before: str | None, after: str | None
) -> None:
    was, now = (facilities({"facility_id": "P1", name: value}) for value in (old, new))
    if name == "opened_on":
        was, now = (
            frame.assign(opened_on=pd.to_datetime([day]).astype("datetime64[s]"))
            for frame, day in ((was, old), (now, new))
        )
    found = compare(was, now, FACILITIES)
    assert found.changed == ("P1",)
    assert told(found) == [("P1", "", name, before, after)]
    assert compare(now, now, FACILITIES).counts == (0, 0, 0, 1)


def test_a_time_of_day_and_a_height_are_no_change() -> None:
    was = facilities({"facility_id": "P1", "geometry": shapely.Point(1, 2)})
    was = was.assign(valid_from=pd.Timestamp("2024-05-01"))
    now = was.assign(valid_from=pd.Timestamp("2024-05-01 23:59"))
    now = now.set_geometry(gpd.GeoSeries([shapely.Point(1, 2, 9)], now.index, crs=4490))
    assert compare(was, now, FACILITIES).nothing


def test_provenance_and_order_are_no_change() -> None:
    was = facilities({"facility_id": "P1"}, {"facility_id": "P2"})
    now = was.assign(source_file="b.xlsx", source_sheet="二", source_row=[8, 9]).iloc[::-1]
    found = compare(was, now, FACILITIES)
    assert (found.nothing, found.unchanged) == (True, ("P2", "P1"))


def test_how_far_a_point_moved() -> None:
    # One thousandth of a degree of longitude at the equator: 6378137 m * pi / 180 / 1000.
    was, now = (
        facilities({"facility_id": "P1", "geometry": shapely.Point(x, 0)}) for x in (111, 111.001)
    )
    moved = compare(was, now, FACILITIES).fields["distance_m"].iloc[0]
    assert moved == pytest.approx(6_378_137 * np.pi / 180 / 1000, abs=1e-3)
    gone = compare(was, facilities({"facility_id": "P1"}), FACILITIES).fields
    assert gone["distance_m"].isna().all()


def test_a_polygon_is_its_multipolygon() -> None:
    row = {"township_code": ["1"], "name_zh": "乡", "kind": "town", "quality": "official"}
    shapes = [shapely.box(0, 0, 1, 1), shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])]
    was, now = (
        gpd.GeoDataFrame(row | {"source_id": "s"}, geometry=[shape], crs=4490) for shape in shapes
    )
    assert compare(was, now, TOWNSHIPS).nothing
    larger = now.set_geometry([shapely.box(0, 0, 2, 2)], crs=4490)
    assert told(compare(was, larger, TOWNSHIPS)) == [
        ("1", "", "geometry", "MultiPolygon (5)", "MultiPolygon (5)")
    ]


def test_rows_without_a_key_are_told_apart_by_what_they_are() -> None:
    was = pd.DataFrame(
        {"division_code": ["1", "2"], "name_zh": "乡", "population_kind": "resident",
         "year": 2020, "population": [5, 6], "quality": "census", "source_id": "s"}
    )  # fmt: skip
    found = compare(was, was.assign(population=[5, 7], year=[2021, 2020]), POPULATION)
    assert found.added == ("1 · resident · 2021",)
    assert found.removed == ("1 · resident · 2020",)
    assert told(found) == [("2", "resident · 2020", "population", "6", "7")]


def test_plaques_of_one_title_are_held_against_each_other_in_turn() -> None:
    was = plaques(*({"facility_id": "P1", "title": "基地", "level": x} for x in ("city", "county")))
    now = plaques(
        *({"facility_id": "P1", "title": "基地", "level": x} for x in ("city", "national"))
    )
    assert told(compare(was, now, DESIGNATIONS)) == [("P1", "基地", "level", "county", "national")]


def test_a_plaques_change_is_its_facilitys() -> None:
    ledger = facilities(*({"facility_id": f"P{row}"} for row in range(4)))
    was = plaques({"facility_id": "P0", "title": "甲"}, {"facility_id": "P1", "title": "乙"})
    now = plaques(
        {"facility_id": "P0", "title": "甲", "level": "city"}, {"facility_id": "P2", "title": "丙"}
    )
    found = compare_ledgers(ledger, was, ledger, now)
    assert sorted(found.changed) == ["P0", "P1", "P2"]
    assert found.unchanged == ("P3",)
    assert told(found) == [
        ("P0", "甲", "level", None, "city"),
        ("P2", "丙", "title", None, "丙"),
        ("P1", "乙", "title", "乙", None),
    ]
    # The plaques of a facility that comes or goes are told with it.
    found = compare_ledgers(ledger, was, ledger.iloc[2:], now.iloc[1:])
    assert found.removed == ("P0", "P1")
    assert told(found) == [("P2", "丙", "title", None, "丙")]


@pytest.mark.parametrize("mode", ["replace", "update"])
def test_an_update_speaks_of_its_own_rows(mode: Any) -> None:
    ledger = facilities(*({"facility_id": f"P{row}"} for row in range(3)))
    hung = plaques({"facility_id": "P0", "title": "甲"}, {"facility_id": "P1", "title": "乙"})
    part = facilities({"facility_id": "P0"}, {"facility_id": "P9"})
    found = compare_ledgers(ledger, hung, part, None, mode=mode, keep=["P1"])
    assert found.added == ("P9",)
    assert found.unchanged == ("P0",)
    assert found.removed == (("P2",) if mode == "replace" else ())


def test_changes_of_several_tables_are_one() -> None:
    one = compare(facilities(), facilities({"facility_id": "P1"}), FACILITIES)
    other = compare(
        facilities({"facility_id": "P2"}),
        facilities({"facility_id": "P2", "name": "x"}),
        FACILITIES,
    )
    assert joined(one, other).counts == (1, 1, 0, 0)
    assert len(joined(one, other, other).fields) == 2
    assert joined().nothing


def test_nothing_is_changed_by_comparing() -> None:
    was, now = facilities({"facility_id": "P1"}), facilities({"facility_id": "P1", "name": "x"})
    copies = was.copy(), now.copy()
    compare_ledgers(was, plaques(), now, plaques())
    assert was.equals(copies[0])
    assert now.equals(copies[1])


def test_a_missing_column_is_told() -> None:
    with pytest.raises(TableError, match="name"):
        compare(facilities(), facilities().drop(columns="name"), FACILITIES)
