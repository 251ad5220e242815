"""Data of the demo region: all elements for four years, with their nature, source and gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from portal.demo import evidence, months, numbers
from portal.demo.figure_values import Numbers
from portal.figures import catalogue, flow, queries
from portal.figures.catalogue import Catalogue, Element
from portal.figures.models import Vintage
from portal.figures.rules import DatumView
from portal.people import queries as people
from portal.people.rules import Actor

OPINI = "Wajar Tanpa Pengecualian (WTP)"
#: Nature of some numbers of a year (others are tetap).
NATURE: dict[tuple[str, str], str] = {
    **{(k, "2025"): Vintage.SANGAT_SEMENTARA for k in ("pdrb_adhb", "pdrb_adhk")},
    **{(k, "2024"): Vintage.SEMENTARA for k in ("pdrb_adhb", "pdrb_adhk", "pdrb_wisata")},
    ("pdrb_per_kapita", "2025"): Vintage.SANGAT_SEMENTARA,
    ("pdrb_per_kapita", "2024"): Vintage.SEMENTARA,
    ("pertumbuhan_ekonomi", "2025"): Vintage.SEMENTARA,
    ("ikan_tangkap", "2025"): Vintage.SEMENTARA,
    ("ikan_budidaya", "2025"): Vintage.SEMENTARA,
    ("panen_produksi", "2025"): Vintage.SEMENTARA,
    **{(k, "2025"): Vintage.BELUM_DIAUDIT for k in (
        "belanja_realisasi", "belanja_transfer", "pendapatan_realisasi", "pad_realisasi",
        "belanja_pegawai_non", "belanja_umum", "silpa", "pad_wisata", "belanja_pengadaan",
    )},
}  # fmt: skip
#: Not released for 2025: why, and when it is expected.
WAITING: dict[str, tuple[str, date]] = {
    "gini": ("BPS belum merilis Rasio Gini kabupaten", date(2026, 4, 15)),
    "pdrb_wisata": ("PDRB lapangan usaha pariwisata belum dirilis BPS", date(2026, 4, 6)),
    "iplm": ("Hasil penghitungan Perpusnas belum terbit", date(2026, 3, 20)),
    "opini_bpk": ("Pemeriksaan BPK atas LKPD 2025 belum selesai", date(2026, 5, 29)),
    "tgm": ("Hasil survei Perpusnas belum terbit", date(2026, 3, 20)),
}
#: Late Perangkat Daerah (Inspektorat, bagian setda, some dinas) have not typed these for 2025.
MISSING = frozenset({
    "spip", "apip", "paket_kompetitif", "paket_total", "kontrak_q1", "kontrak_konstruksi",
    "garapan_mediasi", "garapan_total", "tol_siap", "tol_total", "iuki_pantau", "iuki_terbit",
    "industri_terdata", "industri_total", "cagar_lestari",
})  # fmt: skip
#: Rightly the same as last year, and why.
SAME = {
    "layanan_total": "Tidak ada perubahan standar pelayanan publik sejak 2024",
    "jalan_panjang": "SK Bupati tentang ruas jalan belum berubah",
    "banjir_rawan": "Luas menurut SK penetapan kawasan, belum berubah",
    "pantai_rawan": "Panjang menurut kajian kawasan pantai, belum berubah",
    "irigasi_luas": "Luas menurut Permen PU tentang daerah irigasi, belum berubah",
    "kami_maks": "Nilai maksimum alat penilaian tetap",
    "moda_jalan": "Bobot menurut ketentuan, tidak berubah",
    "sungai_rawan_banjir": "Panjang menurut inventarisasi sungai, belum diukur ulang",
}


def load(_db: Any = None, proofs: bool = True) -> int:
    """Write all demo data, and data dukung for most; returns how many data were written.

    Data that are there already are left alone.
    """
    book = catalogue.current()
    region = queries.region_id()
    owners = queries.owner_names(people.today())
    made = Numbers(book)
    views = list(_views(book, made, region, owners))
    written = flow.put_many(views, Actor(None, "Data contoh"), "figures.demo")
    written += months.load(book, made.values["2025"], 2025, region)
    if written and proofs:
        evidence.load()
    return written


def _views(
    book: Catalogue, made: Numbers, region: int, owners: dict[str, tuple[str, str]]
) -> Iterator[DatumView]:
    for period, values in made.values.items():
        for e in book.elements.values():
            if e.service:
                continue
            owner = owners.get(e.owner, ("", "Perangkat Daerah pengampu"))[1]
            view = _one(e, period, values, region, owner)
            if view is not None:
                yield view
        yield from _by_kecamatan(period, region)


def _one(
    e: Element, period: str, values: dict[str, Any], region: int, owner: str
) -> DatumView | None:
    if period == "2025" and e.key in MISSING:
        return None
    if period == "2025" and e.key in WAITING:
        reason, expected = WAITING[e.key]
        return DatumView(
            e.key, vintage=Vintage.BELUM_RILIS, na_reason=reason, expected_on=expected,
            source=e.source, unit_id=region, period=period,
        )  # fmt: skip
    source = f"{e.source or f'Rekapitulasi {owner}'} {period}"
    text = OPINI if e.key == "opini_bpk" else ""
    return DatumView(
        e.key, value=None if text else values[e.key], text=text,
        vintage=NATURE.get((e.key, period), Vintage.TETAP), source=source, unit_id=region,
        period=period, same=SAME.get(e.key, ""),
    )  # fmt: skip


def _by_kecamatan(period: str, region: int) -> Iterator[DatumView]:
    year = int(period)
    for k in numbers.KECAMATAN:
        rows = {
            "penduduk": numbers.people(year, kecamatan=k.code),
            "penduduk_laki": numbers.people(year, sex="L", kecamatan=k.code),
            "penduduk_perempuan": numbers.people(year, sex="P", kecamatan=k.code),
            "rumah_tangga": numbers.households(year, k.code),
        }
        for key, count in rows.items():
            yield DatumView(
                key, value=Decimal(count), unit_id=region, period=period,
                dims=f"kecamatan={k.code}", source=f"Data konsolidasi bersih, Disdukcapil {period}",
            )  # fmt: skip
