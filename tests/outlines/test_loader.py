"""A wrong outline is refused with file, line and reason; the real ones are right."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from portal.config import ROOT
from portal.figures import catalogue
from portal.outlines.loader import KINDS, OutlineError, check_file, load_all, load_file
from portal.outlines.parts import Narrative, Table, typed
from portal.outlines.schema import placed_parts

TEMPLATES = ROOT / "reports_templates"
SMALL = textwrap.dedent("""\
    format: 1
    kind: lppd
    code: kecil
    title: Laporan Kecil
    short: LPPD
    regulation: Contoh
    applies_from: 2020
    cover: {lines: [LAPORAN, "{daerah}"]}
    sign_in: isi
    lists:
      urusan:
        - {key: a, title: Pendidikan, duty: urusan_pendidikan, group: pendidikan}
    chapters:
      - key: bab_1
        label: "I"
        title: PENDAHULUAN
        sections:
          - key: isi
            title: Isi
            parts:
              - key: teks
                kind: narrative
                title: Teks
                help: Tulis.
                supplier: {duty: tapem}
              - key: tabel
                kind: table
                title: Tabel
                help: Isi.
                supplier: {duty: tapem}
                total: Jumlah
                rows: {kind: over, over: kecamatan, into: nama}
                columns:
                  - {key: nama, label: Nama}
                  - {key: n, label: N, type: whole, total: sum}
                  - {key: m, label: M, type: whole, formula: n * 2, total: sum}
              - key: grafik
                kind: chart
                title: Grafik
                of: tabel
                x: nama
                y: [n]
              - key: kalimat
                kind: computed
                title: Kalimat
                text: "Jumlah {sum:tabel.n} di {count:kecamatan} kecamatan {daerah}."
          - key: per_urusan
            title: "Urusan {item}"
            repeat: {over: urusan}
            parts:
              - key: ikk
                kind: indicators
                title: IKK
                help: Isi.
                level: hasil
                group: item
                supplier: {duty: item}
    """)


def check(tmp_path: Path, text: str) -> list[OutlineError]:
    file = tmp_path / "kecil.yaml"
    file.write_text(text, encoding="utf-8")
    return check_file(file, catalogue.current())[1]


def line_of(text: str, word: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if word in line)


def test_a_right_outline_is_taken(tmp_path: Path) -> None:
    assert check(tmp_path, SMALL) == []


WRONG = [
    ("short: LPPD", "shorts: LPPD", "kunci “shorts” tidak dikenal", "shorts"),
    ("title: Laporan Kecil\n", "", "kunci “title” wajib ada", "format: 1"),
    ("kind: narrative", "kind: naratif", "kind “naratif” tidak dikenal", "kind: naratif"),
    ("key: teks", "key: Teks", "bukan kunci yang sah", "key: Teks"),
    ("type: whole, total: sum}", "type: bulat, total: sum}", "“bulat” tidak dikenal", "bulat"),
    ("key: tabel", "key: teks", "sudah dipakai di atas", "kind: table"),
    ("duty: tapem}\n    ", "duty: tapemm}\n    ", "tugas “tapemm” tidak dikenal", "tapemm"),
    ("over: kecamatan", "over: kecamatn", "daftar “kecamatn” tidak dikenal", "kecamatn"),
    ("into: nama", "into: n", "into harus menyebut satu kolom teks", "into: n"),
    ("formula: n * 2", "formula: x * 2", "kolom angka “x” tidak dikenal", "x * 2"),
    ("formula: n * 2", "formula: n *", "salah tulis pada huruf", "formula: n *,"),
    ("formula: n * 2", "formula: m + n", "memakai dirinya sendiri", "m + n"),
    ("total: Jumlah\n", "total: ''\n", "label baris jumlah", "key: tabel"),
    ("of: tabel", "of: tabl", "tabel “tabl” tidak ada", "of: tabl"),
    ("x: nama", "x: nam", "kolom “nam” tidak dikenal", "x: nam"),
    ("y: [n]", "y: [nama]", "kolom angka “nama” tidak dikenal", "y: [nama]"),
    ("{sum:tabel.n}", "{sum:tabel.q}", "bukan kolom angka", "tabel.q"),
    ("{sum:tabel.n}", "{jumlah:tabel.n}", "tidak dikenal", "jumlah:tabel"),
    ("{count:kecamatan}", "{count:keca}", "“keca” tidak ada", "count:keca"),
    ("sign_in: isi", "sign_in: tutup", "subbab “tutup” tidak ada", "sign_in"),
    ("over: urusan}", "over: urus}", "daftar “urus” tidak dikenal", "over: urus}"),
    ("group: pendidikan}", "group: tiada}", "katalog data tidak punya", "group: item"),
    ("duty: urusan_pendidikan, ", "", "butir tanpa duty", "supplier: {duty: item}"),
    ("help: Tulis.\n", "help: ' '\n", "belum punya petunjuk", "key: teks"),
    ("title: Isi\n", "title: '{item}'\n", "berulang (repeat)", "title: '{item}'"),
    ("label: N, type: whole", "label: N, width: 0, type: whole", "lebar kolom", "width: 0"),
    ("code: kecil", "code: besar", "nama berkas", "code: besar"),
    ("lines: [LAPORAN", "lines: ['{bupati}'", "tidak dikenal", "{bupati}"),
    ("{key: nama, label: Nama}", "{key: n, label: Nama}", "kunci kolom “n” sudah", "label: N,"),
    ("type: whole, total: sum}", "type: text, total: sum}", "harus bertipe angka", "type: text"),
    ("type: whole, total: sum}", "type: choice, total: ''}", "choices", "type: choice"),
]


@pytest.mark.parametrize(("old", "new", "reason", "place"), WRONG)
def test_wrong_outlines_name_line_and_reason(
    tmp_path: Path, old: str, new: str, reason: str, place: str
) -> None:
    assert old in SMALL
    text = SMALL.replace(old, new, 1)
    errors = check(tmp_path, text)
    hit = [e for e in errors if reason in e.reason]
    assert hit, [str(e) for e in errors]
    assert hit[0].line in {line_of(text, place) - 1, line_of(text, place)}
    assert str(hit[0]).startswith(f"{tmp_path / 'kecil.yaml'}:{hit[0].line}: ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- satu\n",
        "format: [1\n",
        "a: 1\na: 2\n",
        "format: !!python/object:os.system x\n",
        "\x00",
    ],
)
def test_what_is_no_outline_is_refused(tmp_path: Path, text: str) -> None:
    errors = check(tmp_path, text)
    assert errors and errors[0].line >= 1


def test_missing_file_and_foreign_letters(tmp_path: Path) -> None:
    assert "tidak dapat dibaca" in check_file(tmp_path / "tiada.yaml")[1][0].reason
    file = tmp_path / "kecil.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert "tidak dapat dibaca" in check_file(file)[1][0].reason


FIXED = textwrap.dedent("""\
    rows:
      kind: fixed
      items:
        - {key: a, cells: {nama: A}, sum_of: [b]}
        - {key: b, cells: {nama: B}}
    """)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("sum_of: [b]", "sum_of: [c]", "baris “c” tidak ada"),
        ("{nama: B}}", "{nama: B}, sum_of: [a]}", "menjumlahkan dirinya sendiri"),
        ("{nama: B}", "{lain: B}", "kolom “lain” tidak dikenal"),
        ("key: b,", "key: a,", "kunci baris “a” sudah"),
    ],
)
def test_fixed_rows(tmp_path: Path, old: str, new: str, reason: str) -> None:
    rows = textwrap.indent(FIXED.replace(old, new, 1), " " * 12).lstrip()
    text = SMALL.replace("rows: {kind: over, over: kecamatan, into: nama}", rows.rstrip(), 1)
    assert any(reason in e.reason for e in check(tmp_path, text))


def test_load_file_raises_all_at_once(tmp_path: Path) -> None:
    file = tmp_path / "kecil.yaml"
    file.write_text(SMALL.replace("of: tabel", "of: x").replace("y: [n]", "y: []"), "utf-8")
    with pytest.raises(OutlineError) as caught:
        load_file(file)
    assert "Sistematika laporan salah." in caught.value.format_message()


def test_a_wrong_file_stops_the_portal(tmp_path: Path) -> None:
    (tmp_path / "lppd").mkdir()
    (tmp_path / "lppd" / "kecil.yaml").write_text(SMALL.replace("LPPD", "[1"), "utf-8")
    with pytest.raises(OutlineError):
        load_all(tmp_path)


def test_two_editions_may_not_start_in_one_year(tmp_path: Path) -> None:
    (tmp_path / "lppd").mkdir()
    for name in ("kecil", "besar"):
        text = SMALL.replace("code: kecil", f"code: {name}")
        (tmp_path / "lppd" / f"{name}.yaml").write_text(text, "utf-8")
    with pytest.raises(OutlineError, match="tahun awal berlaku sama"):
        load_all(tmp_path)


def test_real_outlines_are_right_and_known_by_year() -> None:
    outlines = load_all(TEMPLATES, catalogue.current())
    assert {e.kind for e in outlines.all()} == set(KINDS)
    for kind in ("lppd", "lkpj"):  # 19/2024 is in force from data year 2024
        codes = [outlines.for_year(kind, year).code for year in (2020, 2023, 2024, 2025)]
        assert codes == ["permendagri-18-2020"] * 2 + ["permendagri-19-2024"] * 2
    with pytest.raises(LookupError, match="1999"):
        outlines.for_year("lppd", 1999)
    with pytest.raises(LookupError):
        outlines.edition("lppd", "tiada")
    assert len(outlines.digest("lppd", "permendagri-18-2020")) == 64


def test_lppd_is_whole_and_says_that_it_is_old() -> None:
    lppd = load_all(TEMPLATES).for_year("lppd", 2025)
    assert [c.label for c in lppd.chapters] == ["I", "II", "III", "IV", "V", "LAMPIRAN"]
    assert "19/2024" in lppd.regulation and any("19/2024" in u for u in lppd.uncertain)
    assert len(lppd.lists["urusan"]) == 30
    assert [i.letter for i in lppd.lists["urusan"]][:7] == [
        "1.a", "1.b", "1.c", "1.d", "1.e", "1.f", "2.a",
    ]  # fmt: skip
    hasil = [p for p in placed_parts(lppd) if p.part.key == "hasil"]
    known = catalogue.current()
    groups = [p.item.group for p in hasil if p.item] + [i.group for i in lppd.lists["penunjang"]]
    numbers = [i.no for g in groups for lv in ("hasil", "penunjang") for i in known.of(lv, g)]
    assert len(numbers) == len(set(numbers)) == 123


def test_every_typed_part_helps_and_budgets_are_trees() -> None:
    for edition in load_all(TEMPLATES).all():
        for placed in placed_parts(edition):
            part = placed.part
            if typed(part):
                assert part.help.strip()
            if part.kind == "budget":  # rows of programs and accounts come from their trees
                assert any(row.sum_of for row in part.rows.items)
            if isinstance(part, Table) and part.rows.kind == "free":
                assert part.example.strip(), part.key


def test_prefaces_have_a_first_draft_without_praise() -> None:
    for edition in load_all(TEMPLATES).all():
        if edition.preface is not None:
            assert isinstance(edition.preface, Narrative)
            assert "{tahun}" in edition.preface.starter or "{periode}" in edition.preface.starter
            for word in ("membanggakan", "gemilang", "prestasi", "luar biasa", "terbaik"):
                assert word not in edition.preface.starter
