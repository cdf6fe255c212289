"""What lies beside every exported file: its fields, its checksum, and what it rests on.

What a profile leaves out is told as rules, never as a number of rows.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import orjson

from geo.core.fields import SHORT_NAMES
from geo.core.json_values import Record
from geo.core.schema import Column
from geo.core.vocabulary import LABELS, Caliber, Quality, Scope
from geo.measures.study import Study
from geo.publish.files.systems import System
from geo.publish.study_json.marks import marks

NOT_PUBLIC: Final = "内部工作用图 不得公开"
_PROGRAM: Final = "kepu-atlas"


def facts(
    study: Study, *, name: str, zh: str, system: System, columns: tuple[Column, ...], count: int
) -> Record:
    """Return what is said of a layer before its file is made, as stands within the file.

    Parameters
    ----------
    study : Study
        Whose marks it carries.
    name, zh : str
        Of the collection.
    system : System
        Of the coordinates.
    columns : tuple of Column
        That the file has.
    count : int
        Of features.
    """
    told = marks(study)
    return {
        "program": _PROGRAM,
        "collection": name,
        "title": zh,
        "district": {"code": study.data.district_code, "name_zh": study.data.district_name},
        "feature_count": count,
        "remarks": [],
        "coordinates": system.record(),
        **told,
        "map_words": _map_words(told["map"]),
        "qualities": _qualities(study, told),
        "fields": [_field(column) for column in columns],
    }


def _map_words(notes: Record) -> list[str]:
    words = [f"审图号：{notes['approval_number']}" if notes["approval_number"] else NOT_PUBLIC]
    return [*words, "示意图"] if notes["schematic"] else words


def _qualities(study: Study, told: Record) -> list[Record]:
    """Return the quality words of boundaries, population and sources that occur."""
    found = {
        "boundaries": sorted(set(study.data.townships["quality"].dropna())),
        "population": [told["denominator"]["quality"]],
        "sources": sorted({source["quality"] for source in told["sources"]}),
    }
    return [
        {"of": what, "quality": word, "zh": LABELS[Quality][Quality(word)].zh}
        for what, words in found.items()
        for word in words
    ]


def _field(column: Column) -> Record:
    return {
        "name": column.name,
        "short_name": SHORT_NAMES.get(column.name),
        "zh": column.zh,
        "en": column.en,
        "unit": column.unit or None,
        "type": column.dtype,
    }


def manifest_bytes(told: Record, *, file: str, content: bytes, extra: Record) -> bytes:
    """Return the manifest of a file that was made, as JSON.

    Parameters
    ----------
    told : dict
        As :func:`facts` returned it.
    file : str
        The file's name, without its folder.
    content : bytes
        Of the file.
    extra : dict
        What the format has to tell: texts that were cut.
    """
    head = {
        "file": file,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return orjson.dumps(head | told | extra, option=orjson.OPT_INDENT_2) + b"\n"


def facts_text(told: Record) -> str:
    """Return what is said of a layer as JSON, to stand within a file."""
    return orjson.dumps(told).decode()


def notes_of(told: Record) -> list[str]:
    """Return the same for a person, a line for each thing.

    Examples
    --------
    The second sheet of ``kepu export townships 乡镇.xlsx`` shows them.
    """
    people, travel = told["denominator"], told["travel"]
    caliber = LABELS[Caliber][Caliber(told["caliber"])].zh
    scope = LABELS[Scope][Scope(told["scope"])].zh
    lines = [
        f"{told['district']['name_zh']}（{told['district']['code']}） {told['title']}",
        *told["map_words"],
        "含演示数据，非真实台账" if told["demonstration"] else "",
        _warning(told["coordinates"]),
        f"截止日期：{told['on']}",
        f"口径：{caliber} · 范围：{scope} · 人口分母：{people['zh']}",
        f"情景：{told['scenario']['name']} {told['scenario']['digest']}",
        f"要素数：{told['feature_count']}",
        *(remark["zh"] for remark in told["remarks"]),
        f"坐标系：{told['coordinates']['id']} {told['coordinates']['zh']}",
        f"人口分布：{told['surface']['zh']}",
        f"出行：{travel['zh']}",
        "数据质量：" + "、".join(dict.fromkeys(row["zh"] for row in told["qualities"])),
        *_profile_lines(told["profile"]),
        *(_source_line(source) for source in told["sources"]),
    ]
    return [line for line in lines if line]


def _warning(coordinates: Record) -> str:
    warning: dict[str, Any] | None = coordinates["warning"]
    return "" if warning is None else f"警告：{warning['zh']} Warning: {warning['en']}"


def _profile_lines(profile: Record) -> list[str]:
    columns = "、".join(profile["columns"])
    return [
        f"给谁用：{profile['profile_zh']}",
        *([f"略去的列：{columns}"] if columns else []),
        *(f"略去：{rule['zh']}" for rule in profile["rules"]),
    ]


def _source_line(source: Record) -> str:
    return (
        f"来源：{source['title_zh']}，{source['publisher']}，{source['published_on']}，"
        f"许可 {source['licence']}"
    )
