"""What is told of each collection."""

import pytest
from fastapi.testclient import TestClient

from geo.core.fields import NESTED, fields_of, queryable_fields
from geo.core.vocabulary import Status, label

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


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_code_is_told_in_words(client: TestClient, name: str, lang: str) -> None:
    found = client.get(f"/collections/{name}/queryables?lang={lang}").json()["properties"]
    for column in queryable_fields(name):
        if column.choices is None:
            assert "enum" not in found[column.name]
            continue
        told = {row["const"]: row["title"] for row in found[column.name]["oneOf"]}
        assert list(told) == found[column.name]["enum"]
        assert told == {term.value: label(term, lang) for term in column.choices}


# The toy has no villages, and nowhere to site anything.
@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"sites", "villages"}])
def test_items_carry_the_words_of_their_codes(client: TestClient, name: str) -> None:
    features = client.get(f"/collections/{name}/items?on=2025-12-31").json()["features"]
    assert features
    coded = [column for column in fields_of(name) if column.choices is not None]
    assert coded
    for feature in features:
        given = feature["properties"]
        for column in coded:
            code = given.get(column.name, ...)
            if code is ...:
                continue
            assert column.choices is not None
            words = None if code is None else label(column.choices(code))
            assert given[f"{column.name}_zh"] == words, column.name


def test_words_can_be_asked_for(client: TestClient) -> None:
    path = "/collections/facilities/items?on=2025-12-31"
    closed = client.get(f"{path}&status=closed").json()["features"]
    words = client.get(f"{path}&status_zh={label(Status.CLOSED)}").json()["features"]
    assert closed == words != []


@pytest.mark.parametrize("path", ["", "/items", "/queryables", "/schema", "/items/f01"])
def test_unknown_collections_are_told_with_those_there_are(client: TestClient, path: str) -> None:
    answer = client.get(f"/collections/roads{path}")
    assert answer.status_code == 404
    assert "facilities" in answer.json()["detail"]
