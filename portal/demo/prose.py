# ruff: noqa: E501 - sentences stand on one line
"""Official prose of the demo: paragraphs from a seed, about what was done and not how good it was.

The same key and year give the same words on every machine. No sentence praises a number, and no
sentence states one that a table could contradict.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from html import escape

from portal.demo.numbers import KECAMATAN, SEED
from portal.demo.topics import Topic

KECAMATAN_NAMES = tuple(k.name for k in KECAMATAN)
COUNT = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan")


def rng_of(*key: object) -> random.Random:
    """A generator of its own for one text, so that texts do not depend on one another."""
    return random.Random(":".join([SEED, *map(str, key)]))  # noqa: S311 - demo data


def series(words: Sequence[str]) -> str:
    """``a, b, dan c``."""
    if len(words) < 3:
        return " dan ".join(words)
    return ", ".join(words[:-1]) + f", dan {words[-1]}"


def html(paragraphs: Iterable[str]) -> str:
    """Paragraphs as clean HTML; a paragraph that is a list stands as it is."""
    return "".join(
        p if p.startswith("<") else f"<p>{escape(p, quote=False)}</p>" for p in paragraphs
    )


def listed(items: Iterable[str]) -> str:
    """A numbered list."""
    return "<ol>" + "".join(f"<li>{escape(i, quote=False)}</li>" for i in items) + "</ol>"


def first_up(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


_PLACE = (
    "Pelaksanaannya tersebar di seluruh kecamatan, dengan perhatian lebih pada {places}.",
    "Lokasi kegiatan meliputi {places}, sedangkan kecamatan lain dilayani menurut jadwal berkala.",
    "Untuk wilayah {places}, pelaksanaan menyesuaikan musim dan ketersediaan angkutan.",
    "Kegiatan lapangan dipusatkan di {places} karena kebutuhan pelayanannya paling mendesak menurut musrenbang.",
)
_HOW = (
    "Setiap kegiatan didahului penyusunan kerangka acuan, penetapan sasaran per nama dan alamat, serta pembagian tugas dengan pemerintah kecamatan dan desa.",
    "Pelaksanaan dilakukan oleh bidang teknis bersama unit pelaksana, dengan pelaporan bulanan kepada kepala perangkat daerah dan evaluasi setiap triwulan.",
    "Pengadaan barang dan jasa dilaksanakan melalui katalog elektronik dan pemilihan penyedia oleh Bagian Pengadaan Barang dan Jasa sesuai rencana umum pengadaan.",
    "Koordinasi lintas perangkat daerah dilakukan melalui rapat teknis, antara lain dengan Bappeda, kecamatan, dan instansi vertikal yang terkait.",
    "Penetapan penerima manfaat dilakukan melalui musyawarah desa dan diverifikasi petugas lapangan sebelum ditetapkan dengan keputusan.",
)
_DATA = (
    "Data pada bagian ini bersumber dari {source} dan telah dicocokkan dengan pengelola data pada perangkat daerah. Angka yang masih bersifat sementara diberi tanda pada tabel dan akan diperbarui setelah rilis resmi.",
    "Sumber data yang dipakai adalah {source}. Perbedaan dengan publikasi lain dapat terjadi karena perbedaan waktu penarikan data, dan untuk laporan ini dipakai keadaan 31 Desember {year}.",
    "Elemen data diambil dari {source}, disertai dokumen pendukung yang ditandatangani pejabat penanggung jawab dan diketahui kepala perangkat daerah.",
)
_CONTROL = (
    "Pengendalian dilakukan melalui rapat evaluasi triwulanan yang dipimpin Sekretaris Daerah, dengan membahas realisasi fisik, realisasi keuangan, dan hambatan yang memerlukan keputusan pimpinan.",
    "Kemajuan pelaksanaan dipantau melalui laporan bulanan dan kunjungan lapangan; hasilnya menjadi bahan penyesuaian jadwal dan anggaran pada perubahan APBD.",
    "Hasil pemantauan Inspektorat Daerah dan masukan masyarakat melalui kanal pengaduan menjadi bahan perbaikan pelaksanaan pada semester berikutnya.",
)


def _pick(rng: random.Random, items: Sequence[str], n: int) -> list[str]:
    return rng.sample(list(items), min(n, len(items)))


def _places(rng: random.Random) -> str:
    return series([f"Kecamatan {name}" for name in _pick(rng, KECAMATAN_NAMES, 3)])


def overview(topic: Topic, title: str, unit: str, year: int) -> str:
    """Gambaran penyelenggaraan one urusan: authority, programs, works, control, data."""
    rng = rng_of("overview", title, year)
    works = _pick(rng, topic.works, len(topic.works))
    n = len(topic.programs)
    opening = rng.choice((
        f"Urusan {title} di Kabupaten Contoh dilaksanakan oleh {unit} berdasarkan Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah dan {topic.law}. Kewenangan kabupaten pada urusan ini meliputi {series(topic.scope)}.",
        f"Penyelenggaraan urusan {title} menjadi tanggung jawab {unit}. Dasar pelaksanaannya adalah Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah dan {topic.law}, dengan ruang lingkup {series(topic.scope)}.",
    ))  # fmt: skip
    serving = rng.choice((
        f"Pelayanan urusan ini menyentuh {topic.people} di {len(KECAMATAN)} kecamatan dengan keadaan wilayah yang beragam, dari kawasan kota dan pesisir sampai pegunungan dan kepulauan. Perbedaan jarak dan moda angkutan memengaruhi cara serta biaya penyediaan layanan.",
        f"Sasaran pelayanan adalah {topic.people}. Sebarannya tidak merata antar-kecamatan, sehingga perencanaan kegiatan memakai data per desa dan memperhitungkan keterjangkauan wilayah pegunungan dan kepulauan.",
    ))  # fmt: skip
    programs = f"Pada Tahun {year} urusan ini dilaksanakan melalui {COUNT[n]} program yang bersesuaian dengan RPJMD dan RKPD, di samping program penunjang urusan pemerintahan daerah, yaitu:"
    if n == 1:
        programs = f"Pada Tahun {year} urusan ini dilaksanakan melalui satu program, di samping program penunjang urusan pemerintahan daerah, yaitu:"
    return html([
        opening, serving, programs, listed(topic.programs),
        *_by_program(rng, topic, works),
        f"{rng.choice(_HOW)} {rng.choice(_PLACE).format(places=_places(rng))}",
        f"Keadaan yang memengaruhi pelaksanaan pada Tahun {year} adalah {series(topic.causes)}. Keadaan tersebut diperhitungkan pada penyusunan perubahan RKPD dan APBD, antara lain dengan menyesuaikan jadwal, lokasi, dan sasaran kegiatan.",
        rng.choice(_CONTROL),
        rng.choice(_DATA).format(source=topic.source, year=year),
    ])  # fmt: skip


_AIM = (
    "Melalui {program}, kegiatan diarahkan pada {works}. Sasarannya adalah {people}, dengan penetapan lokasi berdasarkan hasil musrenbang dan data terpilah.",
    "{program} mencakup {works}. Pelaksanaannya dijadwalkan sejak triwulan pertama agar tidak terhambat musim, dan hasilnya dilaporkan per triwulan.",
    "Pada {program} dilaksanakan {works}. Bagian kegiatan yang memerlukan keterlibatan desa dikerjakan bersama pemerintah desa dan kelompok masyarakat setempat.",
    "Adapun {program} memuat {works}. Kebutuhan {people} di wilayah yang sulit dijangkau dilayani melalui jadwal kunjungan dan kerja sama dengan unsur kecamatan.",
)


def _by_program(rng: random.Random, topic: Topic, works: Sequence[str]) -> list[str]:
    """One paragraph a program, every work told once."""
    ways = _pick(rng, _AIM, len(_AIM))
    out = []
    for n, program in enumerate(topic.programs):
        own = works[n :: len(topic.programs)] or [works[n % len(works)]]
        text = ways[n % len(ways)].format(program=program, works=series(own), people=topic.people)
        out.append(text)
    return out


def analysis(topic: Topic, title: str, unit: str, year: int) -> str:
    """Analisis capaian of one urusan: how to read it, causes, obstacles, efforts, plans."""
    rng = rng_of("analysis", title, year)
    causes, obstacles = _pick(rng, topic.causes, 3), _pick(rng, topic.obstacles, 3)
    efforts, plans = _pick(rng, topic.efforts, 3), _pick(rng, topic.plans, 3)
    programs = _pick(rng, topic.programs, 2)
    return html([
        f"Capaian IKK urusan {title} dibaca dengan membandingkan elemen data Tahun {year} dan Tahun {year - 1} sebagaimana tercantum pada tabel. Perubahan pembilang menggambarkan layanan yang diberikan, sedangkan perubahan penyebut menggambarkan sasaran yang harus dilayani; keduanya perlu dibaca bersama agar persentase tidak ditafsirkan terpisah dari jumlahnya.",
        f"Faktor yang memengaruhi capaian pada tahun laporan adalah {causes[0]}. {first_up(series(causes[1:]))} turut memengaruhi besaran pembilang maupun penyebut. {unit} mencatat faktor tersebut dalam laporan triwulanan beserta langkah penyesuaiannya.",
        f"Program yang paling berkaitan dengan indikator urusan ini adalah {series(programs)}. Melalui program tersebut dilaksanakan antara lain {series(_pick(rng, topic.works, 3))}. {rng.choice(_PLACE).format(places=_places(rng))}",
        f"Hambatan yang dihadapi adalah {series(obstacles)}. Untuk mengatasinya dilakukan {series(efforts)}. Sebagian upaya memerlukan waktu lebih dari satu tahun anggaran, sehingga hasilnya baru terlihat pada tahun berikutnya.",
        f"Menurut wilayah, layanan lebih mudah dijangkau di kecamatan dataran rendah dan kawasan kota. Di {_places(rng)}, pelaksanaan memerlukan biaya angkutan dan waktu yang lebih besar. Perbedaan ini menjadi pertimbangan dalam menetapkan sasaran per kecamatan, dan datanya tersedia pada perangkat daerah pengampu.",
        rng.choice(_CONTROL),
        f"Pada Tahun {year + 1} direncanakan {series(plans)}. Rencana tersebut telah diselaraskan dengan rancangan RKPD dan akan dibahas kembali bersama Bappeda setelah hasil reviu Inspektorat Daerah diterima.",
    ])  # fmt: skip


def service_notes(topic: Topic, title: str, year: int, quarter: str = "Triwulan IV") -> str:
    """Uraian realisasi SPM of one urusan."""
    rng = rng_of("service", title, year)
    return html([
        f"Warga yang belum terlayani pada urusan {title} terutama berada di {_places(rng)}. Penyebabnya antara lain {series(_pick(rng, topic.obstacles, 2))}, di samping {rng.choice(topic.causes)}.",
        f"Pemenuhan mutu layanan dilaksanakan melalui {series(_pick(rng, topic.works, 3))}. {rng.choice(_HOW)} Penyebut yang dipakai adalah jumlah sasaran setahun, sama dengan yang dilaporkan pada e-SPM {quarter}.",
        rng.choice(_DATA).format(source=topic.source, year=year),
    ])  # fmt: skip


def service_problems(topic: Topic, title: str, year: int) -> str:
    """Permasalahan dan solusi SPM of one urusan, as two lists."""
    rng = rng_of("problems", title, year)
    return html([
        f"Permasalahan penerapan SPM urusan {title} pada Tahun {year} adalah sebagai berikut.",
        listed(f"{first_up(p)}." for p in topic.obstacles),
        "Solusi dan tindak lanjut yang dilakukan adalah sebagai berikut.",
        listed(f"{first_up(p)}." for p in (*topic.efforts, *topic.plans[:1])),
        f"Pelaksanaan tindak lanjut dipantau Tim Penerapan SPM setiap triwulan. {rng.choice(_CONTROL)}",
    ])  # fmt: skip


def control(*key: object) -> str:
    """One paragraph on how work is watched over."""
    return rng_of("control", *key).choice(_CONTROL)


def work_of(*key: object) -> str:
    """One paragraph on how work is done and where."""
    rng = rng_of("work", *key)
    return f"{rng.choice(_HOW)} {rng.choice(_PLACE).format(places=_places(rng))}"
