"""The documents of the service as pages to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson
from fastapi import Request
from starlette.responses import HTMLResponse

from api.answers import Answer
from api.web.ogc.links import Link, base_of
from api.web.ogc.request import Asking
from api.web.security import nonce, page_policy
from geo.core.errors import Lang
from geo.core.fields import fields_of, is_worded
from geo.core.json_values import Record
from geo.core.schema import Column
from geo.core.sentences import Sentences
from geo.core.vocabulary import label
from geo.publish.features import COLLECTIONS
from layers.text import words
from layers.web.records import Cell, RecordsPage, render_records

TEXT: Final = Sentences("api.web")

_MOST_IN_CELL: Final = 200
_TYPES: Final = {
    "text": TEXT.words("text"),
    "real": TEXT.words("number"),
    "integer": TEXT.words("integer"),
    "boolean": TEXT.words("yes_or_no"),
    "date": TEXT.words("date"),
}
_TITLES: Final[dict[str, tuple[str, str]]] = {
    "self": TEXT.words("this_page"),
    "next": TEXT.words("next_page"),
    "prev": TEXT.words("previous_page"),
    "alternate": ("JSON", "JSON"),
    "collection": TEXT.words("collection"),
    "items": TEXT.words("items"),
    "queryables": TEXT.words("queryables"),
    "schema": TEXT.words("properties"),
}
_PROPERTY_HEADS: Final = (
    TEXT.words("property"),
    TEXT.words("label"),
    TEXT.words("type"),
    TEXT.words("unit"),
    TEXT.words("values"),
)


def _response(page: RecordsPage, lang: Lang, headers: dict[str, str] | None = None) -> HTMLResponse:
    policy = {"content-security-policy": page_policy(nonce())}
    return HTMLResponse(render_records(page, lang=lang), headers=(headers or {}) | policy)


def _pick(lang: Lang, pair: tuple[str, str]) -> str:
    return pair[lang == "en"]


def _trail(base: str, lang: Lang, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    tail = "?lang=en" if lang == "en" else ""
    first = [
        (_pick(lang, TEXT.words("science_outreach_atlas")), f"{base}/{tail}"),
        (_pick(lang, TEXT.words("data_service")), f"{base}/service{tail}"),
    ]
    return [*first, *((title, f"{base}{path}{tail}") for title, path in steps)]


def _marks(answer: Answer, lang: Lang) -> tuple[list[str], list[str]]:
    """Return the sentences of what an answer rests on, and those that nobody may overlook."""
    told, said = answer.marks, words(lang)
    choices = answer.study.scenario
    notes = [
        " · ".join(
            (
                f"{said['on']} {told['on']}",
                label(choices.caliber, lang),
                label(choices.scope, lang),
                told["denominator"][lang],
                f"{said['digest']} {told['scenario']['digest']}",
            )
        ),
        " ".join(rule[lang] for rule in told["profile"]["rules"]),
        "; ".join(row["title_zh" if lang == "zh" else "title_en"] for row in told["sources"]),
    ]
    number = told["map"]["approval_number"]
    approval = said["approval"].format(number=number) if number else said["no_approval"]
    warnings = [said["demonstration"]] if told["demonstration"] else []
    warnings += [said["schematic_note"]] if told["map"]["schematic"] else []
    return notes, [*warnings, approval]


def items_page(
    asked: Asking,
    name: str,
    answer: Answer,
    encoded: Iterable[bytes],
    links: Sequence[Link],
    *,
    feature_id: str | None = None,
) -> HTMLResponse:
    """Return features as a table, or one of them with a line for each property."""
    lang, base = asked.query.lang, base_of(asked.request)
    found = COLLECTIONS[name]
    title = getattr(found, lang)
    notes, warnings = _marks(answer, lang)
    warnings += [] if asked.note is None else [asked.note[lang]]
    features = [orjson.loads(one) for one in encoded]
    columns = fields_of(name)
    if feature_id is None:
        heads, rows = _table(base, name, features, columns, lang)
    else:
        heads, rows = _card(features[0], columns, lang)
    page = RecordsPage(
        title=title if feature_id is None else f"{title} {feature_id}",
        trail=_trail(
            base, lang, (_pick(lang, TEXT.words("collections_2")), "/collections"),
            (title, f"/collections/{name}"),
        ),
        notes=notes,
        warnings=warnings,
        heads=heads,
        rows=rows,
        links=_leading_on(links, lang),
    )  # fmt: skip
    return _response(page, lang, asked.headers)


def _table(
    base: str, name: str, features: list[Record], columns: Sequence[Column], lang: Lang
) -> tuple[list[str], list[list[Cell]]]:
    shown = [column for column in columns if any(_of(row, column, lang) for row in features)]
    tail = "?lang=en" if lang == "en" else ""
    heads = ["id", *(_head(column, lang) for column in shown)]
    rows: list[list[Cell]] = [
        [
            (str(row["id"]), f"{base}/collections/{name}/items/{row['id']}{tail}"),
            *(_of(row, column, lang) for column in shown),
        ]
        for row in features
    ]
    return heads, rows


def _card(
    feature: Record, columns: Sequence[Column], lang: Lang
) -> tuple[list[str], list[list[Cell]]]:
    rows: list[list[Cell]] = [
        [_head(column, lang), column.name, _of(feature, column, lang) or "—"] for column in columns
    ]
    place = orjson.dumps(feature["geometry"]).decode()
    kind = feature["geometry"]["type"] if feature["geometry"] else "—"
    rows.append([_pick(lang, TEXT.words("geometry")), kind, place[:_MOST_IN_CELL]])
    return [_pick(lang, _PROPERTY_HEADS[1]), _pick(lang, _PROPERTY_HEADS[0]), ""], rows


def _head(column: Column, lang: Lang) -> str:
    label = column.en if lang == "en" else column.zh
    return f"{label} ({column.unit})" if column.unit else label


def _of(feature: Record, column: Column, lang: Lang) -> str:
    """Return a value as it is read: a term by its label, a number with its thousands apart."""
    value = feature["properties"].get(column.name)
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, bool):
        return _pick(lang, TEXT.words("yes") if value else TEXT.words("no"))
    if isinstance(value, int | float):
        return f"{value:,.12g}" if column.unit else f"{value:.12g}"
    if isinstance(value, str):
        told = label(column.choices(value), lang) if column.choices else value
        return told[:_MOST_IN_CELL]
    return orjson.dumps(value).decode()[:_MOST_IN_CELL]


def _leading_on(links: Sequence[Link], lang: Lang) -> list[tuple[str, str]]:
    wanted = ("prev", "next", "alternate", "items", "queryables", "schema")
    by_rel = {found["rel"].rsplit("/", 1)[-1]: found for found in links}
    return [(_pick(lang, _TITLES[rel]), by_rel[rel]["href"]) for rel in wanted if rel in by_rel]


def collections_html(
    asked: Asking, answer: Answer, records: Sequence[Record], links: Sequence[Link]
) -> HTMLResponse:
    """Return the list of the collections."""
    lang, base = asked.query.lang, base_of(asked.request)
    notes, warnings = _marks(answer, lang)
    tail = "?lang=en" if lang == "en" else ""
    page = RecordsPage(
        title=_pick(lang, ("要素集合", "Collections")),
        trail=_trail(base, lang),
        notes=notes,
        warnings=warnings,
        heads=[
            _pick(lang, pair) for pair in (TEXT.words("collection_2"), TEXT.words("what_it_holds"))
        ]
        + ["id"],
        rows=[
            [
                (row["title"], f"{base}/collections/{row['id']}{tail}"),
                row["description"],
                row["id"],
            ]
            for row in records
        ],
        links=_leading_on(links, lang),
    )
    return _response(page, lang, asked.headers)


def collection_html(
    asked: Asking, answer: Answer, record: Record, columns: Sequence[Column]
) -> HTMLResponse:
    """Return one collection with its properties."""
    lang, base = asked.query.lang, base_of(asked.request)
    notes, warnings = _marks(answer, lang)
    page = RecordsPage(
        title=record["title"],
        trail=_trail(base, lang, (_pick(lang, TEXT.words("collections_2")), "/collections")),
        notes=[record["description"], *notes, *record["crs"]],
        warnings=warnings,
        heads=[_pick(lang, head) for head in _PROPERTY_HEADS],
        rows=_property_rows(columns, lang),
        links=_leading_on(record["links"], lang),
    )
    return _response(page, lang, asked.headers)


def fields_html(asked: Asking, name: str, what: str, columns: Sequence[Column]) -> HTMLResponse:
    """Return the properties of a collection, or those that may be asked about."""
    lang, base = asked.query.lang, base_of(asked.request)
    title = getattr(COLLECTIONS[name], lang)
    page = RecordsPage(
        title=f"{title}: {_pick(lang, _TITLES[what])}",
        trail=_trail(
            base, lang, (_pick(lang, TEXT.words("collections_2")), "/collections"),
            (title, f"/collections/{name}"),
        ),
        heads=[_pick(lang, head) for head in _PROPERTY_HEADS],
        rows=_property_rows(columns, lang),
    )  # fmt: skip
    return _response(page, lang, asked.headers)


def _property_rows(columns: Sequence[Column], lang: Lang) -> list[list[Cell]]:
    return [
        [
            column.name,
            column.en if lang == "en" else column.zh,
            _pick(lang, _TYPES[column.dtype]),
            column.unit,
            _values(column, lang),
        ]
        for column in columns
    ]


def _values(column: Column, lang: Lang) -> str:
    """Return the codes of a property, each with what it means."""
    if not is_worded(column):
        return ", ".join(choice.value for choice in column.choices or ())
    return ", ".join(f"{term.value} {label(term, lang)}" for term in column.choices or ())


def conformance_html(request: Request, lang: Lang, classes: Sequence[str]) -> HTMLResponse:
    """Return the list of conformance classes."""
    page = RecordsPage(
        title=_pick(lang, ("符合的标准", "Conformance")),
        trail=_trail(base_of(request), lang),
        heads=[_pick(lang, TEXT.words("conformance_class"))],
        rows=[[name] for name in classes],
    )
    return _response(page, lang)


def service_html(request: Request, lang: Lang, landing: dict[str, Any]) -> HTMLResponse:
    """Return the landing page of the service."""
    links: Sequence[Link] = landing["links"]
    base = base_of(request)
    clients = TEXT.words("how_gis_programs_connect", base=base)
    rows: list[list[Cell]] = [
        [(found["title"], found["href"].replace("f=json", "f=html")), found["type"]]
        for found in links
        if found["rel"] != "self"
    ]
    rows.append([(_pick(lang, TEXT.words("all_figures")), f"{base}/study"), "application/json"])
    page = RecordsPage(
        title=_pick(lang, ("数据服务", "Data service")),
        trail=_trail(base, lang)[:1],
        notes=[landing["description"], _pick(lang, clients)],
        heads=[_pick(lang, pair) for pair in (TEXT.words("document"), TEXT.words("format"))],
        rows=rows,
    )
    return _response(page, lang)
