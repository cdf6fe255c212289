"""Township boundaries of an office: a coverage of one district, or the account of why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from geo.core.datum import Datum
from geo.core.errors import FileTypeError, Place
from geo.core.messages import Noted, message
from geo.core.vocabulary import Quality
from geo.intake.boundaries.apart import assess_apart
from geo.intake.boundaries.judging import Check, judge
from geo.intake.boundaries.outlines import DISTRICT_DIGITS, Boundaries, boundaries_of
from geo.intake.boundaries.townships import (
    Known,
    ReadTownship,
    read_townships,
    reader_of,
    speaks_of,
)
from geo.intake.examined import ByRow, Examination, Quarantined
from geo.intake.formats.part import Feature, Part
from geo.intake.formats.reading import LAYER_SUFFIXES
from geo.intake.headings.synonyms import Synonyms
from geo.intake.ledger.draft import provenance
from geo.intake.positions.systems import in_degrees
from geo.intake.process import Book, read_file
from geo.intake.table import TableReader

BOUNDARY_SUFFIXES: Final = (*LAYER_SUFFIXES, ".zip", ".kmz")
_SEVERAL: Final = message(
    "boundaries_several_layers",
    "文件里有几个面图层（{names}），请只留乡镇街道的一个。",
    "The file has several layers of areas ({names}); leave that of the townships only.",
)
_NO_AREAS: Final = message(
    "boundaries_without_areas",
    "文件里没有面图层（{names}），请导出乡镇街道的面。",
    "The file has no layer of areas ({names}); export the polygons of the townships.",
)
_NOT_ASSESSED: Final = message(
    "boundaries_not_assessed",
    "有面不能用，各面之间的重叠、缝隙和外轮廓还没有核对。",
    "Some polygons cannot be used; overlaps, gaps and the outline are not checked yet.",
)


@dataclass(frozen=True)
class BoundarySetting:
    """What boundaries are read against, and how.

    Attributes
    ----------
    townships, districts : geopandas.GeoDataFrame, optional
        Those in the store: names and codes, and the outlines that are known.
    synonyms : Synonyms, optional
        The office's own words for headings.
    datum : Datum, optional
        As the sender stated it; guessed from the known outline else.
    mend_width_m : float
        Widest overlap or gap to mend, in metres; 0 mends nothing.
    accepted : frozenset of Check
        Findings that the user has seen and takes.
    quality : Quality
        Of the outlines, where a feature does not say its own.
    source_id : str
        The source of every outline.
    """

    townships: gpd.GeoDataFrame | None = None
    districts: gpd.GeoDataFrame | None = None
    synonyms: Synonyms | None = None
    datum: Datum | None = None
    mend_width_m: float = 0.0
    accepted: frozenset[Check] = field(default_factory=frozenset)
    quality: Quality = Quality.OFFICIAL
    source_id: str = ""

    @property
    def known(self) -> Known | None:
        """The names and codes of the district's townships; None where the file's are to hold."""
        if self.townships is None or self.townships.empty or Check.NAMES in self.accepted:
            return None
        divisions = self.townships[["name_zh"]].assign(township_code=self.townships.index)
        code = str(self.townships.index[0])[:DISTRICT_DIGITS]
        names = {} if self.districts is None else self.districts["name_zh"].to_dict()
        return Known(divisions, str(names.get(code, "")))


@dataclass(frozen=True)
class ExaminedBoundaries:
    """Boundaries without a fault, and the account of all features.

    Attributes
    ----------
    boundaries : Boundaries or None
        None where anything is wrong: with one township missing, the others are no
        district, so they go in together or not at all.
    account : Examination
        Of the features; ``quarantined`` are those with faults, though none is kept.
    """

    boundaries: Boundaries | None
    account: Examination


def read_boundaries(
    path: Path, *, quality: Quality, source_id: str, name: str | None = None
) -> Boundaries:
    """Read the townships of a district from a layer: a file without a fault, or one error.

    Each feature is a Polygon or MultiPolygon with ``township_code`` (nine digits, all
    of one district) and ``name_zh``. Where no property ``kind`` is, it follows from the
    name's ending (街道, 镇, 乡). A property ``district_name`` may name the district.
    Nothing is mended, and no outline is compared.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    quality : Quality
        Of the outlines, where a feature does not say its own.
    source_id : str
        The source of every outline.
    name : str, optional
        What to call the file, if not by the path's own name.

    Raises
    ------
    InputError
        Of the class of the first fault in reading order, as in
        :func:`geo.intake.ledger.read_ledger`. A feature's number is given as a row.
    BoundaryError
        A geometry is no polygon, is invalid, or stands outside China; codes are of
        several districts; townships overlap, have gaps between them, or lie apart.
    """
    setting = BoundarySetting(quality=quality, source_id=source_id)
    book = read_file(path, takes=BOUNDARY_SUFFIXES, name=name)
    reader, boundaries, _ = _examine(book, setting)
    reader.faults.raise_if_any()
    assert boundaries is not None  # noqa: S101  (what has no fault was made)
    return boundaries


def examine_boundaries(book: Book, setting: BoundarySetting) -> ExaminedBoundaries:
    """Read townships as they come, check them as a coverage, and tell all that is wrong.

    Codes and names are matched with those known; polygons must be valid, must not
    overlap, have no gap between them, make one closed district, and agree with the
    outline that is known. What is narrow is mended where that was asked for, and
    what was accepted is only remarked on.

    Parameters
    ----------
    book : Book
        As :func:`geo.intake.process.read_file` returns it.
    setting : BoundarySetting
        What it is read against.

    Raises
    ------
    InputError
        No feature can be read: there is no layer of areas, or a required property
        is missing.
    """
    reader, boundaries, townships = _examine(book, setting)
    by_row = ByRow.of(reader.faults.kept)
    held = [
        Quarantined(place, reader.cells_by_heading(one.record), faults)
        for one in townships
        for place in [reader.place(one.number)]
        for faults in [by_row.at(place)]
        if faults
    ]
    whole = Place(file=book.file)
    general = by_row.at(reader.sheet.place())
    account = Examination(
        book.file,
        taken=tuple(
            place
            for place in (reader.place(one.number) for one in townships)
            if not by_row.at(place)
        ),
        quarantined=(*([Quarantined(whole, {}, general)] if general else []), *held),
        noted=tuple(reader.noted),
        ignored_headings=reader.ignored,
    )
    return ExaminedBoundaries(boundaries, account)


def _examine(
    book: Book, setting: BoundarySetting
) -> tuple[TableReader, Boundaries | None, list[ReadTownship]]:
    part = _layer(book)
    features, remarks = in_degrees(part, book.file)
    known = setting.known
    reader = reader_of(book.file, part.name, features, known, setting.synonyms)
    if known is not None and not speaks_of(reader, known):
        known = None
        reader = reader_of(book.file, part.name, features, None, setting.synonyms)
    reader.noted += [Noted(reader.sheet.place(), remark) for remark in remarks]
    townships = read_townships(reader, features, known, take_invalid=bool(setting.mend_width_m))
    boundaries = _whole(reader, townships, setting, known)
    columns = reader.positions_by_heading
    reader.faults.sort(
        lambda place: (place.row or 0, columns.get(place.column or "", reader.headings.width))
    )
    return reader, None if reader.faults.count else boundaries, townships


def _whole(
    reader: TableReader,
    townships: Sequence[ReadTownship],
    setting: BoundarySetting,
    known: Known | None,
) -> Boundaries | None:
    """Return the townships as one district, judged; None where some have no polygon."""
    polygons = [one.polygon for one in townships if one.polygon is not None]
    if len(polygons) < len(townships) or not polygons:
        if polygons:
            reader.noted.append(Noted(reader.sheet.place(), _NOT_ASSESSED.remark()))
        return None
    found = assess_apart(
        reader.sheet.file,
        polygons,
        _reference(townships, setting, known),
        datum=setting.datum,
        mend_width_m=setting.mend_width_m,
    )
    judge(found, townships, reader, setting.accepted)
    if reader.faults.count:
        return None
    rows = [
        {
            **one.values,
            **provenance(reader.sheet, one.record),
            "quality": one.values.get("quality") or setting.quality.value,
            "source_id": setting.source_id,
        }
        for one in townships
    ]
    return boundaries_of(rows, found.areas, reader.ignored)


def _reference(
    townships: Sequence[ReadTownship], setting: BoundarySetting, known: Known | None
) -> BaseGeometry | None:
    """Return the outline that is known of the district of the townships, if any."""
    if setting.districts is None:
        return None
    codes = (str(one.values.get("township_code") or "") for one in townships)
    code = next((code[:DISTRICT_DIGITS] for code in codes if code), None)
    # A layer that was matched speaks of the known district, whatever its codes are worth.
    code = code if known is None else known.district_code
    reference: BaseGeometry | None = setting.districts.geometry.get(code)
    return reference


def _layer(book: Book) -> Part:
    """Return the file's one layer of areas.

    Raises
    ------
    FileTypeError
        There is none, or it is not clear which.
    """
    layers = [part for part in book.parts if part.features]
    areas = [part for part in layers if any(map(_is_area, part.features or ()))]
    if len(areas) == 1 or len(layers) == 1:
        return (areas or layers)[0]
    names = tuple(part.name or "—" for part in book.parts)
    fault = (_SEVERAL if areas else _NO_AREAS).fault(FileTypeError, names=names)
    fault.place = Place(file=book.file)
    raise fault


def _is_area(feature: Feature) -> bool:
    kind = (feature.geometry or {}).get("type")
    return isinstance(kind, str) and kind.endswith("Polygon")
