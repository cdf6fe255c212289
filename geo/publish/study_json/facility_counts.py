"""How many facilities there are, said in the same words wherever they are counted."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geo.core.json_values import Record
from geo.core.sentences import Sentences
from geo.core.vocabulary import Agreement

TEXT: Final = Sentences("geo.publish")


def facility_counts(facilities: pd.DataFrame) -> Record:
    """Return how many facilities of a judged ledger are what, in numbers and in words.

    Parameters
    ----------
    facilities : pandas.DataFrame
        Rows of ``study.facilities``: ``assigned_township_code``, ``agreement``, ``operating``.

    Returns
    -------
    dict
        ``total``, and its parts: those that operate on the date ``inside`` the district,
        ``outside`` of it, and in no township (``unplaced``), and those ``not_operating``;
        ``zh`` and ``en`` say it, without parts that are none.

    Examples
    --------
    >>> rows = pd.DataFrame({"assigned_township_code": ["1", None, "1"], "operating": True,
    ...                      "agreement": ["agree", "outside", "agree"]})
    >>> facility_counts(rows)["zh"]
    '3 处：区内运行 2 处，区外 1 处'
    """
    operating = facilities["operating"].astype(bool)
    inside = facilities["assigned_township_code"].notna()
    unplaced = facilities["agreement"] == Agreement.UNPLACED.value
    found = {
        "total": len(facilities),
        "inside": int((inside & operating).sum()),
        "outside": int((~inside & ~unplaced & operating).sum()),
        "unplaced": int((~inside & unplaced & operating).sum()),
        "not_operating": int((~operating).sum()),
    }
    parts = [(zh, en, found[name]) for name, (zh, en) in _PARTS.items() if found[name]]
    return {
        **found,
        "zh": f"{found['total']} 处：" + "，".join(f"{zh} {count} 处" for zh, _, count in parts),
        "en": f"{found['total']}: " + ", ".join(f"{count} {en}" for _, en, count in parts),
    }


_PARTS = {
    "inside": TEXT.words("operating_in_district"),
    "outside": TEXT.words("outside_of_it"),
    "unplaced": TEXT.words("in_no_known_township"),
    "not_operating": TEXT.words("not_operating_on_date"),
}
