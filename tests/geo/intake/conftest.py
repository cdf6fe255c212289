"""Files as an office would bring them, made in the test that reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from geo.core.errors import InputError
from geo.intake.formats.limits import InputFile

HEADINGS = ["设施编号", "名称", "类型", "状态", "展厅面积（㎡）", "乡镇街道代码", "经度", "纬度"]
ROW = ["P1", "科普馆", "科技馆", "运行中", 120.5, "430599001", 111.45, 27.23]


@pytest.fixture
def headings() -> list[str]:
    return list(HEADINGS)


@pytest.fixture
def row() -> list[Any]:
    return list(ROW)


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of workbooks: sheets by title, each a list of rows."""

    def make(name: str = "台账.xlsx", **sheets: Sequence[Sequence[Any]]) -> Path:
        book = Workbook()
        book.remove(book["Sheet"])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for number, cells in enumerate(rows, start=1):
                for position, value in enumerate(cells, start=1):
                    if value is not None:
                        sheet.cell(number, position).value = value
        path = tmp_path / name
        book.save(path)
        return path

    return make


@pytest.fixture
def one_row(workbook: Callable[..., Path]) -> Callable[..., Path]:
    """Return a maker of ledgers of one row, some of its cells otherwise or added."""

    def make(**cells: Any) -> Path:
        values = dict(zip(HEADINGS, ROW, strict=True)) | cells
        return workbook(设施台账=[list(values), list(values.values())])

    return make


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def make(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture
def collection(text_file: Callable[..., Path]) -> Callable[..., Path]:
    """Return a maker of GeoJSON files from (properties, geometry) pairs."""

    def make(*features: tuple[Any, Any], name: str = "图.geojson", **members: Any) -> Path:
        items = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
        found = {"type": "FeatureCollection", **members, "features": items}
        return text_file(name, json.dumps(found, ensure_ascii=False))

    return make


@pytest.fixture
def source() -> Callable[[str, bytes], InputFile]:
    return lambda name, content: InputFile(name, Path(name).suffix, content)


@pytest.fixture
def refused() -> Callable[..., InputError]:
    """Return a check that a call raises just this class with just this Chinese message."""

    def check(
        kind: type[InputError], message: str, call: Callable[..., Any], *args: Any, **named: Any
    ) -> InputError:
        with pytest.raises(kind) as caught:
            call(*args, **named)
        assert type(caught.value) is kind
        assert str(caught.value) == message
        assert caught.value.message("en")
        return caught.value

    return check
