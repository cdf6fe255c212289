"""What tiles there are: tile matrix sets, and the tilesets of a collection (TileJSON too)."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.answers import Atlas
from api.web.ogc.conditional import etag_of, headers_of, unchanged
from api.web.ogc.links import address, base_of
from api.web.ogc.negotiation import JSON, form_of
from api.web.ogc.openapi import JSON_TYPES, described
from api.web.ogc.parameters import SelectionQuery, asked_of, read_query
from api.web.ogc.tiles import MVT, check_tile_matrix_set
from geo.core.fields import queryable_fields
from geo.core.json_values import Record
from geo.core.output_systems import CRS84
from geo.publish.features import COLLECTIONS, collection_named
from geo.publish.tiles import TILE_MATRIX_SET, tile_matrix_set
from geo.publish.tiles.properties import ID

router = APIRouter(tags=["tiles"])

TILESETS_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
_SCHEME_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
_JSON_FORMS: Final = {"json": JSON}
_TILESET_FORMS: Final = {"json": JSON, "tilejson": "application/vnd.mapbox.tilejson+json"}
_ENOUGH_ZOOM: Final = 16
"""A step of such a tile is 15 cm; maps enlarge it rather than ask for closer ones."""

_KINDS: Final = {"real": "Number", "integer": "Number", "boolean": "Boolean"}
_Set = Annotated[str, Path(alias="tileMatrixSetId")]


class MatrixQuery(BaseModel):
    """The parameters of a document about tile matrix sets."""

    model_config = ConfigDict(extra="forbid")

    f: Literal["json"] | None = Field(None, description="format")
    lang: Literal["zh", "en"] = Field("zh", description="language of messages")


class TilesetQuery(SelectionQuery):
    """Which features the tiles draw; their addresses carry it on."""

    f: Literal["json", "tilejson"] | None = Field(None, description="format")


@router.get("/tileMatrixSets", summary="瓦片方案 / Tile matrix sets", response_class=Response,
            **described(MatrixQuery, _JSON_FORMS))  # fmt: skip
async def tile_matrix_sets(request: Request) -> Response:
    """List the tile matrix sets: there is one."""
    query = read_query(MatrixQuery, request)
    form_of(request, _JSON_FORMS, query.f)
    found = tile_matrix_set()
    told = {key: found[key] for key in ("id", "title", "uri", "crs")}
    told["links"] = [_link(_SCHEME_REL, JSON, _set_address(request))]
    return Response(orjson.dumps({"tileMatrixSets": [told]}), media_type=JSON)


@router.get("/tileMatrixSets/{tileMatrixSetId}", summary="一个瓦片方案 / A tile matrix set",
            response_class=Response, **described(MatrixQuery, _JSON_FORMS))  # fmt: skip
async def one_tile_matrix_set(name: _Set, request: Request) -> Response:
    """Define the tile matrix set."""
    check_tile_matrix_set(name)
    query = read_query(MatrixQuery, request)
    form_of(request, _JSON_FORMS, query.f)
    return Response(orjson.dumps(tile_matrix_set()), media_type=JSON)


@router.get("/collections/{name}/tiles", summary="瓦片集 / Tilesets of a collection",
            response_class=Response, **described(TilesetQuery, _JSON_FORMS))  # fmt: skip
async def tilesets(name: str, request: Request) -> Response:
    """List the tilesets of a collection: there is one."""
    collection_named(name)
    query = read_query(TilesetQuery, request)
    form_of(request, _JSON_FORMS, query.f)
    base, path = base_of(request), f"/collections/{name}"
    told = {
        "links": [
            _link("self", JSON, address(base, f"{path}/tiles", _given(request) | {"f": "json"})),
            _link("collection", JSON, address(base, path)),
        ],
        "tilesets": [_tileset(name, query.lang) | {"links": _tileset_links(name, request)}],
    }
    return Response(orjson.dumps(told), media_type=JSON)


@router.get("/collections/{name}/tiles/{tileMatrixSetId}", summary="一个瓦片集 / A tileset",
            response_class=Response, **described(TilesetQuery, _TILESET_FORMS))  # fmt: skip
async def tileset(name: str, matrix_set: _Set, request: Request) -> Response:
    """Describe a tileset, by OGC's standard or as TileJSON 3.0."""
    collection_named(name)
    check_tile_matrix_set(matrix_set)
    query = read_query(TilesetQuery, request)
    form = form_of(request, _TILESET_FORMS, query.f)
    atlas: Atlas = request.app.state.atlas
    scenario = atlas.scenario(**query.study_choices())
    etag = etag_of(request, atlas.store.version(), scenario.on, scenario.digest, form)
    if (same := unchanged(request, etag)) is not None:
        return same
    answer = await run_in_threadpool(atlas.answer, scenario, query.known)
    asked_of(name, query, answer.systems)
    source = await run_in_threadpool(answer.tiles, name)
    bounds = source.bounds or tuple(answer.study.data.townships.total_bounds.tolist())
    made = _tilejson if form == "tilejson" else _metadata
    body = orjson.dumps(made(name, query.lang, request, bounds))
    return Response(body, media_type=_TILESET_FORMS[form], headers=headers_of(etag))


def _tileset(name: str, lang: str) -> Record:
    found = tile_matrix_set()
    return {
        "title": getattr(COLLECTIONS[name], lang),
        "dataType": "vector",
        "crs": found["crs"],
        "tileMatrixSetURI": found["uri"],
    }


def _metadata(name: str, lang: str, request: Request, bounds: tuple[float, ...]) -> Record:
    west, south, east, north = bounds
    layer = {
        "id": name,
        "title": getattr(COLLECTIONS[name], lang),
        "dataType": "vector",
        "propertiesSchema": {"type": "object", "properties": _properties(name, lang)},
    }
    return _tileset(name, lang) | {
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84},
        "layers": [layer],
        "links": _tileset_links(name, request),
    }


def _properties(name: str, lang: str) -> Record:
    told: Record = {ID: {"type": "string", "title": ID}}
    for column in queryable_fields(name):
        title = {"title": column.en if lang == "en" else column.zh}
        unit = {"x-ogc-unit": column.unit} if column.unit else {}
        told[column.name] = dict(JSON_TYPES[column.dtype]) | title | unit
    return told


def _tilejson(name: str, lang: str, request: Request, bounds: tuple[float, ...]) -> Record:
    fields = {column.name: _KINDS.get(column.dtype, "String") for column in queryable_fields(name)}
    return {
        "tilejson": "3.0.0",
        "name": getattr(COLLECTIONS[name], lang),
        "description": getattr(COLLECTIONS[name].note, lang),
        "scheme": "xyz",
        "tiles": [_template(name, request, ("{z}", "{y}", "{x}"))],
        "minzoom": 0,
        "maxzoom": _ENOUGH_ZOOM,
        "bounds": list(bounds),
        "vector_layers": [{"id": name, "fields": {ID: "String"} | fields}],
    }


def _tileset_links(name: str, request: Request) -> list[Record]:
    path, given = f"/collections/{name}/tiles/{TILE_MATRIX_SET}", _given(request)
    base = base_of(request)
    names = ("{tileMatrix}", "{tileRow}", "{tileCol}")
    return [
        _link("self", JSON, address(base, path, given | {"f": "json"})),
        _link(
            "alternate",
            _TILESET_FORMS["tilejson"],
            address(base, path, given | {"f": "tilejson"}),
        ),
        _link("item", MVT, _template(name, request, names)) | {"templated": True},
        _link(_SCHEME_REL, JSON, _set_address(request)),
    ]


def _template(name: str, request: Request, names: tuple[str, str, str]) -> str:
    """Return the address of a tile with names in place of its numbers."""
    path = "/".join((base_of(request), "collections", name, "tiles", TILE_MATRIX_SET, *names))
    return f"{path}?{urlencode(_given(request) | {'f': 'mvt'})}"


def _given(request: Request) -> dict[str, str]:
    """Return what was asked for, but for the format."""
    return {key: value for key, value in request.query_params.items() if key != "f"}


def _set_address(request: Request) -> str:
    return address(base_of(request), f"/tileMatrixSets/{TILE_MATRIX_SET}")


def _link(rel: str, media_type: str, href: str) -> dict[str, Any]:
    return {"rel": rel, "type": media_type, "href": href}
