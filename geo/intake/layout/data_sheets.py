"""Which sheets of a workbook are ledgers, which are lists of plaques, and which neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from geo.core.messages import Remark, message
from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION, Table
from geo.intake.headings.matching import lexicon_of
from geo.intake.headings.synonyms import PLACE_COLUMNS, Synonyms
from geo.intake.layout.heading_rows import LEAST_UNDERSTOOD, find_headings
from geo.intake.rows import Sheet

_LEDGER_NAME: Final = "设施台账"
_PLAQUE_NAME: Final = "挂牌"
_LEAST_LEDGER: Final = 3
_PLAQUE_ALONE: Final = frozenset({"issuing_body", "document_number", "valid_to", "facility_id"})

_HIDDEN: Final = message(
    "sheet_hidden",
    "工作表「{name}」是隐藏的，未读入。需要读入请取消隐藏。",
    "The sheet '{name}' is hidden and was not read; unhide it to have it read.",
)
_NEITHER: Final = message(
    "sheet_unknown",
    "工作表「{name}」的表头不像设施台账或挂牌表（认出 {count} 列），未读入。",
    "The sheet '{name}' has not the headings of a ledger or of plaques ({count} known): not read.",
)
_POPULATION: Final = message(
    "sheet_population",
    "工作表「{name}」像人口表，未作台账读入。请在「人口」处上传。",
    "The sheet '{name}' looks like population and was not read as a ledger; bring it as such.",
)
_BLANK: Final = message(
    "sheet_blank",
    "工作表「{name}」是空的，未读入。",
    "The sheet '{name}' is empty and was not read.",
)


@dataclass(frozen=True)
class SheetLeftOut:
    """A sheet that was not read, and why."""

    name: str
    reason: Remark


@dataclass(frozen=True)
class SheetChoice:
    """The sheets of a workbook by what they hold, in its order.

    Attributes
    ----------
    ledgers, plaques : tuple of Sheet
        To be read as facilities, and as designations.
    left_out : tuple of SheetLeftOut
        Neither.
    """

    ledgers: tuple[Sheet, ...]
    plaques: tuple[Sheet, ...]
    left_out: tuple[SheetLeftOut, ...]


def choose_data_sheets(
    sheets: Sequence[Sheet],
    *,
    hidden: Sequence[str] = (),
    synonyms: Synonyms | None = None,
) -> SheetChoice:
    """Tell ledgers and lists of plaques by their headings, whatever the sheets are called.

    The names 设施台账 and 挂牌 decide before the headings do.

    Parameters
    ----------
    sheets : sequence of Sheet
        Those that are visible.
    hidden : sequence of str
        Names of the others.
    synonyms : Synonyms, optional
        Of the office; the built-in ones if not given.

    Examples
    --------
    >>> from geo.intake.rows import Row
    >>> heads = Row(1, ("设施名称", "详细地址", "展厅面积"))
    >>> found = choose_data_sheets([Sheet("a.xlsx", n, [heads]) for n in ("城北", "城南")])
    >>> [sheet.name for sheet in found.ledgers]
    ['城北', '城南']
    """
    kinds = [(sheet, *_kind(sheet, synonyms)) for sheet in sheets]
    left = [SheetLeftOut(s.name or "", reason) for s, _, reason in kinds if reason is not None]
    left += [SheetLeftOut(name, _HIDDEN.remark(name=name)) for name in hidden]
    return SheetChoice(
        tuple(sheet for sheet, kind, _ in kinds if kind == "ledger"),
        tuple(sheet for sheet, kind, _ in kinds if kind == "plaques"),
        tuple(left),
    )


def _kind(
    sheet: Sheet, synonyms: Synonyms | None
) -> tuple[Literal["ledger", "plaques", "neither"], Remark | None]:
    name = (sheet.name or "").strip()
    if name in (_LEDGER_NAME, _PLAQUE_NAME):
        return ("ledger" if name == _LEDGER_NAME else "plaques"), None
    if not sheet.rows:
        return "neither", _BLANK.remark(name=name)
    return _kind_by_headings(sheet, name, synonyms)


def _kind_by_headings(
    sheet: Sheet, name: str, synonyms: Synonyms | None
) -> tuple[Literal["ledger", "plaques", "neither"], Remark | None]:
    place, plaque = (_understood(sheet, t, synonyms) for t in (FACILITIES, DESIGNATIONS))
    if "title" in plaque and plaque & _PLAQUE_ALONE and len(plaque) >= len(place):
        return "plaques", None
    if {"title", "facility_name"} <= plaque and len(place) < _LEAST_LEDGER:
        return "plaques", None
    people = _understood(sheet, POPULATION, synonyms)
    if "population" in people and len(people) > len(place - set(PLACE_COLUMNS)):
        return "neither", _POPULATION.remark(name=name)
    least = LEAST_UNDERSTOOD if "台账" in name else _LEAST_LEDGER
    if len(place) >= least and place & {"name", "facility_id"}:
        return "ledger", None
    return "neither", _NEITHER.remark(name=name, count=max(len(place), len(plaque)))


def _understood(sheet: Sheet, table: Table, synonyms: Synonyms | None) -> set[str]:
    """Return the columns of a table, and of a place, that a sheet's headings name."""
    band, _ = find_headings(sheet.rows, lexicon_of(table.columns, synonyms=synonyms))
    return set(band.columns) if band else set()
