from __future__ import annotations

from collections.abc import Callable

from geo.core.errors import FileTooLargeError
from geo.core.messages import Unreadable
from geo.intake.formats.parts import Feature, Row
from geo.intake.georeference.features import feature_sheet


def test_properties_become_rows_under_all_their_names() -> None:
    features = [
        Feature(1, {"a": 1, "b": None}, None),
        Feature(2, {"c": [1], "a": "x", "d": True}, None),
    ]
    sheet = feature_sheet("a.geojson", features, drop=["d"])
    nested = Unreadable(
        zh="这里是列表或对象，请改为一个文字或数值。",
        en="This is a list or an object; write one text or number.",
        code="property_nested",
    )
    assert sheet.rows == [
        Row(0, ("a", "b", "c")),
        Row(1, (1, None, None)),
        Row(2, ("x", None, nested)),
    ]
    assert str(sheet.place(0)) == "a.geojson"


def test_names_of_properties_are_bounded(refused: Callable[..., object]) -> None:
    features = [Feature(1, {str(n): n for n in range(201)}, None)]
    message = "a.geojson：超过 200 个属性，请只导出需要的。"
    refused(FileTooLargeError, message, feature_sheet, "a.geojson", features)
