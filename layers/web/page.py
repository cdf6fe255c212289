"""The page at ``/``, and the same page as one file with everything in it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, get_args

import orjson
from jinja2 import Environment, Template
from markupsafe import Markup

from geo.core import vocabulary as terms
from geo.core.errors import Lang
from geo.core.vocabulary import GROUP_OF_KIND, LABELS
from layers.palette import COVERAGE_CLASSES, NO_DATA_COLOUR, SITE_SYMBOLS, SYMBOLS, class_breaks
from layers.text import words
from layers.web.assets import SCRIPTS, STYLES, TEMPLATES, asset_text, modules
from layers.web.charts import charts
from layers.web.modules import ENTRY, link

if TYPE_CHECKING:
    from layers.web.shell import Shell

_UNSAFE: Final = re.compile("[<>&\u2028\u2029]")
_VOCABULARIES: Final[dict[str, type[StrEnum]]] = {
    "group": terms.Group,
    "kind": terms.Kind,
    "level": terms.Level,
    "status": terms.Status,
    "verification": terms.Verification,
    "township_kind": terms.TownshipKind,
    "settlement": terms.Settlement,
    "mode": terms.Mode,
    "caliber": terms.Caliber,
    "scope": terms.Scope,
    "quality": terms.Quality,
    "agreement": terms.Agreement,
    "reason": terms.CountReason,
    "audience": terms.Audience,
}


@dataclass(frozen=True, slots=True)
class Basemap:
    """Tiles that the office has set: their address, what to print, and their origin."""

    url: str
    attribution: str
    min_zoom: int
    max_zoom: int
    origin: str


@dataclass(frozen=True, slots=True)
class PageConfig:
    """How a page is made: language, basemap, and where its files are."""

    lang: Lang = "zh"
    basemap: Basemap | None = None
    static_url: str = "/static/"


def json_block(value: object) -> Markup:
    r"""Return a value as JSON that cannot end the script element which holds it.

    Browsers read ``</script>`` and ``<!--`` in a script as markup, and old ones U+2028 and
    U+2029 as line breaks.

    Examples
    --------
    >>> str(json_block({"name": "</script>"}))
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = orjson.dumps(value).decode("utf-8")
    # These five occur only within strings of JSON, where an escape means the same.
    return Markup(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: S704


def render_page(config: PageConfig, *, nonce: str) -> str:
    """Return the page; its script fetches the data from this server.

    Parameters
    ----------
    config : PageConfig
        Language, basemap and where the files are.
    nonce : str
        Of the Content-Security-Policy that is sent with the page.

    Returns
    -------
    str
        HTML; the same arguments give the same bytes.
    """
    shell = _shell(config.lang)
    return _render(
        lang=config.lang,
        words=words(config.lang),
        nonce=nonce,
        static_url=config.static_url,
        styles=STYLES,
        scripts=SCRIPTS,
        modules=modules(),
        entry=ENTRY,
        map_html=Markup(shell.html),  # noqa: S704  (Folium's, of constants)
        map_script=Markup(shell.script),  # noqa: S704
        settings=json_block(_settings(config.lang, config.basemap)),
        bundle=None,
        policy=None,
    )


def render_file(bundle: Mapping[str, Any], *, lang: Lang) -> str:
    """Return the page as one file that opens without server or network.

    Its policy is by hash: a nonce kept in a file would protect nothing.

    Parameters
    ----------
    bundle : Mapping
        What :func:`geo.publish.offline_map.bundle` returned.
    lang : {"zh", "en"}
        The language that it opens in; the file holds both.

    Returns
    -------
    str
        HTML with a policy of its own that allows only the scripts in it, by hash.
    """
    shell = _shell(lang)
    styles = [asset_text(name) for name in STYLES]
    scripts = [asset_text(name) for name in SCRIPTS]
    linked = link(modules(), asset_text)
    codes = [*scripts, shell.script, linked]
    return _render(
        lang=lang,
        words=words(lang),
        nonce=None,
        inline_styles=[Markup(style) for style in styles],  # noqa: S704  (installed files)
        inline_scripts=[Markup(script) for script in scripts],  # noqa: S704
        inline_modules=Markup(linked),  # noqa: S704
        map_html=Markup(shell.html),  # noqa: S704
        map_script=Markup(shell.script),  # noqa: S704
        settings=json_block(_settings(lang, None)),
        bundle=json_block({**bundle, "charts": _charts(bundle)}),
        policy=_policy(styles, codes),
    )


def _charts(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Return the charts of each view in both languages, since a file has no server to draw them."""
    languages: tuple[Lang, ...] = get_args(Lang)
    return {
        key: {lang: charts(view, bundle["trends"][key], lang) for lang in languages}
        for key, view in bundle["views"].items()
    }


def _policy(styles: list[str], scripts: list[str]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hashes(scripts)}",
            f"style-src {_hashes(styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hashes(texts: list[str]) -> str:
    digests = (b64encode(hashlib.sha256(text.encode("utf-8")).digest()) for text in texts)
    return " ".join(f"'sha256-{digest.decode('ascii')}'" for digest in digests)


def _settings(lang: Lang, basemap: Basemap | None) -> dict[str, Any]:
    return {
        "lang": lang,
        "words": {"zh": words("zh"), "en": words("en")},
        "vocabulary": vocabulary(),
        "basemap": asdict(basemap) if basemap else None,
    }


def vocabulary() -> dict[str, Any]:
    """Return labels by vocabulary and term, and the signs of groups and classes.

    Examples
    --------
    >>> vocabulary()["labels"]["group"]["hall"]
    {'zh': '科普展馆', 'en': 'Exhibition halls'}
    """
    return {
        "labels": {
            name: {
                term.value: {"zh": LABELS[terms_of][term].zh, "en": LABELS[terms_of][term].en}
                for term in terms_of
            }
            for name, terms_of in _VOCABULARIES.items()
        },
        "group_of_kind": {kind.value: group.value for kind, group in GROUP_OF_KIND.items()},
        "symbols": {
            group.value: {"colour": symbol.colour, "path": symbol.path}
            for group, symbol in SYMBOLS.items()
        },
        "site_symbols": [{"colour": symbol.colour, "path": symbol.path} for symbol in SITE_SYMBOLS],
        "classes": [
            {"low": item.low, "high": item.high, "colour": item.colour}
            for item in class_breaks(1.0)
        ],
        "coverage_classes": [
            {"low": low, "high": high, "colour": colour} for low, high, colour in COVERAGE_CLASSES
        ],
        "no_data_colour": NO_DATA_COLOUR,
    }


@cache
def _shell(lang: Lang) -> Shell:
    # Folium imports numpy and more; commands that draw no map start without it.
    from layers.web.shell import Shell  # noqa: PLC0415

    return Shell(lang)


def _render(**values: Any) -> str:
    return _template().render(**values)


@cache
def _template() -> Template:
    text = (TEMPLATES / "page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
