"""A district as shipped, made from raw facts: the same facts give the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import orjson
import pandas as pd
import shapely
import tomlkit

from geo.core.crs import STORAGE_CRS
from geo.core.errors import DataError, FileMissingError, Place
from geo.core.files import write_atomically
from geo.core.sentences import Sentences
from geo.districts.demo import demo_ledger
from geo.districts.schematic import cut

TEXT: Final = Sentences("geo.districts")

OUTLINE_SOURCE: Final = "outlines-tianditu"
TOWNSHIP_SOURCE: Final = "townships-schematic"
VILLAGE_SOURCE: Final = "divisions-2023"
FILE_SOURCES: Final = {"demo_ledger.xlsx": "demonstration-ledger"}
"""The source of files whose rows name none."""
_FILE_FIELDS: Final = (
    "publisher", "published_on", "licence", "original_datum", "quality", "map_approval_number",
)  # fmt: skip
_YOUTH: Final = frozenset({"0", "1_4", "5_9", "10_14"})
_SENIORS: Final = frozenset({"60_64", "65_69", "70_74", "75_79", "80_84", "85_plus"})
_SPLIT_BASIS: Final = "全区{title}{total}人按2020年分乡镇常住人口估计数等比分摊（最大余数法）"
_TITLES: Final = {"resident": "年末常住人口", "registered": "年末户籍人口"}

Files = dict[str, bytes]


def build_district(raw: Path, out: Path) -> list[Path]:
    """Make a district's shipped files from its raw facts.

    Parameters
    ----------
    raw : pathlib.Path
        A folder with the files that ``data/raw/430503/README.md`` lists.
    out : pathlib.Path
        Where the files go; made if it is not there.

    Returns
    -------
    list of pathlib.Path
        What was written, ``sources.toml`` with every file's SHA-256 last.

    Raises
    ------
    FileMissingError
        A raw file is not there.
    DataError
        The raw facts contradict each other.
    BoundaryError
        A seat lies outside the outline.
    """
    about = tomllib.loads(_read(raw, "district.toml").decode("utf-8"))
    outlines = read_features(_read(raw, "outlines.geojson"), "district_code")
    townships = _table(raw, "townships.csv").set_index("township_code")
    villages = _table(raw, "villages.csv")
    parts = cut(outlines.geometry[about["district_code"]], _seats(raw, townships))
    files: Files = {
        "districts.geojson": _districts(outlines, about["district_code"], parts),
        "townships.geojson": _townships(townships, parts),
        "villages.csv": _csv(villages.assign(source_id=VILLAGE_SOURCE)),
        "population.csv": _csv(_population(raw, about["district_code"])),
    }
    files["demo_ledger.xlsx"] = demo_ledger(
        townships.assign(seat=_seats(raw, townships)),
        gpd.GeoSeries(parts),
        villages,
        outlines,
        _table(raw, "facilities_published.csv"),
    )
    files["sources.toml"] = _sources(about, files)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomically(out / name, content)
    return [out / name for name in files]


def _read(raw: Path, name: str) -> bytes:
    try:
        return (raw / name).read_bytes()
    except OSError as error:
        raise FileMissingError(
            **TEXT.both("folder_of_raw_facts_lacks", name=name), place=Place(file=name)
        ) from error


def _table(raw: Path, name: str) -> pd.DataFrame:
    return read_table(_read(raw, name))


def read_table(content: bytes) -> pd.DataFrame:
    r"""Return a CSV file of the shelf with every cell as text, empty ones missing.

    Examples
    --------
    >>> read_table("code,name\n01,".encode()).values.tolist()
    [['01', nan]]
    """
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype="str")
    return frame.mask(frame == "")


def read_features(content: bytes, key: str) -> gpd.GeoDataFrame:
    """Return a GeoJSON file of the shelf, indexed by one of its properties."""
    features = orjson.loads(content)["features"]
    shapes = shapely.from_geojson([orjson.dumps(feature["geometry"]) for feature in features])
    properties = pd.DataFrame([feature["properties"] for feature in features], dtype="str")
    frame = gpd.GeoDataFrame(properties, geometry=shapes, crs=STORAGE_CRS)
    return frame.set_index(key)


def _seats(raw: Path, townships: pd.DataFrame) -> gpd.GeoSeries:
    seats = _table(raw, "seats.csv").set_index("township_code").reindex(townships.index)
    if seats.isna().any(axis=None):
        raise DataError(**TEXT.both("seats_lack_townships"))
    points = gpd.points_from_xy(seats["longitude"].astype(float), seats["latitude"].astype(float))
    return gpd.GeoSeries(points, index=seats.index, crs=STORAGE_CRS)


def _districts(outlines: gpd.GeoDataFrame, own: str, parts: gpd.GeoSeries) -> bytes:
    """Return the outlines; the district's own is the union of its townships, corner by corner."""
    union = shapely.coverage_union_all(parts.array)
    shapes = outlines.geometry.mask(outlines.index == own, union)
    rows = pd.DataFrame(
        {
            "district_code": outlines.index,
            "name_zh": outlines["name_zh"].to_numpy(),
            "role": ["district" if code == own else "neighbour" for code in outlines.index],
            "quality": "generalised",
            "source_id": OUTLINE_SOURCE,
        }
    )
    return _geojson(rows, shapes)


def _townships(townships: pd.DataFrame, parts: gpd.GeoSeries) -> bytes:
    rows = townships.reset_index().assign(quality="schematic", source_id=TOWNSHIP_SOURCE)
    return _geojson(rows, parts)


def _geojson(rows: pd.DataFrame, shapes: gpd.GeoSeries) -> bytes:
    whole = [shapely.MultiPolygon(shapely.get_parts(shape)) for shape in shapes]
    texts = shapely.to_geojson(shapely.orient_polygons(whole))
    features = [
        {"type": "Feature", "properties": row, "geometry": orjson.Fragment(text)}
        for row, text in zip(rows.to_dict("records"), texts, strict=True)
    ]
    lines = b",\n".join(orjson.dumps(feature) for feature in features)
    return b'{"type":"FeatureCollection","features":[\n' + lines + b"\n]}\n"


def _csv(frame: pd.DataFrame) -> bytes:
    text: str = frame.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8")


def _population(raw: Path, district_code: str) -> pd.DataFrame:
    """Return every denominator, for the district and shared out among its townships."""
    whole = _table(raw, "population_district.csv")
    by_township = _table(raw, "population_township.csv")
    ages = _ages(_table(raw, "census_2020.csv"))
    own = whole["division_code"] == district_code
    census = own & (whole["source_id"] == "census-2020")
    whole = whole.assign(**dict.fromkeys(ages, "")).mask(lambda frame: frame == "")
    for name, count in ages.items():
        whole.loc[census, name] = str(count)
    shared = [_share_out(row, by_township) for row in whole[~census].to_dict("records")]
    rows = pd.concat([whole, by_township, *shared], ignore_index=True)
    order = [
        "division_code", "name_zh", "population_kind", "year", "population", "urban_population",
        "rural_population", *ages, "quality", "basis", "source_id",
    ]  # fmt: skip
    return rows[order]


def _ages(census: pd.DataFrame) -> dict[str, int]:
    people = census["male"].astype(int) + census["female"].astype(int)
    youth, seniors = census["age"].isin(_YOUTH), census["age"].isin(_SENIORS)
    return {
        "population_0_14": int(people[youth].sum()),
        "population_15_59": int(people[~youth & ~seniors].sum()),
        "population_60_plus": int(people[seniors].sum()),
    }


def _share_out(total: dict[str, Any], by_township: pd.DataFrame) -> pd.DataFrame:
    """Share a district's total among its townships in proportion to their estimate."""
    people = int(total["population"])
    title = _TITLES[total["population_kind"]]
    return by_township.assign(
        population_kind=total["population_kind"],
        year=total["year"],
        population=[
            str(n) for n in largest_remainder(by_township["population"].astype(int), people)
        ],
        urban_population=None,
        rural_population=None,
        quality="estimate",
        basis=_SPLIT_BASIS.format(title=f"{total['year']}{title}", total=people),
        source_id=total["source_id"],
    )


def largest_remainder(weights: pd.Series, total: int) -> list[int]:
    """Share a whole number in proportion to weights, in whole numbers that sum to it.

    The largest remainders round up (Hamilton's method); of equal ones the first does.

    Examples
    --------
    >>> largest_remainder(pd.Series([1, 1, 1]), 10)
    [4, 3, 3]
    """
    weight = [int(value) for value in weights]
    whole = sum(weight)
    shares = [value * total // whole for value in weight]
    remainders = [value * total % whole for value in weight]
    order = sorted(range(len(weight)), key=lambda row: (-remainders[row], row))
    for row in order[: total - sum(shares)]:
        shares[row] += 1
    return shares


def _sources(about: dict[str, Any], files: Files) -> bytes:
    """Return what is known of each source, and of each file by the sources of its rows."""
    by_id = {source["source_id"]: source for source in about["sources"]}
    head = "# Made by `kepu district build`; edit the raw facts, not this file.\n\n"
    listed = [_file_entry(name, content, by_id) for name, content in files.items()]
    return (head + tomlkit.dumps(about | {"files": listed})).encode("utf-8")


def _file_entry(name: str, content: bytes, by_id: dict[str, Any]) -> dict[str, Any]:
    used = [key for key in by_id if key.encode() in content or FILE_SOURCES.get(name) == key]
    entry: dict[str, Any] = {"name": name, "source_ids": used}
    for field in _FILE_FIELDS:
        values = dict.fromkeys(by_id[key][field] for key in used if field in by_id[key])
        if values:
            entry[field] = "; ".join(values)
    return entry | {"sha256": hashlib.sha256(content).hexdigest()}
