"""Loading real files into a real store, through the functions of ``kepu load``."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import orjson
import pandas as pd
import pytest

from api.cli.load import load, nothing_taken, undo
from api.cli.loaders import Options
from geo.core.errors import BoundaryError, InputError, UnknownDivisionError
from geo.core.scenario import load_scenario
from geo.core.vocabulary import VILLAGE_POSITION, Quality
from geo.intake.import_report import ImportReport
from geo.measures.study import study
from geo.publish.study_json import study_document
from geo.store import Store, open_store


@pytest.fixture
def store(demo_store_file: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    with open_store(shutil.copy(demo_store_file, tmp_path / "office.gpkg")) as opened:
        yield opened


class _Said(list[str]):
    def __call__(self, zh: str, en: str) -> None:
        assert en
        self.append(zh)


def _ledger(folder: Path, township: str, name: str = "新台账.xlsx", **cells: object) -> Path:
    row = {
        "设施编号": "A1", "名称": "真实展厅", "类型": "科普展厅", "状态": "运行中", "核查": "已核",
        "是否对公众开放": "是", "展厅面积（㎡）": 120, "乡镇街道代码": township,
    } | cells  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(row))
    sheet.append(list(row.values()))
    book.save(folder / name)
    return folder / name


def _boundaries(folder: Path, district: str = "990101") -> Path:
    squares = {"001": (112.0, "东街道"), "101": (112.1, "西镇")}
    features = [
        {
            "type": "Feature",
            "properties": {
                "乡镇街道代码": district + code,
                "名称": name,
                "类别": "街道" if "街道" in name else "镇",
            },
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 27], [x + 0.1, 27], [x + 0.1, 27.1], [x, 27.1], [x, 27]]],
            },
        }
        for code, (x, name) in squares.items()
    ]
    path = folder / "townships.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def _population(folder: Path, **changes: object) -> Path:
    rows = [("990101001", "东街道", 3_000), ("990101101", "西镇", 1_000)]
    table = pd.DataFrame(rows, columns=["行政区划代码", "名称", "人口"])
    table = table.assign(人口口径="常住人口", 年份=2024).assign(**changes)
    table.to_csv(folder / "人口.csv", index=False, encoding="utf-8-sig")
    return folder / "人口.csv"


def test_a_real_ledger_takes_the_place_of_the_demonstration(store: Store, tmp_path: Path) -> None:
    said = _Said()
    assert store.read_district().demonstration
    load("facilities", store, _ledger(tmp_path, "430503001"), said)
    data = store.read_district()
    assert data.facilities.index.tolist() == ["A1"]
    assert not data.demonstration
    assert said[0] == (
        "已导入设施 1 处、挂牌 0 块：新增 1，修改 0，移除 202，未变 0。要撤销这次导入：kepu undo 2"
    )
    row = data.facilities.iloc[0]
    assert (row["source_file"], row["source_row"]) == ("新台账.xlsx", 2)
    assert store.loads()["file_name"].tolist()[-1] == "新台账.xlsx"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"类型": "健身房"}, "健身房"),
        ({"展厅面积（㎡）": -1}, "-1"),
        ({"展厅面积（㎡）": "一大片"}, "一大片"),
        ({"经度": "东经", "纬度": 27.2}, "东经"),
        ({"名称": None}, "名称"),
    ],
)
@pytest.mark.parametrize("update", [False, True])
def test_a_file_without_a_clean_row_goes_to_quarantine_and_leaves_the_ledger(
    store: Store, tmp_path: Path, cells: dict[str, object], words: str, update: bool
) -> None:
    before, said = _answer(store), _Said()
    path = _ledger(tmp_path, "430503001", **cells)
    options = Options(update=update, who="王科长")
    checked = load("facilities", store, path, said, replace(options, check=True))
    assert store.quarantine().empty
    assert store.imports().index.tolist() == [1]
    outcome = load("facilities", store, path, said, options)
    assert said == [
        "没有一行可以导入，台账保持原样；1 行都已放入待改（kepu quarantine 可查看）。"
        "要撤销这次导入：kepu undo 2"
    ]
    assert outcome.changes.nothing
    assert checked.changes.nothing
    for text in (words, "新台账.xlsx", "第2行"):
        assert text in str(outcome.error)
    assert _answer(store) == before
    (held,) = store.quarantine().to_dict("records")
    assert (held["source_file"], held["source_row"]) == ("新台账.xlsx", 2)
    warnings = store.imports().loc[2]
    assert warnings[["added", "changed", "removed", "quarantined"]].tolist() == [0, 0, 0, 1]
    assert warnings["who"] == "王科长"
    undo(store, 2, "", _Said())
    assert store.quarantine().empty
    assert _answer(store) == before


def test_the_facility_of_a_row_that_waits_stays(store: Store, tmp_path: Path) -> None:
    load("facilities", store, _ledger(tmp_path, "430503001"), _Said())
    load("facilities", store, _ledger(tmp_path, "430503001", 类型="健身房"), _Said())
    assert store.read_district().facilities["kind"].tolist() == ["exhibition_hall"]
    load("facilities", store, _ledger(tmp_path, "430503001", 名称="另一展厅"), _Said())
    assert store.read_district().facilities["name"].tolist() == ["另一展厅"]
    assert store.quarantine().empty


def test_a_file_of_titles_and_totals_says_so() -> None:
    error = nothing_taken(ImportReport("空.xlsx"))
    assert str(error) == "空.xlsx：没有数据：文件里只有标题、合计或说明。请填写后再导入。"


def _answer(store: Store) -> bytes:
    scenario = load_scenario(on=date(2025, 12, 31))
    return orjson.dumps(study_document(study(store.read_district(), scenario)))


def _ledger_of(folder: Path, *rows: dict[str, object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(folder / "台账.xlsx")
    return folder / "台账.xlsx"


GOOD: dict[str, object] = {
    "名称": "甲科技馆",
    "类型": "科技馆",
    "展厅面积": 100,
    "乡镇街道代码": "430503001",
}
BAD = GOOD | {"名称": "=1+1", "展厅面积": -5, "乡镇街道代码": "430503999"}


def test_clean_rows_go_in_and_the_others_are_told(store: Store, tmp_path: Path) -> None:
    account = load("facilities", store, _ledger_of(tmp_path, GOOD, BAD), _Said()).report
    assert store.read_district().facilities["name"].tolist() == ["甲科技馆"]
    (held,) = account.quarantined
    assert (held.place.row, held.cells["展厅面积"]) == (3, "-5")
    assert len(held.errors) == 3


def test_a_check_writes_nothing_but_the_report(store: Store, tmp_path: Path) -> None:
    before = store.version()
    report = tmp_path / "核对.xlsx"
    path = _ledger_of(tmp_path, GOOD, BAD)
    account = load("facilities", store, path, _Said(), Options(check=True, report=report)).report
    assert store.version() == before
    assert len(account.quarantined) == 1
    book = openpyxl.load_workbook(report)
    assert book.sheetnames == ["核对清单", "Sheet"]
    cell = book["Sheet"]["C3"]
    assert cell.value == -5
    assert "下限" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFF4B6A6"
    assert book["Sheet"]["C2"].comment is None
    assert book["Sheet"]["A3"].value == "=1+1", "the sender's own file, formulas and all"
    listed = [row[1].value for row in book["核对清单"].iter_rows(min_row=2)]
    assert listed == [3, 3, 3, "整张表", "整张表"]


def test_the_same_file_gives_the_same_ids(store: Store, tmp_path: Path) -> None:
    path = _ledger_of(tmp_path, GOOD, GOOD | {"名称": "乙科技馆"})
    load("facilities", store, path, _Said())
    first = store.read_district().facilities.index.tolist()
    load("facilities", store, path, _Said())
    assert store.read_district().facilities.index.tolist() == first
    assert len(set(first)) == 2


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = _ledger_of(tmp_path, GOOD, BAD)
    load("facilities", store, path, _Said())
    version = store.version()
    said = _Said()
    outcome = load("facilities", store, path, said)
    assert outcome.changes.nothing
    assert store.version() == version
    assert said == ["与现有台账相同，没有改动。"]
    assert len(store.quarantine()) == 1, "held back once, not twice"


def test_what_changes_is_told_field_by_field_before_and_after(store: Store, tmp_path: Path) -> None:
    load("facilities", store, _ledger_of(tmp_path, GOOD, GOOD | {"名称": "乙科技馆"}), _Said())
    path = _ledger_of(tmp_path, GOOD | {"展厅面积": 150})
    checked = load("facilities", store, path, _Said(), Options(check=True, update=True)).changes
    done = load("facilities", store, path, _Said(), Options(update=True, who="王科长")).changes
    for changes in (checked, done):
        assert changes.counts == (0, 1, 0, 0)
        (field,) = changes.fields[["column", "before", "after"]].to_dict("records")
        assert field == {"column": "exhibition_area_m2", "before": "100", "after": "150"}
    assert len(store.read_district().facilities) == 2, "the others stay"
    versions = store.history(done.changed[0])
    assert versions["exhibition_area_m2"].tolist() == [100, 150]
    assert versions["who"].tolist() == ["", "王科长"]


@pytest.mark.parametrize("by", ["设施编号", "设施名称"])
def test_an_update_hangs_a_plaque_on_a_place_of_the_store(
    store: Store, tmp_path: Path, by: str
) -> None:
    load("facilities", store, _ledger_of(tmp_path, GOOD, GOOD | {"名称": "乙科技馆"}), _Said())
    stored = store.read_district().facilities["name"]
    key = stored.index[stored == "乙科技馆"][0]
    path = _ledger_of(tmp_path, GOOD)
    book = openpyxl.load_workbook(path)
    plaques = book.create_sheet("挂牌")
    plaques.append([by, "牌匾名称"])
    plaques.append([key if by == "设施编号" else "乙科技馆", "科普教育基地"])
    book.save(path)
    checked = load("facilities", store, path, _Said(), Options(check=True, update=True))
    done = load("facilities", store, path, _Said(), Options(update=True))
    assert not done.report.quarantined
    assert checked.changes.counts == done.changes.counts
    district = store.read_district()
    assert district.designations["facility_id"].tolist() == [key]
    assert len(district.facilities) == 2
    replaced = load("facilities", store, path, _Said())
    assert [row.place.sheet for row in replaced.report.quarantined] == ["挂牌"]


def test_a_row_mended_leaves_quarantine(store: Store, tmp_path: Path) -> None:
    load("facilities", store, _ledger_of(tmp_path, GOOD, BAD), _Said())
    (held,) = store.quarantine().to_dict("records")
    assert json.loads(held["cells"])["展厅面积"] == "-5"
    codes = {reason["code"] for reason in json.loads(held["reasons"])}
    assert "division_code_unknown" in codes
    load("facilities", store, _ledger_of(tmp_path, GOOD, GOOD | {"名称": "丙科技馆"}), _Said())
    assert store.quarantine().empty


def test_an_import_is_undone_as_a_whole_and_answers_are_equal_to_the_byte(
    store: Store, tmp_path: Path
) -> None:
    before = _answer(store)
    load("facilities", store, _ledger_of(tmp_path, GOOD, BAD), _Said())
    after = _answer(store)
    assert after != before
    said = _Said()
    undo(store, 2, "王科长", said)
    assert _answer(store) == before
    assert said[0].startswith("已撤销第 2 次导入：恢复 202")
    scenario = load_scenario(on=date(2025, 12, 31))
    known = orjson.dumps(study_document(study(store.read_district(2), scenario)))
    assert known == after, "what was known after an import can still be asked for"


def test_the_office_may_bring_words_of_its_own(store: Store, tmp_path: Path) -> None:
    words = tmp_path / "词.toml"
    words.write_text('[facilities]\nname = ["宝地"]\n', encoding="utf-8")
    row = {"宝地": "甲科技馆", "类型": "科技馆", "乡镇街道代码": "430503001"}
    path = _ledger_of(tmp_path, row)
    with pytest.raises(InputError):
        load("facilities", store, path, _Said())
    load("facilities", store, path, _Said(), Options(synonyms=words))
    assert store.read_district().facilities["name"].tolist() == ["甲科技馆"]


def test_a_township_that_is_not_there_changes_nothing(store: Store, tmp_path: Path) -> None:
    before = len(store.read_district().facilities)
    outcome = load("facilities", store, _ledger(tmp_path, "430503999"), _Said())
    assert isinstance(outcome.error, UnknownDivisionError)
    assert "430503999" in str(outcome.error)
    assert len(store.read_district().facilities) == before
    load("facilities", store, _ledger(tmp_path, "430502001"), _Said())
    assert len(store.read_district().facilities) == 1, "a neighbour's code stands outside"


def test_another_county_by_swapping_the_data(store: Store, tmp_path: Path) -> None:
    said = _Said()
    load("boundaries", store, _boundaries(tmp_path), said)
    data = store.read_district()
    assert data.district_code == "990101"
    assert data.facilities.empty
    assert data.population.empty
    assert data.measuring_crs.to_epsg() == 4546
    load("population", store, _population(tmp_path), said)
    load("facilities", store, _ledger(tmp_path, "990101001"), said)
    scenario = load_scenario(on=date(2025, 12, 31))
    figures = study(store.read_district(), scenario).district
    assert (figures.population, figures.counted_area_m2) == (4_000, 120)
    assert figures.area_per_10k_m2 == pytest.approx(300)
    assert any("已由 430503 换成 990101" in text for text in said)


def test_another_county_never_takes_the_place_of_a_real_ledger(
    store: Store, tmp_path: Path
) -> None:
    load("facilities", store, _ledger(tmp_path, "430503001"), _Said())
    before = store.version()
    with pytest.raises(BoundaryError, match="--store"):
        load("boundaries", store, _boundaries(tmp_path), _Said())
    assert store.version() == before


def test_population_of_one_year_leaves_the_others(store: Store, tmp_path: Path) -> None:
    codes = {"行政区划代码": ["430503001", "430503002"], "年份": 2024,
             "名称": ["中心路街道", "红旗路街道"]}  # fmt: skip
    load("population", store, _population(tmp_path, **codes), _Said())
    population = store.read_district().population
    assert set(population["year"]) == {2020, 2022, 2023, 2024}
    assert (population.loc[population["year"] == 2024, "quality"] == Quality.REPORTED).all()


def test_boundaries_are_checked_without_a_trace_and_go_in_whole(
    store: Store, tmp_path: Path
) -> None:
    path = _boundaries(tmp_path)
    before = store.version()
    account = load("boundaries", store, path, _Said(), Options(check=True)).report
    assert (len(account.taken), account.quarantined, store.version()) == (2, (), before)
    found = json.loads(path.read_text("utf-8"))
    for corner in (0, 3, 4):
        found["features"][1]["geometry"]["coordinates"][0][corner][0] += 0.00004
    path.write_text(json.dumps(found), "utf-8")
    account = load("boundaries", store, path, _Said()).report
    assert [error.code for error in account.errors] == ["boundaries_gap"]
    assert store.version() == before
    load("boundaries", store, path, _Said(), Options(mend_width_m=10, who="小李"))
    data = store.read_district()
    assert data.district_code == "990101"
    assert data.townships.geometry.iloc[0].touches(data.townships.geometry.iloc[1])
    assert store.imports()["who"].iloc[-1] == "小李"


def test_population_is_checked_held_back_and_loaded_once(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "人口.csv"
    path.write_text(
        "乡镇,2024年末常住人口\n中心路街道,26000\n红旗路,36000\n罗士镇,19000\n", encoding="utf-8"
    )
    before = store.version()
    checked = load("population", store, path, _Said(), Options(check=True))
    assert checked.changes.counts == (2, 0, 0, 0)
    assert store.version() == before
    said = _Said()
    done = load("population", store, path, said, Options(who="小王"))
    assert done.changes.counts == (2, 0, 0, 0)
    assert said[0].startswith("已导入人口 2 行。")
    (held,) = store.quarantine().to_dict("records")
    assert (held["what"], held["source_row"]) == ("population", 4)
    assert "罗市镇" in held["reasons"]
    version = store.version()
    again = load("population", store, path, _Said())
    assert again.changes.nothing
    assert store.version() == version, "the same file again changes nothing"
    path.write_text("乡镇,2024年末常住人口\n罗市镇,19000\n", encoding="utf-8")
    load("population", store, path, _Said())
    assert store.quarantine().empty
    population = store.read_district().population
    of_2024 = population[population["year"] == 2024].set_index("name_zh")["population"]
    assert of_2024.to_dict() == {"中心路街道": 26_000, "红旗路街道": 36_000, "罗市镇": 19_000}
    undo(store, int(store.imports().index[-1]), "小王", _Said())
    assert len(store.quarantine()) == 1


def _villages(folder: Path, people: int = 700) -> Path:
    table = pd.DataFrame(
        {
            "村社区代码": ["430503001001", "430503001002"],
            "名称": ["中心路社区", "府门口社区"],
            "人口": [people, -1],
            "经度": [111.4604, 111.4604],
            "纬度": [27.2344, 27.2344],
        }
    )
    table.to_csv(folder / "村社区.csv", index=False, encoding="utf-8-sig")
    return folder / "村社区.csv"


def test_villages_are_checked_loaded_held_back_and_taken_back(store: Store, tmp_path: Path) -> None:
    said, path, before = _Said(), _villages(tmp_path), store.read_district()
    only = load("villages", store, path, said, Options(check=True))
    assert only.changes.counts == (0, 1, 0, 97)
    assert store.version() == before.version
    outcome = load("villages", store, path, said, Options(who="王芳"))
    assert outcome.changes.counts == only.changes.counts
    assert said == ["已导入村社区 1 个。要撤销这次导入：kepu undo 2"]
    found = store.read_district()
    assert found.villages.loc["430503001001", "population"] == 700
    assert found.villages.geometry.notna().sum() == 1
    assert len(store.quarantine()) == 1
    assert f"file-{store.imports()['sha256'][2][:16]}" in found.sources.index
    load("villages", store, path, said)
    assert said[-1] == "与现有村社区相同，没有改动。"
    undo(store, 2, "", said)
    assert store.read_district().villages.geometry.isna().all()
    assert store.quarantine().empty


def test_the_middle_of_a_village_is_taken_only_where_it_was_accepted(
    store: Store, tmp_path: Path
) -> None:
    said, village = _Said(), "430503001001"
    load("villages", store, _villages(tmp_path), said)
    path = _ledger(tmp_path, village[:9], 村社区代码=village)
    load("facilities", store, path, said)
    assert store.read_district().facilities.geometry.isna().all()
    accepted = Options(village_positions=True)
    outcome = load("facilities", store, path, said, accepted)
    assert sorted(outcome.changes.fields["column"]) == ["geometry", "position_source"]
    found = store.read_district().facilities
    assert found["position_source"].tolist() == [VILLAGE_POSITION]
    assert [(point.x, point.y) for point in found.geometry] == [(111.4604, 27.2344)]
    assert load("facilities", store, path, said, accepted).changes.nothing
    undo(store, 4, "", said)
    assert store.read_district().facilities.geometry.isna().all()


def test_a_whole_list_of_villages_takes_the_others_away(store: Store, tmp_path: Path) -> None:
    options = Options(check=True)
    outcome = load("villages", store, _villages(tmp_path), _Said(), replace(options, whole=True))
    assert outcome.changes.counts == (0, 1, 96, 1)


def _roads(folder: Path, name: str = "甲路") -> Path:
    line = {"type": "LineString", "coordinates": [[111.46, 27.23], [111.47, 27.24]]}
    feature = {
        "type": "Feature",
        "geometry": line,
        "properties": {"highway": "residential", "name": name},
    }
    path = folder / f"{name}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def test_roads_are_checked_loaded_replaced_and_taken_back(store: Store, tmp_path: Path) -> None:
    said, version = _Said(), store.version()
    load("roads", store, _roads(tmp_path), said, Options(check=True))
    assert store.version() == version
    assert store.read_district().roads is None
    load("roads", store, _roads(tmp_path), said, Options(who="王芳"))
    load("roads", store, _roads(tmp_path), said)
    load("roads", store, _roads(tmp_path, "乙路"), said)
    assert said == [
        "可导入 1 条道路。",
        "已导入道路 1 条。要撤销这次导入：kepu undo 2",
        "与现有道路相同，没有改动。",
        "已导入道路 1 条。要撤销这次导入：kepu undo 4",
    ]
    assert store.imports().loc[2, ["who", "what", "file_name"]].tolist() == [
        "王芳", "roads", "甲路.geojson",
    ]  # fmt: skip
    undo(store, 4, "", said)
    found = store.read_district()
    assert found.roads is not None
    assert found.roads["name"].tolist() == ["甲路"]
    assert found.roads["source_id"].isin(found.sources.index).all()


def _houses(folder: Path, floors: int = 3) -> Path:
    ring = [
        [111.46, 27.234],
        [111.461, 27.234],
        [111.461, 27.235],
        [111.46, 27.235],
        [111.46, 27.234],
    ]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"层数": floors}}
    path = folder / "房屋.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def test_weights_are_checked_loaded_and_counted_with(store: Store, tmp_path: Path) -> None:
    said, version = _Said(), store.version()
    load("weights", store, _houses(tmp_path), said, Options(check=True))
    assert store.version() == version
    load("weights", store, _houses(tmp_path), said)
    load("weights", store, _houses(tmp_path), said)
    assert said == [
        "可导入 1 块。",
        "已导入人口分布权重 1 块。要撤销这次导入：kepu undo 2",
        "与现有权重相同，没有改动。",
    ]
    data = store.read_district()
    assert data.weights is not None
    surface = study(data, load_scenario(on=date(2025, 12, 31))).district_coverage.surface
    assert surface.kind_by_township["430503001"] == "weights"
    assert (surface.points["township_code"] == "430503001").sum() == 1
    undo(store, 2, "", said)
    assert store.read_district().weights is None
