"""Sentences in Chinese and English, kept in data files beside the code that needs them.

A package keeps its sentences in ``messages.toml``, one table for each, and finds them by key::

    [other_store_version]
    zh = "数据库是第 {found} 版，本程序用第 {version} 版。"
    en = "The store is of version {found}, this program uses {version}."

A module declares ``TEXT: Final = Sentences("geo.store")`` and writes
``raise StoreError(**TEXT.both("other_store_version", found=2, version=3))``.
``tests/test_sentences.py`` checks that each sentence has both languages with the same
placeholders, that each key in code exists and gets exactly the values that it needs, and that
no sentence is left that no code uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypedDict

Lang = Literal["zh", "en"]

FILE: Final = "messages.toml"
"""The name of a package's file of sentences."""


class BothLanguages(TypedDict):
    """A text in both languages, as the keyword arguments of an error."""

    zh: str
    en: str


class Words(NamedTuple):
    """A text in both languages.

    As a value for a placeholder it gives each language its own text.
    """

    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """Return the text in one language."""
        return self.zh if lang == "zh" else self.en

    def in_one_line(self) -> str:
        """Return both, for a text that is shown in every language.

        Examples
        --------
        >>> Words("须有 kinds", "this measure needs kinds").in_one_line()
        '须有 kinds (this measure needs kinds)'
        """
        return f"{self.zh} ({self.en})"


class Sentence(NamedTuple):
    """A sentence as it stands in the file, with placeholders in braces.

    Attributes
    ----------
    key : str
        Its name in the file.
    zh, en : str
        Templates for :meth:`str.format` with named placeholders. Format specifications stand
        inside them (``{count:,}``); a literal brace is doubled.
    """

    key: str
    zh: str
    en: str

    def text(self, lang: Lang, /, **values: object) -> str:
        """Return the sentence in one language, its placeholders filled.

        Parameters
        ----------
        lang : {"zh", "en"}
        **values : object
            One for each placeholder. Of a value with texts ``zh`` and ``en`` (:class:`Words`,
            a label of the vocabulary, a column) the matching text is taken.

        Raises
        ------
        KeyError
            A placeholder has no value.

        Examples
        --------
        >>> sentence = Sentence("rows_left_out", "{count:,} 行未读：{why}。",
        ...                     "{count:,} rows left out: {why}.")
        >>> sentence.text("en", count=1200, why=Words("合计行", "sums"))
        '1,200 rows left out: sums.'
        """
        template = self.zh if lang == "zh" else self.en
        return template.format(
            **{name: getattr(value, lang, value) for name, value in values.items()}
        )


class Sentences:
    """The sentences of a package, read from its file at the first look-up.

    Parameters
    ----------
    package : str
        The package that holds the file, such as ``geo.store``.
    """

    def __init__(self, package: str) -> None:
        self._package = package

    def __getitem__(self, key: str) -> Sentence:
        """Return a sentence with its placeholders unfilled.

        Raises
        ------
        KeyError
            The package has no such sentence.
        """
        try:
            return read(self._package)[key]
        except KeyError:
            raise KeyError(f"{self._package} has no sentence {key!r}") from None

    def text(self, key: str, lang: Lang, /, **values: object) -> str:
        """Return a sentence in one language; see :meth:`Sentence.text`."""
        return self[key].text(lang, **values)

    def words(self, key: str, /, **values: object) -> Words:
        """Return a sentence in both languages, as a pair or as a value for another sentence.

        Raises
        ------
        KeyError
            The package has no such sentence, or a placeholder has no value.
        """
        sentence = self[key]
        return Words(sentence.text("zh", **values), sentence.text("en", **values))

    def both(self, key: str, /, **values: object) -> BothLanguages:
        """Return a sentence in both languages, as the keyword arguments of an error.

        Raises
        ------
        KeyError
            The package has no such sentence, or a placeholder has no value.
        """
        words = self.words(key, **values)
        return {"zh": words.zh, "en": words.en}


@cache
def read(package: str) -> Mapping[str, Sentence]:
    """Return a package's sentences by key, in the order of its file.

    Raises
    ------
    FileNotFoundError
        The package has no file of sentences.
    KeyError
        A sentence lacks a language.
    """
    # A command that shows no sentence need not wait for these.
    import tomllib  # noqa: PLC0415
    from importlib import resources  # noqa: PLC0415

    text = resources.files(package).joinpath(FILE).read_text(encoding="utf-8")
    return MappingProxyType(
        {key: Sentence(key, row["zh"], row["en"]) for key, row in tomllib.loads(text).items()}
    )


def listed(parts: Iterable[object]) -> Words:
    """Return parts as a list in each language's punctuation.

    Examples
    --------
    >>> listed(["板桥乡", "蔡锷乡"])
    Words(zh='板桥乡、蔡锷乡', en='板桥乡, 蔡锷乡')
    """
    texts = [str(part) for part in parts]
    return Words("、".join(texts), ", ".join(texts))
