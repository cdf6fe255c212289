"""Every sentence that page, sheet and report show, in Chinese and in English.

The sentences are data: the TOML files of this folder, one table for each, with its key,
``zh`` and ``en``. ``{name}`` stands for a value, ``{name:g}`` for one with a format and
``{name!r}`` for one in quotes.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from importlib.resources import files
from typing import Final, TypedDict

from geo.core.errors import Lang

PLACEHOLDER: Final = re.compile(r"\{(\w+)(!r)?(?::([^{}]*))?\}")


class Pair(TypedDict):
    """A sentence in both languages, as the errors of :mod:`geo.core.errors` take it."""

    zh: str
    en: str


class TextCatalogue:
    """The sentences of one or more files, by key.

    Parameters
    ----------
    *names : str
        Files of this folder, without their ending; their order is that of the keys.

    Examples
    --------
    >>> SHEET.text("scale", "zh", scale="150,000", sheet="A4")
    '比例尺 1:150,000（A4 原幅打印）'
    >>> SHEET.text("title_coverage", "en", district="{target}", target="libraries")
    '{target}: residents covered, libraries'
    """

    def __init__(self, *names: str) -> None:
        self._names = names

    @cached_property
    def pairs(self) -> dict[str, Pair]:
        """Every sentence by its key, placeholders as they stand in the files."""
        # Read on first use: most commands show none of these sentences.
        pairs: dict[str, Pair] = {}
        for name in self._names:
            path = files(__name__) / f"{name}.toml"
            pairs |= tomllib.loads(path.read_text(encoding="utf-8"))
        return pairs

    def text(self, key: str, lang: Lang, **values: object) -> str:
        """Return a sentence in one language, with values in the place of their names.

        Parameters
        ----------
        key : str
            Of the sentence.
        lang : {"zh", "en"}
            The language.
        **values : object
            By the names in the sentence; braces in a value have no meaning.

        Raises
        ------
        KeyError
            There is no such sentence, or a value for one of its names is missing.
        """
        return _filled(self.pairs[key][lang], values)

    def pair(self, key: str, **values: object) -> Pair:
        """Return a sentence in both languages, as :meth:`text` does in one."""
        return Pair(zh=self.text(key, "zh", **values), en=self.text(key, "en", **values))


def _filled(sentence: str, values: dict[str, object]) -> str:
    def value(match: re.Match[str]) -> str:
        given = values[match[1]]
        return repr(given) if match[2] else format(given, match[3] or "")

    # One pass, so that what a value holds is never read as a placeholder.
    return PLACEHOLDER.sub(value, sentence)


PAGE: Final = TextCatalogue("page", "siting")
WEB: Final = TextCatalogue("web")
SHEET: Final = TextCatalogue("sheet")
REPORT: Final = TextCatalogue("report")


def words(lang: Lang) -> dict[str, str]:
    """Return the page's words by key, placeholders as they stand, for its script.

    Examples
    --------
    >>> words("en")["print"]
    'Print'
    """
    return {key: pair[lang] for key, pair in PAGE.pairs.items()}
