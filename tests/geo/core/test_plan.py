"""The plan's commitments come from a file, and faults in it are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.core.errors import ScenarioError
from geo.core.plan import Measure, load_plan

PLAN = """
title_zh = "某县方案"
title_en = "A county's plan"
source = "某政发〔2021〕1号"
district_code = "430599"
first_year = 2021
last_year = 2023
[[commitments]]
commitment_id = "halls"
zh = "展厅"
en = "Halls"
unit_zh = "个"
unit_en = "sites"
measure = "facilities"
kinds = ["exhibition_hall"]
"""


def test_the_shipped_plan_has_the_figures_of_the_document() -> None:
    plan = load_plan()
    targets = {one.commitment_id: one.target for one in plan.commitments if one.target}
    assert targets == {
        "area_per_10k": 160, "agri_demo_bases": 10, "youth_bases": 10, "emergency_base": 1,
        "schools": 100, "villages": 100, "literate_residents": 15, "health_literacy": 25,
        "counsellors": 20, "farmers_training": 2_000, "rural_leaders": 200, "enterprises": 10,
    }  # fmt: skip
    assert plan.years == (2021, 2022, 2023, 2024, 2025)
    assert all(one.measure is Measure.BY_HAND for one in plan.by_hand)


def test_another_district_brings_its_own(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    plan = load_plan(path)
    assert plan.years == (2021, 2022, 2023)
    assert plan.commitments[0].target is None
    assert plan.by_hand == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kinds = ["exhibition_hall"]', "", "须有 kinds"),
        ('["exhibition_hall"]', '["castle"]', "kinds"),
        ("last_year = 2023", "last_year = 2020", "年份"),
        ('"halls"', '"Halls!"', "commitment_id"),
        ("title_zh", "title_xx", "title_xx"),
        ("last_year = 2023", "last_year = ", "TOML"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError, match=told) as raised:
        load_plan(path)
    assert "plan.toml" in str(raised.value)


def test_an_id_that_stands_twice_and_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN + PLAN[PLAN.index("[[") :], encoding="utf-8")
    with pytest.raises(ScenarioError, match="重复"):
        load_plan(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="UTF-8"):
        load_plan(path)
    path.write_bytes(b"#" * 300_000)
    with pytest.raises(ScenarioError, match="200 KB"):
        load_plan(path)
    with pytest.raises(ScenarioError, match="读不到"):
        load_plan(tmp_path / "none.toml")
