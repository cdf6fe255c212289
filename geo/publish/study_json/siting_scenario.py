"""A plan as a scenario file: what was asked, with the plan's own sites as those that must be."""

from __future__ import annotations

import tomllib
from typing import Any, Final

import tomlkit

from geo.core.errors import ScenarioError
from geo.core.sentences import Sentences
from geo.measures.study import Study
from geo.siting.proposal import SitePlan
from geo.siting.what_if import POINT

TEXT: Final = Sentences("geo.publish")


def plan_scenario(study: Study, plan: SitePlan) -> str:
    """Return TOML that, laid over the study's scenario, proposes this very plan again.

    The candidates of the plan are required and counted as they are; the date and the
    denominator are stated. Read by ``kepu site --scenario``.

    Raises
    ------
    ScenarioError
        A site is a point that was put by hand: it is no candidate of another day.
    """
    if plan.sites["candidate_id"].str.startswith(POINT).any():
        raise ScenarioError(**TEXT.both("plan_has_free_points"))
    siting = _plain(plan.problem.choice.model_dump(mode="json", exclude_defaults=True))
    for programme in siting["programmes"]:
        own = plan.sites[plan.sites["programme"] == programme["kind"]]
        programme |= {"count": len(own), "required": own["candidate_id"].tolist()}
    siting["programmes"] = [one for one in siting["programmes"] if one["count"]]
    document = tomlkit.document()
    document.add(tomlkit.comment(f"kepu-atlas · {study.data.district_name} · {study.scenario.on}"))
    document["name"] = "siting-plan"
    document["on"] = study.scenario.on
    document["denominator"] = study.residents.denominator
    document["siting"] = siting
    text = tomlkit.dumps(document)
    tomllib.loads(text)
    return text


def _plain(value: Any) -> Any:
    """Return values without those that TOML has no word for."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value
