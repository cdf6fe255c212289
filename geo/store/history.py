"""What differs between two states of the district's tables: row by row, field by field."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION, Table
from geo.store.differences import Pairs, fields_of, keyed, labels_of, no_fields, stacked, told_of

Mode = Literal["replace", "update"]
"""``replace``: the file is the whole ledger. ``update``: it speaks of its own rows only."""


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
    fields: pd.DataFrame = field(default_factory=no_fields)

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
    held against the first, and so on. Order and
    :data:`geo.store.differences.PROVENANCE` do not count.

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
    >>> from geo.core.schema import VILLAGES
    >>> was = pd.DataFrame({"village_code": ["1", "2"], "township_code": "7", "kind": "village",
    ...                     "name_zh": ["甲村", "乙村"], "source_id": "s"})
    >>> now = was.assign(village_code=["2", "3"], name_zh=["乙社区", "丙村"])
    >>> found = compare(was, now, VILLAGES)
    >>> found.added, found.changed, found.removed
    (('3',), ('2',), ('1',))
    >>> found.fields[["id", "column", "before", "after"]].to_numpy().tolist()
    [['2', 'name_zh', '乙村', '乙社区']]
    """
    pairs = Pairs(before, after, table)
    fields, differs = fields_of(pairs)
    labels = labels_of(pairs.after, table)
    return Changes(
        added=tuple(labels[pairs.new]),
        changed=tuple(labels[pairs.now[differs]]),
        removed=tuple(labels_of(pairs.before, table)[pairs.gone]),
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
    >>> from geo.core.schema import empty_frame
    >>> none = empty_frame(FACILITIES).assign(geometry=None)
    >>> plaques = empty_frame(DESIGNATIONS)
    >>> compare_ledgers(none, plaques, none, None).nothing
    True
    """
    was, now = keyed(facilities_before, FACILITIES), keyed(facilities, FACILITIES)
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
    return _together(compare(was, now, FACILITIES), Pairs(plaques_was, plaques, DESIGNATIONS))


def compare_figures(before: pd.DataFrame, given: pd.DataFrame) -> Changes:
    """Return what loading population figures would change, without loading them.

    Parameters
    ----------
    before : pandas.DataFrame
        The figures as they stand.
    given : pandas.DataFrame
        The file's; those of other divisions, kinds and years stay.

    Examples
    --------
    >>> was = pd.DataFrame({"division_code": "430503", "name_zh": "大祥区", "year": [2020, 2023],
    ...     "population_kind": "resident", "population": [5, 6], "quality": "census",
    ...     "source_id": "s"})
    >>> compare_figures(was, was.iloc[[1]].assign(population=7)).counts
    (0, 1, 0, 0)
    """
    keys = ["division_code", "population_kind", "year"]
    spoken = set(given[keys].astype("str").itertuples(index=False, name=None))
    same = [row in spoken for row in before[keys].astype("str").itertuples(index=False, name=None)]
    return compare(before[np.array(same, dtype=bool)], given, POPULATION)


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
        fields=stacked([each.fields for each in changes]),
    )


def _together(ledger: Changes, plaques: Pairs) -> Changes:
    """Return the changes of facilities, with those of their plaques counted to them."""
    fields, _ = fields_of(plaques)
    coming, going = plaques.after.iloc[plaques.new], plaques.before.iloc[plaques.gone]
    whole = {*ledger.added, *ledger.removed}
    titles = [
        told_of(rows, DESIGNATIONS, "title", before, after)
        for rows, before, after in (
            (coming, pd.Series(pd.NA, coming.index), coming["title"]),
            (going, going["title"], pd.Series(pd.NA, going.index)),
        )
    ]
    told = stacked([fields, *titles])
    told = told[~told["id"].isin(whole)]
    touched = dict.fromkeys(told["id"])
    return Changes(
        added=ledger.added,
        changed=tuple(dict.fromkeys([*ledger.changed, *touched])),
        removed=ledger.removed,
        unchanged=tuple(row for row in ledger.unchanged if row not in touched),
        fields=stacked([ledger.fields, told]),
    )
