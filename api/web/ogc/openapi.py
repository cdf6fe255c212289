"""The service's description in OpenAPI 3.0, as OGC API - Features asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel

from geo.core.fields import queryable_fields
from geo.publish.features import COLLECTIONS

OPENAPI_JSON: Final = "application/vnd.oai.openapi+json;version=3.0"
_VERSION: Final = "3.0.3"
_PROBLEM: Final = {
    "description": "problem+json (RFC 9457)",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["title", "status", "detail"],
                "properties": {"status": {"type": "integer"}, "detail": {"type": "string"}},
            }
        }
    },
}
FAULTS: Final[dict[int | str, dict[str, Any]]] = dict.fromkeys((400, 404, 406, 422, 503), _PROBLEM)
"""What any question may be answered with, beside what it asks for."""

OBJECT: Final[Mapping[str, Any]] = {"type": "object"}
FEATURE: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": "object", "nullable": True, "required": ["type", "coordinates"]},
        "properties": {"type": "object"},
    },
}
FEATURE_COLLECTION: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["type", "features", "numberMatched", "numberReturned", "links"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": dict(FEATURE)},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "links": {"type": "array", "items": {"type": "object", "required": ["rel", "href"]}},
    },
}
_OF_COLLECTION: Final = "/collections/{name}"
JSON_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "text": {"type": "string"},
    "real": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}


def described(
    model: type[BaseModel], forms: Mapping[str, str], shape: Mapping[str, Any] = OBJECT
) -> dict[str, Any]:
    """Return what a route tells FastAPI of parameters that it reads itself, and of its answer.

    Examples
    --------
    >>> from api.web.ogc.parameters import ItemQuery
    >>> told = described(ItemQuery, {"json": "application/geo+json"})
    >>> [row["name"] for row in told["openapi_extra"]["parameters"]][-3:]
    ['known', 'f', 'crs']
    """
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    parameters = [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": _inlined(found, definitions),
            **({"description": found["description"]} if "description" in found else {}),
        }
        for name, found in schema["properties"].items()
    ]
    content = {
        media: {"schema": {"type": "string"} if media == "text/html" else dict(shape)}
        for media in forms.values()
    }
    return {
        "openapi_extra": {"parameters": parameters},
        "responses": {200: {"description": "OK", "content": content}},
    }


def openapi_30(app: FastAPI) -> dict[str, Any]:
    """Return the service's description in OpenAPI 3.0.

    FastAPI writes 3.1, whose schemas are those of JSON Schema; 3.0 knows no ``null`` type, no
    ``const`` and no numbers as exclusive bounds.
    """
    document: dict[str, Any] = _lowered(deepcopy(app.openapi()))
    return document | {"openapi": _VERSION, "paths": _by_collection(document["paths"])}


def _by_collection(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Return paths with each collection's own: clients read there what may be asked about it."""
    found: dict[str, Any] = {}
    for path, operations in paths.items():
        if not path.startswith(_OF_COLLECTION):
            found[path] = operations
            continue
        for name in COLLECTIONS:
            own = {method: _of(name, path, told) for method, told in operations.items()}
            found[path.replace("{name}", name)] = own
    return found


def _of(name: str, path: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return an operation as it is for one collection."""
    kept = [row for row in operation["parameters"] if row["name"] != "name"]
    if path.endswith("/items") or "/tiles/" in path:
        known = {row["name"] for row in kept}
        kept += [
            {
                "name": column.name,
                "in": "query",
                "required": False,
                "description": f"{column.zh} / {column.en}",
                "schema": dict(JSON_TYPES[column.dtype]),
            }
            for column in queryable_fields(name)
            if column.name not in known
        ]
    return {
        **operation,
        "operationId": f"{operation['operationId']}_{name}",
        "parameters": kept,
    }


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a schema with what it refers to put in its place."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    kept = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    return {key: _inlined(value, definitions) for key, value in kept.items()}


def _lowered(node: Any) -> Any:
    if isinstance(node, list):
        return [_lowered(part) for part in node]
    if not isinstance(node, dict):
        return node
    # Bounds of a day have no word in JSON Schema; pydantic leaves its own there.
    found = {key: _lowered(value) for key, value in node.items() if key not in {"ge", "le"}}
    return _without_const(_without_null(_without_exclusive(found)))


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    options = schema.get("anyOf")
    if not isinstance(options, list) or {"type": "null"} not in options:
        return schema
    rest = [option for option in options if option != {"type": "null"}]
    others = {key: value for key, value in schema.items() if key != "anyOf"}
    if others.get("default", ...) is None:
        del others["default"]
    only = rest[0] if len(rest) == 1 and "$ref" not in rest[0] else {"anyOf": rest}
    return others | only | {"nullable": True}


def _without_const(schema: dict[str, Any]) -> dict[str, Any]:
    if "const" not in schema or isinstance(schema["const"], dict):
        return schema
    rest = {key: value for key, value in schema.items() if key != "const"}
    return rest | {"enum": [schema["const"]]}


def _without_exclusive(schema: dict[str, Any]) -> dict[str, Any]:
    for bound, name in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        value = schema.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            schema = schema | {bound: value, name: True}
    return schema
