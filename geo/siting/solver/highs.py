"""The interface to HiGHS: sparse arrays in; values, bound and status out.

There is no modelling layer: a model of 50,000 rows is passed as the arrays that it is made
of. Every run uses the same number of threads and the same seed, and prints nothing, so that
the same model gives the same result.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import highspy
import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.core.errors import SitingError
from geo.core.sentences import Sentences
from geo.siting.model import Flags, Floats, Positions, Progress

TEXT: Final = Sentences("geo.siting")

HighsOptions = dict[str, float | int | str | bool]
"""Options of HiGHS by name."""

Rows = tuple[csr_array, Floats, Floats]
"""Rows of a model with their lower and upper bounds."""

Status = Literal["optimal", "stopped", "infeasible", "unbounded"]

THREADS: Final = 1
"""HiGHS keeps one pool of threads for the process; all runs must request the same size.

Two were no faster on the benchmarks' hardest models, and waiting for the second thread took 3 to
5 ms in each small one; besides, the processes of a server share the cores.
"""

SEED: Final = 430503

EXACT_GAP: Final = 1e-9
"""Relative gap that HiGHS is given for an exact optimum; its own default is 1e-4."""

CONSISTENT: Final = 1e-6
"""Relative; objectives that differ by more belong to different points."""

TOLERANCE: Final = 1e-7
"""Absolute feasibility tolerance of rows and integers.

With HiGHS's default of 1e-6, weights of a million pass a constraint that they violate.
"""

INTEGER_THRESHOLD: Final = 0.5
"""An integer column above it is 1; HiGHS returns 1 within its tolerance."""

_DEVEX: Final = 1
"""Dual simplex edge weights: after a few new rows or bounds, exact weights cost more than steps."""

REPORT_EVERY_S: Final = 0.5


@dataclass(frozen=True)
class MilpModel:
    """A mixed-integer linear programme: the best ``cost @ x`` within bounds and rows.

    Attributes
    ----------
    cost, lower, upper : numpy.ndarray
        Of each column.
    integral : numpy.ndarray
        Of each column: whether it must be an integer. All false is a linear programme.
    rows : scipy.sparse.csr_array
        Rows by columns.
    row_lower, row_upper : numpy.ndarray
        Of each row; infinite where there is no bound.
    maximise : bool
        Whether the objective is maximised.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integral: Flags
    rows: csr_array
    row_lower: Floats
    row_upper: Floats
    maximise: bool = False

    @property
    def relaxed(self) -> MilpModel:
        """The linear relaxation: the same model with every column continuous."""
        return replace(self, integral=np.zeros(len(self.cost), dtype=bool))

    def with_rows(self, added: Sequence[Rows]) -> MilpModel:
        """Return the model with more rows behind its own."""
        if not added:
            return self
        rows, lower, upper = zip(*added, strict=True)
        return replace(
            self,
            rows=vstack([self.rows, *rows], format="csr"),
            row_lower=np.r_[self.row_lower, *lower],
            row_upper=np.r_[self.row_upper, *upper],
        )


@dataclass(frozen=True)
class SolverResult:
    """The result of a run of HiGHS.

    Attributes
    ----------
    status : {"optimal", "stopped", "infeasible", "unbounded"}
        Stopped by the time limit or by ``progress``.
    values : numpy.ndarray or None
        Of each column, where a feasible point was found.
    objective, bound : float
        Objective of the values, and the bound that no feasible point exceeds; infinite where
        unknown.
    row_dual, reduced_cost : numpy.ndarray or None
        Of an optimal linear programme.
    """

    status: Status
    values: Floats | None
    objective: float
    bound: float
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None


def solve_milp(
    model: MilpModel,
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    absolute_gap: float = 0.0,
    start: Floats | None = None,
    progress: Progress | None = None,
    options: HighsOptions | None = None,
) -> SolverResult:
    """Return the best point of a model, or the best found in time, with its bound.

    Parameters
    ----------
    model : MilpModel
        With or without integer columns.
    time_limit_s : float
        Seconds.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    absolute_gap : float
        The same in units of the objective, where objectives differ by a known step.
    start : numpy.ndarray, optional
        Values of a feasible point, one of each column.
    progress : callable, optional
        Called with objective, bound and seconds; False ends the run.
    options : dict, optional
        Further options of HiGHS by name.

    Returns
    -------
    SolverResult
        In the units of the model.

    Raises
    ------
    geo.core.errors.SitingError
        HiGHS failed; neither an infeasible model nor the time limit is a failure.

    Examples
    --------
    Two of three sites that reach 3, 2 and 4 people:

    >>> model = MilpModel(np.array([3.0, 2.0, 4.0]), np.zeros(3), np.ones(3), np.ones(3, bool),
    ...               csr_array(np.ones((1, 3))), np.array([2.0]), np.array([2.0]), maximise=True)
    >>> result = solve_milp(model)
    >>> result.status, np.flatnonzero(result.values > 0.5).tolist(), result.objective
    ('optimal', [0, 2], 7.0)
    """
    given: HighsOptions = {"mip_abs_gap": absolute_gap, **(options or {})}
    started = time.monotonic()
    result = _run_once(model, start, progress, _runner(time_limit_s, gap, given))
    if start is None or _is_consistent(model, result):
        return result
    left = time_limit_s - (time.monotonic() - started)
    return _run_once(model, None, progress, _runner(left, gap, given))


def _run_once(
    model: MilpModel, start: Floats | None, progress: Progress | None, highs: highspy.Highs
) -> SolverResult:
    highs.passModel(_as_lp(model))
    if start is not None:
        point = highspy.HighsSolution()
        point.col_value = start.tolist()
        highs.setSolution(point)
    if progress is not None:
        _report(highs, progress, bool(model.integral.any()))
    _run(highs)
    return _result(highs, model)


def _is_consistent(model: MilpModel, result: SolverResult) -> bool:
    """Return whether the objective reported is that of the point reported.

    With a start and presolve, HiGHS 1.16 may report the objective of another point, and a bound
    that is one too low; without the start it does not.
    """
    if result.values is None:
        return True
    own = float(model.cost @ result.values)
    return abs(own - result.objective) <= CONSISTENT * max(1.0, abs(own))


class _QuietHighs(highspy.Highs):
    """HiGHS without its banner, which would go into a file that a caller writes to stdout."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802
        """Turn output off before the first call that would print."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _runner(time_limit_s: float, gap: float, options: HighsOptions) -> highspy.Highs:
    highs = _QuietHighs()
    settings: HighsOptions = {
        "output_flag": False,
        "threads": THREADS,
        "random_seed": SEED,
        "time_limit": max(float(time_limit_s), 0.0),
        "mip_rel_gap": max(gap, EXACT_GAP),
        "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": TOLERANCE,
        "primal_feasibility_tolerance": TOLERANCE,
        **options,
    }
    for name, value in settings.items():
        highs.setOptionValue(name, value)
    return highs


class Relaxation:
    """A linear relaxation to which rows are added; each solve starts from the last basis.

    Parameters
    ----------
    model : MilpModel
        Its columns are taken as continuous.

    Examples
    --------
    >>> none = np.zeros(2, bool)
    >>> model = MilpModel(np.ones(2), np.zeros(2), np.ones(2), none, csr_array(np.ones((1, 2))),
    ...               np.array([-np.inf]), np.array([1.5]), maximise=True)
    >>> relaxation = Relaxation(model)
    >>> relaxation.solve(10.0).objective
    1.5
    >>> relaxation.add(csr_array(np.array([[1.0, 2.0]])), np.array([-np.inf]), np.array([1.0]))
    >>> relaxation.solve(10.0).objective
    1.0
    """

    def __init__(self, model: MilpModel) -> None:
        self._model = model
        self._highs = _runner(np.inf, 0.0, {"simplex_dual_edge_weight_strategy": _DEVEX})
        self._highs.passModel(_as_lp(model.relaxed))

    def add(self, rows: csr_array, lower: Floats, upper: Floats) -> None:
        """Add rows."""
        starts, columns = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
        factors = rows.data.astype(np.float64)
        self._highs.addRows(len(lower), lower, upper, rows.nnz, starts, columns, factors)

    def bound_columns(self, lower: Floats, upper: Floats) -> None:
        """Change the bounds of the first columns."""
        first = np.arange(len(lower), dtype=np.int32)
        self._highs.changeColsBounds(len(lower), first, lower, upper)

    def drop_loose(self, kept: int) -> None:
        """Delete the rows behind the first ones that do not bind at the last point."""
        basic = highspy.HighsBasisStatus.kBasic
        status = self._highs.getBasis().row_status
        loose = [row for row in range(kept, len(status)) if status[row] == basic]
        self._highs.deleteRows(len(loose), np.array(loose, dtype=np.int32))

    def solve(self, time_limit_s: float) -> SolverResult:
        """Return the best point under the present rows and bounds."""
        deadline = self._highs.getRunTime() + max(time_limit_s, 0.0)
        self._highs.setOptionValue("time_limit", deadline)
        _run(self._highs)
        return _result(self._highs, replace(self._model, integral=np.zeros(0, bool)))


def _as_lp(model: MilpModel) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_ = len(model.cost)
    lp.num_row_ = model.rows.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    if model.integral.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in model.integral]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = model.rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = model.rows.data.astype(np.float64)
    if model.maximise:
        lp.sense_ = highspy.ObjSense.kMaximize
    return lp


def _report(highs: highspy.Highs, progress: Progress, whole: bool) -> None:
    """Report the progress of a MIP at most twice a second, and interrupt it on False."""
    if not whole:
        return
    last = [-np.inf]

    def report(event: Any) -> None:
        now = time.monotonic()
        if now - last[0] < REPORT_EVERY_S:
            return
        last[0] = now
        out = event.data_out
        if progress(out.mip_primal_bound, out.mip_dual_bound, out.running_time) is False:
            event.interrupt()

    highs.cbMipInterrupt += report


STATUSES: Final[dict[Any, Status]] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "unbounded",
}


def _run(highs: highspy.Highs) -> None:
    if highs.run() == highspy.HighsStatus.kError:
        raise SitingError(**TEXT.both("solver_highs_failed"))


def _result(highs: highspy.Highs, model: MilpModel) -> SolverResult:
    status = STATUSES.get(highs.getModelStatus(), "stopped")
    if status == "unbounded" and np.isfinite(np.r_[model.lower, model.upper]).all():
        status = "infeasible"
    info, solution = highs.getInfo(), highs.getSolution()
    worst = -np.inf if model.maximise else np.inf
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.asarray(solution.col_value, dtype=np.float64) if found else None
    objective = float(info.objective_function_value) if found else worst
    if model.integral.any():
        return SolverResult(status, values, objective, float(info.mip_dual_bound))
    if status != "optimal":
        return SolverResult(status, values, objective, -worst)
    dual, reduced = np.asarray(solution.row_dual), np.asarray(solution.col_dual)
    return SolverResult(status, values, objective, objective, dual, reduced)


Entries = tuple[Positions, Positions, Floats]
"""Row, column and value of each."""


def matrix_entries(matrix: csr_array, *, below: int = 0, right: int = 0) -> Entries:
    """Return the entries of a matrix, shifted by some rows and columns.

    Examples
    --------
    >>> rows, columns, values = matrix_entries(csr_array(np.array([[0, 7]])), below=2, right=1)
    >>> rows.tolist(), columns.tolist(), values.tolist()
    ([2], [2], [7.0])
    """
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    values = np.asarray(matrix.data, dtype=np.float64)
    return row + below, np.asarray(matrix.indices, dtype=np.int64) + right, values


def assembled(parts: Sequence[Entries], shape: tuple[int, int]) -> csr_array:
    """Return the matrix made of some entries.

    ``scipy.sparse.block_array`` does the same; on small problems it took a tenth of the search.

    Examples
    --------
    >>> one = (np.array([0]), np.array([1]), np.array([5.0]))
    >>> assembled([one], (2, 2)).toarray().tolist()
    [[0.0, 5.0], [0.0, 0.0]]
    """
    rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    return coo_array((values, (rows, columns)), shape=shape).tocsr()
