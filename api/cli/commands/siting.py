"""``kepu site``: where new bases should stand, with the proof."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import orjson
import typer
from rich.progress import Progress as Bar

from api.answers import Atlas
from api.cli.commands.choices import OnOption, ScenarioOption, date_of
from api.cli.commands.proposal import search_progress
from api.cli.commands.session import LangOption, Language, ProfileOption, Session, StoreOption
from api.cli.tables.siting import print_allotment, print_proposal
from api.cli.terminal import err, words
from geo.core.errors import Lang
from geo.core.files import check_ending, write_atomically
from geo.core.geojson import collection, encode
from geo.core.json_values import Record
from geo.core.sentences import Sentences
from geo.core.siting_options import CandidateReview, Question, SitingChoice, SitingLayers
from geo.core.vocabulary import Profile
from geo.intake.areas import read_areas
from geo.intake.candidate_marks import read_candidate_marks
from geo.measures.study import Study
from geo.publish.study_json.allotment import allotment_record
from geo.publish.study_json.candidate_list import candidate_list
from geo.publish.study_json.siting import proposal_record, site_features
from geo.publish.study_json.siting_extras import Extra, extra_record
from geo.publish.study_json.siting_scenario import plan_scenario
from geo.siting.allotment import allotment_plan
from geo.siting.candidates import candidate_sites
from geo.siting.proposal import SitingProposal, propose

TEXT: Final = Sentences("api.cli")

Say = Callable[[str, str], None]
"""Takes a sentence in Chinese and English."""


def site(
    question: Annotated[
        Question | None, typer.Option("--question", help="优化目标，缺省按情景方案")
    ] = None,
    share: Annotated[
        float | None,
        typer.Option("--share", min=1, max=100, help="处数最少时至少覆盖百分之几，如 80"),
    ] = None,
    also: Annotated[
        list[Extra] | None,
        typer.Option(
            "--also", help="另算：alternatives 其他方案、frontier 取舍、robustness 稳健性"
        ),
    ] = None,
    exclude: Annotated[
        Path | None, typer.Option("--exclude", metavar="FILE", help="不得选址的范围（面图层）")
    ] = None,
    parcels: Annotated[
        Path | None, typer.Option("--parcels", metavar="FILE", help="可供选择的地块（面图层）")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.geojson", help="写出选址点 GeoJSON")
    ] = None,
    marks: Annotated[
        Path | None,
        typer.Option(
            "--marks", metavar="LIST", help="其他部门填好的候选点清单（审查、适宜性、费用）"
        ),
    ] = None,
    list_candidates: Annotated[
        Path | None,
        typer.Option(
            "--list-candidates", metavar="LIST.xlsx", help="只写出候选点清单，供其他部门填写"
        ),
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="PLAN.toml", help="存为情景方案文件")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=1, max=600, help="求解时限（秒）")
    ] = None,
    on: OnOption = None,
    scenario: ScenarioOption = None,
    profile: ProfileOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """推荐新建（认定）基地的位置，并给出证明和理由。Propose sites, with proof and reasons."""
    session = Session(lang.value, store)
    _check_endings(out_file, save, list_candidates)
    request = _Request(question, share, time_limit, marks, exclude, parcels)
    with session.store() as opened:
        atlas = session.atlas(opened, scenario, profile=profile)
        study, choice, layers = _inputs(session, atlas, date_of(on), request)
        if list_candidates is not None:
            _write_list(session, study, choice, layers, list_candidates)
            return
        with search_progress(session.lang) as progress:
            proposal = propose(study, choice, layers=layers, progress=progress)
        record = proposal_record(study, proposal)
        for name in also or []:
            record |= _extra(name, study, proposal, session.lang)
    _print(record, print_proposal, session, as_json)
    say = _silent if as_json else session.say
    if save is not None:
        _save_plan(study, proposal, save, say)
    if out_file is not None:
        _write_sites(study, proposal, record, out_file, say)


def allot(
    scope: Annotated[
        Literal["district", "township"] | None,
        typer.Option("--scope", help="district 全区达标，或 township 各乡镇街道都达标"),
    ] = None,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, help="新增面积上限（m²）")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    on: OnOption = None,
    scenario: ScenarioOption = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """要达到每万人 160 m²，各处要新增多少展厅面积。How much area each place would add."""
    session = Session(lang.value, store)
    given = {"scope": scope, "area_budget_m2": budget}
    with session.store() as opened:
        atlas = session.atlas(opened, scenario, profile=Profile.INTERNAL)
        with err.status(TEXT.text("working_out", session.lang)):
            study = atlas.answer(atlas.scenario(on=date_of(on))).study
            update = {key: value for key, value in given.items() if value is not None}
            choice = study.scenario.allotment.model_copy(update=update)
            record = allotment_record(study, allotment_plan(study, choice))
    _print(record, print_allotment, session, as_json)


@dataclass(frozen=True)
class _Request:
    """The options of a plan: objective, bounds, and the files of other bureaus."""

    question: Question | None
    share: float | None
    time_limit: float | None
    marks: Path | None
    exclude: Path | None
    parcels: Path | None


def _inputs(
    session: Session, atlas: Atlas, on: date | None, request: _Request
) -> tuple[Study, SitingChoice, SitingLayers]:
    """Return what a plan is computed from; report what was left out."""
    with err.status(TEXT.text("working_out", session.lang)):
        study = atlas.answer(atlas.scenario(on=on)).study
        layers = SitingLayers(
            None if request.exclude is None else read_areas(request.exclude).geometry,
            None if request.parcels is None else read_areas(request.parcels),
        )
        _report_rejected(session, layers)
        choice = _choice(study, request.question, request.share, request.time_limit)
        if request.marks is not None:
            choice = _with_marks(session, choice, request.marks)
    return study, choice, layers


def _print(
    record: Record, for_people: Callable[[Record, Lang], None], session: Session, as_json: bool
) -> None:
    """Print a record as JSON, or as tables."""
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(record) + b"\n")
    else:
        for_people(record, session.lang)


def _silent(_zh: str, _en: str) -> None:
    """Print nothing: JSON is for a program."""


def _save_plan(study: Study, proposal: SitingProposal, path: Path, say: Say) -> None:
    write_atomically(path, plan_scenario(study, proposal.plan).encode("utf-8"))
    say(*TEXT.words("kept_as", path=path))


def _write_sites(
    study: Study, proposal: SitingProposal, record: Record, path: Path, say: Say
) -> None:
    features = encode(site_features(study, proposal.plan))
    members = {"kepu": {key: record[key] for key in record if key not in {"sites"}}}
    write_atomically(path, collection(features, features.pick(), members=members))
    say(*TEXT.words("wrote_file", out_file=path))


def _check_endings(out_file: Path | None, save: Path | None, listed: Path | None) -> None:
    """Refuse file names with another ending than their format, before anything is computed."""
    files = ((out_file, (".geojson", ".json")), (save, (".toml",)), (listed, (".xlsx",)))
    for path, endings in files:
        if path is not None:
            check_ending(path, *endings)


def _report_rejected(session: Session, layers: SitingLayers) -> None:
    """Report the parcels left out because another bureau rejected them."""
    parcels = layers.parcels
    if parcels is None or parcels["failed"].isna().all():
        return
    left = parcels[parcels["failed"].notna()]
    names = "、".join(
        f"{name}（{marks}）" for name, marks in zip(left["name"], left["failed"], strict=True)
    )
    session.say(*TEXT.words("parcels_left_out", names=names))


def _with_marks(session: Session, choice: SitingChoice, path: Path) -> SitingChoice:
    """Return the choice with the marks of a list over those of the scenario."""
    listed = read_candidate_marks(path)
    failed = [f"{name}（{own.failed}）" for name, own in listed.by_id.items() if own.failed]
    if failed:
        left = "、".join(failed)
        session.say(*TEXT.words("candidates_left_out", left=left))
    if listed.ignored:
        heads = "、".join(listed.ignored)
        session.say(*TEXT.words("columns_not_used", heads=heads))
    own = {mark.candidate_id: mark for mark in choice.marks}
    own |= {
        name: CandidateReview(
            candidate_id=name, suitability=one.suitability, cost=one.cost, failed=one.failed
        )
        for name, one in listed.by_id.items()
    }
    return choice.model_copy(update={"marks": tuple(own.values())})


def _write_list(
    session: Session, study: Study, choice: SitingChoice, layers: SitingLayers, path: Path
) -> None:
    """Write the candidates for other bureaus to fill in."""
    candidates = candidate_sites(study, choice, layers)
    write_atomically(path, candidate_list(study, candidates))
    session.say(*TEXT.words("wrote_candidates", path=path))


def _choice(
    study: Study, question: Question | None, share: float | None, time_limit: float | None
) -> SitingChoice:
    given: dict[str, Any] = {}
    if question is not None:
        given["question"] = question
    if share is not None:
        given["share"] = share / 100
    if time_limit is not None:
        given["time_limit_s"] = time_limit
    return study.scenario.siting.model_copy(update=given)


def _extra(name: Extra, study: Study, proposal: SitingProposal, lang: Lang) -> dict[str, Any]:
    titles = {
        Extra.ALTERNATIVES: TEXT.words("other_plans"),
        Extra.FRONTIER: TEXT.words("frontier"),
        Extra.ROBUSTNESS: TEXT.words("robustness"),
    }
    with Bar(console=err, transient=True) as bar:
        at = bar.add_task(words(lang, *titles[name]), total=None)
        return extra_record(
            study,
            proposal,
            name,
            lambda done, of: bar.update(at, completed=done, total=of or None),
        )
