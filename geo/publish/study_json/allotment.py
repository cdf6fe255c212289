"""An allotment of exhibition area as plain values."""

from __future__ import annotations

import pandas as pd

from geo.core.json_values import Record, number, records
from geo.measures.study import Study
from geo.publish.study_json.digits import AREA_DIGITS
from geo.publish.study_json.marks import marks
from geo.siting.allotment import NEW, AllotmentPlan


def allotment_record(study: Study, found: AllotmentPlan) -> Record:
    """Return what each place adds and where that leaves each township, with the proof."""
    answer = found.allotment
    return {
        **marks(study),
        "choice": found.choice.model_dump(mode="json"),
        "target_area_per_10k_m2": study.scenario.target_area_per_10k_m2,
        "reaches_target": answer.reaches_target,
        "total_added_m2": number(answer.total_added_m2, AREA_DIGITS),
        "cost": number(answer.cost, AREA_DIGITS),
        "area_per_10k_m2": number(answer.district_area_per_10k_m2, AREA_DIGITS),
        "shortfall_m2": number(answer.district_shortfall_m2, AREA_DIGITS),
        "is_lower_bound": bool(answer.is_lower_bound.any()),
        "objective": number(answer.objective, AREA_DIGITS),
        "bound": number(answer.bound, AREA_DIGITS),
        "is_optimal": answer.is_optimal,
        "places": _places(study, found),
        "townships": _townships(study, found),
    }


def _places(study: Study, found: AllotmentPlan) -> list[Record]:
    """Return the places that add something, the most first."""
    places = found.places[found.places["added_area_m2"] > 0].round(AREA_DIGITS)
    places = places.sort_values("added_area_m2", ascending=False, kind="stable")
    names = study.data.townships["name_zh"]
    rows = places.reset_index().assign(
        township_name=places["township_code"].map(names).to_numpy(),
        is_new=places.index.str.startswith(f"{NEW}-"),
    )
    return records(rows)


def _townships(study: Study, found: AllotmentPlan) -> list[Record]:
    answer, before = found.allotment, study.townships
    added = found.places.groupby("township_code")["added_area_m2"].sum()
    rows = pd.DataFrame(
        {
            "name_zh": before["name_zh"],
            "population": before["population"],
            "area_per_10k_before_m2": before["area_per_10k_m2"],
            "added_area_m2": added.reindex(before.index).fillna(0.0),
            "area_per_10k_m2": answer.area_per_10k_m2,
            "shortfall_m2": answer.shortfall_m2,
            "is_lower_bound": answer.is_lower_bound,
        }
    ).round(AREA_DIGITS)
    return records(rows.rename_axis("township_code").reset_index())
