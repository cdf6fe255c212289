"""Small rules that several formats share: what text may hold, and archives without the hour."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

from geo.core.workbook import FORMULA_SIGNS

_ZIP_STAMP: Final = (2026, 1, 1, 0, 0, 0)
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def on_one_line(text: str) -> str:
    """Return a text without signs that control anything, a space for each.

    Examples
    --------
    >>> on_one_line("a" + chr(10) + "b" + chr(0))
    'a b '
    """
    return _CONTROLS.sub(" ", text)


def for_xml(text: str) -> str:
    """Return a text with the replacement sign for what XML 1.0 cannot hold.

    Examples
    --------
    >>> for_xml("科普" + chr(1) + "馆") == "科普" + chr(0xFFFD) + "馆"
    True
    """
    return _NOT_XML.sub("\ufffd", text)


def not_a_formula(text: str) -> str:
    """Return a text that a spreadsheet takes for text, as the page's CSV does.

    Examples
    --------
    >>> not_a_formula("=1+1"), not_a_formula("科技馆")
    ("'=1+1", '科技馆')
    """
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "\n")) else text


def cut_to_bytes(text: str, size: int, encoding: str) -> str:
    """Return as much of a text as fits a number of bytes, never part of a character.

    Examples
    --------
    >>> cut_to_bytes("科普馆", 5, "gb18030")
    '科普'
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    return decoder.decode(text.encode(encoding)[:size])


def archive(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of members in the order given, with a fixed hour."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _ZIP_STAMP)
            # As a file that its owner may write, from whatever system this runs on.
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            target.writestr(entry, content, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
