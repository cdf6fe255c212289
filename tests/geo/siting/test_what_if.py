"""What-if: plans put on the map by hand."""

from __future__ import annotations

import pytest

from geo.core.errors import SitingError
from geo.core.vocabulary import Kind
from geo.publish.study_json.siting import proposal_record, what_if_record
from geo.siting.proposal import propose
from geo.siting.what_if import PlacedSite, what_if


def test_what_if_of_the_proposal_is_the_proposal(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice()
    proposal = propose(toy_study, choice)
    placed = [
        PlacedSite(programme=Kind(kind), candidate_id=name)
        for kind, name in zip(
            proposal.plan.sites["programme"], proposal.plan.sites["candidate_id"], strict=True
        )
    ]
    found = what_if(toy_study, choice, placed)
    assert found.plan.value == pytest.approx(proposal.solution.objective)
    assert found.broken == []
    told, own = what_if_record(toy_study, found), proposal_record(toy_study, proposal)
    assert told["programmes"] == own["programmes"]
    assert [site["name"] for site in told["sites"]] == [site["name"] for site in own["sites"]]


def test_what_if_tells_what_it_breaks(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice(least_distance_m=2_000.0)
    near = [
        PlacedSite(programme=Kind.SCIENCE_BASE, longitude=111.02, latitude=27.21),
        PlacedSite(programme=Kind.SCIENCE_BASE, longitude=111.021, latitude=27.21),
    ]
    broken = [zh for zh, _ in what_if(toy_study, choice, near).broken]
    assert broken == ["应急科普基地共 1 处", "两处相距不少于 2000 米"] or len(broken) == 2
    assert "两处相距不少于 2000 米" in broken


@pytest.mark.parametrize(
    ("placed", "zh"),
    [
        (PlacedSite(programme=Kind.SCIENCE_BASE, longitude=100.0, latitude=20.0), "不在本区内"),
        (PlacedSite(programme=Kind.SCIENCE_BASE, candidate_id="nowhere"), "没有候选点「nowhere」"),
        (PlacedSite(programme=Kind.LIBRARY, candidate_id="f03"), "library 不在 programmes 里"),
    ],
)
def test_a_site_that_cannot_be_is_named(toy_study, make_choice, placed, zh) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SitingError, match=zh):
        what_if(toy_study, make_choice(), [placed])


def test_a_site_is_somewhere() -> None:
    for values in (
        {},
        {"longitude": 1.0},
        {"candidate_id": "a", "longitude": 1.0, "latitude": 1.0},
    ):
        with pytest.raises(ValueError, match="candidate_id"):
            PlacedSite(programme=Kind.SCIENCE_BASE, **values)


def test_a_plan_without_sites_covers_nobody_anew(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    found = what_if(toy_study, make_choice(), [])
    assert found.plan.value == 0
    assert len(found.plan.sites) == 0
    assert [zh for zh, _ in found.broken] == ["科普基地共 2 处", "应急科普基地共 1 处"] or (
        len(found.broken) == 2
    )


def test_points_are_numbered_in_their_order_and_named(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    placed = [
        PlacedSite(programme=Kind.SCIENCE_BASE, longitude=111.03, latitude=27.23),
        PlacedSite(programme=Kind.EMERGENCY_BASE, candidate_id="f03"),
        PlacedSite(programme=Kind.SCIENCE_BASE, longitude=111.02, latitude=27.21),
    ]
    sites = what_if(toy_study, make_choice(), placed).plan.sites
    assert set(sites["candidate_id"]) == {"point-1", "point-2", "f03"}
    names = sites.set_index("candidate_id")["name"]
    assert names[["point-1", "point-2"]].tolist() == ["自选点 1", "自选点 2"]
    assert sites.set_index("candidate_id").loc["f03", "programme"] == "emergency_base"


def test_the_number_of_sites_is_no_error_but_reported(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice(required=["f03"], forbidden=["f06"])
    one = [PlacedSite(programme=Kind.SCIENCE_BASE, candidate_id="f03")]
    broken = [en for _, en in what_if(toy_study, choice, one).broken]
    assert len(broken) == 2
    assert all("sites of" in clause for clause in broken)


def test_the_settlement_of_a_programme_is_checked(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    programme = {"kind": "science_base", "count": 1, "mode": "foot", "minutes": 45}
    choice = make_choice(programmes=[programme | {"settlement": "rural"}])
    urban = [PlacedSite(programme=Kind.SCIENCE_BASE, candidate_id="f03")]
    assert any("第 1 处不在要求的" in zh for zh, _ in what_if(toy_study, choice, urban).broken)
