"""The files that a page may load: those of installed packages and our own, by name."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Final

from geo.core.errors import NotFoundError
from layers.text import WEB
from layers.web.modules import module_names, without_comments

STATIC: Final = Path(str(files("layers.web"))) / "static"
"""Our own scripts, style sheets and icon."""
TEMPLATES: Final = Path(str(files("layers.web"))) / "templates"
"""The frames of the pages, for Jinja."""

_OWN: Final = "layers"
_LEAFLET: Final = "xstatic.pkg.leaflet"
_CLUSTER: Final = "xstatic.pkg.leaflet_markercluster"
_SWAGGER: Final = "fastapi_offline"
_MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_PACKAGED: Final[dict[str, tuple[str, str, str]]] = {
    "leaflet.js": (_LEAFLET, "leaflet.js", "text/javascript"),
    "leaflet.css": (_LEAFLET, "leaflet.css", "text/css"),
    "markercluster.js": (_CLUSTER, "leaflet.markercluster.js", "text/javascript"),
    "markercluster.css": (_CLUSTER, "MarkerCluster.css", "text/css"),
    "swagger-ui-bundle.js": (_SWAGGER, "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (_SWAGGER, "swagger-ui.css", "text/css"),
}
SCRIPTS: Final = ("leaflet.js", "markercluster.js")
"""The page's classic scripts, in their order; the map's own and then our modules follow."""
_LEVEL: Final = 9
STYLES: Final = ("leaflet.css", "markercluster.css", "atlas.css")

# A browser requests these with its developer tools open, and we do not ship them.
_SOURCE_MAP: Final = re.compile(rb"(//|/\*)# sourceMappingURL=\S+?(\s*\*/)?\s*$")
_PICTURE: Final = re.compile(rb"url\((?!data:|#)[\"']?images/([a-z0-9_.-]+\.png)[\"']?\)")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that a page may load."""

    content: bytes
    media_type: str
    etag: str


@cache
def asset(name: str) -> Asset:
    """Return a listed file; pictures that a style sheet names are put into it.

    Parameters
    ----------
    name : str
        As listed here; never a path.

    Returns
    -------
    Asset
        Content, media type and entity tag.

    Raises
    ------
    NotFoundError
        The name is not listed.

    Examples
    --------
    >>> asset("leaflet.css").media_type
    'text/css'
    """
    listed = _listed()
    if name not in listed:
        raise NotFoundError(**WEB.pair("no_asset"))
    package, file, media_type = listed[name]
    content = _SOURCE_MAP.sub(b"", (_folder(package) / file).read_bytes().rstrip())
    if media_type == "text/css":
        content = _PICTURE.sub(lambda match: _inline(package, match[1].decode()), content)
    if package == _OWN and media_type == "text/javascript":
        content = without_comments(content.decode("utf-8")).encode("utf-8")
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Asset(content, media_type, f'"{digest}"')


@cache
def packed(name: str) -> bytes:
    """Return a listed file as it travels: gzip, made once and not for each browser.

    Raises
    ------
    NotFoundError
        The name is not listed.
    """
    return gzip.compress(asset(name).content, _LEVEL, mtime=0)


@cache
def modules() -> tuple[str, ...]:
    """Return the page's modules in the order in which they run.

    Examples
    --------
    >>> modules()[-1]
    'main.js'
    """
    return module_names(asset_text)


def asset_text(name: str) -> str:
    """Return a listed file of text, with line ends as a browser reads them.

    Raises
    ------
    NotFoundError
        The name is not listed.
    """
    # A browser reads CRLF as LF before it hashes, so a hash must be of LF.
    return asset(name).content.decode("utf-8").replace("\r\n", "\n")


@cache
def _listed() -> dict[str, tuple[str, str, str]]:
    """Return package, file and media type by name: of packages, and all that is ours."""
    folder = _folder(_OWN)
    own = {
        path.relative_to(folder).as_posix(): _MEDIA_TYPES[path.suffix]
        for path in sorted(folder.rglob("*"))
        if path.suffix in _MEDIA_TYPES
    }
    return _PACKAGED | {name: (_OWN, name, media_type) for name, media_type in own.items()}


def _folder(package: str) -> Path:
    if package == _OWN:
        return STATIC
    module = import_module(package)
    if package == _SWAGGER:
        return Path(str(module.__file__)).parent / "static"
    return Path(module.BASE_DIR)


def _inline(package: str, picture: str) -> bytes:
    content = (_folder(package) / "images" / picture).read_bytes()
    return b"url(data:image/png;base64," + base64.b64encode(content) + b")"
