"""How a report looks in Word: A4, fonts for both scripts, tables that break between rows only."""

from __future__ import annotations

from typing import Any, Final

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

SONG, HEI, LATIN = "SimSun", "SimHei", "Times New Roman"
INK: Final = RGBColor(0x1C, 0x27, 0x33)
RED: Final = RGBColor(0xB3, 0x1B, 0x1B)
SOFT: Final = RGBColor(0x4A, 0x56, 0x62)
HEAD_FILL: Final = "E8EDF1"
_THEME: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
_KEPT_STYLES: Final = frozenset(
    {
        "Normal", "Title", "heading 1", "heading 2", "header", "footer", "Normal Table", "No List",
        "Default Paragraph Font",
    }
)  # fmt: skip
_DROPPED_PARTS: Final = frozenset({"stylesWithEffects", "customXml", "thumbnail", "numbering"})
_HEADINGS: Final = {"Title": 20.0, "Heading 1": 14.0, "Heading 2": 12.0}

CENTRE, LEFT, RIGHT = (
    WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT,
)  # fmt: skip


def dress(document: Document, *, body_pt: float, margin_cm: float = 2.0) -> None:
    """Set the page and the styles of a document."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(margin_cm)
    section.top_margin, section.bottom_margin = Cm(2.0), Cm(1.8)
    section.header_distance = section.footer_distance = Cm(0.9)
    _style(document, "Normal", SONG, body_pt, bold=False)
    normal = document.styles["Normal"].paragraph_format
    normal.space_after, normal.space_before, normal.line_spacing = Pt(3), Pt(0), 1.15
    for name, size in _HEADINGS.items():
        _style(document, name, HEI, size, bold=True)
        spacing = document.styles[name].paragraph_format
        spacing.space_before, spacing.space_after = Pt(8), Pt(4)
        spacing.keep_with_next = True
    document.styles["Title"].paragraph_format.alignment = CENTRE
    _drop_borders(document.styles["Title"])
    _language(document)


def slim(document: Document) -> None:
    """Leave out what the library's empty document brings along and a report never uses."""
    for style in list(document.styles.element.findall(qn("w:style"))):
        if style.find(qn("w:name")).get(qn("w:val")) not in _KEPT_STYLES:
            document.styles.element.remove(style)
    for part in (document.part, document.part.package):
        for key, link in list(part.rels.items()):
            if link.reltype.rpartition("/")[2] in _DROPPED_PARTS:
                del part.rels[key]


def _style(document: Document, name: str, east_asia: str, size: float, *, bold: bool) -> None:
    style: Any = document.styles[name]
    style.font.size, style.font.bold, style.font.name = Pt(size), bold, LATIN
    style.font.color.rgb = INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in _THEME:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), LATIN)
    fonts.set(qn("w:eastAsia"), east_asia)


def _drop_borders(style: Any) -> None:
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)


def _language(document: Document) -> None:
    """Say that East Asian text is simplified Chinese, so that its characters are drawn so."""
    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:eastAsia"), "zh-CN")


def run(
    paragraph: Any,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    colour: RGBColor | None = None,
) -> Any:
    """Add text to a paragraph; bold Chinese is set in a bold face."""
    added = paragraph.add_run(text)
    if size is not None:
        added.font.size = Pt(size)
    if bold:
        added.font.bold = True
        added._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEI)
    if colour is not None:
        added.font.color.rgb = colour
    return added


def field(paragraph: Any, code: str, *, size: float) -> None:
    """Add a field that Word works out itself, such as the number of the page."""
    for kind in ("begin", None, "end"):
        piece = run(paragraph, "", size=size)._element
        if kind is None:
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = code
        else:
            told = OxmlElement("w:fldChar")
            told.set(qn("w:fldCharType"), kind)
        piece.append(told)


def tighten(paragraph: Any, *, after: float = 0, before: float = 0, line: float = 1.0) -> None:
    """Set the space about a paragraph, in points."""
    spacing = paragraph.paragraph_format
    spacing.space_after, spacing.space_before, spacing.line_spacing = Pt(after), Pt(before), line


def border(table: Any, colour: str = "9AA5AF") -> None:
    """Give a table thin lines all over."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def pad(table: Any, twips: int) -> None:
    """Set the space between a cell's lines and its text."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:w"), str(twips))
        line.set(qn("w:type"), "dxa")
        margins.append(line)
    table._tbl.tblPr.append(margins)


def keep_row(row: Any, *, heading: bool = False) -> None:
    """Keep a row on one page; repeat it on the next where it is a heading."""
    properties = row._tr.get_or_add_trPr()
    names = ("w:cantSplit", "w:tblHeader") if heading else ("w:cantSplit",)
    for name in names:
        properties.append(OxmlElement(name))


def shade(cell: Any, fill: str = HEAD_FILL) -> None:
    """Give a cell a ground."""
    told = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        told.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(told)
