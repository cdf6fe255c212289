"""What is wrong with a file: gathered in reading order, shown as one clear message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from geo.core.errors import InputError, Place

MAX_FAULTS: Final = 20_000
"""Faults kept one by one; a file with more is refused as a whole."""


class Faults:
    """The faults of one file, in the order in which a person reads it.

    Examples
    --------
    >>> from geo.core.errors import BadValueError
    >>> found = Faults()
    >>> for row in (3, 7):
    ...     found.add(BadValueError(zh="不是数字。", en="Not a number."), Place(row=row))
    >>> found.raise_if_any()
    Traceback (most recent call last):
    geo.core.errors.BadValueError: 第3行：不是数字。（另有 1 处问题）
    """

    def __init__(self) -> None:
        self._kept: list[InputError] = []
        self._count = 0
        self._more = False

    def add(self, fault: InputError, place: Place) -> None:
        """Keep a fault and where it stands."""
        fault.place = place
        self._count += 1
        if len(self._kept) < MAX_FAULTS:
            self._kept.append(fault)

    def end_early(self) -> None:
        """Note that the search for faults ended before the end: there may be more."""
        self._more = True

    def sort(self, key: Callable[[Place], tuple[int, ...]]) -> None:
        """Put the faults in the order of their places."""
        self._kept.sort(key=lambda fault: key(fault.place or Place()))

    @property
    def kept(self) -> tuple[InputError, ...]:
        """The faults so far, each with its place."""
        return tuple(self._kept)

    @property
    def count(self) -> int:
        """How many faults there are so far, those included that are not kept."""
        return self._count

    @property
    def too_many(self) -> bool:
        """Whether there are more faults than are kept one by one."""
        return self._count > len(self._kept) or self._more

    def raise_if_any(self) -> None:
        """Raise the first fault, telling how many more there are; see :func:`faults_of`.

        Raises
        ------
        InputError
            Of the class of the first fault.
        """
        if self._kept:
            raise self.error()

    def error(self) -> InputError:
        """Return the first fault, telling how many more there are and holding them all."""
        first = shown = self._kept[0]
        more = self._count - 1
        if more:
            least_zh, least_en = ("至少 ", "at least ") if self._more else (" ", "")
            shown = type(first)(
                zh=f"{first.zh}（另有{least_zh}{more} 处问题）",
                en=f"{first.en} ({least_en}{more} more.)",
                place=first.place,
            )
        shown.faults = tuple(self._kept)
        return shown


def faults_of(error: InputError) -> tuple[InputError, ...]:
    """Return all that intake found wrong with a file, the error itself where it is alone.

    At most :data:`MAX_FAULTS`, in reading order.

    Examples
    --------
    >>> from geo.core.errors import BadValueError
    >>> alone = BadValueError(zh="不是数字。", en="Not a number.")
    >>> faults_of(alone) == (alone,)
    True
    """
    return error.faults or (error,)
