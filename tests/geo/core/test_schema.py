import geopandas as gpd
import pandas as pd
import pytest

from geo.core.disclosure import columns_left_out
from geo.core.errors import TableError
from geo.core.schema import (
    DESIGNATIONS,
    FACILITIES,
    POPULATION,
    TABLES,
    TOWNSHIPS,
    Table,
    conform,
    empty_frame,
)
from geo.core.vocabulary import Profile


def test_names_and_labels_are_unique_within_a_table() -> None:
    for table in TABLES.values():
        assert len(set(table.names)) == len(table.names)
        assert len({column.zh for column in table.columns}) == len(table.columns)
        if table.key:
            assert table[table.key].required


def test_units_stand_in_names() -> None:
    for table in TABLES.values():
        for column in table.columns:
            if column.unit in {"m²", "m"}:
                assert column.name.endswith({"m²": "_m2", "m": "_m"}[column.unit])


def test_conform_adds_orders_and_types() -> None:
    rows = pd.DataFrame(
        {
            "status": ["operating"], "kind": ["library"], "facility_id": ["1"], "name": ["书"],
            "verification": ["verified"], "demonstration": [True], "unknown": [1],
        }
    )  # fmt: skip
    frame = conform(gpd.GeoDataFrame(rows, geometry=[None], crs="EPSG:4490"), FACILITIES)
    assert tuple(frame.columns) == (*FACILITIES.names, "geometry")
    assert frame.crs.to_epsg() == 4490
    assert frame["exhibition_area_m2"].isna().all(), "what was not given is unknown, not zero"
    assert str(frame["opened_on"].dtype) == "datetime64[s]"
    assert list(rows.columns)[-1] == "unknown", "the input is as it was"


def test_conform_names_every_missing_column() -> None:
    with pytest.raises(TableError) as caught:
        conform(pd.DataFrame({"name": ["x"]}), FACILITIES)
    for name in ("facility_id", "kind", "status", "verification", "demonstration"):
        assert name in caught.value.en


def test_empty_frames_have_every_column() -> None:
    for table in TABLES.values():
        frame = empty_frame(table)
        assert tuple(frame.columns) == table.names
        assert frame.empty


PROVENANCE = {"source_file", "source_sheet", "source_row"}


@pytest.mark.parametrize(
    ("table", "private"),
    [
        (FACILITIES, PROVENANCE | {"contact", "note"}),
        (DESIGNATIONS, PROVENANCE),
        (POPULATION, PROVENANCE),
        (TOWNSHIPS, PROVENANCE),
    ],
)
def test_contacts_and_provenance_are_not_public(table: Table, private: set[str]) -> None:
    assert set(columns_left_out(table, Profile.PUBLIC)) == private
