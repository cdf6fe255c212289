"""What counts on a date: which facilities operate, what they are, and their counted area.

Whether an area counts is decided once, in :func:`count_area`, and every facility
carries the reason. ``docs/methods.md`` tells how the three calibers read the plan.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.core.vocabulary import (
    CALIBER_KINDS,
    DESIGNATED_BASE_KINDS,
    NATIONAL_STATISTICS_FLOOR_AREA_M2,
    Caliber,
    CountReason,
    Kind,
    Scope,
    Status,
    Verification,
)
from geo.measures.first_match import Mask, first_match

UNKNOWN_REASONS: Final = frozenset(
    {
        CountReason.AREA_UNKNOWN,
        CountReason.FLOOR_AREA_UNKNOWN,
        CountReason.OPENNESS_UNKNOWN,
        CountReason.RUN_BY_UNKNOWN,
    }
)
"""Reasons after which the indicator is a lower bound: more might count than is known."""


def operating_on(facilities: pd.DataFrame, on: date) -> pd.Series:
    """Return whether each facility operates on a date.

    The day of opening counts, the day of closing does not. A facility that is
    closed today operated until ``closed_on``; closed without a date, it never
    counts. Without an opening date it is taken to have always operated.

    Parameters
    ----------
    facilities : pandas.DataFrame
        With ``status``, ``opened_on`` and ``closed_on``.
    on : datetime.date
        The date asked for.

    Returns
    -------
    pandas.Series
        Booleans on the same index.

    Examples
    --------
    >>> ledger = pd.DataFrame({"status": ["operating", "closed"],
    ...     "opened_on": pd.to_datetime(["2022-05-01", None]),
    ...     "closed_on": pd.to_datetime([None, "2023-05-01"])})
    >>> operating_on(ledger, date(2022, 4, 30)).tolist()
    [False, True]
    >>> operating_on(ledger, date(2023, 5, 1)).tolist()
    [True, False]
    """
    not_yet = _not_open_yet(facilities, on)
    return pd.Series(_runs(facilities, on) & ~not_yet, index=facilities.index, name="operating")


def _not_open_yet(facilities: pd.DataFrame, on: date) -> Mask:
    later: Mask = (facilities["opened_on"] > pd.Timestamp(on)).to_numpy(dtype=bool)
    return later


def _runs(facilities: pd.DataFrame, on: date) -> Mask:
    operating = (facilities["status"] == Status.OPERATING.value).to_numpy(dtype=bool)
    closed = (facilities["status"] == Status.CLOSED.value).to_numpy(dtype=bool)
    day = pd.Timestamp(on)
    undated = facilities["closed_on"].isna().to_numpy(dtype=bool)
    closed_later = (facilities["closed_on"] > day).to_numpy(dtype=bool)
    runs: Mask = (operating & (undated | closed_later)) | (closed & closed_later)
    return runs


def serving_on(facilities: pd.DataFrame, on: date) -> pd.Series:
    """Return who serves residents on a date, wherever it stands and whatever its area.

    It operates, is known to be open to the public, and is verified.

    Examples
    --------
    >>> ledger = pd.DataFrame({"status": ["operating"] * 2, "opened_on": pd.to_datetime([None] * 2),
    ...     "closed_on": pd.to_datetime([None] * 2), "open_to_public": [True, None],
    ...     "verification": ["verified"] * 2})
    >>> serving_on(ledger, date(2025, 12, 31)).tolist()
    [True, False]
    """
    return (
        operating_on(facilities, on)
        & facilities["open_to_public"].fillna(False).astype(bool)
        & (facilities["verification"] == Verification.VERIFIED.value)
    )


def valid_designations(designations: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return the plaques that are valid on a date, both end dates included.

    Examples
    --------
    >>> plaques = pd.DataFrame({"status": ["operating", None],
    ...     "valid_from": pd.to_datetime(["2021-01-01", "2024-01-01"]),
    ...     "valid_to": pd.to_datetime(["2023-12-31", None])})
    >>> valid_designations(plaques, date(2023, 12, 31)).index.tolist()
    [0]
    """
    day = pd.Timestamp(on)
    begun = designations["valid_from"].isna() | (designations["valid_from"] <= day)
    not_ended = designations["valid_to"].isna() | (designations["valid_to"] >= day)
    status = designations["status"]
    in_force = status.isna() | (status == Status.OPERATING.value)
    return designations[begun & not_ended & in_force]


def kinds_on(facilities: pd.DataFrame, designations: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return every kind that each place has on a date: its own and its plaques'.

    Returns
    -------
    pandas.DataFrame
        ``facility_id``, ``kind`` and ``designated`` (whether by a plaque), without
        repeats; a plaque that names no kind stands for the place's own.
    """
    own = facilities["kind"]
    by_place = pd.DataFrame({"facility_id": own.index, "kind": own.to_numpy(), "designated": False})
    plaques = valid_designations(designations, on)
    plaques = plaques[plaques["facility_id"].isin(facilities.index)]
    kind = plaques["kind"].where(
        plaques["kind"].notna(), plaques["facility_id"].map(own).astype("str")
    )
    by_plaque = pd.DataFrame(
        {
            "facility_id": plaques["facility_id"].to_numpy(),
            "kind": kind.to_numpy(),
            "designated": True,
        }
    )
    return pd.concat([by_place, by_plaque], ignore_index=True).drop_duplicates(ignore_index=True)


def count_area(
    facilities: pd.DataFrame,
    designations: pd.DataFrame,
    *,
    on: date,
    caliber: Caliber,
    scope: Scope,
) -> pd.DataFrame:
    """Decide for each facility whether its exhibition area counts, and how much.

    The place counts once, however many plaques hang on its door. Where it stands
    is not asked here: see :func:`geo.measures.provision.provision`.

    Parameters
    ----------
    facilities, designations : pandas.DataFrame
        As :mod:`geo.core.schema` lists them; facilities indexed by ``facility_id``.
    on : datetime.date
        The date as of which is counted.
    caliber : Caliber
        A narrow statistics, B assessed, C broad.
    scope : Scope
        All facilities, or those that the district runs.

    Returns
    -------
    pandas.DataFrame
        On the index of ``facilities``: ``count_reason`` (one of
        :class:`geo.core.vocabulary.CountReason`), ``counted_area_m2`` (0 when it does not
        count, missing when it would count but is unknown) and ``operating``.
    """
    admitted, needs_designation = _admitted(facilities, designations, on, caliber)
    runs, not_yet = _runs(facilities, on), _not_open_yet(facilities, on)
    unknown_area = facilities["exhibition_area_m2"].isna().to_numpy()
    # The first test that holds gives the reason: what a thing is, then whether
    # it was there, then whether its area is known.
    tests: list[tuple[CountReason, Mask]] = [
        (CountReason.NOT_DESIGNATED, needs_designation),
        (CountReason.KIND_NOT_COUNTED, ~admitted),
        (CountReason.NOT_OPERATING, ~runs),
        (CountReason.NOT_OPEN_YET, not_yet),
        (
            CountReason.PENDING,
            (facilities["verification"] != Verification.VERIFIED.value).to_numpy(dtype=bool),
        ),
        *_yes_or_no(
            facilities["open_to_public"],
            CountReason.NOT_OPEN_TO_PUBLIC,
            CountReason.OPENNESS_UNKNOWN,
        ),
    ]
    if scope is Scope.DISTRICT_RUN:
        tests += _yes_or_no(
            facilities["district_run"], CountReason.NOT_DISTRICT_RUN, CountReason.RUN_BY_UNKNOWN
        )
    if caliber is Caliber.NARROW_STAT:
        floor_area = facilities["floor_area_m2"]
        too_small = (floor_area < NATIONAL_STATISTICS_FLOOR_AREA_M2).to_numpy()
        tests.append((CountReason.FLOOR_AREA_TOO_SMALL, too_small))
        tests.append((CountReason.FLOOR_AREA_UNKNOWN, floor_area.isna().to_numpy()))
    ratio = _shared_use_ratio(facilities)
    tests.append((CountReason.SHARED_USE_NOT_APPROVED, np.isnan(ratio)))
    tests.append((CountReason.AREA_UNKNOWN, unknown_area))
    return _decided(facilities, tests, ratio).assign(operating=runs & ~not_yet)


def _admitted(
    facilities: pd.DataFrame, designations: pd.DataFrame, on: date, caliber: Caliber
) -> tuple[Mask, Mask]:
    """Return who is of a kind that counts, and which bases lack the plaque they need."""
    plaques = valid_designations(designations, on)
    own = facilities["kind"]
    by_kind = _has_kind(facilities, plaques, CALIBER_KINDS[caliber])
    if caliber is Caliber.NARROW_STAT:
        return by_kind, np.zeros(len(facilities), dtype=bool)
    plaque_kind = _plaque_kind(plaques, own)
    designated = plaques.loc[plaque_kind.isin(DESIGNATED_BASE_KINDS), "facility_id"]
    is_designated = facilities.index.isin(designated)
    is_base = own.isin(DESIGNATED_BASE_KINDS).to_numpy()
    admitted = by_kind | is_designated
    return admitted, is_base & ~admitted


def _has_kind(facilities: pd.DataFrame, plaques: pd.DataFrame, kinds: frozenset[Kind]) -> Mask:
    by_plaque = plaques.loc[plaques["kind"].isin(kinds), "facility_id"]
    found: Mask = facilities["kind"].isin(kinds).to_numpy()
    return found | facilities.index.isin(by_plaque) if len(by_plaque) else found


def _plaque_kind(plaques: pd.DataFrame, own: pd.Series) -> pd.Series:
    """Return each plaque's kind; one that names none stands for the place's own kind."""
    return plaques["kind"].where(
        plaques["kind"].notna(), plaques["facility_id"].map(own).astype("str")
    )


def _yes_or_no(
    answer: pd.Series, no: CountReason, unknown: CountReason
) -> list[tuple[CountReason, Mask]]:
    return [
        (no, (~answer.astype("boolean")).fillna(False).to_numpy(dtype=bool)),
        (unknown, answer.isna().to_numpy()),
    ]


def _shared_use_ratio(facilities: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return 1 for a hall of its own, the approved ratio for a shared one, NaN if none is."""
    shared = facilities["shared_use"].fillna(False).to_numpy(dtype=bool)
    ratio = facilities["shared_use_ratio"].to_numpy(dtype=np.float64)
    return np.where(shared, ratio, 1.0)


def _decided(
    facilities: pd.DataFrame,
    tests: list[tuple[CountReason, Mask]],
    ratio: npt.NDArray[np.float64],
) -> pd.DataFrame:
    reason = first_match(tests, default=CountReason.COUNTED, index=facilities.index)
    counts = (reason == CountReason.COUNTED.value).to_numpy(dtype=bool)
    unknown = reason.isin(UNKNOWN_REASONS).to_numpy()
    area = facilities["exhibition_area_m2"].to_numpy(dtype=np.float64) * ratio
    counted = np.where(counts, area, np.where(unknown, np.nan, 0.0))
    return pd.DataFrame(
        {
            "count_reason": reason,
            "counted_area_m2": counted,
        },
        index=facilities.index,
    )
