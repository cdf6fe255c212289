"""Sites and townships as arrays, refused where no allotment could be right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.core.errors import SitingError, TableError
from geo.core.vocabulary import PER_10K
from geo.siting.model import Floats, Positions

SITE_COLUMNS = (
    "township_code", "present_area_m2", "min_added_m2", "max_added_m2", "cost_per_m2", "fixed_cost",
)  # fmt: skip


@dataclass(frozen=True)
class AllotmentTable:
    """Sites, townships, and the groups that must reach the target.

    Attributes
    ----------
    sites, codes : pandas.Index
        Of sites and of townships.
    township, group : numpy.ndarray
        Of each site: position of its township and of its group, which is its township or,
        of the district as a whole, 0.
    present, least, most, cost_per_m2, fixed_cost : numpy.ndarray
        Of each site; m², and money.
    population : numpy.ndarray
        Of each township.
    is_lower_bound : numpy.ndarray
        Of each township: whether a present area is not known.
    needed, missing : numpy.ndarray
        Of each group: m² that the target asks for, and those that do not stand yet.
    names : tuple of (str, str)
        Of each group, zh and en.
    """

    sites: pd.Index
    codes: pd.Index
    township: Positions
    group: Positions
    present: Floats
    least: Floats
    most: Floats
    cost_per_m2: Floats
    fixed_cost: Floats
    population: Floats
    is_lower_bound: npt.NDArray[np.bool_]
    needed: Floats
    missing: Floats
    names: tuple[tuple[str, str], ...]


def allotment_table(
    sites: pd.DataFrame,
    townships: pd.DataFrame,
    target: float,
    as_a_whole: bool,
    *,
    with_money: bool,
) -> AllotmentTable:
    """Return the arrays of an allotment, and refuse what cannot be answered.

    Raises
    ------
    SitingError
        A population, a site's bound, or a price that is needed, is unknown or out of bounds; a
        group has no site, or not enough room at its sites.
    TableError
        A column is missing, or a site's township is not among the townships.
    """
    _columns(sites, SITE_COLUMNS)
    _columns(townships, ("population",))
    _known(townships, ["population"], "乡镇", "township")
    _known(sites, ["min_added_m2", "max_added_m2"], "点位", "site")
    if with_money:
        _known(sites, ["cost_per_m2", "fixed_cost"], "点位", "site")
    _ordered(sites)
    table = _arrays(sites, townships, target, as_a_whole)
    _room(table)
    return table


def _columns(frame: pd.DataFrame, names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        listed = ", ".join(missing)
        raise TableError(zh=f"表中缺少列 {listed}：请补上。", en=f"Columns missing: {listed}.")


def _known(frame: pd.DataFrame, columns: list[str], zh: str, en: str) -> None:
    for column in columns:
        value = frame[column].astype("float64").to_numpy()
        wrong = ~(np.isfinite(value) & (value >= 0))
        if wrong.any():
            listed = ", ".join(str(key) for key in frame.index[wrong][:5])
            raise SitingError(
                zh=f"{zh} {listed} 的 {column} 未知或为负：请先补上这一数字。",
                en=f"The {column} of {en} {listed} is unknown or negative: supply it first.",
            )


def _ordered(sites: pd.DataFrame) -> None:
    wrong = (sites["min_added_m2"] > sites["max_added_m2"]).to_numpy()
    if wrong.any():
        listed = ", ".join(str(key) for key in sites.index[wrong][:5])
        raise SitingError(
            zh=f"点位 {listed} 的最小新增面积大于最大新增面积：请改正其一。",
            en=f"At site {listed} the least added area exceeds the greatest: mend one of them.",
        )


def _arrays(
    sites: pd.DataFrame, townships: pd.DataFrame, target: float, as_a_whole: bool
) -> AllotmentTable:
    township = townships.index.get_indexer(pd.Index(sites["township_code"]))
    if (township < 0).any():
        code = sites["township_code"].to_numpy()[township < 0][0]
        raise TableError(
            zh=f"点位表中的乡镇 {code} 不在乡镇表中：请补上或改正代码。",
            en=f"Township {code} of a site is not in the townships' table: add or mend it.",
        )
    value = {name: sites[name].astype("float64").to_numpy() for name in SITE_COLUMNS[1:]}
    present = np.nan_to_num(value["present_area_m2"], nan=0.0)
    population = townships["population"].astype("float64").to_numpy()
    unknown = np.bincount(township, np.isnan(value["present_area_m2"]), len(population)) > 0
    group = np.zeros_like(township) if as_a_whole else township
    needed = target * population / PER_10K
    needed = needed.sum(keepdims=True) if as_a_whole else needed
    stands = np.bincount(group, present, len(needed))
    names = [(f"乡镇 {code}", f"Township {code}") for code in townships.index]
    return AllotmentTable(
        sites.index, townships.index, township.astype(np.int64), group.astype(np.int64),
        present, value["min_added_m2"], value["max_added_m2"], value["cost_per_m2"],
        value["fixed_cost"], population, unknown, needed, np.maximum(needed - stands, 0.0),
        (("全区", "The district"),) if as_a_whole else tuple(names),
    )  # fmt: skip


def _room(table: AllotmentTable) -> None:
    """Refuse a group that could not reach the target with any budget, the worst one first."""
    room = np.bincount(table.group, table.most, len(table.missing))
    lacking = table.missing - room
    if not (lacking > 1e-9 * np.maximum(table.needed, 1.0)).any():
        return
    worst = int(np.argmax(lacking))
    (zh, en), missing = table.names[worst], table.missing[worst]
    if not (table.most[table.group == worst] > 0).any():
        raise SitingError(
            zh=f"{zh} 还缺 {missing:,.1f} m²，却没有可新增面积的点位：请为它增加点位。",
            en=f"{en} lacks {missing:,.1f} m² and has no site that can grow: give it one.",
        )
    raise SitingError(
        zh=f"{zh} 还缺 {missing:,.1f} m²，其点位最多只能新增 {room[worst]:,.1f} m²："
        "请提高上限或增加点位。",
        en=f"{en} lacks {missing:,.1f} m² and its sites can add {room[worst]:,.1f} m² at most:"
        " raise a maximum or add a site.",
    )
