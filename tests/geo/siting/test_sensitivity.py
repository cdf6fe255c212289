"""Sensitivity: the same plan, seed and draws, and what they are a share of."""

from __future__ import annotations

import numpy as np
import pytest

from geo.core.errors import SitingError
from geo.publish.study_json.siting_extras import robustness_record
from geo.siting.problem import make_problem
from geo.siting.proposal import propose
from geo.siting.sensitivity import sensitivity


def test_without_deviations_the_plan_holds(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(toy_study, make_choice(named_loss_share=0.0))
    problem, chosen = proposal.plan.problem, proposal.plan.chosen
    found = sensitivity(problem, chosen, draws=3, population_sd=0.0, reach_sd=0.0)
    assert (found.kept_share >= 1 - 1e-9).all()
    assert (found.by_site["near_share"] == 1).all() or (found.by_site["chosen_share"] < 1).any()


def test_the_same_seed_draws_the_same(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice()
    proposal = propose(toy_study, choice)
    wide = make_problem(toy_study, choice, cutoff_factor=1.4)
    one, other = (sensitivity(wide, proposal.plan.chosen, draws=4) for _ in range(2))
    assert one.by_site.equals(other.by_site)
    assert one.kept_share.equals(other.kept_share)
    assert ((one.kept_share > 0) & (one.kept_share <= 1.01)).all()
    record = robustness_record(proposal.plan, one)
    assert [row["site"] for row in record["sites"]] == proposal.plan.sites.index.tolist()
    with pytest.raises(SitingError, match="稳健性"):
        sensitivity(
            make_problem(toy_study, make_choice(question="least_travel")), proposal.plan.chosen
        )


def test_draws_are_limited_and_can_be_stopped(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice()
    problem = make_problem(toy_study, choice, cutoff_factor=1.4)
    chosen = propose(toy_study, choice).plan.chosen
    found = sensitivity(problem, chosen, draws=5, progress=lambda done, total: done < 2)
    assert found.draws == len(found.kept_share) == 2
    none = sensitivity(problem, chosen, draws=0)
    assert none.draws == 0
    assert (none.by_site == 0).all().all()


def test_another_seed_draws_otherwise(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    wide = make_problem(toy_study, make_choice(), cutoff_factor=1.4)
    poor = np.concatenate([wide.stacked.columns(0)[-2:], wide.stacked.columns(1)[-1:]])
    one, other = (sensitivity(wide, poor, draws=3, seed=seed) for seed in (1, 2))
    assert not one.kept_share.equals(other.kept_share)
    assert (one.kept_share < 1).all()


def test_near_is_no_less_than_chosen_and_grows_with_the_distance(  # type: ignore[no-untyped-def]
    toy_study, make_choice
) -> None:
    choice = make_choice()
    wide = make_problem(toy_study, choice, cutoff_factor=1.4)
    chosen = propose(toy_study, choice).plan.chosen
    near = sensitivity(wide, chosen, draws=4, near_m=1.0).by_site
    far = sensitivity(wide, chosen, draws=4, near_m=20_000.0).by_site
    assert (near["near_share"] >= near["chosen_share"]).all()
    assert (far["near_share"] == 1.0).all()
    assert far["chosen_share"].tolist() == near["chosen_share"].tolist()
