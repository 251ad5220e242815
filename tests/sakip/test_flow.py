"""From the tree to the signed Perjanjian Kinerja, the triwulan, the LKjIP and its reviu."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.documents import flow as build_flow
from portal.documents import queries as documents
from portal.documents import snapshot
from portal.documents.compile import compile_whole
from portal.documents.tree import dump
from portal.figures import catalogue
from portal.outlines import loader
from portal.people.rules import PORTAL
from portal.reports import flow_open
from portal.reports.refusal import Refused as ReportRefused
from portal.sakip import achievements, flow, flow_pk, flow_plan, overview, papers, queries, spec
from portal.sakip.models import KinerjaIndicator
from portal.sakip.refusal import Refused
from portal.trail import flow as trail
from tests.sakip.conftest import YEAR, World, given, served


def test_tree_refuses_what_cannot_hang_and_keeps_history(world):
    cast, dinkes = world.cast, world.cast.info("DINKES")
    rina = cast.actor("operator_dinkes")
    program = next(n for n in queries.nodes(YEAR, [dinkes.id]) if n.level == "program")
    bad = [
        (flow.NodeGiven("sasaran_opd", "X", program.id), "tidak dapat ditempatkan"),
        (flow.NodeGiven("program", " ", world.goal.id), "Isi uraiannya"),
        (flow.NodeGiven("program", "X", world.goal.id, "1.02.02.2.01"), "seharusnya seperti"),
        (flow.NodeGiven("ultimate", "X"), "Pilih jenjang"),
        (flow.NodeGiven("program", "X", 99999), "Induk yang dipilih"),
    ]  # fmt: skip
    for node, words in bad:
        with pytest.raises(Refused, match=words):
            flow.add_node(YEAR, dinkes, node, rina)
    with pytest.raises(Refused, match="di bawah dirinya"):
        flow.change_node(YEAR, dinkes, world.goal,
                         flow.NodeGiven("sasaran_opd", "Y", world.goal.id), world.goal.version, rina)  # fmt: skip
    with pytest.raises(Refused, match="1 simpul di bawah"):
        flow.end_node(YEAR, dinkes, world.goal, world.goal.version, rina)
    with pytest.raises(Refused, match="diubah orang lain"):
        flow.change_node(YEAR, dinkes, program, flow.NodeGiven("program", "Z", world.goal.id),
                         program.version + 1, rina)  # fmt: skip
    flow.end_node(YEAR + 1, dinkes, program, program.version, rina)
    assert program.id in {n.id for n in queries.nodes(YEAR)}
    assert program.id not in {n.id for n in queries.nodes(YEAR + 1)}
    with pytest.raises(Refused, match="diisi oleh operatornya"):
        flow.add_node(YEAR, dinkes, flow.NodeGiven("program", "X", world.goal.id),
                      cast.actor("operator_distan"))  # fmt: skip


def test_an_indicator_without_method_is_named(world):
    rina, dinkes = world.cast.actor("operator_dinkes"), world.cast.info("DINKES")
    with pytest.raises(Refused, match="“Gizi” belum punya metode capaian"):
        flow.add_indicator(YEAR, dinkes, world.goal, given("Gizi", direction=""), rina)
    with pytest.raises(Refused, match="satuan indikator"):
        flow.add_indicator(YEAR, dinkes, world.goal, given("Gizi", satuan=""), rina)
    with pytest.raises(Refused, match="tidak ada dalam katalog"):
        flow.add_indicator(YEAR, dinkes, world.goal, given("Gizi", pointer="service:XX9"), rina)


def test_perjanjian_kinerja_is_signed_by_two_parties(world):
    cast, dinkes = world.cast, world.cast.info("DINKES")
    rina, head, bupati = (cast.actor(k) for k in ("operator_dinkes", "kepala_dinkes", "pimpinan"))
    flow.put_year(world.ikm, YEAR, {"target": None}, rina)
    pk = flow_pk.prepare(YEAR, dinkes, "pd", rina)
    assert flow_pk.prepare(YEAR, dinkes, "pd", rina) is pk  # a double click
    on = date(YEAR, 1, 15)
    with pytest.raises(Refused, match="Target 2026 belum diisi untuk “IKM”"):
        flow_pk.act(pk, "ajukan", pk.version, rina, on=on)
    flow.put_year(world.ikm, YEAR, {"target": D(84)}, rina)
    with pytest.raises(Refused, match="Isi tanggal"):
        flow_pk.act(pk, "ajukan", pk.version, rina)
    flow_pk.act(pk, "ajukan", pk.version, rina, on=on)
    flow.put_year(world.ikm, YEAR, {"target": D(90)}, rina)  # what is promised stays as put forward
    assert [r["target"] for r in pk.content["rows"]] == ["100", "10", "84"]
    assert [r["amount"] for r in pk.content["programs"]] == ["500.00", "1000.00"]
    for who in (rina, bupati):
        with pytest.raises(Refused, match="tidak terbuka untuk jabatan"):
            flow_pk.act(pk, "setuju_kesatu", pk.version, who)
    assert queries.waiting_for(head) == [pk] and queries.waiting_for(bupati) == []
    flow_pk.act(pk, "setuju_kesatu", pk.version, head)
    with pytest.raises(Refused, match="apa yang perlu diperbaiki"):
        flow_pk.act(pk, "kembalikan_kedua", pk.version, bupati)
    with pytest.raises(Refused, match="diubah orang lain"):
        flow_pk.act(pk, "setuju_kedua", pk.version - 1, bupati)
    flow_pk.act(pk, "setuju_kedua", pk.version, bupati)
    db.session.commit()
    assert pk.state == "disepakati" and pk.first_by and pk.second_by
    assert [t.verb for t in queries.history(f"sakip:{YEAR}", f"agreement:{pk.id}")] == [
        "menyiapkan perjanjian kinerja", "ajukan ke pihak kesatu", "setujui sebagai pihak kesatu",
        "setujui sebagai pihak kedua",
    ]  # fmt: skip
    assert trail.verify(f"sakip:{YEAR}") is None
    words = str(papers.agreement(pk))
    assert "PERJANJIAN KINERJA TAHUN 2026" in words and "PIHAK KEDUA" in words
    assert "bukan tanda tangan elektronik" in words
    assert "NIP" not in str(next(b for b in papers.agreement(pk) if b["t"] == "signs")["left"])
    lines = {ln.indicator.title: ln for ln in achievements.lines(YEAR, dinkes)}
    assert lines["IKM"].now.target == 84  # of the agreed one, not of the form


def test_a_perubahan_needs_a_reason_and_takes_the_place(world):
    cast, dinkes = world.cast, world.cast.info("DINKES")
    rina, head, bupati = (cast.actor(k) for k in ("operator_dinkes", "kepala_dinkes", "pimpinan"))

    def agree(pk, day):
        flow_pk.act(pk, "ajukan", pk.version, rina, on=day)
        flow_pk.act(pk, "setuju_kesatu", pk.version, head)
        flow_pk.act(pk, "setuju_kedua", pk.version, bupati)

    first = flow_pk.prepare(YEAR, dinkes, "pd", rina)
    agree(first, date(YEAR, 1, 15))
    with pytest.raises(Refused, match="alasan perubahan"):
        flow_pk.prepare(YEAR, dinkes, "pd", rina)
    second = flow_pk.prepare(YEAR, dinkes, "pd", rina, reason="Perubahan APBD")
    agree(second, date(YEAR, 10, 5))
    assert (first.state, second.state, second.number) == ("diganti", "disepakati", 1)
    assert queries.agreed(YEAR, dinkes.id, "pd") is second


def test_bupati_signs_alone_and_lower_forms_name_their_parties(world):
    cast, pemda, dinkes = world.cast, world.cast.info("PEMDA"), world.cast.info("DINKES")
    org, bupati, rina = (
        cast.actor(k) for k in ("sekretariat_sakip", "pimpinan", "operator_dinkes")
    )
    pk = flow_pk.prepare(YEAR, pemda, "kepala_daerah", org)
    flow_pk.act(pk, "ajukan", pk.version, org, on=date(YEAR, 1, 10))
    flow_pk.act(pk, "setuju_kesatu", pk.version, bupati)
    assert pk.state == "disepakati" and pk.second_position_id is None
    assert "Pihak Kedua" not in str(papers.agreement(pk))
    seats = {s.role: s.position_id for s in queries.seats([dinkes.id], date(YEAR, 1, 10))}
    program = next(n for n in queries.nodes(YEAR, [dinkes.id]) if n.level == "program")
    with pytest.raises(Refused, match="harus jabatan yang berbeda"):
        flow_pk.prepare(YEAR, dinkes, "eselon3", rina, nodes=[program.id],
                        parties=flow_pk.Parties(seats["kepala"], seats["kepala"]))  # fmt: skip
    parties = flow_pk.Parties(seats["verifikator"], seats["kepala"])
    with pytest.raises(Refused, match="Pilih sedikitnya satu Program"):
        flow_pk.prepare(YEAR, dinkes, "eselon3", rina, parties=parties)
    low = flow_pk.prepare(YEAR, dinkes, "eselon3", rina, parties=parties, nodes=[program.id])
    with pytest.raises(Refused, match="belum memuat indikator"):
        flow_pk.act(low, "ajukan", low.version, rina, on=date(YEAR, 1, 10))
    flow.add_indicator(YEAR, dinkes, program, given("Cakupan layanan"), rina)
    flow_pk.act(low, "ajukan", low.version, rina, on=date(YEAR, 1, 10))
    flow_pk.act(low, "setuju_kesatu", low.version, cast.actor("verifikator_dinkes"))
    assert low.state == "pihak_kedua"
    assert [r["code"] for r in low.content["programs"]] == ["1.02.02"]


def _cells(world: World, name: str, values: dict[int, list[str]]) -> list[flow_plan.Cell]:
    return [
        flow_plan.Cell(indicator, f"TW{n}", name, D(text))
        for indicator, texts in values.items() for n, text in enumerate(texts, start=1)
    ]  # fmt: skip


def test_triwulan_is_filled_sent_and_becomes_the_year(world):
    cast, dinkes = world.cast, world.cast.info("DINKES")
    rina = cast.actor("operator_dinkes")
    overview.open_year(YEAR, PORTAL)
    with pytest.raises(Refused, match="Target triwulan belum lengkap"):
        flow_plan.send(dinkes, YEAR, "RENCANA", rina)
    plan = {world.ks1.id: ["25", "50", "75", "100"], world.aki.id: ["3", "3", "2", "2"],
            world.ikm.id: ["81", "82", "83", "84"]}  # fmt: skip
    assert flow_plan.save(dinkes, YEAR, _cells(world, "target", plan), 0, rina) == 12
    assert (
        flow_plan.save(dinkes, YEAR, _cells(world, "target", plan), 99, rina) == 0
    )  # the same again
    with pytest.raises(Refused, match="Kirim target Rencana Aksi lebih dulu"):
        flow_plan.send(dinkes, YEAR, "TW1", rina)
    flow_plan.send(dinkes, YEAR, "RENCANA", rina)
    version = queries.plan(dinkes.id, YEAR).version
    with pytest.raises(
        Refused, match="Realisasi Triwulan I belum diisi untuk “Angka Kematian Ibu”"
    ):
        flow_plan.send(dinkes, YEAR, "TW1", rina)
    done = {world.aki.id: ["0"], world.ikm.id: ["80"]}
    flow_plan.save(dinkes, YEAR, _cells(world, "realised", done), version, rina)
    with pytest.raises(Refused, match="“IKM” belum mencapai target Triwulan I"):
        flow_plan.send(dinkes, YEAR, "TW1", rina)
    version = queries.plan(dinkes.id, YEAR).version
    told = [flow_plan.Cell(world.ikm.id, "TW1", "obstacle", "Antrean"),
            flow_plan.Cell(world.ikm.id, "TW1", "follow_up", "Tambah loket")]  # fmt: skip
    flow_plan.save(dinkes, YEAR, told, version, rina)
    with pytest.raises(Refused, match="diubah orang lain"):
        flow_plan.save(dinkes, YEAR, [flow_plan.Cell(world.ikm.id, "TW1", "realised", D(79))],
                       version, rina)  # fmt: skip
    flow_plan.send(dinkes, YEAR, "TW1", rina)
    sent = queries.plan(dinkes.id, YEAR).sent
    assert (
        set(sent) == {"RENCANA", "TW1"} and flow_plan.send(dinkes, YEAR, "TW1", rina).sent == sent
    )
    served(world, 200, 150)
    lines = {ln.indicator.title: ln for ln in achievements.lines(YEAR, dinkes)}
    assert lines["Ibu hamil dilayani"].now.realised == 75  # the figure, never typed here
    assert lines["Ibu hamil dilayani"].now.origin == "figur"
    assert lines["Angka Kematian Ibu"].now.realised == 0  # 0 counts as filled
    assert lines["Angka Kematian Ibu"].now.capaian.value == 120
    assert lines["IKM"].now.realised == 80
    with pytest.raises(Refused, match="dibuka kembali oleh penyusun"):
        flow_plan.reopen(dinkes, YEAR, "TW1", rina)
    flow_plan.reopen(dinkes, YEAR, "TW1", cast.actor("sekretariat_sakip"))
    assert set(queries.plan(dinkes.id, YEAR).sent) == {"RENCANA"}


def _compiled(report):
    taken = snapshot.take(report)
    edition = loader.current().edition(report.kind, report.edition)
    return compile_whole(edition, taken, catalogue.current(), "", documents._Undrawn())


def test_lkjip_of_a_unit_is_fed_and_says_what_is_missing(world):
    served(world, 200, 150)
    served(world, 190, 152, YEAR - 1)
    flow.put_year(world.ks1, YEAR - 1, {"target": D(100)}, PORTAL)
    dinkes = world.cast.info("DINKES")
    report = flow_open.open_report("sakip", YEAR, "", dinkes.id, actor=PORTAL).report
    book = _compiled(report)
    text = dump(book.document)
    assert (
        "body 1 | Meningkatnya layanan ibu | Ibu hamil dilayani | % | 100,00 | 75,00 | 75,00 | Sedang"
        in text
    )
    assert "80,00 | 80,00" in text  # last year beside it
    assert "capaian = target / realisasi x 100, dipakai untuk Angka Kematian Ibu" in text
    assert (
        "group Sasaran: Meningkatnya layanan ibu" in text
        and "total Jumlah | 1.500 | 1.400 | 93,33" in text
    )
    missing = {m.key.split("@")[0]: m.title for m in book.missing}
    assert "Perjanjian Kinerja 2026 belum disepakati" in missing["lkjip_pk_naskah"]
    assert "“Angka Kematian Ibu”: realisasi belum diisi" in missing["lkjip_iii_1"]
    assert "lkjip_analisis" in missing and "lkjip_pernyataan_reviu" not in missing
    assert "PERNYATAAN TELAH DIREVIU" not in text


def test_book_of_the_region_waits_for_the_reviu(world):
    cast, pemda = world.cast, world.cast.info("PEMDA")
    report = flow_open.open_report("sakip", 2025, "", None, actor=PORTAL).report
    assert report.owner_unit_id == pemda.id
    firm = [m for m in _compiled(report).missing if m.kind == "firm"]
    assert "belum direviu Inspektorat" in firm[0].title and firm[0].supplier == "Inspektorat Daerah"
    reasons = {m.key: "Alasan yang ditulis" for m in _compiled(report).missing}
    with pytest.raises(ReportRefused, match=r"belum direviu Inspektorat.*tidak dapat ditetapkan"):
        build_flow.request_build(report, actor=PORTAL, final=True, sign_on=date(2026, 2, 2),
                                 waived=reasons)  # fmt: skip
    apip = cast.actor("apip")
    answers = {c.key: "ya" for c in spec.current().review.checklist}
    words = flow_plan.statement_of(2025, pemda, "Laporan Kinerja")

    def review(**more):
        base = {"number": "700/1", "on": date(2026, 1, 30), "statement": words,
                "checklist": answers, "actor": apip}  # fmt: skip
        return flow_plan.review(2025, pemda, **{**base, **more})

    for bad, sentence in (
        ({"number": " "}, "Isi nomor"), ({"on": None}, "Isi tanggal reviu"),
        ({"on": date(2026, 12, 1)}, "belum lewat"), ({"on": date(2025, 6, 1)}, "setelah tahun 2025"),
        ({"checklist": {}}, "baru 0 dari"), ({"actor": cast.actor("sekretariat_sakip")}, "oleh APIP"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=sentence):
            review(**bad)
    with pytest.raises(Refused, match="bukan atas unitnya sendiri"):
        flow_plan.review(2025, cast.info("INSPEKTORAT"), number="1", on=date(2026, 1, 30),
                         statement=words, checklist=answers, actor=apip)  # fmt: skip
    found = review()
    db.session.commit()
    book = _compiled(report)
    assert not [m for m in book.missing if m.kind == "firm"]
    text = dump(book.document)
    assert text.index("PERNYATAAN TELAH DIREVIU") < text.index("KATA PENGANTAR")
    assert text.index("KATA PENGANTAR") < text.index("IKHTISAR EKSEKUTIF") < text.index("BAB I ")
    assert "sign Made" not in text and "Yusuf Rahman" in text  # the Inspektur signs, not who typed
    node = next(n for n in queries.nodes(YEAR, [pemda.id]) if n.level == "sasaran_pemda")
    uhh = db.session.scalar(sa.select(KinerjaIndicator).where(KinerjaIndicator.node_id == node.id))
    assert uhh is not None
    uhh.since = node.since = 2025
    db.session.flush()
    firm = [m for m in _compiled(report).missing if m.kind == "firm"]
    assert "berubah setelah direviu" in firm[0].title
    flow_plan.withdraw(found, apip)
    assert queries.review(pemda.id, 2025) is None
