"""Branch and cut against every plan, and its limits."""

from __future__ import annotations

import numpy as np
import pytest

from geo.siting.model import Covering, exactly
from geo.siting.solver import branch_and_cut
from geo.siting.solver.benders import coverage_groups, master_problem
from geo.siting.solver.branch_and_cut import BranchAndCut, best_plan, solve_by_cuts
from geo.siting.solver.covering_model import CoveringProblem, SolverLimits, solve_as_milp
from geo.siting.solver.presolve import covering_problem
from geo.siting.solver.relaxation import SearchState
from tests.geo.siting.solver.instances import SEEDS, best_gain, covering_of

NO_LIMIT = SolverLimits(deadline=np.inf)


@pytest.fixture(autouse=True)
def always_by_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Solve what is left of small problems by cuts too."""
    monkeypatch.setattr(branch_and_cut, "MOST_WHOLE_PAIRS", -1)
    monkeypatch.setattr(branch_and_cut, "MOST_LP_PAIRS", -1)


def towns(seed: int, points: int = 300, count: int = 40, sites: int = 5) -> CoveringProblem:
    """Return demand and candidates in clusters, whose relaxations are fractional."""
    random = np.random.default_rng(seed)
    centres = random.random((8, 2))
    at = centres[random.integers(8, size=points)] + random.normal(0, 0.06, (points, 2))
    by = centres[random.integers(8, size=count)] + random.normal(0, 0.06, (count, 2))
    demand, candidate = np.nonzero(((at[:, None] - by[None]) ** 2).sum(axis=2) < 0.08**2)
    weight = random.integers(1, 100, points).astype(float)
    covering = Covering(weight, demand, candidate, count, np.zeros(points, dtype=np.int64))
    rule = exactly(sites, range(count), zh="共", en="in all")
    return covering_problem(covering, [rule], [], first=weight, second=0 * weight, unit=1.0)


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_cuts_prove_the_best_plan(seed: int, twice: bool) -> None:
    problem = covering_of(seed, twice=twice)
    found, best = solve_by_cuts(problem, None, NO_LIMIT), best_gain(problem)
    assert found.is_infeasible == (best is None)
    if found.plan is not None:
        assert problem.is_feasible(found.plan)
        assert problem.gain(found.plan) == pytest.approx(best)
        assert best - 1e-6 <= found.bound <= best * (1 + 1e-6) + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tree_alone_proves_the_best_plan(seed: int) -> None:
    """Without cuts and incumbent from the root, nodes must find both."""
    problem = covering_of(seed)
    state, groups = SearchState(problem, None, NO_LIMIT), coverage_groups(problem)
    model = master_problem(problem, groups)
    BranchAndCut(state, groups, model, model.rows.shape[0]).search()
    best = best_gain(problem)
    assert state.result.is_infeasible == (best is None)
    if best is not None:
        assert state.gain == pytest.approx(best)
        assert state.bound == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_clustered_demand_is_proven_as_by_one_programme(seed: int) -> None:
    problem = towns(seed)
    by_cuts = best_plan(problem, None, NO_LIMIT)
    as_milp = solve_as_milp(problem, None, NO_LIMIT)
    assert by_cuts.plan is not None
    assert as_milp.plan is not None
    assert problem.gain(by_cuts.plan) == problem.gain(as_milp.plan)
    assert by_cuts.bound - problem.gain(by_cuts.plan) < 1.0


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_never_falls_below_the_best_gain(seed: int) -> None:
    problem = towns(seed)
    best = solve_as_milp(problem, None, NO_LIMIT).plan
    assert best is not None
    bounds: list[float] = []

    def hear(gain: float, bound: float, seconds: float) -> None:
        assert gain <= problem.gain(best)
        bounds.append(bound)

    solve_by_cuts(problem, None, SolverLimits(np.inf, progress=hear))
    assert bounds
    assert min(bounds) >= problem.gain(best) - 1e-6


def test_stopped_at_the_first_report_the_bound_still_holds() -> None:
    problem = towns(1)
    best = best_plan(problem, None, NO_LIMIT)
    stopped = best_plan(problem, None, SolverLimits(np.inf, progress=lambda *_: False))
    assert stopped.plan is not None
    assert best.plan is not None
    assert problem.gain(stopped.plan) <= problem.gain(best.plan) <= stopped.bound


def test_out_of_time_the_start_is_improved_and_bounded() -> None:
    problem = towns(2)
    start = np.arange(5)
    found = best_plan(problem, start, SolverLimits(deadline=-np.inf))
    assert found.plan is not None
    assert problem.is_feasible(found.plan)
    assert problem.gain(found.plan) >= problem.gain(start)
    assert found.bound >= problem.gain(found.plan)


def test_an_infeasible_start_is_not_used() -> None:
    problem = covering_of(2)
    wrong = np.arange(problem.candidate_count)
    assert not problem.is_feasible(wrong)
    found = best_plan(problem, wrong, NO_LIMIT)
    assert found.plan is not None
    assert problem.gain(found.plan) == pytest.approx(best_gain(problem))


@pytest.mark.parametrize("gap", [0.05, 0.3])
def test_a_gap_that_is_good_enough_is_kept(gap: float) -> None:
    problem = towns(3)
    found = best_plan(problem, None, SolverLimits(np.inf, gap=gap))
    assert found.plan is not None
    assert (found.bound - problem.gain(found.plan)) / found.bound <= gap + 1e-9
