"""The words of the page's section on siting, in Chinese and English."""

from __future__ import annotations

from typing import Final

SITING_STRINGS: Final[dict[str, tuple[str, str]]] = {
    "siting": ("选址", "Siting"),
    "siting_intro": (
        "回答“新建或挂牌几处，放在哪里，能覆盖最多的人”。先推荐，再可以在图上增减、移动，数字随即更新。",
        "Where new bases reach most. Take the proposal, then add, remove or drag sites on the map; "
        "the figures follow.",
    ),
    "siting_file": (
        "选址需要联机服务，或在命令行运行 kepu site；这个单文件里没有。",
        "Siting needs the service, or the command kepu site; this file has neither.",
    ),
    "siting_question": ("目标", "Aim"),
    "question_most_covered": (
        "新增覆盖最多：处数固定，让最多的人在标准时间内到得了",
        "Most newly covered: with so many sites, the most people within the standard",
    ),
    "question_backup": (
        "覆盖与双重覆盖最多：并让更多人有两处可去",
        "Backup: cover most, and give many a second place",
    ),
    "question_fewest_sites": (
        "处数最少：达到给定的覆盖比例，建得越少越好",
        "Fewest sites: reach a given share with as few as can be",
    ),
    "question_least_travel": (
        "总路程最短：所有人到最近一处的时间之和最小",
        "Least travel: the sum of all journeys to the nearest place",
    ),
    "question_shortest_worst": (
        "最远路程最短：让最远的人也不太远",
        "Shortest worst: even the farthest are not too far",
    ),
    "siting_count": ("{programme}（处）", "{programme} (sites)"),
    "siting_for": (
        "服务对象：{audience}；{mode} {minutes} 分钟内",
        "For {audience}; within {minutes} min, {mode}",
    ),
    "siting_distance": ("最小间距（米，可不填）", "Least distance between sites (m, optional)"),
    "siting_per_township": ("每乡镇至多（处，可不填）", "At most per township (optional)"),
    "siting_share": ("至少覆盖（%）", "Cover at least (%)"),
    "siting_also": ("另算", "Also work out"),
    "also_alternatives": ("其他方案（几乎一样好的）", "Other plans nearly as good"),
    "also_frontier": (
        "取舍曲线（多与匀，约需一分钟）",
        "Trade-off of much and even (a minute or so)",
    ),
    "also_robustness": (
        "稳健性（数据有误差时还选它吗，约需几分钟）",
        "Robustness to wrong figures (some minutes)",
    ),
    "siting_go": ("推荐选址", "Propose sites"),
    "siting_cancel": ("取消", "Call off"),
    "siting_waiting": ("排队等候……", "Waiting its turn…"),
    "siting_preparing": ("正在准备候选点……", "Preparing candidates…"),
    "siting_running": ("目前最好 {best}，最好不过 {bound}", "Best so far {best}, at most {bound}"),
    "siting_extra": (
        "方案已得出，见下方。正在另算：{what}",
        "The plan is below. Now working out: {what}",
    ),
    "siting_stopping": ("正在停止：{what}", "Stopping: {what}"),
    "siting_extra_off": (
        "已停止另算（{what}），方案不受影响。",
        "Stopped ({what}); the plan stands.",
    ),
    "siting_extra_failed": (
        "方案不受影响，但没有算出“{what}”：{reason}",
        "The plan stands, but not worked out: {what}: {reason}",
    ),
    "siting_seconds": ("{seconds} 秒", "{seconds} s"),
    "siting_calling_off": (
        "正在取消，稍候给出目前最好的方案",
        "Calling off; the best so far follows",
    ),
    "siting_cancelled": ("已取消，没有方案。", "Called off; there is no plan."),
    "siting_called_off": (
        "已提前停止，这是停止时最好的方案。",
        "Called off early: this is the best that was found.",
    ),
    "siting_done": ("已完成，方案见下方表格和地图。", "Done: see the tables below and the map."),
    "siting_failed": ("没有得出方案：{reason}", "No plan: {reason}"),
    "siting_proof": ("方案有多好", "How good the plan is"),
    "siting_pool": (
        "在 {count} 个候选点中选出，用时 {seconds} 秒",
        "Of {count} candidates, in {seconds} s",
    ),
    "siting_schools": ("所学校", "schools"),
    "siting_reached": ("覆盖谁", "Who is reached"),
    "siting_target": ("{audience}（服务对象）", "{audience} (whom it is for)"),
    "siting_audience": ("人群", "Audience"),
    "siting_total": ("总数", "In all"),
    "siting_before": ("现已覆盖", "Covered now"),
    "siting_after": ("建成后", "With the plan"),
    "siting_gain": ("增加", "More"),
    "siting_reached_note": (
        "同类在建、规划和运行的 {count} 处已计入“现已覆盖”。覆盖指标准时间内到得了，不等于会去。",
        "The {count} of its kind that operate, are planned or being built count as covering now. "
        "Covered means within reach, not that people go.",
    ),
    "siting_sites": ("选址明细（{count} 处）", "Sites ({count})"),
    "siting_number": ("编号", "No."),
    "siting_programme": ("项目", "Programme"),
    "siting_place": ("地点", "Place"),
    "siting_source": ("性质", "What it is"),
    "siting_newly": ("新增覆盖", "Newly covered"),
    "siting_alone": ("仅由它覆盖", "By it alone"),
    "siting_next": ("次优地点（变化）", "Next best (change)"),
    "siting_next_none": ("没有合规的次优", "None keeps the rules"),
    "siting_edit": ("调整", "Change"),
    "siting_remove": ("移除", "Remove"),
    "siting_remove_named": ("移除第 {number} 处 {place}", "Remove site {number}, {place}"),
    "siting_swap": ("换为次优", "Use next best"),
    "siting_swap_named": (
        "第 {number} 处换为次优：{place}",
        "Put the next best in for site {number}: {place}",
    ),
    "siting_sites_note": (
        "点击一行在地图上定位。新增覆盖按各项目的服务对象计；两处都到得了的人各算一次，所以各行之和可能大于总数。"
        "搜索区是一个方格，不是地址，须到现场找场所。",
        "A click on a row shows it on the map. Newly covered counts whom each programme is for; "
        "who reaches two sites counts with both, so rows may add up to more than the total. "
        "A search area is a square to look in, no address.",
    ),
    "search_area": ("搜索区（非地址）", "search area, no address"),
    "own_point": ("自选点（非地址）", "a point of your own, no address"),
    "own_name": ("自选点 {number}", "Own point {number}"),
    "siting_back": ("回到选址表", "Back to the tables"),
    "siting_by_audience": ("新增覆盖（按人群）", "Newly covered, by audience"),
    "siting_by_township": ("新增覆盖（按乡镇）", "Newly covered, by township"),
    "siting_nobody": ("没有新增覆盖", "nobody newly"),
    "siting_layer": ("选址方案", "Sites of the plan"),
    "siting_marker": ("选址 {number}：{place}", "Site {number}: {place}"),
    "siting_legend": ("选址方案（编号见表）", "Sites of the plan (numbers as in the table)"),
    "siting_legend_area": ("搜索区（非地址）", "search area, no address"),
    "siting_what_if": ("手工调整", "What if"),
    "siting_what_if_note": (
        "移除、换为次优或在地图上拖动编号，数字随即更新。",
        "Remove, swap or drag numbers on the map; the figures follow.",
    ),
    "siting_add_for": ("加给", "Add for"),
    "siting_add": ("在图上加点", "Add on the map"),
    "siting_adding": (
        "请点击地图上的位置（按 Esc 取消）",
        "Click a place on the map (Esc leaves)",
    ),
    "siting_add_centre": ("加在地图中心", "Add at its middle"),
    "siting_restore": ("恢复建议", "Back to the proposal"),
    "siting_value": ("本方案：{value}", "This plan: {value}"),
    "value_covered": ("新增覆盖 {value}", "{value} newly covered"),
    "value_backup": ("加权覆盖 {value}", "weighted coverage {value}"),
    "value_least_travel": ("总路程 {value}", "travel {value} in all"),
    "value_shortest_worst": ("最远路程 {value}", "longest journey {value}"),
    "siting_same": ("与建议相同", "as the proposal"),
    "siting_better": ("与建议相比 {change}（更好）", "{change} against the proposal (better)"),
    "siting_worse": ("与建议相比 {change}（更差）", "{change} against the proposal (worse)"),
    "siting_even": ("与建议一样好", "as good as the proposal"),
    "siting_no_base": ("没有可比的建议", "no proposal to compare"),
    "siting_broken": ("不合要求 {count} 项：", "{count} rules broken:"),
    "siting_broken_short": ("不合要求 {count} 项", "{count} rules broken"),
    "siting_kept": ("符合全部要求", "Every rule is kept"),
    "siting_refused": ("这一步不行：{reason}", "That cannot be: {reason}"),
    "siting_changed_basis": (
        "日期或口径改了，请重新推荐。",
        "The date or the basis has changed; ask again.",
    ),
    "siting_plans": ("方案比较", "Plans side by side"),
    "siting_plan_name": ("方案名称", "Name of the plan"),
    "siting_plan": ("方案 {number}", "Plan {number}"),
    "siting_save": ("保存为方案", "Keep as a plan"),
    "siting_saved": ("已保存“{name}”。", "“{name}” is kept."),
    "siting_full": ("最多保存三个方案，请先删去一个。", "Three plans at most; drop one first."),
    "siting_plans_note": (
        "方案只保存在这个浏览器窗口里，关闭窗口即失去；可存为情景方案文件或打印。有自选点的方案不能存为文件。",
        "Plans are kept in this window alone and go with it; save them as files, or print. A plan "
        "with points of its own cannot be saved.",
    ),
    "siting_plans_none": (
        "还没有保存的方案。先推荐或调整，再按“保存为方案”，可并排比较三个。",
        "No plan is kept yet. Keep up to three to see them side by side.",
    ),
    "siting_pair_left": ("左图的方案", "Plan of the left map"),
    "siting_pair_right": ("右图的方案", "Plan of the right map"),
    "siting_pair_map": ("{name} 的地图，{count} 处", "Map of {name}, {count} sites"),
    "siting_pair_note": (
        "两图联动：拖动或缩放一幅，另一幅随之移动。每处的名称见编号上的提示。",
        "The two maps move together; a number's hint tells its place.",
    ),
    "siting_pair_note_schematic": (
        "示意图：乡镇界线不是真实边界。两图联动，拖动或缩放一幅，另一幅随之移动。",
        "Schematic: township boundaries are not real ones. The two maps move together.",
    ),
    "siting_open": ("放到图上", "Show on the map"),
    "siting_file_save": ("存为文件", "Save as a file"),
    "siting_file_named": (
        "把“{name}”存为情景方案文件（kepu site --scenario 可打开）",
        "Save “{name}” as a scenario file that kepu site --scenario opens",
    ),
    "siting_drop": ("删去", "Drop"),
    "siting_open_named": ("把“{name}”放到图上", "Show “{name}” on the map"),
    "siting_drop_named": ("删去“{name}”", "Drop “{name}”"),
    "siting_result": ("结果", "Result"),
    "siting_site_count": ("处数", "Sites"),
    "siting_after_for": ("{programme}：{audience}", "{programme}: {audience}"),
    "siting_lowest": ("{programme}：覆盖最低的乡镇", "{programme}: lowest township"),
    "siting_rules": ("不合要求", "Rules broken"),
    "siting_basis": ("依据", "Basis"),
    "siting_yes_all": ("无", "none"),
    "siting_alternatives": ("其他方案", "Other plans"),
    "siting_alternatives_none": ("没有别的方案了。", "There is no other plan."),
    "siting_alternatives_note": (
        "变化与本方案相比。多于本方案的用了更多搜索区：推荐时优先用有名称的场所，让出了一点人数。",
        "Change against the proposal. A plan that covers more does so with search areas: the "
        "proposal gives up a few people for places with a name.",
    ),
    "siting_instead_of": ("不选", "Leaves out"),
    "siting_instead": ("改选", "Takes instead"),
    "siting_change": ("变化", "Change"),
    "siting_frontier": ("多与匀的取舍", "Much against even"),
    "siting_frontier_alt": (
        "取舍曲线图：横轴为覆盖最低的乡镇，纵轴为总覆盖率，数值见下表",
        "Chart of total coverage against the lowest township; the table has its figures",
    ),
    "siting_frontier_note": (
        "1 号覆盖的人最多；编号越大，各乡镇越均匀，总数越少。",
        "Plan 1 covers most; higher numbers are more even and cover fewer.",
    ),
    "siting_covered_share": ("总覆盖率", "Covered in all"),
    "siting_lowest_share": ("覆盖最低的乡镇", "Lowest township"),
    "siting_robustness": ("稳健性", "Robustness"),
    "siting_robustness_note": (
        "把人口、路程等随机改动 {draws} 次再选：本方案平均保住最优的 {mean}，最差 {least}。"
        "下表是每一处仍被选中的比例。",
        "Figures were drawn anew {draws} times and sited again: the plan kept {mean} of the best "
        "on average, {least} at worst. Below, how often each site was chosen again.",
    ),
    "siting_again": ("仍选此处", "Chosen again"),
    "siting_near": ("选在 {metres} 米内", "One within {metres} m"),
}
