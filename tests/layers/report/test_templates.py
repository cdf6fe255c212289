"""The shipped Word templates are sound sources: their markers, languages, styles and tables."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from geo.intake.word_template import check_word_template
from layers.report import DocumentKind, Parts, Pictures, content_of, shipped_template
from layers.report.templates import FOLDER, file_name

GUIDE = Path(__file__).parents[3] / "docs" / "report.md"
BOTH: list[tuple[DocumentKind, Any]] = [
    (kind, lang) for kind in DocumentKind for lang in ("zh", "en")
]
MARKER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
CHINESE = re.compile("[\u4e00-\u9fff]")
HEADINGS = {
    ("report", "zh"): ["一、摘要", "二、规划承诺与进展", "三、各乡镇街道", "四、缺口",
                       "五、建议选址", "六、方法与数据质量", "方法", "数据质量", "数据来源"],
    ("report", "en"): ["1. Summary", "2. Commitments of the plan", "3. Townships", "4. Gaps",
                       "5. Proposed sites", "6. Methods and quality of the data", "Methods",
                       "Quality of the data", "Sources"],
    ("brief", "zh"): ["位置与缺口"],
    ("brief", "en"): ["Where"],
    ("cards", "zh"): [],
    ("cards", "en"): [],
}  # fmt: skip
# How many columns each table has, those with figures side by side among them.
TABLES = {"report": [6, 5, 8, 8, 6, 7, 6, 2, 4], "brief": [3, 4, 5, 4], "cards": [5, 5, 5, 5]}
PAGE_MM = 210


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened(kind: DocumentKind, lang: Any) -> Any:
    return docx.Document(io.BytesIO(shipped_template(kind, lang)))


def text_of(kind: DocumentKind, lang: Any) -> str:
    """Return the text of body, header and footer, without the elements of Word."""
    parts = parts_of(shipped_template(kind, lang))
    names = ("word/document.xml", "word/header1.xml", "word/footer1.xml")
    joined = "\n".join(parts[name].decode("utf-8") for name in names)
    return re.sub(r"<[^>]+>", "", joined.replace("</w:p>", "\n"))


def test_nothing_else_is_shipped() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        file_name(kind, lang) for kind, lang in BOTH
    }


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_a_shipped_template_is_one_that_an_office_may_send(kind: DocumentKind, lang: Any) -> None:
    check_word_template(shipped_template(kind, lang), "x.docx")


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_both_languages_show_the_same_content_in_the_same_order(kind: DocumentKind) -> None:
    zh, en = (MARKER.findall(text_of(kind, lang)) for lang in ("zh", "en"))
    assert zh == en
    assert len(zh) > 40


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_headings_and_tables(kind: DocumentKind, lang: Any) -> None:
    document = opened(kind, lang)
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == HEADINGS[kind.value, lang]
    # A loop over columns takes a cell before and one after, each a column of the grid.
    shown = [
        sum("{%tc" not in cell.text for cell in table.rows[0].cells) for table in document.tables
    ]
    assert shown == TABLES[kind.value]
    whole = PAGE_MM - document.sections[0].left_margin.mm - document.sections[0].right_margin.mm
    for table in document.tables:
        assert sum(column.width.mm for column in table.columns) == pytest.approx(whole, abs=0.5)


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_each_template_is_written_in_its_language(kind: DocumentKind, lang: Any) -> None:
    words = MARKER.sub("", text_of(kind, lang))
    assert bool(CHINESE.search(words)) == (lang == "zh")
    long_words = set(re.findall("[A-Za-z]{3,}", words)) - {"PAGE", "NUMPAGES"}
    assert bool(long_words) == (lang == "en")


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_no_person_and_no_leftover_part_is_shipped(kind: DocumentKind, lang: Any) -> None:
    content = shipped_template(kind, lang)
    properties = opened(kind, lang).core_properties
    assert properties.author == properties.last_modified_by == "kepu-atlas"
    assert properties.title == properties.comments == ""
    assert not [
        name for name in parts_of(content)
        if re.search("customXml|thumbnail|numbering|comments|stylesWithEffects|media", name)
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_page_and_styles(kind: DocumentKind, lang: Any) -> None:
    document = opened(kind, lang)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.left_margin.cm == pytest.approx(
        2.0 if kind is DocumentKind.REPORT else 1.8, abs=0.01
    )
    normal = document.styles["Normal"]
    assert normal.font.size.pt == (10.5 if kind is DocumentKind.REPORT else 10)
    assert normal.paragraph_format.line_spacing == 1.15
    for name, face in (("Normal", "SimSun"), ("Title", "SimHei"), ("Heading 1", "SimHei")):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == face
        assert fonts.get(qn("w:ascii")) == "Times New Roman"
        assert fonts.get(qn("w:eastAsiaTheme")) is None, "a theme's font would take its place"
    assert document.styles["Heading 1"].paragraph_format.keep_with_next
    # Without it Word draws the characters of another region's script.
    languages = [
        found.get(qn("w:eastAsia")) for found in document.styles.element.iter(qn("w:lang"))
    ]
    assert languages
    assert set(languages) == {"zh-CN"}
    kept = {style.name for style in document.styles}
    assert kept <= {"Normal", "Title", "Heading 1", "Heading 2", "Header", "Footer",
                    "Normal Table", "No List", "Default Paragraph Font"}  # fmt: skip


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_bold_chinese_is_set_in_a_bold_face(kind: DocumentKind, lang: Any) -> None:
    bold = [run for run in opened(kind, lang).element.iter(qn("w:r")) if run.find(
        f"{qn('w:rPr')}/{qn('w:b')}") is not None]  # fmt: skip
    assert bold
    assert {run.rPr.rFonts.get(qn("w:eastAsia")) for run in bold} == {"SimHei"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_tables_break_between_rows_and_repeat_their_headings(kind: DocumentKind, lang: Any) -> None:
    document = opened(kind, lang)
    for table in document.tables:
        rows = [row for row in table.rows if "{%tr" not in row.cells[0].text]
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        assert table._tbl.tblPr.find(qn("w:tblBorders")) is not None
    headed = [
        table for table in document.tables
        if table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    ]  # fmt: skip
    assert len(headed) >= len(document.tables) - 1, "all but the boxes repeat their headings"
    for table in headed:
        cells = table.rows[0].cells
        assert all(cell._tc.tcPr.find(qn("w:shd")) is not None for cell in cells)


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_every_page_carries_the_marks_and_its_number(kind: DocumentKind, lang: Any) -> None:
    section = opened(kind, lang).sections[0]
    header = section.header.paragraphs[0]
    assert header.text == "{% if demonstration %}{{ demonstration }}　{% endif %}{{ map_mark }}"
    assert {str(run.font.color.rgb) for run in header.runs} == {"B31B1B"}
    assert all(run.bold for run in header.runs)
    footer = section.footer._element.xml
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    for name in ("district", "on", "digest"):
        assert f"{{{{ {name} }}}}" in section.footer.paragraphs[0].text


def test_each_card_begins_a_page() -> None:
    for lang in ("zh", "en"):
        titles = [p for p in opened(DocumentKind.CARDS, lang).paragraphs if p.style.name == "Title"]
        assert [p.paragraph_format.page_break_before for p in titles] == [True]


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_every_name_of_a_template_is_in_the_content(
    kind: DocumentKind, lang: Any, toy_parts: Parts
) -> None:
    names = set(content_of(toy_parts, Pictures(), lang))
    texts = b" ".join(parts_of(shipped_template(kind, lang)).values()).decode("utf-8", "ignore")
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
