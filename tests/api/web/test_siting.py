"""Siting over the web: begun, asked for, called off; what if; and no harm by any body."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.jobs import MOST_WAITING, Jobs
from geo.core.errors import NotFoundError, StoreBusyError
from geo.core.scenario import load_scenario

ON = "on=2025-12-31"
PROGRAMME = {"kind": "agri_demo_base", "count": 2, "mode": "foot", "minutes": 15}
SITING = {
    "programmes": [PROGRAMME],
    "candidates": {"grid_m": 500},
    "least_distance_m": None,
    "named_loss_share": 0,
}


def done(client: TestClient, begun: dict[str, Any]) -> dict[str, Any]:
    """Wait for a job; the state that it ends in."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = client.get(f"/siting/{begun['job_id']}")
        if answer.status_code != 200 or answer.json()["status"] not in {"waiting", "running"}:
            return {"code": answer.status_code, **answer.json()}
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def begin(client: TestClient, siting: object = None, **more: object) -> dict[str, Any]:
    body = {"siting": SITING if siting is None else siting, **more}
    answer = client.post(f"/siting?{ON}", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/siting/{answer.json()['job_id']}"
    return answer.json()


def test_a_plan_is_proposed_with_its_proof(client: TestClient) -> None:
    found = done(client, begin(client))["proposal"]
    assert found["proof"]["is_optimal"]
    assert found["proof"]["objective"] == found["proof"]["bound"] > 0
    assert len(found["sites"]) == 2
    assert sum(site["newly_covered"] for site in found["sites"]) >= found["proof"]["objective"]
    (programme,) = found["programmes"]
    gained = programme["demand"]["covered_after"] - programme["demand"]["covered_before"]
    assert gained == pytest.approx(found["proof"]["objective"], abs=0.01)
    assert found["on"] == "2025-12-31"
    assert found["sources"]


def test_the_same_question_is_the_same_job(client: TestClient) -> None:
    first, again = begin(client), begin(client)
    assert first["job_id"] == again["job_id"]
    other = begin(client, {**SITING, "forbidden": [], "floor_share": 0.01})
    assert other["job_id"] != first["job_id"]


def test_what_is_asked_for_besides(client: TestClient) -> None:
    found = done(client, begin(client, also=["alternatives", "frontier"]))
    proposal = found["proposal"]
    assert [row["lowest_share"] for row in proposal["frontier"]] == sorted(
        row["lowest_share"] for row in proposal["frontier"]
    )
    assert all(row["change"] <= 0.001 for row in proposal["alternatives"])
    picture = client.get(f"/siting/{found['job_id']}/frontier.svg?lang=en")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<script" not in picture.text
    none = done(client, begin(client))
    assert client.get(f"/siting/{none['job_id']}/frontier.svg").status_code == 404


def test_its_own_sites_put_by_hand_are_worth_the_same(client: TestClient) -> None:
    proposal = done(client, begin(client))["proposal"]
    sites = [
        {"programme": site["programme"], "candidate_id": site["candidate_id"]}
        for site in proposal["sites"]
    ]
    answer = client.post(f"/siting/what-if?{ON}", json={"siting": SITING, "sites": sites}).json()
    assert answer["value"] == pytest.approx(proposal["proof"]["objective"])
    assert answer["broken"] == []
    none = client.post(f"/siting/what-if?{ON}", json={"siting": SITING, "sites": []}).json()
    assert (none["value"], none["sites"], len(none["broken"])) == (0, [], 1)
    fewer = client.post(f"/siting/what-if?{ON}", json={"siting": SITING, "sites": sites[:1]}).json()
    assert fewer["value"] < answer["value"]
    assert len(fewer["broken"]) == 1
    assert "共 2 处" in fewer["broken"][0]["zh"]


def test_a_point_outside_is_named(client: TestClient) -> None:
    site = {"programme": "agri_demo_base", "longitude": 100.0, "latitude": 20.0}
    answer = client.post(f"/siting/what-if?{ON}&lang=en", json={"siting": SITING, "sites": [site]})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("The point 100.0, 20.0 lies outside")


@pytest.mark.parametrize(
    ("siting", "said"),
    [
        ({"programmes": [PROGRAMME | {"count": 0}]}, "siting.programmes.0.count 不能小于"),
        ({"programmes": []}, "项数不能少于"),
        ({"programmes": [PROGRAMME, PROGRAMME]}, "同一类型写了两次"),
        ({"programmes": [PROGRAMME | {"kind": "library"}]}, "不是可选址的类型"),
        ({"nonsense": 1}, "siting.nonsense 没有这一项"),
        ({"costs": {"host": -1}}, "siting.costs.host 不能小于"),
        ({"floor_share": "NaN"}, "必须是有限的数"),
        ({"time_limit_s": 1e9}, "不能大于"),
    ],
)
def test_a_choice_out_of_bounds_is_named(client: TestClient, siting: object, said: str) -> None:
    answer = client.post(f"/siting?{ON}", json={"siting": siting})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"programmes": [PROGRAMME | {"count": 500}]}, "要选 500 处，候选点只有"),
        ({"required": ["nowhere"]}, "没有候选点「nowhere」"),
        ({"costs": {"search_area": 10, "budget": 5}}, "不能同时满足"),
        ({"least_distance_m": 99_000, "candidates": {"grid_m": 1000}}, "不能同时满足"),
        ({"least_distance_m": 99_000}, "请缩小最小间距，或放大网格"),
        ({"candidates": {"villages": False}}, "没有一个候选点"),
        ({"question": "fewest_sites"}, "至多 2 处；覆盖不少于 100%"),
    ],
)
def test_what_cannot_be_answered_says_why(
    client: TestClient, change: dict[str, object], said: str
) -> None:
    found = done(client, begin(client, {**SITING, **change}))
    assert found["code"] == 422
    assert said in found["detail"]


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "text/plain", 400),
        (b'{"siting": {"programmes": "%s"}}' % (b"x" * 1_100_000), "application/json", 400),
        (b'{"siting": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "application/json", 400),
        (b'{"also": ["nonsense"]}', "application/json", 400),
        (b'{"sites": []}', "application/json", 400),
    ],
)
def test_a_hostile_body_is_refused(
    client: TestClient, content: bytes, kind: str, code: int
) -> None:
    answer = client.post(f"/siting?{ON}", content=content, headers={"content-type": kind})
    assert answer.status_code == code
    assert answer.json()["detail"]
    assert "Traceback" not in answer.text


def test_a_body_without_a_length_is_refused(client: TestClient) -> None:
    answer = client.post(
        f"/siting?{ON}",
        content=iter([b"{}"]),  # type: ignore[arg-type]
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["0" * 32, "%2e%2e", "0" * 31, "x" * 32])
def test_a_job_that_is_not_there(client: TestClient, name: str) -> None:
    assert client.get(f"/siting/{name}").status_code in {400, 404}
    assert client.delete(f"/siting/{name}").status_code in {400, 404}


def test_a_job_is_called_off(client: TestClient) -> None:
    begun = begin(client, {**SITING, "first_weight": 0.31})
    state = client.delete(f"/siting/{begun['job_id']}").json()
    assert state["cancelled"]
    ended = done(client, begun)
    assert ended["status"] in {"cancelled", "done", "failed"} or ended["code"] == 422
    # Asked again, it is begun anew.
    assert done(client, begin(client, {**SITING, "first_weight": 0.31}))["status"] == "done"


def test_the_queue_is_bounded_and_a_job_can_be_called_off_while_it_waits() -> None:
    jobs, stop = Jobs(), []

    def work(report):  # type: ignore[no-untyped-def]
        while report(1.0, 2.0, 0.0) and not stop:
            time.sleep(0.01)
        return {"best": 1}

    try:
        begun = [jobs.start(str(number).encode(), work) for number in range(MOST_WAITING)]
        with pytest.raises(StoreBusyError):
            jobs.start(b"one more", work)
        begun[-1].call_off()
        assert begun[-1].status == "cancelled"
        begun[0].call_off()
        until = time.monotonic() + 10
        while begun[0].status == "running" and time.monotonic() < until:
            time.sleep(0.01)
        assert (begun[0].status, begun[0].result()) == ("done", {"best": 1})
        with pytest.raises(NotFoundError):
            jobs.get("f" * 32)
    finally:
        stop.append(True)
        jobs.close()


def test_a_plan_by_hand_comes_as_a_scenario(client: TestClient, tmp_path: Path) -> None:
    proposal = done(client, begin(client))["proposal"]
    sites = [
        {"programme": site["programme"], "candidate_id": site["candidate_id"]}
        for site in proposal["sites"]
    ]
    body = {"siting": SITING, "sites": sites}
    found = client.post(f"/siting/what-if?{ON}", json=body).json()
    path = tmp_path / "plan.toml"
    path.write_text(found["scenario_toml"], encoding="utf-8")
    scenario = load_scenario(path, on=date(2020, 1, 1))
    assert scenario.on == date(2025, 12, 31)
    (programme,) = scenario.siting.programmes
    assert sorted(programme.required) == sorted(site["candidate_id"] for site in sites)
    body["sites"] = [{"programme": "agri_demo_base", "longitude": 111.02, "latitude": 27.21}]
    assert client.post(f"/siting/what-if?{ON}", json=body).json()["scenario_toml"] is None


def test_how_large(client: TestClient) -> None:
    found = client.get(f"/allotment?{ON}").json()
    assert (found["total_added_m2"], found["reaches_target"]) == (70, True)
    each = client.get(f"/allotment?{ON}&reach=township").json()
    assert each["total_added_m2"] == 90
    short = client.get(f"/allotment?{ON}&budget=50").json()
    assert (short["reaches_target"], short["objective"]) == (False, 20)
    assert client.get(f"/allotment?{ON}&budget=-1").status_code == 400
    assert client.get(f"/allotment?{ON}&reach=moon").status_code == 400


def layer(*boxes: tuple[float, float, float, float], **properties: object) -> dict[str, object]:
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]],
            },
        }
        for w, s, e, n in boxes
    ]
    return {"type": "FeatureCollection", "features": features}


def test_layers_come_with_the_question(client: TestClient) -> None:
    free = done(client, begin(client))["proposal"]
    middle = sorted(site["longitude"] for site in free["sites"])[0] + 0.0005
    closed = layer((110.0, 26.0, middle, 28.0))
    found = done(client, begin(client, exclusions=closed))["proposal"]
    assert all(site["longitude"] > middle for site in found["sites"])
    sites = [
        {key: site[key] for key in ("programme", "longitude", "latitude")} for site in free["sites"]
    ]
    body = {"siting": SITING, "sites": sites, "exclusions": closed}
    broken = client.post(f"/siting/what-if?{ON}", json=body).json()["broken"]
    assert any("在禁止范围内" in row["zh"] for row in broken)
    at = free["sites"][0]["longitude"], free["sites"][0]["latitude"]
    offered = layer((at[0], at[1], at[0] + 0.001, at[1] + 0.001), 名称="<b>地块</b>", 适宜性=90)
    must = {**SITING, "required": ["parcel-1"]}
    found = done(client, begin(client, must, parcels=offered))["proposal"]
    (parcel,) = [site for site in found["sites"] if site["source"] == "parcel"]
    assert (parcel["name"], parcel["suitability"]) == ("<b>地块</b>", 0.9)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"type": "FeatureCollection", "features": []},
        {"type": "Point", "coordinates": [1e400, 2]},
        layer((111.0, 27.0, 111.1, 27.1), 适宜性=10**40),
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None}]},
        {"type": "FeatureCollection", "features": "\ud800"},
        {"type": "VRT", "SrcDataSource": "/vsicurl/http://127.0.0.1:9/a"},
    ],
)
def test_a_layer_that_is_none_is_named(client: TestClient, given: dict[str, object]) -> None:
    content = json.dumps({"siting": SITING, "exclusions": given})
    headers = {"content-type": "application/json"}
    answer = client.post(f"/siting?{ON}", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert "exclusions" in answer.json()["detail"]


@pytest.mark.parametrize("depth", [50, 500, 900, 985, 2_000])
def test_a_layer_nested_without_end(client: TestClient, depth: int) -> None:
    content = f'{{"exclusions": {{"a": {"[" * depth}{"]" * depth}}}}}'
    headers = {"content-type": "application/json"}
    answer = client.post(f"/siting?{ON}", content=content, headers=headers)
    assert answer.status_code in {400, 422}
