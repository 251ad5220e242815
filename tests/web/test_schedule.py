"""Jadwal: both batas of a period, moved with a reason, closed and opened again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.people.queries import actor_of
from portal.people.rules import PORTAL
from portal.reports import flow_open, queries
from portal.reports.models import Deadline, Entry
from tests.cast import post, sign_in

DATES = {"buka": "1 April 2025", "internal": "18/4/2025", "resmi": "30 April 2025",
         "dasar": "Surat Ditjen Bina Bangda"}  # fmt: skip


@pytest.fixture
def row(cast):
    flow_open.open_report("spm", 2025, "TW1", actor=PORTAL)
    db.session.commit()
    return db.session.scalars(
        sa.select(Deadline).where(Deadline.kind == "spm", Deadline.period == "TW1")
    ).one()


def isian(cast):
    return db.session.scalars(
        sa.select(Entry).where(
            Entry.part_key == "spm_penerima", Entry.supplier_unit_id == cast.units["DINKES"]
        )
    ).one()  # fmt: skip


def test_a_batas_moves_with_its_reason_and_both_are_shown(client, cast, row):
    sign_in(client, cast.sekretariat)
    assert row.official.isoformat() == "2025-04-20"
    url = f"/jadwal/{row.id}"
    refused = post(client, url, DATES)
    assert refused.status_code == 422 and "Tulis alasan" in refused.text
    assert 'value="18/4/2025"' in refused.text  # nothing typed is lost
    assert post(client, url, DATES | {"alasan": "Surat 400.5/123"}).status_code == 302
    page = client.get("/jadwal").text
    assert "30 April 2025" in page and "18 April 2025" in page and "Surat 400.5/123" in page
    assert isian(cast).report.official_deadline.isoformat() == "2025-04-30"
    assert post(client, url, DATES | {"alasan": "", "dasar": "Surat kedua"}).status_code == 302
    sign_in(client, cast.operator_dinkes)
    assert post(client, url, DATES).status_code in (403, 404)
    assert "Surat 400.5/123" in client.get("/jadwal").text


def test_closed_filling_takes_nothing_until_it_is_opened(client, cast, row):
    sign_in(client, cast.sekretariat)
    url = f"/jadwal/{row.id}"
    assert post(client, url, {**DATES, "tutup": "1"}).status_code == 422
    post(client, url, {**DATES, "tutup": "1", "alasan": "Dokumen disusun"})
    entry, operator = isian(cast), actor_of(cast.operator_dinkes.person_id)
    assert not queries.entry_desk(operator, entry.id).may_write
    sign_in(client, cast.operator_dinkes)
    assert "Pengisian ditutup" in client.get(f"/isian/{entry.id}").text
    sign_in(client, cast.sekretariat)
    assert "Dokumen disusun" in client.get("/jadwal").text
    post(client, url, {**DATES, "tutup": "0", "alasan": "Ada data baru"})
    assert queries.entry_desk(operator, entry.id).may_write
