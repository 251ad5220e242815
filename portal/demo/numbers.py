"""Numbers of the fictional Kabupaten Contoh that several books share and that add up.

Everything is made from a seed: the same call gives the same number on every machine. People are
counted once, by kecamatan, sex and single year of age; every other population figure is a sum of
those. Money is in whole rupiah (Decimal); budget lines add up to their parents.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

SEED = "selaras-contoh-1"
YEARS = (2022, 2023, 2024, 2025)
OLDEST = 85  # the last single year of age stands for 85 and older


@dataclass(frozen=True)
class Kecamatan:
    """A kecamatan: code of its unit, name, capital, area in km2, desa and kelurahan."""

    code: str
    name: str
    seat: str
    area: Decimal
    desa: int
    kelurahan: int
    weight: int  # share of the region's people, in thousandths
    height: str  # where it lies


KECAMATAN: tuple[Kecamatan, ...] = tuple(
    Kecamatan(code, name, seat, Decimal(area), desa, kelurahan, weight, height)
    for code, name, seat, area, desa, kelurahan, weight, height in (
        ("KEC-01", "Contoh Kota", "Contoh", "84.36", 2, 6, 216, "dataran rendah"),
        ("KEC-02", "Contoh Utara", "Sukamaju", "173.52", 9, 1, 112, "dataran rendah"),
        ("KEC-03", "Contoh Selatan", "Karang Jaya", "201.18", 11, 0, 98, "dataran rendah"),
        ("KEC-04", "Contoh Timur", "Tirta Asri", "188.07", 10, 1, 103, "pesisir"),
        ("KEC-05", "Contoh Barat", "Mekar Sari", "264.90", 12, 0, 84, "perbukitan"),
        ("KEC-06", "Muara Teladan", "Muara Teladan", "312.44", 10, 0, 78, "pesisir"),
        ("KEC-07", "Teluk Teladan", "Bahari", "276.13", 9, 0, 66, "pesisir"),
        ("KEC-08", "Tanjung Harapan", "Harapan Baru", "239.75", 8, 0, 58, "pesisir"),
        ("KEC-09", "Bukit Damai", "Damai", "405.61", 11, 0, 54, "perbukitan"),
        ("KEC-10", "Hulu Sejahtera", "Sejahtera", "687.29", 13, 0, 49, "pegunungan"),
        ("KEC-11", "Rimba Makmur", "Makmur", "794.83", 12, 0, 45, "pegunungan"),
        ("KEC-12", "Pulau Permai", "Permai", "131.92", 7, 0, 37, "kepulauan"),
    )
)

#: People of the region at the end of a year.
_PEOPLE = {2022: 258_940, 2023: 261_873, 2024: 264_718, 2025: 267_526}


def spread(total: int, weights: Iterable[int | Decimal]) -> list[int]:
    """``total`` in whole shares that follow ``weights`` and add up exactly (largest rest)."""
    parts = [Decimal(w) for w in weights]
    whole = sum(parts, Decimal(0))
    exact = [Decimal(total) * w / whole for w in parts]
    shares = [int(x) for x in exact]
    order = sorted(range(len(parts)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def _age_weights(sex: str) -> list[int]:
    """How many of a thousand people are of each age: a young region with a thin top."""
    weights = []
    for age in range(OLDEST):
        base = 1840 - 4 * age if age < 25 else 1740 - 17 * (age - 25)
        if age > 50:
            base -= 17 * (age - 50)
        weights.append(max(base + (age % 5 == 0) * 50, 140))
    weights.append(520 if sex == "P" else 380)
    return weights


@cache
def _table(year: int) -> dict[tuple[str, str, int], int]:
    """People by kecamatan code, sex and age at the end of ``year``."""
    rng = random.Random(f"{SEED}:people:{year}")  # noqa: S311 - demo data
    shares = spread(_PEOPLE[year], [k.weight * 1000 + rng.randint(-900, 900) for k in KECAMATAN])
    out = {}
    for kecamatan, people in zip(KECAMATAN, shares, strict=True):
        men, women = spread(people, [5085 + rng.randint(-25, 25), 4915])
        for sex, count in (("L", men), ("P", women)):
            for age, n in enumerate(spread(count, _age_weights(sex))):
                out[kecamatan.code, sex, age] = n
    return out


def people(year: int, low: int = 0, high: int = OLDEST, sex: str = "", kecamatan: str = "") -> int:
    """Number of people aged ``low`` to ``high`` (both included; OLDEST means and older)."""
    return sum(
        n
        for (code, s, age), n in _table(year).items()
        if low <= age <= high and (not sex or s == sex) and (not kecamatan or code == kecamatan)
    )


def households(year: int, kecamatan: str = "") -> int:
    """Number of keluarga/rumah tangga; a kecamatan's adds up to the region's."""
    if kecamatan:
        return int(Decimal(people(year, kecamatan=kecamatan)) / Decimal("3.74"))
    return sum(households(year, k.code) for k in KECAMATAN)


def area() -> Decimal:
    """Area of the region in km2."""
    return sum((k.area for k in KECAMATAN), Decimal(0))


@dataclass(frozen=True)
class BudgetLine:
    """One account of the APBD; level 1 is Pendapatan, Belanja, Pembiayaan."""

    code: str
    title: str
    level: int
    anggaran: Decimal
    realisasi: Decimal


#: Leaves of the APBD 2025 (Kepmendagri 900.1.15.5-1317/2023 names accounts): code, title,
#: anggaran in million rupiah, realised share in tenths of a percent.
_LEAVES = (
    ("4.1.01", "Pajak Daerah", 96_450, 1012),
    ("4.1.02", "Retribusi Daerah", 21_380, 887),
    ("4.1.03", "Hasil Pengelolaan Kekayaan Daerah yang Dipisahkan", 12_640, 1000),
    ("4.1.04", "Lain-lain PAD yang Sah", 68_915, 941),
    ("4.2.01", "Pendapatan Transfer Pemerintah Pusat", 1_148_270, 983),
    ("4.2.02", "Pendapatan Transfer Antar Daerah", 84_560, 936),
    ("4.3.03", "Lain-lain Pendapatan Sesuai dengan Ketentuan Peraturan Perundang-undangan",
     9_250, 904),
    ("5.1.01", "Belanja Pegawai", 552_840, 967),
    ("5.1.02", "Belanja Barang dan Jasa", 371_260, 931),
    ("5.1.04", "Belanja Subsidi", 1_500, 962),
    ("5.1.05", "Belanja Hibah", 38_740, 948),
    ("5.1.06", "Belanja Bantuan Sosial", 9_870, 912),
    ("5.2.01", "Belanja Modal Tanah", 6_320, 874),
    ("5.2.02", "Belanja Modal Peralatan dan Mesin", 61_480, 939),
    ("5.2.03", "Belanja Modal Gedung dan Bangunan", 84_230, 918),
    ("5.2.04", "Belanja Modal Jalan, Jaringan, dan Irigasi", 129_750, 926),
    ("5.2.05", "Belanja Modal Aset Tetap Lainnya", 7_640, 951),
    ("5.3.01", "Belanja Tidak Terduga", 12_000, 438),
    ("5.4.01", "Belanja Bagi Hasil", 11_780, 968),
    ("5.4.02", "Belanja Bantuan Keuangan", 195_340, 994),
    ("6.1.01", "Sisa Lebih Perhitungan Anggaran Tahun Sebelumnya", 46_285, 1000),
    ("6.2.02", "Penyertaan Modal Daerah", 5_000, 1000),
)  # fmt: skip
_PARENTS = (
    ("4", "PENDAPATAN DAERAH"), ("4.1", "Pendapatan Asli Daerah (PAD)"),
    ("4.2", "Pendapatan Transfer"), ("4.3", "Lain-lain Pendapatan Daerah yang Sah"),
    ("5", "BELANJA DAERAH"), ("5.1", "Belanja Operasi"), ("5.2", "Belanja Modal"),
    ("5.3", "Belanja Tidak Terduga"), ("5.4", "Belanja Transfer"),
    ("6", "PEMBIAYAAN DAERAH"), ("6.1", "Penerimaan Pembiayaan"),
    ("6.2", "Pengeluaran Pembiayaan"),
)  # fmt: skip
_GROWTH = {2022: Decimal("0.87"), 2023: Decimal("0.92"), 2024: Decimal("0.965"), 2025: Decimal(1)}


@cache
def apbd(year: int) -> tuple[BudgetLine, ...]:
    """The APBD of ``year`` in the order of its codes; every parent is the sum of its leaves.

    Pembiayaan (6) is netto: penerimaan less pengeluaran. Realisasi belum diaudit.
    """
    rng = random.Random(f"{SEED}:apbd:{year}")  # noqa: S311 - demo data
    amounts: dict[str, tuple[Decimal, Decimal]] = {}
    for code, _title, million, share in _LEAVES:
        plan = (Decimal(million) * 1_000_000 * _GROWTH[year]).quantize(Decimal(1))
        plan += rng.randint(-400_000, 400_000)
        done = plan if share == 1000 else plan * (share + rng.randint(-6, 6)) / 1000
        amounts[code] = (plan, done.quantize(Decimal(1)))
    titles = {code: title for code, title, *_ in _LEAVES}
    lines = [BudgetLine(code, titles[code], 3, *pair) for code, pair in amounts.items()]
    for code, title in _PARENTS:
        under = [(c, pair) for c, pair in amounts.items() if c.startswith(f"{code}.")]
        plan = sum((-p[0] if code == "6" and c.startswith("6.2") else p[0] for c, p in under),
                   Decimal(0))  # fmt: skip
        done = sum((-p[1] if code == "6" and c.startswith("6.2") else p[1] for c, p in under),
                   Decimal(0))  # fmt: skip
        lines.append(BudgetLine(code, title, code.count(".") + 1, plan, done))
    return tuple(sorted(lines, key=lambda line: line.code))


def account(year: int, code: str) -> BudgetLine:
    """One line of the APBD by its code; KeyError when there is none."""
    for line in apbd(year):
        if line.code == code:
            return line
    raise KeyError(code)


#: Share of each unit in the belanja of the region, in hundredths of a percent.
_OPD_SHARES = {
    "DISDIK": 2740, "DINKES": 1120, "RSUD": 780, "DPUPR": 1190, "DPERKIM": 240,
    "SATPOLPP": 135, "BPBD": 85, "DINSOS": 110, "DISNAKER": 62, "DP3AP2KB": 95,
    "DKETAPANG": 58, "DLH": 142, "DISDUKCAPIL": 74, "DPMD": 88, "DISHUB": 92,
    "DISKOMINFOTIK": 96, "DISKOPDAG": 90, "DPMPTSP": 66, "DISPORAPAR": 108, "DISPUSIP": 60,
    "DISKAN": 84, "DISTAN": 150, "DISPERIN": 54, "SETDA": 420, "SETWAN": 300,
    "INSPEKTORAT": 105, "BAPPEDA": 112, "BPKAD": 640, "BAPENDA": 118, "BKPSDM": 92,
    "KESBANGPOL": 80,
    "KEC-01": 74, "KEC-02": 36, "KEC-03": 31, "KEC-04": 35, "KEC-05": 30, "KEC-06": 28,
    "KEC-07": 28, "KEC-08": 26, "KEC-09": 26, "KEC-10": 28, "KEC-11": 27, "KEC-12": 25,
}  # fmt: skip


@cache
def belanja_opd(year: int) -> dict[str, tuple[Decimal, Decimal]]:
    """Anggaran and realisasi of belanja by unit code; the sums are account 5 of the APBD.

    Belanja transfer and tidak terduga stand at BPKAD, as SKPKD.
    """
    line = account(year, "5")
    central = sum((account(year, c).anggaran for c in ("5.3", "5.4")), Decimal(0))
    central_done = sum((account(year, c).realisasi for c in ("5.3", "5.4")), Decimal(0))
    plans = spread(int(line.anggaran - central), _OPD_SHARES.values())
    rng = random.Random(f"{SEED}:opd:{year}")  # noqa: S311 - demo data
    weights = [
        int(plan * Decimal(rng.randint(925, 963)) / 1000) for plan in plans
    ]  # realised by unit before it is made to add up
    dones = spread(int(line.realisasi - central_done), weights)
    out = {
        code: (Decimal(p), Decimal(d)) for code, p, d in zip(_OPD_SHARES, plans, dones, strict=True)
    }
    plan, done = out["BPKAD"]
    out["BPKAD"] = (plan + central, done + central_done)
    return out
