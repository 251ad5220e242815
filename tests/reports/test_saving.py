"""What is typed is saved once, read rightly, and never lost."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from portal.db import db
from portal.people.models import Position
from portal.reports import flow, queries
from portal.reports.models import Entry, Report, Revision, SaveOp
from tests.cast import Cast
from tests.reports.conftest import Pick, save


def test_opening_makes_one_isian_per_part_and_supplier(report: Report, cast: Cast) -> None:
    rows = db.session.execute(
        sa.select(Entry.part_key, Entry.repeat_key, sa.func.count())
        .where(Entry.report_id == report.id).group_by(Entry.part_key, Entry.repeat_key)
    ).all()  # fmt: skip
    assert {(p, r): n for p, r, n in rows} == {
        ("pengantar", ""): 1, ("profil", ""): 1, ("pegawai", ""): 6, ("wilayah", ""): 1,
        ("peta", ""): 1, ("butir", ""): 1, ("uraian", "kesehatan"): 1, ("uraian", "pertanian"): 1,
    }  # fmt: skip
    again = flow.open_report("lppd", 2025, actor=cast.actor("sekretariat"))
    assert (again.report.id, again.created, again.kept) == (report.id, 0, 13)


def test_numbers_are_read_as_officials_write_them(pick: Pick, cast: Cast) -> None:
    entry = pick("pegawai", "DINKES")
    answer = save(entry, cast, "operator_dinkes", "c:b1:laki", "1.234")
    assert (answer.status, answer.shown, answer.rev) == ("ok", "1.234", 1)
    answer = save(entry, cast, "operator_dinkes", "c:b1:perempuan", "6")
    assert answer.derived == {
        "c:b1:jumlah": "1.240", "t:laki": "1.234", "t:perempuan": "6", "t:jumlah": "1.240",
    }  # fmt: skip
    assert queries.content_of(entry).rows[0].cells == {"laki": "1234", "perempuan": "6"}
    assert entry.state == "draf"


def test_doubtful_number_is_kept_and_asked_about(pick: Pick, cast: Cast) -> None:
    entry = pick("wilayah")
    answer = save(entry, cast, "operator_tapem", "c:kec_01:luas", "1,234")
    assert answer.status == "ok"
    assert "Mana yang dimaksud" in answer.doubt
    assert answer.choices == [["1,234", "=1.234"], ["1.234", "=1234"]]
    assert queries.content_of(entry).rows[0].cells["luas"] == ""
    sure = save(entry, cast, "operator_tapem", "c:kec_01:luas", "=1234", base=answer.rev)
    assert (sure.status, sure.shown, sure.doubt) == ("ok", "1.234", "")
    wrong = save(entry, cast, "operator_tapem", "c:kec_02:luas", "1.2.3,4")
    assert wrong.shown == "1.2.3,4" and "tidak dapat dibaca" in wrong.doubt


def test_same_operation_gets_the_same_answer(pick: Pick, cast: Cast) -> None:
    entry = pick("pegawai", "DINKES")
    one = save(entry, cast, "operator_dinkes", "c:b1:laki", "5", op_id="abc-1")
    two = save(entry, cast, "operator_dinkes", "c:b1:laki", "5", op_id="abc-1")
    assert one == two
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SaveOp)) == 1
    other = save(pick("uraian", item="kesehatan"), cast, "operator_dinkes", "f:text", "x",
                 op_id="abc-1")  # fmt: skip
    assert other.status == "refused"


def test_conflict_only_where_the_same_target_moved(pick: Pick, cast: Cast) -> None:
    entry = pick("pegawai", "DINKES")
    save(entry, cast, "operator_dinkes", "c:b1:laki", "5")
    beside = save(entry, cast, "operator_dinkes_2", "c:b1:perempuan", "7")
    assert beside.status == "ok"
    clash = save(entry, cast, "operator_dinkes_2", "c:b1:laki", "9", base=0)
    assert (clash.status, clash.theirs, clash.rev) == ("conflict", "5", 1)
    assert clash.theirs_by.startswith("Rina Wulandari")
    equal = save(entry, cast, "operator_dinkes_2", "c:b1:laki", "5", base=0)
    assert equal.status == "same"
    mine = save(entry, cast, "operator_dinkes_2", "c:b1:laki", "9", base=clash.rev)
    assert (mine.status, mine.rev) == ("ok", 2)


def test_rows_are_added_moved_deleted_and_brought_back(pick: Pick, cast: Cast) -> None:
    entry, who = pick("pegawai", "DINKES"), "operator_dinkes"
    for n, uid in enumerate(("a", "b", "c")):
        assert save(entry, cast, who, f"r:{uid}", f"add:{n}").status == "ok"
    assert save(entry, cast, who, "r:a", "add:0").status == "same"
    save(entry, cast, who, "r:c", "move:0")
    assert [r.uid for r in queries.rows_of(entry.id)] == ["c", "a", "b"]
    save(entry, cast, who, "r:d", "add:1")
    assert [r.uid for r in queries.rows_of(entry.id)] == ["c", "d", "a", "b"]
    save(entry, cast, who, "r:a", "del")
    assert [r.uid for r in queries.rows_of(entry.id)] == ["c", "d", "b"]
    late = save(entry, cast, "operator_dinkes_2", "c:a:laki", "4")
    assert (late.status, late.theirs) == ("conflict", "(baris dihapus)")
    save(entry, cast, who, "r:a", "undel")
    save(entry, cast, who, "r:e", "add:9")
    full = save(entry, cast, who, "r:f", "add:0")
    assert full.status == "refused" and "paling banyak 5 baris" in full.reason
    assert save(pick("wilayah"), cast, "operator_tapem", "r:x", "add:0").status == "refused"
    assert save(pick("wilayah"), cast, "operator_tapem", "c:x:luas", "1").status == "refused"


def test_many_moves_to_one_place_keep_their_order(pick: Pick, cast: Cast) -> None:
    entry, who = pick("butir"), "operator_dinkes"
    position = db.session.scalars(
        sa.select(Position).where(Position.title == "Operator Dinas Kesehatan")
    ).one()
    position.unit_id = cast.units["INSPEKTORAT"]
    db.session.commit()
    for n in range(30):
        save(entry, cast, who, f"r:n{n}", "add:1" if n else "add:0")
    uids = [r.uid for r in queries.rows_of(entry.id)]
    assert uids == ["n0", *[f"n{n}" for n in range(29, 0, -1)]]


def test_changes_of_ten_minutes_are_one_revision(
    pick: Pick, cast: Cast, still_clock: object
) -> None:
    entry, who = pick("pegawai", "DINKES"), "operator_dinkes"
    first = save(entry, cast, who, "c:b1:laki", "1")
    save(entry, cast, who, "c:b1:laki", "2", base=first.rev)
    still_clock(timedelta(minutes=11))  # type: ignore[operator]
    save(entry, cast, who, "c:b1:laki", "3", base=2)
    deltas = db.session.scalars(sa.select(Revision.delta).order_by(Revision.n)).all()
    assert deltas[0]["c:b1:laki"] == [None, {"v": "2"}]
    assert deltas[1]["c:b1:laki"] == [{"v": "2"}, {"v": "3"}]


def test_strangers_and_readers_cannot_write(pick: Pick, cast: Cast) -> None:
    entry = pick("pegawai", "DINKES")
    for who in ("operator_distan", "kepala_dinkes", "apip", "sekretariat", "pimpinan"):
        assert save(entry, cast, who, "c:b1:laki", "1").status == "refused"
    assert queries.entry_for(cast.actor("operator_distan"), entry.id) is None
    assert queries.entry_for(cast.actor("apip"), entry.id) is None
    assert queries.entry_for(cast.actor("sekretariat"), entry.id) is None
    assert queries.entry_for(cast.actor("kepala_dinkes"), entry.id) is not None


def test_bad_targets_are_refused_with_a_sentence(pick: Pick, cast: Cast) -> None:
    entry = pick("pegawai", "DINKES")
    for target in ("x:1", "c:b1:jumlah", "c:../b:laki", "f:text", "c:b1:tak_ada", "r:", "d:a:b"):
        answer = save(entry, cast, "operator_dinkes", target, "1")
        assert (answer.status, bool(answer.reason)) == ("refused", True), target
    long = save(entry, cast, "operator_dinkes", "c:b1:jabatan", "x" * 5000)
    assert long.status == "refused" and "terlalu panjang" in long.reason


def test_tasks_show_what_the_unit_must_fill(pick: Pick, cast: Cast) -> None:
    found = queries.tasks(cast.actor("operator_dinkes"))
    assert [(t.title, t.group, t.label) for t in found] == [
        ("Jumlah Pegawai", "Tabel", "Belum diisi"),
        ("Uraian Urusan Kesehatan", "Narasi", "Belum diisi"),
    ]
    assert found[0].report == "LPPD 2025" and str(found[0].deadline) == "2026-02-06"
    assert queries.tasks(cast.actor("pimpinan")) == []
