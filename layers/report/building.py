"""The shipped templates, built from code: ``python -m layers.report.building`` writes them anew.

Their texts are the names of :mod:`layers.report.content`; ``docs/report.md`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from geo.core.files import write_atomically
from layers.report.templates import FOLDER, Kind, file_name
from layers.report.writer import Column, Writer
from layers.strings import Lang


def build(kind: Kind, lang: Lang) -> bytes:
    """Return a template as .docx, the same bytes each time."""
    return _BUILDERS[kind](lang)


def build_all(folder: Path) -> None:
    """Write every template into a folder."""
    for kind in Kind:
        for lang in ("zh", "en"):
            write_atomically(folder / file_name(kind, lang), build(kind, lang))


def _report(lang: Lang) -> bytes:
    writer = Writer(lang, body_pt=10.5)
    say = writer.say
    writer.title(say("{{ district }}科普设施规划与进展报告",
                     "{{ district }}: science-outreach facilities, plan and progress"))  # fmt: skip
    writer.text("{{ stamp }}", size=9, soft=True, centre=True)
    writer.heading(say("一、摘要", "1. Summary"))
    writer.lines("summary", "line", numbered=True)
    writer.heading(say("二、规划承诺与进展", "2. Commitments of the plan"))
    writer.text(say("依据：{{ plan_title }}（{{ plan_source }}）。{{ plan_note }}",
                    "Plan: {{ plan_title }} ({{ plan_source }}). {{ plan_note }}"))  # fmt: skip
    _commitments(writer)
    _progress(writer)
    writer.pictures("trend_charts")
    _townships(writer)
    _gaps(writer)
    _sites(writer)
    _account(writer)
    return writer.saved()


def _commitments(writer: Writer) -> None:
    say = writer.say
    writer.text(say("表1　规划承诺与现状", "Table 1. Commitments and where they stand"),
                bold=True, keep=True)  # fmt: skip
    writer.table(
        [
            Column(say("承诺", "Commitment"), 4.8, "{{ row.name }}"),
            Column(say("目标", "Target"), 2.1, "{{ row.target }}"),
            Column(say("现状", "Now"), 2.9, "{{ row.current }}"),
            Column(say("判断", "Judgement"), 3.0, "{{ row.state }}"),
            Column(say("怎样得来", "How known"), 2.8, "{{ row.how }}"),
            Column(say("方案条款", "Section"), 1.5, "{{ row.section }}"),
        ],
        "commitments",
        size=8,
    )


def _progress(writer: Writer) -> None:
    say = writer.say
    writer.text(say("表2　各年进展（各年末；「未填报」不是零，「—」为没有到期或没有目标）",
                    "Table 2. Progress at the ends of years ('not given' is not zero; a dash is "
                    "a year to come, or no target)"), bold=True, keep=True)  # fmt: skip
    writer.table(
        [
            Column(say("承诺", "Commitment"), 4.6, "{{ row.name }}"),
            Column(say("单位", "Unit"), 1.3, "{{ row.unit }}"),
            Column(say("目标", "Target"), 1.4, "{{ row.target }}", right=True),
            Column(
                "{{ year }}", 1.55, "{{ value }}", True, "year in years", "value in row.by_year"
            ),
            Column(say("来源", "Source"), 1.7, "{{ row.how }}"),
        ],
        "progress",
        size=8,
    )


def _townships(writer: Writer) -> None:
    say = writer.say
    writer.heading(say("三、各乡镇街道", "3. Townships"))
    writer.text(say("160 平方米是对全区的要求，乡镇街道的尚缺面积只作参考；≥ 为下限，≤ 为上限。",
                    "The target is the district's; what a township lacks is for reference; ≥ is a "
                    "lower bound, ≤ an upper one."))  # fmt: skip
    writer.text(say("表3　各乡镇街道指标", "Table 3. Townships"), bold=True, keep=True)
    writer.table(
        [
            Column(say("乡镇街道", "Township"), 2.6, "{{ row.name }}"),
            Column(say("类别", "Kind"), 1.4, "{{ row.kind }}"),
            Column(say("人口（人）", "Residents"), 1.6, "{{ row.population }}", right=True),
            Column(say("计入面积 m²", "Counted m²"), 1.5, "{{ row.counted }}", right=True),
            Column(say("每万人 m²", "m² per 10,000"), 1.5, "{{ row.per_10k }}", right=True),
            Column(say("尚缺 m²（参考）", "Missing m² (ref.)"), 1.5, "{{ row.gap }}", right=True),
            Column(say("可达 每万人 m²", "Within reach per 10,000"), 1.6, "{{ row.accessible }}",
                   right=True),
            Column(say("{{ group }}覆盖", "{{ group }}"), 1.45, "{{ rate }}", True,
                   "group in groups", "rate in row.coverage"),
        ],
        "townships",
        size=8,
        last=[
            "{{ whole.name }}", "", "{{ whole.population }}", "{{ whole.counted }}",
            "{{ whole.per_10k }}", "{{ whole.gap }}", "{{ whole.accessible }}", "{{ rate }}",
        ],
        last_loop="rate in whole.coverage",
    )  # fmt: skip
    writer.pictures("area_maps")


def _gaps(writer: Writer) -> None:
    say = writer.say
    writer.heading(say("四、缺口", "4. Gaps"))
    writer.text(say("缺口有五个方面，互不替代：缺面积（表3）、居民够不到（表4、表5）、就近可共享的面积、"
                    "乡镇之间不均衡、分人群的缺口（表4）。",
                    "A gap is five answers: area (table 3), residents not reached (tables 4, 5), "
                    "area within reach, inequality, and audiences (table 4)."))  # fmt: skip
    writer.text("{{ access }}")
    writer.lines("equity", "line")
    writer.pictures("equity_charts")
    writer.text(say("表4　居民覆盖（服务标准为规划缺省值）",
                    "Table 4. Residents covered (standards are planning defaults)"),
                bold=True, keep=True)  # fmt: skip
    writer.table(
        [
            Column(say("设施", "Facilities"), 3.2, "{{ row.name }}"),
            Column(say("计入服务的数量", "Counted"), 1.5, "{{ row.facilities }}", right=True),
            Column(say("覆盖率", "Covered"), 1.4, "{{ row.rate }}", right=True),
            Column(say("未覆盖（人）", "Not reached"), 1.7, "{{ row.left }}", right=True),
            Column(say("0—14岁", "0-14"), 1.4, "{{ row.youth }}", right=True),
            Column(say("60岁以上", "60+"), 1.4, "{{ row.seniors }}", right=True),
            Column(say("乡村居民", "Rural"), 1.4, "{{ row.farmers }}", right=True),
            Column(say("服务标准", "Standard"), 4.2, "{{ row.standard }}"),
        ],
        "coverage",
        size=8,
    )
    writer.text("{{ shares_note }}", size=8.5, soft=True)
    writer.text("{{ gaps_title }}", bold=True, keep=True)
    writer.tag("if gaps")
    writer.table(
        [
            Column(say("设施", "Facilities"), 3.2, "{{ row.target }}"),
            Column(say("乡镇街道", "Township"), 2.6, "{{ row.township }}"),
            Column(say("未覆盖（人）", "Not reached"), 1.8, "{{ row.people }}", right=True),
            Column(say("占当地", "Share"), 1.4, "{{ row.share }}", right=True),
            Column(say("最近的设施", "Nearest"), 4.6, "{{ row.nearest }}"),
            Column(say("距离 / 时间", "Distance / time"), 2.4, "{{ row.way }}", right=True),
        ],
        "gaps",
        size=8,
    )
    writer.tag("endif")
    writer.pictures("coverage_maps")


def _sites(writer: Writer) -> None:
    say = writer.say
    writer.heading(say("五、建议选址", "5. Proposed sites"))
    writer.text("{{ siting_note }}")
    writer.lines("siting_lines", "line")
    writer.tag("if sites")
    writer.text(say("表6　服务人群", "Table 6. Whom they reach"), bold=True, keep=True)
    writer.table(
        [
            Column(say("项目", "Programme"), 4.2, "{{ row.name }}"),
            Column(say("服务人群", "For"), 3.2, "{{ row.audience }}"),
            Column(say("已有", "Existing"), 1.4, "{{ row.existing }}", right=True),
            Column(say("新设", "New"), 1.4, "{{ row.sites }}", right=True),
            Column(say("人数", "People"), 1.9, "{{ row.population }}", right=True),
            Column(say("现已覆盖", "Covered now"), 1.9, "{{ row.before }}", right=True),
            Column(say("建成后", "With the plan"), 1.9, "{{ row.after }}", right=True),
        ],
        "programmes",
    )
    writer.text(say("表7　建议位置与理由", "Table 7. Sites and reasons"), bold=True, keep=True)
    writer.table(
        [
            Column(say("序号", "No."), 0.9, "{{ row.number }}", right=True),
            Column(say("项目", "Programme"), 2.8, "{{ row.programme }}"),
            Column(say("位置", "Place"), 3.6, "{{ row.name }}"),
            Column(say("乡镇街道", "Township"), 2.0, "{{ row.township }}"),
            Column(say("性质", "What it is"), 1.9, "{{ row.what }}"),
            Column(say("理由", "Reasons"), 5.4, "{{ row.reason }}"),
        ],
        "sites",
        size=8,
    )
    writer.tag("endif")


def _account(writer: Writer) -> None:
    say = writer.say
    writer.heading(say("六、方法与数据质量", "6. Methods and quality of the data"))
    writer.heading(say("方法", "Methods"), 2)
    writer.lines("methods", "line", size=9.5)
    writer.heading(say("数据质量", "Quality of the data"), 2)
    writer.lines("quality", "line", size=9.5)
    writer.tag("if findings")
    writer.text(say("表8　请核对的记录", "Table 8. Rows to look at"), bold=True, keep=True)
    writer.table(
        [
            Column(say("内容", "What"), 11.5, "{{ row.what }}"),
            Column(say("来源文件 · 表 · 行", "File, sheet, row"), 5.5, "{{ row.place }}"),
        ],
        "findings",
        size=8,
    )
    writer.tag("endif")
    writer.heading(say("数据来源", "Sources"), 2)
    writer.table(
        [
            Column(say("名称", "Title"), 7.0, "{{ row.title }}"),
            Column(say("发布者", "Publisher"), 5.0, "{{ row.publisher }}"),
            Column(say("日期", "Date"), 2.5, "{{ row.published_on }}"),
            Column(say("性质", "Quality"), 2.5, "{{ row.quality }}"),
        ],
        "sources",
        size=8,
    )


def _brief(lang: Lang) -> bytes:
    writer = Writer(lang, body_pt=10, margin_cm=1.8)
    say = writer.say
    writer.title(say("{{ district }}科普设施简报", "{{ district }}: science-outreach facilities"),
                 size=18)  # fmt: skip
    writer.text("{{ stamp }}", size=8, soft=True, centre=True)
    writer.boxes(
        [
            ("{{ headline.per_10k }}", say("每万人展厅面积（m²），目标 {{ headline.target }}",
                                           "m² per 10,000; target {{ headline.target }}")),
            ("{{ headline.gap }}", say("尚缺展厅面积（m²）", "m² missing")),
            ("{{ headline.met }}", say("承诺已达到 / 有量化目标", "commitments met / in all")),
        ],
        size=14,
    )  # fmt: skip
    writer.lines("brief_summary", "line", size=10, numbered=True)
    writer.text(say("规划承诺（有量化目标的）", "Commitments with a figure"), bold=True, keep=True)
    writer.table(
        [
            Column(say("承诺", "Commitment"), 6.4, "{{ row.name }}"),
            Column(say("目标", "Target"), 2.6, "{{ row.target }}"),
            Column(say("现状", "Now"), 3.2, "{{ row.current }}"),
            Column(say("判断", "Judgement"), 3.4, "{{ row.state }}"),
        ],
        "brief_commitments",
        size=8.5,
        row_cm=0.52,
    )
    writer.heading(say("位置与缺口", "Where"), new_page=True)
    writer.pictures("brief_maps")
    writer.text("{{ siting_note }}", size=9)
    writer.lines("siting_lines", "line", size=8.5)
    _brief_sites(writer)
    _brief_gaps(writer)
    return writer.saved()


def _brief_sites(writer: Writer) -> None:
    """Write the proposed sites of the brief."""
    say = writer.say
    writer.tag("if brief_sites")
    writer.table(
        [
            Column(say("序号", "No."), 0.9, "{{ row.number }}", right=True),
            Column(say("项目", "Programme"), 4.6, "{{ row.programme }}"),
            Column(
                say("建议位置（各项目中新增覆盖最多的）", "Proposed sites that cover most"),
                6.0,
                "{{ row.name }}",
            ),
            Column(say("乡镇街道", "Township"), 3.6, "{{ row.township }}"),
            Column(say("新增覆盖（人）", "Newly covered"), 2.5, "{{ row.newly }}", right=True),
        ],
        "brief_sites",
        size=8.5,
        row_cm=0.52,
    )
    writer.tag("endif")


def _brief_gaps(writer: Writer) -> None:
    """Write the largest gaps of the brief."""
    say = writer.say
    writer.text("{{ brief_gaps_title }}", bold=True, size=9, keep=True)
    writer.tag("if brief_gaps")
    writer.table(
        [
            Column(say("设施", "Facilities"), 4.0, "{{ row.target }}"),
            Column(say("乡镇街道", "Township"), 3.6, "{{ row.township }}"),
            Column(say("未覆盖（人）", "Not reached"), 2.2, "{{ row.people }}", right=True),
            Column(say("最近的设施", "Nearest"), 7.0, "{{ row.nearest }}"),
        ],
        "brief_gaps",
        size=8.5,
        row_cm=0.52,
    )
    writer.tag("endif")


def _cards(lang: Lang) -> bytes:
    writer = Writer(lang, body_pt=10, margin_cm=1.8)
    say = writer.say
    writer.tag("for card in cards")
    _card_measures(writer)
    writer.text(say("按各项分别排名，不合成总分；并列同名次。各年末按现在的台账倒推。",
                    "Ranked by each measure, never over all; equals share a place. Years by the "
                    "ledger as it is known now."), size=8, soft=True)  # fmt: skip
    writer.pictures("card.charts")
    writer.text("{{ card.schools }}", size=9.5)
    writer.text("{{ card.villages }}", size=9.5)
    _card_gaps(writer)
    _card_sites(writer)
    writer.text("{{ card.data }}", size=8.5, soft=True)
    writer.tag("endfor")
    return writer.saved()


def _card_measures(writer: Writer) -> None:
    """Write the title, the headline figures and the measures of a card."""
    say = writer.say
    writer.title(say("{{ card.name }}科普设施评分卡", "{{ card.name }}: score card"), size=18,
                 new_page=True)  # fmt: skip
    writer.text("{{ district }} · {{ card.kind }} · {{ stamp }}", size=8, soft=True, centre=True)
    writer.boxes(
        [
            ("{{ card.per_10k }}", say("每万人展厅面积（m²），目标 {{ card.target }}（参考）",
                                       "m² per 10,000; target {{ card.target }} (reference)")),
            ("{{ card.gap }}", say("尚缺（m²，参考）", "m² missing (reference)")),
            ("{{ card.counted }}", say("计入面积（m²）", "counted m²")),
            ("{{ card.population }}", say("人口（人）", "residents")),
            ("{{ card.facilities }}", say("设施（处）", "facilities")),
        ],
        size=12,
    )  # fmt: skip
    writer.table(
        [
            Column(say("指标", "Measure"), 5.2, "{{ row.name }}"),
            Column(say("本地", "Here"), 1.9, "{{ row.value }}", right=True),
            Column(say("全区", "District"), 1.9, "{{ row.district }}", right=True),
            Column(say("位次", "Rank"), 1.9, "{{ row.rank }}"),
            Column("{{ year }}", 1.35, "{{ value }}", True, "year in trend_years",
                   "value in row.years"),
        ],
        "card.measures",
        size=8.5,
        row_cm=0.52,
    )  # fmt: skip


def _card_gaps(writer: Writer) -> None:
    """Write the gaps of a card."""
    say = writer.say
    writer.text(say("覆盖缺口：{{ card.gap_note }}", "Gaps: {{ card.gap_note }}"), size=9,
                bold=True, keep=True)  # fmt: skip
    writer.tag("if card.gaps")
    writer.table(
        [
            Column(say("设施", "Facilities"), 4.0, "{{ row.target }}"),
            Column(say("未覆盖（人）", "Not reached"), 2.2, "{{ row.people }}", right=True),
            Column(say("占当地", "Share"), 1.6, "{{ row.share }}", right=True),
            Column(say("最近的设施", "Nearest"), 6.4, "{{ row.nearest }}"),
            Column(say("距离 / 时间", "Distance / time"), 2.8, "{{ row.way }}", right=True),
        ],
        "card.gaps",
        size=8.5,
        row_cm=0.52,
    )
    writer.tag("endif")


def _card_sites(writer: Writer) -> None:
    """Write the proposed sites of a card."""
    say = writer.say
    writer.text(say("建议选址：{{ card.site_note }}", "Sites: {{ card.site_note }}"), size=9,
                bold=True, keep=True)  # fmt: skip
    writer.tag("if card.sites")
    writer.table(
        [
            Column(say("序号", "No."), 0.9, "{{ row.number }}", right=True),
            Column(say("项目", "Programme"), 4.4, "{{ row.programme }}"),
            Column(say("位置", "Place"), 6.2, "{{ row.name }}"),
            Column(say("性质", "What it is"), 3.0, "{{ row.what }}"),
            Column(say("新增覆盖（人）", "Newly covered"), 2.4, "{{ row.newly }}", right=True),
        ],
        "card.sites",
        size=8.5,
        row_cm=0.52,
    )
    writer.tag("endif")


_BUILDERS: Final[dict[Kind, Callable[[Lang], bytes]]] = {
    Kind.REPORT: _report,
    Kind.BRIEF: _brief,
    Kind.CARDS: _cards,
}

if __name__ == "__main__":
    build_all(FOLDER)
