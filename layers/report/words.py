"""Figures and names in the words of a report: a bound is stated, the unknown is never zero."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geo.core import vocabulary as terms
from geo.core.errors import Lang
from geo.core.vocabulary import LABELS
from layers import Record
from layers.text import REPORT

NONE: Final = "—"
_ELLIPSIS: Final = "…"
_PER_CENT: Final = 100


@dataclass(frozen=True)
class ReportWords:
    """The words of a report in one language.

    Examples
    --------
    >>> zh, en = ReportWords("zh"), ReportWords("en")
    >>> zh.bounded("89.7", True), en.bounded("89.7", True), zh.bounded("89.7", False)
    ('不低于 89.7', 'at least 89.7', '89.7')
    >>> zh.listed(["甲", "乙", "丙"], most=2), en.listed(["A", "B", "C"], most=2)
    ('甲、乙等 3 个', 'A, B and 1 more')
    """

    lang: Lang

    def say(self, zh: str, en: str) -> str:
        """Return one of two sentences; those of this package stand in :mod:`layers.text`."""
        return zh if self.lang == "zh" else en

    def text(self, key: str, **values: object) -> str:
        """Return a sentence of the report in the language, with values put in."""
        return REPORT.text(key, self.lang, **values)

    def of(self, row: Record, name: str = "") -> str:
        """Return what a record holds in the language, under ``name_zh`` or ``zh``."""
        return str(row[f"{name}_{self.lang}" if name else self.lang])

    def within(self, name: str) -> str:
        """Return a name as it stands within a sentence: in English without capitals."""
        return name if self.lang == "zh" else name.lower()

    def bounded(self, figure: str, is_lower_bound: bool) -> str:
        """Return a figure, marked as a lower bound where it is one."""
        if not is_lower_bound or figure == NONE:
            return figure
        return self.text("at_least", figure=figure)

    def at_most(self, figure: str, is_lower_bound: bool) -> str:
        """Return the area missing, an upper bound where the area there is a lower one."""
        if not is_lower_bound or figure == NONE:
            return figure
        return self.text("at_most", figure=figure)

    def listed(self, names: Sequence[str], *, most: int) -> str:
        """Return names joined; of more than ``most`` the first and how many there are."""
        more = len(names) - most
        if more <= 0:
            return self.joined(names)
        count = len(names) if self.lang == "zh" else more
        return self.text("listed", names=self.joined(names[:most]), count=count)

    def joined(self, names: Iterable[str]) -> str:
        """Return names with commas between them."""
        return self.text("comma").join(names)

    def term(self, kind: type[StrEnum], value: str) -> str:
        """Return the label of a term of a vocabulary."""
        label = LABELS[kind][kind(value)]
        return label.zh if self.lang == "zh" else label.en

    def target(self, row: Record) -> str:
        """Return what a coverage or a gap is of: a kind, or any of a group."""
        if row["kind"]:
            return self.term(terms.Kind, row["kind"])
        return self.text("any_of", group=self.within(self.term(terms.Group, row["group"])))


def pending(row: Record, words: ReportWords) -> str:
    """Return how many facilities wait for verification, which the public profile withholds.

    Examples
    --------
    >>> pending({"pending_count": 9}, ReportWords("zh"))
    '9 处待核'
    >>> pending({"pending_count": None}, ReportWords("zh"))
    '待核的（公开版不列）'
    """
    count = row["pending_count"]
    if count is None:
        return words.text("pending_not_listed")
    return words.text("pending", count=count)


def at_least(figure: str, is_lower_bound: bool) -> str:
    """Return a figure with its sign where it is a lower bound, for tables.

    Examples
    --------
    >>> at_least("3,250", True), at_least(NONE, True)
    ('≥3,250', '—')
    """
    return f"≥{figure}" if is_lower_bound and figure != NONE else figure


def no_more(figure: str, is_upper_bound: bool) -> str:
    """Return a figure with its sign where it is an upper bound; what is nothing is no bound.

    Examples
    --------
    >>> no_more("2,547", True), no_more("0", True)
    ('≤2,547', '0')
    """
    return f"≤{figure}" if is_upper_bound and figure not in {NONE, "0"} else figure


def whole(value: float | None) -> str:
    """Return a number without decimals, a dash where unknown.

    Examples
    --------
    >>> whole(2546.6), whole(None)
    ('2,547', '—')
    """
    return NONE if value is None else f"{value:,.0f}"


def tenths(value: float | None) -> str:
    """Return a number with one decimal.

    Examples
    --------
    >>> tenths(89.7074)
    '89.7'
    """
    return NONE if value is None else f"{value:,.1f}"


def share(value: float | None) -> str:
    """Return a share as per cent; almost all is not shown as all.

    Examples
    --------
    >>> share(0.98567), share(0.9999), share(1.0), share(None)
    ('98.6%', '99.9%', '100.0%', '—')
    """
    if value is None:
        return NONE
    shown = f"{_PER_CENT * value:.1f}%"
    return "99.9%" if shown == "100.0%" and value < 1 else shown


def short(name: str, most: int) -> str:
    """Return a name no wider than so many Chinese characters; a Latin letter is half of one.

    Examples
    --------
    >>> short("蔡锷乡油茶田间学校", 6), short("Library of Caie", 6)
    ('蔡锷乡油茶…', 'Library of…')
    """
    if _width(name) <= most:
        return name
    kept = name[: 2 * most]
    while kept and _width(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)
