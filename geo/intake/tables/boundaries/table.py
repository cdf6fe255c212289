"""Township boundaries of an office: polygons that make a district, checked as a coverage.

Codes and names are matched with those known; polygons must be valid, must not
overlap, have no gap between them, make one closed district, and agree with the
outline that is known. What is narrow is mended where that was asked for, and
what was accepted is only noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shapely.geometry.base import BaseGeometry

from geo.core.errors import FileTypeError, Place
from geo.core.vocabulary import Quality
from geo.intake.formats.parts import Part
from geo.intake.formats.readers import LAYER_SUFFIXES
from geo.intake.georeference.layers import in_degrees
from geo.intake.import_report import ErrorsByRow, Quarantined
from geo.intake.pipeline import Draft, Imported, ImportTable, has_geometry, parse_clean, provenance
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book, read_file
from geo.intake.sentences import message
from geo.intake.table_reader import TableReader
from geo.intake.tables.boundaries.assessment import assess_apart
from geo.intake.tables.boundaries.findings import Check, judge
from geo.intake.tables.boundaries.townships import (
    DISTRICT_DIGITS,
    Boundaries,
    Known,
    ReadTownship,
    boundaries_of,
    read_townships,
    reader_of,
    speaks_of,
)

_SEVERAL: Final = message("boundaries.boundaries_several_layers")
_NO_AREAS: Final = message("boundaries.boundaries_without_areas")
_NOT_ASSESSED: Final = message("boundaries.boundaries_not_assessed")


@dataclass
class _BoundaryDraft(Draft):
    """A layer while it is being read.

    Attributes
    ----------
    townships : list of ReadTownship
        Its features.
    known : Known, optional
        The names and codes that they were matched with.
    boundaries : Boundaries, optional
        Where nothing is wrong: with one township missing, the others are no district, so
        they go in together or not at all.
    """

    townships: list[ReadTownship] = field(default_factory=list)
    known: Known | None = None
    boundaries: Boundaries | None = None


def read_boundaries(
    path: Path, *, quality: Quality, source_id: str, name: str | None = None
) -> Boundaries:
    """Read the townships of a district from a layer: a file without an error, or one error.

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
        As :func:`geo.intake.pipeline.parse_clean`. A feature's number is given as a row.
    BoundaryError
        A geometry is no polygon, is invalid, or stands outside China; codes are of
        several districts; townships overlap, have gaps between them, or lie apart.
    """
    book = read_file(path, takes=BOUNDARY_TABLE.suffixes, name=name)
    reference = ReferenceData(quality=quality, source_id=source_id)
    boundaries = parse_clean(BOUNDARY_TABLE, book, reference)
    assert boundaries is not None  # noqa: S101  (what has no fault was made)
    return boundaries


def _choose(book: Book, _draft: _BoundaryDraft, _reference: ReferenceData) -> Sequence[Part]:
    """Return the file's one layer of areas.

    Raises
    ------
    FileTypeError
        There is none, or it is not clear which.
    """
    layers = [part for part in book.parts if part.features]
    areas = [
        part for part in layers if any(has_geometry(f, "Polygon") for f in part.features or ())
    ]
    if len(areas) == 1 or len(layers) == 1:
        return (areas or layers)[:1]
    names = tuple(part.name or "—" for part in book.parts)
    said = _SEVERAL if areas else _NO_AREAS
    raise said.error(FileTypeError, place=Place(file=book.file), names=names)


def _read(part: Part, draft: _BoundaryDraft, reference: ReferenceData) -> None:
    features, notes = in_degrees(part, draft.file)
    known = _known(reference)
    reader = reader_of(part.name, features, known, draft, reference)
    if known is not None and not speaks_of(reader, known):
        # Nothing that was said of the headings of another district holds.
        known, draft.warnings[:] = None, []
        reader = reader_of(part.name, features, None, draft, reference)
    draft.note_all(reader.sheet.place(), notes)
    draft.readers, draft.known = [reader], known
    draft.townships = read_townships(
        reader, features, known, take_invalid=bool(reference.mend_width_m)
    )


def _known(reference: ReferenceData) -> Known | None:
    """Return the district's names and codes; None where the file's are to hold."""
    townships = reference.townships
    if townships is None or townships.empty or Check.NAMES in reference.accepted:
        return None
    divisions = townships[["name_zh"]].assign(township_code=townships.index)
    code = str(townships.index[0])[:DISTRICT_DIGITS]
    names = {} if reference.districts is None else reference.districts["name_zh"].to_dict()
    return Known(divisions, str(names.get(code, "")))


def _check(draft: _BoundaryDraft, reference: ReferenceData) -> None:
    (reader,) = draft.readers
    draft.boundaries = _whole(reader, draft, reference)
    columns = reader.positions_by_heading
    draft.errors.sort(
        lambda place: (place.row or 0, columns.get(place.column or "", reader.headings.width))
    )
    if draft.errors.count:
        draft.boundaries = None


def _whole(
    reader: TableReader, draft: _BoundaryDraft, reference: ReferenceData
) -> Boundaries | None:
    """Return the townships as one district, judged; None where some have no polygon."""
    townships = draft.townships
    polygons = [one.polygon for one in townships if one.polygon is not None]
    if len(polygons) < len(townships) or not polygons:
        if polygons:
            draft.note(_NOT_ASSESSED, reader.sheet.place())
        return None
    found = assess_apart(
        reader.sheet.file,
        polygons,
        _outline(draft, reference),
        datum=reference.datum,
        mend_width_m=reference.mend_width_m,
    )
    judge(found, townships, reader, reference.accepted)
    if draft.errors.count:
        return None
    rows = [
        {
            **one.values,
            **provenance(reader.sheet, one.record),
            "quality": one.values.get("quality") or reference.quality.value,
            "source_id": reference.source_id or "",
        }
        for one in townships
    ]
    return boundaries_of(rows, found.areas, reader.ignored)


def _outline(draft: _BoundaryDraft, reference: ReferenceData) -> BaseGeometry | None:
    """Return the outline that is known of the district of the townships, if any."""
    if reference.districts is None:
        return None
    codes = (str(one.values.get("township_code") or "") for one in draft.townships)
    code = next((code[:DISTRICT_DIGITS] for code in codes if code), None)
    # A layer that was matched speaks of the known district, whatever its codes are worth.
    code = code if draft.known is None else draft.known.district_code
    outline: BaseGeometry | None = reference.districts.geometry.get(code)
    return outline


def _finish(draft: _BoundaryDraft, _reference: ReferenceData) -> Imported[Boundaries | None]:
    (reader,) = draft.readers
    by_row = ErrorsByRow.of(draft.errors.kept)
    places = [(reader.place(one.number), one) for one in draft.townships]
    held = [
        Quarantined(place, reader.cells_by_heading(one.record), by_row.at(place))
        for place, one in places
        if by_row.at(place)
    ]
    general = by_row.at(reader.sheet.place())
    if general:
        held.insert(0, Quarantined(Place(file=draft.file), {}, general))
    draft.ignored += reader.ignored
    # The features have no cells that could be marked.
    draft.readers = []
    report = draft.report((place for place, _ in places if not by_row.at(place)), held)
    made = draft.boundaries
    return Imported(made, report, 0 if made is None else len(made.townships))


BOUNDARY_TABLE: Final = ImportTable(
    name="boundaries",
    suffixes=(*LAYER_SUFFIXES, ".zip", ".kmz"),
    draft=_BoundaryDraft,
    choose=_choose,
    read=_read,
    check=_check,
    finish=_finish,
    quality=Quality.OFFICIAL,
)
