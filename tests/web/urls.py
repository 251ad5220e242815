"""Objects for the walk over all routes: what stands for ``<int:entry_id>`` of which unit.

A room adds a maker to ARGUMENTS for each new kind of object that its routes name, and, where one
route needs something special, an entry of its own in EXAMPLES. BOUND says which of them belong to
one Perangkat Daerah (or person), so that a stranger must get a 404. A route whose arguments have
no maker fails the walk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any

import sqlalchemy as sa
from werkzeug.routing import AnyConverter, Rule

from portal import clock, store
from portal.budget.models import BudgetLine
from portal.checks.models import CheckException, Handover
from portal.contracts.models import Billing, Contract, Guarantee, Step
from portal.counsel.models import Assistance, AssistanceContract, IssuedPack
from portal.db import db
from portal.desks.models import Hindrance, Hold, Pause
from portal.documents.models import Build
from portal.dprd.models import Recommendation
from portal.figures.models import Evidence
from portal.lke.models import Evaluation, LkeAdvice, LkeProof
from portal.notices.models import Explanation, LetterDraft, Message, Notice
from portal.people.models import Leave, Term
from portal.people.rules import PORTAL
from portal.reports import flow_open
from portal.reports.models import (
    ApprovalSheet,
    Deadline,
    Entry,
    FinishedDocument,
    Obstacle,
    Receipt,
    Remark,
)
from portal.sakip.models import Agreement, KinerjaIndicator, KinerjaNode
from portal.works.models import Photo, Progress
from tests.cast import Cast


@dataclass
class World:
    """The cast and what was made so far, so that each object is made once."""

    cast: Cast
    made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def term(self, unit: str) -> Term:
        """Some term in the unit."""
        member = next(m for m in self.cast.people.values()
                      if m.unit_id == self.cast.units[unit])  # fmt: skip
        found = db.session.get(Term, member.term_id)
        assert found is not None
        return found


Maker = Callable[[World, str], Any]


def once(maker: Maker) -> Maker:
    """Make the object of a unit once per world."""

    @wraps(maker)
    def kept(world: World, unit: str) -> Any:
        key = (maker.__name__, unit)
        if key not in world.made:
            world.made[key] = maker(world, unit)
        return world.made[key]

    return kept


def _add(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)


@once
def report(world: World, _unit: str) -> int:
    if ("report", "") not in world.made:
        opened = flow_open.open_report("lppd", 2025, actor=PORTAL)
        world.made["report", ""] = opened.report.id
    return int(world.made["report", ""])


@once
def entry(world: World, unit: str) -> int:
    report_id = report(world, unit)
    unit_id = world.cast.units[unit]
    found = db.session.scalar(
        sa.select(Entry.id).where(Entry.report_id == report_id, Entry.supplier_unit_id == unit_id)
        .order_by(Entry.position).limit(1)
    )  # fmt: skip
    if found is None:  # the unit supplies nothing in this outline: give it a part of another's
        model = db.session.scalars(sa.select(Entry).where(Entry.report_id == report_id)).first()
        assert model is not None
        found = _add(Entry(report_id=report_id, part_key=model.part_key, supplier_unit_id=unit_id,
                           repeat_key=model.repeat_key, state="kosong",
                           state_since=clock.now()))  # fmt: skip
    return int(found)


@once
def contract(world: World, unit: str) -> int:
    return _add(Contract(
        unit_id=world.cast.units[unit], number=f"602/{unit}", title="Jalan", type="konstruksi",
        method="tender", year=2026, rule="perpres-46-2025", value=Decimal("1000.00"), fund="DAU",
        vendor="CV Contoh", signed_on=date(2026, 1, 5), starts_on=date(2026, 1, 6),
        ends_on=date(2026, 6, 30), goes_live=date(2026, 1, 5), created_at=clock.now(),
    ))  # fmt: skip


@once
def contract_step(world: World, unit: str) -> int:
    return _add(Step(contract_id=contract(world, unit), key="spmk", position=1, title="SPMK",
                     holder="ppk", desk="ppk_pptk", ready_on=date(2026, 1, 5)))  # fmt: skip


@once
def guarantee(world: World, unit: str) -> int:
    return _add(Guarantee(contract_id=contract(world, unit), kind="pelaksanaan", number="BG-1",
                          amount=Decimal("1.00"), starts_on=date(2026, 1, 5),
                          ends_on=date(2026, 6, 30)))  # fmt: skip


@once
def evidence(world: World, unit: str) -> int:
    return _add(Evidence(subject="indicator:1.b.1:2025", unit_id=world.cast.units[unit],
                         link="https://contoh.example/berkas", name="Bukti",
                         at=clock.now()))  # fmt: skip


@once
def remark(world: World, unit: str) -> int:
    return _add(Remark(entry_id=entry(world, unit), text="Mohon diperiksa", by_label="Uji",
                       at=clock.now()))  # fmt: skip


@once
def obstacle(world: World, unit: str) -> int:
    return _add(Obstacle(entry_id=entry(world, unit), reason="belum_rilis", by_label="Uji",
                         at=clock.now(), quiet_until=date(2026, 2, 9)))  # fmt: skip


@once
def finished(world: World, unit: str) -> int:
    blob = store.put(f"dokumen {unit}".encode(), "application/pdf")
    return _add(FinishedDocument(
        report_id=report(world, unit), unit_id=world.cast.units[unit], version=1,
        sha256=blob.sha256, name="dokumen.pdf", receipt_no=f"TT-LPPD-2025-{unit}-0001",
        by_label="Uji", at=clock.now(),
    ))  # fmt: skip


@once
def sheet(world: World, unit: str) -> int:
    blob = store.put(f"lembar {unit}".encode(), "application/pdf")
    return _add(ApprovalSheet(
        report_id=report(world, unit), unit_id=world.cast.units[unit], n=1, seal="0" * 64,
        number=f"LP-LPPD-2025-{unit}-01", lines=[], sha256=blob.sha256, by_label="Uji",
        at=clock.now(), scan_sha256=blob.sha256, scan_name="pindaian.pdf", scan_at=clock.now(),
    ))  # fmt: skip


@once
def receipt(world: World, unit: str) -> int:
    return _add(Receipt(
        prefix=f"TT-LPPD-2025-{unit}", n=1, subject=f"entry:{entry(world, unit)}",
        by_label="Uji", at=clock.now(), data={"title": "Uji", "unit": unit},
    ))  # fmt: skip


@once
def notice(world: World, unit: str) -> int:
    term = world.term(unit)
    return _add(Notice(
        subject=f"entry:{entry(world, unit)}", cycle=1, rung="h-3", person_id=term.person_id,
        position_id=term.position_id, title="Batas pengisian", short="Batas", link="/tugas",
        due_on=date(2026, 2, 6), at=clock.now(),
    ))  # fmt: skip


@once
def leave(world: World, unit: str) -> int:
    return _add(Leave(person_id=world.term(unit).person_id, first_on=date(2026, 3, 2),
                      last_on=date(2026, 3, 6)))  # fmt: skip


@once
def message(world: World, unit: str) -> int:
    return _add(Message(
        person_id=world.term(unit).person_id, channel="email", day=date(2026, 2, 2),
        slot="harian", address="rina@contoh.go.id", subject_line="Uji", body="Uji",
        created_at=clock.now(),
    ))  # fmt: skip


@once
def explanation(world: World, unit: str) -> int:
    subject = f"unit:{world.cast.units[unit]}"
    return _add(Explanation(
        subject=subject, open_key=subject, unit_id=world.cast.units[unit],
        question="Mohon penjelasan sebab SPP belum diajukan", asked_by="Bupati Contoh",
        asked_at=clock.now(), answer_by=date(2026, 2, 6),
    ))  # fmt: skip


@once
def letter(world: World, unit: str) -> int:
    unit_id = world.cast.units[unit]
    return _add(LetterDraft(unit_id=unit_id, open_key=unit_id, made_on=date(2026, 2, 2), items=[]))


@once
def build(world: World, unit: str) -> int:
    return _add(Build(report_id=report(world, unit), created_at=clock.now(), by_label="Uji"))


@once
def deadline(world: World, unit: str) -> int:
    report(world, unit)
    found = db.session.scalar(sa.select(Deadline.id).order_by(Deadline.id).limit(1))
    return int(found or 0)


@once
def budget_line(world: World, unit: str) -> int:
    return _add(BudgetLine(year=2025, unit_id=world.cast.units[unit], kode="1.02.02.2.01.0001",
                           uraian="Pelayanan", heads={}))  # fmt: skip


@once
def recommendation(world: World, unit: str) -> int:
    return _add(Recommendation(year=2025, text=f"Rekomendasi {unit}", state="ditugaskan",
                               unit_id=world.cast.units[unit], since=clock.now()))  # fmt: skip


@once
def handover(world: World, unit: str) -> int:
    return _add(Handover(
        subject="indicator:1.b.1", title="IKK 1.b.1", elements=[],
        from_unit_id=world.cast.units[unit], to_unit_id=world.cast.units["BAPPEDA"],
        reason="Dipegang Bappeda", asked_by="Uji", asked_at=clock.now(),
    ))  # fmt: skip


@once
def exception(world: World, _unit: str) -> int:
    return _add(CheckException(
        year=year(world, _unit), note_id="0" * 16, print="0" * 16, rule="antar_laporan",
        title="Uji", sentence="Uji", reason="Beda tanggal tarik data", by_label="Uji",
        at=clock.now(),
    ))  # fmt: skip


@once
def billing(world: World, unit: str) -> int:
    return _add(Billing(
        contract_id=contract(world, unit), instance="t1", kind="termin", title="Termin 1",
        position=1, amount=Decimal(100),
    ))  # fmt: skip


@once
def photo(world: World, unit: str) -> int:
    kept = store.put(b"foto", "image/jpeg")
    week = _add(Progress(
        contract_id=contract(world, unit), week=1, plan=1, on=date(2026, 1, 12),
        planned=Decimal(1), actual=Decimal(1), by_label="Uji", at=clock.now(),
    ))  # fmt: skip
    return _add(Photo(progress_id=week, sha256=kept.sha256, name="foto.jpg"))


@once
def evaluation(world: World, unit: str) -> int:
    return _add(Evaluation(
        unit_id=world.cast.units[unit], year=2025, edition="permenpanrb-88-2021", state="selesai",
        opened_at=clock.now(),
    ))  # fmt: skip


@once
def advice(world: World, unit: str) -> int:
    return _add(LkeAdvice(evaluation_id=evaluation(world, unit), component="1", text="Selaraskan"))


@once
def proof(world: World, unit: str) -> int:
    kept = store.put(b"bukti", "application/pdf")
    return _add(LkeProof(
        evaluation_id=evaluation(world, unit), criterion="1.1.1", name="bukti.pdf",
        sha256=kept.sha256, by_label="Uji", at=clock.now(),
    ))  # fmt: skip


@once
def hindrance(world: World, unit: str) -> int:
    return _add(Hindrance(
        contract_id=contract(world, unit), step_id=contract_step(world, unit), text="Materai habis",
        in_time=True, by_label="Uji", at=clock.now(),
    ))  # fmt: skip


@once
def pause(world: World, unit: str) -> int:
    kept = store.put(b"pernyataan", "application/pdf")
    return _add(Pause(
        contract_id=contract(world, unit), reason="lahan", since=date(2026, 1, 6), doc_no="1",
        sha256=kept.sha256, file_name="a.pdf", by_label="Uji", at=clock.now(),
    ))  # fmt: skip


@once
def outage(world: World, _unit: str) -> int:
    kept = store.put(b"pernyataan", "application/pdf")
    return _add(Pause(
        reason="kas", since=date(2026, 1, 6), doc_no="1", sha256=kept.sha256, file_name="a.pdf",
        by_label="Uji", at=clock.now(),
    ))  # fmt: skip


@once
def slip(world: World, unit: str) -> str:
    _add(Hold(
        contract_id=contract(world, unit), step_id=contract_step(world, unit), n=1, holder="ppk",
        desk="ppk_pptk", arrived_on=date(2026, 1, 6), left_on=date(2026, 1, 7),
        outcome="dikembalikan", slip_no="KB-1", note="Materai",
    ))  # fmt: skip
    return "KB-1"


@once
def kinerja_node(world: World, unit: str) -> int:
    return _add(KinerjaNode(unit_id=world.cast.units[unit], level="sasaran_opd", title="Sasaran",
                            since=2020))  # fmt: skip


@once
def kinerja_indicator(world: World, unit: str) -> int:
    return _add(KinerjaIndicator(node_id=kinerja_node(world, unit), title="Indikator", since=2020,
                                 satuan="%", direction="up"))  # fmt: skip


@once
def agreement(world: World, unit: str) -> int:
    seat = world.term(unit).position_id
    return _add(Agreement(year=2026, unit_id=world.cast.units[unit], form="pd", content={},
                          first_position_id=seat, nodes=[], since=clock.now()))  # fmt: skip


def year(world: World, unit: str) -> int:
    report(world, unit)
    return 2025


@once
def assistance(world: World, unit: str) -> int:
    made = Assistance(
        unit_id=world.cast.units[unit], kind="pendampingan", recipient="Kejaksaan", letter_no="B-1",
        letter_on=date(2026, 1, 5), signatory="Kepala", purpose="Pendampingan",
        from_on=date(2026, 1, 5), until_on=date(2026, 6, 30), made_by="Uji", made_at=clock.now(),
    )  # fmt: skip
    made.contracts = [AssistanceContract(contract_id=contract(world, unit))]
    return _add(made)


@once
def issued_pack(world: World, unit: str) -> int:
    kept = store.put(b"%PDF-1.4 paket", "application/pdf").sha256
    access = db.session.get_one(Assistance, assistance(world, unit))
    access.approved_at = access.known_at = clock.now()
    return _add(IssuedPack(
        assistance_id=access.id, contract_id=contract(world, unit), year=2026,
        n=1 + len([k for k in world.made if k[0] == "issued_pack"]), sha256=kept, name="paket.pdf",
        by="Uji", at=clock.now(),
    ))  # fmt: skip


def reviewed(world: World, unit: str) -> int:
    """A Perangkat Daerah with an isian that the Inspektorat may look at."""
    found = db.session.get_one(Entry, entry(world, unit))
    return found.supplier_unit_id


ARGUMENTS: dict[str, Maker] = {
    "access_id": assistance,
    "pack_id": issued_pack,
    "act": lambda _w, _u: "setujui",
    "sheet": lambda _w, _u: "silppd",
    "surat": lambda _w, _u: "pengantar_lppd",
    "handover_id": handover,
    "leave_id": leave,
    "message_id": message,
    "explanation_id": explanation,
    "letter_id": letter,
    "channel": lambda _w, _u: "email",
    "secret": lambda _w, _u: "0" * 24,
    "token": lambda _w, _u: "0" * 32,
    "exception_id": exception,
    "year": year,
    "ending": lambda _w, _u: "docx",
    "report_id": report,
    "sha": lambda _w, _u: "0" * 64,
    "name": lambda _w, _u: "0.png",
    "entry_id": entry,
    "pick": lambda _w, _u: "ks1",
    "contract_id": contract,
    "step_id": contract_step,
    "guarantee_id": guarantee,
    "evidence_id": evidence,
    "remark_id": remark,
    "obstacle_id": obstacle,
    "document_id": finished,
    "receipt_id": receipt,
    "sheet_id": sheet,
    "notice_id": notice,
    "build_id": build,
    "deadline_id": deadline,
    "line_id": budget_line,
    "hindrance_id": hindrance,
    "evaluation_id": evaluation,
    "advice_id": advice,
    "proof_id": proof,
    "sub": lambda _w, _u: "1.1",
    "billing_id": billing,
    "photo_id": photo,
    "paper": lambda _w, _u: "kurva",
    "pause_id": pause,
    "number": slip,
    "recommendation_id": recommendation,
    "node_id": kinerja_node,
    "indicator_id": kinerja_indicator,
    "agreement_id": agreement,
    "layout": lambda _w, _u: "capaian",
    "record_id": lambda _w, _u: 1,
    "unit_id": lambda w, u: w.cast.units[u],
    "reviewed_id": reviewed,
    "person_id": lambda w, u: w.term(u).person_id,
    "position_id": lambda w, u: w.term(u).position_id,
    "term_id": lambda w, u: w.term(u).id,
    "kind": lambda _w, _u: "lppd",
    "code": lambda _w, _u: "permendagri-18-2020",
    "format_": lambda _w, _u: "pdf",
    "sha256": lambda _w, _u: "0" * 64,
    "key": lambda _w, _u: "1.b.1",
}

#: Objects of one Perangkat Daerah or person: a stranger gets a 404.
BOUND = frozenset({
    "entry_id", "contract_id", "evidence_id", "remark_id", "obstacle_id", "document_id",
    "receipt_id", "hindrance_id", "evaluation_id", "notice_id", "line_id", "recommendation_id", "node_id", "indicator_id", "agreement_id", "handover_id",
    "sheet_id", "explanation_id", "letter_id", "access_id", "reviewed_id",
})  # fmt: skip

#: Routes that need other values than ARGUMENTS gives: endpoint -> all arguments at once.
EXAMPLES: dict[str, Callable[[World, str], dict[str, Any]]] = {
    "limits.show": lambda _w, _u: {"key": "spp"},
    "limits.save": lambda _w, _u: {"key": "spp"},
    "counsel_guest.show": lambda _w, _u: {"secret": "0" * 24, "number": 1},
    "counsel_guest.file": lambda _w, _u: {"secret": "0" * 24, "number": 1, "item": 1},
    "chronology.paper": lambda w, u: {"contract_id": contract(w, u), "kind": "docx"},
    "summary.share": lambda _w, _u: {"ending": "png"},
    "summary.funds_paper": lambda _w, _u: {"ending": "pdf"},
    "notices_proof.paper": lambda w, u: {"contract_id": contract(w, u), "kind": "pdf"},
    "desk_notes.file": lambda w, u: {
        "contract_id": contract(w, u),
        "kind": "penundaan",
        "row_id": outage(w, u),
    },
    "desk_notes.end_outage": lambda w, u: {"pause_id": outage(w, u)},
    "handover.new": lambda _w, _u: {"indikator": "1.b.1"},
    "districts.take_sum": lambda _w, _u: {"year": 2025, "unsur": "penduduk"},
    "handover.ask": lambda _w, _u: {"indikator": "1.b.1"},
}

#: What is sent to routes that do not take a form: endpoint -> keywords of the test client.
BODIES: dict[str, dict[str, Any]] = {
    "entry.save_ops": {"json": {"ops": []}},
    "sites.save_ops": {"json": {"ops": []}},
    "practice_entry.answer_ops": {"json": {"ops": []}},
    "districts.save_ops": {"json": {"ops": []}},
}

#: Routes that answer 403 for an own object although the table grants the permission, and why.
REFUSES = {
    "trace.show": "tracing a whole book is for who compiles or reviews it",
    "notices_ask.ask": "questions are asked by pimpinan and the Sekda",
    "notices_ask.answer": "a question is answered by the kepala of the unit that was asked",
    "recap.index": "the recap of all units is for who compiles, reviews or leads",
    "districts.save": "numbers by kecamatan are typed by the unit that owns the element",
    "districts.take_sum": "numbers by kecamatan are typed by the unit that owns the element",
    "review.verdict": "APIP never reviews the figures of its own unit",
    "desks.receive": "a file is received at the desk on which it lies",
    "desks.give_back": "a file is returned by the desk on which it lies",
    "desks.hand_back": "a file is handed back by the desk on which it lies",
    "desks.forward": "a file is handed on by the desk on which it lies",
    "desk_notes.obstacle": "a kendala is told by the desk on which the step lies",
    "desk_notes.reply": "a tanggapan is given by the desk on which the step lies",
    "lke.follow_up": "the evaluated unit follows up",
    "works.plan": "work is planned by the PPK or PPTK",
    "works.progress": "progress is reported by the PPK or PPTK",
    "works.critical": "only the PPK declares a contract kritis",
    "works.pay": "a bill is reckoned by the PPK or PPTK",
    "works.term": "terms of the SSKK are kept by the PPK or PPTK",
    "counsel.save": "a letter is entered by the PPK, the PPTK or the kepala",
    "counsel.decide": "the PA agrees, the Inspektur knows",
    "counsel.link": "links are handed out by the PPK, the PPTK or the kepala",
    "counsel.pack": "packs are handed out by the PPK, the PPTK or the kepala",
    "desk_notes.pause": "a pause is recorded by the PPK or PPTK",
    "desk_notes.end": "a pause is ended by the PPK or PPTK",
    "contracts.finish": "a step is finished by the desk on which it lies",
    "contract_correct.form": "papers of a contract are kept by its PPK and PPTK",
    "contract_correct.save": "papers of a contract are kept by its PPK and PPTK",
    "contract_correct.retype": "papers of a contract are kept by its PPK and PPTK",
    "contract_correct.cancel": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.addendum": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.guarantee": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.settle": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.roles": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.event": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.widen": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.sign": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.void": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.reopen": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.limit": "papers of a contract are kept by its PPK and PPTK",
    "contract_changes.close_chain": "papers of a contract are kept by its PPK and PPTK",
}


def arguments(world: World, rule: Rule, unit: str) -> dict[str, Any]:
    """Values for the arguments of a route; KeyError when nobody has said how to make one.

    An argument that is one of a few words (``any(pdf, xlsx)``) is the first of them when its
    maker gives another.
    """
    if rule.endpoint in EXAMPLES:
        return EXAMPLES[rule.endpoint](world, unit)
    found = {name: ARGUMENTS[name](world, unit) for name in rule.arguments}
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter) and found[name] not in converter.items:
            found[name] = min(converter.items)
    return found
