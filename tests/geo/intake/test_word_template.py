"""Templates of offices: text and pictures are taken, everything that acts is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from geo.core.errors import InputError
from geo.intake import word_template
from geo.intake.word_template import check_word_template, read_word_template

MAIN = "wordprocessingml.document.main+xml"


@pytest.fixture(scope="module")
def plain() -> bytes:
    document = docx.Document()
    document.add_paragraph("{{ district }}")
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def changed(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def code(content: bytes) -> str:
    with pytest.raises(InputError) as raised:
        check_word_template(content, "模板.docx")
    assert raised.value.place is not None
    assert raised.value.place.file == "模板.docx"
    return raised.value.code


def test_a_plain_template_is_taken(tmp_path: Path, plain: bytes) -> None:
    path = tmp_path / "模板.docx"
    path.write_bytes(plain)
    assert read_word_template(path) == plain


def test_macros_are_refused_by_name_and_by_content(tmp_path: Path, plain: bytes) -> None:
    path = tmp_path / "模板.docm"
    path.write_bytes(plain)
    with pytest.raises(InputError, match="宏"):
        read_word_template(path)
    assert code(changed(plain, lambda parts: parts.update({"word/vbaProject.bin": b"x"}))) == (
        "template_macros"
    )

    def enable(parts: dict[str, bytes]) -> None:
        old, new = (
            b"application/vnd.openxmlformats-officedocument." + MAIN.encode(),
            (b"application/vnd.ms-word.document.macroEnabled.main+xml"),
        )
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(old, new)

    assert code(changed(plain, enable)) == "template_macros"


def test_what_would_be_fetched_is_refused_and_hyperlinks_stay(plain: bytes) -> None:
    def link(kind: str) -> Callable[[dict[str, bytes]], None]:
        added = (
            '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'relationships/{kind}" Target="http://elsewhere.example/x" TargetMode="External"/>'
            "</Relationships>"
        ).encode()

        def change(parts: dict[str, bytes]) -> None:
            name = "word/_rels/document.xml.rels"
            parts[name] = parts[name].replace(b"</Relationships>", added)

        return change

    for kind in ("image", "attachedTemplate", "oleObject", "frame"):
        assert code(changed(plain, link(kind))) == "template_linked"
    check_word_template(changed(plain, link("hyperlink")), "模板.docx")


def test_bombs_are_refused_before_they_go_off(
    plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = b"<x>" + b" " * word_template.MAX_XML_BYTES + b"</x>"
    assert code(changed(plain, lambda parts: parts.update({"word/big.xml": huge}))) == (
        "template_too_large"
    )
    pictures = {f"word/media/{at}.png": bytes(9 * 1024 * 1024) for at in range(5)}
    assert code(changed(plain, lambda parts: parts.update(pictures))) == "template_too_large"
    many = {f"word/media/{at}.png": b"" for at in range(word_template.MAX_PARTS)}
    assert code(changed(plain, lambda parts: parts.update(many))) == "template_too_large"
    monkeypatch.setattr(word_template, "MAX_TEMPLATE_BYTES", len(plain) - 1)
    assert code(plain) == "template_too_large"


def test_entities_are_refused(plain: bytes) -> None:
    def declare(parts: dict[str, bytes]) -> None:
        body = parts["word/document.xml"]
        end = body.index(b"?>") + 2
        parts["word/document.xml"] = body[:end] + b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + body[end:]

    assert code(changed(plain, declare)) == "template_damaged"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_word_document_is_told(content: bytes) -> None:
    assert code(content) == "template_damaged"


def test_an_excel_file_called_docx_is_told(plain: bytes) -> None:
    import openpyxl  # noqa: PLC0415

    saved = io.BytesIO()
    openpyxl.Workbook().save(saved)
    assert code(saved.getvalue()) == "template_not_docx"


def test_another_suffix_and_a_missing_file_are_told(tmp_path: Path, plain: bytes) -> None:
    path = tmp_path / "模板.doc"
    path.write_bytes(plain)
    with pytest.raises(InputError, match="另存为"):
        read_word_template(path)
    with pytest.raises(InputError, match="找不到"):
        read_word_template(tmp_path / "none.docx")
