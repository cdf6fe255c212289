"""Items of a collection, and one of them: GeoJSON, or as a page to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import Answer
from api.palette import palette_of
from api.web.ogc.changes import changes_link, has_changes
from api.web.ogc.links import Link, address, base_of, link
from api.web.ogc.negotiation import GEOJSON, HTML, JSON
from api.web.ogc.openapi import FEATURE, FEATURE_COLLECTION, described
from api.web.ogc.pages import items_page
from api.web.ogc.parameters import ItemQuery, ItemsQuery, asked_of, chosen_properties, read_query
from api.web.ogc.request import Asking, asking, features_of
from geo.core.errors import NotFoundError
from geo.core.geojson import FeatureSet, collection, reduced
from geo.core.output_systems import CRS84, OutputSystem
from geo.core.sentences import Sentences
from geo.publish.features import collection_named
from geo.publish.files.package import Format, package
from geo.publish.selection import Rows

TEXT: Final = Sentences("api.web")

router = APIRouter(tags=["features"])

ITEM_FORMS: Final = {"json": GEOJSON, "html": HTML}
ITEMS_FORMS: Final = ITEM_FORMS | {"csv": "text/csv", "gpkg": "application/geopackage+sqlite3"}
"""A page of items may be a file too."""


_ENDINGS: Final = {"csv": Format.CSV, "gpkg": Format.GEOPACKAGE}


@dataclass(frozen=True)
class Page:
    """One page of the features that were asked for.

    Attributes
    ----------
    rows : numpy.ndarray of int
        Of this page, in ``features``.
    matched : int
        How many there are on all pages.
    """

    features: FeatureSet
    rows: Rows
    matched: int


@router.get(
    "/collections/{name}/items",
    summary="要素 / Items of a collection",
    response_class=Response,
    **described(ItemsQuery, ITEMS_FORMS, FEATURE_COLLECTION),
)
async def items(name: str, request: Request) -> Response:
    """Return one page of a collection's features (RFC 7946), in the order of their ids."""
    collection_named(name)
    query = read_query(ItemsQuery, request)
    asked = asking(request, query, ITEMS_FORMS)
    if (same := asked.unchanged()) is not None:
        return same
    answer = await asked.answer()
    system = asked.system(answer)
    page = await _page(name, query, answer, await features_of(answer, name, system))
    links = _page_links(name, asked, query, answer, page)
    if asked.form == "html":
        return items_page(asked, name, answer, page.features.encoded[page.rows], links)
    if asked.form in _ENDINGS:
        return await run_in_threadpool(_as_file, name, asked, answer, page, system)
    members = {
        "numberMatched": page.matched,
        "numberReturned": len(page.rows),
        "links": links,
        **asked.note_member,
        "kepu": orjson.Fragment(answer.marks_json),
    }
    kept = chosen_properties(name, query)
    shown = page.features
    if kept is not None or query.skip_geometry:
        shown = reduced(shown, page.rows, properties=kept, geometry=not query.skip_geometry)
    return Response(
        collection(shown, page.rows, members=members),
        media_type=GEOJSON,
        headers=asked.headers | {"content-crs": f"<{system.uri}>"},
    )


def _as_file(
    name: str, asked: Asking, answer: Answer, page: Page, system: OutputSystem
) -> Response:
    """Return a page of features as ``kepu export`` writes them, east before north."""
    ending = _ENDINGS[asked.form]
    made = package(
        answer.study,
        name,
        f"{name}{ending}",
        crs="CRS84" if system.crs is None else f"EPSG:{system.crs.to_epsg()}",
        palette=palette_of(answer.study.scenario.target_area_per_10k_m2),
        frame=answer.frame(name).iloc[page.rows],
    )
    headers = {"content-disposition": f'attachment; filename="{name}{ending}"'}
    return Response(
        made.content, media_type=ITEMS_FORMS[asked.form], headers=asked.headers | headers
    )


@router.get(
    "/collections/{name}/items/{feature_id}",
    summary="一个要素 / One item of a collection",
    response_class=Response,
    **described(ItemQuery, ITEM_FORMS, FEATURE),
)
async def item(name: str, feature_id: str, request: Request) -> Response:
    """Return one feature."""
    collection_named(name)
    asked = asking(request, read_query(ItemQuery, request), ITEM_FORMS)
    if (same := asked.unchanged()) is not None:
        return same
    answer = await asked.answer()
    system = asked.system(answer)
    features = await features_of(answer, name, system)
    at = features.ids.get(feature_id)
    if at is None:
        raise NotFoundError(**TEXT.both("no_such_feature"))
    links = _item_links(name, asked, answer)
    if asked.form == "html":
        return items_page(asked, name, answer, features.encoded[[at]], links, feature_id=feature_id)
    kepu = orjson.Fragment(answer.marks_json)
    members = orjson.dumps({"links": links, **asked.note_member, "kepu": kepu})
    content = features.encoded[at][:-1] + b"," + members[1:]
    headers = asked.headers | {"content-crs": f"<{system.uri}>"}
    return Response(content, media_type=GEOJSON, headers=headers)


async def _page(name: str, query: ItemsQuery, answer: Answer, features: FeatureSet) -> Page:
    asked = asked_of(name, query, answer.systems)
    first, last = query.offset, query.offset + query.page_size
    if asked is None:
        every = features.pick()
        return Page(features, every[first:last], len(every))
    rows = answer.known_rows(name, asked)
    if rows is None:
        rows = await run_in_threadpool(answer.rows, name, asked, features)
    return Page(features, rows[first:last], len(rows))


def _pinned(asked: Asking, answer: Answer) -> dict[str, Any]:
    """Return a request's parameters with its date and the state of the ledger pinned.

    Pages of one answer belong together, over midnight and over an import.
    """
    given = dict(asked.request.query_params)
    if "datetime" not in given:
        given["on"] = asked.scenario.on.isoformat()
    return given | ({"known": answer.known} if answer.known else {})


def _page_links(
    name: str, asked: Asking, query: ItemsQuery, answer: Answer, page: Page
) -> list[Link]:
    base, size, first = base_of(asked.request), query.page_size, query.offset
    # Encoded once: what differs between the links follows at the end.
    rest = ("offset", "f", "limit")
    pinned = {key: value for key, value in _pinned(asked, answer).items() if key not in rest}
    start = address(base, asked.request.url.path, pinned | {"limit": size})
    steps = {"self": first}
    if first + size < page.matched:
        steps["next"] = first + size
    if first > 0:
        steps["prev"] = max(0, first - size)
    form = asked.form
    found = [
        link(rel, ITEMS_FORMS[form], f"{start}&offset={at}&f={form}") for rel, at in steps.items()
    ]
    found += [
        link("alternate", media, f"{start}&offset={first}&f={other}")
        for other, media in ITEMS_FORMS.items()
        if other != form
    ]
    found.append(link("collection", JSON, f"{base}/collections/{name}"))
    if _begins_a_full_pull(name, query, answer) and first == 0:
        found.append(changes_link(base, name, answer, dict(asked.request.query_params)))
    return found


def _begins_a_full_pull(name: str, query: ItemsQuery, answer: Answer) -> bool:
    """Return whether all of a collection is asked for, so that it can be kept up to date.

    Only the first page tells from where on: what came between pages is then told as a change.
    """
    whole = query.properties is None and not query.skip_geometry and query.crs in {None, CRS84}
    return whole and has_changes(name) and asked_of(name, query, answer.systems) is None


def _item_links(name: str, asked: Asking, answer: Answer) -> list[Link]:
    base, path = base_of(asked.request), asked.request.url.path
    pinned = _pinned(asked, answer)
    other = "html" if asked.form == "json" else "json"
    return [
        link("self", ITEM_FORMS[asked.form], address(base, path, pinned | {"f": asked.form})),
        link("alternate", ITEM_FORMS[other], address(base, path, pinned | {"f": other})),
        link("collection", JSON, address(base, f"/collections/{name}")),
    ]
