from __future__ import annotations

from enum import StrEnum

import pytest

from geo.core.errors import UnknownTermError
from geo.core.vocabulary import LABELS, Kind, Level, PopulationKind, Quality, Status
from geo.intake.cells.vocabulary import read_term, words_of
from geo.intake.headers.normalise import folded


@pytest.mark.parametrize("vocabulary", list(LABELS))
def test_every_identifier_and_label_is_read_back(vocabulary: type[StrEnum]) -> None:
    for term, label in LABELS[vocabulary].items():
        assert {read_term(word, vocabulary) for word in (term.value, label.zh, label.en)} == {
            term.value
        }


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("自然教育学校", Kind.NATURE_SCHOOL),
        ("自然教育学校(基地)", Kind.NATURE_SCHOOL),
        ("专题博物馆", Kind.THEMATIC_MUSEUM),
        ("纪念馆", Kind.THEMATIC_MUSEUM),
        ("青少年科技中心", Kind.YOUTH_SCIENCE_CENTRE),
        ("青少年科技活动中心", Kind.YOUTH_SCIENCE_CENTRE),
        ("新时代文明实践站", Kind.CIVILIZATION_PRACTICE),
        ("文化站", Kind.CULTURAL_CENTRE),
        ("图 书 馆", Kind.LIBRARY),
        ("SCIENCE_BASE", Kind.SCIENCE_BASE),
    ],
)
def test_words_of_the_office(word: str, kind: Kind) -> None:
    assert read_term(word, Kind) == kind.value


def test_level_of_a_district() -> None:
    assert read_term("区级", Level) == read_term("县级", Level) == "county"


def test_variants_never_shadow_a_label() -> None:
    for vocabulary, labels in LABELS.items():
        words = words_of(vocabulary)
        assert all(words[folded(term.value)] is term for term in labels)


def test_a_near_miss_gets_a_suggestion() -> None:
    with pytest.raises(UnknownTermError) as caught:
        read_term("党群服务中必", Kind)
    assert str(caught.value) == "「党群服务中必」不是可用的词。是否应为「党群服务中心」？"


def test_an_unknown_word_gets_the_whole_list() -> None:
    with pytest.raises(UnknownTermError) as caught:
        read_term("飞碟", Status)
    assert str(caught.value) == ("「飞碟」不是可用的词。可填：运行中、规划、在建、暂停、关闭。")
    assert caught.value.message("en") == (
        "'飞碟' is not a known term. "
        "One of: operating, planned, under_construction, suspended, closed."
    )


@pytest.mark.parametrize("word", ["", "常", "resident ", "x" * 10_000, "户籍常住", "\x1b"])
def test_odd_words_are_refused_or_read_but_never_crash(word: str) -> None:
    if word.strip() == "resident":
        assert read_term(word, PopulationKind) == "resident"
        return
    with pytest.raises(UnknownTermError) as caught:
        read_term(word, Quality)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 300
