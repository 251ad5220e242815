"""Contracts from a file: what it would change, row by row, and writing it.

The same file applied twice changes nothing the second time. What a contract
owes to an addendum (value, last day) is told, never overwritten.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal import clock, indonesian
from portal.budget.models import ImportRun
from portal.contracts import flow, paid_before, plans, rules, terms
from portal.contracts.billing import KnownBill
from portal.contracts.columns import EKONTRAK, KONTRAK
from portal.contracts.flow import NewContract, Refused
from portal.contracts.kinds import METHODS, PAIRS, TYPES
from portal.contracts.models import Contract
from portal.contracts.planning import Days
from portal.contracts.reading import Given, Read
from portal.db import db
from portal.imports.flow import unit_names
from portal.imports.planning import Change, Plan, PlanRow
from portal.people import queries as people
from portal.people import workdays
from portal.people.rules import Actor
from portal.trail import flow as trail


@dataclass
class Draft:
    """What a row would do: a new contract, or fields and steps of one that stands."""

    new: NewContract | None = None
    contract_id: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    known: dict[str, tuple[date, str]] = field(default_factory=dict)
    bills: dict[str, KnownBill] = field(default_factory=dict)


# --- what it would change -----------------------------------------------------------------------


@dataclass(frozen=True)
class Where:
    """Whose contracts: the unit where the file names none, and the units that may be written."""

    unit_id: int | None
    allowed: frozenset[int] | None  # None: the whole region


def plan(found: Read, where: Where) -> tuple[Plan, list[Draft]]:
    """Row by row what the file would change; the drafts stand beside the rows of the plan."""
    made = Plan(found.target.key)
    units = unit_names()
    numbers = [g.cells.get("nomor", "")[:80] for g in found.rows]
    known = {
        (c.unit_id, c.number): c
        for c in db.session.scalars(
            sa.select(Contract).where(Contract.number.in_(numbers))
            .options(selectinload(Contract.steps), selectinload(Contract.funds),
                     selectinload(Contract.billings))
        )
    }  # fmt: skip
    drafts: list[Draft] = []
    seen: dict[tuple[int, str], int] = {}
    roles: dict[int, dict[str, int]] = {}
    for given in found.rows:
        row = PlanRow(given.line, given.cells.get("nomor", ""), given.cells.get("judul", ""))
        draft = Draft()
        unit = _unit(given, units, where, row)
        if unit is not None:
            if unit not in roles:
                roles[unit] = flow.default_roles(unit)
            _one(given, row, draft, unit, known.get((unit, row.key[:80])), roles[unit])
            if (unit, row.key) in seen:
                row.problems.append(f"Nomor {row.key} sudah ada pada baris {seen[unit, row.key]}.")
            seen.setdefault((unit, row.key), given.line)
        if row.problems:
            row.state, draft = "salah", Draft()
        made.rows.append(row)
        drafts.append(draft)
    return made, drafts


def _unit(given: Given, units: Mapping[str, int], where: Where, row: PlanRow) -> int | None:
    name = given.cells.get("opd", "")
    unit = units.get(name.casefold()) if name else where.unit_id
    if name and unit is None:
        unit = where.unit_id
        if unit is None:
            row.problems.append(f"Perangkat daerah “{name}” tidak dikenal. Tulis nama lengkapnya.")
    elif unit is None:
        row.problems.append("Perangkat daerah tidak tertulis. Pilih perangkat daerahnya.")
    if unit is not None and where.allowed is not None and unit not in where.allowed:
        row.problems.append("Kontrak perangkat daerah lain diimpor oleh perangkat daerah itu.")
        return None
    return unit


def _one(
    given: Given, row: PlanRow, draft: Draft, unit: int, stood: Contract | None,
    roles: Mapping[str, int],
) -> None:  # fmt: skip
    cells = given.cells
    if not row.key:
        row.problems.append("Nomor kontrak kosong. Contoh: 602/15/PUPR/2026")
        return
    value = paid_before.money(cells, "nilai", row)
    signed, starts, ends = _span(cells, row)
    bills = paid_before.read(given.baps, row)
    if stood is None and not row.problems:
        _new(cells, row, draft, unit, (value, signed, starts, ends), bills)
        lacks = [r for r in ("ppk", "bendahara", "bud") if r not in roles]
        if lacks:
            row.problems.append(
                "Belum ada PPK, bendahara, atau Kuasa BUD pada perangkat daerah ini."
            )
    elif stood is not None:
        _again(cells, row, draft, stood, (value, ends))
        known, bills = paid_before.again(stood, bills, row)
        draft.known |= known
        draft.bills |= bills
        row.state = "berubah" if row.changes else "sama"


def _day(cells: Mapping[str, str], key: str, label: str, row: PlanRow) -> date | None:
    text = cells.get(key, "")
    if not text:
        return None
    found = paid_before.read_day(text)
    if found is None:
        row.problems.append(f"{label} “{text}” belum benar. Contoh: 12/3/2026")
    return found


def _span(cells: Mapping[str, str], row: PlanRow) -> tuple[date | None, date | None, date | None]:
    """Signed, first and last day; the last from the number of days where it is not written."""
    signed = _day(cells, "tanggal", "Tanggal kontrak", row)
    starts = _day(cells, "mulai", "Tanggal mulai", row) or signed
    ends = _day(cells, "selesai", "Tanggal selesai", row)
    days = re.search(r"\d{1,4}", cells.get("hari", ""))
    if ends is None and starts is not None and days:
        length = int(days[0]) * (30 if "bulan" in cells["hari"].lower() else 1)
        ends = starts + timedelta(days=length - 1)
        row.notes.append(f"Tanggal selesai dihitung dari {days[0]} hari: "
                         f"{indonesian.long_date(ends)}.")  # fmt: skip
    return signed, starts, ends


def _new(
    cells: Mapping[str, str], row: PlanRow, draft: Draft, unit: int,
    told: tuple[Decimal | None, date | None, date | None, date | None],
    bills: dict[str, KnownBill],
) -> None:  # fmt: skip
    value, signed, starts, ends = told
    for found, words in ((value, "Nilai kontrak"), (signed, "Tanggal kontrak"),
                         (ends, "Tanggal selesai atau jangka waktu")):  # fmt: skip
        if found is None:
            row.problems.append(f"{words} kosong.")
    if value is None or signed is None or starts is None or ends is None:
        return
    kind = _kind(cells, row)
    method = _method(cells, kind, value, signed, row)
    last, known = _reached(cells, kind, method, row)
    new = NewContract(
        unit_id=unit, number=row.key[:80], title=(row.title or f"Kontrak {row.key}")[:300],
        type=kind, method=method, value=value,
        net=rules.without_ppn(value, terms.value("ppn", signed)),
        fund=_fund(cells), vendor=cells.get("penyedia", "")[:200],
        vendor_npwp=re.sub(r"\D", "", cells.get("npwp", ""))[:24], signed_on=signed,
        starts_on=starts, ends_on=ends, signed=True, last_done=last, known=known,
        rup_code=cells.get("rup", "")[:40], spse_code=cells.get("spse", "")[:40],
        sub_code=cells.get("sub_kegiatan", "")[:40], account=cells.get("rekening", "")[:40],
        bills=bills, **paid_before.how(cells, bills),
    )  # fmt: skip
    try:
        flow.check(new)
    except Refused as refusal:
        row.problems.append(str(refusal))
        return
    row.state, draft.new = "baru", new
    span = f"{indonesian.long_date(starts)} s.d. {indonesian.long_date(ends)}"
    row.changes = [Change("nilai", "Nilai", "", indonesian.rupiah(value)),
                   Change("jenis", "Jenis", "", f"{TYPES[kind]}, {METHODS[method].lower()}"),
                   Change("masa", "Masa", "", span)]  # fmt: skip
    paid_before.tell(bills, row)


_KIND_WORDS = (
    ("konsultansi", r"konsultan|pengawasan|perencanaan|supervisi|ded\b|studi|kajian|masterplan"),
    ("konstruksi", r"pembangunan|rehabilitasi|peningkatan|pemeliharaan jalan|jembatan|drainase|"
                   r"irigasi|jalan|gedung|konstruksi|talud|pemeliharaan saluran"),
    ("jasa_lainnya", r"jasa|sewa|kebersihan|keamanan|katering|makan|penyelenggaraan|pelatihan"),
    ("barang", r"pengadaan|belanja|barang|alat|kendaraan|obat|komputer|mebel"),
)  # fmt: skip


def _kind(cells: Mapping[str, str], row: PlanRow) -> str:
    """The type that is written, else guessed from the words of the work and said so."""
    written = cells.get("jenis", "").lower()
    for key, label in TYPES.items():
        if written and (written == key or label.lower() in written):
            return key
    text = written or row.title.lower()
    for key, pattern in _KIND_WORDS:
        if re.search(pattern, text):
            if not written:
                row.notes.append(f"Jenis diduga dari nama pekerjaan: {TYPES[key]}.")
            return key
    row.notes.append("Jenis tidak tertulis; dicatat sebagai Barang.")
    return "barang"


def _method(cells: Mapping[str, str], kind: str, value: Decimal, signed: date, row: PlanRow) -> str:
    """The method that is written, else by the ceiling of pengadaan langsung, and said so."""
    text = re.sub(r"[^a-z]+", "_", cells.get("metode", "").lower()).strip("_")
    for key in sorted(METHODS, key=len, reverse=True):
        if key in text and key in PAIRS[kind]:
            return key
    if "katalog" in text and "e_purchasing" in PAIRS[kind]:
        return "e_purchasing"
    if kind == "konsultansi" and "tender" in text:
        return "seleksi"
    if "swakelola" in PAIRS[kind]:
        return "swakelola"
    small = value <= plans.library().rule_on(signed).ceiling(kind)
    method = "pengadaan_langsung" if small else "seleksi" if kind == "konsultansi" else "tender"
    row.notes.append(f"Metode diduga dari nilai: {METHODS[method]}.")
    return method


def _fund(cells: Mapping[str, str]) -> str:
    text = cells.get("dana", "").strip()[:60]
    return text or (
        "DAK Fisik" if cells.get("dak", "").strip().lower() in ("ya", "v", "x") else "DAU"
    )


def _reached(
    cells: Mapping[str, str], kind: str, method: str, row: PlanRow
) -> tuple[str, dict[str, tuple[date, str]]]:
    """The last step that the file knows to be done, with the dates and numbers it names."""
    stages = plans.library().of(kind, method, plans.library().rules[-1].key, "tonggak")
    keys = [s.key for s in stages if not s.per]
    known: dict[str, tuple[date, str]] = {}
    for key, prefix in (("sppbj", "sppbj"), ("spmk", "spmk"), ("bast", "bast")):
        on = _day(cells, f"{prefix}_tgl", f"Tanggal {key.upper()}", row)
        if on is not None and key in keys:
            known[key] = (on, cells.get(f"{prefix}_no", "")[:120])
    last = max(known, key=keys.index, default="")
    typed = cells.get("terakhir", "").lower()
    if typed:
        hit = next((s.key for s in stages if s.key == typed or typed in s.title.lower()), "")
        if not hit:
            row.notes.append(f"Tahap “{typed}” tidak dikenal; dipakai tanggal yang tertulis.")
        elif not last or keys.index(hit if hit in keys else keys[-1]) >= keys.index(last):
            last = hit
    return last, known


def _again(
    cells: Mapping[str, str], row: PlanRow, draft: Draft, stood: Contract,
    told: tuple[Decimal | None, date | None],
) -> None:  # fmt: skip
    """A contract that stands: papers and names are filled in, money and time are only told."""
    value, ends = told
    draft.contract_id = stood.id
    for key, column in (("judul", "title"), ("penyedia", "vendor"), ("npwp", "vendor_npwp"),
                        ("rup", "rup_code"), ("spse", "spse_code"), ("rekening", "account"),
                        ("sub_kegiatan", "sub_code")):  # fmt: skip
        new = re.sub(r"\D", "", cells.get(key, "")) if key == "npwp" else cells.get(key, "")
        most = Contract.__table__.c[column].type.length  # type: ignore[attr-defined]
        new, old = new[:most], getattr(stood, column)
        if new and new != old and not (key == "judul" and old):
            draft.fields[column] = new
            row.changes.append(Change(column, KONTRAK.field(key).label, old, new))  # type: ignore[union-attr]
    if value is not None and value != stood.value:
        row.notes.append(
            f"Nilai dalam berkas {indonesian.rupiah(value)}, tercatat "
            f"{indonesian.rupiah(stood.value)}. Perubahan nilai dicatat sebagai addendum."
        )
    if ends is not None and ends != stood.ends_on:
        row.notes.append(
            f"Tanggal selesai dalam berkas {indonesian.long_date(ends)}, tercatat "
            f"{indonesian.long_date(stood.ends_on)}. Perubahan waktu dicatat sebagai addendum."
        )
    _, known = _reached(cells, stood.type, stood.method, row)
    open_now = {s.key: s for s in flow.open_steps(stood) if not s.instance}
    for key, (on, number) in known.items():
        if key in open_now and number and stood.signed_on <= on <= people.today():
            draft.known[key] = (on, number)
            row.changes.append(
                Change(key, open_now[key].title, "", f"{indonesian.long_date(on)} {number}")
            )
    row.state = "berubah" if row.changes else "sama"


# --- writing ------------------------------------------------------------------------------------


def apply(made: Plan, drafts: Iterable[Draft], data: bytes, name: str, actor: Actor) -> ImportRun:
    """Write the right rows of a plan; the caller decides whether wrong ones stop it."""
    todo = [d for d in drafts if d.new is not None or d.fields or d.known]
    days = Days(workdays.calendar().is_workday)
    run = ImportRun(
        target=made.target, year=people.today().year, unit_id=None, name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(), same=made.count("sama"),
        left_out=made.count("salah"), added=made.count("baru"), changed=made.count("berubah"),
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    db.session.add(run)
    flow.register_many([d.new for d in todo if d.new is not None], actor, days)
    for draft in todo:
        if draft.contract_id is not None:
            _fill(draft, name, actor)
    db.session.flush()
    return run


def _fill(draft: Draft, name: str, actor: Actor) -> None:
    contract = db.session.get(Contract, draft.contract_id)
    if contract is None:
        raise Refused("Kontrak sudah tidak ada. Lihat pratinjau sekali lagi.")
    before = {k: getattr(contract, k) for k in draft.fields}
    for column, value in draft.fields.items():
        setattr(contract, column, value)
    if draft.fields:
        trail.record(f"contract:{contract.id}", "dilengkapi dari berkas", f"contract:{contract.id}",
                     actor, before, {**draft.fields, "berkas": name[:200]})  # fmt: skip
    is_workday = workdays.calendar().is_workday
    for row in contract.billings:
        if row.instance in draft.bills:
            row.amount, row.percent = draft.bills[row.instance].amount, (
                draft.bills[row.instance].percent)  # fmt: skip
    for key, (on, number) in draft.known.items():
        step = next((s for s in flow.open_steps(contract) if plans.node_of(s) == key), None)
        if step is not None:
            flow.finish(contract, step.id, on, number, actor, is_workday)


def applied_before(data: bytes) -> ImportRun | None:
    """The newest run that took in exactly this file."""
    return db.session.scalar(
        sa.select(ImportRun).where(
            ImportRun.sha256 == hashlib.sha256(data).hexdigest(),
            ImportRun.target.in_((KONTRAK.key, EKONTRAK.key)),
        ).order_by(ImportRun.id.desc()).limit(1)
    )  # fmt: skip
