"""What every document about a collection does first: form, answer, and whether it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import Answer, Atlas, today
from api.web.ogc.conditional import etag_of, headers_of, unchanged
from api.web.ogc.negotiation import form_of
from api.web.ogc.parameters import ItemQuery
from geo.core.geojson import FeatureSet
from geo.core.output_systems import CRS84, OutputSystem, system_named
from geo.core.scenario import Scenario
from geo.core.sentences import Sentences

TEXT: Final = Sentences("api.web")


@dataclass(frozen=True)
class Asking:
    """A request that was understood: its question, the form of its answer, and its tag."""

    request: Request
    query: ItemQuery
    form: str
    scenario: Scenario
    etag: str
    is_ahead: bool

    @property
    def atlas(self) -> Atlas:
        """Where the answers are."""
        atlas: Atlas = self.request.app.state.atlas
        return atlas

    @property
    def note(self) -> dict[str, str] | None:
        """What a reader of a day that is still to come must know; None for days until today."""
        return _ahead(self.scenario.on) if self.is_ahead else None

    @property
    def note_member(self) -> dict[str, dict[str, str]]:
        """The note as a member of an answer, where there is one (RFC 7946, 6.1)."""
        return {} if self.note is None else {"note": self.note}

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
    # When the day has come the answer is another one, for its note is gone.
    is_ahead = scenario.on > today()
    etag = etag_of(request, version, scenario.on, scenario.digest, form, is_ahead)
    return Asking(request, query, form, scenario, etag, is_ahead)


def _ahead(on: date) -> dict[str, str]:
    return TEXT.words("is_still_to_come", on=on)._asdict()


async def features_of(answer: Answer, name: str, system: OutputSystem) -> FeatureSet:
    """Return a collection, encoded once for each answer and system."""
    known = answer.known_features(name, system)
    return known if known is not None else await run_in_threadpool(answer.features, name, system)
