"""What differs between two states of the district's tables: row by row, field by field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Geod

from geo.columns import DESIGNATIONS, FACILITIES, Table, conform

Mode = Literal["replace", "update"]
"""``replace``: the file is the whole ledger. ``update``: it speaks of its own rows only."""

PROVENANCE: Final = frozenset({"source_file", "source_sheet", "source_row"})
"""Where a row stands in its file. A row that only moved there has not changed."""

FIELD_COLUMNS: Final = ("table", "id", "item", "column", "before", "after", "distance_m")

_IDENTITY: Final = {
    "designations": ("facility_id", "title"),
    "population": ("division_code", "population_kind", "year"),
}
# CGCS2000's own ellipsoid (GB 22021-2008).
_ELLIPSOID: Final = Geod(a=6_378_137.0, rf=298.257222101)
_JOINT: Final = " · "


def _no_fields() -> pd.DataFrame:
    types = dict.fromkeys(FIELD_COLUMNS, "str") | {"distance_m": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})


@dataclass(frozen=True)
class Changes:
    """What one import changes, or changed.

    Attributes
    ----------
    added, changed, removed, unchanged : tuple of str
        Ids of rows: the key, or what tells a row of a table without key from
        others ("430503001 · resident · 2020"). ``unchanged`` are rows of the file
        that were so already. In a ledger a plaque belongs to its facility: one
        that comes, goes or changes makes the facility changed.
    fields : pandas.DataFrame
        One row for each field that differs: ``table``; ``id`` of the row, for a
        plaque its facility's; ``item``, the plaque's title, or a population's
        kind and year, else empty; ``column`` (``geometry`` for a position);
        ``before`` and ``after`` as text, NA where unknown; ``distance_m``, how
        far a point moved, on the ellipsoid of CGCS2000, in metres.

    Examples
    --------
    >>> Changes(added=("P1",)).counts, Changes().nothing
    ((1, 0, 0, 0), True)
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    fields: pd.DataFrame = field(default_factory=_no_fields)

    @property
    def nothing(self) -> bool:
        """Whether no row was added, changed or removed."""
        return not (self.added or self.changed or self.removed)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """How many were added, changed, removed and unchanged."""
        return len(self.added), len(self.changed), len(self.removed), len(self.unchanged)


def compare(before: pd.DataFrame, after: pd.DataFrame, table: Table) -> Changes:
    """Return what differs between two states of a table.

    Rows are told apart by the key; plaques by facility and title, population by
    division, kind and year. Of several rows that share all of these, the first is
    held against the first, and so on. Order and :data:`PROVENANCE` do not count.

    Parameters
    ----------
    before, after : pandas.DataFrame or geopandas.GeoDataFrame
        With the table's columns, the key as index or column; left as they are.
    table : Table
        Which table it is.

    Raises
    ------
    TableError
        A required column is missing altogether.

    Examples
    --------
    >>> from geo.columns import VILLAGES
    >>> was = pd.DataFrame({"village_code": ["1", "2"], "township_code": "7", "kind": "village",
    ...                     "name_zh": ["甲村", "乙村"], "source_id": "s"})
    >>> now = was.assign(village_code=["2", "3"], name_zh=["乙社区", "丙村"])
    >>> found = compare(was, now, VILLAGES)
    >>> found.added, found.changed, found.removed
    (('3',), ('2',), ('1',))
    >>> found.fields[["id", "column", "before", "after"]].to_numpy().tolist()
    [['2', 'name_zh', '乙村', '乙社区']]
    """
    pairs = _Pairs(before, after, table)
    fields, differs = _fields(pairs)
    labels = _labels(pairs.after, table)
    return Changes(
        added=tuple(labels[pairs.new]),
        changed=tuple(labels[pairs.now[differs]]),
        removed=tuple(_labels(pairs.before, table)[pairs.gone]),
        unchanged=tuple(labels[pairs.now[~differs]]),
        fields=fields,
    )


def compare_ledgers(
    facilities_before: pd.DataFrame,
    designations_before: pd.DataFrame,
    facilities: pd.DataFrame,
    designations: pd.DataFrame | None,
    *,
    mode: Mode = "replace",
    keep: Collection[str] = (),
) -> Changes:
    """Return what loading a ledger would change, without loading it.

    Parameters
    ----------
    facilities_before, designations_before : pandas.DataFrame
        As they stand.
    facilities : pandas.DataFrame
        The file's.
    designations : pandas.DataFrame or None
        The file's; None where it says nothing of plaques, and they stay.
    mode : {"replace", "update"}
        Whether the file is the whole ledger.
    keep : collection of str
        Facilities that stay as they are if the file's clean rows lack them: their
        rows are in quarantine.

    Raises
    ------
    TableError
        A required column is missing altogether.

    Examples
    --------
    >>> from geo.columns import empty_frame
    >>> none = empty_frame(FACILITIES).assign(geometry=None)
    >>> plaques = empty_frame(DESIGNATIONS)
    >>> compare_ledgers(none, plaques, none, None).nothing
    True
    """
    was, now = _keyed(facilities_before, FACILITIES), _keyed(facilities, FACILITIES)
    plaques = designations_before if designations is None else designations
    given = set(now["facility_id"])
    spoken = given if designations is None else given | set(plaques["facility_id"])
    stays = set(keep) - given if mode == "replace" else set(was["facility_id"]) - given
    plaques_stay = set(keep) - spoken
    if mode == "update":
        plaques_stay = set(designations_before["facility_id"]) - spoken
    was = was[~was["facility_id"].isin(stays)]
    plaques_was = designations_before[~designations_before["facility_id"].isin(plaques_stay)]
    if designations is None:
        plaques = plaques_was[plaques_was["facility_id"].isin(given)]
    return _together(compare(was, now, FACILITIES), _Pairs(plaques_was, plaques, DESIGNATIONS))


def joined(*changes: Changes) -> Changes:
    """Return the changes of several tables as one.

    Examples
    --------
    >>> joined(Changes(added=("1",)), Changes(added=("2",))).added
    ('1', '2')
    """
    return Changes(
        added=tuple(row for each in changes for row in each.added),
        changed=tuple(row for each in changes for row in each.changed),
        removed=tuple(row for each in changes for row in each.removed),
        unchanged=tuple(row for each in changes for row in each.unchanged),
        fields=_stacked([each.fields for each in changes]),
    )


def identity_of(table: Table) -> tuple[str, ...]:
    """Return the columns that tell a table's rows apart.

    Examples
    --------
    >>> identity_of(FACILITIES), identity_of(DESIGNATIONS)
    (('facility_id',), ('facility_id', 'title'))
    """
    return (table.key,) if table.key else _IDENTITY[table.name]


class _Pairs:
    """Two states of a table, and which rows of them are the same thing.

    ``was`` and ``now`` are positions in ``before`` and ``after`` of the rows that
    are in both; ``gone`` and ``new`` of the others.
    """

    def __init__(self, before: pd.DataFrame, after: pd.DataFrame, table: Table) -> None:
        self.table = table
        self.before, self.after = _plain(before, table), _plain(after, table)
        found = _index(self.before, table).get_indexer(_index(self.after, table))
        self.now = np.flatnonzero(found >= 0)
        self.was = found[self.now]
        self.new = np.flatnonzero(found < 0)
        self.gone = np.setdiff1d(np.arange(len(self.before)), self.was)


def _keyed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    if table.key is None or table.key in frame.columns:
        return frame
    return frame.assign(**{table.key: frame.index})


def _plain(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a frame as the store would keep it: whole days, flat multipolygons."""
    plain = pd.DataFrame(_keyed(frame, table)).drop(columns="geometry", errors="ignore")
    kept = conform(plain, table).reset_index(drop=True)
    for column in table.columns:
        if column.dtype == "date":
            kept[column.name] = kept[column.name].dt.floor("D")
    if table.geometry:
        shapes = frame["geometry"] if "geometry" in frame.columns else [None] * len(frame)
        kept["geometry"] = pd.Series(_flat(shapes, table), dtype=object)
    return kept


def _flat(column: Iterable[Any], table: Table) -> npt.NDArray[np.object_]:
    shapes = shapely.force_2d(np.array(column, dtype=object))
    shapes[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = None
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    if table.geometry == "MULTIPOLYGON":
        shapes[single] = [shapely.MultiPolygon([shape]) for shape in shapes[single]]
    return shapes


def _index(frame: pd.DataFrame, table: Table) -> pd.MultiIndex:
    names = list(identity_of(table))
    turn = frame.groupby(names, dropna=False, sort=False).cumcount()
    return pd.MultiIndex.from_arrays([*(frame[name] for name in names), turn])


def _labels(frame: pd.DataFrame, table: Table) -> npt.NDArray[np.object_]:
    first, *others = (frame[name].astype("str") for name in identity_of(table))
    return _objects(first.str.cat(others, sep=_JOINT) if others else first)


def _objects(column: pd.Series) -> npt.NDArray[np.object_]:
    return np.asarray(column, dtype=object)


def _fields(pairs: _Pairs) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """Return the fields that differ, and which of the pairs they make changed."""
    changed = np.zeros(len(pairs.now), dtype=bool)
    parts = []
    for name, differs, text in _columns(pairs):
        if differs.any():
            was, now = pairs.was[differs], pairs.now[differs]
            before, after = pairs.before[name].iloc[was], pairs.after[name].iloc[now]
            parts.append(_told(pairs.after.iloc[now], pairs.table, name, text(before), text(after)))
            if name == "geometry":
                parts[-1]["distance_m"] = _distances(_objects(before), _objects(after))
            changed |= differs
    return _stacked(parts), changed


_Text = Callable[[pd.Series], pd.Series]


def _columns(pairs: _Pairs) -> Iterator[tuple[str, npt.NDArray[np.bool_], _Text]]:
    left = pairs.before.iloc[pairs.was].reset_index(drop=True)
    right = pairs.after.iloc[pairs.now].reset_index(drop=True)
    for column in pairs.table.columns:
        if column.name not in PROVENANCE:
            was, now = left[column.name], right[column.name]
            differs = was.ne(now).fillna(True).to_numpy(dtype=bool)
            yield column.name, differs & ~(was.isna() & now.isna()).to_numpy(), _text_of
    if pairs.table.geometry:
        shapes, others = _objects(left["geometry"]), _objects(right["geometry"])
        yield "geometry", ~_same(shapes, others), _shape_text


def _same(left: npt.NDArray[np.object_], right: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    missing = shapely.is_missing(left) & shapely.is_missing(right)
    return np.asarray(shapely.equals_identical(left, right) | missing, dtype=bool)


def _told(
    rows: pd.DataFrame, table: Table, name: str, before: pd.Series, after: pd.Series
) -> pd.DataFrame:
    first, *others = (rows[each].astype("str") for each in identity_of(table))
    item = others[0].str.cat(others[1:], sep=_JOINT) if others else ""
    told = pd.DataFrame({"table": table.name, "id": _objects(first)})
    told["item"] = _objects(item) if others else ""
    return told.assign(
        column=name, before=_objects(before), after=_objects(after), distance_m=np.nan
    )


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    none = _no_fields()
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True).astype(none.dtypes) if kept else none


def _text_of(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column.dt.strftime("%Y-%m-%d")
    return column.map(_word, na_action="ignore").astype("str")


def _word(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _shape_text(column: pd.Series) -> pd.Series:
    """Return a point as longitude and latitude, another shape as its kind and size."""

    def text(shape: shapely.Geometry) -> str:
        if isinstance(shape, shapely.Point):
            return f"{shape.x:.7f}, {shape.y:.7f}"
        return f"{type(shape).__name__} ({shapely.get_num_coordinates(shape)})"

    return column.map(text, na_action="ignore").astype("str")


def _distances(
    before: npt.NDArray[np.object_], after: npt.NDArray[np.object_]
) -> npt.NDArray[np.float64]:
    # Coordinates of what is no point, or of none, are NaN.
    ends = [of(shapes) for shapes in (before, after) for of in (shapely.get_x, shapely.get_y)]
    known = np.isfinite(np.array(ends)).all(axis=0)
    distances = np.full(len(before), np.nan)
    distances[known] = _metres(*(end[known] for end in ends))
    return distances


def _metres(
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    to_x: npt.NDArray[np.float64],
    to_y: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    return np.asarray(_ELLIPSOID.inv(x, y, to_x, to_y)[2])


def _together(ledger: Changes, plaques: _Pairs) -> Changes:
    """Return the changes of facilities, with those of their plaques counted to them."""
    fields, _ = _fields(plaques)
    coming, going = plaques.after.iloc[plaques.new], plaques.before.iloc[plaques.gone]
    whole = {*ledger.added, *ledger.removed}
    titles = [
        _told(rows, DESIGNATIONS, "title", before, after)
        for rows, before, after in (
            (coming, pd.Series(pd.NA, coming.index), coming["title"]),
            (going, going["title"], pd.Series(pd.NA, going.index)),
        )
    ]
    told = _stacked([fields, *titles])
    told = told[~told["id"].isin(whole)]
    touched = dict.fromkeys(told["id"])
    return Changes(
        added=ledger.added,
        changed=tuple(dict.fromkeys([*ledger.changed, *touched])),
        removed=ledger.removed,
        unchanged=tuple(row for row in ledger.unchanged if row not in touched),
        fields=_stacked([ledger.fields, told]),
    )
