"""No workbook of ours makes a formula, a link or a number of what somebody typed."""

from __future__ import annotations

import io

import openpyxl
import pytest

from portal.config import ROOT
from portal.workbooks import workbook


@pytest.mark.parametrize("typed", ["=1+1", "=HYPERLINK('http://x')", "http://x", "00123", "{=1}"])
def test_what_was_typed_stays_text(typed: str) -> None:
    out = io.BytesIO()
    with workbook(out) as made:
        made.add_worksheet("A").write(0, 0, typed)
    cell = openpyxl.load_workbook(out)["A"]["A1"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", typed, None)


def test_every_workbook_is_made_there() -> None:
    makers = [p.name for p in (ROOT / "portal").rglob("*.py") if "Workbook(" in p.read_text()]
    assert makers == ["workbooks.py"]
