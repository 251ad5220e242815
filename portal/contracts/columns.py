# ruff: noqa: E501 - one field a line
"""What a list of contracts can hold, and the headings that staff use for it."""

from __future__ import annotations

from portal.imports.targets import Field, Target

KONTRAK = Target("kontrak", "Daftar kontrak", (
    Field("nomor", "Nomor kontrak", "text", ("no kontrak", "nomor kontrak", "no spk", "nomor spk", "no kontrak spk", "nomor kontrak spk", "nomor"), True, "602/15/PUPR/2026"),
    Field("judul", "Nama pekerjaan", "text", ("nama pekerjaan", "nama kegiatan", "nama paket", "pekerjaan", "uraian pekerjaan", "nama paket pekerjaan", "paket"), True, "Rehabilitasi jalan lingkungan"),
    Field("nilai", "Nilai kontrak (Rp)", "text", ("nilai kontrak", "nilai kontrak rp", "nilai spk", "harga kontrak", "nilai"), True, "150.000.000,00"),
    Field("tanggal", "Tanggal kontrak", "text", ("tgl kontrak", "tanggal kontrak", "tgl spk", "tanggal spk", "tanggal"), True, "12/3/2026"),
    Field("opd", "Perangkat daerah", "text", ("opd", "nama opd", "perangkat daerah", "skpd", "nama skpd", "satuan kerja"), False, "Dinas Kesehatan"),
    Field("penyedia", "Penyedia", "text", ("nama perusahaan", "penyedia", "nama penyedia", "pelaksana", "perusahaan", "rekanan"), False, "CV Karya Contoh"),
    Field("npwp", "NPWP penyedia", "text", ("npwp", "npwp penyedia", "npwp perusahaan"), False, "012345678901000"),
    Field("jenis", "Jenis pengadaan", "text", ("jenis pengadaan", "jenis", "jenis pekerjaan"), False, "Konstruksi"),
    Field("metode", "Metode", "text", ("metode", "metode pemilihan", "metode pengadaan", "cara pengadaan"), False, "Tender"),
    Field("dana", "Sumber dana", "text", ("sumber dana", "dana", "sumber pendanaan"), False, "PEN"),
    Field("dak", "DAK (ya/tidak)", "text", ("dak",), False, "ya"),
    Field("mulai", "Tanggal mulai", "text", ("tgl mulai", "tanggal mulai", "mulai", "tgl mulai kerja"), False, "13/3/2026"),
    Field("selesai", "Tanggal selesai", "text", ("tgl selesai", "tanggal selesai", "selesai", "akhir kontrak", "tgl akhir kontrak", "tanggal akhir kontrak"), False, "9/9/2026"),
    Field("hari", "Jangka waktu", "text", ("waktu pekerjaan", "jangka waktu", "waktu pelaksanaan", "lama pekerjaan", "jangka waktu hari"), False, "180 hari kalender"),
    Field("terakhir", "Tahap terakhir yang selesai", "text", ("tahap terakhir", "tahap terakhir selesai", "tahapan terakhir", "status pekerjaan"), False, "SPMK"),
    Field("spmk_no", "Nomor SPMK", "text", ("no spmk", "nomor spmk"), False, "602/16/SPMK"),
    Field("spmk_tgl", "Tanggal SPMK", "text", ("tgl spmk", "tanggal spmk"), False, "16/3/2026"),
    Field("bast_no", "Nomor BAST", "text", ("no bast", "nomor bast", "no bast pho"), False, "602/80/BAST"),
    Field("bast_tgl", "Tanggal BAST", "text", ("tgl bast", "tanggal bast", "tgl pho"), False, "9/9/2026"),
    Field("sub_kegiatan", "Kode sub kegiatan", "text", ("kode", "kode sub kegiatan", "sub kegiatan"), False, "1.03.10.2.01.0005"),
    Field("rekening", "Kode rekening", "text", ("kode rekening", "rekening"), False, "5.2.04.01.01.0003"),
    Field("rup", "Kode RUP", "text", ("kode rup", "id rup", "rup"), False, "51234567"),
    Field("bayar", "Cara pembayaran", "text", ("cara pembayaran", "pembayaran"), False, "Termin"),
), True)  # fmt: skip

#: LKPP's e-kontrak JSON comes with its own names; nothing is to be mapped.
EKONTRAK = Target("ekontrak", "E-kontrak SPSE (JSON)", KONTRAK.fields, True)
