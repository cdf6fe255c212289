"""Everything that a map needs where there is no server: all views of one date, in one object."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

from geo.core.district import DistrictData
from geo.core.geojson import FeatureSet, as_values, collection
from geo.core.json_values import Record, records
from geo.core.population import denominators
from geo.core.scenario import Scenario
from geo.core.vocabulary import Caliber, Scope
from geo.measures.study import Study, study
from geo.measures.trend import studies_on
from geo.publish.features import feature_set
from geo.publish.study_json import study_document, trend_record


def bundle(
    data: DistrictData,
    scenario: Scenario,
    *,
    generated_on: date,
    progress: Callable[[int, int], None] | None = None,
) -> Record:
    """Study a district in every caliber, scope and denominator, for a self-contained map.

    Parameters
    ----------
    data : DistrictData
        The district.
    scenario : Scenario
        Date and standards; its caliber, scope and denominator are the view that
        opens first.
    generated_on : datetime.date
        Printed on the map.
    progress : callable, optional
        Told how many of how many views are done.

    Returns
    -------
    dict
        ``views`` (study documents by ``caliber|scope|denominator``), ``first`` (the
        key that opens), ``trends`` (over the plan's dates, by the same key),
        ``counted`` (by ``caliber|scope``, counted area and reason of each facility), the
        four feature collections, and ``generated_on``.
    """
    names = sorted(denominators(data.population).unique())
    choices = list(product(Caliber, Scope, names))
    views, trends, counted = {}, {}, {}
    first = study(data, scenario)
    earlier: dict[str, dict[date, Study]] = {}
    for done, (caliber, scope, denominator) in enumerate(choices, start=1):
        view = scenario.changed(caliber=caliber, scope=scope, denominator=denominator)
        # What people reach is the same in every caliber and scope.
        known = earlier.get(denominator, {})
        result = study(data, view, like=known.get(view.on))
        over_time = studies_on(data, view, like=known | {view.on: result})
        earlier.setdefault(denominator, over_time | {view.on: result})
        key = f"{caliber}|{scope}|{denominator}"
        views[key] = study_document(result)
        trends[key] = trend_record(over_time)
        counted[f"{caliber}|{scope}"] = _counted(result)
        if progress is not None:
            progress(done, len(choices))
    return {
        "views": views,
        "first": f"{scenario.caliber}|{scenario.scope}|{first.residents.denominator}",
        "trends": trends,
        "counted": counted,
        "facilities": _collection(feature_set(first, "facilities")),
        "townships": _collection(feature_set(first, "townships")),
        "gaps": _collection(feature_set(first, "gaps")),
        "districts": _collection(feature_set(first, "districts")),
        "generated_on": generated_on.isoformat(),
    }


def _counted(result: Study) -> dict[str, list[object]]:
    rows = records(result.facilities[["counted_area_m2", "count_reason"]])
    return {
        str(key): [row["counted_area_m2"], row["count_reason"]]
        for key, row in zip(result.facilities.index, rows, strict=True)
    }


def _collection(features: FeatureSet) -> Record:
    found: Record = as_values(collection(features, features.pick(), members={}))
    return found
