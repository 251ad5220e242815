# ruff: noqa: E501 - phrase lists stand on one line
"""The budget of the demo: programs of every Perangkat Daerah, accounts, cash plans, DPRD.

The same sub kegiatan and the same APBD as in the other tables: sums are account 5 of the region.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.budget import nomenclature, rules
from portal.budget.models import AccountLine, BudgetFund, BudgetLine, BudgetPeriod, CashPlan
from portal.demo import numbers, tables_work
from portal.demo.book import Spot
from portal.demo.prose import first_up, rng_of
from portal.demo.topics import TOPICS
from portal.dprd.models import Recommendation
from portal.figures import catalogue
from portal.people.models import Unit

YEARS = (2024, 2025)
BY = "Data contoh"
_SUPPORT = {
    "2.01": "Perencanaan, Penganggaran, dan Evaluasi Kinerja Perangkat Daerah",
    "2.02": "Administrasi Keuangan Perangkat Daerah",
    "2.03": "Administrasi Barang Milik Daerah pada Perangkat Daerah",
    "2.05": "Administrasi Kepegawaian Perangkat Daerah",
    "2.06": "Administrasi Umum Perangkat Daerah",
    "2.08": "Penyediaan Jasa Penunjang Urusan Pemerintahan Daerah",
    "2.09": "Pemeliharaan Barang Milik Daerah Penunjang Urusan Pemerintahan Daerah",
}
_PROGRAMS = {
    "1.05.02": "Program Penanggulangan Bencana", "4.01.02": "Program Pemerintahan dan Kesejahteraan Rakyat",
    "4.02.02": "Program Dukungan Pelaksanaan Tugas dan Fungsi DPRD",
    "5.01.02": "Program Perencanaan, Pengendalian, dan Evaluasi Pembangunan Daerah",
    "5.02.02": "Program Pengelolaan Keuangan Daerah", "5.03.02": "Program Kepegawaian Daerah",
    "6.01.02": "Program Penyelenggaraan Pengawasan", "8.01.02": "Program Penguatan Ideologi Pancasila dan Karakter Kebangsaan",
    "7.01.02": "Program Penyelenggaraan Pemerintahan dan Pelayanan Publik",
}  # fmt: skip
#: Jenis that are known in detail: (tail, name, share in thousandths).
_DETAILS = {
    "4.1.01": (("06", "Pajak Kendaraan Bermotor (Opsen)", 210), ("07", "Bea Balik Nama Kendaraan Bermotor (Opsen)", 118),
               ("15", "Pajak Bumi dan Bangunan Perdesaan dan Perkotaan (PBB-P2)", 196), ("16", "Bea Perolehan Hak atas Tanah dan Bangunan (BPHTB)", 134),
               ("19", "Pajak Barang dan Jasa Tertentu (PBJT)", 286), ("09", "Pajak Reklame", 31), ("14", "Pajak Mineral Bukan Logam dan Batuan", 25)),
    "4.1.02": (("01", "Retribusi Jasa Umum", 620), ("02", "Retribusi Jasa Usaha", 215), ("03", "Retribusi Perizinan Tertentu", 165)),
    "4.2.01": (("01", "Dana Perimbangan", 860), ("02", "Insentif Fiskal", 18), ("05", "Dana Desa", 122)),
    "4.2.02": (("01", "Pendapatan Bagi Hasil", 880), ("02", "Bantuan Keuangan", 120)),
}  # fmt: skip
_RECOMMENDATIONS = (
    ("1.01", "DISDIK", "Komisi IV", "Memprioritaskan rehabilitasi ruang kelas rusak berat di kecamatan pesisir dan kepulauan.", "Rehabilitasi dimasukkan ke dalam DPPA dan dikerjakan pada delapan sekolah dasar; sisanya diusulkan melalui DAK Fisik.", "Ruang kelas rusak berat", "selesai"),
    ("1.01", "DISDIK", "Fraksi", "Memperbaiki pemerataan guru antara kota dan pulau.", "Disusun peta kebutuhan guru menurut rombongan belajar dan dilakukan penataan penempatan.", "Sebaran guru belum merata", "ditindaklanjuti"),
    ("1.02", "DINKES", "Pansus LKPJ", "Meningkatkan ketersediaan dokter pada puskesmas di daerah sulit dijangkau.", "Penugasan khusus tenaga kesehatan dan kerja sama dengan rumah sakit pembina.", "Kekurangan tenaga dokter", "selesai"),
    ("1.03", "DPUPR", "Pansus LKPJ", "Mempercepat proses pengadaan pekerjaan jalan agar tidak menumpuk pada akhir tahun.", "Pemilihan penyedia dimulai sejak penetapan RKPD untuk paket prioritas.", "Penyerapan menumpuk pada triwulan IV", "belum_sesuai"),
    ("2.11", "DLH", "Fraksi", "Menambah sarana pengangkutan sampah di ibu kota kecamatan.", "Diadakan kendaraan pengangkut roda tiga dan dibentuk kelompok pengelola di tiap kecamatan.", "Cakupan pengangkutan sampah", "ditindaklanjuti"),
    ("3.27", "DISTAN", "Komisi II", "Memastikan penyaluran pupuk bersubsidi sesuai rencana definitif kebutuhan kelompok.", "", "", "ditugaskan"),
    ("5.02", "BAPENDA", "Pansus LKPJ", "Memutakhirkan data objek PBB-P2 untuk meningkatkan pendapatan asli daerah.", "Pemutakhiran dilakukan bersama pemerintah desa pada empat kecamatan.", "Basis data pajak belum mutakhir", "selesai"),
    ("7.01", "KEC-01", "Komisi I", "Meningkatkan sarana pelayanan administrasi terpadu kecamatan.", "Ruang pelayanan diperbaiki dan petugas loket ditambah.", "Antrean layanan", "ditindaklanjuti"),
)  # fmt: skip


def load(db: Any) -> None:
    """Lay down the budget of two years and the recommendations on last year's LKPJ."""
    session = db.session
    units = {unit.code: unit.id for unit in session.scalars(sa.select(Unit))}
    for year in YEARS:
        lines = [row for code in units for row in program_lines(code, year, units[code])]
        session.execute(sa.insert(BudgetLine), lines)
        session.execute(sa.insert(AccountLine), account_lines(year, units["PEMDA"]))
        session.execute(sa.insert(CashPlan), list(_cash(year, units)))
    _tags(session)
    _funds(session)
    _recommend(session, units)
    session.flush()


def _head(field: str, *more: str) -> dict[str, Any]:
    at = clock.now().isoformat()
    return {name: [1, BY, at, ""] for name in (field, *more)}


def program_lines(unit: str, year: int, unit_id: int) -> list[dict[str, Any]]:
    """Program, kegiatan, and sub kegiatan rows of one unit; [] for units without own budget."""
    spot = Spot("lppd", year, "program_kegiatan", "", "", unit, unit, {}, {}, {})
    found = [] if unit.startswith("BAG-") else tables_work.program_kegiatan(spot)
    leaves = [cells for _, cells in found]
    if not leaves:
        return []
    rng = rng_of("budget", unit, year)
    edition = nomenclature.for_year(year).code
    out = [_leaf(cells, unit, rng) for cells in leaves]
    for code in sorted(
        {p for c in leaves for p in rules.parents(c["kode"]) if len(rules.segments(p)) in (3, 5)}
    ):
        below = [c for c in leaves if rules.under(c["kode"], code)]
        out.append({**_blank(), "kode": code, "uraian": _name(code, unit, below), "heads": {}})
    return [{**row, "year": year, "unit_id": unit_id, "nomenclature": edition} for row in out]


def _blank() -> dict[str, Any]:
    empty = {
        "indikator": "",
        "satuan": "",
        "masalah": "",
        "upaya": "",
        "tindak_lanjut": "",
        "spm": "",
    }
    return {
        **empty,
        "target": None,
        "capaian": None,
        "murni": None,
        "pagu": None,
        "realisasi": None,
    }


def _leaf(cells: dict[str, str], unit: str, rng: Any) -> dict[str, Any]:
    pagu, done = Decimal(cells["pagu"]), Decimal(cells["realisasi"])
    first = (pagu * rng.randint(940, 1030) / 1000).quantize(Decimal(1000))
    row = {
        **_blank(), "kode": cells["kode"], "uraian": cells["uraian"],
        "indikator": cells["indikator"], "satuan": cells["satuan"],
        "target": Decimal(cells["target"]), "capaian": Decimal(cells["capaian"]),
        "murni": first, "pagu": pagu, "realisasi": done,
        "heads": _head("pagu", "realisasi", "murni", "target", "capaian", "indikator", "satuan"),
    }  # fmt: skip
    topic = next(
        (t for t in TOPICS.values() if t.unit == unit and cells["kode"].startswith(t.code)), None
    )
    if done == 0:
        row |= {"masalah": "Tidak dilaksanakan karena petunjuk teknis diterima pada akhir tahun",
                "upaya": "Dianggarkan kembali pada tahun berikutnya"}  # fmt: skip
    elif topic is not None and done < pagu * Decimal("0.92"):
        n = rng.randint(0, 2)
        row |= {"masalah": first_up(topic.obstacles[n % len(topic.obstacles)]),
                "upaya": first_up(topic.efforts[n % len(topic.efforts)])}  # fmt: skip
    return row


def _name(code: str, unit: str, below: list[dict[str, str]]) -> str:
    parts = rules.segments(code)
    if parts[2] == "01":
        if len(parts) == 3:
            return "Program Penunjang Urusan Pemerintahan Daerah Kabupaten/Kota"
        return _SUPPORT.get(".".join(parts[3:]), below[0]["uraian"])
    if len(parts) == 5:
        return below[0]["uraian"]
    topic = next((t for t in TOPICS.values() if t.unit == unit and code.startswith(t.code)), None)
    if topic is not None and code not in _PROGRAMS:
        return topic.programs[(int(parts[2]) - 2) % len(topic.programs)]
    return _PROGRAMS.get(code, topic.programs[0] if topic else "Program Penyelenggaraan Urusan")


def account_lines(year: int, unit_id: int) -> list[dict[str, Any]]:
    """The accounts of the region, some in detail; parents are sums and carry no money."""
    rng = rng_of("accounts", year)
    out = []
    for line in numbers.apbd(year):
        code = line.code
        first = (line.anggaran * rng.randint(955, 1015) / 1000).quantize(Decimal(1))
        whole = (first, line.anggaran, line.realisasi)
        details = _DETAILS.get(code, ())
        leaf = line.level == 3 and not details
        amounts = whole if leaf else (None, None, None)
        out.append(
            _account(
                code, nomenclature.for_year(year).name("accounts", code) or line.title, amounts
            )
        )
        shares = (
            [numbers.spread(int(amount), [d[2] for d in details]) for amount in whole]
            if details
            else []
        )
        for n, (tail, title, _) in enumerate(details):
            out.append(_account(f"{code}.{tail}", title, tuple(Decimal(s[n]) for s in shares)))
    return [{**row, "year": year, "unit_id": unit_id} for row in out]


def _account(code: str, title: str, amounts: tuple[Decimal | None, ...]) -> dict[str, Any]:
    heads = _head("sebelum", "setelah", "realisasi") if amounts[1] is not None else {}
    return {"kode": code, "uraian": title, "sebelum": amounts[0], "setelah": amounts[1],
            "realisasi": amounts[2], "heads": heads}  # fmt: skip


def _cash(year: int, units: dict[str, int]) -> Any:
    """Anggaran kas by month: little at the start, much at the end."""
    weights = (5, 6, 7, 8, 8, 9, 8, 8, 9, 10, 10, 12)
    for code, (plan, done) in numbers.belanja_opd(year).items():
        plans = numbers.spread(int(plan), weights)
        dones = numbers.spread(int(done), [w + (n > 8) * 2 for n, w in enumerate(weights)])
        for month, (p, d) in enumerate(zip(plans, dones, strict=True), 1):
            yield {"year": year, "unit_id": units[code], "month": month, "rencana": Decimal(p),
                   "realisasi": Decimal(d)}  # fmt: skip


_SMALL = {"dan", "di", "yang", "bagi", "pada", "saat", "setelah", "oleh", "dengan", "terhadap"}


def _titled(text: str) -> str:
    """Words with capitals, as nomenclatures write them; short ones stay small."""
    return " ".join(w if w in _SMALL else w[:1].upper() + w[1:] for w in text.split())


def _tags(session: Any) -> None:
    """One sub kegiatan for each SPM service, with the realisasi of its triwulan."""
    from portal.people import queries as people  # noqa: PLC0415 - after the people are there

    duties = people.duties()
    for year in YEARS:
        taken: set[int] = set()
        for service in catalogue.current().services_of():
            unit = duties.get(service.duty, (None, ()))[0]
            free = [
                line for line in session.scalars(
                    sa.select(BudgetLine).where(BudgetLine.year == year, BudgetLine.unit_id == unit)
                    .order_by(BudgetLine.kode)
                )
                if line.realisasi and rules.segments(line.kode)[2] != "01" and line.id not in taken
            ]  # fmt: skip
            if not free:
                continue
            line = free[0]
            taken.add(line.id)
            line.spm = service.key
            line.uraian = f"Pengelolaan {_titled(service.title)}"
            weights = (14, 24, 26, 36)
            spent = numbers.spread(int(line.realisasi), weights)
            for n, amount in enumerate(spent, 1):
                session.add(BudgetPeriod(line_id=line.id, period=f"TW{n}",
                                         realisasi=Decimal(amount)))  # fmt: skip
            keys = [f"realisasi.TW{n}" for n in range(1, 5)]
            line.heads = {**line.heads, **_head("spm", *keys)}
    session.flush()


def _funds(session: Any) -> None:
    """Sources of money of the sub kegiatan of health and public works."""
    codes = ("DINKES", "DPUPR")
    wanted = sa.select(Unit.id).where(Unit.code.in_(codes))
    chosen = sa.or_(BudgetLine.unit_id.in_(wanted), BudgetLine.spm != "")
    for line in session.scalars(sa.select(BudgetLine).where(chosen, BudgetLine.pagu.is_not(None))):
        dau, dak = numbers.spread(int(line.pagu), (70, 30))
        session.add(BudgetFund(line_id=line.id, fund="DAU", pagu=Decimal(dau)))
        session.add(BudgetFund(line_id=line.id, fund="DAK Fisik", pagu=Decimal(dak)))


def _recommend(session: Any, units: dict[str, int]) -> None:
    for n, (code, unit, origin, text, done, aim, state) in enumerate(_RECOMMENDATIONS, 1):
        session.add(Recommendation(
            year=2025, position=n * 10, decision_no="4 Tahun 2025", decision_on=date(2025, 4, 28),
            kode=code, unit_id=units[unit], origin=origin, text=text, tindak_lanjut=done,
            tujuan=aim, state=state, since=clock.now(),
        ))  # fmt: skip
