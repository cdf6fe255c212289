"""Division codes that a ledger declares, held against the townships there are."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.columns import FACILITIES
from geo.errors import Place, UnknownDivisionError
from geo.intake.faults import Faults
from geo.intake.ledger import Ledger

_DISTRICT_DIGITS: Final = 6
_TOWNSHIP_DIGITS: Final = 9
_SHOWN_TOWNSHIPS: Final = 30


def check_townships(ledger: Ledger, townships: gpd.GeoDataFrame) -> None:
    """Raise unless every township that a ledger declares in this district is there.

    Codes of other districts pass: a ledger may hold neighbours' places. A village
    code is judged by the township in it.

    Parameters
    ----------
    ledger : Ledger
        As read.
    townships : geopandas.GeoDataFrame
        Indexed by ``township_code``, with ``name_zh``.

    Raises
    ------
    UnknownDivisionError
        Naming file, sheet, row and column of the first such code, and the codes
        that there are; :func:`geo.intake.faults.faults_of` returns all.

    Examples
    --------
    >>> from geo.columns import DESIGNATIONS, empty_frame
    >>> empty = empty_frame(FACILITIES).set_index("facility_id")
    >>> check_townships(Ledger(gpd.GeoDataFrame(empty), empty_frame(DESIGNATIONS)),
    ...                 gpd.GeoDataFrame({"name_zh": ["镇"]}, index=["430503100"]))
    """
    faults = Faults()
    known = set(townships.index)
    districts = {str(code)[:_DISTRICT_DIGITS] for code in known}
    columns = ("township_code", "village_code")
    for row in _declared(ledger, columns):
        for name in columns:
            code = row[name]
            if pd.isna(code) or code[:_TOWNSHIP_DIGITS] in known:
                continue
            if code[:_DISTRICT_DIGITS] in districts:
                faults.add(_unknown(code, townships), _place(row, name))
    faults.raise_if_any()


def _declared(ledger: Ledger, columns: tuple[str, ...]) -> list[dict[str, str]]:
    wanted = [*columns, "source_file", "source_sheet", "source_row"]
    rows: list[dict[str, str]] = pd.DataFrame(ledger.facilities[wanted]).to_dict("records")
    return rows


def _place(row: dict[str, str], column: str) -> Place:
    sheet, number = row["source_sheet"], row["source_row"]
    return Place(
        file=row["source_file"],
        sheet=None if pd.isna(sheet) else sheet,
        row=None if pd.isna(number) else int(number),
        column=FACILITIES[column].zh,
    )


def _unknown(code: str, townships: gpd.GeoDataFrame) -> UnknownDivisionError:
    names = townships["name_zh"].sort_index().iloc[:_SHOWN_TOWNSHIPS]
    there = "、".join(f"{number} {name}" for number, name in names.items())
    there += "…" * (len(townships) > _SHOWN_TOWNSHIPS)
    township = code[:_TOWNSHIP_DIGITS]
    return UnknownDivisionError(
        zh=f"本区没有代码为 {township} 的乡镇街道。请改正代码，可用：{there}。",
        en=f"The district has no township {township}. There are: {there}.",
    )
