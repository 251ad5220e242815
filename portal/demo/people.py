"""People of the fictional region: made from a seed, with NIPs that are right in shape only.

Every name is put together from lists and every NIP ends in a serial of the 900s, so that nobody
real is meant; the pages say DATA CONTOH besides.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal import clock, store
from portal.demo import emblem, region
from portal.demo.region import SINCE, DemoUnit
from portal.people import accounts, queries
from portal.people.models import (
    Duty,
    Person,
    Position,
    Setting,
    Term,
    Unit,
    UnitSuccession,
    UnitVersion,
    Wave,
    WaveUnit,
)
from portal.people.rules import PORTAL
from portal.trail import flow as trail

SEED = "selaras-orang-1"
PASSWORD = "contoh-selaras"  # noqa: S105 - printed for everybody who runs the demo

_MEN = (
    "Ahmad", "Andi", "Arif", "Bambang", "Budi", "Dedi", "Edi", "Eko", "Fajar", "Gunawan",
    "Hadi", "Hendra", "Heru", "Irfan", "Iwan", "Joko", "Lukman", "Made", "Muhammad", "Nyoman",
    "Rahmat", "Rizal", "Rudi", "Samsul", "Slamet", "Sofyan", "Surya", "Teguh", "Wahyu", "Yusuf",
)  # fmt: skip
_WOMEN = (
    "Aminah", "Ani", "Ayu", "Citra", "Dewi", "Diah", "Eka", "Endang", "Fatimah", "Fitri",
    "Hasnah", "Indah", "Kartika", "Lestari", "Lina", "Maya", "Murni", "Nur", "Putri", "Ratna",
    "Rina", "Siti", "Sri", "Tri", "Tuti", "Wahyuni", "Wati", "Yanti", "Yuliana", "Zahra",
)  # fmt: skip
_FAMILY = (
    "Abidin", "Basri", "Firmansyah", "Halim", "Hartono", "Hidayat", "Ibrahim", "Ismail",
    "Kurniawan", "Kusuma", "Mahmud", "Mansyur", "Maulana", "Nasution", "Nugroho", "Permana",
    "Pratama", "Purnomo", "Ramadhan", "Saputra", "Santoso", "Setiawan", "Siregar", "Suharto",
    "Sulaiman", "Syahrir", "Wibowo", "Wijaya", "Zulkarnain", "Rachman",
)  # fmt: skip
_FEMININE = (
    "Anggraini", "Handayani", "Hasanah", "Lestari", "Marlina", "Rahayu", "Suryani", "Susanti",
    "Utami", "Wulandari", "Yulianti", "Pertiwi", "Puspitasari", "Rahmawati", "Safitri",
)  # fmt: skip
_RANKS = {
    "IV/c": "Pembina Utama Muda", "IV/b": "Pembina Tingkat I", "IV/a": "Pembina",
    "III/d": "Penata Tingkat I", "III/c": "Penata", "III/b": "Penata Muda Tingkat I",
    "III/a": "Penata Muda", "II/d": "Pengatur Tingkat I",
}  # fmt: skip
_HEAD_RANK = {"bagian": "IV/a", "kecamatan": "IV/a", "kelurahan": "III/d", "upt": "IV/a"}
#: Unit, role and rank of a jabatan.
Key = tuple[str, str, int]
_MASTERS = ("M.Si.", "M.M.", "M.A.P.", "M.T.", "M.Kes.", "M.H.")
_BACHELORS = ("S.E.", "S.Sos.", "S.T.", "S.IP.", "S.Kom.", "S.P.", "S.K.M.", "A.Md.")


@dataclass(frozen=True)
class Seat:
    """One jabatan of the demo with the golongan of who holds it."""

    unit: str
    role: str
    title: str
    golongan: str = "III/c"
    rank: int = 0


#: Jabatan beside head, verifikator and operator of every unit.
_MORE = (
    *(Seat("INSPEKTORAT", "apip", title, gol, n) for n, (title, gol) in enumerate((
        ("Auditor Ahli Madya, Irban I", "IV/a"), ("Auditor Ahli Muda, Irban I", "III/d"),
        ("Auditor Ahli Muda, Irban II", "III/d"), ("Auditor Ahli Pertama, Irban II", "III/b"),
        ("PPUPD Ahli Muda, Irban III", "III/c"), ("PPUPD Ahli Pertama, Irban IV", "III/b"),
    ))),
    Seat("BAG-TAPEM", "sekretariat", "Sekretariat LPPD, Analis Kebijakan Ahli Muda", "III/d"),
    Seat("BAG-TAPEM", "sekretariat", "Sekretariat LPPD, Pengolah Data", "III/b", 1),
    Seat("BAG-TAPEM", "sekretariat", "Sekretariat SPM, Analis Kebijakan", "III/c", 2),
    Seat("BAPPEDA", "sekretariat", "Sekretariat LKPJ, Perencana Ahli Muda", "III/d"),
    Seat("BAPPEDA", "sekretariat", "Sekretariat LKPJ, Perencana Ahli Pertama", "III/b", 1),
    Seat("BAG-ORG", "sekretariat", "Sekretariat SAKIP, Analis Kinerja", "III/c"),
    Seat("DISKOMINFOTIK", "admin", "Admin Selaras, Pranata Komputer Ahli Muda", "III/d"),
    Seat("BAG-PBJ", "ukpbj", "Pengelola PBJ Ahli Muda, Pokja Pemilihan", "III/d"),
    Seat("BPKAD", "bud", "Kuasa BUD", "IV/a"),
    Seat("SETDA", "pimpinan", "Asisten Perekonomian dan Pembangunan", "IV/b", 3),
)  # fmt: skip
_FINANCE_UNITS = ("DPUPR", "DINKES")
#: Fields of work with a PPK and a PPTK of their own.
_FIELDS = {
    "DPUPR": ("Bina Marga", "Sumber Daya Air"),
    "DINKES": ("Sarana Kesehatan", "Pelayanan Kesehatan"),
    "DISDIK": ("Sarana Prasarana",),
    "DPERKIM": ("Permukiman",),
    "DISHUB": ("Lalu Lintas",),
    "DISTAN": ("Prasarana Pertanian",),
    "DLH": ("Persampahan",),
    "DISKAN": ("Perikanan Tangkap",),
}


def _finance(unit: DemoUnit) -> Iterator[Seat]:
    short = unit.short
    for n, field in enumerate(_FIELDS[unit.code]):
        yield Seat(unit.code, "ppk", f"PPK {field} {short}", "III/d", n)
        yield Seat(unit.code, "pptk", f"PPTK {field} {short}", "III/c", n)
    yield Seat(unit.code, "bendahara", f"Bendahara Pengeluaran {short}", "III/b")
    yield Seat(unit.code, "ppk_skpd", f"PPK-SKPD {short} (Pejabat Penatausahaan Keuangan)",
               "III/d")  # fmt: skip


def seats() -> list[Seat]:
    """Every jabatan of the demo, in a fixed order."""
    found = [
        Seat("PEMDA", "pimpinan", "Bupati Contoh", "", 0),
        Seat("PEMDA", "pimpinan", "Wakil Bupati Contoh", "", 1),
    ]
    for unit in region.UNITS[1:]:
        found.append(Seat(unit.code, "kepala", unit.head, _HEAD_RANK.get(unit.kind, "IV/c")))
        if unit.kind in {"dinas", "badan", "inspektorat"} or unit.code == "SETWAN":
            title = f"Sekretaris {unit.short}" if unit.code != "SETWAN" else "Kabag Umum Setwan"
            found.append(Seat(unit.code, "verifikator", title, "IV/a"))
        if unit.code != "SETDA":
            found.append(Seat(unit.code, "operator", f"Operator {unit.short}", "III/a"))
        if unit.code in _FINANCE_UNITS:
            found.extend(_finance(unit))
    found += _MORE
    for unit in region.UNITS[1:]:  # last, so that nobody before them changes the name
        if unit.code in region.CONTRACT_PILOT and unit.code not in _FINANCE_UNITS:
            found.extend(_finance(unit))
    return found


class Register:
    """Makes fictional people that differ in name and NIP."""

    def __init__(self, pw_hash: str) -> None:
        self._random = random.Random(SEED)  # noqa: S311 - fiction, not a secret
        self._names: set[str] = set()
        self._pw_hash = pw_hash
        self._count = 0

    def person(self, golongan: str, login: str = "") -> Person:
        """One more person; a ``login`` of its own means somebody without a NIP."""
        woman = self._random.random() < 0.45
        name = ""
        while not name or name in self._names:
            first = self._random.choice(_WOMEN if woman else _MEN)
            last = self._random.choice((*_FAMILY, *_FEMININE) if woman else _FAMILY)
            name = f"{first} {last}" if first != last else ""
        self._names.add(name)
        self._count += 1
        nip = None if login else self._nip(woman, golongan)
        front, back = self._gelar(golongan)
        return Person(
            login=login or nip, nip=nip, name=name, gelar_depan=front, gelar_belakang=back,
            pangkat=_RANKS.get(golongan, ""), golongan=golongan, pw_hash=self._pw_hash,
            must_change_password=False,
        )  # fmt: skip

    def _nip(self, woman: bool, golongan: str) -> str:
        oldest = 1970 if golongan.startswith("IV") else 1980
        born = date(oldest, 1, 1) + timedelta(days=self._random.randrange(12 * 365))
        hired = born.year + self._random.randint(23, 29)
        month = self._random.choice((1, 3, 4, 12))
        return f"{born:%Y%m%d}{hired}{month:02d}{2 if woman else 1}{900 + self._count % 100}"

    def _gelar(self, golongan: str) -> tuple[str, str]:
        bachelor = self._random.choice(_BACHELORS[:7])
        if golongan.startswith("IV") or not golongan:
            front = self._random.choice(("Drs.", "Ir.", "", "", "", ""))
            master = self._random.choice(_MASTERS)
            return front, master if front else f"{bachelor}, {master}"
        return "", bachelor if golongan != "II/d" else "A.Md."


def load(db: Any) -> None:
    """Lay units, people, terms, duties, tahap and identity of the demo into an empty portal."""
    units = _units(db)
    _people(db, units)
    db.session.add_all(Duty(key=key, unit_id=units[code].id) for key, code in region.DUTIES.items())
    lambang = store.put(emblem.png(), "image/png")
    db.session.add_all(
        Setting(key=key, valid_from=SINCE, value=value, basis="Data contoh")
        for key, value in (region.IDENTITY | {"lambang": lambang.sha256}).items()
    )
    _waves(db, units)
    db.session.flush()
    trail.record("region", "demo.load", "region", PORTAL, None, {"units": len(units)})


def _units(db: Any) -> dict[str, Unit]:
    units = {unit.code: Unit(code=unit.code) for unit in region.UNITS}
    former = Unit(code="DISPERINDAG-2022")
    db.session.add_all([*units.values(), former])
    db.session.flush()
    split = date(2023, 1, 2)
    basis = "Peraturan Daerah Nomor 7 Tahun 2022 (contoh)"
    new = {"DISPERIN", "DISKOPDAG"}
    for position, unit in enumerate(region.UNITS):
        db.session.add(UnitVersion(
            unit_id=units[unit.code].id, valid_from=split if unit.code in new else SINCE,
            name=unit.name, short_name=unit.short, kind=unit.kind, position=position,
            parent_id=units[unit.parent].id if unit.parent else None,
            basis=basis if unit.code in new else "",
        ))  # fmt: skip
    db.session.add(UnitVersion(
        unit_id=former.id, valid_from=SINCE, valid_to=split, kind="dinas", position=30,
        name="Dinas Perindustrian, Perdagangan, Koperasi, Usaha Kecil dan Menengah",
        short_name="Disperindagkop", parent_id=units["PEMDA"].id,
    ))  # fmt: skip
    db.session.add_all(
        UnitSuccession(old_id=former.id, new_id=units[code].id, on=split, basis=basis)
        for code in sorted(new)
    )
    return units


def _people(db: Any, units: dict[str, Unit]) -> None:
    register = Register(accounts.hash_password(PASSWORD))
    positions: dict[Key, Position] = {}
    people: dict[Key, Person] = {}
    for seat in seats():
        key = (seat.unit, seat.role, seat.rank)
        position = Position(unit_id=units[seat.unit].id, role=seat.role, title=seat.title,
                            rank=seat.rank)  # fmt: skip
        db.session.add(position)
        positions[key] = position
        if key != ("DPERKIM", "kepala", 0):  # nobody is appointed there yet
            login = {"Bupati Contoh": "bupati", "Wakil Bupati Contoh": "wakil"}.get(seat.title, "")
            people[key] = register.person(seat.golongan, login)
            db.session.add(people[key])
    db.session.flush()
    for key, person in people.items():
        if key != ("SETDA", "kepala", 0):
            start = SINCE if person.nip else date(2025, 2, 20)
            _term(db, positions[key], person, start, "SK Bupati (contoh)")
    _special_terms(db, positions, people, register)


def _term(db: Any, position: Position, person: Person, start: date, sk: str, **more: Any) -> None:
    db.session.add(
        Term(position_id=position.id, person_id=person.id, valid_from=start, sk_no=sk, **more)
    )


def _special_terms(
    db: Any, positions: dict[Key, Position], people: dict[Key, Person], register: Register
) -> None:
    """The former bupati, a Pj. before the present Sekda, a Plt. where a dinas has no head."""
    former = register.person("", "bupati-2021")
    former.disabled_at = clock.now()
    bupati = positions["PEMDA", "pimpinan", 0]
    leader = Position(
        unit_id=bupati.unit_id, role="pimpinan", title="Sekretaris Daerah (pimpinan)", rank=2
    )
    db.session.add_all([former, leader])
    db.session.flush()
    _term(db, bupati, former, date(2021, 2, 26), "SK Mendagri (contoh)",
          valid_to=date(2025, 2, 19))  # fmt: skip
    seat, sekda = positions["SETDA", "kepala", 0], people["SETDA", "kepala", 0]
    _term(db, seat, people["SETDA", "pimpinan", 3], date(2024, 10, 1),
          "SK Bupati Nomor 821/410/2024 (contoh)", sifat="pj",
          valid_to=date(2025, 3, 2))  # fmt: skip
    for held in (seat, leader):
        _term(db, held, sekda, date(2025, 3, 3), "SK Bupati Nomor 821/77/2025 (contoh)")
    _term(db, positions["DPERKIM", "kepala", 0], people["DPERKIM", "verifikator", 0],
          date(2025, 11, 3), "Surat Perintah Nomor 800/512/2025 (contoh)",
          sifat="plt")  # fmt: skip


def _waves(db: Any, units: dict[str, Unit]) -> None:
    today = queries.today()
    opens = (min(date(2026, 1, 5), today), min(date(2026, 1, 19), today),
             date(max(today.year, 2026) + 1, 1, 4))  # fmt: skip
    for module in ("lppd", "lkpj", "spm", "sakip", "kontrak"):
        first = region.CONTRACT_PILOT if module == "kontrak" else region.FIRST
        second = () if module == "kontrak" else region.SECOND
        third = [u.code for u in region.UNITS[1:] if u.code not in {*first, *second}]
        for n, codes in enumerate((first, second, third)):
            wave = Wave(module=module, name=f"Tahap {n + 1}", opens_on=opens[n])
            db.session.add(wave)
            db.session.flush()
            db.session.add_all(
                WaveUnit(wave_id=wave.id, unit_id=units[code].id, since=SINCE) for code in codes
            )
