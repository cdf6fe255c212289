"""Where a client begins: the landing page, conformance, and the description of the service."""

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import OpenAPIV30SpecValidator

JSON = {"accept": "application/json"}


def test_programs_are_given_the_landing_page_and_people_the_map(client: TestClient) -> None:
    landing = client.get("/", headers=JSON).json()
    rels = {link["rel"] for link in landing["links"]}
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= rels
    for link in landing["links"]:
        answer = client.get(link["href"])
        assert answer.status_code == 200, link
        assert answer.headers["content-type"].startswith(link["type"].split(";")[0])
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get("/", headers=browser).text.startswith("<!DOCTYPE html>")
    assert client.get("/").json() == landing, "who takes anything is a program"
    assert client.get("/?f=json", headers=browser).json()["title"] == "科普设施地图"
    assert client.get("/?f=json&lang=en").json()["title"] == "kepu-atlas"


def test_conformance_names_the_parts_of_the_standard(client: TestClient) -> None:
    classes = client.get("/conformance").json()["conformsTo"]
    for part in ("features-1/1.0/conf/core", "features-1/1.0/conf/geojson",
                 "features-1/1.0/conf/html", "features-1/1.0/conf/oas30",
                 "features-2/1.0/conf/crs", "features-3/1.0/conf/filter",
                 "features-3/1.0/conf/features-filter"):  # fmt: skip
        assert any(name.endswith(part) for name in classes), part
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in classes
    assert len(set(classes)) == len(classes)


def test_the_description_is_openapi_30(client: TestClient) -> None:
    answer = client.get("/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    document = answer.json()
    assert document["openapi"] == "3.0.3"
    assert [str(fault.message) for fault in OpenAPIV30SpecValidator(document).iter_errors()] == []
    asked = document["paths"]["/collections/facilities/items"]["get"]["parameters"]
    names = [row["name"] for row in asked]
    assert {"bbox", "datetime", "limit", "filter", "level", "floor_area_m2"} <= set(names)
    assert len(set(names)) == len(names)
    assert "contact" not in names


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/xml", 406), ("image/png", 406), (";;;,,,", 406), ("*/*", 200),
     ("application/geo+json", 200), ("application/json", 200), ("text/*", 200), ("", 200),
     ("text/html;q=0, application/json", 200), ("a" * 5_000, 406), ("*/*;q=x", 406)],
)  # fmt: skip
def test_what_is_accepted_is_answered_or_told(client: TestClient, accept: str, status: int) -> None:
    answer = client.get("/collections/districts/items", headers={"accept": accept})
    assert answer.status_code == status
    if status == 406:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "application/geo+json" in answer.json()["detail"]


@pytest.mark.parametrize("host", ['a"b', "x/../y", "[", "a b", "例子", "a" * 300])
def test_a_host_that_is_none_is_not_repeated(client: TestClient, host: str) -> None:
    answer = client.get("/collections", headers={"host": host.encode()})
    assert answer.status_code == 200
    assert all(link["href"].startswith("http://testserver") for link in answer.json()["links"])


@pytest.mark.parametrize("path", ["/conformance", "/service", "/collections",
                                  "/collections/gaps",
                                  "/collections/gaps/queryables", "/collections/gaps/schema",
                                  "/collections/gaps/items"])  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_document_is_a_page_too(client: TestClient, path: str, lang: str) -> None:
    answer = client.get(f"{path}?f=html&lang={lang}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in answer.text
    assert "script-src 'nonce-" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text


def test_unknown_parameters_of_a_document_are_refused(client: TestClient) -> None:
    for path in ("/conformance", "/api", "/service", "/collections", "/collections/gaps"):
        assert client.get(f"{path}?nope=1").status_code == 400, path
        assert client.get(f"{path}?f=xml").status_code == 400, path
