"""Words of the LKjIP: of a pilot unit, and of the region (typed by its compiling office)."""

from __future__ import annotations

from portal.demo import prose
from portal.demo.book import Spot
from portal.demo.prose import html, series
from portal.demo.topics import TOPICS, Topic

#: The office that types the book of the region.
COMPILER = "BAG-ORG"


def lkjip(s: Spot) -> str:
    """A narrative of the LKjIP by its part."""
    if s.unit == COMPILER:
        return html(_region(s))
    topic = next((t for t in TOPICS.values() if t.unit == s.unit), TOPICS["kominfo"])
    return html(_unit(s, topic))


def _unit(s: Spot, topic: Topic) -> list[str]:
    name, year = s.unit_name, s.year
    work = (
        f"Pelayanan menyentuh {topic.people}. Kegiatan yang dilaksanakan antara lain "
        f"{series(topic.works[:4])}. {prose.work_of(s.part, s.unit, year)}"
    )
    first = {
        "lkjip_ikhtisar_isi": f"Laporan ini menyajikan pertanggungjawaban kinerja {name} atas "
        f"Perjanjian Kinerja Tahun {year}. Capaian setiap indikator diukur menurut metode yang "
        "ditetapkan pada indikatornya dan diringkas pada tabel di bawah ini.",
        "lkjip_gambaran": f"{name} dibentuk dengan peraturan daerah tentang pembentukan dan "
        "susunan perangkat daerah. Tugasnya membantu bupati melaksanakan urusan pemerintahan yang "
        "menjadi "
        f"kewenangannya, meliputi {series(topic.scope)}.",
        "lkjip_permasalahan": f"Permasalahan utama yang dihadapi {name} pada Tahun {year} adalah "
        f"{series(topic.obstacles)}.",
        "lkjip_ringkasan": f"Renstra {name} memuat tujuan dan sasaran yang diturunkan dari RPJMD, "
        f"dilaksanakan melalui {series(topic.programs)}. Jenjang kinerjanya tergambar pada pohon "
        "kinerja.",
        "lkjip_analisis": f"Capaian kinerja {name} Tahun {year} dipengaruhi oleh "
        f"{series(topic.causes)}. Hambatannya adalah {series(topic.obstacles)}, dan upaya yang "
        f"dilakukan adalah {series(topic.efforts)}.",
        "lkjip_efisiensi": "Efisiensi terutama berasal dari sisa hasil pengadaan dan penggabungan "
        "perjalanan pembinaan ke kecamatan yang berdekatan.",
        "lkjip_uraian_anggaran": "Anggaran yang tidak terserap terutama berasal dari sisa hasil "
        "pengadaan dan kegiatan yang menunggu petunjuk teknis.",
        "lkjip_penunjang": "Keberhasilan sasaran terutama ditunjang oleh "
        f"{series(topic.works[:3])}.",
        "lkjip_penghargaan": f"Penghargaan contoh (rekaan): {name} tercatat sebagai penyelenggara "
        "pelayanan publik dengan predikat baik tingkat provinsi. Tangkapan layar publikasi laporan "
        "disimpan sebagai data dukung.",
        "lkjip_penutup": f"Secara umum {name} melaksanakan Perjanjian Kinerja Tahun {year} dengan "
        f"capaian yang memadai. Langkah perbaikan Tahun {year + 1} adalah {series(topic.plans)}.",
    }.get(s.part, "")
    if not first:
        return []
    if s.part in _SHORT:
        return [first]
    if s.part == "lkjip_ikhtisar_isi":
        return [first, f"Upaya perbaikan yang terus dilakukan: {series(topic.efforts)}.", work]
    return [first, work, prose.control(s.part, s.unit, s.year)]


#: Parts that one paragraph says.
_SHORT = ("lkjip_efisiensi", "lkjip_penunjang", "lkjip_penghargaan", "lkjip_uraian_anggaran")

_REGION = {
    "lkjip_ikhtisar_isi": (
        "Laporan ini menyajikan pertanggungjawaban kinerja Pemerintah Kabupaten Contoh atas "
        "Perjanjian Kinerja Bupati Contoh Tahun {year}. Capaian setiap indikator kinerja utama "
        "diukur menurut metode indikatornya dan diringkas pada tabel di bawah ini.",
        "Pertumbuhan ekonomi, derajat kesehatan, dan kualitas lingkungan hidup membaik, sedangkan "
        "penurunan stunting dan kemiskinan di kecamatan kepulauan memerlukan perhatian lebih.",
        "Perbaikan diarahkan pada keterpaduan program antarperangkat daerah melalui pohon kinerja "
        "dan pemantauan Rencana Aksi setiap triwulan.",
    ),
    "lkjip_gambaran": (
        "Pemerintah Kabupaten Contoh menyelenggarakan urusan pemerintahan wajib pelayanan dasar, "
        "wajib bukan pelayanan dasar, dan pilihan melalui sekretariat daerah, sekretariat DPRD, "
        "inspektorat, dua puluh satu dinas, enam badan, dan dua belas kecamatan.",
        "Wilayahnya meliputi dataran rendah, pesisir, perbukitan, pegunungan, dan satu kecamatan "
        "kepulauan, sehingga biaya dan cara pelayanan berbeda antarkecamatan.",
        "Penyusunan laporan kinerja dikoordinasikan Bagian Organisasi Sekretariat Daerah bersama "
        "Badan Perencanaan Pembangunan, Penelitian, dan Pengembangan Daerah; reviunya dilakukan "
        "Inspektorat Daerah sebelum laporan ditandatangani.",
    ),
    "lkjip_permasalahan": (
        "Isu strategis daerah adalah pemerataan pelayanan dasar di kecamatan pegunungan dan "
        "kepulauan, penurunan stunting, kemantapan jalan kabupaten, ketergantungan pada pendapatan "
        "transfer, dan mutu data antarperangkat daerah.",
        "Permasalahan utama Tahun {year} adalah perubahan data sasaran di tengah tahun, waktu "
        "pelaksanaan kegiatan yang menumpuk pada triwulan IV, dan keterbatasan tenaga teknis.",
        "Isu tersebut menjadi dasar penyusunan sasaran strategis dan program prioritas daerah.",
    ),
    "lkjip_ringkasan": (
        "RPJMD memuat visi terwujudnya Kabupaten Contoh yang mandiri dan sejahtera "
        "dengan sasaran strategis dan indikator kinerja utama yang ditetapkan dengan peraturan "
        "bupati.",
        "Setiap sasaran diturunkan menjadi sasaran perangkat daerah, program, kegiatan, dan sub "
        "kegiatan sebagaimana digambarkan pada pohon kinerja.",
    ),
    "lkjip_analisis": (
        "Keberhasilan sasaran pertumbuhan ekonomi dan kualitas lingkungan hidup dipengaruhi oleh "
        "keterpaduan program antarperangkat daerah, ketepatan waktu pelaksanaan kegiatan sejak "
        "triwulan I, dan dukungan pemerintah desa.",
        "Sasaran yang belum mencapai target, antara lain tingkat kemantapan jalan, nilai AKIP, dan "
        "prevalensi stunting, dipengaruhi oleh waktu pengadaan, sebaran wilayah kepulauan, serta "
        "perubahan data sasaran. Pemerintah daerah menyepakati jadwal pengadaan dini, penugasan "
        "khusus tenaga teknis, dan pemutakhiran data sasaran setiap triwulan.",
        "Naik turunnya kinerja dibandingkan tahun lalu dan jarak terhadap target akhir RPJMD "
        "disajikan pada tabel pembandingan; indikator yang tingkat kemajuannya di bawah rencana "
        "menjadi bahan evaluasi triwulanan bersama perangkat daerah pengampu.",
    ),
    "lkjip_efisiensi": (
        "Efisiensi terutama berasal dari sisa hasil pengadaan dan penggabungan kegiatan yang "
        "sejenis; tidak ada sasaran yang dikurangi keluarannya untuk menghemat anggaran.",
    ),
    "lkjip_uraian_anggaran": (
        "Anggaran yang tidak terserap terutama berasal dari sisa hasil pengadaan, kegiatan yang "
        "menunggu petunjuk teknis, dan pekerjaan yang diselesaikan pada tahun berikutnya.",
    ),
    "lkjip_penunjang": (
        "Program yang paling menentukan adalah program pada perangkat daerah pengampu sasaran "
        "sebagaimana tergambar pada pohon kinerja.",
    ),
    "lkjip_penghargaan": (
        "Penghargaan contoh (rekaan): Pemerintah Kabupaten Contoh tercatat sebagai penyelenggara "
        "pelayanan publik dengan predikat baik tingkat provinsi.",
    ),
    "lkjip_penutup": (
        "Secara umum Pemerintah Kabupaten Contoh melaksanakan Perjanjian Kinerja Tahun {year} "
        "dengan capaian yang memadai.",
        "Langkah perbaikan Tahun {next} adalah percepatan pengadaan sejak awal tahun, penajaman "
        "pohon kinerja lintas perangkat daerah, dan pemantauan Rencana Aksi setiap triwulan oleh "
        "pimpinan.",
    ),
}  # fmt: skip


def _region(s: Spot) -> list[str]:
    return [text.format(year=s.year, next=s.year + 1) for text in _REGION.get(s.part, ())]
