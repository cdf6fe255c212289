"""Headers that every answer carries, and the policy of pages."""

from __future__ import annotations

import secrets
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NONCE_BYTES: Final = 16
HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
}
NOTHING_ALLOWED: Final = "default-src 'none'; frame-ancestors 'none'"


def nonce() -> str:
    """Return a fresh nonce for one page."""
    return secrets.token_urlsafe(_NONCE_BYTES)


def page_policy(page_nonce: str, *, image_origin: str | None = None) -> str:
    """Return the Content-Security-Policy of a page.

    Parameters
    ----------
    page_nonce : str
        What its scripts and styles carry.
    image_origin : str, optional
        The basemap's origin, when the office has set one.

    Examples
    --------
    >>> "script-src 'nonce-abc'" in page_policy("abc")
    True
    """
    images = "'self' data:" + (f" {image_origin}" if image_origin else "")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{page_nonce}'",
            f"style-src 'self' 'nonce-{page_nonce}'",
            f"img-src {images}",
            "connect-src 'self'",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        )
    )


class SecurityHeaders:
    """Middleware: add the headers, and the strictest policy where a page set none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add to the head of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("content-security-policy", NOTHING_ALLOWED)
            await send(message)

        await self._app(scope, receive, send_with_headers)
