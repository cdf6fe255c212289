"""Where the rows of a load came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Loaded = Literal[
    "facilities", "population", "boundaries", "district", "villages", "weights", "roads"
]
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
    what : Loaded
        Which part of the store the load replaced.
    row_count : int
        Rows read from the file.
    who : str
        Who loads it, as they call themselves; may be empty.

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
    who: str = ""

    def __post_init__(self) -> None:
        if self.loaded_at.tzinfo is None:
            raise ValueError("loaded_at needs a time zone")
