"""The service as pages to read: its collections and features, and its interactive description.

Every value enters through the template's escaping. The pages of records run no script; the
description runs Swagger's, from an installed package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from jinja2 import Environment, StrictUndefined, Template

from geo.core.errors import Lang
from layers.web.assets import TEMPLATES

_DOCS: Final = Environment(autoescape=True).from_string(
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

Cell = str | tuple[str, str]
"""A text, or a text and the address it leads to."""


@dataclass(frozen=True)
class RecordsPage:
    """One page: titles, a table, and where it leads.

    Attributes
    ----------
    title : str
        Of the page.
    trail : sequence of (str, str)
        Titles and addresses of the pages above it.
    notes : sequence of str
        Sentences under the title: the basis of the figures, and the marks.
    warnings : sequence of str
        Sentences that a reader must see, such as that the data are invented.
    heads : sequence of str
        Of the table.
    rows : sequence of sequence of Cell
        Its cells.
    links : sequence of (str, str)
        Titles and addresses of further pages and formats.
    """

    title: str
    trail: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    links: Sequence[tuple[str, str]] = field(default=())


def render_records(page: RecordsPage, *, lang: Lang) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    page : RecordsPage
        What stands on it; every text is escaped.
    lang : {"zh", "en"}
        The language of the page's own words.

    Examples
    --------
    >>> page = RecordsPage("<b>", heads=["名称"], rows=[[("a & b", "/x?a=1")]])
    >>> html = render_records(page, lang="zh")
    >>> "<h1>&lt;b&gt;</h1>" in html, '<a href="/x?a=1">a &amp; b</a>' in html
    (True, True)
    """
    return _records_template().render(page=page, lang=lang)


@cache
def _records_template() -> Template:
    text = (TEMPLATES / "records.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.from_string(text)


def render_docs(*, nonce: str) -> str:
    """Return the page on which the service's endpoints can be read and called.

    Parameters
    ----------
    nonce : str
        Of the page's Content-Security-Policy.

    Examples
    --------
    >>> render_docs(nonce="abc").count('nonce="abc"')
    2
    """
    return _DOCS.render(nonce=nonce)
