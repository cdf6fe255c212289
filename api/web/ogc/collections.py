"""The collections: what there is, in which systems and extent, and what may be asked about."""

from __future__ import annotations

from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response

from api.answers import Answer
from api.web.ogc.changes import CHANGES, has_changes
from api.web.ogc.links import Link, address, base_of, link
from api.web.ogc.negotiation import DOCUMENTS, GEOJSON, HTML, JSON
from api.web.ogc.openapi import JSON_TYPES, described
from api.web.ogc.pages import collection_html, collections_html, fields_html
from api.web.ogc.parameters import ItemQuery, read_query
from api.web.ogc.request import Asking, asking
from api.web.ogc.tile_documents import TILESETS_REL
from geo.core.fields import NESTED, fields_of, is_worded, queryable_fields
from geo.core.json_values import Record
from geo.core.output_systems import storage_uri
from geo.core.schema import Column
from geo.core.vocabulary import label
from geo.publish.features import COLLECTIONS, collection_named

router = APIRouter(tags=["features"])

SCHEMA_JSON: Final = "application/schema+json"
_SCHEMA_FORMS: Final = {"json": SCHEMA_JSON, "html": HTML}
_QUERYABLES_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_SCHEMA_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/schema"


@router.get(
    "/collections",
    summary="要素集合 / The collections",
    response_class=Response,
    **described(ItemQuery, DOCUMENTS),
)
async def collections(request: Request) -> Response:
    """List the collections and where their items are."""
    asked = asking(request, read_query(ItemQuery, request), DOCUMENTS)
    if (same := asked.unchanged()) is not None:
        return same
    answer = await asked.answer()
    records = [collection_record(name, asked, answer) for name in COLLECTIONS]
    base = base_of(request)
    links = [
        link(rel, media, address(base, "/collections", {"f": form}))
        for form, media in DOCUMENTS.items()
        for rel in ("self" if form == asked.form else "alternate",)
    ]
    if asked.form == "html":
        return collections_html(asked, answer, records, links)
    body = {"links": links, "crs": list(answer.systems), "collections": records}
    return Response(orjson.dumps(body), media_type=JSON, headers=asked.headers)


@router.get(
    "/collections/{name}",
    summary="一个要素集合 / One collection",
    response_class=Response,
    **described(ItemQuery, DOCUMENTS),
)
async def one_collection(name: str, request: Request) -> Response:
    """Describe one collection."""
    collection_named(name)
    asked = asking(request, read_query(ItemQuery, request), DOCUMENTS)
    if (same := asked.unchanged()) is not None:
        return same
    answer = await asked.answer()
    record = collection_record(name, asked, answer)
    if asked.form == "html":
        return collection_html(asked, answer, record, fields_of(name))
    return Response(orjson.dumps(record), media_type=JSON, headers=asked.headers)


@router.get(
    "/collections/{name}/queryables",
    summary="可查询属性 / What may be asked about",
    response_class=Response,
    **described(ItemQuery, _SCHEMA_FORMS),
)
async def queryables(name: str, request: Request) -> Response:
    """Describe the properties by which a collection can be filtered and sorted (JSON Schema)."""
    return await _schema(name, request, "queryables")


@router.get(
    "/collections/{name}/schema",
    summary="属性 / The properties",
    response_class=Response,
    **described(ItemQuery, _SCHEMA_FORMS),
)
async def schema(name: str, request: Request) -> Response:
    """Describe the properties of a collection's features (JSON Schema)."""
    return await _schema(name, request, "schema")


async def _schema(name: str, request: Request, what: str) -> Response:
    found = collection_named(name)
    asked = asking(request, read_query(ItemQuery, request), _SCHEMA_FORMS)
    columns = queryable_fields(name) if what == "queryables" else fields_of(name)
    if asked.form == "html":
        return fields_html(asked, name, what, columns)
    lang = asked.query.lang
    body = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address(base_of(request), f"/collections/{name}/{what}"),
        "type": "object",
        "title": found.en if lang == "en" else found.zh,
        "properties": {column.name: _property(name, column, lang) for column in columns}
        | {"geometry": {"x-ogc-role": "primary-geometry", "format": "geometry-any"}},
        "additionalProperties": False,
    }
    return Response(orjson.dumps(body), media_type=SCHEMA_JSON, headers=asked.headers)


def _property(name: str, column: Column, lang: str) -> Record:
    shape: Record = dict(JSON_TYPES[column.dtype])
    if f"{name}.{column.name}" in NESTED:
        shape = {"type": ["array", "object"]}
    told: Record = {"title": column.en if lang == "en" else column.zh, **shape}
    told |= {"x-ogc-unit": column.unit} if column.unit else {}
    return told | _choices(column, lang)


def _choices(column: Column, lang: str) -> Record:
    """Return the values of a property of codes, and what each of them means."""
    if column.choices is None:
        return {}
    values = {"enum": [choice.value for choice in column.choices]}
    if not is_worded(column):
        return values
    meanings = [{"const": term.value, "title": label(term, lang)} for term in column.choices]
    return values | {"oneOf": meanings}


def collection_record(name: str, asked: Asking, answer: Answer) -> Record:
    """Return the description of one collection, with its links."""
    found, study = COLLECTIONS[name], answer.study
    english = asked.query.lang == "en"
    west, south, east, north = (float(value) for value in study.data.townships.total_bounds)
    return {
        "id": name,
        "title": found.en if english else found.zh,
        "description": found.note.en if english else found.note.zh,
        "itemType": "feature",
        "extent": {
            "spatial": {
                "bbox": [[round(value, 6) for value in (west, south, east, north)]],
                "crs": next(iter(answer.systems)),
            },
            "temporal": {"interval": [[None, None]]},
        },
        "crs": list(answer.systems),
        "storageCrs": storage_uri(),
        "links": _links(name, asked),
    }


def _links(name: str, asked: Asking) -> list[Link]:
    base, path = base_of(asked.request), f"/collections/{name}"
    lang = {"lang": "en"} if asked.query.lang == "en" else {}
    other = "html" if asked.form == "json" else "json"
    rows: list[tuple[str, str, str, dict[str, Any]]] = [
        ("self", DOCUMENTS[asked.form], path, {"f": asked.form}),
        ("alternate", DOCUMENTS[other], path, {"f": other}),
        ("items", GEOJSON, f"{path}/items", {"f": "json"}),
        ("items", HTML, f"{path}/items", {"f": "html"}),
        (_QUERYABLES_REL, SCHEMA_JSON, f"{path}/queryables", {"f": "json"}),
        (_SCHEMA_REL, SCHEMA_JSON, f"{path}/schema", {"f": "json"}),
    ]
    rows.append((TILESETS_REL, JSON, f"{path}/tiles", {"f": "json"}))
    if has_changes(name):
        rows.append((CHANGES, GEOJSON, f"{path}/changes", {}))
    return [
        link(rel, media, address(base, place, parameters | lang))
        for rel, media, place, parameters in rows
    ]
