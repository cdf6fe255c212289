"""Traditional characters as simplified ones, for comparing; what is kept stays as written."""

from __future__ import annotations

from functools import cache
from typing import Final

from opencc import OpenCC

_SIGNS: Final = range(0x3400, 0xA000)
"""The characters of Chinese script, but for the rarest, which no office types."""


def simplified(text: str) -> str:
    """Return a text with each traditional character as the simplified one.

    Sign by sign, so that a text keeps its length, after the tables of OpenCC.

    Examples
    --------
    >>> simplified("展廳面積約200餘㎡"), simplified("羅市鎮"), simplified("abc")
    ('展厅面积约200余㎡', '罗市镇', 'abc')
    """
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    convert = OpenCC("t2s").convert
    signs = "\n".join(map(chr, _SIGNS))
    for _ in range(2):  # 薴 becomes 苧, and that 苎
        signs, before = convert(signs), signs
    assert len(signs) == len(before)  # noqa: S101  (sign by sign)
    return {
        sign: simple
        for sign, simple in zip(_SIGNS, signs.split("\n"), strict=True)
        if simple != chr(sign)
    }
