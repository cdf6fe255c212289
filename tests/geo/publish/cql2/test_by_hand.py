"""Each operator, against rows that were counted by hand; each form of it, against the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import cql2
import pytest

from geo.publish.cql2 import FilterLang, Queryable, parse_filter

Matching = Callable[..., list[int]]

BY_HAND = [
    ("true", [0, 1, 2, 3, 4]),
    ("false", []),
    ("free", [0, 3]),
    ("NOT free", [1, 4]),
    ("free = true", [0, 3]),
    ("free <> true", [1, 4]),
    ("free < true", [1, 4]),
    ("name = '大祥科技馆'", [0]),
    ("name <> '大祥科技馆'", [1, 2, 4]),
    ("NOT name = '大祥科技馆'", [1, 2, 4]),
    ("name = 'O''Neil_园'", [4]),
    ("name > '区'", [0, 1]),
    ("name = alias", [0]),
    ("'书苑' = alias", [1]),
    ("\"name\" = 'Straße 5%'", [2]),
    ("kind = 'planetarium'", []),
    ("kind <> 'planetarium'", [0, 1, 2, 3]),
    ("area_m2 = 500", [0]),
    ("area_m2 >= 80.5", [0, 3, 4]),
    ("area_m2 < 1.605E2", [1, 3, 4]),
    ("0 = area_m2", [1]),
    ("area_m2 = floor_m2", [1, 4]),
    ("area_m2 <> floor_m2", [0]),
    ("people > -5 AND people <= 3", [0, 3, 4]),
    ("people IS NULL", [1]),
    ("people IS NOT NULL", [0, 2, 3, 4]),
    ("name IS NULL", [3]),
    ("free IS NULL", [2]),
    ("opened_on IS NULL", [2]),
    ("geometry IS NULL", [2]),
    ("titles IS NULL", [2]),
    ("(area_m2 > 100) IS NULL", [2]),
    ("area_m2 > 100 OR name IS NULL", [0, 3]),
    ("area_m2 > 100 OR people = 10", [0, 2, 3]),
    ("NOT (area_m2 > 100 OR people = 10)", [4]),
    ("NOT (area_m2 > 100 AND people = 10)", [0, 1, 3, 4]),
    ("area_m2 BETWEEN 80.5 AND 160", [3, 4]),
    ("area_m2 NOT BETWEEN 80.5 AND 160", [0, 1]),
    ("area_m2 BETWEEN 100 AND 1", []),
    ("opened_on BETWEEN DATE('2021-01-01') AND '2022-01-01'", [0, 1]),
    ("kind IN ('library', 'zoo')", [1, 2]),
    ("kind NOT IN ('library', 'zoo')", [0, 3]),
    ("people IN (3, 10.0, 1 + 1)", [0, 2]),
    ("people NOT IN (3)", [2, 3, 4]),
    ("free IN (true)", [0, 3]),
    ("opened_on IN (DATE('2021-05-01'), '2022-01-01')", [0, 1]),
    ("area_m2 IN (floor_m2, 160)", [1, 3, 4]),
    ("name LIKE '%馆'", [0, 1]),
    ("name NOT LIKE '%馆'", [2, 4]),
    ("name LIKE '_图%'", [1]),
    ("name LIKE '%5\\%'", [2]),
    ("name LIKE '%\\_%'", [4]),
    ("name LIKE ''", []),
    ("name LIKE '%'", [0, 1, 2, 4]),
    ("CASEI(name) = CASEI('STRASSE 5%')", [2]),
    ("CASEI(name) = CASEI(alias)", [0, 2]),
    ("CASEI(alias) LIKE CASEI('StR%')", [2]),
    ("CASEI(kind) IN (CASEI('PARK'), CASEI('Hall'))", [0, 3]),
    ("ACCENTI(kind) = ACCENTI('párk')", [3]),
    ("opened_on = DATE('2022-01-01')", [1]),
    ("opened_on = '2022-01-01'", [1]),
    ("'2022-01-01' < opened_on", [3]),
    ("opened_on > DATE('2021-05-01')", [1, 3]),
    ("opened_on <= TIMESTAMP('2021-05-01T00:00:00Z')", [0, 4]),
    ("opened_on < TIMESTAMP('2021-05-01T08:00:01+08:00')", [0, 4]),
    ("opened_on < closed_on", [1, 3]),
    ("opened_on = closed_on", [4]),
    ("DATE('2024-01-01') = TIMESTAMP('2024-01-01T00:00:00Z')", [0, 1, 2, 3, 4]),
    ("area_m2 * 2 = floor_m2", [0, 1]),
    ("area_m2 / floor_m2 = 1", [4]),
    ("area_m2 / floor_m2 IS NULL", [1, 2, 3]),
    ("people % 4 = 3", [0]),
    ("people div 4 = 2", [2]),
    ("people div 3 = -1", [4]),
    ("-people = 4", [4]),
    ("people - 1 - 1 = 1", [0]),
    ("people = 2 ^ 3 ^ 0 + 1", [0]),
    ("people = (2 ^ 3) ^ 1 + 2", [2]),
    ("people = 1 + 2 * 1", [0]),
    ("people = (1 + 2) * 1", [0]),
    ("people = 1038290 - 1038280", [2]),
    ("A_CONTAINS(titles, ('科普基地'))", [0, 3]),
    ("A_EQUALS(titles, ('文明实践站', '科普基地'))", [0]),
    ("A_CONTAINEDBY(titles, ('科普基地', '书苑'))", [1, 3, 4]),
    ("A_OVERLAPS(titles, ('书苑', '文明实践站'))", [0, 4]),
    ("NOT A_OVERLAPS(titles, ('书苑', '文明实践站'))", [1, 3]),
    ("(free = true) = (area_m2 > 400)", [0, 1, 4]),
    ("area_m2 > 100\n  AND\tfree", [0, 3]),
    ("((((((((((((((((((((free))))))))))))))))))))", [0, 3]),
    ("NOT " * 20 + "free = true", [0, 3]),
    ("free AND (NOT (kind = 'hall' OR (people = 0 AND (area_m2 < 160))))", [3]),
    ("S_INTERSECTS(geometry, POINT(111.5 27.2))", [0, 3, 4]),
    ("S_INTERSECTS(geometry, BBOX(111.39, 26.9, 111.41, 27.1))", [1]),
    ("S_DISJOINT(geometry, BBOX(111.39, 26.9, 111.41, 27.1))", [0, 3, 4]),
    ("S_CROSSES(geometry, BBOX(111.45, 27.15, 111.55, 27.25))", [4]),
    ("S_INTERSECTS(geometry, geometry)", [0, 1, 3, 4]),
    ("S_TOUCHES(geometry, geometry)", []),
    ("S_WITHIN(POINT(1 1), BBOX(0, 0, 2, 2))", [0, 1, 2, 3, 4]),
    ("T_AFTER(opened_on, DATE('2021-12-31'))", [1, 3]),
    ("T_BEFORE(opened_on, INTERVAL('2021-01-01', '2021-12-31'))", [4]),
    ("T_DISJOINT(opened_on, INTERVAL('2021-01-01', '..'))", [4]),
    ("T_EQUALS(opened_on, INTERVAL('2022-01-01', '2022-01-01'))", [1]),
    ("T_INTERSECTS(INTERVAL(opened_on, closed_on), INTERVAL('2022-06-01', '2024-02-29'))", [1, 3]),
    ("T_DURING(INTERVAL(opened_on, closed_on), INTERVAL('2021-12-31', '2023-01-02'))", [1]),
    ("T_CONTAINS(INTERVAL(opened_on, closed_on), INTERVAL('2022-03-01', '2022-04-01'))", [1]),
    ("T_FINISHES(INTERVAL(opened_on, closed_on), INTERVAL('2020-01-01', '2025-01-01'))", [3]),
    ("T_FINISHEDBY(INTERVAL(opened_on, closed_on), INTERVAL('2022-01-02', '2023-01-01'))", [1]),
    ("T_MEETS(INTERVAL(opened_on, closed_on), INTERVAL('2023-01-01', '2023-02-01'))", [1]),
    ("T_METBY(INTERVAL(opened_on, closed_on), INTERVAL('2021-01-01', '2022-01-01'))", [1]),
    ("T_OVERLAPS(INTERVAL(opened_on, closed_on), INTERVAL('2022-06-01', '2026-01-01'))", [1]),
    ("T_OVERLAPPEDBY(INTERVAL(opened_on, closed_on), INTERVAL('2021-01-01', '2022-06-01'))", [1]),
    ("T_STARTS(INTERVAL(opened_on, closed_on), INTERVAL('2022-01-01', '2023-01-02'))", [1]),
    ("T_STARTEDBY(INTERVAL(opened_on, closed_on), INTERVAL('2022-01-01', '2022-01-02'))", [1]),
]


@pytest.mark.parametrize(("text", "rows"), BY_HAND, ids=[text[:60] for text, _ in BY_HAND])
def test_a_filter_matches_the_rows_counted_by_hand(
    text: str, rows: list[int], matching: Matching
) -> None:
    assert matching(text) == rows


# The package associates powers to the left, so that its own form of these says another thing.
BY_JSON = [(text, rows) for text, rows in BY_HAND if "^ 3 ^" not in text]


@pytest.mark.parametrize(("text", "rows"), BY_JSON, ids=[text[:60] for text, _ in BY_JSON])
def test_its_json_form_matches_the_same(text: str, rows: list[int], matching: Matching) -> None:
    form = json.dumps(cql2.parse_text(text).to_json(), ensure_ascii=False)
    assert matching(form, FilterLang.JSON) == rows


def test_the_properties_used_are_known(queryables: Mapping[str, Queryable]) -> None:
    asked = parse_filter("area_m2 > 1 AND NOT (CASEI(name) = 'x')", FilterLang.TEXT, queryables)
    assert asked.properties == {"area_m2", "name"}
