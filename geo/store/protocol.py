"""What any store can do, whatever it keeps the district in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Literal, Protocol, Self

import geopandas as gpd
import pandas as pd

from geo.district import DistrictData

Loaded = Literal["facilities", "population", "boundaries", "district"]
"""What a load put into the store."""


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """Where the rows of one load came from; kept with them, so that a figure can be traced.

    Attributes
    ----------
    loaded_at : datetime.datetime
        In UTC, kept to the millisecond; one without a time zone is refused.
    file_name : str
        The name alone, without the folder.
    sha256 : str
        Of the file's bytes, 64 hexadecimal digits.
    what : {"facilities", "population", "boundaries", "district"}
        Which part of the store the load replaced.
    row_count : int
        Rows read from the file.

    Examples
    --------
    >>> from datetime import UTC
    >>> LoadRecord(datetime(2025, 3, 1, tzinfo=UTC), "台账.xlsx", "0" * 64, "facilities", 3).what
    'facilities'
    """

    loaded_at: datetime
    file_name: str
    sha256: str
    what: Loaded
    row_count: int

    def __post_init__(self) -> None:
        if self.loaded_at.tzinfo is None:
            raise ValueError("loaded_at needs a time zone")


class Store(Protocol):
    """Keeps one district; every write is all or nothing, and readers never wait for it.

    Frames are those of :class:`geo.district.DistrictData`, with the columns of
    :mod:`geo.columns` and geometry in EPSG:4490; the key may be the index or a
    column. Frames handed over are never changed. The methods may be called from
    several threads at once.

    Any method raises :class:`geo.errors.StoreError` when the store cannot be
    read or written. The ``replace_*`` methods raise

    - :class:`geo.errors.StoreBusyError`: another process is writing, and went on
      for longer than this store waits;
    - :class:`geo.errors.TableError`: a frame lacks a required column;
    - :class:`geo.errors.DuplicateError`: two rows have the same key;
    - :class:`geo.errors.DataError`: a value or geometry breaks the data dictionary;

    and leave the store as it was.
    """

    def version(self) -> int:
        """Return a number that grows with each commit, whichever process made it; 0 when new."""

    def read_district(self) -> DistrictData:
        """Return everything, as it stood at one version, in the order in which it was written."""

    def replace_district(self, data: DistrictData, load: LoadRecord) -> None:
        """Put a district in the place of all that is there; approval number and loads stay."""

    def replace_facilities(
        self, facilities: gpd.GeoDataFrame, designations: pd.DataFrame, load: LoadRecord
    ) -> None:
        """Put a ledger in the place of the present one."""

    def replace_population(
        self, population: pd.DataFrame, sources: pd.DataFrame, load: LoadRecord
    ) -> None:
        """Put figures in the place of those of the same kind and year; others stay.

        The sources are added, or brought up to date where they are there. One
        that only replaced rows referred to goes with them.
        """

    def replace_boundaries(
        self,
        townships: gpd.GeoDataFrame,
        districts: gpd.GeoDataFrame,
        villages: pd.DataFrame | None,
        sources: pd.DataFrame,
        load: LoadRecord,
    ) -> None:
        """Put outlines in the place of the present ones; villages stay where None is given.

        Sources as in :meth:`replace_population`.
        """

    def loads(self) -> pd.DataFrame:
        """Return what was loaded when, oldest first: the fields of :class:`LoadRecord`."""

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
