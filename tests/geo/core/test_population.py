import pandas as pd
import pytest

from geo.core.district import DistrictData
from geo.core.errors import ScenarioError
from geo.core.population import chosen_denominator, denominators, residents


def _residents(toy: DistrictData, rows: pd.DataFrame | None = None, name: str = "resident-2020"):  # type: ignore[no-untyped-def]
    table = toy.population if rows is None else rows
    return residents(
        table, name, district_code=toy.district_code, township_codes=toy.townships.index
    )


def test_the_district_has_its_own_number(toy: DistrictData) -> None:
    people = _residents(toy)
    assert people.district == 35_000
    assert people.by_township.tolist() == [20_000, 10_000, 5_000, 0]
    assert people.unaccounted == 0
    assert people.title() == "常住人口 2020年"
    assert people.title("en") == "Resident population 2020"


def test_without_its_own_row_the_district_is_the_sum(toy: DistrictData) -> None:
    rows = toy.population[toy.population["division_code"] != toy.district_code]
    assert _residents(toy, rows).district == 35_000


def test_a_township_without_a_row_is_unknown_and_not_zero(toy: DistrictData) -> None:
    rows = toy.population[toy.population["division_code"] != "430599101"]
    people = _residents(toy, rows)
    assert people.by_township.isna().tolist() == [False, False, True, False]
    assert people.district == 35_000
    assert people.unaccounted == 0, "an unknown township is no contradiction"


def test_sums_that_differ_are_told(toy: DistrictData) -> None:
    rows = toy.population.copy()
    rows.loc[rows["division_code"] == toy.district_code, "population"] = 35_100
    assert _residents(toy, rows).unaccounted == 100


def test_an_unknown_denominator_names_those_there_are(toy: DistrictData) -> None:
    with pytest.raises(ScenarioError) as caught:
        _residents(toy, name="registered-1999")
    assert caught.value.zh == "数据中没有人口口径 registered-1999；现有：resident-2020。"


def test_denominators_name_kind_and_year(toy: DistrictData) -> None:
    assert set(denominators(toy.population)) == {"resident-2020"}


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        ([("resident", 2020, "census"), ("resident", 2023, "reported")], "resident-2020"),
        ([("resident", 2010, "census"), ("resident", 2020, "census")], "resident-2020"),
        ([("resident", 2021, "reported"), ("resident", 2023, "reported")], "resident-2023"),
        ([("registered", 2024, "official"), ("resident", 2015, "estimate")], "resident-2015"),
        ([("registered", 2024, "official")], "registered-2024"),
    ],
)
def test_auto_is_the_latest_census_else_the_latest(
    rows: list[tuple[str, int, str]], chosen: str
) -> None:
    table = pd.DataFrame(rows, columns=["population_kind", "year", "quality"])
    for own in ("430599", "430599001"):
        found = chosen_denominator(table.assign(division_code=own), "auto", district_code="430599")
        assert found == chosen
    assert chosen_denominator(table, "resident-1999", district_code="430599") == "resident-1999"


def test_auto_without_any_population_says_that_there_is_none(toy: DistrictData) -> None:
    with pytest.raises(ScenarioError, match="kepu load population"):
        _residents(toy, toy.population.iloc[:0], "auto")
