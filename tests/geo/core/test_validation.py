"""What pydantic finds is said in the language asked for, with the value's name."""

from __future__ import annotations

from datetime import date

import pytest

from geo.core.errors import ScenarioError
from geo.core.scenario import load_scenario

ON = date(2025, 12, 31)


@pytest.mark.parametrize(
    ("choices", "zh", "en"),
    [
        ({"caliber": "Z"}, "caliber 只能是 A, B 或 C", "caliber must be A, B or C"),
        ({"denominator": "foo"}, "denominator 写法不对，例如 resident-2020", "as resident-2020"),
        ({"on": date(1999, 1, 1)}, "on 不能小于（早于） 2000-01-01", "on must not be below"),
        ({"detour_factor": "x"}, "detour_factor 必须是数字", "must be a number"),
        ({"detour_factor": 9}, "detour_factor 不能大于（晚于） 5", "must not be above 5"),
        ({"colour": 1}, "colour 没有这一项", "colour is not known"),
        ({"name": ""}, "name 字数不能少于 1", "must not be shorter than 1"),
        ({"speeds_km_per_h": {}}, "speeds_km_per_h.foot 缺少这一项", "foot is missing"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_both_languages(choices: dict[str, object], zh: str, en: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(**({"on": ON} | choices))  # type: ignore[arg-type]
    assert zh in caught.value.message("zh")
    assert en in caught.value.message("en")


def test_all_faults_are_told_up_to_five() -> None:
    unknown = dict.fromkeys("abcdefg", 1)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(on=ON, **unknown)
    assert caught.value.message("zh").count("没有这一项") == 5
    assert "另有 2 处" in caught.value.message("zh")
    assert "2 more" in caught.value.message("en")
