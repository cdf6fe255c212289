"""The ledger goes out and comes back unchanged, and helps whoever fills it in."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from geo.core.disclosure import release
from geo.core.vocabulary import Profile
from geo.districts import demo_ledger_path, load_shipped
from geo.intake.tables.ledger import read_ledger
from geo.publish.files.ledger import ledger_bytes
from geo.store.history import compare_ledgers


@pytest.fixture(scope="module")
def demo():  # type: ignore[no-untyped-def]
    ledger = read_ledger(demo_ledger_path("430503"))
    shipped = load_shipped("430503")
    return replace(shipped, facilities=ledger.facilities, designations=ledger.designations)


def test_what_is_exported_and_loaded_again_changes_nothing(demo, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_bytes(release(demo, Profile.INTERNAL), ["说明"]))
    again = read_ledger(path)
    changes = compare_ledgers(
        demo.facilities,
        demo.designations,
        again.facilities,
        again.stated_designations,
        mode="replace",
    )
    assert changes.nothing, changes.counts
    assert (
        again.facilities.geometry.geom_equals(demo.facilities.geometry.loc[again.facilities.index])
        .eq(demo.facilities.geometry.loc[again.facilities.index].notna())
        .all()
    )
    assert len(again.designations) == len(demo.designations)


def test_drop_downs_widths_and_frozen_headings(demo) -> None:  # type: ignore[no-untyped-def]
    book = openpyxl.load_workbook(io.BytesIO(ledger_bytes(demo, ["截止日期：2025-12-31"])))
    assert book.sheetnames == ["设施台账", "挂牌", "选项", "说明"]
    sheet = book["设施台账"]
    assert sheet.freeze_panes == "C2"
    heads = [cell.value for cell in sheet[1]]
    letters = {head: cell.column_letter for head, cell in zip(heads, sheet[1], strict=True)}
    assert sheet.column_dimensions[letters["名称"]].width == 36
    rules = {
        str(rule.sqref).split(":")[0][:-1]: rule for rule in sheet.data_validations.dataValidation
    }
    for head in ("类型", "级别", "状态", "核查", "是否对公众开放", "乡镇街道代码"):
        assert letters[head] in rules, head
    place = rules[letters["类型"]].formula1.split("!")[1].replace("$", "")
    kinds = [row[0].value for row in book["选项"][place]]
    assert len(kinds) == 27
    assert "科技馆" in kinds
    place = rules[letters["乡镇街道代码"]].formula1.split("!")[1].replace("$", "")
    codes = [row[0].value for row in book["选项"][place]]
    assert codes == sorted(demo.townships.index)
    assert sheet[letters["乡镇街道代码"]][1].data_type == "s", "codes are text"
    notes = [row[0].value for row in book["说明"].iter_rows()]
    assert "截止日期：2025-12-31" in notes


def test_other_profiles_have_fewer_columns_and_rows(demo) -> None:  # type: ignore[no-untyped-def]
    for profile in (Profile.INTER_AGENCY, Profile.PUBLIC):
        data = release(demo, profile)
        content = io.BytesIO(ledger_bytes(data, []))
        read = pd.read_excel(content, sheet_name="设施台账", engine="openpyxl")
        assert not {"联系方式", "备注"} & set(read.columns)
        assert len(read) == len(data.facilities)
    assert len(release(demo, Profile.PUBLIC).facilities) < len(demo.facilities)
