"""Siting over the web: ``POST /siting`` begins, ``GET`` asks, ``DELETE`` calls off."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.answers import Atlas
from api.jobs import Report, Work
from api.shared_jobs import AnyJob, AnyJobs
from api.web.parameters import AllotmentQuery, StudyQuery
from api.web.study import answer_for, atlas_of
from geo.core.errors import NotFoundError, QueryError, ScenarioError
from geo.core.sentences import Sentences
from geo.core.siting_options import SitingChoice, SitingLayers
from geo.intake.areas import layers_of
from geo.measures.study import Study
from geo.publish.study_json.allotment import allotment_record
from geo.publish.study_json.siting import asked_record, proposal_record, what_if_record
from geo.publish.study_json.siting_extras import Extra, extra_record
from geo.publish.study_json.siting_scenario import plan_scenario
from geo.siting.allotment import allotment_plan
from geo.siting.proposal import propose
from geo.siting.what_if import PlacedSite, WhatIf, what_if
from layers.web.charts import frontier_chart

TEXT: Final = Sentences("api.web")

router = APIRouter(tags=["siting"])
AtlasOf = Annotated[Atlas, Depends(atlas_of)]
JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="as POST /siting gave it")]

MOST_BODY_BYTES: Final = 1_048_576
MOST_SECONDS: Final = 120.0
MOST_EXTRA_SECONDS: Final = 300.0
"""Of all that is asked besides a plan; what is not done by then is left out."""

_MOST_PLACED: Final = 200


class SitingBody(BaseModel):
    """What is asked otherwise than the scenario asks it, and layers that go with it.

    Attributes
    ----------
    siting : dict
        Any of the keys of ``[siting]`` in a scenario.
    exclusions, parcels : dict or None
        GeoJSON in degrees: polygons in which nothing may stand, and parcels that are offered.
    """

    model_config = ConfigDict(extra="forbid")

    siting: dict[str, Any] = Field(default_factory=dict, max_length=40)
    exclusions: dict[str, Any] | None = None
    parcels: dict[str, Any] | None = None

    @property
    def drawn(self) -> tuple[bytes | None, bytes | None]:
        """The layers as text: exclusions and parcels."""
        return _text(self.exclusions), _text(self.parcels)


class ProposalBody(SitingBody):
    """What is asked for besides the plan."""

    also: tuple[Extra, ...] = Field(default=(), max_length=3)


class WhatIfBody(SitingBody):
    """Sites as a person puts them."""

    sites: tuple[PlacedSite, ...] = Field(max_length=_MOST_PLACED)


def _text(given: dict[str, Any] | None) -> bytes | None:
    return None if given is None else json.dumps(given, sort_keys=True).encode("ascii")


# Each site that is dragged asks with the same layers.
_layers = lru_cache(maxsize=8)(layers_of)


async def jobs_of(request: Request) -> AnyJobs:
    """Return the jobs of the app."""
    jobs: AnyJobs = request.app.state.jobs
    return jobs


JobsOf = Annotated[AnyJobs, Depends(jobs_of)]


async def bounded(request: Request) -> None:
    """Refuse a body that is too large before it is read.

    Raises
    ------
    QueryError
        It is, or it does not say how large it is.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BODY_BYTES:
        raise QueryError(**TEXT.both("body_too_long", most_body_bytes=MOST_BODY_BYTES // 1024))


def choice_for(study: Study, given: dict[str, Any]) -> SitingChoice:
    """Return what is asked: the scenario's siting with some keys of its own laid over it.

    Raises
    ------
    ScenarioError
        A key or value cannot be used.
    """
    if not given:
        return study.scenario.siting
    merged = {**study.scenario.siting.model_dump(mode="json"), **given}
    choice = study.scenario.changed(siting=merged).siting
    return choice.model_copy(update={"time_limit_s": min(choice.time_limit_s, MOST_SECONDS)})


@router.get(
    "/siting", summary="选址的缺省要求 / What siting asks by default", response_class=Response
)
async def asked(query: Annotated[StudyQuery, Query()], atlas: AtlasOf) -> Response:
    """Return what the scenario asks of siting, and the questions there are."""
    study = (await answer_for(atlas, query)).study
    return Response(orjson.dumps(asked_record(study)), media_type="application/json")


@router.post(
    "/siting",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[Depends(bounded)],
    summary="开始选址 / Begin to site",
)
async def begin(
    body: ProposalBody,
    query: Annotated[StudyQuery, Query()],
    atlas: AtlasOf,
    jobs: JobsOf,
    response: Response,
) -> dict[str, Any]:
    """Begin to look for sites, or return the job that has the same question."""
    study = (await answer_for(atlas, query)).study
    choice = choice_for(study, body.siting)
    extras = sorted(set(body.also))
    layers = await run_in_threadpool(_layers, *body.drawn)
    question = _question(study, choice, extras, body)
    # Jobs that processes share are files.
    state = await run_in_threadpool(_begun, jobs, question, _work(study, choice, layers, extras))
    response.headers["Location"] = f"/siting/{state['job_id']}"
    return state


@router.get("/siting/{job_id}", summary="选址进展和结果 / A siting job", response_class=Response)
def ask(job_id: JobId, jobs: JobsOf) -> Response:
    """Return how far a job is; once it is done, the proposal too."""
    job = jobs.get(job_id)
    state = _state(job)
    if state["status"] in {"done", "failed"}:
        # What went wrong with it is the answer to whoever asks.
        state["proposal"] = job.result()
    return Response(orjson.dumps(state), media_type="application/json")


@router.get(
    "/siting/{job_id}/frontier.svg",
    summary="取舍曲线图 / The frontier as a chart",
    responses={200: {"content": {"image/svg+xml": {}}}},
    response_class=Response,
)
def frontier_picture(
    job_id: JobId, jobs: JobsOf, lang: Annotated[Literal["zh", "en"], Query()] = "zh"
) -> Response:
    """Return the frontier of a job that is done and was asked for it, as a vector picture."""
    job = jobs.get(job_id)
    record = job.result() if job.status == "done" else {}
    if "frontier" not in record:
        raise NotFoundError(**TEXT.both("job_has_no_frontier_yet"))
    drawn = frontier_chart(record["frontier"], lang)
    return Response(drawn, media_type="image/svg+xml")


@router.delete("/siting/{job_id}", summary="取消选址 / Call a job off")
def call_off(job_id: JobId, jobs: JobsOf) -> dict[str, Any]:
    """Call a job off; one that is under way ends soon with the best so far."""
    job = jobs.get(job_id)
    job.call_off()
    return _state(job)


@router.post(
    "/siting/what-if",
    dependencies=[Depends(bounded)],
    summary="手工布点 / What if here instead",
    response_class=Response,
)
async def try_sites(
    body: WhatIfBody, query: Annotated[StudyQuery, Query()], atlas: AtlasOf
) -> Response:
    """Return whom some sites reach that a person put on the map, and what rules they break."""
    study = (await answer_for(atlas, query)).study
    choice = choice_for(study, body.siting)
    layers = await run_in_threadpool(_layers, *body.drawn)
    found = await run_in_threadpool(what_if, study, choice, body.sites, layers=layers)
    content = await run_in_threadpool(what_if_record, study, found)
    content["scenario_toml"] = await run_in_threadpool(_scenario_or_none, study, found)
    return Response(orjson.dumps(content), media_type="application/json")


@router.get("/allotment", summary="面积配置 / How large", response_class=Response)
async def allotment(query: Annotated[AllotmentQuery, Query()], atlas: AtlasOf) -> Response:
    """Return the least area, by place, that brings the district or each township to the target."""
    study = (await answer_for(atlas, query)).study
    choice = study.scenario.allotment.model_copy(update=query.asked())
    found = await run_in_threadpool(allotment_plan, study, choice)
    content = await run_in_threadpool(allotment_record, study, found)
    return Response(orjson.dumps(content), media_type="application/json")


def _scenario_or_none(study: Study, found: WhatIf) -> str | None:
    """Return the plan as a scenario file; None where it has none, or points of its own."""
    if found.plan.sites.empty:
        return None
    try:
        return plan_scenario(study, found.plan)
    except ScenarioError:
        return None


def _question(
    study: Study, choice: SitingChoice, extras: Sequence[Extra], body: SitingBody
) -> bytes:
    return orjson.dumps(
        [
            study.data.version,
            study.scenario.model_dump(mode="json"),
            choice.model_dump(mode="json"),
            extras,
            [None if text is None else text.decode("ascii") for text in body.drawn],
        ],
        option=orjson.OPT_SORT_KEYS,
    )


def _work(
    study: Study, choice: SitingChoice, layers: SitingLayers, extras: Sequence[Extra]
) -> Work:
    def work(report: Report) -> dict[str, Any]:
        proposal = propose(study, choice, layers=layers, progress=report)
        record = proposal_record(study, proposal)
        told = proposal.optimum.objective, proposal.optimum.bound, proposal.seconds
        until = time.monotonic() + MOST_EXTRA_SECONDS
        for extra in extras:
            record |= extra_record(
                study,
                proposal,
                extra,
                lambda _done, _of: report(*told) and time.monotonic() < until,
            )
        return record

    return work


def _begun(jobs: AnyJobs, question: bytes, work: Work) -> dict[str, Any]:
    return _state(jobs.start(question, work))


def _state(job: AnyJob) -> dict[str, Any]:
    objective, bound, seconds = job.found or (None, None, None)
    return {
        "job_id": job.job_id,
        "status": job.status,
        "cancelled": job.was_called_off,
        "objective": _finite(objective),
        "bound": _finite(bound),
        "seconds": None if seconds is None else round(seconds, 1),
    }


def _finite(value: float | None) -> float | None:
    return None if value is None or abs(value) == float("inf") else value
