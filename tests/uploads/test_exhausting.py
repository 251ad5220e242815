"""Small files and texts that would eat the server: refused or read in no time, with a sentence."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator

import pytest

from portal import uploads
from portal.figures import sheet
from portal.reports import richtext
from portal.web import entry_markup

MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OPEN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACK = "http://schemas.openxmlformats.org/package/2006"


def workbook(cells: str, types: str = "") -> bytes:
    """The smallest XLSX with these cells."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("[Content_Types].xml", types or (
            f'<Types xmlns="{PACK}/content-types"><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{MAIN}"/></Types>'))  # fmt: skip
        pack.writestr("_rels/.rels", (
            f'<Relationships xmlns="{PACK}/relationships"><Relationship Id="a" '
            f'Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'))  # fmt: skip
        pack.writestr("xl/workbook.xml", (
            f'<workbook xmlns="{OPEN}" xmlns:r="{RELS}"><sheets><sheet name="a" sheetId="1" '
            'r:id="b"/></sheets></workbook>'))  # fmt: skip
        pack.writestr("xl/_rels/workbook.xml.rels", (
            f'<Relationships xmlns="{PACK}/relationships"><Relationship Id="b" '
            f'Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'))  # fmt: skip
        pack.writestr("xl/worksheets/sheet1.xml",
                      f'<worksheet xmlns="{OPEN}"><sheetData>{cells}</sheetData></worksheet>')  # fmt: skip
    return out.getvalue()


@pytest.mark.parametrize("cells", [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c><v>2</v></c></row>'
    '<row r="2"><c r="J2"><v>3</v></c></row>',
    "<row r='1'><c r = 'XFD1'><v>1</v></c></row><row><c r='$A$900000'><v>2</v></c></row>",
])  # fmt: skip
def test_two_cells_far_apart_are_not_laid_out(cells: str) -> None:
    with pytest.raises(uploads.Refused, match=r"terlalu luas.*Hapus baris"):
        uploads.check(workbook(cells), "data.xlsx", uploads.SHEETS)


def test_the_same_file_may_be_kept_as_a_document() -> None:
    far = workbook('<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')
    assert uploads.check(far, "lampiran.xlsx", uploads.DOCUMENTS).kind is uploads.Kind.XLSX


def test_a_sheet_of_usual_size_is_read() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 4000))
    checked = uploads.check(workbook(rows), "data.xlsx", uploads.SHEETS)
    with pytest.raises(sheet.SheetError, match="No IKK"):
        sheet.read(checked.data)


def test_a_number_beyond_all_sense_in_a_cell_is_asked_about() -> None:
    head = (
        '<row r="1"><c r="A1" t="str"><v>No IKK</v></c><c r="B1" t="str"><v>Pembilang</v></c></row>'
    )
    for spelled in ("1e300", "-1E+25", "1e-300"):
        data = workbook(f'{head}<row r="2"><c r="A2" t="str"><v>1.a.1</v></c>'
                        f'<c r="B2"><v>{spelled}</v></c></row>')  # fmt: skip
        found = sheet.as_number(sheet.read(data)[0].part)
        assert isinstance(found, str) and "e" in found


def test_a_huge_part_of_a_package_is_not_parsed() -> None:
    types = f'<Types xmlns="{PACK}/content-types">' + " " * (21 * 1024 * 1024) + "</Types>"
    with pytest.raises(uploads.Refused, match="terlalu besar"):
        uploads.check(workbook("", types), "data.xlsx", uploads.DOCUMENTS)


N = 60_000
SLOW = {
    "breaks": "<p>" + "<br>" * N + "x" + "<br>" * N + "y</p>",
    "blanks": "<p>" + "&nbsp; " * N + "x</p>",
    "list marks": '<p style="' + "mso-list:" * N + '">x</p>',
    "underlines": '<span style="' + "text-decoration:" * N + '">x</span>',
    "marks never closed": "".join(f"<font color=c{n}>" for n in range(N)) + "<p>x" * N,
    "nested blocks": "<div>" * N + "x",
    "nested tables": "<table><tr><td>" * 3000 + "x",
    "nested lists": "<ul><li>" * N + "x",
    "angles": "<" * N + "p>x",
    "comments": "<!--" * N,
    "entities": "&" * N + "<b>x</b>",
}


@pytest.mark.parametrize("kind", SLOW)
def test_pasted_text_is_cleaned_in_no_time(kind: str) -> None:
    begun = time.process_time()
    done = richtext.clean(SLOW[kind], frozenset())
    assert time.process_time() - begun < 8, "looks at every letter from every letter"
    assert "style" not in done.html and "font" not in done.html


@pytest.mark.parametrize("text", [
    "**a " * 100_000, "*a " * 100_000, "__a " * 100_000, "![" * 200_000, "![a](blob:" * 50_000,
    "| " * 200_000, "- " * 200_000, "1. " * 100_000, "\n \n" * 100_000, "*" * 300_000,
])  # fmt: skip
def test_plain_marks_are_read_in_no_time(text: str) -> None:
    begun = time.process_time()
    entry_markup.from_markup(text)
    assert time.process_time() - begun < 4


def markup_cases() -> Iterator[tuple[str, str]]:
    yield (
        "**tebal** dan *miring*, __garis__",
        "<strong>tebal</strong> dan <em>miring</em>, <u>garis</u>",
    )
    yield "2 * 3 * 4 ** 5", "2 * 3 * 4 ** 5"
    yield "**a *b* c**", "<strong>a <em>b</em> c</strong>"
    yield "****", "****"
    yield "** tidak ** ya", "** tidak ** ya"


@pytest.mark.parametrize("text, html", list(markup_cases()))
def test_marks_mean_what_they_meant(text: str, html: str) -> None:
    assert entry_markup.from_markup(text) == f"<p>{html}</p>"
