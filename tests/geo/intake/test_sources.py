from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from geo.core.errors import FileMissingError
from geo.core.schema import SOURCES, conform
from geo.core.vocabulary import Quality
from geo.intake.sources import file_digest, source_of_file


def test_the_digest_is_that_of_the_bytes(text_file: Callable[..., Path]) -> None:
    path = text_file("a.csv", "名称")
    assert file_digest(path) == hashlib.sha256("名称".encode()).hexdigest()


def test_a_missing_file_has_no_digest(refused: Callable[..., object], tmp_path: Path) -> None:
    message = "没有.csv：找不到或读不了这个文件，请检查路径和文件名。"
    refused(FileMissingError, message, file_digest, tmp_path / "没有.csv")


def test_a_file_as_a_source(text_file: Callable[..., Path]) -> None:
    path = text_file("边界.geojson", "{}")
    found = source_of_file(path, title="乡镇边界 2024/2025", quality=Quality.OFFICIAL)
    assert found.index.name == "source_id"
    assert found.index[0] == f"file-{file_digest(path)[:16]}"
    assert tuple(conform(found.reset_index(), SOURCES).columns) == SOURCES.names
    row = found.iloc[0].dropna().to_dict()
    assert row == {
        "title_zh": "乡镇边界 2024/2025", "title_en": "乡镇边界 2024/2025",
        "publisher": "导入文件 边界.geojson", "published_on": "未注明 not stated",
        "licence": "未注明 not stated", "quality": "official", "sha256": file_digest(path),
    }  # fmt: skip


def test_the_same_bytes_have_the_same_id_and_others_another(
    text_file: Callable[..., Path],
) -> None:
    ids = [
        source_of_file(text_file(name, content), title="t", quality=Quality.REPORTED).index[0]
        for name, content in (("a.csv", "1"), ("b.csv", "1"), ("c.csv", "2"))
    ]
    assert ids[0] == ids[1] != ids[2]


def test_a_hostile_name_and_no_title(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\n.csv"
    path.write_text("x")
    row = source_of_file(path, title="", quality=Quality.REPORTED).iloc[0]
    assert row["title_zh"] == "a�[31m�.csv"
    named = source_of_file(path, title="", quality=Quality.REPORTED, name="好.csv").iloc[0]
    assert (named["title_zh"], named["publisher"]) == ("好.csv", "导入文件 好.csv")
