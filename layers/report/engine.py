"""Fills a Word template: values only ever as values, a template's own words in narrow bounds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from geo.core.errors import WordTemplateError

_MAX_NESTED_LOOPS: Final = 3
_MAX_ROUNDS: Final = 2_000_000
"""Of all loops together; the cards of a thousand townships take a tenth of it."""
_MAX_FILLED_CHARACTERS: Final = 60_000_000
_MAX_MARKERS: Final = 3_000
_NEAR: Final = 40
_ZIP_STAMP: Final = (2026, 1, 1, 0, 0, 0)
_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not,
)  # fmt: skip
"""What a template may say: names, loops and conditions. No calls, filters, or arithmetic."""
_THE_ENGINES_OWN: Final = frozenset({"self", "super", "caller", "varargs", "kwargs"})
_TAGS: Final = re.compile(r"<[^>]+>")
_OPENING: Final = re.compile(r"\{[{%#]")
# What XML cannot hold, and signs that the library takes for breaks.
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_RAW_TEXT: Final = ("author", "title", "subject", "comments", "identifier", "language")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a report: a PNG, its width on paper, and what it shows in words."""

    png: bytes
    width_mm: float
    words: str


def fill(template: bytes, content: Mapping[str, Any], *, title: str, on: date) -> bytes:
    """Return a Word document: the template with its names replaced by content.

    Parameters
    ----------
    template : bytes
        A .docx, looked over by :mod:`geo.intake.word_template` where it is an office's.
    content : Mapping
        Text, :class:`Picture`, booleans, and lists and mappings of them. Text stands in the
        document as it is, whatever it holds: it is never read as a template or as XML.
    title : str
        Of the document's properties.
    on : datetime.date
        Date of the properties; the same arguments give the same bytes.

    Raises
    ------
    WordTemplateError
        The template says what it may not, names what is not there, or its loops do not
        stand around whole paragraphs or rows.
    """
    document = _Template(io.BytesIO(template))
    try:
        document.render(_bound(content, document), _Environment(), autoescape=True)
    except (TemplateError, etree.LxmlError) as error:
        raise _told(error) from error
    _stamp(document.docx.core_properties, _clean(title), on)
    saved = io.BytesIO()
    document.docx.save(saved)
    return packed(saved)


class _Template(DocxTemplate):  # type: ignore[misc]
    """The library's template, that neither mends what it made nor reads values again."""

    rounds = 0

    def patch_xml(self, src_xml: str) -> str:
        if len(_OPENING.findall(src_xml)) > _MAX_MARKERS:
            raise TemplateSyntaxError("too many markers", 1)
        patched: str = super().patch_xml(src_xml)
        return patched

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        # The library's own turns {_{ in values into {{ here.
        self.current_rendering_part = part
        template = jinja_env.from_string(re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml))
        made = _bounded(template.generate(context))
        filled: str = self.resolve_listing(re.sub(r"\n<w:p([ >])", r"<w:p\1", made))
        # Parsed once more, strictly: the library's parser mends broken XML by losing text.
        etree.fromstring(filled, etree.XMLParser(resolve_entities=False, no_network=True))
        return filled

    def fix_tables(self, xml: str) -> Any:
        """Return the body, the columns of its tables as wide as their cells say."""
        tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        for table in tree.iter(qn("w:tbl")):
            _regrid(table)
        return tree

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Leave the properties alone: they are ours."""


def _regrid(table: Any) -> None:
    """Make a table's grid anew where a loop over columns has changed how many there are."""
    grid, rows = table.find(qn("w:tblGrid")), table.findall(qn("w:tr"))
    cells: list[Any] = max((row.findall(qn("w:tc")) for row in rows), key=len, default=[])
    old = [int(float(one.get(qn("w:w")) or 0)) for one in grid]
    if len(cells) == len(old) or next(table.iter(qn("w:gridSpan")), None) is not None:
        return
    widths = [_width(cell) for cell in cells]
    scale = sum(old) / (sum(widths) or 1)
    for one in list(grid):
        grid.remove(one)
    for width in widths:
        etree.SubElement(grid, qn("w:gridCol")).set(qn("w:w"), str(round(width * scale)))
    for row in rows:
        for cell in row.findall(qn("w:tc")):
            found = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
            if found is not None:
                found.set(qn("w:w"), str(round(_width(cell) * scale)))


def _width(cell: Any) -> int:
    """Return what a cell says of its width, in twentieths of a point."""
    found = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
    return 1_000 if found is None else int(float(found.get(qn("w:w")) or 1_000))


def _bounded(pieces: Iterator[str]) -> str:
    kept: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > _MAX_FILLED_CHARACTERS:
            raise TemplateSyntaxError("the document grows too large", 1)
        kept.append(piece)
    return "".join(kept)


class _Rows(list[Any]):
    """A list that counts how often a template goes through it."""

    def __init__(self, rows: Iterable[Any], document: _Template) -> None:
        super().__init__(rows)
        self._document = document

    def __iter__(self) -> Iterator[Any]:
        self._document.rounds += len(self)
        if self._document.rounds > _MAX_ROUNDS:
            raise SecurityError("for")
        return super().__iter__()


class _Absent(StrictUndefined):
    """A name that the content does not have."""

    def name(self) -> str:
        return str(self._undefined_name)


class _Environment(SandboxedEnvironment):
    """A sandbox whose templates hold names, loops and conditions only."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=_Absent, extensions=[])
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def from_string(self, source: Any, *args: Any, **named: Any) -> Any:
        _check(self.parse(source), 0)
        return super().from_string(source, *args, **named)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow what the content has by that name, and a loop's own figures."""
        if isinstance(obj, Mapping):
            return attr in obj
        return type(obj).__name__ == "LoopContext" and super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        # Of a mapping only its keys: never its methods.
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def _check(node: nodes.Node, depth: int) -> None:
    """Raise on what a template may not say."""
    if not isinstance(node, _ALLOWED):
        raise SecurityError(f"{type(node).__name__} ({getattr(node, 'lineno', 1)})")
    if isinstance(node, nodes.Name) and node.name in _THE_ENGINES_OWN:
        raise SecurityError(node.name)
    if isinstance(node, nodes.For):
        depth += 1
        if depth > _MAX_NESTED_LOOPS or node.recursive:
            raise SecurityError(f"for ({node.lineno})")
    for child in node.iter_child_nodes():
        _check(child, depth)


def _told(error: TemplateError | etree.LxmlError) -> WordTemplateError:
    """Return a fault in a template in one sentence."""
    if isinstance(error, TemplateSyntaxError):
        near = _near(error)
        return WordTemplateError(
            zh=f"模板里的标记写得不对{f'（靠近「{near}」）' if near else ''}：{error.message}。"
            "请核对 {{ }}、{% for %}、{% if %} 是否成对。",
            en=f"A marker of the template is wrong{f' (near {near!r})' if near else ''}: "
            f"{error.message}. Check that the markers come in pairs.",
        )
    if isinstance(error, SecurityError):
        return WordTemplateError(
            zh=f"模板里只能用数据名、for 和 if（for 最多套三层），不能用 {error.message}。",
            en=f"A template holds names, for and if only (for within for within for at most), not "
            f"{error.message}.",
        )
    if isinstance(error, etree.LxmlError):
        return WordTemplateError(
            zh="模板填出来不是完好的 Word 文档：{%p %} 须单独成段，{%tr %} 须单独成行，并且成对。",
            en="The filled template is no sound Word document: {%p %} stands in a paragraph of its "
            "own, {%tr %} in a row of its own, in pairs.",
        )
    return WordTemplateError(
        zh=f"模板里用了没有的数据名：{error.message}。可用的名称见 docs/report.md。",
        en=f"The template uses a name that is not there: {error.message}. docs/report.md has all.",
    )


def _near(error: TemplateSyntaxError) -> str:
    lines = (error.source or "").splitlines()
    if not 0 < error.lineno <= len(lines):
        return ""
    return " ".join(_TAGS.sub("", lines[error.lineno - 1]).split())[:_NEAR]


def _bound(value: Any, document: _Template) -> Any:
    """Return content with texts cleaned and pictures that draw themselves where they stand."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Picture):
        return _Drawn(value, document)
    if isinstance(value, Mapping):
        return {str(key): _bound(one, document) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return _Rows((_bound(one, document) for one in value), document)
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"{type(value).__name__} is no content of a report")


def _clean(text: str) -> str:
    r"""Return text on one line without what cannot be seen.

    Examples
    --------
    >>> _clean("甲\n乙\x07")
    '甲 乙�'
    """
    one_line = re.sub(r"[\t\n\r\u2028\u2029]+", " ", text)
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", one_line)


class _Drawn:
    """A picture on its way into the document."""

    def __init__(self, picture: Picture, document: _Template) -> None:
        self._picture, self._document = picture, document

    def __html__(self) -> Markup:
        inline = self._document.current_rendering_part.new_pic_inline(
            io.BytesIO(self._picture.png), width=Mm(self._picture.width_mm)
        )
        for properties in (inline.docPr, inline.graphic.graphicData.pic.nvPicPr.cNvPr):
            properties.set("descr", _clean(self._picture.words))
        drawn = etree.tostring(inline, encoding="unicode")
        return Markup(  # noqa: S704  (XML that was just made; its words are attributes)
            f'</w:t></w:r><w:r><w:drawing>{drawn}</w:drawing></w:r><w:r><w:t xml:space="preserve">'
        )


def _stamp(properties: Any, title: str, on: date) -> None:
    """Set the properties to the study's own, without an hour or a person."""
    day = datetime(on.year, on.month, on.day)  # noqa: DTZ001  (Word's times have no zone)
    for name in _RAW_TEXT:
        setattr(properties, name, "")
    properties.title, properties.author = title[:200], "kepu-atlas"
    properties.last_modified_by = "kepu-atlas"
    properties.created = properties.modified = properties.last_printed = day
    properties.revision = 1


def packed(saved: io.BytesIO) -> bytes:
    """Return the document with the same stamp on every part."""
    out = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_STAMP), source.read(name))
    return out.getvalue()
