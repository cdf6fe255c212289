from geo.core import errors
from geo.core.errors import BadValueError, KepuError, Place


def _tree(root: type[KepuError]) -> list[type[KepuError]]:
    return [root, *(cls for child in root.__subclasses__() for cls in _tree(child))]


def test_there_is_one_tree() -> None:
    classes = [item for item in vars(errors).values() if isinstance(item, type)]
    faults = [item for item in classes if issubclass(item, Exception)]
    assert set(faults) == {cls for cls in _tree(KepuError) if cls.__module__ == "geo.core.errors"}


def test_a_message_names_the_place_in_either_language() -> None:
    place = Place(file="台账.xlsx", sheet="设施台账", row=7, column="展厅面积")
    fault = BadValueError(zh="不能为负。", en="It is negative.", place=place)
    assert str(fault) == "台账.xlsx · 设施台账 · 第7行 · 展厅面积：不能为负。"
    assert fault.message("en") == "台账.xlsx · 设施台账 · row 7 · 展厅面积: It is negative."
    assert BadValueError(zh="甲", en="a").message("en") == "a"
