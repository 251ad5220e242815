"""Batas waktu of the region: edited by the admin, from a date on, and taken up by the tick."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient

from portal.contracts import limits, reshape
from portal.contracts.stages import Limit
from portal.db import db
from portal.people.rules import PORTAL
from tests.cast import Cast, post, sign_in
from tests.contracts.test_changes import made, step


def test_a_limit_of_the_region_moves_open_steps_of_contracts_signed_since(cast: Cast) -> None:
    contract = made(cast)
    assert step(contract, "spmk").due_on == date(2026, 1, 26)
    limits.save("spmk", Limit(7, "kalender", "Perbup 1/2026"), date(2026, 1, 1), PORTAL)
    db.session.commit()
    reshape.tick()
    db.session.commit()
    spmk = step(contract, "spmk")
    assert (spmk.due_on, spmk.basis) == (date(2026, 1, 12), "Perbup 1/2026")
    newer = made(cast, number="602/16")
    assert step(newer, "spmk").due_on == date(2026, 1, 12)
    limits.save("spmk", None, date(2026, 1, 1), PORTAL)
    reshape.tick()
    assert step(contract, "spmk").due_on == date(2026, 1, 26)
    limits.save("spmk", Limit(3, "kerja", "Perbup 2/2026"), date(2026, 1, 6), PORTAL)
    reshape.tick()
    assert step(contract, "spmk").due_on == date(2026, 1, 26)  # signed before


def test_the_page_of_the_admin(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.admin)
    page = client.get("/admin/batas-waktu")
    assert page.status_code == 200
    for words in ("SPP-LS terbit", "SSUK (pembayaran)", "dugaan", "PCM"):
        assert words in page.text
    form = {"hari": "10", "satuan": "kerja", "mulai": "1/1/2026", "dasar": "Perbup 3/2026"}
    for change, words in (({"hari": "x"}, "antara 0 dan 730"), ({"dasar": " "}, "Dasar wajib"),
                          ({"mulai": "kapan"}, "belum benar")):  # fmt: skip
        answer = post(client, "/admin/batas-waktu/spp", {**form, **change})
        assert answer.status_code == 422 and words in answer.text
    assert post(client, "/admin/batas-waktu/spp", form).status_code == 302
    assert "Perbup 3/2026" in client.get("/admin/batas-waktu/spp").text
    assert client.get("/admin/batas-waktu/tidak-ada").status_code == 404
    sign_in(client, cast.ppk)
    assert client.get("/admin/batas-waktu").status_code == 403
