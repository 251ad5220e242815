"""The job of a build, from the order to the issued bytes, with its ways to fail."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from portal import clock, store
from portal.db import db
from portal.documents import building, flow, manifest, queries, snapshot, tree
from portal.documents.models import Build, BuildState
from portal.documents.problems import FontError
from portal.people.models import Term
from portal.reports.models import Entry, EntryCell, EntryRow, Report
from portal.reports.refusal import Refused
from tests.cast import Cast
from tests.documents.conftest import Order

pytestmark = pytest.mark.long

Move = Callable[[timedelta], None]


def change(report: Report, part: str, field: str, value: str) -> None:
    """Change one field of an isian."""
    cell = db.session.scalars(
        sa.select(EntryCell)
        .join(Entry, Entry.id == EntryCell.entry_id)
        .where(Entry.report_id == report.id, Entry.part_key == part, EntryCell.field == field)
    ).first()
    assert cell is not None
    cell.value = value
    db.session.commit()


def files(build: Build) -> dict[str, bytes]:
    db.session.refresh(build)
    return {file.format: store.read(file.sha256) for file in build.files}


def test_from_order_to_both_files(order: Order) -> None:
    build = order()
    assert build.state == BuildState.QUEUED
    assert flow.run_build(build.id) is True
    db.session.refresh(build)
    assert (build.state, build.reason, build.active) == (BuildState.DONE, "", None)
    assert build.attempts == 1 and build.lease_until is None and build.finished_at is not None
    made = files(build)
    assert made["pdf"].startswith(b"%PDF-") and made["docx"].startswith(b"PK")
    names = {file.format: file.name for file in build.files}
    assert names["pdf"] == "LPPD_Kabupaten-Contoh_2025_Konsep-1.pdf"
    assert all(file.pages and file.pages > 5 for file in build.files)
    assert build.gaps == []
    assert build.manifest == manifest.current()


def test_asked_twice_returns_the_running_one(order: Order) -> None:
    first = order()
    assert order().id == first.id
    assert building.claim(first.id) == 1
    assert order().id == first.id
    assert order(part="bab:II").id != first.id


def test_unchanged_inputs_return_the_stored_build(order: Order, report: Report) -> None:
    first = order()
    flow.run_build(first.id)
    assert order().id == first.id
    change(report, "akhir", "text", "<p>Demikian laporan ini.</p>")
    second = order()
    assert second.id != first.id and second.number == 2


@pytest.mark.strictest
def test_a_stored_build_whose_file_is_lost_is_made_again(order: Order) -> None:
    first = order(formats="pdf")
    flow.run_build(first.id)
    db.session.refresh(first)
    store.path_of(first.files[0].sha256).unlink()
    again = order(formats="pdf")
    assert again.id != first.id
    flow.run_build(again.id)
    db.session.refresh(again)
    assert again.state == BuildState.DONE and files(again)


def test_run_twice_builds_once(order: Order) -> None:
    build = order(formats="pdf")
    assert flow.run_build(build.id) is True
    before = files(build)
    assert flow.run_build(build.id) is False
    assert files(build) == before
    assert build.attempts == 1


def test_a_worker_does_not_take_what_another_has(order: Order) -> None:
    build = order()
    assert building.claim(build.id) == 1
    assert building.claim(build.id) is None
    assert flow.run_build(build.id) is False


def test_a_killed_run_is_found_again_and_done(order: Order, still_clock: Move) -> None:
    """The first worker dies without a word; its lease runs out; the sweep sends the build again."""
    build = order(formats="pdf")
    assert building.claim(build.id) == 1
    assert flow.sweep() == []
    still_clock(building.LEASE + timedelta(seconds=1))
    assert flow.sweep() == [build.id]
    assert flow.run_build(build.id) is True
    db.session.refresh(build)
    assert (build.state, build.attempts) == (BuildState.DONE, 2)


def test_the_dead_worker_cannot_write_over_its_successor(order: Order, still_clock: Move) -> None:
    build = order()
    assert building.claim(build.id) == 1
    still_clock(building.LEASE + timedelta(seconds=1))
    assert building.claim(build.id) == 2
    with pytest.raises(building.Lost):
        building.progress(build.id, 1, 1, 2, "Bab I dari V")
    building.progress(build.id, 2, 1, 2, "Bab I dari V")


def test_three_attempts_and_then_a_sentence(order: Order, still_clock: Move) -> None:
    build = order()
    for attempt in (1, 2, 3):
        assert building.claim(build.id) == attempt
        still_clock(building.LEASE + timedelta(seconds=1))
    assert flow.sweep() == []
    db.session.refresh(build)
    assert build.state == BuildState.FAILED and "tiga kali" in build.reason
    assert building.claim(build.id) is None
    assert order().id != build.id  # a new order is free again


def test_a_forgotten_order_is_sent_again(order: Order, still_clock: Move) -> None:
    build = order()
    assert flow.sweep() == []
    still_clock(flow.FORGOTTEN + timedelta(seconds=1))
    assert flow.sweep() == [build.id]
    assert flow.sweep() == [build.id]  # level-triggered: twice does no harm


@pytest.mark.strictest
def test_progress_prolongs_the_lease_and_names_the_bab(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = building.progress

    def spy(build_id: int, attempt: int, done: int, total: int, step: str) -> None:
        seen.append(step)
        real(build_id, attempt, done, total, step)

    monkeypatch.setattr(building, "progress", spy)
    build = order()
    flow.run_build(build.id)
    assert "Bab I dari V" in seen and "Bab II dari V" in seen
    assert not [step for step in seen if "dari L" in step]


@pytest.mark.strictest
def test_a_picture_that_is_gone_names_itself(order: Order, report: Report) -> None:
    build = order()
    cell = db.session.scalars(sa.select(EntryCell).where(EntryCell.field == "file")).one()
    store.path_of(cell.value or "").unlink()
    assert flow.run_build(build.id) is True
    db.session.refresh(build)
    assert build.state == BuildState.FAILED
    assert "Peta Kabupaten Contoh" in build.reason and "mengunggah ulang" in build.reason


@pytest.mark.strictest
def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = order()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert flow.run_build(build.id) is True
    db.session.refresh(build)
    assert build.state == BuildState.FAILED
    assert "penyimpanan" in build.reason and "penuh" in build.reason
    assert build.files == []
    assert not list(store.root().rglob(".new-*"))
    assert not list((store.root().parent / "susun").glob("*"))
    again = order()
    assert again.id != build.id
    flow.run_build(again.id)
    db.session.refresh(again)
    assert again.state == BuildState.DONE


@pytest.mark.strictest
def test_a_missing_font_is_said(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_args: Any, **_more: Any) -> None:
        raise FontError("Fon Liberation Sans tidak ditemukan di server.")

    monkeypatch.setattr(building, "build_pdf", none)
    build = order()
    flow.run_build(build.id)
    db.session.refresh(build)
    assert build.state == BuildState.FAILED and "Liberation" in build.reason


@pytest.mark.strictest
def test_an_unknown_error_gives_a_number_and_no_traceback(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "build_pdf", lambda *_a, **_m: 1 / 0)
    build = order()
    flow.run_build(build.id)
    db.session.refresh(build)
    assert f"nomor penyusunan {build.id}" in build.reason and "Zero" not in build.reason


def test_cancel_only_before_it_runs(order: Order, cast: Cast) -> None:
    build = order()
    flow.cancel(build, cast.actor("sekretariat"))
    db.session.commit()
    assert build.state == BuildState.FAILED and "Dibatalkan oleh Lina" in build.reason
    running = order()
    building.claim(running.id)
    with pytest.raises(Refused, match="sudah dimulai"):
        flow.cancel(running, cast.actor("sekretariat"))


@pytest.mark.strictest
def test_the_same_manifest_gives_the_same_bytes(order: Order) -> None:
    """The snapshot that lies beside the files makes them again, byte for byte."""
    build = order()
    flow.run_build(build.id)
    before = files(build)
    db.session.execute(sa.delete(building.BuildFile))
    db.session.execute(sa.text("DELETE FROM piece"))
    db.session.execute(sa.update(Build).values(state=BuildState.QUEUED, attempts=0, active="again"))
    db.session.commit()
    flow.run_build(build.id)
    assert files(build) == before


def test_another_manifest_names_the_component() -> None:
    old = {**manifest.current(), "weasyprint": "69.0"}
    old.pop("pydyf")
    found = manifest.differs(old)
    assert any(line.startswith("weasyprint: dahulu 69.0, sekarang ") for line in found)
    assert any(line.startswith("pydyf: dahulu tidak ada") for line in found)
    assert len(found) == 2
    assert manifest.differs(manifest.current()) == []


@pytest.mark.strictest
def test_snapshot_is_canonical_and_holds_no_ids(report: Report) -> None:
    taken = snapshot.take(report)
    assert json.loads(json.dumps(taken)) == taken
    assert taken["report"]["owner"] == "PEMDA"
    assert {e["unit"] for e in taken["entries"]} >= {"BAG-TAPEM", "DINKES"}
    assert snapshot.digest(taken, "", "pdf") == snapshot.digest(
        snapshot.take(report, number=9), "", "pdf"
    )


def test_snapshot_asks_a_constant_number_of_queries(app: Flask, report: Report) -> None:
    """Twice the rows, the same number of statements."""

    def count() -> int:
        asked: list[str] = []

        def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        db.session.expire_all()
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            snapshot.take(report)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    few = count()
    entry = db.session.scalars(sa.select(Entry).where(Entry.part_key == "dokumen")).one()
    for n in range(50):
        db.session.add(EntryRow(entry_id=entry.id, uid=f"x{n}", position=n + 5))
        db.session.add(
            EntryCell(entry_id=entry.id, row=f"x{n}", field="nama", value="a", at=clock.now())
        )
    db.session.commit()
    assert count() == few
    assert few <= 25


# --- Naskah Final ---------------------------------------------------------------------------

SIGNED = date(2026, 3, 27)


def final(order: Order, **options: Any) -> Build:
    build = order(final=True, sign_on=SIGNED, **options)
    flow.run_build(build.id)
    db.session.refresh(build)
    assert build.state == BuildState.DONE, build.reason
    return build


@pytest.mark.strictest
def test_final_is_issued_and_its_bytes_are_what_is_downloaded(order: Order, cast: Cast) -> None:
    build = final(order)
    assert {f.name for f in build.files} == {
        "LPPD_Kabupaten-Contoh_2025_Naskah-final_DRAF.pdf",
        "LPPD_Kabupaten-Contoh_2025_Naskah-final_DRAF.docx",
    }
    row = flow.issue(build, SIGNED, "", cast.actor("sekretariat"))
    db.session.commit()
    assert row.number == 0
    pdf = next(f for f in build.files if f.format == "pdf")
    found = queries.find_sha(pdf.sha256)
    assert found is not None and found.issue is not None and found.issue.id == row.id
    with pytest.raises(Refused, match="sudah ditetapkan"):
        flow.issue(build, SIGNED, "", cast.actor("sekretariat"))


@pytest.mark.strictest
def test_a_second_issue_is_a_numbered_correction(order: Order, report: Report, cast: Cast) -> None:
    flow.issue(final(order), SIGNED, "", cast.actor("sekretariat"))
    db.session.commit()
    change(report, "akhir", "text", "<p>Demikian laporan ini diperbaiki.</p>")
    build = final(order)
    assert any("_Perbaikan-ke-1_" in file.name for file in build.files)
    with pytest.raises(Refused, match="apa yang diperbaiki"):
        flow.issue(build, SIGNED, "", cast.actor("sekretariat"))
    row = flow.issue(build, SIGNED, "Penutup diperbaiki.", cast.actor("sekretariat"))
    assert row.number == 1


@pytest.mark.strictest
def test_final_is_refused_with_gaps_unless_each_has_a_reason(order: Order, report: Report) -> None:
    entry = db.session.scalars(sa.select(Entry).where(Entry.part_key == "dasar")).one()
    entry.state = "draf"
    db.session.commit()
    with pytest.raises(Refused, match="1 bagian wajib"):
        order(final=True, sign_on=SIGNED)
    key = "dasar@@BAG-TAPEM"
    with pytest.raises(Refused):
        order(final=True, sign_on=SIGNED, waived={key: " - "})
    build = final(order, waived={key: "Naskah asli sedang dicari."})
    assert [gap["key"] for gap in build.gaps] == [key]


@pytest.mark.strictest
def test_final_needs_a_date_and_the_whole_book(order: Order) -> None:
    with pytest.raises(Refused, match="tanggal tanda tangan"):
        order(final=True)
    with pytest.raises(Refused, match="seluruh dokumen"):
        order(final=True, sign_on=SIGNED, part="bab:II")


@pytest.mark.strictest
def test_a_konsep_cannot_be_issued(order: Order, cast: Cast) -> None:
    build = order(formats="pdf")
    flow.run_build(build.id)
    db.session.refresh(build)
    with pytest.raises(Refused, match="naskah final"):
        flow.issue(build, SIGNED, "", cast.actor("sekretariat"))


@pytest.mark.strictest
def test_the_officeholder_is_that_of_the_signing_date(report: Report, cast: Cast) -> None:
    old = db.session.get_one(Term, cast.pimpinan.term_id)
    old.valid_to = date(2026, 3, 20)
    db.session.add(Term(
        position_id=old.position_id, person_id=cast.sekda.person_id, sifat="pj",
        valid_from=date(2026, 3, 21), sk_no="131/2026",
    ))  # fmt: skip
    db.session.commit()
    before = snapshot.take(report, sign_on=date(2026, 3, 20))["sign"]["official"]
    after = snapshot.take(report, sign_on=SIGNED)["sign"]["official"]
    assert (before["bare_name"], before["sifat"]) == ("Ahmad Fauzi", "definitif")
    assert (after["bare_name"], after["sifat"]) == ("Bambang Wijaya", "pj")


@pytest.mark.strictest
@pytest.mark.parametrize("part", ["bab:IX", "unit:TIDAKADA", "urusan:sihir", "desa:1"])
def test_parts_that_do_not_exist_are_refused(order: Order, part: str) -> None:
    with pytest.raises(Refused):
        order(part=part)


def test_a_long_preface_is_noticed() -> None:
    preface = tree.Unit("kata", "", False, ())
    book = tree.Document("x", "", "", "id", "F4", None, preface, (), ())
    assert building._noticed(book, {"kata": 2}) == ()
    (note,) = building._noticed(book, {"kata": 3})
    assert "Kata pengantar 3 halaman" in note and "Ringkaskan" in note
