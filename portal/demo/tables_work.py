# ruff: noqa: E501 - phrase lists stand on one line
"""Demo tables on the work: programs and sub kegiatan, problems, outputs, kinerja, tugas pembantuan."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from portal.demo.book import Rows, Spot, TableWriter, money, rows_of
from portal.demo.numbers import KECAMATAN, spread
from portal.demo.prose import first_up
from portal.demo.tables_region import belanja_unit
from portal.demo.topics import TOPICS, Topic

#: Kode bidang of units that answer for no urusan, and what they do besides penunjang.
_OTHER = {
    "SETDA": ("4.01", "penyusunan kebijakan pemerintahan dan kesejahteraan rakyat|penataan organisasi dan tata laksana|fasilitasi pengadaan barang dan jasa|pengelolaan administrasi pembangunan|pembinaan administrasi kewilayahan|fasilitasi produk hukum daerah"),
    "SETWAN": ("4.02", "fasilitasi pembahasan peraturan daerah|fasilitasi pengawasan dewan|penyerapan aspirasi masyarakat|publikasi dan dokumentasi dewan"),
    "BAPPEDA": ("5.01", "penyusunan RKPD dan perubahannya|koordinasi perencanaan bidang ekonomi|koordinasi perencanaan bidang sosial budaya|pengendalian dan evaluasi perencanaan|penelitian dan pengembangan daerah|pengelolaan data perencanaan"),
    "BPKAD": ("5.02", "penyusunan APBD dan perubahannya|pengelolaan perbendaharaan daerah|penyusunan laporan keuangan|inventarisasi barang milik daerah|belanja tidak terduga, bagi hasil, dan bantuan keuangan"),
    "BAPENDA": ("5.02", "pendataan dan penetapan pajak daerah|penagihan pajak daerah|pemutakhiran objek PBB-P2|pelayanan pembayaran nontunai"),
    "BKPSDM": ("5.03", "pengadaan dan pemberhentian pegawai|pengembangan kompetensi aparatur|penilaian kinerja aparatur|pengelolaan data kepegawaian"),
    "INSPEKTORAT": ("6.01", "pengawasan kinerja pemerintah daerah|pengawasan keuangan pemerintah daerah|reviu laporan kinerja|pendampingan pengendalian intern"),
    "KESBANGPOL": ("8.01", "pembinaan wawasan kebangsaan|fasilitasi organisasi kemasyarakatan|kewaspadaan dini daerah|pendidikan politik"),
    "BPBD": ("1.05", "pelayanan informasi rawan bencana|gladi kesiapsiagaan desa|penyelamatan dan evakuasi korban|penyediaan logistik kebencanaan"),
}  # fmt: skip
_KECAMATAN = (
    "7.01",
    "koordinasi kegiatan pemberdayaan desa|pelayanan administrasi terpadu kecamatan|pembinaan pengelolaan keuangan desa|koordinasi ketenteraman dan ketertiban|pemeliharaan sarana kelurahan",
)

#: Sub kegiatan of the program penunjang: tail of the code, title, weight, satuan.
_SUPPORT = (
    ("01.2.01.0001", "Penyusunan Dokumen Perencanaan Perangkat Daerah", 6, "dokumen"),
    ("01.2.01.0006", "Koordinasi dan Penyusunan Laporan Capaian Kinerja", 4, "laporan"),
    ("01.2.02.0001", "Penyediaan Gaji dan Tunjangan ASN", 620, "orang/bulan"),
    ("01.2.02.0005", "Koordinasi dan Penyusunan Laporan Keuangan Akhir Tahun", 3, "laporan"),
    ("01.2.03.0006", "Penatausahaan Barang Milik Daerah", 3, "laporan"),
    ("01.2.05.0009", "Pendidikan dan Pelatihan Pegawai Berdasarkan Tugas dan Fungsi", 8, "orang"),
    ("01.2.06.0002", "Penyediaan Peralatan dan Perlengkapan Kantor", 16, "paket"),
    ("01.2.06.0009", "Penyelenggaraan Rapat Koordinasi dan Konsultasi", 24, "laporan"),
    ("01.2.08.0002", "Penyediaan Jasa Komunikasi, Sumber Daya Air, dan Listrik", 18, "laporan"),
    ("01.2.08.0004", "Penyediaan Jasa Pelayanan Umum Kantor", 30, "laporan"),
    ("01.2.09.0002", "Pemeliharaan Kendaraan Dinas Operasional", 14, "unit"),
    ("01.2.09.0009", "Pemeliharaan Gedung Kantor", 12, "unit"),
)  # fmt: skip
_WAYS = (
    ("{}", "kegiatan"), ("Koordinasi dan sinkronisasi {}", "dokumen"),
    ("Pembinaan dan pengawasan {}", "laporan"),
)  # fmt: skip


def topic_of(key: str) -> Topic | None:
    """The topic of an urusan key, of an SPM item (``spm_pu``) or of a bidang."""
    bare = key.removeprefix("spm_").removeprefix("bidang_")
    return TOPICS.get({"pu": "pupr"}.get(bare, bare))


def _works(unit: str) -> list[tuple[str, str, str, int]]:
    """(code, title, satuan, weight) of a unit's own sub kegiatan."""
    if unit.startswith("KEC-"):
        listed = [(*_KECAMATAN, 1)]
    elif unit in _OTHER:
        listed = [(*_OTHER[unit], 1)]
    else:
        topics = [t for t in TOPICS.values() if t.unit == unit]
        listed = [(t.code, "|".join(t.works), len(t.programs)) for t in topics]
    out = []
    for code, text, programs in listed:
        for n, work in enumerate(text.split("|")):
            for m, (way, satuan) in enumerate(_WAYS if not unit.startswith("KEC-") else _WAYS[:1]):
                number = f"{code}.{2 + n % programs:02d}.2.{1 + n // programs:02d}.{m + 1:04d}"
                out.append((number, first_up(way.format(work)), satuan, (60, 9, 14)[m]))
    return out


def _head_code(unit: str) -> str:
    if unit.startswith("KEC-"):
        return _KECAMATAN[0]
    if unit in _OTHER:
        return _OTHER[unit][0]
    return next((t.code for t in TOPICS.values() if t.unit == unit), "4.01")


def program_kegiatan(spot: Spot) -> Rows:
    """Sub kegiatan of one unit; anggaran and realisasi add up to the unit's belanja."""
    key = spot.unit.lower().replace("-", "_")
    plan, done = belanja_unit(spot.year).get(key, (0, 0))
    if spot.unit == "SETDA":
        own = [v for k, v in belanja_unit(spot.year).items() if k == "setda" or k[:4] == "bag_"]
        plan, done = sum(v[0] for v in own), sum(v[1] for v in own)
    if plan == 0:
        return []
    rng = spot.rng()
    head = _head_code(spot.unit)
    lines = [(f"{head}.{tail}", title, satuan, weight) for tail, title, weight, satuan in _SUPPORT]
    lines += _works(spot.unit)
    plans = spread(plan, [w * rng.randint(70, 140) for *_, w in lines])
    plans = _round_thousands(plans)
    dones = _unrealised(spot.unit, plans, _realised(plans, done, rng))
    return rows_of([
        {"kode": code, "uraian": title, "indikator": f"Jumlah {satuan} yang dihasilkan",
         "satuan": satuan, **_output(satuan, p, d, rng), "pagu": money(p), "realisasi": money(d)}
        for (code, title, satuan, _), p, d in zip(lines, plans, dones, strict=True)
    ])  # fmt: skip


def _round_thousands(amounts: list[int]) -> list[int]:
    """Whole thousands, the rest on the greatest line, so that the sum stays."""
    rounded = [a // 1000 * 1000 for a in amounts]
    rounded[rounded.index(max(rounded))] += sum(amounts) - sum(rounded)
    return rounded


def _realised(plans: list[int], done: int, rng: Random) -> list[int]:
    """Realisasi that adds up and is nowhere above its pagu."""
    ratio = Decimal(done) / sum(plans)
    weights = [p * min(Decimal(1), ratio + Decimal(rng.randint(-40, 30)) / 1000) for p in plans]
    found = spread(done, weights)
    for i, plan in enumerate(plans):
        over = found[i] - plan
        if over > 0:
            found[i] = plan
            roomy = max(range(len(plans)), key=lambda j: plans[j] - found[j])
            found[roomy] += over
    return found


def _unrealised(unit: str, plans: list[int], dones: list[int]) -> list[int]:
    """One small sub kegiatan of some units was not carried out; the books must show it."""
    if unit not in ("DINKES", "DISTAN", "DPUPR", "DISHUB", "BAPPEDA"):
        return dones
    least = min(range(12, len(plans)), key=lambda i: plans[i])
    roomy = max((i for i in range(len(plans)) if i != least), key=lambda i: plans[i] - dones[i])
    if plans[roomy] - dones[roomy] < dones[least]:
        return dones
    out = list(dones)
    out[roomy], out[least] = out[roomy] + out[least], 0
    return out


def _output(satuan: str, plan: int, done: int, rng: Random) -> dict[str, str]:
    target = rng.choice({"orang/bulan": (12,), "orang": (25, 40, 60), "unit": (2, 4, 9)}.get(
        satuan, (1, 2, 4, 12)))  # fmt: skip
    if done == 0:
        return {"target": str(target), "capaian": "0"}
    less = 1 if target > 2 and Decimal(done) < Decimal(plan) * Decimal("0.92") else 0
    return {"target": str(target), "capaian": str(target - less)}


def masalah(spot: Spot) -> Rows:
    """Problems, efforts and plans of one urusan."""
    topic = topic_of(spot.item)
    if topic is None:
        return []
    rows = zip(topic.obstacles, topic.efforts, topic.plans, strict=False)
    words = ("masalah", "upaya", "tindak_lanjut")
    if spot.part == "spm_masalah_solusi":
        words = ("masalah", "solusi", "")
    return rows_of([
        {k: first_up(v) for k, v in zip(words, row, strict=True) if k} for row in rows
    ])  # fmt: skip


def keluaran_lain(spot: Spot) -> Rows:
    """Outputs whose official number and name nobody knows: the unit's own words, no number."""
    topic = topic_of(spot.item)
    if topic is None:
        return []
    rng = spot.rng()
    return rows_of([
        {"nomor": "", "nama": f"Jumlah {work}", "satuan": "kegiatan",
         "capaian": rng.randint(4, 46), "sumber": first_up(topic.source)}
        for work in topic.works
    ])  # fmt: skip


#: Sasaran, indikator, satuan, element or "", base of 2025, step a year, target, akhir RPJMD.
_KINERJA = (
    ("Meningkatnya kualitas sumber daya manusia", "Indeks Pembangunan Manusia", "indeks", "ipm", "71.86", "0.35", "72.00", "73.60"),
    ("Meningkatnya derajat pendidikan", "Harapan Lama Sekolah", "tahun", "", "12.84", "0.06", "12.90", "13.20"),
    ("Meningkatnya derajat pendidikan", "Rata-rata Lama Sekolah", "tahun", "", "8.41", "0.09", "8.50", "8.90"),
    ("Meningkatnya derajat kesehatan", "Usia Harapan Hidup", "tahun", "", "72.36", "0.18", "72.30", "73.10"),
    ("Meningkatnya pertumbuhan ekonomi daerah", "Laju Pertumbuhan Ekonomi", "%", "pertumbuhan_ekonomi", "5.06", "0.04", "5.20", "5.80"),
    ("Meningkatnya kualitas infrastruktur dasar", "Tingkat kemantapan jalan kabupaten", "%", "", "68.40", "1.80", "69.00", "76.00"),
    ("Meningkatnya kualitas lingkungan hidup", "Indeks Kualitas Lingkungan Hidup", "indeks", "", "76.42", "0.40", "76.00", "78.00"),
    ("Meningkatnya tata kelola pemerintahan", "Nilai AKIP", "nilai", "", "67.15", "1.10", "68.00", "72.00"),
    ("Meningkatnya tata kelola pemerintahan", "Indeks Reformasi Birokrasi", "indeks", "", "71.20", "1.60", "71.00", "78.00"),
    ("Meningkatnya kualitas pelayanan publik", "Indeks Kepuasan Masyarakat", "indeks", "", "83.74", "0.50", "84.00", "86.00"),
)  # fmt: skip
_LOWER = (
    ("Menurunnya kemiskinan", "Angka Kemiskinan", "%", "kemiskinan", "8.42", "-0.25", "8.30", "7.20"),
    ("Menurunnya pengangguran", "Tingkat Pengangguran Terbuka", "%", "tpt", "4.37", "-0.16", "4.40", "3.80"),
    ("Menurunnya stunting", "Prevalensi Stunting", "%", "", "17.60", "-1.40", "16.50", "12.00"),
)  # fmt: skip


def _real(line: tuple[str, ...], spot: Spot, back: int = 0) -> Decimal:
    """What was reached ``back`` years before; macro figures are those of the catalogue."""
    _, _, _, element, base, step, _, _ = line
    if element and back == 0:
        return spot.figures[element]
    if element and back == 1:
        return spot.before[element]
    return Decimal(base) + Decimal(step) * (spot.year - back - 2025)


def kinerja(spot: Spot) -> Rows:
    """Kinerja tables of 2.3, all from the same lines."""
    lines: tuple[tuple[str, ...], ...] = _LOWER if spot.part == "capaian_turun" else _KINERJA
    if spot.part in {"pk_target", "kinerja_tahunan", "kinerja_rpjmd", "tujuan_sasaran"}:
        lines = (*_KINERJA, *_LOWER)
    return rows_of([_kinerja_row(line, spot) for line in lines])


def _kinerja_row(line: tuple[str, ...], spot: Spot) -> dict[str, object]:
    sasaran, indikator, satuan, _, _, step, target, akhir = line
    goal = Decimal(target) + Decimal(step) * (spot.year - 2025)
    row: dict[str, object] = {"indikator": indikator, "satuan": satuan}
    if spot.part == "kinerja_tahunan":
        return row | {f"tahun_{n}": _real(line, spot, n) for n in range(5)}
    if spot.part == "kinerja_rpjmd":
        return row | {"akhir": akhir, "realisasi": _real(line, spot)}
    if spot.part == "tujuan_sasaran":
        return row | {"tujuan": "Mewujudkan Kabupaten Contoh yang mandiri dan sejahtera",
                      "sasaran": sasaran, "awal": _real(line, spot, 2), "target": goal,
                      "akhir": akhir}  # fmt: skip
    row |= {"sasaran": sasaran, "target": goal}
    return row if spot.part == "pk_target" else row | {"realisasi": _real(line, spot)}


def kinerja_nasional(spot: Spot) -> Rows:
    """Kinerja beside the (invented) province and the nation, where there is such a figure."""
    beside = {"Indeks Pembangunan Manusia": ("73.42", "75.08"), "Usia Harapan Hidup": ("72.90", "73.20"),
              "Harapan Lama Sekolah": ("12.97", "13.21"), "Laju Pertumbuhan Ekonomi": ("5.21", "5.04"),
              "Angka Kemiskinan": ("7.91", "8.47"), "Tingkat Pengangguran Terbuka": ("4.62", "4.85")}  # fmt: skip
    return rows_of([
        {"indikator": line[1], "satuan": line[2], "daerah": _real(line, spot),
         "provinsi": beside[line[1]][0], "nasional": beside[line[1]][1]}
        for line in (*_KINERJA, *_LOWER) if line[1] in beside
    ])  # fmt: skip


def efisiensi(spot: Spot) -> Rows:
    """Budget of each sasaran with its capaian."""
    rng = spot.rng()
    reached: dict[str, list[Decimal]] = {}
    for line in _KINERJA:
        target = Decimal(line[6]) + Decimal(line[5]) * (spot.year - 2025)
        reached.setdefault(line[0], []).append(_real(line, spot) / target * 100)
    out: dict[str, dict[str, object]] = {}
    for sasaran, found in reached.items():
        plan = rng.randint(8_400, 96_000) * 1_000_000
        mean = sum(found, Decimal(0)) / len(found)
        out[sasaran] = {
            "sasaran": sasaran, "capaian": mean.quantize(Decimal("0.01")),
            "anggaran": money(plan), "realisasi": money(plan * rng.randint(905, 982) // 1000),
        }  # fmt: skip
    return rows_of(list(out.values()))


def program_penunjang(_spot: Spot) -> Rows:
    """Programs that carried each sasaran."""
    topics = list(TOPICS.values())
    return rows_of([
        {"sasaran": line[0], "program": topics[n * 2].programs[0],
         "sifat": "menunjang" if n % 4 else "kurang menunjang",
         "keterangan": f"Dilaksanakan melalui {topics[n * 2].works[0]}"}
        for n, line in enumerate(_KINERJA)
    ])  # fmt: skip


def program_rpjmd(spot: Spot) -> Rows:
    """Priority programs by misi."""
    names = {item.key.upper().replace("_", "-"): item.title
             for item in spot.things.get("perangkat_daerah", ())}  # fmt: skip
    return rows_of([
        {"misi": f"Misi {1 + n % 4}", "program": program,
         "perangkat_daerah": names.get(topic.unit, topic.unit)}
        for n, topic in enumerate(TOPICS.values()) for program in topic.programs[:2]
    ])  # fmt: skip


_TP = (
    ("Kementerian Pertanian", "Direktorat Jenderal Prasarana dan Sarana Pertanian", "Rehabilitasi jaringan irigasi tersier; terlaksananya rehabilitasi", "Dinas Pertanian", "18 unit", "17 unit", 3_240),
    ("Kementerian Pertanian", "Direktorat Jenderal Tanaman Pangan", "Penyaluran benih padi inbrida; tersalurnya benih", "Dinas Pertanian", "2.400 hektare", "2.315 hektare", 1_875),
    ("Kementerian Pekerjaan Umum", "Direktorat Jenderal Cipta Karya", "Pembangunan sanitasi perdesaan; terbangunnya tangki septik komunal", "Dinas Pekerjaan Umum dan Penataan Ruang", "6 unit", "6 unit", 2_960),
    ("Kementerian Sosial", "Direktorat Jenderal Rehabilitasi Sosial", "Asistensi rehabilitasi sosial; terlayaninya penerima manfaat", "Dinas Sosial", "140 orang", "131 orang", 640),
    ("Pemerintah Provinsi Contoh", "Dinas Kelautan dan Perikanan Provinsi", "Pengawasan sumber daya perikanan; terlaksananya pengawasan", "Dinas Perikanan", "12 kali", "11 kali", 385),
)  # fmt: skip


def tugas_pembantuan(spot: Spot) -> Rows:
    """Tugas pembantuan of ministries and of the province; money of their own DIPA."""
    rng = spot.rng()
    rows: list[dict[str, object]] = []
    for giver, office, program, unit, target, done, million in _TP:
        total = million * 1_000_000
        places = rng.sample([k.name for k in KECAMATAN], 2)
        rows.append({
            "pemberi": giver, "dasar": f"DIPA {office} Tahun {spot.year}", "program": program,
            "lokasi": " dan ".join(places), "pelaksana": unit, "target": target, "capaian": done,
            "alokasi": money(total), "realisasi": money(total * rng.randint(918, 989) // 1000),
        })  # fmt: skip
    return rows_of(rows)


def tugas_desa(_spot: Spot) -> Rows:
    """Tugas pembantuan of the kabupaten to its desa."""
    return rows_of([
        {"tugas": "Pemungutan Pajak Bumi dan Bangunan Perdesaan dan Perkotaan",
         "dasar": "Peraturan Bupati Contoh tentang Penugasan kepada Desa", "desa": "seluruh desa",
         "target": "pemungutan di seluruh desa", "capaian": "dilaksanakan di seluruh desa",
         "alokasi": money(742_500_000), "realisasi": money(701_920_000)},
        {"tugas": "Pendataan rumah tidak layak huni",
         "dasar": "Peraturan Bupati Contoh tentang Penugasan kepada Desa", "desa": "62 desa",
         "target": "62 desa", "capaian": "58 desa", "alokasi": money(186_000_000),
         "realisasi": money(171_300_000)},
    ])  # fmt: skip


def inovasi(_spot: Spot) -> Rows:
    """Innovations, all invented."""
    lines = (
        ("Perahu Layanan Adminduk", "Disdukcapil", "Pelayanan publik", 2023),
        ("Posyandu Terpadu Pulau", "Dinas Kesehatan", "Pelayanan publik", 2024),
        ("Kelas Jauh Pesisir", "Dinas Pendidikan dan Kebudayaan", "Pelayanan publik", 2024),
        ("Bank Sampah Sekolah", "Dinas Lingkungan Hidup", "Inovasi lain", 2022),
        ("Klinik Keuangan Desa", "Dinas PMD", "Tata kelola pemerintahan", 2023),
    )
    return rows_of([
        {"nama": a, "perangkat_daerah": b, "bentuk": c, "mulai": d} for a, b, c, d in lines
    ])  # fmt: skip


def penghargaan(spot: Spot) -> Rows:
    """Awards, all invented and marked so."""
    return rows_of([
        {"nama": "Penghargaan contoh bidang keterbukaan informasi (rekaan)",
         "pemberi": "Provinsi Contoh", "tanggal": f"{spot.year}-09-18"},
        {"nama": "Penghargaan contoh bidang kesehatan (rekaan)",
         "pemberi": "Provinsi Contoh", "tanggal": f"{spot.year}-11-12"},
    ])  # fmt: skip


def kebijakan(spot: Spot) -> Rows:
    """LKPJ: strategic policies of the year."""
    lines = (
        ("Rencana Aksi Penerapan Standar Pelayanan Minimal", "Peraturan Pemerintah Nomor 2 Tahun 2018", "Pemenuhan pelayanan dasar di wilayah kepulauan"),
        ("Penyelenggaraan Satu Data Kabupaten Contoh", "Peraturan Presiden Nomor 39 Tahun 2019", "Perbedaan data antarperangkat daerah"),
        ("Percepatan Penurunan Stunting", "Peraturan Presiden Nomor 72 Tahun 2021", "Koordinasi intervensi lintas sektor"),
        ("Pengelolaan Sampah dari Sumber", "Undang-Undang Nomor 18 Tahun 2008", "Umur pakai tempat pemrosesan akhir"),
        ("Cadangan Pangan Pemerintah Kabupaten", "Undang-Undang Nomor 18 Tahun 2012", "Kerawanan pangan pada musim gelombang"),
    )  # fmt: skip
    return rows_of([
        {"kebijakan": f"Peraturan Bupati Contoh Nomor {n + 11} Tahun {spot.year} tentang {a}",
         "dasar": b, "tujuan": c}
        for n, (a, b, c) in enumerate(lines)
    ])  # fmt: skip


def bencana(_spot: Spot) -> Rows:
    """Disasters of five years."""
    listed = (("Banjir", (14, 11, 16, 12, 13)), ("Tanah longsor", (6, 8, 5, 7, 4)),
              ("Angin kencang", (9, 7, 11, 8, 10)), ("Gelombang pasang", (3, 2, 4, 2, 3)),
              ("Kebakaran hutan dan lahan", (2, 12, 3, 1, 0)))  # fmt: skip
    return rows_of([
        {"jenis": name, **{f"t{4 - n}": count for n, count in enumerate(counts)}}
        for name, counts in listed
    ])  # fmt: skip


WRITERS: dict[str, TableWriter] = {
    "program_kegiatan": program_kegiatan, "masalah_urusan": masalah, "spm_masalah_solusi": masalah,
    "keluaran_lain": keluaran_lain, "pk_target": kinerja, "capaian_naik": kinerja,
    "capaian_turun": kinerja, "kinerja_tahunan": kinerja, "kinerja_rpjmd": kinerja, "kinerja_nasional": kinerja_nasional,
    "tujuan_sasaran": kinerja, "efisiensi": efisiensi, "program_penunjang": program_penunjang,
    "program_rpjmd": program_rpjmd, "tugas_pembantuan": tugas_pembantuan,
    "tugas_pembantuan_desa": tugas_desa, "inovasi": inovasi, "penghargaan": penghargaan,
    "lkpj_kebijakan_strategis": kebijakan, "lkpj_bencana": bencana,
}  # fmt: skip
