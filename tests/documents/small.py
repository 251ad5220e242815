"""A tiny edition and a hand-made snapshot: one part of each kind, two chapters and a lampiran."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from portal.outlines.schema import Edition

SHA = "ab" * 32
SENTENCE = (
    "{daerah} terdiri atas {count:kecamatan} kecamatan seluas {sum:luas.luas} km²; terluas "
    "{most:luas.luas.kecamatan}."
)

TABLE = {
    "key": "luas",
    "kind": "table",
    "title": "Luas Wilayah menurut Kecamatan",
    "supplier": {"duty": "tapem"},
    "total": "Jumlah",
    "source": "Bagian Tata Pemerintahan",
    "columns": [
        {"key": "kecamatan", "label": "Kecamatan", "width": 3},
        {
            "key": "luas",
            "label": "Luas",
            "type": "decimal",
            "unit": "km²",
            "places": 2,
            "total": "sum",
        },
        {
            "key": "persen",
            "label": "Persentase",
            "type": "percent",
            "share_of": "luas",
            "total": "sum",
        },
    ],
    "rows": {"kind": "over", "over": "kecamatan", "into": "kecamatan"},
}
BUDGET = {
    "key": "apbd",
    "kind": "budget",
    "title": "Realisasi APBD Tahun {tahun}",
    "supplier": {"duty": "bpkad"},
    "source": "BPKAD",
    "columns": [
        {"key": "uraian", "label": "Uraian", "width": 3},
        {
            "key": "anggaran",
            "label": "Anggaran",
            "type": "rupiah",
            "width": 2,
            "group": "Tahun {tahun}",
        },
        {
            "key": "realisasi",
            "label": "Realisasi",
            "type": "rupiah",
            "width": 2,
            "group": "Tahun {tahun}",
        },
        {
            "key": "persen",
            "label": "Persen",
            "type": "percent",
            "formula": "realisasi / anggaran * 100",
        },
    ],
    "rows": {
        "kind": "fixed",
        "items": [
            {
                "key": "pendapatan",
                "cells": {"uraian": "Pendapatan Daerah"},
                "sum_of": ["pad", "transfer"],
            },
            {"key": "pad", "cells": {"uraian": "Pendapatan Asli Daerah"}, "level": 1},
            {"key": "transfer", "cells": {"uraian": "Pendapatan Transfer"}, "level": 1},
            {"key": "hibah", "cells": {"uraian": "Hibah"}, "level": 1},
        ],
    },
}
STAFF = {
    "key": "pegawai",
    "kind": "table",
    "title": "Jumlah Pegawai",
    "supplier": {"kinds": ["dinas"]},
    "total": "Jumlah",
    "columns": [
        {"key": "golongan", "label": "Golongan", "width": 2},
        {"key": "jumlah", "label": "Jumlah", "type": "whole", "unit": "orang", "total": "sum"},
    ],
}

OUTLINE: dict[str, Any] = {
    "format": 1,
    "kind": "lppd",
    "code": "kecil",
    "title": "Laporan Penyelenggaraan Pemerintahan Daerah",
    "short": "LPPD",
    "regulation": "Permendagri 18/2020",
    "basis": ["Undang-Undang Nomor 23 Tahun 2014", "Peraturan Pemerintah Nomor 13 Tahun 2019"],
    "applies_from": 2024,
    "secretariat": "sekretariat_lppd",
    "sign_in": "penutup",
    "cover": {
        "lines": [
            "LAPORAN PENYELENGGARAAN PEMERINTAHAN DAERAH",
            "(LPPD)",
            "{daerah}",
            "PROVINSI {provinsi}",
            "TAHUN {tahun}",
        ]
    },
    "preface": {
        "key": "pengantar",
        "kind": "narrative",
        "title": "Kata Pengantar",
        "supplier": {"duty": "sekretariat_laporan"},
    },
    "lists": {
        "urusan": [
            {"key": "kesehatan", "title": "Urusan Kesehatan", "duty": "urusan_kesehatan"},
            {"key": "sosial", "title": "Urusan Sosial", "duty": "urusan_sosial"},
        ]
    },
    "chapters": [
        {
            "key": "bab1",
            "label": "I",
            "title": "Pendahuluan",
            "sections": [
                {
                    "key": "latar",
                    "title": "Latar Belakang",
                    "sections": [
                        {
                            "key": "umum",
                            "title": "Penjelasan Umum",
                            "sections": [
                                {
                                    "key": "undang",
                                    "title": "Undang-Undang Pembentukan Daerah",
                                    "parts": [
                                        {
                                            "key": "dasar",
                                            "kind": "narrative",
                                            "title": "Dasar",
                                            "supplier": {"duty": "hukum"},
                                        }
                                    ],
                                },
                                {
                                    "key": "geografi",
                                    "title": "Data Geografis",
                                    "parts": [
                                        {
                                            "key": "geo",
                                            "kind": "narrative",
                                            "title": "Keadaan Geografis",
                                            "supplier": {"duty": "tapem"},
                                        },
                                        {
                                            "key": "batas",
                                            "kind": "list",
                                            "title": "Batas Wilayah",
                                            "style": "letter",
                                            "supplier": {"duty": "tapem"},
                                        },
                                        TABLE,
                                        {
                                            "key": "grafik",
                                            "kind": "chart",
                                            "title": "Luas Wilayah",
                                            "of": "luas",
                                            "x": "kecamatan",
                                            "y": ["luas"],
                                        },
                                        {
                                            "key": "kalimat",
                                            "kind": "computed",
                                            "title": "Ringkasan",
                                            "text": SENTENCE,
                                        },
                                        {
                                            "key": "peta",
                                            "kind": "picture",
                                            "title": "Peta Wilayah",
                                            "supplier": {"duty": "bappeda"},
                                            "source": "Bappeda",
                                        },
                                    ],
                                },
                            ],
                        },
                    ],
                },
                {"key": "keuangan", "title": "Keuangan Daerah", "parts": [BUDGET]},
            ],
        },
        {
            "key": "bab2",
            "label": "II",
            "title": "Capaian Kinerja",
            "sections": [
                {
                    "key": "urusan",
                    "title": "{item}",
                    "repeat": {"over": "urusan"},
                    "new_page": True,
                    "intro": "Bagian ini memuat capaian {item}.",
                    "parts": [
                        {
                            "key": "masalah",
                            "kind": "narrative",
                            "title": "Permasalahan dan Solusi",
                            "supplier": {"duty": "item"},
                        },
                        {
                            "key": "capaian",
                            "kind": "table",
                            "title": "Jenis Pelayanan Dasar",
                            "supplier": {"duty": "item"},
                            "landscape": True,
                            "columns": [
                                {"key": "jenis", "label": "Jenis", "width": 2},
                                {"key": "target", "label": "Target", "type": "percent"},
                            ],
                        },
                    ],
                },
                {"key": "asn", "title": "Pegawai", "parts": [STAFF]},
            ],
        },
        {
            "key": "bab5",
            "label": "V",
            "title": "Penutup",
            "sections": [
                {
                    "key": "penutup",
                    "title": "Penutup",
                    "numbered": False,
                    "parts": [
                        {
                            "key": "akhir",
                            "kind": "narrative",
                            "title": "Penutup",
                            "supplier": {"duty": "sekretariat_laporan"},
                        }
                    ],
                }
            ],
        },
        {
            "key": "lampiran",
            "label": "LAMPIRAN",
            "title": "Lampiran",
            "annex": True,
            "sections": [
                {
                    "key": "daftar",
                    "title": "Daftar Dokumen",
                    "parts": [
                        {
                            "key": "dokumen",
                            "kind": "table",
                            "title": "Dokumen",
                            "required": False,
                            "supplier": {"duty": "tapem"},
                            "columns": [
                                {"key": "nama", "label": "Nama"},
                                {"key": "tanggal", "label": "Tanggal", "type": "date"},
                            ],
                        }
                    ],
                }
            ],
        },
    ],
}


def edition(**changes: Any) -> Edition:
    """The tiny edition."""
    return Edition.model_validate({**deepcopy(OUTLINE), **changes})


def entry(
    part: str, unit: str, repeat: str = "", state: str = "diterima", **more: Any
) -> dict[str, Any]:
    """One isian of the snapshot."""
    return {
        "part": part,
        "repeat": repeat,
        "unit": unit,
        "state": state,
        "fields": {},
        "rows": [],
        "document": "",
        **more,
    }


def text(html: str) -> dict[str, str]:
    """The field of a narrative."""
    return {"text": html}


def entries() -> list[dict[str, Any]]:
    """A book that is filled but for what the tests take away."""
    return [
        entry(
            "pengantar", "BAG-TAPEM", fields=text("<p>Puji syukur kepada Tuhan Yang Maha Esa.</p>")
        ),
        entry(
            "dasar",
            "BAG-HUKUM",
            fields=text("<p>Dibentuk dengan <strong>Undang-Undang</strong>.</p>"),
        ),
        entry(
            "geo",
            "BAG-TAPEM",
            fields=text(
                "<p>Terletak di pesisir.</p><ul><li>Utara: laut<ul><li>teluk</li></ul></li></ul>"
                "<table><tr><th>Arah</th><th>Batas</th></tr><tr><td>Utara</td><td>Laut</td></tr></table>"
            ),
        ),
        entry(
            "batas",
            "BAG-TAPEM",
            rows=[["r1", {"text": "Utara: laut"}], ["r2", {"text": "Selatan: gunung"}]],
        ),
        entry(
            "luas", "BAG-TAPEM", rows=[["kec_01", {"luas": "1234.5"}], ["kec_02", {"luas": "0"}]]
        ),
        entry("peta", "BAPPEDA", fields={"file": SHA, "caption": "Peta Kabupaten Contoh"}),
        entry(
            "apbd",
            "BPKAD",
            rows=[
                ["pad", {"anggaran": "1250000000.5", "realisasi": "1000000000"}],
                ["transfer", {"anggaran": "750000000", "realisasi": "-5000"}],
                ["hibah", {"anggaran": "0", "realisasi": "0"}],
            ],
        ),
        entry("masalah", "DINKES", "kesehatan", fields=text("<p>Tenaga kurang.</p>")),
        entry(
            "capaian", "DINKES", "kesehatan", rows=[["a", {"jenis": "Ibu hamil", "target": "100"}]]
        ),
        entry("masalah", "DINSOS", "sosial", fields=text("<p>Data belum padan.</p>")),
        entry("capaian", "DINSOS", "sosial", rows=[["b", {"jenis": "Lansia", "target": "87.2"}]]),
        entry("pegawai", "DINKES", rows=[["g1", {"golongan": "IV", "jumlah": "12"}]]),
        entry("pegawai", "DINSOS", rows=[["g1", {"golongan": "III", "jumlah": "8"}]]),
        entry("akhir", "BAG-TAPEM", fields=text("<p>Demikian laporan ini disusun.</p>")),
        entry("dokumen", "BAG-TAPEM", rows=[["d", {"nama": "RPJMD", "tanggal": "2025-03-31"}]]),
    ]


def snapshot(**changes: Any) -> dict[str, Any]:
    """A hand-made snapshot of a Konsep 3."""
    units = {
        "PEMDA": ("Kabupaten Contoh", "pemda", 0),
        "BAG-TAPEM": ("Bagian Tata Pemerintahan", "bagian", 1),
        "BAG-HUKUM": ("Bagian Hukum", "bagian", 2),
        "DINKES": ("Dinas Kesehatan", "dinas", 3),
        "DINSOS": ("Dinas Sosial", "dinas", 4),
        "BAPPEDA": ("Badan Perencanaan", "badan", 5),
        "BPKAD": ("Badan Keuangan", "badan", 6),
    }
    base = {
        "v": 1,
        "edition": {"code": "kecil", "sha": "0" * 64},
        "report": {
            "kind": "lppd",
            "year": 2025,
            "period": "",
            "owner": "PEMDA",
            "structure_date": "2025-12-31",
        },
        "region": {
            "name": "Contoh",
            "full_name": "Kabupaten Contoh",
            "province": "Contoh",
            "capital": "Contoh",
            "head": "Bupati",
            "emblem": "",
            "unit": "PEMDA",
        },
        "units": {
            c: {"name": n, "short": n, "kind": k, "position": p} for c, (n, k, p) in units.items()
        },
        "duties": {"hukum": "Bagian Hukum", "tapem": "Bagian Tata Pemerintahan"},
        "things": {
            "kecamatan": [
                {"key": "kec_01", "title": "Contoh Utara"},
                {"key": "kec_02", "title": "Contoh Selatan"},
            ]
        },
        "entries": entries(),
        "datums": {},
        "pictures": {SHA: [1200, 800, "image/png"]},
        "labels": {"direviu": "Direviu Inspektorat", "diterima": "Diterima sekretariat"},
        "visible_states": ["direviu", "selesai_direviu", "disahkan", "diterima", "terkunci"],
        "paper": "F4",
        "final": False,
        "waived": {},
        "sign": {
            "signer": "kepala_daerah",
            "on": None,
            "about": "2026-03-31",
            "official": {
                "name": "Dr. Budi Contoh, M.Si.",
                "bare_name": "Budi Contoh",
                "sifat": "definitif",
                "nip": "",
                "pangkat": "",
                "golongan": "",
                "title": "Bupati Contoh",
            },
            "on_behalf": False,
            "sekda_nip": False,
            "nip_groups": False,
        },
        "marks": {"number": 3, "date": "2026-03-02", "sample": True, "unmatched": True},
    }
    return {**base, **changes}


def without(*parts: str) -> list[dict[str, Any]]:
    """The isian without those of some parts."""
    return [each for each in entries() if each["part"] not in parts]
