"""A siting plan in metres, as plain lists: what is drawn of it on paper."""

from __future__ import annotations

from geo.core.json_values import Record
from geo.core.siting_options import CandidateSource
from geo.core.vocabulary import LABELS, Kind
from geo.measures.study import Study
from geo.publish.study_json.siting import site_records
from geo.siting.proposal import SitePlan

_DECIMALS = 2


def site_shapes(study: Study, plan: SitePlan) -> Record:
    """Return what a map on paper shows of a plan, in the district's measuring system.

    Returns
    -------
    dict
        ``on``; ``grid_m``, the side of a search area in metres, or None; ``programmes``, rows
        with ``zh``, ``en`` and ``count``, the sites of each; ``sites``, rows with ``number``
        (from 1, as ``kepu site`` lists them), ``programme`` (its place among the programmes),
        ``is_area`` (a search area and no address), ``east_m`` and ``north_m``.
    """
    kinds = [demand.programme.kind for demand in plan.problem.stacked.demands]
    places = {kind.value: at for at, kind in enumerate(kinds)}
    grid = study.data.measuring_crs
    points = plan.sites.geometry.to_crs(grid)
    rows = [
        {
            "number": number,
            "programme": places[row["programme"]],
            "is_area": row["source"] == CandidateSource.SEARCH_AREA.value,
            "east_m": round(point.x, _DECIMALS),
            "north_m": round(point.y, _DECIMALS),
        }
        for number, (row, point) in enumerate(
            zip(site_records(study, plan), points, strict=True), start=1
        )
    ]
    return {
        "on": study.scenario.on.isoformat(),
        "grid_m": plan.problem.choice.candidates.grid_m,
        "programmes": [_programme(kind, at, rows) for at, kind in enumerate(kinds)],
        "sites": rows,
    }


def _programme(kind: Kind, at: int, rows: list[Record]) -> Record:
    words = LABELS[Kind][kind]
    count = sum(row["programme"] == at for row in rows)
    return {"zh": words.zh, "en": words.en, "count": count}
