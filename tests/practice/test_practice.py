"""Latihan: five steps, alone in its sandbox, reset in one click, counted without names."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.contracts.models import Contract, Step
from portal.db import db
from portal.notices.models import Notice
from portal.people.queries import today
from portal.practice import flow
from portal.practice.models import PracticeRun
from tests.cast import Cast, post, sign_in

STEPS = (
    {"nomor": "1/SPMK", "tanggal": "2/2/2026"}, {"persen": "8,5"},
    {"kendala": "Material datang terlambat"}, {"putusan": "kembalikan"},
    {"nomor": "1/SP2D", "tanggal": "2/2/2026"},
)  # fmt: skip
URL = "/latihan/kontrak"


def test_five_steps_alone_in_the_sandbox(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.ppk)
    bad = post(client, f"{URL}/langkah", {"langkah": "0", "nomor": "9/X", "tanggal": "2/2/2027"})
    assert bad.status_code == 422 and "masa depan" in bad.text and "9/X" in bad.text
    for n, typed in enumerate(STEPS):
        for _ in range(2):  # a double click does one step
            assert post(client, f"{URL}/langkah", {"langkah": str(n), **typed}).status_code == 302
    assert "Lima langkah yang sama" in client.get(URL).text
    for model in (Contract, Step, Notice):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert "Latihan/602" not in client.get("/kontrak").text
    sign_in(client, cast.pptk)
    assert "Langkah 1 dari 5" in client.get(URL).text  # each has his own
    sign_in(client, cast.ppk)
    assert post(client, f"{URL}/ulang").status_code == 302
    assert "Langkah 1 dari 5" in client.get(URL).text
    run = db.session.scalars(sa.select(PracticeRun)).one()
    assert run.step == 0 and run.finished_at is not None
    dpupr = next(a for a in flow.adoption(today()) if a.unit_id == cast.units["DPUPR"])
    assert (dpupr.people, dpupr.begun, dpupr.finished) == (4, 1, 1)
    sign_in(client, cast.admin)
    shown = client.get(f"{URL}/pemakaian").text
    assert "Dinas Pekerjaan Umum" in shown and "Andi Saputra" not in shown
