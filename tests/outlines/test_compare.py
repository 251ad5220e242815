"""Two formats side by side: what differs is named with what to do, and what may be carried."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.config import ROOT
from portal.outlines.compare import Incomparable, compare, same_format
from portal.outlines.loader import OutlineError, check_file, load_file
from portal.outlines.schema import Edition

TEMPLATES = ROOT / "reports_templates"
OLD: dict[str, Any] = {
    "format": 1, "kind": "lppd", "code": "lama", "title": "Laporan", "short": "LPPD",
    "regulation": "Peraturan lama", "applies_from": 2020, "cover": {"lines": ["LAPORAN"]},
    "lists": {"urusan": [{"key": "a", "title": "Pendidikan"}, {"key": "b", "title": "Sosial"}]},
    "chapters": [
        {"key": "bab_1", "label": "I", "title": "PENDAHULUAN", "sections": [
            {"key": "umum", "title": "Umum", "parts": [
                {"key": "latar", "kind": "narrative", "title": "Latar Belakang", "help": "Tulis.",
                 "supplier": {"duty": "tapem"}},
                {"key": "pegawai", "kind": "table", "title": "Pegawai", "help": "Isi.",
                 "supplier": {"duty": "bkpsdm"}, "columns": [
                     {"key": "nama", "label": "Golongan"},
                     {"key": "jumlah", "label": "Jumlah", "type": "whole", "unit": "orang"},
                     {"key": "ket", "label": "Keterangan"}]},
            ]},
            {"key": "dasar", "title": "Dasar Hukum", "parts": [
                {"key": "hukum", "kind": "list", "title": "Dasar Hukum", "help": "Isi.",
                 "supplier": {"duty": "hukum"}}]},
        ]},
        {"key": "bab_2", "label": "II", "title": "CAPAIAN", "sections": [
            {"key": "ringkas", "title": "Ringkasan", "parts": [
                {"key": "inovasi", "kind": "narrative", "title": "Inovasi", "help": "Tulis.",
                 "supplier": {"duty": "bappeda"}},
                {"key": "hambatan", "kind": "narrative", "title": "Hambatan", "help": "Tulis.",
                 "supplier": {"duty": "bappeda"}}]},
        ]},
    ],
}  # fmt: skip


def newer() -> dict[str, Any]:
    """The format after: one of each kind of change."""
    new = deepcopy(OLD)
    new.update(code="baru", regulation="Peraturan baru", applies_from=2024, follows="lama")
    one, two = new["chapters"]
    umum, dasar = one["sections"]
    umum["parts"][0]["title"] = "Latar Belakang dan Maksud"
    columns = umum["parts"][1]["columns"]
    columns[0] = {"key": "golongan", "label": "Golongan Ruang"}
    columns[1]["unit"] = "formasi"
    columns[2] = {"key": "jk", "label": "Jenis Kelamin"}
    one["sections"] = [umum]
    two["sections"].insert(0, dasar)
    parts = two["sections"][1]["parts"]
    parts[0] = {**parts[0], "key": "inovasi_daerah", "title": "Inovasi Daerah"}
    parts.append({"key": "risiko", "kind": "narrative", "title": "Risiko", "help": "Tulis.",
                  "supplier": {"duty": "bappeda"}})  # fmt: skip
    new["lists"]["urusan"][1]["title"] = "Sosial dan Kemiskinan"
    new["successions"] = [
        {"key": "inovasi_daerah", "was": "inovasi"},
        {"key": "pegawai", "column": "golongan", "was": "nama"},
        {"key": "hambatan", "meaning": "changed",
         "note": "dahulu hambatan anggaran, sekarang hambatan layanan; tanyakan tiap pengampu"},
    ]  # fmt: skip
    return new


def edition(data: dict[str, Any]) -> Edition:
    return Edition.model_validate(data)


def test_each_difference_is_named_with_what_to_do() -> None:
    found = compare(edition(newer()), edition(OLD))  # whichever comes first
    assert (found.old.code, found.new.code) == ("lama", "baru")
    keys = {what: [d.key for d in found.of(what)] for what in
            ("meaning", "added", "removed", "renamed", "moved", "columns")}  # fmt: skip
    assert keys == {
        "meaning": ["pegawai.jumlah", "hambatan"],
        "added": ["risiko"],
        "removed": [],
        "renamed": ["latar", "inovasi_daerah", "urusan:b"],
        "moved": ["sub:dasar", "hukum"],
        "columns": ["pegawai"],
    }
    words = {d.key: d.sentence for d in found.differences}
    assert "dahulu hambatan anggaran" in words["hambatan"]
    assert "satuannya dahulu orang, sekarang formasi" in words["pegawai.jumlah"]
    assert (
        "kolom baru: Jenis Kelamin; kolom yang hilang: Keterangan"
        in found.of("columns")[0].sentence
    )
    assert all(d.advice for d in found.differences)


def test_what_may_be_carried_follows_keys_and_leaves_changed_meanings_behind() -> None:
    found = compare(edition(OLD), edition(newer()))
    assert set(found.refused) == {"hambatan"}
    assert {k: m.was for k, m in found.carries.items()} == {
        "latar": "latar", "pegawai": "pegawai", "hukum": "hukum", "inovasi_daerah": "inovasi",
    }  # fmt: skip
    assert found.carries["pegawai"].columns == {"nama": "golongan"}
    assert same_format(edition(OLD)).carries["pegawai"].columns == {
        "nama": "nama", "jumlah": "jumlah", "ket": "ket",
    }  # fmt: skip


def test_sections_chapters_and_items_may_have_new_keys() -> None:
    new = deepcopy(OLD) | {"code": "baru", "applies_from": 2024, "follows": "lama"}
    new["chapters"][0] |= {"key": "bab_awal"}
    new["chapters"][0]["sections"][0] |= {"key": "gambaran", "title": "Gambaran"}
    new["lists"]["urusan"] = [
        {"key": "a", "title": "Pendidikan"}, {"key": "c", "title": "Sosial dan Bencana"},
        {"key": "b", "title": "Pangan"},
    ]  # fmt: skip
    new["successions"] = [
        {"key": "bab_awal", "what": "chapter", "was": "bab_1"},
        {"key": "gambaran", "what": "section", "was": "umum"},
        {"key": "c", "what": "item", "list": "urusan", "was": "b"},
        {"key": "b", "what": "item", "list": "urusan", "was": "b", "meaning": "changed",
         "note": "kunci b sekarang urusan pangan"},
    ]  # fmt: skip
    found = compare(edition(OLD), edition(new))
    assert [d.key for d in found.of("renamed")] == ["bab:bab_awal", "sub:gambaran", "urusan:c"]
    assert [d.key for d in found.of("meaning")] == ["urusan:b"]
    assert not (found.of("added") or found.of("removed") or found.of("moved"))
    assert (found.items, found.dropped) == ({"c": "b"}, {"b"})
    assert "“umum” menjadi “gambaran”" in found.of("renamed")[1].sentence


def test_a_part_of_another_nature_is_a_changed_meaning_though_nobody_said_so() -> None:
    new = newer()
    new["chapters"][0]["sections"][0]["parts"][0]["kind"] = "list"
    found = compare(edition(OLD), edition(new))
    assert "dahulu uraian, sekarang daftar" in found.refused["latar"]
    assert "latar" not in found.carries


def test_order_alone_is_a_move() -> None:
    new = deepcopy(OLD) | {"code": "baru", "applies_from": 2024}
    new["chapters"][0]["sections"].reverse()
    moved = compare(edition(OLD), edition(new)).of("moved")
    assert len(moved) == 1 and "berganti urutan di Bab I PENDAHULUAN" in moved[0].sentence


def test_two_kinds_and_a_format_with_itself_are_refused_with_a_sentence() -> None:
    lkpj = edition(OLD | {"kind": "lkpj", "short": "LKPJ"})
    with pytest.raises(Incomparable, match=r"LPPD .*LKPJ .*dua jenis laporan.*Pilih dua format"):
        compare(edition(OLD), lkpj)
    with pytest.raises(Incomparable, match="format yang sama"):
        compare(edition(OLD), edition(OLD))


def test_the_shipped_19_2024_invents_nothing() -> None:
    for kind in ("lppd", "lkpj"):
        old, new = (
            load_file(TEMPLATES / kind / f"permendagri-{code}.yaml")
            for code in ("18-2020", "19-2024")
        )
        assert (new.applies_from, new.berlaku_sejak) == (2024, date(2024, 11, 14))
        assert new.chapters == old.chapters and new.lists == old.lists
        assert compare(old, new).same_outline
        assert any("belum dibaca" in text for text in new.uncertain)
        assert not any("18/2020" in text for text in new.basis)


def files(tmp_path: Path, new: dict[str, Any]) -> list[OutlineError]:
    def helped(data: dict[str, Any]) -> str:
        return json.dumps({**data, "secretariat": "sekretariat_lppd"}, ensure_ascii=False, indent=1)

    (tmp_path / "lama.yaml").write_text(helped(OLD), encoding="utf-8")
    (tmp_path / "baru.yaml").write_text(helped(new), encoding="utf-8")
    return check_file(tmp_path / "baru.yaml")[1]


def test_a_short_file_takes_the_rest_from_the_one_it_follows(tmp_path: Path) -> None:
    short = {"format": 1, "kind": "lppd", "code": "baru", "regulation": "Baru",
             "applies_from": 2024, "follows": "lama"}  # fmt: skip
    assert files(tmp_path, short) == []
    found = load_file(tmp_path / "baru.yaml")
    assert found.title == "Laporan" and len(found.chapters) == 2 and found.uncertain == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"follows": "tidak-ada", "chapters": None}, "tidak ada di map ini"),
        ({"successions": [{"key": "tidak_ada"}]}, "tidak ada di format ini"),
        ({"successions": [{"key": "latar", "meaning": "changed"}]}, "perlu note"),
        ({"successions": [{"key": "x", "what": "section", "was": "y"}]}, "subbab “x” tidak ada"),
        (
            {"successions": [{"key": "x", "what": "item", "list": "urusan", "was": "y"}]},
            "butir “x” tidak ada pada daftar “urusan”",
        ),
        ({"successions": [{"key": "pegawai", "column": "x"}]}, "kolom “x” tidak ada"),
        ({"follows": ""}, "isi follows"),
    ],
)
def test_a_wrong_lineage_is_refused(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    new = {k: v for k, v in (newer() | change).items() if v is not None}
    errors = files(tmp_path, new)
    assert errors and words in errors[0].reason
