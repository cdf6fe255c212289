"""The words and signs that the page's script needs: our constants, never data."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from geo.core import vocabulary as terms
from geo.core.vocabulary import GROUP_OF_KIND, LABELS
from layers.palette import COVERAGE_CLASSES, NO_DATA_COLOUR, SITE_SYMBOLS, SYMBOLS, class_breaks

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
