# ruff: noqa: E501 - sentences stand on one line
"""Demo narratives and lists outside the urusan: region, planning, kinerja, closing words."""

from __future__ import annotations

from portal.demo import prose
from portal.demo.book import Spot, TextWriter
from portal.demo.prose import html, listed, series
from portal.demo.sakip_texts import lkjip
from portal.demo.tables_work import topic_of
from portal.demo.topics import TOPICS

VISI = "Kabupaten Contoh yang Maju, Merata, dan Berkelanjutan"
MISI = (
    "Meningkatkan kualitas sumber daya manusia yang sehat, cerdas, dan berdaya saing",
    "Meningkatkan perekonomian daerah yang bertumpu pada potensi pertanian, perikanan, dan usaha mikro",
    "Memeratakan pembangunan infrastruktur dan pelayanan dasar sampai ke wilayah kepulauan dan pegunungan",
    "Mewujudkan tata kelola pemerintahan yang bersih, terbuka, dan melayani",
)
ISU = (
    "Pemerataan akses pelayanan dasar di wilayah kepulauan dan pegunungan",
    "Kualitas sumber daya manusia dan kesesuaiannya dengan kebutuhan lapangan kerja",
    "Keterhubungan antarwilayah dan kemantapan jalan kabupaten",
    "Nilai tambah hasil pertanian dan perikanan",
    "Ketahanan terhadap bencana banjir, abrasi, dan cuaca ekstrem",
    "Kualitas data, tata kelola, dan akuntabilitas kinerja",
)
DASAR_SPM = (
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah",
    "Peraturan Pemerintah Nomor 2 Tahun 2018 tentang Standar Pelayanan Minimal",
    "Peraturan Menteri Dalam Negeri Nomor 59 Tahun 2021 tentang Penerapan Standar Pelayanan Minimal",
    "Peraturan Menteri Pendidikan, Kebudayaan, Riset, dan Teknologi Nomor 32 Tahun 2022 tentang Standar Teknis Pelayanan Minimal Pendidikan",
    "Peraturan Menteri Kesehatan Nomor 6 Tahun 2024 tentang Standar Teknis Pemenuhan Standar Pelayanan Minimal Kesehatan",
    "Peraturan Menteri Pekerjaan Umum dan Perumahan Rakyat Nomor 29/PRT/M/2018 tentang Standar Teknis Standar Pelayanan Minimal Pekerjaan Umum dan Perumahan Rakyat",
    "Peraturan Menteri Sosial Nomor 9 Tahun 2018 tentang Standar Teknis Pelayanan Dasar pada Standar Pelayanan Minimal Bidang Sosial",
)
DASAR_LKPJ = (
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah",
    "Peraturan Pemerintah Nomor 12 Tahun 2019 tentang Pengelolaan Keuangan Daerah",
    "Peraturan Pemerintah Nomor 13 Tahun 2019 tentang Laporan dan Evaluasi Penyelenggaraan Pemerintahan Daerah",
    "Peraturan Menteri Dalam Negeri Nomor 19 Tahun 2024 tentang Laporan dan Evaluasi Penyelenggaraan Pemerintahan Daerah",
    "Peraturan Daerah Kabupaten Contoh tentang RPJMD Tahun 2025-2029",
    "Peraturan Daerah Kabupaten Contoh tentang APBD dan Perubahan APBD tahun berkenaan",
)
LISTS = {
    "isu_strategis": ISU, "misi": MISI, "lkpj_misi": MISI, "spm_dasar_hukum": DASAR_SPM,
    "spm_dasar_hukum_laporan": DASAR_SPM, "lkpj_dasar_hukum": DASAR_LKPJ,
}  # fmt: skip


def uu(_s: Spot) -> str:
    """How the (fictional) region was formed."""
    return html([
        "Kabupaten Contoh dibentuk dengan Undang-Undang tentang Pembentukan Kabupaten Contoh di Provinsi Contoh, yang menetapkan Contoh sebagai ibu kota kabupaten. Nama daerah, undang-undang pembentukan, dan riwayat pada bagian ini adalah rekaan untuk keperluan contoh.",
        "Pada awal pembentukannya kabupaten terdiri atas lima kecamatan. Pemekaran kecamatan dilakukan secara bertahap dengan peraturan daerah untuk mendekatkan pelayanan kepada masyarakat, terutama di wilayah hulu dan kepulauan, sehingga sekarang terdapat dua belas kecamatan.",
        "Hari jadi kabupaten ditetapkan dengan peraturan daerah dan diperingati setiap tahun. Batas daerah dengan kabupaten tetangga telah ditegaskan dengan peraturan Menteri Dalam Negeri; penegasan batas desa dilanjutkan secara bertahap bersama pemerintah desa.",
    ])  # fmt: skip


def geografis(_s: Spot) -> str:
    """Where the region lies."""
    return html([
        "Secara astronomis Kabupaten Contoh terletak di sekitar garis khatulistiwa dengan wilayah daratan yang membentang dari pesisir timur sampai pegunungan di barat, serta gugusan pulau kecil di lepas pantai. Letak ini menempatkan kabupaten pada jalur pelayaran antarpulau dan jalur darat menuju ibu kota provinsi.",
        "Batas wilayah administrasi Kabupaten Contoh adalah sebagai berikut.",
        listed((
            "Sebelah utara berbatasan dengan Kabupaten Teladan Utara;",
            "Sebelah timur berbatasan dengan Laut Contoh;",
            "Sebelah selatan berbatasan dengan Kabupaten Teladan Selatan; dan",
            "Sebelah barat berbatasan dengan Pegunungan Rimba dan Kabupaten Hulu.",
        )),
        "Topografi wilayah beragam. Kecamatan di bagian timur merupakan dataran rendah dan pesisir dengan permukiman padat, bagian tengah berupa perbukitan yang dimanfaatkan untuk perkebunan, sedangkan bagian barat berupa pegunungan berhutan dengan permukiman yang berjauhan. Kecamatan Pulau Permai terdiri atas beberapa pulau yang hanya dapat dijangkau dengan angkutan laut.",
        "Iklim termasuk tropis basah dengan curah hujan tertinggi pada akhir tahun. Sungai utama yang melintasi kabupaten menjadi sumber air baku, jalur angkutan di wilayah hulu, dan pada musim hujan berpotensi meluap. Gelombang tinggi pada pertengahan tahun memengaruhi jadwal angkutan laut dan layanan ke pulau.",
        "Penggunaan lahan didominasi kawasan hutan, perkebunan, dan pertanian lahan kering. Kawasan permukiman dan perdagangan terpusat di Kecamatan Contoh Kota dan sepanjang jalan utama. Rencana tata ruang wilayah membagi kabupaten ke dalam kawasan lindung dan kawasan budi daya.",
    ])  # fmt: skip


def penduduk(s: Spot) -> str:
    """How people are counted and spread."""
    return html([
        f"Data kependudukan yang dipakai dalam laporan ini adalah Data Kependudukan Bersih Semester II Tahun {s.year} yang dikelola Dinas Kependudukan dan Pencatatan Sipil. Data tersebut menjadi penyebut tunggal bagi seluruh indikator yang memakai jumlah penduduk, agar tidak terdapat perbedaan penyebut antarurusan.",
        "Sebaran penduduk tidak merata. Kecamatan Contoh Kota sebagai pusat pemerintahan dan perdagangan menampung bagian terbesar, sedangkan kecamatan pegunungan dan kepulauan berpenduduk jarang dengan wilayah yang luas. Keadaan ini berpengaruh pada biaya dan cara penyediaan pelayanan dasar.",
        "Perubahan jumlah penduduk dipengaruhi kelahiran, kematian, dan perpindahan. Perpindahan masuk terutama ke kecamatan yang dekat dengan perkebunan dan pelabuhan, sedangkan perpindahan keluar antara lain untuk melanjutkan pendidikan. Pemutakhiran data kematian masih terus dilakukan bersama pemerintah desa.",
        "Rincian menurut kecamatan, jenis kelamin, kelompok umur, pekerjaan, dan pendidikan disajikan pada tabel berikut. Angka hasil proyeksi BPS dapat berbeda karena perbedaan metode dan waktu acuan.",
    ])  # fmt: skip


def perangkat(s: Spot) -> str:
    """How the house is built."""
    return html([
        "Susunan Perangkat Daerah Kabupaten Contoh ditetapkan dengan peraturan daerah tentang pembentukan dan susunan perangkat daerah, yang terakhir disesuaikan dengan Peraturan Pemerintah Nomor 72 Tahun 2019. Perangkat Daerah terdiri atas sekretariat daerah dengan sembilan bagian, sekretariat DPRD, inspektorat, dinas, badan, dan kecamatan.",
        f"Selama Tahun {s.year} dilakukan penataan jabatan sebagai tindak lanjut penyederhanaan birokrasi, antara lain penyetaraan jabatan pengawas ke dalam jabatan fungsional. Penataan disertai penyusunan peta jabatan dan analisis beban kerja.",
        "Keadaan pegawai pada tabel adalah keadaan 31 Desember menurut sistem informasi kepegawaian. Pegawai pemerintah dengan perjanjian kerja dihitung tersendiri.",
    ])  # fmt: skip


def anggaran(s: Spot) -> str:
    """The APBD as a process; numbers stand in the tables."""
    return html([
        f"Anggaran Pendapatan dan Belanja Daerah Tahun Anggaran {s.year} ditetapkan dengan peraturan daerah dan dijabarkan dengan peraturan bupati, kemudian diubah satu kali melalui Perubahan APBD. Perubahan dilakukan untuk menyesuaikan asumsi pendapatan transfer, memanfaatkan sisa lebih perhitungan anggaran tahun sebelumnya, dan menambah belanja wajib.",
        "Pendapatan daerah masih bertumpu pada pendapatan transfer. Pendapatan asli daerah bersumber dari pajak daerah, retribusi daerah, hasil pengelolaan kekayaan daerah yang dipisahkan, dan lain-lain pendapatan asli daerah yang sah. Penyesuaian tarif menurut Undang-Undang Nomor 1 Tahun 2022 dan pemutakhiran objek pajak memengaruhi realisasi pada tahun laporan.",
        "Belanja daerah diarahkan pada belanja wajib dan mengikat, pemenuhan standar pelayanan minimal, serta prioritas RKPD. Realisasi yang berbeda dari anggaran antara lain disebabkan efisiensi hasil pengadaan, pekerjaan yang tidak selesai pada tahun anggaran, dan belanja pegawai yang disesuaikan dengan jumlah pegawai riil.",
        "Pembiayaan daerah terdiri atas penerimaan berupa sisa lebih perhitungan anggaran tahun sebelumnya dan pengeluaran berupa penyertaan modal. Seluruh angka realisasi pada bagian ini belum diaudit oleh Badan Pemeriksa Keuangan.",
    ])  # fmt: skip


def permasalahan(_s: Spot) -> str:
    """Problems as RPJMD names them."""
    return html([
        "Permasalahan strategis pada bagian ini dirumuskan dari RPJMD dan dipertajam dalam RKPD tahun laporan dengan memperhatikan hasil evaluasi, forum konsultasi publik, dan musyawarah perencanaan pembangunan.",
        "Pada bidang sumber daya manusia, permasalahan pokok adalah kesenjangan layanan pendidikan dan kesehatan antara pusat kabupaten dengan wilayah pegunungan dan kepulauan. Ketersediaan tenaga, jarak, dan biaya angkutan menjadi kendala yang berulang setiap tahun.",
        "Pada bidang ekonomi, hasil pertanian dan perikanan umumnya dijual dalam bentuk mentah sehingga nilai tambahnya dinikmati daerah lain. Usaha mikro belum seluruhnya terhubung dengan pembiayaan dan pasar, dan kesempatan kerja terpusat pada sektor tertentu.",
        "Pada bidang infrastruktur, keterhubungan antar-kecamatan belum sepenuhnya terjamin sepanjang tahun. Sebagian ruas jalan rusak karena beban kendaraan dan banjir, sementara dermaga rakyat memerlukan perbaikan.",
        "Pada bidang tata kelola, perbedaan data antarperangkat daerah menyulitkan perencanaan dan pelaporan. Penyelenggaraan satu data dan penguatan pengendalian intern menjadi agenda yang harus dilanjutkan.",
    ])  # fmt: skip


def visi(_s: Spot) -> str:
    """The vision, word for word."""
    return html([
        f"Visi pembangunan daerah sebagaimana tercantum dalam RPJMD Kabupaten Contoh adalah “{VISI}”.",
        "Visi tersebut dijabarkan ke dalam empat misi yang menjadi dasar perumusan tujuan, sasaran, strategi, dan arah kebijakan pembangunan daerah.",
    ])  # fmt: skip


def rpjmd(s: Spot) -> str:
    """From misi to program."""
    return html([
        f"RPJMD menjabarkan visi “{VISI}” ke dalam misi, tujuan, dan sasaran yang terukur. Setiap sasaran memiliki indikator dengan kondisi awal dan target tahunan, dan menjadi acuan perjanjian kinerja kepala daerah.",
        f"Misi pertama dan ketiga menekankan pelayanan dasar serta pemerataan wilayah, misi kedua penguatan ekonomi berbasis pertanian dan perikanan, sedangkan misi keempat perbaikan tata kelola. Arah kebijakan Tahun {s.year} adalah melanjutkan pemenuhan pelayanan dasar dan memperkuat keterhubungan antarwilayah.",
        "Program prioritas dilaksanakan Perangkat Daerah sesuai urusannya. Keterkaitan antara misi, program, dan Perangkat Daerah penanggung jawab disajikan pada tabel berikut.",
        prose.control("rpjmd", s.year),
    ])  # fmt: skip


def rkpd(s: Spot) -> str:
    """The year's plan."""
    return html([
        f"Tema RKPD Tahun {s.year} adalah pemerataan pelayanan dasar dan penguatan ekonomi daerah. Prioritasnya meliputi pendidikan dan kesehatan, infrastruktur penghubung, ketahanan pangan dan ekonomi lokal, lingkungan hidup dan kebencanaan, serta tata kelola pemerintahan.",
        "RKPD diubah satu kali mengikuti perubahan kebijakan umum anggaran. Perubahan dilakukan pada lokasi, sasaran, dan pagu kegiatan tanpa mengubah prioritas.",
        "Sub kegiatan setiap Perangkat Daerah menurut dokumen pelaksanaan anggaran setelah perubahan disajikan pada tabel berikut, termasuk sub kegiatan yang tidak terealisasi.",
    ])  # fmt: skip


def _until(s: Spot) -> str:
    """How far the numbers of a report on SPM reach."""
    if s.share < 1:
        return f"laporan ini memuat angka kumulatif sampai dengan {s.quarter} Tahun {s.year}"
    return "angka akhir tahun pada laporan ini sama dengan laporan Triwulan IV"


def spm(s: Spot) -> str:
    """SPM in planning and budget."""
    return html([
        "Penerapan standar pelayanan minimal dikoordinasikan Tim Penerapan SPM yang ditetapkan dengan keputusan bupati, dengan Sekretaris Daerah sebagai ketua dan Bagian Tata Pemerintahan sebagai sekretariat. Tim beranggotakan Perangkat Daerah pengampu enam urusan, Bappeda, BPKAD, Inspektorat, dan Dinas Kependudukan dan Pencatatan Sipil.",
        "Tahapannya meliputi pengumpulan data, penghitungan kebutuhan pemenuhan pelayanan dasar, penyusunan rencana pemenuhan, dan pelaksanaan pemenuhan. Rencana aksi penerapan SPM menjadi acuan penyusunan renja Perangkat Daerah, dan belanja SPM ditandai pada sistem informasi pemerintahan daerah.",
        f"Pada Tahun {s.year} pemenuhan SPM ditempatkan sebagai prioritas pertama belanja daerah. Capaian dilaporkan setiap triwulan melalui aplikasi e-SPM, dan {_until(s)}.",
        prose.control("spm", s.kind, s.year, s.part),
    ])  # fmt: skip


_MAKRO = {
    "ipm": ("umur panjang dan hidup sehat, pengetahuan, serta standar hidup layak", "pendidikan, kesehatan, dan ekonomi"),
    "kemiskinan": ("pengeluaran per kapita di bawah garis kemiskinan menurut Susenas Maret", "sosial, pangan, dan tenaga kerja"),
    "pengangguran": ("angkatan kerja yang mencari pekerjaan menurut Sakernas Agustus", "tenaga kerja, penanaman modal, dan usaha mikro"),
    "pertumbuhan": ("perubahan PDRB atas dasar harga konstan", "pertanian, perikanan, konstruksi, dan perdagangan"),
    "pendapatan": ("PDRB atas dasar harga berlaku dibagi jumlah penduduk", "perekonomian dan kependudukan"),
    "ketimpangan": ("pemerataan pengeluaran penduduk dengan rentang nol sampai satu", "sosial dan pemberdayaan ekonomi"),
}  # fmt: skip


def makro(s: Spot) -> str:
    """One macro indicator: what it says, what moved it, what was done."""
    what, fields = _MAKRO[s.item]
    rng = s.rng()
    topics = rng.sample(list(TOPICS.values()), 2)
    return html([
        f"{s.title} dihitung BPS berdasarkan {what}. Nilai Tahun {s.year - 1} dan Tahun {s.year} disajikan pada tabel capaian kinerja makro. Laju pada tabel adalah perubahan terhadap nilai tahun lalu, bukan selisih poin.",
        f"Perubahan {s.title.lower()} dipengaruhi keadaan ekonomi nasional, harga komoditas, dan pelaksanaan program daerah pada urusan {fields}. Pengaruh program daerah tidak berdiri sendiri dan umumnya baru terlihat setelah beberapa tahun.",
        f"Upaya yang dilaksanakan pada Tahun {s.year} antara lain {series((*topics[0].works[:2], topics[1].works[0]))}. {prose.work_of('makro', s.item, s.year)}",
        "Bila angka kabupaten belum dirilis sampai batas waktu laporan, pada tabel dicantumkan keterangan belum rilis beserta perkiraan tanggal terbitnya; angka tidak diganti dengan perkiraan sendiri.",
    ])  # fmt: skip


def urusan(s: Spot) -> str:
    """Overview of one urusan."""
    topic = topic_of(s.item)
    return prose.overview(topic, s.title, s.unit_name, s.year) if topic else ""


def analisis(s: Spot) -> str:
    """Analysis of one urusan."""
    topic = topic_of(s.item)
    return prose.analysis(topic, s.title, s.unit_name, s.year) if topic else ""


def penunjang(s: Spot) -> str:
    """One supporting function."""
    return html([
        f"Fungsi penunjang {s.title} dikoordinasikan {s.unit_name} bersama Perangkat Daerah yang terkait. Pelaksanaannya berpedoman pada Peraturan Pemerintah Nomor 12 Tahun 2019 tentang Pengelolaan Keuangan Daerah dan peraturan teknis masing-masing fungsi.",
        f"Kegiatan pokok pada Tahun {s.year} meliputi penyusunan pedoman, pendampingan Perangkat Daerah, pengolahan data, dan pelaporan berkala. {prose.work_of('penunjang', s.item, s.year)}",
        "Hambatan yang ditemui antara lain perubahan ketentuan pada tahun berjalan, penyesuaian aplikasi, dan keterbatasan pegawai dengan keahlian khusus. Penanganannya dilakukan melalui bimbingan teknis, penyusunan prosedur, dan pembagian tugas yang lebih jelas.",
        prose.control("penunjang", s.item, s.year),
    ])  # fmt: skip


def pk(s: Spot) -> str:
    """Perjanjian kinerja of the head of the region."""
    return html([
        f"Perjanjian Kinerja Bupati Contoh Tahun {s.year} disusun berdasarkan RPJMD, RKPD, dan dokumen pelaksanaan anggaran, dan ditandatangani pada awal tahun. Perubahan dilakukan satu kali mengikuti perubahan anggaran.",
        "Perjanjian kinerja memuat sasaran strategis, indikator, dan target sebagaimana tabel berikut, yang diturunkan ke dalam perjanjian kinerja kepala Perangkat Daerah sampai dengan pejabat fungsional dan pelaksana.",
    ])  # fmt: skip


def penyebab(s: Spot) -> str:
    """Why goals were reached or not."""
    rng = s.rng()
    topics = rng.sample(list(TOPICS.values()), 4)
    paragraphs = [
        "Analisis dilakukan terhadap setiap sasaran strategis dengan membandingkan target, realisasi, dan kecenderungan beberapa tahun. Sasaran yang belum mencapai target dijelaskan sebab dan alternatif solusinya, sedangkan sasaran yang mencapai target dijelaskan faktor pendukungnya.",
    ]
    for topic in topics:
        paragraphs.append(
            f"Pada sasaran yang didukung {topic.programs[0]}, faktor yang berpengaruh adalah {series(topic.causes)}. Hambatan yang dihadapi adalah {series(topic.obstacles)}, dan alternatif solusinya adalah {series(topic.efforts)}."
        )
    return html([*paragraphs, prose.control("penyebab", s.year)])


def efisiensi(s: Spot) -> str:
    """Where resources were saved."""
    return html([
        "Efisiensi diukur dengan membandingkan persentase capaian kinerja dengan persentase serapan anggaran. Selisih hanya bermakna sebagai efisiensi bila target kinerja tercapai; bila target tidak tercapai, serapan yang rendah dibaca sebagai pelaksanaan yang belum selesai.",
        "Sumber efisiensi pada tahun laporan antara lain hasil pengadaan melalui katalog elektronik, penggabungan perjalanan dinas, rapat secara daring, dan pemakaian bersama sarana antarperangkat daerah.",
        prose.work_of("efisiensi", s.year),
    ])  # fmt: skip


def program(s: Spot) -> str:
    """Which programs carried the goals."""
    rng = s.rng()
    names = [t.programs[0] for t in rng.sample(list(TOPICS.values()), 4)]
    return html([
        f"Program yang paling berkaitan dengan sasaran strategis Tahun {s.year} adalah {series(names)}. Keterkaitan ditetapkan dalam pohon kinerja dan rencana aksi Perangkat Daerah.",
        "Program yang dinilai kurang menunjang akan ditinjau kembali sasaran, lokasi, dan indikatornya pada penyusunan RKPD tahun berikutnya.",
        prose.control("program", s.year),
    ])  # fmt: skip


def tp(s: Spot) -> str:
    """Tugas pembantuan in general."""
    return html([
        f"Pada Tahun {s.year} Kabupaten Contoh melaksanakan tugas pembantuan dari tiga kementerian dan dari pemerintah provinsi. Pelaksananya adalah Dinas Pertanian, Dinas Pekerjaan Umum dan Penataan Ruang, Dinas Sosial, dan Dinas Perikanan.",
        "Dana tugas pembantuan bersumber dari APBN melalui daftar isian pelaksanaan anggaran kementerian dan dari APBD provinsi, sehingga tidak tercatat dalam APBD kabupaten. Aset hasil tugas pembantuan menunggu proses hibah dari pemberi tugas.",
        prose.work_of("tp", s.year),
    ])  # fmt: skip


def kendala_tp(s: Spot) -> str:
    """What hindered tugas pembantuan."""
    return html([
        "Kendala pelaksanaan tugas pembantuan antara lain petunjuk teknis yang diterima setelah musim tanam, perubahan lokasi karena kesiapan lahan, dan cuaca pada triwulan keempat yang memperlambat pekerjaan fisik.",
        "Data keuangan kegiatan yang daftar isian pelaksanaan anggarannya berada pada satuan kerja provinsi tidak dapat ditarik langsung oleh kabupaten, sehingga dilakukan konfirmasi tertulis kepada satuan kerja yang bersangkutan.",
        prose.control("kendala", s.year),
    ])  # fmt: skip


def saran_tp(_s: Spot) -> str:
    """Advice to those who give the tasks."""
    return html([
        "Disarankan agar penetapan lokasi dan penyampaian petunjuk teknis dilakukan sebelum awal tahun anggaran, serta agar laporan keuangan satuan kerja pemberi tugas dapat diakses oleh pemerintah kabupaten.",
        "Tindak lanjut daerah meliputi penyiapan lahan dan calon penerima lebih awal, pembentukan tim pendamping, dan percepatan pengusulan hibah aset.",
    ])  # fmt: skip


def spm_realisasi(s: Spot) -> str:
    """Notes on people served."""
    topic = topic_of(s.item)
    return prose.service_notes(topic, s.title, s.year, s.quarter) if topic else ""


def spm_money(s: Spot) -> str:
    """How the cost of fulfilment was reckoned."""
    return html([
        f"Target pencapaian setiap jenis pelayanan dasar bidang {s.title} adalah 100 persen setiap tahun. Kebutuhan pemenuhan dihitung dari jumlah penerima yang harus dilayani dikurangi yang sudah terlayani, dikalikan biaya satuan barang, jasa, dan tenaga menurut standar harga Kabupaten Contoh.",
        "Pembiayaan bersumber dari APBD, termasuk dana transfer yang penggunaannya sudah ditentukan, dan sumber lain yang sah. Kekurangan pembiayaan diusulkan pada perubahan APBD dan menjadi prioritas rencana kerja tahun berikutnya.",
    ])  # fmt: skip


def spm_masalah(s: Spot) -> str:
    """Problems and solutions of one SPM urusan."""
    topic = topic_of(s.item)
    return prose.service_problems(topic, s.title, s.year) if topic else ""


def penutup(s: Spot) -> str:
    """Closing words of the LPPD."""
    return html([
        f"Laporan Penyelenggaraan Pemerintahan Daerah Kabupaten Contoh Tahun {s.year} memuat capaian kinerja makro, capaian kinerja penyelenggaraan urusan pemerintahan, akuntabilitas kinerja, pelaksanaan tugas pembantuan, serta penerapan dan pencapaian standar pelayanan minimal.",
        "Data dalam laporan ini dihimpun dari Perangkat Daerah pengampu, direviu Inspektorat Daerah, dan disahkan kepala Perangkat Daerah. Angka yang masih sementara, belum rilis, atau belum diaudit diberi tanda dan akan disampaikan pemutakhirannya.",
        "Hal-hal yang belum tercapai menjadi bahan perbaikan perencanaan dan penganggaran tahun berikutnya, terutama pada pelayanan dasar di wilayah pegunungan dan kepulauan. Hasil evaluasi penyelenggaraan pemerintahan daerah oleh pemerintah akan menjadi masukan penyusunan RKPD.",
        "Demikian laporan ini disusun sebagai pelaksanaan kewajiban kepala daerah menurut peraturan perundang-undangan.",
    ])  # fmt: skip


def closing(s: Spot) -> str:
    """Closing words of the other books."""
    name = {
        "lkpj": "Laporan Keterangan Pertanggungjawaban",
        "spm": "Laporan Penerapan Standar Pelayanan Minimal",
    }.get(s.kind, "Laporan Kinerja")
    return html([
        f"Demikian {name} Tahun {s.year} disusun dengan data yang tersedia sampai batas waktu penyusunan. Angka yang masih sementara akan dimutakhirkan setelah rilis resmi.",
        "Perbaikan yang direncanakan pada periode berikutnya meliputi ketepatan waktu pengumpulan data, kelengkapan dokumen pendukung, dan keterpaduan angka antarlaporan.",
    ])  # fmt: skip


def lkpj_latar(s: Spot) -> str:
    """Why the LKPJ is made, what it covers, and what the year was like."""
    return html([
        "Kepala daerah berkewajiban menyampaikan Laporan Keterangan Pertanggungjawaban kepada Dewan Perwakilan Rakyat Daerah dalam rapat paripurna satu kali dalam satu tahun, paling lambat tiga bulan setelah tahun anggaran berakhir. Laporan ini menjadi bahan DPRD untuk memberikan rekomendasi perbaikan penyelenggaraan pemerintahan daerah.",
        "Ruang lingkup laporan meliputi hasil penyelenggaraan urusan pemerintahan yang menjadi kewenangan daerah serta hasil pelaksanaan tugas pembantuan dan penugasan. Capaian program dan kegiatan disajikan sampai tingkat sub kegiatan, termasuk yang tidak terealisasi, beserta permasalahan, upaya penyelesaian, dan tindak lanjut rekomendasi DPRD tahun anggaran sebelumnya.",
        f"Pelaksanaan program Tahun Anggaran {s.year} dipengaruhi penyesuaian alokasi transfer, cuaca yang menghambat pekerjaan fisik di wilayah pegunungan, serta penataan Perangkat Daerah. Angka realisasi dalam laporan ini belum diaudit.",
    ])  # fmt: skip


def lkpj_pendapatan(s: Spot) -> str:
    """Why revenue differed from its plan."""
    return html([
        f"Anggaran pendapatan Tahun {s.year} diubah satu kali. Perubahan pajak dan retribusi daerah didasarkan pada realisasi semester pertama dan penetapan objek baru, sedangkan perubahan pendapatan transfer mengikuti rincian alokasi dari Pemerintah.",
        "Realisasi yang berbeda dari anggaran terutama dipengaruhi waktu penyaluran transfer, jatuh tempo pembayaran pajak, dan pemutakhiran piutang. Seluruh angka belum diaudit.",
        prose.control("pendapatan", s.year),
    ])  # fmt: skip


def lkpj_belanja(s: Spot) -> str:
    """Why spending and financing differed from their plan."""
    start = {
        "lkpj_uraian_belanja": f"Anggaran belanja Tahun {s.year} diubah satu kali mengikuti perubahan pendapatan dan hasil evaluasi semester pertama. Pergeseran terbesar terdapat pada belanja modal jalan, jaringan, dan irigasi serta belanja barang dan jasa.",
        "lkpj_uraian_pembiayaan": f"Penerimaan pembiayaan Tahun {s.year} berasal dari sisa lebih perhitungan anggaran tahun sebelumnya, sedangkan pengeluaran pembiayaan dipakai untuk penyertaan modal daerah.",
    }[s.part]  # fmt: skip
    return html([
        start,
        "Realisasi yang berbeda dari anggaran terutama dipengaruhi sisa hasil pengadaan, kegiatan yang menunggu petunjuk teknis, dan pekerjaan yang diselesaikan pada tahun berikutnya. Seluruh angka belum diaudit.",
        prose.control(s.part, s.year),
    ])  # fmt: skip


WRITERS: dict[str, TextWriter] = {
    "lkpj_wajib_dasar_uraian": urusan, "lkpj_wajib_lain_uraian": urusan,
    "lkpj_pilihan_uraian": urusan, "lkpj_uraian_belanja": lkpj_belanja,
    "lkpj_uraian_pembiayaan": lkpj_belanja,
    "uu_pembentukan": uu, "geografis": geografis, "uraian_penduduk": penduduk,
    "uraian_perangkat_daerah": perangkat, "uraian_anggaran": anggaran,
    "permasalahan": permasalahan, "visi": visi, "uraian_rpjmd": rpjmd, "uraian_rkpd": rkpd,
    "spm_gambaran": spm, "uraian_makro": makro, "uraian_urusan": urusan,
    "analisis_urusan": analisis, "uraian_penunjang": penunjang, "uraian_pk": pk,
    "analisis_penyebab": penyebab, "uraian_efisiensi": efisiensi, "uraian_program": program,
    "uraian_tp": tp, "kendala_tp": kendala_tp, "saran_tp": saran_tp,
    "spm_uraian_realisasi": spm_realisasi, "spm_uraian_capaian": spm_realisasi,
    "spm_pembiayaan": spm_money, "spm_permasalahan": spm_masalah, "penutup": penutup,
    "lkpj_latar_belakang": lkpj_latar, "lkpj_visi": visi, "lkpj_gambaran": geografis, "lkpj_uraian_pendapatan": lkpj_pendapatan,
    "lkpj_penutup": closing, "spm_latar_belakang": spm, "spm_kebijakan_umum": rpjmd,
    "spm_arah_kebijakan": rkpd, "spm_penutup": closing,
    **{f"lkjip_{name}": lkjip for name in (
        "ikhtisar_isi", "gambaran", "permasalahan", "ringkasan", "analisis", "efisiensi",
        "uraian_anggaran", "penunjang", "penghargaan", "penutup",
    )},
}  # fmt: skip
