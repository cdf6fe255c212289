"""Excel workbooks that we write: text stays text, and the same content is the same bytes."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from typing import TYPE_CHECKING, Any, Final

from geo.core.schema import Column

if TYPE_CHECKING:
    from openpyxl import Workbook

LEDGER_SHEET: Final = "设施台账"
PLAQUE_SHEET: Final = "挂牌"
"""The sheets of a ledger, as ``kepu load facilities`` reads them."""

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""Cells that begin with one of them would be run by a spreadsheet."""

_CORE: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b"<cp:coreProperties"
    b' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    b"<dc:creator>kepu-atlas</dc:creator>"
    b'<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created>'
    b'<dcterms:modified xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:modified>'
    b"</cp:coreProperties>"
)
"""Ours to the letter: the prefixes of openpyxl's depend on what other libraries named before."""
_ZIP_STAMP: Final = (2026, 1, 1, 0, 0, 0)


def set_text(cell: Any, text: str) -> None:
    """Put text into a cell of openpyxl as text, whatever it begins with.

    Signs that XML cannot hold are replaced.

    Examples
    --------
    >>> from openpyxl import Workbook
    >>> cell = Workbook().active.cell(1, 1)
    >>> set_text(cell, "=1+1")
    >>> cell.value, cell.data_type, cell.quotePrefix
    ('=1+1', 's', True)
    """
    cell.value = "".join(sign if _can_stand(sign) else "\ufffd" for sign in text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_SIGNS)


def _can_stand(sign: str) -> bool:
    # Python calls no space but " " printable; the wide one of Chinese texts is as good.
    return sign.isprintable() or sign in "\n\t" or unicodedata.category(sign) == "Zs"


def heading(column: Column) -> str:
    """Return a column's heading in a ledger, with its unit.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> heading(FACILITIES["exhibition_area_m2"]), heading(FACILITIES["name"])
    ('展厅面积（㎡）', '名称')
    """
    units = {"m²": "（㎡）", "m": "（米）"}
    return column.zh + units.get(column.unit, "")


def workbook_bytes(book: Workbook) -> bytes:
    """Return a workbook as .xlsx without the hour: times are fixed, and nothing is packed."""
    saved = io.BytesIO()
    book.save(saved)
    out = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _CORE
            target.writestr(zipfile.ZipInfo(name, _ZIP_STAMP), content, zipfile.ZIP_STORED)
    return out.getvalue()
