"""Zips: what they hold is found by suffix; their names are shown and never used."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from geo.core.errors import FileTooLargeError, FileTypeError
from geo.intake.formats import zipped
from geo.intake.formats.limits import InputFile
from geo.intake.formats.readers import read_parts
from geo.intake.formats.zipped import unzip

TAKES = (".csv", ".shp", ".kml")


def packed(members: dict[str, bytes]) -> InputFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return InputFile("包.zip", ".zip", stream.getvalue())


def test_a_shapefile_with_its_companions() -> None:
    source = packed(
        {
            "数据/馆.shp": b"s", "数据/馆.DBF": b"d", "数据/馆.prj": b"p",
            "数据/别.dbf": b"x", "馆.dbf": b"y", "__MACOSX/数据/._馆.shp": b"z", "读我.txt": b"t",
        }
    )  # fmt: skip
    (found,) = unzip(source, TAKES)
    assert (found.name, found.suffix, found.content) == ("包.zip/馆.shp", ".shp", b"s")
    assert found.companions == {".dbf": b"d", ".prj": b"p"}


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "/abs.csv", "C:\\x.csv", "a\x1b[31m.csv"])
def test_names_are_only_shown(name: str) -> None:
    (found,) = unzip(packed({name: b"a"}), TAKES)
    assert found.name.startswith("包.zip/")
    assert "\x1b" not in found.name
    assert ".." not in found.name


def test_names_that_chinese_windows_writes() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("AAAA.csv", b"a")
    raw = stream.getvalue().replace(b"AAAA.csv", "台账".encode("gbk") + b".csv")
    (found,) = unzip(InputFile("包.zip", ".zip", raw), TAKES)
    assert found.name == "包.zip/台账.csv"


def test_several_tables_are_read_and_named_by_their_files() -> None:
    source = packed({"城南.csv": "名称\n甲\n".encode(), "城北.csv": "名称\n乙\n".encode()})
    assert [part.name for part in read_parts(source)] == ["城南.csv", "城北.csv"]


def test_nothing_to_read(refused: Callable[..., object]) -> None:
    message = "包.zip：压缩包里没有可以读取的文件（现有：a.exe、b.pdf）。可用 .csv、.shp、.kml。"
    refused(FileTypeError, message, unzip, packed({"a.exe": b"x", "b.pdf": b"y"}), TAKES)


def test_a_zip_within_a_zip_is_not_opened() -> None:
    with pytest.raises(FileTypeError):
        unzip(packed({"a.zip": packed({"a.csv": b"a"}).content}), TAKES)


def test_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_UNPACKED_BYTES", 1_000)
    with pytest.raises(FileTooLargeError):
        unzip(packed({"a.csv": b"a" * 1_001}), TAKES)
    monkeypatch.setattr(zipped, "MAX_PARTS", 2)
    with pytest.raises(FileTooLargeError):
        unzip(packed({f"{n}.csv": b"a" for n in range(3)}), TAKES)


def test_damage_and_passwords() -> None:
    whole = packed({"a.csv": b"a" * 500}).content
    with pytest.raises(FileTypeError):
        unzip(InputFile("a.zip", ".zip", whole[:-30]), TAKES)
    locked = bytearray(whole)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileTypeError):
        unzip(InputFile("a.zip", ".zip", bytes(locked)), TAKES)
    with pytest.raises(FileTypeError):
        unzip(InputFile("a.zip", ".zip", b"Rar!"), TAKES)
