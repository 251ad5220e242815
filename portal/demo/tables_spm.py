# ruff: noqa: E501 - one service a line
"""Demo tables of the SPM: services, targets, people served, money and staff; numbers of the figures."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from portal.demo.book import Rows, Spot, TableWriter, money, rows_of
from portal.demo.prose import first_up
from portal.demo.tables_work import topic_of


class Service(NamedTuple):
    """One jenis pelayanan dasar (PP 2/2018); elements are joined with ``+``."""

    name: str
    people: str
    indicator: str
    satuan: str
    needed: str
    served: str


def _s(text: str) -> Service:
    return Service(*(part.strip() for part in text.split("|")))


SERVICES: dict[str, tuple[Service, ...]] = {
    "pendidikan": (
        _s("Pendidikan Anak Usia Dini|Warga negara usia 5-6 tahun|Jumlah warga negara usia 5-6 tahun yang berpartisipasi dalam pendidikan PAUD|orang|penduduk_5_6|paud_5_6"),
        _s("Pendidikan Dasar|Warga negara usia 7-15 tahun|Jumlah warga negara usia 7-15 tahun yang berpartisipasi dalam pendidikan dasar|orang|penduduk_7_12+penduduk_13_15|sd_7_12+smp_13_15"),
        _s("Pendidikan Kesetaraan|Warga negara usia 7-18 tahun yang belum menyelesaikan pendidikan dasar dan/atau menengah|Jumlah warga negara usia 7-18 tahun yang berpartisipasi dalam pendidikan kesetaraan|orang|belum_selesai_7_18|kesetaraan_7_18"),
    ),
    "kesehatan": tuple(
        _s(f"{name}|{people}|Jumlah {people.lower()} yang mendapatkan layanan kesehatan|orang|{needed}|{served}")
        for name, people, needed, served in (
            ("Pelayanan kesehatan ibu hamil", "Ibu hamil", "ibu_hamil_sasaran", "ibu_hamil_dilayani"),
            ("Pelayanan kesehatan ibu bersalin", "Ibu bersalin", "ibu_bersalin_sasaran", "ibu_bersalin_dilayani"),
            ("Pelayanan kesehatan bayi baru lahir", "Bayi baru lahir", "bayi_baru_lahir_sasaran", "bayi_baru_lahir_dilayani"),
            ("Pelayanan kesehatan balita", "Balita", "balita_sasaran", "balita_dilayani"),
            ("Pelayanan kesehatan pada usia pendidikan dasar", "Anak usia pendidikan dasar", "usia_dikdas_sasaran", "usia_dikdas_dilayani"),
            ("Pelayanan kesehatan pada usia produktif", "Warga negara usia 15-59 tahun", "penduduk_15_59", "usia_produktif_dilayani"),
            ("Pelayanan kesehatan pada usia lanjut", "Warga negara usia 60 tahun ke atas", "penduduk_60", "usia_lanjut_dilayani"),
            ("Pelayanan kesehatan penderita hipertensi", "Penderita hipertensi", "hipertensi_sasaran", "hipertensi_dilayani"),
            ("Pelayanan kesehatan penderita diabetes melitus", "Penderita diabetes melitus", "diabetes_sasaran", "diabetes_dilayani"),
            ("Pelayanan kesehatan orang dengan gangguan jiwa berat", "Orang dengan gangguan jiwa berat", "odgj_sasaran", "odgj_dilayani"),
            ("Pelayanan kesehatan orang terduga tuberkulosis", "Orang terduga tuberkulosis", "tbc_sasaran", "tbc_dilayani"),
            ("Pelayanan kesehatan orang dengan risiko terinfeksi HIV", "Orang dengan risiko terinfeksi HIV", "hiv_sasaran", "hiv_dilayani"),
        )
    ),
    "pupr": (
        _s("Pemenuhan kebutuhan pokok air minum sehari-hari|Rumah tangga|Jumlah rumah tangga yang memperoleh kebutuhan pokok air minum sehari-hari|rumah tangga|rumah_tangga|rt_air_minum"),
        _s("Penyediaan pelayanan pengolahan air limbah domestik|Rumah tangga|Jumlah rumah yang memperoleh layanan pengolahan air limbah domestik|rumah|rumah|rumah_cubluk+rumah_iplt+rumah_ipald"),
    ),
    "perumahan": (
        _s("Penyediaan dan rehabilitasi rumah layak huni bagi korban bencana|Korban bencana yang rumahnya rusak|Jumlah rumah korban bencana yang ditangani|unit rumah|rumah_korban_rencana|rumah_korban_ditangani"),
        _s("Fasilitasi penyediaan rumah layak huni bagi masyarakat terdampak relokasi program pemerintah daerah|Rumah tangga terdampak relokasi|Jumlah rumah tangga terdampak relokasi yang difasilitasi|rumah tangga|relokasi_total|relokasi_ganti+relokasi_sewa+relokasi_rumah"),
    ),
    "trantib": (
        _s("Pelayanan ketenteraman dan ketertiban umum|Warga negara yang terdampak gangguan ketenteraman dan ketertiban|Jumlah gangguan yang diselesaikan|kejadian|gangguan_total|gangguan_selesai"),
        _s("Pelayanan informasi rawan bencana|Warga negara di kawasan rawan bencana|Jumlah warga negara yang memperoleh layanan informasi rawan bencana|orang|warga_rawan_bencana|warga_info_bencana"),
        _s("Pelayanan pencegahan dan kesiapsiagaan terhadap bencana|Warga negara di kawasan rawan bencana|Jumlah warga negara yang memperoleh layanan pencegahan dan kesiapsiagaan|orang|warga_rawan_bencana|warga_siaga"),
        _s("Pelayanan penyelamatan dan evakuasi korban bencana|Korban bencana|Jumlah korban bencana yang memperoleh layanan penyelamatan dan evakuasi|orang|korban_bencana|korban_evakuasi"),
        _s("Pelayanan penyelamatan dan evakuasi korban kebakaran|Korban kebakaran|Jumlah layanan penyelamatan dan evakuasi korban kebakaran|kejadian|kebakaran_total|kebakaran_tanggap"),
    ),
    "sosial": (
        _s("Rehabilitasi sosial dasar penyandang disabilitas telantar di luar panti sosial|Penyandang disabilitas telantar|Jumlah penyandang disabilitas telantar yang memperoleh rehabilitasi sosial|orang|disabilitas_terlantar|disabilitas_terpenuhi"),
        _s("Rehabilitasi sosial dasar anak telantar di luar panti sosial|Anak telantar|Jumlah anak telantar yang memperoleh rehabilitasi sosial|orang|anak_terlantar|anak_terpenuhi"),
        _s("Rehabilitasi sosial dasar lanjut usia telantar di luar panti sosial|Lanjut usia telantar|Jumlah lanjut usia telantar yang memperoleh rehabilitasi sosial|orang|lansia_terlantar|lansia_terpenuhi"),
        _s("Rehabilitasi sosial dasar tuna sosial khususnya gelandangan dan pengemis di luar panti sosial|Gelandangan dan pengemis|Jumlah gelandangan dan pengemis yang memperoleh rehabilitasi sosial|orang|gepeng_terlantar|gepeng_terpenuhi"),
        _s("Perlindungan dan jaminan sosial pada saat dan setelah tanggap darurat bencana|Korban bencana daerah|Jumlah korban bencana yang memperoleh perlindungan dan jaminan sosial|orang|korban_butuh|korban_terpenuhi"),
    ),
}  # fmt: skip

_STAFF = {
    "pendidikan": ("Guru PAUD", "Guru SD", "Guru SMP", "Tutor kesetaraan", "Penilik"),
    "kesehatan": ("Dokter", "Perawat", "Bidan", "Analis laboratorium", "Tenaga gizi", "Penyuluh kesehatan"),
    "pupr": ("Teknik penyehatan lingkungan", "Pengawas lapangan", "Operator SPAM", "Fasilitator sanitasi"),
    "perumahan": ("Teknik tata bangunan", "Fasilitator perumahan", "Pengelola data"),
    "trantib": ("Polisi pamong praja", "Pemadam kebakaran", "Analis kebencanaan", "Operator pusat pengendalian"),
    "sosial": ("Pekerja sosial", "Penyuluh sosial", "Pendamping", "Taruna siaga bencana"),
}  # fmt: skip


def _bidang(spot: Spot) -> str:
    bare = spot.item.removeprefix("spm_").removeprefix("bidang_")
    return {"pu": "pupr"}.get(bare, bare)


def _count(spot: Spot, keys: str) -> Decimal:
    return sum((spot.figures.get(key, Decimal(0)) for key in keys.split("+")), Decimal(0))


def services(spot: Spot) -> Rows:
    """Services of one bidang with recipients and indicators."""
    return rows_of([
        {"jenis": s.name, "penerima": s.people, "indikator": s.indicator}
        for s in SERVICES[_bidang(spot)]
    ])  # fmt: skip


def targets(spot: Spot) -> Rows:
    """Every target is 100 %, every year."""
    indicator = spot.part == "spm_target_pencapaian"
    return rows_of([
        {"jenis": s.name, **({"indikator": s.indicator} if indicator else {}), "target": 100,
         "batas": "setiap tahun"}
        for s in SERVICES[_bidang(spot)]
    ])  # fmt: skip


def served(spot: Spot) -> Rows:
    """People to be served and served: the very elements of the IKK."""
    return rows_of([
        {"jenis": s.name, "satuan": s.satuan, "harus": int(_count(spot, s.needed)),
         "terlayani": int(_count(spot, s.served) * spot.share)}
        for s in SERVICES[_bidang(spot)]
    ])  # fmt: skip


def money_rows(spot: Spot) -> Rows:
    """Sub kegiatan that carry the services."""
    topic, rng = topic_of(spot.item), spot.rng()
    if topic is None:
        return []
    rows: list[dict[str, object]] = []
    for n, work in enumerate(topic.works):
        plan = rng.randint(240, 5_400) * 1_000_000
        done = int(plan * spot.share * rng.randint(912, 985) / 1000)
        rows.append({"program": f"{topic.programs[n % len(topic.programs)]}: {first_up(work)}",
                     "alokasi": money(plan), "realisasi": money(done),
                     "sumber": rng.choice(("APBD", "APBD", "DAK", "APBN"))})  # fmt: skip
    return rows_of(rows)


def staff(spot: Spot) -> Rows:
    """Staff by qualification."""
    rng, bidang = spot.rng(), _bidang(spot)
    size = {"pendidikan": 640, "kesehatan": 210}.get(bidang, 24)
    other = "non_pns" if spot.kind == "spm" else "lainnya"
    rows: list[dict[str, object]] = []
    for name in _STAFF[bidang]:
        row: dict[str, object] = {"kualifikasi": name, "pns": rng.randint(size // 4, size)}
        if other == "lainnya":
            row["pppk"] = rng.randint(size // 6, size // 2)
        row[other] = rng.randint(2, size // 4)
        rows.append(row)
    return rows_of(rows)


WRITERS: dict[str, TableWriter] = {
    "spm_jenis_pelayanan": services, "spm_layanan": services, "spm_target_pencapaian": targets,
    "spm_target_layanan": targets, "spm_realisasi_pencapaian": served, "spm_capaian": served,
    "spm_alokasi_anggaran": money_rows, "spm_anggaran_layanan": money_rows,
    "spm_dukungan_personil": staff, "spm_personil_layanan": staff,
}  # fmt: skip
