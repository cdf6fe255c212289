from datetime import date
from pathlib import Path

import pytest

from geo.core.errors import ScenarioError
from geo.core.scenario import Scenario, load_scenario
from geo.core.vocabulary import Kind, Settlement

ON = date(2025, 12, 31)


def _file(folder: Path, text: str) -> Path:
    path = folder / "情景.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_holds_only_what_differs(tmp_path: Path) -> None:
    path = _file(tmp_path, 'caliber = "C"\non = 2024-06-30\n')
    scenario = load_scenario(path, on=ON)
    assert (scenario.caliber, scenario.on) == ("C", date(2024, 6, 30))
    assert scenario.target_area_per_10k_m2 == 160
    assert load_scenario(path, on=ON, caliber="A").caliber == "A", "a single choice holds"


def test_limits_in_metres_and_in_minutes() -> None:
    scenario = load_scenario(on=ON)
    assert scenario.limit_m(Kind.LIBRARY, Settlement.URBAN) == 1_000
    by_car = 30 / 60 * 30 * 1_000 / 1.3
    assert scenario.limit_m(Kind.EMERGENCY_BASE, Settlement.RURAL) == pytest.approx(by_car)
    assert scenario.limit_m(Kind.SCHOOL, Settlement.URBAN) is None


def test_the_digest_changes_with_every_choice() -> None:
    scenario = load_scenario(on=ON)
    others = [
        scenario.changed(on=date(2024, 12, 31)),
        scenario.changed(caliber="A"),
        scenario.changed(detour_factor=1.4),
        scenario.changed(standards=[]),
    ]
    assert len({scenario.digest, *(other.digest for other in others)}) == 5
    assert scenario.changed(caliber="B").digest == scenario.digest
    assert hash(scenario) == hash(scenario.changed(caliber="B"))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("caliber = ", "不是有效的 TOML"),
        ('caliber = "D"', "caliber"),
        ("radius = 3", "radius"),
        ("target_area_per_10k_m2 = 0", "target_area_per_10k_m2"),
        ("target_area_per_10k_m2 = nan", "target_area_per_10k_m2"),
        ("detour_factor = 0.5", "detour_factor"),
        ('denominator = "resident"', "denominator"),
        ("on = 1999-12-31", "on"),
        ("[speeds_km_per_h]\nfoot = 0\ne_bicycle = 1\ncar = 1", "speeds_km_per_h.foot"),
        ('[[standards]]\nkinds = ["library"]\nsettlement = "urban"\nmode = "foot"', "standards"),
        ('[[standards]]\nkinds = ["gym"]\nsettlement = "urban"\nmode = "foot"\nminutes = 1',
         "standards.0.kinds.0"),
        ('[[standards]]\nkinds = ["library", "library"]\nsettlement = "urban"\nmode = "foot"\n'
         "minutes = 1", "library (urban) 有两条标准"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(_file(tmp_path, text), on=ON)
    assert part in str(caught.value)
    assert str(caught.value).startswith("情景.toml：")


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="读不到"):
        load_scenario(tmp_path / "nowhere.toml", on=ON)
    with pytest.raises(ScenarioError, match="读不到"):
        load_scenario(tmp_path, on=ON)
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ScenarioError, match="1 MB"):
        load_scenario(large, on=ON)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="UTF-8"):
        load_scenario(binary, on=ON)


def test_a_scenario_cannot_be_changed_in_place() -> None:
    scenario: Scenario = load_scenario(on=ON)
    with pytest.raises(ValueError, match="frozen"):
        scenario.caliber = "A"  # type: ignore[assignment]
