"""Whatever bytes a file holds: checked frames or one error of ours, through the public doors."""

from __future__ import annotations

import csv
import json
import socket
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.core.errors import FileMissingError, InputError, faults_of
from geo.core.vocabulary import Quality
from geo.intake.tables.boundaries import read_boundaries
from geo.intake.tables.ledger import read_ledger
from geo.intake.tables.population import read_population

LONG = "长" * 10_000
"""A text may be so long, a name may not."""

HOSTILE = [
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "{{7*7}}",
    "{% import os %}", "${7*7}", "`x`", LONG, "\u202e\u2066倒\u2069", "👩🏽‍🔬🧪", " 前后 ",
    "两\n行\t", "'; DROP TABLE facilities; --", "=1+1", "@SUM(A1)", "&lt;&#x41;]]>", "nan", "None",
]  # fmt: skip
RING = [[111, 27], [112, 27], [112, 28], [111, 27]]
TOWNSHIP = {
    "type": "Feature",
    "id": 1,
    "properties": {"township_code": "430599001", "name_zh": "河西镇", "quality": "示意"},
    "geometry": {"type": "Polygon", "coordinates": [RING]},
}
PLACE = {
    "type": "Feature",
    "properties": {"设施编号": "P1", "名称": "馆", "类型": "科技馆", "状态": "运行中",
                   "展厅面积（㎡）": 1.5, "开放日期": "2020-01-01", "是否区属": True},
    "geometry": {"type": "Point", "coordinates": [111.4, 27.2]},
}  # fmt: skip
ODD = [None, True, 0, -1, 1.5, 1e308, 2**64 - 1, "", "x", "\x00", "１２", [], {}, [[]], [[[]]],
       [111, 27], {"type": "Point"}, "Polygon", "MultiPolygon", "Point", 430599001.0]  # fmt: skip


def boundaries(path: Path) -> object:
    return read_boundaries(path, quality=Quality.OFFICIAL, source_id="file-1")


DOORS: list[tuple[Callable[[Path], object], str]] = [
    (read_ledger, ".xlsx"),
    (read_ledger, ".csv"),
    (read_ledger, ".geojson"),
    (read_population, ".xlsx"),
    (read_population, ".csv"),
    (boundaries, ".geojson"),
]
HEADS = [
    b"", b"PK\x03\x04", b"\xef\xbb\xbf", b"{", b'{"type":"FeatureCollection","features":[',
    "设施编号,名称,类型,状态\n".encode(), b'"', b"\x1f\x8b", b"SQLite format 3\x00",
]  # fmt: skip


@pytest.mark.parametrize(("read", "suffix"), DOORS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(head=st.sampled_from(HEADS), tail=st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_raise_only_input_errors(
    tmp_path: Path, read: Callable[[Path], object], suffix: str, head: bytes, tail: bytes
) -> None:
    path = tmp_path / f"文件{suffix}"
    path.write_bytes(head + tail)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(f"文件{suffix}")
    assert caught.value.message("en")


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) within a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        spot
        for key, inner in items
        for spot in ((value, key), *(spots(inner) if isinstance(inner, dict | list) else ()))
    ]


@st.composite
def odd_collections(draw: st.DrawFn, feature: dict[str, Any]) -> dict[str, Any]:
    """Return a collection of a good feature twice, a few of its values replaced or lost."""
    made: dict[str, Any] = {"type": "FeatureCollection", "features": [feature, feature]}
    made = deepcopy(made) if draw(st.booleans()) else json.loads(json.dumps(made))
    for _ in range(draw(st.integers(1, 3))):
        found = spots(made)
        if not found:
            break
        container, key = draw(st.sampled_from(found))
        if draw(st.booleans()):
            container[key] = deepcopy(draw(st.sampled_from(ODD)))
        else:
            del container[key]
    return made


@pytest.mark.parametrize(
    ("read", "feature"), [(read_ledger, PLACE), (boundaries, TOWNSHIP)], ids=["places", "areas"]
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(data=st.data())
def test_features_of_any_shape_raise_only_input_errors(
    tmp_path: Path,
    read: Callable[[Path], object],
    feature: dict[str, Any],
    data: st.DataObject,
) -> None:
    path = tmp_path / "图.geojson"
    path.write_text(json.dumps(data.draw(odd_collections(feature))))
    try:
        read(path)
    except InputError as error:
        assert str(error).startswith("图.geojson")  # noqa: PT017


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_of_text_comes_out_to_the_letter(
    workbook: Callable[..., Path], headings: list[str], row: list[Any], text: str
) -> None:
    fields = ["责任单位", "地址", "联系方式", "服务人群", "位置来源", "备注"]
    names = ["department", "address", "contact", "audiences", "position_source", "note"]
    designation = ["P1", text, text, text]
    # openpyxl would write a text that begins with = as a formula.
    path = workbook(
        设施台账=[[*headings, *fields], ["P1", text, *row[2:], *[text] * len(fields)]],
        挂牌=[["设施编号", "牌匾名称", "授牌单位", "文号"], designation],
    )
    if text.startswith("=") or text == LONG:
        with pytest.raises(InputError, match=r"公式没有结果|文字长 10000 字，超过上限 200 字"):
            read_ledger(path)
        return
    ledger = read_ledger(path)
    found = ledger.facilities.loc["P1"]
    assert [found[name] for name in ("name", *names)] == [text] * 7
    assert ledger.designations[["title", "issuing_body", "document_number"]].to_numpy().tolist() \
        == [[text] * 3]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_points_comes_out_to_the_letter(
    collection: Callable[..., Path], text: str
) -> None:
    name = text[:200]
    properties = PLACE["properties"] | {"名称": name, "备注": text}  # type: ignore[operator]
    found = read_ledger(collection((properties, PLACE["geometry"]))).facilities.loc["P1"]
    assert (found["name"], found["note"]) == (name, text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.sampled_from(["类型", "状态", "展厅面积（㎡）", "经度", "开放日期", "备忘"]), st.text())
@example("类型", "\x1b[31m" + "长" * 10_000)
@example("经度", "</script>\u202e")
@example("备忘", "\x1b]0;x\x07")
def test_messages_quote_what_a_file_says_short_and_printable(
    tmp_path: Path, column: str, text: str
) -> None:
    values = {"设施编号": "P1", "名称": "", "类型": "科技馆", "状态": "运行中", "经度": "111",
              "纬度": "27", column: text, text: text}  # fmt: skip
    path = tmp_path / "台账.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([values.keys(), values.values()])
    with pytest.raises(InputError) as caught:
        read_ledger(path)
    for error in (caught.value, *faults_of(caught.value)):
        for lang in ("zh", "en"):
            assert "\x1b" not in error.message(lang)  # type: ignore[arg-type]
            assert all(sign.isprintable() or sign == "\u3000" for sign in str(error))
            assert len(str(error)) < 3_000


@pytest.mark.parametrize("system", ["vsicurl", "vsicurl_streaming", "vsizip//vsicurl"])
def test_no_name_makes_a_reader_call_anywhere(refused: Callable[..., object], system: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.geojson"
        message = "a.geojson：找不到或读不了这个文件，请检查路径和文件名。"
        for name in (f"/{system}/{address}", address):
            for read in (read_ledger, boundaries):
                refused(FileMissingError, message, read, Path(name))
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_link_to_a_system_is_not_followed(collection: Callable[..., Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        link = {"href": f"http://127.0.0.1:{server.getsockname()[1]}/crs", "type": "proj4"}
        path = collection(({}, None), crs={"type": "link", "properties": link})
        for read in (read_ledger, boundaries):
            with pytest.raises(InputError, match="声明的坐标系不能识别"):
                read(path)
        with pytest.raises(BlockingIOError):
            server.accept()
