"""What a page loads: files of installed packages and our own, by name, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Final

from geo.core.errors import NotFoundError

_OWN: Final = "layers"
_LEAFLET: Final = "xstatic.pkg.leaflet"
_CLUSTER: Final = "xstatic.pkg.leaflet_markercluster"
_SWAGGER: Final = "fastapi_offline"
_ASSETS: Final[dict[str, tuple[str, str, str]]] = {
    "leaflet.js": (_LEAFLET, "leaflet.js", "text/javascript"),
    "leaflet.css": (_LEAFLET, "leaflet.css", "text/css"),
    "markercluster.js": (_CLUSTER, "leaflet.markercluster.js", "text/javascript"),
    "markercluster.css": (_CLUSTER, "MarkerCluster.css", "text/css"),
    "swagger-ui-bundle.js": (_SWAGGER, "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (_SWAGGER, "swagger-ui.css", "text/css"),
    "words.js": (_OWN, "words.js", "text/javascript"),
    "source.js": (_OWN, "source.js", "text/javascript"),
    "room.js": (_OWN, "room.js", "text/javascript"),
    "labels.js": (_OWN, "labels.js", "text/javascript"),
    "map.js": (_OWN, "map.js", "text/javascript"),
    "panel.js": (_OWN, "panel.js", "text/javascript"),
    "table.js": (_OWN, "table.js", "text/javascript"),
    "analysis.js": (_OWN, "analysis.js", "text/javascript"),
    "measure.js": (_OWN, "measure.js", "text/javascript"),
    "card.js": (_OWN, "card.js", "text/javascript"),
    "quality.js": (_OWN, "quality.js", "text/javascript"),
    "siting_map.js": (_OWN, "siting_map.js", "text/javascript"),
    "siting_result.js": (_OWN, "siting_result.js", "text/javascript"),
    "siting_pair.js": (_OWN, "siting_pair.js", "text/javascript"),
    "siting_conditions.js": (_OWN, "siting_conditions.js", "text/javascript"),
    "siting_plans.js": (_OWN, "siting_plans.js", "text/javascript"),
    "siting_form.js": (_OWN, "siting_form.js", "text/javascript"),
    "siting.js": (_OWN, "siting.js", "text/javascript"),
    "main.js": (_OWN, "main.js", "text/javascript"),
    "docs.js": (_OWN, "docs.js", "text/javascript"),
    "atlas.css": (_OWN, "atlas.css", "text/css"),
    "records.css": (_OWN, "records.css", "text/css"),
    "favicon.svg": (_OWN, "favicon.svg", "image/svg+xml"),
}
SCRIPTS: Final = (
    "leaflet.js", "markercluster.js", "words.js", "source.js", "room.js", "labels.js",
    "measure.js", "map.js", "panel.js", "table.js", "quality.js", "analysis.js", "card.js",
    "siting_map.js", "siting_result.js", "siting_conditions.js", "siting_form.js",
    "siting_pair.js",
    "siting_plans.js", "siting.js",
)  # fmt: skip
"""The page's scripts in the order in which they run; ``main.js`` follows the map's own."""
STYLES: Final = ("leaflet.css", "markercluster.css", "atlas.css")

# The browser would ask for these only with its developer tools open, and not find them.
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
    """Return a listed file; pictures within style sheets are put into them.

    Raises
    ------
    NotFoundError
        The name is not listed.

    Examples
    --------
    >>> asset("leaflet.css").media_type
    'text/css'
    """
    if name not in _ASSETS:
        raise NotFoundError(zh="没有这个文件。", en="There is no such file.")
    package, file, media_type = _ASSETS[name]
    content = _SOURCE_MAP.sub(b"", (_folder(package) / file).read_bytes().rstrip())
    if media_type == "text/css":
        content = _PICTURE.sub(lambda found: _inline(package, found[1].decode()), content)
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Asset(content, media_type, f'"{digest}"')


def _folder(package: str) -> Path:
    if package == _OWN:
        return Path(str(files(_OWN))) / "static"
    module = import_module(package)
    if package == _SWAGGER:
        return Path(str(module.__file__)).parent / "static"
    return Path(module.BASE_DIR)


def _inline(package: str, picture: str) -> bytes:
    content = (_folder(package) / "images" / picture).read_bytes()
    return b"url(data:image/png;base64," + base64.b64encode(content) + b")"
