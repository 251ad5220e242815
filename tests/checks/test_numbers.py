"""Numbers back out: what the files print is what the store holds, same value, same order."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal

import lxml.etree
import pytest
import sqlalchemy as sa

from portal import clock, store
from portal.budget import flow, rules
from portal.budget.models import AccountLine, BudgetLine, ImportRun
from portal.db import db
from portal.demo import budget, contents, figures, people
from portal.documents import trace, tree
from portal.documents.docx import build_docx
from portal.documents.pdf import MemoryPieces, build_pdf
from portal.figures import catalogue
from portal.figures.spm import month_key
from portal.indonesian import rounded
from portal.people import queries as units
from portal.people.rules import PORTAL
from portal.reports import queries as reports
from portal.reports.models import Entry, EntryCell

#: What is looked at here is the same on every database, and costs much.
pytestmark = [pytest.mark.long, pytest.mark.once]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FOUND = re.compile(r"\d[\d.,]*\d|\d")


#: Kinds of origin that must occur among the numbers of each book.
KINDS = {
    "lppd": {"cell", "calc", "total", "datum", "indicator", "laju", "indeks", "anggaran",
             "layanan"},
    "lkpj": {"cell", "calc", "total", "indicator", "laju"},
    "spm": {"cell", "calc", "total", "datum", "indeks", "anggaran_spm", "anggaran", "keterisian",
            "layanan"},
}  # fmt: skip
#: Kinds of part whose tables must be among those that are printed.
TABLES = {
    "lppd": {"table", "programs", "accounts", "measures"},
    "lkpj": {"table", "programs", "accounts"},
    "spm": {"table", "measures"},
}
#: Sums whose parts are tested to add up to them.
ADDING = ("penjumlahan", "jumlah bulan", "jumlah sub", "jumlah triwulan")


@pytest.fixture
def region(app):
    for step in (people, figures, budget, contents):
        step.load(db)
    db.session.commit()


def numbers(text: str) -> list[str]:
    return FOUND.findall(text)


def tables(document: tree.Document) -> list[tree.Table]:
    return [b for _, b in tree.blocks(document) if isinstance(b, tree.Table)]


def cells(table: tree.Table) -> list[str]:
    rows = [*table.head, *(row.cells for row in table.rows)]
    return [tree.plain(cell.text) for row in rows for cell in row]


def test_every_number_of_the_three_books_is_in_the_store_and_in_both_files(region, tmp_path):
    for kind, wanted in KINDS.items():
        report = reports.find_report(kind, 2025)
        document = trace.compiled(report)
        _every_number_has_an_origin(report, document)
        _the_dump_says_the_same(document)
        small, kinds = _one_of_each_kind(report, document)
        assert wanted <= {one for one, *_ in kinds}
        assert TABLES[kind] <= {part for _, *part in kinds for part in part}
        _docx(small, tmp_path / f"{kind}.docx")
        _pdf(small, tmp_path / f"{kind}.pdf")
    _a_number_of_the_lra_leads_to_its_file()


def _a_number_of_the_lra_leads_to_its_file():
    """What an import wrote names the file; a total leads to rows, a row to its triwulan."""
    report = reports.find_report("lkpj", 2025)
    entry = next(e for e in reports.contents(report) if e.part_key == "lkpj_capaian" and e.rows)
    code = max((r.uid for r in entry.rows), key=len)
    run = ImportRun(target="programs", year=2025, unit_id=entry.supplier_unit_id, sha256="0" * 64,
                    name="LRA Desember 2025.xlsx", by_label="Operator BPKAD", at=clock.now())  # fmt: skip
    db.session.add(run)
    db.session.flush()
    line = db.session.scalars(sa.select(BudgetLine).where(
        BudgetLine.unit_id == entry.supplier_unit_id, BudgetLine.year == 2025,
        BudgetLine.kode == code)).one()  # fmt: skip
    flow.put(line, "pagu", "1234567.00", None, PORTAL, run_id=run.id)
    unit = {u.id: u.code for u in units.units_on(report.structure_date)}[entry.supplier_unit_id]
    found = trace.origin(report, f"cell:lkpj_capaian@@{unit}:{code}:pagu")
    assert found.value == "1.234.567" and found.person == PORTAL.label
    assert any("LRA Desember 2025.xlsx" in name for name in found.evidence)
    assert found.state and found.entry_id == entry.entry_id
    whole = trace.origin(report, f"total:lkpj_capaian@@{unit}::pagu")
    assert whole.parts and trace.origin(report, whole.parts[0].ref) is not None
    assert trace.origin(report, "cell:lkpj_capaian@@TIDAK-ADA:1:pagu") is None
    assert trace.origin(report, "total:::") is None and trace.origin(report, "datum:x:y") is None


def _stored(report):
    """Typed numbers by reference, read from the tables of the database alone."""
    codes = {u.id: u.code for u in units.units_on(report.structure_date)}
    found = {}
    for cell, entry in db.session.execute(sa.select(EntryCell, Entry).join(Entry)):
        where = f"{entry.part_key}@{entry.repeat_key}@{codes[entry.supplier_unit_id]}"
        found[f"cell:{where}:{cell.row}:{cell.field}"] = cell.value
    for model, fields in ((BudgetLine, rules.PROGRAM_FIELDS), (AccountLine, rules.ACCOUNT_FIELDS)):
        for line in db.session.scalars(sa.select(model).where(model.year == 2025)):
            for name in fields:
                found[codes[line.unit_id], line.kode, name] = getattr(line, name)
    return found


def _typed(stored, ref):
    """The stored value of a cell: of its own isian, else of the budget of its unit."""
    if ref in stored:
        return Decimal(stored[ref])
    where, code, column = ref.removeprefix("cell:").split(":")
    unit = where.rpartition("@")[2]
    value = stored.get((unit, code, column), stored.get(("PEMDA", code, column)))
    return None if value is None else Decimal(value)


def _every_number_has_an_origin(report, document):
    stored, seen, kinds = _stored(report), 0, set()
    tracer = trace.tracer(report, None)
    tracer.preload(catalogue.current().elements, spm_periods())
    for one in trace.printed(document):
        value, kind = trace.as_number(one.text), one.ref.partition(":")[0]
        if not kind:  # the running number of a row, a code or a year of the format
            assert value is None or not one.table or one.text.isdigit() or "." in one.text, one
            continue
        if value is None or not one.table:
            assert kind != "text" or not one.text.strip() or tracer.follow(one.ref) is not None, one
            continue
        kinds.add(kind)
        seen += 1
        places = max(0, -int(value.as_tuple().exponent))
        exact = _typed(stored, one.ref) if kind == "cell" else None
        if exact is None:
            origin = tracer.follow(one.ref)
            assert origin is not None, one
            exact = origin.exact
            if origin.formula.startswith(ADDING) and kind != "datum":
                assert exact == sum((p.exact or 0 for p in origin.parts), Decimal(0)), one
            assert kind == "layanan" or origin.state, one
        assert exact is not None and value == rounded(exact, places), (one, exact)
    assert kinds >= KINDS[report.kind]
    assert seen > 3000


def spm_periods():
    return ["2024", "2025", *(month_key(2025, m) for m in range(1, 13))]


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


def _one_of_each_kind(report, document):
    """The shortest units that hold each kind of origin in each kind of table; prints quickly."""
    known = trace.tracer(report)
    chosen, kinds = [], set()
    for unit in sorted(document.units, key=_rows):
        own = {
            (run.datum.partition(":")[0], *_kind_of_part(known, run.datum))
            for b in unit.blocks if isinstance(b, tree.Table)
            for row in b.rows for c in row.cells for run in c.text if run.datum
        }  # fmt: skip
        if own - kinds:
            kinds |= own
            chosen.append(unit)
    plain = [
        replace(u, blocks=tuple(_short(b) for b in u.blocks if not isinstance(b, tree.Picture)))
        for u in document.units if u in chosen
    ]  # fmt: skip
    return replace(document, units=tuple(plain), preface=None, lists=(), cover=None), kinds


def _short(block):
    """The head and the foot of a long table: poppler's reader takes the square of its length."""
    if not isinstance(block, tree.Table) or len(block.rows) <= 16:
        return block
    return replace(block, rows=(*block.rows[:12], *block.rows[-4:]))


def _rows(unit):
    return sum(len(b.rows) for b in unit.blocks if isinstance(b, tree.Table))


def _kind_of_part(known, ref):
    where = ref.partition(":")[2].partition(":")[0]
    found = known.placed(*where.split("@")[:2]) if where.count("@") == 2 else None
    return (found[1].part.kind,) if found else ()


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
        if word.rstrip(":") == "TD":
            inside, depth, cell = True, deep, []
            found.append(cell)
        elif inside and word.startswith('"'):
            cell.append(word.strip('"'))
    said = [n for cell in found for n in numbers("".join(cell))]
    wanted = [n for t in tables(document) for row in t.rows
              for c in row.cells for n in numbers(tree.plain(c.text).replace("\n", ""))]  # fmt: skip
    assert said == wanted
