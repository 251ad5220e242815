"""Items, weekly progress, photos, kontrak kritis, payments and terms, as their pages use them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from portal.contracts import flow as contracts
from portal.contracts.models import Contract
from portal.db import db
from portal.documents.tree import dump
from portal.people import workdays
from portal.people.queries import today
from portal.trail import flow as trail
from portal.web import work_papers
from portal.works import drawing, flow, queries, rules
from portal.works.models import Photo, WorkItem
from tests.cast import Cast, post, sign_in
from tests.contracts.test_flow import new_contract, position_of

D = Decimal
ITEMS = "Persiapan; 10.000.000; 1; 2\nGalian\t60.000.000\t2\t4\nFinishing;30.000.000;4;5"


#: The calendar of the cast's region, which has no exception of its own.
worked = workdays.WorkCalendar().is_workday


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """100 juta before PPN, five weeks from 5 January 2026; today is 2 February (week 5)."""
    roles = {k: position_of(cast, k) for k in ("ppk", "pptk", "bendahara", "ppk_skpd", "bud")}
    made = contracts.register(
        new_contract(cast, roles=roles, value=D("111000000"), net=D("100000000"), type="konstruksi",
                     method="tender", payment="termin", terms=2, advance=D("22200000"),
                     retention="retensi", starts_on=date(2026, 1, 5), ends_on=date(2026, 2, 8)),
        cast.actor("ppk"), worked,
    )  # fmt: skip
    db.session.commit()
    return made


def planned(contract: Contract, cast: Cast) -> None:
    flow.plan_work(contract, flow.read_items(ITEMS, 5), cast.actor("ppk"))
    db.session.commit()


def test_items_are_read_as_excel_gives_them() -> None:
    assert [(i.name, i.value, i.first, i.last) for i in flow.read_items(ITEMS, 5)] == [
        ("Persiapan", D(10_000_000), 1, 2), ("Galian", D(60_000_000), 2, 4),
        ("Finishing", D(30_000_000), 4, 5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "paling sedikit satu"), ("Galian; 10", "Baris 1: perlu nama"),
        ("Galian; sepuluh; 1; 2", "Baris 1: nilai"), ("A; 10; 1; 2\nB; 10; 3; 9", "Baris 2: minggu"),
        ("A; 10; 2; 1", "mulai sebelum selesai"), ("A; 1,234.5; 1; 2", "Baris 1: nilai"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named(text: str, sentence: str) -> None:
    with pytest.raises(flow.Refused, match=sentence):
        flow.read_items(text, 5)


def test_a_plan_sums_to_the_contract_and_the_old_one_stays(cast: Cast, contract: Contract) -> None:
    me = cast.actor("ppk")
    with pytest.raises(flow.Refused, match="tidak sama dengan nilai kontrak"):
        flow.plan_work(contract, [rules.Item("A", D(1), 1, 2)], me)
    assert flow.plan_work(contract, flow.read_items(ITEMS, 5), me) == 1
    assert flow.plan_work(contract, flow.read_items(ITEMS, 5), me) == 1
    other = ITEMS.replace("4; 5", "3; 5").replace(";4;5", ";3;5")
    assert flow.plan_work(contract, flow.read_items(other, 5), me) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WorkItem)) == 6
    assert {i.plan for i in queries.items(contract.id)} == {2}


def test_progress_deviation_and_threshold(cast: Cast, contract: Contract) -> None:
    me = cast.actor("ppk")
    with pytest.raises(flow.Refused, match="rincian pekerjaan"):
        flow.report_progress(contract, 1, {}, "", me)
    planned(contract, cast)
    with pytest.raises(flow.Refused, match="yang akan datang"):
        flow.report_progress(contract, 6, {}, "", me)
    one = flow.report_progress(contract, 2, {1: D(100), 2: D(10)}, "", me)
    assert (one.planned, one.actual) == (D(30), D(16))
    state = queries.standing(contract, today())
    assert (state.critical, state.deviation) == ("a", D(-14))
    assert "deviasi −14,00" in drawing.words(state).replace("-", "−")
    svg = drawing.curve(state)
    assert svg.count("<polyline") == 2 and "<desc" in svg
    with pytest.raises(flow.Refused, match="turun dari minggu sebelumnya"):
        flow.report_progress(contract, 3, {1: D(90), 2: D(10)}, "", me)
    with pytest.raises(flow.Refused, match="antara 0 dan 100"):
        flow.report_progress(contract, 3, {1: D(101)}, "", me)
    flow.report_progress(contract, 3, {1: D(100), 2: D(70), 3: D(0)}, "", me)
    assert queries.standing(contract, today()).critical == ""
    assert trail.verify(f"contract:{contract.id}") is None


def test_only_the_ppk_declares_and_only_above_the_threshold(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    planned(contract, cast)
    page = f"/kontrak/{contract.id}/kritis"
    sign_in(client, cast.pptk)
    assert post(client, page, {"nomor": "1"}).status_code == 403
    sign_in(client, cast.ppk)
    assert "belum terpenuhi" in post(client, page, {"nomor": "1"}).text
    flow.report_progress(contract, 2, {1: D(100), 2: D(10)}, "", cast.actor("ppk"))
    db.session.commit()
    assert "Memenuhi ambang kontrak kritis" in client.get(f"/kontrak/{contract.id}/pekerjaan").text
    assert post(client, page, {"nomor": "602/31/SP/2026"}).status_code == 302
    assert [n.threshold for n in queries.notes(contract.id)] == ["a"]


def picture() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0132] = "2026:01:12 10:42:00"
    exif.get_ifd(0x8825).update({1: "S", 2: (1.0, 30.0, 0.0), 3: "E", 4: (116.0, 15.0, 36.0)})
    Image.new("RGB", (2400, 1200), "#a86").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_scm_and_sp_are_one_numbered_chain_with_a_draft_each(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    planned(contract, cast)
    ppk = cast.actor("ppk")
    flow.report_progress(contract, 4, {1: D(100), 2: D(40)}, "", ppk)
    flow.declare_critical(contract, "602/31/SP/2026", ppk)
    db.session.commit()
    chain = queries.warnings(contract)
    keys = ["peringatan", "scm1", "sp1", "scm2", "sp2", "scm3", "sp3"]
    assert [s.key for s in chain] == keys
    assert (chain[0].state, chain[0].doc_no) == ("done", "602/31/SP/2026")
    assert [s.key for s in chain if s.ready_on] == ["scm1"]
    sign_in(client, cast.people["ppk"])
    page = client.get(f"/kontrak/{contract.id}/langkah/{chain[1].id}").text
    assert "Uji coba berlangsung sampai" in page
    assert f"/kontrak/{contract.id}/naskah/scm.docx?ke=1" in page
    post(client, f"/kontrak/{contract.id}/selesai", {
        "langkah": chain[1].id, "nomor": "602/35/SCM/2026", "tanggal": "2/2/2026",
        "uji": "13/2/2026"})  # fmt: skip
    db.session.refresh(contract)
    sp1 = queries.warnings(contract)[2]
    assert (sp1.key, sp1.due_on, sp1.ready_on) == ("sp1", date(2026, 2, 13), today())
    assert "SCM I 602/35/SCM/2026" in sp1.basis
    assert client.get(f"/kontrak/{contract.id}/naskah/sp.docx?ke=1").status_code == 200
    where = f"/kontrak/{contract.id}/langkah/tutup"
    assert post(client, where, {"langkah": sp1.id, "alasan": ""}).status_code == 422
    post(client, where, {"langkah": sp1.id, "alasan": "uji coba tahap I tercapai"})
    db.session.refresh(contract)
    assert {s.state for s in queries.warnings(contract)[2:]} == {"void"}
    flow.declare_critical(contract, "602/40/SP/2026", ppk)
    assert len(queries.warnings(contract)) == 7  # no second chain on the same day


def test_photos_keep_date_and_place_apart_from_the_picture(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    planned(contract, cast)
    sign_in(client, cast.ppk)
    form = {"minggu": "2", "p1": "100", "p2": "12,5", "foto": (io.BytesIO(picture()), "a.jpg")}
    assert post(client, f"/kontrak/{contract.id}/realisasi", form).status_code == 302
    row = db.session.scalars(sa.select(Photo)).one()
    assert (row.taken, row.latitude, row.longitude) == ("2026-01-12 10:42", D("-1.5"), D("116.26"))
    got = client.get(f"/kontrak/{contract.id}/foto/{row.id}", buffered=True)
    got.close()
    with Image.open(io.BytesIO(got.data)) as shown:
        assert max(shown.size) == 1600 and not shown.getexif()
    bad = {"minggu": "2", "p1": "seratus", "catatan": "hujan"}
    refused = post(client, f"/kontrak/{contract.id}/realisasi", bad)
    assert refused.status_code == 422 and "hujan" in refused.text and "seratus" in refused.text
    sign_in(client, cast.kepala_distan)
    assert client.get(f"/kontrak/{contract.id}/foto/{row.id}").status_code == 404


def test_payments_of_a_contract_meet_its_value(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    me = cast.actor("ppk")
    bills = contract.billings
    assert [b.instance for b in bills] == ["um", "t1", "t2", "akhir", "retensi"]
    for bill, after in zip(bills, (0, 40, 80, 100, 100), strict=True):
        flow.pay(contract, bill.id, flow.NewPayment(D(after), today(), f"BAP/{bill.id}"), me)
    known = queries.payments(contract.id)
    assert sum(p.net for p in known.values()) == contract.value
    first = known[bills[1].id]
    assert (first.gross, first.advance, first.retention, first.net) == (
        D("44400000"), D("8880000"), D("2220000"), D("33300000"))  # fmt: skip
    with pytest.raises(flow.Refused, match="surat penetapannya"):
        flow.pay(contract, bills[1].id,
                 flow.NewPayment(D(40), today(), "BAP/1", fine=D(5)), me)  # fmt: skip
    with pytest.raises(flow.Refused, match="tidak kurang dari"):
        flow.pay(contract, bills[2].id, flow.NewPayment(D(30), today(), "BAP/2"), me)
    db.session.commit()
    sign_in(client, cast.ppk)
    text = client.get(f"/kontrak/{contract.id}/uang").text
    assert "Rp44.400.000,00" in text and "Rp33.300.000,00" in text
    wrong = {"kemajuan": "4o", "nomor": "BAP/9", "tanggal": "2/2/2026", "berkas": "t1"}
    refused = post(client, f"/kontrak/{contract.id}/uang/{bills[1].id}", wrong)
    assert refused.status_code == 422 and "BAP/9" in refused.text and "4o" in refused.text


def test_the_fine_is_a_simulation_from_the_last_day_before_any_chance(
    cast: Cast, contract: Contract, client: FlaskClient, still_clock: Callable[[timedelta], None]
) -> None:
    assert queries.simulated_fine(contract, today()) is None
    still_clock(timedelta(days=18))  # 20 February, 12 days after the last day
    found = queries.simulated_fine(contract, today())
    assert found is not None and (found.days, found.amount) == (12, D("1200000.00"))
    flow.set_term(contract, "denda_batas", D("0.5"), "SSKK butir 12.3", cast.actor("ppk"))
    capped = queries.simulated_fine(contract, today())
    assert capped is not None and capped.amount == D("500000.00")
    with pytest.raises(flow.Refused, match="Dasar wajib"):
        flow.set_term(contract, "denda_batas", D(5), " ", cast.actor("ppk"))
    db.session.commit()
    sign_in(client, cast.ppk)
    text = client.get(f"/kontrak/{contract.id}/uang").text
    assert "Simulasi denda, belum ditetapkan PPK" in text and "SSKK butir 12.3" in text


def test_the_region_sets_terms_from_a_date_with_their_source(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    sign_in(client, cast.admin)
    form = {"ketentuan": "kritis_awal", "nilai": "8", "sejak": "1/1/2026", "dasar": ""}
    assert post(client, "/admin/ketentuan-kontrak", form).status_code == 422
    done = post(client, "/admin/ketentuan-kontrak", {**form, "dasar": "Perbup 12/2026 Pasal 4"})
    assert done.status_code == 302
    known = queries.own_terms(contract)["kritis_awal"]
    assert (known.value, known.origin, known.basis) == (D(8), "daerah", "Perbup 12/2026 Pasal 4")
    sign_in(client, cast.ppk)
    assert client.get("/admin/ketentuan-kontrak").status_code == 403


@pytest.mark.parametrize("paper", ["kurva", "scm", "sp"])
def test_papers_are_drafts_without_number_or_person(
    cast: Cast, contract: Contract, client: FlaskClient, paper: str
) -> None:
    planned(contract, cast)
    flow.report_progress(contract, 2, {1: D(100), 2: D(10)}, "", cast.actor("ppk"))
    db.session.commit()
    sign_in(client, cast.ppk)
    got = client.get(f"/kontrak/{contract.id}/naskah/{paper}.docx?ke=2")
    assert got.status_code == 200 and got.data[:2] == b"PK"
    words = dump(work_papers.make(contract, paper, 2, today()))
    assert "16,00" in words and "Andi Saputra" not in words
    if paper == "sp":
        assert "SURAT PERINGATAN II" in words and "diisi PPK" in words
