"""Any filter against a naive evaluator that goes row by row and knows None."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.publish.cql2 import FilterLang, Queryable, parse_filter

QUERYABLES: Mapping[str, Queryable] = {
    "n": Queryable("n", "real", "数", "Number"),
    "m": Queryable("m", "integer", "数", "Number"),
    "s": Queryable("s", "text", "文", "Text"),
    "t": Queryable("t", "text", "文", "Text"),
    "b": Queryable("b", "boolean", "否", "Boolean"),
    "d": Queryable("d", "date", "日", "Date"),
}

numbers = st.sampled_from([-2.0, 0.0, 1.0, 2.5])
texts = st.text("a馆B%_\\", max_size=4)
days = st.sampled_from(["2020-02-29", "2021-01-01", "2022-12-31"])


def op(name: str, *arguments: Any) -> dict[str, Any]:
    return {"op": name, "args": list(arguments)}


def named(*names: str) -> st.SearchStrategy[dict[str, str]]:
    return st.sampled_from([{"property": name} for name in names])


number_operands = st.recursive(
    numbers | named("n", "m"),
    lambda inner: st.builds(op, st.sampled_from(["+", "-", "*", "/", "%", "div"]), inner, inner),
    max_leaves=4,
)
text_operands = texts | named("s", "t")
day_operands = st.builds(lambda day: {"date": day}, days) | named("d")
comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
leaves = st.one_of(
    st.booleans(),
    named("b"),
    st.builds(op, comparisons, number_operands, number_operands),
    st.builds(op, comparisons, text_operands, text_operands),
    st.builds(op, comparisons, day_operands, day_operands),
    st.builds(op, st.just("between"), number_operands, number_operands, number_operands),
    st.builds(op, st.just("in"), text_operands, st.lists(text_operands, min_size=1, max_size=3)),
    st.builds(op, st.just("in"), number_operands, st.lists(numbers, min_size=1, max_size=3)),
    st.builds(op, st.just("like"), text_operands, texts),
    st.builds(op, st.just("isNull"), st.one_of(number_operands, text_operands, day_operands)),
)
filters = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(op, st.just("not"), inner),
        st.builds(lambda args: op("and", *args), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda args: op("or", *args), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.none() | numbers,
            "m": st.none() | st.integers(-2, 2),
            "s": st.none() | texts,
            "t": st.none() | texts,
            "b": st.none() | st.booleans(),
            "d": st.none() | days,
        }
    ),
    min_size=1,
    max_size=4,
)


def naive(tree: Any, row: dict[str, Any]) -> Any:
    """The value of a tree in one row; None is unknown."""
    if not isinstance(tree, dict):
        return tree
    if "op" not in tree:
        return row[tree["property"]] if "property" in tree else tree["date"]
    name, arguments = tree["op"], tree["args"]
    if name == "in":
        equals = [op("=", arguments[0], each) for each in arguments[1]]
        return naive(op("or", *equals), row)
    if name == "between":
        value, low, high = arguments
        return naive(op("and", op(">=", value, low), op("<=", value, high)), row)
    return decided(name, [naive(each, row) for each in arguments])


def decided(name: str, values: list[Any]) -> Any:
    if name == "isNull":
        return values[0] is None
    if name in {"and", "or"}:
        decisive = name == "or"
        return decisive if decisive in values else None if None in values else not decisive
    return None if None in values else NAIVE[name](*values)


def matches(text: str, pattern: str) -> bool:
    """LIKE, by recursion over the pattern as it is defined."""
    if not pattern:
        return not text
    if pattern[0] == "\\" and len(pattern) > 1:
        return text[:1] == pattern[1] and matches(text[1:], pattern[2:])
    if pattern[0] == "%":
        return any(matches(text[at:], pattern[1:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in {"_", text[0]} and matches(text[1:], pattern[1:])


def cut(a: float, b: float) -> float:
    return float(int(a / b))


NAIVE: Mapping[str, Callable[..., Any]] = {
    "not": lambda a: not a,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "like": matches,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else None,
    "div": lambda a, b: cut(a, b) if b else None,
    "%": lambda a, b: a - b * cut(a, b) if b else None,
}


def frame(given_rows: list[dict[str, Any]]) -> dict[str, pd.Series]:
    table = {name: [row[name] for row in given_rows] for name in QUERYABLES}
    return {
        "n": pd.Series(table["n"], dtype="float64"),
        "m": pd.Series(table["m"], dtype="Int64"),
        "s": pd.Series(table["s"], dtype="str"),
        "t": pd.Series(table["t"], dtype=object),
        "b": pd.Series(table["b"], dtype="boolean"),
        "d": pd.Series(pd.to_datetime(pd.Series(table["d"], dtype=object))).astype("datetime64[s]"),
    }


@settings(max_examples=150, deadline=None)
@given(tree=filters, given_rows=rows)
def test_a_mask_is_what_a_naive_evaluator_says(tree: Any, given_rows: list[dict[str, Any]]) -> None:
    asked = parse_filter(json.dumps(tree), FilterLang.JSON, QUERYABLES)
    mask = asked.mask(frame(given_rows))
    assert mask.tolist() == [naive(tree, row) is True for row in given_rows]


@settings(max_examples=100, deadline=None)
@given(tree=filters, given_rows=rows)
def test_text_says_the_same_as_json(tree: Any, given_rows: list[dict[str, Any]]) -> None:
    text = written(tree)
    columns = frame(given_rows)
    mask = parse_filter(text, FilterLang.TEXT, QUERYABLES).mask(columns)
    assert mask.tolist() == [naive(tree, row) is True for row in given_rows]


def written(tree: Any) -> str:
    """A tree as CQL2 text with every parenthesis."""
    if isinstance(tree, dict) and "op" in tree:
        return operated(tree["op"], tree["args"])
    if isinstance(tree, dict):
        return tree.get("property") or f"DATE('{tree['date']}')"
    if isinstance(tree, str):
        return "'" + tree.replace("'", "''") + "'"
    return str(tree).lower()


def operated(name: str, arguments: list[Any]) -> str:
    if name == "in":
        return f"{written(arguments[0])} IN ({', '.join(map(written, arguments[1]))})"
    parts = [written(each) for each in arguments]
    form = {"isNull": "({}) IS NULL", "not": "NOT ({})", "between": "{} BETWEEN {} AND {}"}
    if name in form:
        return form[name].format(*parts)
    return "(" + f" {name.upper()} ".join(f"({part})" for part in parts) + ")"
