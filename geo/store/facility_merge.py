"""Several rows of a ledger that a person said are one place, made one.

Intake proposes such rows and never joins them; here is what happens once a person
has said yes. Area belongs to the place and counts once (一地多牌): it is never summed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.core.errors import Lang, NotFoundError, QueryError
from geo.core.messages import Message, Note
from geo.core.schema import DESIGNATIONS, FACILITIES, PANDAS_DTYPES, Column
from geo.core.village_positions import is_village_position
from geo.core.vocabulary import LABELS, Verification
from geo.store.differences import PROVENANCE

_AREA: Final = "exhibition_area_m2"
_OF_THE_AREA: Final = ("shared_use", "shared_use_ratio")
_NEVER: Final = frozenset({"facility_id", "demonstration", "position_source"}) | PROVENANCE
_OF_THE_PLAQUE: Final = frozenset(
    {"name", "kind", "level", "status", "opened_on", "closed_on", "valid_from"}
)
"""What a row that becomes a plaque says of the plaque, and not of the place."""

_DIFFERS: Final = Message(
    "merge_differs",
    "{column}：「{keep}」为 {was}，「{other}」为 {given}；保留前者，请核对。",
    "{column_en}: '{keep}' has {was_en}, '{other}' has {given_en}; the former stays, please check.",
)
_TAKEN: Final = Message(
    "merge_taken",
    "{column}：「{keep}」原为 {was}，取「{other}」的 {given}。",
    "{column_en}: '{keep}' had {was_en}; {given_en} is taken from '{other}'.",
)
_PENDING: Final = Message(
    "merge_pending",
    "展厅面积取自待核的「{other}」，「{keep}」改为待核；核实后请更新台账。",
    "The area comes from '{other}', which is pending: so is '{keep}' now, until it is checked.",
)
_PLAQUE_MADE: Final = Message(
    "merge_plaque_made",
    "「{name}」（{other}）改作「{keep}」的挂牌；面积属于场所，只计一次。",
    "'{name}' ({other}) is a plaque of '{keep}' now; the area is the place's and counts once.",
)


@dataclass(frozen=True)
class Merged:
    """A ledger in which several rows have become one.

    Attributes
    ----------
    facilities : geopandas.GeoDataFrame
        Without the rows that went.
    designations : pandas.DataFrame
        Numbered from 0; no plaque of a row that went.
    told : tuple of Remark
        What was taken from where, and what differed.
    """

    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    told: tuple[Note, ...] = ()


def merge_facilities(
    facilities: gpd.GeoDataFrame,
    designations: pd.DataFrame,
    keep: str,
    others: Sequence[str],
    *,
    as_plaques: bool = False,
) -> Merged:
    """Return a ledger in which several rows are one facility; what is given stays as it is.

    Empty cells of the row that stays are filled from the others, in their order;
    where both are known and differ, its own value stays and the difference is told.
    Areas are never summed. Three things go together with another:

    - the ratio of shared use and the position's source go with the area and the
      position that they are about;
    - a closing date is taken only from a row of the same status, a village only
      within the township;
    - an exhibition area from a row that is pending makes the place pending: what
      nobody has checked never counts.

    Plaques of the others move over, exact repeats once. With ``as_plaques`` each of the
    others becomes a plaque too: its name is the title; kind, level and status are its
    own; it holds from its opening (else its registration) to its closing. The place
    keeps its own level and dates. A plaque's kind is one of the place's kinds, so that
    the place's area may come to count under a caliber where it did not before: a plaque
    that is pending is refused by a place that is verified.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        As :data:`geo.core.schema.FACILITIES`, indexed by ``facility_id``.
    designations : pandas.DataFrame
        As :data:`geo.core.schema.DESIGNATIONS`.
    keep : str
        The facility that stays.
    others : sequence of str
        Those that go into it; repeats count once.
    as_plaques : bool
        Whether the others are further plaques of the place, and not the same entry twice.

    Raises
    ------
    NotFoundError
        No facility has one of the ids.
    QueryError
        A facility would go into itself, none is named, demonstration data would be
        mixed with real ones, or plaques that are pending with a place that is verified.

    Examples
    --------
    >>> from geo.core.schema import conform, empty_frame
    >>> rows = gpd.GeoDataFrame({"facility_id": ["a", "b"], "name": ["服务中心", "科普大学"],
    ...     "kind": ["party_service_centre", "community_university"], "status": "operating",
    ...     "verification": "verified", "demonstration": False, "exhibition_area_m2": [None, 80.0]},
    ...     geometry=[None, None], crs=4490)
    >>> merged = merge_facilities(conform(rows, FACILITIES).set_index("facility_id"),
    ...                           empty_frame(DESIGNATIONS), "a", ["b"], as_plaques=True)
    >>> merged.facilities["exhibition_area_m2"].to_dict()
    {'a': 80.0}
    >>> merged.designations[["facility_id", "title", "kind"]].to_numpy().tolist()
    [['a', '科普大学', 'community_university']]
    >>> print(merged.told[0].zh)
    展厅面积：「a」原为 —，取「b」的 80。
    """
    going = list(dict.fromkeys(others))
    _check(facilities, keep, going, as_plaques=as_plaques)
    frame = facilities.copy()
    told: list[Note] = []
    made = []
    for other in going:
        joining = _Joining(frame, keep, other)
        told += joining.fill(_OF_THE_PLAQUE if as_plaques else frozenset())
        if as_plaques:
            made.append(_plaque(frame, keep, other))
            told.append(_PLAQUE_MADE.note(name=made[-1]["title"], keep=keep, other=other))
    hung = _hung(designations, keep, going, made)
    return Merged(frame.drop(index=going), hung, tuple(told))


def _check(
    facilities: gpd.GeoDataFrame, keep: str, others: Collection[str], *, as_plaques: bool
) -> None:
    for facility_id in (keep, *others):
        if facility_id not in facilities.index:
            raise NotFoundError(
                zh=f"台账里没有编号为「{facility_id[:64]}」的设施。请检查编号。",
                en=f"The ledger has no facility '{facility_id[:64]}'; check the id.",
            )
    if keep in others or not others:
        raise QueryError(
            zh=f"设施「{keep[:64]}」不能与自己合并。请写出要并入它的其他设施的编号。",
            en=f"Facility '{keep[:64]}' cannot go into itself; name the others that shall.",
        )
    if as_plaques and facilities.loc[[keep, *others], "verification"].nunique() > 1:
        raise QueryError(
            zh=f"「{keep[:64]}」与要改作挂牌的设施有的已核、有的待核：挂牌会使未核实的认定计入面积。"
            "请先核实并更新台账，再合并。",
            en=f"Of '{keep[:64]}' and its plaques some are verified and some pending: what nobody "
            "has checked would make its area count. Check them, update the ledger, then merge.",
        )
    if facilities.loc[[keep, *others], "demonstration"].nunique() > 1:
        raise QueryError(
            zh="演示数据与真实数据不能合并：演示数据是虚构的，会混入真实台账。请只选同一类的设施。",
            en="Demonstration data are made up and never go into real ones; choose rows of one "
            "sort.",
        )


_POSITION: Final = Column("geometry", "text", "位置", "Position")


@dataclass(frozen=True)
class _Joining:
    """One row on its way into another; ``frame`` is ours to change."""

    frame: gpd.GeoDataFrame
    keep: str
    other: str

    def fill(self, skipped: Collection[str]) -> list[Note]:
        """Fill empty cells of the one from the other, and tell what was done."""
        told = self._fill_position()
        was, given = self._both(_AREA)
        takes_area = pd.isna(was) and pd.notna(given)
        for column in FACILITIES.columns:
            if column.name not in _NEVER and column.name not in skipped:
                comes = takes_area and column.name in _OF_THE_AREA
                told += self._fill_cell(column, comes=comes)
        return told + (self._pend() if takes_area else [])

    def _pend(self) -> list[Note]:
        """Make the place pending where the row is that gave it its area."""
        pending = Verification.PENDING.value
        if self._both("verification") != (Verification.VERIFIED.value, pending):
            return []
        self.frame.at[self.keep, "verification"] = pending
        return [_PENDING.note(keep=self.keep, other=self.other)]

    def _fill_cell(self, column: Column, *, comes: bool) -> list[Note]:
        was, given = self._both(column.name)
        if pd.isna(given) or (pd.notna(was) and was == given):
            return []
        if comes or (pd.isna(was) and self._fits(column.name)):
            self.frame.at[self.keep, column.name] = given
            return [self._told(_TAKEN, column, was, given)]
        return [self._told(_DIFFERS, column, was, given)]

    def _fits(self, name: str) -> bool:
        """Return whether an empty cell may be filled, by what the row says elsewhere."""
        if name == "closed_on":
            status, other_status = self._both("status")
            return bool(status == other_status)
        if name == "village_code":
            township = self._both("township_code")[0]
            return pd.isna(township) or str(self._both(name)[1]).startswith(str(township))
        return True

    def _fill_position(self) -> list[Note]:
        was, given = self._both("geometry")
        if given is None or given.is_empty or (was is not None and was.equals(given)):
            return []
        about, other_about = self._are_about()
        if was is not None and other_about and not about:
            return []
        if was is not None and about and not other_about:
            # Where it stands about gives way to where it stands.
            return [self._moved(was, given)]
        if was is not None and not was.is_empty:
            return [self._told(_DIFFERS, _POSITION, was, given)]
        return [self._moved(None, given)]

    def _are_about(self) -> tuple[bool, bool]:
        """Tell of both whether their positions are the middle of a village."""
        first, second = is_village_position(self.frame.loc[[self.keep, self.other]])
        return first, second

    def _moved(self, was: Any, given: Any) -> Note:
        """Give the one the position of the other, and tell it."""
        place = gpd.GeoSeries([given], index=[self.keep], crs=self.frame.crs)
        self.frame.loc[[self.keep], "geometry"] = place
        source = self._both("position_source")[1]
        self.frame.at[self.keep, "position_source"] = source
        return self._told(_TAKEN, _POSITION, was, given)

    def _both(self, name: str) -> tuple[Any, Any]:
        return self.frame.at[self.keep, name], self.frame.at[self.other, name]

    def _told(self, sentence: Message, column: Column, was: Any, given: Any) -> Note:
        names = {"column": column.zh, "column_en": column.en}
        ids = {"keep": self.keep, "other": self.other}
        told = {
            "was": _word(was, column, "zh"),
            "was_en": _word(was, column, "en"),
            "given": _word(given, column, "zh"),
            "given_en": _word(given, column, "en"),
        }
        return sentence.note(**names, **ids, **told)


def _word(value: Any, column: Column, lang: Lang) -> str:
    if isinstance(value, shapely.Point):
        return f"{value.x:.6f}, {value.y:.6f}"
    if value is None or pd.isna(value):
        return "—"
    if column.choices is not None:
        return str(getattr(LABELS[column.choices][column.choices(value)], lang))
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _plaque(frame: gpd.GeoDataFrame, keep: str, other: str) -> dict[str, Any]:
    """Return a row as a plaque of the place."""
    row = frame.loc[other]
    since = row["opened_on"] if pd.notna(row["opened_on"]) else row["valid_from"]
    return {
        "facility_id": keep,
        "title": row["name"],
        **{name: row[name] for name in ("kind", "level", "status", *sorted(PROVENANCE))},
        "valid_from": since,
        "valid_to": row["closed_on"],
        "demonstration": frame.at[keep, "demonstration"],
    }


def _hung(
    designations: pd.DataFrame, keep: str, others: Collection[str], made: list[dict[str, Any]]
) -> pd.DataFrame:
    """Return the plaques with those of the others, and the ones made, on the place that stays."""
    moves = designations["facility_id"].isin(others)
    moved = designations[moves].assign(facility_id=keep)
    new = pd.DataFrame(made, columns=list(DESIGNATIONS.names))
    types = {column.name: PANDAS_DTYPES[column.dtype] for column in DESIGNATIONS.columns}
    parts = [designations[~moves], moved.astype(types), new.astype(types)]
    every = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    said = [name for name in DESIGNATIONS.names if name not in PROVENANCE]
    # What the ledger itself says twice is not ours to mend.
    ours = every.index >= len(parts[0])
    return every[~(every.duplicated(said) & ours)].reset_index(drop=True)
