from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import FileTooLargeError, FileTypeError
from geo.intake.formats import delimited
from geo.intake.formats.delimited import read_csv
from geo.intake.formats.limits import InputFile
from geo.intake.formats.parts import Row, trimmed

UNKNOWN = "a.csv：看不出文件的编码。请在 Excel 中另存为「CSV UTF-8（逗号分隔）」。"
TOO_LARGE = (
    "超出 200,000 行、200 列、6,000,000 格、一行 1,000,000 字或一格 131,072 字的上限，请拆分。"
)


def csv_file(content: str | bytes) -> InputFile:
    raw = content.encode() if isinstance(content, str) else content
    return InputFile("a.csv", ".csv", raw)


SIGNS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";|")


@given(st.lists(st.lists(st.text(SIGNS, max_size=8), min_size=1, max_size=4), max_size=6))
def test_what_goes_in_comes_out(table: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows(table)
    rows = [Row(n, tuple(c or None for c in trimmed(r))) for n, r in enumerate(table, 1)]
    assert read_csv(csv_file("\ufeff" + stream.getvalue())).rows == [r for r in rows if r.cells]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    rows = read_csv(csv_file(end.join(["名称", '"两', '行"', "馆", ""]))).rows
    assert rows == [Row(1, ("名称",)), Row(2, (f"两{end}行",)), Row(3, ("馆",))]


@pytest.mark.parametrize("content", [b"a\x00b", b"\xff\xfe\x00", b"\xff\xff\xff"])
def test_an_encoding_that_is_not_known(refused: Callable[..., object], content: bytes) -> None:
    refused(FileTypeError, UNKNOWN, read_csv, csv_file(content))


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("gbk", True), ("gb18030", True), ("utf-16", False), ("utf-8", False), ("utf-8-sig", False)],
)
def test_encodings_that_offices_use(encoding: str, told: bool) -> None:
    part = read_csv(csv_file("名称,类型\n𠮷馆,科技馆\n".encode(encoding, "replace")))
    assert part.rows[0].cells == ("名称", "类型")
    assert [note.code for note in part.notes] == ["encoding_guessed"] * told


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_the_first_line_tells_the_separator(sign: str) -> None:
    rows = read_csv(csv_file(f"名称{sign}类型\n馆{sign}甲;乙|丙\t丁,戊\n")).rows
    assert rows[0].cells == ("名称", "类型")
    tabs = InputFile("a.tsv", ".tsv", "名称，,x\t类型\n".encode())
    assert read_csv(tabs).rows[0].cells == ("名称，,x", "类型")


def test_a_workbook_called_csv(refused: Callable[..., object]) -> None:
    message = (
        "a.csv：扩展名是 .csv，内容却是Excel 工作簿或压缩包。请用「CSV UTF-8」格式重新保存或导出。"
    )
    refused(FileTypeError, message, read_csv, csv_file(b"PK\x03\x04..."))


@pytest.mark.parametrize("content", ['名称\n"开口', '名称\n"a"b,c\n'])
def test_quotes_that_do_not_match(refused: Callable[..., object], content: str) -> None:
    message = "a.csv · 第2行：这一行的引号不配对，请重新导出 CSV；文字中的引号要写成两个。"
    refused(FileTypeError, message, read_csv, csv_file(content))


def test_a_cell_too_long(refused: Callable[..., object]) -> None:
    content = f"名称\n{'长' * 140_000}\n"
    refused(FileTooLargeError, f"a.csv · 第2行：{TOO_LARGE}", read_csv, csv_file(content))


def test_too_many_columns(refused: Callable[..., object]) -> None:
    assert len(read_csv(csv_file(",".join("x" * 200))).rows[0].cells) == 200
    content = ",".join("x" * 201)
    refused(FileTooLargeError, f"a.csv · 第1行：{TOO_LARGE}", read_csv, csv_file(content))


def test_too_many_rows(refused: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_ROWS", 3)
    assert len(read_csv(csv_file("a\nb\nc\n")).rows) == 3
    message = f"a.csv · 第4行：{TOO_LARGE.replace('200,000', '3')}"
    refused(FileTooLargeError, message, read_csv, csv_file("a\nb\nc\nd\n"))


def test_too_many_cells(refused: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_CSV_CELLS", 4)
    assert len(read_csv(csv_file("a,b\n,c,,\n")).rows) == 2
    message = f"a.csv · 第3行：{TOO_LARGE.replace('6,000,000', '4')}"
    refused(FileTooLargeError, message, read_csv, csv_file("a,b\nc\n,d\n"))


@pytest.mark.parametrize("row", ["," * 1_000_001, '"\n",' * 250_001, '"x\r\n",' * 200_000])
def test_a_row_is_bounded_before_it_is_taken_apart(
    refused: Callable[..., object], row: str
) -> None:
    content = f"名称\n馆\n{row}"
    refused(FileTooLargeError, f"a.csv · 第3行：{TOO_LARGE}", read_csv, csv_file(content))


def test_rows_together_may_be_longer_than_one() -> None:
    content = f'"{"长" * 100_000}\n"\n' * 12
    assert len(read_csv(csv_file(content)).rows) == 12
