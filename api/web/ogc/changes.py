"""What changed in a collection since a client last asked: a small pull that loses nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.answers import Answer, Atlas, today
from api.web.ogc.conditional import etag_of, headers_of, unchanged
from api.web.ogc.links import Link, address, base_of, link
from api.web.ogc.negotiation import GEOJSON, JSON, form_of
from api.web.ogc.openapi import FAULTS, FEATURE_COLLECTION, described
from api.web.ogc.parameters import read_query
from api.web.parameters import StudyQuery
from geo.core.errors import QueryError
from geo.core.geojson import collection
from geo.core.sentences import Sentences
from geo.publish.changes import ChangeToken, FeatureChanges, changes_between
from geo.publish.features import collection_named

TEXT: Final = Sentences("api.web")

router = APIRouter(tags=["features"])

CHANGES: Final = "changes"
"""The relation of a link to what changes from there on."""

_FORMS: Final = {"json": GEOJSON}
_CHANGES: Final[dict[str, Any]] = {
    "type": "object",
    "required": [*FEATURE_COLLECTION["required"], "removed", "next"],
    "properties": dict(FEATURE_COLLECTION["properties"])
    | {"removed": {"type": "array", "items": {"type": "string"}}, "next": {"type": "string"}},
}
_SOLVED_ANEW: Final = frozenset({"sites"})
_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST: Final = 10_000
_TOKEN: Final[Any] = {"max_length": 60}
_CHOICES: Final = ("caliber", "scope", "denominator", "lang")


class ChangesQuery(StudyQuery):
    """Since when, until when, and which part of the changes."""

    f: Literal["json"] | None = Field(None, description="format")
    since: str | None = Field(
        None,
        **_TOKEN,
        description="'next' of an earlier answer, or a day, whose end in China is meant; "
        "everything unless given",
    )
    until: str | None = Field(
        None, **_TOKEN, description="'next' of an answer; now unless given; links pin it"
    )
    limit: int = Field(1_000, ge=1, description=f"changes of a page, {_MOST:,} at most")
    offset: int = Field(0, ge=0, le=10_000_000)

    def study_choices(self) -> dict[str, Any]:
        """Return what was chosen of the study but its date."""
        return {key: value for key, value in self.choices().items() if key != "on"}


_DESCRIBED: Final = described(ChangesQuery, _FORMS, _CHANGES)
_DESCRIBED["responses"] |= {410: FAULTS[404]}


@dataclass(frozen=True)
class Feed:
    """What changed between two answers; ``before`` is None where the client has nothing."""

    before: Answer | None
    after: Answer
    changes: FeatureChanges


def has_changes(name: str) -> bool:
    """Return whether changes of a collection can be told.

    Examples
    --------
    >>> has_changes("facilities"), has_changes("sites")
    (True, False)
    """
    return name not in _SOLVED_ANEW


@router.get(
    "/collections/{name}/changes",
    summary="变化 / What changed in a collection",
    response_class=Response,
    **_DESCRIBED,
)
async def changes(name: str, request: Request) -> Response:
    """Return what was added, changed and removed since a token or a day, as GeoJSON.

    Taken into a copy of the collection as it was then, they make it the collection as it is at
    ``next``, byte for byte: features replace those of their id, and ids in ``removed`` go.
    """
    collection_named(name)
    query = read_query(ChangesQuery, request)
    form_of(request, _FORMS, query.f)
    _check_told(name)
    atlas: Atlas = request.app.state.atlas
    scenario = atlas.scenario(**query.choices())
    etag = etag_of(request, atlas.store.version(), scenario.on, scenario.digest, today())
    if (same := unchanged(request, etag)) is not None:
        return same
    feed = await run_in_threadpool(_feed, atlas, name, query)
    return Response(_body(request, name, query, feed), media_type=GEOJSON, headers=headers_of(etag))


def _check_told(name: str) -> None:
    if not has_changes(name):
        raise QueryError(**TEXT.both("no_changes_of_sites"))


def _feed(atlas: Atlas, name: str, query: ChangesQuery) -> Feed:
    before, after = _before(atlas, query), _after(atlas, query)
    was = None if before is None else before.features(name)
    return Feed(before, after, changes_between(was, after.features(name)))


def _after(atlas: Atlas, query: ChangesQuery) -> Answer:
    if query.until is None:
        return atlas.answer(atlas.scenario(**query.choices()))
    if query.on is not None:
        raise QueryError(**TEXT.both("on_and_until_exclude_each_other"))
    return atlas.answer_of(ChangeToken.parse(query.until), **query.study_choices())


def _before(atlas: Atlas, query: ChangesQuery) -> Answer | None:
    if query.since is None:
        return None
    if not _ISO_DATE.fullmatch(query.since):
        return atlas.answer_of(ChangeToken.parse(query.since), **query.study_choices())
    day = _past_day(query.since)
    known = atlas.known_at_end_of(day)
    return atlas.answer(atlas.scenario(on=query.on or day, **query.study_choices()), known)


def _past_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise QueryError(**TEXT.both("no_such_day_in_since")) from error
    if day >= today():
        raise QueryError(**TEXT.both("day_in_since_not_over"))
    return day


def _body(request: Request, name: str, query: ChangesQuery, feed: Feed) -> bytes:
    whole, size = feed.changes, min(query.limit, _MOST)
    page = whole.page(query.offset, size)
    names = list(whole.features.ids)
    members = {
        "added": [names[row] for row in page.added],
        "changed": [names[row] for row in page.changed],
        "removed": list(page.removed),
        "numberAdded": len(whole.added),
        "numberChanged": len(whole.changed),
        "numberRemoved": len(whole.removed),
        "numberMatched": whole.count,
        "numberReturned": page.count,
        "next": feed.after.token,
        "links": _links(request, name, query, feed, size),
        "kepu": orjson.Fragment(feed.after.marks_json),
    }
    return collection(whole.features, page.rows, members=members)


def _links(request: Request, name: str, query: ChangesQuery, feed: Feed, size: int) -> list[Link]:
    base, path = base_of(request), f"/collections/{name}"
    given = {key: request.query_params.get(key) for key in _CHOICES}
    # Both ends are pinned, so that pages belong together, over midnight and over an import.
    since = None if feed.before is None else feed.before.token
    pinned = given | {"since": since, "until": feed.after.token, "limit": size}
    steps = {"self": query.offset}
    if query.offset + size < feed.changes.count:
        steps["next"] = query.offset + size
    if query.offset > 0:
        steps["prev"] = max(0, query.offset - size)
    pages = [
        link(rel, GEOJSON, address(base, f"{path}/changes", pinned | {"offset": at}))
        for rel, at in steps.items()
    ]
    return [
        *pages,
        changes_link(base, name, feed.after, given | {"on": request.query_params.get("on")}),
        link("collection", JSON, address(base, path)),
    ]


def changes_link(base: str, name: str, answer: Answer, given: dict[str, Any]) -> Link:
    """Return the link to what changes in a collection from an answer on."""
    asked = {key: given.get(key) for key in (*_CHOICES, "on")} | {"since": answer.token}
    return link(CHANGES, GEOJSON, address(base, f"/collections/{name}/changes", asked))
