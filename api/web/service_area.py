"""The service area of one facility over the web: ``/service-area``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from starlette.concurrency import run_in_threadpool

from api.answers import Atlas
from api.web.ogc.negotiation import GEOJSON
from api.web.parameters import ServiceAreaQuery
from api.web.study import answer_for, atlas_of
from geo.core.geojson import collection, encode
from geo.publish.service_area import service_area_of

router = APIRouter(tags=["features"])

AtlasOf = Annotated[Atlas, Depends(atlas_of)]


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
