"""Write work and money of a contract; callers commit, Refused carries the sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from portal import clock, indonesian, store, uploads
from portal.contracts import flow as contracts
from portal.contracts import reshape, terms
from portal.contracts.flow import Refused
from portal.contracts.kinds import StepState
from portal.contracts.models import Contract
from portal.db import db
from portal.indonesian import read_number
from portal.people import queries as people
from portal.people import workdays
from portal.people.flow_region import keep_setting
from portal.people.rules import Actor
from portal.trail import flow as trail
from portal.works import photos, queries, rules
from portal.works.models import CriticalNote, Payment, Photo, Progress, WorkItem, WorkTerms

__all__ = ["Refused"]

_MOST_ITEMS = 300
_MOST_PHOTOS = 6
_PHOTO = uploads.Limits(side=1_600)


# --- items --------------------------------------------------------------------------------------


def read_items(text: str, weeks: int) -> list[rules.Item]:
    """Lines as Excel gives them: name, value before PPN, first week, last week.

    Refused names the line that cannot be read and shows one that can.
    """
    out: list[rules.Item] = []
    for n, line in enumerate(text.splitlines(), start=1):
        cells = [c.strip() for c in (line.split("\t") if "\t" in line else line.split(";"))]
        if not any(cells):
            continue
        out.append(_item(n, cells, weeks))
    if not out:
        raise Refused("Isi paling sedikit satu pekerjaan. Contoh: Galian; 300.000.000; 2; 5")
    if len(out) > _MOST_ITEMS:
        raise Refused(f"Paling banyak {_MOST_ITEMS} pekerjaan. Gabungkan yang kecil.")
    return out


def _item(n: int, cells: list[str], weeks: int) -> rules.Item:
    example = f"Contoh baris: Galian; 300.000.000; 2; {min(5, weeks)}"
    if len(cells) < 4 or not cells[0]:
        raise Refused(f"Baris {n}: perlu nama, nilai, minggu mulai, minggu selesai. {example}")
    read = read_number(cells[1])
    if read.value is None or not read.sure or read.value < 0:
        raise Refused(f"Baris {n}: nilai “{cells[1][:40]}” belum benar. {example}")
    first, last = (int(c) if c.isascii() and c.isdigit() and len(c) < 5 else 0 for c in cells[2:4])
    if not 1 <= first <= last <= weeks:
        raise Refused(f"Baris {n}: minggu antara 1 dan {weeks}, mulai sebelum selesai. {example}")
    return rules.Item(cells[0][:200], rules.rupiah(read.value), first, last)


def plan_work(contract: Contract, items: Sequence[rules.Item], actor: Actor) -> int:
    """A new plan of work items; their sum must be the contract before PPN, to the rupiah.

    Returns its number. The same plan again changes nothing; an old plan and the progress that
    was reported against it stay.
    """
    total = sum((i.value for i in items), Decimal(0))
    if abs(total - contract.net) >= 1:
        raise Refused(
            f"Jumlah pekerjaan {indonesian.rupiah(total)} tidak sama dengan nilai kontrak sebelum "
            f"PPN {indonesian.rupiah(contract.net)}. Periksa nilainya, atau ubah nilai kontrak."
        )
    now = queries.items(contract.id)
    if [(i.name, i.value, i.first_week, i.last_week) for i in now] == [
        (i.name, i.value, i.first, i.last) for i in items
    ]:
        return now[0].plan
    number = (now[0].plan if now else 0) + 1
    db.session.add_all(
        WorkItem(contract_id=contract.id, plan=number, position=n, name=i.name, value=i.value,
                 first_week=i.first, last_week=i.last)
        for n, i in enumerate(items, start=1)
    )  # fmt: skip
    trail.record(f"contract:{contract.id}", "rencana pekerjaan", f"plan:{number}", actor, None,
                 {"pekerjaan": len(items), "jumlah": str(total)})  # fmt: skip
    db.session.flush()
    return number


# --- progress -----------------------------------------------------------------------------------


def report_progress(
    contract: Contract, week: int, percents: Mapping[int, Decimal], note: str, actor: Actor
) -> Progress:
    """What each item has reached at the end of a week, cumulative 0 to 100.

    Progress does not run backwards without a note that says why. The same report again changes
    nothing.
    """
    found = queries.items(contract.id)
    if not found:
        raise Refused("Isi dahulu rincian pekerjaan dengan minggunya.")
    last = rules.week_of(contract.starts_on, people.today())
    if not 1 <= week <= last:
        raise Refused(f"Minggu antara 1 dan {max(last, 1)}; minggu yang akan datang belum ada.")
    given = [_percent(percents, i) for i in found]
    old = queries.progress_before(contract.id, week)
    back = [i.name for i, p in zip(found, given, strict=True)
            if old is not None and old.plan == i.plan
            and p < Decimal(old.percents.get(str(i.position), "0"))]  # fmt: skip
    if back and not note.strip():
        raise Refused(
            f"Realisasi {back[0]} turun dari minggu sebelumnya. Tuliskan sebabnya pada catatan."
        )
    items = queries.plain(found)
    weeks = max(week, rules.weeks_of(contract.starts_on, contract.ends_on))
    row = db.session.scalar(
        sa.select(Progress).where(Progress.contract_id == contract.id, Progress.week == week)
    )
    before = None
    if row is None:
        row = Progress(contract_id=contract.id, week=week)
        db.session.add(row)
    else:
        before = {"realisasi": str(row.actual), "catatan": row.note}
    row.plan, row.note = found[0].plan, note.strip()[:1000]
    row.on = min(contract.starts_on + timedelta(days=week * 7 - 1), people.today())
    row.planned = rules.planned(items, weeks)[week - 1]
    row.actual = rules.actual(items, given)
    row.percents = {str(i.position): str(p) for i, p in zip(found, given, strict=True)}
    row.by_label, row.at = actor.title, clock.now()
    trail.record(f"contract:{contract.id}", "realisasi mingguan", f"week:{week}", actor, before,
                 {"realisasi": str(row.actual), "catatan": row.note})  # fmt: skip
    db.session.flush()
    return row


def _percent(percents: Mapping[int, Decimal], item: WorkItem) -> Decimal:
    found = percents.get(item.position, Decimal(0))
    if not 0 <= found <= 100:
        raise Refused(f"Realisasi {item.name} antara 0 dan 100 persen. Contoh: 37,5")
    return found


def add_photo(row: Progress, data: bytes, name: str) -> Photo:
    """Keep a photo of the week: made smaller, its date and coordinates kept beside it."""
    if len(row.photos) >= _MOST_PHOTOS:
        raise Refused(f"Paling banyak {_MOST_PHOTOS} foto untuk satu minggu.")
    known = photos.facts(data)
    checked = uploads.check(data, name, uploads.PICTURES, _PHOTO)
    sha = store.put(checked.data, checked.media).sha256
    same = next((p for p in row.photos if p.sha256 == sha), None)
    if same is not None:
        return same
    made = Photo(sha256=sha, name=checked.name, taken=known.taken, latitude=known.latitude,
                 longitude=known.longitude)  # fmt: skip
    row.photos.append(made)
    db.session.flush()
    return made


def declare_critical(contract: Contract, doc_no: str, actor: Actor) -> CriticalNote:
    """The PPK declares a contract kritis; refused while the threshold is not met.

    The declaration opens the numbered chain of SCM and SP as steps of the contract, its first
    warning finished by the paper that is named; a chain that is still open goes on.
    """
    state = queries.standing(contract, people.today())
    if not state.critical:
        raise Refused("Ambang kontrak kritis belum terpenuhi menurut realisasi terakhir.")
    if not doc_no.strip():
        raise Refused("Nomor surat atau berita acara wajib diisi. Contoh: 602/31/SP/2026")
    made = CriticalNote(
        contract_id=contract.id, on=people.today(), threshold=state.critical, planned=state.planned,
        actual=state.actual, doc_no=doc_no.strip()[:120], by_label=actor.title, at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    trail.record(f"contract:{contract.id}", "kontrak kritis dinyatakan", f"critical:{made.id}",
                 actor, None, {"nomor": made.doc_no, "rencana": str(made.planned),
                               "realisasi": str(made.actual)})  # fmt: skip
    begun = f"^{made.on.isoformat()}"
    if not any(s.state == StepState.OPEN or begun in s.after for s in queries.warnings(contract)):
        _open_chain(contract, made.doc_no, actor)
    return made


def _open_chain(contract: Contract, doc_no: str, actor: Actor) -> None:
    known = reshape.events_for(contract)
    key = next((k for k in ("kritis", "sp") if k in known), "")
    if not key:
        return
    worked, today = workdays.calendar().is_workday, people.today()
    steps = reshape.add_event(contract, reshape.EVENTS[key][1], today, actor, worked)
    if steps[0].key == "peringatan":
        contracts.finish(contract, steps[0].id, today, doc_no, actor, worked)


# --- payments -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewPayment:
    """What the PPK records of a bill: progress it pays up to, the fine set, the BAP."""

    after: Decimal
    on: date
    doc_no: str
    fine: Decimal = Decimal(0)
    fine_basis: str = ""


def pay(contract: Contract, billing_id: int, new: NewPayment, actor: Actor) -> Payment:
    """Record the reckoning of a bill; its amount follows, whatever the plan said."""
    bill = next((b for b in contract.billings if b.id == billing_id), None)
    if bill is None:
        raise Refused("Berkas bayar itu tidak ada pada kontrak ini.")
    if not new.doc_no.strip():
        raise Refused("Nomor Berita Acara Pembayaran wajib diisi. Contoh: 602/40/BAP/2026")
    if new.on > people.today():
        raise Refused("Tanggal Berita Acara tidak boleh di masa depan.")
    if new.fine < 0 or (new.fine and not new.fine_basis.strip()):
        raise Refused("Denda memerlukan nomor surat penetapannya. Contoh: 602/41/PPK/2026")
    reckoned = queries.reckon(contract, bill, new.after, new.fine)
    if reckoned.net < 0:
        raise Refused("Potongan melebihi tagihan. Periksa kemajuan, uang muka, dan denda.")
    row = db.session.scalar(sa.select(Payment).where(Payment.billing_id == bill.id))
    before = {"bruto": str(row.gross), "denda": str(row.fine)} if row else None
    if row is None:
        row = Payment(contract_id=contract.id, billing_id=bill.id)
        db.session.add(row)
    row.before, row.after = queries.paid_before(contract, bill), new.after
    row.gross, row.advance = reckoned.gross, reckoned.advance
    row.retention, row.fine = reckoned.retention, reckoned.fine
    row.fine_basis, row.on = new.fine_basis.strip()[:300], new.on
    row.doc_no, row.by_label, row.at = new.doc_no.strip()[:120], actor.title, clock.now()
    bill.amount, bill.percent = row.claim, new.after
    db.session.flush()
    trail.record(f"contract:{contract.id}", "perhitungan pembayaran", f"billing:{bill.instance}",
                 actor, before, {"bruto": str(row.gross), "uang muka": str(row.advance),
                                 "retensi": str(row.retention), "denda": str(row.fine),
                                 "neto": str(row.net), "nomor": row.doc_no})  # fmt: skip
    return row


# --- terms --------------------------------------------------------------------------------------


def set_term(contract: Contract, key: str, value: Decimal | None, basis: str, actor: Actor) -> None:
    """What the SSKK of this contract sets; None gives the region's back."""
    _check_term(key, value, basis, "SSKK butir 12.3", "kontrak")
    row = db.session.get(WorkTerms, contract.id) or WorkTerms(contract_id=contract.id, own={})
    own = dict(row.own)
    before = own.pop(key, None)
    if value is not None:
        own[key] = {"value": str(value), "basis": basis.strip()[:300]}
    row.own = own
    db.session.add(row)
    trail.record(f"contract:{contract.id}", "ketentuan kontrak diubah", f"term:{key}", actor,
                 before, own.get(key))  # fmt: skip
    db.session.flush()


def set_region_term(key: str, value: Decimal, basis: str, since: date, actor: Actor) -> None:
    """What holds in the region from a day on (for a contract: that of its signing).

    Terms that decide steps have the tick plan open steps anew.
    """
    _check_term(key, value, basis, "Perbup 12/2026 Pasal 4")
    keep_setting(terms.PREFIX + key, str(value), since, basis, actor)
    terms.forget()


def _check_term(
    key: str, value: Decimal | None, basis: str, example: str, scope: str = ""
) -> None:  # fmt: skip
    term = terms.defaults().get(key)
    if term is None or (scope and term.scope != scope):
        raise Refused("Pilih ketentuan dari daftar.")
    if value is None:
        return
    if not term.least <= value <= term.most or (term.whole and value % 1):
        kind = "bilangan bulat " if term.whole else ""
        low, high = (indonesian.number(n, 0) for n in (term.least, term.most))
        raise Refused(f"{term.title}: isi {kind}antara {low} dan {high} {terms.UNITS[term.unit]}.")
    if not basis.strip():
        raise Refused(f"Dasar wajib diisi. Contoh: {example}")
