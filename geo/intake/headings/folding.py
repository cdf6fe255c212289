"""How two headings are compared: what of their writing does not matter."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from geo.core.script import simplified

MAX_HEADING: Final = 100
"""Characters; a longer text is no heading, and is not looked at."""

_MAX_PASSES: Final = 8
_UNSEEN: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_ALIKE: Final = str.maketrans("【[〔〖{】]〕〗}—–－~〜∼", "(((((" + ")))))" + "------")
_MARKS: Final = "*★☆※▲△●:;。?!"
_NUMBERED: Final = re.compile(
    r"(?:\d{1,2}[、.．)]|[一二三四五六七八九十]{1,2}、|\(\d{1,2}\))(?=\D)"
)


def folded(text: str) -> str:
    """Return a word as it is compared: half-width, without white space, in lower case.

    Examples
    --------
    >>> folded(" 展厅 面积（㎡）"), folded("Exhibition Area")
    ('展厅面积(m2)', 'exhibitionarea')
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def heading_word(text: str) -> str:
    """Return a heading as it is compared, empty for a text too long to be one.

    Beyond :func:`folded`: simplified characters, one kind of brackets and dashes,
    no number in front (1. 名称) and no mark of a required field at either end.
    Applied once more it changes nothing.

    Examples
    --------
    >>> heading_word("*設施名稱："), heading_word("3、展厅面积【㎡】＊"), heading_word("0～14岁")
    ('设施名称', '展厅面积(m2)', '0-14岁')
    """
    if len(text) > MAX_HEADING:
        return ""
    word = text
    for _ in range(_MAX_PASSES):
        before, word = word, _pass(word)
        if word == before:
            return word
    return ""


def _pass(word: str) -> str:
    """Return a word after one round; what one takes away may bare more for the next."""
    plain = simplified(folded(word.translate(_UNSEEN))).translate(_ALIKE).strip(_MARKS)
    numbered = _NUMBERED.match(plain)
    return plain[numbered.end() :] if numbered else plain
