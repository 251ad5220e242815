"""The catalogue: complete, consistent, and strict about mistakes with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.figures import catalogue
from portal.yamlfile import FileError

BOOK = catalogue.current()
GOOD = """format: 1
group: uji
letter: 9.a
title: Uji
duty: urusan_uji
cluster: pilihan

elements:
  atas: {title: Yang di atas, unit: orang}
  bawah:
    title: Yang di bawah
    unit: orang

indicators:
  - no: 9.a.1
    title: Persentase uji
    part: [atas]
    whole: [bawah]

outputs:
  - no: 9.a.1.K1
    element: atas
    title: ""
    guess_title: Jumlah uji
"""


def test_all_official_rows_are_there():
    count = {level: len(BOOK.of(level)) for level in ("makro", "keluaran", "hasil", "penunjang")}
    assert count == {"makro": 6, "keluaran": 67, "hasil": 105, "penunjang": 18}
    letters = [g.letter for g in BOOK.groups.values() if g.letter]
    assert letters == sorted(letters) and len(letters) == 35
    assert [i.no for i in BOOK.of("hasil", "kesehatan")] == [f"1.b.{n}" for n in range(1, 15)]


def test_no_element_is_typed_twice_under_another_name():
    titles = [e.title for e in BOOK.elements.values()]
    assert len(titles) == len(set(titles))
    used = {k for i in BOOK.indicators.values() for k in i.elements}
    summed = {k for s in BOOK.sums for k in (s.whole, *s.parts)}
    served = {k for s in BOOK.services for k in (*s.part, *s.whole)}
    of_services = {k for k, e in BOOK.elements.items() if e.service}
    assert set(BOOK.elements) == used | summed | served | of_services


def test_shared_denominators_have_one_owner():
    for key in ("penduduk", "wajib_ktp", "pus", "rumah_tangga", "jumlah_opd"):
        assert BOOK.elements[key].reference
    assert BOOK.elements["penduduk"].owner == "adminduk"
    assert len(BOOK.users("jumlah_opd")) == 4
    assert BOOK.elements["spip"].owner == "inspektorat"
    assert BOOK.elements["warga_info_bencana"].owner == "urusan_bencana"


def test_guessed_wordings_wait_for_their_name():
    guesses = [i for i in BOOK.indicators.values() if i.sure == "guess"]
    assert len(guesses) > 60
    assert all(not i.title and i.guess_title == i.shown_title for i in guesses)
    assert all(i.title for i in BOOK.indicators.values() if i.sure != "guess")


def test_formulas_in_words():
    assert BOOK.indicators["1.b.3"].formula_text == (
        "(Ibu hamil yang mendapatkan pelayanan kesehatan sesuai standar / Sasaran ibu hamil) x 100"
    )
    assert BOOK.indicators["2.b.3"].formula_text.endswith("x 100.000")
    assert all(i.formula_text for i in BOOK.indicators.values())


def write(tmp_path: Path, text: str) -> Path:
    (tmp_path / "uji.yaml").write_text(text, "utf-8")
    return tmp_path


def test_a_small_catalogue_loads(tmp_path):
    book = catalogue.load(write(tmp_path, GOOD))
    assert book.indicators["9.a.1"].formula == "atas / bawah * 100"
    assert book.indicators["9.a.1.K1"].parent == "9.a.1"
    assert book.elements["atas"].owner == "urusan_uji"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("    part: [atas]", "    part: [atas, hilang]", 15, "unsur “hilang” tidak ada"),
        ("    whole: [bawah]", "    formula: atas + ", 15, "formula, atau part"),
        ("    part: [atas]\n    whole: [bawah]", "    formula: atas ** 2", 17, "salah|boleh"),
        ("    part: [atas]\n    whole: [bawah]", "    formula: open('x')", 17, "fungsi"),
        ("    unit: orang\n\n", "    unit: orang\n    unti: x\n\n", 13, "tidak dikenal"),
        ("duty: urusan_uji\n", "", 1, "wajib diisi"),
        ("    title: Persentase uji", "    title: ''", 15, "wajib diisi"),
        ('    title: ""\n', "    title: Tebakan\n", 21, "guess"),
        ("9.a.1.K1", "9.a.2.K1", 21, "IKK 9.a.2 tidak ada"),
        ("  bawah:\n", "  atas:\n", 10, "dua kali"),
        ("group: uji", "group: Uji!", 2, "pattern"),
        ("cluster: pilihan", "cluster: lain", 6, "cluster"),
        (
            "{title: Yang di atas, unit: orang}",
            "{title: Atas, unit: x, kind: choice}",
            9,
            "choices",
        ),
        ("{title: Yang di atas, unit: orang}", "[1", 9, "YAML"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path, old, new, line, words):
    assert old in GOOD
    with pytest.raises(FileError) as caught:
        catalogue.load(write(tmp_path, GOOD.replace(old, new, 1)))
    error = caught.value
    assert error.file == "uji.yaml"
    assert any(w in error.reason for w in words.split("|")), error
    assert abs(error.line - line) <= 1, (error.line, error)


def test_empty_folder_and_doubled_elements(tmp_path):
    with pytest.raises(FileError, match="tidak ada berkas"):
        catalogue.load(tmp_path)
    write(tmp_path, GOOD)
    (tmp_path / "z.yaml").write_text(GOOD.replace("group: uji", "group: lain"), "utf-8")
    with pytest.raises(FileError, match="sudah ada pada kelompok"):
        catalogue.load(tmp_path)


def test_limits_of_the_checks_are_data():
    limits = catalogue.thresholds()
    assert limits.jump_percent == 50 and limits.jump_of["penduduk"] == 5
