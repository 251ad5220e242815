"""Plausible values of all elements of the fictional region, from a seed.

A ratio's whole is given (or comes from the people and the budget of numbers.py), its part is a
share of it that moves a little every year: parts never exceed their whole. Everything else is a
series that grows from a base. Units are those of the catalogue; rupiah in whole rupiah.
"""

from __future__ import annotations

import random
from decimal import Decimal

from portal.demo import numbers
from portal.figures.catalogue import Catalogue, Element, Indicator

MILLION = 1_000_000
#: Element: value in 2025 and growth a year in percent.
BASE: dict[str, tuple[float, float]] = {
    # reference data that is not in numbers.py
    "rumah": (66_840, 1.2), "pus": (46_310, 1.0), "penduduk_bekerja": (128_940, 1.8),
    "jumlah_opd": (43, 0), "pns_non_guru_nakes": (3_486, -0.8),
    "warga_rawan_bencana": (61_250, 0.6), "korban_bencana": (1_842, 6),
    # makro
    "ipm": (71.86, 0.75), "kemiskinan": (8.42, -3.1), "tpt": (4.37, -3.4),
    "pertumbuhan_ekonomi": (5.06, 1.2), "gini": (0.312, -1.1),
    # pendidikan
    "belum_selesai_7_18": (3_412, -5), "paud_terakreditasi": (168, 4),
    "paud_perlengkapan": (2_140, 5), "paud_bebas_biaya": (1_260, 4),
    "paud_butuh_pendidik": (842, 1), "paud_pendidik_s1": (516, 4), "paud_kepala_s1": (131, 4),
    "sd_terakreditasi": (212, 1), "sd_perlengkapan": (9_480, 4), "sd_bebas_biaya": (27_310, 0.8),
    "sd_butuh_pendidik": (1_986, 0.5), "sd_pendidik_s1": (1_571, 2.5), "sd_kepala_s1": (188, 2),
    "smp_terakreditasi": (58, 2), "smp_perlengkapan": (4_120, 4), "smp_bebas_biaya": (12_870, 0.7),
    "smp_butuh_pendidik": (968, 0.5), "smp_pendidik_s1": (804, 2.4), "smp_kepala_s1": (49, 3),
    "kesetaraan_terakreditasi": (11, 6), "kesetaraan_perlengkapan": (620, 6),
    "kesetaraan_bebas_biaya": (1_480, 5), "kesetaraan_butuh_pendidik": (96, 1),
    "kesetaraan_pendidik_s1": (58, 5), "kesetaraan_kepala_s1": (9, 6),
    # kesehatan
    "tempat_tidur_rs": (318, 4), "rs_rujukan": (3, 0), "ibu_hamil_sasaran": (4_986, 0.8),
    "ibu_bersalin_sasaran": (4_759, 0.8), "bayi_baru_lahir_sasaran": (4_533, 0.8),
    "balita_sasaran": (21_874, 0.7), "usia_dikdas_sasaran": (39_240, 0.9),
    "hipertensi_sasaran": (52_318, 1.6), "diabetes_sasaran": (4_126, 2.4),
    "odgj_sasaran": (412, 1.5), "tbc_sasaran": (3_968, 3), "hiv_sasaran": (7_215, 2.2),
    "rs_spa": (2, 0), "rs_dibina": (3, 0),
    # pupr
    "banjir_rawan": (486.5, 0), "pantai_rawan": (18_420, 0), "irigasi_luas": (6_842.75, 0),
    "izin_bangunan_berlaku": (4_318, 6), "jalan_panjang": (812.46, 0),
    "naker_konstruksi_butuh": (1_240, 2), "proyek_diawasi": (146, 3), "rencana_air": (2, 0),
    "sungai_rawan_banjir": (64.2, 0), "rispam": (1, 0), "penyelenggara_spam": (2, 0),
    "rumah_spald": (38_412, 4), "pbg_terbit": (386, 8), "jalan_ditangani": (74.35, 5),
    "jembatan_ditangani": (182.5, 7), "irigasi_ditangani": (1_318.4, 3),
    # perumahan
    "rumah_korban_rencana": (64, 5), "relokasi_total": (38, 4), "kumuh_luas": (86.42, -6),
    "rtlh_total": (5_214, -5), "perumahan_total": (48, 3), "rumah_korban_terdata": (71, 4),
    "sk_kumuh": (1, 0), "rtlh_terdata": (5_214, -5),
    # trantib
    "gangguan_total": (214, 4), "perda_bersanksi": (34, 3), "kebakaran_total": (58, 3),
    "tanggap_menit": (782, 1), "satlinmas": (1_236, 1), "pelanggaran_perda": (86, 5),
    "warga_perda_terdampak": (86, 3), "warga_perda_dilayani": (81, 4),
    "korban_kebakaran": (203, 3), "korban_kebakaran_dilayani": (188, 4),
    "dok_krb": (1, 0), "dok_rpb": (2, 0), "pos_damkar": (9, 5),
    # sosial
    "disabilitas_terlantar": (386, 2), "anak_terlantar": (142, 1), "lansia_terlantar": (724, 3),
    "gepeng_terlantar": (31, -4), "korban_butuh": (1_684, 5),
    # wajib nonpelayanan dasar
    "kegiatan_naker": (18, 0), "perusahaan_total": (612, 3), "pencaker_terdaftar": (3_846, 4),
    "anak_korban": (62, 6), "perempuan_korban": (74, 5), "cadangan_butuh": (92.4, 1),
    "lokasi_terbit": (318.6, 2), "fasum_butuh": (42.8, 3), "investasi_lokasi": (264.2, 2),
    "tol_total": (1_284.5, 0), "imt_terbit": (186.3, 2), "garapan_total": (23, 4),
    "ika": (54.12, 1.1), "iku_udara": (88.46, 0.4), "ikl": (71.83, -0.5),
    "sampah_timbulan": (38_914.5, 1.8), "usaha_diperiksa": (126, 6),
    "desa_tertinggal": (19, -12), "desa_berkembang": (84, -2), "asfr_15_19": (28.4, -4),
    "asfr_20_24": (112.6, -1.5), "asfr_25_29": (136.2, -0.8), "asfr_30_34": (98.7, -0.6),
    "asfr_35_39": (58.3, -0.9), "asfr_40_44": (17.2, -1.4), "asfr_45_49": (1.9, -2),
    "trayek_dilayani": (21, 3), "trayek_bobot": (0.8, 0), "trayek_butuh": (28, 0),
    "lintas_beroperasi": (3, 0), "lintas_bobot": (0.8, 0), "lintas_butuh": (4, 0),
    "moda_jalan": (70, 0), "moda_air": (30, 0), "vc_volume": (684.3, 2.5),
    "vc_kapasitas": (1_426.0, 0.8), "layanan_total": (186, 0), "koperasi_total": (214, 1),
    "mikro_total": (14_872, 3.5), "investasi": (486_250 * MILLION, 9), "medali": (27, 8),
    "kami_maks": (645, 0), "cagar_terdata": (46, 2), "tgm": (66.84, 3), "iplm": (64.12, 4),
    "arsip_aktif": (62.5, 6), "arsip_inaktif": (54.2, 6), "arsip_statis": (48.6, 7),
    "arsip_jikn": (31.4, 9), "nspk_musnah": (66.67, 4), "nspk_bencana": (58.33, 5),
    "nspk_gabung": (75.0, 3), "nspk_autentik": (50.0, 6), "nspk_dpa": (41.67, 6),
    "nspk_tertutup": (62.5, 4),
    # pilihan
    "ikan_tangkap": (24_618.4, 2.2), "ikan_budidaya": (9_842.7, 5.4), "wisman": (4_218, 16),
    "wisnus": (386_412, 9), "kamar_tersedia": (182_500, 2), "panen_produksi": (118_462.3, 1.5),
    "panen_luas": (22_874.6, 0.6), "phm_kasus": (142, -8), "panas_bumi_total": (2, 0),
    "usaha_dagang": (186, 4), "pupuk_rdkk": (8_426.5, 1), "uttp_potensi": (6_214, 2),
    "ikm": (3_126, 4.2), "rpik_capaian": (76.4, 3), "iui_terbit": (84, 5), "ipui_terbit": (11, 4),
    "iuki_terbit": (2, 0), "industri_total": (3_214, 4),
    # penunjang
    "spip": (3.214, 1.5), "kontrak_konstruksi": (186, 3), "paket_total": (4_218, 2),
    "pns_fungsional": (1_284, 4), "dok_keuangan_wajib": (16, 0),
}  # fmt: skip
#: IKK: share of the part in 2025 (percent) and points a year; others get one from the seed.
SHARES: dict[str, tuple[float, float]] = {
    "1.a.1": (86.4, 1.6), "1.a.2": (98.7, 0.3), "1.a.3": (95.2, 0.8), "1.a.4": (61.5, 3.2),
    "1.b.2": (100, 0), "1.b.3": (94.6, 1.2), "1.b.4": (95.8, 1.0), "1.b.5": (97.9, 0.6),
    "1.b.6": (88.3, 1.9), "1.b.7": (97.4, 0.8), "1.b.8": (71.9, 4.6), "1.b.9": (83.6, 2.8),
    "1.b.10": (58.4, 5.2), "1.b.11": (91.7, 2.1), "1.b.12": (92.5, 1.8), "1.b.13": (84.9, 4.4),
    "1.b.14": (93.1, 1.6), "1.c.1": (46.2, 3.1), "1.c.2": (38.7, 2.4), "1.c.3": (71.6, 1.7),
    "1.c.4": (82.3, 1.9), "1.c.5": (76.8, 2.2), "1.c.7": (68.4, 1.8), "1.c.9": (98.6, 0.2),
    "1.d.4": (11.8, 0.9), "1.e.6": (89.7, 1.4), "2.a.2": (9.4, 0.8), "2.b.1": (7.8, 0.6),
    "2.b.3": (0.08, 0), "2.f.1": (98.2, 0.5), "2.f.2": (64.7, 6.5), "2.f.3": (96.8, 0.8),
    "2.g.1": (21.1, 3.0), "2.g.2": (9.5, 1.0), "2.h.2": (63.7, 0.5), "2.h.3": (11.4, -0.6),
    "2.j.3": (41.3, 3.4), "2.k.2": (3.6, 0.3), "2.m.1": (8.7, 0.5), "2.m.2": (12.6, 0.7),
    "2.o.1": (61.2, 4.1), "3.b.3": (41.8, 2.6), "3.b.4": (2.4, 0.1), "3.b.5": (3.1, 0.2),
    "3.d.1": (50, 0), "4.a.1": (14.8, -0.2), "4.b.3": (38.4, 0.7), "4.c.3": (62.4, 3.3),
}  # fmt: skip


class Numbers:
    """Values of all elements by year; made once, consistent within a year."""

    def __init__(self, book: Catalogue) -> None:
        self.book = book
        self.values: dict[str, dict[str, Decimal]] = {str(y): {} for y in numbers.YEARS}
        for year in numbers.YEARS:
            self._year(year)

    def _year(self, year: int) -> None:
        out = self.values[str(year)]
        out.update(_people_and_money(year))
        for key, (value, growth) in BASE.items():
            out[key] = self._series(self.book.elements[key], value, growth, year)
        out["pns_menengah"] = (out["pns_non_guru_nakes"] * Decimal("0.284")).quantize(Decimal(1))
        out["pns_tinggi"] = out["pns_non_guru_nakes"] - out["pns_menengah"]
        pdrb = Decimal(out["pdrb_adhb"]) / MILLION / numbers.people(year)
        out["pdrb_per_kapita"] = pdrb.quantize(Decimal("0.01"))
        for indicator in self.book.indicators.values():
            if indicator.part:
                self._part(indicator, year, out)
        self._health_support(year, out)
        for question in ("aset_daftar", "aset_manual", "aset_inventaris", "aset_laporan"):
            out[question] = Decimal(0 if question == "aset_manual" and year < 2024 else 1)
        out["info_sumber_daya"] = Decimal(1)
        out["apip"] = Decimal(3)

    def _health_support(self, year: int, out: dict[str, Decimal]) -> None:
        """Logistics and staff of each health service follow the people it serves."""
        for key, element in self.book.elements.items():
            served = out.get(f"{key.rsplit('_', 1)[0]}_dilayani")
            if element.service or served is None or not key.endswith(("_logistik", "_sdm")):
                continue
            rng = random.Random(f"{numbers.SEED}:{key}")  # noqa: S311 - demo data
            if key.endswith("_sdm"):
                out[key] = Decimal(rng.randint(64, 212) + 2 * (year - 2022))
            else:
                out[key] = (served / rng.randint(3, 9)).quantize(Decimal(1))

    def _series(self, e: Element, value: float, growth: float, year: int) -> Decimal:
        rng = random.Random(f"{numbers.SEED}:{e.key}:{year}")  # noqa: S311 - demo data
        wave = 1 + (rng.uniform(-0.006, 0.006) if growth else 0)
        raw = Decimal(repr(value * (1 + growth / 100) ** (year - 2025) * wave))
        if year == 2025:
            raw = Decimal(repr(value))
        return _fit(raw, e)

    def _part(self, i: Indicator, year: int, out: dict[str, Decimal]) -> None:
        missing = [k for k in i.part if k not in out]
        if not missing:
            return
        rng = random.Random(f"{numbers.SEED}:share:{i.key}")  # noqa: S311 - demo data
        share, step = SHARES.get(i.key, (rng.uniform(66, 94), rng.uniform(0.6, 2.4)))
        percent = min(Decimal(repr(share + step * (year - 2025))), Decimal(100))
        pairs = self._pairs(i, out)
        for keys, whole in pairs:
            total = whole * max(percent, Decimal(0)) / 100
            weights = [rng.randint(20, 60) for _ in keys]
            left = total
            for key, weight in zip(keys, weights, strict=True):
                e = self.book.elements[key]
                last = key == keys[-1]
                amount = left if last else total * weight / sum(weights)
                out[key] = _floor(amount, e)
                left -= out[key]

    @staticmethod
    def _pairs(i: Indicator, out: dict[str, Decimal]) -> list[tuple[list[str], Decimal]]:
        """Parts with their whole; where every part has its own, one by one."""
        if len(i.part) == len(i.whole) > 1:
            return [([p], out[w]) for p, w in zip(i.part, i.whole, strict=True)]
        return [(list(i.part), sum((out[w] for w in i.whole), Decimal(0)))]


def _fit(raw: Decimal, e: Element) -> Decimal:
    """Rounded to what the element can hold, within its bounds."""
    value = raw.quantize(Decimal(1).scaleb(-e.places))
    if e.low is not None:
        value = max(value, e.low)
    return value if e.high is None else min(value, e.high)


def _floor(raw: Decimal, e: Element) -> Decimal:
    step = Decimal(1).scaleb(-e.places)
    return (raw // step) * step


def _people_and_money(year: int) -> dict[str, Decimal]:
    count = numbers.people
    out = {
        "penduduk": count(year), "penduduk_laki": count(year, sex="L"),
        "penduduk_perempuan": count(year, sex="P"), "penduduk_5_6": count(year, 5, 6),
        "penduduk_7_12": count(year, 7, 12), "penduduk_13_15": count(year, 13, 15),
        "penduduk_15_59": count(year, 15, 59), "penduduk_60": count(year, 60),
        "penduduk_16_30": count(year, 16, 30), "perempuan_18": count(year, 18, sex="P"),
        "anak_0_17": count(year, 0, 16), "anak_0_18": count(year, 0, 17),
        "wajib_ktp": count(year, 17), "rumah_tangga": numbers.households(year),
    }  # fmt: skip
    found = {key: Decimal(n) for key, n in out.items()}
    belanja, pad = numbers.account(year, "5"), numbers.account(year, "4.1")
    found |= {
        "belanja_anggaran": belanja.anggaran, "belanja_realisasi": belanja.realisasi,
        "belanja_transfer": numbers.account(year, "5.4").realisasi,
        "pendapatan_realisasi": numbers.account(year, "4").realisasi,
        "pad_anggaran": pad.anggaran, "pad_realisasi": pad.realisasi,
        "belanja_langsung": (belanja.anggaran * 46 / 100).quantize(Decimal(1)),
        "belanja_umum": (belanja.realisasi * 31 / 1000).quantize(Decimal(1)),
        "silpa": numbers.account(year, "4").realisasi - belanja.realisasi
        + numbers.account(year, "6").realisasi,
    }  # fmt: skip
    growth = Decimal("1.0506") ** (year - 2025)
    found["pdrb_adhk"] = (Decimal(7_842_600 * MILLION) * growth).quantize(Decimal(MILLION))
    found["pdrb_adhb"] = (found["pdrb_adhk"] * Decimal("1.624")).quantize(Decimal(MILLION))
    return found
