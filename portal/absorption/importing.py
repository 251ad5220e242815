# ruff: noqa: E501 - one field a line
"""The SP2D register from a file of SIPD or BPKAD: what it would add, row by row, and adding it.

A row is known by source, number and its place among the rows of that number; the same file
applied twice adds nothing the second time and says so. Rows are never changed: what was paid back
is a negative row of its own.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa

from portal import clock, indonesian
from portal.absorption import flow
from portal.absorption.flow import NewSp2d
from portal.absorption.models import Sp2d
from portal.budget.models import ImportRun
from portal.contracts.models import Contract, Step
from portal.db import db
from portal.imports import flow as imports
from portal.imports import reading
from portal.imports.planning import Change, Plan, PlanRow
from portal.imports.reading import Row
from portal.imports.targets import Field, Target
from portal.people import queries as people
from portal.people.rules import Actor
from portal.trail import flow as trail

# fmt: off
# headings are compared by their letters: "Nomor SP2D" is "nomor sp d"
SP2D = Target("sp2d", "Register SP2D", (
    Field("nomor", "Nomor SP2D", "text", ("nomor sp d", "no sp d", "nomor", "no sp d sts", "nomor dokumen"), True, "900/01234/LS/2026"),
    Field("tanggal", "Tanggal SP2D", "text", ("tanggal sp d", "tgl sp d", "tanggal", "tgl", "tanggal cair", "tgl pencairan"), True, "12/3/2026"),
    Field("nilai", "Nilai (Rp)", "rupiah", ("nilai", "nilai sp d", "nilai rp", "jumlah", "jumlah rp", "nilai bruto", "bruto", "nilai realisasi", "realisasi"), True, "150.000.000,00"),
    Field("opd", "Perangkat daerah", "text", ("opd", "nama opd", "skpd", "nama skpd", "perangkat daerah", "satuan kerja", "unit"), True, "Dinas Kesehatan"),
    Field("jenis", "Jenis (LS, GU, UP, TU, STS)", "text", ("jenis", "jenis sp d", "jenis spm", "tipe"), False, "LS"),
    Field("sub_kegiatan", "Kode sub kegiatan", "text", ("kode sub kegiatan", "sub kegiatan", "kode kegiatan"), False, "1.03.10.2.01.0005"),
    Field("rekening", "Kode rekening", "text", ("kode rekening", "rekening", "kode akun"), False, "5.2.04.01.01.0003"),
    Field("dana", "Sumber dana", "text", ("sumber dana", "dana", "sumber pendanaan"), False, "PEN"),
    Field("uraian", "Uraian", "text", ("uraian", "keterangan", "keperluan", "untuk keperluan"), False, "Termin 1 Peningkatan jalan"),
    Field("kontrak", "Nomor kontrak", "text", ("nomor kontrak", "no kontrak", "no spk", "kontrak"), False, "602/15/PUPR/2026"),
), False)
# fmt: on
KINDS = ("LS", "GU", "UP", "TU", "STS", "NIHIL")


def read(data: bytes, name: str) -> imports.Read:
    """Take a file in and find its table, by a mapping that was kept when there is one."""
    return imports.read(SP2D, data, name)


def plan(found: imports.Read) -> tuple[Plan, list[NewSp2d]]:
    """Row by row what the file would add; the new rows beside the plan."""
    sheet = found.sheets[found.layout.sheet]
    given = list(reading.rows(SP2D, sheet, found.layout, {}))
    units, matches = imports.unit_names(), _Contracts(given)
    made, new = Plan(SP2D.key), []
    seen: Counter[tuple[int, str]] = Counter()
    for row in given:
        cells = row.cells
        told = PlanRow(row.line, cells.get("nomor", "")[:80], cells.get("uraian", ""),
                       problems=list(row.problems), notes=list(row.notes))  # fmt: skip
        made.rows.append(told)
        if not told.key and not cells.get("nilai"):
            told.state = "lewat"
            continue
        one = _one(cells, told, units)
        if one is None:
            told.state = "salah"
            continue
        seen[one.on.year, one.number] += 1
        one = replace(one, seq=seen[one.on.year, one.number],
                      contract_id=matches.of(cells.get("kontrak", ""), one.number))  # fmt: skip
        new.append(one)
        told.extra = {"seq": str(one.seq), "year": str(one.on.year)}
    _against(made, new)
    return made, new


def _one(cells: Mapping[str, str], told: PlanRow, units: Mapping[str, int]) -> NewSp2d | None:
    on = indonesian.read_date(cells.get("tanggal", "").split(" 00:")[0])
    if not told.key:
        told.problems.append("Nomor SP2D kosong. Contoh: 900/01234/LS/2026")
    if on is None or not 2000 <= on.year <= 2100:
        told.problems.append("Tanggal SP2D belum benar. Contoh: 12/3/2026")
    elif on > people.today():
        told.problems.append("Tanggal SP2D sesudah hari ini.")
    name = " ".join(cells.get("opd", "").split())
    unit = units.get(name.casefold())
    if unit is None:
        told.problems.append(f"Perangkat daerah “{name}” tidak dikenal. Tulis nama lengkapnya.")
    amount = cells.get("nilai", "")
    if not amount and not told.problems:
        told.problems.append("Nilai kosong. Contoh: 150.000.000,00")
    if told.problems or on is None or unit is None:
        return None
    kind = _kind(cells.get("jenis", ""), told.key)
    value = Decimal(amount)
    if kind == "STS" and value > 0:
        value = -value
        told.notes.append("Pengembalian (STS) dicatat mengurangi realisasi.")
    if kind in flow.NOT_SPENT:
        told.notes.append(f"{kind} belum menjadi realisasi sampai dipertanggungjawabkan (GU).")
    return NewSp2d(told.key, on, unit, value, 1, kind, cells.get("sub_kegiatan", "")[:40],
                   cells.get("rekening", "")[:40], cells.get("dana", "")[:60],
                   cells.get("uraian", "")[:300])  # fmt: skip


def _kind(written: str, number: str) -> str:
    for text in (written, number):
        words = re.split(r"[^A-Z]+", text.upper())
        for kind in KINDS:
            if kind in words:
                return "GU" if kind == "NIHIL" else kind
    return ""


class _Contracts:
    """Which contract a row pays: by its number, else by the SP2D that a step already names."""

    def __init__(self, given: Sequence[Row]) -> None:
        numbers = {r.cells.get("kontrak", "") for r in given} - {""}
        sp2d = {r.cells.get("nomor", "") for r in given} - {""}
        self.by_number = dict(db.session.execute(
            sa.select(Contract.number, Contract.id).where(Contract.number.in_(numbers))
        ).all()) if numbers else {}  # fmt: skip
        self.by_paper = {
            number: contract
            for part in _parts(sorted(sp2d))
            for number, contract in db.session.execute(
                sa.select(Step.doc_no, Step.contract_id).where(
                    Step.key == "sp2d", Step.doc_no.in_(part)
                )
            )
        }

    def of(self, number: str, paper: str) -> int | None:
        """The contract, or None: belanja non-kontrak."""
        return self.by_number.get(number) or self.by_paper.get(paper)


def _parts(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[n : n + 500] for n in range(0, len(items), 500))


def _against(made: Plan, new: list[NewSp2d]) -> None:
    """Compare with what stands: known rows are the same, or wrong when they say something else."""
    stood = {
        (year, number, seq): (amount, unit)
        for year in {n.on.year for n in new}
        for number, seq, amount, unit in db.session.execute(
            sa.select(Sp2d.number, Sp2d.seq, Sp2d.amount, Sp2d.unit_id).where(
                Sp2d.source == "register", Sp2d.year == year
            )
        )
    }
    rows = iter(new)
    for told in made.rows:
        if told.state in ("salah", "lewat"):
            continue
        one = next(rows)
        was = stood.get((one.on.year, one.number, one.seq))
        if was is None:
            told.state = "baru"
            told.changes.append(Change("nilai", "Nilai", "", indonesian.rupiah(one.amount)))
        elif was != (one.amount, one.unit_id):
            told.state = "salah"
            told.problems.append(
                f"Nomor ini sudah tercatat dengan nilai {indonesian.rupiah(was[0])}. Koreksi "
                "dicatat sebagai baris tersendiri (STS), tidak menimpa."
            )
        else:
            told.state = "sama"


def apply(made: Plan, new: Sequence[NewSp2d], data: bytes, name: str, actor: Actor) -> ImportRun:
    """Add the rows that are new; the caller commits."""
    run = ImportRun(
        target=SP2D.key, year=people.today().year, unit_id=None, name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(), same=made.count("sama"),
        left_out=made.count("salah"), added=made.count("baru"), changed=0,
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    wanted = {(r.extra["year"], r.key, r.extra["seq"]) for r in made.rows if r.state == "baru"}
    flow.add([n for n in new if (str(n.on.year), n.number, str(n.seq)) in wanted], run.id)
    trail.record("sp2d", "mengimpor register SP2D", f"import:{run.id}", actor, None,
                 {"berkas": run.name, "baru": run.added, "sama": run.same})  # fmt: skip
    return run


def applied_before(data: bytes) -> ImportRun | None:
    """The newest run that took in exactly this file."""
    return db.session.scalar(
        sa.select(ImportRun).where(ImportRun.target == SP2D.key,
                                   ImportRun.sha256 == hashlib.sha256(data).hexdigest())
        .order_by(ImportRun.id.desc()).limit(1)
    )  # fmt: skip
