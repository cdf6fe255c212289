import hashlib
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BoundaryError, DataError, FileMissingError
from geo.districts import build_district, load_shipped
from geo.districts.build import largest_remainder
from geo.districts.catalog import shelf

RAW = Path(__file__).parents[3] / "data" / "raw" / "430503"


def test_the_raw_facts_give_the_bytes_that_are_shipped(tmp_path: Path) -> None:
    made = build_district(RAW, tmp_path / "out")
    assert {path.name for path in made} == {
        path.name for path in (shelf() / "430503").iterdir() if not path.name.startswith(".")
    }
    for path in made:
        assert path.read_bytes() == (shelf() / "430503" / path.name).read_bytes(), path.name


def test_every_file_has_its_checksum(tmp_path: Path) -> None:
    about = tomllib.loads((shelf() / "430503" / "sources.toml").read_text(encoding="utf-8"))
    for file in about["files"]:
        content = (shelf() / "430503" / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert {"publisher", "published_on", "licence", "quality", "source_ids"} <= set(file)
        if file["name"].endswith(".geojson"):
            assert file["original_datum"] == "CGCS2000"
    for source in about["sources"]:
        assert {"publisher", "published_on", "licence", "quality", "title_zh"} <= set(source)


def test_the_census_and_the_estimate_agree() -> None:
    population = load_shipped("430503").population
    resident = population[(population["population_kind"] == "resident")]
    census = resident[(resident["year"] == 2020)]
    district = census[census["division_code"] == "430503"].iloc[0]
    townships = census[census["division_code"] != "430503"]
    assert district["population"] == 362_289
    ages = district[["population_0_14", "population_15_59", "population_60_plus"]]
    assert ages.sum() == 362_289
    assert townships["population"].sum() == 362_289
    assert townships["urban_population"].sum() == 319_310
    assert townships["rural_population"].sum() == 42_979
    assert (townships["quality"] == "estimate").all()
    assert townships["basis"].notna().all()


@pytest.mark.parametrize(("kind", "year", "total"), [("resident", 2023, 363_200),
                                                    ("registered", 2022, 322_100)])  # fmt: skip
def test_other_denominators_are_shared_out_to_the_person(kind: str, year: int, total: int) -> None:
    population = load_shipped("430503").population
    rows = population[(population["population_kind"] == kind) & (population["year"] == year)]
    assert rows.loc[rows["division_code"] == "430503", "population"].tolist() == [total]
    townships = rows[rows["division_code"] != "430503"]
    assert townships["population"].sum() == total
    assert townships["basis"].str.contains("等比分摊").all()
    assert (townships["quality"] == "estimate").all()


def test_townships_are_a_coverage_of_the_district() -> None:
    data = load_shipped("430503")
    townships = data.townships.geometry
    assert len(townships) == 14
    assert shapely.coverage_is_valid(townships.array)
    assert townships.is_valid.all()
    own = data.districts.geometry["430503"]
    projected = data.townships.to_crs(data.measuring_crs).area
    whole = data.districts.to_crs(data.measuring_crs).area["430503"]
    assert projected.sum() == pytest.approx(whole, rel=1e-12)
    assert whole / 1e6 == pytest.approx(213.9, abs=0.1), "SOURCES: 213.9 km2 in EPSG:4546"
    assert shapely.union_all(townships.array).symmetric_difference(own).area == 0
    assert (data.townships["quality"] == "schematic").all()


def test_the_district_has_its_five_neighbours_and_98_villages() -> None:
    data = load_shipped("430503")
    assert (data.districts["role"] == "neighbour").sum() == 5
    assert len(data.villages) == 98
    assert data.villages["urban_rural_class"].notna().all()
    assert set(data.villages["township_code"]) == set(data.townships.index)


def _tiny(folder: Path, seats: str = "990101001,111.05,27.05\n990101101,111.15,27.05\n") -> Path:
    folder.mkdir()
    files = {
        "district.toml": 'district_code = "990101"\n[[sources]]\nsource_id = "s"\n'
        'title_zh = "甲"\ntitle_en = "A"\npublisher = "p"\npublished_on = "2020"\n'
        'licence = "CC0"\nquality = "official"\n',
        "outlines.geojson": '{"type":"FeatureCollection","features":[{"type":"Feature",'
        '"properties":{"district_code":"990101","name_zh":"小县"},"geometry":{"type":"Polygon",'
        '"coordinates":[[[111,27],[111.2,27],[111.2,27.1],[111,27.1],[111,27]]]}}]}',
        "townships.csv": "township_code,name_zh,kind\n990101001,东街道,subdistrict\n"
        "990101101,西镇,town\n",
        "villages.csv": "village_code,township_code,name_zh,kind,urban_rural_class\n"
        "990101001001,990101001,一社区,community,111\n990101101201,990101101,二村,village,220\n",
        "seats.csv": "township_code,longitude,latitude\n" + seats,
        "census_2020.csv": "division_code,name_zh,age,male,female\n990101,小县,0,10,10\n"
        "990101,小县,30_34,30,30\n990101,小县,85_plus,10,10\n",
        "population_district.csv": "division_code,name_zh,population_kind,year,population,"
        "urban_population,rural_population,quality,basis,source_id\n"
        "990101,小县,resident,2020,100,60,40,census,普查,census-2020\n"
        "990101,小县,registered,2022,91,,,reported,公布,s\n",
        "population_township.csv": "division_code,name_zh,population_kind,year,population,"
        "urban_population,rural_population,quality,basis,source_id\n"
        "990101001,东街道,resident,2020,60,60,0,estimate,估,s\n"
        "990101101,西镇,resident,2020,40,0,40,estimate,估,s\n",
        "facilities_published.csv": "name,kind,exhibition_area_m2,floor_area_m2,township_code,"
        "address,note\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_another_county_needs_only_other_facts(tmp_path: Path) -> None:
    shelf_folder = tmp_path / "shelf"
    build_district(_tiny(tmp_path / "raw"), shelf_folder / "990101")
    data = load_shipped("990101", shelf_folder)
    assert data.district_name == "小县"
    assert data.townships["name_zh"].tolist() == ["东街道", "西镇"]
    shared = data.population[data.population["population_kind"] == "registered"]
    assert shared["population"].tolist() == [91, 55, 36]


def test_missing_and_contradicting_facts(tmp_path: Path) -> None:
    raw = _tiny(tmp_path / "raw", "990101001,111.05,27.05\n")
    with pytest.raises(DataError, match=r"seats\.csv"):
        build_district(raw, tmp_path / "out")
    (raw / "seats.csv").unlink()
    with pytest.raises(FileMissingError, match=r"seats\.csv"):
        build_district(raw, tmp_path / "out")
    outside = _tiny(tmp_path / "raw2", "990101001,112,27.05\n990101101,111.15,27.05\n")
    with pytest.raises(BoundaryError, match="990101001"):
        build_district(outside, tmp_path / "out")
    assert not (tmp_path / "out").exists(), "nothing is written when anything is wrong"


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=20), st.integers(0, 10**6))
def test_shares_sum_to_the_whole_and_are_near(weights: list[int], total: int) -> None:
    shares = largest_remainder(pd.Series(weights), total)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / sum(weights)) < 1
