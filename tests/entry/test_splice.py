"""A long text is saved by what changed in it: at most 2 KB each way, and never a guess."""

from __future__ import annotations

import gzip
import json
import random
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.reports import splice
from portal.reports.splice import Cut
from tests.cast import sign_in, token
from tests.entry.conftest import World
from tests.entry.test_saving import values

PLACE = "Puskesmas Kecamatan Contoh Utara melayani ibu hamil dan balita setiap hari kerja. "
LONG = "".join(f"<p>{n}. {(PLACE * 3).strip()}</p>" for n in range(125))  # 30 KB


def test_the_long_text_is_long() -> None:
    assert 30_000 < len(LONG) < 34_000


@pytest.mark.parametrize("seed", range(60))
def test_between_and_joined_are_inverse(seed: int) -> None:
    """Random edits with letters of one to four bytes."""
    rng = random.Random(seed)  # noqa: S311 - test data
    letters = "abé–“𝄞🙂 "
    old = "".join(rng.choice(letters) for _ in range(rng.randrange(0, 40)))
    at = rng.randrange(0, len(old) + 1)
    new = old[:at] + rng.choice(["", "x", "🙂é", "–"]) + old[at + rng.randrange(0, 5) :]
    start, deleted, inserted = splice.between(old, new)
    assert splice.joined(old, Cut(start, deleted, splice.checksum(old)), inserted) == new
    assert len(inserted) <= len(new)


def test_a_cut_for_another_text_is_no_text() -> None:
    crc = splice.checksum("abc")
    assert splice.joined("abd", Cut(0, 1, crc), "x") is None
    assert splice.joined("abc", Cut(2, 5, crc), "x") is None
    assert splice.joined("abc", Cut(-1, 0, crc), "x") is None
    assert splice.joined("é", Cut(1, 0, splice.checksum("é")), "x") is None  # inside a letter


def send(client: FlaskClient, entry: int, op: dict[str, Any]) -> tuple[dict[str, Any], int, int]:
    """(the answer, bytes up, bytes down), request line, headers and body counted."""
    answer = client.post(
        f"/isian/{entry}/op", json={"ops": [op]},
        headers={"X-CSRFToken": token(client), "X-Selaras": "1", "Accept-Encoding": "gzip"},
    )  # fmt: skip
    assert answer.status_code == 200
    request = answer.request
    up = (
        int(request.headers["Content-Length"])
        + sum(len(k) + len(v) + 4 for k, v in request.headers)
        + 60
    )
    down = len(answer.data) + sum(len(k) + len(v) + 4 for k, v in answer.headers) + 20
    packed = answer.headers.get("Content-Encoding") == "gzip"
    told = json.loads(gzip.decompress(answer.data) if packed else answer.data)
    return told["answers"][0], up, down


def whole(op_id: str, base: int, value: str) -> dict[str, Any]:
    return {"op_id": op_id, "target": "f:text", "base": base, "value": value}


def cut(op_id: str, base: int, old: str, new: str) -> dict[str, Any]:
    start, deleted, inserted = splice.between(old, new)
    return whole(op_id, base, inserted) | {"cut": [start, deleted, splice.checksum(old)]}


def test_a_word_in_thirty_kilobytes_costs_two(operator: FlaskClient, world_of: World) -> None:
    entry = world_of.entries["uraian"]
    first, up, _ = send(operator, entry, whole("whole-1", 0, LONG))
    assert first["status"] == "ok" and up > 30_000
    text = LONG
    for n in range(1, 6):
        at = text.index(f"<p>{n * 20}. ") + 40
        changed = text[:at] + " sangat “penting” " + text[at:]
        answer, up, down = send(operator, entry, cut(f"cut-{n}", n, text, changed))
        assert (answer["status"], answer["rev"]) == ("ok", n + 1)
        assert up <= 2048 and down <= 2048, (up, down)
        text = values(entry)[("", "text")]
        start, deleted, inserted = answer.get("fix", [0, 0, ""])
        told = splice.joined(changed, Cut(start, deleted, splice.checksum(changed)), inserted)
        assert told == text  # both sides know what is stored


def test_sent_twice_it_is_saved_once(operator: FlaskClient, world_of: World) -> None:
    entry = world_of.entries["uraian"]
    send(operator, entry, whole("whole-1", 0, LONG))
    op = cut("cut-1", 1, LONG, LONG.replace("<p>7. ", "<p>7. Kini "))
    first = send(operator, entry, op)[0]
    stood = values(entry)
    assert stood[("", "text")].count("Kini") == 1
    assert send(operator, entry, op)[0] == first
    assert values(entry) == stood


def test_a_cut_that_does_not_fit_asks_for_all_of_it(operator: FlaskClient, world_of: World) -> None:
    entry = world_of.entries["uraian"]
    send(operator, entry, whole("whole-1", 0, LONG))
    wrong = cut("cut-1", 1, LONG + "<p>x</p>", LONG + "<p>y</p>")
    assert send(operator, entry, wrong)[0] == {"op_id": "cut-1", "status": "whole", "rev": 0}
    assert values(entry)[("", "text")] == LONG
    for bad in ([1, 2], "x", [1, 2, "3"], [True, 0, 0], [-5, 10**30, 0]):
        op = whole("cut-2", 1, "sepotong") | {"cut": bad}
        assert send(operator, entry, op)[0]["status"] == "whole"
    assert values(entry)[("", "text")] == LONG
    # The same operation with all of it is then taken, under the same number.
    answer = send(operator, entry, whole("cut-1", 1, LONG + "<p>y</p>"))[0]
    assert (answer["status"], answer["rev"]) == ("ok", 2)


def test_two_people_still_meet_only_in_the_same_field(client: FlaskClient, world_of: World) -> None:
    entry, cast = world_of.entries["uraian"], world_of.cast
    sign_in(client, cast.operator_dinkes)
    send(client, entry, whole("whole-1", 0, LONG))
    sign_in(client, cast.operator_dinkes_2)
    theirs = LONG.replace("<p>3. ", "<p>3. Kata Joko. ")
    assert send(client, entry, cut("joko-1", 1, LONG, theirs))[0]["status"] == "ok"
    sign_in(client, cast.operator_dinkes)
    mine = LONG.replace("<p>9. ", "<p>9. Kata Rina. ")
    assert send(client, entry, cut("rina-1", 1, LONG, mine))[0]["status"] == "whole"
    answer = send(client, entry, whole("rina-1", 1, mine))[0]
    assert answer["status"] == "conflict" and answer["theirs"] == theirs
    assert values(entry)[("", "text")] == theirs
    # Mine over theirs, as a cut of the text that the conflict has shown.
    assert send(client, entry, cut("rina-2", answer["rev"], theirs, mine))[0]["status"] == "ok"
    assert values(entry)[("", "text")] == mine


def test_typed_after_sending_is_kept_whole(client: FlaskClient, world_of: World) -> None:
    """A cut that comes too late is kept as the full text, not as the piece that was sent."""
    from portal.db import db  # noqa: PLC0415
    from portal.reports.history import offered  # noqa: PLC0415
    from portal.reports.models import Entry  # noqa: PLC0415

    entry, who = world_of.entries["uraian"], world_of.cast.operator_dinkes
    sign_in(client, who)
    send(client, entry, whole("whole-1", 0, LONG))
    stored = db.session.get(Entry, entry)
    assert stored is not None
    stored.state = "dikirim"
    db.session.commit()
    op = cut("late-1", 1, LONG, LONG + "<p>terlambat</p>")
    answer = send(client, entry, op)[0]
    assert answer["status"] == "refused" and answer["offered"]
    found = offered(db.session.get(Entry, entry), who.person_id)  # type: ignore[arg-type]
    assert [o.value for o in found] == [LONG + "<p>terlambat</p>"]
