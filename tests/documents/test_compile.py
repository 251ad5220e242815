"""Outline + snapshot -> tree: numbering, tables, gaps, scopes; a golden dump of a whole book."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portal.documents import scope as scopes
from portal.documents.compile import compile_report, compile_whole
from portal.documents.tree import (
    Document,
    Gap,
    Heading,
    Paragraph,
    Picture,
    Run,
    Signature,
    Table,
    blocks,
    dump,
    plain,
)  # fmt: skip
from portal.documents.words import words
from tests.documents import small

GOLDEN = Path(__file__).parent / "golden"


def made(scope: str = "", **changes: object) -> Document:
    return compile_report(small.edition(), small.snapshot(**changes), None, scope)


def table(document: Document, key: str) -> Table:
    return next(
        b for _, b in blocks(document) if isinstance(b, Table) and b.key.startswith(f"t.{key}.")
    )


def headings(document: Document) -> list[str]:
    return [f"{b.number} {b.text}".strip() for _, b in blocks(document) if isinstance(b, Heading)]


def test_golden_dump() -> None:
    """The whole tiny book, line by line; SELARAS_GOLDEN=1 writes it anew after a wanted change."""
    path = GOLDEN / "small.txt"
    found = dump(made())
    if os.environ.get("SELARAS_GOLDEN"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_equal_input_gives_an_equal_tree() -> None:
    assert made() == made()


def test_chapters_and_sections_are_numbered() -> None:
    found = headings(made())
    assert found[:6] == [
        "KATA PENGANTAR", "BAB I PENDAHULUAN", "1.1 Latar Belakang", "1.1.1 Penjelasan Umum",
        "a. Undang-Undang Pembentukan Daerah", "b. Data Geografis",
    ]  # fmt: skip
    assert "2.2 Urusan Sosial" in found
    assert found[-2:] == ["LAMPIRAN", "Lampiran 1 Daftar Dokumen"]


def test_anchors_are_unique() -> None:
    keys = [b.key for _, b in blocks(made()) if isinstance(b, Heading | Table | Picture)]
    assert len(keys) == len(set(keys))


def test_typed_cells_and_totals() -> None:
    found = table(made(), "luas")
    assert [plain(c.text) for c in found.head[0]] == [
        "No", "Kecamatan", "Luas (km²)", "Persentase (%)",
    ]  # fmt: skip
    assert [plain(c.text) for c in found.rows[-1].cells] == ["Jumlah", "1.234,50", "100,00"]
    assert found.rows[-1].cells[0].colspan == 2
    assert abs(sum(c.width for c in found.columns) - 1) < 1e-4


def test_rows_of_zero_are_never_hidden() -> None:
    assert [plain(c.text) for c in table(made(), "luas").rows[1].cells] == [
        "2", "Contoh Selatan", "0,00", "0,00",
    ]  # fmt: skip


def test_budget_adds_up_and_marks_what_is_not_audited() -> None:
    found = table(made(), "apbd")
    rows = [[plain(c.text) for c in row.cells] for row in found.rows]
    assert rows[0] == ["Pendapatan Daerah", "2.000.000.000,50", "999.995.000,00", "50,00"]
    assert rows[2][2] == "(5.000,00)"
    assert rows[3] == ["Hibah", "0,00", "0,00", "n/a"]
    assert found.rows[0].kind == "total" and found.rows[1].cells[0].indent == 1
    assert any("pembagi = 0" in note for note in found.notes)
    assert any("belum diaudit" in note for note in found.notes)


def test_column_groups_make_two_head_rows() -> None:
    first, second = table(made(), "apbd").head
    assert [(plain(c.text), c.colspan, c.rowspan) for c in first] == [
        ("Uraian", 1, 2), ("Tahun 2025", 2, 1), ("Persen (%)", 1, 2),
    ]  # fmt: skip
    assert [plain(c.text) for c in second] == ["Anggaran (Rp)", "Realisasi (Rp)"]


def test_tables_of_many_units_are_one_with_group_rows() -> None:
    found = table(made(), "pegawai")
    assert [(r.kind, plain(r.cells[0].text)) for r in found.rows] == [
        ("group", "Dinas Kesehatan"), ("body", "1"), ("group", "Dinas Sosial"), ("body", "1"),
        ("total", "Jumlah"),
    ]  # fmt: skip
    assert plain(found.rows[-1].cells[-1].text) == "20"


def test_a_cell_knows_where_it_was_typed() -> None:
    cell = table(made(), "luas").rows[0].cells[2]
    assert cell.text == (Run("1.234,50", datum="cell:luas@@BAG-TAPEM:kec_01:luas"),)


def test_computed_sentence_counts_and_sums() -> None:
    assert "terdiri atas 2 kecamatan seluas 1.234,50 km²; terluas Contoh Utara." in " ".join(
        words(made())
    )


def test_a_missing_required_part_is_a_marked_gap_and_is_listed() -> None:
    result = compile_whole(
        small.edition(), small.snapshot(entries=small.without("dasar", "luas")), None
    )
    gaps = [b for _, b in blocks(result.document) if isinstance(b, Gap)]
    assert gaps == [
        Gap("Dasar", "Bagian Hukum"),
        Gap("Luas Wilayah menurut Kecamatan", "Bagian Tata Pemerintahan"),
    ]
    assert [(m.key, m.kind) for m in result.missing] == [
        ("dasar@@", "missing"), ("luas@@", "missing"),
    ]  # fmt: skip
    assert "terdiri atas" not in " ".join(words(result.document))  # not half a sentence


def test_unsent_drafts_never_reach_the_book() -> None:
    entries = small.without("dasar")
    entries.append(
        small.entry("dasar", "BAG-HUKUM", state="draf", fields=small.text("<p>Rahasia</p>"))
    )
    result = compile_whole(small.edition(), small.snapshot(entries=entries), None)
    assert "Rahasia" not in words(result.document)
    assert result.missing[0].state == "draf"


def test_content_that_nobody_accepted_is_marked_in_a_konsep_only() -> None:
    entries = small.without("akhir")
    entries.append(
        small.entry("akhir", "BAG-TAPEM", state="direviu", fields=small.text("<p>Demikian.</p>"))
    )
    draft = compile_whole(small.edition(), small.snapshot(entries=entries), None)
    assert [m.kind for m in draft.missing] == ["unaccepted"]
    assert "[Belum diterima sekretariat: Direviu Inspektorat" in " ".join(words(draft.document))
    final = compile_report(small.edition(), small.snapshot(entries=entries, final=True), None)
    assert "[Belum" not in words(final)


def test_a_waived_gap_prints_its_reason() -> None:
    document = made(
        entries=small.without("dasar"), final=True, waived={"dasar@@": "Naskah asli sedang dicari."}
    )
    assert not [b for _, b in blocks(document) if isinstance(b, Gap)]
    assert "Dasar: tidak tersedia. Naskah asli sedang dicari." in " ".join(words(document))


def test_a_finished_document_is_named_in_place_of_the_part() -> None:
    entries = small.without("dasar")
    entries.append(small.entry("dasar", "BAG-HUKUM", state="kosong", document="dasar.pdf"))
    found = " ".join(words(made(entries=entries)))
    assert "disampaikan Bagian Hukum sebagai dokumen jadi “dasar.pdf”, belum terstruktur" in found


def test_a_turned_section_takes_its_heading_with_it() -> None:
    units = made().units
    assert [(u.landscape, u.starts_chapter) for u in units if u.chapter == "II"] == [
        (False, True),
        (False, False),
    ]  # fmt: skip (its tables are narrow and stand between upright text)
    section = {"key": "s", "title": "Lebar", "landscape": True, "parts": [small.TABLE]}
    chapter = {"key": "bab1", "label": "I", "title": "Satu", "sections": [section]}
    turned = small.edition(chapters=[chapter])
    document = compile_report(turned, small.snapshot(), None)
    assert [type(b).__name__ for b in document.units[0].blocks] == ["Heading", "Heading", "Table"]
    assert document.units[0].landscape


@pytest.mark.parametrize(
    ("scope", "present", "absent"),
    [
        ("bab:II", "2.2 Urusan Sosial", "1.1 Latar Belakang"),
        ("urusan:sosial", "2.2 Urusan Sosial", "2.1 Urusan Kesehatan"),
        ("unit:DINSOS", "2.2 Urusan Sosial", "1.1 Latar Belakang"),
    ],
)
def test_a_part_of_the_book_keeps_the_numbers_of_the_whole(
    scope: str, present: str, absent: str
) -> None:
    document = made(scope)
    assert document.cover is None and document.preface is None and document.lists == ()
    assert present in headings(document)
    assert absent not in headings(document)
    whole = {b.caption: b.number for _, b in blocks(made()) if isinstance(b, Table) and b.number}
    part = {b.caption: b.number for _, b in blocks(document) if isinstance(b, Table) and b.number}
    assert part and part.items() <= whole.items()


def test_the_part_of_a_unit_holds_only_its_rows() -> None:
    found = table(made("unit:DINKES"), "pegawai")
    assert [plain(r.cells[0].text) for r in found.rows] == ["Dinas Kesehatan", "1", "Jumlah"]
    assert plain(found.rows[-1].cells[-1].text) == "12"


@pytest.mark.parametrize("text", ["bab", "bab:", "desa:1", "x" * 200])
def test_unknown_scopes_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(scopes.ScopeError, match="Contoh: bab:II"):
        scopes.parse(text)


def test_marks_of_a_konsep_and_of_a_final() -> None:
    draft = made()
    assert draft.marks.draft == "KONSEP 3, data per 2 Maret 2026"
    assert draft.marks.watermark == "DRAF" and draft.marks.sample == "DATA CONTOH"
    assert draft.cover is not None and "KONSEP 3" in draft.cover.foot
    final = made(final=True)
    assert final.marks.draft == ""
    assert final.cover is not None and "KONSEP" not in final.cover.foot


def test_signature_stands_in_preface_and_closing() -> None:
    document = made()
    assert document.preface is not None
    assert isinstance(document.preface.blocks[-1], Signature)
    closing = next(u for u in document.units if u.chapter == "V")
    assert isinstance(closing.blocks[-1], Signature)
    assert closing.blocks[-1].place_date.startswith("Contoh,\xa0")


def test_an_empty_preface_says_so_and_gives_only_facts() -> None:
    document = made(entries=small.without("pengantar"))
    assert document.preface is not None
    assert isinstance(document.preface.blocks[1], Gap)
    texts = [plain(b.runs) for b in document.preface.blocks if isinstance(b, Paragraph)]
    assert "Undang-Undang Nomor 23 Tahun 2014" in texts[0]
    assert texts[1].startswith("Laporan ini memuat Bab I Pendahuluan, Bab II Capaian Kinerja")


def test_a_long_unit_is_cut_at_a_section() -> None:
    long = "".join(f"<p>{'kata ' * 400}</p>" for _ in range(40))
    chapters = [{"key": "bab1", "label": "I", "title": "Panjang", "sections": [
        {"key": f"s{n}", "title": f"Bagian {n}", "parts": [
            {"key": f"p{n}", "kind": "narrative", "title": "Isi", "supplier": {"duty": "tapem"}}]}
        for n in range(4)]}]  # fmt: skip
    entries = [small.entry(f"p{n}", "BAG-TAPEM", fields=small.text(long)) for n in range(4)]
    document = compile_report(
        small.edition(chapters=chapters, preface=None, sign_in=None),
        small.snapshot(entries=entries), None,
    )  # fmt: skip
    assert len(document.units) >= 2
    assert [u.starts_chapter for u in document.units] == [True] + [False] * (
        len(document.units) - 1
    )
    assert len({u.key for u in document.units}) == len(document.units)


def test_a_gap_does_not_turn_the_page() -> None:
    document = made(entries=small.without("capaian"))
    assert not [u for u in document.units if u.landscape]


def many(rows: int) -> list[dict[str, object]]:
    found = small.without("pegawai")
    for unit in ("DINKES", "DINSOS"):
        cells = [[f"r{n}", {"golongan": "IV", "jumlah": "2"}] for n in range(rows)]
        found.append(small.entry("pegawai", unit, rows=cells))
    return found


def test_a_long_table_of_many_units_is_one_table_each_with_a_recapitulation() -> None:
    document = made(entries=many(100))
    found = [
        b for _, b in blocks(document) if isinstance(b, Table) and b.key.startswith("t.pegawai.")
    ]
    assert [(t.number, t.caption) for t in found] == [
        ("Tabel 2.3", "Rekapitulasi Jumlah Pegawai"),
        ("Tabel 2.4", "Jumlah Pegawai – Dinas Kesehatan"),
        ("Tabel 2.5", "Jumlah Pegawai – Dinas Sosial"),
    ]
    recap = [[plain(c.text) for c in row.cells] for row in found[0].rows]
    assert recap == [
        ["1", "Dinas Kesehatan", "200"],
        ["2", "Dinas Sosial", "200"],
        ["Jumlah", "400"],
    ]
    assert plain(found[1].rows[-1].cells[-1].text) == "200"
    units = [u for u in document.units if any(isinstance(b, Table) for b in u.blocks)]
    assert len([u for u in units if u.key.startswith("pegawai")]) == 2
    part = made("unit:DINSOS", entries=many(100))
    assert [b.number for _, b in blocks(part) if isinstance(b, Table)][-1] == "Tabel 2.5"


def test_a_very_long_table_goes_on_in_further_units() -> None:
    entries = small.without("dokumen")
    rows = [[f"d{n}", {"nama": "Dokumen " * 20, "tanggal": "2025-03-31"}] for n in range(900)]
    entries.append(small.entry("dokumen", "BAG-TAPEM", rows=rows))
    document = made(entries=entries)
    found = [
        b for _, b in blocks(document) if isinstance(b, Table) and b.key.startswith("t.dokumen.")
    ]
    assert len(found) > 1 and sum(len(t.rows) for t in found) == 900
    assert [t.number for t in found] == ["Tabel L.1"] + [""] * (len(found) - 1)
    assert found[1].caption == "Tabel L.1 Dokumen (lanjutan)"
    assert all(t.head == found[0].head for t in found)
    assert len({u.key for u in document.units}) == len(document.units)
