"""Other plans, the frontier, robustness and what-if, against all plans there are."""

from __future__ import annotations

import numpy as np
import pytest

from geo.core.errors import SitingError
from geo.core.vocabulary import Kind
from geo.publish.study_json.siting import proposal_record, what_if_record
from geo.publish.study_json.siting_extras import robustness_record
from geo.siting.alternatives import alternatives
from geo.siting.asked import make_task
from geo.siting.frontier import frontier
from geo.siting.named import is_allowed
from geo.siting.proposal import propose
from geo.siting.robustness import robustness
from geo.siting.what_if import Placed, what_if


@pytest.mark.parametrize("different", [1, 2])
def test_other_plans_are_the_best_that_are_left(answer, asked, every_plan, different) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(answer, asked())
    task = proposal.plan.task
    left = [plan for plan in every_plan(task) if is_allowed(task, plan)]
    known = [proposal.optimum.chosen]
    for found in alternatives(
        task, proposal.optimum, loss_share=0.5, most=3, least_different=different
    ):
        left = [p for p in left if len(np.setdiff1d(known[-1], p)) >= different]
        assert found.objective == pytest.approx(max(map(task.score.of, left)))
        known.append(found.chosen)
    assert len(known) == 4


def test_no_plan_of_the_frontier_is_worse_in_both(answer, asked, every_plan) -> None:  # type: ignore[no-untyped-def]
    task = make_task(answer, asked())
    found = frontier(task)
    assert found
    shares = [(one.covered_share, one.lowest_share) for one in found]
    assert shares == sorted(shares, key=lambda pair: (-pair[0], pair[1]))
    best = max(task.score.of(plan) for plan in every_plan(task) if is_allowed(task, plan))
    assert found[0].solution.objective == pytest.approx(best)
    assert all(0 <= one.gini <= 1 for one in found)


def test_the_frontier_is_of_coverage_alone(answer, asked) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SitingError, match="取舍曲线"):
        frontier(make_task(answer, asked(question="least_travel")))


def test_without_deviations_the_plan_holds(answer, asked) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(answer, asked(named_loss_share=0.0))
    task, chosen = proposal.plan.task, proposal.plan.chosen
    found = robustness(task, chosen, draws=3, population_sd=0.0, reach_sd=0.0)
    assert (found.kept_share >= 1 - 1e-9).all()
    assert (found.by_site["near_share"] == 1).all() or (found.by_site["chosen_share"] < 1).any()


def test_the_same_seed_draws_the_same(answer, asked) -> None:  # type: ignore[no-untyped-def]
    choice = asked()
    proposal = propose(answer, choice)
    wide = make_task(answer, choice, beyond=1.4)
    one, other = (robustness(wide, proposal.plan.chosen, draws=4) for _ in range(2))
    assert one.by_site.equals(other.by_site)
    assert one.kept_share.equals(other.kept_share)
    assert ((one.kept_share > 0) & (one.kept_share <= 1.01)).all()
    record = robustness_record(proposal.plan, one)
    assert [row["site"] for row in record["sites"]] == proposal.plan.sites.index.tolist()
    with pytest.raises(SitingError, match="稳健性"):
        robustness(make_task(answer, asked(question="least_travel")), proposal.plan.chosen)


def test_what_if_of_the_proposal_is_the_proposal(answer, asked) -> None:  # type: ignore[no-untyped-def]
    choice = asked()
    proposal = propose(answer, choice)
    placed = [
        Placed(programme=Kind(kind), candidate_id=name)
        for kind, name in zip(
            proposal.plan.sites["programme"], proposal.plan.sites["candidate_id"], strict=True
        )
    ]
    found = what_if(answer, choice, placed)
    assert found.plan.value == pytest.approx(proposal.solution.objective)
    assert found.broken == []
    told, own = what_if_record(answer, found), proposal_record(answer, proposal)
    assert told["programmes"] == own["programmes"]
    assert [site["name"] for site in told["sites"]] == [site["name"] for site in own["sites"]]


def test_what_if_tells_what_it_breaks(answer, asked) -> None:  # type: ignore[no-untyped-def]
    choice = asked(least_distance_m=2_000.0)
    near = [
        Placed(programme=Kind.SCIENCE_BASE, longitude=111.02, latitude=27.21),
        Placed(programme=Kind.SCIENCE_BASE, longitude=111.021, latitude=27.21),
    ]
    broken = [zh for zh, _ in what_if(answer, choice, near).broken]
    assert broken == ["应急科普基地共 1 处", "两处相距不少于 2000 米"] or len(broken) == 2
    assert "两处相距不少于 2000 米" in broken


@pytest.mark.parametrize(
    ("placed", "zh"),
    [
        (Placed(programme=Kind.SCIENCE_BASE, longitude=100.0, latitude=20.0), "不在本区内"),
        (Placed(programme=Kind.SCIENCE_BASE, candidate_id="nowhere"), "没有候选点「nowhere」"),
        (Placed(programme=Kind.LIBRARY, candidate_id="f03"), "library 不在 programmes 里"),
    ],
)
def test_a_site_that_cannot_be_is_named(answer, asked, placed, zh) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SitingError, match=zh):
        what_if(answer, asked(), [placed])


def test_a_site_is_somewhere() -> None:
    for values in (
        {},
        {"longitude": 1.0},
        {"candidate_id": "a", "longitude": 1.0, "latitude": 1.0},
    ):
        with pytest.raises(ValueError, match="candidate_id"):
            Placed(programme=Kind.SCIENCE_BASE, **values)
