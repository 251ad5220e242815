"""Contracts of the year that the demo's reports tell of: finished, tied to their sub kegiatan.

They let an OPD take realisation, progress and kendala of its contracts into LKPJ, LKjIP and SPM.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal.budget.models import BudgetLine
from portal.contracts.flow import NewContract
from portal.contracts.planning import Days
from portal.demo.contents import YEAR
from portal.demo.contracts import Script, run
from portal.people import queries, workdays
from portal.people.models import Unit

#: OPD, sub kegiatan, words, type, method, value in million, source of money, begin and end
#: (month, day), days added by an addendum, kendala, what was done about it.
_ROWS: tuple[tuple[str, str, str, str, str, int, str, tuple[int, int], tuple[int, int], int, str,
                   str], ...] = (
    ("DPUPR", "1.03.02.2.02.0001", "Pembangunan tangki septik komunal Contoh Hulu", "konstruksi",
     "tender", 1250, "DAK Fisik", (4, 14), (9, 30), 20,
     "Curah hujan tinggi pada Agustus menghambat galian",
     "Jam kerja ditambah dan pompa disediakan"),
    ("DPUPR", "1.03.03.2.01.0001", "Pemeliharaan berkala jembatan kayu Contoh Hulu", "konstruksi",
     "pengadaan_langsung", 285, "DAU", (5, 5), (8, 15), 0,
     "Kayu kelas satu terlambat tiba dari hulu", "Pemasok kedua ditunjuk"),
    ("DPUPR", "1.03.04.2.01.0001", "Perluasan jaringan perpipaan air minum Contoh Timur",
     "konstruksi", "tender", 2100, "PEN", (3, 17), (10, 20), 0,
     "Izin galian di jalan provinsi terbit tiga minggu setelah diminta",
     "Pekerjaan dimulai dari ruas kabupaten sambil menunggu izin"),
    ("DINKES", "1.02.02.2.02.0001", "Pengadaan alat antropometri posyandu", "barang",
     "e_purchasing", 640, "DAK Fisik", (5, 12), (7, 31), 0,
     "Pengiriman ke pulau tertunda gelombang tinggi", "Pengiriman dijadwalkan ulang dua tahap"),
    ("DINKES", "1.02.02.2.01.0001", "Rehabilitasi ruang pelayanan ibu Puskesmas Contoh Kota",
     "konstruksi", "pengadaan_langsung", 320, "DAU", (6, 9), (9, 12), 0,
     "Pelayanan tidak dapat dihentikan selama pekerjaan", "Pekerjaan dibagi menurut ruang"),
    ("DISTAN", "3.27.03.2.01.0001", "Rehabilitasi jaringan irigasi tersier Contoh Selatan",
     "konstruksi", "pengadaan_langsung", 295, "DAU", (5, 19), (8, 22), 0,
     "Saluran masih mengairi musim tanam sampai Juni",
     "Jadwal disepakati dengan kelompok tani, pengeringan bergilir"),
    ("DISTAN", "3.27.02.2.01.0001", "Pengadaan benih padi bersertifikat", "barang",
     "pengadaan_langsung", 180, "DAU", (4, 7), (5, 16), 0, "", ""),
    ("DISDIK", "1.01.02.2.01.0002", "Rehabilitasi ruang kelas SDN Contoh Pesisir", "konstruksi",
     "tender", 980, "DAK Fisik", (4, 21), (9, 19), 0,
     "Akses ke sekolah hanya saat air pasang", "Material didatangkan sekaligus pada bulan pertama"),
)  # fmt: skip


def load(_db: Any) -> None:
    """Register the contracts of that year and let them run to their end."""
    today = queries.today()
    days = Days(workdays.calendar().is_workday)
    units = {u.code: u.id for u in _db.session.scalars(sa.select(Unit))}
    lines = {
        (row.unit_id, row.kode): row.id
        for row in _db.session.execute(
            sa.select(BudgetLine.unit_id, BudgetLine.kode, BudgetLine.id)
            .where(BudgetLine.year == YEAR)
        )
    }  # fmt: skip
    zone = current_app.config["SELARAS"].zone
    for n, row in enumerate(_ROWS):
        run(_db, _script(n, row, units[row[0]], lines), today, days, zone)
    _db.session.flush()


def _script(n: int, row: Any, unit: int, lines: dict[tuple[int, str], int]) -> Script:
    code, sub, words, kind, method, juta, fund, begin, end, more, trouble, effort = row
    value, build = Decimal(juta) * 1_000_000, kind == "konstruksi"
    big = build and value > 600_000_000
    signed = date(YEAR, *begin)
    new = NewContract(
        unit_id=unit, number=f"{'602' if build else '027'}/{4 + 3 * n}/{code}/{YEAR}", title=words,
        type=kind, method=method, value=value, fund=fund,
        vendor=f"CV {'Karya' if n % 2 else 'Tirta'} Contoh", vendor_small=True,
        net=(value * 100 / 111).quantize(Decimal("0.01")),
        signed_on=signed, starts_on=signed, ends_on=date(YEAR, *end), signed=True, year=YEAR,
        goes_live=signed, line_id=lines.get((unit, sub)), sub_code=sub, terms=1 if big else 0,
        payment="termin" if big else "sekaligus",
    )  # fmt: skip
    return Script(new, 0, False, "", more, (trouble, effort))
