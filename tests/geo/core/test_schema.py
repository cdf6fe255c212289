import geopandas as gpd
import pandas as pd
import pytest

from geo.core.disclosure import columns_left_out
from geo.core.errors import TableError
from geo.core.fields import BARE_FIELDS
from geo.core.schema import (
    DESIGNATIONS,
    FACILITIES,
    POPULATION,
    TABLES,
    TOWNSHIPS,
    Table,
    conform,
    dictionary,
    empty_frame,
)
from geo.core.vocabulary import CENTRE_KINDS, LABELS, Kind, Profile


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


def test_every_line_of_the_dictionary_is_used() -> None:
    found = dictionary()
    members = [*found["tables"].values(), *found["collections"].values()]
    used = {name for entry in members for name in entry["columns"] if not name.startswith("*")}
    used |= {name for group in found["groups"].values() for name in group}
    assert used == set(found["columns"])
    nested = {name for entry in members for name in entry.get("nested", ())}
    assert set(found["flat"]) <= nested


def test_a_variant_differs_and_belongs_to_a_column_of_its_table() -> None:
    found = dictionary()
    for name, entry in {**found["tables"], **found["collections"]}.items():
        listed = {c for c in entry["columns"] if not c.startswith("*")}
        listed |= {c for g in entry["columns"] if g.startswith("*") for c in found["groups"][g[1:]]}
        assert set(entry.get("required", ())) <= listed, name
        for column, variant in entry.get("variants", {}).items():
            assert column in listed, (name, column)
            base = found["columns"][column]
            for key, value in variant.items():
                assert key == "unset" or base.get(key) != value, (name, column, key)
            assert set(variant.get("unset", ())) <= set(base), (name, column)


def test_columns_named_by_a_kind_carry_its_words() -> None:
    for column in BARE_FIELDS["villages"]:
        if column.name in set(CENTRE_KINDS):
            label = LABELS[Kind][Kind(column.name)]
            assert (column.zh, column.en) == (label.zh, label.en)
