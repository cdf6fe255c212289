"""Filling a template: data are values, templates are bounded, the same is the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from geo.core.errors import WordTemplateError
from layers.report import Picture, fill
from layers.report import engine as engine_module

ON = date(2025, 12, 31)


def template(*paragraphs: str, header: str = "", title: str = "") -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].add_run(header)
    document.core_properties.title = title
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def filled(source: bytes, **content: Any) -> docx.document.Document:
    return docx.Document(io.BytesIO(fill(source, content, title="t", on=ON)))


def texts(document: docx.document.Document) -> list[str]:
    return [one.text for one in document.paragraphs]


def test_hostile_names_stand_as_they_are(hostile: tuple[str, ...]) -> None:
    source = template("{%p for row in rows %}", "{{ row.name }}", "{%p endfor %}", header="{{ a }}")
    for name in hostile:
        document = filled(source, rows=[{"name": name}], a=name)
        wanted = name.replace("\x07", "\ufffd").replace("\u202e", "\ufffd")
        assert texts(document) == [wanted]
        assert document.sections[0].header.paragraphs[0].text == wanted


def test_breaks_in_a_name_make_no_breaks() -> None:
    assert texts(filled(template("{{ a }}"), a="甲\n乙\t丙\x0c丁\x08")) == [
        "甲 乙 丙\ufffd丁\ufffd"
    ]


def test_an_office_may_split_a_name_by_its_formatting() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ dis", "trict }", "}"):
        paragraph.add_run(piece).bold = True
    saved = io.BytesIO()
    document.save(saved)
    assert texts(filled(saved.getvalue(), district="大祥区")) == ["大祥区"]


def test_conditions_and_loops() -> None:
    source = template(
        "{%p for row in rows %}", "{{ loop.index }} {{ row.name }}", "{%p endfor %}",
        "{%p if rows %}", "some", "{%p else %}", "none", "{%p endif %}",
    )  # fmt: skip
    assert texts(filled(source, rows=[{"name": "a"}, {"name": "b"}])) == ["1 a", "2 b", "some"]
    assert texts(filled(source, rows=[])) == ["none"]


@pytest.mark.parametrize(
    "marker",
    [
        "{{ ''.__class__ }}",
        "{{ a.__class__.__mro__ }}",
        "{{ a.upper() }}",
        "{{ rows.append('x') }}",
        "{{ rows | join }}",
        "{{ a | safe }}",
        "{{ range(3) }}",
        "{{ a * 1000000000 }}",
        "{{ lipsum }}",
        "{{ self }}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% macro x() %}{% endmacro %}",
        "{% autoescape false %}{{ a }}{% endautoescape %}",
        "{% raw %}{{ a }}",
        "{{ missing }}",
        "{{ row.missing }}",
        "{% if %}",
        "{{ a",
        "{% for x in rows %}",
        "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% for d in rows %}"
        "{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
    ],
)
def test_what_a_template_may_not_say_is_one_sentence(marker: str) -> None:
    with pytest.raises(WordTemplateError) as raised:
        filled(template(marker), a="x", rows=["y"], row={"name": "z"})
    for lang in ("zh", "en"):
        told = raised.value.message(lang)  # type: ignore[arg-type]
        assert "\n" not in told
        assert "Traceback" not in told


def test_a_missing_name_is_named() -> None:
    with pytest.raises(WordTemplateError, match="distrikt"):
        filled(template("{{ distrikt }}"), district="x")


def test_a_loop_that_cuts_through_paragraphs_is_told_and_loses_nothing() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "{% for row in rows %}"
    document.add_paragraph("{% endfor %}")
    saved = io.BytesIO()
    document.save(saved)
    with pytest.raises(WordTemplateError, match="单独成段"):
        filled(saved.getvalue(), rows=["a", "b"])


def test_loops_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "_MAX_ROUNDS", 100)
    source = template("{% for a in rows %}{% for b in rows %}{% endfor %}{% endfor %}")
    with pytest.raises(WordTemplateError):
        filled(source, rows=["x"] * 20)
    assert texts(filled(source, rows=["x"] * 5)) == [""]


def test_the_document_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "_MAX_FILLED_CHARACTERS", 50_000)
    with pytest.raises(WordTemplateError):
        filled(template("{% for a in rows %}{{ a }}{% endfor %}"), rows=["x" * 100] * 1_000)
    monkeypatch.setattr(engine_module, "_MAX_MARKERS", 3)
    with pytest.raises(WordTemplateError):
        filled(template("{{ a }}{{ a }}{{ a }}{{ a }}"), a="")


def test_properties_are_ours_and_no_template(png: bytes) -> None:
    document = filled(template("{{ a }}", title="{{ 7*7 }}"), a="x")
    properties = document.core_properties
    assert (properties.title, properties.author) == ("t", "kepu-atlas")
    assert properties.modified == properties.created
    assert properties.modified is not None
    assert properties.modified.date() == ON


def test_a_picture_has_its_size_and_its_words(png: bytes) -> None:
    words = 'A "map" <of> & all'
    document = filled(template("{{ a }}", "{{ a }}"), a=Picture(png, 80, words))
    shapes = document.inline_shapes
    assert [round(shape.width.mm) for shape in shapes] == [80, 80]
    told = [one.get("descr") for one in document.element.body.iter(qn("wp:docPr"))]
    assert told == [words, words]
    ids = [one.get("id") for one in document.element.body.iter(qn("wp:docPr"))]
    assert len(set(ids)) == 2


def test_the_same_is_the_same_bytes(png: bytes) -> None:
    source = template("{{ a }}", "{{ b }}")
    one, other = (
        fill(source, {"a": "x", "b": Picture(png, 50, "y")}, title="t", on=ON) for _ in range(2)
    )
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}


def test_columns_of_a_loop_share_the_width_of_the_table() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(
        table.rows[0].cells,
        ("name", "{%tc for year in years %}", "{{ year }}", "{%tc endfor %}"),
        strict=True,
    ):
        cell.text = text
    whole = sum(int(one.get(qn("w:w"))) for one in table._tbl.tblGrid)
    saved = io.BytesIO()
    document.save(saved)
    found = filled(saved.getvalue(), years=[str(year) for year in range(2021, 2029)])
    grid = [int(one.get(qn("w:w"))) for one in found.tables[0]._tbl.tblGrid]
    assert len(grid) == 9
    assert sum(grid) == pytest.approx(whole, rel=0.01)
    assert [cell.text for cell in found.tables[0].rows[0].cells][1] == "2021"


def test_nothing_but_text_and_pictures_is_content() -> None:
    for value in (1.5, object(), b"x"):
        with pytest.raises(TypeError):
            filled(template("{{ a }}"), a=value)


@pytest.fixture(scope="module")
def png() -> bytes:
    from PIL import Image  # noqa: PLC0415

    out = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(out, "PNG")
    return out.getvalue()


def test_every_part_of_what_is_made_is_sound(text: Callable[[bytes], str]) -> None:
    content = fill(template("{{ a }}"), {"a": "<&>"}, title="<&>", on=ON)
    assert "<&>" in text(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
