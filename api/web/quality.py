"""The state of the data over the web: ``/quality``."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Response

from api.answers import Atlas
from api.web.parameters import StudyQuery
from api.web.study import answer_for, atlas_of
from geo.measures.quality import quality_document

router = APIRouter(tags=["study"])


@router.get("/quality", summary="数据状况 / The state of the data", response_class=Response)
async def quality(
    query: Annotated[StudyQuery, Query()], atlas: Annotated[Atlas, Depends(atlas_of)]
) -> Response:
    """Return unknown areas, doubtful rows and rows held back, each with its source row."""
    answer = await answer_for(atlas, query)
    document = quality_document(answer.study, atlas.store.quarantine())
    return Response(orjson.dumps(document), media_type="application/json")
