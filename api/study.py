"""The study over the web: ``/study`` and ``/health``."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.atlas import Answer, Atlas
from api.parameters import StudyQuery

router = APIRouter(tags=["study"])


def atlas_of(request: Request) -> Atlas:
    """Return the atlas that the app was made with."""
    atlas: Atlas = request.app.state.atlas
    return atlas


async def answer_for(atlas: Atlas, query: StudyQuery) -> Answer:
    """Return the answer to a query; what is not known yet is worked out in a thread."""
    scenario = atlas.scenario(**query.choices())
    known = atlas.known(scenario)
    return known if known is not None else await run_in_threadpool(atlas.answer, scenario)


@router.get("/study", summary="全区指标 / The figures of the district", response_class=Response)
async def study(
    query: Annotated[StudyQuery, Query()], atlas: Annotated[Atlas, Depends(atlas_of)]
) -> Response:
    """Return every figure, with scenario digest and sources."""
    answer = await answer_for(atlas, query)
    return Response(answer.document, media_type="application/json")


@router.get("/health", summary="运行状态 / Whether the service works")
def health(atlas: Annotated[Atlas, Depends(atlas_of)]) -> dict[str, Any]:
    """Read the store's version; an answer means that service and store both work."""
    return {
        "status": "ok",
        "version": version("kepu-atlas"),
        "store_version": atlas.store.version(),
    }
