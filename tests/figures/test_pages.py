"""The pages Data/Indikator: what each role sees, what it may change, and what is refused."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from portal.db import db
from portal.demo import figures as demo
from portal.figures import catalogue, flow, queries
from portal.figures.flow import DatumKey
from portal.figures.models import Evidence
from portal.people.rules import PORTAL
from tests.cast import post, sign_in, token
from tests.figures.test_import import ROWS, book

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest


@pytest.fixture
def region(cast):
    demo.load(proofs=False)
    db.session.commit()
    return queries.region_id()


def get(client, who, url, code=200):
    answer = sign_in(client, who).get(url)
    assert answer.status_code == code, (url, answer.status_code, answer.text[:400])
    return answer.text


def test_an_operator_sees_own_results_of_three_years(cast, client, region):
    page = get(client, cast.operator_dinkes, "/data")
    assert "Data/Indikator: 1.b Kesehatan" in page
    for text in ("92,19", "93,39", "94,58", "Persentase ibu hamil mendapatkan"):
        assert text in page


def test_drafts_of_others_stay_hidden(cast, client, region):
    page = get(client, cast.operator_distan, "/data?urusan=kesehatan")
    assert "93,39" in page and "94,58" not in page and "belum dikirim" in page
    one = get(client, cast.operator_distan, "/data/indikator/1.b.3")
    assert "94,58" not in one and "belum dikirim" in one
    assert get(client, cast.operator_distan, "/data/unsur/ibu_hamil_dilayani", 404)
    assert "4.716" in get(client, cast.operator_dinkes, "/data/unsur/ibu_hamil_dilayani")
    hidden = get(client, cast.apip, "/data/indikator/1.b.3")
    assert "94,58" not in hidden


def test_the_page_of_an_indicator_tells_all(cast, client, region):
    page = get(client, cast.operator_dinkes, "/data/indikator/1.b.3")
    for text in (
        "Sasaran ibu hamil", "Dinas Kesehatan", "Profil Kesehatan 2025", "makin tinggi",
        "SPM Kesehatan", "LPPD II.", "membaik", "Belum ada data dukung",
    ):  # fmt: skip
        assert text in page, text
    guess = get(client, cast.sekretariat, "/data/indikator/1.c.6")
    assert "Rumusan resmi indikator ini belum diisi" in guess
    macro = get(client, cast.sekretariat_lkpj, "/data/indikator/makro.ipm")
    assert "Laju (%)" in macro and "0,49" in macro
    get(client, cast.operator_dinkes, "/data/indikator/9.z.9", 404)
    get(client, cast.operator_dinkes, "/data?tahun=1066", 404)
    get(client, cast.operator_dinkes, "/data?urusan=tidak_ada", 404)


def test_every_indicator_and_element_page_opens(cast, client, region):
    sign_in(client, cast.sekretariat)
    for key in list(catalogue.current().indicators)[::9]:
        assert client.get(f"/data/indikator/{key}").status_code == 200, key
    for key in list(catalogue.current().elements)[::11]:
        assert client.get(f"/data/unsur/{key}?tahun=2024").status_code == 200, key
    for key, group in catalogue.current().groups.items():
        code = 404 if group.cluster == "referensi" else 200
        assert client.get(f"/data?urusan={key}").status_code == code, key


def test_reference_data_belong_to_their_owner(cast, client, region):
    page = get(client, cast.operator_dinkes, "/data/rujukan")
    assert "267.526" in page and "Dinas Kependudukan dan Pencatatan Sipil" in page
    page = get(client, cast.operator_dinkes, "/data/unsur/penduduk")
    assert "hanya dapat dibaca di sini" in page and "Simpan</button>" not in page
    answer = post(client, "/data/unsur/penduduk", {"value": "1", "rev": "1"})
    assert answer.status_code == 403
    assert "Contoh Kota" in page


def test_the_owner_saves_and_a_doubt_is_asked(cast, client, region):
    sign_in(client, cast.operator_dinkes)
    url = "/data/unsur/ibu_hamil_sasaran"
    form = {"tahun": "2025", "rev": "1", "value": "4,700.5", "source": "Profil", "same": ""}
    answer = post(client, url, form)
    assert answer.status_code == 422
    assert "cara Inggris" in answer.text and 'value="4,700.5"' in answer.text
    rev = re.search(r'name="rev" value="(\d+)"', answer.text)[1]
    done = post(client, url, {**form, "rev": rev, "value": "4.700"})
    assert done.status_code == 302
    view = queries.values(["ibu_hamil_sasaran"], "2025", region)["ibu_hamil_sasaran"]
    assert (int(view.value), view.source) == (4700, "Profil")
    page = client.get(url).text
    assert "Rina Wulandari" in page and "Pulihkan" in page


def test_two_people_at_one_field(cast, client, region):
    flow.put(DatumKey("ibu_hamil_sasaran", region, "2025"), "value", "4.111", 1,
             cast.actor("operator_dinkes_2"))  # fmt: skip
    db.session.commit()
    sign_in(client, cast.operator_dinkes)
    answer = post(client, "/data/unsur/ibu_hamil_sasaran", {"rev": "1", "value": "4.222"})
    assert answer.status_code == 422
    assert "Joko Prasetyo" in answer.text and "4.111" in answer.text and "4.222" in answer.text


def test_restore_from_the_history(cast, client, region):
    sign_in(client, cast.operator_dinkes)
    url = "/data/unsur/ibu_hamil_sasaran"
    post(client, url, {"rev": "1", "value": "5"})
    assert post(client, f"{url}/pulihkan", {"n": "1", "rev": "2"}).status_code == 302
    view = queries.values(["ibu_hamil_sasaran"], "2025", region)["ibu_hamil_sasaran"]
    assert (int(view.value), view.rev) == (4986, 3)
    assert post(client, f"{url}/pulihkan", {"n": "x", "rev": "2"}).status_code == 400


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 30)).save(out, "JPEG")
    return out.getvalue()


def hand_in(client, key="1.b.3", **form):
    data = {"csrf_token": token(client), "tahun": "2025", **form}
    return client.post(f"/data/indikator/{key}/dukung", data=data,
                       content_type="multipart/form-data")  # fmt: skip


def test_evidence_comes_in_goes_out_and_is_removed(cast, client, region):
    sign_in(client, cast.operator_dinkes)
    answer = hand_in(client, berkas=(io.BytesIO(photo()), "../rekap puskesmas.jpeg"))
    assert answer.status_code == 302, answer.text[:500]
    row = db.session.query(Evidence).one()
    assert row.name == "1.b.3_Dinkes_2025 - rekap puskesmas.jpg"
    got = client.get(f"/data/dukung/{row.id}")
    assert got.status_code == 200 and got.data[:3] == b"\xff\xd8\xff"
    assert "attachment" in got.headers["Content-Disposition"]
    assert "1.b.3_Dinkes_2025" in client.get("/data-dukung").text
    sign_in(client, cast.operator_distan)
    assert client.get(f"/data/dukung/{row.id}").status_code == 404
    assert post(client, f"/data/dukung/{row.id}/hapus").status_code == 404
    sign_in(client, cast.apip)  # not sent yet
    assert client.get(f"/data/dukung/{row.id}").status_code == 404
    sign_in(client, cast.operator_dinkes)
    assert post(client, f"/data/dukung/{row.id}/hapus").status_code == 302
    assert client.get(f"/data/dukung/{row.id}").status_code == 404


def test_evidence_that_is_refused_says_why(cast, client, region):
    sign_in(client, cast.operator_dinkes)
    svg = hand_in(client, berkas=(io.BytesIO(b"<svg><script/></svg>"), "a.png"))
    assert svg.status_code == 422 and "SVG" in svg.text
    link = hand_in(client, link="javascript:alert(1)")
    assert link.status_code == 422 and "Tautan tidak sah" in link.text
    assert "javascript:alert(1)" in link.text  # what was typed is kept, as text
    nothing = hand_in(client)
    assert nothing.status_code == 422
    names = hand_in(client, key="1.b.14", berkas=(io.BytesIO(photo()), "a.jpg"))
    assert names.status_code == 422 and "nama orang" in names.text
    good = hand_in(client, key="1.b.14", berkas=(io.BytesIO(photo()), "a.jpg"), nama="ya")
    assert good.status_code == 302
    assert hand_in(client, link="https://drive.google.com/x").status_code == 302
    assert "tautan, belum diarsipkan" in client.get("/data/indikator/1.b.3").text
    sign_in(client, cast.operator_distan)
    assert hand_in(client, link="https://drive.google.com/x").status_code == 403


def test_import_on_a_page(cast, client):
    sign_in(client, cast.operator_dinkes)
    assert client.get("/data/impor").status_code == 200
    sent = {"csrf_token": token(client), "tahun": "2025",
            "berkas": (io.BytesIO(book(ROWS)), "ikk.xlsx")}  # fmt: skip
    page = client.post("/data/impor", data=sent, content_type="multipart/form-data")
    assert page.status_code == 200 and "Belum ada yang ditulis" in page.text
    assert "1.b.99" in page.text
    assert queries.values(["ibu_hamil_dilayani"], "2025", queries.region_id()) == {}
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)[1]
    forged = post(client, "/data/impor/terapkan", {"tahun": "2025", "ticket": ticket + "x"})
    assert forged.status_code == 422
    done = post(client, "/data/impor/terapkan", {"tahun": "2025", "ticket": ticket})
    assert done.status_code == 302
    now = queries.values(["ibu_hamil_dilayani"], "2025", queries.region_id())
    assert int(now["ibu_hamil_dilayani"].value) == 4716
    sign_in(client, cast.operator_dinkes_2)
    assert post(client, "/data/impor/terapkan", {"tahun": "2025", "ticket": ticket}
                ).status_code == 422  # fmt: skip
    wrong = {"csrf_token": token(client), "berkas": (io.BytesIO(b"MZ"), "a.xlsx")}
    bad = client.post("/data/impor", data=wrong, content_type="multipart/form-data")
    assert bad.status_code == 422 and "program" in bad.text


def test_export_holds_no_drafts_of_others(cast, client, region):
    sign_in(client, cast.operator_distan)
    data = client.get("/data/ekspor.xlsx?urusan=kesehatan&tahun=2025")
    assert data.status_code == 200
    from portal.figures import sheet  # noqa: PLC0415

    rows = {r.no: r for r in sheet.read(data.data)}
    assert rows["1.b.3"].part == ""
    assert rows["1.b.8"].whole != ""  # population is shared


def test_a_sent_isian_holds_its_numbers(cast, client, region):
    from datetime import date  # noqa: PLC0415

    from portal import clock  # noqa: PLC0415
    from portal.outlines import loader  # noqa: PLC0415
    from portal.reports.models import Entry, Report  # noqa: PLC0415

    edition = loader.current().for_year("lppd", 2025).code
    report = Report(kind="lppd", edition=edition, year=2025, owner_unit_id=region,
                    structure_date=date(2025, 12, 31), opened_at=clock.now())  # fmt: skip
    db.session.add(report)
    db.session.flush()
    entry = Entry(report_id=report.id, part_key="hasil", repeat_key="kesehatan",
                  supplier_unit_id=cast.units["DINKES"], state="dikirim",
                  state_since=clock.now())  # fmt: skip
    db.session.add(entry)
    db.session.commit()
    page = get(client, cast.operator_dinkes, "/data/unsur/ibu_hamil_dilayani")
    assert "Isiannya sudah dikirim" in page
    answer = post(client, "/data/unsur/ibu_hamil_dilayani", {"rev": "1", "value": "1"})
    assert answer.status_code == 403
    assert "94,58" in get(client, cast.apip, "/data/indikator/1.b.3")
    assert "94,58" not in get(client, cast.operator_distan, "/data/indikator/1.b.3")


def test_nobody_writes_as_the_portal(cast):
    answer = flow.put(DatumKey("penduduk", queries.region_id(), "2025"), "value", "1", 0, PORTAL)
    assert answer.status == "refused"
