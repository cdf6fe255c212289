from enum import StrEnum

from geo.core import vocabulary
from geo.core.vocabulary import CALIBER_KINDS, GROUP_OF_KIND, LABELS, Caliber, Group, Kind


def _vocabularies() -> list[type[StrEnum]]:
    found = vars(vocabulary).values()
    return [
        item
        for item in found
        if isinstance(item, type) and issubclass(item, StrEnum) and item is not StrEnum
    ]


def test_every_term_has_a_label_in_both_languages() -> None:
    for terms in _vocabularies():
        for term in terms:
            label = LABELS[terms][term]
            assert label.zh, term
            assert label.en, term


def test_labels_tell_the_terms_of_a_vocabulary_apart() -> None:
    for terms in _vocabularies():
        labels = LABELS[terms]
        assert len({label.zh for label in labels.values()}) == len(terms)
        assert len({label.en for label in labels.values()}) == len(terms)


def test_every_kind_has_a_group_and_every_group_a_kind() -> None:
    assert set(GROUP_OF_KIND) == set(Kind)
    assert set(GROUP_OF_KIND.values()) == set(Group)


def test_calibers_nest() -> None:
    narrow, assessed, broad = (CALIBER_KINDS[caliber] for caliber in Caliber)
    assert narrow < assessed < broad
