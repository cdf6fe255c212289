"""The shipped templates come from code, and look as an office's documents should."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from geo.intake.word_template import check_word_template
from layers.report import DocumentKind, Parts, Pictures, content_of, shipped_template
from layers.report.building import build
from layers.report.templates import FOLDER, file_name

GUIDE = Path(__file__).parents[3] / "docs" / "report.md"
BOTH = [(kind, lang) for kind in DocumentKind for lang in ("zh", "en")]


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_rebuilding_gives_what_is_shipped(kind: DocumentKind, lang: str) -> None:
    shipped = parts_of(shipped_template(kind, lang))  # type: ignore[arg-type]
    built = parts_of(build(kind, lang))  # type: ignore[arg-type]
    assert built == shipped, "run: python -m layers.report.building"


def test_nothing_else_is_shipped() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        file_name(kind, lang)  # type: ignore[arg-type]
        for kind, lang in BOTH
    }


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_a_shipped_template_is_one_that_an_office_may_send(kind: DocumentKind, lang: str) -> None:
    check_word_template(shipped_template(kind, lang), "x.docx")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_page_fonts_and_tables(kind: DocumentKind) -> None:
    document = docx.Document(io.BytesIO(shipped_template(kind, "zh")))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "SimSun"
    assert fonts.get(qn("w:eastAsiaTheme")) is None
    assert document.styles["Heading 1"].element.rPr.rFonts.get(qn("w:eastAsia")) == "SimHei"
    for table in document.tables:
        rows = [row for row in table.rows if "{%tr" not in row.cells[0].text]
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    headed = [
        table for table in document.tables
        if table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    ]  # fmt: skip
    assert len(headed) >= len(document.tables) - 1, "all but the boxes repeat their headings"
    footer = section.footer._element.xml
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    assert "demonstration" in section.header._element.xml


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_every_name_of_a_template_is_in_the_content(
    kind: DocumentKind, lang: str, toy_parts: Parts
) -> None:
    names = set(content_of(toy_parts, Pictures(), lang))  # type: ignore[arg-type]
    texts = b" ".join(parts_of(shipped_template(kind, lang)).values()).decode("utf-8", "ignore")  # type: ignore[arg-type]
    plain = re.sub(r"<[^>]+>", "", texts)
    used = set(re.findall(r"\{\{ ([a-z_0-9]+)", plain))
    used |= set(re.findall(r"(?:in|if) ([a-z_0-9]+)", " ".join(re.findall(r"\{%.*?%\}", plain))))
    loops = {"row", "line", "picture", "card", "year", "value", "group", "rate", "loop"}
    assert used - loops <= names


def test_the_guide_lists_every_name(toy_parts: Parts) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    content = content_of(toy_parts, Pictures(), "zh")
    for name, value in content.items():
        assert f"`{name}`" in page, name
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            for key in first:
                assert f"`{key}`" in page, f"{name}.{key}"
