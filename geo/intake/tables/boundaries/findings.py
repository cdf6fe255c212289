"""What was found about the townships of a file, as errors and notes of its features."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from geo.core.errors import BoundaryError
from geo.core.messages import CellWarning, Message
from geo.intake.sentences import message
from geo.intake.table_reader import TableReader
from geo.intake.tables.boundaries.assessment import Assessment, Mended, OutlineMatch
from geo.intake.tables.boundaries.coverage import Detached, Gap, Overlap
from geo.intake.tables.boundaries.townships import ReadTownship

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


OVERLAP: Final = message("boundaries.boundaries_overlap")
GAP: Final = message("boundaries.boundaries_gap")
DETACHED: Final = message("boundaries.boundaries_detached")
OUTLINE_DIFFERS: Final = message("boundaries.boundaries_outline_differs")
OUTLINE_AGREES: Final = message("boundaries.boundaries_outline_agrees")
NO_OUTLINE: Final = message("boundaries.boundaries_no_outline")
ACCEPTED: Final = message("boundaries.boundaries_accepted")
MENDED: Final = message("boundaries.boundary_mended")
MENDED_IN_ALL: Final = message("boundaries.boundaries_mended")


def judge(
    found: Assessment,
    townships: Sequence[ReadTownship],
    reader: TableReader,
    accepted: frozenset[str],
) -> None:
    """Add what was found to the reader's errors and notes.

    Parameters
    ----------
    found : Assessment
        Of the polygons, in the order of the townships.
    townships : sequence of ReadTownship
        Whose polygons they are.
    reader : TableReader
        Of the layer.
    accepted : frozenset of str
        Findings that are noted only.
    """
    if found.evidence is not None:
        reader.warnings.append(CellWarning(reader.sheet.place(), found.evidence))
    judged = _Judging(townships, reader, accepted)
    for overlap in found.coverage.overlaps:
        judged.overlap(overlap)
    if found.coverage.ended_early:
        reader.errors.end_early()
    judged.each(Check.GAPS, [judged.gap(gap) for gap in found.coverage.gaps])
    judged.each(Check.DETACHED, [judged.detached(part) for part in found.coverage.detached])
    judged.outline(found.outline)
    judged.mended(found.mended)


class _Judging:
    def __init__(
        self,
        townships: Sequence[ReadTownship],
        reader: TableReader,
        accepted: frozenset[str],
    ) -> None:
        self._townships, self._reader, self._accepted = townships, reader, accepted

    def overlap(self, found: Overlap) -> None:
        first, second = self._townships[found.first], self._townships[found.second]
        error = OVERLAP.error(
            BoundaryError,
            first_row=first.number,
            first=first.told,
            second_row=second.number,
            second=second.told,
            area_m2=_whole(found.area_m2),
            width_m=_metres(found.width_m),
        )
        self._reader.errors.add(error, self._reader.place(second.number))

    def gap(self, found: Gap) -> tuple[int | None, BoundaryError]:
        longitude, latitude = found.at
        error = GAP.error(
            BoundaryError,
            names=self._names(found.neighbours),
            area_m2=_whole(found.area_m2),
            width_m=_metres(found.width_m),
            longitude=f"{longitude:.5f}",
            latitude=f"{latitude:.5f}",
        )
        return self._townships[found.neighbours[0]].number, error

    def detached(self, found: Detached) -> tuple[int | None, BoundaryError]:
        error = DETACHED.error(
            BoundaryError,
            names=self._names(found.members),
            area_km2=_km2(found.area_m2),
            distance_m=_whole(found.distance_m),
        )
        return self._townships[found.members[0]].number, error

    def each(self, check: Check, errors: Sequence[tuple[int | None, BoundaryError]]) -> None:
        """Add errors, or a note that they were accepted."""
        if check in self._accepted:
            if errors:
                self._note(ACCEPTED, count=len(errors), check=check.value)
            return
        for number, error in errors:
            place = self._reader.sheet.place() if number is None else self._reader.place(number)
            self._reader.errors.add(error, place)

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
        error = OUTLINE_DIFFERS.error(BoundaryError, least=least, **told)
        self.each(Check.OUTLINE, [(None, error)])

    def mended(self, found: Sequence[Mended]) -> None:
        for one in found:
            note = MENDED.note(
                before_m2=_whole(one.before_m2),
                after_m2=_whole(one.after_m2),
                changed_m2=_whole(one.changed_m2),
            )
            place = self._reader.place(self._townships[one.position].number)
            self._reader.warnings.append(CellWarning(place, note))
        if found:
            total_m2 = sum(one.changed_m2 for one in found)
            self._note(MENDED_IN_ALL, count=len(found), changed_m2=_whole(total_m2))

    def _note(self, said: Message, **values: object) -> None:
        self._reader.warnings.append(CellWarning(self._reader.sheet.place(), said.note(**values)))

    def _names(self, positions: Sequence[int]) -> tuple[str, ...]:
        names = [self._townships[position].told for position in positions]
        return tuple(names[:_SHOWN]) + ("…",) * (len(names) > _SHOWN)


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _metres(number: float) -> str:
    return f"{number:,.1f}"


def _km2(area_m2: float) -> str:
    return f"{area_m2 / _M2_PER_KM2:,.2f}"
