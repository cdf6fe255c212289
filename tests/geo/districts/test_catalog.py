import shutil
from pathlib import Path

import pytest

from geo.core.errors import DataError, NotFoundError
from geo.core.schema import FACILITIES
from geo.districts import demo_ledger_path, load_shipped, shipped_districts
from geo.districts.catalog import shelf


def test_the_first_district_is_daxiang() -> None:
    assert shipped_districts() == ("430503",)
    data = load_shipped("430503")
    assert data.district_name == "大祥区"
    assert data.facilities.empty
    assert [FACILITIES.key, *data.facilities.columns.drop("geometry")] == list(FACILITIES.names)
    assert data.measuring_crs.to_epsg() == 4546
    assert set(data.townships["source_id"]) <= set(data.sources.index)
    assert set(data.population["source_id"]) <= set(data.sources.index)
    assert demo_ledger_path("430503").name == "demo_ledger.xlsx"


@pytest.mark.parametrize("name", ["townships.geojson", "population.csv", "demo_ledger.xlsx"])
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_file_that_was_tampered_with_is_refused(tmp_path: Path, name: str, harm: str) -> None:
    folder = tmp_path / "shelf"
    shutil.copytree(shelf() / "430503", folder / "430503")
    path = folder / "430503" / name
    if harm == "changed":
        path.write_bytes(path.read_bytes() + b" ")
    else:
        path.unlink()
    with pytest.raises(DataError, match=name):
        load_shipped("430503", folder)


def test_an_unknown_district_names_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="430503"):
        load_shipped("110101")
