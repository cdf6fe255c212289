"""Which column a heading means: the data dictionary's names, with or without a unit."""

from __future__ import annotations

import re
from typing import Final

from geo.columns import Column, Table
from geo.errors import DuplicateError, MissingColumnError, Place

LONGITUDE: Final = Column("longitude", "real", "经度", "Longitude", minimum=-180, maximum=180)
LATITUDE: Final = Column("latitude", "real", "纬度", "Latitude", minimum=-90, maximum=90)
_POSITION_NAMES: Final = {
    "经度": LONGITUDE, "longitude": LONGITUDE, "lon": LONGITUDE, "lng": LONGITUDE,
    "纬度": LATITUDE, "latitude": LATITUDE, "lat": LATITUDE,
}  # fmt: skip
_UNIT: Final = re.compile(r"\s*[(（][^()（）]{0,12}[)）]\s*$")


def columns_of(
    headings: tuple[str, ...], table: Table, place: Place
) -> tuple[dict[int, Column], tuple[str, ...]]:
    """Return the column that each heading means, by position, and the headings not used.

    A heading is a column's Chinese or English label or its identifier, spaces
    trimmed, with a unit in brackets or without.

    Raises
    ------
    DuplicateError
        Two headings mean the same column.
    MissingColumnError
        A column that no row may leave empty has no heading.

    Examples
    --------
    >>> from geo.columns import VILLAGES
    >>> found, unused = columns_of(("村社区代码", "乡镇街道代码", " 名称 ", "类别", "来源", "备注"),
    ...                            VILLAGES, Place())
    >>> [found[number].name for number in sorted(found)], unused
    (['village_code', 'township_code', 'name_zh', 'kind', 'source_id'], ('备注',))
    """
    known = _names(table)
    found: dict[int, Column] = {}
    unused = []
    for position, heading in enumerate(headings):
        column = known.get(heading.strip().lower()) or known.get(_UNIT.sub("", heading).lower())
        if column is None:
            unused += [heading] if heading else []
            continue
        if column in found.values():
            raise DuplicateError(
                zh=f"有两列都是「{column.zh}」。请只留一列。",
                en=f"Two columns are both '{column.en}'; keep one.",
                place=place,
            )
        found[position] = column
    return found, tuple(unused)


def check_required(
    found: dict[int, Column], headings: tuple[str, ...], required: list[Column], place: Place
) -> None:
    """Raise unless every required column has a heading.

    Raises
    ------
    MissingColumnError
        Naming the columns that are missing and the headings that were found.
    """
    missing = [column for column in required if column not in found.values()]
    if missing:
        names = "、".join(f"「{column.zh}」" for column in missing)
        seen = "、".join(heading for heading in headings if heading) or "（无）"
        raise MissingColumnError(
            zh=f"缺少列{names}。表头现有：{seen[:500]}。请补上后重试。",
            en=f"Missing columns: {', '.join(column.en for column in missing)}; "
            f"found: {seen[:500]}.",
            place=place,
        )


def _names(table: Table) -> dict[str, Column]:
    names = dict(_POSITION_NAMES) if table.geometry == "POINT" else {}
    for column in table.columns:
        for name in (column.name, column.zh, column.en):
            names[name.lower()] = column
    return names
