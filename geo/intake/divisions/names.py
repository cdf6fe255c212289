"""Names as they are compared: one form for all ways of writing one place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from geo.core.script import simplified

MAX_NAME: Final = 200
"""Characters of a name that are compared; no division's or venue's real name is longer."""

_CACHED_NAMES: Final = 20_000
_LEAST_STEM: Final = 2

_OFFICE: Final = re.compile(r"(?:人民政府|政府|办事处|(?<=街道)办)$")
_VILLAGE: Final = re.compile(r"村?(?:村民委员会|村委会|村委|村)$")
_COMMUNITY: Final = re.compile(r"(?:社区)?(?:居民委员会|居委会|居委|社区)$")
_TOWNSHIP: Final = re.compile(r"(?:街道|镇|乡)$")
_UNIT: Final = re.compile(r"(?:村|社区|街道|镇|乡)$")
_DISTRICT_HEAD: Final = re.compile(
    r".{2,8}?(?:省|自治[区州县旗]|地区|市|(?<![社小园校景片厂院街库牧林])区|旗)|.{1,8}?县"
)
_TOWNSHIP_HEAD: Final = re.compile(r".{2,10}?(?:街道办事处|街道|镇|乡(?![村镇土]))")
_VILLAGE_HEAD: Final = re.compile(r".{2,8}?(?:社区居委会|社区|村委会|居委会|(?<![乡农])村(?!社区))")
_BELOW_DISTRICT: Final = re.compile(r".{2,8}?(?:街道|镇|乡|村|社区)")
_MOST_DISTRICTS: Final = 3


@dataclass(frozen=True, slots=True)
class NameParts:
    """A division's name taken apart; a part that is not written is empty.

    Attributes
    ----------
    district : str
        What stands before the township: 邵阳市大祥区.
    township : str
        Before a village, without 镇, 乡 or 街道: 罗市.
    unit : str
        What is named: 罗市镇, 中心路街道, 金桥村, 金桥社区, or 罗市 as it stands.
    """

    district: str
    township: str
    unit: str


def folded_name(text: str) -> str:
    """Return a text's letters, digits and signs of script alone, half-width and simplified.

    Brackets, spaces and punctuation go, and what stands in brackets stays. At
    most :data:`MAX_NAME` characters are kept.

    Examples
    --------
    >>> folded_name(" 科普館（東館） １號·A"), folded_name("……")
    ('科普馆东馆1号a', '')
    """
    return _folded(text[: 2 * MAX_NAME])


@lru_cache(maxsize=_CACHED_NAMES)
def _folded(text: str) -> str:
    plain = simplified(unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in plain if sign.isalnum())[:MAX_NAME]


def comparable(name: str) -> str:
    """Return a name in the form in which two names of one place are equal.

    A township is reduced to its stem, since offices leave 镇 or 街道 out; a village
    keeps 村 or 社区, for 金桥村 and 金桥社区 may be two places. Names of a venue are
    only folded, and freed of their district.

    Examples
    --------
    >>> {comparable(n) for n in ("罗市镇", "罗市", "罗市镇人民政府", "大祥区羅市鎮")}
    {'罗市'}
    >>> comparable("中心路街道办事处"), comparable("中心路办事处")
    ('中心路', '中心路')
    >>> comparable("清风村村民委员会"), comparable("罗市镇罗市社区居委会")
    ('清风村', '罗市社区')
    """
    return stem_of_township(parts_of(name).unit)


def parts_of(name: str) -> NameParts:
    """Take a division's name apart: district, township and what is named.

    Examples
    --------
    >>> parts_of("邵阳市大祥区罗市镇金桥村委会")
    NameParts(district='邵阳市大祥区', township='罗市', unit='金桥村')
    >>> parts_of("罗市镇")
    NameParts(district='', township='', unit='罗市镇')
    """
    text = _unit_form(folded_name(name))
    text, district = split_district(text)
    if not is_village(text):
        return NameParts(district, "", text)
    head = _TOWNSHIP_HEAD.match(text)
    if head is None or not _has_stem(text[head.end() :]):
        return NameParts(district, "", text)
    township = stem_of_township(_OFFICE.sub("", head[0]))
    return NameParts(district, township, text[head.end() :])


def is_village(unit: str) -> bool:
    """Return whether a unit's name is a village's or a community's.

    Examples
    --------
    >>> is_village("清风村"), is_village("罗市镇")
    (True, False)
    """
    return unit.endswith(("村", "社区"))


def stem_of_township(unit: str) -> str:
    """Return a township's name without 镇, 乡 or 街道; other names as they are.

    Examples
    --------
    >>> stem_of_township("罗市镇"), stem_of_township("东镇"), stem_of_township("清风村")
    ('罗市', '东镇', '清风村')
    """
    stem = _TOWNSHIP.sub("", unit)
    return stem if len(stem) >= _LEAST_STEM else unit


def stem_of(unit: str) -> str:
    """Return the name of a unit without the word that tells what it is.

    Examples
    --------
    >>> stem_of("罗市镇"), stem_of("曹婆井社区"), stem_of("清风村")
    ('罗市', '曹婆井', '清风')
    """
    stem = _UNIT.sub("", unit)
    return stem if len(stem) >= _LEAST_STEM else unit


def split_district(text: str) -> tuple[str, str]:
    """Return a folded text from its township on, and the district, city and province before it.

    Examples
    --------
    >>> split_district("湖南省邵阳市大祥区罗市镇人民路12号")
    ('罗市镇人民路12号', '湖南省邵阳市大祥区')
    >>> split_district("罗市镇罗市社区12号"), split_district("景德镇市昌江区新枫街道")
    (('罗市镇罗市社区12号', ''), ('新枫街道', '景德镇市昌江区'))
    """
    start = 0
    for _ in range(_MOST_DISTRICTS):
        head = _DISTRICT_HEAD.match(text, start)
        if head is None or not _has_stem(text[head.end() :]):
            break
        below = _BELOW_DISTRICT.match(text, start, head.end() - 1)
        if below is not None and below.end() < head.end() - 1:
            break  # 罗市镇罗市 is a town and more, 景德镇市 a city.
        start = head.end()
    return text[start:], text[:start]


def leading_place(name: str) -> tuple[str, str]:
    """Return the village or township that a venue's name begins with, and what follows.

    Examples
    --------
    >>> leading_place("大祥区罗市镇清风村党群服务中心")
    ('清风村', '党群服务中心')
    >>> leading_place("罗市镇文化站"), leading_place("松坡图书馆")
    (('罗市镇', '文化站'), ('', '松坡图书馆'))
    """
    text, _ = split_district(folded_name(name))
    place = ""
    for pattern in (_TOWNSHIP_HEAD, _VILLAGE_HEAD):
        head = pattern.match(text)
        if head is not None:
            place, text = _unit_form(head[0]), text[head.end() :]
    return place, text


def _unit_form(text: str) -> str:
    """Return a division's name with the office that runs it named as the place."""
    if _COMMUNITY.search(text):
        stem = _COMMUNITY.sub("", text)
        return f"{stem}社区" if stem else text
    if _VILLAGE.search(text):
        stem = _VILLAGE.sub("", text)
        return f"{stem}村" if stem else text
    unit = _OFFICE.sub("", text)
    return unit if len(unit) >= _LEAST_STEM else text


def _has_stem(rest: str) -> bool:
    return len(_UNIT.sub("", rest)) >= _LEAST_STEM
