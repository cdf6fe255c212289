"""Which parts of a file hold what."""

from __future__ import annotations

from collections.abc import Sequence

from geo.core.errors import FileTypeError, Place
from geo.core.messages import Whole, message, shown
from geo.intake.process import Book
from geo.intake.rows import Sheet

_SHEET_NOT_FOUND = message(
    "sheet_not_found",
    "没有名为「{main}」的工作表（现有：{found}），请把有数据的那张改为此名。",
    "There is no sheet '{main}' (found: {found}); rename the sheet with the data.",
)


def choose_sheets(book: Book, main: str, others: Sequence[str] = ()) -> list[Sheet]:
    """Return the one sheet of a workbook that must be there, then others that may be.

    The main sheet is the one of that title or, where none is, the only one that
    is not among the others. Hidden sheets are not looked at: templates keep the
    words of their drop-down lists there.

    Parameters
    ----------
    book : Book
        The workbook.
    main : str
        Title of the sheet that must be there.
    others : sequence of str
        Titles of sheets that are read where they are there.

    Raises
    ------
    FileTypeError
        It is not clear which sheet is meant.

    Examples
    --------
    >>> from geo.intake.formats.part import Part
    >>> book = Book("a.xlsx", (Part("说明"), Part("设施台账"), Part("挂牌")))
    >>> [sheet.name for sheet in choose_sheets(book, "设施台账", ["挂牌"])]
    ['设施台账', '挂牌']
    """
    visible = [part for part in book.parts if not part.hidden]
    named = [part for part in visible if (part.name or "").strip() == main]
    further = [part for part in visible if (part.name or "").strip() in others]
    rest = [part for part in visible if part not in further]
    if not named and len(rest) != 1:
        found = "、".join(shown(part.name) for part in visible)
        raise _SHEET_NOT_FOUND.fault(
            FileTypeError, place=Place(file=book.file), main=Whole(main), found=Whole(found)
        )
    return [part.sheet(book.file) for part in (*(named or rest)[:1], *further)]
