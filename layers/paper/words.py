"""Every word of a sheet, in Chinese and English."""

from __future__ import annotations

from typing import Final

from geo.core.errors import Lang

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title_area": (
        "{district}每万人科普展厅面积图",
        "{district}: exhibition area per 10,000 residents",
    ),
    "title_accessible": (
        "{district}可达科普展厅面积图",
        "{district}: exhibition area within reach per 10,000 residents",
    ),
    "title_coverage": (
        "{district}居民覆盖率图：{target}",
        "{district}: residents covered, {target}",
    ),
    "title_gaps": ("{district}覆盖缺口图：{target}", "{district}: coverage gaps, {target}"),
    "schematic": ("示意图", "schematic"),
    "schematic_long": (
        "示意图：界线为示意，不作为划界依据",
        "Schematic: lines are no authority on boundaries",
    ),
    "demonstration": ("含演示数据，非真实台账", "Contains demonstration data: not a real ledger"),
    "internal": ("内部工作用图 不得公开", "Internal working map: not to be published"),
    "approval": ("审图号：{number}", "Map approval number (审图号): {number}"),
    "no_approval": (
        "审图号：未填写（内部工作用图 不得公开）",
        "Map approval number (审图号): none (internal working map, not to be published)",
    ),
    "subtitle": (
        "截止 {on} · 口径 {caliber} · 范围 {scope} · 分母 {denominator}",
        "As of {on} · caliber {caliber} · scope: {scope} · denominator: {denominator}",
    ),
    "unit_area": ("每万人展厅面积（m²）", "m² per 10,000 residents"),
    "unit_accessible": ("每万人可达展厅面积（m²）", "m² within reach per 10,000 residents"),
    "unit_coverage": ("被覆盖居民的比例", "Share of residents covered"),
    "unit_gaps": ("未覆盖的范围", "Where residents are not reached"),
    "meaning_area": (
        "计入口径的展厅面积 ÷ 人口 × 10,000。目标 {target} m² 是对全区定的，乡镇街道的数值供参考。"
        "“≥”表示有设施面积不明，实际不低于此数。",
        "Counted exhibition area / residents x 10,000. The target of {target} m² is the "
        "district's, for townships a reference. '≥': at least, as some areas are unknown.",
    ),
    "meaning_accessible": (
        "每处展厅的面积由能到达它的居民分享，再按乡镇街道平均（{method}；{travel}）。含区外展厅、不含区外居民，"
        "靠近区界处偏高。“≥”表示有设施面积不明，为下限。",
        "A hall's area is shared among all who reach it, then averaged by township ({method}; "
        "{travel}). Halls beyond the border count, residents there do not: too high near it. "
        "'≥': at least, as some areas are unknown.",
    ),
    "meaning_coverage": (
        "在服务标准内能到达至少一处的居民所占比例。标准（规划缺省值）：{standards}。{travel}；{surface}。",
        "Share of residents who reach at least one within the standard. Standards (planning "
        "defaults): {standards}. {travel}; {surface}.",
    ),
    "meaning_gaps": (
        "斜线处的居民在服务标准内一处也到不了；数字为各乡镇街道未覆盖的人数。标准（规划缺省值）：{standards}。"
        "{travel}；{surface}。",
        "Residents of the hatched land reach none within the standard; figures are the residents "
        "not reached by township. Standards (planning defaults): {standards}. {travel}; {surface}.",
    ),
    "standard": ("{settlement}{mode} {minutes} 分钟", "{settlement} {minutes} min {mode}"),
    "head_area": ("全区每万人展厅面积", "District: area per 10,000 residents"),
    "head_accessible": ("全区每万人可达展厅面积", "District: area within reach per 10,000"),
    "head_coverage": ("全区居民覆盖率", "District: residents covered"),
    "head_gaps": ("全区未覆盖居民", "District: residents not reached"),
    "below_area": (
        "目标 {target} m² · 尚缺 {missing} m²",
        "Target {target} m² · missing {missing} m²",
    ),
    "below_accessible": (
        "参考线 {target} m²（全区目标）",
        "Reference {target} m² (the district's target)",
    ),
    "below_coverage": (
        "未覆盖 {left} 人 · 计入覆盖的设施 {count} 处",
        "{left} not reached · {count} facilities that serve",
    ),
    "below_gaps": (
        "覆盖率 {rate} · 计入覆盖的设施 {count} 处",
        "{rate} covered · {count} facilities that serve",
    ),
    "at_least": ("不低于 ", "at least "),
    "at_most": ("至多 ", "at most "),
    "people": ("{count} 人", "{count}"),
    "count": ("{count} 个乡镇街道", "{count} townships"),
    "all_townships": ("各乡镇街道", "By township"),
    "legend": ("图例", "Legend"),
    "target_line": ("以上达到目标 {target} m²", "above: target of {target} m² met"),
    "no_value": ("没有居民或没有数据", "no residents or no data"),
    "gap": ("到不了任何一处", "no facility within reach"),
    "reached": ("在服务标准之内", "within the standard"),
    "facilities": ("科普设施（截止日运行中）", "Facilities (operating on the date)"),
    "serving": ("计入覆盖的设施", "Facilities that serve"),
    "counted_mark": (
        "实心大符号：面积计入；空心小符号：不计入",
        "Filled, large: area counts; hollow, small: not",
    ),
    "drawn": (
        "图上 {count} 处：区内 {inside} 处，区外 {outside} 处",
        "Shown: {count}, {inside} in the district and {outside} outside",
    ),
    "drawn_inside": ("图上 {count} 处，都在区内", "Shown: {count}, all in the district"),
    "not_drawn": (
        "另有 {count} 处没有坐标，图上未标（区内 {inside} 处）",
        "{count} more have no position and are not shown ({inside} in the district)",
    ),
    "sites": ("推荐选址（建议）", "Proposed sites (a proposal)"),
    "sites_count": ("{count} 处", "{count}"),
    "search_area": ("虚线框：搜索区（非地址）", "Dashed: search area, no address"),
    "sites_note": (
        "按 {on} 的台账推算，尚未确定；编号同 kepu site",
        "For {on}, not decided; numbers as kepu site lists",
    ),
    "district_line": ("区界", "District"),
    "township_line": ("乡镇街道界", "Township"),
    "neighbour_line": ("邻区县界", "Neighbour"),
    "inset_line": ("放大图范围", "Enlarged"),
    "inset": ("放大图 1:{scale}", "Enlarged 1:{scale}"),
    "scale": (
        "比例尺 1:{scale}（{sheet} 原幅打印）",
        "Scale 1:{scale} (printed at full size on {sheet})",
    ),
    "north": ("真北", "true north"),
    "north_note": (
        "指北针指真北；坐标北（图上竖直）在真北以{side} {degrees}°",
        "The arrow shows true north; grid north (straight up) lies {degrees}° {side} of it",
    ),
    "east": ("东", "east"),
    "west": ("西", "west"),
    "crs": ("坐标系：{crs}", "Coordinate system: {crs}"),
    "sources": ("数据来源：", "Sources: "),
    "source": ("{title}（{publisher}，{date}）", "{title} ({publisher}, {date})"),
    "source_approved": ("，{number}", ", {number}"),
    "basis": (
        "人口：{denominator}（{quality}；{basis}）",
        "Residents: {denominator} ({quality}; {basis})",
    ),
    "scenario": (
        "情景方案 {name}，摘要 {digest} · kepu-atlas",
        "Scenario {name}, digest {digest} · kepu-atlas",
    ),
    "separator": ("；", "; "),
}


def say(key: str, lang: Lang, **values: object) -> str:
    """Return one of our sentences with values put in as they are.

    Values that hold braces stay as they are; a name that is not given stays too, so that
    a title can wait for its district.

    Examples
    --------
    >>> say("scale", "zh", scale="150,000", sheet="A4")
    '比例尺 1:150,000（A4 原幅打印）'
    >>> say("title_coverage", "en", target="Library {district}")
    '{district}: residents covered, Library {district}'
    """
    text = _WORDS[key][lang == "en"]
    found, rest = [], text
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, _, rest = after.partition("}")
        found += [before, str(values[name]) if name in values else f"{{{name}}}"]
    return "".join([*found, rest])
