"""Which datum a file's degrees are in: GCJ-02, BD-09 or, as they should be, CGCS2000.

Each row is a witness. Under each hypothesis its position is corrected and held
against what is known: where a known place really is, else its declared township,
else the district's outline. A row *contradicts* a hypothesis where it lies farther
outside its polygon than the polygon may be wrong, so that a schematic township, wrong
by kilometres, says nothing of a shift of 600 m. Of two hypotheses a row votes for
the one that it does not contradict, or that brings it nearer to its known place.

One hypothesis beats another where at least :data:`MIN_TELLING` rows vote,
:data:`MIN_SHARE` of them for it, and so many would be for it by chance (a one-sided
sign test, Dixon and Mood 1946) with a probability of at most 1 − :data:`MIN_CONFIDENCE`.
A shift is concluded only where its hypothesis beats both others; where none does the
answer is "undecided" and positions stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geo.datum import DATUM_LABELS, Datum, Pair, from_bd09, from_gcj02
from geo.intake.messages import Remark, message
from geo.intake.position import EAST, NORTH, SOUTH, WEST
from geo.intake.witnesses import (
    TOLERANCE_M,
    Reference,
    Rows,
    Witnesses,
    chance,
    tolerance_of,
    votes,
)
from geo.terms import Quality

Verdict = Literal["shifted", "unshifted", "undecided"]

HYPOTHESES: Final = (Datum.CGCS2000, Datum.GCJ02, Datum.BD09)
MIN_TELLING: Final = 10
MIN_SHARE: Final = 0.9
MIN_CONFIDENCE: Final = 0.999
MAX_CONTRADICTING: Final = 0.15
"""Of the rows: where more contradict every hypothesis the file is of another district."""
MAX_ROWS: Final = 20_000
"""Rows that are asked; of a longer file they are taken evenly from all of it."""

SHIFTED: Final = message(
    "datum_shifted",
    "坐标像是{datum_zh}，已换算为 CGCS2000（{telling} 处能说明问题的地点中 {support} 处支持，"
    "共 {count} 行）；若不对，请用 --datum 指明坐标系。",
    "Positions look like {datum_en} and were converted to CGCS2000"
    " ({support} of {telling} telling places, {count} rows); if not so, name it with --datum.",
)
UNSHIFTED: Final = message(
    "datum_unshifted",
    "坐标没有偏移，按 CGCS2000 保留"
    "（{telling} 处能说明问题的地点中 {support} 处支持，共 {count} 行）。",
    "Positions are not shifted and stay as they are"
    " ({support} of {telling} telling places, {count} rows).",
)
UNDECIDED: Final = message(
    "datum_undecided",
    "看不出坐标系（共 {count} 行，只有 {telling} 处地点能说明问题），按 CGCS2000 原样保留；"
    "若取自高德、腾讯或百度地图，请用 --datum gcj02 或 bd09 指明。",
    "The datum is not clear ({count} rows, {telling} telling places); positions stay as they"
    " are. If they come from Amap, Tencent or Baidu say --datum gcj02 or bd09.",
)


@dataclass(frozen=True)
class Hypothesis:
    """What the rows say if the file is in one datum.

    Attributes
    ----------
    datum : Datum
        The datum supposed.
    inside : int
        Points inside the district's outline as drawn.
    in_own_township : int
        Points inside the township they declare, as drawn.
    contradicting : int
        Points farther outside their township or the outline than these may be wrong.
    median_residual_m : float
        Of the known places, metres; NaN where there is none.
    """

    datum: Datum
    inside: int
    in_own_township: int
    contradicting: int
    median_residual_m: float


@dataclass(frozen=True)
class DatumGuess:
    """What a file's datum seems to be, and the counts that say so.

    Attributes
    ----------
    datum : Datum
        For :func:`apply_datum`; CGCS2000 unless a shift was concluded.
    verdict : {"shifted", "unshifted", "undecided"}
        "undecided" asks a person to name the datum.
    confidence : float
        That the votes for ``datum`` are no chance, against its nearest rival; 0 where
        undecided.
    count, declared, known : int
        Rows asked (with a position in China, at most :data:`MAX_ROWS`), those whose declared township the reference has, and
        those whose place is known.
    telling, support : int
        Places that vote between ``datum`` and its nearest rival, and those for it.
    hypotheses : tuple of Hypothesis
        In the order of :data:`HYPOTHESES`.
    evidence : Remark
        The conclusion with its numbers.
    """

    datum: Datum
    verdict: Verdict
    confidence: float
    count: int
    declared: int
    known: int
    telling: int
    support: int
    hypotheses: tuple[Hypothesis, ...]
    evidence: Remark


def apply_datum(longitude: npt.ArrayLike, latitude: npt.ArrayLike, datum: Datum) -> Pair:
    """Return positions of a datum as longitudes and latitudes of CGCS2000, degrees.

    Examples
    --------
    >>> [round(float(value), 5) for value in apply_datum(111.475555, 27.19674, Datum.GCJ02)]
    [111.47, 27.2]
    """
    if datum is Datum.GCJ02:
        return from_gcj02(longitude, latitude)
    if datum is Datum.BD09:
        return from_bd09(longitude, latitude)
    return np.array(longitude, dtype=np.float64), np.array(latitude, dtype=np.float64)


def guess_datum(
    longitude: npt.ArrayLike,
    latitude: npt.ArrayLike,
    reference: gpd.GeoDataFrame,
    *,
    declared: Sequence[object] | None = None,
    expected: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    tolerance_m: float | None = None,
    outline_tolerance_m: float = TOLERANCE_M[Quality.GENERALISED],
) -> DatumGuess:
    """Return which datum a file's positions are in, by the rules of this module.

    Parameters
    ----------
    longitude, latitude : array_like of float
        Degrees as the file has them, NaN where unknown; those outside China say nothing.
    reference : geopandas.GeoDataFrame
        Townships in EPSG:4490 indexed by code, with ``quality`` where known.
    declared : sequence of str or None, optional
        The township code that each row declares; others than text say nothing.
    expected : tuple of array_like, optional
        Longitude and latitude of CGCS2000 at which each row is known to stand
        (the same facility in the store, a village's seat), NaN where not known.
    tolerance_m : float, optional
        How far a township's border may be wrong, metres; of the worst ``quality``
        of the reference if not given, :data:`TOLERANCE_M`, schematic if it has none.
    outline_tolerance_m : float
        The same of the outline that the townships make together.

    Returns
    -------
    DatumGuess
        Never a shift on weak evidence.

    Raises
    ------
    BoundaryError
        The reference lies outside the zones of CGCS2000.

    Notes
    -----
    Of 200 simulated files each of 30 to 300 rows over the district shipped (80 m of
    noise, 3% strays, 5% wrong codes) none unshifted was ever taken for shifted, nor one
    shift for the other. Understood in GCJ-02 and in BD-09 were, in percent:

    ==================================================  ======  =====
    evidence                                            GCJ-02  BD-09
    ==================================================  ======  =====
    outline alone, good to 300 m                             2     30
    declared townships as shipped, schematic                 2     24
    declared townships, borders good to 300 m               50     82
    declared townships, borders and outline to 100 m        77     90
    known places of half the rows, good to 150 m            99    100
    ==================================================  ======  =====

    The others were left undecided. Known places that are good to 600 m only tell little.

    Examples
    --------
    >>> from shapely import box
    >>> from geo.datum import to_gcj02
    >>> town = gpd.GeoDataFrame(geometry=[box(111.3, 27.0, 111.6, 27.3)], crs=4490)
    >>> x, y = np.linspace(111.31, 111.59, 30), np.full(30, 27.2)
    >>> guess = guess_datum(*to_gcj02(x, y), town, expected=(x, y))
    >>> guess.datum, guess.verdict, guess.support, guess.telling
    (<Datum.GCJ02: 'gcj02'>, 'shifted', 30, 30)
    >>> guess_datum(x, y, town).verdict
    'undecided'
    """
    rows = _asked(longitude, latitude)
    x, y = _part((longitude, latitude), rows)
    tolerance_m = tolerance_of(reference) if tolerance_m is None else tolerance_m
    district = Reference(reference, tolerance_m, outline_tolerance_m)
    unknown = np.full(rows.shape, np.nan)
    known = _part(expected, rows) if expected is not None else (unknown, unknown)
    told = [None] * len(rows) if declared is None else [declared[row] for row in rows]
    own = district.rows_of(told)
    found = [district.witnesses(apply_datum(x, y, datum), own, known) for datum in HYPOTHESES]
    return _judged(found, district.places((x, y), known))


def _asked(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Rows:
    x, y = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    rows = np.flatnonzero((x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH))
    if len(rows) <= MAX_ROWS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MAX_ROWS).astype(np.int64)]


def _part(pair: tuple[npt.ArrayLike, npt.ArrayLike], rows: Rows) -> Pair:
    first, second = pair
    return np.asarray(first, dtype=np.float64)[rows], np.asarray(second, dtype=np.float64)[rows]


def _judged(found: Sequence[Witnesses], places: Rows) -> DatumGuess:
    tallies = [_nearest_rival(found, one, places) for one in range(len(HYPOTHESES))]
    able = [_beats(*tally) and _fits(rows) for tally, rows in zip(tallies, found, strict=True)]
    chosen = able.index(True) if any(able) else 0
    support, against = tallies[chosen]
    telling, count = support + against, len(places)
    verdict: Verdict = "undecided" if not any(able) else "shifted" if chosen else "unshifted"
    return DatumGuess(
        datum=HYPOTHESES[chosen],
        verdict=verdict,
        confidence=1 - chance(support, telling) if any(able) else 0.0,
        count=count,
        declared=int((~np.isnan(found[0].to_township_m)).sum()),
        known=int((~np.isnan(found[0].to_known_m)).sum()),
        telling=telling,
        support=support,
        hypotheses=tuple(map(_hypothesis, HYPOTHESES, found)),
        evidence=_evidence(verdict, HYPOTHESES[chosen], telling, support, count),
    )


def _nearest_rival(found: Sequence[Witnesses], one: int, places: Rows) -> tuple[int, int]:
    """Return the votes for and against a hypothesis where they are least in its favour."""
    others = [other for row, other in enumerate(found) if row != one]
    tallies = [votes(found[one], other, places) for other in others]
    return min(tallies, key=lambda tally: (_beats(*tally), tally[0] - tally[1]))


def _fits(rows: Witnesses) -> bool:
    """Tell whether few rows contradict a hypothesis, those of known places left aside."""
    asked = np.isnan(rows.to_known_m)
    return int((rows.contradicting & asked).sum()) <= MAX_CONTRADICTING * int(asked.sum())


def _beats(support: int, against: int) -> bool:
    telling = support + against
    enough = telling >= MIN_TELLING and support >= MIN_SHARE * telling
    return enough and chance(support, telling) <= 1 - MIN_CONFIDENCE


def _hypothesis(datum: Datum, rows: Witnesses) -> Hypothesis:
    known = rows.to_known_m[~np.isnan(rows.to_known_m)]
    return Hypothesis(
        datum,
        inside=int((rows.to_outline_m == 0).sum()),
        in_own_township=int((rows.to_township_m == 0).sum()),
        contradicting=int(rows.contradicting.sum()),
        median_residual_m=float(np.median(known)) if known.size else math.nan,
    )


def _evidence(verdict: Verdict, datum: Datum, telling: int, support: int, count: int) -> Remark:
    said = {"shifted": SHIFTED, "unshifted": UNSHIFTED, "undecided": UNDECIDED}[verdict]
    name = DATUM_LABELS[datum]
    return said.remark(
        datum_zh=name.zh, datum_en=name.en, telling=telling, support=support, count=count
    )
