"""Collections over the web: ``/collections`` and their items, as GeoJSON."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.atlas import Answer, Atlas
from api.parameters import ItemsQuery, ServiceAreaQuery, StudyQuery, link_parameters
from api.study import answer_for, atlas_of
from geo.features import COLLECTIONS, collection_named
from geo.geojson import collection, encode, parse_bbox
from geo.service_area import service_area_of

GEOJSON = "application/geo+json"
router = APIRouter(tags=["features"])

AtlasOf = Annotated[Atlas, Depends(atlas_of)]


@router.get("/collections", summary="要素集合 / The collections")
async def collections(request: Request, query: Annotated[StudyQuery, Query()]) -> dict[str, Any]:
    """List the collections and where their items are."""
    return {
        "collections": [
            {
                "id": name,
                "title": found.en if query.lang == "en" else found.zh,
                "itemType": "feature",
                "links": [
                    {
                        "rel": "items",
                        "type": GEOJSON,
                        "href": str(request.url_for("items", name=name).path),
                    }
                ],
            }
            for name, found in COLLECTIONS.items()
        ]
    }


@router.get(
    "/collections/{name}/items",
    summary="要素 / Items of a collection",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}},
)
async def items(
    name: str, request: Request, query: Annotated[ItemsQuery, Query()], atlas: AtlasOf
) -> Response:
    """Return one page of a collection's features (RFC 7946), in the order of their ids."""
    wanted = collection_named(name).wanted(query.filters())
    bbox = parse_bbox(query.bbox) if query.bbox is not None else None
    answer = await answer_for(atlas, query)
    features = answer.features(name)
    rows = features.pick(bbox=bbox, wanted=wanted)
    page = rows[query.offset : query.offset + query.limit]
    members = {
        "numberMatched": len(rows),
        "numberReturned": len(page),
        "links": _links(request.url.path, query, answer, len(rows)),
        "kepu": answer.marks,
    }
    return Response(collection(features, page, members=members), media_type=GEOJSON)


@router.get(
    "/service-area",
    summary="一个设施的服务范围 / The service area of a facility",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}},
)
async def service_area(query: Annotated[ServiceAreaQuery, Query()], atlas: AtlasOf) -> Response:
    """Return from where a facility is reached, for showing, and the residents within its limit."""
    answer = await answer_for(atlas, query)
    found = await run_in_threadpool(
        service_area_of, answer.study, query.facility, query.mode, query.minutes
    )
    features = encode(found)
    content = collection(features, features.pick(), members={"kepu": answer.marks})
    return Response(content, media_type=GEOJSON)


def _links(path: str, query: ItemsQuery, answer: Answer, matched: int) -> list[dict[str, str]]:
    pages = {"self": query.offset}
    if query.offset + query.limit < matched:
        pages["next"] = query.offset + query.limit
    if query.offset > 0:
        pages["prev"] = max(0, query.offset - query.limit)
    return [
        {
            "rel": rel,
            "type": GEOJSON,
            "href": f"{path}?{urlencode(link_parameters(query, answer.study.scenario, offset))}",
        }
        for rel, offset in pages.items()
    ]
