"""In which form an answer is given: by ``f``, else by what the client accepts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from fastapi import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from geo.core.errors import NotAcceptableError, QueryError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("api.web")

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"

DOCUMENTS: Final[Mapping[str, str]] = MappingProxyType({"json": JSON, "html": HTML})
"""Forms of a page about the service, by ``f``; the first is given to who accepts anything."""

_MOST_CHARACTERS: Final = 2_000


def form_of(request: Request, forms: Mapping[str, str], asked: str | None = None) -> str:
    """Return the key of the form that a client wants, of those that there are.

    Parameters
    ----------
    request : Request
        Whose ``Accept`` counts where it does not say ``f``.
    forms : mapping of str to str
        Media type by ``f``, the preferred first.
    asked : str, optional
        The parameter ``f``.

    Raises
    ------
    QueryError
        ``f`` names none of them.
    NotAcceptableError
        The client accepts none of them.
    """
    if asked is None:
        return accepted(request.headers.get("accept", ""), tuple(forms.items()))
    if asked not in forms:
        raise QueryError(**TEXT.both("there_is_no_such_format", forms=", ".join(forms)))
    return asked


@lru_cache(maxsize=256)
def accepted(header: str, forms: tuple[tuple[str, str], ...]) -> str:
    """Return which form an ``Accept`` header wants (RFC 9110, 12.5.1).

    Raises
    ------
    NotAcceptableError
        None of them.

    Examples
    --------
    >>> forms = (("json", GEOJSON), ("html", HTML))
    >>> accepted("*/*", forms), accepted("text/html,*/*;q=0.8", forms), accepted("", forms)
    ('json', 'html', 'json')
    >>> accepted("application/json", forms)
    'json'
    """
    if not header.strip():
        return forms[0][0]
    wanted = parse_accept_header(header[:_MOST_CHARACTERS], MIMEAccept)
    offered = {media: form for form, media in forms}
    if GEOJSON in offered:
        # GeoJSON is JSON, and older clients ask for it so.
        offered.setdefault(JSON, offered[GEOJSON])
    best = wanted.best_match(offered)
    if best is None:
        raise NotAcceptableError(
            **TEXT.both("no_accepted_format", forms=", ".join(dict(forms).values()))
        )
    return offered[best]
