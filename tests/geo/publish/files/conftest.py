"""A district of hostile names, of every kind of row, and how others read what is exported."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from geo.core.crs import STORAGE_CRS
from geo.core.disclosure import release
from geo.core.district import DistrictData
from geo.core.scenario import Scenario, load_scenario
from geo.core.schema import VILLAGES, conform
from geo.core.vocabulary import Group, Profile
from geo.districts import demo_ledger_path, load_shipped
from geo.intake.tables.ledger import read_ledger
from geo.measures.study import Study, study
from geo.publish.files.package import Package, package
from geo.publish.files.styles import ColourClass, Palette

OGRINFO = shutil.which("ogrinfo")
HOSTILE = (
    "=HYPERLINK(\"http://x\",\"y\")", "+86", "-1+1", "@SUM(1)", "<script>alert(1)</script>",
    "一行\n两行", "科" * 10_000, "🏛️👩‍🔬 𠮷野", "a\x01b\x0bc\x1f", "&amp;<b>\"'", "制表\t符", "]]>",
    "全角　空格", "{{7*7}}{% x %}", "'; DROP TABLE facilities; --", "\ufffe\uffff", "末尾空格  ",
)  # fmt: skip
PALETTE = Palette(
    dict.fromkeys(Group, "#009e73"),
    [ColourClass(0, 160, "#b35806"), ColourClass(160, None, "#8073ac")],
    "#d9d9d9",
)
SECRET, PHONE = "天机不可泄露", "13812345678"


@pytest.fixture(scope="session")
def hostile(
    make_toy: Callable[..., DistrictData],
    make_facility: Callable[..., dict[str, Any]],
    place: Callable[[float, float], Point],
) -> Study:
    """Return a study of facilities whose names would do harm; the last has no position."""
    rows = [
        make_facility(f"h{at:02d}", "library", place(1 + at / 10, 1), name=name, note=name,
                      exhibition_area_m2=at / 3, opened_on="2020-02-29", township_code="430599001")
        for at, name in enumerate(HOSTILE)
    ]  # fmt: skip
    rows.append(make_facility("h99", "school", None, open_to_public=None))
    return study(make_toy(rows), _scenario())


def _scenario() -> Scenario:
    return load_scenario(on=date(2025, 12, 31))


@pytest.fixture(scope="session")
def answer(toy: DistrictData) -> Study:
    """Return the toy's study, with villages: a point, an area, and one that is nowhere."""
    rows = [
        {"village_code": f"43059900100{at}", "township_code": "430599001", "name_zh": f"{at}村",
         "kind": "village", "population": at, "source_id": "toy-map"}
        for at in (1, 2, 3)
    ]  # fmt: skip
    frame = conform(pd.DataFrame(rows), VILLAGES).set_index("village_code")
    shapes = [Point(111.01, 27.21), box(111.01, 27.21, 111.02, 27.22), None]
    villages = gpd.GeoDataFrame(frame, geometry=shapes, crs=STORAGE_CRS)
    return study(replace(toy, villages=villages), _scenario())


@pytest.fixture(scope="session")
def empty(make_toy: Callable[..., DistrictData], make_facility: Callable[..., Any]) -> Study:
    """Return a study of a district without facilities, villages and gaps."""
    whole = make_toy([make_facility("f", "library", None)])
    bare = replace(
        whole, facilities=whole.facilities.iloc[:0], designations=whole.designations.iloc[:0]
    )
    return study(bare, _scenario().changed(standards=[]))


@pytest.fixture(scope="session")
def demo() -> Study:
    """Return the study of the demonstration district."""
    ledger = read_ledger(demo_ledger_path("430503"))
    shipped = load_shipped("430503")
    own = replace(shipped, facilities=ledger.facilities, designations=ledger.designations)
    return study(release(own, Profile.PUBLIC), _scenario())


@pytest.fixture(scope="session")
def make() -> Callable[..., Package]:
    """Return a maker of packages with the tests' colours."""

    def made(of: Study, what: str, name: str, crs: str = "CRS84") -> Package:
        return package(of, what, name, crs=crs, palette=PALETTE)

    return made


@pytest.fixture(scope="session")
def guarded(
    make_toy: Callable[..., DistrictData],
    make_facility: Callable[..., dict[str, Any]],
    place: Callable[[float, float], Point],
) -> Callable[[Profile], Study]:
    """Return a maker of the study, by profile, of a district that has something to hide."""
    own = {"township_code": "430599001", "exhibition_area_m2": 50}
    whole = make_toy(
        [
            make_facility("open", "library", place(1.23456789, 1.2), name=f"书苑 {PHONE}",
                          contact=f"联系{SECRET}", note=f"备注{SECRET}", **own),
            make_facility("home", "childrens_home", place(2.23456789, 1.2),
                          address=f"地址{SECRET}", **own),
            make_facility("K7Q9Z", "exhibition_hall", place(1, 2), name=f"待核{SECRET}",
                          verification="pending", **own),
        ]
    )  # fmt: skip
    studies = {profile: study(release(whole, profile), _scenario()) for profile in Profile}
    return studies.__getitem__


@pytest.fixture(scope="session")
def ogr() -> Callable[..., str]:
    """Return what runs GDAL's ogrinfo, which must not warn; never skipped in CI."""
    if OGRINFO is None and not os.environ.get("CI"):
        pytest.skip("needs ogrinfo (Debian: gdal-bin)")

    def run(*arguments: str | Path) -> str:
        done = subprocess.run(
            ["ogrinfo", "-ro", *map(str, arguments)], capture_output=True, check=False, timeout=60
        )
        told = done.stderr.decode("utf-8", "replace")
        assert done.returncode == 0, told
        assert "Warning" not in told, told
        assert "ERROR" not in told, told
        return done.stdout.decode("utf-8", "replace")

    return run
