"""No datum runs, breaks the page or is changed: on the page, and in the file.

Every text field of every table holds a hostile string; Chromium shows each to the
letter, under a policy that reports whatever is stopped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geo.core.district import DistrictData
from geo.core.scenario import load_scenario
from geo.publish.offline_map import bundle
from layers.page import render_file

pytestmark = pytest.mark.browser

RUN = "window.ran=1"
HOSTILE = [
    f"<img src=x onerror={RUN}>",
    f"</script><script>{RUN}</script>",
    f"</textarea></style></title><svg onload={RUN}>",
    f"${{{RUN}}}",
    "{{ cycler.__init__.__globals__.os.system('touch ran-as-template') }}",
    "{{ 7 * 7 }}",
    "50% {% 优惠 %}",
    "{# comment #}",
    f"`;{RUN};`",
    f"'\"><a href=javascript:{RUN}>x</a>",
    f"\\u003cscript>{RUN}</script>",
    f"<!--<script>{RUN}",
    "]]>",
    "\u202egnp.exe\u202c \u2067مرحبا\u2069",
    "line one\nline two\ttab\u2028three",
    "&lt;b&gt; &amp; <b>",
    "=cmd|' /C calc'!A0",
    "长" * 10_000,
]


@pytest.fixture(scope="module")
def hostile_district(make_toy, make_facility, place) -> DistrictData:  # type: ignore[no-untyped-def]
    rows = [
        make_facility(
            f"h{number:02d}", "exhibition_hall", place(0.3 + number % 6 * 0.6, 0.3 + number // 6),
            exhibition_area_m2=10, name=text, address=text, department=text, note=text,
            position_source=text, audiences=text, contact=text,
            # Where code and position disagree, the name comes in a sentence too.
            township_code="430599002",
        )
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    data = make_toy(rows)
    names = [HOSTILE[0], HOSTILE[5], HOSTILE[8], HOSTILE[13]]
    plaques = data.designations.iloc[[1] * len(HOSTILE)].reset_index(drop=True)
    plaques = plaques.assign(
        facility_id=[f"h{number:02d}" for number in range(len(HOSTILE))], title=HOSTILE
    )
    return replace(
        data,
        designations=plaques,
        townships=data.townships.assign(name_zh=names),
        districts=data.districts.assign(name_zh=HOSTILE[1]),
        population=data.population.assign(basis=HOSTILE[6]),
        sources=data.sources.assign(
            title_zh=HOSTILE[0],
            title_en=HOSTILE[0],
            publisher=HOSTILE[3],
            licence=HOSTILE[9],
            published_on=HOSTILE[11],
        ),
    )


def _check_page(watched, page) -> None:  # type: ignore[no-untyped-def]
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    shown = page.locator("#townships tbody th").evaluate_all("all => all.map(e => e.textContent)")
    assert shown == [HOSTILE[0], HOSTILE[5], HOSTILE[8], HOSTILE[13]]
    sources = page.locator(".sources b").evaluate_all("all => all.map(e => e.textContent)")
    assert set(sources) == {HOSTILE[0]}
    notes = page.evaluate("document.getElementById('notes').textContent")
    for text in (HOSTILE[3], HOSTILE[6], HOSTILE[9], HOSTILE[11], *HOSTILE):
        assert text in notes, text[:40]
    assert HOSTILE[1] in page.evaluate("document.getElementById('title-block').textContent")
    assert HOSTILE[1] in page.title() or "<script>" in page.title()
    assert page.locator("#notes img, #notes svg, .tip img, .tip a").count() == 0


def _check_popups(page) -> None:  # type: ignore[no-untyped-def]
    """Open every facility's popup as the page does, and read it back to the letter."""
    seen = page.evaluate(
        """async () => {
            const found = {};
            const cluster = [];
            window.kepuShell.map.eachLayer((layer) => {
                if (layer instanceof L.MarkerClusterGroup) cluster.push(layer);
            });
            for (const marker of cluster[0].getLayers()) {
                cluster[0].removeLayer(marker);
                marker.addTo(window.kepuShell.map).openPopup();
                const popup = marker.getPopup().getElement().querySelector(".tip");
                found[popup.querySelector("strong").textContent] =
                    [...popup.querySelectorAll("td")].map((cell) => cell.textContent);
                marker.openTooltip();
                marker.closePopup();
            }
            return found;
        }"""
    )
    assert set(seen) == set(HOSTILE)
    for text, cells in seen.items():
        assert cells.count(text) >= 3, "plaque, address and department, to the letter"
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_the_page(watched, serve, hostile_district, lang: str) -> None:  # type: ignore[no-untyped-def]
    served = serve(hostile_district)
    page = watched.open(f"{served.url}/?on=2025-12-31&lang={lang}&group=hall")
    _check_page(watched, page)
    _check_popups(page)
    watched.check()
    if lang == "zh":
        watched.shoot("hostile")
    assert not Path("ran-as-template").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_the_file(watched, hostile_district, tmp_path: Path, lang: str) -> None:  # type: ignore[no-untyped-def]
    content = bundle(
        hostile_district,
        load_scenario(on=date(2025, 12, 31)),
        generated_on=date(2026, 1, 1),
    )
    file = tmp_path / "map.html"
    file.write_text(render_file(content, lang=lang), encoding="utf-8")  # type: ignore[arg-type]
    page = watched.open(file.as_uri())
    _check_page(watched, page)
    _check_popups(page)
    watched.check()
    assert not Path("ran-as-template").exists()


def test_private_fields_reach_neither(watched, serve, hostile_district) -> None:  # type: ignore[no-untyped-def]
    served = serve(hostile_district)
    address = f"{served.url}/collections/facilities/items?on=2025-12-31"
    body = watched.page.request.get(address).json()
    assert len(body["features"]) == len(HOSTILE)
    assert all("contact" not in feature["properties"] for feature in body["features"])
    assert [feature["properties"]["name"] for feature in body["features"]] == HOSTILE


def test_hostile_addresses_are_answered_and_harmless(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    for query in (f"sort=<img src=x onerror={RUN}>", f"gap=</script><script>{RUN}</script>",
                  f"lang=en&x={RUN}"):  # fmt: skip
        watched.page.goto(f"{served_toy.url}/?{query}", wait_until="networkidle")
        assert watched.page.evaluate("window.ran") is None
    assert all(fault.startswith(("400", "console Failed to load")) for fault in watched.faults)
