"""The templates that are shipped, by what they make and in which language."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from layers.strings import Lang

FOLDER: Final = Path(__file__).parent / "shipped"


class Kind(StrEnum):
    """What is made of a template."""

    REPORT = "report"
    BRIEF = "brief"
    CARDS = "cards"


def file_name(kind: Kind, lang: Lang) -> str:
    """Return the name of a shipped template.

    Examples
    --------
    >>> file_name(Kind.BRIEF, "zh")
    'brief-zh.docx'
    """
    return f"{kind.value}-{lang}.docx"


def shipped_template(kind: Kind, lang: Lang) -> bytes:
    """Return a shipped template, for use or for the office to change.

    Examples
    --------
    >>> shipped_template(Kind.REPORT, "zh")[:2]
    b'PK'
    """
    return (FOLDER / file_name(kind, lang)).read_bytes()
