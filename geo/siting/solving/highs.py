"""The one place that calls HiGHS: sparse arrays in; values, bound and status out.

No modelling layer stands between: a model of 50,000 rows is passed as the arrays it is made
of. Every run uses the same number of threads and the same seed, and prints nothing, so that
the same model gives the same answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from geo.core.errors import SitingError
from geo.siting.model import Floats

Progress = Callable[[float, float, float], bool | None]
"""Called with objective, bound and seconds now and then; False stops the run."""

Options = dict[str, float | int | str | bool]
"""Options of HiGHS by name."""

Status = Literal["optimal", "stopped", "infeasible", "unbounded"]

THREADS: Final = 1
"""HiGHS keeps one pool of threads for the process; all runs must ask for the same size.

With two it was no faster on the benchmarks' hardest models, and waiting for the second cost 3 to
5 ms in each small one; the processes of a server share the cores besides.
"""

SEED: Final = 430503
EXACT_GAP: Final = 1e-9
"""Relative; what HiGHS is asked for when the gap is to be none. Its own default is 1e-4."""

CONSISTENT: Final = 1e-6
"""Relative; objectives that differ by more are not of one point."""

TOLERANCE: Final = 1e-7
"""Absolute, of rows and of whole numbers; HiGHS's default of 1e-6 lets weights slip through."""

_DEVEX: Final = 1
"""A start that a few rows or bounds spoilt is mended in few steps: exact weights cost more."""

REPORT_EVERY_S: Final = 0.5


@dataclass(frozen=True)
class Model:
    """A linear model with whole-number columns: best ``cost @ x`` within bounds and rows.

    Attributes
    ----------
    cost, lower, upper : numpy.ndarray
        Of each column.
    integral : numpy.ndarray
        Of each column: whether it must be a whole number. All false is a linear programme.
    rows : scipy.sparse.csr_array
        Rows by columns.
    row_lower, row_upper : numpy.ndarray
        Of each row; infinite where there is no bound.
    maximise : bool
        Whether the most is the best.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integral: npt.NDArray[np.bool_]
    rows: csr_array
    row_lower: Floats
    row_upper: Floats
    maximise: bool = False

    @property
    def relaxed(self) -> Model:
        """The same model with every column continuous: its linear programme."""
        return replace(self, integral=np.zeros(len(self.cost), dtype=bool))


@dataclass(frozen=True)
class Answer:
    """What HiGHS found and proved.

    Attributes
    ----------
    status : {"optimal", "stopped", "infeasible", "unbounded"}
        Stopped: by the time limit or by ``progress``.
    values : numpy.ndarray or None
        Of each column, where a feasible point was found.
    objective, bound : float
        Of the values, and beyond which no point lies; infinite where not known.
    row_dual, reduced_cost : numpy.ndarray or None
        Of an optimal linear programme: what a row or a column more would change.
    """

    status: Status
    values: Floats | None
    objective: float
    bound: float
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None


def solve(
    model: Model,
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    absolute_gap: float = 0.0,
    start: Floats | None = None,
    progress: Progress | None = None,
    options: Options | None = None,
) -> Answer:
    """Return the best point of a model, or the best found in time, with its proven bound.

    Parameters
    ----------
    model : Model
        Of columns with or without whole numbers.
    time_limit_s : float
        Seconds.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    absolute_gap : float
        The same in units of the objective, for one that moves in steps.
    start : numpy.ndarray, optional
        Values of a feasible point, one of each column.
    progress : callable, optional
        Called with objective, bound and seconds; the run ends where it returns False.
    options : dict, optional
        Further options of HiGHS by name.

    Raises
    ------
    geo.core.errors.SitingError
        HiGHS failed, which is neither infeasible nor out of time.

    Examples
    --------
    Two of three sites that reach 3, 2 and 4 people:

    >>> model = Model(np.array([3.0, 2.0, 4.0]), np.zeros(3), np.ones(3), np.ones(3, bool),
    ...               csr_array(np.ones((1, 3))), np.array([2.0]), np.array([2.0]), maximise=True)
    >>> answer = solve(model)
    >>> answer.status, np.flatnonzero(answer.values > 0.5).tolist(), answer.objective
    ('optimal', [0, 2], 7.0)
    """
    given: Options = {"mip_abs_gap": absolute_gap, **(options or {})}
    began = time.monotonic()
    answer = _run_once(model, start, progress, _runner(time_limit_s, gap, given))
    if start is None or _is_consistent(model, answer):
        return answer
    left = time_limit_s - (time.monotonic() - began)
    return _run_once(model, None, progress, _runner(left, gap, given))


def _run_once(
    model: Model, start: Floats | None, progress: Progress | None, highs: highspy.Highs
) -> Answer:
    highs.passModel(_as_lp(model))
    if start is not None:
        point = highspy.HighsSolution()
        point.col_value = start.tolist()
        highs.setSolution(point)
    if progress is not None:
        _report(highs, progress, bool(model.integral.any()))
    _run(highs)
    return _answer(highs, model)


def _is_consistent(model: Model, answer: Answer) -> bool:
    """Return whether the objective told is that of the point told.

    With a start and presolve, HiGHS 1.16 may tell the objective of another point, and a bound
    that is one too low; without the start it does not.
    """
    if answer.values is None:
        return True
    own = float(model.cost @ answer.values)
    return abs(own - answer.objective) <= CONSISTENT * max(1.0, abs(own))


class _Quiet(highspy.Highs):
    """HiGHS that does not print its licence where a caller may be writing a file."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802
        """Turn output off before the first thing that would print."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _runner(time_limit_s: float, gap: float, options: Options) -> highspy.Highs:
    highs = _Quiet()
    settings: Options = {
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
    """A linear programme that rows are added to and that is solved again from where it stood.

    Parameters
    ----------
    model : Model
        Whose columns are taken as continuous.

    Examples
    --------
    >>> none = np.zeros(2, bool)
    >>> model = Model(np.ones(2), np.zeros(2), np.ones(2), none, csr_array(np.ones((1, 2))),
    ...               np.array([-np.inf]), np.array([1.5]), maximise=True)
    >>> relaxation = Relaxation(model)
    >>> relaxation.solve(10.0).objective
    1.5
    >>> relaxation.add(csr_array(np.array([[1.0, 2.0]])), np.array([-np.inf]), np.array([1.0]))
    >>> relaxation.solve(10.0).objective
    1.0
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._highs = _runner(np.inf, 0.0, {"simplex_dual_edge_weight_strategy": _DEVEX})
        self._highs.passModel(_as_lp(model.relaxed))

    def add(self, rows: csr_array, lower: Floats, upper: Floats) -> None:
        """Add rows."""
        starts, columns = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
        factors = rows.data.astype(np.float64)
        self._highs.addRows(len(lower), lower, upper, rows.nnz, starts, columns, factors)

    def bound_columns(self, lower: Floats, upper: Floats) -> None:
        """Give the first columns other bounds."""
        first = np.arange(len(lower), dtype=np.int32)
        self._highs.changeColsBounds(len(lower), first, lower, upper)

    def drop_loose(self, kept: int) -> None:
        """Drop the rows behind the first ones that do not bind at the point last found."""
        basic = highspy.HighsBasisStatus.kBasic
        status = self._highs.getBasis().row_status
        loose = [row for row in range(kept, len(status)) if status[row] == basic]
        self._highs.deleteRows(len(loose), np.array(loose, dtype=np.int32))

    def solve(self, time_limit_s: float) -> Answer:
        """Return the best point with the rows so far."""
        until = self._highs.getRunTime() + max(time_limit_s, 0.0)
        self._highs.setOptionValue("time_limit", until)
        _run(self._highs)
        return _answer(self._highs, replace(self._model, integral=np.zeros(0, bool)))


def _as_lp(model: Model) -> Any:
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
    """Tell of a MIP's progress at most twice a second, and stop the run when told to."""
    if not whole:
        return
    last = [-np.inf]

    def tell(event: Any) -> None:
        now = time.monotonic()
        if now - last[0] < REPORT_EVERY_S:
            return
        last[0] = now
        out = event.data_out
        if progress(out.mip_primal_bound, out.mip_dual_bound, out.running_time) is False:
            event.interrupt()

    highs.cbMipInterrupt += tell


STATUSES: Final[dict[Any, Status]] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "unbounded",
}


def _run(highs: highspy.Highs) -> None:
    if highs.run() == highspy.HighsStatus.kError:
        raise SitingError(
            zh="求解器 HiGHS 出错，没有得出结果；请减少候选点或放宽要求后再试。",
            en="The solver HiGHS failed; try again with fewer candidates or fewer demands.",
        )


def _answer(highs: highspy.Highs, model: Model) -> Answer:
    status = STATUSES.get(highs.getModelStatus(), "stopped")
    if status == "unbounded" and np.isfinite(np.r_[model.lower, model.upper]).all():
        status = "infeasible"
    info, solution = highs.getInfo(), highs.getSolution()
    worst = -np.inf if model.maximise else np.inf
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.asarray(solution.col_value, dtype=np.float64) if found else None
    objective = float(info.objective_function_value) if found else worst
    if model.integral.any():
        return Answer(status, values, objective, float(info.mip_dual_bound))
    if status != "optimal":
        return Answer(status, values, objective, -worst)
    dual, reduced = np.asarray(solution.row_dual), np.asarray(solution.col_dual)
    return Answer(status, values, objective, objective, dual, reduced)
