"""What is refused, and that a message says what to do and nothing of the inside."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from geo.core.errors import QueryError, TableError
from geo.publish.cql2 import CONFORMANCE, FilterLang, Queryable, parse_filter
from geo.publish.cql2.text import is_of_the_parser

TEXT, JSON = FilterLang.TEXT, FilterLang.JSON


def refusal(text: str, queryables: Mapping[str, Queryable], lang: FilterLang = TEXT) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse_filter(text, lang, queryables)
    return caught.value


def test_an_unknown_property_and_one_not_released_read_alike(
    queryables: Mapping[str, Queryable],
) -> None:
    unknown = refusal("contact = '1'", {"name": queryables["name"]})
    unreleased = refusal("kind = '1'", {"name": queryables["name"]})
    assert unknown.en == "filter: contact is no queryable; there are: name."
    assert unreleased.en == unknown.en.replace("contact", "kind")
    assert unreleased.zh == unknown.zh.replace("contact", "kind")


def test_a_long_name_is_cut(queryables: Mapping[str, Queryable]) -> None:
    fault = refusal("x" * 500 + " = 1", queryables)
    assert "x" * 64 in fault.en
    assert "x" * 65 not in fault.en


@pytest.mark.parametrize(
    ("text", "en"),
    [
        ("name = 5", "name (text) cannot be compared with a number"),
        ("5 < name", "a number cannot be compared with name (text)"),
        ("area_m2 = '5'", "area_m2 (number) cannot be compared with a text"),
        ("area_m2 IN (1, '5')", "area_m2 (number) cannot be compared with a text"),
        ("area_m2 BETWEEN 1 AND 'x'", "area_m2 (number) cannot be compared with a text"),
        ("free = 1", "free (boolean) cannot be compared with a number"),
        ("opened_on > 2020", "opened_on (date) cannot be compared with a number"),
        ("opened_on > name", "opened_on (date) cannot be compared with name (text)"),
        ("opened_on > 'soon'", "soon is no date"),
        ("opened_on > DATE('2023-02-29')", "2023-02-29 is no date"),
        ("opened_on > DATE('20230228')", "20230228 is no date"),
        ("opened_on > TIMESTAMP('2023-02-28')", "2023-02-28 is no date"),
        ("opened_on > TIMESTAMP('9999-12-31T23:59:59-23:59')", "is no date"),
        ("geometry = geometry", "geometry (geometry) cannot be compared"),
        ("titles = titles", "titles (list) cannot be compared"),
        ("name", "name (text) in place of boolean"),
        ("area_m2 + name = 1", "name (text) in place of number"),
        ("area_m2 LIKE '5%'", "area_m2 (number) in place of text"),
        ("name LIKE alias", "LIKE takes a quoted text"),
        ("CASEI(area_m2) = 'x'", "area_m2 (number) in place of text"),
        ("S_INTERSECTS(name, POINT(1 1))", "name (text) in place of geometry"),
        ("T_AFTER(name, DATE('2020-01-01'))", "name (text) in place of date"),
        ("T_DURING(opened_on, INTERVAL('2020-01-01', '..'))", "T_DURING is between two INTERVALs"),
        ("T_AFTER(opened_on, INTERVAL('2021-01-01', '2020-01-01'))", "starts after its end"),
        ("A_OVERLAPS(name, ('x'))", "name (text) in place of list"),
        ("A_OVERLAPS(titles, (1, 2))", "a number in place of text"),
        ("A_OVERLAPS(titles, (name, 'x'))", "An array holds quoted texts"),
        ("name = NULL", "write IS NULL"),
        ("name = ('a', 'b')", "An array cannot stand here"),
        ("avg(area_m2) = 1", "There is no function avg"),
        ("area_m2 = 1e400", "too large"),
        ("area_m2 = -1e400", "too large"),
        ("-area_m2 ^ 2 = 1", "ambiguous"),
        ("area_m2 + 1", "+ makes a value"),
        ("name = 'x' AND", "from character 15 on"),
        ("(name = 'x' AND (free = ! true))", "from character 25 on"),
        ("name = 'x", "from character 8 on"),
        ("(free", "from character 1 on"),
        ("free)", "from character 5 on"),
        ("", "This is not CQL2"),
        ("(" * 21 + "free" + ")" * 21, "More than 20 levels"),
        ("NOT " * 21 + "free = true", "More than 20 levels"),
        (" AND ".join(["name LIKE 'x'"] * 17), "At most 16 of LIKE"),
        ("name LIKE '" + "%a" * 65 + "'", "At most 64 of %"),
        ("name = '" + "馆" * 700 + "'", "At most 2048 bytes"),
        ("name = '\x00'", "control characters"),
        ("name = '\ud800'", "no characters"),
        ("DATE('2020-01-01', 'x') = opened_on", "from character 18 on"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_taken_says_why(
    text: str, en: str, queryables: Mapping[str, Queryable]
) -> None:
    fault = refusal(text, queryables)
    assert en in fault.en
    assert fault.zh.startswith("filter：")
    assert len(fault.en) < 250
    assert "-->" not in fault.en + fault.zh


@pytest.mark.parametrize(
    ("form", "en"),
    [
        ('{"op": "=", "args": [{"property": "area_m2"}, 1e400]}', "too large"),
        ('{"op": "=", "args": [{"property": "area_m2"}, NaN]}', "NaN is no number of JSON"),
        ('{"op": "=", "args": [{"property": "area_m2"}, -Infinity]}', "no number of JSON"),
        (f'{{"op": "=", "args": [{{"property": "area_m2"}}, 1{"0" * 400}]}}', "too large"),
        ('{"op": "=", "op": "<", "args": [1, 2]}', "stands twice"),
        ('{"op": "=", "args": [1, 2], "x": 1}', "alone"),
        ('{"op": "=", "args": [1]}', "= has a wrong number of arguments"),
        ('{"op": "and", "args": [true]}', "and has a wrong number of arguments"),
        ('{"op": "=", "args": {}}', "args is an array"),
        ('{"op": 1, "args": []}', "An op is a name"),
        ('{"op": "in", "args": [{"property": "name"}, []]}', "IN takes a list of values"),
        ('{"op": "in", "args": [{"property": "name"}, "x"]}', "IN takes a list of values"),
        ('{"property": "name", "x": 1}', "not of CQL2"),
        ('{"property": 1}', "not of CQL2"),
        ('{"date": 1}', "is no date"),
        ('{"interval": ["..", ".."]}', "not of CQL2"),
        ('{"op": "t_after", "args": [{"interval": [1]}, {"date": "2020-01-01"}]}', "a start and"),
        ("{}", "not of CQL2"),
        ("[]", "An array cannot stand here"),
        ("null", "write IS NULL"),
        ('{"op"', "from character 6 on"),
        ("", "This is not CQL2"),
        ("[" * 60 + "]" * 60, "More than 20 levels"),
        ('{"op":"not","args":[' * 22 + "true" + "]}" * 22, "More than 20 levels"),
    ],
)  # fmt: skip
def test_json_that_cannot_be_taken_says_why(
    form: str, en: str, queryables: Mapping[str, Queryable]
) -> None:
    assert en in refusal(form, queryables, JSON).en


def test_half_a_surrogate_in_json_is_never_repeated(queryables: Mapping[str, Queryable]) -> None:
    fault = refusal('{"op": "\\ud800", "args": []}', queryables, JSON)
    assert fault.en.encode()
    asked = parse_filter(
        json.dumps({"op": "=", "args": [{"property": "name"}, "\ud800"]}), JSON, queryables
    )
    assert asked.mask({"name": np.array(["x"], dtype=object)}).tolist() == [False]


def test_a_value_outside_of_the_vocabulary_matches_nothing(
    queryables: Mapping[str, Queryable], columns: Mapping[str, pd.Series]
) -> None:
    assert not parse_filter("kind = 'casino'", TEXT, queryables).mask(columns).any()


def test_a_missing_column_is_a_fault_of_the_caller(queryables: Mapping[str, Queryable]) -> None:
    with pytest.raises(TableError, match="area_m2"):
        parse_filter("area_m2 > 1", TEXT, queryables).mask({"name": pd.Series(["x"])})


def test_the_frame_is_left_as_it_was(
    queryables: Mapping[str, Queryable], columns: Mapping[str, pd.Series]
) -> None:
    before = {name: column.copy() for name, column in columns.items()}
    parse_filter("CASEI(name) = 'x' OR people > 1 OR titles IS NULL", TEXT, queryables).mask(
        columns
    )
    for name, column in before.items():
        pd.testing.assert_series_equal(column, columns[name])


def test_only_what_the_parser_raises_is_taken_for_a_refusal() -> None:
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    assert is_of_the_parser(panic("index out of bounds"))
    assert not any(
        is_of_the_parser(each) for each in (KeyboardInterrupt(), MemoryError(), ValueError())
    )


def test_conformance_names_classes_of_the_standard() -> None:
    assert len(set(CONFORMANCE)) == len(CONFORMANCE)
    assert all(
        each.startswith("http://www.opengis.net/spec/cql2/1.0/conf/") for each in CONFORMANCE
    )
