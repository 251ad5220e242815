"""Demo tables on the region: area, people, Perangkat Daerah, civil servants, APBD."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from portal.demo import numbers
from portal.demo.book import Rows, Spot, TableWriter, cell, money, rows_of
from portal.demo.numbers import KECAMATAN, spread

#: What one kind of unit needs: PNS and PPPK together in 2025.
_STAFF = {
    "disdik": 3920, "dinkes": 1485, "dpupr": 148, "satpolpp": 262, "setda": 64, "setwan": 58,
    "inspektorat": 61, "bappeda": 72, "bpkad": 96, "bapenda": 84, "bkpsdm": 52, "dlh": 118,
    "distan": 134, "dishub": 92, "disdukcapil": 61,
}  # fmt: skip


def _key(code: str) -> str:
    return code.lower().replace("-", "_")


def _over(spot: Spot, name: str, values: Iterable[tuple[str, dict[str, object]]]) -> Rows:
    """Rows of a table over the region's things, only those that the region has."""
    known = {item.key for item in spot.things.get(name, ())}
    return [(k, {c: cell(v) for c, v in cells.items()}) for k, cells in values if k in known]


def luas(spot: Spot) -> Rows:
    """Area and capital of each kecamatan."""
    return _over(spot, "kecamatan", [
        (_key(k.code), {"ibu_kota": k.seat, "luas": k.area}) for k in KECAMATAN
    ])  # fmt: skip


def ketinggian(spot: Spot) -> Rows:
    """Lie of the land; the capital's own kecamatan lies at distance 1,2 km."""
    low = {"dataran rendah": 18, "pesisir": 6, "perbukitan": 145, "pegunungan": 540, "kepulauan": 4}
    rng = spot.rng()
    return _over(spot, "kecamatan", [
        (_key(k.code), {
            "bentang": k.height, "tinggi": low[k.height] + rng.randint(0, 12),
            "jarak": Decimal(12 if n == 0 else 180 + 95 * n + rng.randint(0, 80)) / 10,
        })
        for n, k in enumerate(KECAMATAN)
    ])  # fmt: skip


def penduduk(spot: Spot) -> Rows:
    """People by kecamatan and sex."""
    return _over(spot, "kecamatan", [
        (_key(k.code), {
            "laki": numbers.people(spot.year, sex="L", kecamatan=k.code),
            "perempuan": numbers.people(spot.year, sex="P", kecamatan=k.code),
        })
        for k in KECAMATAN
    ])  # fmt: skip


def umur(spot: Spot) -> Rows:
    """People by age group and sex."""
    return [
        (f"u{low:02d}", {
            "laki": str(numbers.people(spot.year, low, high, "L")),
            "perempuan": str(numbers.people(spot.year, low, high, "P")),
        })
        for low, high in [(a, a + 4) for a in range(0, 75, 5)] + [(75, numbers.OLDEST)]
    ]  # fmt: skip


_WORK = (
    ("Belum/tidak bekerja", 262, 248), ("Mengurus rumah tangga", 2, 236),
    ("Pelajar/mahasiswa", 218, 215), ("Petani/pekebun", 171, 68), ("Nelayan/perikanan", 62, 9),
    ("Karyawan swasta", 84, 41), ("Wiraswasta", 78, 34), ("Pedagang", 24, 39),
    ("Buruh harian lepas", 41, 12), ("Pegawai negeri sipil dan PPPK", 21, 26), ("Guru", 8, 18),
    ("Tenaga kesehatan", 2, 8), ("TNI dan Polri", 8, 1), ("Pensiunan", 9, 6), ("Lainnya", 10, 39),
)  # fmt: skip
_SCHOOL = (
    ("belum", 236, 232), ("belum_sd", 118, 112), ("sd", 208, 221), ("smp", 141, 138),
    ("sma", 224, 201), ("d2", 7, 10), ("d3", 14, 22), ("s1", 47, 60), ("s2", 4, 3), ("s3", 1, 1),
)  # fmt: skip


def pekerjaan(spot: Spot) -> Rows:
    """People by work; adds up to all people."""
    men, women = _by_sex(spot.year, _WORK)
    return rows_of([
        {"kelompok": row[0], "laki": m, "perempuan": w}
        for row, m, w in zip(_WORK, men, women, strict=True)
    ])  # fmt: skip


def pendidikan(spot: Spot) -> Rows:
    """People by schooling; adds up to all people."""
    men, women = _by_sex(spot.year, _SCHOOL)
    return [
        (row[0], {"laki": str(m), "perempuan": str(w)})
        for row, m, w in zip(_SCHOOL, men, women, strict=True)
    ]


def _by_sex(year: int, shares: tuple[tuple[str, int, int], ...]) -> tuple[list[int], list[int]]:
    return (
        spread(numbers.people(year, sex="L"), [row[1] for row in shares]),
        spread(numbers.people(year, sex="P"), [row[2] for row in shares]),
    )


def kepadatan(spot: Spot) -> Rows:
    """People, area and households by kecamatan."""
    return _over(spot, "kecamatan", [
        (_key(k.code), {
            "penduduk": numbers.people(spot.year, kecamatan=k.code), "luas": k.area,
            "keluarga": numbers.households(spot.year, k.code),
        })
        for k in KECAMATAN
    ])  # fmt: skip


def desa(spot: Spot) -> Rows:
    """Desa and kelurahan by kecamatan."""
    return _over(spot, "kecamatan", [
        (_key(k.code), {"desa": k.desa, "kelurahan": k.kelurahan}) for k in KECAMATAN
    ])  # fmt: skip


def staff(key: str, year: int) -> int:
    """Civil servants of a unit (PNS and PPPK) at the end of a year."""
    if key in _STAFF:
        base = _STAFF[key]
    elif key.startswith("bag_"):
        base = 16 + sum(map(ord, key)) % 9
    elif key.startswith("kec_"):
        base = 27 + sum(map(ord, key)) % 14
    else:
        base = 44 + sum(map(ord, key)) % 38
    return int(base * Decimal(100 + 2 * (year - 2025)) / 100)


def _each_unit(spot: Spot) -> list[tuple[str, int]]:
    units = spot.things.get("perangkat_daerah", ())
    return [(item.key, staff(item.key, spot.year)) for item in units]


def golongan(spot: Spot) -> Rows:
    """Civil servants by golongan and PPPK."""
    out: list[tuple[str, dict[str, object]]] = []
    for key, total in _each_unit(spot):
        g1, g2, g3, g4, pppk = spread(total, (1, 14, 48, 9 if key != "disdik" else 20, 28))
        out.append((key, {"gol_1": g1, "gol_2": g2, "gol_3": g3, "gol_4": g4, "pppk": pppk}))
    return _over(spot, "perangkat_daerah", out)


def asn_pendidikan(spot: Spot) -> Rows:
    """Civil servants by schooling and sex; both add up to the same number."""
    out: list[tuple[str, dict[str, object]]] = []
    for key, total in _each_unit(spot):
        sma, diploma, s1, s2 = spread(total, (24, 16, 51, 9))
        men, women = spread(total, (38, 62) if key in {"disdik", "dinkes"} else (56, 44))
        out.append((key, {"sma": sma, "diploma": diploma, "s1": s1, "s2": s2,
                          "laki": men, "perempuan": women}))  # fmt: skip
    return _over(spot, "perangkat_daerah", out)


def asn_jabatan(spot: Spot) -> Rows:
    """Civil servants by jabatan."""
    out: list[tuple[str, dict[str, object]]] = []
    for key, total in _each_unit(spot):
        high = 0 if key.startswith(("kec_", "bag_")) else 1
        middle = 2 if key.startswith("kec_") else 1 if key.startswith("bag_") else 5
        low = 5 if key.startswith("kec_") else 3
        rest = total - high - middle - low
        share = (82, 18) if key in {"disdik", "dinkes"} else (34, 66)
        functional, staffers = spread(rest, share)
        out.append((key, {"jpt": high, "administrator": middle, "pengawas": low,
                          "fungsional": functional, "pelaksana": staffers}))  # fmt: skip
    return _over(spot, "perangkat_daerah", out)


def unit_kerja(spot: Spot) -> Rows:
    """Bidang, seksi and UPT of each unit."""
    out: list[tuple[str, dict[str, object]]] = []
    for key, total in _each_unit(spot):
        small = key.startswith(("kec_", "bag_"))
        out.append((key, {
            "tipe": "-" if small else "A" if total > 100 else "B", "bidang": 0 if small else 4,
            "seksi": 5 if key.startswith("kec_") else 3,
            "upt": {"disdik": 0, "dinkes": 18, "dpupr": 3, "dlh": 2, "distan": 4}.get(key, 0),
        }))  # fmt: skip
    return _over(spot, "perangkat_daerah", out)


def belanja_unit(year: int) -> dict[str, tuple[int, int]]:
    """Anggaran and realisasi by unit key; RSUD stands at Dinkes, bagian at their own rows."""
    out: dict[str, tuple[int, int]] = {}
    for code, amounts in numbers.belanja_opd(year).items():
        key = "dinkes" if code == "RSUD" else _key(code)
        before = out.get(key, (0, 0))
        out[key] = (before[0] + int(amounts[0]), before[1] + int(amounts[1]))
    parts = ("setda", "bag_tapem", "bag_hukum", "bag_kesra", "bag_ekon", "bag_adbang", "bag_pbj",
             "bag_org", "bag_umum", "bag_prokopim")  # fmt: skip
    weights = (30, 7, 5, 14, 5, 6, 6, 5, 38, 12)
    plan, done = out["setda"]
    plans = spread(plan, weights)
    out |= dict(zip(parts, zip(plans, spread(done, plans), strict=True), strict=True))
    return out


def belanja_perangkat_daerah(spot: Spot) -> Rows:
    """Belanja by Perangkat Daerah; adds up to account 5."""
    return _over(spot, "perangkat_daerah", [
        (key, {"anggaran": money(plan), "realisasi": money(done)})
        for key, (plan, done) in belanja_unit(spot.year).items()
    ])  # fmt: skip


def perkembangan(spot: Spot) -> Rows:
    """Realised APBD of the years that the demo knows, and one before."""
    years = [y for y in numbers.YEARS if y <= spot.year]
    first = [numbers.account(years[0], c).realisasi for c in ("4", "5")]
    older = [(f * Decimal("0.95")).quantize(Decimal(1)) for f in first]
    lines = [(years[0] - 1, older[0], older[1])] + [
        (y, numbers.account(y, "4").realisasi, numbers.account(y, "5").realisasi) for y in years
    ]
    return rows_of([
        {"tahun": y, "pendapatan": money(a), "belanja": money(b)} for y, a, b in lines
    ])  # fmt: skip


def pdrb(spot: Spot) -> Rows:
    """PDRB by lapangan usaha, in million rupiah; the sums are the region's PDRB."""
    shares = (268, 96, 118, 1, 2, 112, 124, 46, 21, 38, 19, 24, 3, 67, 36, 18, 7)
    keys = ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "mn", "o", "p", "q", "r")
    nominal = spread(int(spot.figures["pdrb_adhb"] / 100_000), shares)  # tenths of a million
    real = spread(int(spot.figures["pdrb_adhk"] / 100_000), [s + 2 for s in shares])
    return [
        (f"lu_{key}", {"adhb": cell(Decimal(a) / 10), "adhk": cell(Decimal(b) / 10)})
        for key, a, b in zip(keys, nominal, real, strict=True)
    ]


def perbandingan(_spot: Spot) -> Rows:
    """Macro figures of the fictional province and of the nation, near the region's own."""
    values = {
        "ipm": ("73.42", "75.08"), "kemiskinan": ("7.91", "8.47"), "pengangguran": ("4.62", "4.85"),
        "pertumbuhan": ("5.21", "5.04"), "pendapatan": ("68450", "82360"),
        "ketimpangan": ("0.334", "0.375"),
    }  # fmt: skip
    return [(key, {"provinsi": a, "nasional": b}) for key, (a, b) in values.items()]


WRITERS: dict[str, TableWriter] = {
    "luas_kecamatan": luas, "ketinggian_kecamatan": ketinggian, "penduduk": penduduk,
    "penduduk_umur": umur, "penduduk_pekerjaan": pekerjaan, "penduduk_pendidikan": pendidikan,
    "kepadatan": kepadatan, "desa_kelurahan": desa, "unit_kerja": unit_kerja,
    "asn_golongan": golongan, "asn_pendidikan": asn_pendidikan, "asn_jabatan": asn_jabatan,
    "belanja_perangkat_daerah": belanja_perangkat_daerah, "perkembangan_apbd": perkembangan,
    "pdrb": pdrb, "perbandingan_makro": perbandingan,
}  # fmt: skip
