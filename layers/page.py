"""The page at ``/``, and the same page as one file with everything in it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, get_args

import orjson
from jinja2 import Environment, Template
from markupsafe import Markup

from layers.assets import SCRIPTS, STYLES, asset
from layers.charts import charts
from layers.shell import Shell
from layers.strings import Lang, words
from layers.vocabulary import vocabulary

_UNSAFE: Final = re.compile("[<>&\u2028\u2029]")
_LAST_SCRIPT: Final = "main.js"


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

    Examples
    --------
    >>> str(json_block({"name": "</script>"}))
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = orjson.dumps(value).decode("utf-8")
    # All five stand only within strings of JSON, where an escape means the same.
    return Markup(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: S704


def render_page(config: PageConfig, *, nonce: str) -> str:
    """Return the page; its script asks this server for the data.

    Parameters
    ----------
    config : PageConfig
        Language, basemap and where the files are.
    nonce : str
        Of the Content-Security-Policy that goes with the page.
    """
    shell = _shell(config.lang)
    return _render(
        lang=config.lang,
        words=words(config.lang),
        nonce=nonce,
        static_url=config.static_url,
        styles=STYLES,
        scripts=SCRIPTS,
        last_script=_LAST_SCRIPT,
        map_html=Markup(shell.html),  # noqa: S704  (Folium's, of constants)
        map_script=Markup(shell.script),  # noqa: S704
        settings=json_block(_settings(config.lang, config.basemap)),
        bundle=None,
        policy=None,
    )


def render_file(bundle: Mapping[str, Any], *, lang: Lang) -> str:
    """Return the page as one file that opens without server or network.

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
    styles = [_source(name) for name in STYLES]
    scripts = [_source(name) for name in SCRIPTS]
    last = _source(_LAST_SCRIPT)
    codes = [*scripts, shell.script, last]
    return _render(
        lang=lang,
        words=words(lang),
        nonce=None,
        inline_styles=[Markup(style) for style in styles],  # noqa: S704  (installed files)
        inline_scripts=[Markup(script) for script in scripts],  # noqa: S704
        inline_last=Markup(last),  # noqa: S704
        map_html=Markup(shell.html),  # noqa: S704
        map_script=Markup(shell.script),  # noqa: S704
        settings=json_block(_settings(lang, None)),
        bundle=json_block({**bundle, "charts": _charts(bundle)}),
        policy=_policy(styles, codes),
    )


def _charts(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Return the charts of each view in both languages, since a file has no server to ask."""
    languages: tuple[Lang, ...] = get_args(Lang)
    return {
        key: {lang: charts(view, bundle["trends"][key], lang) for lang in languages}
        for key, view in bundle["views"].items()
    }


def _source(name: str) -> str:
    # A browser reads CRLF as LF before it hashes, so a hash must be of LF.
    return asset(name).content.decode("utf-8").replace("\r\n", "\n")


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


@cache
def _shell(lang: Lang) -> Shell:
    return Shell(lang)


def _render(**values: Any) -> str:
    return _template().render(**values)


@cache
def _template() -> Template:
    text = (files("layers") / "templates" / "page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
