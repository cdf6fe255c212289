"""The score card of each township: what it has, what its people reach, and its place among all."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geo.core.vocabulary import Agreement, Profile, Verification
from geo.measures.accessibility_and_equity import ACCESSIBLE, PROVIDED
from geo.measures.study import Study

COUNTS: Final = (
    "pending_count", "disagreement_count", "village_count", "villages_without_count",
    "school_count", "schools_reached_count",
)  # fmt: skip


def score_cards(study: Study) -> pd.DataFrame:
    """Return a row for each township beside what :class:`geo.measures.study.Study` says of it.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``township_code``: ``accessible_area_per_10k_m2``,
        ``accessible_is_lower_bound``, and :data:`COUNTS`: rows of the ledger that wait
        for verification or whose position contradicts their township, villages and
        those without a service centre, schools and those that reach a science base.
        ``pending_count`` is missing where the profile leaves such rows out.

    Examples
    --------
    ``townships`` of :func:`geo.publish.study_json.study_document` has them.
    """
    codes = study.townships.index
    ledger, schools = study.facilities, study.district_coverage.schools
    villages = study.district_coverage.villages
    of_ledger = ledger["assigned_township_code"]
    counted = {
        "pending_count": of_ledger[ledger["verification"] == Verification.PENDING.value],
        "disagreement_count": of_ledger[ledger["agreement"] == Agreement.DISAGREE.value],
        "village_count": villages.by_village["township_code"],
        "villages_without_count": villages.without["township_code"],
        "school_count": schools["township_code"],
        "schools_reached_count": schools.loc[schools["reached"].fillna(False), "township_code"],
    }
    shared = study.accessibility_and_equity.by_township
    known = study.data.profile is not Profile.PUBLIC
    cards = pd.DataFrame(
        {
            ACCESSIBLE: shared[ACCESSIBLE],
            "accessible_is_lower_bound": shared["is_lower_bound"].eq(True),
            **{
                name: towns.value_counts().reindex(codes, fill_value=0).astype("int64")
                for name, towns in counted.items()
            },
        },
        index=codes,
    )
    return cards if known else cards.assign(pending_count=pd.array([pd.NA] * len(codes), "Int64"))


def ranks(study: Study) -> pd.DataFrame:
    """Return the place of each township by each measure, 1 for the best; equals share it.

    There is no rank over all measures: a gap is several answers, never one.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``township_code``: the two measures of area, then a column for each
        group with a standard, by coverage rate; missing where there is no figure.
    """
    rows = study.district_coverage.coverage
    of_groups = rows[rows["kind"].isna()]
    rates = of_groups.pivot_table(
        index="township_code", columns="group", values="coverage_rate", aggfunc="first"
    )
    measures = pd.DataFrame(
        {
            PROVIDED: study.townships[PROVIDED],
            ACCESSIBLE: study.accessibility_and_equity.by_township[ACCESSIBLE],
        }
    ).join(rates)
    # Rounded first: what differs in the last bit only is no better place.
    return measures.round(9).rank(method="min", ascending=False)
