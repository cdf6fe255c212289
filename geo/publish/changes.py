"""What changed between two states of a collection, and the token that names a state."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Self, TypeVar

import numpy as np
import numpy.typing as npt

from geo.core.errors import QueryError
from geo.core.geojson import FeatureSet
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.publish")

_TOKEN: Final = re.compile(r"(\d{1,15})\.(\d{4}-\d{2}-\d{2})\.([0-9a-f]{16})", re.ASCII)
_HEX: Final = 16

Rows = npt.NDArray[np.intp]
Some = TypeVar("Some", Rows, tuple[str, ...])


@dataclass(frozen=True)
class FeatureChanges:
    """What must be done to a copy of the earlier features so that it is the later ones.

    Attributes
    ----------
    features : FeatureSet
        The later ones.
    added, changed : numpy.ndarray of int
        Their rows that the earlier lacked, or had otherwise; in the order of the ids.
    removed : tuple of str
        Ids of the earlier ones that are no more.
    """

    features: FeatureSet
    added: Rows
    changed: Rows
    removed: tuple[str, ...]

    @property
    def rows(self) -> Rows:
        """The rows of all features that are to be written, the added ones first."""
        return np.concatenate([self.added, self.changed])

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.added) + len(self.changed) + len(self.removed)

    def page(self, first: int, size: int) -> FeatureChanges:
        """Return so many of them from one on: added, then changed, then removed.

        Examples
        --------
        >>> row = np.array([b"{}"], dtype=object)
        >>> one = FeatureSet(row, np.array([None]), {}, {"a": 0})
        >>> changes_between(None, one).page(1, 10).count
        0
        """
        to_changed = first - len(self.added)
        to_removed = to_changed - len(self.changed)
        return FeatureChanges(
            self.features,
            _part(self.added, first, size),
            _part(self.changed, to_changed, size),
            _part(self.removed, to_removed, size),
        )


def _part(whole: Some, first: int, size: int) -> Some:
    return whole[max(first, 0) : max(first + size, 0)]


def changes_between(before: FeatureSet | None, after: FeatureSet) -> FeatureChanges:
    """Return what changed between two states of a collection, told by ids and bytes.

    Bytes are all that a client sees of a feature; so a change of what the profile leaves
    out is none, and a row that it ceased to carry is removed.

    Parameters
    ----------
    before : FeatureSet or None
        The earlier state; None where the client has nothing.
    after : FeatureSet
        The later one.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.core.geojson import encode
    >>> def of(**n):
    ...     places = [None] * len(n)
    ...     return encode(gpd.GeoDataFrame({"n": list(n.values())}, geometry=places, index=[*n]))
    >>> found = changes_between(of(a=1, b=2, c=3), of(b=2, c=4, d=5))
    >>> found.added.tolist(), found.changed.tolist(), found.removed
    ([2], [1], ('a',))
    """
    was = {} if before is None else dict(zip(before.ids, before.encoded, strict=True))
    then = [was.get(feature_id) for feature_id in after.ids]
    new = np.array([encoded is None for encoded in then], dtype=bool)
    same = np.array(
        [one == other for one, other in zip(then, after.encoded, strict=True)], dtype=bool
    )
    return FeatureChanges(
        after,
        np.flatnonzero(new),
        np.flatnonzero(~new & ~same),
        tuple(feature_id for feature_id in was if feature_id not in after.ids),
    )


@dataclass(frozen=True)
class ChangeToken:
    """Names one answer: the import and the date that it was of, and on what it rested.

    Attributes
    ----------
    number : int
        Of the last import that was known.
    on : datetime.date
        The date that was asked for.
    digest : str
        Of everything else that the answer rested on.
    """

    number: int
    on: date
    digest: str

    def __str__(self) -> str:
        return f"{self.number}.{self.on.isoformat()}.{self.digest}"

    @classmethod
    def of(cls, number: int, on: date, ground: Iterable[object]) -> Self:
        """Return the token of an answer that rested on some ground.

        Examples
        --------
        >>> str(ChangeToken.of(12, date(2025, 12, 31), ("x",)))
        '12.2025-12-31.45cba2f0ee8bc550'
        """
        text = "\n".join(map(str, (number, on, *ground)))
        return cls(number, on, hashlib.sha256(text.encode()).hexdigest()[:_HEX])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return a token as it was written.

        Raises
        ------
        QueryError
            It is none.

        Examples
        --------
        >>> ChangeToken.parse("12.2025-12-31.0123456789abcdef").number
        12
        """
        found = _TOKEN.fullmatch(text)
        if found is None:
            raise _malformed()
        try:
            return cls(int(found[1]), date.fromisoformat(found[2]), found[3])
        except ValueError as error:
            raise _malformed() from error


def _malformed() -> QueryError:
    return QueryError(**TEXT.both("since_takes_next_earlier_answer"))
