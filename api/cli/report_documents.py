"""What a report is made of, gathered from a store: figures, years, sites, maps and charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from matplotlib.font_manager import FontProperties

from api.answers import Atlas
from geo.core.errors import Lang
from geo.core.plan import Plan
from geo.core.scenario import Scenario
from geo.core.sentences import Sentences
from geo.core.vocabulary import Group, label
from geo.measures.plan_progress import ByHand, progress
from geo.measures.quality import quality_document
from geo.measures.study import Study
from geo.measures.trend import studies_on
from geo.publish.map_sheet import map_shapes
from geo.publish.study_json import study_document, trend_record
from geo.publish.study_json.progress import progress_record
from geo.publish.study_json.siting import proposal_record
from geo.siting.model import Progress as Solving
from geo.siting.proposal import propose
from layers.paper import Fonts, MapMeasure, find_fonts, thematic_map
from layers.report import DocumentKind as Kind
from layers.report import Parts, Picture, Pictures, content_of, fill, shipped_template
from layers.report.charts import lorenz_chart, trend_chart
from layers.report.provenance import map_mark
from layers.report.words import ReportWords

TEXT: Final = Sentences("api.cli")

Record = dict[str, Any]
Step = Callable[[str, str], None]
"""Told what is being done, in Chinese and English."""

_MAP_MM: Final = 170.0
_BRIEF_MAP_MM: Final = 150.0
_CHART_MM: Final = (160.0, 62.0)
_CARD_CHART_MM: Final = (165.0, 52.0)
_LORENZ_MM: Final = (105.0, 85.0)


@dataclass(frozen=True)
class Wish:
    """What was asked for.

    Attributes
    ----------
    template : bytes or None
        The office's, looked over; None for the one shipped.
    by_hand : mapping
        Values kept by hand, as :func:`geo.intake.plan_progress.read_hand_kept` returns them.
    siting : bool
        Whether sites are worked out.
    font : pathlib.Path or None
        A font file with Chinese characters, for maps and charts.
    """

    kind: Kind
    lang: Lang
    plan: Plan
    by_hand: ByHand
    siting: bool = True
    template: bytes | None = None
    font: Path | None = None


def make_report(
    atlas: Atlas, scenario: Scenario, wish: Wish, step: Step, solving: Solving | None = None
) -> bytes:
    """Return the report as .docx; the same question about the same data gives the same bytes.

    Raises
    ------
    KepuError
        The scenario cannot be answered, no font has the characters, or the template is faulty.
    """
    fonts = find_fonts(wish.font)
    step(*TEXT.words("working_out_figures"))
    study = atlas.answer(scenario).study
    parts = _parts(atlas, study, wish, step, solving)
    pictures = _pictures(study, parts, wish, fonts, step)
    step(*TEXT.words("writing_document"))
    template = wish.template or shipped_template(wish.kind, wish.lang)
    content = content_of(parts, pictures, wish.lang)
    title = _title(parts.document, wish)
    return fill(template, content, title=title, on=study.scenario.on)


def _title(document: Record, wish: Wish) -> str:
    names = {
        Kind.REPORT: TEXT.words("title_of_report"),
        Kind.BRIEF: TEXT.words("title_of_brief"),
        Kind.CARDS: TEXT.words("title_of_cards"),
    }
    words = ReportWords(wish.lang)
    return f"{document['district']['name_zh']} {words.say(*names[wish.kind])} {document['on']}"


def _parts(atlas: Atlas, study: Study, wish: Wish, step: Step, solving: Solving | None) -> Parts:
    step(*TEXT.words("working_out_years"))
    by_date = studies_on(
        atlas.data(),
        study.scenario,
        _ends(wish.plan, study.scenario.on),
        like={study.scenario.on: study},
    )
    by_year = {day.year: one for day, one in by_date.items()}
    standings = progress(wish.plan, study, by_year, wish.by_hand)
    proposal = None
    if wish.siting:
        step(*TEXT.words("looking_for_sites_2"))
        proposal = proposal_record(study, propose(study, study.scenario.siting, progress=solving))
    return Parts(
        document=study_document(study),
        trend=trend_record(by_date),
        quality=quality_document(study, atlas.store.quarantine()),
        progress=progress_record(wish.plan, study, standings),
        proposal=proposal,
    )


def _ends(plan: Plan, on: date) -> Sequence[date]:
    """Return the ends of the plan's years by a date; before the first, the date itself."""
    ends = [date(year, 12, 31) for year in plan.years]
    return [day for day in ends if day <= on] or [on]


def _pictures(study: Study, parts: Parts, wish: Wish, fonts: Fonts, step: Step) -> Pictures:
    face = FontProperties(fname=fonts.regular[0].font_path)
    words = ReportWords(wish.lang)
    if wish.kind is Kind.CARDS:
        return Pictures(card_charts=_card_charts(parts, words, face, step))
    step(*TEXT.words("drawing_maps"))
    maps = _Maps(parts.document, map_shapes(study), wish.lang, fonts)
    if wish.kind is Kind.BRIEF:
        return Pictures(brief_maps=[maps.drawn(MapMeasure(), _BRIEF_MAP_MM)])
    target = parts.document["district"]["target_area_per_10k_m2"]
    trend = trend_chart(parts.trend["district"], target, words, face, size_mm=_CHART_MM)
    lorenz = lorenz_chart(parts.document["inequality"], words, face, size_mm=_LORENZ_MM)
    return Pictures(
        area_maps=[maps.drawn(MapMeasure(), _MAP_MM)],
        coverage_maps=[maps.drawn(one, _MAP_MM) for one in _coverage_maps(parts.document)],
        trend_charts=[_captioned(trend, _CHART_MM[0], words.say(
            *TEXT.words("area_by_year_caption")))],
        equity_charts=[_captioned(lorenz, _LORENZ_MM[0], words.say(
            *TEXT.words("lorenz_curves")
        ))],
    )  # fmt: skip


def _captioned(png: bytes, width_mm: float, caption: str) -> tuple[Picture, str]:
    return Picture(png, width_mm, caption), caption


def _card_charts(
    parts: Parts, words: ReportWords, face: FontProperties, step: Step
) -> dict[str, Picture]:
    target = parts.document["district"]["target_area_per_10k_m2"]
    found = {}
    rows = parts.document["townships"]
    for at, row in enumerate(rows, 1):
        step(*TEXT.words("drawing_card_of", at=at, row_count=len(rows)))
        years = parts.trend["townships"][row["township_code"]]
        png = trend_chart(years, target, words, face, size_mm=_CARD_CHART_MM)
        told = words.say(*TEXT.words("area_per_10_000_year", name=row["name_zh"]))
        found[str(row["township_code"])] = Picture(png, _CARD_CHART_MM[0], told)
    return found


def _coverage_maps(document: Record) -> list[MapMeasure]:
    """Return the accessible area, and the gaps of the group that leaves out the most people."""
    groups = [row for row in document["district"]["coverage"] if row["kind"] is None]
    worst = max(groups, key=lambda row: row["gap_population"] or 0, default=None)
    found = [MapMeasure("accessible")]
    if worst is not None and worst["gap_population"]:
        found.append(MapMeasure("gaps", worst["group"]))
    return found


@dataclass(frozen=True)
class _Maps:
    """Draws maps of one study, each with a caption that carries the marks."""

    document: Record
    shapes: Record
    lang: Lang
    fonts: Fonts

    def drawn(self, measure: MapMeasure, width_mm: float) -> tuple[Picture, str]:
        png = thematic_map(
            self.document, self.shapes, measure=measure, sheet="A4", lang=self.lang,
            fonts=self.fonts, file_format="png", landscape=True,
        )  # fmt: skip
        words = ReportWords(self.lang)
        names = {
            "area_per_10k": words.say(*TEXT.words("area_per_10_000_township")),
            "accessible": words.say(*TEXT.words("exhibition_area_within_reach")),
            "gaps": words.say(*TEXT.words("gaps"))
            + (label(Group(measure.of), self.lang) if measure.name == "gaps" else ""),
        }
        mark = map_mark(self.document, words)
        caption = f"{names[measure.name]}{words.say('（', ' (')}{mark}{words.say('）', ')')}"
        return Picture(png, width_mm, caption), caption
