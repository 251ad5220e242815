"""The old formats that staff still have: .xls of Excel 97 and .ods, with merged cells and texts.

``files/*.xls`` hold the same rows as the .xlsx that test_import.py writes; the .ods is written
here, because nothing on a plain machine writes it.
"""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from html import escape
from pathlib import Path

import openpyxl
import pytest

from portal import uploads
from portal.budget import queries
from portal.db import db
from portal.imports import flow, grid
from portal.imports.flow import Where
from portal.imports.targets import TARGETS
from tests.cast import Cast
from tests.imports.test_import import lkpj_form, lra_file, saved, taken

FILES = Path(__file__).parent / "files"
_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}:1.0"'
    for k, v in (("office", "office"), ("table", "table"), ("text", "text"))
)


def ods(data: bytes) -> bytes:
    """The first sheet of an .xlsx as OpenDocument, with its merged cells."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    spans = {(r.min_row, r.min_col): r for r in sheet.merged_cells.ranges}
    rows = []
    for line in sheet.iter_rows():
        cells = []
        for cell in line:
            span = spans.get((cell.row, cell.column))
            wide = (
                f' table:number-columns-spanned="{span.max_col - span.min_col + 1}"'
                f' table:number-rows-spanned="{span.max_row - span.min_row + 1}"' if span else ""
            )  # fmt: skip
            value = cell.value
            if isinstance(value, int | float):
                cells.append(
                    f'<table:table-cell{wide} office:value-type="float" '
                    f'office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
                )
            elif value is None or str(value).startswith("="):
                cells.append(f"<table:table-cell{wide}/>")
            else:
                cells.append(
                    f'<table:table-cell{wide} office:value-type="string"><text:p>'
                    f"{escape(str(value))}</text:p></table:table-cell>"
                )
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} '
        f'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Form">'
        f"{''.join(rows)}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:'
        f'xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{_SPREADSHEET}"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr(zipfile.ZipInfo("mimetype"), _SPREADSHEET)
        book.writestr("content.xml", body)
        book.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_form_of_the_opd_in_old_formats(cast: Cast, kind: str) -> None:
    where, actor = Where(2025, cast.units["DINKES"]), cast.actor("operator_dinkes")
    data = (FILES / "lkpj.xls").read_bytes() if kind == "xls" else ods(lkpj_form())
    found, made = taken(data, "capaian", where, f"form.{kind}")
    assert not flow.lacking(found)
    assert [r.state for r in made.rows] == ["baru"] * 4
    flow.apply(made, where, data, f"form.{kind}", actor)
    db.session.commit()
    rows = {r.uid: r.cells for r in queries.rows("programs", 2025, cast.units["DINKES"])}
    assert rows["1.02.02.2.02.0001"]["pagu"] == "412500000.00"
    assert Decimal(rows["1.02.02.2.02.0001"]["target"]) == 1250
    for name, again in ((f"lagi.{kind}", data), ("sama.xlsx", lkpj_form())):
        _, same = taken(again, "capaian", where, name)
        assert same.unchanged and same.count("sama") == 4  # whatever the format


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_lra_with_merged_codes_in_old_formats(cast: Cast, kind: str) -> None:
    data = (FILES / "lra.xls").read_bytes() if kind == "xls" else ods(lra_file())
    found, made = taken(data, "lra", Where(2025, cast.units["PEMDA"]), f"lra.{kind}")
    assert not flow.lacking(found)
    money = {r.key: r.extra for r in made.rows}
    assert (money["4.1"]["setelah"], money["4.1"]["realisasi"]) == ("1500", "1450.50")
    assert money["4.2"]["uraian"] == "PENDAPATAN TRANSFER"
    assert money["4.2"]["setelah"] == "9000"


def test_words_under_the_table_are_no_wrong_rows(cast: Cast) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    heads = ["Nama OPD", "Rincian", "Januari", "Februari", "Maret"]
    rows = [heads, ["Dinas Kesehatan", "Target", 41_897_000, "40.897.000", 5],
            [None, "Realisasi", 1, 2, 3], [None, None, None, None, "KEPALA OPD"],
            [None, None, "Catatan :", None, None]]  # fmt: skip
    for at, row in enumerate(rows, 6):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column, value)
    _, made = taken(saved(book), "kas", Where(2025, cast.units["DINKES"]))
    assert [r.state for r in made.rows] == ["baru", "baru", "lewat", "lewat"]


def test_a_broken_old_file_is_told_in_words(cast: Cast) -> None:
    data = (FILES / "lkpj.xls").read_bytes()
    broken = data[:512] + bytes(1024) + data[1536:]
    with pytest.raises((grid.SheetError, uploads.Refused), match="imp"):
        flow.read(TARGETS["capaian"], broken, "rusak.xls")
