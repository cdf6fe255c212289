"""``kepu load villages``, ``weights`` and ``roads`` as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from geo.store import open_store

PLACE = [111.4604, 27.2344]


@pytest.fixture
def kepu(kepu: Any, tmp_path: Path, demo_store_file: Path) -> Any:
    """Return what runs a command beside a demonstration store and returns what it says."""
    shutil.copy(demo_store_file, tmp_path)
    return lambda *arguments, **how: kepu(*arguments, **how).stderr


def _layer(path: Path, geometry: object, **properties: object) -> Path:
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


@pytest.mark.parametrize(
    ("what", "geometry", "properties", "said"),
    [
        ("villages", {"type": "Point", "coordinates": PLACE}, {"村名": "中心路社区", "人口": 9},
         "已导入村社区 1 个"),
        ("roads", {"type": "LineString", "coordinates": [PLACE, [111.47, 27.24]]},
         {"道路等级": "县道"}, "已导入道路 1 条"),
        ("weights", {"type": "Polygon", "coordinates": [[PLACE, [111.461, 27.2344],
         [111.461, 27.235], PLACE]]}, {"层数": 2}, "已导入人口分布权重 1 块"),
    ],
)  # fmt: skip
def test_check_load_and_undo(
    kepu: Any, tmp_path: Path, what: str, geometry: object, properties: dict[str, object], said: str
) -> None:
    file = _layer(tmp_path / "图层.geojson", geometry, **properties)
    checked = kepu("load", what, file, "--check", cwd=tmp_path)
    assert "只做了检查，数据库没有改动。" in checked
    assert "1 行干净" in checked
    with open_store(tmp_path / "kepu.gpkg") as store:
        assert len(store.imports()) == 1
    assert said in kepu("load", what, file, "--who", "王芳", cwd=tmp_path)
    with open_store(tmp_path / "kepu.gpkg") as store:
        assert store.imports()[["what", "who"]].to_numpy().tolist()[1] == [what, "王芳"]
    assert "已撤销第 2 次导入" in kepu("undo", 2, cwd=tmp_path)


@pytest.mark.parametrize("what", ["villages", "roads", "weights"])
def test_a_file_of_something_else_is_refused_and_named(
    kepu: Any, tmp_path: Path, what: str
) -> None:
    file = _layer(tmp_path / "别的.geojson", None, 标识="x")
    told = kepu("load", what, file, cwd=tmp_path, code=65)
    assert "别的.geojson" in told
    assert "Traceback" not in told
