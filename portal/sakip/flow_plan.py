"""The verbs of the Rencana Aksi and of the reviu of a LKjIP. Callers commit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import canonical_json, db
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.rules import Actor, Permission, UnitInfo, sees_unit
from portal.sakip import achievements, queries, rules, spec
from portal.sakip.models import ActionPlan, KinerjaQuarter, LkjReview
from portal.sakip.refusal import STALE, Refused
from portal.trail import flow as trail

PLAN = "RENCANA"
LONGEST = 4000
TEXTS = ("action", "obstacle", "follow_up")


@dataclass(frozen=True)
class Cell:
    """One field of an indicator in a triwulan, read and in canonical form."""

    indicator_id: int
    quarter: str
    name: str  # target | realised | action | obstacle | follow_up
    value: Decimal | str | None


def _held(unit: UnitInfo, year: int) -> ActionPlan:
    found = queries.plan(unit.id, year)
    if found is None:
        found = ActionPlan(unit_id=unit.id, year=year, sent={}, version=1)
        try:
            with db.session.begin_nested():
                db.session.add(found)
        except IntegrityError:
            found = queries.plan(unit.id, year)
            assert found is not None  # noqa: S101 - the unique key says so
    return found


def save(unit: UnitInfo, year: int, cells: list[Cell], version: int, actor: Actor) -> int:
    """Write cells of the Rencana Aksi; returns how many changed. ``version`` 0 = never saved."""
    if not queries.writes(actor, unit):
        raise Refused(f"Rencana Aksi {unit.name} diisi oleh operatornya atau penyusun SAKIP.")
    plan = _held(unit, year)
    own = {ln.indicator.id for ln in achievements.lines(year, unit, back=0)}
    stored = queries.quarters_of(own, [year])[year]
    changed = 0
    todo: list[tuple[Cell, KinerjaQuarter | None]] = []
    for cell in cells:
        if cell.indicator_id not in own or cell.quarter not in rules.QUARTERS:
            raise Refused("Ada indikator yang bukan milik Rencana Aksi ini. Muat ulang halaman.")
        if isinstance(cell.value, str) and len(cell.value) > LONGEST:
            raise Refused(f"Uraian paling panjang {LONGEST} huruf.")
        row = stored[cell.indicator_id].get(cell.quarter)
        now = getattr(row, cell.name) if row else (None if cell.name not in TEXTS else "")
        if now != cell.value:
            todo.append((cell, row))
    if todo and plan.version not in (version, 1):
        raise Refused(STALE, stale=True)
    for cell, _ in todo:
        row = stored[cell.indicator_id].get(cell.quarter)
        if row is None:
            row = KinerjaQuarter(indicator_id=cell.indicator_id, year=year, quarter=cell.quarter,
                                 action="", obstacle="", follow_up="")  # fmt: skip
            stored[cell.indicator_id][cell.quarter] = row
            db.session.add(row)
        setattr(row, cell.name, cell.value)
        row.by_label = actor.label
        changed += 1
    if changed:
        plan.version += 1
        db.session.flush()
        trail.record(
            f"sakip:{year}", "mengisi rencana aksi", f"action_plan:{plan.id}", actor, None,
            {f"{c.indicator_id}.{c.quarter}.{c.name}":
             format(c.value, "f") if isinstance(c.value, Decimal) else c.value for c, _ in todo},
        )  # fmt: skip
    return changed


def send(unit: UnitInfo, year: int, what: str, actor: Actor) -> ActionPlan:
    """Hand over the targets (``RENCANA``) or the realisasi of a triwulan; asked twice, once."""
    if not queries.writes(actor, unit):
        raise Refused(f"Rencana Aksi {unit.name} dikirim oleh operatornya atau penyusun SAKIP.")
    if what not in (PLAN, *rules.QUARTERS):
        raise Refused("Pilih rencana, atau triwulan yang dikirim.")
    lines = achievements.lines(year, unit, back=0)
    if not lines:
        raise Refused(
            f"Belum ada indikator untuk {unit.name}. Isi Pohon Kinerja {year} lebih dulu."
        )
    plan = _held(unit, year)
    if what in plan.sent:
        return plan
    if what == PLAN:
        bare = [ln for ln in lines if any(ln.quarter_target(q) is None for q in rules.QUARTERS)]
        told = "Target triwulan belum lengkap untuk"
    else:
        if PLAN not in plan.sent:
            raise Refused("Kirim target Rencana Aksi lebih dulu, lalu realisasi triwulannya.")
        bare = [ln for ln in lines if ln.quarter_realised(what) is None
                and not (ln.indicator.pointer and what != "TW4")]  # fmt: skip
        told = f"Realisasi {_name(what)} belum diisi untuk"
    if bare:
        names = "; ".join(f"“{ln.indicator.title}”" for ln in bare[:3])
        more = f" dan {len(bare) - 3} indikator lain" if len(bare) > 3 else ""
        raise Refused(
            f"{told} {names}{more}. Isi angkanya (0 bila memang nol), simpan, lalu kirim lagi."
        )
    if what != PLAN:
        _refuse_silence(lines, what)
    plan.sent = {**plan.sent, what: [clock.now().isoformat(), actor.label]}
    plan.version += 1
    trail.record(f"sakip:{year}", f"mengirim rencana aksi {what}", f"action_plan:{plan.id}",
                 actor, None, what)  # fmt: skip
    db.session.flush()
    return plan


def _refuse_silence(lines: list[achievements.Line], quarter: str) -> None:
    """What lags its target is explained: penghambat and tindak lanjut (LKE 2.2)."""
    for line in lines:
        known = None not in (line.quarter_target(quarter), line.quarter_realised(quarter))
        behind = known and not rules.reached(
            line.indicator.direction, line.quarter_target(quarter), line.quarter_realised(quarter)
        )
        row = line.quarters.get(quarter)
        if behind and not (row and row.obstacle.strip() and row.follow_up.strip()):
            raise Refused(
                f"“{line.indicator.title}” belum mencapai target {_name(quarter)}. Tulis "
                "penghambat dan tindak lanjutnya, simpan, lalu kirim lagi."
            )


def reopen(unit: UnitInfo, year: int, what: str, actor: Actor) -> None:
    """The compiling office opens what was sent, so that it can be corrected."""
    plan = queries.plan(unit.id, year)
    if queries.KIND not in actor.region_wide or not actor.may(Permission.SAKIP_WRITE):
        raise Refused("Rencana Aksi yang sudah dikirim dibuka kembali oleh penyusun SAKIP.")
    if plan is None or what not in plan.sent:
        raise Refused("Bagian itu belum dikirim.")
    plan.sent = {k: v for k, v in plan.sent.items() if k != what}
    plan.version += 1
    trail.record(f"sakip:{year}", f"membuka kembali rencana aksi {what}",
                 f"action_plan:{plan.id}", actor, what, None)  # fmt: skip
    db.session.flush()


def _name(quarter: str) -> str:
    return f"Triwulan {('I', 'II', 'III', 'IV')[rules.QUARTERS.index(quarter)]}"


# --- reviu ----------------------------------------------------------------------------------


def fingerprint(year: int, unit: UnitInfo) -> str:
    """SHA-256 of the numbers of a LKjIP: a reviu tells whether they have changed since."""
    body = [
        [ln.indicator.id, str(ln.now.target), str(ln.now.realised), str(ln.now.capaian.value)]
        for ln in achievements.lines(year, unit, back=0)
    ]
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def statement_of(year: int, unit: UnitInfo, title: str) -> str:
    """The words of the Pernyataan as the form proposes them."""
    text = spec.current().review.statement
    name = unit.name
    words = {"judul": title, "instansi": name, "tahun": str(year)}
    for key, value in words.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def review(
    year: int, unit: UnitInfo, *, number: str, on: date | None, statement: str,
    checklist: dict[str, str], actor: Actor,
) -> LkjReview:  # fmt: skip
    """Record the reviu of a LKjIP by APIP (PermenPANRB 53/2014 Lampiran III).

    The Pernyataan Telah Direviu prints from now on. Refused for one's own unit and without number,
    date or words; a second one takes the place of the first.
    """
    if not sees_unit(actor, Permission.ENTRY_REVIEW, unit, queries.KIND):
        raise Refused("Reviu LKjIP dicatat oleh APIP (Inspektorat), bukan atas unitnya sendiri.")
    if not number.strip():
        raise Refused("Isi nomor Pernyataan Telah Direviu, misalnya 700/12/ITDA/2026.",
                      field="number")  # fmt: skip
    if on is None:
        raise Refused("Isi tanggal reviu, misalnya 20 Maret 2026.", field="on")
    if on > people.today():
        raise Refused("Tanggal reviu belum lewat. Isi tanggal reviu selesai.", field="on")
    if on <= date(year, 12, 31):
        raise Refused(f"Reviu LKjIP {year} dilakukan setelah tahun {year} berakhir.", field="on")
    if not any(c.isalpha() for c in statement) or len(statement) > LONGEST:
        raise Refused(f"Isi kalimat pernyataan, paling panjang {LONGEST} huruf.",
                      field="statement")  # fmt: skip
    wanted = {c.key for c in spec.current().review.checklist}
    answered = {k: v for k, v in checklist.items() if k in wanted and v in ("ya", "tidak")}
    if len(answered) < len(wanted):
        raise Refused(
            f"Ceklis reviu baru {len(answered)} dari {len(wanted)} butir. Jawab Ya atau Tidak "
            "pada setiap butir.", field="checklist",
        )  # fmt: skip
    row = LkjReview(
        year=year, unit_id=unit.id, number=number.strip()[:120], on=on,
        statement=statement.strip(), checklist=answered, print=fingerprint(year, unit),
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    trail.record(f"sakip:{year}", "mencatat reviu LKjIP", f"lkj_review:{row.id}", actor, None,
                 {"unit": unit.code, "nomor": row.number, "tanggal": on.isoformat()})  # fmt: skip
    return row


def withdraw(found: LkjReview, actor: Actor) -> None:
    """Take a reviu back; its Pernyataan does not print any more."""
    unit = people.unit_info(found.unit_id, people.today())
    if unit is None or not sees_unit(actor, Permission.ENTRY_REVIEW, unit, queries.KIND):
        raise Refused("Reviu hanya dapat ditarik oleh APIP (Inspektorat).")
    changed = db.session.execute(
        sa.update(LkjReview)
        .where(LkjReview.id == found.id, LkjReview.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    if changed.rowcount:  # type: ignore[attr-defined]  # a CursorResult for an UPDATE
        trail.record(f"sakip:{found.year}", "menarik reviu LKjIP", f"lkj_review:{found.id}", actor,
                     found.number, None)  # fmt: skip
    db.session.expire(found)


def may_review(actor: Actor, unit: UnitInfo) -> bool:
    """True when the actor records the reviu of this unit's LKjIP."""
    return actor.may(Permission.ENTRY_REVIEW) and sees_unit(
        actor, Permission.ENTRY_REVIEW, unit, queries.KIND
    ) and unit.kind in (queries.HOUSE | {UnitKind.PEMDA.value})  # fmt: skip
