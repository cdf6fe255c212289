"""What a person should look at, over the web and on the page, each with its source row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from api.web.app import create_app
from geo.core.district import DistrictData
from geo.core.quarantine import HoldReason, QuarantinedRow
from geo.store import LoadRecord, Store, create_store

HOSTILE = "<img src=x onerror=alert(1)></script>{{7*7}}"
ROWS = (
    QuarantinedRow("城南.xlsx", "台账", 7, {"联系电话": "13800000000"},
                   (HoldReason("amount_range", "「200-300」是一个范围。", "'200-300' is a range.",
                           "展厅面积", "200", 0.5),)),
    QuarantinedRow("城北.csv", None, 3, {"名称": HOSTILE},
                   (HoldReason("x", f"「{HOSTILE}」不可用。",
                               f"'{HOSTILE}' is no name.", HOSTILE),)),
)  # fmt: skip


@pytest.fixture
def store(toy: DistrictData, tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "s.gpkg") as opened:
        now = datetime.now(UTC)
        opened.replace_district(toy, LoadRecord(now, "toy.xlsx", "0" * 64, "district", 15))
        record = LoadRecord(now, "城南.xlsx", "1" * 64, "facilities", 15)
        opened.load_facilities(toy.facilities, toy.designations, record, quarantine=ROWS)
        yield opened


def test_rows_are_listed_with_where_they_stand(store: Store) -> None:
    with TestClient(create_app(store, Settings())) as client:
        body = client.get("/quality", params={"on": "2025-12-31"}).json()
    assert body["held_back_count"] == 2
    first = body["held_back"][0]
    assert (first["source_file"], first["source_sheet"], first["source_row"]) == (
        "城南.xlsx", "台账", 7,
    )  # fmt: skip
    reason = first["reasons"][0]
    assert (reason["column"], reason["proposal"]) == ("展厅面积", None)
    assert reason["zh"].startswith("「…」"), "the sentence, with dots for what it quotes"
    for cell in ("13800000000", "200-300", HOSTILE):
        assert cell not in str(body["held_back"][0]), "cells may hold what is not public"
    codes = {row["code"] for row in body["doubtful"]}
    assert {"area_unknown", "township_disagreement", "position_missing"} <= codes
    assert body["doubtful_count"] == len(body["doubtful"])


def test_wrong_parameters_are_told(store: Store) -> None:
    with TestClient(create_app(store, Settings())) as client:
        answer = client.get("/quality", params={"on": "yesterday"})
    assert answer.status_code == 400


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_lists_them_to_the_letter(
    store: Store, served_at: Any, watched: Any, lang: str
) -> None:
    with served_at(store, Settings()) as served:
        page = watched.open(f"{served.url}/?on=2025-12-31&lang={lang}")
        section = page.locator("#quality")
        cells = section.locator("details").first.locator("td").all_inner_texts()
        assert section.locator("summary b").first.inner_text() == "2"
        assert cells[0] == (
            "城南.xlsx · 台账 · 第7行" if lang == "zh" else "城南.xlsx · 台账 · row 7"
        )
        assert HOSTILE in cells[4]
        section.locator("summary").nth(1).click()
        assert section.locator("details").nth(1).locator("td").first.is_visible()
        section.scroll_into_view_if_needed()
        watched.shoot(f"quality-{lang}")
        watched.check()


def test_a_district_without_trouble_says_so(served_toy: Any, watched: Any) -> None:
    page = watched.open(f"{served_toy.url}/?on=2025-12-31")
    assert "没有待改的行" in page.locator("#quality").text_content()
    watched.check()
