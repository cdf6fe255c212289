"""``docs/exports.md`` tells every column, format and system that there is."""

from pathlib import Path

from pyproj import CRS

from geo.core.fields import FILE_TABLES, short_name
from geo.publish.files.package import EXPORTABLE, Format
from geo.publish.files.systems import systems

PAGE = (Path(__file__).parents[4] / "docs" / "exports.md").read_text(encoding="utf-8")


def test_every_column_stands_under_its_collection_with_its_short_name() -> None:
    for table in FILE_TABLES.values():
        section = PAGE.split(f"### {table.name} {table.zh}\n")[1].split("### ")[0]
        told = [line.split(" | ")[:4] for line in section.splitlines() if line.startswith("| `")]
        assert told == [
            [f"| `{column.name}`", f"`{short_name(column.name)}`", column.zh, column.unit]
            for column in table.columns
        ]


def test_every_format_system_and_collection_is_told() -> None:
    for word in (*Format, *EXPORTABLE, *systems(CRS.from_epsg(4546))):
        assert f"`{word}`" in PAGE, word
