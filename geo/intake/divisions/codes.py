"""Division codes as spreadsheets leave them, and those that were changed."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

DISTRICT_DIGITS: Final = 6
TOWNSHIP_DIGITS: Final = 9
VILLAGE_DIGITS: Final = 12

_LONGEST: Final = 100
_POINT: Final = re.compile(r"(\d{1,12})\.0{1,12}")
_POWER: Final = re.compile(r"([1-9])(?:\.(\d{1,15}))?e\+?(\d{1,2})")
_RUNS: Final = re.compile(r"\d+")
_NOTHING: Final = frozenset(
    {"无", "不详", "未知", "待定", "待补", "暂无", "没有", "na", "none", "null", "nan"}
)
_LAST_OF_REGIONS: Final = {1: 5, 2: 3, 3: 7, 4: 6, 5: 4, 6: 5, 7: 1, 8: 2}
_PROVINCES: Final = frozenset(
    f"{region}{number}"
    for region, last in _LAST_OF_REGIONS.items()
    for number in range(1, last + 1)
) | {"50"}
"""First two digits in use, GB/T 2260: 11 to 15, 21 to 23 and so on, and 50."""


@dataclass(frozen=True, slots=True)
class WrittenCode:
    """What a cell for a code holds.

    Attributes
    ----------
    digits : str
        The code; empty where there is none.
    name : str
        Words beside the digits, or instead of them.
    as_number : bool
        Whether it stood as a number with a point or a power of ten.
    certain_digits : int or None
        How many leading digits a number rounded to a power of ten still shows,
        where these are fewer than a township's nine.
    """

    digits: str = ""
    name: str = ""
    as_number: bool = False
    certain_digits: int | None = None


def read_code(text: str | None) -> WrittenCode:
    """Read a cell that should hold a division code.

    Examples
    --------
    >>> read_code("４３０５０３２０３").digits, read_code("430 503-203").digits
    ('430503203', '430503203')
    >>> read_code("4.30503203E8").digits, read_code("430503203.0").as_number
    ('430503203', True)
    >>> read_code("4.30503E+08").certain_digits
    6
    >>> read_code("430503101 罗市镇").name, read_code("无").name
    ('罗市镇', '')
    """
    plain = unicodedata.normalize("NFKC", (text or "")[:_LONGEST])
    plain = "".join(plain.split()).casefold()
    number = _number(plain)
    if number is not None:
        return number
    kept = "".join(sign for sign in plain if sign.isalnum())
    kept = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in kept)
    runs = _RUNS.findall(kept)
    name = _RUNS.sub("", kept)
    if kept in _NOTHING:
        return WrittenCode()
    if len(runs) == 1 and not re.search(r"[a-z]", name):
        return WrittenCode(runs[0], name)
    return WrittenCode("", kept)


def _number(plain: str) -> WrittenCode | None:
    point = _POINT.fullmatch(plain)
    if point is not None:
        return WrittenCode(point[1], as_number=True)
    power = _POWER.fullmatch(plain)
    if power is None or int(power[3]) >= VILLAGE_DIGITS:
        return None
    shown = 1 + len(power[2] or "")
    value = Decimal(f"{power[1]}.{power[2] or 0}e{power[3]}")
    if value != value.to_integral_value():
        return None
    certain = shown if shown < TOWNSHIP_DIGITS else None
    return WrittenCode(str(int(value)), as_number=True, certain_digits=certain)


def fits(written: WrittenCode, code: str) -> bool:
    """Return whether a township's code may have become what the cell holds.

    It may have lost zeros or other digits at its end, its first digit, or have been
    rounded to a power of ten. Of a shorter code than seven digits too much is lost.

    Examples
    --------
    >>> fits(read_code("43050320"), "430503200"), fits(read_code("30503203"), "430503203")
    (True, True)
    >>> fits(read_code("4.30503E+08"), "430503203"), fits(read_code("4.30503E+08"), "430502001")
    (True, False)
    """
    digits = written.digits
    if written.certain_digits is not None:
        whole = code.ljust(len(digits), "0")
        return len(whole) == len(digits) and _rounded(whole, written) == _rounded(digits, written)
    if len(digits) > TOWNSHIP_DIGITS:
        lost_first = len(digits) == VILLAGE_DIGITS - 1 and digits.startswith(code[1:])
        return len(digits) < VILLAGE_DIGITS and (digits.startswith(code) or lost_first)
    lost_first = len(digits) == TOWNSHIP_DIGITS - 1 and code.endswith(digits)
    return DISTRICT_DIGITS < len(digits) < TOWNSHIP_DIGITS and (
        code.startswith(digits) or lost_first
    )


def _rounded(digits: str, written: WrittenCode) -> str:
    return f"{Decimal(digits):.{(written.certain_digits or 1) - 1}e}"


def is_coarse(digits: str) -> bool:
    """Return whether a code names a district, a city or a province in full, and no township.

    Examples
    --------
    >>> is_coarse("430503"), is_coarse("430503000000"), is_coarse("430503101")
    (True, True, False)
    """
    if len(digits) == DISTRICT_DIGITS:
        return digits[:2] in _PROVINCES
    return len(digits) in {TOWNSHIP_DIGITS, VILLAGE_DIGITS} and not int(digits[DISTRICT_DIGITS:])


def is_plausible(digits: str) -> bool:
    """Return whether a code has the length of a township's or village's, in a province there is.

    Examples
    --------
    >>> is_plausible("430502001"), is_plausible("990502001"), is_plausible("43050200")
    (True, False, False)
    """
    return len(digits) in {TOWNSHIP_DIGITS, VILLAGE_DIGITS} and digits[:2] in _PROVINCES


def moved(digits: str, former: Mapping[str, str]) -> str | None:
    """Return a code under the prefix that took the place of its own, by the longest known.

    Examples
    --------
    >>> moved("430521101", {"430521": "430503"}), moved("430503101", {"430521": "430503"})
    ('430503101', None)
    """
    for end in range(len(digits), 0, -1):
        if digits[:end] in former:
            return former[digits[:end]] + digits[end:]
    return None


@cache
def former_codes() -> Mapping[str, str]:
    """Return former codes of six digits to those in use, of ``former_codes.csv``.

    A code that changed twice leads to the last. Counties that were split or merged are
    left out, as far as the sources show it; docs/decisions.md says how the pairs were
    found. Single townships may have gone elsewhere all the same.

    Examples
    --------
    >>> former_codes()["430521"]
    '430582'
    >>> former_codes()["632121"]  # 平安县 by 630221 to 平安区
    '630203'
    """
    content = files("geo.intake.divisions").joinpath("former_codes.csv")
    rows = csv.DictReader(content.read_text(encoding="utf-8").splitlines())
    steps = {row["former_code"]: row["code"] for row in rows}
    last = dict(steps)
    # A code that changed twice leads to the last; no chain is longer than all of them.
    for _ in steps:
        again = {code: steps.get(now, now) for code, now in last.items()}
        if again == last:
            break
        last = again
    return MappingProxyType(last)
