"""What is told of each collection."""

import pytest
from fastapi.testclient import TestClient

from geo.fields import NESTED, fields_of, queryable_fields

NAMES = ("facilities", "townships", "villages", "gaps", "sites", "service_areas", "districts")


def test_collections_say_where_their_items_are(client: TestClient) -> None:
    rows = client.get("/collections").json()["collections"]
    assert [row["id"] for row in rows] == list(NAMES)
    for row in rows:
        links = {(link["rel"], link["type"]): link["href"] for link in row["links"]}
        items = client.get(links["items", "application/geo+json"])
        # The toy has nowhere to site anything, and says so.
        assert items.status_code == (422 if row["id"] == "sites" else 200)
        assert client.get(f"/collections/{row['id']}").json() == row | {
            "links": client.get(f"/collections/{row['id']}").json()["links"]
        }


@pytest.mark.parametrize("name", NAMES)
def test_a_collection_tells_extent_and_systems(client: TestClient, name: str) -> None:
    found = client.get(f"/collections/{name}").json()
    west, south, east, north = found["extent"]["spatial"]["bbox"][0]
    assert 110.9 < west < east < 111.2
    assert 27.1 < south < north < 27.4
    codes = [uri.rsplit("/", 1)[-1] for uri in found["crs"]]
    assert codes == ["CRS84", "4490", "4546", "4525", "3857"]
    assert found["storageCrs"].endswith("/EPSG/0/4490")


@pytest.mark.parametrize("name", NAMES)
def test_queryables_and_schema_come_from_the_data_dictionary(client: TestClient, name: str) -> None:
    queryables = client.get(f"/collections/{name}/queryables")
    assert queryables.headers["content-type"] == "application/schema+json"
    asked = queryables.json()["properties"]
    assert set(asked) - {"geometry"} == {column.name for column in queryable_fields(name)}
    shown = client.get(f"/collections/{name}/schema").json()["properties"]
    assert set(shown) - {"geometry"} == {column.name for column in fields_of(name)}
    nested = {one.split(".")[1] for one in NESTED if one.startswith(f"{name}.")}
    assert set(shown) - set(asked) == nested


def test_queryables_carry_labels_units_and_vocabularies(client: TestClient) -> None:
    found = client.get("/collections/facilities/queryables").json()["properties"]
    assert found["floor_area_m2"] == {"title": "建筑面积", "type": "number", "x-ogc-unit": "m²"}
    assert "library" in found["kind"]["enum"]
    assert found["opened_on"] == {"title": "开放日期", "type": "string", "format": "date"}
    english = client.get("/collections/facilities/queryables?lang=en").json()
    assert english["properties"]["floor_area_m2"]["title"] == "Floor area"
    assert not {"contact", "note", "source_file"} & set(found)


@pytest.mark.parametrize("path", ["", "/items", "/queryables", "/schema", "/items/f01"])
def test_unknown_collections_are_told_with_those_there_are(client: TestClient, path: str) -> None:
    answer = client.get(f"/collections/roads{path}")
    assert answer.status_code == 404
    assert "facilities" in answer.json()["detail"]
