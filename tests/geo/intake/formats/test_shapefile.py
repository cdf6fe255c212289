"""Shapefiles, with and without what says their encoding."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import shapefile

from geo.core.errors import FileTooLargeError, FileTypeError
from geo.intake.formats import shapefile as shapes
from geo.intake.formats.limits import InputFile
from geo.intake.formats.shapefile import read_shapefile

NAME = "罗市镇科普馆"


def made(
    encoding: str = "utf-8", cpg: bytes | None = None, names: tuple[str, ...] = (NAME, "乙")
) -> InputFile:
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(
        shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POINT, encoding=encoding
    ) as writer:
        writer.field("名称", "C", size=30)
        writer.field("面积", "N", size=10, decimal=1)
        for number, name in enumerate(names):
            writer.point(111.45 + number, 27.23)
            writer.record(name, 120.5)
    companions = {".dbf": dbf.getvalue(), ".shx": shx.getvalue()}
    if cpg is not None:
        companions[".cpg"] = cpg
    return InputFile("馆.shp", ".shp", shp.getvalue(), companions)


@pytest.mark.parametrize(
    ("encoding", "cpg", "told"),
    [
        ("utf-8", b"UTF-8\r\n", False),
        ("utf-8", None, True),
        ("gbk", None, True),
        ("gb18030", b"GB18030", False),
        ("gbk", b"936", False),
    ],
)
def test_the_encoding_is_stated_or_told_by_the_bytes(
    encoding: str, cpg: bytes | None, told: bool
) -> None:
    part = read_shapefile(made(encoding, cpg))
    first, second = part.features or ()
    assert first.properties == {"名称": NAME, "面积": 120.5}
    assert second.number == 2
    assert first.geometry == {"type": "Point", "coordinates": (111.45, 27.23)}
    assert [note.code for note in part.notes] == ["dbf_encoding_guessed"] * told


def test_plain_ascii_needs_no_guess() -> None:
    source = made(names=("Hall",))
    table = source.companions[".dbf"].replace("名称".encode(), b"NAME__")
    plain = InputFile(
        "a.shp", ".shp", source.content, {".dbf": table.replace("面积".encode(), b"AREA__")}
    )
    part = read_shapefile(plain)
    assert part.notes == ()
    assert next(iter(part.features or ())).properties == {"NAME__": "Hall", "AREA__": 120.5}


def test_the_language_mark_of_a_table_holds() -> None:
    source = made("gbk")
    table = bytearray(source.companions[".dbf"])
    table[29] = 0x4D
    part = read_shapefile(InputFile("a.shp", ".shp", source.content, {".dbf": bytes(table)}))
    assert part.notes == ()
    assert next(iter(part.features or ())).properties["名称"] == NAME


def test_a_character_cut_in_the_middle_is_left_out_and_told() -> None:
    source = made("utf-8", b"UTF-8")
    # 30 bytes hold ten characters; the field's end may cut the last of a longer name.
    table = source.companions[".dbf"].replace(
        NAME.encode().ljust(30), (NAME * 2).encode()[:29] + b" "
    )
    cut = InputFile("a.shp", ".shp", source.content, {**source.companions, ".dbf": table})
    part = read_shapefile(cut)
    assert next(iter(part.features or ())).properties["名称"] == (NAME * 2)[:9]
    assert [note.code for note in part.notes] == ["dbf_text_cut"]


def test_the_system_is_what_the_prj_says() -> None:
    source = made()
    told = InputFile(
        "a.shp", ".shp", source.content, {**source.companions, ".prj": b' GEOGCS["x"] '}
    )
    assert read_shapefile(told).system == 'GEOGCS["x"]'
    assert read_shapefile(source).system is None


def test_a_shapefile_without_its_table(refused: Callable[..., object]) -> None:
    message = "馆.shp：缺少同名的 .dbf 文件。请把 .shp、.dbf、.shx、.prj 放在一起，或压缩成 .zip。"
    refused(FileTypeError, message, read_shapefile, InputFile("馆.shp", ".shp", made().content))


def test_another_type(refused: Callable[..., object]) -> None:
    message = "馆.shp：扩展名是 .shp，内容却是PDF。请用 QGIS 按 Shapefile 重新保存或导出。"
    refused(FileTypeError, message, read_shapefile, InputFile("馆.shp", ".shp", b"%PDF-1.7"))


def test_a_table_that_promises_more_than_it_has(refused: Callable[..., object]) -> None:
    source = made()
    table = bytearray(source.companions[".dbf"])
    table[4:8] = (100_000).to_bytes(4, "little")
    lying = InputFile("馆.shp", ".shp", source.content, {".dbf": bytes(table)})
    message = "馆.shp：Shapefile 已损坏或不完整，请在 QGIS 中重新导出。"
    refused(FileTypeError, message, read_shapefile, lying)
    table[4:8] = (300_000).to_bytes(4, "little")
    many = InputFile("馆.shp", ".shp", source.content, {".dbf": bytes(table)})
    with pytest.raises(FileTooLargeError):
        read_shapefile(many)


@pytest.mark.parametrize("keep", [10, 60, 110, 120])
def test_a_file_that_breaks_off(keep: int) -> None:
    source = made()
    with pytest.raises(FileTypeError):
        read_shapefile(InputFile("a.shp", ".shp", source.content[:keep], source.companions))


def test_companions_by_name(tmp_path: Path) -> None:
    assert shapes.DBF_ENCODING.code == "dbf_encoding_guessed"
    assert not list(tmp_path.iterdir())
