"""Saying yes to what intake asks: rows of a real file that are one place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson
import pytest

from api.cli.load import Outcome, load, undo
from api.cli.loaders import Options
from api.cli.merge import Merge, merge
from geo.core.errors import QueryError
from geo.core.scenario import load_scenario
from geo.measures.study import study
from geo.publish.study_json import study_document
from geo.store import Store, open_store

HEADINGS = "编号,名称,类型,展厅面积,乡镇街道代码,是否对公众开放,核查,级别\n"
CENTRE = "A1,清风党群服务中心,党群服务中心,,430503001,是,已核,\n"
COLLEGE = "A2,清风社区科普大学,社区科普大学,80,430503001,是,已核,区级\n"
HALL = "A3,城南科普展厅,科普展厅,50,430503001,是,已核,\n"


@pytest.fixture
def store(demo_store_file: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(shutil.copy(demo_store_file, tmp_path / "office.gpkg")) as opened:
        _load(opened, tmp_path, CENTRE, COLLEGE, HALL)
        yield opened


def _load(store: Store, folder: Path, *rows: str, update: bool = False) -> Outcome:
    file = folder / "台账.csv"
    file.write_text(HEADINGS + "".join(rows), encoding="utf-8")
    return load("facilities", store, file, lambda zh, en: None, Options(update=update))


def _answer(store: Store) -> bytes:
    scenario = load_scenario(on=date(2025, 12, 31))
    return orjson.dumps(study_document(study(store.read_district(), scenario)))


def _ids(store: Store) -> list[str]:
    return sorted(store.read_district().facilities.index)


def _codes(outcome: Outcome) -> list[str]:
    codes = [warnings.note.code for warnings in outcome.report.warnings]
    return [code for code in codes if code.startswith("merge")]


AS_PLAQUE = Merge("A1", ["A2"], as_plaques=True, who="王科长")


def test_yes_to_one_place_with_two_plaques(store: Store) -> None:
    before = _answer(store)
    said: list[str] = []
    changes = merge(store, AS_PLAQUE, lambda zh, en: said.append(zh))
    assert said == [
        "展厅面积：「A1」原为 —，取「A2」的 80。",
        "「清风社区科普大学」（A2）改作「A1」的挂牌；面积属于场所，只计一次。",
        "已把 1 处设施并入「A1」。要撤销：kepu undo 3",
    ]
    assert changes.counts == (0, 1, 1, 1)
    told = changes.fields[["id", "column", "before", "after"]].fillna("").to_numpy().tolist()
    assert told == [
        ["A1", "exhibition_area_m2", "", "80"],
        ["A1", "title", "", "清风社区科普大学"],
    ]
    (plaque,) = store.read_district().designations.to_dict("records")
    assert (plaque["level"], plaque["source_row"]) == ("county", 3)
    undo(store, 3, "", lambda zh, en: None)
    assert _answer(store) == before


def test_a_check_tells_the_same_and_writes_nothing(store: Store) -> None:
    version = store.version()
    checked: list[str] = []
    wish = Merge("A1", ["A2"], as_plaques=True, check=True)
    foretold = merge(store, wish, lambda zh, en: checked.append(zh))
    assert store.version() == version
    assert checked[-1] == "只做了检查，数据库没有改动。"
    done: list[str] = []
    changes = merge(store, AS_PLAQUE, lambda zh, en: done.append(zh))
    assert done[:-1] == checked[:-1]
    assert changes.counts == foretold.counts


def test_demonstration_data_are_never_mixed_with_real_ones(store: Store, tmp_path: Path) -> None:
    undo(store, 2, "", lambda zh, en: None)
    demo = store.read_district().facilities.index[0]
    _load(store, tmp_path, CENTRE, update=True)
    version = store.version()
    for wish in (Merge("A1", [demo]), Merge(demo, ["A1"])):
        with pytest.raises(QueryError, match="演示数据"):
            merge(store, wish, lambda zh, en: None)
    assert store.version() == version


@pytest.mark.parametrize("update", [False, True])
def test_the_same_file_again_is_merged_again_and_says_so(
    store: Store, tmp_path: Path, update: bool
) -> None:
    merge(store, AS_PLAQUE, lambda zh, en: None)
    before = _answer(store)
    outcome = _load(store, tmp_path, CENTRE, COLLEGE, HALL, update=update)
    assert outcome.changes.nothing
    assert _codes(outcome) == ["merge_applied", "merge_taken", "merge_plaque_made"]
    assert outcome.report.warnings[-1].place.row == 3
    assert _answer(store) == before


def test_a_row_that_went_comes_back_only_by_itself_and_told(store: Store, tmp_path: Path) -> None:
    merge(store, AS_PLAQUE, lambda zh, en: None)
    part = _load(store, tmp_path, COLLEGE, update=True)
    assert _codes(part) == ["merge_row_left_out"]
    assert part.error is None
    assert _ids(store) == ["A1", "A3"]
    whole = _load(store, tmp_path, COLLEGE, HALL)
    assert _codes(whole) == ["merge_not_applied"]
    assert whole.changes.added == ("A2",)
    assert _ids(store) == ["A2", "A3"]


def test_a_place_in_quarantine_still_stands_for_its_plaque(store: Store, tmp_path: Path) -> None:
    merge(store, AS_PLAQUE, lambda zh, en: None)
    outcome = _load(store, tmp_path, CENTRE.replace(",,430503001", ",-1,430503001"), COLLEGE, HALL)
    assert _codes(outcome) == ["merge_row_left_out"]
    assert _ids(store) == ["A1", "A3"]
    assert len(store.quarantine()) == 1


def test_a_merge_that_was_taken_back_is_forgotten(store: Store, tmp_path: Path) -> None:
    merge(store, AS_PLAQUE, lambda zh, en: None)
    undo(store, 3, "", lambda zh, en: None)
    outcome = _load(store, tmp_path, CENTRE, COLLEGE, HALL)
    assert _codes(outcome) == []
    assert outcome.changes.nothing
    assert _ids(store) == ["A1", "A2", "A3"]
