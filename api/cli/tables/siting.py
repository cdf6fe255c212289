"""A siting proposal on the terminal: the proof, whom it reaches, the sites with their reasons."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.terminal import Document, for_whom, out, words
from geo.core.errors import Lang


def print_proposal(record: Document, lang: Lang, console: Console = out) -> None:
    """Print a proposal, and what was asked for besides it."""
    choice, proof = record["choice"], record["proof"]
    console.print(
        words(lang, "选址建议", "Proposed sites") + f" · {choice[f'question_{lang}']}",
        style="bold",
    )
    console.print(
        f"{record['on']} · {record['denominator'][lang]} · {record['travel'][lang]} · "
        + words(lang, "情景 ", "scenario ")
        + record["scenario"]["digest"]
        + f" · {for_whom(record, lang)}",
        highlight=False,
        soft_wrap=True,
    )
    if record["demonstration"]:
        console.print(
            words(lang, "含演示数据，非真实台账", "Contains demonstration data"), style="yellow"
        )
    if record["rounded_positions"] is not None:
        console.print(record["rounded_positions"][lang], soft_wrap=True, highlight=False)
    console.print(proof[lang], soft_wrap=True, highlight=False)
    console.print(_programmes(record, lang))
    _print_unknown(record, lang, console)
    console.print(_sites(record, lang))
    _print_extras(record, lang, console)


def print_allotment(record: Document, lang: Lang, console: Console = out) -> None:
    """Print how much area each place would add, and where that leaves each township."""
    target = f"{record['target_area_per_10k_m2']:g}"
    console.print(
        words(lang, f"达到每万人 {target} m² 的面积配置", f"Area for {target} m² per 10,000"),
        style="bold",
    )
    if record["demonstration"]:
        console.print(
            words(lang, "含演示数据，非真实台账", "Contains demonstration data"), style="yellow"
        )
    console.print(_allotment_words(record, lang), soft_wrap=True, highlight=False)
    console.print(_allotted_places(record, lang))
    console.print(_allotted_townships(record, lang))


def _allotment_words(record: Document, lang: Lang) -> str:
    added, after = _people(record["total_added_m2"]), f"{record['area_per_10k_m2']:,.1f}"
    bound = record["is_lower_bound"]
    proof = (
        words(lang, "已证明最少", "proven least")
        if record["is_optimal"]
        else words(lang, f"下界 {_people(record['bound'])}", f"bound {_people(record['bound'])}")
    )
    if record["reaches_target"]:
        told = words(
            lang,
            f"共需新增 {added} m²（{proof}），全区每万人达 {after} m²。",
            f"{added} m² in all ({proof}); the district then has {after} m² per 10,000.",
        )
    else:
        short = _people(record["objective"])
        told = words(
            lang,
            f"新增 {added} m² 后仍缺 {short} m²（{proof}），全区每万人 {after} m²。",
            f"With {added} m² added, {short} m² are still missing ({proof}); {after} per 10,000.",
        )
    note = words(
        lang,
        "有设施面积不明，按 0 计，实际所需可能更少；面积不明的场所不列入扩建。",
        " Some areas are unknown and count as 0: less may be needed.",
    )
    return told + (note if bound else "")


def _allotted_places(record: Document, lang: Lang) -> Table:
    table = _table(
        words(lang, "新增面积", "Area added"),
        [words(lang, "场所", "Place"), words(lang, "乡镇街道", "Township")],
        [words(lang, "现有 m²", "Now m²"), words(lang, "新增 m²", "Added m²")],
    )
    for row in record["places"]:
        new = words(lang, "（新设一处，位置待选）", "(a new place, still to be found)")
        table.add_row(
            escape(row["name"]) if row["name"] else new,
            escape(row["township_name"]),
            _people(row["present_area_m2"]),
            _people(row["added_area_m2"]),
        )
    return table


def _allotted_townships(record: Document, lang: Lang) -> Table:
    table = _table(
        words(lang, "各乡镇街道", "Townships"),
        [words(lang, "乡镇街道", "Township")],
        [
            words(lang, "人口", "Residents"),
            words(lang, "现每万人 m²", "Per 10,000 now"),
            words(lang, "新增 m²", "Added m²"),
            words(lang, "达到每万人 m²", "Per 10,000 then"),
        ],
    )
    for row in record["townships"]:
        at_least = "≥" if row["is_lower_bound"] else ""
        table.add_row(
            escape(row["name_zh"]),
            _people(row["population"]),
            at_least + _tenths(row["area_per_10k_before_m2"]),
            _people(row["added_area_m2"]),
            at_least + _tenths(row["area_per_10k_m2"]),
        )
    return table


def _tenths(value: float | None) -> str:
    return "—" if value is None else f"{value:,.1f}"


def _programmes(record: Document, lang: Lang) -> Table:
    table = _table(
        words(lang, "服务人群", "Whom it reaches"),
        [words(lang, "项目", "Programme"), words(lang, "人群", "Audience")],
        [
            words(lang, "总数", "In all"),
            words(lang, "现已覆盖", "Covered now"),
            words(lang, "建成后", "With the plan"),
        ],
    )
    for programme in record["programmes"]:
        table.add_row(
            programme[lang],
            programme[f"audience_{lang}"],
            *(
                _people(programme["demand"][name])
                for name in ("population", "covered_before", "covered_after")
            ),
        )
    return table


def _print_unknown(record: Document, lang: Lang, console: Console) -> None:
    """Say where the audience is unknown: it counts as nobody there, and the rest is a bound."""
    for programme in record["programmes"]:
        names = programme["unknown_townships"]
        if names:
            told = "、".join(names)
            console.print(
                words(
                    lang,
                    f"{programme['zh']}：{told} 的人数不明，未计入，所以覆盖人数是下限。",
                    f"{programme['en']}: the audience of {told} is unknown and left out; "
                    "figures are lower bounds.",
                ),
                markup=False,
                soft_wrap=True,
            )


def _sites(record: Document, lang: Lang) -> Table:
    table = _table(
        words(lang, "选址", "Sites"),
        [
            words(lang, "序号", "No."),
            words(lang, "项目", "Programme"),
            words(lang, "位置", "Place"),
            words(lang, "乡镇街道", "Township"),
            words(lang, "性质", "What it is"),
        ],
        [
            words(lang, "新增覆盖", "Newly covered"),
            words(lang, "非它不可", "By it alone"),
        ],
    )
    table.add_column(words(lang, "换用次优位置", "Next best instead"), overflow="fold")
    phased = any(site["phase"] > 1 for site in record["sites"])
    for site in record["sites"]:
        phase = words(lang, f"（第 {site['phase']} 期）", f" (phase {site['phase']})")
        table.add_row(
            str(site["site"]),
            site[f"programme_{lang}"] + (phase if phased else ""),
            escape(site["name"]),
            escape(site["township_name"]),
            site[f"source_{lang}"],
            _people(site["newly_covered"]),
            _people(site["covered_alone"]),
            _next_best(site),
        )
    return table


def _next_best(site: Document) -> str:
    if site["next_best_name"] is None:
        return "—"
    return f"{escape(site['next_best_name'])}（{_signed(-site['next_best_loss'])}）"


def _print_extras(record: Document, lang: Lang, console: Console) -> None:
    if "alternatives" in record:
        console.print(_alternatives(record, lang))
    if "frontier" in record:
        console.print(_frontier(record, lang))
    if "robustness" in record:
        console.print(_robustness(record, lang))


def _alternatives(record: Document, lang: Lang) -> Table:
    table = _table(
        words(lang, "其他方案", "Other plans"),
        [words(lang, "不选", "Without"), words(lang, "改选", "Instead")],
        [words(lang, "目标值", "Objective"), words(lang, "相差", "Change")],
    )
    for row in record["alternatives"]:
        table.add_row(
            escape("、".join(row["instead_of"])),
            escape("、".join(row["instead"])),
            _people(row["objective"]),
            _signed(row["change"]),
        )
    return table


def _frontier(record: Document, lang: Lang) -> Table:
    table = _table(
        words(lang, "多与均的取舍", "Between most and even"),
        [],
        [
            words(lang, "新增覆盖", "Newly covered"),
            words(lang, "覆盖率", "Covered"),
            words(lang, "最低乡镇（占可覆盖）", "Lowest township (of what can be)"),
            "Gini",
        ],
    )
    for row in record["frontier"]:
        table.add_row(
            _people(row["newly_covered"]),
            f"{row['covered_share']:.1%}",
            f"{row['lowest_share']:.1%}",
            f"{row['gini']:.3f}",
        )
    return table


def _robustness(record: Document, lang: Lang) -> Table:
    found = record["robustness"]
    names = {site["site"]: site["name"] for site in record["sites"]}
    table = _table(
        words(
            lang,
            f"稳健性（{found['draws']} 次抽样；方案至少保住 {found['least_kept_share']:.1%}）",
            f"Robustness ({found['draws']} draws; the plan keeps at least "
            f"{found['least_kept_share']:.1%} of the best)",
        ),
        [words(lang, "位置", "Place")],
        [
            words(lang, "再次选中", "Chosen again"),
            words(
                lang, f"{found['near_m']:g} 米内选中", f"One within {found['near_m']:g} m chosen"
            ),
        ],
    )
    for row in found["sites"]:
        table.add_row(
            f"{row['site']} {escape(names[row['site']])}",
            f"{row['chosen_share']:.0%}",
            f"{row['near_share']:.0%}",
        )
    return table


def _table(title: str, texts: list[str], figures: list[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in texts:
        table.add_column(name, overflow="fold")
    for name in figures:
        table.add_column(name, justify="right")
    return table


def _people(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"


def _signed(value: float) -> str:
    return f"{value:+,.0f}".replace("-", "−") if round(value) else "±0"
