"""The Word templates that are shipped, by kind of document and language.

The .docx files are the source: they are edited in Word or LibreOffice, as an office edits
its own, and the tests hold their markers, styles and properties.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from geo.core.errors import Lang

FOLDER: Final = Path(__file__).parent / "shipped"


class DocumentKind(StrEnum):
    """The documents that are made of a template each."""

    REPORT = "report"
    BRIEF = "brief"
    CARDS = "cards"


def file_name(kind: DocumentKind, lang: Lang) -> str:
    """Return the name of a shipped template.

    Examples
    --------
    >>> file_name(DocumentKind.BRIEF, "zh")
    'brief-zh.docx'
    """
    return f"{kind.value}-{lang}.docx"


def shipped_template(kind: DocumentKind, lang: Lang) -> bytes:
    """Return a shipped template, for use or for the office to change.

    Examples
    --------
    >>> shipped_template(DocumentKind.REPORT, "zh")[:2]
    b'PK'
    """
    return (FOLDER / file_name(kind, lang)).read_bytes()
