from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import Place, UnknownDivisionError
from geo.intake.divisions.assignment import match_division, match_divisions
from geo.intake.divisions.register import find_division, find_divisions

TOWNSHIPS = {
    "430503001": "中心路街道",
    "430503004": "城西街道",
    "430503006": "百春园街道",
    "430503007": "城南街道",
    "430503101": "罗市镇",
    "430503200": "面铺乡",
    "430503202": "蔡锷乡",
    "430503203": "板桥乡",
}
VILLAGES = {
    "430503001001": "中心路社区",
    "430503006004": "金桥社区",
    "430503101001": "罗市社区",
    "430503101202": "和平村",
    "430503202208": "新林村",
    "430503202214": "罗士村",
    "430503203208": "金桥村",
    "430503203209": "和平村",
}
BOTH = TOWNSHIPS | VILLAGES
KNOWN = pd.DataFrame(
    {"name_zh": list(BOTH.values()), "township_code": [code[:9] for code in BOTH]},
    index=list(BOTH),
)
AT_32 = ["430503200", "430503202", "430503203"]
FORMER = {"430521": "430503", "4305": "4305"}


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        (None, None, None),
        ("", "  ", None),
        ("430503101", None, "430503101"),
        ("430503101", "罗市镇", "430503101"),
        ("４３０５０３１０１", "大祥区罗市镇人民政府", "430503101"),
        ("430 503-001", "中心路办事处", "430503001"),
        ("430503101", "罗市社区居委会", "430503101"),
        ("430503101 罗市镇", None, "430503101"),
        ("无", None, None),
    ],
)
def test_certain_and_silent(code: str | None, name: str | None, expected: str | None) -> None:
    match = match_division(code, name, KNOWN)
    assert (match.code, match.note, match.error, match.proposals) == (expected, None, None, ())


@pytest.mark.parametrize(
    ("code", "name", "expected", "note"),
    [
        (None, "罗市", "430503101", "division_code_from_name"),
        ("罗市镇", None, "430503101", "division_code_from_name"),
        ("罗市镇", "羅市鎮", "430503101", "division_code_from_name"),
        (None, "金桥村", "430503203", "township_of_village"),
        (None, "板桥乡和平村", "430503203", "township_of_village"),
        (None, "罗市镇某某村", "430503101", "village_not_known"),
        ("430503101", "罗士镇", "430503101", "division_name_misspelt"),
        ("430503200", "面辅乡", "430503200", "division_name_misspelt"),
        ("43050320", "面铺乡", "430503200", "division_code_damaged"),
        ("4305032", "面铺乡", "430503200", "division_code_damaged"),
        ("30503203", "板桥乡", "430503203", "division_code_damaged"),
        ("4.30503E+08", "板桥乡", "430503203", "division_code_damaged"),
        ("430503203.0", "板桥乡", "430503203", "division_code_was_number"),
        ("430503203.0", None, "430503203", "division_code_was_number"),
        ("4.30503203E8", "板桥乡", "430503203", "division_code_was_number"),
        ("4.30503203e+08", None, "430503203", "division_code_was_number"),
        ("430503203000", None, "430503203", "division_code_statistical"),
        ("430503203208", None, "430503203", "division_code_of_village"),
        ("430503203999", "板桥乡", "430503203", "division_code_of_village"),
        ("430503", None, None, "division_code_coarse"),
        ("430503000000", None, None, "division_code_coarse"),
        ("430502", None, None, "division_code_coarse"),
        ("430503", "罗市镇", "430503101", "division_code_completed"),
        ("430521", "罗市镇", "430503101", "division_code_completed"),
        ("430521000000", None, None, "division_code_coarse"),
        ("430521101", "罗市镇", "430503101", "division_code_former"),
        ("430521101201", "罗市镇某某村", "430503101", "division_code_former"),
        ("430502001", None, "430502001", "division_code_outside"),
        ("430502001", "别处街道", "430502001", "division_code_outside"),
        (None, "双清区城西街道", None, "division_of_other_district"),
    ],
)
def test_taken_with_a_remark(
    code: str | None, name: str | None, expected: str | None, note: str
) -> None:
    match = match_division(code, name, KNOWN, former=FORMER, district="大祥区")
    assert match.error is None
    assert match.note is not None
    assert (match.code, match.note.code) == (expected, note)


@pytest.mark.parametrize(
    ("code", "name", "error", "proposed"),
    [
        ("430503203", "蔡锷乡", "division_conflict", ["430503202", "430503203"]),
        ("430503101", "金桥村", "division_conflict", ["430503203", "430503101"]),
        ("430503101001", "和平村", "division_conflict", ["430503101", "430503203"]),
        ("430502001", "罗市镇", "division_conflict", ["430503101"]),
        ("430502", "罗市镇", "division_conflict", ["430503101"]),
        ("43050320", "罗市镇", "division_conflict", ["430503101", *AT_32]),
        ("430521101", "板桥乡", "division_code_former_unsure", ["430503203", "430503101"]),
        ("430503101", "双清区城西街道", "division_conflict", ["430503101"]),
        ("430521101", None, "division_code_former_unsure", ["430503101"]),
        ("430521999", None, "division_code_former_unsure", []),
        ("430521999", "板桥乡", "division_code_former_unsure", ["430503203"]),
        ("430521101", "双清区城西街道", "division_code_former_unsure", ["430503101"]),
        (None, "罗士镇", "division_name_unknown", ["430503101", "430503202"]),
        ("430503004", "城东街道", "division_name_unknown", ["430503004", "430503007"]),
        ("430503101", "火星基地", "division_name_unknown", ["430503101"]),
        ("430521101", "罗士镇", "division_code_former_unsure", ["430503101", "430503202"]),
        (None, "金桥", "division_name_unknown", ["430503006", "430503203", "430503203"]),
        (None, "火星基地", "division_name_unknown", []),
        (None, "和平村", "division_name_ambiguous", ["430503101", "430503203"]),
        (None, "罗市镇金桥村", "division_name_contradiction", ["430503101", "430503203"]),
        ("430503999", "罗市镇", "division_code_unknown", ["430503101"]),
        ("430503103", None, "division_code_unknown", ["430503101", "430503203"]),
        ("999999999", None, "division_code_unknown", []),
        ("12", None, "division_code_unknown", []),
        ("4305o3101", "罗市镇", "division_code_unreadable", ["430503101"]),
        ("30503203", None, "division_code_incomplete", ["430503203"]),
        ("4305032", None, "division_code_incomplete", AT_32),
        ("4.305032E8", None, "division_code_incomplete", AT_32),
        ("43050310100", None, "division_code_incomplete", ["430503101"]),
        ("30503101001", None, "division_code_incomplete", ["430503101"]),
    ],
)
def test_a_person_decides(
    code: str | None, name: str | None, error: str, proposed: list[str]
) -> None:
    match = match_division(code, name, KNOWN, former=FORMER, district="大祥区")
    assert isinstance(match.error, UnknownDivisionError)
    assert (match.code, match.note, match.error.code) == (None, None, error)
    assert [one.value for one in match.proposals] == list(dict.fromkeys(proposed))
    assert match.error.proposal == (match.proposals[0] if match.proposals else None)
    assert all(0 < one.confidence < 1 for one in match.proposals)


def test_a_conflict_names_both_in_both_languages() -> None:
    error = match_division("430503203", "蔡锷乡", KNOWN).error
    assert error is not None
    for words in (error.zh, error.en):
        assert "430503203 板桥乡" in words
        assert "430503202 蔡锷乡" in words


def test_two_villages_of_one_name_are_both_named() -> None:
    error = match_division(None, "和平村", KNOWN).error
    assert error is not None
    assert "430503101202 和平村、430503203209 和平村" in error.zh


@pytest.mark.parametrize(
    ("code", "name", "village"),
    [
        (None, "金桥村", "430503203208"),
        ("430503203208", None, "430503203208"),
        ("430503203208", "板桥乡", "430503203208"),
        ("430503101", "和平村村委会", "430503101202"),
        ("430503101", "罗市镇", None),
        (None, "罗市镇某某村", None),
    ],
)
def test_the_village_is_kept_where_it_is_known(
    code: str | None, name: str | None, village: str | None
) -> None:
    assert match_division(code, name, KNOWN).village_code == village


def test_what_there_is_is_told_within_bounds() -> None:
    many = pd.DataFrame({"name_zh": [f"第{n}镇" for n in range(900)]},
                        index=[f"430503{n:03}" for n in range(100, 1000)])  # fmt: skip
    error = match_division(None, "火星街道" * 3_000, many).error
    assert error is not None
    assert len(error.zh) < 1_200
    assert error.zh.count("镇") < 40


def test_many_rows_are_as_one_and_no_two_share_a_fault() -> None:
    codes = ["430503203", None, "430503203", "430503101"]
    names = ["蔡锷乡", "罗市", "蔡锷乡", pd.NA]
    made = match_divisions(codes, pd.Series(names, dtype="str"), KNOWN)
    assert [match.code for match in made] == [None, "430503101", None, "430503101"]
    first, again = made[0].error, made[2].error
    assert first is not None
    assert again is not None
    assert first is not again
    first.place = Place(row=1)
    assert (again.place, again.code, again.proposal) == (None, first.code, first.proposal)


def test_rows_of_unequal_number_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zip"):
        match_divisions(["430503101"], [], KNOWN)


def test_villages_alone_tell_their_townships() -> None:
    known = KNOWN.loc[list(VILLAGES), ["name_zh"]]
    assert match_division("430503101", None, known).code == "430503101"
    assert match_division(None, "金桥村", known).code == "430503203"


CODES = st.one_of(
    st.none(), st.sampled_from([*BOTH, "430502001", "430503", "4305032", "4.305E8"]),
    st.text("0123456789.eE+ 镇", max_size=14), st.text(max_size=20),
)  # fmt: skip
NAMES = st.one_of(st.none(), st.sampled_from([*BOTH.values(), "罗士镇"]), st.text(max_size=20))


@given(CODES, NAMES)
def test_a_row_is_certain_or_remarked_or_refused(code: str | None, name: str | None) -> None:
    match = match_division(code, name, KNOWN)
    assert match.error is None or match.code is None
    assert match.error is None or match.note is None
    if match.code in TOWNSHIPS and match.note is None:
        assert "".join(str(code).split())  # Only a code given is taken in silence.
    if match.code is not None and match.code not in TOWNSHIPS:
        assert match.note is not None
        assert match.note.code == "division_code_outside"
    assert all(one.value in TOWNSHIPS for one in match.proposals)


@given(st.sampled_from(list(TOWNSHIPS)), st.sampled_from(list(TOWNSHIPS)))
def test_a_code_and_another_name_never_pass(code: str, other: str) -> None:
    match = match_division(code, TOWNSHIPS[other], KNOWN)
    assert (match.code == code) == (code == other)
    assert (match.error is None) == (code == other)


@pytest.mark.parametrize(
    ("address", "value", "confidence"),
    [
        ("邵阳市大祥区罗市镇罗市社区3组", "430503101001", 0.95),
        ("大祥区羅市鎮12号", "430503101", 0.85),
        ("罗市镇和平村", "430503101202", 0.95),
        ("金桥村8组", "430503203208", 0.85),
        ("城南公园东门", "430503007", 0.4),
    ],
)
def test_a_division_in_an_address(address: str, value: str, confidence: float) -> None:
    found = find_division(address, KNOWN)
    assert found is not None
    assert (found.value, found.confidence) == (value, confidence)


@pytest.mark.parametrize(
    "address", [None, "", "不详", "和平村2组", "金桥路9号", "罗市镇与板桥乡交界", "蔡锷乡金桥村"]
)
def test_an_address_that_tells_none_or_several(address: str | None) -> None:
    assert find_division(address, KNOWN) is None


def test_addresses_by_the_column() -> None:
    found = find_divisions(pd.Series(["罗市镇1号", None, "罗市镇1号"]), KNOWN)
    assert [one and one.value for one in found] == ["430503101", None, "430503101"]
