"""A siting plan as plain values: the sites with their reasons, the proof, whom it reaches."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from geo.core.crs import STORAGE_CRS
from geo.core.json_values import Record, number, records
from geo.core.sentences import Sentences
from geo.core.siting_options import CandidateSource, Programme, SitingChoice
from geo.core.vocabulary import LABELS, Kind, Label, Profile
from geo.measures.study import Study
from geo.publish.study_json.digits import PEOPLE_DIGITS, RATE_DIGITS
from geo.publish.study_json.marks import marks
from geo.siting.explain import newly_covered_by
from geo.siting.labels import AUDIENCES, PEOPLE, PLACES, QUESTIONS, SOURCES, UNITS
from geo.siting.objective import worth_of
from geo.siting.proposal import SitePlan, SitingProposal
from geo.siting.what_if import WhatIf

TEXT: Final = Sentences("geo.publish")


def proposal_record(study: Study, proposal: SitingProposal) -> Record:
    """Return a proposal with everything that a reader needs to believe it.

    ``rounded_positions`` says, in Chinese and English, that the profile rounds positions, and
    what that does to figures; None where it does not.
    """
    return {
        **marks(study),
        "rounded_positions": _rounding(study),
        "choice": choice_record(proposal.plan.problem.choice),
        "proof": _proof(proposal),
        **_plan_record(study, proposal.plan),
    }


def what_if_record(study: Study, found: WhatIf) -> Record:
    """Return a plan that was put on the map by hand, and what of the constraints it breaks."""
    return {
        **marks(study),
        "rounded_positions": _rounding(study),
        "choice": choice_record(found.plan.problem.choice),
        "value": number(found.plan.value, PEOPLE_DIGITS),
        "suitability_worth": _suitability(found.plan),
        "broken": [{"zh": zh, "en": en} for zh, en in found.broken],
        **_plan_record(study, found.plan),
    }


def asked_record(study: Study) -> Record:
    """Return what a scenario asks of siting, with its words, and every question there is.

    Programmes carry the words of whom they are for.
    """
    choice = study.scenario.siting
    record = choice_record(choice)
    programmes = [
        row | _audience_words(programme)
        for row, programme in zip(record["programmes"], choice.programmes, strict=True)
    ]
    questions = [
        {"question": question.value, "zh": words.zh, "en": words.en}
        for question, words in QUESTIONS.items()
    ]
    return {"choice": record, "programmes": programmes, "questions": questions}


def choice_record(choice: SitingChoice) -> Record:
    """Return what was asked, with its words."""
    question, unit = QUESTIONS[choice.question], UNITS.get(choice.question, PEOPLE)
    return {
        **choice.model_dump(mode="json"),
        "question_zh": question.zh,
        "question_en": question.en,
        "unit_zh": unit.zh,
        "unit_en": unit.en,
    }


def _rounding(study: Study) -> Record | None:
    if study.data.profile is not Profile.PUBLIC:
        return None
    decimals = study.data.position_decimals
    return {
        "decimals": decimals,
        **TEXT.both("public_positions_are_rounded", decimals=decimals),
    }


def _proof(proposal: SitingProposal) -> Record:
    solution, optimum = proposal.solution, proposal.optimum
    given_up = abs(optimum.objective - solution.objective)
    return {
        "objective": number(solution.objective, PEOPLE_DIGITS),
        "bound": number(solution.bound, PEOPLE_DIGITS),
        "gap": number(solution.gap, RATE_DIGITS),
        "is_optimal": solution.is_optimal,
        "optimum": number(optimum.objective, PEOPLE_DIGITS),
        "optimum_is_proven": optimum.is_optimal,
        "given_up_for_named_places": number(given_up, PEOPLE_DIGITS),
        "suitability_worth": _suitability(proposal.plan),
        "seconds": round(proposal.seconds, 2),
        "candidate_count": len(proposal.plan.problem.stacked.candidates),
        "zh": _proof_words(proposal, "zh"),
        "en": _proof_words(proposal, "en"),
    }


def _suitability(plan: SitePlan) -> float | None:
    """Return what of a plan's worth is the suitability of its sites."""
    return number(worth_of(plan.problem.stacked, plan.problem.choice, plan.chosen), PEOPLE_DIGITS)


def _proof_words(proposal: SitingProposal, lang: str) -> str:
    worth = _suitability(proposal.plan)
    if not worth:
        return _proven(proposal, lang)
    if lang == "zh":
        return _proven(proposal, lang) + f"其中适宜性折算 {worth:,.0f}，其余为覆盖。"
    return _proven(proposal, lang) + f" Of it {worth:,.0f} stand for suitability, not coverage."


def _proven(proposal: SitingProposal, lang: str) -> str:
    solution, optimum = proposal.solution, proposal.optimum
    unit = getattr(UNITS.get(proposal.plan.problem.choice.question, PEOPLE), lang)
    given_up = abs(optimum.objective - solution.objective)
    figures = f"{solution.objective:,.0f} {unit}", f"{solution.bound:,.0f} {unit}"
    if lang == "zh":
        if solution.is_optimal:
            return f"已证明最优：{figures[0]}，没有更好的方案。"
        if optimum.is_optimal:
            return (
                f"{figures[0]}；已证明的最优为 {figures[1]}，为优先选用有名称的场所让出 "
                f"{given_up:,.0f} {unit}（{solution.gap:.1%}）。"
            )
        return (
            f"{figures[0]}；限时内未证到最优，最好也不过 {figures[1]}（差距 {solution.gap:.1%}）。"
        )
    if solution.is_optimal:
        return f"Proven optimal: {figures[0]}; no plan does better."
    if optimum.is_optimal:
        return (
            f"{figures[0]}; the proven optimum is {figures[1]}, of which {given_up:,.0f} {unit} "
            f"were given up for places with a name ({solution.gap:.1%})."
        )
    return f"{figures[0]}; no plan does better than {figures[1]} (gap {solution.gap:.1%})."


def _plan_record(study: Study, plan: SitePlan) -> Record:
    return {
        "programmes": _programme_records(study, plan),
        "sites": site_records(study, plan),
    }


def _programme_records(study: Study, plan: SitePlan) -> list[Record]:
    """Return for each programme whom it covers, before and after, by township and audience."""
    found = []
    for at, demand in enumerate(plan.problem.stacked.demands):
        programme = demand.programme
        own = plan.reached[plan.reached["programme"] == programme.kind.value]
        label = LABELS[Kind][programme.kind]
        found.append(
            {
                "kind": programme.kind.value,
                "zh": label.zh,
                "en": label.en,
                "audience": programme.audience,
                **_audience_words(programme),
                "existing_count": len(demand.existing_ids),
                "demand": _demand_record(plan, at),
                "unknown_townships": [
                    str(study.data.townships["name_zh"].get(code, code))
                    for code in demand.unknown_codes
                ],
                "by_audience": _sums(own, ["audience"]),
                "by_township": _with_names(study, _sums(own, ["township_code", "audience"])),
            }
        )
    return found


def _demand_record(plan: SitePlan, programme: int) -> Record:
    """Return how much of what a programme is for is covered, before and with the plan."""
    stacked, covered = plan.problem.stacked, plan.problem.coverage
    own = slice(int(stacked.starts[programme]), int(stacked.starts[programme + 1]))
    weight, before = covered.covering.weight[own], covered.covering.before[own]
    after = covered.coverage_counts(plan.chosen)[own]
    sums = weight.sum(), weight[before > 0].sum(), weight[after > 0].sum()
    names = "population", "covered_before", "covered_after"
    return {
        name: number(float(total), PEOPLE_DIGITS) for name, total in zip(names, sums, strict=True)
    }


def _audience_words(programme: Programme) -> Record:
    label, of = AUDIENCES[programme.audience], programme.demand_settlement
    place = Label("", "") if of is None else PLACES[of]
    return {"audience_zh": place.zh + label.zh, "audience_en": label.en + place.en}


def _sums(rows: pd.DataFrame, by: list[str]) -> list[Record]:
    names = ["population", "covered_before", "covered_after"]
    sums = rows.groupby(by, sort=False)[names].sum(min_count=1).round(PEOPLE_DIGITS)
    return records(sums.reset_index())


def _with_names(study: Study, rows: list[Record]) -> list[Record]:
    names = study.data.townships["name_zh"]
    return [
        row | {"township_name": str(names.get(row["township_code"], row["township_code"]))}
        for row in rows
    ]


def site_records(study: Study, plan: SitePlan) -> list[Record]:
    """Return the sites of a plan, each with where it is and what it does."""
    degrees = plan.sites.geometry.to_crs(STORAGE_CRS)
    names = study.data.townships["name_zh"]
    kinds, sources = LABELS[Kind], SOURCES
    rows = records(_site_table(plan.sites).round(PEOPLE_DIGITS))
    places = zip(degrees.x.round(7).tolist(), degrees.y.round(7).tolist(), strict=True)
    return [
        {
            "site": at,
            **row,
            "programme_zh": kinds[Kind(row["programme"])].zh,
            "programme_en": kinds[Kind(row["programme"])].en,
            "source_zh": sources[CandidateSource(row["source"])].zh,
            "source_en": sources[CandidateSource(row["source"])].en,
            "township_name": str(names[row["township_code"]]),
            "longitude": longitude,
            "latitude": latitude,
            **_newly(study, plan, column),
        }
        for at, row, column, (longitude, latitude) in zip(
            plan.sites.index, rows, plan.sites["column"].tolist(), places, strict=True
        )
    ]


def _newly(study: Study, plan: SitePlan, column: int) -> Record:
    """Return whom a site newly covers, by audience and by township."""
    found = newly_covered_by(plan.problem, column).round(PEOPLE_DIGITS)
    sums = found.sum(min_count=1).round(PEOPLE_DIGITS)
    return {
        "newly_by_audience": {str(name): number(float(sums[name])) for name in found.columns},
        "newly_by_township": _with_names(study, records(found.reset_index())),
    }


def _site_table(sites: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(sites.drop(columns=["geometry", "column"])).reset_index(drop=True)


def site_features(study: Study, plan: SitePlan) -> gpd.GeoDataFrame:
    """Return the sites of a plan in EPSG:4490, for GeoJSON; the id is the site's number."""
    rows = pd.DataFrame(site_records(study, plan), index=plan.sites.index)
    stamp = {
        "on": study.scenario.on.isoformat(),
        "scenario": study.scenario.digest,
        "demonstration": study.data.demonstration,
    }
    return gpd.GeoDataFrame(
        rows.assign(**stamp), geometry=plan.sites.geometry.to_crs(STORAGE_CRS).to_numpy(),
        crs=STORAGE_CRS,
    )  # fmt: skip
