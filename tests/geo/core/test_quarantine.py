from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError, Place, Proposal
from geo.core.quarantine import (
    MAX_CELL,
    MAX_REASONS,
    MAX_ROW,
    HoldReason,
    QuarantinedRow,
    cut,
    quarantined,
)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=8))
def test_cells_are_kept_to_the_letter(cells: dict[str, str]) -> None:
    text = QuarantinedRow("a.xlsx", None, 2, cells).cells_json()
    kept = {cut(k, 99): cut(v, 99) for k, v in cells.items()}
    assert json.loads(text) == kept
    text.encode()  # half a character would be refused by the store


def test_what_is_too_long_says_so() -> None:
    row = QuarantinedRow("a.xlsx", None, 2, {"x": "长" * 40_000})
    kept = json.loads(row.cells_json())["x"]
    assert len(kept) == MAX_CELL
    assert kept.endswith("长…")


def test_a_row_is_bounded_as_a_whole() -> None:
    row = QuarantinedRow("a.xlsx", None, 2, {f"{n}": "x" * 40_000 for n in range(5_000)})
    assert sum(map(len, json.loads(row.cells_json()).values())) <= MAX_ROW
    reasons = tuple(HoldReason("c", "错" * 9_000, "e" * 9_000, "列" * 90_000) for _ in range(300))
    many = json.loads(QuarantinedRow("a", None, 2, {}, reasons).reasons_json())
    assert len(many) == MAX_REASONS
    assert len(many[0]["zh"]) == 2_000


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("abcd", 1, "…"),
        ("abcd", 0, ""),
        ("a\ud800", 9, "a�"),
    ],
)
def test_cut(text: str, length: int, expected: str) -> None:
    assert cut(text, length) == expected


def test_faults_become_reasons() -> None:
    fault = BadValueError(zh="错。", en="Wrong.", place=Place(file="a", row=3, column="面积"))
    fault.code, fault.proposal = "bad_area", Proposal("200", 0.9)
    row = quarantined(
        Place(file="a", sheet="表", row=3), {"面积": "二百"}, (fault,), facility_id="P"
    )
    assert row.reasons == (HoldReason("bad_area", "错。", "Wrong.", "面积", "200", 0.9),)
    assert (row.source_file, row.source_sheet, row.source_row, row.facility_id) == (
        "a", "表", 3, "P"
    )  # fmt: skip
    bare = quarantined(Place(file="a", row=3), {}, (BadValueError(zh="错。", en="Wrong."),))
    assert bare.reasons[0].column is None
    for place in (Place(file="a"), Place(row=3)):
        with pytest.raises(ValueError, match="file and row"):
            quarantined(place, {}, ())
