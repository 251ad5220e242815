"""SPM typed by month as an operator does it: one number for the year, the IKK and every book."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest

from portal.db import db
from portal.documents import snapshot, tree
from portal.documents.compile import compile_report
from portal.figures import catalogue, queries, rules
from portal.figures import flow as figures
from portal.figures.models import Measure
from portal.figures.rules import DatumView
from portal.people.queries import actor_of
from portal.people.rules import Actor
from portal.reports import flow_open, places
from portal.reports.models import Entry
from tests.cast import post, sign_in, token

pytestmark = pytest.mark.strictest

KS1 = "d:ibu_hamil_dilayani"


@pytest.fixture
def report(cast):
    made = flow_open.open_report(
        "spm", 2025, "TW1", actor=actor_of(cast.sekretariat.person_id)
    ).report  # fmt: skip
    db.session.commit()
    return made


def isian(report, part, repeat="bidang_kesehatan"):
    return db.session.query(Entry).filter_by(
        report_id=report.id, part_key=part, repeat_key=repeat
    ).one().id  # fmt: skip


@pytest.fixture
def operator(client, cast):
    return sign_in(client, cast.operator_dinkes)


def values_in(page):
    return dict(re.findall(r'<input name="(d:[^"]+)"[^>]*?value="([^"]*)"', unescape(page)))


def save(client, entry, **ops):
    sent = [
        {"op_id": f"op-{uuid4().hex}", "target": target, "base": 0, "value": value}
        for target, value in ops.items()
    ]
    answer = client.post(f"/isian/{entry}/op", json={"ops": sent},
                         headers={"X-CSRFToken": token(client)})  # fmt: skip
    assert answer.status_code == 200, answer.text
    return answer.json["answers"]


def test_a_month_typed_in_spm_is_the_number_of_the_ikk(operator, report):
    entry = isian(report, "spm_penerima")
    page = operator.get(f"/isian/{entry}").text
    assert "KS1 Pelayanan kesehatan ibu hamil" in page
    assert 'name="d:ibu_hamil_dilayani~01:value"' in page  # the first month that is not filled
    assert "~02" not in page
    answers = save(operator, entry, **{
        "d:ibu_hamil_sasaran:value": "1.200", f"{KS1}~01:value": "120", f"{KS1}~02:value": "100",
    })  # fmt: skip
    assert [a["status"] for a in answers] == ["ok"] * 3
    assert answers[-1]["derived"]["x:ks1:total"] == "220"
    assert answers[-1]["derived"]["x:ks1:persen"] == "18,33"
    region = queries.region_id()
    found = queries.values(["ibu_hamil_dilayani", "ibu_hamil_sasaran"], "2025", region)
    assert found["ibu_hamil_dilayani"].value == Decimal(220)
    book = catalogue.current()
    ikk = rules.evaluate(book.indicators["1.b.3"], found, {}, book.elements)
    assert ikk.text == "18,33"
    page = operator.get(f"/isian/{entry}?bulan=2").text
    assert "8,33" in page  # February against the year, not against a twelfth
    assert values_in(page)["d:ibu_hamil_dilayani~02:value"] == "100"


def test_one_number_in_spm_lppd_and_lkpj(operator, report, cast):
    """Typed once by the operator, printed by three books with the same value and the same datum."""
    save(operator, isian(report, "spm_penerima"), **{
        "d:ibu_hamil_sasaran:value": "1.200", f"{KS1}~01:value": "120", f"{KS1}~02:value": "100",
    })  # fmt: skip
    printed = {}
    for kind in ("spm", "lppd", "lkpj"):
        book = flow_open.open_report(kind, 2025, actor=actor_of(cast.sekretariat.person_id)).report
        db.session.query(Entry).filter_by(report_id=book.id).update({"state": "diterima"})
        db.session.commit()
        document = compile_report(places.edition_of(book), snapshot.take(book), catalogue.current())
        rows = [line for line in tree.dump(document).splitlines()
                if "| KS1 | Pelayanan kesehatan ibu hamil | orang | 1.200" in line]  # fmt: skip
        printed[kind] = rows
    assert len(printed["lkpj"]) == 1 and "| 1.200 | 220 | 18,33" in printed["lkpj"][0]
    assert any("| 1.200 | 220 | 980 | 18,33" in row for row in printed["lppd"])
    assert printed["spm"] and "| 220 | 980 | 18,33" in printed["spm"][-1]


def test_without_javascript_the_form_saves_a_month(operator, report):
    entry = isian(report, "spm_penerima")
    page = operator.get(f"/isian/{entry}?bulan=1").text
    made = re.search(r'name="awal" value="([^"]+)"', page).group(1)
    answer = post(operator, f"/isian/{entry}", {
        "awal": made, f"{KS1}~01:value": "120", "d:ibu_hamil_sasaran:value": "1.200",
        "d:ibu_bersalin_dilayani~01:value": "",
    })  # fmt: skip
    assert answer.status_code == 302
    shown = values_in(operator.get(f"/isian/{entry}?bulan=1").text)
    assert shown["d:ibu_hamil_dilayani~01:value"] == "120"


def test_stock_of_the_last_month_is_taken_over_and_people_are_not(operator, report):
    entry = isian(report, "spm_mutu")
    save(operator, entry, **{"d:mutu_ks1_bidan+target:value": "40",
                             "d:mutu_ks1_bidan~01:value": "36"})  # fmt: skip
    page = operator.get(f"/isian/{entry}?bulan=2").text
    assert "Isi yang kosong dari Jan" in page
    answer = post(operator, f"/isian/{entry}/salin-bulan", {"bulan": "2"})
    assert answer.status_code == 302
    page = operator.get(f"/isian/{entry}?bulan=2").text
    assert values_in(page)["d:mutu_ks1_bidan~02:value"] == "36"
    people = isian(report, "spm_penerima")
    save(operator, people, **{f"{KS1}~01:value": "120"})
    assert "Isi yang kosong" not in operator.get(f"/isian/{people}?bulan=2").text


def test_more_served_than_needed_is_asked_about_and_an_empty_row_blocks(operator, report):
    entry = isian(report, "spm_penerima")
    save(operator, entry, **{"d:ibu_hamil_sasaran:value": "100", f"{KS1}~01:value": "130"})
    page = unescape(operator.get(f"/isian/{entry}/periksa").text)
    assert "capaian 130 lebih dari yang harus dipenuhi 100" in page
    assert "KS2 Pelayanan kesehatan ibu bersalin" in page
    assert "belum diisi sampai dengan Mar 2025" in page


def test_a_number_of_another_unit_is_shown_not_typed(operator, report, client, cast):
    entry = isian(report, "spm_penerima")
    page = operator.get(f"/isian/{entry}").text
    assert 'name="d:penduduk_15_59:value"' not in page
    refused = save(operator, entry, **{"d:penduduk_15_59:value": "5"})
    assert refused[0]["status"] == "refused"
    assert save(operator, entry, **{"d:paud_5_6~01:value": "5"})[0]["status"] == "refused"
    sign_in(client, cast.operator_distan)
    assert client.get(f"/isian/{entry}").status_code == 404


def test_the_book_prints_months_totals_and_index(report, cast):
    """KS1 of the worked example: 4.200 and 3.654 with five mutu rows would be 88,20."""
    region, actor = queries.region_id(), Actor(None, "tes")
    service = next(s for s in catalogue.current().services if s.code == "KS1")
    real = [DatumView(service.whole[0], Decimal(4200), unit_id=region, period="2025")]
    real += [DatumView(service.part[0], Decimal(1218), unit_id=region, period=f"2025-0{m}")
             for m in (1, 2, 3)]  # fmt: skip
    real += [DatumView(q.element, Decimal(93), unit_id=region, period="2025-03")
             for q in service.quality_in(2025)]  # fmt: skip
    figures.put_many(real, actor)
    figures.put_many([DatumView(q.element, Decimal(100), unit_id=region, period="2025")
                      for q in service.quality_in(2025)], actor, measure=Measure.TARGET)  # fmt: skip
    db.session.query(Entry).filter_by(report_id=report.id).update({"state": "diterima"})
    db.session.commit()
    edition = places.edition_of(report)
    text = tree.dump(compile_report(edition, snapshot.take(report), catalogue.current()))
    assert "head Jan | Feb | Mar | Total" in text
    assert ("| KS1 | Pelayanan kesehatan ibu hamil | orang | 4.200 | 1.218 | 1.218 | 1.218 | 3.654"
            " | 546 | 87,00") in text  # fmt: skip
    assert (
        "| KS1 | Pelayanan kesehatan ibu hamil | 87,00 | 69,60 | 93,00 | 18,60 | 88,200 |" in text
    )
    assert "88,200 | Tuntas Madya" in text
    assert "Indeks Bidang Kesehatan |  |  |  |  |  | Belum lengkap" in text
    assert "B. Bidang Urusan Kesehatan" in text
    assert "provinsi" not in text.casefold().split("bab ii")[1].split("bab iii")[0].replace(
        "provinsi contoh", "")  # fmt: skip


def test_capaian_on_screen_before_any_book(client, cast, report):
    sign_in(client, cast.sekretariat)
    assert f"/laporan/{report.id}/capaian" in client.get(f"/laporan/{report.id}").text
    page = unescape(client.get(f"/laporan/{report.id}/capaian").text)
    assert "Indeks Pencapaian SPM Daerah" in page
    assert "Belum lengkap" in page
    assert "Tingkat Keterisian (%)" in page
    assert page.count("KS") >= 12


def test_a_figure_tells_every_book_that_prints_it(app):
    from portal.checks import printed  # noqa: PLC0415 - only this test looks there

    kinds = {(kind, part) for kind, part, _ in printed.index(2025).parts_of("ibu_hamil_dilayani")}
    assert ("spm", "spm_penerima") in kinds
    assert ("lppd", "spm_realisasi_pencapaian") in kinds
    assert ("lkpj", "lkpj_wajib_dasar_spm") in kinds
    assert len({part for kind, part in kinds if kind == "lppd"}) > 1  # Bab II and Bab IV


def test_a_year_made_by_its_months_is_not_typed_elsewhere(operator, report, cast):
    save(operator, isian(report, "spm_penerima"), **{f"{KS1}~01:value": "120"})
    actor = actor_of(cast.operator_dinkes.person_id)
    year = figures.DatumKey("ibu_hamil_dilayani", queries.region_id(), "2025")
    answer = figures.put(year, "value", "999", 1, actor)
    assert answer.status == "refused"
    assert "isian bulanan SPM" in answer.doubt
    assert figures.put(year, "source", "Profil Kesehatan", 1, actor).status == "ok"
    other = figures.DatumKey("ibu_bersalin_dilayani", queries.region_id(), "2025")
    assert figures.put(other, "value", "999", 0, actor).status == "ok"  # no month was stated
