"""What the features of a file are and lack, so that its count can be held against others."""

from __future__ import annotations

from typing import Final

import geopandas as gpd

from geo.core.json_values import Record
from geo.core.sentences import Sentences, Words
from geo.measures.study import Study
from geo.publish.study_json.facility_counts import facility_counts

TEXT: Final = Sentences("geo.publish")

_OF_FACILITIES = frozenset({"facilities", "ledger"})


def remarks_of(study: Study, what: str, frame: gpd.GeoDataFrame) -> list[Record]:
    """Return what is to be said of a file's rows, each in ``zh`` and ``en``.

    Of facilities which of them operate in the district, as the page and ``kepu study`` count;
    of all how many have no position.

    Parameters
    ----------
    study : Study
        Of the data as the profile carries them.
    what : str
        One of :data:`geo.publish.files.package.EXPORTABLE`.
    frame : geopandas.GeoDataFrame
        The rows of the file; of facilities indexed by ``facility_id``.
    """
    found = []
    if what in _OF_FACILITIES:
        counts = facility_counts(study.facilities.loc[frame.index])
        found.append(TEXT.words("facilities", what=Words(counts["zh"], counts["en"]))._asdict())
    without = int((frame.geometry.isna() | frame.geometry.is_empty).sum())
    if without:
        found.append(TEXT.words("facilities_without_position", without=without)._asdict())
    return found
