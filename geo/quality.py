"""The state of the data, row by row: unknown, doubtful or held back, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson
import pandas as pd

from geo.plain import Record
from geo.study import Study
from geo.terms import CONVERTED_POSITION

MAX_LISTED: Final = 500
"""Rows of either list; how many there are in all is told beside them."""


def quality_document(study: Study, quarantine: pd.DataFrame) -> Record:
    """Return what a person should look at, each with its file, sheet and row.

    Parameters
    ----------
    study : Study
        Whose findings and facilities are listed.
    quarantine : pandas.DataFrame
        Open rows, as :meth:`geo.store.Store.quarantine` returns them. Their cells are
        left out: they may hold what is not public.

    Returns
    -------
    dict
        ``doubtful``: ``code``, ``facility_id``, ``zh``, ``en`` and the three of the
        source, unknown areas, contradicting townships and converted positions among
        them; ``held_back``: the source, and ``reasons``; ``doubtful_count`` and
        ``held_back_count`` of all, of which at most :data:`MAX_LISTED` are listed.
    """
    doubtful = [*_of_findings(study), *_of_positions(study)]
    held = quarantine.to_dict("records")
    return {
        "on": study.scenario.on.isoformat(),
        "doubtful_count": len(doubtful),
        "doubtful": doubtful[:MAX_LISTED],
        "held_back_count": len(held),
        "held_back": [_held_back(row) for row in held[:MAX_LISTED]],
    }


def _of_findings(study: Study) -> Iterator[Record]:
    for row in study.findings.to_dict("records"):
        key = row["facility_id"]
        known = isinstance(key, str) and key in study.facilities.index
        facility = study.facilities.loc[key] if known else None
        yield {
            "code": row["code"],
            "facility_id": key if known else None,
            "zh": row["zh"],
            "en": row["en"],
            **_source(facility),
        }


def _of_positions(study: Study) -> Iterator[Record]:
    told = study.facilities["position_source"].astype("str")
    for key, row in study.facilities[told.str.startswith(CONVERTED_POSITION)].iterrows():
        how = str(row["position_source"]).removeprefix(CONVERTED_POSITION)
        yield {
            "code": "position_converted",
            "facility_id": str(key),
            "zh": f"「{row['name']}」的位置由{how}得来，请在地图上核对。",
            "en": f"The position of '{row['name']}' was converted ({how}); check it on the map.",
            **_source(row),
        }


def _source(row: pd.Series | None) -> Record:
    names = ("source_file", "source_sheet", "source_row")
    if row is None:
        return dict.fromkeys(names)
    values = {name: None if pd.isna(row[name]) else row[name] for name in names}
    number = values["source_row"]
    return values | {"source_row": None if number is None else int(number)}


def _held_back(row: dict[str, Any]) -> Record:
    reasons = orjson.loads(row["reasons"])
    kept = ("zh", "en", "column", "proposal")
    return {
        **_source(pd.Series(row)),
        "reasons": [{name: reason[name] for name in kept} for reason in reasons],
    }
