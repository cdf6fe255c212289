"""Where a client begins: the landing page, what the service conforms to, its description."""

from __future__ import annotations

from typing import Any, Final

import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from api.web.ogc.links import Link, address, base_of, link
from api.web.ogc.negotiation import DOCUMENTS, HTML, JSON, form_of
from api.web.ogc.openapi import OPENAPI_JSON, described, openapi_30
from api.web.ogc.pages import conformance_html, service_html
from api.web.ogc.parameters import DocumentQuery, read_query
from geo.core.sentences import Sentences
from geo.publish.cql2 import CONFORMANCE as CQL2

TEXT: Final = Sentences("api.web")

router = APIRouter(tags=["features"])

_SCHEMES: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
_FEATURES: Final = "http://www.opengis.net/spec/ogcapi-features"
_TILES: Final = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CONFORMS_TO: Final = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    f"{_FEATURES}-1/1.0/conf/core",
    f"{_FEATURES}-1/1.0/conf/geojson",
    f"{_FEATURES}-1/1.0/conf/html",
    f"{_FEATURES}-1/1.0/conf/oas30",
    f"{_FEATURES}-2/1.0/conf/crs",
    f"{_FEATURES}-3/1.0/conf/filter",
    f"{_FEATURES}-3/1.0/conf/features-filter",
    f"{_FEATURES}-3/1.0/conf/queryables",
    f"{_FEATURES}-3/1.0/conf/queryables-query-parameters",
    *CQL2,
    f"{_TILES}/core",
    f"{_TILES}/tileset",
    f"{_TILES}/tilesets-list",
    f"{_TILES}/geodata-tilesets",
    f"{_TILES}/mvt",
)
"""Only what the tests hold."""


def landing(request: Request, lang: str) -> dict[str, Any]:
    """Return the landing page as a document."""
    english = lang == "en"
    return {
        "title": TEXT.words("kepu_atlas")[english],
        "description": _ABOUT[english],
        "links": _links(base_of(request), english),
    }


_ABOUT: Final = TEXT.words("about_the_service")


def _links(base: str, english: bool) -> list[Link]:
    rows: tuple[tuple[str, str, str, dict[str, str], str, str], ...] = (
        ("self", JSON, "/", {"f": "json"}, *TEXT.words("this_document")),
        ("alternate", HTML, "/", {"f": "html"}, *TEXT.words("map")),
        ("service-desc", OPENAPI_JSON, "/api", {}, "OpenAPI 3.0", "OpenAPI 3.0"),
        ("service-doc", HTML, "/docs", {}, *TEXT.words("service_to_try")),
        ("conformance", JSON, "/conformance", {"f": "json"}, *TEXT.words("conformance")),
        (_SCHEMES, JSON, "/tileMatrixSets", {}, *TEXT.words("tile_matrix_sets")),
        ("data", JSON, "/collections", {"f": "json"}, *TEXT.words("collections")),
    )
    return [
        link(rel, media, address(base, path, parameters), en if english else zh)
        for rel, media, path, parameters, zh, en in rows
    ]


@router.get(
    "/conformance",
    summary="符合的标准 / What the service conforms to",
    response_class=Response,
    **described(DocumentQuery, DOCUMENTS),
)
async def conformance(request: Request) -> Response:
    """List the conformance classes of OGC standards that hold."""
    query = read_query(DocumentQuery, request)
    if form_of(request, DOCUMENTS, query.f) == "html":
        return conformance_html(request, query.lang, CONFORMS_TO)
    return Response(orjson.dumps({"conformsTo": list(CONFORMS_TO)}), media_type=JSON)


@router.get("/service", summary="数据服务 / The service as a page", response_class=Response,
            **described(DocumentQuery, {"html": HTML}))  # fmt: skip
async def service(request: Request) -> Response:
    """Return the landing page for people who look for data rather than for the map."""
    query = read_query(DocumentQuery, request)
    return service_html(request, query.lang, landing(request, query.lang))


@router.get(
    "/api",
    summary="接口描述 / The description of this service",
    response_class=Response,
    **described(DocumentQuery, {"json": OPENAPI_JSON}),
)
async def api_definition(request: Request) -> Response:
    """Return this description, in OpenAPI 3.0."""
    read_query(DocumentQuery, request)
    app: FastAPI = request.app
    return Response(orjson.dumps(openapi_30(app)), media_type=OPENAPI_JSON)
