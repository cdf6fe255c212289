"""The office's ledger: places with their areas, and the plaques on their doors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from shapely import Point

from geo.columns import DESIGNATIONS, FACILITIES, conform
from geo.crs import STORAGE_CRS, measuring_crs_of
from geo.datum import Datum
from geo.errors import DuplicateError, EmptyFileError, FileTypeError, InputError, Place
from geo.intake.cells.cell import read_cell
from geo.intake.divisions.assigning import DIVISION_COLUMNS, with_divisions
from geo.intake.examined import ByRow, Examination, LeftOutRow, Quarantined
from geo.intake.faults import Faults
from geo.intake.formats.part import Part
from geo.intake.formats.reading import SUFFIXES
from geo.intake.headings.folding import folded
from geo.intake.headings.synonyms import Synonyms
from geo.intake.layout.data_sheets import SheetChoice, choose_data_sheets
from geo.intake.layout.laying_out import Layout, lay_out
from geo.intake.likeness.questions import questions
from geo.intake.messages import message
from geo.intake.points import point_sheet
from geo.intake.positions.bounds import require_both
from geo.intake.positions.locating import POSITION_COLUMNS, RAW_COLUMNS, Surroundings, locate
from geo.intake.positions.systems import in_degrees
from geo.intake.process import Book, read_file
from geo.intake.reading import Value
from geo.intake.rows import Sheet
from geo.intake.table import MUST_BE_FILLED, Noted, Record, TableReader, frame_of, require_rows
from geo.terms import CONVERTED_POSITION, LABELS, Kind, Status, Verification

LEDGER_SHEET: Final = "设施台账"
PLAQUE_SHEET: Final = "挂牌"
LEDGER_SUFFIXES: Final = SUFFIXES
_COLUMNS: Final = (*FACILITIES.columns, *POSITION_COLUMNS, *DIVISION_COLUMNS)
_MAY_LACK: Final = frozenset({"facility_id", "kind", "status", "verification", "demonstration"})
_FILLED_IN: Final = frozenset({"facility_id", "kind", "status"})
_TOWNSHIP_DIGITS: Final = 9
_ID_DIGITS: Final = 10

_NO_LEDGER: Final = message(
    "file_without_ledger",
    "文件里没有像设施台账的工作表（现有：{names}）。"
    "表头至少要有名称和另外两列；或把有数据的那张改名为「设施台账」。",
    "No sheet has the headings of a ledger (found: {names}): a name and two others at least;"
    " or rename the sheet with the data 设施台账.",
)
_TOO_MANY: Final = message(
    "too_many_faults",
    "问题太多（超过 {count} 处），很可能表头或文件不对，请核对后再导入。",
    "There are over {count} faults: the headings or the file are probably not the right ones.",
)
_ID_MADE: Final = message(
    "facility_id_made",
    "没有设施编号，已按名称、类型和所在乡镇生成固定编号；同一文件再次导入编号不变。",
    "Facility ids were made from name, kind and township; the same file gives the same ids again.",
)
_KIND_FROM_NAME: Final = message(
    "kind_from_name",
    "没有类型，由名称认作「{kind}」。",
    "No kind is given; by the name it is '{kind_en}'.",
)
_STATUS_TAKEN: Final = message(
    "status_taken",
    "没有状态，按「运行中」登记；若已关闭或在建，请填写。",
    "No status is given: taken as operating; fill it in where a place is closed or being built.",
)
_PLACE_HELD: Final = message(
    "place_in_quarantine",
    "所属设施「{key}」有问题待改，这块牌一并暂存。",
    "Its facility '{key}' is held back, and this plaque with it.",
)
_ORDER: Final = message(
    "dates_reversed",
    "{end} 早于起始日期 {start}，请核对两个日期。",
    "{end} is before the first day {start}; check both.",
)
_VILLAGE: Final = message(
    "village_of_other_township",
    "村社区代码 {village} 不属于乡镇街道 {township}，请改正其中一个。",
    "Village {village} is not in township {township}; mend one of the two.",
)
_NO_PLACE: Final = message(
    "plaque_without_place",
    "设施编号「{key}」不在设施台账中，请改正编号或补上设施。",
    "Facility id '{key}' is not in the ledger; mend it or add the place.",
)
_SAME_ID: Final = message(
    "facility_id_twice",
    "设施编号「{key}」与第{row}行重复，请改正其中一个。",
    "Facility id '{key}' stands in row {row} too; mend one of the two.",
)


@dataclass(frozen=True)
class Setting:
    """What a ledger is read against.

    Attributes
    ----------
    townships : geopandas.GeoDataFrame, optional
        Of the district, to hold declared codes and positions against.
    facilities : geopandas.GeoDataFrame, optional
        Those in the store, whose positions tell a file's datum.
    synonyms : Synonyms, optional
        The office's own words for headings.
    datum : Datum, optional
        As the sender stated it.
    villages : pandas.DataFrame, optional
        Indexed by ``village_code``, with ``name_zh`` and ``township_code``.
    district_name : str, optional
        To tell a neighbour's places that are called like ours.
    """

    townships: gpd.GeoDataFrame | None = None
    facilities: gpd.GeoDataFrame | None = None
    synonyms: Synonyms | None = None
    datum: Datum | None = None
    villages: pd.DataFrame | None = None
    district_name: str | None = None

    @property
    def divisions(self) -> pd.DataFrame | None:
        """Townships and villages by code, with their names; None without townships."""
        if self.townships is None:
            return None
        own = pd.DataFrame(
            {"name_zh": self.townships["name_zh"], "township_code": self.townships.index}
        )
        if self.villages is None or self.villages.empty:
            return own
        return pd.concat([own, self.villages[["name_zh", "township_code"]]])

    @property
    def surroundings(self) -> Surroundings | None:
        """What positions are held against; None without townships."""
        if self.townships is None:
            return None
        return Surroundings(self.townships, known_places(self.facilities))


def known_places(facilities: gpd.GeoDataFrame | None) -> dict[str, tuple[float, float]]:
    """Return the positions of real places by name, of names that stand only once."""
    if facilities is None:
        return {}
    real = facilities[~facilities["demonstration"].fillna(False).astype(bool)]
    placed = real[real.geometry.notna() & ~real["name"].duplicated(keep=False)]
    pairs = zip(placed.geometry.x, placed.geometry.y, strict=True)
    return dict(zip(placed["name"], pairs, strict=True))


@dataclass(frozen=True)
class Ledger:
    """Places and plaques without a fault.

    Attributes
    ----------
    facilities : geopandas.GeoDataFrame
        Indexed by ``facility_id``; the other columns of
        :data:`geo.columns.FACILITIES`; a Point in EPSG:4490 or None.
    designations : pandas.DataFrame
        Numbered from 0; the columns of :data:`geo.columns.DESIGNATIONS`.
    tells_of_plaques : bool
        Whether the file has a sheet of plaques: without one it says nothing of them,
        which is not that there are none.
    ignored_headings : tuple of str
        Headings of the file that name no column, each once.
    """

    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    ignored_headings: tuple[str, ...] = ()
    tells_of_plaques: bool = True

    @property
    def plaques(self) -> pd.DataFrame | None:
        """The plaques, None where the file says nothing of them."""
        return self.designations if self.tells_of_plaques else None


@dataclass(frozen=True)
class ExaminedLedger:
    """A ledger's clean rows, and the account of all of its rows."""

    ledger: Ledger
    account: Examination


@dataclass
class _Draft:
    """What is being read."""

    file: str
    faults: Faults = field(default_factory=Faults)
    noted: list[Noted] = field(default_factory=list)
    left_out: list[LeftOutRow] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    tells_of_plaques: bool = False
    places: list[_Read] = field(default_factory=list)
    plaques: list[_Read] = field(default_factory=list)


@dataclass
class _Read:
    """One row as read: its reader, its record, its values, its position."""

    reader: TableReader
    record: Record
    values: dict[str, Any]
    point: Point | None = None

    @property
    def place(self) -> Place:
        return self.reader.place(self.record.number)


def read_ledger(
    path: Path, *, name: str | None = None, townships: gpd.GeoDataFrame | None = None
) -> Ledger:
    """Read a ledger of which every row must be clean.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    name : str, optional
        What to call it in messages and provenance, if not by the path's own name;
        its suffix says the type then.
    townships : geopandas.GeoDataFrame, optional
        To hold declared codes and positions against.

    Raises
    ------
    InputError
        Of the class of the first fault in reading order, which its message names
        with file, sheet, row and column, and how many more there are;
        :func:`geo.intake.faults.faults_of` returns them one by one.
    """
    draft = _read(read_file(path, takes=LEDGER_SUFFIXES, name=name), Setting(townships))
    draft.faults.raise_if_any()
    return _sorted_out(draft).ledger


def examine_ledger(book: Book, setting: Setting) -> ExaminedLedger:
    """Read a ledger as it comes: clean rows are taken, others held back with the reason.

    A workbook may have several sheets of places and of plaques, told by their
    headings whatever they are called; 「设施台账」 and 「挂牌」 decide by their names.
    Titles, totals and notes are left out and told. An empty cell is unknown, which
    is not zero. Without a verification every place is pending, without the mark of
    demonstration data none is; a plaque without that column takes its place's mark.

    Parameters
    ----------
    book : Book
        As :func:`geo.intake.process.read_file` returns it.
    setting : Setting
        What it is read against.

    Raises
    ------
    InputError
        No row can be read: no sheet is a ledger, a required column is missing, or
        there are more faults than anybody would mend one by one.
    """
    draft = _read(book, setting)
    if draft.faults.too_many:
        fault: InputError = _TOO_MANY.fault(InputError, count=len(draft.faults.kept))
        fault.place = Place(file=book.file)
        raise fault
    found = _sorted_out(draft)
    if setting.townships is None or setting.townships.geometry.isna().all():
        return found
    asked = questions(
        found.ledger.facilities, setting.facilities, measuring_crs_of(setting.townships)
    )
    account = replace(found.account, noted=(*found.account.noted, *asked))
    return replace(found, account=account)


def _read(book: Book, setting: Setting) -> _Draft:
    synonyms = setting.synonyms
    draft = _Draft(book.file)
    head = Place(file=book.file)
    draft.noted += [Noted(head, remark) for part in book.parts for remark in part.remarks]
    sheets = {id(sheet): (sheet, part) for sheet, part in _tables(book, draft)}
    chosen = _choose(book, [sheet for sheet, _ in sheets.values()], synonyms)
    draft.left_out += [
        LeftOutRow(Place(file=book.file, sheet=left.name or None), left.reason)
        for left in chosen.left_out
    ]
    for sheet in chosen.ledgers:
        reader = _reader(sheet, sheets[id(sheet)][1], draft, setting)
        places = _places(reader, setting)
        _locate(places, draft, setting)
        draft.places += places
        draft.ignored += reader.ignored
    _check_ids(draft)
    marks = {read.values["facility_id"]: read.values["demonstration"] for read in draft.places}
    draft.tells_of_plaques = bool(chosen.plaques)
    for sheet in chosen.plaques:
        if len(sheet.rows) > 1:
            reader = _plaque_reader(sheet, sheets[id(sheet)][1], draft, synonyms)
            draft.plaques += _plaques(reader, marks)
            draft.ignored += reader.ignored
    _sort_faults(draft)
    return draft


def _sort_faults(draft: _Draft) -> None:
    """Put the faults in reading order; positions were looked at when all rows were there."""
    readers = list(
        {id(read.reader): read.reader for read in (*draft.places, *draft.plaques)}.values()
    )
    order = {reader.sheet.name: number for number, reader in enumerate(readers)}
    columns = {reader.sheet.name: reader.positions_by_heading for reader in readers}

    def key(place: Place) -> tuple[int, ...]:
        position = columns.get(place.sheet, {}).get(place.column or "", -1)
        return order.get(place.sheet, 0), place.row or 0, position

    draft.faults.sort(key)


def _tables(book: Book, draft: _Draft) -> Iterator[tuple[Sheet, Part]]:
    """Return each visible part as a sheet of rows."""
    for part in book.parts:
        if part.features is not None:
            features, remarks = in_degrees(part, book.file)
            sheet, dropped = point_sheet(book.file, features, part.name)
            draft.ignored += dropped
            draft.noted += [Noted(sheet.place(), remark) for remark in remarks]
            yield sheet, part
        elif not part.hidden:
            yield part.sheet(book.file), part


def _choose(book: Book, sheets: Sequence[Sheet], synonyms: Synonyms | None) -> SheetChoice:
    """Tell the sheets apart; a file's only table is the ledger, whatever its headings."""
    hidden = [part.name or "" for part in book.parts if part.hidden]
    filled = [sheet for sheet in sheets if sheet.rows]
    if len(filled) == 1 and (filled[0].name or "").strip() != PLAQUE_SHEET:
        return SheetChoice((filled[0],), (), ())
    if not filled:
        raise EmptyFileError(
            zh="没有数据：表头下面应至少有一行。",
            en="There are no data: at least one row must follow the headings.",
            place=Place(file=book.file),
        )
    found = choose_data_sheets(sheets, hidden=hidden, synonyms=synonyms)
    if found.ledgers:
        return found
    fault = _NO_LEDGER.fault(FileTypeError, names=tuple(sheet.name or "—" for sheet in sheets))
    fault.place = Place(file=book.file)
    raise fault


def _reader(sheet: Sheet, part: Part, draft: _Draft, setting: Setting) -> TableReader:
    synonyms = setting.synonyms
    # A layer has its headings where they belong.
    layout = (
        lay_out(sheet, _COLUMNS, merged=part.merged, synonyms=synonyms)
        if part.features is None
        else Layout(sheet)
    )
    place = sheet.place()
    draft.noted += [Noted(place, remark) for remark in layout.remarks]
    draft.noted += [Noted(sheet.place(one.first), one.remark) for one in layout.filled]
    draft.left_out += [LeftOutRow(sheet.place(left.row), left.reason) for left in layout.left_out]
    require_rows(layout.sheet)
    reader = TableReader(
        layout.sheet,
        _COLUMNS,
        draft.faults,
        may_lack=_MAY_LACK,
        synonyms=synonyms,
        units=layout.units,
        forgiving=True,
        optional=_FILLED_IN,
        raw=RAW_COLUMNS | ({"township_code"} if setting.townships is not None else set()),
        noted=draft.noted,
    )
    require_both(reader)
    for name, remark in (("facility_id", _ID_MADE), ("status", _STATUS_TAKEN)):
        if name not in reader.headings.positions:
            draft.noted.append(Noted(place, remark.remark()))
    return reader


def _places(reader: TableReader, setting: Setting) -> list[_Read]:
    found = []
    records = list(reader.records())
    for record in with_divisions(reader, records, setting.divisions, setting.district_name):
        _check_order(record, reader, "opened_on", "closed_on")
        _check_village(record, reader)
        values: dict[str, Any] = {
            "verification": Verification.PENDING.value,
            "demonstration": False,
            **record.values,
            **_provenance(reader.sheet, record),
        }
        _fill_kind(values, record, reader)
        _fill_status(values, record, reader)
        _fill_id(values, record, reader)
        found.append(_Read(reader, record, values))
    return found


def _locate(reads: Sequence[_Read], draft: _Draft, setting: Setting) -> None:
    """Give each row of a sheet its position."""
    if not reads:
        return
    reader = reads[0].reader
    records = [read.record for read in reads]
    located = locate(reader, records, setting.surroundings, setting.datum)
    draft.noted += [Noted(reader.sheet.place(), remark) for remark in located.remarks]
    for read, point in zip(reads, located.points, strict=True):
        read.point = point
        if point is not None and located.converted_from and not read.values.get("position_source"):
            read.values["position_source"] = f"{CONVERTED_POSITION}{located.converted_from}"


def _fill_kind(values: dict[str, Any], record: Record, reader: TableReader) -> None:
    """Tell a kind that is not given by the name; where that says none, the row has a fault."""
    if values.get("kind") is not None or "kind" in record.faulty:
        return
    place = reader.place(record.number, "kind" if "kind" in reader.headings.positions else "name")
    try:
        values["kind"] = read_cell(str(values.get("name") or ""), FACILITIES["kind"]).value
    except InputError:
        values["kind"] = None
    if values["kind"] is None:
        reader.faults.add(MUST_BE_FILLED.fault(), place)
    else:
        kind = LABELS[Kind][Kind(values["kind"])]
        reader.noted.append(Noted(place, _KIND_FROM_NAME.remark(kind=kind.zh, kind_en=kind.en)))


def _fill_status(values: dict[str, Any], record: Record, reader: TableReader) -> None:
    if values.get("status") is not None or "status" in record.faulty:
        return
    values["status"] = Status.OPERATING.value
    if "status" in reader.headings.positions:
        reader.note(_STATUS_TAKEN.remark(), record.number, "status")


def _fill_id(values: dict[str, Any], record: Record, reader: TableReader) -> None:
    if values.get("facility_id") is not None or "facility_id" in record.faulty:
        return
    values["facility_id"] = made_id(values.get("name"), values.get("kind"), values)
    if "facility_id" in reader.headings.positions:
        reader.note(_ID_MADE.remark(), record.number, "facility_id")


def made_id(name: Value | None, kind: Value | None, values: dict[str, Any]) -> str:
    """Return the id of a place that has none: the same for the same name, kind and township.

    Examples
    --------
    >>> made_id("科普馆", "science_museum", {"township_code": "430503001"})
    'auto-5a2baa423a'
    """
    township = values.get("township_code") or values.get("village_code") or ""
    told = "|".join((folded(str(name)), str(kind), str(township)[:_TOWNSHIP_DIGITS]))
    return f"auto-{hashlib.sha256(told.encode()).hexdigest()[:_ID_DIGITS]}"


def _check_ids(draft: _Draft) -> None:
    seen: dict[object, _Read] = {}
    for read in draft.places:
        key = read.values.get("facility_id")
        first = seen.setdefault(key, read)
        if key is not None and first is not read:
            fault = _SAME_ID.fault(DuplicateError, key=str(key), row=first.record.number)
            draft.faults.add(fault, read.reader.place(read.record.number, "facility_id"))


def _plaque_reader(
    sheet: Sheet, part: Part, draft: _Draft, synonyms: Synonyms | None
) -> TableReader:
    layout = lay_out(sheet, DESIGNATIONS.columns, merged=part.merged, synonyms=synonyms)
    draft.left_out += [LeftOutRow(sheet.place(left.row), left.reason) for left in layout.left_out]
    draft.noted += [Noted(sheet.place(one.first), one.remark) for one in layout.filled]
    return TableReader(
        layout.sheet,
        DESIGNATIONS.columns,
        draft.faults,
        may_lack=frozenset({"demonstration"}),
        synonyms=synonyms,
        forgiving=True,
        noted=draft.noted,
    )


def _plaques(reader: TableReader, marks: dict[Any, Any]) -> list[_Read]:
    found = []
    for record in reader.records():
        _check_order(record, reader, "valid_from", "valid_to")
        key = record.values["facility_id"]
        if key is not None and key not in marks:
            fault = _NO_PLACE.fault(key=str(key))
            reader.faults.add(fault, reader.place(record.number, "facility_id"))
        own = {"demonstration": marks.get(key, False)}
        values = own | record.values | _provenance(reader.sheet, record)
        found.append(_Read(reader, record, values))
    return found


def _check_order(record: Record, reader: TableReader, first: str, last: str) -> None:
    start, end = record.values.get(first), record.values.get(last)
    if start is not None and end is not None and end < start:  # type: ignore[operator]
        fault = _ORDER.fault(start=start, end=end)
        reader.faults.add(fault, reader.place(record.number, last))


def _check_village(record: Record, reader: TableReader) -> None:
    township, village = record.values.get("township_code"), record.values.get("village_code")
    if township is None or village is None or str(village)[:_TOWNSHIP_DIGITS] == township:
        return
    fault = _VILLAGE.fault(village=village, township=township)
    reader.faults.add(fault, reader.place(record.number, "village_code"))


def _provenance(sheet: Sheet, record: Record) -> dict[str, Any]:
    return {
        "source_file": sheet.file,
        "source_sheet": sheet.name,
        "source_row": record.number,
    }


def _sorted_out(draft: _Draft) -> ExaminedLedger:
    """Part clean rows from the others; a plaque is held back with its place."""
    by_row = ByRow.of(draft.faults.kept)
    places = [read for read in draft.places if not by_row.at(read.place)]
    clean = {read.values["facility_id"] for read in places}
    held = [(read, by_row.at(read.place)) for read in draft.places if by_row.at(read.place)]
    plaques = []
    for read in draft.plaques:
        faults = by_row.at(read.place)
        key = read.values.get("facility_id")
        if not faults and key not in clean:
            fault = _PLACE_HELD.fault(key=str(key))
            fault.place = read.reader.place(read.record.number, "facility_id")
            faults = (fault,)
        if faults:
            held.append((read, faults))
        else:
            plaques.append(read)
    ignored = tuple(dict.fromkeys(draft.ignored))
    ledger = Ledger(_facilities(places), _designations(plaques), ignored, draft.tells_of_plaques)
    account = Examination(
        draft.file,
        taken=tuple(read.place for read in (*places, *plaques)),
        quarantined=tuple(
            Quarantined(
                read.place,
                read.reader.cells_by_heading(read.record),
                faults,
                read.reader.positions_by_heading,
                _stated_id(read),
            )
            for read, faults in held
        ),
        left_out=tuple(draft.left_out),
        noted=tuple(draft.noted),
        ignored_headings=ignored,
    )
    return ExaminedLedger(ledger, account)


def _stated_id(read: _Read) -> str | None:
    """Return the facility's id where the row itself states it."""
    stated = read.record.values.get("facility_id")
    return str(stated) if stated is not None else None


def _facilities(places: Sequence[_Read]) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries([read.point for read in places], crs=STORAGE_CRS)
    rows = frame_of([read.values for read in places], FACILITIES)
    frame = gpd.GeoDataFrame(rows, geometry=geometry)
    return conform(frame, FACILITIES).set_index(FACILITIES.key)


def _designations(plaques: Sequence[_Read]) -> pd.DataFrame:
    return conform(frame_of([read.values for read in plaques], DESIGNATIONS), DESIGNATIONS)
