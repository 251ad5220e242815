"""Lihat sebagai: the helpdesk sees with a person's eyes and can do nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.people.rules import PORTAL
from portal.reports import flow_open
from portal.reports.models import Entry
from portal.trail.models import TrailEntry
from tests.cast import post, sign_in

WHY = {"keperluan": "membantu lewat telepon"}


@pytest.fixture
def looks(cast, client):
    """The admin looks as the operator of Dinkes."""
    flow_open.open_report("lppd", 2025, actor=PORTAL)
    db.session.commit()
    sign_in(client, cast.admin)
    answer = post(client, f"/admin/akun/{cast.operator_dinkes.person_id}/lihat", WHY)
    assert answer.status_code == 302
    return client


def isian(cast) -> Entry:
    return db.session.scalars(sa.select(Entry).where(
        Entry.supplier_unit_id == cast.units["DINKES"]).order_by(Entry.id)).first()  # fmt: skip


def test_pages_are_hers_and_say_who_looks(looks, cast):
    page = looks.get("/tugas")
    assert page.status_code == 200 and "melihat sebagai <b>Rina Wulandari</b>" in page.text
    one = looks.get(f"/isian/{isian(cast).id}").text
    assert "hanya dapat dibaca" in one and " data-rw" not in one
    assert looks.get("/admin/akun").status_code == 403
    assert looks.get("/akun").status_code == 403


def test_nothing_can_be_changed(looks, cast):
    entry = isian(cast)
    for url, form in ((f"/isian/{entry.id}", {"f:text": "x"}), ("/keluar-saja", {}),
                      (f"/isian/{entry.id}/kendala", {"sebab": "lain", "uraian": "uji"}),
                      ("/data/unsur/ibu_hamil_sasaran", {"value": "1"}),
                      ("/akun/hp", {"hp": "081200001111"})):  # fmt: skip
        assert post(looks, url, form).status_code in {403, 404}, url
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry).where(
        Entry.state != "kosong")) == 0  # fmt: skip


def test_a_look_does_not_open_an_isian_for_the_next_desk(looks, cast, client):
    entry = isian(cast)
    entry.state, entry.receipt_no = "direviu", "TT"
    db.session.commit()
    post(client, "/lihat-sebagai/selesai", {})
    post(client, f"/admin/akun/{cast.apip.person_id}/lihat", WHY)
    assert client.get(f"/reviu/{entry.id}").status_code == 200
    db.session.expire_all()
    assert db.session.get(Entry, entry.id).read_at is None
    sign_in(client, cast.apip)
    client.get(f"/reviu/{entry.id}")
    db.session.expire_all()
    assert db.session.get(Entry, entry.id).read_at is not None


def test_it_is_recorded_with_its_reason_and_ends(looks, cast, still_clock):
    assert post(looks, "/lihat-sebagai/selesai", {}).status_code == 302
    assert "melihat sebagai" not in looks.get("/").text
    stream = f"person:{cast.operator_dinkes.person_id}"
    found = db.session.scalars(sa.select(TrailEntry).where(TrailEntry.stream == stream)
                               .order_by(TrailEntry.seq)).all()  # fmt: skip
    assert [t.verb for t in found] == ["lihat sebagai: mulai", "lihat sebagai: selesai"]
    assert found[0].after["keperluan"] == WHY["keperluan"]


def test_it_ends_by_itself(looks, still_clock):
    still_clock(timedelta(minutes=31))
    assert "melihat sebagai" not in looks.get("/").text
    assert looks.get("/admin/akun").status_code == 200


def test_only_the_admin_and_only_with_a_reason(cast, client):
    sign_in(client, cast.admin)
    post(client, f"/admin/akun/{cast.operator_dinkes.person_id}/lihat", {"keperluan": ""})
    assert "melihat sebagai" not in client.get("/").text
    post(client, f"/admin/akun/{cast.admin.person_id}/lihat", WHY)
    assert "melihat sebagai" not in client.get("/").text
    sign_in(client, cast.sekretariat)
    url = f"/admin/akun/{cast.operator_dinkes.person_id}/lihat"
    assert post(client, url, WHY).status_code == 403
