"""Work for test_country.py, in a process of its own: ``country.py ours`` or ``country.py peer``."""

import json
import resource
import sys
import time
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.core.schema import DESIGNATIONS, empty_frame
from geo.core.vocabulary import Caliber, Scope
from geo.measures.eligible_area import count_area
from geo.measures.provision import provision
from geo.measures.township_assignment import assign

TOWNSHIPS, FACILITIES, CORNERS = 3_000, 1_000_000, 300


def country():
    random = np.random.default_rng(430503)
    side = int(np.ceil(np.sqrt(TOWNSHIPS)))
    x, y = np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5)
    seats = np.c_[x.ravel(), y.ravel()] + random.uniform(-0.3, 0.3, (side * side, 2))
    frame = shapely.box(0, 0, side, side)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seats), extend_to=frame))
    cells = shapely.segmentize(shapely.intersection(cells, frame), 4 / CORNERS)
    codes = [f"{number:09d}" for number in range(len(cells))]
    townships = gpd.GeoDataFrame(index=pd.Index(codes, name="township_code"), geometry=cells)
    kinds = np.array(["exhibition_hall", "science_museum", "library", "school"])
    facilities = gpd.GeoDataFrame(
        {
            "kind": pd.Series(kinds[random.integers(0, 4, FACILITIES)], dtype="str"),
            "status": pd.Series(np.full(FACILITIES, "operating"), dtype="str"),
            "verification": pd.Series(np.full(FACILITIES, "verified"), dtype="str"),
            "exhibition_area_m2": random.uniform(0, 500, FACILITIES),
            "floor_area_m2": np.full(FACILITIES, np.nan),
            "shared_use": pd.Series(pd.NA, index=range(FACILITIES), dtype="boolean"),
            "shared_use_ratio": np.full(FACILITIES, np.nan),
            "open_to_public": pd.Series(True, index=range(FACILITIES), dtype="boolean"),
            "district_run": pd.Series(True, index=range(FACILITIES), dtype="boolean"),
            "opened_on": pd.Series(pd.NaT, index=range(FACILITIES), dtype="datetime64[s]"),
            "closed_on": pd.Series(pd.NaT, index=range(FACILITIES), dtype="datetime64[s]"),
            "township_code": pd.Series(np.nan, index=range(FACILITIES), dtype="str"),
            "village_code": pd.Series(np.nan, index=range(FACILITIES), dtype="str"),
        },
        geometry=shapely.points(random.uniform(0, side, (FACILITIES, 2))),
    )
    population = pd.Series(random.integers(5_000, 80_000, len(codes)), index=townships.index)
    return townships, facilities, population.astype("float64")


def ours(townships, facilities, population):
    placing = assign(facilities, townships)
    counted = count_area(
        facilities,
        empty_frame(DESIGNATIONS),
        on=date(2025, 12, 31),
        caliber=Caliber.ASSESSED,
        scope=Scope.ALL,
    )
    return provision(counted, placing["assigned_township_code"], population)["counted_area_m2"]


def peer(townships, facilities, population):
    kept = facilities[["kind", "status", "exhibition_area_m2", "geometry"]]
    joined = kept.sjoin(townships, how="left", predicate="within")
    halls = joined["kind"].isin(["exhibition_hall", "science_museum"])
    counts = joined[halls & (joined["status"] == "operating")]
    sums = counts.groupby("township_code")["exhibition_area_m2"].sum()
    return sums.reindex(population.index, fill_value=0.0)


def main() -> None:
    data = country()
    work = {"ours": ours, "peer": peer}[sys.argv[1]]
    seconds = []
    for _ in range(3):
        start = time.process_time()
        answer = work(*data)
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "seconds": sorted(seconds)[1],
                "peak_mb": peak / 1024,
                "sum_m2": round(float(answer.sum()), 3),
            }
        )
    )


if __name__ == "__main__":
    main()
