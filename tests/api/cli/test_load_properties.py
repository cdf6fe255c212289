"""Whatever an office sends: twice is once, and what is taken back was never there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import orjson
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import Point

from api.cli.load import load, undo
from api.cli.loaders import Options
from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.scenario import load_scenario
from geo.core.schema import VILLAGES, conform
from geo.measures.study import study
from geo.publish.study_json import study_document
from geo.store import LoadRecord, Store, create_store

SCENARIO = load_scenario(on=date(2025, 12, 31))
HEADS = (
    "编号", "名称", "类型", "状态", "核查", "是否对公众开放", "展厅面积", "开放日期",
    "乡镇代码", "村社区代码", "经度", "纬度",
)  # fmt: skip
A, B = "430599001", "430599101"

LEDGERS = st.lists(
    st.fixed_dictionaries(
        {
            "编号": st.sampled_from(["", "", "P1", "P2", "P3"]),
            "名称": st.sampled_from(["甲科技馆", "乙图书馆", "丙科普展厅", "丁公园", ""]),
            "类型": st.sampled_from(["科技馆", "图书馆", "科普展厅", "", "飞碟"]),
            "状态": st.sampled_from(["运行中", "", "关闭", "筹建"]),
            "核查": st.sampled_from(["已核", "待核", ""]),
            "是否对公众开放": st.sampled_from(["是", "否", "", "独用"]),
            "展厅面积": st.sampled_from(["120", "约200", "三百平方米", "", "很大", "-5", "0.3亩"]),
            "开放日期": st.sampled_from(["2021-05-01", "2023年5月", "", "去年"]),
            "乡镇代码": st.sampled_from([A, B, "", "430599999", "430502001"]),
            "村社区代码": st.sampled_from(["", "", f"{A}001"]),
            "经度": st.sampled_from(["111.01", "111.012", "", "在河边"]),
            "纬度": st.sampled_from(["27.21", "27.212", ""]),
        }
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def store(toy: DistrictData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("store") / "office.gpkg"
    with create_store(path) as opened:
        record = LoadRecord(datetime(2025, 1, 1, tzinfo=UTC), path.name, "0" * 64, "district", 1)
        opened.replace_district(replace(toy, villages=_villages()), record)
        yield opened


def _villages() -> gpd.GeoDataFrame:
    told = {"village_code": f"{A}001", "township_code": A, "name_zh": "甲社区", "kind": "community",
            "source_id": "toy-map"}  # fmt: skip
    frame = gpd.GeoDataFrame([told], geometry=[Point(111.011, 27.211)], crs=STORAGE_CRS)
    return conform(frame, VILLAGES).set_index("village_code")


def _file(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, HEADS)
        table.writeheader()
        table.writerows(rows)
    return path


def _answer(store: Store, known: int | None = None) -> bytes:
    return orjson.dumps(study_document(study(store.read_district(known), SCENARIO)))


def _held(store: Store) -> pd.DataFrame:
    """Return the rows held back, without the number of the import that did so."""
    held = store.quarantine().drop(columns="load_id", errors="ignore")
    return held.sort_values(list(held.columns)).reset_index(drop=True)


def _say(zh: str, en: str) -> None:
    assert zh
    assert en


@pytest.mark.usual_examples(2)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(earlier=LEDGERS, later=LEDGERS, update=st.booleans(), accepted=st.booleans())
def test_twice_is_once_and_taken_back_is_as_before(
    store: Store, tmp_path: Path, earlier: Any, later: Any, *, update: bool, accepted: bool
) -> None:
    options = Options(update=update, village_positions=accepted)
    load("facilities", store, _file(tmp_path / "旧.csv", earlier), _say)
    before, held_before = _answer(store), _held(store)
    path = _file(tmp_path / "新.csv", later)
    load("facilities", store, path, _say, options)
    once, held, number = _answer(store), _held(store), int(store.imports().index[-1])

    assert load("facilities", store, path, _say, options).changes.nothing
    assert _answer(store) == once
    assert_frame_equal(_held(store), held)

    for load_id in range(int(store.imports().index[-1]), number - 1, -1):
        undo(store, load_id, "", _say)
    assert _answer(store) == before
    assert_frame_equal(_held(store), held_before)
    assert _answer(store, number) == once
