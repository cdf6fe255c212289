"""A fault as a page to read, for whoever asked with a browser: the reason, and ways back."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse

from api.web.ogc.links import base_of
from api.web.ogc.negotiation import HTML, accepted
from api.web.security import nonce, page_policy
from geo.core.errors import Lang, NotAcceptableError
from layers.records_page import RecordsPage, render_records

_FORMS: Final = (("json", "application/problem+json"), ("html", HTML))
_MOST_PARAMETERS: Final = 40
_WORDS: Final = {
    "zh": {
        "map": "科普设施地图", "status": "HTTP 状态 {status}。数据没有改动。",
        "again": "去掉有误的参数，重新打开", "home": "打开地图",
        "service": "数据服务", "other": "English",
    },
    "en": {
        "map": "Science-outreach atlas", "status": "HTTP status {status}. No data changed.",
        "again": "Open it without the faulty parameters", "home": "Open the map",
        "service": "Data service", "other": "中文",
    },
}  # fmt: skip


def is_for_a_page(request: Request) -> bool:
    """Return whether a person's browser asked: it names HTML, and no other form by ``f``.

    Programs accept anything or name JSON; a page's own scripts accept anything.
    """
    form = request.query_params.get("f")
    if request.method not in {"GET", "HEAD"} or form not in {None, "html"}:
        return False
    try:
        return accepted(request.headers.get("accept", ""), _FORMS) == "html"
    except NotAcceptableError:
        return False


def fault_page(
    request: Request,
    status: HTTPStatus,
    title: str,
    detail: str,
    *,
    lang: Lang,
    faulty: Collection[str] = (),
) -> HTMLResponse:
    """Return a fault as a page, with the status that programs are given too.

    Parameters
    ----------
    request : Request
        What was asked.
    status : HTTPStatus
        Of the answer.
    title, detail : str
        What went wrong, and the reason.
    lang : {"zh", "en"}
        The language of both.
    faulty : collection of str
        Parameters that were wrong; the page leads to the same address without them.
    """
    said, base = _WORDS[lang], base_of(request)
    tail = "?lang=en" if lang == "en" else ""
    links = [(said["home"], f"{base}/{tail}"), (said["service"], f"{base}/service{tail}")]
    if any(name in request.query_params for name in faulty):
        links.insert(0, (said["again"], _same(request, base, faulty)))
    other = _same(request, base, {"lang"}, lang="zh" if lang == "en" else "en")
    page = RecordsPage(
        title=title,
        trail=[(said["map"], f"{base}/{tail}")],
        warnings=[detail],
        notes=[said["status"].format(status=int(status))],
        links=[*links, (said["other"], other)],
    )
    return HTMLResponse(
        render_records(page, lang=lang),
        status_code=int(status),
        headers={
            "content-security-policy": page_policy(nonce()),
            "cache-control": "no-store",
            "vary": "accept",
        },
    )


def _same(request: Request, base: str, without: Collection[str], **values: str) -> str:
    """Return the address that was asked, with parameters left out and others put in."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in without]
    query = urlencode([*kept[:_MOST_PARAMETERS], *values.items()])
    path: str = request.scope.get("raw_path", b"/").decode("latin-1").split("?")[0]
    return f"{base}{path}?{query}" if query else f"{base}{path}"
