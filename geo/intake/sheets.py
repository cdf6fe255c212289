"""Which sheets of a workbook hold what."""

from __future__ import annotations

from collections.abc import Sequence

from geo.errors import FileTypeError, Place
from geo.intake.faults import shown
from geo.intake.formats.bounds import InputFile
from geo.intake.formats.workbook import Choose


def choose_sheets(source: InputFile, main: str, others: Sequence[str] = ()) -> Choose:
    """Return a choice of one sheet that must be there and others that may be.

    The main sheet is the one of that title or, where none is, the only one that
    is not among the others.

    Parameters
    ----------
    source : InputFile
        The workbook, for messages.
    main : str
        Title of the sheet that must be there.
    others : sequence of str
        Titles of sheets that are read where they are there.

    Examples
    --------
    >>> choose = choose_sheets(InputFile("a.xlsx", ".xlsx", b""), "设施台账", ["挂牌"])
    >>> choose(["说明", "设施台账", "挂牌"]), choose(["Sheet1"])
    (['设施台账', '挂牌'], ['Sheet1'])
    """

    def choose(titles: Sequence[str]) -> list[str]:
        named = [title for title in titles if title.strip() == main]
        further = [title for title in titles if title.strip() in others]
        rest = [title for title in titles if title not in further]
        if not named and len(rest) != 1:
            found = "、".join(shown(title) for title in titles)
            raise FileTypeError(
                zh=f"没有名为「{main}」的工作表（现有：{found}），请把有数据的那张改为此名。",
                en=f"There is no sheet '{main}' (found: {found}); rename the sheet with the data.",
                place=Place(file=source.name),
            )
        return [*(named or rest)[:1], *further]

    return choose
