"""The answers of the web service: every document, in its forms, languages, systems and errors."""

# ruff: noqa: E501  (a case is a line)

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from math import asinh, pi, radians, tan
from typing import Any
from urllib.parse import quote

from commands import COLLECTIONS, COUNTY, DEMO, District
from harness import Answers, service
from starlette.testclient import TestClient

ON = "on=2025-12-31"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
_NONCE = re.compile(r"'nonce-([^']+)'")
_SUFFIXES = {
    "text/html": "html", "text/csv": "csv", "image/svg+xml": "svg", "application/geopackage+sqlite3": "gpkg",
    "application/vnd.mapbox-vector-tile": "mvt",
}  # fmt: skip
_URI = "http://www.opengis.net/def/crs/EPSG/0/"

FACILITY_FILTERS = (
    "kind = 'library'", "kind IN ('park','library','science_museum')", "kind <> 'park' AND level = 'county'",
    "exhibition_area_m2 > 100", "exhibition_area_m2 BETWEEN 20 AND 60", "exhibition_area_m2 IS NULL",
    "NOT (exhibition_area_m2 IS NULL OR floor_area_m2 > 500)", "name LIKE '%社区%'", "name LIKE '%号' AND status = 'operating'",
    "CASEI(name) = CASEI('a')", "ACCENTI(name) <> 'x'", "opened_on >= DATE('2020-01-01')",
    "T_AFTER(opened_on, DATE('2019-06-30'))", "T_DURING(opened_on, INTERVAL('2018-01-01','2020-12-31'))",
    "exhibition_area_m2 / 2 + 10 > floor_area_m2 * 0.1", "exhibition_area_m2 % 7 = 1",
    "S_INTERSECTS(geometry, {box})", "S_WITHIN(geometry, {polygon})", "S_DISJOINT(geometry, {polygon})",
    "S_DWITHIN(geometry, {point}, 3000, meters)", "A_CONTAINS(designations, ('儿童之家（演示）'))",
    "open_to_public = TRUE", "shared_use", "name > '区'", "name = address",
    "audiences IS NOT NULL", "kind = 'nothing'", "counted_area_m2 > 0 OR count_reason = 'area_unknown'",
)  # fmt: skip
WRONG_FILTERS = (
    "kind =", "nothing = 1", "name > 3", "exhibition_area_m2 LIKE 'a'", "S_INTERSECTS(geometry, POINT(1))",
    "opened_on > DATE('2020-13-01')", "((((kind='park')", "kind = 'park' AND", "CASEI(kind, name) = 'a'", "'",
)  # fmt: skip
OTHER_FILTERS = {
    "townships": ("population > 20000", "area_per_10k_m2 < 50 AND kind = 'town'", "is_lower_bound = FALSE"),
    "villages": ("has_service_centre = false", "urban_rural_class = '111'", "population > 1000"),
    "gaps": ("population > 1000 AND \"group\" = 'base'", "nearest_distance_m > 2000", "kind IS NULL"),
    "sites": ("newly_covered > 100",), "service_areas": ("mode = 'foot'", "minutes < 20"),
    "districts": ("role = 'district'",),
}  # fmt: skip


class Web:
    """A client of one store's service that keeps each answer: status, headers and body."""

    def __init__(self, answers: Answers, one: District, client: TestClient) -> None:
        self.answers, self.one, self.client = answers, one, client
        self._jobs: list[str] = []

    def get(self, name: str, path: str, **options: Any) -> Any:
        """Ask and keep what comes."""
        return self.ask(name, "GET", path, **options)

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        *,
        accept: str = "*/*",
        json_body: Any = None,
        **headers: str,
    ) -> Any:
        """Ask by a method, with a body and headers (``_`` for ``-``), and keep what comes."""
        sent = {"accept": accept, "accept-encoding": "identity"}
        sent |= {key.replace("_", "-"): value for key, value in headers.items()}
        began = time.perf_counter()
        found = self.client.request(method, path, headers=sent, json=json_body)
        self.answers.told(f"{self.one.name}/web/{name}", began)
        media = found.headers.get("content-type", "").split(";")[0]
        suffix = "json" if media.endswith("json") else _SUFFIXES.get(media, "bin")
        told = f"{method} {path}\naccept: {accept}\n{found.status_code}\n"
        told += "".join(f"{key}: {value}\n" for key, value in sorted(found.headers.items()))
        head, body = self._settled(told.encode()), self._settled(found.content, told)
        self.answers.put(f"{self.one.name}/web/{name}.head.txt", head)
        if body:
            self.answers.put(f"{self.one.name}/web/{name}.{suffix}", body)
        return found

    def job(self, name: str) -> None:
        """Remember a job's random name, to be written as NAME in what follows."""
        self._jobs.append(name)

    def _settled(self, content: bytes, head: str = "") -> bytes:
        """Return headers or a body without what is drawn at random."""
        drawn = [(nonce, "NONCE") for nonce in _NONCE.findall(head or content.decode())]
        drawn += [(name, f"JOB{number}") for number, name in enumerate(self._jobs)]
        for value, shown in drawn:
            content = content.replace(value.encode(), shown.encode())
        return content


def documents(answers: Answers, one: District) -> None:
    """Keep every document of the service over a district's store."""
    app, opened = service(answers.scratch / one.store)
    with opened, TestClient(app, raise_server_exceptions=False) as client:
        web = Web(answers, one, client)
        _about(web)
        for name in COLLECTIONS:
            _collection(web, name)
        _filters(web)
        _figures(web)
        _siting(web)
        _errors(web)


def _about(web: Web) -> None:
    for lang in ("zh", "en"):
        for name, path in (
            ("landing", "/"),
            ("conformance", "/conformance"),
            ("collections", "/collections"),
        ):
            for form in ("json", "html"):
                web.get(f"about/{name}-{form}-{lang}", f"{path}?f={form}&lang={lang}")
        web.get(f"about/service-{lang}", f"/service?lang={lang}")
        web.get(f"about/quality-{lang}", f"/quality?{ON}&lang={lang}")
    web.get("about/page", "/", accept=BROWSER)
    web.get(
        "about/page-chosen",
        "/?on=2024-06-30&caliber=A&measure=coverage&gap=library&sort=name",
        accept=BROWSER,
    )
    web.get("about/api", "/api")
    web.get("about/openapi", "/openapi.json")
    web.get("about/docs", "/docs", accept=BROWSER)
    web.get("about/health", "/health")
    web.get("about/matrix-sets", "/tileMatrixSets")
    web.get("about/matrix-set", "/tileMatrixSets/WebMercatorQuad")
    web.get("about/gzip", "/collections?f=json", accept_encoding="gzip")
    web.ask("about/head", "HEAD", "/collections")
    web.ask("about/options", "OPTIONS", "/collections")
    web.get("about/favicon", "/favicon.ico")


def _collection(web: Web, name: str) -> None:
    base, at = f"/collections/{name}", f"collections/{name}"
    for form in ("json", "html"):
        web.get(f"{at}/description-{form}", f"{base}?f={form}&{ON}&lang=en")
        for part in ("queryables", "schema"):
            web.get(f"{at}/{part}-{form}", f"{base}/{part}?f={form}")
    web.get(f"{at}/queryables-en", f"{base}/queryables?lang=en")
    web.get(f"{at}/schema-en", f"{base}/schema?lang=en")
    for form in ("json", "html", "csv", "gpkg"):
        web.get(f"{at}/items-{form}", f"{base}/items?f={form}&limit=10000&{ON}")
    found = web.get(f"{at}/page-2", f"{base}/items?limit=3&offset=3&{ON}")
    features = found.json().get("features", [])
    if features:
        item = quote(str(features[0]["id"]), safe="")
        for form in ("json", "html"):
            web.get(f"{at}/item-{form}", f"{base}/items/{item}?f={form}&{ON}&lang=en")
        web.get(f"{at}/item-projected", f"{base}/items/{item}?crs={_projected(web.one)}&{ON}")
    etag = found.headers.get("etag", "")
    web.get(f"{at}/unchanged", f"{base}/items?limit=3&offset=3&{ON}", if_none_match=etag)
    web.get(
        f"{at}/datetime", f"{base}/items?limit=5&datetime=2023-01-01T00:00:00Z/2024-06-30T00:00:00Z"
    )
    web.get(f"{at}/known", f"{base}/items?limit=5&known=1&{ON}")
    web.get(f"{at}/crs", f"{base}/items?limit=5&{ON}&crs={_URI}4490")
    web.get(f"{at}/projected", f"{base}/items?limit=5&{ON}&crs={_projected(web.one)}")
    web.get(f"{at}/box", f"{base}/items?{ON}&bbox={_box(web.one)}&skipGeometry=true")
    web.get(f"{at}/changes", f"{base}/changes?{ON}&limit=5")
    web.get(f"{at}/changes-since", f"{base}/changes?{ON}&since=2026-01-13")
    web.get(f"{at}/changes-since-known", f"{base}/changes?{ON}&since=1&lang=en")
    web.get(f"{at}/tiles", f"{base}/tiles?lang=en")
    for form in ("json", "tilejson"):
        web.get(f"{at}/tileset-{form}", f"{base}/tiles/WebMercatorQuad?f={form}&{ON}")
    for zoom, row, column in _tiles(web.one):
        web.get(f"{at}/tile-{zoom}", f"{base}/tiles/WebMercatorQuad/{zoom}/{row}/{column}?{ON}")
    for number, text in enumerate(OTHER_FILTERS.get(name, ())):
        web.get(f"{at}/filter-{number}", f"{base}/items?{ON}&limit=50&filter={quote(text)}")


def _projected(one: District) -> str:
    return _URI + one.crs.partition(":")[2]


def _box(one: District) -> str:
    return "111.44,27.2,111.5,27.26" if one is DEMO else "103.62,29.9,103.75,30.0"


def _tiles(one: District) -> Iterator[tuple[int, int, int]]:
    west, south, east, north = map(float, _box(one).split(","))
    longitude, latitude = (west + east) / 2, (south + north) / 2
    yield from (_tile(longitude, latitude, zoom) for zoom in (0, 8, 11, 14, 17))


def _tile(longitude: float, latitude: float, zoom: int) -> tuple[int, int, int]:
    size = 2**zoom
    return (zoom, int((1 - asinh(tan(radians(latitude))) / pi) / 2 * size),
            int((longitude + 180) / 360 * size))  # fmt: skip


def _filters(web: Web) -> None:
    base, at = f"/collections/facilities/items?{ON}&limit=1000&properties=name,kind", "filters"
    west, south, east, north = _box(web.one).split(",")
    shapes = {
        "{box}": f"BBOX({west},{south},{east},{north})", "{point}": f"POINT({west} {south})",
        "{polygon}": f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {south}))",
    }  # fmt: skip
    for number, text in enumerate(FACILITY_FILTERS):
        for word, shape in shapes.items():
            text = text.replace(word, shape)  # noqa: PLW2901
        web.get(f"{at}/{number:02}", f"{base}&filter={quote(text)}")
    for number, text in enumerate(WRONG_FILTERS):
        for lang in ("zh", "en"):
            web.get(f"{at}/wrong-{number:02}-{lang}", f"{base}&lang={lang}&filter={quote(text)}")
    as_json = {"op": "and", "args": [{"op": "=", "args": [{"property": "kind"}, "library"]},
               {"op": ">", "args": [{"property": "floor_area_m2"}, 100]}]}  # fmt: skip
    web.get(f"{at}/json", f"{base}&filter-lang=cql2-json&filter={quote(json.dumps(as_json))}")
    web.get(f"{at}/crs", f"{base}&filter-crs={_URI}4490&filter=" + quote(
            f"S_INTERSECTS(geometry,BBOX({south},{west},{north},{east}))"))  # fmt: skip
    web.get(f"{at}/property", f"{base}&kind=library&level=none")
    web.get(f"{at}/township", f"{base}&group=base&township=430503001")
    web.get(f"{at}/sorted", f"{base}&sortby=-exhibition_area_m2,name&limit=20")
    web.get(
        f"{at}/csv", f"{base}&f=csv&filter={quote(FACILITY_FILTERS[0])}&crs={_projected(web.one)}"
    )
    web.get(f"{at}/tile", f"/collections/facilities/tiles/WebMercatorQuad/0/0/0?{ON}&filter="
            + quote(FACILITY_FILTERS[0]))  # fmt: skip


def _figures(web: Web) -> None:
    for on in ("2022-12-31", "2025-12-31"):
        for caliber in "ABC":
            web.get(f"study/{on}-{caliber}", f"/study?on={on}&caliber={caliber}")
    web.get(
        "study/run", f"/study?{ON}&scope=district_run&denominator={web.one.denominators[0]}&lang=en"
    )
    web.get("study/surface", f"/surface?{ON}")
    web.get("study/trend", f"/trend?{ON}")
    web.get("study/trend-since", f"/trend?{ON}&since=2023-05-01")
    for chart in ("lorenz", "area_trend", "coverage_trend"):
        for lang in ("zh", "en"):
            web.get(f"study/chart-{chart}-{lang}", f"/charts/{chart}.svg?{ON}&lang={lang}")
    for mode, minutes in (("foot", 15), ("e_bicycle", 30), ("car", 30)):
        web.get(f"study/service-area-{mode}",
                f"/service-area?{ON}&facility={web.one.facility}&mode={mode}&minutes={minutes}")  # fmt: skip
    web.get("study/allotment", f"/allotment?{ON}")
    web.get("study/allotment-township", f"/allotment?{ON}&reach=township&budget=2000&lang=en")


def _siting(web: Web) -> None:
    web.get("siting/asked", f"/siting?{ON}")
    bodies: dict[str, Any] = {
        "own": {},
        "extras": {"siting": {"programmes": [{"kind": "agri_demo_base", "count": 3, "mode": "car", "minutes": 15}]},
                   "also": ["alternatives", "frontier"]},
        "impossible": {"siting": {"required": ["nobody"]}},
    }  # fmt: skip
    for name, body in bodies.items():
        begun = web.client.post(f"/siting?{ON}", json=body)
        if begun.status_code != 202:
            web.ask(f"siting/{name}-refused", "POST", f"/siting?{ON}", json_body=body)
            continue
        job = begun.json()["job_id"]
        web.job(job)
        # The state at the start depends on how quick the solver is; only the end is kept.
        until = time.perf_counter() + 900
        while web.client.get(f"/siting/{job}").json()["status"] in {"waiting", "running"}:
            if time.perf_counter() > until:
                raise SystemExit(f"the job {name} did not end")
            time.sleep(0.2)
        web.get(f"siting/{name}-done", f"/siting/{job}")
        web.get(f"siting/{name}-frontier", f"/siting/{job}/frontier.svg?lang=en")
        web.ask(f"siting/{name}-called-off", "DELETE", f"/siting/{job}")
    west, south, east, north = map(float, _box(web.one).split(","))
    middle = {"longitude": round((west + east) / 2, 5), "latitude": round((south + north) / 2, 5)}
    tried = {
        "point": {"sites": [{"programme": "agri_demo_base", **middle}]},
        "none": {"sites": []},
        "host": {"sites": [{"programme": "agri_demo_base", "candidate_id": web.one.facility}]},
        "wrong": {"sites": [{"programme": "agri_demo_base", "candidate_id": "nobody"}]},
        "drawn": {"sites": [{"programme": "agri_demo_base", **middle}], "exclusions": {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"name": "区"}, "geometry": {"type": "Polygon", "coordinates": [
                [[west, south], [east, south], [east, north], [west, north], [west, south]]]}}]}},
    }  # fmt: skip
    for name, body in tried.items():
        web.ask(f"siting/what-if-{name}", "POST", f"/siting/what-if?{ON}", json_body=body)


_WRONG = (
    "/study?on=2025-02-30", "/study?on=1", "/study?caliber=D&scope=x", "/study?denominator=resident-1999",
    "/study?nothing=1", "/nothing", "/collections/nothing", "/collections/nothing/items",
    "/collections/facilities/items/nobody", "/collections/facilities/items?limit=0",
    "/collections/facilities/items?limit=x&offset=-1&bbox=1,2", "/collections/facilities/items?bbox=1,2,3",
    "/collections/facilities/items?crs=EPSG:4326", "/collections/facilities/items?f=xml",
    "/collections/facilities/items?sortby=nothing", "/collections/facilities/items?properties=nothing",
    "/collections/facilities/items?kind=nothing", "/collections/facilities/items?nothing=1",
    "/collections/facilities/items?on=2025-01-01&datetime=2025-01-01", "/collections/facilities/items?datetime=x",
    "/collections/facilities/items?known=99", "/collections/facilities/changes?since=x",
    "/collections/facilities/changes?since=9999.1.2025-01-01.abc", "/collections/sites/changes",
    "/collections/facilities/tiles/x", "/collections/facilities/tiles/WebMercatorQuad/30/0/0",
    "/collections/facilities/tiles/WebMercatorQuad/1/9/9", "/tileMatrixSets/x", "/charts/nothing.svg",
    "/service-area", "/service-area?facility=nobody", "/service-area?facility=P0001&minutes=500&mode=train",
    "/trend?since=1900-01-01", "/allotment?budget=-1&reach=x", "/siting/0", "/siting/" + "0" * 32,
    "/static/nothing.js", "/?gap=UPPER", "/?measure=x",
)  # fmt: skip


def _errors(web: Web) -> None:
    for number, path in enumerate(_WRONG):
        for lang in ("zh", "en"):
            joined = f"{path}{'&' if '?' in path else '?'}lang={lang}"
            web.get(f"errors/{number:02}-{lang}", joined)
        web.get(f"errors/{number:02}-page", path, accept=BROWSER)
    for name, path in (
        ("items", "/collections/facilities/items"),
        ("landing", "/"),
        ("study", "/collections"),
    ):
        web.get(f"errors/not-acceptable-{name}", f"{path}?lang=en", accept="image/png")
        web.get(f"errors/not-acceptable-{name}-zh", path, accept="image/png")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        web.ask(f"errors/method-{method}", method, "/collections/facilities/items")
    token = web.client.get(f"/collections/facilities/changes?{ON}&limit=1").json().get("next", "")
    for lang in ("zh", "en"):
        # A token of other choices is no longer good: 410.
        web.get(f"errors/gone-{lang}",
                f"/collections/facilities/changes?{ON}&caliber=A&since={quote(token)}&lang={lang}")  # fmt: skip
    web.ask("errors/body-not-json", "POST", "/siting", json_body="text")
    web.ask("errors/body-key", "POST", "/siting", json_body={"nothing": 1})
    web.ask(
        "errors/body-siting", "POST", "/siting?lang=en", json_body={"siting": {"question": "x"}}
    )


def both(answers: Answers) -> None:
    """Keep the documents of both districts."""
    for one in (DEMO, COUNTY):
        documents(answers, one)
