"""Latihan: answers like an isian, keeps nothing."""

from __future__ import annotations

from portal.db import db
from portal.reports.models import SaveOp
from portal.trail.models import TrailEntry
from tests.cast import post, sign_in, token

GOOD = {f"c:{row}:{col}": "12" for row in ("sma", "sarjana", "magister")
        for col in ("laki", "perempuan", "gaji")}  # fmt: skip


def ops(client, *given):
    body = {"ops": [{"op_id": f"latih-{n}", "target": t, "base": 0, "value": v}
                    for n, (t, v) in enumerate(given)]}  # fmt: skip
    head = {"X-CSRFToken": token(client)}
    return client.post("/latihan/isian/op", json=body, headers=head).json["answers"]


def test_it_answers_as_an_isian_does_and_keeps_nothing(cast, client):
    sign_in(client, cast.operator_dinkes)
    assert "Coba dulu (latihan)" not in client.get("/").text  # nothing to fill: nothing to try
    page = client.get("/latihan/isian").text
    assert "tidak disimpan" in page and "1.872.000.000" in page
    one, two, three, four = ops(client, ("c:sma:laki", "1250"), ("c:sma:laki", "1,234.5"),
                                ("c:sma:jumlah", "1"), ("f:text", "x"))  # fmt: skip
    assert (one["status"], one["shown"]) == ("ok", "1.250")
    assert two["doubt"] and two["choices"]
    assert three["status"] == four["status"] == "refused"
    assert "1.250" not in client.get("/latihan/isian").text
    assert db.session.query(SaveOp).count() == db.session.query(TrailEntry).count() == 0


def test_checked_and_sent_without_javascript(cast, client):
    sign_in(client, cast.operator_dinkes)
    found = post(client, "/latihan/isian", {**GOOD, "c:sma:laki": ""})
    assert "1 sel belum diisi" in found.text and 'value="12"' in found.text
    early = post(client, "/latihan/isian", {**GOOD, "c:sma:laki": "1,234.5", "langkah": "kirim"})
    assert early.status_code == 422 and "1,234.5" in early.text
    done = post(client, "/latihan/isian", {**GOOD, "langkah": "kirim"})
    assert "TT-LATIHAN-0001" in done.text
