"""The section page over HTTP: saving with and without JavaScript, sending, and who may."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from portal.db import db
from portal.reports import queries
from portal.reports.models import Entry
from tests.cast import post, sign_in, token
from tests.entry.conftest import World


def save(client: FlaskClient, entry: int, *ops: tuple[str, int, str], person: int | None = None):
    body: dict[str, Any] = {
        "ops": [
            {"op_id": f"op-{n}-{target}-{base}-{len(value)}", "target": target, "base": base,
             "value": value}
            for n, (target, base, value) in enumerate(ops)
        ]
    }  # fmt: skip
    if person is not None:
        body["person"] = person
    return client.post(
        f"/isian/{entry}/op", json=body,
        headers={"X-CSRFToken": token(client), "X-Selaras": "1", "Accept-Encoding": "gzip"},
    )  # fmt: skip


def values(entry: int) -> dict[tuple[str, str], str]:
    return {k: c.value or c.raw for k, c in queries.cells_of(entry).items()}


def test_an_autosave_is_small_and_tells_the_time(operator: FlaskClient, world_of: World) -> None:
    entry = world_of.entries["besar"]
    answer = save(operator, entry, ("c:k1:a", 0, "1.234"))
    assert answer.json["answers"] == [
        {"op_id": "op-0-c:k1:a-0-5", "status": "ok", "rev": 1},
    ]  # fmt: skip
    assert answer.json["at"] == "08.00 WITA" and answer.json["state"] == "Draf"
    assert answer.json["derived"]["t:a"] == "1.234"
    assert len(answer.data) + sum(len(k) + len(v) + 4 for k, v in answer.headers) <= 2048


def test_another_persons_page_saves_nothing(operator: FlaskClient, world_of: World) -> None:
    entry = world_of.entries["pegawai"]
    other = world_of.cast.operator_dinkes_2.person_id
    assert save(operator, entry, ("c:sd:l", 0, "1"), person=other).status_code == 401
    assert values(entry) == {}


def test_words_that_are_no_operations_are_refused(operator: FlaskClient, world_of: World) -> None:
    entry = world_of.entries["pegawai"]
    url, head = f"/isian/{entry}/op", {"X-CSRFToken": token(operator)}
    for body in (None, [], {"ops": 3}, {"ops": [7]}, {"ops": [{"op_id": "abcd", "base": "x"}]}):
        assert operator.post(url, json=body, headers=head).status_code == 422
    assert operator.post(url, json={"ops": []}).status_code == 400  # no token


def test_packed_operations_are_read_and_bombs_are_not(
    operator: FlaskClient, world_of: World
) -> None:
    url = f"/isian/{world_of.entries['pegawai']}/op"
    head = {
        "X-CSRFToken": token(operator), "Content-Encoding": "gzip",
        "Content-Type": "application/json",
    }  # fmt: skip
    good = b'{"ops": [{"op_id": "abcd", "target": "c:sd:l", "base": 0, "value": "3"}]}'
    assert operator.post(url, data=gzip.compress(good), headers=head).status_code == 200
    assert values(world_of.entries["pegawai"]) == {("sd", "l"): "3"}
    for bad in (b"not gzip", gzip.compress(b" " * 30_000_000), gzip.compress(good)[:20]):
        assert operator.post(url, data=bad, headers=head).status_code == 422


def test_strangers_find_nothing_and_readers_may_not_write(
    client: FlaskClient, world_of: World
) -> None:
    entry = world_of.entries["pegawai"]
    sign_in(client, world_of.cast.operator_tapem)
    for tail in ("", "/kirim", "/periksa", "/riwayat", "/cetak", "/periksa/panel"):
        assert client.get(f"/isian/{entry}{tail}").status_code == 404
    assert save(client, entry, ("c:sd:l", 0, "1")).status_code == 404
    assert post(client, f"/isian/{entry}", {"c:sd:l": "1"}).status_code == 404
    sign_in(client, world_of.cast.kepala_dinkes)
    assert client.get(f"/isian/{entry}").status_code == 200
    assert save(client, entry, ("c:sd:l", 0, "1")).status_code == 403
    assert post(client, f"/isian/{entry}", {"c:sd:l": "1"}).status_code == 403


def awal(client: FlaskClient, entry: int) -> str:
    html = client.get(f"/isian/{entry}").text
    return html.split('name="awal" value="')[1].split('"')[0]


def test_two_whole_forms_meet_only_where_both_changed(
    client: FlaskClient, world_of: World, still_clock: Any
) -> None:
    """Without JavaScript: an untouched field of an old page does not undo the other's work."""
    entry, cast = world_of.entries["pegawai"], world_of.cast
    sign_in(client, cast.operator_dinkes)
    save(client, entry, ("c:sd:l", 0, "10"), ("c:sd:p", 0, "20"), ("c:smp:l", 0, "5"))
    still_clock(timedelta(minutes=20))
    old_page = awal(client, entry)
    still_clock(timedelta(minutes=1))
    sign_in(client, cast.operator_dinkes_2)
    save(client, entry, ("c:sd:l", 1, "11"), ("c:smp:l", 1, "6"))
    still_clock(timedelta(minutes=1))
    sign_in(client, cast.operator_dinkes)
    # sd:l untouched (still 10 as shown), sd:p changed by me alone, smp:l changed by both.
    answer = post(
        client, f"/isian/{entry}",
        {"awal": old_page, "c:sd:l": "10", "c:sd:p": "21", "c:smp:l": "7"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Joko Prasetyo" in answer.text and "“7”" in answer.text
    assert values(entry) == {("sd", "l"): "11", ("sd", "p"): "21", ("smp", "l"): "6"}
    # The same form once more (a double click) does no harm.
    post(client, f"/isian/{entry}", {"awal": old_page, "c:sd:l": "10", "c:sd:p": "21"})
    assert values(entry)[("sd", "p")] == "21"


def test_a_broken_spelling_stays_as_typed(operator: FlaskClient, world_of: World) -> None:
    entry = world_of.entries["pegawai"]
    page = awal(operator, entry)
    answer = post(operator, f"/isian/{entry}", {"awal": page, "c:sd:l": "1.2.3,4"})
    assert answer.status_code == 302
    html = operator.get(f"/isian/{entry}").text
    assert 'value="1.2.3,4"' in html and "tidak dapat dibaca sebagai angka" in html


def test_sending_is_blocked_by_name_and_keeps_the_draft(
    operator: FlaskClient, world_of: World
) -> None:
    entry = world_of.entries["pegawai"]
    save(operator, entry, ("c:sd:l", 0, "1.2.3,4"))
    version = operator.get(f"/isian/{entry}/kirim").text
    assert "Perlu diperbaiki" in version and "Dasar: " in version
    stored = db.session.get(Entry, entry)
    assert stored is not None
    answer = post(operator, f"/isian/{entry}/kirim", {"version": str(stored.version)})
    assert answer.status_code == 422 and "Belum dapat dikirim" in answer.text
    assert 'data-go="c:sd:l"' in answer.text
    assert values(entry) == {("sd", "l"): "1.2.3,4"}


def test_a_picture_belongs_to_its_isian(client: FlaskClient, world_of: World) -> None:
    sign_in(client, world_of.cast.operator_dinkes)
    mine, other = world_of.entries["peta"], world_of.entries["uraian"]
    answer = client.post(
        f"/isian/{mine}/gambar",
        data={"csrf_token": token(client), "berkas": (_png(), "peta.png")},
        headers={"X-Selaras": "1"},
    )
    sha = answer.json["sha256"]
    assert client.get(f"/isian/{mine}/gambar/{sha}").mimetype == "image/png"
    assert client.get(f"/isian/{other}/gambar/{sha}").status_code == 404
    wrong = client.post(
        f"/isian/{mine}/gambar",
        data={"csrf_token": token(client), "berkas": (_svg(), "peta.png")},
        headers={"X-Selaras": "1"},
    )
    assert wrong.status_code == 422 and wrong.json["error"]


def _png():
    from io import BytesIO  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    out.seek(0)
    return out


def _svg():
    from io import BytesIO  # noqa: PLC0415

    return BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')


def test_token_tells_whose_session_it_is(client: FlaskClient, world_of: World) -> None:
    assert client.get("/token").json["person"] is None
    sign_in(client, world_of.cast.operator_dinkes)
    assert client.get("/token").json["person"] == world_of.cast.operator_dinkes.person_id
