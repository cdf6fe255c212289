"""What a report is made of: the toy district's documents, plain and at their worst."""

from __future__ import annotations

import copy
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.font_manager import FontProperties

from geo.core.district import DistrictData
from geo.core.plan import load_plan
from geo.core.scenario import load_scenario
from geo.core.siting_options import SitingChoice
from geo.measures.plan_progress import progress
from geo.measures.quality import quality_document
from geo.measures.trend import studies_on
from geo.publish.study_json import study_document, trend_record
from geo.publish.study_json.progress import progress_record
from geo.publish.study_json.siting import proposal_record
from geo.siting.proposal import propose
from layers.paper import find_fonts
from layers.report import DocumentKind, Parts, Picture, Pictures, content_of, fill, shipped_template
from layers.report.charts import lorenz_chart, trend_chart
from layers.report.words import ReportWords

ON = date(2025, 12, 31)
HOSTILE = (
    "{{ 7*7 }}", "{% for x in y %}", "{%p endfor %}", "<w:p><w:r>", "&amp;<b>", "{#", "{_{ a }_}",
    "]]>", "${x}", "=1+1", "%}{{", "甲\x07乙\u202e丙",
)  # fmt: skip
LONG = "乡村振兴示范区科学技术普及与青少年综合实践教育暨应急安全体验中心（第一分馆）"
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
ARTEFACTS = Path(__file__).parents[2] / "artefacts"


def parts_of(data: DistrictData, *, siting: bool = True) -> Parts:
    scenario = load_scenario(on=ON)
    by_date = studies_on(data, scenario)
    now = by_date[ON]
    plan = load_plan()
    by_hand = {"literate_residents": {2021: 9.1, 2023: 12.3}, "farmers_training": {2021: 400.0}}
    standings = progress(plan, now, {day.year: one for day, one in by_date.items()}, by_hand)
    programme = {"kind": "science_base", "count": 2, "mode": "foot", "minutes": 45}
    choice = SitingChoice.model_validate(
        {"programmes": [programme], "candidates": {"grid_m": 3000, "host_kinds": ["library"]}}
    )
    return Parts(
        document=study_document(now),
        trend=trend_record(by_date),
        quality=quality_document(now, pd.DataFrame()),
        progress=progress_record(plan, now, standings),
        proposal=proposal_record(now, propose(now, choice)) if siting else None,
    )


@pytest.fixture(scope="session")
def toy_parts(toy: DistrictData) -> Parts:
    return parts_of(toy)


@pytest.fixture(scope="session")
def empty_parts(make_toy: Callable[..., DistrictData], make_facility: Any, place: Any) -> Parts:
    """Return a district whose ledger has one closed library, with no sites worked out."""
    closed = make_facility("f", "library", place(1, 1), status="closed", closed_on="2019-01-01")
    return parts_of(make_toy([closed]), siting=False)


@pytest.fixture(scope="session")
def worst_parts(toy_parts: Parts) -> Parts:
    """Return forty townships whose names and lists are as long as they come."""
    return worst_of(copy.deepcopy(toy_parts))


def worst_of(parts: Parts) -> Parts:
    document, trend, proposal = parts.document, parts.trend, parts.proposal
    assert proposal is not None
    first = document["townships"][0]
    site, gap = proposal["sites"][0], document["gaps"][0]
    document["district"]["name_zh"] = LONG[:20]
    rows, gaps, sites, schools, villages = [], [], [], [], []
    for at in range(40):
        code = f"4305990{at:02d}"
        name = (HOSTILE[at] if at < len(HOSTILE) else "") + LONG
        rows.append(first | {"township_code": code, "name_zh": name, "is_lower_bound": True,
                             "accessible_is_lower_bound": True, "school_count": 30,
                             "village_count": 50, "villages_without_count": 20})  # fmt: skip
        people = gap["audiences"] | {"youth": 9.0, "farmers": 9.0}
        gaps += [gap | {"township_code": code, "township_name": name, "nearest_facility_name": LONG,
                        "kind": "youth_experience_base",
                        "audiences": people}] * 9  # fmt: skip
        sites += [site | {"township_code": code, "township_name": name, "name": LONG,
                          "next_best_name": LONG}] * 6  # fmt: skip
        schools += [{"facility_id": f"s{at}", "name": LONG, "township_code": code,
                     "reached": False}] * 9  # fmt: skip
        villages += [{"township_code": code, "name_zh": LONG, "village_code": code}] * 20
        trend["townships"][code] = trend["townships"][first["township_code"]]
    document["townships"], document["gaps"], proposal["sites"] = rows, gaps, sites
    document["schools"] |= {"rows": schools, "school_count": len(schools)}
    document["villages"] |= {"without": villages, "village_count": 2_000}
    return parts


@pytest.fixture(scope="session")
def pictures() -> Callable[[Parts, str], Pictures]:
    """Return a maker of charts that are as large as they are on paper."""

    def drawn(parts: Parts, lang: Any) -> Pictures:
        face = FontProperties(fname=find_fonts().regular[0].font_path)
        words = ReportWords(lang)
        chart = trend_chart(parts.trend["district"], 160, words, face, size_mm=(165, 52))
        curve = lorenz_chart(parts.document["inequality"], words, face)
        # A map takes a sheet of A4 on its side.
        sheet = Picture(trend_chart(parts.trend["district"], 160, words, face,
                                    size_mm=(150, 107)), 150, "地图")  # fmt: skip
        return Pictures(
            area_maps=[(sheet, "地图")],
            trend_charts=[(Picture(chart, 165, "趋势"), "趋势")],
            equity_charts=[(Picture(curve, 105, "洛伦兹"), "洛伦兹")],
            brief_maps=[(sheet, "地图")],
            card_charts={
                row["township_code"]: Picture(chart, 165, "趋势")
                for row in parts.document["townships"]
            },
        )

    return drawn


@pytest.fixture(scope="session")
def made(pictures: Callable[[Parts, str], Pictures]) -> Callable[..., bytes]:
    """Return a maker of documents from the templates that are shipped."""

    def make(parts: Parts, kind: DocumentKind, lang: Any = "zh") -> bytes:
        content = content_of(parts, pictures(parts, lang), lang)
        return fill(shipped_template(kind, lang), content, title="t", on=ON)

    return make


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, list[str]]]:
    """Return what lays documents out, all in one go: the text of each page, by document.

    Without LibreOffice tests skip, but never in CI.
    """
    if SOFFICE is None or shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice and poppler-utils are needed in CI")
        pytest.skip("LibreOffice or poppler-utils is not installed")
    folder = tmp_path_factory.mktemp("rendered")

    def render(documents: dict[str, bytes]) -> dict[str, list[str]]:
        for name, content in documents.items():
            (folder / f"{name}.docx").write_bytes(content)
        subprocess.run(
            [SOFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile",
             "--convert-to", "pdf", "--outdir", str(folder),
             *(str(folder / f"{name}.docx") for name in documents)],
            check=True, capture_output=True, timeout=600,
        )  # fmt: skip
        return {name: _pages(folder / f"{name}.pdf") for name in documents}

    return render


def _pages(pdf: Path) -> list[str]:
    """Return the text of each page, and leave pictures of the first for a person to look at."""
    ARTEFACTS.mkdir(exist_ok=True)
    picture = str(ARTEFACTS / f"word-{pdf.stem}")
    subprocess.run(["pdftoppm", "-r", "60", "-l", "4", "-png", str(pdf), picture], check=True)
    told = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    )
    return told.stdout.split("\f")[:-1]


def text_of(content: bytes) -> str:
    """Return the text of a document's body, paragraph by paragraph."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
    lines = re.sub(r"</w:p>", "\n", body)
    plain = re.sub(r"<[^>]+>", "", lines)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        plain = plain.replace(entity, sign)
    return plain


@pytest.fixture(scope="session")
def text() -> Callable[[bytes], str]:
    return text_of


@pytest.fixture(scope="session")
def hostile() -> tuple[str, ...]:
    return HOSTILE
