"""The signature block: every row of the rule table (Permendagri 1/2023 Ps 44)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.documents.signature import Official, Options, Region, block, nip, pair, place_and_date

HERE = Region("Contoh", "Kabupaten Contoh", "Bupati", "Contoh Kota")
BUPATI = Official("Dr. Budi Contoh, M.Si.", "Budi Contoh", title="Bupati Contoh")
SEKDA = Official(
    "Drs. Sekar Wangi, M.Si.", "Sekar Wangi", nip="197001011995031002",
    pangkat="Pembina Utama Madya", golongan="IV/d", title="Sekretaris Daerah",
)  # fmt: skip
KADIS = Official(
    "dr. Rina Sehat, M.Kes.", "Rina Sehat", nip="198001012005012001",
    pangkat="Pembina Utama Muda", golongan="IV/c", title="Kepala Dinas Kesehatan",
)  # fmt: skip
DAY = "Contoh Kota, 27 Maret 2026"


def test_bupati_signs_a_report_with_gelar_and_nothing_below() -> None:
    found = block("kepala_daerah", BUPATI, HERE, DAY)
    assert (found.office, found.name, found.under) == (
        ("BUPATI CONTOH,",), "Dr. Budi Contoh, M.Si.", (),
    )  # fmt: skip
    assert found.place_date == DAY


def test_bupati_signs_a_keputusan_without_gelar() -> None:
    found = block("kepala_daerah", BUPATI, HERE, DAY, Options(family="penetapan"))
    assert (found.name, found.under) == ("Budi Contoh", ())


@pytest.mark.parametrize(
    ("sifat", "line"),
    [("pj", "Pj. BUPATI CONTOH,"), ("pjs", "Pjs. BUPATI CONTOH,"),
     ("plt", "Plt. BUPATI CONTOH,"), ("plh", "Plh. BUPATI CONTOH,")],
)  # fmt: skip
def test_an_acting_bupati_signs_without_gelar(sifat: str, line: str) -> None:
    found = block("kepala_daerah", replace(BUPATI, sifat=sifat), HERE, DAY)
    assert (found.office, found.name, found.under) == ((line,), "Budi Contoh", ())


def test_wali_kota_by_the_setting_of_the_region() -> None:
    here = Region("Contoh", "Kota Contoh", "Wali Kota", "Contoh")
    assert block("kepala_daerah", BUPATI, here, DAY).office == ("WALI KOTA CONTOH,",)


def test_sekda_has_no_nip_by_default_and_has_it_by_setting() -> None:
    found = block("sekda", SEKDA, HERE, DAY)
    assert (found.office, found.name, found.under) == (
        ("SEKRETARIS DAERAH,",), "Drs. Sekar Wangi, M.Si.", (),
    )  # fmt: skip
    with_nip = block("sekda", SEKDA, HERE, DAY, Options(sekda_nip=True))
    assert with_nip.under == ("Pembina Utama Madya, IV/d", "NIP 197001011995031002")


@pytest.mark.parametrize(("sifat", "prefix"), [("pj", "Pj."), ("plh", "Plh.")])
def test_an_acting_sekda_signs_without_gelar_and_nip(sifat: str, prefix: str) -> None:
    found = block("sekda", replace(SEKDA, sifat=sifat), HERE, DAY, Options(sekda_nip=True))
    assert (found.office, found.name, found.under) == (
        (f"{prefix} SEKRETARIS DAERAH,",), "Sekar Wangi", (),
    )  # fmt: skip


def test_kepala_pd_has_two_lines_pangkat_and_nip() -> None:
    found = block("kepala_pd", KADIS, HERE, DAY)
    assert found.office == ("KEPALA DINAS KESEHATAN", "KABUPATEN CONTOH,")
    assert found.name == "dr. Rina Sehat, M.Kes."
    assert found.under == ("Pembina Utama Muda, IV/c", "NIP 198001012005012001")


def test_nip_in_groups_by_setting() -> None:
    found = block("kepala_pd", KADIS, HERE, DAY, Options(nip_groups=True))
    assert found.under[-1] == "NIP 19800101 200501 2 001"
    assert nip("123", True) == "NIP 123"


def test_plt_kepala_pd_keeps_pangkat_and_nip() -> None:
    found = block("kepala_pd", replace(KADIS, sifat="plt"), HERE, DAY)
    assert found.office[0] == "Plt. KEPALA DINAS KESEHATAN"
    assert found.under[-1].startswith("NIP ")


def test_on_behalf_of_the_bupati() -> None:
    found = block("sekda", SEKDA, HERE, DAY, on_behalf=True)
    assert found.office == ("a.n. BUPATI CONTOH", "SEKRETARIS DAERAH,")
    assert (found.name, found.under) == ("Drs. Sekar Wangi, M.Si.", ())


def test_two_signatures_of_a_perjanjian_kinerja() -> None:
    left, right = pair(("Bupati Contoh", BUPATI), ("Kepala Dinas Kesehatan", KADIS))
    assert left.office == ("PIHAK KEDUA", "KEPALA DINAS KESEHATAN,")
    assert left.under[-1] == "NIP 198001012005012001"
    assert right.office == ("PIHAK KESATU", "BUPATI CONTOH,")
    assert right.under == ()


def test_nobody_known_is_said_and_not_left_blank() -> None:
    assert block("kepala_daerah", None, HERE, DAY).name == "(nama pejabat belum tercatat)"


def test_the_day_stays_open_on_a_draft() -> None:
    assert place_and_date("Contoh", date(2026, 3, 27), date(2026, 3, 1)) == "Contoh, 27 Maret 2026"
    open_line = place_and_date("Contoh", None, date(2026, 3, 31))
    assert open_line == f"Contoh,{chr(160) * 10}Maret 2026"
