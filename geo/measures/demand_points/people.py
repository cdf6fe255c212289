"""The people of each township, whole and in parts, for one denominator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.core.population import denominators
from geo.core.vocabulary import AGES, PARTS, SETTLEMENTS, Settlement, TownshipKind


def settlement_of(township_kind: str) -> Settlement:
    """Return urban for a subdistrict, rural for a town or township.

    Examples
    --------
    >>> settlement_of("subdistrict").value, settlement_of("town").value
    ('urban', 'rural')
    """
    return Settlement.URBAN if township_kind == TownshipKind.SUBDISTRICT else Settlement.RURAL


@dataclass(frozen=True)
class People:
    """People by township, and which of their parts are the district's shares.

    Attributes
    ----------
    by_township : pandas.DataFrame
        Indexed by ``township_code``: ``population`` and :data:`PARTS`, persons; missing
        where neither the township's row nor the district's shares tell.
    by_share : tuple of str
        Parts that some township does not give, and that were taken by the district's
        share: an estimate, to be named as one.
    """

    by_township: pd.DataFrame
    by_share: tuple[str, ...] = ()


def people_of(
    population: pd.DataFrame, denominator: str, *, district_code: str, townships: pd.DataFrame
) -> People:
    """Return the people of each township, with ages and settlement.

    A township's own figures hold. Ages that it does not give are its population times
    the district's share of that age. Urban and rural people that it does not give are
    all of its population: urban in a subdistrict (街道), rural in a town or township.

    Parameters
    ----------
    population : pandas.DataFrame
        As :data:`geo.core.schema.POPULATION` lists it.
    denominator : str
        For example ``resident-2020``.
    district_code : str
        Whose row gives the shares.
    townships : pandas.DataFrame
        Indexed by ``township_code``, with ``kind``.

    Examples
    --------
    >>> table = pd.DataFrame({"division_code": ["430503", "430503001"], "year": 2020,
    ...     "population_kind": "resident", "population": [1000, 100],
    ...     "population_0_14": [200, None]})
    >>> towns = pd.DataFrame({"kind": ["subdistrict"]}, index=["430503001"])
    >>> found = people_of(table, "resident-2020", district_code="430503", townships=towns)
    >>> found.by_township.loc["430503001", ["population_0_14", "urban_population"]].tolist()
    [20.0, 100.0]
    >>> found.by_share
    ('population_0_14',)
    """
    rows = population[denominators(population) == denominator].set_index("division_code")
    names = ["population", *PARTS]
    figures = rows.reindex(columns=names).astype("float64")
    found = figures.reindex(townships.index)
    district = figures.reindex([district_code]).iloc[0]
    by_share = []
    for name in AGES:
        estimate = found["population"] * (district[name] / district["population"])
        taken = found[name].isna() & estimate.notna()
        found[name] = found[name].where(~taken, estimate)
        by_share += [name] * bool(taken.any())
    urban = pd.Series(np.where(townships["kind"] == "subdistrict", 1.0, 0.0), townships.index)
    neither = found[list(SETTLEMENTS)].isna().all(axis="columns")
    for name, share in (("urban_population", urban), ("rural_population", 1 - urban)):
        found[name] = found[name].where(~neither, found["population"] * share)
    # One of the two tells the other.
    for name, other in (SETTLEMENTS, SETTLEMENTS[::-1]):
        found[name] = found[name].fillna(found["population"] - found[other])
    return People(found.rename_axis(townships.index.name), tuple(by_share))
