"""Fonts that really have the characters to be drawn: never a box instead of a character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from matplotlib import font_manager
from matplotlib.font_manager import FontEntry, FontPath
from matplotlib.ft2font import FT2Font

from geo.core.errors import OutputError, Place

_PROBE: Final = "科普设施示意图审号内部工作用不得公开，（）"
_PREFERRED: Final = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "STHeiti", "SimHei",
    "DengXian", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimSun", "Songti SC",
    "Noto Serif CJK SC", "Source Han Serif SC", "Arial Unicode MS", "Droid Sans Fallback",
)  # fmt: skip
# Fonts that have a picture for every character: a box with a number in it.
_PLACEHOLDERS: Final = re.compile(r"last.?resort|adobe.?blank|notdef|unifont", re.IGNORECASE)
_REGULAR, _BOLD, _BOLDEST = 400, 600, 800
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
_SELECTORS: Final = range(0xFE00, 0xFE10)
_EM: Final = 100.0
_FIXED_POINT: Final = 65_536
_COLLECTION: Final = b"ttcf"
_COMPACT_OUTLINES: Final = b"OTTO"


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file; ``index`` tells it apart in a collection (.ttc)."""

    path: str
    index: int = 0

    @property
    def font_path(self) -> FontPath:
        """What matplotlib takes."""
        return FontPath(self.path, self.index)

    def has(self, character: str) -> bool:
        """Tell whether the face draws a character."""
        return ord(character) in _characters(self)

    def width_em(self, text: str) -> float:
        """Return how wide a text is, as a multiple of the size of the font."""
        return sum(_advance(self, character) for character in text)

    @property
    def has_compact_outlines(self) -> bool:
        """Whether the outlines are CFF, which a PDF cannot hold as TrueType."""
        with Path(self.path).open("rb") as file:
            head = file.read(4)
            if head == _COLLECTION:
                file.seek(12 + 4 * self.index)
                file.seek(int.from_bytes(file.read(4), "big"))
                head = file.read(4)
        return head == _COMPACT_OUTLINES


@cache
def _characters(face: Face) -> frozenset[int]:
    try:
        font = font_manager.get_font(face.font_path)
        return frozenset(code for code, glyph in font.get_charmap().items() if glyph)
    except (OSError, RuntimeError):
        # A file that has gone since the list was made, or that is no font after all.
        return frozenset()


@cache
def _advance(face: Face, character: str) -> float:
    font = font_manager.get_font(face.font_path)
    font.set_size(_EM, 72)
    return float(font.load_char(ord(character)).linearHoriAdvance) / _FIXED_POINT / _EM


@dataclass(frozen=True)
class Fonts:
    """The faces of a sheet, in the order in which they are asked for a character.

    Attributes
    ----------
    regular, bold : tuple of Face
        The first that has a character draws it.
    """

    regular: tuple[Face, ...]
    bold: tuple[Face, ...]

    def runs(self, text: str, *, bold: bool = False) -> list[tuple[Face, str]]:
        """Return a text as pieces, each with a face that has all its characters.

        Raises
        ------
        OutputError
            A character is in none of them; the message names it.
        """
        faces = self.bold if bold else self.regular
        whole = next((f for f in faces if all(_may_draw(f, each, faces) for each in text)), None)
        if whole is not None:
            return [(whole, text)]
        pieces: list[tuple[Face, str]] = []
        for character in text:
            face = _face_of(character, faces)
            if pieces and pieces[-1][0] == face:
                pieces[-1] = (face, pieces[-1][1] + character)
            else:
                pieces.append((face, character))
        return pieces

    def width_em(self, text: str, *, bold: bool = False) -> float:
        """Return how wide a text is, as a multiple of the size of the font."""
        return sum(face.width_em(piece) for face, piece in self.runs(text, bold=bold))


def _may_draw(face: Face, character: str, faces: Sequence[Face]) -> bool:
    """Tell whether a face draws a character as it is meant.

    Codes for private use are rare characters of names in Chinese fonts and anything at all
    in fonts of symbols: only a Chinese font, or the one asked for, is believed.
    """
    if not face.has(character):
        return False
    is_private = unicodedata.category(character) == "Co"
    return not is_private or face == faces[0] or _draws_chinese(face)


def _face_of(character: str, faces: Sequence[Face]) -> Face:
    for face in faces:
        if _may_draw(face, character, faces):
            return face
    code = f"U+{ord(character):04X}"
    raise OutputError(
        zh=f"找到的字体都没有「{character}」（{code}）这个字，图上会缺字，没有输出。"
        "请用 --font（或设置 KEPU_FONT）指定有这个字的字体文件，或修改台账里的名称。",
        en=f"No font that was found has '{character}' ({code}); nothing was written. Name a font "
        "file that has it by --font (or the setting KEPU_FONT), or change the name in the ledger.",
    )


def find_fonts(path: Path | None = None) -> Fonts:
    """Return the fonts of this machine with which Chinese can be drawn.

    Parameters
    ----------
    path : pathlib.Path, optional
        A .ttf, .otf or .ttc file to be asked first.

    Raises
    ------
    OutputError
        The file is no font, or no font of the machine has Chinese characters.

    Examples
    --------
    >>> fonts = find_fonts()
    >>> fonts.regular[0].has("祥")
    True
    """
    entries = _known_entries()
    asked = () if path is None else _faces_in(path)
    chosen = asked[:1] if asked and _draws_chinese(asked[0]) else _chinese(entries)
    if not chosen:
        # The list is kept from run to run; a font may have been installed since.
        entries = _usable(font_manager.FontManager().ttflist)
        chosen = _chinese(entries)
    if not chosen:
        raise OutputError(
            zh="这台电脑上没有找到中文字体。请安装思源黑体（Noto Sans CJK）等中文字体，"
            "或用 --font（或设置 KEPU_FONT）指定字体文件。",
            en="No Chinese font was found on this machine. Install one, such as Noto Sans CJK, "
            "or name a font file by --font (or the setting KEPU_FONT).",
        )
    rest = tuple(_face(entry) for entry in _plain(entries))
    bold = () if asked else _bold_of(chosen[0], entries)
    first = (*asked, *chosen)
    return Fonts(_once((*first, *rest)), _once((*bold, *first, *rest)))


def _once(faces: Iterable[Face]) -> tuple[Face, ...]:
    return tuple(dict.fromkeys(faces))


def _known_entries() -> list[FontEntry]:
    return _usable(font_manager.fontManager.ttflist)


def _usable(entries: Iterable[FontEntry]) -> list[FontEntry]:
    kept = [entry for entry in entries if not _PLACEHOLDERS.search(f"{entry.name} {entry.fname}")]
    return sorted(kept, key=lambda entry: (str(entry.fname), entry.index))


def _face(entry: FontEntry) -> Face:
    return Face(str(entry.fname), int(entry.index))


def _is_plain(entry: FontEntry) -> bool:
    return entry.style == "normal" and entry.weight == _REGULAR


def _plain(entries: Iterable[FontEntry]) -> Iterator[FontEntry]:
    return (entry for entry in entries if _is_plain(entry))


def _draws_chinese(face: Face) -> bool:
    return all(map(face.has, _PROBE))


def _chinese(entries: list[FontEntry]) -> tuple[Face, ...]:
    """Return the face that suits best and has Chinese characters; none where there is none."""
    ranked = [e for name in _PREFERRED for e in entries if e.name == name and _is_plain(e)]
    for entry in (*ranked, *_plain(entries)):
        if _draws_chinese(_face(entry)):
            return (_face(entry),)
    return ()


def _bold_of(face: Face, entries: list[FontEntry]) -> tuple[Face, ...]:
    own = next((e for e in entries if _face(e) == face), None)
    if own is None:
        return ()
    bold = [
        _face(e)
        for e in entries
        if e.name == own.name and e.style == "normal" and _BOLD <= _weight(e) <= _BOLDEST
    ]
    return tuple(found for found in bold if _draws_chinese(found))[:1]


def _weight(entry: FontEntry) -> int:
    return entry.weight if isinstance(entry.weight, int) else _REGULAR


def _faces_in(path: Path) -> tuple[Face, ...]:
    """Return the faces of a font file, those for simplified Chinese first."""
    try:
        count = FT2Font(str(path)).num_faces
        names = {
            Face(str(path), index): FT2Font(str(path), face_index=index).family_name
            for index in range(count)
        }
    except (OSError, RuntimeError) as error:
        raise OutputError(
            zh="读不了这个字体文件；请指定 .ttf、.otf 或 .ttc 字体文件。",
            en="The font file cannot be read; name a .ttf, .otf or .ttc file.",
            place=Place(file=path.name),
        ) from error
    return tuple(
        sorted(names, key=lambda face: (not names[face].endswith((" SC", " CN")), face.index))
    )


def printable(text: object, most: int = 40) -> str:
    r"""Return a text from outside as it goes on paper: one line, nothing unseen, cut.

    Control characters, direction overrides and selectors are left out; characters are
    never read as markup.

    Parameters
    ----------
    text : object
        What a user wrote.
    most : int
        Characters that are kept, the mark of the cut among them.

    Examples
    --------
    >>> printable("a\u202eb\n c"), printable("城东街道便民展厅", 5)
    ('ab c', '城东街道…')
    >>> printable(r"$\frac{1}{0}$")
    '$\\frac{1}{0}$'
    """
    # Cut first: a cell may hold a million characters.
    begun = unicodedata.normalize("NFC", str(text)[: 8 * most])
    seen = "".join(
        " " if character.isspace() else character
        for character in begun
        if character.isspace()
        or (unicodedata.category(character) not in _UNSEEN and ord(character) not in _SELECTORS)
    )
    line = " ".join(seen.split())
    return line if len(line) <= most and len(str(text)) <= 8 * most else f"{line[: most - 1]}…"
