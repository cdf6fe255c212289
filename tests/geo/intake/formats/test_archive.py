from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.core.errors import FileTooLargeError, FileTypeError
from geo.intake.formats import archive
from geo.intake.formats.archive import Vetted, vet_workbook

LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>"""
)


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def test_a_plain_workbook_passes(workbook: Callable[..., Path]) -> None:
    path = workbook(设施台账=[["名称"], ["馆"]])
    assert vet_workbook(path.read_bytes(), "a.xlsx") == Vetted(closer=False, macros=False)


def test_formulas_are_told(workbook: Callable[..., Path]) -> None:
    path = workbook(设施台账=[["名称"], ["=1+1"]])
    assert vet_workbook(path.read_bytes(), "a.xlsx").closer


@pytest.mark.parametrize(
    "part",
    [
        LAUGHS,
        LAUGHS.decode().encode("utf-16"),
        LAUGHS.decode().encode("utf-16-le"),
        b"\xef\xbb\xbf" + LAUGHS,
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b"<!-- " + b"x" * 100_000 + b" -->" + LAUGHS.partition(b"?>")[2],
    ],
)
def test_a_document_type_is_refused_in_any_encoding(
    refused: Callable[..., object], part: bytes
) -> None:
    message = "a.xlsx：工作簿含有文档类型声明（DOCTYPE），请用 Excel 另存。"
    refused(FileTypeError, message, vet_workbook, packed({"xl/any.bin": part}), "a.xlsx")


def test_a_root_that_does_not_come(refused: Callable[..., object]) -> None:
    part = b"<!--" + b"x" * 300_000 + b"-->" + LAUGHS.partition(b"?>")[2]
    message = "a.xlsx：工作簿有不能识别的部件，请用 Excel 另存。"
    refused(FileTypeError, message, vet_workbook, packed({"a.xml": part}), "a.xlsx")


@pytest.mark.parametrize(
    "part",
    [
        "<x/>".encode("utf-16"),
        "<x/>".encode("utf-16-be"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?><x/>',
    ],
)
def test_other_encodings(refused: Callable[..., object], part: bytes) -> None:
    message = "a.xlsx：工作簿的编码不是 UTF-8，请用 Excel 另存。"
    refused(FileTypeError, message, vet_workbook, packed({"a.xml": part}), "a.xlsx")


def test_pictures_and_empty_parts_pass() -> None:
    parts = {"a.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "empty": b"", "a.xml": b"<x/>"}
    assert not vet_workbook(packed(parts), "a.xlsx").closer


def test_macros_are_told_and_no_fault() -> None:
    content = packed({"xl/vbaProject.bin": b"x", "xl/a.xml": b"<x/>"})
    assert vet_workbook(content, "a.xlsm") == Vetted(closer=False, macros=True)


def test_a_bomb_is_told_by_how_much_it_grows(refused: Callable[..., object]) -> None:
    content = packed({"a.xml": b"<x>" + b" " * 40_000_000 + b"</x>"})
    message = f"a.xlsx：工作簿太大（解压后是原来的 {40_000_007 // len(content)} 倍），"
    with pytest.raises(FileTooLargeError) as caught:
        vet_workbook(content, "a.xlsx")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("sheet", "closer"),
    [
        (b'<c r="GR199999"><v>1</v></c>', False),
        (b'<c r="GS1"><v>1</v></c>', True),
        (b'<row r="200000"/>', True),
        (b'<c r="A1" t="e"><v>#N/A</v></c>', True),
        (b'<c r="A1"><x:f>1</x:f></c>', True),
        (b'<c r="A1" t="str"><v>dir="5400000"</v></c>', False),
    ],
)
def test_what_asks_for_a_closer_look(sheet: bytes, closer: bool) -> None:
    part = b"<worksheet><sheetData>" + sheet + b"</sheetData></worksheet>"
    assert vet_workbook(packed({"xl/worksheets/a.xml": part}), "a.xlsx").closer is closer
    other = part.replace(b"worksheet>", b"theme>")
    assert not vet_workbook(packed({"xl/theme/a.xml": other}), "a.xlsx").closer


def test_password(refused: Callable[..., object]) -> None:
    content = bytearray(packed({"a.xml": b"<x/>"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    message = "a.xlsx：工作簿有密码，请取消密码后另存。"
    refused(FileTypeError, message, vet_workbook, bytes(content), "a.xlsx")


def test_two_parts_of_one_name(refused: Callable[..., object]) -> None:
    content = packed({"xl/a.xml": b"<x/>", "XL/A.xml": b"<y/>"})
    message = "a.xlsx：工作簿有重名的部件，请用 Excel 另存。"
    refused(FileTypeError, message, vet_workbook, content, "a.xlsx")


def test_odd_packing(refused: Callable[..., object]) -> None:
    content = packed({"xl/a.xml": b"<x/>"}, zipfile.ZIP_LZMA)
    message = "a.xlsx：工作簿的压缩方式不常见，请用 Excel 另存。"
    refused(FileTypeError, message, vet_workbook, content, "a.xlsx")


def test_a_bomb_is_refused_by_what_it_declares(refused: Callable[..., object]) -> None:
    content = packed({"a.xml": b" " * 100_000_000, "b.xml": b" " * 100_000_000, "c": b" " * 2**27})
    assert len(content) < 500_000
    message = "a.xlsx：工作簿太大（解压后超过 300 MB），请拆分，或删去用不到的工作表和格式。"
    refused(FileTooLargeError, message, vet_workbook, content, "a.xlsx")


def test_a_bomb_that_declares_little_is_damaged(refused: Callable[..., object]) -> None:
    content = bytearray(packed({"a.xml": b"<x>" + b" " * 1_000_000 + b"</x>"}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (100).to_bytes(4, "little")
    message = "a.xlsx：工作簿已损坏或不是 Excel 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx。"
    refused(FileTypeError, message, vet_workbook, bytes(content), "a.xlsx")


def test_too_many_parts(refused: Callable[..., object]) -> None:
    content = packed({f"{number}.xml": b"<x/>" for number in range(archive.MAX_PARTS + 1)})
    message = "a.xlsx：工作簿太大（超过 2000 个部件），请拆分，或删去用不到的工作表和格式。"
    refused(FileTooLargeError, message, vet_workbook, content, "a.xlsx")


@pytest.mark.parametrize("tag", [b"<sheet a='1'/>", b"<x:sheet/>"])
def test_too_many_sheets(refused: Callable[..., object], tag: bytes) -> None:
    part = b"<x:workbook xmlns:x='u'>" + tag * (archive.MAX_SHEETS + 1) + b"</x:workbook>"
    message = "a.xlsx：工作簿太大（超过 50 张工作表），请拆分，或删去用不到的工作表和格式。"
    refused(FileTooLargeError, message, vet_workbook, packed({"w": part}), "a.xlsx")


def test_sheets_are_counted_once_where_chunks_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    part = b"<workbook>" + b"<sheet name='a'/>" * archive.MAX_SHEETS + b"</workbook>"
    for size in range(20, 60):
        monkeypatch.setattr(archive, "_CHUNK", size)
        vet_workbook(packed({"w": part}), "a.xlsx")


@pytest.mark.parametrize("tag", [b"<mergeCell ref='A1:B2'/>", b"<x:xf/>", b"<row1/>", b"<cc>"])
def test_too_many_tags_beside_cells(refused: Callable[..., object], tag: bytes) -> None:
    content = packed({"s": b"<x:w xmlns:x='u'>" + tag * (archive.MAX_OTHER_TAGS + 1)})
    message = "a.xlsx：工作簿太大（样式或合并单元格太多），请拆分，或删去用不到的工作表和格式。"
    refused(FileTooLargeError, message, vet_workbook, content, "a.xlsx")


@pytest.mark.parametrize(
    "cell",
    [b"<c r='A1' t='s'><v>0</v></c>", b"<x:row><x:c/></x:row>", b"<si><t/><phoneticPr/></si>"],
)
def test_cells_and_texts_are_not_counted_with_them(cell: bytes) -> None:
    vet_workbook(packed({"s": b"<x:w xmlns:x='u'>" + cell * 401_000 + b"</x:w>"}), "a.xlsx")


def test_too_many_tags(refused: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_STRING_TAGS", 10)
    content = packed({"s": b"<sst>" + b"<si/>" * 10 + b"</sst>"})
    message = "a.xlsx：工作簿太大（单元格太多），请拆分，或删去用不到的工作表和格式。"
    refused(FileTooLargeError, message, vet_workbook, content, "a.xlsx")
    vet_workbook(packed({"s": b"<worksheet>" + b"<si/>" * 10 + b"</worksheet>"}), "a.xlsx")
    monkeypatch.setattr(archive, "MAX_TAGS", 10)
    refused(FileTooLargeError, message, vet_workbook, content, "a.xlsx")
