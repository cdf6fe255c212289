"""The study over the web: ``/study``, ``/trend``, ``/charts`` and ``/health``."""

from __future__ import annotations

from enum import StrEnum
from importlib.metadata import version
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import Answer, Atlas
from api.web.parameters import StudyQuery, TrendQuery
from geo.publish.study_json import surface_columns
from layers.charts import area_trend_chart, basis_of, coverage_trend_chart, lorenz_chart
from layers.strings import Lang

router = APIRouter(tags=["study"])


class ChartName(StrEnum):
    """The charts that can be asked for."""

    LORENZ = "lorenz"
    AREA_TREND = "area_trend"
    COVERAGE_TREND = "coverage_trend"


async def atlas_of(request: Request) -> Atlas:
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


@router.get("/surface", summary="需求点 / The demand points")
async def surface(
    query: Annotated[StudyQuery, Query()], atlas: Annotated[Atlas, Depends(atlas_of)]
) -> Response:
    """Return every demand point: where it is, its residents, what area they can reach."""
    answer = await answer_for(atlas, query)
    columns = await run_in_threadpool(surface_columns, answer.study)
    return Response(orjson.dumps(answer.marks | columns), media_type="application/json")


@router.get("/trend", summary="2021 至 2025 年末的指标 / The figures over the plan's years")
async def trend(
    query: Annotated[TrendQuery, Query()], atlas: Annotated[Atlas, Depends(atlas_of)]
) -> Response:
    """Return the figures at the end of each year of the plan, by district and township.

    With ``since``, a row more: the figures of that date, by the ledger as known now.
    """
    answer = await answer_for(atlas, query)
    found = await run_in_threadpool(atlas.trend, answer.study.scenario, query.since)
    return Response(orjson.dumps(answer.marks | found), media_type="application/json")


@router.get(
    "/charts/{name}.svg",
    summary="图表 / A chart",
    responses={200: {"content": {"image/svg+xml": {}}}},
    response_class=Response,
)
async def chart(
    name: Annotated[ChartName, Path(description="which chart")],
    query: Annotated[StudyQuery, Query()],
    atlas: Annotated[Atlas, Depends(atlas_of)],
) -> Response:
    """Return a chart as a vector picture without scripts."""
    answer = await answer_for(atlas, query)
    drawn = await run_in_threadpool(_drawn, answer, atlas, name, query.lang)
    return Response(drawn, media_type="image/svg+xml")


def _drawn(answer: Answer, atlas: Atlas, name: ChartName, lang: Lang) -> str:
    document = orjson.loads(answer.document)
    if name is ChartName.LORENZ:
        return lorenz_chart(document["inequality"], lang, basis=basis_of(document, lang))
    basis = basis_of(document, lang, dated=False)
    found = atlas.trend(answer.study.scenario)
    if name is ChartName.COVERAGE_TREND:
        return coverage_trend_chart(found, lang, basis=basis)
    target = document["district"]["target_area_per_10k_m2"]
    return area_trend_chart(found, target, lang, basis=basis)


@router.get("/health", summary="运行状态 / Whether the service works")
def health(atlas: Annotated[Atlas, Depends(atlas_of)]) -> dict[str, Any]:
    """Read the store's version; an answer means that service and store both work."""
    return {
        "status": "ok",
        "version": version("kepu-atlas"),
        "store_version": atlas.store.version(),
    }
