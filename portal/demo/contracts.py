"""Contracts of eight pilot OPD: every type and method, followed day by day up to the demo's today.

Made from a seed and dated around the day of loading. Each contract runs at its own pace; some lie
on a desk longer than they should, so that boards and reminders have something to tell.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.budget.models import BudgetLine
from portal.contracts import changes, flow
from portal.contracts.changes import NewAddendum, NewGuarantee
from portal.contracts.flow import NewContract
from portal.contracts.models import Contract, Step
from portal.contracts.planning import Days
from portal.demo import region
from portal.desks import flow as desks
from portal.people import queries, workdays
from portal.people.models import Unit
from portal.people.rules import PORTAL

SEED = "selaras-kontrak-1"
_FIRMS = ("Karya", "Tirta", "Marka", "Medika", "Bangun", "Sarana", "Cipta", "Mitra", "Bumi",
          "Graha", "Samudra", "Lestari", "Utama", "Persada")  # fmt: skip
_PLACES = ("Contoh Utara", "Contoh Kota", "Contoh Timur", "Contoh Selatan", "Contoh Barat",
           "Contoh Hulu", "Contoh Hilir", "Contoh Pesisir")  # fmt: skip
#: Work of each OPD: words ({} is a place), type, method, value in million rupiah from-to.
_WORK: dict[str, tuple[tuple[str, str, str, int, int], ...]] = {
    "DPUPR": (
        ("Peningkatan ruas jalan {}", "konstruksi", "tender", 1800, 9500),
        ("Rehabilitasi jembatan {}", "konstruksi", "tender", 1200, 4200),
        ("Rehabilitasi jaringan irigasi {}", "konstruksi", "tender_cepat", 700, 1900),
        ("Pemeliharaan drainase lingkungan {}", "konstruksi", "pengadaan_langsung", 120, 390),
        ("Pengawasan teknis peningkatan jalan {}", "konsultansi", "seleksi", 180, 420),
        ("Perencanaan teknis jembatan {}", "konsultansi", "pengadaan_langsung", 60, 98),
        ("Pengadaan aspal dan agregat {}", "barang", "e_purchasing", 300, 900),
    ),
    "DINKES": (
        ("Rehabilitasi Puskesmas {}", "konstruksi", "tender", 1500, 4800),
        ("Pengadaan alat kesehatan Puskesmas {}", "barang", "e_purchasing", 250, 1300),
        ("Pengadaan obat program {}", "barang", "e_purchasing", 400, 1500),
        ("Pemeliharaan rumah dinas medis {}", "konstruksi", "pengadaan_langsung", 90, 260),
        ("Jasa pengolahan limbah medis {}", "jasa_lainnya", "penunjukan_langsung", 210, 480),
        ("Sosialisasi kesehatan lingkungan {}", "swakelola_3", "swakelola", 60, 180),
    ),
    "DISDIK": (
        ("Pembangunan ruang kelas baru SDN {}", "konstruksi", "tender", 900, 2600),
        ("Rehabilitasi ruang kelas SMPN {}", "konstruksi", "pengadaan_langsung", 160, 390),
        ("Pengadaan mebel sekolah {}", "barang", "e_purchasing", 200, 700),
        ("Pengawasan rehabilitasi sekolah {}", "konsultansi", "pengadaan_langsung", 40, 95),
        ("Pelatihan guru penggerak {}", "swakelola_2", "swakelola", 80, 240),
    ),
    "DPERKIM": (
        ("Pembangunan drainase permukiman {}", "konstruksi", "tender", 800, 2900),
        ("Penataan kawasan permukiman {}", "konstruksi", "tender_cepat", 600, 1700),
        ("Jalan lingkungan {}", "konstruksi", "pengadaan_langsung", 110, 380),
        ("Perencanaan penataan permukiman {}", "konsultansi", "pengadaan_langsung", 55, 99),
    ),
    "DISHUB": (
        ("Pemasangan marka dan rambu jalan {}", "barang", "tender", 600, 1400),
        ("Rehabilitasi dermaga {}", "konstruksi", "tender", 900, 3400),
        ("Pengadaan lampu penerangan jalan {}", "barang", "e_purchasing", 250, 900),
        ("Pemeliharaan halte {}", "konstruksi", "pengadaan_langsung", 70, 210),
    ),
    "DISTAN": (
        ("Pembangunan jalan usaha tani {}", "konstruksi", "pengadaan_langsung", 140, 390),
        ("Pengadaan alat mesin pertanian {}", "barang", "e_purchasing", 220, 800),
        ("Pengadaan bibit unggul {}", "barang", "pengadaan_langsung", 90, 195),
        ("Padat karya irigasi tersier {}", "swakelola_4", "swakelola", 90, 260),
    ),
    "DLH": (
        ("Pembangunan TPS 3R {}", "konstruksi", "tender", 500, 1300),
        ("Jasa angkutan persampahan {}", "jasa_lainnya", "tender", 700, 1900),
        ("Pengadaan kontainer sampah {}", "barang", "e_purchasing", 180, 520),
        ("Kajian daya dukung lingkungan {}", "konsultansi", "seleksi", 150, 320),
    ),
    "DISKAN": (
        ("Rehabilitasi tempat pelelangan ikan {}", "konstruksi", "tender", 700, 2100),
        ("Pengadaan alat tangkap ramah lingkungan {}", "barang", "e_purchasing", 150, 460),
        ("Pengadaan benih ikan {}", "barang", "pengadaan_langsung", 60, 180),
        ("Bimbingan teknis nelayan {}", "swakelola_1", "swakelola", 40, 110),
    ),
}  # fmt: skip
#: OPD whose first contract is followed by all its steps.
_FINE = ("DPUPR", "DISDIK")
#: How many contracts each OPD has, PEN or not.
_COUNT = {"DPUPR": 16, "DINKES": 11, "DISDIK": 10, "DPERKIM": 8, "DISHUB": 8, "DISTAN": 8,
          "DLH": 7, "DISKAN": 7}  # fmt: skip
#: The longest that a file of the demo lies past its limit.
LONGEST = timedelta(days=32)


@dataclass(frozen=True)
class Script:
    """How one contract runs."""

    new: NewContract
    pace: int  # working days before (-) or after its limits that its steps are finished
    slow: bool  # the last step of the past weeks still lies on its desk
    slow_at: str  # the key of that step, empty for whichever it is
    addendum: int  # days that an addendum adds, 0 for none
    told: tuple[str, str] = ("", "")  # a kendala on the way and what the kepala answered


def load(_db: Any) -> None:
    """Register the contracts and let them run up to today."""
    today = queries.today()
    days = Days(workdays.calendar().is_workday)
    units = {u.code: u.id for u in _db.session.scalars(sa.select(Unit))}
    lines = _lines(_db, units, today.year)
    zone = current_app.config["SELARAS"].zone
    for script in scripts(units, lines, today, days):
        run(_db, script, today, days, zone)
    _db.session.flush()


def _lines(_db: Any, units: dict[str, int], year: int) -> dict[int, list[tuple[int, int, str]]]:
    """Sub kegiatan of the pilot OPD in the newest year of the budget: year, id, code."""
    rows = _db.session.execute(
        sa.select(BudgetLine.unit_id, BudgetLine.year, BudgetLine.id, BudgetLine.kode)
        .where(BudgetLine.unit_id.in_([units[c] for c in region.CONTRACT_PILOT]),
               sa.func.length(BudgetLine.kode) >= 14, BudgetLine.year <= year,
               sa.func.substr(BudgetLine.kode, 6, 2) != "01")  # penunjang buys no roads
        .order_by(BudgetLine.year.desc(), BudgetLine.kode)
    ).all()  # fmt: skip
    newest = max((r.year for r in rows), default=0)
    out: dict[int, list[tuple[int, int, str]]] = {}
    for row in rows:
        if row.year == newest:
            out.setdefault(row.unit_id, []).append((row.year, row.id, row.kode))
    return out


def scripts(
    units: dict[str, int], lines: dict[int, list[tuple[int, int, str]]], today: date, days: Days
) -> Iterator[Script]:
    """The contracts of the demo in a fixed order."""
    rng = random.Random(SEED)  # noqa: S311 - fiction, not a secret
    number = 10
    for code in region.CONTRACT_PILOT:
        for n in range(_COUNT[code]):
            number += rng.randint(1, 4)
            work = _WORK[code][n % len(_WORK[code])]
            line = lines.get(units[code]) or [(0, 0, "")]
            detail = "rinci" if n == 0 and code in _FINE else "tonggak"
            spot = (code, units[code], number, detail)
            yield _script(rng, spot, work, line[n % len(line)], today, days)


def _script(
    rng: random.Random, spot: tuple[str, int, int, str], work: tuple[str, str, str, int, int],
    line: tuple[int, int, str], today: date, days: Days,
) -> Script:  # fmt: skip
    code, unit, number, detail = spot
    words, kind, method, low, high = work
    value = Decimal(rng.randint(low * 10, high * 10)) * 100_000
    build, big = kind == "konstruksi", value > 600_000_000
    lasts = rng.choice((60, 75, 90) if not big else (120, 150, 180, 210))
    slow = rng.random() < 0.45
    ago = lasts + rng.randint(14, 38) if slow and not big else rng.randint(15, 205)
    package = method in ("tender", "seleksi") and rng.random() < 0.32
    signed = days.workdays(today - timedelta(days=ago), 0)
    if package:
        signed = days.workdays(today + timedelta(days=rng.randint(20, 60)), 0)
    terms = rng.choice((1, 2, 3)) if big and kind in ("konstruksi", "jasa_lainnya") else 0
    firm = f"{rng.choice(('CV', 'PT', 'CV', 'UD'))} {rng.choice(_FIRMS)} Contoh"
    running = not package and ago > 60 and rng.random() < 0.12
    nobody = package or method == "swakelola"
    prefix = "RUP" if package else "602" if build else "027"
    starts = days.workdays(signed, 3)
    advance = value / 5 if big and build and rng.random() < 0.6 else Decimal(0)
    new = NewContract(
        unit_id=unit, number=f"{prefix}/{number}/{code}/{signed.year}", value=value, fund="DAU",
        title=words.format(rng.choice(_PLACES)), type=kind, method=method,
        funds=_funds(rng, value, build), vendor="" if nobody else firm,
        vendor_npwp="" if nobody else f"0{rng.randint(10**13, 10**14 - 1)}",
        vendor_small=value < 2_500_000_000, net=(value * 100 / 111).quantize(Decimal("0.01")),
        signed_on=signed, starts_on=starts, ends_on=starts + timedelta(days=lasts),
        signed=not package, detail=detail,
        state="paket" if package else "berjalan", year=signed.year,
        sub_code=line[2], line_id=line[1] if line[0] == signed.year else None, terms=terms,
        payment="termin" if terms else "sekaligus", advance=advance.quantize(Decimal(1)),
        retention="retensi" if big and build else "tidak", last_done="spmk" if running else "",
        goes_live=today - timedelta(days=25) if running else None,
    )  # fmt: skip
    more = rng.choice((20, 30, 45)) if big and not running and rng.random() < 0.3 else 0
    slow = slow and (not package or number % 3 == 0)
    at = rng.choice(("bast", "spp", "sp2d", "spp", "sp2d")) if not big else ""
    return Script(new, rng.choice((-3, -1, -1, 0, 0, 1, 2)), slow, at, more)


def _funds(rng: random.Random, value: Decimal, build: bool) -> dict[str, Decimal]:
    """PEN pays four in ten, alone or with DAU; the others are mixed."""
    chance = rng.random()
    if chance < 0.3:
        return {"PEN": value}
    if chance < 0.42:
        part = (value * Decimal("0.7")).quantize(Decimal(100_000))
        return {"PEN": part, "DAU": value - part}
    return {
        rng.choice(("DAU", "DAU", "PAD", "DAK Fisik") if build else ("DAU", "PAD", "DBH")): value
    }


# --- a contract runs --------------------------------------------------------------------------


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(10, 0), zone).astimezone(UTC)


def run(_db: Any, script: Script, today: date, days: Days, zone: ZoneInfo) -> None:
    """Register a contract on its day and let it go its way up to today."""
    new = script.new
    begins = new.goes_live or new.signed_on
    if new.state == "paket":
        begins = today - timedelta(days=40)
    with clock.frozen(_at(min(begins, today), zone)):
        contract = flow.register(new, PORTAL, days)
        _guarantees(contract, script)
    _db.session.refresh(contract)
    changed, told = script.addendum == 0, False
    for _ in range(150):
        step = _next(contract)
        if step is None:
            break
        on = _day(step, contract, script.pace, days)
        if script.slow and script.slow_at in ("", step.key) and _recent(step, today):
            break
        middle = contract.starts_on + (contract.ends_on - contract.starts_on) / 2
        if not changed and min(on, today) > middle:
            changed = True
            _addendum(contract, script, middle, today, days, zone)
            continue
        if on > today:
            break
        if step.key in ("selesai", "bast") and script.told[0] and not told:
            told = True
            _tell(
                contract, step, script.told, max(step.ready_on or on, days.workdays(on, -12)), zone
            )
        with clock.frozen(_at(on, zone)):
            flow.finish(contract, step.id, on, _paper(step, contract), PORTAL, days)


def _tell(
    contract: Contract, step: Step, words: tuple[str, str], on: date, zone: ZoneInfo
) -> None:  # fmt: skip
    """A kendala that was recorded in time, and the kepala's answer a day later."""
    is_workday = workdays.calendar().is_workday
    with clock.frozen(_at(on, zone)):
        made = desks.state_obstacle(contract, step.id, words[0], on + timedelta(days=14), PORTAL)
    with clock.frozen(_at(on + timedelta(days=1), zone)):
        desks.answer_obstacle(made, True, words[1], PORTAL, is_workday)


def _recent(step: Step, today: date) -> bool:
    return step.due_on is not None and today - LONGEST < step.due_on < today


def _next(contract: Contract) -> Step | None:
    """The step that is finished next; reports that come again and again stay open."""
    found = [s for s in flow.open_steps(contract) if s.mode != "berkala"]
    return min(found, key=lambda s: (s.due_on or s.ready_on or date.max, s.position), default=None)


def _day(step: Step, contract: Contract, pace: int, days: Days) -> date:
    """When the step was finished: at its limit, a little before or after, never before its turn."""
    base = step.due_on or days.workdays(step.ready_on or contract.signed_on, 3)
    earliest = max(step.ready_on or contract.signed_on, contract.goes_live)
    if step.key in ("tagihan", "selesai", "bast", "serah"):
        pace = max(pace, 0)
    return max(days.workdays(base, pace) if pace else base, days.workdays(earliest, 1))


def _paper(step: Step, contract: Contract) -> str:
    word = {"spp": "SPP-LS", "spm": "SPM-LS", "sp2d": "SP2D"}.get(step.key, step.key.upper())
    return f"{contract.id * 7 + step.position:05d}/{word}/CONTOH/{contract.signed_on.year}"


def _guarantees(contract: Contract, script: Script) -> None:
    new = script.new
    if new.state == "paket" or new.method in ("e_purchasing", "swakelola"):
        return
    if new.value <= 200_000_000 or new.type == "konsultansi":
        return
    slack = 14 + contract.id % 3 * 14
    changes.guarantee(
        contract,
        NewGuarantee(
            "pelaksanaan",
            f"BG-{contract.id:04d}/CONTOH",
            (new.value / 20).quantize(Decimal(1)),
            "Bank Contoh Cabang Utama",
            new.signed_on,
            new.ends_on + timedelta(days=slack),
        ),
        PORTAL,
    )
    if new.advance:
        changes.guarantee(contract, NewGuarantee(
            "uang_muka", f"SB-{contract.id:04d}/CONTOH", new.advance, "Asuransi Contoh",
            new.signed_on, new.ends_on), PORTAL)  # fmt: skip


def _addendum(
    contract: Contract, script: Script, on: date, today: date, days: Days, zone: ZoneInfo
) -> None:
    day = days.workdays(on, 0)
    if day > today:
        return
    with clock.frozen(_at(day, zone)):
        changes.addendum(
            contract,
            NewAddendum(
                f"{contract.number}/ADD-1",
                day,
                contract.ends_on + timedelta(days=script.addendum),
                basis="Curah hujan tinggi dan perubahan volume menurut MC-0",
            ),
            PORTAL,
            days,
        )
