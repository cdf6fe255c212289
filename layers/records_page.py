"""The service as pages to read: what it offers, its collections, and their features in a table.

Every value enters through the template's escaping; a page runs no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined, Template

from layers.strings import Lang

_TEMPLATE: Final = "records.html"

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
        Sentences under the title: what it rests on, and the marks.
    warnings : sequence of str
        Sentences that nobody may overlook, such as that data are invented.
    heads : sequence of str
        Of the table.
    rows : sequence of sequence of Cell
        Its cells.
    links : sequence of (str, str)
        Titles and addresses that lead on: pages, formats.
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

    Examples
    --------
    >>> page = RecordsPage("<b>", heads=["名称"], rows=[[("a & b", "/x?a=1")]])
    >>> html = render_records(page, lang="zh")
    >>> "<h1>&lt;b&gt;</h1>" in html, '<a href="/x?a=1">a &amp; b</a>' in html
    (True, True)
    """
    return _template().render(page=page, lang=lang)


@cache
def _template() -> Template:
    text = (files("layers") / "templates" / _TEMPLATE).read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.from_string(text)
