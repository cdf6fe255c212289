"""What can be asked for besides a siting plan: other plans, the frontier, how it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

from geo.core.json_values import Record, number, records
from geo.measures.study import Study
from geo.publish.study_json.digits import PEOPLE_DIGITS, RATE_DIGITS
from geo.siting.alternatives import alternatives
from geo.siting.model import Solution
from geo.siting.pareto import ParetoPlan, pareto_frontier
from geo.siting.problem import make_problem
from geo.siting.proposal import SitePlan, SitingProposal
from geo.siting.sensitivity import CUTOFF_FACTOR, Sensitivity, sensitivity
from geo.siting.stacked_model import StackedModel

Steps = Callable[[int, int], bool | None]
"""Told how many steps are done, and of how many; False ends them."""

_DIFFERENT: Final = 5
"""Other plans differ in one site of so many at least."""


class Extra(StrEnum):
    """What can be asked for besides a plan."""

    ALTERNATIVES = "alternatives"
    FRONTIER = "frontier"
    ROBUSTNESS = "robustness"


def extra_record(study: Study, proposal: SitingProposal, extra: Extra, steps: Steps) -> Record:
    """Return one of the extras under its own name.

    Raises
    ------
    SitingError
        The question is none that it can be worked out for.
    """
    problem = proposal.plan.problem
    if extra is Extra.FRONTIER:
        return {
            extra.value: frontier_records(problem.stacked, pareto_frontier(problem, progress=steps))
        }
    if extra is Extra.ROBUSTNESS:
        wide = make_problem(
            study, problem.choice, layers=problem.layers, cutoff_factor=CUTOFF_FACTOR
        )
        held = sensitivity(wide, proposal.plan.chosen, progress=steps)
        return {extra.value: robustness_record(proposal.plan, held)}
    different = max(1, len(proposal.plan.chosen) // _DIFFERENT)
    others = alternatives(
        problem,
        proposal.optimum,
        least_different=different,
        progress=lambda *_found: steps(0, 0),
    )
    return {extra.value: alternative_records(proposal, list(others))}


def alternative_records(proposal: SitingProposal, others: Iterable[Solution]) -> list[Record]:
    """Return other plans: what they are worth, and which sites they change."""
    names = proposal.plan.problem.stacked.candidates["name"]
    stacked, own = proposal.plan.problem.stacked, set(proposal.plan.chosen.tolist())

    def told(columns: Iterable[int]) -> list[str]:
        return [str(names.iloc[stacked.candidate[column]]) for column in sorted(columns)]

    return [
        {
            "objective": number(other.objective, PEOPLE_DIGITS),
            "change": number(other.objective - proposal.solution.objective, PEOPLE_DIGITS),
            "instead_of": told(own - set(other.chosen.tolist())),
            "instead": told(set(other.chosen.tolist()) - own),
            "sites": _sites(stacked, other.chosen.tolist()),
        }
        for other in others
    ]


def frontier_records(stacked: StackedModel, found: Sequence[ParetoPlan]) -> list[Record]:
    """Return the plans of a frontier: shares covered, Gini and sites, most covered first."""
    return [
        {
            "newly_covered": number(one.solution.objective, PEOPLE_DIGITS),
            "covered_share": number(one.covered_share, RATE_DIGITS),
            "lowest_share": number(one.lowest_share, RATE_DIGITS),
            "gini": number(one.gini, RATE_DIGITS),
            "gap": number(one.solution.gap, RATE_DIGITS),
            "may_go_on": one.may_go_on,
            "sites": _sites(stacked, one.solution.chosen.tolist()),
        }
        for one in found
    ]


def _sites(stacked: StackedModel, columns: Iterable[int]) -> list[Record]:
    """Return columns as a person would put them: programme and candidate."""
    return [
        {
            "programme": stacked.programmes[stacked.programme[column]].kind.value,
            "candidate_id": str(stacked.candidates.index[stacked.candidate[column]]),
        }
        for column in columns
    ]


def robustness_record(plan: SitePlan, found: Sensitivity) -> dict[str, Any]:
    """Return in what share of the draws each site was chosen again, in the order of the sites."""
    by_column = found.by_site.set_axis(plan.chosen).reindex(plan.sites["column"])
    return {
        "draws": found.draws,
        "near_m": found.near_m,
        "least_kept_share": number(float(found.kept_share.min()), RATE_DIGITS),
        "mean_kept_share": number(float(found.kept_share.mean()), RATE_DIGITS),
        "sites": [
            {"site": site, **row}
            for site, row in zip(plan.sites.index, records(by_column.round(4)), strict=True)
        ],
    }
