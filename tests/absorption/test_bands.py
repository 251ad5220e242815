"""Colours of absorption as the region sets them, from a date on, with their source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask.testing import FlaskClient

from portal.absorption import bands
from portal.absorption.rules import Position
from portal.indonesian import MONTHS
from portal.people import queries as people
from tests.cast import Cast, post, sign_in

D = Decimal


def filled(kind: str, **changes: str) -> dict[str, str]:
    form = {"skema": kind, "mulai": "1/1/2026", "dasar": "SE Sekda 900/12/2026"}
    for n, _ in enumerate(MONTHS, start=1):
        form |= {f"k{n}": "20", f"h{n}": "40,5"}
    return form | changes


def test_the_admin_sets_floors_with_their_source_and_from_when(
    client: FlaskClient, cast: Cast
) -> None:
    sign_in(client, cast.people["admin"])
    today, at = people.today(), Position(D(100), D(50), D(30))
    assert bands.in_force(today).of(2, at) == "merah"  # 20 points behind the RAK
    for wrong, word in (({"k3": "50"}, "Bulan 3"), ({"h2": "banyak"}, "Hijau Februari"),
                        ({"dasar": " "}, "Dasar"), ({"mulai": "kapan"}, "Berlaku mulai")):  # fmt: skip
        refused = post(client, "/admin/warna-serapan", filled("persen", **wrong))
        assert refused.status_code == 422 and word in refused.text
        assert 'value="40,5"' in refused.text  # what was typed stays
    assert post(client, "/admin/warna-serapan", filled("persen")).status_code == 302
    now = bands.in_force(today)
    assert (now.kind, now.source, now.of(2, at)) == ("persen", "SE Sekda 900/12/2026", "kuning")
    assert now.floors[2] == (D(20), D("40.5"))
    assert bands.in_force(date(2025, 12, 31)).kind == "rak"  # last year keeps its colours
    shown = client.get("/admin/warna-serapan").text
    assert "SE Sekda 900/12/2026" in shown and 'value="40,5"' in shown
    back = filled("persen", kembalikan="1", mulai="2/2/2026")
    assert post(client, "/admin/warna-serapan", back).status_code == 302
    assert bands.in_force(today).floors[2] == (D(1), D(5))


def test_from_when_the_pace_counts(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.people["admin"])
    assert bands.pace_from(people.today()) == 50
    form = {"nilai": "0", "mulai": "1/1/2026", "dasar": "SE"}
    assert post(client, "/admin/warna-serapan/laju", form).status_code == 422
    post(client, "/admin/warna-serapan/laju", {**form, "nilai": "70"})
    assert bands.pace_from(people.today()) == 70
    assert bands.pace_source(people.today()) == ("SE", True)
