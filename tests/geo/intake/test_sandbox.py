"""The process that opens files: its bounds hold, its network is gone, its faults are told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from geo.core.errors import FileTooLargeError, FileTypeError, InputError
from geo.intake import sandbox
from geo.intake.formats.limits import MEBIBYTE
from geo.intake.sandbox import Limits, read_file

linux = pytest.mark.skipif(sys.platform != "linux", reason="bounds of a process are Linux's here")


def test_a_file_is_read_by_another_process(text_file: Callable[..., Path]) -> None:
    book = read_file(text_file("台账.csv", "名称\n馆\n"))
    assert book.file == "台账.csv"
    assert [row.cells for row in book.parts[0].rows] == [("名称",), ("馆",)]


def test_its_faults_are_ours(
    refused: Callable[..., object], text_file: Callable[..., Path]
) -> None:
    message = "a.csv · 第2行：这一行的引号不配对，请重新导出 CSV；文字中的引号要写成两个。"
    refused(FileTypeError, message, read_file, text_file("a.csv", '名称\n"开口'))


def test_a_shapefile_is_read_with_what_lies_beside_it(tmp_path: Path) -> None:
    import geopandas as gpd  # noqa: PLC0415
    from shapely import Point  # noqa: PLC0415

    frame = gpd.GeoDataFrame({"名称": ["甲馆"]}, geometry=[Point(111.45, 27.23)], crs=4490)
    frame.to_file(tmp_path / "馆.shp", encoding="GBK")
    (tmp_path / "馆.cpg").unlink()
    (part,) = read_file(tmp_path / "馆.shp").parts
    assert [item.properties["名称"] for item in part.features or ()] == ["甲馆"]
    assert part.system is not None
    assert "2000" in part.system


@linux
def test_cpu_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "大.csv").write_text(("甲," * 27 + "乙\n") * 200_000, encoding="utf-8")
    with pytest.raises(FileTooLargeError) as caught:
        read_file(tmp_path / "大.csv", limits=Limits(cpu_seconds=1))
    assert str(caught.value) == (
        "大.csv：读取超过 1 秒仍未完成，已停止。请拆分文件，或删去多余内容。"
    )


@linux
def test_memory_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "大.csv").write_text("甲,乙\n" * 300_000, encoding="utf-8")
    with pytest.raises(InputError):
        read_file(tmp_path / "大.csv", limits=Limits(memory_bytes=90 * MEBIBYTE))


@linux
def test_output_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称\n" + "馆\n" * 50_000, encoding="utf-8")
    with pytest.raises(FileTooLargeError):
        read_file(tmp_path / "a.csv", limits=Limits(output_bytes=20_000))


def test_time_is_bounded(monkeypatch: pytest.MonkeyPatch, text_file: Callable[..., Path]) -> None:
    monkeypatch.setattr(sandbox, "_MODULE", "timeit")
    with pytest.raises(FileTooLargeError):
        read_file(text_file("a.csv", "名称\n"), limits=Limits(wall_seconds=0))


def test_a_reader_that_dies_is_a_damaged_file(
    monkeypatch: pytest.MonkeyPatch, text_file: Callable[..., Path]
) -> None:
    monkeypatch.setattr(sandbox, "_MODULE", "no_such_module")
    with pytest.raises(FileTypeError) as caught:
        read_file(text_file("a.csv", "名称\n"))
    assert "已损坏" in str(caught.value)


@linux
@pytest.mark.skipif(not sandbox._without_network(), reason="unshare is not allowed here")
def test_it_has_no_network() -> None:
    code = (
        "import socket; socket.create_connection(('127.0.0.1', int(__import__('sys').argv[1])), 2)"
    )
    import socket  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        inside = [*sandbox._without_network(), sys.executable, "-c", code, port]
        assert subprocess.run([sys.executable, "-c", code, port], check=False).returncode == 0
        done = subprocess.run(inside, capture_output=True, check=False)
    assert done.returncode != 0


def test_it_is_told_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, text_file: Callable[..., Path]
) -> None:
    monkeypatch.setenv("KEPU_SECRET", "x")
    assert "KEPU_SECRET" not in sandbox._ENVIRONMENT
    assert "KEPU_SECRET" in os.environ
    assert read_file(text_file("a.csv", "名称\n馆\n")).parts


@pytest.mark.parametrize(
    "name", ["/vsicurl/http://127.0.0.1/a.csv", "/vsizip/a.zip/a.csv", "PG:dbname=x.csv", "a.csv|x"]
)
def test_a_name_from_a_user_reaches_no_driver(name: str) -> None:
    with pytest.raises(InputError):
        read_file(Path(name))


@linux
def test_small_files_with_something_far_away_cost_little(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = sheet["XFD1048576"] = 1
    book.save(tmp_path / "角.xlsx")
    assert (tmp_path / "角.xlsx").stat().st_size < 6_000
    merged = Workbook()
    assert merged.active is not None
    merged.active["A1"] = "名称"
    merged.active.merge_cells("A1:B2")
    merged.save(tmp_path / "小.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "小.xlsx") as old,
        zipfile.ZipFile(tmp_path / "并.xlsx", "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"A1:B2", b"A1:XFD1048576"))
    start = time.monotonic()
    with pytest.raises(FileTooLargeError):
        read_file(tmp_path / "角.xlsx")
    assert read_file(tmp_path / "并.xlsx").parts[0].merged == ((1, 1, 1_048_576, 16_384),)
    # Not how fast, but that it ends at all: bounds that fail take minutes and gigabytes.
    assert time.monotonic() - start < 20
