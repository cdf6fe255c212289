"""How unequally something is shared among areas: Gini, Theil with its parts, the Lorenz curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.core.errors import BadValueError
from geo.core.sentences import Sentences, Words

TEXT: Final = Sentences("geo.measures")

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Inequality:
    """How unequally an amount per resident is shared, and among how many units.

    Attributes
    ----------
    gini : float
        0 when everybody has the same, towards 1 when one has all; NaN when there is
        nothing to share.
    theil : float
        0 when everybody has the same, ln(P) at most; the sum of its two parts.
    theil_between, theil_within : float
        Between the groups, and within them.
    theil_of_group : pandas.Series
        Theil's index within each group, by group; ``theil_within`` is their mean,
        weighted by the groups' shares of the amount.
    lorenz : pandas.DataFrame
        ``population_share`` and ``amount_share``, cumulated from the worst off on; the
        first row is (0, 0), the last (1, 1).
    unit_count, unknown_count : int
        Units that the figures rest on, and inhabited units left out because their
        amount is unknown.
    """

    gini: float
    theil: float
    theil_between: float
    theil_within: float
    theil_of_group: pd.Series
    lorenz: pd.DataFrame
    unit_count: int
    unknown_count: int


def inequality(rates: pd.Series, population: pd.Series, group: pd.Series) -> Inequality:
    """Return how unequally a rate per resident is spread, every resident counted once.

    With p_i the residents of a unit, x_i its rate, P = sum p, m = sum(p x) / P and
    s_i = p_i x_i / (P m) its share of the amount::

        Gini  = sum_i sum_j p_i p_j |x_i - x_j| / (2 m P^2)
        Theil = sum_i s_i ln(x_i / m)
              = sum_g S_g ln(m_g / m)  +  sum_g S_g Theil_g     (between and within)

    with S_g the share of a group and m_g its mean; 0 ln 0 is 0.

    Parameters
    ----------
    rates : pandas.Series
        Amount per resident (or per 10,000, which changes nothing), by unit; missing
        where unknown.
    population : pandas.Series
        Residents on the same index. Units without residents weigh nothing.
    group : pandas.Series
        On the same index, for example urban and rural.

    Raises
    ------
    BadValueError
        A rate or a number of residents is negative or infinite.
    ValueError
        The three are not on one index.

    References
    ----------
    Gini 1912; Theil 1967, Economics and Information Theory, ch. 4; the weighted forms
    as in Shorrocks 1980, Econometrica 48, 613-625, doi:10.2307/1913126.

    Examples
    --------
    >>> found = inequality(pd.Series([0.0, 200.0]), pd.Series([5_000, 5_000]),
    ...                    pd.Series(["urban", "rural"]))
    >>> found.gini, round(found.theil, 4), round(found.theil_between, 4)  # ln 2
    (0.5, 0.6931, 0.6931)
    """
    if not (rates.index.equals(population.index) and rates.index.equals(group.index)):
        raise ValueError("rates, population and group are on one index")
    _check(rates, *TEXT.words("rate"))
    _check(population, *TEXT.words("number_of_residents_2"))
    inhabited = (population > 0).to_numpy()
    known = inhabited & rates.notna().to_numpy()
    x = rates.to_numpy(dtype="float64")[known]
    p = population.to_numpy(dtype="float64")[known]
    groups = group[known].astype("str")
    of_group = _theil_of_groups(x, p, groups)
    shares = pd.Series(p * x, groups.index).groupby(groups).sum()
    total = shares.sum()
    within = float((of_group * shares).sum() / total) if total > 0 else np.nan
    theil = _theil(x, p)
    curve = _lorenz(x, p)
    return Inequality(
        gini=_gini(curve),
        theil=theil,
        theil_between=theil - within,
        theil_within=within,
        theil_of_group=of_group,
        lorenz=curve,
        unit_count=int(known.sum()),
        unknown_count=int((inhabited & ~known).sum()),
    )


def _check(values: pd.Series, zh: str, en: str) -> None:
    numbers = values.to_numpy(dtype="float64")
    wrong = np.flatnonzero((numbers < 0) | np.isinf(numbers))
    if len(wrong):
        name = str(values.index[wrong[0]])[:100]
        raise BadValueError(
            **TEXT.both("of_is_negative_or_infinite_2", name=name, what=Words(zh, en))
        )


def _theil(x: _Floats, p: _Floats) -> float:
    amount = float((p * x).sum())
    if not amount > 0:
        return float("nan")
    mean = amount / p.sum()
    some = x > 0
    # Sums of parts that cancel: nobody's inequality is below zero.
    return max(0.0, float((p[some] * x[some] / amount * np.log(x[some] / mean)).sum()))


def _theil_of_groups(x: _Floats, p: _Floats, groups: pd.Series) -> pd.Series:
    labels = groups.to_numpy()
    names = sorted(set(labels))
    values = [_theil(x[labels == name], p[labels == name]) for name in names]
    return pd.Series(values, index=pd.Index(names, dtype="str"), dtype="float64")


def _lorenz(x: _Floats, p: _Floats) -> pd.DataFrame:
    order = np.argsort(x, kind="stable")
    people, amount = np.cumsum(p[order]), np.cumsum((p * x)[order])
    if not (len(amount) and amount[-1] > 0):
        return pd.DataFrame(columns=["population_share", "amount_share"], dtype="float64")
    return pd.DataFrame(
        {
            "population_share": np.concatenate([[0.0], people / people[-1]]),
            "amount_share": np.concatenate([[0.0], amount / amount[-1]]),
        }
    )


def _gini(curve: pd.DataFrame) -> float:
    """Return one minus twice the area under the curve, which is the double sum exactly."""
    if curve.empty:
        return float("nan")
    people, amount = curve["population_share"].to_numpy(), curve["amount_share"].to_numpy()
    under = float((np.diff(people) * (amount[1:] + amount[:-1])).sum())
    return max(0.0, 1.0 - under)
