"""Write an evaluation: open, answer, prove, grade, finish; recommendations and follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.lke import catalogue, rules
from portal.lke.models import Evaluation, LkeAdvice, LkeAnswer, LkeGrade, LkeProof
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.rules import Actor
from portal.trail import flow as trail

STATES = {
    "diterima": "Diterima", "ditindaklanjuti": "Ditindaklanjuti", "belum_sesuai": "Belum sesuai",
    "selesai": "Selesai",
}  # fmt: skip
_MOST_PROOFS = 10


class Refused(Exception):
    """The act is not possible; the message is a sentence for the user."""


def _stream(found: Evaluation) -> str:
    return f"lke:{found.id}"


def may_evaluate(actor: Actor, unit_id: int) -> bool:
    """APIP, never its own unit."""
    return Role.APIP in actor.roles and unit_id not in actor.units(Role.APIP)


def _open(found: Evaluation, actor: Actor) -> None:
    if not may_evaluate(actor, found.unit_id):
        raise Refused("Evaluasi diisi oleh APIP (Inspektorat), bukan atas unitnya sendiri.")
    if found.state == "selesai":
        raise Refused("Evaluasi ini sudah selesai. Buka kembali lebih dahulu.")


def start(unit_id: int, year: int, actor: Actor) -> Evaluation:
    """The evaluation of a unit for a year; the same one when it exists."""
    if not may_evaluate(actor, unit_id):
        raise Refused("Evaluasi diisi oleh APIP (Inspektorat), bukan atas unitnya sendiri.")
    known = db.session.scalar(
        sa.select(Evaluation).where(Evaluation.unit_id == unit_id, Evaluation.year == year)
    )
    if known is not None:
        return known
    made = Evaluation(unit_id=unit_id, year=year, edition=catalogue.for_year(year).edition,
                      opened_at=clock.now(), by_label=actor.title)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    trail.record(_stream(made), "evaluasi AKIP dibuka", f"lke:{made.id}", actor, None,
                 {"unit": unit_id, "tahun": year})  # fmt: skip
    return made


@dataclass(frozen=True)
class SubAnswers:
    """What APIP decides on one sub-komponen: criteria met with notes, grade, its years, note."""

    sub: str
    met: Mapping[str, bool]
    notes: Mapping[str, str]
    grade: str
    years: int = 0
    note: str = ""


def answer(found: Evaluation, given: SubAnswers, actor: Actor) -> LkeGrade | None:
    """Write the answers of a sub-komponen; the draft may lack what finishing asks for.

    A grade above what the criteria carry is refused with what is missing.
    """
    _open(found, actor)
    sheet = catalogue.by_edition(found.edition)
    sub = sheet.sub(given.sub)
    if sub is None:
        raise Refused("Sub-komponen itu tidak ada pada LKE ini. Muat ulang halaman.")
    known = {a.criterion: a for a in found.answers}
    for criterion in sub.criteria:
        if criterion.key not in given.met:
            continue
        row = known.get(criterion.key)
        if row is None:
            row = LkeAnswer(criterion=criterion.key, met=False)
            found.answers.append(row)
        row.met = given.met[criterion.key]
        row.note = given.notes.get(criterion.key, "").strip()[:1000]
    db.session.flush()
    trail.record(_stream(found), "mengisi LKE", f"sub:{sub.key}", actor, None,
                 {"terpenuhi": sorted(k for k, v in given.met.items() if v),
                  "nilai": given.grade})  # fmt: skip
    if given.grade:
        return _grade(found, sheet, sub, given)
    _ungrade(found, sub)
    return None


def _grade(
    found: Evaluation, sheet: rules.Worksheet, sub: rules.Sub, given: SubAnswers
) -> LkeGrade:
    grade = sheet.grade(given.grade)
    if grade is None:
        raise Refused("Pilih nilai dari daftar AA sampai E.")
    keys = {c.key for c in sub.criteria}
    met = sum(1 for a in found.answers if a.criterion in keys and a.met)
    most = rules.highest(sheet, met, len(sub.criteria), given.years)
    if grade.value > most.value:
        raise Refused(
            f"Nilai {grade.key} untuk {sub.key} {sub.title} belum didukung: {met} dari "
            f"{len(sub.criteria)} kriteria terpenuhi, paling tinggi {most.key} ({most.meaning})."
        )
    row = next((g for g in found.grades if g.sub == sub.key), None)
    if row is None:
        row = LkeGrade(sub=sub.key, grade="")
        found.grades.append(row)
    row.grade, row.years, row.note = grade.key, given.years, given.note.strip()[:1000]
    db.session.flush()
    return row


def _ungrade(found: Evaluation, sub: rules.Sub) -> None:
    row = next((g for g in found.grades if g.sub == sub.key), None)
    if row is not None:
        found.grades.remove(row)
        db.session.delete(row)
        db.session.flush()


def prove(
    found: Evaluation, criterion: str, name: str, actor: Actor, *, link: str = "", sha256: str = ""
) -> LkeProof:
    """A file or a place where a criterion can be seen; the same one twice changes nothing."""
    _open(found, actor)
    if catalogue.by_edition(found.edition).criterion(criterion) is None:
        raise Refused("Kriteria itu tidak ada pada LKE ini. Muat ulang halaman.")
    if not name.strip():
        raise Refused("Sebutkan bukti dukungnya. Contoh: Renstra 2025-2029, halaman 12")
    if link and not link.startswith(("https://", "http://")):
        raise Refused("Alamat tautan dimulai dengan https://. Contoh: https://jdih.contohkab.go.id")
    rows = [p for p in found.proofs if p.criterion == criterion]
    same = next((p for p in rows if (p.sha256 or "", p.link, p.name) ==
                 (sha256, link.strip(), name.strip()[:200])), None)  # fmt: skip
    if same is not None:
        return same
    if len(rows) >= _MOST_PROOFS:
        raise Refused(f"Paling banyak {_MOST_PROOFS} bukti dukung untuk satu kriteria.")
    made = LkeProof(criterion=criterion, name=name.strip()[:200], link=link.strip()[:400],
                    sha256=sha256 or None, by_label=actor.title, at=clock.now())  # fmt: skip
    found.proofs.append(made)
    db.session.flush()
    trail.record(_stream(found), "bukti dukung LKE", f"kriteria:{criterion}", actor, None,
                 {"nama": made.name, "sha256": sha256})  # fmt: skip
    return made


def lacking(found: Evaluation) -> list[str]:
    """What keeps an evaluation from being finished, each as a sentence; empty when nothing does."""
    sheet = catalogue.by_edition(found.edition)
    graded = {g.sub for g in found.grades}
    out = [f"{s.key} {s.title}: nilai belum dipilih." for s in sheet.subs if s.key not in graded]
    met = [a.criterion for a in found.answers if a.met]
    for key in rules.unproven(met, [p.criterion for p in found.proofs]):
        criterion = sheet.criterion(key)
        words = criterion.text if criterion else ""
        out.append(f"{key} terpenuhi tanpa bukti dukung: {words} Tambahkan berkas atau tempatnya.")
    return out


def finish(
    found: Evaluation, number: str, on: date, actor: Actor, prior: Decimal | None = None
) -> Evaluation:
    """Selesai, with the number and date of the LHE; refused while anything is lacking."""
    _open(found, actor)
    missing = lacking(found)
    if missing:
        raise Refused(f"Evaluasi belum lengkap ({len(missing)} hal). {missing[0]}")
    if not number.strip():
        raise Refused("Nomor LHE wajib diisi. Contoh: 700/21/LHE/2026")
    if on > people.today():
        raise Refused("Tanggal LHE tidak boleh di masa depan.")
    if prior is not None and not 0 <= prior <= 100:
        raise Refused("Nilai tahun lalu antara 0 dan 100. Contoh: 68,25")
    found.state, found.number, found.finished_on = "selesai", number.strip()[:80], on
    if prior is not None:
        found.prior_value = prior
    found.by_label = actor.title
    trail.record(_stream(found), "evaluasi AKIP selesai", f"lke:{found.id}", actor, None,
                 {"nomor": found.number, "nilai": str(value(found).total)})  # fmt: skip
    db.session.flush()
    return found


def reopen(found: Evaluation, reason: str, actor: Actor) -> Evaluation:
    """Take a finished evaluation back, with the reason."""
    if not may_evaluate(actor, found.unit_id):
        raise Refused("Evaluasi diisi oleh APIP (Inspektorat), bukan atas unitnya sendiri.")
    if not reason.strip():
        raise Refused("Alasan wajib diisi. Contoh: bukti dukung baru diterima setelah pembahasan.")
    found.state = "disusun"
    trail.record(_stream(found), "evaluasi AKIP dibuka kembali", f"lke:{found.id}", actor, None,
                 {"alasan": reason.strip()[:500]})  # fmt: skip
    return found


def value(found: Evaluation) -> rules.Score:
    """The score of an evaluation as it stands."""
    return rules.score(catalogue.by_edition(found.edition), {g.sub: g.grade for g in found.grades})


# --- recommendations ----------------------------------------------------------------------------


def advise(
    found: Evaluation, component: str, text: str, actor: Actor, note: str = "",
    due_on: date | None = None,
) -> LkeAdvice:  # fmt: skip
    """A recommendation of the LHE with its catatan."""
    if not may_evaluate(actor, found.unit_id):
        raise Refused("Rekomendasi ditulis oleh APIP (Inspektorat).")
    sheet = catalogue.by_edition(found.edition)
    if component not in {c.key for c in sheet.components}:
        raise Refused("Pilih komponen dari daftar.")
    if not text.strip():
        raise Refused("Rekomendasi wajib diisi. Contoh: menyelaraskan PK dengan Renstra.")
    same = next((a for a in found.advice if a.text == text.strip()[:1000]), None)
    if same is not None:
        return same
    made = LkeAdvice(component=component, text=text.strip()[:1000], note=note.strip()[:1000],
                     due_on=due_on)  # fmt: skip
    found.advice.append(made)
    db.session.flush()
    trail.record(_stream(found), "rekomendasi LHE", f"advice:{made.id}", actor, None,
                 {"rekomendasi": made.text})  # fmt: skip
    return made


def follow_up(
    found: Evaluation, row: LkeAdvice, text: str, actor: Actor, file: tuple[str, str] | None = None
) -> LkeAdvice:
    """What the unit did about it, with a file."""
    if found.unit_id not in actor.units():
        raise Refused("Tindak lanjut diisi oleh perangkat daerah yang dievaluasi.")
    if row.state == "selesai":
        raise Refused("Rekomendasi ini sudah selesai.")
    if not text.strip():
        raise Refused("Tuliskan tindak lanjutnya. Contoh: PK diperbarui tanggal 3 Maret 2026.")
    row.reply, row.state, row.replied_at = text.strip()[:2000], "ditindaklanjuti", clock.now()
    if file is not None:
        row.sha256, row.file_name = file
    trail.record(_stream(found), "tindak lanjut LHE", f"advice:{row.id}", actor, None,
                 {"isi": row.reply, "sha256": row.sha256})  # fmt: skip
    db.session.flush()
    return row


def judge(found: Evaluation, row: LkeAdvice, done: bool, verdict: str, actor: Actor) -> LkeAdvice:
    """APIP accepts a follow-up, or says what is still missing."""
    if not may_evaluate(actor, found.unit_id):
        raise Refused("Tindak lanjut dinilai oleh APIP (Inspektorat).")
    if row.state not in ("ditindaklanjuti", "selesai", "belum_sesuai"):
        raise Refused("Perangkat daerah belum mengisi tindak lanjut.")
    if not done and not verdict.strip():
        raise Refused("Tuliskan yang belum sesuai. Contoh: target belum dicantumkan pada PK.")
    row.state, row.verdict = ("selesai" if done else "belum_sesuai"), verdict.strip()[:500]
    trail.record(_stream(found), f"tindak lanjut LHE {row.state}", f"advice:{row.id}", actor, None,
                 {"catatan": row.verdict})  # fmt: skip
    db.session.flush()
    return row
