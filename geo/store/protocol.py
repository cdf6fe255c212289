"""What any store can do, whatever it keeps the district in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

import geopandas as gpd
import pandas as pd

from geo.core.district import DistrictData
from geo.core.messages import Note
from geo.core.quarantine import QuarantinedRow
from geo.core.schema import FACILITIES, Table
from geo.store.history import Changes, Mode
from geo.store.load_record import LoadRecord


class Store(Protocol):
    """Keeps one district; every write is all or nothing, and readers never wait for it.

    Frames are those of :class:`geo.core.district.DistrictData`, with the columns of
    :mod:`geo.core.schema` and geometry in EPSG:4490; the key may be the index or a
    column. Frames handed over are never changed. The methods may be called from
    several threads at once.

    **Two axes of time.** When the store knew something is *transaction time*: every
    import makes versions of the rows that it changes, none is ever written over, and
    ``read_district(at=...)`` gives what was known at a moment. When something was so
    in the world is *valid time*: it stands in the rows, as ``opened_on``, ``closed_on``,
    ``valid_from``, and the measures ask it of a district by their date. So
    ``study(store.read_district(at=known_at), scenario_on_a_date)`` is the figure of
    that date as it was known at that moment.

    Any method raises :class:`geo.core.errors.StoreError` when the store cannot be
    read or written. ``replace_*`` and ``load_*`` raise

    - :class:`geo.core.errors.StoreBusyError`: another process is writing, and went on
      for longer than this store waits;
    - :class:`geo.core.errors.TableError`: a frame lacks a required column;
    - :class:`geo.core.errors.DuplicateError`: two rows have the same key;
    - :class:`geo.core.errors.DataError`: a value or geometry breaks the data dictionary;
    - :class:`geo.core.errors.BadValueError`: ``who`` is no short line;

    and leave the store as it was. They return what they changed.
    """

    def version(self) -> int:
        """Return a number that grows with each commit, whichever process made it; 0 when new.

        A :meth:`load_facilities` that finds everything as it is leaves it.
        """

    def last_import(self) -> int:
        """Return the number of the latest import, 0 before the first; see :meth:`imports`."""

    def read_district(self, at: datetime | int | None = None) -> DistrictData:
        """Return everything, as it stood at one version, in the order in which it was written.

        Parameters
        ----------
        at : datetime.datetime or int, optional
            As known at a moment (with a time zone), or after an import (its number in
            :meth:`imports`); else as known now. ``version`` and ``approval_number``
            are always those of now.

        Raises
        ------
        NotFoundError
            The store's history begins later, or has no such import.
        """

    def replace_district(self, data: DistrictData, load: LoadRecord) -> Changes:
        """Put a district in the place of all that is there; approval number and loads stay."""

    def replace_facilities(
        self, facilities: gpd.GeoDataFrame, designations: pd.DataFrame, load: LoadRecord
    ) -> Changes:
        """Put a ledger in the place of the present one.

        As :meth:`load_facilities` of a whole ledger that is clean, but that it always
        raises the version.
        """

    def load_facilities(
        self,
        facilities: gpd.GeoDataFrame,
        designations: pd.DataFrame | None,
        load: LoadRecord,
        *,
        quarantine: Sequence[QuarantinedRow] = (),
        mode: Mode = "replace",
    ) -> Changes:
        """Load the clean rows of a ledger, and keep the others in quarantine.

        The same file once more changes nothing: that it was seen is noted in
        :meth:`imports`, and the version stays.

        Parameters
        ----------
        facilities, designations : geopandas.GeoDataFrame, pandas.DataFrame
            The clean rows. Plaques belong to their facility; None where the file says
            nothing of them, and those of the facilities that stay then stay too.
        load : LoadRecord
            Where they come from; ``what`` is ``facilities``.
        quarantine : sequence of QuarantinedRow
            The rows that are not clean. A facility of which the file has no other row
            stays as it is.
        mode : {"replace", "update"}
            ``replace``: the file is the whole ledger, and facilities that it lacks are
            removed. ``update``: its rows are added or changed, and others stay.

        Returns
        -------
        Changes
            The same as :func:`geo.store.history.compare_ledgers` tells beforehand.
        """

    def undo(self, load_id: int, who: str, at: datetime) -> Changes:
        """Take a whole import back: rows, sources and quarantine stand as before it.

        This is itself an import, of the kind ``undo``; history keeps both. Later
        imports of other kinds stay.

        Raises
        ------
        NotFoundError
            There is no such import.
        UndoError
            A later import of the same kind, or an edit in QGIS, still holds (it is
            named); the import was undone already, is itself an undo, is older than
            the history, or nothing was before it.
        """

    def changes(self, load_id: int) -> Changes:
        """Return what an import changed, field by field; ``unchanged`` are all other rows.

        Raises
        ------
        NotFoundError
            The store's history has no such import.
        """

    def history(self, row_id: str, table: Table = FACILITIES) -> pd.DataFrame:
        """Return every version of a record, oldest first.

        Parameters
        ----------
        row_id : str
            Its key; for designations the facility's id, for population the division.
        table : Table
            Which table it is in.

        Returns
        -------
        pandas.DataFrame
            ``from_load``, ``loaded_at``, ``who``, ``what`` and ``file_name`` of the import
            that wrote it; ``to_load`` and ``to``, when it ceased to hold, NA while it
            does; ``geometry`` where the table has one, and all columns, with the row's
            own file, sheet and row among them.

        Raises
        ------
        NotFoundError
            The table never held it.
        """

    def load_population(
        self,
        population: pd.DataFrame,
        sources: pd.DataFrame,
        load: LoadRecord,
        *,
        quarantine: Sequence[QuarantinedRow] = (),
    ) -> Changes:
        """Put figures in the place of those of the same division, kind and year; others stay.

        The sources are added, or brought up to date where they are there. One
        that only replaced rows referred to goes with them. Rows that are not clean
        are kept in quarantine, as in :meth:`load_facilities`; the same file once more
        changes nothing.
        """

    def replace_boundaries(
        self,
        townships: gpd.GeoDataFrame,
        districts: gpd.GeoDataFrame,
        villages: pd.DataFrame | None,
        sources: pd.DataFrame,
        load: LoadRecord,
    ) -> Changes:
        """Put outlines in the place of the present ones; villages stay where None is given.

        Sources as in :meth:`load_population`.
        """

    def load_villages(
        self,
        villages: pd.DataFrame,
        sources: pd.DataFrame,
        load: LoadRecord,
        *,
        quarantine: Sequence[QuarantinedRow] = (),
    ) -> Changes:
        """Put villages and communities in the place of the present ones.

        Sources and quarantine as in :meth:`load_population`; the same file once more
        changes nothing. A plain frame is one of villages of unknown position.
        """

    def replace_ground(
        self, table: Table, frame: gpd.GeoDataFrame, sources: pd.DataFrame, load: LoadRecord
    ) -> Changes:
        """Put a layer on which coverage rests in the place of the present one.

        Parameters
        ----------
        table : Table
            :data:`geo.core.schema.WEIGHTS` or :data:`geo.core.schema.ROADS`.
        frame : geopandas.GeoDataFrame
            All of its rows; without any, the layer is gone.
        sources : pandas.DataFrame
            As in :meth:`load_population`.
        load : LoadRecord
            Where they come from. The same file once more changes nothing.
        """

    def merge_facilities(
        self, keep: str, others: Sequence[str], *, as_plaques: bool, who: str, at: datetime
    ) -> tuple[Changes, tuple[Note, ...]]:
        """Make facilities one and remember it.

        As :func:`geo.store.facility_merge.merge_facilities` merges them.

        It is an import ``merge`` of its own, that :meth:`undo` takes back.

        Raises
        ------
        NotFoundError, QueryError
            They cannot be one; nothing was changed.
        """

    def merges(self) -> pd.DataFrame:
        """Return the merges that were not taken back, oldest first.

        ``load_id``, of the import; ``keep_id`` and ``other_id``; ``as_plaque``.
        """

    def loads(self) -> pd.DataFrame:
        """Return which files were loaded when, oldest first.

        ``loaded_at``, ``file_name``, ``sha256``, ``what`` and ``row_count``, as in
        :class:`LoadRecord`; those taken back are listed too.
        """

    def imports(self) -> pd.DataFrame:
        """Return all that changed the tables, oldest first, by ``load_id``.

        Beside the fields of :class:`LoadRecord`: how many rows were ``added``,
        ``changed``, ``removed``, ``unchanged`` and ``quarantined`` (NA where it was not
        counted); ``undoes``, the import that it took back; ``undone_by`` and
        ``undone_at``, by which it was taken back. ``what`` is also ``undo``; ``edit``,
        changes in QGIS within a minute of each other, as of the last one; ``upgrade``,
        the rows that were there when a newer program first opened the store; ``merge``.
        """

    def quarantine(self, *, open_only: bool = True) -> pd.DataFrame:
        """Return the rows that wait for a person, oldest first, by ``quarantine_id``.

        A row is resolved by a later version of its file, or by a clean row of its
        facility; it stays in the table with the number of that import.

        Parameters
        ----------
        open_only : bool
            Whether to leave out the rows that are resolved.

        Returns
        -------
        pandas.DataFrame
            ``load_id``, of the import that brought it; ``since_load``, the same, or the
            undo that opened it again; ``resolved_by_load``, NA while it is open;
            ``what``, ``source_file``, ``source_sheet``, ``source_row``, ``facility_id``;
            ``cells`` and ``reasons`` as JSON texts, see
            :class:`geo.core.quarantine.QuarantinedRow`.
        """

    def approval_number(self) -> str | None:
        """Return the map approval number (审图号) that a person entered, if any."""

    def set_approval_number(self, text: str | None) -> None:
        """Keep a map approval number, or forget it.

        Raises
        ------
        BadValueError
            It is longer than 100 characters or holds a control character.
        """

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
