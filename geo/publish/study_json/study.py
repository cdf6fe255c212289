"""A study as plain JSON values, the same from every door.

``docs/architecture.md`` lists the keys.
"""

from __future__ import annotations

from typing import Any

from geo.core.json_values import Record, number, records
from geo.core.population import denominators, residents
from geo.core.vocabulary import Caliber, Profile, Scope
from geo.measures.study import Study
from geo.publish.study_json.accessibility import accessibility_record, inequality_records
from geo.publish.study_json.coverage import (
    coverage_records,
    gap_records,
    schools_record,
    villages_record,
)
from geo.publish.study_json.digits import AREA_DIGITS, PEOPLE_DIGITS
from geo.publish.study_json.facility_counts import facility_counts
from geo.publish.study_json.marks import marks
from geo.publish.study_json.townships import township_records


def study_document(study: Study) -> Record:
    """Return the whole study as one JSON object.

    Examples
    --------
    The door of the command line prints it: ``kepu study --json``.
    """
    return {
        **marks(study),
        "district": _district(study),
        "townships": township_records(study),
        "gaps": gap_records(study),
        "accessibility": accessibility_record(study),
        "inequality": inequality_records(study),
        "schools": schools_record(study),
        "villages": villages_record(study),
        "findings": records(study.findings),
        "options": _options(study),
    }


def _district(study: Study) -> Record:
    figures = study.district
    return {
        "district_code": study.data.district_code,
        "name_zh": study.data.district_name,
        "population": number(figures.population, PEOPLE_DIGITS),
        "counted_area_m2": number(figures.counted_area_m2, AREA_DIGITS),
        "area_per_10k_m2": number(figures.area_per_10k_m2, AREA_DIGITS),
        "area_gap_m2": number(figures.area_gap_m2, AREA_DIGITS),
        "target_area_per_10k_m2": study.scenario.target_area_per_10k_m2,
        "is_lower_bound": figures.is_lower_bound,
        "unknown_area_count": figures.unknown_area_count,
        "facility_count": figures.facility_count,
        "facility_count_by_group": {
            group.value: count for group, count in figures.facility_count_by_group.items()
        },
        "outside_count": figures.outside_count,
        "outside_area_m2": number(figures.outside_area_m2, AREA_DIGITS),
        "unplaced_count": figures.unplaced_count,
        "unplaced_area_m2": number(figures.unplaced_area_m2, AREA_DIGITS),
        # The public's data do not hold such rows: how many there are is not known, not none.
        "pending_count": None if study.data.profile is Profile.PUBLIC else figures.pending_count,
        "disagreement_count": figures.disagreement_count,
        "ledger": facility_counts(study.facilities),
        "coverage": coverage_records(study),
    }


def _options(study: Study) -> dict[str, Any]:
    known = sorted(denominators(study.data.population).unique())
    titles = {
        denominator: residents(
            study.data.population,
            denominator,
            district_code=study.data.district_code,
            township_codes=study.data.townships.index,
        )
        for denominator in known
    }
    return {
        "calibers": [caliber.value for caliber in Caliber],
        "scopes": [scope.value for scope in Scope],
        "denominators": [
            {"id": name, "zh": people.title("zh"), "en": people.title("en")}
            for name, people in titles.items()
        ],
    }
