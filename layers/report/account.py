"""How the figures were made and how sure they are: methods, equity, state of the data, sources."""

from __future__ import annotations

from typing import Final

from geo.core.vocabulary import Caliber, Quality, Scope
from layers.report.wording import NONE, Record, Words, tenths, told_pending, whole

MOST_FINDINGS: Final = 30


def stamp(document: Record, words: Words) -> str:
    """Return the line that stands by every figure: date, caliber, scope, people, scenario."""
    return " · ".join(
        (
            words.say("截至 ", "as of ") + document["on"],
            words.say("口径 ", "caliber ") + words.term(Caliber, document["caliber"]),
            words.say("范围 ", "scope: ") + words.term(Scope, document["scope"]),
            words.say("人口 ", "people: ") + denominator(document, words),
            words.say("情景 ", "scenario ") + document["scenario"]["digest"],
        )
    )


def denominator(document: Record, words: Words) -> str:
    """Return whose residents are counted, of which year, and from where."""
    people = document["denominator"]
    source = _source_title(document, people["source_id"], words)
    return (
        words.of(people) + words.say(f"（{source}）", f" ({source})")
        if source
        else words.of(people)
    )


def _source_title(document: Record, source_id: str | None, words: Words) -> str:
    for row in document["sources"]:
        if row["source_id"] == source_id:
            return words.of(row, "title") if row[f"title_{words.lang}"] else str(row["title_zh"])
    return source_id or ""


def map_mark(document: Record, words: Words) -> str:
    """Return the approval number of the maps, or that they are not to be published."""
    number = document["map"]["approval_number"]
    if number:
        return words.say(f"审图号：{number}", f"Map approval number: {number}")
    return words.say("内部工作用图 不得公开", "Internal working map, not for publication")


def schematic_mark(document: Record, words: Words) -> str:
    """Return that maps are schematic, where they are."""
    return words.say("示意图", "Schematic map") if document["map"]["schematic"] else ""


def demonstration_mark(document: Record, words: Words) -> str:
    """Return that the ledger is invented, where it is."""
    if not document["demonstration"]:
        return ""
    return words.say(
        "演示数据：台账为虚构，不是真实设施", "Demonstration data: the ledger is invented"
    )


def method_lines(document: Record, words: Words) -> list[str]:
    """Return what the figures rest on, one line each."""
    access = document["accessibility"]
    target = document["district"]["target_area_per_10k_m2"]
    lines = [
        words.say(
            f"每万人展厅面积 = 计入的展厅面积 ÷ 人口 × 10,000，目标 {target:g} 平方米是对全区的；"
            "乡镇街道的差额只作参考。",
            f"Area per 10,000 is counted exhibition area / residents x 10,000; the target of "
            f"{target:g} m² is the district's, a township's is for reference.",
        ),
        words.say("口径：", "Caliber: ")
        + words.term(Caliber, document["caliber"])
        + words.say("；范围：", "; scope: ")
        + words.term(Scope, document["scope"])
        + words.say(
            "。关闭、未开放、待核的设施不计；一处多牌面积只计一次。",
            ". What is closed, not open or pending does not count; a place counts once.",
        ),
        words.say("人口：", "People: ") + denominator(document, words),
        words.say("出行：", "Travel: ") + words.of(document["travel"]),
        words.say("居民位置：", "Where people live: ") + words.of(document["surface"]),
        words.say("可达面积：", "Accessible area: ")
        + words.of(access)
        + words.say(
            "；含区外展厅、不含区外居民，靠近区界处偏高。",
            "; venues beyond the border count, residents beyond it do not: too high near it.",
        ),
        words.say(
            "服务标准（方式和时间）是规划缺省值，不是方案规定，可在情景方案中修改。",
            "Service standards are planning defaults, not the plan's, and can be changed.",
        ),
    ]
    if not document["map"]["approval_number"]:
        profile = words.of(document["profile"], "profile")
        lines.append(
            words.say(
                f"「不得公开」说的是地图：没有审图号。数据另按{profile}版取用，两者互不替代。",
                "'Not for publication' is said of the maps: they have no approval number. The data "
                f"are those of the {profile.lower()} profile. One does not stand for the other.",
            )
        )
    if document["map"]["schematic"]:
        lines.append(
            words.say(
                "乡镇街道界线为示意，不是真实边界；按界线得出的数值随真实边界会变。",
                "Township borders are schematic; what rests on them changes with true ones.",
            )
        )
    return lines


def equity_lines(document: Record, words: Words) -> list[str]:
    """Return the indices of inequality, each with what it says and of how many."""
    names = {
        "area_per_10k_m2": words.say("每万人展厅面积", "Area per 10,000"),
        "accessible_area_per_10k_m2": words.say("可达展厅面积", "Accessible area"),
    }
    lines = []
    for row in document["inequality"]:
        index = [NONE if row[key] is None else f"{row[key]:.3f}" for key in _INDICES]
        lines.append(
            words.say(
                f"{names[row['measure']]}：基尼系数 {index[0]}（0 为完全均衡），"
                f"泰尔指数 {index[1]}，其中城乡之间 {index[2]}、"
                f"城乡内部 {index[3]}；按 {row['unit_count']} 个单元、"
                "以人口加权。",
                f"{names[row['measure']]}: Gini {index[0]} (0 is even), Theil {index[1]}, of it "
                f"{index[2]} between urban and rural and {index[3]} within; among "
                f"{row['unit_count']} units weighted by residents.",
            )
        )
    return lines


_INDICES: Final = ("gini", "theil", "theil_between", "theil_within")


def quality_lines(document: Record, quality: Record, words: Words) -> list[str]:
    """Return how complete and how sure the data are, one line each."""
    district = document["district"]
    estimate = sum(
        1 for row in document["townships"] if row["population_quality"] == Quality.ESTIMATE.value
    )
    lines = [
        words.say(
            f"台账 {district['ledger']['zh']}；"
            f"面积等不明 {district['unknown_area_count']} 处，"
            f"{told_pending(district, words)}，均未计入。",
            f"Ledger of {district['ledger']['en']}; {district['unknown_area_count']} lack an "
            f"area or the like and {told_pending(district, words)}: none is counted.",
        ),
        words.say(
            f"区外 {district['outside_count']} 处（{whole(district['outside_area_m2'])} 平方米）"
            f"不计面积；无法归属乡镇 {district['unplaced_count']} 处"
            f"（{whole(district['unplaced_area_m2'])} 平方米）；代码与位置不一致 "
            f"{district['disagreement_count']} 处。",
            f"{district['outside_count']} outside ({whole(district['outside_area_m2'])} m², not "
            f"counted); {district['unplaced_count']} in no township "
            f"({whole(district['unplaced_area_m2'])} m²); {district['disagreement_count']} whose "
            "code and position disagree.",
        ),
        words.say(
            f"导入时有问题、留待改正的 {quality['held_back_count']} 行；请核对的 "
            f"{quality['doubtful_count']} 条。",
            f"{quality['held_back_count']} rows were held back when loaded; "
            f"{quality['doubtful_count']} remarks are to be looked at.",
        ),
    ]
    if estimate:
        lines.append(
            words.say(
                f"{estimate} 个乡镇街道的人口是估计数。",
                f"The residents of {estimate} townships are an estimate.",
            )
        )
    if district["is_lower_bound"]:
        lines.append(
            words.say(
                "有面积不明的设施，所以面积是下限，缺口是上限。",
                "Some areas are unknown: areas are lower bounds, what is missing an upper one.",
            )
        )
    return lines


def finding_rows(quality: Record, words: Words) -> list[Record]:
    """Return what a person should look at, with its file and row."""
    return [
        {"what": words.of(row), "place": _place(row, words)}
        for row in quality["doubtful"][:MOST_FINDINGS]
    ]


def _place(row: Record, words: Words) -> str:
    number = row["source_row"]
    told = None if number is None else words.say(f"第{number}行", f"row {number}")
    parts = (row["source_file"], row["source_sheet"], told)
    return " · ".join(str(part) for part in parts if part) or NONE


def source_rows(document: Record, words: Words) -> list[Record]:
    """Return the sources of the data."""
    return [
        {
            "title": words.of(row, "title") if row[f"title_{words.lang}"] else row["title_zh"],
            "publisher": row["publisher"] or NONE,
            "published_on": row["published_on"] or NONE,
            "quality": words.term(Quality, row["quality"]) if row["quality"] else NONE,
        }
        for row in document["sources"]
    ]


def access_line(document: Record, words: Words) -> str:
    """Return the accessible area of the district in one line."""
    access = document["accessibility"]
    near = words.bounded(tenths(access["accessible_area_per_10k_m2"]), access["is_lower_bound"])
    return words.say(
        f"居民就近能共享到的展厅面积：每万人{near} 平方米；没有人够得到的面积 "
        f"{whole(access['unreached_supply_m2'])} 平方米；面积不明未计 "
        f"{access['unknown_supply_count']} 处。",
        f"Residents can share {near} m² per 10,000 within reach; nobody reaches "
        f"{whole(access['unreached_supply_m2'])} m²; {access['unknown_supply_count']} unknown "
        "areas are left out.",
    )
