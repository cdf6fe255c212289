"""Answers that a client may already have: ETag, If-None-Match and 304."""

from __future__ import annotations

import hashlib
from typing import Final

from fastapi import Request, Response

_CACHE: Final = "no-cache"
"""A client may keep an answer, and asks each time whether it still holds."""

_HEX: Final = 32


def etag_of(request: Request, *parts: object) -> str:
    """Return the tag of an answer: the same for the same question about the same data.

    It is weak, since the same answer may travel compressed.
    """
    asked = (request.url.path, request.url.query, *parts)
    digest = hashlib.sha256("\n".join(map(str, asked)).encode()).hexdigest()
    return f'W/"{digest[:_HEX]}"'


def unchanged(request: Request, etag: str) -> Response | None:
    """Return 304 where the client has the answer of this tag already; else None."""
    given = request.headers.get("if-none-match")
    if given is None:
        return None
    tags = {part.strip().removeprefix("W/") for part in given.split(",")}
    if etag.removeprefix("W/") not in tags and "*" not in tags:
        return None
    return Response(status_code=304, headers=headers_of(etag))


def headers_of(etag: str) -> dict[str, str]:
    """Return the headers of an answer with a tag."""
    return {"etag": etag, "cache-control": _CACHE, "vary": "Accept, Accept-Encoding"}
