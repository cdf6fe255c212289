"""What people reach, on the terminal: coverage, area they share, schools, villages, gaps."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.terminal import Document, figure, out, percent, words
from geo.core.errors import Lang
from geo.core.vocabulary import LABELS, Audience, Group

_MOST_GAPS = 10
_MOST_NAMES = 20
_AUDIENCES = (Audience.YOUTH, Audience.SENIORS, Audience.FARMERS)


def print_coverage(document: Document, lang: Lang, console: Console = out) -> None:
    """Print who is covered, by group and audience, how sure that is, and the edge effect."""
    console.print(_coverage(document, lang))
    console.print(document["edge"][lang], soft_wrap=True, highlight=False, style="dim")


def print_reaching(document: Document, lang: Lang, console: Console = out) -> None:
    """Print the area shared, schools, villages and the ten largest gaps."""
    for line in (
        _accessible(document, lang),
        *_inequality(document, lang),
        _schools(document, lang),
        _villages(document, lang),
    ):
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    rows = [row for row in document["gaps"] if row["kind"] is None and row["population"]]
    if rows:
        console.print(_gaps(rows[:_MOST_GAPS], lang))


def _coverage(document: Document, lang: Lang) -> Table:
    rows = [row for row in document["district"]["coverage"] if row["kind"] is None]
    moved = any(row["even_coverage_rate"] is not None for row in rows)
    table = Table(
        title=words(
            lang, "服务覆盖（{}；{}；标准为规划缺省值）", "Coverage ({}; {}; planning defaults)"
        ).format(document["travel"][lang], document["surface"][lang]),
        title_justify="left",
    )
    table.add_column(words(lang, "设施", "Facilities"))
    heads = [
        words(lang, "覆盖率", "Coverage"),
        # How far the figure moves is how sure it is.
        *([words(lang, "若均匀分布", "If spread evenly")] if moved else []),
        words(lang, "未覆盖人口", "Not covered"),
        *(getattr(LABELS[Audience][audience], lang) for audience in _AUDIENCES),
    ]
    for head in heads:
        table.add_column(head, justify="right")
    for row in rows:
        of_audience = {one["audience"]: one["coverage_rate"] for one in row["audiences"]}
        table.add_row(
            getattr(LABELS[Group][Group(row["group"])], lang),
            percent(row["coverage_rate"]),
            *([percent(row["even_coverage_rate"])] if moved else []),
            figure(row["gap_population"], 0),
            *(percent(of_audience.get(audience.value)) for audience in _AUDIENCES),
        )
    return table


def _accessible(document: Document, lang: Lang) -> str:
    found = document["accessibility"]
    bound = words(lang, "不低于 ", "at least ") if found["is_lower_bound"] else ""
    area = f"{bound}{figure(found['accessible_area_per_10k_m2'])} m²"
    return words(
        lang,
        f"每万人可达展厅面积：{area}（{found['zh']}）；"
        f"无人可达 {figure(found['unreached_supply_m2'], 0)} m²",
        f"Accessible area per 10,000: {area} ({found['en']}); "
        f"{figure(found['unreached_supply_m2'], 0)} m² that nobody reaches",
    )


def _inequality(document: Document, lang: Lang) -> list[str]:
    names = {
        "area_per_10k_m2": words(lang, "每万人面积，乡镇街道之间", "area among townships"),
        "accessible_area_per_10k_m2": words(
            lang, "可达面积，居民之间", "accessible area among residents"
        ),
    }
    return [
        words(
            lang,
            f"均衡性（{names[row['measure']]}）：基尼 {figure(row['gini'], 3)}，"
            f"泰尔 {figure(row['theil'], 3)}（城乡之间 {figure(row['theil_between'], 3)}，"
            f"城乡内部 {figure(row['theil_within'], 3)}）",
            f"Equity ({names[row['measure']]}): Gini {figure(row['gini'], 3)}, "
            f"Theil {figure(row['theil'], 3)} ({figure(row['theil_between'], 3)} between urban "
            f"and rural, {figure(row['theil_within'], 3)} within)",
        )
        for row in document["inequality"]
    ]


def _schools(document: Document, lang: Lang) -> str:
    found = document["schools"]
    count, reached, unknown = (
        found[name] for name in ("school_count", "reached_count", "unknown_count")
    )
    left = [row["name"] for row in found["rows"] if row["reached"] is False]
    listed = _listed(left, lang)
    return words(
        lang,
        f"学校：{count} 所中 {reached} 所在标准内可到达科普基地，"
        f"{count - reached - unknown} 所不能{listed}；{unknown} 所位置不明",
        f"Schools: {reached} of {count} reach a science base within the standard, "
        f"{count - reached - unknown} do not{listed}; {unknown} have no position",
    )


def _listed(names: Sequence[str], lang: Lang) -> str:
    """Return names after a colon, the first of many; nothing where there are none."""
    if not names:
        return ""
    more = "……" if len(names) > _MOST_NAMES else ""
    return words(lang, "：", ": ") + "、".join(names[:_MOST_NAMES]) + more


def _villages(document: Document, lang: Lang) -> str:
    found = document["villages"]
    without = found["without"]
    listed = _listed([row["name_zh"] for row in without], lang)
    at_most = words(lang, "至多 ", "at most ") if without and found["unassigned_count"] else ""
    return words(
        lang,
        f"村社区：{found['village_count']} 个中 {found['with_count']} 个有服务中心，"
        f"{at_most}{len(without)} 个没有{listed}",
        f"Villages: {found['with_count']} of {found['village_count']} have a service centre, "
        f"{at_most}{len(without)} have none{listed}",
    )


def _gaps(rows: list[Document], lang: Lang) -> Table:
    table = Table(
        title=words(lang, "未覆盖人口最多的十处", "Where most people are left out"),
        title_justify="left",
    )
    table.add_column(words(lang, "乡镇街道", "Township"), overflow="fold")
    table.add_column(words(lang, "设施", "Facilities"))
    table.add_column(words(lang, "未覆盖", "Not covered"), justify="right")
    table.add_column(words(lang, "占比", "Share"), justify="right")
    table.add_column(words(lang, "最近设施", "Nearest"), overflow="fold")
    table.add_column(words(lang, "路程（分钟）", "Minutes"), justify="right")
    for row in rows:
        table.add_row(
            escape(row["township_name"]),
            getattr(LABELS[Group][Group(row["group"])], lang),
            figure(row["population"], 0),
            percent(row["population_share"]),
            escape(row["nearest_facility_name"] or "—"),
            figure(row["nearest_travel_minutes"], 0),
        )
    return table
