"""Every word of the page, in Chinese and English."""

from __future__ import annotations

from typing import Final, Literal

Lang = Literal["zh", "en"]

STRINGS: Final[dict[str, tuple[str, str]]] = {
    "product": ("科普设施地图", "Science-outreach atlas"),
    "title": (
        "{district}科普设施与每万人展厅面积",
        "{district}: exhibition area per 10,000 residents",
    ),
    "skip": ("跳到表格", "Skip to the table"),
    "demonstration": (
        "演示数据：台账为虚构，不是真实设施",
        "Demonstration data: the ledger is invented",
    ),
    "loading": ("正在计算……", "Working out…"),
    "failed": ("没有读到数据", "The data could not be read"),
    "retry": ("重试", "Try again"),
    "choices": ("口径和日期", "Choices"),
    "on": ("截止日期", "As of"),
    "caliber": ("口径", "Caliber"),
    "scope": ("范围", "Scope"),
    "denominator": ("人口", "Population"),
    "group": ("设施类别", "Facilities"),
    "all_groups": ("全部", "All"),
    "gap": ("覆盖缺口", "Coverage gap"),
    "no_gap_layer": ("不显示", "None"),
    "any_of_group": ("任一{group}", "Any of {group}"),
    "language": ("English", "中文"),
    "map_region": ("地图", "Map"),
    "figures_region": ("全区指标", "Figures of the district"),
    "table_region": ("乡镇街道指标", "Figures of the townships"),
    "headline": ("每万人展厅面积", "Exhibition area per 10,000 residents"),
    "at_least": ("不低于", "at least"),
    "at_most": ("至多", "at most"),
    "target": ("目标 {target} m²", "target {target} m²"),
    "of_target": ("为目标的 {share}", "{share} of the target"),
    "missing": ("尚缺展厅面积", "Area still missing"),
    "counted": ("计入面积", "Counted area"),
    "population": ("人口", "Residents"),
    "coverage": ("居民覆盖率", "Residents covered"),
    "coverage_note": (
        "直线距离；{surface}；服务标准为规划缺省值",
        "Straight-line distance; {surface}; standards are planning defaults",
    ),
    "not_reached": ("未覆盖 {count} 人", "{count} not reached"),
    "facilities": ("设施数量", "Facilities"),
    "facilities_note": (
        "截止日运行中、位于区内，含非区属",
        "Operating on the date, in the district, whoever runs them",
    ),
    "quality": ("数据清单", "Data to look at"),
    "held_back": ("待改的行（未导入）", "Rows held back"),
    "held_back_note": (
        "导入时有问题、没有写入的行。请填报单位改后重新导入。",
        "Rows that were not taken when loaded; their senders mend them and they are loaded again.",
    ),
    "held_back_none": ("没有待改的行。", "No row is held back."),
    "doubtful": ("请核对", "To look at"),
    "doubtful_note": (
        "面积不明、乡镇与位置不符、位置经过换算等；每条注明来源文件和行。",
        "Unknown areas, townships that contradict positions, converted positions; with their rows.",
    ),
    "source_place": ("来源文件 · 表 · 行", "File, sheet, row"),
    "source_row": ("第{row}行", "row {row}"),
    "reason": ("原因", "Reason"),
    "proposal": ("建议", "Proposal"),
    "what": ("内容", "What"),
    "data_state": ("数据状况", "State of the data"),
    "unknown_areas": ("面积等不明", "Area or like unknown"),
    "pending": ("待核", "Pending verification"),
    "outside": ("区外（不计面积）", "Outside (no area counted)"),
    "unplaced": ("无法归属", "Cannot be placed"),
    "disagreements": ("代码与位置不一致", "Code and position disagree"),
    "lower_bound_note": (
        "{count} 处设施面积等不明，未计入，所以是下限",
        "{count} facilities are unknown and not counted: a lower bound",
    ),
    "estimate_note": ("分乡镇人口为估计数", "Residents by township are an estimate"),
    "table_caption": (
        "各乡镇街道（尚缺面积为参考值；点击表头排序，点击名称定位）",
        "Townships (missing area for reference; headings sort, names locate on the map)",
    ),
    "township": ("乡镇街道", "Township"),
    "kind": ("类别", "Kind"),
    "col_population": ("人口", "Residents"),
    "col_counted": ("计入面积 m²", "Counted m²"),
    "col_per_10k": ("每万人 m²", "Per 10,000 m²"),
    "col_gap": ("尚缺 m²（参考）", "Missing m² (ref.)"),
    "col_facilities": ("设施", "Facilities"),
    "col_unknown": ("面积不明", "Unknown"),
    "col_coverage": ("{group}覆盖率", "{group} coverage"),
    "district_total": ("全区", "District"),
    "copy": ("复制表格", "Copy the table"),
    "copied": ("已复制", "Copied"),
    "copy_failed": ("浏览器不允许复制，请用下载", "The browser forbids copying; use download"),
    "download": ("下载 CSV", "Download CSV"),
    "gap_audiences": (
        "未覆盖的人中：0-14岁 {youth} 人，60岁及以上 {seniors} 人，乡村居民 {farmers} 人{estimate}",
        "Of those not reached: {youth} aged 0-14, {seniors} aged 60 and over, {farmers} rural"
        "{estimate}",
    ),
    "by_district_share": (
        "（乡镇没有分年龄数据，按全区比例估算）",
        " (ages by the district's shares where townships give none: an estimate)",
    ),
    "gaps_title": ("缺口最大的乡镇街道", "Largest gaps"),
    "gap_row": (
        "{township}：{count} 人（{share}），最近 {nearest}，{distance} km",
        "{township}: {count} ({share}); nearest {nearest}, {distance} km",
    ),
    "gap_row_none": (
        "{township}：{count} 人（{share}），没有这类设施",
        "{township}: {count} ({share}); no such facility",
    ),
    "no_gaps": ("按现行标准没有缺口", "No gap under these standards"),
    "findings": ("请核对", "To look at"),
    "no_findings": ("没有需要核对的记录", "Nothing to look at"),
    "sources": ("数据来源", "Sources"),
    "about": ("说明", "Notes"),
    "digest": ("情景摘要", "Scenario digest"),
    "schematic": ("示意图", "Schematic map"),
    "schematic_note": (
        "乡镇街道界线为示意，不是真实边界",
        "Township borders are schematic, not true boundaries",
    ),
    "no_approval": ("内部工作用图 不得公开", "Internal working map, not for publication"),
    "approval": ("审图号：{number}", "Map approval number: {number}"),
    "legend": ("每万人展厅面积（m²）", "Area per 10,000 (m²)"),
    "below_target": ("低于目标", "below target"),
    "above_target": ("达到目标", "target met"),
    "no_data": ("无人口或无数据", "nobody, or unknown"),
    "legend_count": ("{count} 个", "{count}"),
    "legend_gap": ("覆盖缺口：{target}", "Gap: {target}"),
    "neighbours": ("相邻区县", "Neighbours"),
    "townships_layer": ("乡镇街道", "Townships"),
    "labels_layer": ("名称与数值", "Names and figures"),
    "fullscreen": ("全屏", "Full screen"),
    "print": ("打印", "Print"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "close": ("关闭", "Close"),
    "whole_district": ("全区", "Whole district"),
    "layers": ("图层", "Layers"),
    "level": ("级别", "Level"),
    "status": ("状态", "Status"),
    "opened_on": ("开放日期", "Opened"),
    "closed_on": ("关闭日期", "Closed"),
    "exhibition_area": ("展厅面积", "Exhibition area"),
    "floor_area": ("建筑面积", "Floor area"),
    "counting": ("计入情况", "Counted"),
    "designations": ("挂牌", "Plaques"),
    "address": ("地址", "Address"),
    "department": ("责任单位", "Department"),
    "verification": ("核查", "Verification"),
    "note": ("备注", "Note"),
    "data_mark": ("数据性质", "Data"),
    "is_demonstration": ("演示数据", "Demonstration"),
    "unknown": ("不明", "unknown"),
    "people": ("人", "people"),
    "generated": ("生成于 {date}", "Made on {date}"),
    "cluster": ("{count} 处设施，点击展开", "{count} facilities; open"),
    "minutes": ("{mode} {minutes} 分钟（{metres} m）", "{minutes} min {mode} ({metres} m)"),
}


def words(lang: Lang) -> dict[str, str]:
    """Return the page's words in one language.

    Examples
    --------
    >>> words("en")["print"]
    'Print'
    """
    place = 0 if lang == "zh" else 1
    return {name: pair[place] for name, pair in STRINGS.items()}
