"""Counties and districts whose code was changed: 邵东 is 430521 in 2010 and 430582 in 2020."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


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
    return MappingProxyType({code: _last(code, steps) for code in steps})


def _last(code: str, steps: Mapping[str, str]) -> str:
    for _ in steps:
        if code not in steps:
            break
        code = steps[code]
    return code
