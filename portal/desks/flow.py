"""Write what happens to files on desks: received, returned, handed on, paused, answered.

Callers commit. Refused carries the sentence for the user.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from portal import clock
from portal.clock import IsWorkday, add_workdays
from portal.contracts import flow as contracts
from portal.contracts.flow import Refused
from portal.contracts.kinds import DESK_OF, HOLDER_LABELS
from portal.contracts.models import Contract, Step, StepState
from portal.contracts.planning import Days
from portal.db import changed_rows, db
from portal.desks import queries, rules
from portal.desks.kinds import PAPERS, REASONS, HindranceState, Outcome
from portal.desks.models import Hindrance, Hold, Pause, Reply
from portal.people import queries as people
from portal.people.rules import Actor
from portal.trail import flow as trail

__all__ = ["Refused"]

File = tuple[str, str]  # SHA-256, name
_LONGEST = 2000


def _open_step(contract: Contract, step_id: int) -> Step:
    step = next((s for s in contract.steps if s.id == step_id), None)
    if step is None or step.state != StepState.OPEN or step.ready_on is None:
        raise Refused("Berkas ini tidak lagi di meja Bapak/Ibu. Muat ulang halaman.")
    return step


def present_hold(step: Step) -> Hold | None:
    """The stay that is now, None when nobody has acted on the file of this step."""
    return db.session.scalar(
        sa.select(Hold)
        .where(Hold.step_id == step.id, Hold.left_on.is_(None))
        .order_by(Hold.n.desc())
    )


def _hold(contract: Contract, step: Step) -> Hold:
    """The present stay, written down when it is the first that anybody acts on."""
    found = present_hold(step)
    if found is not None:
        return found
    return _lay(contract, step, step.holder, step.ready_on or people.today())


def _lay(contract: Contract, step: Step, holder: str, arrived: date) -> Hold:
    last = db.session.scalar(
        sa.select(sa.func.max(Hold.n)).where(Hold.step_id == step.id)
    ) or 0  # fmt: skip
    made = Hold(
        contract_id=contract.id, step_id=step.id, n=last + 1, holder=holder,
        desk=str(DESK_OF[holder]), arrived_on=arrived,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def papers(chosen: Sequence[str]) -> list[str]:
    """The papers that were ticked, in the order of the list; unknown names are refused."""
    if set(chosen) - set(PAPERS):
        raise Refused("Pilih kelengkapan dari daftar.")
    return [key for key in PAPERS if key in chosen]


# --- Terima, Kembalikan, Serahkan kembali, Teruskan ---------------------------------------------


def receive(
    contract: Contract, step_id: int, lacking: Sequence[str], note: str, actor: Actor,
    is_workday: IsWorkday,
) -> Hold:  # fmt: skip
    """Terima: the file was checked for completeness; the clock of this desk starts here.

    A second press changes nothing. The limit counts from the receipt, at the latest from one
    working day after the file arrived.
    """
    step = _open_step(contract, step_id)
    hold = _hold(contract, step)
    missing = papers(lacking)
    if hold.received_on is not None:
        return hold
    today = people.today()
    hold.received_on, hold.received_at, hold.received_by = today, clock.now(), actor.title
    hold.lacking, hold.note = missing, note.strip()[:500]
    trail.record(
        f"contract:{contract.id}", "berkas diterima", f"step:{step.id}", actor, None,
        {"meja": hold.desk, "kurang": missing, "catatan": hold.note},
    )  # fmt: skip
    if hold.holder == _main_holder(step):
        step.clock_on = rules.clock_start(
            hold.arrived_on, today, is_workday, queries.receipt(hold.arrived_on)
        )
        contracts.moved_on(contract, Days(is_workday), f"{step.title}: berkas diterima")
    return hold


def _main_holder(step: Step) -> str:
    """Whose step it is, wherever the file lies now: the holder of its first stay."""
    first = db.session.scalar(sa.select(Hold.holder).where(Hold.step_id == step.id, Hold.n == 1))
    return first or step.holder


def give_back(
    contract: Contract, step_id: int, to: str, lacking: Sequence[str], note: str, actor: Actor
) -> Hold:
    """Kembalikan: what is missing is ticked, the file lies with who must complete it.

    Its days are that desk's from here on, and no longer of the desk that returned it. Returns
    the stay that ended, with the number of its slip.
    """
    step = _open_step(contract, step_id)
    missing = papers(lacking)
    if not missing and not note.strip():
        raise Refused("Centang berkas yang kurang atau tuliskan yang perlu diperbaiki.")
    if to not in HOLDER_LABELS or to == step.holder:
        raise Refused("Pilih kepada siapa berkas dikembalikan.")
    hold = _hold(contract, step)
    number = f"KB-{contract.id}-{step.id}-{hold.n}"
    _leave(hold, Outcome.RETURNED, missing=missing, note=note, number=number)
    contracts.lay_on(contract, step, to, actor)
    _lay(contract, step, to, people.today())
    trail.record(
        f"contract:{contract.id}", "berkas dikembalikan", f"step:{step.id}", actor, None,
        {"nomor": number, "kepada": to, "kurang": missing, "catatan": note.strip()[:500]},
    )  # fmt: skip
    db.session.refresh(hold)
    return hold


def _leave(
    hold: Hold, outcome: Outcome, *, on: date | None = None, missing: Sequence[str] = (),
    note: str = "", number: str = "",
) -> None:  # fmt: skip
    changed = changed_rows(
        sa.update(Hold).where(Hold.id == hold.id, Hold.left_on.is_(None))
        .values(left_on=on or people.today(), outcome=outcome,
                lacking=list(missing) or hold.lacking, note=note.strip()[:500] or hold.note,
                slip_no=number)
    )  # fmt: skip
    if changed == 0:
        raise Refused("Berkas ini baru saja berpindah meja. Muat ulang halaman.")


def hand_back(contract: Contract, step_id: int, note: str, actor: Actor) -> Hold:
    """Serahkan kembali: the missing papers are there, the file goes to the desk of its step."""
    step = _open_step(contract, step_id)
    hold, main = _hold(contract, step), _main_holder(step)
    if hold.holder == main:
        raise Refused("Berkas ini tidak sedang dikembalikan. Muat ulang halaman.")
    _leave(hold, Outcome.FORWARDED, note=note)
    contracts.lay_on(contract, step, main, actor)
    made = _lay(contract, step, main, people.today())
    trail.record(f"contract:{contract.id}", "berkas diserahkan kembali", f"step:{step.id}", actor,
                 None, {"kepada": main, "catatan": note.strip()[:500]})  # fmt: skip
    return made


def forward(
    contract: Contract, step_id: int, done_on: date, number: str, actor: Actor,
    is_workday: IsWorkday, file: File | None = None,
) -> Step:  # fmt: skip
    """Teruskan: number and date of SPP, SPM-LS or SP2D; the file leaves this desk."""
    step = _open_step(contract, step_id)
    if (hold := present_hold(step)) is not None:
        if hold.holder != _main_holder(step):
            raise Refused("Berkas ini sedang dikembalikan. Serahkan kembali lebih dahulu.")
        if done_on < hold.arrived_on:
            raise Refused("Tanggal dokumen mendahului tanggal berkas sampai. Periksa tanggalnya.")
    done = contracts.finish(contract, step_id, done_on, number, actor, is_workday, file)
    if hold is not None:
        _leave(hold, Outcome.FORWARDED, on=done_on)
    return done


# --- pauses -------------------------------------------------------------------------------------


def pause(
    contract: Contract | None, reason: str, span: tuple[date, date | None], doc_no: str,
    file: File | None, actor: Actor, *, step_id: int | None = None, note: str = "",
) -> Pause:  # fmt: skip
    """Penundaan tercatat: a reason of the closed list and its document; the clock stands still.

    ``span`` is its first and its last day (None while it lasts). Without a contract it is BPKAD's
    declaration for all ("SIPD gangguan", "kas kosong"). The same document for the same reason and
    day twice changes nothing.
    """
    known = REASONS.get(reason)
    if known is None or known.everywhere != (contract is None):
        raise Refused("Pilih sebab penundaan dari daftar.")
    since, until = span
    if since > people.today():
        raise Refused("Tanggal mulai tidak boleh di masa depan.")
    if until is not None and until < since:
        raise Refused("Tanggal selesai mendahului tanggal mulai. Periksa kedua tanggal.")
    if not doc_no.strip() or file is None:
        raise Refused(
            "Penundaan memerlukan nomor dan berkas dokumen dasarnya. Contoh: 027/55/BA/2026, "
            "foto atau PDF."
        )
    stream = f"contract:{contract.id}" if contract else "pauses"
    again = _same(contract, reason, since, doc_no)
    if again is not None:
        return again
    made = Pause(
        contract_id=contract.id if contract else None, step_id=step_id, reason=reason, since=since,
        until=until, doc_no=doc_no.strip()[:120], sha256=file[0], file_name=file[1][:200],
        note=note.strip()[:500], by_label=actor.title, at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    trail.record(stream, "penundaan tercatat", f"pause:{made.id}", actor, None,
                 {"sebab": reason, "sejak": since.isoformat(), "dokumen": made.doc_no,
                  "sampai": until.isoformat() if until else None, "sha256": file[0]})  # fmt: skip
    return made


def _same(contract: Contract | None, reason: str, since: date, doc_no: str) -> Pause | None:
    return db.session.scalar(
        sa.select(Pause).where(
            Pause.contract_id == contract.id if contract else Pause.contract_id.is_(None),
            Pause.reason == reason, Pause.since == since, Pause.doc_no == doc_no.strip()[:120],
        )
    )  # fmt: skip


def end_pause(found: Pause, until: date, actor: Actor) -> Pause:
    """The clocks go on the day after ``until``."""
    if until < found.since:
        raise Refused("Tanggal selesai mendahului tanggal mulai. Periksa kedua tanggal.")
    if until > people.today():
        raise Refused("Tanggal selesai tidak boleh di masa depan.")
    if found.until is not None:
        raise Refused("Penundaan ini sudah diakhiri. Muat ulang halaman.")
    found.until = until
    stream = f"contract:{found.contract_id}" if found.contract_id else "pauses"
    trail.record(stream, "penundaan berakhir", f"pause:{found.id}", actor, None,
                 {"sampai": until.isoformat()})  # fmt: skip
    return found


# --- kendala and tanggapan ----------------------------------------------------------------------


def state_obstacle(
    contract: Contract, step_id: int, text: str, expected_on: date | None, actor: Actor,
    file: File | None = None,
) -> Hindrance:  # fmt: skip
    """Catat Kendala: what keeps the step, told by who holds it, best before its limit."""
    step = _open_step(contract, step_id)
    words = text.strip()[:_LONGEST]
    if not words:
        raise Refused("Tuliskan kendalanya. Contoh: kuitansi belum ditandatangani penyedia.")
    today = people.today()
    if expected_on is not None and expected_on < today:
        raise Refused("Perkiraan selesai sudah lewat. Isi tanggal hari ini atau sesudahnya.")
    last = db.session.scalar(
        sa.select(Hindrance)
        .where(Hindrance.step_id == step.id)
        .order_by(Hindrance.id.desc())
        .limit(1)
    )
    if last is not None and last.text == words and last.state == HindranceState.STATED:
        return last
    made = Hindrance(
        contract_id=contract.id, step_id=step.id, text=words, expected_on=expected_on,
        sha256=file[0] if file else None, file_name=file[1][:200] if file else "",
        in_time=step.due_on is None or today <= step.due_on, by_label=actor.title,
        position_id=actor.acting.position_id if actor.acting else None, at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    trail.record(f"contract:{contract.id}", "kendala dicatat", f"step:{step.id}", actor, None,
                 {"kendala": words, "sha256": made.sha256})  # fmt: skip
    return made


def answer_obstacle(
    found: Hindrance, accept: bool, answer: str, actor: Actor, is_workday: IsWorkday,
    quiet_until: date | None = None,
) -> Hindrance:  # fmt: skip
    """The kepala OPD answers: accepted, its reminders rest until the expected day (at most 20
    working days); the step stays visible. Not accepted needs a sentence why."""
    if found.state != HindranceState.STATED:
        raise Refused("Kendala ini sudah dijawab. Muat ulang halaman.")
    if not accept and not answer.strip():
        raise Refused("Tuliskan alasannya. Contoh: dokumen dapat diminta hari ini juga.")
    today = people.today()
    found.state = HindranceState.ACCEPTED if accept else HindranceState.DECLINED
    found.answer, found.answered_by = answer.strip()[:500], actor.title
    found.answered_at = clock.now()
    if accept:
        wanted = quiet_until or found.expected_on or add_workdays(today, 3, is_workday)
        found.quiet_until = min(max(wanted, today), add_workdays(today, 20, is_workday))
    trail.record(f"contract:{found.contract_id}", f"kendala {found.state}", f"step:{found.step_id}",
                 actor, None, {"jawaban": found.answer})  # fmt: skip
    db.session.flush()
    return found


def reply(
    contract: Contract, step_id: int, text: str, actor: Actor, file: File | None = None,
    party: str = "",
) -> Reply:  # fmt: skip
    """Tanggapan: what the desk says about a step past its limit; for the penyedia, recorded by
    the PPK (``party``). The same words twice change nothing."""
    step = _open_step(contract, step_id)
    words = text.strip()[:_LONGEST]
    if not words:
        raise Refused("Tuliskan tanggapannya. Contoh: berkas diterima 9 Maret, kuitansi menyusul.")
    if step.due_on is None or step.due_on >= people.today():
        raise Refused("Tanggapan diisi untuk tahapan yang lewat batas. Pakai Catat Kendala.")
    side = party or step.holder
    if side not in HOLDER_LABELS:
        raise Refused("Pilih pihak yang menanggapi dari daftar.")
    again = db.session.scalar(
        sa.select(Reply).where(Reply.step_id == step.id, Reply.cycle == step.cycle,
                               Reply.party == side, Reply.text == words)
    )  # fmt: skip
    if again is not None:
        return again
    made = Reply(
        contract_id=contract.id, step_id=step.id, cycle=step.cycle, party=side, text=words,
        sha256=file[0] if file else None, file_name=file[1][:200] if file else "",
        by_label=actor.title, at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    trail.record(f"contract:{contract.id}", "tanggapan", f"step:{step.id}", actor, None,
                 {"pihak": side, "isi": words, "sha256": made.sha256})  # fmt: skip
    return made
