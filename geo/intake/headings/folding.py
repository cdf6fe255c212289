"""How two headings are compared: what of their writing does not matter."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_HEADING: Final = 100
"""Characters; a longer text is no heading, and is not looked at."""

_MAX_PASSES: Final = 8
_UNSEEN: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_ALIKE: Final = str.maketrans("【[〔〖{】]〕〗}—–－~〜∼", "(((((" + ")))))" + "------")
_MARKS: Final = "*★☆※▲△●:;。?!"
_NUMBERED: Final = re.compile(
    r"(?:\d{1,2}[、.．)]|[一二三四五六七八九十]{1,2}、|\(\d{1,2}\))(?=\D)"
)
_TRADITIONAL: Final = str.maketrans(
    "縣區鄉鎮設編號稱類級別廳積館場單開時間關閉狀態責聯繫電話劃經緯標數歲總戶籍備註長畫內牌證書發認"
    "機構務對眾規範圍專題業農齡實際條詳細門報圖檔來據準驗屬從東歸層義傳陣營運學點啟錄質審與為舉辦國"
    "費無種項畝頃萬個處線織組團結屆滿獻網員負請寫選須應當轄約統計現況環軌樣說見廣賓監測領導隸園師",
    "县区乡镇设编号称类级别厅积馆场单开时间关闭状态责联系电话划经纬标数岁总户籍备注长画内牌证书发认"
    "机构务对众规范围专题业农龄实际条详细门报图档来据准验属从东归层义传阵营运学点启录质审与为举办国"
    "费无种项亩顷万个处线织组团结届满献网员负请写选须应当辖约统计现况环轨样说见广宾监测领导隶园师",
)


def folded(text: str) -> str:
    """Return a word as it is compared: half-width, without white space, in lower case.

    Examples
    --------
    >>> folded(" 展厅 面积（㎡）"), folded("Exhibition Area")
    ('展厅面积(m2)', 'exhibitionarea')
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def simplified(text: str) -> str:
    """Return a heading in simplified characters, as far as headings use them.

    Examples
    --------
    >>> simplified("展廳面積"), simplified("聯繫電話")
    ('展厅面积', '联系电话')
    """
    return text.translate(_TRADITIONAL)


def heading_word(text: str) -> str:
    """Return a heading as it is compared, empty for a text too long to be one.

    Beyond :func:`folded`: simplified characters, one kind of brackets and dashes,
    no number in front (1. 名称) and no mark of a required field at either end.
    Applied once more it changes nothing.

    Examples
    --------
    >>> heading_word("*設施名稱："), heading_word("3、展厅面积【㎡】＊"), heading_word("0～14岁")
    ('设施名称', '展厅面积(m2)', '0-14岁')
    """
    if len(text) > MAX_HEADING:
        return ""
    word = text
    for _ in range(_MAX_PASSES):
        before, word = word, _pass(word)
        if word == before:
            return word
    return ""


def _pass(word: str) -> str:
    """Return a word after one round; what one takes away may bare more for the next."""
    plain = simplified(folded(word.translate(_UNSEEN))).translate(_ALIKE).strip(_MARKS)
    numbered = _NUMBERED.match(plain)
    return plain[numbered.end() :] if numbered else plain
