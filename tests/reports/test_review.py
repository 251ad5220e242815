"""The way of an isian from draft to lock, and back; everyone only what is theirs."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.db import db
from portal.people import queries as people
from portal.people.models import Wave, WaveUnit
from portal.reports import examining, flow, history, queries
from portal.reports.models import Entry, Receipt, Remark, Report, Verifier
from portal.trail.flow import verify
from portal.trail.models import TrailEntry
from tests.cast import Cast
from tests.reports.conftest import Pick, save

GOOD = "<p>Dinas Kesehatan menyelenggarakan urusan kesehatan di dua kecamatan.</p>"


@pytest.fixture
def filled(pick: Pick, cast: Cast) -> Entry:
    entry = pick("uraian", item="kesehatan")
    assert save(entry, cast, "operator_dinkes", "f:text", GOOD).status == "ok"
    return entry


def do(entry: Entry, verb: str, cast: Cast, who: str, what: flow.Act | None = None) -> flow.Done:
    done = flow.act(entry, verb, cast.actor(who), entry.version, what)
    db.session.commit()
    return done


def to_lock(entry: Entry, cast: Cast) -> None:
    do(entry, "kirim", cast, "operator_dinkes")
    do(entry, "selesai_reviu", cast, "apip", flow.Act(verdict="sesuai"))
    do(entry, "sahkan", cast, "kepala_dinkes")
    do(entry, "terima", cast, "sekretariat")
    do(entry, "kunci", cast, "sekretariat")


def test_from_draft_to_lock(filled: Entry, cast: Cast, report: Report) -> None:
    to_lock(filled, cast)
    assert filled.state == "terkunci" and filled.receipt_no == "TT-LPPD-2025-DINKES-0001"
    verbs = db.session.scalars(
        sa.select(TrailEntry.verb).where(TrailEntry.subject == f"entry:{filled.id}")
        .order_by(TrailEntry.seq)
    ).all()  # fmt: skip
    assert verbs == ["mulai mengisi", "kirim", "putusan reviu", "selesai_reviu", "sahkan",
                     "terima", "kunci"]  # fmt: skip
    last = db.session.scalars(sa.select(TrailEntry).where(TrailEntry.verb == "kunci")).one()
    assert (last.before["state"], last.after["state"]) == ("diterima", "terkunci")
    assert verify(f"report:{report.id}") is None


def test_verifikator_only_where_the_unit_wants_one(filled: Entry, cast: Cast) -> None:
    db.session.add(Verifier(unit_id=cast.units["DINKES"], kind="lppd"))
    db.session.commit()
    do(filled, "kirim", cast, "operator_dinkes")
    assert filled.state == "dikirim"
    assert queries.entry_for(cast.actor("apip"), filled.id) is None
    assert queries.entry_for(cast.actor("sekretariat"), filled.id) is None
    do(filled, "verifikasi", cast, "verifikator_dinkes")
    assert filled.state == "direviu"
    assert queries.entry_for(cast.actor("apip"), filled.id) is not None


def test_sending_is_blocked_by_what_must_be_mended(pick: Pick, cast: Cast) -> None:
    entry = pick("pegawai", "DINKES")
    save(entry, cast, "operator_dinkes", "c:b1:laki", "1,234")
    with pytest.raises(flow.Blocked) as blocked:
        do(entry, "kirim", cast, "operator_dinkes")
    db.session.rollback()
    codes = {f.code for f in blocked.value.findings}
    assert codes == {"ragu", "wajib"}
    assert all(f.basis and f.sentence for f in blocked.value.findings)
    assert {f.target for f in blocked.value.findings} == {"c:b1:laki", "c:b1:jabatan"}
    assert entry.state == "draf"


def test_stale_page_is_refused_and_changes_nothing(filled: Entry, cast: Cast) -> None:
    old = filled.version
    do(filled, "kirim", cast, "operator_dinkes")
    with pytest.raises(flow.Refused) as refused:
        flow.act(filled, "kirim", cast.actor("operator_dinkes_2"), old)
    assert refused.value.stale and "Direviu Inspektorat" in refused.value.sentence
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 1


def test_taken_back_until_somebody_opened_it(filled: Entry, cast: Cast) -> None:
    do(filled, "kirim", cast, "operator_dinkes")
    assert not flow.mark_read(filled, cast.actor("operator_dinkes_2"))
    do(filled, "tarik", cast, "operator_dinkes")
    assert filled.state == "draf"
    do(filled, "kirim", cast, "operator_dinkes")
    assert flow.mark_read(filled, cast.actor("apip"))
    db.session.commit()
    with pytest.raises(flow.Refused, match="sudah dibuka"):
        do(filled, "tarik", cast, "operator_dinkes")
    numbers = db.session.scalars(sa.select(Receipt.n).order_by(Receipt.n)).all()
    assert numbers == [1, 2]


def test_returned_with_a_remark_answered_and_settled(filled: Entry, cast: Cast) -> None:
    do(filled, "kirim", cast, "operator_dinkes")
    with pytest.raises(flow.Refused, match="Catatan"):
        do(filled, "kembalikan_reviu", cast, "apip")
    db.session.rollback()
    do(filled, "kembalikan_reviu", cast, "apip",
       flow.Act(remark="Sumber data belum disebut.", target="f:text"))  # fmt: skip
    assert filled.state == "dikembalikan"
    assert queries.entry_for(cast.actor("apip"), filled.id) is None
    with pytest.raises(flow.Blocked) as blocked:
        do(filled, "kirim", cast, "operator_dinkes")
    db.session.rollback()
    assert [f.code for f in blocked.value.findings] == ["catatan"]
    remark = db.session.scalars(sa.select(Remark)).one()
    flow.answer_remark(filled, remark, "", cast.actor("operator_dinkes"))
    assert remark.answer == "Sudah diperbaiki."
    do(filled, "kirim", cast, "operator_dinkes")
    do(filled, "selesai_reviu", cast, "apip", flow.Act(verdict="sesuai"))
    assert remark.resolved_at is not None and "Made Wirawan" in remark.resolved_by


def test_a_verifikator_passes_on_and_leaves_the_auditors_remark_open(
    filled: Entry, cast: Cast
) -> None:
    do(filled, "kirim", cast, "operator_dinkes")
    do(filled, "kembalikan_reviu", cast, "apip", flow.Act(remark="Sumber data belum disebut."))
    db.session.add(Verifier(unit_id=cast.units["DINKES"], kind="lppd"))
    theirs = db.session.scalars(sa.select(Remark)).one()
    flow.answer_remark(filled, theirs, "", cast.actor("operator_dinkes"))
    do(filled, "kirim", cast, "operator_dinkes")
    do(filled, "kembalikan_pd", cast, "verifikator_dinkes", flow.Act(remark="Cek kalimat kedua."))
    own = db.session.scalars(sa.select(Remark).where(Remark.id != theirs.id)).one()
    flow.answer_remark(filled, own, "", cast.actor("operator_dinkes"))
    do(filled, "kirim", cast, "operator_dinkes")
    do(filled, "verifikasi", cast, "verifikator_dinkes")
    assert (own.resolved_at is None, theirs.resolved_at is None) == (False, True)
    do(filled, "selesai_reviu", cast, "apip", flow.Act(verdict="sesuai"))
    assert "Made Wirawan" in theirs.resolved_by


def test_the_riwayat_shows_that_only_a_picture_changed(filled: Entry, cast: Cast) -> None:
    png = io.BytesIO()
    Image.new("RGB", (8, 8)).save(png, "PNG")
    sha = flow.add_upload(filled, png.getvalue(), "peta.png", cast.actor("operator_dinkes"))
    picture = GOOD + f'<p><img src="blob:{sha}" alt=""></p>'
    assert save(filled, cast, "operator_dinkes", "f:text", picture, base=1).status == "ok"
    assert f"[gambar {sha[:4]}]" in str(history.history(filled)[0].changes)


def test_late_typing_after_kirim_is_kept_and_offered(filled: Entry, cast: Cast) -> None:
    do(filled, "kirim", cast, "operator_dinkes")
    late = save(filled, cast, "operator_dinkes", "f:text", "<p>Terlambat.</p>", base=1)
    assert (late.status, late.offered) == ("refused", True)
    kept = history.offered(filled, cast.operator_dinkes.person_id)
    assert [(o.target, o.value) for o in kept] == [("f:text", "<p>Terlambat.</p>")]
    assert queries.content_of(filled).fields["text"] == GOOD


def test_inspektorat_never_reviews_its_own(pick: Pick, cast: Cast) -> None:
    entry = pick("butir")
    assert entry.supplier_unit_id == cast.units["INSPEKTORAT"]
    entry.state = "direviu"
    db.session.commit()
    with pytest.raises(flow.Refused):
        do(entry, "selesai_reviu", cast, "apip", flow.Act(verdict="sesuai"))
    db.session.rollback()
    desk = queries.entry_desk(cast.actor("sekretariat"), entry.id)
    assert desk is not None and desk.label == "Diperiksa sekretariat"
    do(entry, "periksa_pengganti", cast, "sekretariat")
    do(entry, "sahkan", cast, "inspektur")
    assert entry.state == "disahkan"


def test_nobody_acts_out_of_turn(filled: Entry, cast: Cast) -> None:
    tries = {
        "draf": [("sahkan", "kepala_dinkes"), ("terima", "sekretariat"), ("kunci", "sekretariat"),
                 ("selesai_reviu", "apip"), ("kirim", "operator_distan"), ("kirim", "apip")],
        "direviu": [("sahkan", "kepala_dinkes"), ("selesai_reviu", "kepala_dinkes"),
                    ("sahkan", "apip"), ("kunci", "sekretariat"), ("terima", "operator_dinkes")],
        "selesai_direviu": [("sahkan", "kepala_distan"), ("sahkan", "operator_dinkes"),
                            ("terima", "sekretariat"), ("sahkan", "sekretariat_lkpj")],
    }  # fmt: skip
    for state, attempts in tries.items():
        filled.state = state
        db.session.commit()
        for verb, who in attempts:
            with pytest.raises(flow.Refused):
                do(filled, verb, cast, who, flow.Act(verdict="sesuai"))
            db.session.rollback()
        assert filled.state == state


def test_reopened_until_a_day_and_locked_again(
    filled: Entry, cast: Cast, still_clock: object
) -> None:
    to_lock(filled, cast)
    with pytest.raises(flow.Refused, match="Dasar dan alasan"):
        do(filled, "buka_kembali", cast, "sekretariat")
    db.session.rollback()
    do(filled, "buka_kembali", cast, "sekretariat", flow.Act(
        basis="Nota Dinas 900/1/2026", reason="Salah ketik", until=date(2026, 2, 4)))  # fmt: skip
    still_clock(timedelta(hours=1))  # type: ignore[operator]
    late = save(filled, cast, "operator_dinkes", "f:text", "<p>Ubahan yang tak dikirim</p>", base=1)
    assert late.status == "ok"
    still_clock(timedelta(days=2))  # type: ignore[operator]
    assert flow.expire_reopened() == 0  # the last day counts
    still_clock(timedelta(days=1))  # type: ignore[operator]
    refused = save(filled, cast, "operator_dinkes", "f:text", "<p>lagi</p>", base=2)
    assert refused.status == "refused" and "berakhir" in refused.reason
    assert flow.expire_reopened() == 1
    db.session.commit()
    assert filled.state == "terkunci" and filled.reopened_until is None
    assert queries.content_of(filled).fields["text"] == GOOD
    assert any("tak dikirim" in c.after for r in history.history(filled) for c in r.changes)
    assert flow.expire_reopened() == 0


def test_obstacle_is_answered_by_the_secretariat(filled: Entry, cast: Cast) -> None:
    with pytest.raises(flow.Refused, match="daftar"):
        flow.report_obstacle(filled, "malas", "", cast.actor("operator_dinkes"))
    found = flow.report_obstacle(filled, "belum_rilis", "BPS rilis 28 Februari",
                                 cast.actor("operator_dinkes"))  # fmt: skip
    assert found.quiet_until == date(2026, 2, 9)
    with pytest.raises(flow.Refused, match="sudah tercatat"):
        flow.report_obstacle(filled, "jaringan", "", cast.actor("operator_dinkes"))
    with pytest.raises(flow.Refused):
        flow.close_obstacle(filled, found, "ya", cast.actor("apip"))
    flow.close_obstacle(filled, found, "Pakai angka sementara dahulu.", cast.actor("sekretariat"))
    assert queries.obstacle_of(filled.id) is None


def test_units_outside_their_tahap_are_entered_by_the_secretariat(
    cast: Cast, report: Report, pick: Pick
) -> None:
    wave = Wave(module="lppd", name="Tahap 1", opens_on=date(2026, 1, 1))
    later = Wave(module="lppd", name="Tahap 2", opens_on=date(2027, 1, 1))
    db.session.add_all([wave, later])
    db.session.flush()
    for code in ("DINKES", "BAG-TAPEM", "INSPEKTORAT"):
        db.session.add(WaveUnit(wave_id=wave.id, unit_id=cast.units[code], since=date(2026, 1, 1)))
    db.session.add(WaveUnit(wave_id=later.id, unit_id=cast.units["DISTAN"],
                            since=date(2026, 1, 1)))  # fmt: skip
    db.session.commit()
    flow.tick()
    db.session.commit()
    entry = pick("uraian", item="pertanian")
    assert entry.on_behalf and not pick("uraian", item="kesehatan").on_behalf
    assert save(entry, cast, "operator_distan", "f:text", GOOD).status == "refused"
    assert not any(t.entry_id == entry.id for t in queries.tasks(cast.actor("operator_distan")))
    assert any(t.entry_id == entry.id for t in queries.tasks(cast.actor("sekretariat")))
    assert save(entry, cast, "sekretariat", "f:text", GOOD).status == "ok"
    wave_unit = db.session.scalars(
        sa.select(WaveUnit).where(WaveUnit.unit_id == cast.units["DISTAN"])
    ).one()
    wave_unit.wave_id = wave.id
    db.session.commit()
    assert people.module_open(cast.units["DISTAN"], "lppd", people.today())
    flow.tick()
    db.session.commit()
    assert not entry.on_behalf and queries.content_of(entry).fields["text"] == GOOD
    again = save(entry, cast, "operator_distan", "f:text", "<p>Kami sendiri.</p>", base=1)
    assert again.status == "ok"


def test_restore_brings_back_and_is_itself_history(
    filled: Entry, cast: Cast, still_clock: object
) -> None:
    still_clock(timedelta(minutes=20))  # type: ignore[operator]
    save(filled, cast, "operator_dinkes_2", "f:text", "<p>Versi kedua.</p>", base=1)
    assert flow.restore(filled, 1, cast.actor("operator_dinkes")) == 1
    db.session.commit()
    assert queries.content_of(filled).fields["text"] == GOOD
    found = history.history(filled)
    assert [r.n for r in found] == [3, 2, 1] and found[0].note == "memulihkan versi 1"
    assert ("in", "Versi kedua.") in found[1].changes[0].words
    with pytest.raises(flow.Refused):
        flow.restore(filled, 9, cast.actor("operator_dinkes"))
    with pytest.raises(flow.Refused):
        flow.restore(filled, 1, cast.actor("operator_distan"))


def test_last_year_stands_beside_and_can_be_used(filled: Entry, cast: Cast) -> None:
    before = flow.open_report("lppd", 2024, actor=cast.actor("sekretariat")).report
    old = db.session.scalars(
        sa.select(Entry).where(Entry.report_id == before.id, Entry.part_key == "uraian",
                               Entry.repeat_key == "kesehatan")
    ).one()  # fmt: skip
    save(old, cast, "operator_dinkes", "f:text", "<p>Tahun lalu begini.</p>")
    last = history.last_year(filled)
    assert last is not None and (last.year, last.value("text")) == (
        2024, "<p>Tahun lalu begini.</p>")  # fmt: skip
    assert last.by_label.startswith("Rina Wulandari")
    answer = flow.use_last_year(filled, cast.actor("operator_dinkes"), "pakai-1", 1)
    assert answer.status == "ok"
    assert "salinan" in {f.code for f in examining.findings(filled)}
