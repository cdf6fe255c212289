"""The proposed sites of a report: by which standard, what the plan asks, each with its reasons."""

from __future__ import annotations

from geo.core.plan import Measure
from geo.core.vocabulary import Mode, Settlement
from layers.report.wording import Record, Words, whole


def siting_note(proposal: Record | None, words: Words) -> str:
    """Return what was asked and how sure the answer is."""
    if proposal is None:
        return words.say("本次没有计算选址建议。", "Sites were not worked out this time.")
    search = any(row["source"] == "search_area" for row in proposal["sites"])
    note = words.say(
        "搜索区是地图上的一片，不是地址，须现场选点。",
        " A search area is a square of the map, no address.",
    )
    return (
        words.say(
            f"{proposal['choice']['question_zh']}：", f"{proposal['choice']['question_en']}: "
        )
        + words.of(proposal["proof"])
        + (note if search else "")
    )


def programme_lines(
    document: Record, progress: Record, proposal: Record | None, words: Words
) -> list[str]:
    """Return for each programme its standard beside that of coverage, and what the plan lacks."""
    if proposal is None or not proposal["sites"]:
        return []
    asked = {row["kind"]: row for row in proposal["choice"]["programmes"]}
    return [
        words.of(row)
        + words.say("：", ": ")
        + words.say("；", "; ").join(
            filter(
                None,
                (
                    _standard(asked[row["kind"]], row, words),
                    _coverage_standard(asked[row["kind"]], document, words),
                    _plan(row, progress, proposal, words),
                ),
            )
        )
        + words.say("。", ".")
        for row in proposal["programmes"]
    ]


def _standard(asked: Record, row: Record, words: Words) -> str:
    mode, who = words.term(Mode, asked["mode"]), words.of(row, "audience")
    return words.say(
        f"选址标准是{who}{mode} {asked['minutes']:g} 分钟能到",
        f"sited so that {who} get there in {asked['minutes']:g} min by {mode.lower()}",
    )


def _coverage_standard(asked: Record, document: Record, words: Words) -> str:
    """Return the standard of the coverage rate, where it is another."""
    rows = [row for row in document["district"]["coverage"] if row["kind"] == asked["kind"]]
    others = {
        (words.term(Mode, row["mode"]), row["minutes"])
        for found in rows
        for row in found["standards"]
        if asked["settlement"] in {None, row["settlement"]}
        and (row["mode"], row["minutes"]) != (asked["mode"], asked["minutes"])
        and row["minutes"] is not None
    }
    if not others:
        return ""
    told = words.joined(
        words.say(f"{mode} {minutes:g} 分钟", f"{minutes:g} min by {mode.lower()}")
        for mode, minutes in sorted(others)
    )
    where = (
        words.term(Settlement, asked["settlement"]) if asked["settlement"] else words.say("", "all")
    )
    return words.say(
        f"覆盖率一节的标准（{where}）是{told}，两处的覆盖人数不能相比",
        f"coverage rates use another ({where.lower()}: {told}), so the two do not compare",
    )


def _plan(row: Record, progress: Record, proposal: Record, words: Words) -> str:
    """Return how many the plan asks for, how many stand, and how many are to be chosen."""
    if not progress["of_this_district"]:
        return ""
    for one in progress["commitments"]:
        new = one["measure"] == Measure.NEW_FACILITIES.value and one["kinds"] == [row["kind"]]
        built = one["current"]["value"]
        if new and one["target"] is not None and built is not None:
            return _lacking(one["target"], built, len(sites_of(proposal, row)), words)
    return ""


def _lacking(target: float, built: float, shown: int, words: Words) -> str:
    left = max(target - built, 0.0)
    told = words.say(
        f"规划新建 {target:g} 个，规划期内已建 {built:g} 个，还差 {left:g} 个",
        f"the plan wants {target:g} new ones, {built:g} stand since it began, {left:g} are lacking",
    )
    if shown <= left:
        return told
    return told + words.say(
        f"，这里按情景方案列出 {shown} 处备选（要只选 {left:g} 处，改情景方案的 count）",
        f"; the scenario lists {shown} to choose from (its 'count' sets another number)",
    )


def sites_of(proposal: Record, programme: Record) -> list[Record]:
    """Return the proposed sites of a programme, in their order."""
    return [row for row in proposal["sites"] if row["programme"] == programme["kind"]]


def programme_rows(proposal: Record, words: Words) -> list[Record]:
    """Return for each programme whom it covers, before and after."""
    return [
        {
            "name": words.of(row),
            "audience": words.of(row, "audience"),
            "existing": str(row["existing_count"]),
            "sites": str(len(sites_of(proposal, row))),
            "population": whole(row["demand"]["population"]),
            "before": whole(row["demand"]["covered_before"]),
            "after": whole(row["demand"]["covered_after"]),
        }
        for row in proposal["programmes"]
    ]


def site_rows(proposal: Record, words: Words) -> list[Record]:
    """Return the proposed sites, each with its reasons."""
    return [
        {
            "number": str(row["site"]),
            "programme": words.of(row, "programme"),
            "name": row["name"],
            "township": row["township_name"],
            "what": words.of(row, "source"),
            "newly": whole(row["newly_covered"]),
            "alone": whole(row["covered_alone"]),
            "reason": _reason(row, words),
        }
        for row in proposal["sites"]
    ]


def _reason(row: Record, words: Words) -> str:
    newly, alone = whole(row["newly_covered"]), whole(row["covered_alone"])
    told = words.say(
        f"新增覆盖 {newly} 人，其中 {alone} 人没有别处可去",
        f"newly covers {newly}, {alone} of them by it alone",
    )
    if row["next_best_name"] is None:
        return told + words.say("；没有可替换的位置", "; nothing could stand in for it")
    loss = row["next_best_loss"] or 0
    change = words.say("少" if loss >= 0 else "多", "fewer" if loss >= 0 else "more")
    return told + words.say(
        f"；改用「{row['next_best_name']}」则{change} {whole(abs(loss))} 人",
        f"; '{row['next_best_name']}' instead would cover {whole(abs(loss))} {change}",
    )
