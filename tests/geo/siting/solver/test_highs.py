"""HiGHS as it is called here: exact, silent, and the same each time."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import csr_array

from geo.siting.solver.highs import MilpModel, Relaxation, solve_milp


def knapsack(whole: bool = True, room: float = 5.0) -> MilpModel:
    """Make four things of some worth and weight for one bag."""
    worth, weight = np.array([5.0, 4.0, 3.0, 1.0]), np.array([[4.0, 3.0, 2.0, 1.0]])
    kinds = np.full(4, whole)
    low, high = np.array([-np.inf]), np.array([room])
    return MilpModel(worth, np.zeros(4), np.ones(4), kinds, csr_array(weight), low, high, True)


def test_whole_numbers_and_fractions() -> None:
    whole, parts = solve_milp(knapsack()), solve_milp(knapsack(whole=False))
    assert (whole.status, whole.objective, whole.bound) == ("optimal", 7.0, 7.0)
    assert whole.values is not None
    assert np.flatnonzero(whole.values > 0.5).tolist() == [1, 2]
    assert parts.objective == pytest.approx(7.0)
    assert parts.reduced_cost is not None
    assert whole.reduced_cost is None


def test_infeasible_is_told() -> None:
    assert solve_milp(knapsack(room=-1.0)).status == "infeasible"
    assert solve_milp(knapsack(room=-1.0)).values is None


def test_no_columns() -> None:
    none = np.zeros(0)
    empty = MilpModel(none, none, none, none.astype(bool), csr_array((0, 0)), none, none)
    assert solve_milp(empty).status == "optimal"


def test_a_start_does_not_change_the_answer() -> None:
    assert solve_milp(knapsack(), start=np.array([1.0, 0.0, 0.0, 1.0])).objective == 7.0


def test_rows_added_lower_the_bound() -> None:
    relaxation = Relaxation(knapsack())
    assert relaxation.solve(5.0).objective == pytest.approx(7.0)
    only = csr_array(np.array([[0.0, 1.0, 1.0, 0.0]]))
    relaxation.add(only, np.array([-np.inf]), np.array([1.0]))
    assert relaxation.solve(5.0).objective == pytest.approx(3 + 5 * 3 / 4)


def test_nothing_is_printed() -> None:
    code = (
        "import sys; sys.path.insert(0, '.'); import numpy as np;"
        "from scipy.sparse import csr_array;"
        "from geo.siting.solver.highs import MilpModel, solve_milp; one = np.ones(1);"
        "solve_milp(MilpModel(one, 0 * one, one, one > 0, csr_array(one[None]), one, one))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert run.stdout == b""
