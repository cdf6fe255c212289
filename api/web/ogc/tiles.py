"""Vector tiles of a collection (OGC API - Tiles, Mapbox Vector Tile)."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.answers import Answer, Atlas
from api.web.ogc.conditional import etag_of, headers_of, unchanged
from api.web.ogc.negotiation import form_of
from api.web.ogc.openapi import described
from api.web.ogc.parameters import SelectionQuery, asked_of, read_query
from api.web.tile_cache import PackedTile, TileCache
from geo.core.errors import NotFoundError
from geo.core.sentences import Sentences
from geo.publish.features import collection_named
from geo.publish.tiles import MOST_FEATURES, TILE_MATRIX_SET, Tile, tile_named

TEXT: Final = Sentences("api.web")

router = APIRouter(tags=["tiles"])

MVT: Final = "application/vnd.mapbox-vector-tile"
TRUNCATED: Final = "kepu-truncated"
"""The header of a tile with too many features: how many are drawn, of how many."""

_FORMS: Final = {"mvt": MVT}
_BYTES: Final[dict[str, Any]] = {"type": "string", "format": "binary"}
_NO_CONTENT: Final = 204


class TileQuery(SelectionQuery):
    """Which features a tile draws."""

    f: Literal["mvt"] | None = Field(None, description="format")


def check_tile_matrix_set(name: str) -> None:
    """Raise unless a tile matrix set is offered.

    Raises
    ------
    NotFoundError
        It is not.
    """
    if name != TILE_MATRIX_SET:
        raise NotFoundError(**TEXT.both("no_such_tile_matrix_set", tile_matrix_set=TILE_MATRIX_SET))


_DESCRIBED: Final = described(TileQuery, _FORMS, _BYTES)
_DESCRIBED["responses"] |= {_NO_CONTENT: {"description": "空瓦片 / Nothing lies in this tile"}}


@router.get(
    "/collections/{name}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
    summary="矢量瓦片 / A vector tile",
    response_class=Response,
    **_DESCRIBED,
)
async def tile(
    *,
    name: str,
    tile_matrix_set: Annotated[str, Path(alias="tileMatrixSetId")],
    zoom: Annotated[str, Path(alias="tileMatrix")],
    row: Annotated[str, Path(alias="tileRow")],
    col: Annotated[str, Path(alias="tileCol")],
    request: Request,
) -> Response:
    """Return a tile: one layer, named as the collection; each feature's id is its property ``id``.

    Properties are those that may be asked about; dates are written as 2025-12-31. Of more than
    10,000 features the first by id are drawn, and the header ``kepu-truncated`` says so.
    """
    collection_named(name)
    check_tile_matrix_set(tile_matrix_set)
    found = tile_named(zoom, row, col)
    query = read_query(TileQuery, request)
    form_of(request, _FORMS, query.f)
    atlas: Atlas = request.app.state.atlas
    scenario = atlas.scenario(**query.study_choices())
    etag = etag_of(request, atlas.store.version(), scenario.on, scenario.digest)
    if (same := unchanged(request, etag)) is not None:
        return same
    answer = atlas.known(scenario, query.known)
    if answer is None:
        answer = await run_in_threadpool(atlas.answer, scenario, query.known)
    cache: TileCache = request.app.state.tiles
    packed = await run_in_threadpool(_packed, cache, answer, name, query, found)
    return _response(request, packed, headers_of(etag))


def _packed(
    cache: TileCache, answer: Answer, name: str, query: TileQuery, tile: Tile
) -> PackedTile:
    asked = asked_of(name, query, answer.systems)
    key = (answer.token, name, asked, tile)
    kept = cache.get(key)
    if kept is None:
        rows = None
        if asked is not None:
            rows = answer.known_rows(name, asked)
            rows = answer.rows(name, asked, answer.features(name)) if rows is None else rows
        kept = PackedTile.of(answer.tiles(name).encode(tile, rows))
        cache.put(key, kept)
    return kept


def _response(request: Request, tile: PackedTile, headers: dict[str, str]) -> Response:
    if tile.truncated:
        headers[TRUNCATED] = f"{MOST_FEATURES}/{tile.matched}"
    if not tile.packed:
        return Response(status_code=_NO_CONTENT, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(tile.plain, media_type=MVT, headers=headers)
    return Response(tile.packed, media_type=MVT, headers=headers | {"content-encoding": "gzip"})
