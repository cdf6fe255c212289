"""Villages and communities with and without a service centre, as the plan wants one in each."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.core.vocabulary import CENTRE_KINDS


@dataclass(frozen=True)
class VillageCentres:
    """Which villages have a service centre.

    Attributes
    ----------
    by_village : pandas.DataFrame
        Indexed by ``village_code``: ``township_code``, ``name_zh``, a count of
        facilities for each of :data:`CENTRE_KINDS` (named by its identifier), and
        ``has_service_centre`` (any of them).
    unassigned_count : int
        Centres whose village is not known: the villages without one are **at most**
        those listed when this is above zero.
    """

    by_village: pd.DataFrame
    unassigned_count: int

    @property
    def without(self) -> pd.DataFrame:
        """The villages that have none, in the order of their codes."""
        return self.by_village[~self.by_village["has_service_centre"]]


def village_centres(
    villages: pd.DataFrame, serving: pd.DataFrame, kinds: pd.DataFrame
) -> VillageCentres:
    """Return for each village and community the service centres that stand in it.

    Counted by the village code of the ledger, not by position: a centre serves the
    village that runs it. A place with both plaques counts once for each kind.

    Parameters
    ----------
    villages : pandas.DataFrame
        Indexed by ``village_code`` with ``township_code`` and ``name_zh``.
    serving : pandas.DataFrame
        Facilities that serve on the date, indexed by ``facility_id``, with
        ``village_code``, missing where unknown.
    kinds : pandas.DataFrame
        ``facility_id`` and ``kind``, as :func:`geo.measures.eligible_area.kinds_on` returns them.

    Examples
    --------
    >>> villages = pd.DataFrame({"township_code": ["430503001"] * 2, "name_zh": ["甲", "乙"]},
    ...                         index=["430503001001", "430503001002"])
    >>> serving = pd.DataFrame({"village_code": ["430503001001", None]}, index=["f", "g"])
    >>> kinds = pd.DataFrame({"facility_id": ["f", "g"], "kind": ["party_service_centre"] * 2})
    >>> found = village_centres(villages, serving, kinds)
    >>> found.without["name_zh"].tolist(), found.unassigned_count
    (['乙'], 1)
    """
    centres = kinds[kinds["kind"].isin([kind.value for kind in CENTRE_KINDS])]
    centres = centres[centres["facility_id"].isin(serving.index)].drop_duplicates()
    village = centres["facility_id"].map(serving["village_code"])
    known = village.isin(villages.index)
    counts = {
        kind.value: village[known & (centres["kind"] == kind.value)]
        .value_counts()
        .reindex(villages.index, fill_value=0)
        .astype("int64")
        for kind in CENTRE_KINDS
    }
    table = pd.DataFrame(counts, index=villages.index)
    found = villages[["township_code", "name_zh"]].join(table)
    return VillageCentres(
        found.assign(has_service_centre=table.sum(axis="columns") > 0).sort_index(),
        int(centres.loc[~known, "facility_id"].nunique()),
    )
