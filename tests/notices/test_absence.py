"""The time for a tanggapan stands still while nobody can answer; the kepala is told of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.contracts.models import Contract
from portal.db import db
from portal.notices import absence, flow, queries
from portal.notices.models import Notice
from portal.people import queries as people
from portal.people import workdays
from portal.people.models import Leave, Term
from tests.cast import Cast, sign_in
from tests.contracts.test_flow import position_of
from tests.notices.test_ladder import Move, contract, heard, kepala_dpupr, the_step, walk

__all__ = ["contract", "kepala_dpupr"]


def leave(cast: Cast, first: date, last: date) -> None:
    db.session.add(Leave(person_id=cast.people["ppk"].person_id, first_on=first, last_on=last))
    db.session.commit()


def stand_in(cast: Cast, first: date, last: date) -> None:
    db.session.add(Term(position_id=position_of(cast, "ppk"), sifat="plh", valid_from=first,
                        valid_to=last, person_id=cast.people["pptk"].person_id))  # fmt: skip
    db.session.commit()


@pytest.mark.parametrize(
    ("plh", "above"),
    [(None, date(2026, 2, 20)), (date(2026, 2, 12), date(2026, 2, 14))],
    ids=["nobody", "Plh. from Thursday"],
)  # fmt: skip
def test_two_days_count_only_while_somebody_can_answer(
    app: Flask, cast: Cast, contract: Contract, kepala_dpupr: str, still_clock: Move, spool: Path,
    plh: date | None, above: date,
) -> None:  # fmt: skip
    """Told on Monday 9 February, on leave from the 10th to the 13th; 16 and 17 are days off.

    With everybody there the Sekda would hear on Thursday the 12th.
    """
    step = the_step(contract)
    leave(cast, date(2026, 2, 10), date(2026, 2, 13))
    if plh:
        stand_in(cast, plh, date(2026, 2, 13))
    calendar = workdays.calendar().is_workday
    seen = []
    for _ in range(22):
        walk(still_clock, 1)
        key, today = f"step:{step.id}", people.today()
        if queries.may_appear_above([key], today, calendar):
            seen.append(today)
    assert seen[0] == above
    assert heard(above.isoformat(), cast).get("atasan") == {"sekda"}
    told = db.session.scalars(sa.select(Notice).where(Notice.rung == "plh")).one()
    assert told.person_id == cast.people[kepala_dpupr].person_id
    assert "tunjuk Plh." in told.title and "Andi" not in told.title and "Rp" not in told.title
    assert told.closed_at is not None  # named, or back


def test_the_page_says_why_the_time_stands_still(
    cast: Cast, contract: Contract, client: FlaskClient, still_clock: Move
) -> None:
    step = the_step(contract)
    still_clock(timedelta(days=8))
    leave(cast, date(2026, 2, 9), date(2026, 2, 20))
    words = "Masa tanggapan PPK/PPTK tidak berjalan: pejabatnya cuti sampai Jumat, 20 Februari 2026"
    path = f"/kontrak/{contract.id}/posisi"
    assert words in sign_in(client, cast.people["pptk"]).get(path).text
    assert words not in sign_in(client, cast.people["pimpinan"]).get(path).text
    subject = next(iter(absence.UNANSWERED.due(people.today(), people.today())))
    assert subject.words["jumlah"] == "1"
    stand_in(cast, date(2026, 2, 10), date(2026, 2, 20))
    assert not absence.UNANSWERED.alive([subject.key])
    assert step.due_on and flow.tick() is not None
