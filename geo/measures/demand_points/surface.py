"""Demand points: where a township's people live, as well as the office's data can tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.core.vocabulary import AGES, PARTS, SETTLEMENTS, Settlement
from geo.measures.demand_points.people import People, settlement_of
from geo.measures.demand_points.weights import cut_at_borders, even_weights, gathered

CELL_M: Final = 200.0
"""Side of a cell unless a scenario says otherwise: a fifth of the shortest limit, 1,000 m."""

_URBAN_CLASS: Final = "1"
"""First digit of the national class of urban villages and communities (111 to 123)."""


_ROUNDING: Final = 1e-9


class SurfaceKind(StrEnum):
    """What tells where the people of a township live, the best first."""

    VILLAGES = "villages"
    WEIGHTS = "weights"
    EVEN = "even"


@dataclass(frozen=True)
class Surface:
    """Demand points, and what they rest on.

    Attributes
    ----------
    points : geopandas.GeoDataFrame
        Indexed by ``demand_id`` (a village's code, or its township's with a number):
        ``township_code``, ``settlement``, ``population`` and
        :data:`geo.core.vocabulary.PARTS` in persons, and a Point in metres. In each
        township ``population`` sums to its published figure.
    cells : geopandas.GeoSeries
        On the same index: the land that each point stands for, for drawing.
    kind_by_township : pandas.Series
        A :class:`SurfaceKind` by ``township_code``.
    scaling : pandas.DataFrame
        Of townships by villages, indexed by ``township_code``: ``village_sum`` and
        ``population``, persons; counts were multiplied by their ratio.
    cell_m : float
        Side of a cell, metres.
    by_share : tuple of str
        As in :class:`geo.measures.demand_points.people.People`.
    own_ages : pandas.DataFrame
        Indexed by ``township_code``, a column for each of :data:`geo.core.vocabulary.AGES`:
        whether that age is where the villages' own counts of it say.
    own_settlement : pandas.Series
        By ``township_code``: whether all its villages tell themselves how many of their
        people are urban and rural.
    """

    points: gpd.GeoDataFrame
    cells: gpd.GeoSeries
    kind_by_township: pd.Series
    scaling: pd.DataFrame = field(default_factory=pd.DataFrame)
    cell_m: float = CELL_M
    by_share: tuple[str, ...] = ()
    own_ages: pd.DataFrame = field(default_factory=pd.DataFrame)
    own_settlement: pd.Series = field(default_factory=lambda: pd.Series(dtype="bool"))


def make_surface(
    townships: gpd.GeoDataFrame,
    people: People,
    *,
    villages: gpd.GeoDataFrame | None = None,
    weights: gpd.GeoDataFrame | None = None,
    cell_m: float = CELL_M,
) -> Surface:
    """Return demand points of a district, each township by the best that is known of it.

    **Pycnophylactic** (after Tobler 1979): whatever the points rest on, those of a
    township sum to its published population. A township of which every village has a
    position and a count goes by these, scaled to its published figure; else by
    ``weights`` (a population raster, buildings), where it has any; else its people are
    spread evenly over its land.

    An age that every village of such a township gives is where the villages' own counts
    say, scaled so that the township's figure of that age is kept; but not where that put
    more people of an age into a village than live there. Any other age is the township's
    share of each point's people.

    A village's people are urban and rural as its own counts part them, in their ratio;
    else all of them as its class says; else as its township's are.

    Parameters
    ----------
    townships : geopandas.GeoDataFrame
        Polygons in metres, indexed by ``township_code``, with ``kind``.
    people : People
        As :func:`geo.measures.demand_points.people.people_of` returns them.
    villages : geopandas.GeoDataFrame, optional
        Points or polygons in the same system, None where unknown, indexed by
        ``village_code``: ``township_code``, ``urban_rural_class``, ``population`` and
        perhaps :data:`geo.core.vocabulary.PARTS`, missing where unknown.
    weights : geopandas.GeoDataFrame, optional
        Polygons in the same system with ``weight``, for example the cells of a raster
        with their people, or buildings with their floor area.
    cell_m : float
        Side of the cells into which land is cut, metres.

    Returns
    -------
    Surface
        A township whose population is unknown has points of unknown population.

    Examples
    --------
    >>> square = gpd.GeoDataFrame({"kind": ["town"]}, index=["430503101"], crs="EPSG:4546",
    ...                           geometry=[shapely.box(0, 0, 500, 500)])
    >>> people = People(pd.DataFrame({"population": [100.0], "rural_population": [100.0]},
    ...                              index=["430503101"]))
    >>> found = make_surface(square, people, cell_m=250)
    >>> found.points["population"].tolist(), found.kind_by_township.tolist()
    ([25.0, 25.0, 25.0, 25.0], ['even'])
    """
    towns = townships.sort_index()
    parts = []
    if villages is not None:
        parts.append(_by_villages(villages, towns))
    done = _codes(parts)
    if weights is not None and len(weights):
        parts.append(_by_weights(weights, towns[~towns.index.isin(done)], cell_m))
    done = _codes(parts)
    rest = towns[~towns.index.isin(done)]
    if len(rest):
        parts.append(_evenly(rest, cell_m))
    drawn = gpd.GeoDataFrame(pd.concat([part for part in parts if len(part)]), crs=towns.crs)
    drawn = drawn.sort_values("township_code", kind="stable")
    own_urban = _own_urban_share(drawn)
    points, own_ages = _with_people(drawn, towns, people, own_urban)
    return Surface(
        points,
        gpd.GeoSeries(drawn["cell"], index=drawn.index, crs=towns.crs),
        drawn.groupby("township_code")["surface"].first().reindex(townships.index),
        _scaling(drawn, people),
        cell_m,
        people.by_share,
        own_ages.groupby(drawn["township_code"]).all().reindex(townships.index),
        own_urban.notna().groupby(drawn["township_code"]).all().reindex(townships.index),
    )


def _codes(parts: list[gpd.GeoDataFrame]) -> set[str]:
    return {code for part in parts for code in part["township_code"].unique()}


def _by_villages(villages: gpd.GeoDataFrame, towns: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a point for each village of the townships of which all villages are known."""
    placed = villages.geometry.notna() & ~villages.geometry.is_empty
    known = placed & villages["population"].notna()
    whole = known.groupby(villages["township_code"]).all()
    some = villages.groupby("township_code")["population"].sum() > 0
    chosen = [code for code in towns.index if whole.get(code, False) and some.get(code, False)]
    found = villages[villages["township_code"].isin(chosen)]
    parts = pd.DataFrame(found).reindex(columns=list(PARTS)).astype("float64")
    is_area = found.geom_type.isin(["Polygon", "MultiPolygon"])
    cells = found.geometry.where(is_area, _nearest_land(found, towns))
    return gpd.GeoDataFrame(
        {
            "township_code": found["township_code"].astype("str"),
            "weight": found["population"].astype("float64"),
            "settlement": found["urban_rural_class"].map(_settlement_of_class),
            **parts,
            "cell": cells,
            "surface": SurfaceKind.VILLAGES.value,
        },
        geometry=found.geometry.representative_point(),
        crs=towns.crs,
    )


def _settlement_of_class(code: object) -> str | None:
    if not isinstance(code, str) or not code:
        return None
    return (Settlement.URBAN if code.startswith(_URBAN_CLASS) else Settlement.RURAL).value


def _nearest_land(villages: gpd.GeoDataFrame, towns: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the part of its township that is nearer to each village than to any other."""
    parts = []
    for code, group in villages.groupby("township_code"):
        points = group.geometry.representative_point()
        land = towns.geometry[code]
        # Two communities may have the same house, and then the same land.
        wkb, which = np.unique(points.to_wkb().to_numpy(), return_inverse=True)
        cells = np.array([land], dtype=object)
        if len(wkb) > 1:
            unique = shapely.MultiPoint(shapely.from_wkb(wkb).tolist())
            drawn = shapely.voronoi_polygons(unique, extend_to=land, ordered=True)
            cells = shapely.intersection(shapely.get_parts(drawn), land)
        parts.append(gpd.GeoSeries(cells[which], index=group.index))
    found = pd.concat(parts) if parts else gpd.GeoSeries([], dtype="geometry")
    return gpd.GeoSeries(found, crs=towns.crs).reindex(villages.index)


def _by_weights(
    weights: gpd.GeoDataFrame, towns: gpd.GeoDataFrame, cell_m: float
) -> gpd.GeoDataFrame:
    found = gathered(cut_at_borders(weights, towns), cell_m)
    column, row = np.floor(found["x"] / cell_m), np.floor(found["y"] / cell_m)
    squares = shapely.box(column * cell_m, row * cell_m, (column + 1) * cell_m, (row + 1) * cell_m)
    land = np.asarray(towns.geometry.reindex(found["township_code"]).array)
    return _numbered(
        gpd.GeoDataFrame(
            {
                "township_code": found["township_code"],
                "weight": found["weight"],
                "settlement": None,
                "cell": shapely.intersection(squares, land),
                "surface": SurfaceKind.WEIGHTS.value,
            },
            geometry=gpd.points_from_xy(found["x"], found["y"]),
            crs=towns.crs,
        )
    )


def _evenly(towns: gpd.GeoDataFrame, cell_m: float) -> gpd.GeoDataFrame:
    pieces = even_weights(towns, cell_m)
    middle = pieces.geometry.centroid
    inside = pieces.geometry.intersects(middle)
    return _numbered(
        gpd.GeoDataFrame(
            {
                "township_code": pieces["township_code"],
                "weight": pieces["weight"],
                "settlement": None,
                "cell": pieces.geometry,
                "surface": SurfaceKind.EVEN.value,
            },
            geometry=middle.where(inside, pieces.geometry.representative_point()),
            crs=towns.crs,
        )
    )


def _numbered(part: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    number = part.groupby("township_code").cumcount() + 1
    return part.set_index(part["township_code"] + "-" + number.astype("str"))


def _with_people(
    drawn: gpd.GeoDataFrame, towns: gpd.GeoDataFrame, people: People, own_urban: pd.Series
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the points with their people, and whose ages are the villages' own."""
    code = drawn["township_code"]
    share = drawn["weight"] / drawn.groupby("township_code")["weight"].transform("sum")
    of_town = people.by_township.reindex(columns=["population", *PARTS]).reindex(code)
    of_town = of_town.set_axis(drawn.index)
    shared = of_town.mul(share, axis="index")
    own = _own_ages(drawn, of_town, shared["population"])
    columns = shared.assign(**{name: own[name].fillna(shared[name]) for name in AGES})
    of_kind = code.map(towns["kind"].map(lambda kind: settlement_of(kind).value))
    settlement = drawn["settlement"].where(drawn["settlement"].notna(), of_kind)
    points = gpd.GeoDataFrame(
        {"township_code": code.astype("str"), "settlement": settlement.astype("str"), **columns},
        geometry=drawn.geometry,
        crs=towns.crs,
    )
    return _by_settlement(points, drawn, own_urban).rename_axis("demand_id"), own.notna()


def _own_ages(
    drawn: gpd.GeoDataFrame, of_town: pd.DataFrame, population: pd.Series
) -> pd.DataFrame:
    """Return villages' own ages, scaled to their township's; missing where it goes by shares."""
    code = drawn["township_code"]
    found = {}
    for name in AGES:
        given = pd.Series(drawn[name]) if name in drawn else pd.Series(np.nan, drawn.index)
        scaled = of_town[name] * given / given.groupby(code).transform("sum")
        # An unknown figure, a village that does not tell, or a sum of nobody: not by villages.
        fits = scaled <= population * (1 + _ROUNDING)
        found[name] = scaled.where(fits.groupby(code).transform("all"))
    return pd.DataFrame(found, index=drawn.index)


def _by_settlement(
    points: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame, own_urban: pd.Series
) -> gpd.GeoDataFrame:
    """Return points whose people are urban or rural as their village says, or its class."""
    of_class = (points["settlement"] == Settlement.URBAN.value).astype("float64")
    urban = own_urban.fillna(of_class.where(drawn["settlement"].notna()))
    people, told = points["population"], urban.notna()
    return points.assign(
        urban_population=points["urban_population"].mask(told, people * urban),
        rural_population=points["rural_population"].mask(told, people * (1 - urban)),
    )


def _own_urban_share(drawn: gpd.GeoDataFrame) -> pd.Series:
    """Return the urban share that a village's own counts tell, missing where they do not."""
    given = pd.DataFrame(drawn).reindex(columns=list(SETTLEMENTS)).astype("float64")
    count = drawn["weight"].where(drawn["surface"] == SurfaceKind.VILLAGES.value)
    # One of the two tells the other, as for townships.
    urban = given["urban_population"].fillna((count - given["rural_population"]).clip(lower=0))
    rural = given["rural_population"].fillna((count - given["urban_population"]).clip(lower=0))
    whole = urban + rural
    return (urban / whole).where(whole > 0)


def _scaling(drawn: gpd.GeoDataFrame, people: People) -> pd.DataFrame:
    villages = drawn[drawn["surface"] == SurfaceKind.VILLAGES.value]
    sums = villages.groupby("township_code")["weight"].sum()
    published = people.by_township["population"].reindex(sums.index)
    return pd.DataFrame({"village_sum": sums, "population": published})
