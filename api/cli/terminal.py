"""What all that is printed shares: where it goes, its language, its numbers."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from geo.core.errors import Lang

Document = dict[str, Any]

out = Console()
err = Console(stderr=True)


def words(lang: Lang, zh: str, en: str) -> str:
    """Return the text of one language."""
    return zh if lang == "zh" else en


def for_whom(document: Document, lang: Lang) -> str:
    """Return for whom the figures of a document are: the profile, in words."""
    return words(lang, "数据范围 ", "Data as for: ") + str(document["profile"][f"profile_{lang}"])


def figure(value: float | None, digits: int = 1) -> str:
    """Return a number for reading, a dash where it is unknown."""
    return "—" if value is None else f"{value:,.{digits}f}"


def percent(value: float | None) -> str:
    """Return a share in per cent, a dash where it is unknown."""
    return "—" if value is None else f"{value:.1%}"
