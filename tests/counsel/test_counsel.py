"""Reading from outside: basis, two consents, a term, a trail; nothing the day after."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from portal import clock, store
from portal.chronology import queries as chronology
from portal.contracts.models import Contract
from portal.counsel import flow, queries, rules
from portal.counsel.models import Assistance, IssuedPack
from portal.db import db
from portal.people.models import Term
from portal.people.queries import today
from tests.cast import Cast, post, sign_in
from tests.desks.test_desks import contract as _contract
from tests.uploads.test_uploads import pdf

signed = _contract
AFTER = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def contract(signed: Contract, cast: Cast) -> Iterator[Contract]:
    """The kepala of Dinkes stands in as kepala of the contract's unit (the cast has none)."""
    term = db.session.get_one(Term, cast.people["kepala_dinkes"].term_id)
    from portal.people.models import Position  # noqa: PLC0415

    db.session.get_one(Position, term.position_id).unit_id = signed.unit_id
    step = signed.steps[0]
    step.sha256, step.file_name = store.put(pdf(1), "application/pdf").sha256, "spk.pdf"
    db.session.commit()
    yield signed


def form(**changes: str) -> dict[str, str]:
    return {"jenis": "pendampingan", "penerima": "Kejaksaan Negeri Contoh", "nomor": "B-12/2026",
            "tanggal": "30/1/2026", "penanda": "Kepala Kejaksaan Negeri Contoh",
            "tujuan": "Pendampingan hukum", "dari": "2/2/2026", "sampai": "28/2/2026",
            **changes}  # fmt: skip


def agree(client: FlaskClient, cast: Cast, access_id: int) -> None:
    for who, act in (("kepala_dinkes", "setujui"), ("inspektur", "ketahui")):
        sign_in(client, cast.people[who])
        assert post(client, f"/pendampingan/{access_id}/{act}").status_code == 302


def test_from_the_letter_to_the_day_after(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    path = f"/kontrak/{contract.id}/pendampingan"
    sign_in(client, cast.ppk)
    bad = post(client, path, form(sampai="1/1/2026"))
    assert bad.status_code == 422 and "mendahului" in bad.text and "B-12/2026" in bad.text
    assert post(client, path, form()).status_code == 302
    assert post(client, path, form()).status_code == 422  # a double click makes no second one
    access = db.session.scalars(sa.select(Assistance)).one()
    page = f"/pendampingan/{access.id}"
    assert post(client, f"{page}/tautan").status_code == 422  # nobody has agreed
    assert post(client, f"{page}/setujui").status_code == 403  # the PPK does not agree
    sign_in(client, cast.inspektur)
    assert post(client, f"{page}/setujui").status_code == 403  # nor the Inspektur for the PA
    agree(client, cast, access.id)
    agree(client, cast, access.id)
    sign_in(client, cast.ppk)
    shown = post(client, f"{page}/tautan").text
    who = shown.split("<dt>Dicatat</dt>")[1].split("</dl>")[0]
    assert "Inspektur" in who and not any(m.name in who for m in cast.people.values())
    secret = shown.split("/baca/")[1].split("<")[0]
    password = shown.split("Sandi: <code>")[1].split("<")[0]
    assert "Sedang dalam pendampingan" in client.get(f"/kontrak/{contract.id}").text
    sign_in(client, cast.operator_distan)
    assert client.get(page).status_code in (403, 404)

    with client.session_transaction() as session:
        session.clear()
    base = f"/baca/{secret}"
    files = [f"{base}/{contract.id}", f"{base}/{contract.id}/{contract.steps[0].id}"]
    assert client.get(base).status_code == 200
    assert [client.get(f).status_code for f in files] == [404, 404]  # without the password
    assert post(client, base, {"sandi": "salah"}).status_code == 422
    assert post(client, base, {"sandi": password}).status_code == 302
    text = client.get(files[0]).text
    assert "SPMK" in text and "spmk/1" in text
    for hidden in ("Andi Saputra", "Sri Rahayu", "Antrean", "hari kerja di meja"):
        assert hidden not in text
    assert client.get(files[1]).data == store.read(contract.steps[0].sha256 or "")
    assert client.get(f"{base}/{contract.id + 1}").status_code == 404
    acts = chronology.record_of(contract.id)[1]
    looks = [a for a in acts if a.office.startswith("Kejaksaan Negeri Contoh")]
    assert [a.verb.split(" langkah")[0] for a in looks] == [
        "sandi pendamping salah", "pendamping masuk", "pendamping membuka halaman kontrak",
        "pendamping membuka berkas",
    ]  # fmt: skip
    with clock.frozen(AFTER):
        assert [client.get(f).status_code for f in (base, *files)] == [404, 404, 404]
        assert post(client, base, {"sandi": password}).status_code == 404
        assert queries.open_on(contract.id, today()) is None


def test_a_withdrawn_link_and_too_many_tries(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    new = flow.NewAssistance("pendampingan", "Kejaksaan", "B-1", date(2026, 1, 30), "Kepala",
                             "Pendampingan", date(2026, 2, 2), date(2026, 2, 28))  # fmt: skip
    access = flow.ask(new, [contract], cast.actor("ppk"))
    flow.approve(access, cast.actor("kepala_dinkes"))
    flow.know(access, cast.actor("inspektur"))
    secret, password = flow.make_link(access, cast.actor("ppk"))
    for _ in range(rules.TRIES):
        assert not flow.enter(access, "salah")
    assert queries.by_secret(secret, today()) is None
    secret, password = flow.make_link(access, cast.actor("ppk"))
    assert flow.enter(access, password) and queries.by_secret(secret, today()) is access
    flow.withdraw(access, cast.actor("inspektur"))
    assert queries.by_secret(secret, today()) is None


def test_a_numbered_pack_with_its_mark_and_register(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    sign_in(client, cast.ppk)
    post(client, f"/kontrak/{contract.id}/pendampingan", form(jenis="permintaan"))
    access = db.session.scalars(sa.select(Assistance)).one()
    page = f"/pendampingan/{access.id}"
    assert post(client, f"{page}/paket", {"kontrak": str(contract.id)}).status_code == 422
    agree(client, cast, access.id)
    sign_in(client, cast.ppk)
    assert post(client, f"{page}/paket", {"kontrak": str(contract.id)}).status_code == 302
    pack = db.session.scalars(sa.select(IssuedPack)).one()
    assert pack.number == "PKT-001/2026"
    assert "PKT-001/2026" in client.get("/pendampingan").text
    got = client.get(f"{page}/paket/{pack.id}")
    words = "".join(p.extract_text() for p in PdfReader(io.BytesIO(got.data)).pages)
    assert "PKT-001/2026" in words and "Kejaksaan Negeri Contoh" in words and "B-12/2026" in words
    assert "Perbuatan" not in words and "Andi" not in words
    assert "paket PKT-001/2026 diunduh" in [a.verb for a in chronology.record_of(contract.id)[1]]
    with clock.frozen(AFTER):
        sign_in(client, cast.ppk)
        assert client.get(f"{page}/paket/{pack.id}").status_code == 404


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS, DAYS, st.booleans(), st.booleans(), st.booleans())
def test_open_only_in_its_term_with_both_consents(
    first: date, last: date, now: date, approved: bool, known: bool, withdrawn: bool
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    row = Assistance(
        from_on=first, until_on=last, approved_at=at if approved else None,
        known_at=at if known else None, withdrawn_at=at if withdrawn else None,
    )  # fmt: skip
    opened = rules.is_open(row, now)
    assert opened == (approved and known and not withdrawn and first <= now <= last)
    assert opened == (rules.word(row, now) == "Berlaku")
