"""What was found about the townships of a file, as faults and remarks of its features."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from geo.core.errors import BoundaryError
from geo.core.messages import Message, Noted, message
from geo.intake.boundaries.assessing import Assessment, Mended, OutlineMatch
from geo.intake.boundaries.coverage import Detached, Gap, Overlap
from geo.intake.boundaries.townships import ReadTownship
from geo.intake.table import TableReader

LEAST_OUTLINE_OVERLAP: Final = 0.90
"""Intersection over union with the known outline; below it the two disagree."""

_SHOWN: Final = 4
_M2_PER_KM2: Final = 1_000_000


class Check(StrEnum):
    """A finding that its user may accept: it can be so in the world."""

    GAPS = "gaps"
    DETACHED = "detached"
    OUTLINE = "outline"
    NAMES = "names"


OVERLAP: Final = message(
    "boundaries_overlap",
    "第{first_row}个要素「{first}」与第{second_row}个要素「{second}」重叠 {area_m2} m²"
    "（最宽 {width_m} 米），请在 QGIS 中修正边界，窄的可用 --mend 修补。",
    "Feature {first_row} '{first}' and feature {second_row} '{second}' overlap by {area_m2} m²"
    " (up to {width_m} m wide); mend them in QGIS, or narrow ones by --mend.",
)
GAP: Final = message(
    "boundaries_gap",
    "{names}之间有 {area_m2} m² 不属于任何乡镇（最宽 {width_m} 米，在经度 {longitude}、"
    "纬度 {latitude} 处），请在 QGIS 中补上，窄的可用 --mend 修补；"
    "若是水面或飞地，请加 --accept gaps。",
    "Between {names} lie {area_m2} m² of no township (up to {width_m} m wide, at longitude"
    " {longitude}, latitude {latitude}); close it in QGIS, or a narrow one by --mend. If it is"
    " water or an enclave say --accept gaps.",
)
DETACHED: Final = message(
    "boundaries_detached",
    "{names}有 {area_km2} km² 与全区不相连（相距 {distance_m} 米），全区不闭合。"
    "请核对是否缺了乡镇；若是飞地，请加 --accept detached。",
    "{area_km2} km² of {names} lie apart from the district ({distance_m} m away), which is not"
    " closed. Is a township missing? If it is an exclave say --accept detached.",
)
OUTLINE_DIFFERS: Final = message(
    "boundaries_outline_differs",
    "各乡镇合起来与已知的全区轮廓只重合 {share}（低于 {least}）：多出 {extra_km2} km²，"
    "缺少 {missing_km2} km²。请核对坐标系和范围；若以本文件为准，请加 --accept outline。",
    "Together the townships agree with the known outline by {share} only (below {least}):"
    " {extra_km2} km² too much, {missing_km2} km² missing. Check datum and extent; if this file"
    " is right say --accept outline.",
)
OUTLINE_AGREES: Final = message(
    "boundaries_outline_agrees",
    "各乡镇合起来与已知的全区轮廓重合 {share}：多出 {extra_km2} km²，缺少 {missing_km2} km²。",
    "Together the townships agree with the known outline by {share}: {extra_km2} km² too much,"
    " {missing_km2} km² missing.",
)
NO_OUTLINE: Final = message(
    "boundaries_no_outline",
    "没有这个区县的已知轮廓，外轮廓和坐标系未能核对。",
    "No outline of this district is known; outline and datum could not be checked.",
)
ACCEPTED: Final = message(
    "boundaries_accepted",
    "有 {count} 处发现，已按 --accept {check} 接受，请记录原因。",
    "{count} findings were accepted by --accept {check}; please note down why.",
)
MENDED: Final = message(
    "boundary_mended",
    "已修补：面积由 {before_m2} 变为 {after_m2} m²，得失共 {changed_m2} m²。",
    "Mended: the area is {after_m2} m² and was {before_m2}; {changed_m2} m² were gained or lost.",
)
MENDED_IN_ALL: Final = message(
    "boundaries_mended",
    "修补了 {count} 个面，得失共 {changed_m2} m²；重叠和缝隙归共边最长的乡镇。请在地图上核对。",
    "{count} polygons were mended, {changed_m2} m² gained or lost; overlaps and gaps went to the"
    " township with the longest border along them. Check them on the map.",
)


def judge(
    found: Assessment,
    townships: Sequence[ReadTownship],
    reader: TableReader,
    accepted: frozenset[Check],
) -> None:
    """Add what was found to the reader's faults and remarks.

    Parameters
    ----------
    found : Assessment
        Of the polygons, in the order of the townships.
    townships : sequence of ReadTownship
        Whose polygons they are.
    reader : TableReader
        Of the layer.
    accepted : frozenset of Check
        Findings that are remarked on only.
    """
    if found.evidence is not None:
        reader.noted.append(Noted(reader.sheet.place(), found.evidence))
    judged = _Judging(townships, reader, accepted)
    for overlap in found.coverage.overlaps:
        judged.overlap(overlap)
    if found.coverage.ended_early:
        reader.faults.end_early()
    judged.each(Check.GAPS, [judged.gap(gap) for gap in found.coverage.gaps])
    judged.each(Check.DETACHED, [judged.detached(part) for part in found.coverage.detached])
    judged.outline(found.outline)
    judged.mended(found.mended)


class _Judging:
    def __init__(
        self,
        townships: Sequence[ReadTownship],
        reader: TableReader,
        accepted: frozenset[Check],
    ) -> None:
        self._townships, self._reader, self._accepted = townships, reader, accepted

    def overlap(self, found: Overlap) -> None:
        first, second = self._townships[found.first], self._townships[found.second]
        fault = OVERLAP.fault(
            BoundaryError,
            first_row=first.number,
            first=first.told,
            second_row=second.number,
            second=second.told,
            area_m2=_whole(found.area_m2),
            width_m=_metres(found.width_m),
        )
        self._reader.faults.add(fault, self._reader.place(second.number))

    def gap(self, found: Gap) -> tuple[int | None, BoundaryError]:
        longitude, latitude = found.at
        fault = GAP.fault(
            BoundaryError,
            names=self._names(found.neighbours),
            area_m2=_whole(found.area_m2),
            width_m=_metres(found.width_m),
            longitude=f"{longitude:.5f}",
            latitude=f"{latitude:.5f}",
        )
        return self._townships[found.neighbours[0]].number, fault

    def detached(self, found: Detached) -> tuple[int | None, BoundaryError]:
        fault = DETACHED.fault(
            BoundaryError,
            names=self._names(found.members),
            area_km2=_km2(found.area_m2),
            distance_m=_whole(found.distance_m),
        )
        return self._townships[found.members[0]].number, fault

    def each(self, check: Check, faults: Sequence[tuple[int | None, BoundaryError]]) -> None:
        """Add faults, or a remark that they were accepted."""
        if check in self._accepted:
            if faults:
                self._note(ACCEPTED, count=len(faults), check=check.value)
            return
        for number, fault in faults:
            place = self._reader.sheet.place() if number is None else self._reader.place(number)
            self._reader.faults.add(fault, place)

    def outline(self, found: OutlineMatch | None) -> None:
        if found is None:
            self._note(NO_OUTLINE)
            return
        told: dict[str, Any] = {
            "share": f"{found.overlap:.1%}",
            "extra_km2": _km2(found.extra_m2),
            "missing_km2": _km2(found.missing_m2),
        }
        if found.overlap >= LEAST_OUTLINE_OVERLAP:
            self._note(OUTLINE_AGREES, **told)
            return
        least = f"{LEAST_OUTLINE_OVERLAP:.0%}"
        fault = OUTLINE_DIFFERS.fault(BoundaryError, least=least, **told)
        self.each(Check.OUTLINE, [(None, fault)])

    def mended(self, found: Sequence[Mended]) -> None:
        for one in found:
            remark = MENDED.remark(
                before_m2=_whole(one.before_m2),
                after_m2=_whole(one.after_m2),
                changed_m2=_whole(one.changed_m2),
            )
            place = self._reader.place(self._townships[one.position].number)
            self._reader.noted.append(Noted(place, remark))
        if found:
            total_m2 = sum(one.changed_m2 for one in found)
            self._note(MENDED_IN_ALL, count=len(found), changed_m2=_whole(total_m2))

    def _note(self, said: Message, **values: object) -> None:
        self._reader.noted.append(Noted(self._reader.sheet.place(), said.remark(**values)))

    def _names(self, positions: Sequence[int]) -> tuple[str, ...]:
        names = [self._townships[position].told for position in positions]
        return tuple(names[:_SHOWN]) + ("…",) * (len(names) > _SHOWN)


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _metres(number: float) -> str:
    return f"{number:,.1f}"


def _km2(area_m2: float) -> str:
    return f"{area_m2 / _M2_PER_KM2:,.2f}"
