"""Pages for people: the map at ``/``, what it loads, and the service's own description."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.settings import Settings
from api.web.ogc.landing_page import landing
from api.web.ogc.negotiation import HTML, JSON, form_of
from api.web.parameters import PageQuery
from api.web.security import nonce, page_policy
from layers.web.assets import asset, packed
from layers.web.page import Basemap, PageConfig, render_page
from layers.web.records import render_docs

router = APIRouter(include_in_schema=False)

_MAP_OR_LANDING: Final = {"json": JSON, "html": HTML}
"""Programs that accept anything are given what programs read; browsers say that they want HTML."""


def settings_of(request: Request) -> Settings:
    """Return the settings that the app was made with."""
    settings: Settings = request.app.state.settings
    return settings


def basemap_of(settings: Settings) -> Basemap | None:
    """Return the basemap that the office has set, or None."""
    url = settings.basemap_url
    if url is None:
        return None
    parts = urlsplit(url)
    # {s} stands for a server's letter: the policy then allows the whole domain.
    host = parts.netloc.replace("{s}", "*")
    return Basemap(
        url=url,
        attribution=settings.basemap_attribution,
        min_zoom=settings.basemap_min_zoom,
        max_zoom=settings.basemap_max_zoom,
        origin=f"{parts.scheme}://{host}",
    )


@router.get("/")
def page(
    request: Request,
    query: Annotated[PageQuery, Query()],
    settings: Annotated[Settings, Depends(settings_of)],
) -> Response:
    """Return the map, or for programs the landing page of the service.

    The map's script asks for the figures that the address names.
    """
    if form_of(request, _MAP_OR_LANDING, query.f) == "json":
        return Response(orjson.dumps(landing(request, query.lang)), media_type=JSON)
    page_nonce = nonce()
    basemap = basemap_of(settings)
    config = PageConfig(lang=query.lang, basemap=basemap, static_url="/static/")
    policy = page_policy(page_nonce, image_origin=basemap.origin if basemap else None)
    return HTMLResponse(
        render_page(config, nonce=page_nonce),
        headers={"content-security-policy": policy, "cache-control": "no-store"},
    )


@router.get("/docs")
def docs() -> HTMLResponse:
    """Return the service's interactive description, from an installed package."""
    page_nonce = nonce()
    return HTMLResponse(
        render_docs(nonce=page_nonce),
        headers={"content-security-policy": page_policy(page_nonce), "cache-control": "no-store"},
    )


@router.get("/favicon.ico")
def favicon() -> Response:
    """Return the icon, which browsers ask for unasked."""
    found = asset("favicon.svg")
    return Response(found.content, media_type=found.media_type)


@router.get("/static/{name:path}")
async def static(name: str, request: Request) -> Response:
    """Return one of the listed assets; 304 when the browser has it already.

    They come from memory: a thread for each would cost more than the answer.
    """
    found = asset(name)
    headers = {"etag": found.etag, "cache-control": "no-cache"}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        return Response(packed(name), media_type=found.media_type, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)
