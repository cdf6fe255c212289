"""The service holds to its own description, whatever it is asked: Schemathesis tries."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.settings import Settings
from api.web.app import create_app
from geo.store import Store

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
PATHS = r"^/(collections/(facilities|gaps|townships)|collections$|conformance|api$|study|trend)"
EXAMPLES = [4, pytest.param(12, marks=pytest.mark.exhaustive)]


@pytest.fixture(scope="module")
def operations(toy_store: Store) -> list[Any]:
    app = create_app(toy_store, Settings())
    described = schemathesis.openapi.from_asgi("/api", app).include(path_regex=PATHS)
    return [found.ok() for found in described.get_all_operations()]


@pytest.mark.parametrize("examples", EXAMPLES)
def test_no_question_is_answered_outside_the_description(
    operations: list[Any], examples: int
) -> None:
    assert len(operations) > 15
    for operation in operations:
        _try(operation, examples)


def _try(operation: Any, examples: int) -> None:
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def holds(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    holds()
