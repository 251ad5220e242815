"""The SPM outline is whole, and its tables are made from figures alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from portal.figures import catalogue, spm
from portal.outlines import loader, measures
from portal.outlines.measured import REALISASI, TARGET, Activity, Setting
from portal.outlines.parts import Measures, typed
from portal.outlines.schema import placed_parts

ROOT = Path(__file__).parents[2] / "reports_templates"
BOOK = catalogue.current()
SIX = [
    "Jenis Pelayanan Dasar", "Target Pencapaian SPM oleh Daerah", "Realisasi",
    "Alokasi Anggaran", "Dukungan Personil", "Permasalahan dan Solusi",
]  # fmt: skip


@pytest.fixture(scope="module")
def edition():
    return loader.load_all(ROOT).for_year("spm", 2025)


def part(edition, key, item=""):
    return next(
        p for p in placed_parts(edition) if p.part.key == key and p.repeat_key == item
    )  # fmt: skip


class Table:
    """Numbers as a test gives them."""

    def __init__(self, values):
        self.values = values

    def value(self, element, month, measure):
        found = self.values.get((element, month, measure))
        return None if found is None else Decimal(found)


def at(values, period="", groups=(("kesehatan", "Kesehatan"),)):
    return Setting(BOOK, Table(values), 2025, period, spm.Method(), groups)


def test_sistematika(edition):
    assert [c.title for c in edition.chapters] == [
        "PENDAHULUAN", "PENERAPAN DAN PENCAPAIAN SPM", "PROGRAM DAN KEGIATAN", "PENUTUP",
        "LAMPIRAN",
    ]  # fmt: skip
    assert [s.title for s in edition.chapters[0].sections] == [
        "Latar Belakang", "Dasar Hukum", "Kebijakan Umum", "Arah Kebijakan",
    ]  # fmt: skip
    (bidang,) = edition.chapters[1].sections
    assert [s.title for s in bidang.sections] == SIX
    assert [i.group for i in edition.lists["bidang"]] == [
        "pendidikan", "kesehatan", "pupr", "perumahan", "trantib", "sosial",
    ]  # fmt: skip
    assert edition.numbering == "letters"
    assert edition.periods == ("TW1", "TW2", "TW3", "TW4")


def test_every_service_of_a_kabupaten_and_no_other(edition):
    seen = []
    for placed in placed_parts(edition):
        if placed.part.key == "spm_penerima":
            lines = measures.lines_of(placed.part, placed.item, at({}))
            seen += [line.texts["kode"] for line in lines]
    assert seen == [s.code for s in BOOK.services_of()]
    assert len(seen) == 29


def test_months_until_the_end_of_the_quarter(edition):
    placed = part(edition, "spm_penerima", "bidang_kesehatan")
    labels = [c.label for c in measures.columns_of(placed.part, spm.months_until("TW2"))]
    assert labels[4:11] == ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Total"]
    money = part(edition, "spm_anggaran", "bidang_kesehatan").part
    labels = [c.label for c in measures.columns_of(money, spm.months_until("TW3"))]
    assert labels[3:7] == ["TW I", "TW II", "TW III", "Jumlah"]


def test_recipients_add_up_and_are_measured_against_the_year(edition):
    placed = part(edition, "spm_penerima", "bidang_kesehatan")
    values = {("ibu_hamil_sasaran", 0, REALISASI): 1200}
    values |= {("ibu_hamil_dilayani", m, REALISASI): 100 for m in range(1, 13)}
    half = measures.lines_of(placed.part, placed.item, at(values, "TW2"))[0]
    assert (half.numbers["total"], half.numbers["persen"]) == (600, 50)
    assert half.numbers["belum"] == 600
    assert half.refs["m03"] == "datum:ibu_hamil_dilayani:2025-03"
    whole = measures.lines_of(placed.part, placed.item, at(values))[0]
    assert whole.numbers["persen"] == 100


def test_a_year_without_months_has_the_number_of_the_year(edition):
    placed = part(edition, "spm_penerima", "bidang_kesehatan")
    values = {("ibu_hamil_sasaran", 0, REALISASI): 1200, ("ibu_hamil_dilayani", 0, REALISASI): 900}
    assert measures.lines_of(placed.part, placed.item, at(values))[0].numbers["total"] == 900
    quarter = measures.lines_of(placed.part, placed.item, at(values, "TW1"))[0]
    assert "total" not in quarter.numbers


def test_several_elements_make_one_service(edition):
    placed = part(edition, "spm_penerima", "bidang_pendidikan")
    values = {
        (k, 0, REALISASI): v
        for k, v in {
            "penduduk_7_12": 100,
            "penduduk_13_15": 50,
            "sd_7_12": 90,
            "smp_13_15": 45,
        }.items()
    }
    line = measures.lines_of(placed.part, placed.item, at(values))[1]
    assert (line.texts["kode"], line.numbers["harus"], line.numbers["total"]) == ("PD2", 150, 135)
    assert line.numbers["persen"] == 90


def test_index_and_fullness_of_one_filled_bidang(edition):
    values = {}
    for service in BOOK.services_of("pupr"):
        values |= {(k, 0, REALISASI): 100 for k in service.whole}
        values |= {(k, 12, REALISASI): 90 // len(service.part) for k in service.part}
        for item in service.quality_in(2025):
            values |= {(item.element, 0, TARGET): 10, (item.element, 12, REALISASI): 10}
    groups = (("pupr", "Pekerjaan Umum"), ("sosial", "Sosial"))
    recap = part(edition, "spm_rekap_indeks").part
    lines = {x.uid: x for x in measures.lines_of(recap, None, at(values, "", groups))}
    assert lines["bidang_pupr"].numbers["indeks"] == 92  # 0,8 x 90 + 0,2 x 100
    assert lines["bidang_pupr"].texts["kategori"] == "Tuntas Utama"
    assert lines["daerah"].texts["kategori"] == measures.NOT_FILLED
    filled = part(edition, "spm_keterisian").part
    rows = {x.uid: x for x in measures.lines_of(filled, None, at(values, "", groups))}
    asked = 2 * (2 + 2 * 2 + 2 + 2)  # recipients, two mutu rows, money, staff for each service
    assert rows["pupr"].numbers["diminta"] == asked
    assert rows["pupr"].numbers["terisi"] == asked - 2 * 4
    assert rows["sosial"].numbers["terisi"] == 0


def lines_with_tags():
    def one(service, code, title, fund, pagu, spent, quarters):
        money = {q: Decimal(v) for q, v in quarters.items()}
        return Activity(service, "DPUPR", "Dinas PUPR", code, title, fund, pagu, spent, money)

    return (
        one("pu1", "1.03.03.2.01.0001", "SPAM", "DAU", Decimal(1000), None, {1: 50, 2: 50}),
        one("pu1", "1.03.03.2.01.0002", "Sumur", "DAK Fisik", Decimal(500), Decimal(400), {1: 30}),
        one("pu2", "1.03.05.2.01.0001", "IPAL", "", Decimal(1500), None, {1: 50, 2: 50}),
    )  # fmt: skip


def test_money_of_a_service_is_that_of_the_budget_lines_with_its_tag(edition):
    placed = part(edition, "spm_anggaran", "bidang_pu")
    assert not typed(placed.part)  # nobody types it again
    setting = replace(at({}, "TW2"), activities=lines_with_tags())
    lines = measures.lines_of(placed.part, placed.item, setting)
    assert (lines[0].numbers["q1"], lines[0].numbers["q2"]) == (80, 50)
    assert lines[0].refs["alokasi"] == "anggaran_spm:pu1:2025:pagu"
    total = measures.total_of(placed.part, lines, setting)
    assert (total["alokasi"], total["jumlah"]) == (3000, 230)
    assert round(total["persen"], 4) == Decimal("7.6667")
    whole = measures.lines_of(
        placed.part, placed.item, replace(at({}), activities=lines_with_tags())
    )
    assert whole[0].numbers["jumlah"] == 500  # 100 of triwulan, 400 stated for the year


def test_bab_iii_and_lppd_bab_iv_print_the_tagged_lines(edition):
    placed = part(edition, "spm_anggaran_layanan", "bidang_pu")
    setting = replace(at({}), activities=lines_with_tags())
    lines = measures.lines_of(placed.part, placed.item, setting)
    assert [line.kind for line in lines] == ["group", "body", "body", "group", "body"]
    assert lines[2].texts["kode"] == "1.03.03.2.01.0002"
    assert lines[2].texts["sumber"] == "DAK Fisik"
    assert lines[2].refs["realisasi"] == "anggaran:2025:DPUPR:1.03.03.2.01.0002:realisasi"


def test_lppd_prints_the_same_services():
    lppd = loader.load_all(ROOT).for_year("lppd", 2025)
    printed = [p.part for p in placed_parts(lppd) if isinstance(p.part, Measures)]
    assert {p.of for p in printed} == {"recipients", "index", "activities", "staff"}
    assert not any(p.entry for p in printed)  # nobody types there what the SPM isian have
