"""The tree of :mod:`geo.core.errors`, mapped once to HTTP statuses."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.web.error_page import fault_page, is_for_a_page
from api.web.security import HEADERS, NOTHING_ALLOWED
from geo.core.errors import (
    ExpiredError,
    InputError,
    JobLostError,
    KepuError,
    Lang,
    NotAcceptableError,
    NotFoundError,
    QueryError,
    ScenarioError,
    SitingError,
    StoreBusyError,
    StoreError,
    UndoError,
)
from geo.core.validation import fault_words

PROBLEM_JSON: Final = "application/problem+json"

HTTP_STATUS: Final[Mapping[type[KepuError], HTTPStatus]] = {
    QueryError: HTTPStatus.BAD_REQUEST,
    ExpiredError: HTTPStatus.GONE,
    NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
    ScenarioError: HTTPStatus.BAD_REQUEST,
    SitingError: HTTPStatus.UNPROCESSABLE_ENTITY,
    InputError: HTTPStatus.BAD_REQUEST,
    NotFoundError: HTTPStatus.NOT_FOUND,
    UndoError: HTTPStatus.CONFLICT,
    StoreBusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    JobLostError: HTTPStatus.SERVICE_UNAVAILABLE,
    KepuError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The status of the nearest class in the tree holds."""

_TITLES: Final[Mapping[HTTPStatus, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("请求参数有误", "Bad request"),
    HTTPStatus.NOT_ACCEPTABLE: ("没有可接受的格式", "Not acceptable"),
    HTTPStatus.GONE: ("已失效", "Gone"),
    HTTPStatus.NOT_FOUND: ("没有找到", "Not found"),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("无法按此要求选址", "No such plan"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("只读服务", "Method not allowed"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("数据库暂不可用", "Service unavailable"),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("服务内部错误", "Internal error"),
}
_log = logging.getLogger("kepu")


def http_status(error: KepuError) -> HTTPStatus:
    """Return the HTTP status of an error.

    Examples
    --------
    >>> int(http_status(StoreBusyError(zh="忙", en="busy")))
    503
    """
    return next(HTTP_STATUS[cls] for cls in type(error).__mro__ if cls in HTTP_STATUS)


def language(request: Request) -> Lang:
    """Return the language asked for by ``?lang=``; Chinese unless it is ``en``."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def _title(status: HTTPStatus, lang: Lang) -> str:
    return _TITLES.get(status, (status.phrase, status.phrase))[lang == "en"]


def problem(request: Request, status: HTTPStatus, detail: str, **members: Any) -> Response:
    """Return an answer in problem+json (RFC 9457), or as a page to whoever asks with a browser."""
    lang = language(request)
    title = _title(status, lang)
    if is_for_a_page(request):
        faulty = [fault["parameter"] for fault in members.get("errors", ())]
        return fault_page(request, status, title, detail, lang=lang, faulty=faulty)
    body = {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": detail,
        **members,
    }
    return Response(orjson.dumps(body), status_code=int(status), media_type=PROBLEM_JSON)


def install(app: FastAPI) -> None:
    """Make every fault of an app answer as problem+json, without path, trace or SQL."""
    app.add_exception_handler(KepuError, _on_kepu_error)
    app.add_exception_handler(RequestValidationError, _on_bad_parameter)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(500, _on_crash)


async def _on_kepu_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, KepuError)  # noqa: S101  (registered for this class only)
    status = http_status(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s", error.message("en"), exc_info=error)
    return problem(request, status, error.message(language(request)))


async def _on_bad_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    lang = language(request)
    faults = [
        {
            "parameter": str(fault["loc"][-1])[:100],
            "message": fault_words(fault)[lang == "en"][:300],
        }
        for fault in error.errors()[:10]
    ]
    first = faults[0]
    detail = {
        "zh": f"参数 {first['parameter']} {first['message']}。",
        "en": f"Parameter '{first['parameter']}' {first['message']}.",
    }[lang]
    return problem(request, HTTPStatus.BAD_REQUEST, detail, errors=faults)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    answer = problem(request, status, _title(status, language(request)))
    answer.headers.update(error.headers or {})
    return answer


async def _on_crash(request: Request, error: Exception) -> Response:
    _log.error("unexpected fault", exc_info=error)
    detail = {
        "zh": "服务遇到意外错误，已记入日志；数据未改动。",
        "en": "An unexpected fault was logged; no data changed.",
    }[language(request)]
    answer = problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
    # This answer is made outside of the middleware that adds them.
    answer.headers.update(HEADERS)
    answer.headers.setdefault("content-security-policy", NOTHING_ALLOWED)
    return answer
