"""The change feed: what a nightly pull gets, and that it loses nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import orjson
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api import answers as answers_module
from api.settings import Settings
from api.web.app import create_app
from geo.core.district import DistrictData
from geo.core.errors import NotFoundError, QueryError, UndoError
from geo.store import LoadRecord, Store, create_store

NAMES = ("facilities", "townships", "villages", "gaps", "service_areas", "districts")
SECRET = "天机不可泄露"
START = datetime(2025, 3, 1, 8, tzinfo=UTC)
NEXT_DAY = date(2026, 1, 1)


@dataclass
class Service:
    """A store of its own behind the service, and the tools to change it."""

    store: Store
    path: Path
    client: TestClient
    loads: int = 0

    def load(self, facilities: gpd.GeoDataFrame) -> None:
        self.loads += 1
        record = LoadRecord(
            START + timedelta(days=self.loads), "台账.xlsx", f"{self.loads:064x}", "facilities", 3
        )
        self.store.load_facilities(facilities, None, record)

    def ledger(self) -> gpd.GeoDataFrame:
        return self.store.read_district().facilities

    def edit(self, facility_id: str, column: str, value: str) -> None:
        """Change a row as QGIS does, by GDAL and beside the program."""
        if shutil.which("ogrinfo") is None and not os.environ.get("CI"):
            pytest.skip("GDAL's programs are not installed")
        statement = (
            f"UPDATE facilities SET {column} = '{value}' WHERE facility_id = '{facility_id}'"
        )
        before = self.store.version()
        subprocess.run(["ogrinfo", "-q", self.path, "-sql", statement], check=True, timeout=60)
        assert self.store.version() == before + 1

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def pull(self, name: str, **query: Any) -> Copy:
        """Pull everything by its items, page by page; the first page tells from where on."""
        address, held, since = f"/collections/{name}/items", {}, ""
        found = self.get(address, limit=4, **query)
        since = href(found, "changes")
        while True:
            held |= by_id(found)
            if not href(found, "next"):
                return Copy(held, since)
            found = self.client.get(href(found, "next")).json()


@dataclass
class Copy:
    """A client's copy of a collection, and where it goes on."""

    held: dict[str, bytes]
    since: str

    def update(self, service: Service, limit: int = 3, **query: Any) -> Copy:
        """Return the copy brought up to date by the feed."""
        address, held = f"{self.since}&limit={limit}", dict(self.held)
        if "on" in query:
            parts = urlsplit(address)
            asked = {key: values[-1] for key, values in parse_qs(parts.query).items()} | query
            found = service.get(parts.path, **asked)
        else:
            found = service.client.get(address).json()
        while True:
            assert not found["removed"] or set(found["removed"]) <= held.keys()
            for gone in found["removed"]:
                del held[gone]
            assert not set(found["added"]) & held.keys()
            assert set(found["changed"]) <= held.keys()
            held |= by_id(found)
            if not href(found, "next"):
                return Copy(held, href(found, "changes"))
            found = service.client.get(href(found, "next")).json()


def by_id(found: dict[str, Any]) -> dict[str, bytes]:
    return {str(one["id"]): orjson.dumps(one) for one in found["features"]}


def href(found: dict[str, Any], rel: str) -> str:
    return next((link["href"] for link in found["links"] if link["rel"] == rel), "")


@pytest.fixture
def service(toy: DistrictData, tmp_path: Path) -> Iterator[Service]:
    yield from serving(toy, tmp_path / "toy.gpkg")


def serving(data: DistrictData, path: Path) -> Iterator[Service]:
    with create_store(path) as store:
        store.replace_district(data, LoadRecord(START, "toy.xlsx", "0" * 64, "district", 15))
        with TestClient(create_app(store, Settings()), raise_server_exceptions=False) as client:
            yield Service(store, path, client)


def edited(ledger: gpd.GeoDataFrame, facility_id: str, **values: Any) -> gpd.GeoDataFrame:
    made = ledger.copy()
    for name, value in values.items():
        made.loc[facility_id, name] = value
    return made


# What is told


def test_what_was_added_changed_and_removed(service: Service) -> None:
    copy = service.pull("facilities", on="2025-12-31")
    ledger = service.ledger()
    new = ledger.loc[["f01"]].rename(index={"f01": "f99"})
    rows = edited(ledger.drop(index="f02"), "f03", exhibition_area_m2=70.0)
    service.load(gpd.pd.concat([rows, new]))
    found = service.client.get(copy.since).json()
    assert found["type"] == "FeatureCollection"
    assert (found["added"], found["changed"], found["removed"]) == (["f99"], ["f03"], ["f02"])
    assert [one["id"] for one in found["features"]] == ["f99", "f03"]
    counts = [found[f"number{what}"] for what in ("Added", "Changed", "Removed")]
    assert counts == [1, 1, 1]
    assert (found["numberMatched"], found["numberReturned"]) == (3, 3)
    assert found["kepu"]["on"] == "2025-12-31"
    assert found["next"] == parse_qs(urlsplit(href(found, "changes")).query)["since"][0]
    again = service.client.get(href(found, "changes")).json()
    assert (again["numberMatched"], again["next"]) == (0, found["next"])


@pytest.mark.parametrize("name", NAMES)
def test_a_first_pull_may_come_by_the_feed_itself(service: Service, name: str) -> None:
    address = f"/collections/{name}/changes?on=2025-12-31"
    everything = Copy({}, address).update(service, limit=5)
    assert everything.held == service.pull(name, on="2025-12-31").held
    listed = service.get(f"/collections/{name}")
    assert href(listed, "changes").endswith(f"/collections/{name}/changes")


def test_only_a_pull_of_everything_tells_from_where_on(service: Service) -> None:
    address = "/collections/facilities/items"
    assert href(service.get(address, on="2025-12-31"), "changes")
    for part in (
        {"kind": "library"}, {"offset": 4}, {"properties": "name"}, {"skipGeometry": "true"},
        {"crs": "EPSG:4490"}, {"bbox": "111,27,112,28"}, {"datetime": "2025-12-31"},
    ):  # fmt: skip
        assert not href(service.get(address, **part), "changes"), part
    assert not href(service.get("/collections/sites"), "changes")


def test_a_day_means_its_end_in_china(service: Service) -> None:
    """The load at 08:00 UTC on 2 March is of 2 March, and what comes at 17:00 of the next day."""
    ledger = service.ledger()
    service.load(edited(ledger, "f03", exhibition_area_m2=70.0))
    late = LoadRecord(datetime(2025, 3, 2, 17, tzinfo=UTC), "夜.xlsx", "1" * 64, "facilities", 3)
    service.store.load_facilities(edited(ledger, "f01", exhibition_area_m2=9.0), None, late)

    def changed(since: str) -> list[str]:
        found = service.get("/collections/facilities/changes", since=since, on="2025-12-31")
        assert not found["added"]
        assert not found["removed"]
        return list(found["changed"])

    # f03 was changed by the second load and changed back by the third.
    assert changed("2025-03-01") == ["f01"]
    assert changed("2025-03-02") == ["f01", "f03"]
    assert changed("2025-03-03") == []


def test_what_depends_on_the_date_changes_with_it(service: Service) -> None:
    copy = service.pull("facilities", on="2023-06-30")
    assert (
        copy.update(service, on="2023-07-01").held
        == service.pull("facilities", on="2023-07-01").held
    )
    found = service.get("/collections/facilities/changes", since=token(copy.since), on="2023-07-01")
    # f02 opens on that day.
    assert found["changed"] == ["f02"]


def token(since: str) -> str:
    return parse_qs(urlsplit(since).query)["since"][0]


def test_pages_belong_together_over_an_import_and_midnight(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_module, "today", lambda: date(2023, 6, 30))
    copy = service.pull("facilities")
    service.load(service.ledger().drop(index=["f02", "f03", "f04"]))
    then = service.pull("facilities").held
    first = service.client.get(f"{copy.since}&limit=1").json()
    monkeypatch.setattr(answers_module, "today", lambda: date(2023, 7, 1))
    service.load(service.ledger().drop(index=["f01"]))
    held, found = dict(copy.held), first
    while True:
        held = {key: one for key, one in held.items() if key not in found["removed"]}
        if not href(found, "next"):
            break
        found = service.client.get(href(found, "next")).json()
        assert found["next"] == first["next"]
    assert held == then
    assert (
        Copy(held, href(found, "changes")).update(service).held == service.pull("facilities").held
    )


# It loses nothing


def change_ledger(service: Service, seed: int) -> None:
    ledger = service.ledger()
    name = ledger.index[seed % len(ledger)]
    service.load(
        (
            lambda: ledger.drop(index=name),
            lambda: edited(ledger, name, exhibition_area_m2=float(seed)),
            lambda: edited(ledger, name, verification="pending"),
            lambda: edited(ledger, name, contact=f"{SECRET}{seed}"),
            lambda: gpd.pd.concat([ledger, ledger.loc[[name]].rename(index={name: f"n{seed}"})]),
        )[seed % 5]()
    )


def edit_ledger(service: Service, seed: int) -> None:
    ledger = service.ledger()
    name = ledger.index[seed % len(ledger)]
    kind = "verified" if seed % 2 else "pending"
    service.edit(name, "verification", kind)


def undo_one(service: Service, seed: int) -> None:
    number = service.store.last_import()
    try:
        service.store.undo(number - seed % 2, "王芳", START + timedelta(days=500))
    except (UndoError, NotFoundError):
        return


def merge_two(service: Service, seed: int) -> None:
    names = service.ledger().index
    keep, other = names[seed % len(names)], names[(seed + 1) % len(names)]
    at, plaques = START + timedelta(days=400), bool(seed % 3)
    try:
        service.store.merge_facilities(keep, [other], as_plaques=plaques, who="", at=at)
    except QueryError:
        return


STEPS: dict[str, Callable[[Service, int], None]] = {
    "load": change_ledger,
    "edit": edit_ledger,
    "undo": undo_one,
    "merge": merge_two,
    "midnight": lambda service, seed: None,
}


@pytest.mark.usual_examples(2)
@settings(max_examples=6, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 99)), min_size=2, max_size=5
    )
)
@pytest.mark.parametrize("name", ["facilities", "townships", "gaps"])
def test_changes_since_any_pull_make_it_the_present_one(
    name: str, toy: DistrictData, tmp_path_factory: pytest.TempPathFactory, steps: Any
) -> None:
    for service in serving(toy, tmp_path_factory.mktemp("feed") / "toy.gpkg"):
        day, copies = date(2023, 6, 29), []
        for what, seed in steps:
            copies.append(service.pull(name, on=day))
            STEPS[what](service, seed)
            day += timedelta(days=what == "midnight")
        now = service.pull(name, on=day)
        for copy in copies:
            answer = service.client.get(copy.since)
            if answer.status_code == 410:
                # Only where the pull fell into a minute of edits that went on.
                assert [what for what, _ in steps].count("edit") > 1
                continue
            assert copy.update(service, on=day.isoformat()).held == now.held


def test_an_edit_that_goes_on_is_never_lost(service: Service) -> None:
    """Edits within a minute are one import; a pull between two of them starts anew."""
    before = service.pull("facilities", on="2025-12-31")
    service.edit("f01", "name", "甲")
    between = service.pull("facilities", on="2025-12-31")
    service.edit("f01", "name", "f01 science_museum")
    assert service.store.imports()["what"].tolist() == ["district", "edit"]
    answer = service.client.get(between.since)
    assert answer.status_code == 410
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "已失效"
    assert "重新完整下载" in answer.json()["detail"]
    after = service.pull("facilities", on="2025-12-31")
    assert between.held != after.held == before.held
    assert before.update(service).held == after.held
    assert after.update(service).held == after.held


# What the public may know


def test_a_row_that_is_no_longer_verified_is_removed(service: Service) -> None:
    copy = service.pull("facilities", on="2025-12-31")
    service.load(edited(service.ledger(), "f01", verification="pending", name=SECRET))
    answer = service.client.get(copy.since)
    assert answer.json()["removed"] == ["f01"]
    assert SECRET not in answer.text


def test_what_was_never_public_is_not_mentioned(service: Service) -> None:
    """f10 waits for verification: it changes, goes and comes, and no number tells."""
    copies = [service.pull(name, on="2025-12-31") for name in NAMES]
    ledger = service.ledger()
    changed = edited(ledger, "f10", name=SECRET, exhibition_area_m2=123_456.0)
    for rows in (changed, ledger.drop(index="f10"), ledger):
        service.load(rows)
        for copy in copies:
            answer = service.client.get(copy.since)
            assert answer.json()["numberMatched"] == 0
            assert SECRET not in answer.text
            assert "f10" not in answer.text


def test_what_the_profile_leaves_out_changes_nothing(service: Service) -> None:
    copy = service.pull("facilities", on="2025-12-31")
    service.load(edited(service.ledger(), "f01", contact=SECRET, note=SECRET, source_row=77))
    answer = service.client.get(copy.since)
    assert answer.json()["numberMatched"] == 0
    assert SECRET not in answer.text


# What cannot be answered


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=", 400), ("since=x", 400), ("since=2025-02-30", 400), ("since=2999-01-01", 400),
        ("since=20250301", 400), ("since=1.2025-12-31", 400), ("since=%00", 400),
        ("since=2025-W01-1", 400), ("since=" + "1" * 100, 400), ("until=x", 400),
        ("since=1735603200", 400), ("limit=0", 400), ("offset=-1", 400), ("f=html", 400),
        ("since=1.2025-02-30.0123456789abcdef", 400), ("known=1", 400), ("kind=library", 400),
        ("since=1.2025-12-31.0123456789abcdef", 410),
        ("until=1.2025-12-31.0123456789abcdef", 410),
        ("until=1.2025-12-31.0123456789abcdef&on=2025-12-31", 400),
        ("since=99.2025-12-31.0123456789abcdef", 404),
        ("since=999999999999999.2025-12-31.0123456789abcdef", 404),
        ("since=0.2025-12-31.0123456789abcdef", 404),
        ("since=2020-01-01", 404),
        ("since=0001-01-01", 404),
    ],
)  # fmt: skip
def test_odd_questions_are_told_so(service: Service, query: str, status: int) -> None:
    answer = service.client.get(f"/collections/facilities/changes?{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_sites_and_unknown_collections(service: Service) -> None:
    assert service.client.get("/collections/sites/changes").status_code == 400
    assert service.client.get("/collections/x/changes").status_code == 404


def test_a_token_of_other_choices_or_settings_no_longer_holds(service: Service) -> None:
    copy = service.pull("facilities", on="2025-12-31", caliber="A")
    assert "caliber=A" in copy.since
    assert service.client.get(copy.since).status_code == 200
    other = copy.since.replace("caliber=A", "caliber=B")
    assert service.client.get(other).status_code == 410
    coarse = replace_decimals(service, 2)
    assert coarse.get(copy.since).status_code == 410


def replace_decimals(service: Service, decimals: int) -> TestClient:
    return TestClient(create_app(service.store, Settings(public_decimals=decimals)))


def test_the_same_answer_is_not_sent_twice(service: Service) -> None:
    copy = service.pull("facilities", on="2025-12-31")
    first = service.client.get(copy.since)
    tag = {"if-none-match": first.headers["etag"]}
    assert service.client.get(copy.since, headers=tag).status_code == 304
    service.load(service.ledger().drop(index="f01"))
    assert service.client.get(copy.since, headers=tag).status_code == 200


def test_changes_of_ten_thousand_are_found(
    toy: DistrictData, make_toy: Any, make_facility: Any, place: Any, tmp_path: Path
) -> None:
    rows = [
        make_facility(f"p{number:05d}", "library", place(number % 80 / 10, number // 80 % 80 / 10))
        for number in range(10_000)
    ]
    for service in serving(replace(toy, facilities=make_toy(rows).facilities), tmp_path / "x.gpkg"):
        since = href(service.get("/collections/facilities/items", on="2025-12-31"), "changes")
        service.load(service.ledger().iloc[1:-1])
        service.get("/collections/facilities/items", on="2025-12-31")
        begun = process_time()
        found = service.client.get(since).json()
        spent = process_time() - begun
        assert found["removed"] == ["p00000", "p09999"]
        print(f"changes of 10,000 features, the past read and measured anew: {spent:.2f} s CPU")
        begun = process_time()
        service.client.get(f"{since}&limit=9")
        print(f"asked again: {1000 * (process_time() - begun):.0f} ms CPU")
