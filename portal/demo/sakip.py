"""SAKIP of the demo: pohon kinerja, IKU, Perjanjian Kinerja, Rencana Aksi, reviu.

The region's sasaran are those of the LPPD tables, so that the books say the same; the pilot units
have trees of their own whose programs carry the codes of the budget. Everything is made from a
seed; past years are typed, services of SPM fill the indicators that point at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.budget.models import BudgetLine
from portal.demo import tables_work
from portal.demo.contents import YEAR
from portal.demo.prose import rng_of
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.models import Position, Unit
from portal.people.region import region
from portal.people.rules import PORTAL
from portal.reports import flow_open
from portal.sakip import feeds, flow_pk, flow_plan, queries, rules, spec
from portal.sakip.models import (
    ActionPlan,
    Agreement,
    KinerjaIndicator,
    KinerjaNode,
    KinerjaQuarter,
    KinerjaYear,
    LkjReview,
)
from portal.trail import flow as trail

BY = "Data contoh"
SINCE, FINAL = 2021, 2026
NOW = YEAR + 1
#: Figures behind the region's indicators.
_POINTERS = {
    "Indeks Pembangunan Manusia": "indicator:makro.ipm",
    "Laju Pertumbuhan Ekonomi": "indicator:makro.pertumbuhan_ekonomi",
    "Angka Kemiskinan": "indicator:makro.kemiskinan",
    "Tingkat Pengangguran Terbuka": "indicator:makro.tpt",
}  # fmt: skip
_HOLDERS = {
    "Harapan Lama Sekolah": "DISDIK", "Rata-rata Lama Sekolah": "DISDIK",
    "Usia Harapan Hidup": "DINKES", "Prevalensi Stunting": "DINKES",
    "Tingkat kemantapan jalan kabupaten": "DPUPR", "Indeks Kualitas Lingkungan Hidup": "DLH",
    "Nilai AKIP": "BAG-ORG", "Indeks Reformasi Birokrasi": "BAG-ORG",
    "Indeks Kepuasan Masyarakat": "BAG-ORG", "Tingkat Pengangguran Terbuka": "DISNAKER",
    "Angka Kemiskinan": "DINSOS",
}  # fmt: skip
_BESIDE = {
    "Indeks Pembangunan Manusia": ("73.42", "75.08"), "Usia Harapan Hidup": ("72.90", "73.20"),
    "Harapan Lama Sekolah": ("12.97", "13.21"), "Laju Pertumbuhan Ekonomi": ("5.21", "5.04"),
    "Angka Kemiskinan": ("7.91", "8.47"), "Tingkat Pengangguran Terbuka": ("4.62", "4.85"),
}  # fmt: skip
_ULTIMATE = "Terwujudnya Kabupaten Contoh yang mandiri dan sejahtera"


class Ik(NamedTuple):
    """An indicator of a pilot unit: base = realisasi of the data year where no figure gives it."""

    title: str
    satuan: str
    target: str
    base: str = ""
    step: str = "0"
    direction: str = "up"
    pointer: str = ""
    roll: str = "last"
    final: str = ""
    national: str = ""
    formula: str = ""
    source: str = ""
    places: int = 2


class Goal(NamedTuple):
    """A sasaran of a pilot unit, below a sasaran of the region, with its programs by number."""

    title: str
    above: str
    programs: tuple[str, ...]  # third segment of the code
    indicators: tuple[Ik, ...]


def _shared(ikm: str, akip: str) -> Goal:
    return Goal(
        "Meningkatnya akuntabilitas kinerja dan kualitas pelayanan perangkat daerah",
        "Meningkatnya tata kelola pemerintahan", ("01",),
        (Ik("Nilai AKIP Perangkat Daerah", "nilai", "70", akip, "1.4", final="74",
            formula="Hasil evaluasi Inspektorat atas perencanaan, pengukuran, pelaporan, evaluasi",
            source="LHE AKIP Inspektorat"),
         Ik("Indeks Kepuasan Masyarakat", "indeks", "84", ikm, "0.6", final="86",
            formula="Jumlah nilai persepsi per unsur / jumlah unsur yang terisi x nilai penimbang",
            source="Survei kepuasan masyarakat")),
    )  # fmt: skip


GOALS: dict[str, tuple[Goal, ...]] = {
    "DINKES": (
        Goal("Meningkatnya akses dan mutu pelayanan kesehatan ibu dan anak",
             "Meningkatnya derajat kesehatan", ("02",),
             (Ik("Persentase ibu hamil mendapat pelayanan kesehatan sesuai standar", "%", "100",
                 pointer="service:KS1", final="100", national="100",
                 formula="Ibu hamil dengan pelayanan sesuai standar / sasaran ibu hamil x 100",
                 source="Laporan SPM bidang kesehatan"),
              Ik("Persentase balita mendapat pelayanan kesehatan sesuai standar", "%", "100",
                 pointer="service:KS4", final="100", national="100",
                 formula="Balita yang mendapat pelayanan sesuai standar / sasaran balita x 100",
                 source="Laporan SPM bidang kesehatan"),
              Ik("Angka Kematian Ibu", "per 100.000 kelahiran hidup", "125", "118", "-6",
                 "down_b", final="105", national="183", places=0,
                 formula="Jumlah kematian ibu / jumlah kelahiran hidup x 100.000",
                 source="Pencatatan kematian ibu Dinas Kesehatan"))),
        Goal("Menurunnya kesakitan akibat penyakit menular dan tidak menular",
             "Meningkatnya derajat kesehatan", ("03", "04", "05"),
             (Ik("Persentase orang terduga TBC mendapat pelayanan sesuai standar", "%", "100",
                 pointer="service:KS11", final="100", national="100",
                 formula="Orang terduga TBC yang diperiksa / sasaran terduga TBC x 100",
                 source="SITB"),
              Ik("Prevalensi balita stunting", "%", "16.5", "17.6", "-1.4", "down_a", final="12",
                 national="19.8",
                 formula="Balita stunting / balita yang diukur x 100", source="e-PPGBM"))),
        _shared("84.62", "71.35"),
    ),
    "DLH": (
        Goal("Meningkatnya kualitas air, udara, dan tutupan lahan",
             "Meningkatnya kualitas lingkungan hidup", ("02", "03", "04"),
             (Ik("Indeks Kualitas Lingkungan Hidup", "indeks", "76", "76.42", "0.40", final="78",
                 national="73.5", formula="0,376 IKA + 0,405 IKU + 0,219 IKL (bobot daerah)",
                 source="Laporan IKLH"),
              Ik("Jumlah pohon yang ditanam", "batang", "12000", "12640", "700", roll="sum",
                 final="13500", places=0, formula="Jumlah bibit yang ditanam dalam setahun",
                 source="Berita acara penanaman"))),
        Goal("Meningkatnya pengelolaan sampah", "Meningkatnya kualitas lingkungan hidup",
             ("05", "06", "07", "08", "11"),
             (Ik("Persentase sampah yang tertangani", "%", "68", "66.15", "2.2", final="72",
                 formula="Timbulan sampah yang tertangani / timbulan sampah x 100",
                 source="SIPSN"),)),
        _shared("83.05", "69.80"),
    ),
    "DISTAN": (
        Goal("Meningkatnya produksi dan produktivitas pertanian",
             "Meningkatnya pertumbuhan ekonomi daerah", ("02", "03", "05"),
             (Ik("Produktivitas padi", "ton/ha", "4.6", "4.52", "0.07", final="4.8",
                 national="5.3", formula="Produksi padi / luas panen", source="KSA dan ubinan"),
              Ik("Jumlah kelompok tani yang dibina", "kelompok", "240", "246", "12", roll="sum",
                 final="260", places=0, formula="Kelompok tani yang mendapat pembinaan",
                 source="Laporan penyuluh"))),
        Goal("Menurunnya kasus penyakit hewan menular", "Meningkatnya pertumbuhan ekonomi daerah",
             ("04", "06", "07"),
             (Ik("Jumlah kasus penyakit hewan menular", "kasus", "60", "52", "-5", "down_b",
                 final="45", places=0, roll="sum", formula="Kasus yang tercatat dalam setahun",
                 source="iSIKHNAS"),)),
        _shared("82.74", "68.90"),
    ),
    "DISKOMINFOTIK": (
        Goal("Meningkatnya penerapan pemerintahan berbasis elektronik",
             "Meningkatnya kualitas pelayanan publik", ("02", "03"),
             (Ik("Indeks SPBE", "indeks", "3.1", "3.18", "0.15", final="3.4", national="3.1",
                 formula="Nilai hasil pemantauan dan evaluasi SPBE", source="Kementerian PANRB"),
              Ik("Persentase perangkat daerah yang terhubung jaringan pemerintah daerah", "%",
                 "90", pointer="indicator:2.j.1", final="100",
                 formula="Perangkat daerah terhubung / jumlah perangkat daerah x 100",
                 source="Data infrastruktur Diskominfotik"))),
        _shared("84.10", "70.45"),
    ),
    "DINSOS": (
        Goal("Meningkatnya kesejahteraan pemerlu pelayanan kesejahteraan sosial",
             "Menurunnya kemiskinan", ("02", "03", "04", "05", "06", "07"),
             (Ik("Persentase penyandang disabilitas terlantar yang terpenuhi kebutuhan dasarnya",
                 "%", "100", pointer="service:SO1", final="100", national="100",
                 formula="Penyandang disabilitas terlantar yang dilayani / sasaran x 100",
                 source="Laporan SPM bidang sosial"),
              Ik("Persentase korban bencana yang terpenuhi kebutuhan dasarnya", "%", "100",
                 pointer="service:SO5", final="100", national="100",
                 formula="Korban bencana yang dilayani / korban bencana x 100",
                 source="Laporan SPM bidang sosial"))),
        _shared("83.90", "69.15"),
    ),
}  # fmt: skip

_HELPED = (
    "Dukungan kader dan pemerintah desa serta jadwal layanan yang disepakati sejak awal tahun",
    "Pembagian peran antarbidang dalam Rencana Aksi dan pemantauan setiap triwulan",
    "Data sasaran yang dimutakhirkan bersama perangkat daerah pengampu",
)  # fmt: skip
_HINDERED = (
    "Sebaran sasaran di kecamatan kepulauan dan perubahan data sasaran pada pertengahan tahun",
    "Keterbatasan tenaga teknis dan waktu pelaksanaan kegiatan yang bergeser ke triwulan IV",
)  # fmt: skip
_EFFORTS = (
    "Penjadwalan ulang layanan menurut musim dan pemutakhiran data sasaran setiap triwulan",
    "Penugasan khusus tenaga teknis dan percepatan pelaksanaan sejak triwulan I",
)  # fmt: skip


class _Maker:
    """Writes the rows; keeps ids by name."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.units = {u.code: u.id for u in session.scalars(sa.select(Unit))}
        self.goals: dict[str, int] = {}
        self.position = 0
        self.indicators: list[tuple[KinerjaIndicator, Ik, str]] = []

    def node(self, unit: str, level: str, title: str, parent: int | None, code: str = "") -> int:
        self.position += 10
        node = KinerjaNode(
            unit_id=self.units[unit], parent_id=parent, level=level, title=title[:600], code=code,
            position=self.position, since=SINCE,
        )  # fmt: skip
        self.session.add(node)
        self.session.flush()
        return int(node.id)

    def indicator(self, node_id: int, one: Ik, unit: str, holder: str) -> KinerjaIndicator:
        self.position += 10
        row = KinerjaIndicator(
            node_id=node_id, title=one.title, iku=True, satuan=one.satuan, places=one.places,
            definition=_definition(one), formula=one.formula, direction=one.direction,
            roll=one.roll, source=one.source, holder_unit_id=self.units[holder],
            pointer=one.pointer, final_year=FINAL,
            final_target=Decimal(one.final) if one.final else None, position=self.position,
            since=SINCE,
        )  # fmt: skip
        self.session.add(row)
        self.indicators.append((row, one, unit))
        return row


def _definition(one: Ik) -> str:
    return f"{one.title} pada akhir tahun, dinyatakan dalam {one.satuan}."


def load(db: Any) -> None:
    """Lay down SAKIP of this year and the beginning of the next."""
    session = db.session
    maker = _Maker(session)
    _region(maker)
    for code, goals in GOALS.items():
        _unit(maker, code, goals)
    session.flush()
    _years(maker)
    session.flush()
    _deadlines()
    for code in ("PEMDA", *GOALS):
        _plan(maker, code)
        _agree(maker, code)
    _review(maker)
    trail.record("sakip", "data contoh", "sakip", PORTAL, None, {"unit": len(GOALS) + 1})
    session.flush()


# --- trees ----------------------------------------------------------------------------------


def _region(maker: _Maker) -> None:
    top = maker.node("PEMDA", "ultimate", _ULTIMATE, None)
    for line in (*tables_work._KINERJA, *tables_work._LOWER):
        goal, title, satuan = line[0], line[1], line[2]
        if goal not in maker.goals:
            maker.goals[goal] = maker.node("PEMDA", "sasaran_pemda", goal, top)
        lower = line in tables_work._LOWER
        one = Ik(title, satuan, line[6], line[4], line[5], "down_a" if lower else "up",
                 _POINTERS.get(title, ""), final=line[7],
                 national=_BESIDE.get(title, ("", ""))[1],
                 formula="Menurut metode penghitungan instansi penerbit data",
                 source="BPS" if title in _POINTERS else "Perangkat daerah pengampu")  # fmt: skip
        maker.indicator(maker.goals[goal], one, "PEMDA", _HOLDERS.get(title, "BAPPEDA"))


def _unit(maker: _Maker, code: str, goals: Sequence[Goal]) -> None:
    rows = list(maker.session.execute(
        sa.select(BudgetLine.kode, BudgetLine.uraian)
        .where(BudgetLine.year == YEAR, BudgetLine.unit_id == maker.units[code])
        .order_by(BudgetLine.kode)
    ))  # fmt: skip
    programs = [(k, u) for k, u in rows if k.count(".") == 2]
    for goal in goals:
        node = maker.node(code, "sasaran_opd", goal.title, maker.goals[goal.above])
        for one in goal.indicators:
            maker.indicator(node, one, code, code)
        for kode, title in programs:
            if kode.split(".")[2] not in goal.programs:
                continue
            below = maker.node(code, "program", title, node, kode)
            for each, words in rows:
                if each.startswith(f"{kode}.") and each.count(".") == 4:
                    deep = maker.node(code, "kegiatan", words, below, each)
                    if code == "DINKES":
                        for leaf, said in rows:
                            if leaf.startswith(f"{each}.") and leaf.count(".") == 5:
                                maker.node(code, "sub_kegiatan", said, deep, leaf)


# --- years ----------------------------------------------------------------------------------


def _years(maker: _Maker) -> None:
    """Targets of every year, realisasi of the past ones, words and standards of this one."""
    for n, (row, one, unit) in enumerate(maker.indicators):
        step = Decimal(one.step)
        for year in range(YEAR - 4, NOW + 1):
            past = year < YEAR and bool(one.base)
            here = KinerjaYear(
                indicator_id=row.id, year=year, by_label=BY, standard_note="", support="",
                obstacle="", effort="", target=Decimal(one.target) + _toward(one, step, year),
                realised=Decimal(one.base) + step * (year - YEAR) if past else None,
            )  # fmt: skip
            if year == YEAR:
                here.support = _HELPED[n % len(_HELPED)]
                here.obstacle = _HINDERED[n % len(_HINDERED)]
                here.effort = _EFFORTS[n % len(_EFFORTS)]
                if one.national:
                    here.national = Decimal(one.national)
                    here.standard_note = "Angka pembanding rekaan"
                beside = _BESIDE.get(one.title) if unit == "PEMDA" else None
                if beside:
                    here.provincial = Decimal(beside[0])
            maker.session.add(here)


def _toward(one: Ik, step: Decimal, year: int) -> Decimal:
    """How a target moves with the years; 100 % stays 100 %."""
    return Decimal(0) if one.pointer.startswith("service:") else step * (year - YEAR)


_WAY = (Decimal("0.25"), Decimal("0.50"), Decimal("0.75"), Decimal(1))


def _deadlines() -> None:
    """The Jadwal of the next year; what has passed is set ahead, so that nothing is late yet."""
    soon = people.today() + timedelta(days=12)
    for kind, period in (("pk", ""), ("renaksi", ""), *(("renaksi", q) for q in rules.QUARTERS)):
        row = flow_open.ensure_deadline(kind, NOW, period, "unit")
        if row.internal < soon:
            row.internal, row.official = soon, soon + timedelta(days=14)
            row.basis = "Jadwal latihan (data contoh)"


def _plan(maker: _Maker, code: str) -> None:
    """Rencana Aksi: this year filled and sent; of the next year the first two triwulan."""
    mine = [(row, one) for row, one, unit in maker.indicators if unit == code]
    for year in (YEAR, NOW):
        through = 4 if year == YEAR else 2
        for row, one in mine:
            _quarters(maker, row, one, year, through)
        sent_on = datetime(year, 2, 3, 1, 12, tzinfo=UTC)
        sent = {"RENCANA": [sent_on.isoformat(), BY]}
        for n, quarter in enumerate(rules.QUARTERS[: through if year == YEAR else 1], start=1):
            sent[quarter] = [(sent_on + timedelta(days=91 * n)).isoformat(), BY]
        maker.session.add(ActionPlan(unit_id=maker.units[code], year=year, version=2, sent=sent))
    maker.session.flush()


def _quarters(
    maker: _Maker, row: KinerjaIndicator, one: Ik, year: int, through: int
) -> None:  # fmt: skip
    step = Decimal(one.step)
    goal = Decimal(one.target) + _toward(one, step, year)
    done = Decimal(one.base) + step * (year - YEAR) if one.base else None
    rng = rng_of("renaksi", one.title, year)
    spot = Decimal(1).scaleb(-one.places)
    served = one.pointer.startswith("service:")
    for n, quarter in enumerate(rules.QUARTERS):
        if one.roll == "sum":
            target = _share(goal, n, spot)
            realised = _share(done, n, spot) if done is not None else None
        elif served:
            target, realised = (goal * _WAY[n]).quantize(spot), None
        else:
            drift = (Decimal(3 - n) * step / 4).quantize(spot)
            target = goal - drift
            realised = done - drift if done is not None else None
        known = n < through and realised is not None and not one.pointer
        behind = known and not rules.reached(one.direction, target, realised)
        told = behind or (served and n < through)
        maker.session.add(KinerjaQuarter(
            indicator_id=row.id, year=year, quarter=quarter, target=target, by_label=BY,
            realised=realised if known else None,
            action=f"Pelaksanaan kegiatan triwulan {('I', 'II', 'III', 'IV')[n]} menurut jadwal "
            "dan pemantauan bersama bidang teknis",
            obstacle=_HINDERED[rng.randint(0, 1)] if told else "",
            follow_up=_EFFORTS[rng.randint(0, 1)] if told else "",
        ))  # fmt: skip


def _share(value: Decimal, n: int, spot: Decimal) -> Decimal:
    """A quarter of the year that adds up exactly."""
    first = (value / 4).quantize(spot)
    return first if n < 3 else value - 3 * first


# --- Perjanjian Kinerja and reviu -----------------------------------------------------------


def _agree(maker: _Maker, code: str) -> None:
    """Agreed for this year; for the next one they wait on different desks."""
    unit = maker.units[code]
    form = "kepala_daerah" if code == "PEMDA" else "pd"
    signed = date(YEAR, 3, 10)  # after the new bupati took office
    who = (form, *_parties(maker, code))
    row = _row(maker, unit, who, signed, year=YEAR)
    if code == "DINKES":
        row.state = "diganti"
        _row(maker, unit, who, date(YEAR, 10, 13), year=YEAR, number=1,
             reason="Penyesuaian anggaran pada Perubahan APBD")  # fmt: skip
    waits = {"PEMDA": "disepakati", "DINKES": "pihak_kedua", "DLH": "pihak_kesatu",
             "DISTAN": "draf"}.get(code, "disepakati")  # fmt: skip
    later = _row(maker, unit, who, date(NOW, 1, 15), year=NOW)
    later.state = waits
    if waits in ("draf", "pihak_kesatu"):
        later.first_at, later.first_by = None, ""
    if waits != "disepakati":
        later.second_at, later.second_by = None, ""
    if waits == "draf":
        later.content, later.signed_on = {}, None


def _parties(maker: _Maker, code: str) -> tuple[int, int | None]:
    leader = queries.position_of(maker.units["PEMDA"], Role.PIMPINAN)
    assert leader is not None  # noqa: S101 - the demo has a bupati
    if code == "PEMDA":
        return leader, None
    head = queries.position_of(maker.units[code], Role.KEPALA)
    assert head is not None  # noqa: S101 - pilots have heads
    return head, leader


def _row(
    maker: _Maker, unit: int, who: tuple[str, int, int | None], on: date, *, year: int,
    number: int = 0, reason: str = "",
) -> Agreement:  # fmt: skip
    form, first, second = who
    at = datetime(on.year, on.month, on.day, 1, 30, tzinfo=UTC)
    row = Agreement(
        year=year, unit_id=unit, form=form, number=number, nodes=[], reason=reason, content={},
        first_position_id=first, second_position_id=second, state="disepakati", signed_on=on,
        since=at, first_at=at, first_by=_label(maker, first), version=3,
        second_at=at + timedelta(hours=2) if second else None,
        second_by=_label(maker, second) if second else "",
    )  # fmt: skip
    maker.session.add(row)
    maker.session.flush()
    row.content = flow_pk.live_content(row)
    told = {"pihak": [row.first_by, row.second_by], "tanggal": on.isoformat()}
    trail.record(f"sakip:{year}", "data contoh", f"agreement:{row.id}", PORTAL, None, told)
    return row


def _label(maker: _Maker, position_id: int) -> str:
    found = maker.session.get(Position, position_id)
    return f"{BY} ({found.title})" if found else BY


def _review(maker: _Maker) -> None:
    """The LKjIP of the region was reviewed, so that its Pernyataan is bound in."""
    unit = people.unit_info(maker.units["PEMDA"], people.today())
    assert unit is not None  # noqa: S101 - the demo has its region
    on = min(date(YEAR + 1, 3, 20), people.today())
    answers = {c.key: "ya" for c in spec.current().review.checklist}
    title = feeds.title_of(region(people.today()))
    maker.session.add(LkjReview(
        year=YEAR, unit_id=unit.id, number=f"700/21/ITDA/{YEAR + 1} (contoh)", on=on,
        statement=flow_plan.statement_of(YEAR, unit, title), checklist=answers,
        print=flow_plan.fingerprint(YEAR, unit), by_label="Tim Reviu Inspektorat (contoh)",
        at=datetime(on.year, on.month, on.day, 2, 0, tzinfo=UTC),
    ))  # fmt: skip
