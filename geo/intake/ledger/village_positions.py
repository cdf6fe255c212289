"""Rows without a position whose village is known: its middle is proposed, and set if accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import pandas as pd

from geo.core.errors import Place
from geo.core.messages import Noted, Remark, Whole, message
from geo.core.vocabulary import VILLAGE_POSITION
from geo.intake.divisions.places import find_divisions
from geo.intake.examined import ByRow
from geo.intake.ledger.draft import Draft, PlaceRows, ReadRows
from geo.intake.ledger.setting import Setting

_STATED_CONFIDENCE: Final = 0.95
"""Of ours, that a place is in the village which its row states: 0.05 for a wrong row."""

LEAST_ACCEPTED: Final = 0.8
"""How sure the village must be for its middle to be set: streets are called after villages."""

_TOWNSHIP_DIGITS: Final = 9

_BY_VILLAGE: Final = (Whole("按村社区"), Whole("By the village stated"))
_BY_ADDRESS: Final = (Whole("按地址"), Whole("By the address"))

PROPOSED: Final = message(
    "village_position_proposed",
    "没有位置。{how}，可取{village}的村社区中心（约）{position}（把握 {share}）；没有采用。"
    "请填写坐标，或用 --village-positions 采用。",
    "No position is given. {how_en} it is about {position}, the middle of {village} ({share} sure);"
    " not used: fill it in, or take it with --village-positions.",
)
TAKEN: Final = message(
    "village_position_taken",
    "没有位置。{how}，取{village}的村社区中心（约）{position}（把握 {share}）；这只是约数，"
    "不用来判断坐标系和重复，请换成实测坐标。",
    "No position is given. {how_en} it is about {position}, the middle of {village} ({share} sure),"
    " which was taken; it tells nothing of datum or doubles: measure the place.",
)
UNSURE: Final = message(
    "village_position_unsure",
    "没有位置。{how}，像是在{village}，村社区中心（约）{position}，但把握只有 {share}，没有采用。"
    "请填写坐标或村社区。",
    "No position is given. {how_en} it may be about {position}, the middle of {village}, but only"
    " {share} sure; not used: fill in the position or the village.",
)
OFFERED: Final = message(
    "village_positions_offered",
    "{lacking} 行没有位置，其中 {count} 行可取村社区中心（约）；没有采用，"
    "要采用请加 --village-positions。",
    "{lacking} rows have no position, {count} of which may take the middle of their village; not"
    " used: take them with --village-positions.",
)
SET: Final = message(
    "village_positions_set",
    "{lacking} 行没有位置，其中 {count} 行按 --village-positions 取村社区中心（约）。",
    "{lacking} rows had no position, {count} of which took the middle of their village.",
)
UNKNOWN: Final = message(
    "village_positions_unknown",
    "数据库里没有村社区的位置，--village-positions 没有可取的。请先用 kepu load villages 导入。",
    "The store has no positions of villages for --village-positions; load villages first.",
)


class _Likely(NamedTuple):
    """The village in which a row probably is."""

    at: int
    code: str
    confidence: float
    how: tuple[Whole, Whole]


def with_village_positions(found: PlaceRows, draft: Draft, setting: Setting) -> PlaceRows:
    """Return rows of which those without a position have their village's, where that was accepted.

    Else it is proposed, with how sure the village is, and never used. The village is
    the one that the row states, or the only one that its address names.

    Parameters
    ----------
    found : PlaceRows
        Of a sheet, with the positions that were written.
    draft : Draft
        Remarks go to it; rows of which it holds a fault are left aside.
    setting : Setting
        ``villages`` with their positions; ``village_positions`` says what was accepted.
    """
    place = found.rows.reader.sheet.place()
    if not setting.village_middles:
        if setting.village_positions:
            draft.noted.append(Noted(place, UNKNOWN.remark()))
        return found
    lacking = _lacking(found, draft)
    likely = list(_likely(found.rows, lacking, setting))
    taken = [one for one in likely if _is_taken(one, setting)]
    _tell(found.rows, len(lacking), likely, draft, setting)
    return _placed(found, taken, setting)


def _lacking(found: PlaceRows, draft: Draft) -> list[int]:
    """Return the rows without a position, those with a fault left aside."""
    faulty = ByRow.of(draft.faults.kept).in_sheet(found.rows.reader.sheet.name)
    numbers = found.rows.numbers
    return [
        at for at, point in enumerate(found.points) if point is None and numbers[at] not in faulty
    ]


def _likely(rows: ReadRows, lacking: Sequence[int], setting: Setting) -> Iterator[_Likely]:
    villages, addresses = rows.column("village_code"), rows.column("address")
    townships = rows.column("township_code")
    asked: dict[str, list[int]] = defaultdict(list)
    for at in lacking:
        if villages[at] in setting.village_middles:
            yield _Likely(at, villages[at], _STATED_CONFIDENCE, _BY_VILLAGE)
        elif villages[at] is None and addresses[at] is not None:
            asked[str(townships[at] or "")].append(at)
    for township, members in asked.items():
        known = _within(setting.divisions, township)
        told = [addresses[at] for at in members]
        for at, proposal in zip(members, find_divisions(told, known), strict=True):
            if proposal is not None and proposal.value in setting.village_middles:
                yield _Likely(at, proposal.value, proposal.confidence, _BY_ADDRESS)


def _within(divisions: pd.DataFrame | None, township: str) -> pd.DataFrame:
    """Return the divisions of a township, or all where none is given."""
    assert divisions is not None  # noqa: S101  (villages are known with their townships)
    return divisions[divisions["township_code"].astype(str).str.startswith(township)]


def _is_taken(one: _Likely, setting: Setting) -> bool:
    return setting.village_positions and one.confidence >= LEAST_ACCEPTED


def _tell(
    rows: ReadRows, lacking: int, likely: Sequence[_Likely], draft: Draft, setting: Setting
) -> None:
    if not likely:
        return
    count = sum(one.confidence >= LEAST_ACCEPTED for one in likely)
    summary = SET if setting.village_positions else OFFERED
    if count:
        remark = summary.remark(lacking=lacking, count=count)
        draft.noted.append(Noted(rows.reader.sheet.place(), remark))
    column = {_BY_VILLAGE: ("village_code", "village_name"), _BY_ADDRESS: ("address",)}
    present = rows.reader.headings.positions
    for one in sorted(likely):
        shown = next((name for name in column[one.how] if name in present), None)
        where: Place = rows.reader.place(rows.numbers[one.at], shown)
        draft.noted.append(Noted(where, _remark(one, setting)))


def _remark(one: _Likely, setting: Setting) -> Remark:
    middle = setting.village_middles[one.code]
    told: dict[str, Any] = {
        "how": one.how[0],
        "how_en": one.how[1],
        "village": middle.name_zh,
        "position": f"{middle.longitude}, {middle.latitude}",
        "share": f"{one.confidence:.0%}",
    }
    if one.confidence < LEAST_ACCEPTED:
        return UNSURE.remark(**told)
    return (TAKEN if setting.village_positions else PROPOSED).remark(**told)


def _placed(found: PlaceRows, taken: Sequence[_Likely], setting: Setting) -> PlaceRows:
    if not taken:
        return found
    points, told = list(found.points), found.rows.values["position_source"].copy()
    for one in taken:
        points[one.at] = setting.village_middles[one.code].point
        # What the row says of a position that it does not give is no account of this one.
        told.iloc[one.at] = VILLAGE_POSITION
    values = found.rows.values.assign(position_source=told)
    return PlaceRows(replace(found.rows, values=values), points)
