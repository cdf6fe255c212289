from pathlib import Path

import pytest

from geo.core.errors import OutputError
from geo.core.files import write_atomically


def test_the_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "地图.html"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path], "nothing is left beside it"
    assert path.stat().st_mode & 0o400


@pytest.mark.parametrize("name", ["nowhere/map.html", "folder"])
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError) as caught:
        write_atomically(tmp_path / name, b"x")
    assert caught.value.place is not None
    assert str(tmp_path) not in str(caught.value), "no path of the machine in a message"
    assert [item.name for item in tmp_path.iterdir()] == ["folder"]
