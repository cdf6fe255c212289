import itertools

from geo.core.vocabulary import Group
from layers.palette import SYMBOLS, class_breaks


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_classes_follow_one_another_and_break_at_the_target() -> None:
    classes = class_breaks(160)
    for first, second in itertools.pairwise(classes):
        assert first.high == second.low
    assert classes[0].low == 0
    assert classes[-1].high is None
    assert 160 in [item.low for item in classes]


def test_further_from_the_target_is_darker_on_either_side() -> None:
    below = [_luminance(item.colour) for item in class_breaks(160) if item.low < 160]
    above = [_luminance(item.colour) for item in class_breaks(160) if item.low >= 160]
    assert below == sorted(below)
    assert above == sorted(above, reverse=True)


def test_groups_have_a_shape_and_a_colour_of_their_own() -> None:
    assert set(SYMBOLS) == set(Group)
    assert len({symbol.path for symbol in SYMBOLS.values()}) == len(Group)
    for symbol in SYMBOLS.values():
        contrast = (1 + 0.05) / (_luminance(symbol.colour) + 0.05)
        assert contrast >= 3, "a sign stands out from white (WCAG 1.4.11)"
