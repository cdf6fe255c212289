"""What every document about a collection does first: form, answer, and whether it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api.atlas import Answer, Atlas
from api.ogc.conditional import etag_of, headers_of, unchanged
from api.ogc.negotiation import form_of
from api.ogc.parameters import ItemQuery
from geo.geojson import FeatureSet
from geo.output_systems import CRS84, OutputSystem, system_named
from geo.scenario import Scenario


@dataclass(frozen=True)
class Asking:
    """A request that was understood: its question, the form of its answer, and its tag."""

    request: Request
    query: ItemQuery
    form: str
    scenario: Scenario
    etag: str

    @property
    def atlas(self) -> Atlas:
        """Where the answers are."""
        atlas: Atlas = self.request.app.state.atlas
        return atlas

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        return headers_of(self.etag)

    def unchanged(self) -> Response | None:
        """Return 304 where the client has the answer already; else None."""
        return unchanged(self.request, self.etag)

    async def answer(self) -> Answer:
        """Return the study; what is not known yet is worked out in a thread."""
        atlas, at = self.atlas, self.query.known
        known = atlas.known(self.scenario, at)
        if known is not None:
            return known
        return await run_in_threadpool(atlas.answer, self.scenario, at)

    def system(self, answer: Answer) -> OutputSystem:
        """Return the coordinate system asked for.

        Raises
        ------
        QueryError
            It is not offered.
        """
        wanted = CRS84 if self.query.crs is None else self.query.crs
        return system_named(wanted, answer.systems)


def asking(request: Request, query: ItemQuery, forms: Mapping[str, str]) -> Asking:
    """Return a request that was understood.

    Raises
    ------
    QueryError, NotAcceptableError, ScenarioError
        It asks for what there is not.
    """
    form = form_of(request, forms, query.f)
    atlas: Atlas = request.app.state.atlas
    scenario = atlas.scenario(**query.study_choices())
    version = atlas.store.version()
    return Asking(
        request,
        query,
        form,
        scenario,
        etag_of(request, version, scenario.on, scenario.digest, form),
    )


async def features_of(answer: Answer, name: str, system: OutputSystem) -> FeatureSet:
    """Return a collection, encoded once for each answer and system."""
    known = answer.known_features(name, system)
    return known if known is not None else await run_in_threadpool(answer.features, name, system)
