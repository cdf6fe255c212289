"""The command line as a user runs it: real files, and real processes where these matter."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from openpyxl import load_workbook

from api.cli import main
from geo.store import LoadRecord, create_store

KEPU = Path(sys.executable).with_name("kepu")


@pytest.fixture(scope="module")
def folder(kepu_process: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder where a first command has made the demonstration store."""
    place = tmp_path_factory.mktemp("office")
    done = kepu_process("study", "--on", "2025-12-31", cwd=place)
    assert "正在新建并放入大祥区（430503）演示数据" in done.stderr
    assert (place / "kepu.gpkg").exists()
    return place


def test_study_prints_the_figures(kepu: Any, folder: Path) -> None:
    shown = kepu("study", "--on", "2025-12-31", cwd=folder)
    assert "新建" not in shown.stderr, "the store is there now"
    for words in ("大祥区", "每万人展厅面积", "演示数据", "常住人口 2020年", "板桥乡", "数据来源"):
        assert words in shown.stdout
    assert "2025-12-31  数据范围 内部" in shown.stdout
    for words in ("老年人", "区外设施", "每万人可达展厅面积：不低于", "基尼", "可到达科普基地",
                  "98 个有", "未覆盖人口最多的十处"):  # fmt: skip
        assert words in "".join(shown.stdout.split("\n"))
    english = kepu("study", "--on", "2025-12-31", "--lang", "en", cwd=folder).stdout
    assert "Exhibition area per 10,000 residents" in english


def test_study_as_json_agrees_with_the_table(kepu: Any, folder: Path) -> None:
    body = json.loads(kepu("study", "--on", "2025-12-31", "--json", cwd=folder).stdout)
    assert body["district"]["population"] == 362_289
    assert len(body["townships"]) == 14
    table = kepu("study", "--on", "2025-12-31", cwd=folder).stdout
    assert f"{body['district']['area_per_10k_m2']:,.1f} m²" in table


def test_study_tells_what_changed_since_a_date(kepu: Any, folder: Path) -> None:
    asked = ("study", "--on", "2025-12-31", "--since", "2022-06-30")
    body = json.loads(kepu(*asked, "--json", cwd=folder).stdout)
    then = json.loads(kepu("study", "--on", "2022-06-30", "--json", cwd=folder).stdout)
    moved = body["district"]["area_per_10k_m2"] - then["district"]["area_per_10k_m2"]
    assert moved > 0
    assert body["changes"]["district"]["area_per_10k_m2"] == pytest.approx(moved, abs=1e-6)
    assert len(body["changes"]["townships"]) == 14
    shown = kepu(*asked, cwd=folder).stdout
    assert "自 2022-06-30 以来的变化" in shown
    assert f"+{moved:,.1f}" in shown
    wrong = kepu("study", "--since", "2022-6", cwd=folder, code=64).stderr
    assert "不是日期" in wrong


def test_schools_that_reach_no_base_are_named(kepu: Any, folder: Path) -> None:
    slow = folder / "slow.toml"
    slow.write_text("[speeds_km_per_h]\ncar = 0.01\n", encoding="utf-8")
    asked = ("study", "--on", "2025-12-31", "--scenario", slow)
    told = kepu(*asked, cwd=folder).stdout
    (line,) = (line for line in told.splitlines() if line.startswith("学校："))
    rows = json.loads(kepu(*asked, "--json", cwd=folder).stdout)["schools"]["rows"]
    left = [row["name"] for row in rows if row["reached"] is False]
    assert len(left) > 20
    assert f"{len(left)} 所不能：" + "、".join(left[:20]) + "……；" in line


def test_a_scenario_file_is_followed(kepu: Any, folder: Path) -> None:
    (folder / "mine.toml").write_text('name = "三口径"\ncaliber = "C"\n', encoding="utf-8")
    body = json.loads(
        kepu("study", "--scenario", "mine.toml", "--on", "2025-12-31", "--json", cwd=folder).stdout
    )
    assert (body["caliber"], body["scenario"]["name"]) == ("C", "三口径")


@pytest.mark.parametrize("what", ["facilities", "townships", "gaps"])
def test_exports_open_in_gdal(kepu: Any, folder: Path, what: str) -> None:
    kepu("export", what, f"{what}.geojson", "--on", "2025-12-31", cwd=folder)
    body = json.loads((folder / f"{what}.geojson").read_text(encoding="utf-8"))
    assert body["kepu"]["demonstration"] is True, "every export says that it is a demonstration"
    shown = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", f"{what}.geojson"],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"Feature Count: {len(body['features'])}" in shown.stdout
    assert len(pyogrio.read_dataframe(folder / f"{what}.geojson")) == len(body["features"])
    assert "Warning" not in shown.stderr
    assert "ERROR" not in shown.stderr


def test_sites_are_proposed_and_written(kepu: Any, folder: Path) -> None:
    shown = kepu("site", "--on", "2025-12-31", "--out", "sites.geojson", cwd=folder).stdout
    for words in ("数据范围 公开", "四舍五入到 4 位小数", "可能相差几人"):
        assert words in shown
    for words in ("选址建议", "演示数据", "农业产业科普示范基地", "搜索区（非地址）", "已证明"):
        assert words in shown
    body = json.loads((folder / "sites.geojson").read_text(encoding="utf-8"))
    assert body["kepu"]["demonstration"] is True
    assert body["kepu"]["proof"]["optimum_is_proven"]
    assert len(body["features"]) == 20
    assert len(pyogrio.read_dataframe(folder / "sites.geojson")) == 20


def test_so_few_sites_reach_a_share(kepu: Any, folder: Path) -> None:
    asked = ["site", "--on", "2025-12-31", "--question", "fewest_sites", "--share", "60", "--json"]
    body = json.loads(kepu(*asked, cwd=folder).stdout)
    assert body["choice"]["share"] == 0.6
    reached = [row["demand"] for row in body["programmes"]]
    total = sum(row["population"] for row in reached)
    assert sum(row["covered_after"] for row in reached) >= 0.6 * total
    assert 0 < body["proof"]["objective"] == len(body["sites"]) < 20
    assert body["proof"]["is_optimal"]


def test_sites_keep_out_of_an_area_and_may_take_a_parcel(kepu: Any, folder: Path) -> None:
    def areas(name: str, *boxes: tuple[float, float, float, float]) -> str:
        rings = [[[w, s], [e, s], [e, n], [w, n], [w, s]] for w, s, e, n in boxes]
        features = [
            {
                "type": "Feature",
                "properties": {"名称": "某地块"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for ring in rings
        ]
        body = {"type": "FeatureCollection", "features": features}
        (folder / name).write_text(json.dumps(body), encoding="utf-8")
        return name

    closed = areas("closed.geojson", (111.0, 27.14, 112.0, 28.0))
    offered = areas("offered.geojson", (111.448, 27.098, 111.452, 27.102))
    (folder / "few.toml").write_text('[siting]\nrequired = ["parcel-1"]\n', "utf-8")
    layers = ["--scenario", "few.toml", "--exclude", closed, "--parcels", offered]
    kepu("site", "--on", "2025-12-31", *layers, "--list-candidates", "list.xlsx", cwd=folder)
    book = load_workbook(folder / "list.xlsx")
    sheet = book.active
    ids = [sheet.cell(row, 1).value for row in range(4, sheet.max_row + 1)]
    assert "parcel-1" in ids
    gone = next(name for name in ids if name != "parcel-1")
    sheet.cell(4 + ids.index(gone), 7, "不通过")
    book.save(folder / "list.xlsx")
    done = kepu("site", "--on", "2025-12-31", "--json", *layers, "--marks", "list.xlsx",
                 cwd=folder)  # fmt: skip
    assert f"{gone}（自然资源审查）" in done.stderr
    body = json.loads(done.stdout)
    assert gone not in [site["candidate_id"] for site in body["sites"]]
    assert gone in [mark["candidate_id"] for mark in body["choice"]["marks"]]
    assert max(site["latitude"] for site in body["sites"]) < 27.14
    parcel = next(site for site in body["sites"] if site["source"] == "parcel")
    assert (parcel["candidate_id"], parcel["name"]) == ("parcel-1", "某地块")


def test_area_is_allotted(kepu: Any, folder: Path) -> None:
    shown = kepu("allot", "--on", "2025-12-31", cwd=folder).stdout
    assert "共需新增 2,547 m²（已证明最少），全区每万人达 160.0 m²" in shown
    body = json.loads(kepu("allot", "--on", "2025-12-31", "--json", cwd=folder).stdout)
    assert body["total_added_m2"] == 2546.624
    english = kepu("allot", "--on", "2025-12-31", "--budget", "2000", "--lang", "en", cwd=folder)
    assert "547 m² are still missing" in english.stdout


def test_the_toy_agrees_on_the_command_line(kepu: Any, toy, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]

    with create_store(tmp_path / "toy.gpkg") as store:
        store.replace_district(toy, LoadRecord(datetime.now(UTC), "x", "0" * 64, "district", 15))
    shown = kepu("study", "--store", "toy.gpkg", "--on", "2025-12-31", cwd=tmp_path).stdout
    assert "不低于 140.0 m²" in shown
    assert "70.0 m²" in shown
    row = next(line for line in shown.splitlines() if "城东街道" in line)
    assert re.findall(r"[\d.,—]+", row) == ["20,000", "340.0", "170.0", "0.0", "5", "0"]
    empty = next(line for line in shown.splitlines() if "山口乡" in line)
    assert "—" in empty, "no residents, no ratio"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("study", "--on", "2025-02-30"), 64, "「2025-02-30」不是日期"),
        (("study", "--on", "1066-10-14"), 78, "on"),
        (("study", "--denominator", "resident-1999"), 78, "resident-2020"),
        (("study", "--scenario", "none.toml"), 78, "none.toml：读不到"),
        (("load", "facilities", "none.xlsx"), 66, "none.xlsx"),
        (("load", "boundaries", "mine.toml"), 65, "mine.toml"),
        (("export", "gaps", "no/where.geojson"), 73, "where.geojson"),
        (("study", "--store", "mine.toml"), 74, "mine.toml"),
    ],
)
def test_faults_are_one_line_and_a_code(
    kepu: Any, folder: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (folder / "mine.toml").write_text('caliber = "C"\n', encoding="utf-8")
    done = kepu(*arguments, cwd=folder, code=code)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("错误：")
    assert words in lines[0]
    assert "Traceback" not in done.stderr
    english = kepu(*arguments, "--lang", "en", cwd=folder, code=code)
    assert "Error: " in english.stderr


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (("study", "--caliber", "X"), "--caliber：没有「X」，可用：A、B、C。",
         "--caliber: there is no 'X'; usable: A, B, C."),
        (("export", "villages", "v.zip", "--profile", "zz"),
         "可用：internal、inter_agency、public", "usable: internal, inter_agency, public"),
        (("export", "moon", "v.zip"), "没有「moon」，可用：facilities、townships",
         "there is no 'moon'; usable: facilities, townships"),
        (("export", "villages"), "缺少 OUT.geojson|", "is missing"),
        (("study", "--nope"), "没有 --nope 这个选项", "There is no option --nope"),
        (("study", "--on"), "--on 后面要写一个值", "--on wants a value"),
        (("study", "two", "[bold]"), "多出了「two [bold]」", "'two [bold]' is one too many"),
        (("fly",), "没有「fly」这个命令", "There is no command 'fly'"),
        (("site", "--share", "400"), "--share 不能大于（晚于） 100",
         "--share must not be above 100"),
        (("site", "--share", "many"), "--share 必须是数字", "--share must be a number"),
    ],
)  # fmt: skip
def test_a_command_typed_wrong_is_told_in_the_language(
    arguments: tuple[str, ...], zh: str, en: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for lang, told in (("zh", zh), ("en", en)):
        english = ("--lang", "en") if lang == "en" else ()
        monkeypatch.setattr(sys, "argv", ["kepu", *english_last(arguments, english)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        shown = capsys.readouterr().err
        assert told in shown.replace("\n", "")
        assert "Usage" not in shown


def english_last(arguments: tuple[str, ...], english: tuple[str, ...]) -> tuple[str, ...]:
    """Put the language where it stands for itself: before an option that wants a value."""
    return (arguments[0], *english, *arguments[1:])


def test_a_command_alone_shows_its_help_and_no_fault(kepu_process: Any, folder: Path) -> None:
    done = kepu_process("load", cwd=folder, code=2)
    assert "错误" not in done.stderr
    assert "导入设施台账" in done.stdout + done.stderr
    assert "kepu-atlas" in kepu_process("--version", cwd=folder).stdout


def test_serve_prints_its_address_and_answers(kepu_process: Any, folder: Path) -> None:
    with subprocess.Popen(
        [KEPU, "serve", "--port", "0"], cwd=folder, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        line = server.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address, line
        for _ in range(50):
            try:
                with urllib.request.urlopen(address.group() + "health", timeout=5) as answer:
                    assert json.load(answer)["status"] == "ok"
                break
            except ConnectionError:
                time.sleep(0.1)
        port = address.group().split(":")[-1][:-1]
        taken = kepu_process("serve", "--port", port, cwd=folder, code=73)
        assert "请用 --port 换一个端口" in taken.stderr
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) in (0, -signal.SIGINT, 130)


def test_a_check_tells_every_row_and_writes_nothing(kepu: Any, tmp_path: Path) -> None:
    store = tmp_path / "s.gpkg"
    ledger = tmp_path / "杂.csv"
    ledger.write_text(
        "大祥区科普设施表,,,\n设施名称,场所类别,展览面积,所属乡镇代码\n"
        "甲馆,科技馆,120,430503001\n乙馆,科技馆,-5,430503001\n合计,,115,\n填表人：张三,,,\n",
        encoding="gbk",
    )
    report = tmp_path / "核对.xlsx"
    more = ["--store", store]
    check = ["load", "facilities", ledger, "--check", "--report", report, *more]
    done = kepu(*check, cwd=tmp_path, code=65)
    for text in ("1 行干净，1 行有问题待改，3 处不是数据", "第4行 · 展览面积", "小于下限",
                 "GB18030", "合计", "数据库没有改动"):  # fmt: skip
        assert text in done.stderr, text
    assert report.exists()
    kepu("load", "facilities", ledger, *more, cwd=tmp_path)
    english = kepu("load", "facilities", ledger, *more, "--lang", "en", cwd=tmp_path)
    assert "1 rows are clean, 1 are held back" in english.stderr


def test_a_file_without_a_clean_row_says_so_and_ends_with_a_fault(
    kepu: Any, tmp_path: Path
) -> None:
    more = ["--store", tmp_path / "s.gpkg"]
    ledger = tmp_path / "台账.csv"
    ledger.write_text("编号,名称,类型,展厅面积\nP1,甲馆,科技馆,-5\n", encoding="utf-8")
    done = kepu("load", "facilities", ledger, *more, cwd=tmp_path, code=65)
    assert "没有一行可以导入，台账保持原样；1 行都已放入待改" in done.stderr
    english = kepu("load", "facilities", ledger, "--lang", "en", *more, cwd=tmp_path, code=65)
    assert "No row can be taken and the ledger is as it was" in english.stderr
    assert "台账.csv · 第2行" in kepu("quarantine", *more, cwd=tmp_path).stdout


def test_merge_and_undo(kepu: Any, tmp_path: Path) -> None:
    more = ["--store", tmp_path / "s.gpkg"]
    ledger = tmp_path / "台账.csv"
    ledger.write_text(
        "编号,名称,类型,展厅面积\nP1,甲馆,科技馆,\nP2,甲馆二楼展厅,科普展厅,80\n", encoding="utf-8"
    )
    kepu("load", "facilities", ledger, *more, cwd=tmp_path)
    checked = kepu("merge", "P1", "P2", "--check", *more, cwd=tmp_path).stderr
    assert "名称：「P1」为 甲馆，「P2」为 甲馆二楼展厅；保留前者" in checked
    assert "数据库没有改动" in checked
    done = kepu("merge", "P1", "P2", "--plaque", "--who", "王科长", *more, cwd=tmp_path)
    for text in ("取「P2」的 80", "（P2）改作「P1」的挂牌", "kepu undo 3", "修改 1，移除 1"):
        assert text in done.stderr
    assert "P1 ← P2" in kepu("imports", *more, cwd=tmp_path).stdout
    kepu("undo", 3, *more, cwd=tmp_path)
    english = kepu("merge", "P1", "P9", "--lang", "en", *more, cwd=tmp_path, code=66)
    assert "Error: The ledger has no facility 'P9'" in english.stderr
    kepu("merge", "P1", "P1", *more, cwd=tmp_path, code=64)


def test_imports_quarantine_history_and_undo(kepu: Any, tmp_path: Path) -> None:
    more = ["--store", tmp_path / "s.gpkg"]
    ledger = tmp_path / "台账.csv"
    ledger.write_text(
        "编号,名称,类型,展厅面积\nP1,甲馆,科技馆,120\nP2,乙馆,科技馆,-5\n", encoding="utf-8"
    )
    kepu("load", "facilities", ledger, "--who", "王科长", *more, cwd=tmp_path)
    held = kepu("quarantine", *more, cwd=tmp_path).stdout
    assert "台账.csv · 第3行" in held
    assert "展厅面积：-5" in held
    assert "小于下限" in held
    listed = kepu("imports", *more, cwd=tmp_path).stdout
    assert "王科长" in listed
    assert "1/0/202/0" in listed
    assert "120" in kepu("history", "P1", *more, cwd=tmp_path).stdout
    kepu("undo", 2, *more, cwd=tmp_path)
    assert "大祥区" in kepu("study", "--on", "2025-12-31", *more, cwd=tmp_path).stdout
    known = kepu("study", "--json", "--as-known", 2, *more, cwd=tmp_path).stdout
    assert json.loads(known)["district"]["pending_count"] == 1
    # The row is not verified, so that only the office's own file has it.
    known = ["--profile", "internal", "--as-known", 2]
    kepu("export", "facilities", "p.geojson", *known, *more, cwd=tmp_path)
    exported = json.loads((tmp_path / "p.geojson").read_text(encoding="utf-8"))
    assert ([f["id"] for f in exported["features"]], exported["kepu"]["as_known"]) == (["P1"], "2")
    # By tonight the import had been taken back; of the day before nothing is known.
    tonight = datetime.now(UTC).astimezone(timezone(timedelta(hours=8))).date()
    known = kepu("study", "--json", "--as-known", tonight, *more, cwd=tmp_path).stdout
    assert json.loads(known)["district"]["facility_count"] > 100
    early = kepu("study", "--as-known", "2000-01-01", *more, cwd=tmp_path, code=66)
    assert "历史从" in early.stderr
    again = kepu("undo", 2, *more, cwd=tmp_path, code=1 * 74)
    assert "2" in again.stderr
    kepu("history", "P9", *more, cwd=tmp_path, code=66)


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        (("report", "r.pdf"), ".docx"),
        (("map", "map.pdf"), ".html"),
        (("progress", "--template", "p.csv"), ".xlsx"),
        (("site", "--out", "st.shp"), ".geojson"),
        (("print", "m.docx"), ".pdf"),
    ],
)
def test_nothing_is_written_under_a_name_that_says_otherwise(
    kepu: Any, folder: Path, command: tuple[str, ...], ending: str
) -> None:
    told = kepu(*command, cwd=folder, code=73)
    assert f"文件名应以 {ending}" in told.stderr
    assert not (folder / command[-1]).exists()
