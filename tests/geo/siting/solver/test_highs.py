"""HiGHS as it is called here: exact, silent, and the same each time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import block_diag, csr_array

from geo.siting.solver.highs import MilpModel, Relaxation, assembled, matrix_entries, solve_milp


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


# Parts of models.


def test_rows_are_added_behind_those_there_are() -> None:
    model = knapsack()
    two = csr_array(np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]]))
    larger = model.with_rows([(two, np.zeros(2), np.array([1.0, 0.0]))])
    assert larger.rows.shape == (3, 4)
    assert larger.row_upper.tolist() == [5.0, 1.0, 0.0]
    assert solve_milp(larger).objective == 6.0, "without the second thing"
    assert model.with_rows([]) is model


def test_a_matrix_from_parts_is_that_of_blocks() -> None:
    random = np.random.default_rng(1)
    one, other = (csr_array(random.integers(0, 3, (2, 3)).astype(float)) for _ in range(2))
    made = assembled([matrix_entries(one), matrix_entries(other, below=2, right=3)], (4, 6))
    assert (made != block_diag([one, other])).nnz == 0
    assert matrix_entries(one, below=5)[0].min() >= 5


def test_entries_at_the_same_place_add_up() -> None:
    entry = (np.array([0]), np.array([1]), np.array([2.0]))
    assert assembled([entry, entry], (1, 2)).toarray().tolist() == [[0.0, 4.0]]


# Relaxations that change.


def test_bounds_of_the_first_columns_change_the_optimum() -> None:
    relaxation = Relaxation(knapsack())
    relaxation.bound_columns(np.array([1.0, 0.0]), np.array([1.0, 0.0]))
    found = relaxation.solve(5.0)
    assert found.values is not None
    assert found.values[:2].tolist() == [1.0, 0.0]
    assert found.objective == pytest.approx(5 + 3 / 2)
    relaxation.bound_columns(np.ones(2), np.ones(2))
    assert relaxation.solve(5.0).status == "infeasible"


def test_loose_rows_are_dropped_and_the_first_ones_kept() -> None:
    relaxation = Relaxation(knapsack())
    loose = csr_array(np.ones((1, 4)))
    relaxation.add(loose, np.array([-np.inf]), np.array([100.0]))
    before = relaxation.solve(5.0).objective
    relaxation.drop_loose(1)
    again = relaxation.solve(5.0)
    assert again.objective == pytest.approx(before)
    assert again.row_dual is not None
    assert len(again.row_dual) == 1


def test_without_time_there_is_no_optimum() -> None:
    assert solve_milp(knapsack(), time_limit_s=0.0).status in {"stopped", "optimal"}


def hard(count: int = 40) -> MilpModel:
    """Make a programme that takes HiGHS some seconds: as many halves as there are."""
    random = np.random.default_rng(7)
    weight = random.integers(1_000, 9_999, (5, count)).astype(float)
    half = weight.sum(axis=1) / 2
    return MilpModel(
        random.random(count), np.zeros(count), np.ones(count), np.ones(count, bool),
        csr_array(weight), half - 3, half + 3,
    )  # fmt: skip


def test_progress_is_called_and_ends_the_run() -> None:
    heard: list[tuple[float, float, float]] = []

    def stop(*values: float) -> bool:
        heard.append(values)  # type: ignore[arg-type]
        return False

    found = solve_milp(hard(), progress=stop, time_limit_s=20.0)
    assert len(heard) >= 1
    assert found.status in {"stopped", "optimal", "infeasible"}


def test_a_relaxation_has_duals_that_prove_its_objective() -> None:
    """Strong duality: row duals times bounds and reduced costs of columns at bounds."""
    model = knapsack(whole=False)
    found = solve_milp(model)
    assert found.row_dual is not None
    assert found.reduced_cost is not None
    assert found.values is not None
    proven = float(found.row_dual @ model.row_upper + found.reduced_cost @ found.values)
    assert proven == pytest.approx(found.objective)


def test_maximising_and_minimising_are_each_others_negative() -> None:
    model = knapsack()
    other = replace(model, cost=-model.cost, maximise=False)
    assert solve_milp(other).objective == -solve_milp(model).objective
    assert solve_milp(other).bound == -solve_milp(model).bound
