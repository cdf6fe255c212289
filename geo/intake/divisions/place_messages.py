"""What is said of a row's division code and name."""

from __future__ import annotations

from typing import Final

from geo.core.messages import message

CODE_FROM_NAME: Final = message(
    "division_code_from_name",
    "「{text}」按名称定为 {township}，请核对。",
    "'{text}' was taken by its name as {township}; please check.",
)
TOWNSHIP_OF_VILLAGE: Final = message(
    "township_of_village",
    "「{text}」是村或社区，按其所属定为 {township}。",
    "'{text}' is a village; the township is {township}.",
)
VILLAGE_UNKNOWN: Final = message(
    "village_not_known",
    "「{text}」中的村或社区不在名单内，只取乡镇街道 {township}。请核对村名。",
    "The village of '{text}' is not on the list; only the township {township} was taken.",
)
NAME_ELSEWHERE: Final = message(
    "division_of_other_district",
    "「{text}」写明是外区，未定乡镇街道。若在本区，请改正名称。",
    "'{text}' says another district; no township was set. Correct it if it is ours.",
)
NAME_MISSPELT: Final = message(
    "division_name_misspelt",
    "名称「{text}」与代码所指 {division} 只差一字，已按代码取用。请改正名称。",
    "The name '{text}' is one sign from {division}, which its code means; the code was taken.",
)
CODE_WAS_NUMBER: Final = message(
    "division_code_was_number",
    "代码「{text}」是数值格式，已还原为 {code}。请把该列设为文本格式。",
    "The code '{text}' stood as a number and was read as {code}; set the column to text.",
)
CODE_STATISTICAL: Final = message(
    "division_code_statistical",
    "12 位统计用代码「{text}」，取前 9 位：{township}。",
    "Of the statistical code '{text}' the first nine digits were taken: {township}.",
)
CODE_OF_VILLAGE: Final = message(
    "division_code_of_village",
    "「{text}」是村社区代码，乡镇街道取前 9 位：{township}。",
    "'{text}' is a village's code; its township was taken: {township}.",
)
CODE_FORMER: Final = message(
    "division_code_former",
    "「{text}」是变更前的代码，已换为现行代码 {code}，请核对。",
    "'{text}' is a former code; the present one is {code}. Please check.",
)
CODE_FORMER_UNSURE: Final = message(
    "division_code_former_unsure",
    "「{text}」是变更前的代码，区县现为 {district}，可能是：{candidates}。请改填现行代码和名称。",
    "'{text}' is a former code, its district is {district} now; it may be: {candidates}."
    " Enter the present code, and the name.",
)
CODE_COARSE: Final = message(
    "division_code_coarse",
    "「{text}」只到区县一级，未定乡镇街道。请补填 9 位代码或乡镇街道名称。",
    "'{text}' names no township; add the nine digits or the township's name.",
)
CODE_COARSE_WITH_NAME: Final = message(
    "division_code_completed",
    "代码「{text}」只到区县一级，已按名称补全为 {township}。",
    "The code '{text}' names no township; by the name it is {township}.",
)
CODE_OUTSIDE: Final = message(
    "division_code_outside",
    "代码 {code} 不在本区，按区外设施保留。若在本区，请改正代码。",
    "The code {code} is of another district and was kept; correct it if the place is ours.",
)
CODE_REPAIRED: Final = message(
    "division_code_damaged",
    "代码「{text}」位数不全，与名称相符，补全为 {township}。请把该列设为文本格式。",
    "The code '{text}' has lost digits; with the name it is {township}. Set the column to text.",
)
CODE_INCOMPLETE: Final = message(
    "division_code_incomplete",
    "代码「{text}」位数不全，可能是：{candidates}。请补全代码，或填写名称。",
    "The code '{text}' has lost digits; it may be: {candidates}. Complete it, or add the name.",
)
CODE_UNREADABLE: Final = message(
    "division_code_unreadable",
    "「{text}」不是行政区划代码。请填 9 位数字，或留空并填写名称。",
    "'{text}' is no division code; enter nine digits, or leave it empty and give the name.",
)
CODE_UNKNOWN: Final = message(
    "division_code_unknown",
    "没有代码「{text}」{near}。请改正；全部 {count} 个乡镇街道见 kepu study。",
    "There is no division '{text}'{near_en}; kepu study lists all {count} townships.",
)
NAME_UNKNOWN: Final = message(
    "division_name_unknown",
    "没有名为「{text}」的乡镇街道或村社区{near}。请改正；全部 {count} 个乡镇街道见 kepu study。",
    "No division is called '{text}'{near_en}; kepu study lists all {count} townships.",
)
NAME_AMBIGUOUS: Final = message(
    "division_name_ambiguous",
    "「{text}」不止一处：{candidates}。请填写代码，或在前面写明乡镇街道。",
    "More than one division is called '{text}': {candidates}. Add the code or the township.",
)
NAME_CONTRADICTS_ITSELF: Final = message(
    "division_name_contradiction",
    "「{text}」前后不符：{candidates}。请改正其中一项。",
    "The parts of '{text}' do not belong together: {candidates}. Correct one of them.",
)
CONFLICT: Final = message(
    "division_conflict",
    "代码「{by_code}」与名称「{by_name}」不是同一处，请改正其中一项。",
    "The code is '{by_code}' and the name is '{by_name}'; correct one of them.",
)
