"""A number that its sender wrote as about so much: it is reckoned with, and said to be that."""

from __future__ import annotations


class ApproximateValue(float):
    """A value written as 约8% or 200余, with the sentence that says so.

    It is a float wherever one is asked for; what is worked out from it is a plain float.

    Attributes
    ----------
    zh, en : str
        Where it stands, and how it was read.

    Examples
    --------
    >>> about = ApproximateValue(8, zh="「约8%」是约数。", en="'约8%' is approximate.")
    >>> about + 1, about.zh
    (9.0, '「约8%」是约数。')
    """

    zh: str
    en: str

    def __new__(cls, value: float, *, zh: str, en: str) -> ApproximateValue:
        """Return the value with its sentence."""
        made = super().__new__(cls, value)
        made.zh, made.en = zh, en
        return made
