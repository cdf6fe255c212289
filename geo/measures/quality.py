"""The state of the data, row by row: unknown, doubtful or held back, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import orjson
import pandas as pd

from geo.core.json_values import Record
from geo.core.messages import Message, catalogue
from geo.core.sentences import Sentences
from geo.core.village_positions import is_village_position, village_middles
from geo.core.vocabulary import CONVERTED_POSITION, Profile
from geo.measures.study import Study

TEXT: Final = Sentences("geo.measures")

MAX_LISTED: Final = 500
"""Rows of either list; how many there are in all is told beside them."""

_VALUE: Final = re.compile(r"\{[^{}]*\}")
_SOMETHING: Final = Message("", *TEXT.words("something_cannot_be_taken"))


def quality_document(study: Study, quarantine: pd.DataFrame) -> Record:
    """Return what a person should look at, each with its file, sheet and row.

    Parameters
    ----------
    study : Study
        Whose findings and facilities are listed.
    quarantine : pandas.DataFrame
        Open rows, as :meth:`geo.store.Store.quarantine` returns them. Their cells are
        left out: they may hold what is not public. For the public so is what a reason
        quotes from them.

    Returns
    -------
    dict
        ``doubtful``: ``code``, ``facility_id``, ``zh``, ``en`` and the three of the
        source, unknown areas, contradicting townships, missing and converted positions
        and those that are the middle of a village among them; ``held_back``: the source,
        and ``reasons``; ``doubtful_count`` and ``held_back_count`` of all, of which at
        most :data:`MAX_LISTED` are listed.
    """
    doubtful = [
        *_of_findings(study),
        *_of_missing(study),
        *_of_villages(study),
        *_of_positions(study),
    ]
    held = quarantine.to_dict("records")
    return {
        "on": study.scenario.on.isoformat(),
        "doubtful_count": len(doubtful),
        "doubtful": doubtful[:MAX_LISTED],
        "held_back_count": len(held),
        "held_back": [_held_back(row, study.data.profile) for row in held[:MAX_LISTED]],
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
            **TEXT.both("position_was_converted", name=row["name"], how=how),
            **_source(row),
        }


def _of_missing(study: Study) -> Iterator[Record]:
    """Tell of places without a position, and propose the middle of their village, never use it."""
    without = study.facilities[study.facilities.geometry.isna()]
    middles = village_middles(study.data.villages)
    for key, row in without.sort_index().iterrows():
        near = middles.get(row["village_code"])
        if near is None:
            zh, en = TEXT.words("no_position_serves_nobody_no", name=row["name"])
        else:
            village, lon, lat = near
            zh, en = TEXT.words(
                "no_position_serves_nobody", name=row["name"], village=village, lon=lon, lat=lat
            )
        yield {
            "code": "position_missing",
            "facility_id": str(key),
            "zh": zh,
            "en": en,
            **_source(row),
        }


def _of_villages(study: Study) -> Iterator[Record]:
    """Tell of places that stand in the middle of their village, since nobody gave a position."""
    about = study.facilities[is_village_position(study.facilities)]
    for key, row in about.sort_index().iterrows():
        yield {
            "code": "position_of_village",
            "facility_id": str(key),
            **TEXT.both("position_of_village", name=row["name"]),
            **_source(row),
        }


def _source(row: pd.Series | None) -> Record:
    names = ("source_file", "source_sheet", "source_row")
    if row is None:
        return dict.fromkeys(names)
    values = {name: None if pd.isna(row[name]) else row[name] for name in names}
    number = values["source_row"]
    return values | {"source_row": None if number is None else int(number)}


def _held_back(row: dict[str, Any], profile: Profile) -> Record:
    reasons = orjson.loads(row["reasons"])
    told = _unquoted if profile is Profile.PUBLIC else _quoting
    return {**_source(pd.Series(row)), "reasons": [told(reason) for reason in reasons]}


def _quoting(reason: Record) -> Record:
    return {name: reason[name] for name in ("zh", "en", "column", "proposal")}


def _unquoted(reason: Record) -> Record:
    """Return a reason as its sentence in the catalogue, with dots for what it quotes."""
    sentence = catalogue().get(reason["code"], _SOMETHING)
    return {
        "zh": _VALUE.sub("…", sentence.zh),
        "en": _VALUE.sub("…", sentence.en),
        "column": reason["column"],
        "proposal": None,
    }
