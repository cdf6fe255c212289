"""The service's interactive description, with no request beyond this machine."""

from __future__ import annotations

from typing import Final

from jinja2 import Environment

_PAGE: Final = Environment(autoescape=True).from_string(
    """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>kepu-atlas API</title>
<link rel="icon" href="/static/favicon.svg">
<link rel="stylesheet" href="/static/swagger-ui.css">
</head>
<body>
<main id="swagger-ui" data-openapi="/openapi.json"></main>
<script nonce="{{ nonce }}" src="/static/swagger-ui-bundle.js"></script>
<script nonce="{{ nonce }}" type="module" src="/static/docs.js"></script>
</body>
</html>
"""
)


def render_docs(*, nonce: str) -> str:
    """Return the page on which the service's endpoints can be read and tried.

    Parameters
    ----------
    nonce : str
        Of the page's Content-Security-Policy.

    Examples
    --------
    >>> render_docs(nonce="abc").count('nonce="abc"')
    2
    """
    return _PAGE.render(nonce=nonce)
