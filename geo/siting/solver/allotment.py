"""Allotment as a mixed-integer programme with lexicographic objectives."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from geo.core.errors import SitingError, TableError
from geo.core.sentences import Sentences, Words
from geo.core.vocabulary import PER_10K
from geo.siting.model import Flags, Floats, Positions, Progress
from geo.siting.solver.highs import MilpModel, Rows, SolverResult, solve_milp

TEXT: Final = Sentences("geo.siting")

Budgets = tuple[float, float]
"""Upper limits of added area in m², and of money."""


@dataclass(frozen=True)
class AllotmentResult:
    """The result of an allotment.

    Attributes
    ----------
    added : numpy.ndarray
        Of each site, in m².
    reaches : bool
        Whether the target is reached.
    bound : float
        Of the first objective.
    is_proven : bool
        Whether the first objective is proven optimal.
    """

    added: Floats
    reaches: bool
    bound: float
    is_proven: bool


def solve_allotment(
    table: AllotmentTable,
    budgets: Budgets,
    *,
    spares_money: bool,
    deadline: float,
    gap: float,
    progress: Progress | None,
) -> AllotmentResult:
    """Return the least area or money that reaches the target, or the smallest shortfall.

    Minimise ``sum(q_j)`` (or its cost) subject to ``sum of q_j in group g >= missing_g`` and
    ``q_j = 0 or least_j <= q_j <= most_j`` (semi-continuous). Where the budgets do not suffice:
    minimise the sum of the shortfalls, then the greatest one, then the area or cost.

    Parameters
    ----------
    table : AllotmentTable
        Sites and groups.
    budgets : tuple of float
        m² and money.
    spares_money : bool
        Whether cost is minimised instead of area.
    deadline : float
        On the clock of :func:`time.monotonic`.
    gap : float
        Relative gap that is good enough.
    progress : callable or None
        Called with objective, bound and seconds; False ends the run.

    Returns
    -------
    AllotmentResult
        Areas in m².

    Raises
    ------
    SitingError
        The budgets do not pay for any site of a group that lacks area.
    """
    if not (table.missing > 0).any():
        return AllotmentResult(np.zeros(len(table.sites)), True, 0.0, True)
    stages = _StagedModel(
        table, budgets, spares_money=spares_money, deadline=deadline, gap=gap, progress=progress
    )
    full = stages.minimise(stages.spending, short=0.0)
    if full.values is not None:
        added = stages.added(full, 0.0)
        return AllotmentResult(added, True, full.bound, full.status == "optimal")
    _require_sufficient_budget(table, budgets)
    return stages.shortest()


class _StagedModel:
    """One model, solved for one objective after another.

    Columns: added area and opening of each site, shortfall in m² of each group, the greatest of
    these.
    """

    def __init__(
        self,
        table: AllotmentTable,
        budgets: Budgets,
        *,
        spares_money: bool,
        deadline: float,
        gap: float,
        progress: Progress | None,
    ) -> None:
        self.table, self.deadline, self.gap, self.progress = table, deadline, gap, progress
        self.sites, self.groups = len(table.sites), len(table.missing)
        self.spending = self._spending(spares_money)
        self.shortage = np.zeros(len(self.spending))
        self.shortage[2 * self.sites : -1] = 1.0
        self.worst = np.zeros(len(self.spending))
        self.worst[-1] = 1.0
        self.model = self._model(budgets)

    def _spending(self, money: bool) -> Floats:
        table = self.table
        area = np.concatenate([np.ones(self.sites), np.zeros(self.sites)])
        price = np.concatenate([table.cost_per_m2, table.fixed_cost])
        return np.concatenate([price if money else area, np.zeros(self.groups + 1)])

    def _model(self, budgets: Budgets) -> MilpModel:
        """Return the model: maxima and minima of sites, targets, greatest shortfall, budgets."""
        table, sites, groups = self.table, self.sites, self.groups
        site, group = np.arange(sites), np.arange(groups)
        columns = 2 * sites + groups + 1
        entries = [
            (site, site, np.ones(sites)), (site, sites + site, -table.most),
            (sites + site, site, np.ones(sites)), (sites + site, sites + site, -table.least),
            (2 * sites + table.group, site, np.ones(sites)),
            (2 * sites + group, 2 * sites + group, np.ones(groups)),
            (2 * sites + groups + group, 2 * sites + group, -np.ones(groups)),
            (2 * sites + groups + group, np.full(groups, columns - 1), np.ones(groups)),
        ]  # fmt: skip
        row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
        count = 2 * sites + 2 * groups
        rows = coo_array((value, (row, column)), shape=(count, columns)).tocsr()
        lower = np.concatenate(
            [np.full(sites, -np.inf), np.zeros(sites), table.missing, np.zeros(groups)]
        )
        upper = np.concatenate([np.zeros(sites), np.full(count - sites, np.inf)])
        most = np.concatenate([table.most, np.ones(sites), table.missing, [np.inf]])
        whole = (np.arange(columns) >= sites) & (np.arange(columns) < 2 * sites)
        model = MilpModel(np.zeros(columns), np.zeros(columns), most, whole, rows, lower, upper)
        for budget, spending in zip(
            budgets, (self._spending(False), self._spending(True)), strict=True
        ):
            model = model.with_rows([_at_most(spending, budget)] if np.isfinite(budget) else [])
        return model

    def minimise(self, objective: Floats, *, short: float | None = None) -> SolverResult:
        """Minimise an objective, with an upper bound on each shortfall or without."""
        upper = self.model.upper
        if short is not None:
            upper = upper.copy()
            upper[2 * self.sites : -1] = short
        model = replace(self.model, cost=objective, upper=upper)
        left = max(self.deadline - time.monotonic(), 0.0)
        return solve_milp(model, time_limit_s=left, gap=self.gap, progress=self.progress)

    def added(self, result: SolverResult, short: float | None = None) -> Floats:
        """Return the added area of a result, from its linear programme with the openings fixed."""
        if result.values is None:
            return np.zeros(self.sites)
        opened = np.round(result.values[self.sites : 2 * self.sites])
        table, upper, lower = self.table, self.model.upper.copy(), self.model.lower.copy()
        lower[self.sites : 2 * self.sites] = upper[self.sites : 2 * self.sites] = opened
        if short is not None:
            upper[2 * self.sites : -1] = short
        fixed = replace(self.model, cost=self.spending, lower=lower, upper=upper)
        again = solve_milp(fixed.relaxed)
        values = result.values if again.values is None else again.values
        added = np.clip(values[: self.sites], table.least, table.most)
        return np.asarray(np.where(opened > 0, added, 0.0))

    def shortest(self) -> AllotmentResult:
        """Minimise the total shortfall, then the greatest one, then the spending."""
        first = self.minimise(self.shortage)
        if first.values is None:
            return AllotmentResult(np.zeros(self.sites), False, max(first.bound, 0.0), False)
        best = first
        for held, objective in ((self.shortage, self.worst), (self.worst, self.spending)):
            reached = float(held @ best.values) if best.values is not None else 0.0
            self.model = self.model.with_rows([_at_most(held, reached + 1e-7 * max(1.0, reached))])
            next_ = self.minimise(objective)
            if next_.values is None:
                break
            best = next_
        bound = max(first.bound, 0.0)
        return AllotmentResult(self.added(best), False, bound, first.status == "optimal")


def _at_most(row: Floats, most: float) -> Rows:
    """Return one row with an upper bound."""
    return csr_array(np.atleast_2d(row)), np.array([-np.inf]), np.array([most])


def _require_sufficient_budget(table: AllotmentTable, budgets: Budgets) -> None:
    """Refuse budgets that pay for no site of any group that lacks area."""
    useful = (table.missing[table.group] > 0) & (table.most > 0)
    price = np.where(np.isfinite(budgets[1]), table.fixed_cost + table.cost_per_m2 * table.least, 0)
    payable = useful & (table.least <= budgets[0]) & (price <= budgets[1])
    if payable.any():
        return
    held_by_money = bool((table.least[useful] <= budgets[0]).any())
    figure, budget = (price, budgets[1]) if held_by_money else (table.least, budgets[0])
    places = np.flatnonzero(useful)
    cheapest = int(places[np.argmin(figure[places])])
    site, code = table.sites[cheapest], table.codes[table.township[cheapest]]
    unit_zh, unit_en = ("元", "") if held_by_money else (" m²", " m²")
    raise SitingError(
        **TEXT.both(
            "budget_below_cheapest_site",
            budget=budget,
            unit=Words(unit_zh, unit_en),
            site=site,
            code=code,
            figure=figure[cheapest],
        )
    )


SITE_COLUMNS = (
    "township_code", "present_area_m2", "min_added_m2", "max_added_m2", "cost_per_m2", "fixed_cost",
)  # fmt: skip


@dataclass(frozen=True)
class AllotmentTable:
    """Sites, townships, and the groups that must reach the target, as arrays.

    Attributes
    ----------
    sites, codes : pandas.Index
        Of sites and of townships.
    township, group : numpy.ndarray
        Of each site: position of its township and of its group, which is its township or,
        of the district as a whole, 0.
    present, least, most, cost_per_m2, fixed_cost : numpy.ndarray
        Of each site; m², and money.
    population : numpy.ndarray
        Of each township.
    is_lower_bound : numpy.ndarray
        Of each township: whether a present area is unknown.
    needed, missing : numpy.ndarray
        Of each group: m² that the target requires, and that are missing to it.
    names : tuple of (str, str)
        Of each group, zh and en.
    """

    sites: pd.Index
    codes: pd.Index
    township: Positions
    group: Positions
    present: Floats
    least: Floats
    most: Floats
    cost_per_m2: Floats
    fixed_cost: Floats
    population: Floats
    is_lower_bound: Flags
    needed: Floats
    missing: Floats
    names: tuple[tuple[str, str], ...]


def allotment_table(
    sites: pd.DataFrame,
    townships: pd.DataFrame,
    target: float,
    as_a_whole: bool,
    *,
    with_money: bool,
) -> AllotmentTable:
    """Return the arrays of an allotment, and refuse what cannot be solved.

    Parameters
    ----------
    sites, townships, target
        As :func:`geo.siting.allotment.allot_area` takes them.
    as_a_whole : bool
        Whether the district as a whole must reach the target.
    with_money : bool
        Whether prices are needed.

    Returns
    -------
    AllotmentTable
        Areas in m².

    Raises
    ------
    SitingError
        A population, a site's bound, or a price that is needed, is unknown or out of bounds; a
        group has no site, or not enough room at its sites.
    TableError
        A column is missing, or a site's township is not among the townships.
    """
    _require_columns(sites, SITE_COLUMNS)
    _require_columns(townships, ("population",))
    _require_known(townships, ["population"], *TEXT.words("township"))
    _require_known(sites, ["min_added_m2", "max_added_m2"], *TEXT.words("site"))
    if with_money:
        _require_known(sites, ["cost_per_m2", "fixed_cost"], *TEXT.words("site"))
    _require_ordered_bounds(sites)
    table = _arrays(sites, townships, target, as_a_whole)
    _require_room(table)
    return table


def _require_columns(frame: pd.DataFrame, names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        listed = ", ".join(missing)
        raise TableError(**TEXT.both("columns_missing", listed=listed))


def _require_known(frame: pd.DataFrame, columns: list[str], zh: str, en: str) -> None:
    for column in columns:
        value = frame[column].astype("float64").to_numpy()
        wrong = ~(np.isfinite(value) & (value >= 0))
        if wrong.any():
            listed = ", ".join(str(key) for key in frame.index[wrong][:5])
            raise SitingError(
                **TEXT.both(
                    "number_unknown_or_negative", what=Words(zh, en), listed=listed, column=column
                )
            )


def _require_ordered_bounds(sites: pd.DataFrame) -> None:
    wrong = (sites["min_added_m2"] > sites["max_added_m2"]).to_numpy()
    if wrong.any():
        listed = ", ".join(str(key) for key in sites.index[wrong][:5])
        raise SitingError(**TEXT.both("least_area_exceeds_most", listed=listed))


def _arrays(
    sites: pd.DataFrame, townships: pd.DataFrame, target: float, as_a_whole: bool
) -> AllotmentTable:
    township = townships.index.get_indexer(pd.Index(sites["township_code"]))
    if (township < 0).any():
        code = sites["township_code"].to_numpy()[township < 0][0]
        raise TableError(**TEXT.both("township_not_in_table", code=code))
    value = {name: sites[name].astype("float64").to_numpy() for name in SITE_COLUMNS[1:]}
    present = np.nan_to_num(value["present_area_m2"], nan=0.0)
    population = townships["population"].astype("float64").to_numpy()
    unknown = np.bincount(township, np.isnan(value["present_area_m2"]), len(population)) > 0
    group = np.zeros_like(township) if as_a_whole else township
    needed = target * population / PER_10K
    needed = needed.sum(keepdims=True) if as_a_whole else needed
    stands = np.bincount(group, present, len(needed))
    names = [TEXT.words("township_2", code=code) for code in townships.index]
    return AllotmentTable(
        sites.index, townships.index, township.astype(np.int64), group.astype(np.int64),
        present, value["min_added_m2"], value["max_added_m2"], value["cost_per_m2"],
        value["fixed_cost"], population, unknown, needed, np.maximum(needed - stands, 0.0),
        (TEXT.words("district"),) if as_a_whole else tuple(names),
    )  # fmt: skip


def _require_room(table: AllotmentTable) -> None:
    """Refuse groups that cannot reach the target with any budget; the worst one is named."""
    room = np.bincount(table.group, table.most, len(table.missing))
    lacking = table.missing - room
    if not (lacking > 1e-9 * np.maximum(table.needed, 1.0)).any():
        return
    worst = int(np.argmax(lacking))
    (zh, en), missing = table.names[worst], table.missing[worst]
    if not (table.most[table.group == worst] > 0).any():
        raise SitingError(**TEXT.both("no_site_can_grow", what=Words(zh, en), missing=missing))
    raise SitingError(
        **TEXT.both(
            "sites_cannot_grow_enough", what=Words(zh, en), missing=missing, room=room[worst]
        )
    )
