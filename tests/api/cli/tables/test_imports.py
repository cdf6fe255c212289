"""What became of the rows of a file, as the terminal shows it."""

from __future__ import annotations

import io

import pandas as pd
from rich.console import Console

from api.cli.tables.imports import print_changes
from geo.store.history import Changes


def test_a_value_without_end_is_shown_by_its_beginning() -> None:
    row = {"id": "P1", "column": "note", "before": "话", "after": "长" * 10_000}
    told = Console(file=io.StringIO(), width=1_000)
    print_changes(Changes(changed=("P1",), fields=pd.DataFrame([row])), "zh", told)
    shown = told.file.getvalue()  # type: ignore[attr-defined]
    assert "长" * 200 + "…" in shown
    assert "长" * 201 not in shown
