"""The allotment as a mixed-integer programme, its aims one after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array

from geo.core.errors import SitingError
from geo.siting.model import Floats
from geo.siting.solving.allotment_table import AllotmentTable
from geo.siting.solving.highs import Answer, Model, Progress, solve

Budgets = tuple[float, float]
"""Area in m², and money."""


@dataclass(frozen=True)
class Answered:
    """Added area by site, whether it reaches the target, and the bound of its first aim."""

    added: Floats
    reaches: bool
    bound: float
    is_proven: bool


def answered(
    table: AllotmentTable,
    budgets: Budgets,
    *,
    spares_money: bool,
    stop_at: float,
    gap: float,
    progress: Progress | None,
) -> Answered:
    """Return the least that reaches the target, or the smallest shortfall.

    Raises
    ------
    SitingError
        The budgets do not pay for any site of a group that lacks area.
    """
    if not (table.missing > 0).any():
        return Answered(np.zeros(len(table.sites)), True, 0.0, True)
    runs = _Runs(
        table, budgets, spares_money=spares_money, stop_at=stop_at, gap=gap, progress=progress
    )
    enough = runs.solve(runs.spending, short=0.0)
    if enough.values is not None:
        return Answered(runs.added(enough, 0.0), True, enough.bound, enough.status == "optimal")
    refuse_too_little(table, budgets)
    return runs.shortest()


class _Runs:
    """One model, run for one aim after another.

    Columns: added area and opening of each site, m² short of each group, the worst of these.
    """

    def __init__(
        self,
        table: AllotmentTable,
        budgets: Budgets,
        *,
        spares_money: bool,
        stop_at: float,
        gap: float,
        progress: Progress | None,
    ) -> None:
        self.table, self.stop_at, self.gap, self.progress = table, stop_at, gap, progress
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

    def _model(self, budgets: Budgets) -> Model:
        """Return rows: at most its maximum, at least its minimum; reached; the worst; budgets."""
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
        model = Model(np.zeros(columns), np.zeros(columns), most, whole, rows, lower, upper)
        for budget, spending in zip(
            budgets, (self._spending(False), self._spending(True)), strict=True
        ):
            model = with_row(model, spending, budget) if np.isfinite(budget) else model
        return model

    def solve(self, aim: Floats, *, short: float | None = None) -> Answer:
        """Return the least of an aim, the shortfall forbidden or not."""
        upper = self.model.upper
        if short is not None:
            upper = upper.copy()
            upper[2 * self.sites : -1] = short
        model = replace(self.model, cost=aim, upper=upper)
        left = max(self.stop_at - time.monotonic(), 0.0)
        return solve(model, time_limit_s=left, gap=self.gap, progress=self.progress)

    def added(self, answer: Answer, short: float | None = None) -> Floats:
        """Return the added area of an answer, reckoned again with its sites opened for good."""
        if answer.values is None:
            return np.zeros(self.sites)
        opened = np.round(answer.values[self.sites : 2 * self.sites])
        table, upper, lower = self.table, self.model.upper.copy(), self.model.lower.copy()
        lower[self.sites : 2 * self.sites] = upper[self.sites : 2 * self.sites] = opened
        if short is not None:
            upper[2 * self.sites : -1] = short
        again = solve(replace(self.model, cost=self.aim, lower=lower, upper=upper).relaxed)
        values = answer.values if again.values is None else again.values
        added = np.clip(values[: self.sites], table.least, table.most)
        return np.asarray(np.where(opened > 0, added, 0.0))

    @property
    def aim(self) -> Floats:
        """What the last reckoning is for."""
        return self.spending

    def shortest(self) -> Answered:
        """Return the smallest shortfall; among these the smallest of the worst, then the least."""
        first = self.solve(self.shortage)
        if first.values is None:
            return Answered(np.zeros(self.sites), False, max(first.bound, 0.0), False)
        best = first
        for held, aim in ((self.shortage, self.worst), (self.worst, self.spending)):
            reached = float(held @ best.values) if best.values is not None else 0.0
            self.model = with_row(self.model, held, reached + 1e-7 * max(1.0, reached))
            next_ = self.solve(aim)
            if next_.values is None:
                break
            best = next_
        bound = max(first.bound, 0.0)
        return Answered(self.added(best), False, bound, first.status == "optimal")


def with_row(model: Model, row: Floats, most: float) -> Model:
    """Return a model with one more row: at most a number."""
    rows = csr_array(np.atleast_2d(row))
    stacked = csr_array(
        (
            np.concatenate([model.rows.data, rows.data]),
            np.concatenate([model.rows.indices, rows.indices]),
            np.concatenate([model.rows.indptr, model.rows.indptr[-1] + rows.indptr[1:]]),
        ),
        shape=(model.rows.shape[0] + 1, model.rows.shape[1]),
    )
    return replace(
        model,
        rows=stacked,
        row_lower=np.append(model.row_lower, -np.inf),
        row_upper=np.append(model.row_upper, most),
    )


def refuse_too_little(table: AllotmentTable, budgets: Budgets) -> None:
    """Raise where the budgets pay for no site of any group that lacks area."""
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
        zh=f"预算 {budget:,.1f}{unit_zh} 不够最省的点位 {site}（乡镇 {code}，"
        f"至少 {figure[cheapest]:,.1f}{unit_zh}）：请增加预算。",
        en=f"The budget of {budget:,.1f}{unit_en} does not pay for the cheapest site {site}"
        f" (township {code}, {figure[cheapest]:,.1f}{unit_en} at least): raise it.",
    )
