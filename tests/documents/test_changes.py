"""Apa yang berubah: builds compared in words, and an issued year that says the same again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from portal import store
from portal.db import db
from portal.documents import building, changes, diff, flow, lines, rulebook, tree
from portal.documents.diff import sentences
from portal.documents.models import Build
from portal.figures import catalogue
from portal.reports import flow as reports_flow
from portal.reports.models import Report
from portal.reports.refusal import Refused
from tests.cast import Cast
from tests.documents.conftest import Order
from tests.documents.test_build import change

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest


def made(order: Order, **options: object) -> Build:
    build = order(formats="docx", **options)
    flow.run_build(build.id)
    db.session.refresh(build)
    assert build.state == "done", build.reason
    return build


def test_two_builds_by_figure_sentence_row_and_annex(
    order: Order, report: Report, cast: Cast
) -> None:
    first = made(order)
    change(report, "luas", "luas", "140.25")
    change(report, "akhir", "text", "<p>Demikian laporan ini disusun. Terima kasih.</p>")
    second = made(order)
    actor = cast.actor("sekretariat")
    known = changes.versions(actor, report)
    assert [v.name for v in known] == ["Keadaan isian sekarang", "Konsep 2", "Konsep 1"]
    assert changes.usual(known) == (str(first.id), str(second.id))
    found = changes.between(actor, report, str(second.id), str(first.id))  # any order
    assert (found.old.name, found.new.name) == ("Konsep 1", "Konsep 2")
    figures = found.difference.of("figure")
    typed = [c for c in figures if not c.computed]
    assert len(typed) == 1 and typed[0].after == "140,25" and "Luas" in typed[0].what
    assert typed[0].places[0].startswith("Bab I")
    assert any(c.computed for c in figures)  # the total and the shares followed
    told = [(c.how, c.after) for c in found.difference.of("sentence")]
    assert ("added", "Terima kasih.") in told or any("Terima kasih." in after for _, after in told)
    assert "angka" in found.difference.summary and found.difference.summary.endswith("berubah.")
    now = changes.between(actor, report, str(second.id), "kini")
    assert now.difference.changes == []
    assert now.difference.summary == "Tidak ada kata atau angka yang berubah."


def test_builds_that_cannot_be_compared_are_named_with_what_to_do(
    order: Order, report: Report, cast: Cast
) -> None:
    actor = cast.actor("sekretariat")
    first, part = made(order), made(order, part="bab:I")
    other = reports_flow.open_report("lppd", 2026, actor=actor).report
    db.session.commit()
    with pytest.raises(Refused, match=r"milik LPPD 2025, bukan LPPD 2026.*laporan yang sama"):
        changes.between(actor, other, str(first.id), "kini")
    with pytest.raises(Refused, match="sebagian dari laporan"):
        changes.between(actor, report, str(first.id), str(part.id))
    with pytest.raises(Refused, match="dokumen yang sama"):
        changes.between(actor, report, str(first.id), str(first.id))
    for key in ("999999", "x", "", "9" * 30):
        with pytest.raises(Refused, match="Pilih dua versi"):
            changes.between(actor, report, str(first.id), key)


def test_who_only_reads_compares_what_was_issued(order: Order, report: Report, cast: Cast) -> None:
    made(order)
    final = made(order, final=True, sign_on=date(2026, 3, 27))
    flow.issue(final, date(2026, 3, 27), "", cast.actor("sekretariat"))
    db.session.commit()
    names = [v.name for v in changes.versions(cast.actor("kepala_dinkes"), report)]
    assert names == ["Naskah final"]


def test_an_issued_year_says_the_same_under_another_catalogue(
    app: Flask, order: Order, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = made(order)
    assert build.lines_sha == lines.digest(building.lines_again(build))
    assert changes.again(build, ()).same_words
    kept = rulebook.of_build(build, "another catalogue than today's")
    assert kept is not catalogue.current()
    assert kept.indicators.keys() == catalogue.current().indicators.keys()
    assert len(kept.services) == len(catalogue.current().services)
    store.path_of(build.rules_sha or "")  # it lies in the store under its hash


def test_a_difference_on_building_again_is_told(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = made(order)
    real = building.lines_again(build)
    bent = [lines.Line("p", "V", {"runs": [["Kalimat lain.", ""]]}), *real]
    monkeypatch.setattr(changes, "lines_again", lambda _build: bent)
    found = changes.again(build, ("weasyprint: dahulu 1, sekarang 2",))
    assert not found.same_words and found.engine and found.difference.changes


# --- pure -----------------------------------------------------------------------------------


def book(*rows: tuple[str, str, str], text: str = "") -> list[lines.Line]:
    """One chapter with a table of (row id, name, number) and a paragraph."""
    table = {
        "key": "t.a", "number": "Tabel 1.1", "caption": "Uji", "head": ["No", "Nama", "Jumlah"],
        "source": "", "notes": [],
        "rows": [["body", [[[str(n), ""]], [[name, ""]],
                           [[value, f"cell:a@@DINKES:{uid}:jumlah"]]]]
                 for n, (uid, name, value) in enumerate(rows, 1)],
    }  # fmt: skip
    return [
        lines.Line("h", "I", {"level": 1, "number": "BAB I", "text": "PENDAHULUAN", "key": "b1"}),
        lines.Line("p", "I", {"runs": [[text, ""]]}),
        lines.Line("t", "I", table),
        lines.Line("h", "L", {"level": 1, "number": "", "text": "LAMPIRAN", "key": "l"}),
        lines.Line("t", "L", {**table, "key": "t.l"}),
    ]


def test_a_row_that_came_does_not_make_all_others_change() -> None:
    old = book(("r1", "Bidan", "10"), ("r2", "Perawat", "20"))
    new = book(("r0", "Dokter", "3"), ("r1", "Bidan", "10"), ("r2", "Perawat", "21"))
    found = diff.compare(old, new)
    figures = found.of("figure")
    assert [(c.what, c.before, c.after) for c in figures] == [("Perawat, Jumlah", "20", "21")]
    assert figures[0].places == ("Bab I, Tabel 1.1", "Lampiran, Tabel 1.1")  # told once
    assert [c.what for c in found.of("row")] == ["Tabel 1.1: baris baru “Dokter”"]
    assert [c.how for c in found.of("annex")] == ["added"]


def test_numbers_in_sentences_are_told_apart_from_other_words() -> None:
    old = book(text="Penduduk 201.835 jiwa. Wilayah terdiri atas daratan. Selesai sudah.")
    new = book(text="Penduduk 201.875 jiwa. Wilayah terdiri atas daratan dan laut.")
    told = [(c.what, c.how) for c in diff.compare(old, new).of("sentence")]
    assert told == [
        ("Angka di dalam kalimat", "changed"), ("Kalimat diubah", "changed"),
        ("Kalimat dihapus", "removed"),
    ]  # fmt: skip
    words = diff.compare(old, new).of("sentence")[1].words
    assert ("in", "daratan dan laut.") in words or ("in", "dan laut.") in words


def test_sentences_end_where_people_end_them() -> None:
    text = (
        "Diatur dalam Perda No. 5 Tahun 2020. Luasnya 1.234,5 km2. Oleh dr. Sari, M.Kes. Selesai."
    )
    assert len(sentences(text)) in (3, 4)
    assert sentences("Rp. 5.000 saja.") == ["Rp. 5.000 saja."]


def test_lines_survive_their_file() -> None:
    made_lines = book(("r1", "Bidan", "10"), text="Ya.")
    assert lines.read(lines.text_of(made_lines).encode()) == made_lines
    with pytest.raises(ValueError, match="version"):
        lines.read(b'{"v": 99}')
    assert Decimal(lines.VERSION) == 1


def test_a_cell_over_several_rows_keeps_the_others_in_their_columns() -> None:
    def cell(text: str, **more: int) -> tree.Cell:
        return tree.Cell((tree.Run(text),), **more)

    table = tree.Table(
        "t.x", "Tabel 1", "Uji", (tree.Column(0.5), tree.Column(0.5)),
        ((cell("Sasaran"), cell("Indikator")),),
        (tree.Row((cell("A", rowspan=2), cell("satu"))), tree.Row((cell("dua"),)),
         tree.Row((cell("B"), cell("tiga")))),
    )  # fmt: skip
    unit = tree.Unit("u", "I", False, (table,), True)
    made_book = tree.Document("x", "x", "x", "id", "F4", None, None, (), (unit,))
    rows = lines.lines_of(made_book)[0].data["rows"]
    assert [[c[0][0] for c in cells] for _, cells in rows] == [["A", "satu"], ["", "dua"],
                                                               ["B", "tiga"]]  # fmt: skip
    assert rows[1][1][0][0][1] == lines.BELOW
