"""Numbers back out: what the files print is what the store holds, same value, same order."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal

import lxml.etree
import pytest

from portal import store
from portal.db import db
from portal.demo import contents, figures, people
from portal.documents import trace, tree
from portal.documents.docx import build_docx
from portal.documents.pdf import MemoryPieces, build_pdf
from portal.indonesian import rounded
from portal.people import queries as units
from portal.reports import queries as reports

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FOUND = re.compile(r"\d[\d.,]*\d|\d")


@pytest.fixture
def report(app):
    people.load(db)
    figures.load(db)
    contents.load(db)
    db.session.commit()
    return reports.find_report("lppd", 2025)


def numbers(text: str) -> list[str]:
    return FOUND.findall(text)


def tables(document: tree.Document) -> list[tree.Table]:
    return [b for _, b in tree.blocks(document) if isinstance(b, tree.Table)]


def cells(table: tree.Table) -> list[str]:
    rows = [*table.head, *(row.cells for row in table.rows)]
    return [tree.plain(cell.text) for row in rows for cell in row]


def test_every_number_is_in_the_store_and_in_both_files(report, tmp_path):
    document = trace.compiled(report)
    _every_number_has_an_origin(report, document)
    _the_dump_says_the_same(document)
    small = _one_of_each_kind(document)
    _docx(small, tmp_path / "buku.docx")
    _pdf(small, tmp_path / "buku.pdf")


def _stored(report):
    codes = {u.id: u.code for u in units.units_on(report.structure_date)}
    found = {}
    for entry in reports.contents(report):
        where = f"{entry.part_key}@{entry.repeat_key}@{codes[entry.supplier_unit_id]}"
        for row in entry.rows:
            for column, value in row.cells.items():
                found[f"cell:{where}:{row.uid}:{column}"] = value
    return found


def _every_number_has_an_origin(report, document):
    stored, seen, kinds = _stored(report), 0, set()
    origins = {}
    for one in trace.printed(document):
        value = trace.as_number(one.text)
        if value is None or not one.table:
            continue
        kind = one.ref.partition(":")[0]
        kinds.add(kind)
        if not one.ref:  # the running number of a row, a code or a year of the format
            assert one.text.isdigit() or one.text.count(".") > 0, one
        elif kind == "cell":
            exact = Decimal(stored[one.ref]) if value is not None else None
            assert value == rounded(exact, max(0, -int(value.as_tuple().exponent))), one
            seen += 1
        elif kind in ("datum", "indicator", "laju"):
            if one.ref not in origins:
                origins[one.ref] = trace.origin(report, one.ref)
            origin = origins[one.ref]
            assert origin is not None and one.text in (origin.value, origin.value.rstrip("*")), one
            seen += 1
    assert {"cell", "calc", "datum", "indicator", "laju", "total"} <= kinds
    assert seen > 3000


def _the_dump_says_the_same(document):
    dumped, inside = [], False
    for line in tree.dump(document).splitlines():
        if line.startswith(("    body ", "    total ", "    group ")):
            inside = True
            dumped += numbers(line.strip().partition(" ")[2])
        elif inside and not line.startswith(("  ", "unit ", "document ")):
            dumped += numbers(line)  # the second line of a cell
        else:
            inside = False
    printed = [
        n for t in tables(document) for row in t.rows
        for n in numbers(" | ".join(tree.plain(c.text) for c in row.cells))
    ]  # fmt: skip
    assert dumped == printed


def _one_of_each_kind(document):
    """The first unit that holds each kind of origin, so that printing stays short."""
    chosen, kinds = [], set()
    for unit in document.units:
        own = {
            run.datum.partition(":")[0]
            for b in unit.blocks if isinstance(b, tree.Table)
            for row in b.rows for c in row.cells for run in c.text if run.datum
        }  # fmt: skip
        if own - kinds and sum(isinstance(b, tree.Table) for b in unit.blocks) < 12:
            kinds |= own
            chosen.append(unit)
    assert {"cell", "calc", "datum", "indicator", "laju", "total"} <= kinds
    plain = [
        replace(u, blocks=tuple(b for b in u.blocks if not isinstance(b, tree.Picture)))
        for u in chosen
    ]  # fmt: skip
    return replace(document, units=tuple(plain), preface=None, lists=(), cover=None)


def _docx(document, path):
    build_docx(document, path, store.read, {})
    with zipfile.ZipFile(path) as file:
        root = lxml.etree.fromstring(file.read("word/document.xml"))
    found = []
    for table in root.iter(f"{W}tbl"):
        for cell in table.iter(f"{W}tc"):
            parts = [
                e.text or "" if e.tag == f"{W}t" else " " for e in cell.iter(f"{W}t", f"{W}br")
            ]
            found += numbers("".join(parts))
    assert found == [n for t in tables(document) for c in cells(t) for n in numbers(c)]


def _pdf(document, path):
    """The text of tagged body cells, as a reader for the blind gets it (poppler's structure)."""
    build_pdf(document, path, MemoryPieces(), store.read, processes=1)
    told = subprocess.run(
        ["pdfinfo", "-struct-text", str(path)], capture_output=True, text=True, check=True
    ).stdout
    found, inside, depth = [], False, 0
    for line in told.splitlines():
        deep, word = len(line) - len(line.lstrip()), line.strip()
        if inside and deep <= depth and not word.startswith('"'):
            inside = False
        if word.split(" ")[0] == "TD":
            inside, depth, cell = True, deep, []
            found.append(cell)
        elif inside and word.startswith('"'):
            cell.append(word.strip('"'))
    said = [n for cell in found for n in numbers("".join(cell))]
    wanted = [n for t in tables(document) for row in t.rows
              for c in row.cells for n in numbers(tree.plain(c.text).replace("\n", ""))]  # fmt: skip
    assert said == wanted
