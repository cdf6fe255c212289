from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.core.errors import EmptyFileError, FileMissingError, FileTooLargeError, FileTypeError
from geo.intake.formats import limits
from geo.intake.formats.limits import is_foreign, open_input, shown_name
from geo.intake.sandbox import read_file


@pytest.fixture
def locked(text_file: Callable[..., Path]) -> Path:
    path = text_file("锁.csv", "a")
    path.chmod(0)
    return path


TAKES = (".xlsx", ".csv")


def test_a_file_is_read_as_it_is(text_file: Callable[..., Path]) -> None:
    found = open_input(text_file("台账.CSV", "名称"), takes=TAKES)
    assert (found.name, found.suffix, found.content.decode()) == ("台账.CSV", ".csv", "名称")


def test_a_given_name_counts_for_suffix_and_messages(text_file: Callable[..., Path]) -> None:
    found = open_input(text_file("upload-1234", "名称"), takes=TAKES, name="folder/台账.csv")
    assert (found.name, found.suffix) == ("台账.csv", ".csv")


def test_missing_file(refused: Callable[..., object], tmp_path: Path) -> None:
    message = "没有.csv：找不到或读不了这个文件，请检查路径和文件名。"
    refused(FileMissingError, message, open_input, tmp_path / "没有.csv", takes=TAKES)


def test_a_name_that_no_system_takes_is_missing_too(refused: Callable[..., object]) -> None:
    message = "a�b.csv：找不到或读不了这个文件，请检查路径和文件名。"
    refused(FileMissingError, message, open_input, Path("a\x00b.csv"), takes=TAKES)


def test_folder(refused: Callable[..., object], tmp_path: Path) -> None:
    (tmp_path / "台账.csv").mkdir()
    message = "台账.csv：这不是文件（可能是文件夹），请指定一个文件。"
    refused(FileTypeError, message, open_input, tmp_path / "台账.csv", takes=TAKES)


def test_a_pipe_is_refused_without_waiting_for_its_writer(
    refused: Callable[..., object], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "管道.csv")
    message = "管道.csv：这不是文件（可能是文件夹），请指定一个文件。"
    refused(FileTypeError, message, open_input, tmp_path / "管道.csv", takes=TAKES)


@pytest.fixture
def nobody() -> Iterator[None]:
    """Give up root's right to read every file, for as long as the test runs."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)


def test_unreadable_file(refused: Callable[..., object], locked: Path, nobody: None) -> None:
    message = "锁.csv：没有权限读取这个文件，请检查权限，或关闭正在使用它的程序。"
    refused(FileMissingError, message, open_input, locked, takes=TAKES)


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_empty_file(
    refused: Callable[..., object], text_file: Callable[..., Path], content: bytes
) -> None:
    message = "空.csv：文件是空的，请重新导出后再导入。"
    refused(EmptyFileError, message, open_input, text_file("空.csv", content), takes=TAKES)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.xls", "不接收.xls 文件，这里可用 .xlsx、.csv；请在 Excel 或 WPS 中另存为 .xlsx。"),
        ("a.xlsm", "不接收.xlsm 文件，这里可用 .xlsx、.csv；请换一种格式保存。"),
        ("a.shp", "不接收.shp 文件，这里可用 .xlsx、.csv；请在 QGIS 中导出为 GeoJSON。"),
        ("a.toml", "不接收.toml 文件，这里可用 .xlsx、.csv；请换一种格式保存。"),
        ("a", "不接收没有扩展名的文件，这里可用 .xlsx、.csv；请换一种格式保存。"),
    ],
)
def test_suffix_not_taken(
    refused: Callable[..., object], text_file: Callable[..., Path], name: str, what: str
) -> None:
    path = text_file(name, "x")
    refused(FileTypeError, f"{name}：{what}", open_input, path, takes=TAKES)


def test_too_large(
    refused: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "大.csv"
    with path.open("wb") as file:
        file.truncate(limits.MAX_FILE_BYTES)
    assert len(open_input(path, takes=TAKES).content) == limits.MAX_FILE_BYTES
    with path.open("ab") as file:
        file.write(b"x")
    message = "大.csv：文件超过上限 64 MB，请拆分或删去多余内容后再导入。"
    refused(FileTooLargeError, message, open_input, path, takes=TAKES)


@pytest.mark.parametrize("name", ["大.xlsx", "大.csv", "大.gpkg"])
def test_two_gigabytes_are_refused_before_a_byte_is_read(
    refused: Callable[..., object], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)  # sparse: it takes no room on the disk
    message = f"{name}：文件超过上限 64 MB，请拆分或删去多余内容后再导入。"
    tracemalloc.start()
    refused(FileTooLargeError, message, read_file, path)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_names_lose_what_would_break_a_line() -> None:
    assert shown_name(Path("a/b\x1b[31m\n.csv")) == "b�[31m�.csv"
    assert shown_name(Path(os.fsdecode(b"\xff.csv"))) == "?.csv"


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"%PDF-1.4", b" <html>", b"\xd0\xcf\x11\xe0"])
def test_other_types_are_told_by_content(content: bytes) -> None:
    assert is_foreign(content)


def test_a_large_file_is_only_opened_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "人口.tif"
    with path.open("wb") as file:
        file.write(b"II*\x00")
        file.truncate(limits.MAX_FILE_BYTES + 1)
    found = limits.open_copied(path, takes=(".tif",), most=limits.MAX_COPIED_BYTES)
    assert found.path == path
    assert found.content == b"II*\x00" + bytes(60)
    with pytest.raises(FileTooLargeError, match="64 MB"):
        limits.open_copied(path, takes=(".tif",), most=limits.MAX_FILE_BYTES)
    with pytest.raises(FileTypeError):
        limits.open_copied(path, takes=(".pbf",), most=limits.MAX_COPIED_BYTES)
    (tmp_path / "空.tif").touch()
    with pytest.raises(EmptyFileError):
        limits.open_copied(tmp_path / "空.tif", takes=(".tif",), most=9)
    with pytest.raises(FileMissingError):
        limits.open_copied(tmp_path / "无.tif", takes=(".tif",), most=9)
