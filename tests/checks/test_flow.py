"""What follows a changed figure, and how a figure changes hands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal import clock
from portal.checks import flow, marks, narrative, printed, queries, spec
from portal.checks.models import FigureRef, FormulaSeen, HandoverState
from portal.db import db
from portal.figures import catalogue
from portal.figures import flow as figures
from portal.figures import queries as figure_queries
from portal.people.rules import PORTAL
from portal.reports import chips, flow_open
from portal.reports.models import Entry, EntryCell, EntrySupport
from portal.reports.refusal import Refused
from tests.cast import post, sign_in

KEY = "ibu_hamil_sasaran"


@pytest.fixture
def report(cast, still_clock):
    found = flow_open.open_report("lppd", 2025, actor=PORTAL).report
    db.session.commit()
    return found


def put(cast, value, base=0, who="operator_dinkes"):
    answer = figures.put(
        figures.DatumKey(KEY, cast.units["PEMDA"], "2025"), "value", value, base, cast.actor(who)
    )
    db.session.commit()
    return answer


def health(report, part="hasil"):
    return db.session.scalars(
        sa.select(Entry).where(Entry.report_id == report.id, Entry.part_key == part,
                               Entry.repeat_key == "kesehatan")
    ).one()  # fmt: skip


def test_a_change_after_verification_marks_the_isian_until_somebody_confirms(report, cast):
    entry = health(report)
    first = put(cast, "100")
    assert marks.of_entry(entry.id) == []
    entry.state = "diterima"
    db.session.commit()
    second = put(cast, "120", first.rev)
    found = marks.of_entry(entry.id)
    assert [(m.before, m.after, m.seen_rev) for m in found] == [("100", "120", first.rev)]
    assert "Rina Wulandari" in found[0].by_label
    third = put(cast, "130", second.rev)
    assert [(m.before, m.after) for m in marks.of_entry(entry.id)] == [("100", "130")]
    assert marks.count_open(cast.actor("sekretariat")) == 1
    assert marks.count_open(cast.actor("operator_distan")) == 0
    put(cast, "100", third.rev)
    assert marks.of_entry(entry.id) == []


def test_confirming_clears_it_for_both_sides(app, report, cast):
    entry = health(report)
    rev = put(cast, "100").rev
    entry.state = "disahkan"
    db.session.commit()
    put(cast, "120", rev)
    client = app.test_client()
    sign_in(client, cast.operator_dinkes)
    assert "perlu ditinjau ulang" in client.get("/tugas").get_data(as_text=True).lower()
    page = client.get("/tinjau-ulang").get_data(as_text=True)
    assert "100" in page and "120" in page
    stranger = app.test_client()
    sign_in(stranger, cast.operator_distan)
    assert post(stranger, f"/isian/{entry.id}/sudah-ditinjau").status_code == 404
    assert post(client, f"/isian/{entry.id}/sudah-ditinjau").status_code == 302
    assert marks.of_entry(entry.id) == []
    with pytest.raises(Refused, match="Tidak ada yang perlu"):
        marks.settle(entry, cast.actor("operator_dinkes"))


def test_a_changed_formula_marks_what_prints_it(report):
    entry = health(report)
    entry.state = "diterima"
    assert marks.formulas_changed() == 0
    row = db.session.get(FormulaSeen, "1.b.3")
    row.formula = "ibu_hamil_sasaran / 2"
    assert marks.formulas_changed() >= 1
    assert any(m.ref == "formula:1.b.3" for m in marks.of_entry(entry.id))
    assert marks.formulas_changed() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FigureRef)) >= 1


def test_a_figure_changes_hands_only_with_both_sides_and_the_sekretariat(report, cast):
    element = catalogue.current().elements[KEY]
    ours, theirs = cast.actor("operator_dinkes"), cast.actor("operator_distan")
    desk = cast.actor("sekretariat")
    with pytest.raises(Refused, match="Alasan wajib diisi"):
        flow.ask_handover(ours, cast.units["DISTAN"], "", indicator="1.b.3", elements=[KEY])
    with pytest.raises(Refused, match="bukan data perangkat daerah"):
        flow.ask_handover(theirs, cast.units["DINKES"], "Bukan urusan kami ini",
                          indicator="1.b.3", elements=[KEY])  # fmt: skip
    row = flow.ask_handover(ours, cast.units["DISTAN"], "Dipegang dinas lain menurut SOTK",
                            indicator="1.b.3", elements=[KEY])  # fmt: skip
    with pytest.raises(Refused, match="belum disetujui"):
        flow.settle_handover(row, True, "", date(2026, 2, 2), desk)
    with pytest.raises(Refused, match="dijawab oleh"):
        flow.answer_handover(row, True, "", ours)
    flow.answer_handover(row, True, "", theirs)
    assert not figure_queries.may_write(theirs, element, figure_queries.writers_by_duty())
    flow.settle_handover(row, True, "", date(2026, 2, 2), desk)
    duties = figure_queries.writers_by_duty()
    assert figure_queries.may_write(theirs, element, duties)
    assert not figure_queries.may_write(ours, element, duties)
    assert figure_queries.owner_name(element, date(2026, 2, 2)) == "Dinas Pertanian"
    support = db.session.scalars(sa.select(EntrySupport.unit_id).where(
        EntrySupport.entry_id == health(report).id)).all()  # fmt: skip
    assert cast.units["DISTAN"] in support
    assert put(cast, "90").status == "refused"
    assert put(cast, "90", who="operator_distan").status == "ok"
    assert [h.id for h in queries.handovers(theirs)] == [row.id]
    assert queries.handovers(cast.actor("operator_tapem")) == []


def test_a_later_date_waits_for_its_day(report, cast):
    entry = health(report)
    row = flow.ask_handover(cast.actor("operator_dinkes"), cast.units["DISDIK"],
                            "Isian ini disusun Disdik sejak 2026", entry=entry)  # fmt: skip
    flow.answer_handover(row, True, "", _disdik(cast))
    flow.settle_handover(row, True, "", date(2026, 2, 9), cast.actor("sekretariat"))
    assert row.state == HandoverState.DITETAPKAN and row.applied_at is None
    assert entry.supplier_unit_id == cast.units["DINKES"]
    row.valid_from = date(2026, 2, 2)
    assert flow.apply_due(PORTAL) == 1
    assert entry.supplier_unit_id == cast.units["DISDIK"]
    assert flow.apply_due(PORTAL) == 0


def _disdik(cast):
    class Actor:
        label, term_id = "Operator Disdik", None

        @staticmethod
        def units(*_roles):
            return frozenset({cast.units["DISDIK"]})

    return Actor()


def test_where_a_number_is_printed(report):
    found = printed.index(2025)
    assert "LPPD II.2.2" in printed.line(found.of_element(KEY))
    assert any(p.kind == "lkpj" for p in found.of_element("ipm"))
    known = set(catalogue.current().elements)
    for service in spec.reuse().services:
        for formula in (service.needed, service.served):
            assert set(formula.replace("+", " ").split()) <= known
        assert all(key in catalogue.current().indicators for key in service.ikk)
    assert len(spec.reuse().services) == 29


def test_a_chip_follows_its_figure_and_a_missing_one_is_told(app, report, cast):
    entry = health(report, "uraian_urusan")
    rev = put(cast, "100").rev
    html = f'<p>Sasaran <span data-fig="{KEY}|2025">100</span> orang.</p>'
    db.session.add(EntryCell(entry_id=entry.id, field="text", value=html, by_label="Uji",
                             at=entry.state_since))  # fmt: skip
    entry.state = "diterima"
    db.session.commit()
    put(cast, "175", rev)
    assert [m.after for m in marks.of_entry(entry.id)] == ["175"]
    client = app.test_client()
    sign_in(client, cast.sekretariat)
    page = client.get(f"/reviu/{entry.id}").get_data(as_text=True)
    assert ">175</span>" in page
    sign_in(operator := app.test_client(), cast.operator_dinkes)
    offer = operator.get(f"/isian/{entry.id}/angka?cari=sasaran ibu hamil").get_json()["figures"]
    assert {"ref": f"{KEY}|2025", "value": "175"}.items() <= offer[-1].items()
    assert chips.references(html) == [f"{KEY}|2025"]
    result = queries.check_year(2025)
    assert not [n for n in result.open if n.rule == "narasi_rujukan"]


def test_words_of_a_sentence():
    tokens = narrative.plain_words("<p>Penduduk <b>Contoh</b> Tahun 2025 sebanyak 1.234 jiwa.</p>")
    assert [t for t in tokens if t.strip()][-5:] == ["2025", "sebanyak", "1.234", "jiwa", "."]


QUIET = """
{t} Kecamatan Contoh Kota sebanyak {other} jiwa.
{t} perempuan sebanyak {other} jiwa.
{t} bertambah {other} jiwa dibandingkan tahun sebelumnya.
{t} meningkat dari {other} jiwa pada tahun 2024 menjadi {now} jiwa pada tahun 2025.
{t} sebanyak {other} jiwa pada tahun 2024, lalu bertambah.
{t} pada Tahun 2024 tercatat {other} jiwa.
{t} tahun lalu tercatat {other} jiwa.
{t} sekitar {other} jiwa.
{t} ditargetkan {other} jiwa.
Target {t} sebesar {other} jiwa.
Pertumbuhan {t} {other} jiwa setiap tahun.
{t} sampai dengan Triwulan II sebanyak {other} jiwa.
{t} per kecamatan rata-rata {other} jiwa.
{t} memengaruhi layanan. Sebanyak {other} jiwa dilayani puskesmas.
{t} tercatat {now} jiwa.
{t} usia 0-4 tahun sebanyak {other} jiwa.
Data {t} dihimpun dari 12 kecamatan dan 144 desa.
""".strip().splitlines()
LOUD = """
{t} tercatat {other} jiwa.
{t} di Kabupaten Contoh Tahun 2025 sebanyak {other} jiwa.
{t} meningkat menjadi {other} jiwa.
{t} naik dari 100 jiwa pada tahun 2024 menjadi {other} jiwa pada tahun 2025.
Pada tahun 2025 {t} adalah {other} orang.
""".strip().splitlines()


@pytest.mark.parametrize(("lines", "alarm"), [(QUIET, False), (LOUD, True)])
def test_realistic_sentences_raise_no_false_alarm_and_wrong_ones_do(lines, alarm):
    figure = narrative.Figure("penduduk", "Jumlah penduduk", "orang", Decimal(267526),
                              Decimal(263000), "penduduk")  # fmt: skip
    trie = narrative.Trie()
    trie.add(["jumlah", "penduduk"], figure)
    for line in lines:
        text = line.format(t="Jumlah penduduk", other="12.345", now="267.526")
        tokens = narrative.plain_words(f"<p>{text}</p>")
        found = narrative.typed_numbers(tokens, trie, 2025)
        wrong = [n for f, n in found if not narrative.equal(n, f.now)]
        assert bool(wrong) == alarm, text


def test_a_writer_is_told_of_a_number_beside_its_figure_before_sending(report, cast, app):
    """Own figures and open ones only: what another unit has not sent is not given away."""
    put(cast, "4.986")
    entry = db.session.scalars(sa.select(Entry).where(
        Entry.report_id == report.id, Entry.supplier_unit_id == cast.units["DINKES"],
        Entry.part_key == "uraian_urusan")).first()  # fmt: skip
    text = "<p>Sasaran ibu hamil sebanyak 5.100 orang. Sasaran ibu hamil 4.986 orang.</p>"
    db.session.add(EntryCell(entry_id=entry.id, row="", field="text", value=text, rev=1,
                             by_label="", at=clock.now()))  # fmt: skip
    db.session.commit()
    client = sign_in(app.test_client(), cast.operator_dinkes)
    page = client.get(f"/isian/{entry.id}/periksa").get_data(as_text=True)
    assert page.count("Narasi menulis Sasaran ibu hamil") == 1
    assert "5.100 orang, sedangkan datanya 4.986 orang" in page
    assert queries.of_text(text, 2025, lambda _e: False) == []
