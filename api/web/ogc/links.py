"""Absolute addresses of this service, and the links between its documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from fastapi import Request

Link = dict[str, str]
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


def base_of(request: Request) -> str:
    """Return the address at which the client reached this service, without a closing slash.

    A ``Host`` that is none is not repeated.
    """
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        name, port = request.scope.get("server") or ("127.0.0.1", None)
        host = name if port is None else f"{name}:{port}"
    return f"{request.scope.get('scheme', 'http')}://{host}{request.scope.get('root_path', '')}"


def address(base: str, path: str, parameters: Mapping[str, object] | None = None) -> str:
    """Return the address of a document with parameters, those that are None left out.

    Examples
    --------
    >>> address("http://a", "/x", {"f": "json", "on": None})
    'http://a/x?f=json'
    """
    given = {key: value for key, value in (parameters or {}).items() if value is not None}
    return f"{base}{path}?{urlencode(given)}" if given else f"{base}{path}"


def link(rel: str, media_type: str, href: str, title: str = "") -> Link:
    """Return a link object.

    Examples
    --------
    >>> link("self", "application/json", "http://a/")
    {'rel': 'self', 'type': 'application/json', 'href': 'http://a/'}
    """
    found = {"rel": rel, "type": media_type, "href": href}
    return found | ({"title": title} if title else {})
