"""Residents of a district and its townships, by denominator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from geo.core.errors import Lang, ScenarioError
from geo.core.sentences import Sentences
from geo.core.vocabulary import LABELS, PopulationKind, Quality

TEXT: Final = Sentences("geo.core")


@dataclass(frozen=True)
class Residents:
    """One denominator: the people of the district and of each township.

    Attributes
    ----------
    denominator : str
        ``<population kind>-<year>``.
    district : float
        People in the district; the district's own row, else the townships' sum.
    by_township : pandas.Series
        People by ``township_code``; missing where no row gives them.
    quality_by_township : pandas.Series
        A :class:`geo.core.vocabulary.Quality` value by ``township_code``.
    """

    denominator: str
    population_kind: PopulationKind
    year: int
    district: float
    quality: Quality
    source_id: str
    basis: str | None
    by_township: pd.Series
    quality_by_township: pd.Series

    @property
    def unaccounted(self) -> float:
        """District less the sum of its townships; 0 when they agree or some are unknown."""
        if self.by_township.isna().any():
            return 0.0
        return self.district - float(self.by_township.sum())

    def title(self, lang: Lang = "zh") -> str:
        """Return kind and year in words, for example 「常住人口 2020年」."""
        kind = LABELS[PopulationKind][self.population_kind]
        return TEXT.text("population", lang, kind=kind, year=self.year)


def denominators(population: pd.DataFrame) -> pd.Series:
    """Return the denominator of each row of a population table.

    Examples
    --------
    >>> denominators(pd.DataFrame({"population_kind": ["resident"], "year": [2020]})).tolist()
    ['resident-2020']
    """
    kind, year = population["population_kind"], population["year"]
    joined = kind.astype("str") + "-" + year.astype("Int64").astype("str")
    return joined.rename("denominator")


AUTO: Final = "auto"


def chosen_denominator(population: pd.DataFrame, asked: str, *, district_code: str) -> str:
    """Return the denominator that ``auto`` stands for, and any other as it is.

    The latest census of residents, else the latest figure of residents, else of the
    registered; judged by the district's own row where there is one.

    Examples
    --------
    >>> table = pd.DataFrame({"division_code": "430503", "population_kind": "resident",
    ...     "year": [2020, 2023], "quality": ["census", "reported"]})
    >>> chosen_denominator(table, "auto", district_code="430503")
    'resident-2020'
    """
    if asked != AUTO or population.empty:
        return asked
    own = population[population["division_code"] == district_code]
    rows = own if len(own) else population
    ranks = pd.DataFrame(
        {
            "resident": rows["population_kind"] == PopulationKind.RESIDENT.value,
            "census": rows["quality"] == Quality.CENSUS.value,
            "year": rows["year"].astype("int64"),
        }
    )
    best = ranks.sort_values(["resident", "census", "year"], kind="stable").index[-1]
    return str(denominators(rows.loc[[best]]).iloc[0])


def residents(
    population: pd.DataFrame, denominator: str, *, district_code: str, township_codes: pd.Index
) -> Residents:
    """Return the people of a district and of its townships for one denominator.

    Parameters
    ----------
    population : pandas.DataFrame
        As :data:`geo.core.schema.POPULATION` lists it, one row for each division.
    denominator : str
        For example ``resident-2020``.
    district_code : str
        Six digits; its row, if there is one, is the district's number.
    township_codes : pandas.Index
        The townships to answer for.

    Returns
    -------
    Residents
        Townships without a row are missing, not zero.

    Raises
    ------
    ScenarioError
        The table has no row of this denominator; the message lists those it has.

    Examples
    --------
    >>> table = pd.DataFrame({"division_code": ["430503", "430503001"],
    ...     "population_kind": "resident", "year": 2020, "population": [100, 100],
    ...     "quality": "census", "source_id": "s", "basis": None})
    >>> residents(table, "resident-2020", district_code="430503",
    ...           township_codes=pd.Index(["430503001"])).district
    100.0
    """
    of_row = denominators(population)
    rows = population[of_row == denominator].set_index("division_code")
    if population.empty:
        raise ScenarioError(**TEXT.both("store_has_no_population"))
    if rows.empty:
        known = "、".join(sorted(of_row.unique()))
        raise ScenarioError(**TEXT.both("no_such_population", denominator=denominator, known=known))
    by_township = rows["population"].astype("float64").reindex(township_codes)
    own = rows.loc[[district_code]] if district_code in rows.index else rows
    head = own.iloc[0]
    total = own["population"].iloc[0] if own is not rows else by_township.sum()
    return Residents(
        denominator=denominator,
        population_kind=PopulationKind(head["population_kind"]),
        year=int(head["year"]),
        district=float(total),
        quality=Quality(head["quality"]),
        source_id=str(head["source_id"]),
        basis=None if pd.isna(head["basis"]) else str(head["basis"]),
        by_township=by_township.rename("population"),
        quality_by_township=rows["quality"].reindex(township_codes),
    )
