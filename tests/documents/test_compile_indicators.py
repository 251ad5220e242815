"""Indicator tables: official columns, laju, marks, footnotes; no percentage that was typed."""

from __future__ import annotations

from typing import Any

import pytest

from portal.documents.compile import compile_report
from portal.documents.tree import Table, blocks, plain
from portal.figures import catalogue
from portal.outlines.schema import Edition
from tests.documents import small


def book(part: dict[str, Any], item: bool = False) -> Edition:
    section: dict[str, Any] = {"key": "s", "title": "IKK", "parts": [part]}
    if item:
        section |= {"title": "{item}", "repeat": {"over": "urusan"}}
    lists = {"urusan": [
        {"key": "kesehatan", "title": "Kesehatan", "group": "kesehatan", "duty": "x"},
        {"key": "pendidikan", "title": "Pendidikan", "group": "pendidikan", "duty": "x"},
    ]}  # fmt: skip
    chapter = {"key": "bab2", "label": "II", "title": "Capaian", "sections": [section]}
    return small.edition(chapters=[chapter], lists=lists, preface=None, sign_in=None)


def part(level: str, group: str, **more: Any) -> dict[str, Any]:
    return {"key": "ikk", "kind": "indicators", "title": "IKK", "level": level, "group": group,
            "supplier": {"duty": "bappeda"}, **more}  # fmt: skip


def datum(value: str | None, **more: str) -> dict[str, Any]:
    return {"value": value, "text": "", "vintage": "tetap", "na_reason": "", "expected_on": "",
            "source": "", **more}  # fmt: skip


def tables(edition: Edition, datums: dict[str, Any], **more: Any) -> list[Table]:
    entries = [small.entry("ikk", "BAPPEDA", repeat) for repeat in ("", "kesehatan", "pendidikan")]
    taken = small.snapshot(datums=datums, entries=entries, **more)
    document = compile_report(edition, taken, catalogue.current())
    return [block for _, block in blocks(document) if isinstance(block, Table)]


def rows(table: Table) -> list[list[str]]:
    return [[plain(cell.text) for cell in row.cells] for row in table.rows]


def test_makro_with_laju_marks_and_na() -> None:
    datums = {
        "ipm|2024|PEMDA": datum("71.51", source="BPS"),
        "ipm|2025|PEMDA": datum("71.86", source="BPS"),
        "tpt|2024|PEMDA": datum("5.00"), "tpt|2025|PEMDA": datum("4.50", vintage="sementara"),
        "gini|2024|PEMDA": datum("0.316"),
        "gini|2025|PEMDA": datum(None, vintage="belum_rilis", na_reason="BPS belum merilis",
                                 expected_on="2026-04-15"),
    }  # fmt: skip
    (table,) = tables(book(part("makro", "makro", landscape=False)), datums)
    assert [plain(c.text) for c in table.head[0]] == [
        "No", "Indikator Kinerja Makro", "Satuan", "Capaian Kinerja Tahun 2024",
        "Capaian Kinerja Tahun 2025", "Laju (%)",
    ]  # fmt: skip
    found = {row[1]: row[3:] for row in rows(table)}
    assert found["Indeks Pembangunan Manusia"] == ["71,51", "71,86", "0,49"]
    assert found["Angka Pengangguran"] == ["5,00", "4,50*", "-10,00"]
    gini = next(value for name, value in found.items() if "Gini" in name)
    assert gini == ["0,316", "n/a", "n/a"]
    assert found["Angka Kemiskinan"] == ["belum diisi", "belum diisi", "belum diisi"]
    assert table.notes[0] == "*) Angka sementara."
    assert "diperkirakan 15 April 2026" in table.notes[-1]


HEAD = [
    "No", "Urusan", "No IKK", "IKK Outcome", "Rumus/Persamaan", "Satuan", "Capaian Kinerja",
    "Sumber Data",
]  # fmt: skip


def test_hasil_has_the_official_columns_and_computes() -> None:
    datums = {
        "ibu_hamil_dilayani|2025|PEMDA": datum("8720", source="Profil Kesehatan 2025"),
        "ibu_hamil_sasaran|2025|PEMDA": datum("10000", source="Profil Kesehatan 2025"),
        "rs_terakreditasi|2025|PEMDA": datum("0"), "rs_rujukan|2025|PEMDA": datum("0"),
    }  # fmt: skip
    (table,) = tables(book(part("hasil", "item"), item=True), datums)
    assert [plain(c.text) for c in table.head[0]] == HEAD
    assert [plain(c.text) for c in table.head[1]] == ["Elemen Data", "Capaian Kinerja"]
    found = {row[2]: row for row in rows(table)}
    pregnant = next(row for row in found.values() if "ibu hamil" in row[6].lower())
    assert pregnant[7] == "87,20"
    assert "8.720 orang\n" in pregnant[6] and "10.000 orang" in pregnant[6]
    assert pregnant[8] == "Profil Kesehatan 2025"
    assert found["1.b.2"][7] == "n/a"
    assert any("pembagi = 0" in note for note in table.notes)
    refs = {run.datum for row in table.rows for cell in row.cells for run in cell.text}
    assert {"datum:ibu_hamil_dilayani:2025", "indicator:1.b.2:2025"} <= refs


def test_an_urusan_without_any_number_is_a_gap_and_not_an_empty_table() -> None:
    assert tables(book(part("hasil", "item"), item=True), {}) == []


def test_a_guessed_wording_is_an_open_place_until_it_is_recorded() -> None:
    book_ = catalogue.current()
    guess = next(i for i in book_.of("keluaran", "kesehatan") if not i.title)
    datums = {f"{guess.elements[0]}|2025|PEMDA": datum("12")}
    edition = book(part("keluaran", "item"), item=True)
    names = {row[2]: row[3] for row in rows(tables(edition, datums)[0])}
    assert names[guess.no] == "(nama resmi belum dicocokkan)"
    recorded = {f"indicator:{guess.key}": "Jumlah layanan menurut lampiran"}
    names = {row[2]: row[3] for row in rows(tables(edition, datums, wordings=recorded)[0])}
    assert names[guess.no] == "Jumlah layanan menurut lampiran"


@pytest.mark.parametrize("level", ["hasil"])
def test_matrix_over_all_urusan_has_group_rows(level: str) -> None:
    matrix = {"key": "m", "kind": "matrix", "title": "Matriks", "level": level, "over": "urusan"}
    datums = {"ibu_hamil_dilayani|2025|PEMDA": datum("1"),
              "ibu_hamil_sasaran|2025|PEMDA": datum("2")}  # fmt: skip
    (table, *_more) = tables(book(matrix), datums)
    assert next(plain(r.cells[0].text) for r in table.rows if r.kind == "group") == "Kesehatan"
    numbers = [plain(r.cells[0].text) for r in table.rows if r.kind == "body"]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
