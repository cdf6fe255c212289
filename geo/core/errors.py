"""One tree of errors; every message names the object, the place and the way out.

A message exists in Chinese and in English and is chosen when it is shown, so
that one fault reads right on the page, in the terminal and in a colleague's
log. ``api.web.errors`` maps this tree once to HTTP statuses and exit codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.core")

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a user's file something stands; row and column count from 1 as Excel does.

    Examples
    --------
    >>> str(Place(file="台账.xlsx", sheet="设施台账", row=5, column="展厅面积"))
    '台账.xlsx · 设施台账 · 第5行 · 展厅面积'
    >>> Place(file="a.csv", row=2).text("en")
    'a.csv · row 2'
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def text(self, lang: Lang = "zh") -> str:
        """Return the place in words, broadest first; empty when nothing is known."""
        row = None
        if self.row is not None:
            row = TEXT.text("row", lang, row=self.row)
        parts = [self.file, self.sheet, row, self.column]
        return " · ".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.text("zh")


class KepuError(Exception):
    """Root of the tree: a fault that the person at the screen can understand and mend.

    Parameters
    ----------
    zh, en : str
        What is wrong and what to do, in each language.
    place : Place, optional
        The file, sheet, row and column, where there is one.

    Examples
    --------
    >>> fault = BadValueError(zh="展厅面积不能为负。", en="The area is negative.",
    ...                       place=Place(file="a.xlsx", row=3))
    >>> fault.message("en")
    'a.xlsx · row 3: The area is negative.'
    >>> str(fault)
    'a.xlsx · 第3行：展厅面积不能为负。'
    """

    def __init__(self, *, zh: str, en: str, place: Place | None = None) -> None:
        super().__init__(zh, en)
        self.zh = zh
        self.en = en
        self.place = place

    def message(self, lang: Lang = "zh") -> str:
        """Return place and message in the language asked for."""
        text = self.zh if lang == "zh" else self.en
        where = self.place.text(lang) if self.place else ""
        if not where:
            return text
        return f"{where}：{text}" if lang == "zh" else f"{where}: {text}"

    def __str__(self) -> str:
        return self.message("zh")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a cell might say instead; a person decides, never the product.

    Attributes
    ----------
    value : str
        As it would be written into the cell.
    confidence : float
        From 0 to 1, by the evidence alone.
    """

    value: str
    confidence: float


class InputError(KepuError):
    """A user's file, or a row of it, cannot be taken as it is.

    Attributes
    ----------
    faults : tuple of InputError
        All that was found wrong with the file, in reading order; empty when this
        error stands alone. See :func:`faults_of`.
    code : str
        Of its sentence in :mod:`geo.core.messages`; empty where it has none.
    proposal : Proposal or None
        What the cell might say instead.
    """

    faults: tuple[InputError, ...] = ()
    code: str = ""
    proposal: Proposal | None = None


def faults_of(error: InputError) -> tuple[InputError, ...]:
    """Return all that intake found wrong with a file, the error itself where it is alone.

    Parameters
    ----------
    error : InputError
        Of a whole file, or of one place in it.

    Returns
    -------
    tuple of InputError
        In reading order.

    Examples
    --------
    >>> alone = BadValueError(zh="不是数字。", en="Not a number.")
    >>> faults_of(alone) == (alone,)
    True
    """
    return error.faults or (error,)


class FileMissingError(InputError):
    """The file named is not there or cannot be read."""


class FileTypeError(InputError):
    """The file is of a type, or has a content, that the product does not take."""


class FileTooLargeError(InputError):
    """The file exceeds a stated bound of bytes, rows, columns or depth."""


class EmptyFileError(InputError):
    """The file holds no row."""


class MissingColumnError(InputError):
    """A column that must be there is not."""


class BadValueError(InputError):
    """A cell cannot be read as what its column asks for, or lies outside its bounds."""


class UnknownTermError(InputError):
    """A cell names a kind, level or status that the vocabulary does not have."""


class UnknownDivisionError(InputError):
    """A cell gives a division code that no boundary in the store has."""


class DuplicateError(InputError):
    """Two rows claim the same key, or contradict each other."""


class BoundaryError(InputError):
    """Polygons do not make a district: they overlap, are invalid, or are not polygons."""


class WordTemplateError(InputError):
    """A Word template cannot be filled: a marker is wrong, forbidden, or names nothing known."""


class TableError(KepuError):
    """A frame handed to a measure does not have the columns its table asks for."""


class ScenarioError(KepuError):
    """A scenario file is not TOML, or a value in it is unknown or out of bounds."""


class SitingError(KepuError):
    """Where to build cannot be answered as asked: rules contradict, or nobody can be reached."""


class NoPlanInTimeError(SitingError):
    """The time was up before any plan was found, or proven not to exist."""


class QueryError(KepuError):
    """A query parameter is unknown, malformed or out of bounds."""


class ExpiredError(QueryError):
    """What was asked for was here once and cannot be told any more."""


class NotAcceptableError(QueryError):
    """What was asked for is not offered in any form that the client accepts."""


class NotFoundError(KepuError):
    """What was asked for (a collection, a feature, a page) is not here."""


class DataError(KepuError):
    """Shipped or stored data contradicts itself (a checksum, a missing denominator)."""


class StoreError(KepuError):
    """The store cannot be opened, is not ours, or is of another version."""


class StoreBusyError(StoreError):
    """Another process is writing; nothing was changed and one may try again."""


class UndoError(StoreError):
    """An import cannot be taken back as things stand; nothing was changed."""


class JobLostError(KepuError):
    """The process that worked on a job ended before it was done; one may ask again."""


class OutputError(KepuError):
    """A result cannot be written where it was asked for."""
