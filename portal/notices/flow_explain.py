"""Permintaan penjelasan: one question to a kepala PD, an answer in three fields."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from portal import clock
from portal.clock import IsWorkday, add_workdays
from portal.db import changed_rows, db
from portal.notices import ladder as ladders
from portal.notices import recipients
from portal.notices.due import Due
from portal.notices.models import Explanation
from portal.notices.rules import short_date
from portal.notices.telling import Telling, insert_if_new, stream_of, tell
from portal.people import queries, workdays
from portal.people.refusal import Refused
from portal.people.rules import PORTAL, Actor
from portal.trail import flow as trail

#: Letters of one field of the answer.
LONGEST = 1_000


def open_for(one: Due, today: date, is_workday: IsWorkday) -> Explanation:
    """The ladder asks: the question is the text of its rung; the notice is written already."""
    question = one.title.removeprefix("Mohon penjelasan: ").split(". Tiga isian")[0]
    made, _ = _open(one.subject.key, one.unit_id, question, PORTAL, one.subject.contract_id,
                    one.subject.link, today, is_workday)  # fmt: skip
    return made


def ask(
    subject: str, unit_id: int, question: str, actor: Actor, contract_id: int | None = None,
    link: str = "",
) -> Explanation:  # fmt: skip
    """A leader asks the kepala of a unit; while a question on the subject is open, that one.

    Raises Refused when the question is empty or the unit has no kepala.
    """
    words = " ".join(question.split())
    if not 10 <= len(words) <= 400:
        raise Refused("Tulis pertanyaan 10 sampai 400 huruf. Contoh: Mohon penjelasan sebab SPP "
                      "Termin 2 belum diajukan.", "question")  # fmt: skip
    today = queries.today()
    people = recipients.on(today)
    heads = people.head_of(unit_id)
    if not any(people.told(head) for head in heads):
        raise Refused("Perangkat daerah ini belum mempunyai kepala yang tercatat.", "unit_id")
    is_workday = workdays.calendar().is_workday
    made, new = _open(subject, unit_id, words, actor, contract_id, link, today, is_workday)
    if new:
        for head in heads:
            tell(Telling(
                f"explanation:{made.id}", 1, "penjelasan", head,
                f"Mohon penjelasan: {words}. Tiga isian, jawab s.d. {short_date(made.answer_by)}",
                f"Mohon penjelasan dari pimpinan, jawab s.d. {short_date(made.answer_by)}",
                f"/penjelasan/{made.id}", made.answer_by, contract_id, unit_id, urgent=True,
            ))  # fmt: skip
    return made


def _open(
    subject: str, unit_id: int | None, question: str, actor: Actor, contract_id: int | None,
    link: str, today: date, is_workday: IsWorkday,
) -> tuple[Explanation, bool]:  # fmt: skip
    days = ladders.present(today).answer_days
    values = {
        "subject": subject, "open_key": subject, "unit_id": unit_id, "contract_id": contract_id,
        "question": question[:400], "link": link, "asked_person_id": actor.person_id,
        "asked_by": actor.title,
        "asked_at": clock.now(), "answer_by": add_workdays(today, days, is_workday),
        "cause": "", "action": "", "promised_on": None, "answered_by": "", "answered_at": None,
    }  # fmt: skip
    new = insert_if_new(Explanation, values)
    made = db.session.scalars(sa.select(Explanation).where(Explanation.open_key == subject)).one()
    if new and contract_id is not None:
        trail.record(stream_of(contract_id), "penjelasan diminta", subject, actor, None,
                     {"tanya": made.question, "jawab": made.answer_by.isoformat()})  # fmt: skip
    return made, new


def answer(
    made: Explanation, cause: str, action: str, promised_on: date | None, actor: Actor
) -> None:
    """Store the answer and tell the asker; a second answer is refused.

    ``promised_on`` is the day by which it will be settled: until then the ladder rests.
    """
    today = queries.today()
    cause, action = cause.strip(), action.strip()
    for field, words, label in (("cause", cause, "Sebab"), ("action", action, "Tindak lanjut")):
        if not 5 <= len(words) <= LONGEST:
            raise Refused(f"{label}: tulis 5 sampai {LONGEST} huruf.", field)
    if promised_on is None or promised_on < today:
        raise Refused("Perkiraan selesai: isi tanggal hari ini atau sesudahnya.", "promised_on")
    if (promised_on - today).days > 366:
        raise Refused("Perkiraan selesai paling lama satu tahun dari hari ini.", "promised_on")
    changed = changed_rows(
        sa.update(Explanation)
        .where(Explanation.id == made.id, Explanation.answered_at.is_(None))
        .values(cause=cause, action=action, promised_on=promised_on, answered_by=actor.title,
                answered_at=clock.now(), open_key=None)
    )  # fmt: skip
    if changed == 0:
        raise Refused("Penjelasan ini sudah dijawab. Muat ulang halaman untuk melihat jawabannya.")
    db.session.refresh(made)
    if made.contract_id is not None:
        trail.record(
            stream_of(made.contract_id), "penjelasan dijawab", made.subject, actor, None,
            {"sebab": cause, "tindak_lanjut": action, "perkiraan": promised_on.isoformat()},
        )  # fmt: skip
    _tell_asker(made, today)


def _tell_asker(made: Explanation, today: date) -> None:
    """The person who asked sees the answer; what the ladder asked is answered to the Sekda."""
    people = recipients.on(today)
    if made.asked_person_id is None:
        positions = people.sekda()
    else:
        positions = [p for p, held in people.holders.items()
                     if any(person == made.asked_person_id for person, _ in held)][:1]  # fmt: skip
    unit = people.names.get(made.unit_id, "")
    for position in positions:
        tell(Telling(
            f"explanation:{made.id}", 2, "jawaban", position,
            f"{unit} sudah menjawab permintaan penjelasan: {made.question}",
            f"{unit} sudah menjawab permintaan penjelasan", f"/penjelasan/{made.id}", None,
            made.contract_id, made.unit_id,
        ))  # fmt: skip
