"""KML as Google Earth and 奥维 write it, and as somebody with ill will would."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from geo.core.errors import EmptyFileError, FileTooLargeError, FileTypeError
from geo.intake.formats.kml import read_kml
from geo.intake.formats.limits import InputFile

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
)
TAIL = "</Document></kml>"


def kml(body: str) -> InputFile:
    return InputFile("图.kml", ".kml", f"{HEAD}{body}{TAIL}".encode())


def test_a_placemark_with_all_that_it_has() -> None:
    (item,) = (
        read_kml(
            kml(
                "<Folder><name>科普馆</name><Placemark><name>甲馆</name>"
                "<description>说明</description>"
                '<ExtendedData><Data name="展厅面积"><value> 120.5 </value></Data>'
                '<SchemaData><SimpleData name="类型">科技馆</SimpleData></SchemaData>'
                "</ExtendedData>"
                "<Point><coordinates>111.45,27.23,0</coordinates></Point></Placemark></Folder>"
            )
        ).features
        or ()
    )
    assert item.properties == {
        "name": "甲馆", "description": "说明", "文件夹": "科普馆",
        "展厅面积": "120.5", "类型": "科技馆",
    }  # fmt: skip
    assert item.geometry == {"type": "Point", "coordinates": [111.45, 27.23, 0.0]}


def test_areas_with_holes_and_in_several_parts() -> None:
    ring = "<LinearRing><coordinates>0,0 9,0 9,9 0,0</coordinates></LinearRing>"
    hole = f"<innerBoundaryIs>{ring}</innerBoundaryIs>"
    area = f"<Polygon>{hole}<outerBoundaryIs>{ring}</outerBoundaryIs>{hole}</Polygon>"
    one, many = (
        read_kml(
            kml(
                f"<Placemark>{area}</Placemark>"
                f"<Placemark><MultiGeometry>{area}{area}</MultiGeometry></Placemark>"
            )
        ).features
        or ()
    )
    assert one.geometry is not None
    assert one.geometry["type"] == "Polygon"
    assert len(one.geometry["coordinates"]) == 3
    assert many.geometry is not None
    assert many.geometry["type"] == "MultiPolygon"
    assert (one.number, many.number) == (1, 2)


def test_a_placemark_without_a_geometry() -> None:
    (item,) = read_kml(kml("<Placemark><name>无</name></Placemark>")).features or ()
    assert item.geometry is None


def test_nothing_that_a_file_refers_to_is_fetched() -> None:
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    (item,) = read_kml(kml(f"{link}<Placemark><name>甲</name></Placemark>")).features or ()
    assert item.properties == {"name": "甲"}


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE k [<!ENTITY a "ha">]><kml><Placemark><name>&a;</name></Placemark></kml>',
        b'<!DOCTYPE kml SYSTEM "file:///etc/passwd"><kml/>',
        '<?xml version="1.0" encoding="UTF-16"?><kml/>'.encode("utf-16"),
        b"<kml><Placemark>",
        b"<html><body/></html>",
        b"not xml",
        b"<kml><Placemark><Point><coordinates>a,b</coordinates></Point></Placemark></kml>",
        b"<kml><Placemark><Point><coordinates>111</coordinates></Point></Placemark></kml>",
    ],
)
def test_what_is_refused(content: bytes) -> None:
    with pytest.raises(FileTypeError):
        read_kml(InputFile("a.kml", ".kml", content))


def test_a_document_type_is_told_of_the_file_and_of_no_workbook(
    refused: Callable[..., object],
) -> None:
    content = b'<!DOCTYPE k [<!ENTITY a "ha">]><kml>&a;</kml>'
    message = "a.kml：文件含有文档类型声明（DOCTYPE），请在原软件中重新导出。"
    refused(FileTypeError, message, read_kml, InputFile("a.kml", ".kml", content))


def test_no_placemark(refused: Callable[..., object]) -> None:
    message = "图.kml：文件里没有地标（Placemark），请重新导出。"
    refused(EmptyFileError, message, read_kml, kml(""))


def test_depth_is_bounded() -> None:
    with pytest.raises(FileTooLargeError):
        read_kml(kml("<Folder>" * 1_000 + "</Folder>" * 1_000))
