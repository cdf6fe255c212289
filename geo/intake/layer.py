"""A layer's features as a sheet of rows: the attributes, without the geometry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from geo.core.errors import FileTooLargeError, Place
from geo.core.messages import message
from geo.intake.formats.bounds import MAX_COLUMNS
from geo.intake.formats.part import Feature
from geo.intake.rows import Raw, Row, Sheet

_NESTED: Final = message(
    "property_nested",
    "这里是列表或对象，请改为一个文字或数值。",
    "This is a list or an object; write one text or number.",
).unreadable()


_LAYER_TOO_MANY_PROPERTIES = message(
    "layer_too_many_properties",
    "超过 {max_columns} 个属性，请只导出需要的。",
    "There are over {max_columns} properties; export those that are needed.",
)


def feature_sheet(
    file: str, features: Sequence[Feature], *, drop: Sequence[str] = (), name: str | None = None
) -> Sheet:
    """Return the features' properties as a sheet: headings first, then a row a feature.

    A row has its feature's number, which is its row in QGIS's attribute table.

    Parameters
    ----------
    file : str
        Name of the file that they come from, as shown.
    features : sequence of Feature
        With whatever properties each has; their names together are the headings.
    drop : sequence of str
        Names of properties to leave out.
    name : str, optional
        Of the layer.

    Raises
    ------
    FileTooLargeError
        There are more names than columns are allowed.
    """
    names = dict.fromkeys(name for feature in features for name in feature.properties)
    headings = [name for name in names if name not in drop]
    if len(headings) > MAX_COLUMNS:
        raise _LAYER_TOO_MANY_PROPERTIES.fault(
            FileTooLargeError, place=Place(file=file), max_columns=MAX_COLUMNS
        )
    return Sheet(file, name, [Row(0, tuple(headings)), *_feature_rows(features, headings)])


def _feature_rows(features: Sequence[Feature], headings: Sequence[str]) -> Iterator[Row]:
    for feature in features:
        cells = (_cell(feature.properties.get(name)) for name in headings)
        yield Row(feature.number, tuple(cells))


def _cell(value: Any) -> Raw:
    if isinstance(value, list | dict):
        return _NESTED
    cell: Raw = value
    return cell
