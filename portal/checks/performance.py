"""SAKIP beside the tables of reports: plan, Perjanjian Kinerja, Rencana Aksi, figures, LKjIP, LKE.

Each stands as a table of its own, so that the links of reuse.yaml can name them like any other:
``rencana`` (pohon kinerja, IKU), ``pk``, ``pk_anggaran``, ``dpa``, ``renaksi``, ``figur``, ``lkj``,
``lkj_anggaran``, ``lke`` and ``lke_lalu``. A fixed number of queries for all units together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.checks.sheet import Book, ColumnIn, LineIn, TableIn
from portal.db import db
from portal.lke import flow as lke
from portal.lke.models import Evaluation
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.rules import UnitInfo
from portal.reports.models import Report
from portal.sakip import achievements, queries, rules, spec
from portal.sakip.achievements import Line, Money
from portal.sakip.models import Agreement

KIND = "sakip"
#: The indicators of the region's LKjIP, matched with the LPPD by their words.
REGION = "kinerja_daerah"
PARTS = (REGION, "rencana", "pk", "pk_anggaran", "dpa", "renaksi", "figur", "lkj", "lkj_anggaran",
         "lke", "lke_lalu")  # fmt: skip
#: What a table is called in a sentence: title, and the page it stands on.
TITLES = {
    REGION: ("Indikator kinerja daerah", "Pohon Kinerja"),
    "rencana": ("Target IKU/Renstra", "Pohon Kinerja"),
    "pk": ("Lampiran target", "Perjanjian Kinerja"),
    "pk_anggaran": ("Lampiran anggaran", "Perjanjian Kinerja"),
    "dpa": ("Anggaran program (DPA/DPPA)", "Anggaran"),
    "renaksi": ("Rencana Aksi sampai triwulan IV", "Rencana Aksi"),
    "figur": ("Data/Indikator yang dirujuk IKU", "Data/Indikator"),
    "lkj": ("Capaian kinerja (III.1)", "LKjIP"),
    "lkj_anggaran": ("Realisasi anggaran (III.B)", "LKjIP"),
    "lke": ("Nilai akhir", "LKE AKIP"),
    "lke_lalu": ("Nilai tahun lalu", "LKE AKIP"),
}
_LABELS = {
    "target": "Target", "realisasi": "Realisasi", "akhir": "Target akhir", "capaian": "Capaian",
    "diketik": "Realisasi setahun yang diketik", "murni": "APBD murni", "pagu": "Pagu",
    "anggaran": "Anggaran", "nilai": "Nilai AKIP",
}  # fmt: skip
_MONEY = ("murni", "pagu", "anggaran")


@dataclass
class Year:
    """What is read once for all units of a year."""

    year: int
    units: Mapping[int, UnitInfo]

    @cached_property
    def lines(self) -> dict[int, list[Line]]:
        """Unit -> indicators it answers for, with the target of the plan (not of the PK)."""
        listed = [
            n for n in queries.nodes(self.year)
            if (u := self.units.get(n.unit_id)) and n.level in achievements.own_levels(u)
        ]  # fmt: skip
        found: dict[int, list[Line]] = {}
        for line in achievements.of_nodes(self.year, listed, None, back=0):
            found.setdefault(line.node.unit_id, []).append(line)
        return found

    @cached_property
    def agreed(self) -> dict[int, Agreement]:
        """Unit -> its newest agreed Perjanjian Kinerja."""
        found: dict[int, Agreement] = {}
        for row in db.session.scalars(
            sa.select(Agreement)
            .where(Agreement.year == self.year, Agreement.state == "disepakati",
                   Agreement.form.in_(("kepala_daerah", "pd")))
            .order_by(Agreement.number)
        ):  # fmt: skip
            found[row.unit_id] = row
        return found

    @cached_property
    def money(self) -> dict[int, list[Money]]:
        """Unit -> programs of its budget; the region has those of all units by name."""
        rows = achievements.money(self.year, [u for u, i in self.units.items()
                                              if i.kind != UnitKind.PEMDA])  # fmt: skip
        by: dict[int, list[Money]] = {}
        for row in rows:
            by.setdefault(row.unit_id, []).append(row)
        found = {unit: achievements.programs(listed) for unit, listed in by.items()}
        for unit in (u for u, i in self.units.items() if i.kind == UnitKind.PEMDA):
            found[unit] = achievements.programs(rows, by_name=True)
        return found

    @cached_property
    def evaluations(self) -> dict[tuple[int, int], Evaluation]:
        """(unit, year) -> finished evaluation of this year and the one before."""
        rows = db.session.scalars(
            sa.select(Evaluation)
            .where(Evaluation.year.in_((self.year, self.year - 1)), Evaluation.state == "selesai")
            .options(selectinload(Evaluation.grades))
        )  # fmt: skip
        return {(e.unit_id, e.year): e for e in rows}


def tables(
    year: int, units: Mapping[int, UnitInfo], reports: Iterable[Report], sent: frozenset[str],
) -> dict[tuple[str, str], list[TableIn]]:  # fmt: skip
    """All tables of SAKIP of a year; ``sent`` are codes of units whose budget was handed over.

    Rencana Aksi counts as far as it was sent; drafts of a Perjanjian Kinerja or of an evaluation
    do not count.
    """
    held, plans = Year(year, units), queries.plans(year)
    books = {r.owner_unit_id: r.id for r in reports if r.kind == KIND}
    compiler = units.get(people.duty_units("sekretariat_sakip")[0] or 0)
    out: dict[tuple[str, str], list[TableIn]] = {(KIND, part): [] for part in PARTS}
    asked = {*held.lines, *held.agreed, *(u for u, _ in held.evaluations)}
    for unit in sorted((units[u] for u in asked if u in units), key=lambda u: u.code):
        settler = unit.code
        if unit.kind == UnitKind.PEMDA and compiler is not None:
            settler = compiler.code
        name = "" if unit.kind == UnitKind.PEMDA else f" {unit.short_name}"
        book = Book(books.get(unit.id, 0), KIND, "", unit.code, f"SAKIP {year}{name}")
        stage = frozenset(plans[unit.id].sent) if unit.id in plans else frozenset()
        made = _unit(held, unit, stage, unit.kind == UnitKind.PEMDA or unit.code in sent)
        for part, lines in made.items():
            if lines:
                out[KIND, part].append(_table(book, settler, part, lines))
    return {key: found for key, found in out.items() if found}


def _table(book: Book, settler: str, part: str, lines: list[LineIn]) -> TableIn:
    title, section = TITLES[part]
    columns = {
        key: ColumnIn(key, label, "Rp" if key in _MONEY or part == "lkj_anggaran" else "", True,
                      True)
        for key, label in _LABELS.items()
    }  # fmt: skip
    return TableIn(book, 0, settler, part, "", title, section, columns, tuple(lines))


def _unit(
    held: Year, unit: UnitInfo, stage: frozenset[str], budget: bool
) -> dict[str, list[LineIn]]:
    pk, listed = held.agreed.get(unit.id), held.lines.get(unit.id, [])
    promised = {r["indicator"]: r for r in pk.content.get("rows", [])} if pk else {}
    made: dict[str, list[LineIn]] = {part: [] for part in PARTS}
    for line in listed:
        _indicator(made, line, promised.get(line.indicator.id), pk, stage,
                   unit.kind == UnitKind.PEMDA)  # fmt: skip
    if budget:
        _budget(made, held, unit, pk)
    _evaluated(made, held, unit, listed)
    return made


def _line(
    uid: str, title: str, address: str, numbers: Mapping[str, Decimal | None], satuan: str = ""
) -> LineIn:
    return LineIn(
        uid, f"“{title[:120]}”", {"indikator": title, "satuan": satuan},
        {k: v for k, v in numbers.items() if v is not None}, address=address,
    )  # fmt: skip


def _indicator(
    made: dict[str, list[LineIn]], line: Line, row: Mapping[str, str] | None,
    pk: Agreement | None, stage: frozenset[str], region: bool,
) -> None:  # fmt: skip
    """One indicator in every place where its numbers stand."""
    one, now = line.indicator, line.now
    uid, here, words = str(one.id), f"indikator:{one.id}", one.title
    typed = line.row.realised if line.row else None
    made["rencana"].append(
        _line(uid, words, here, {"target": now.target, "diketik": typed}, one.satuan)
    )
    target = now.target
    if row is not None and pk is not None:
        target = Decimal(row["target"]) if row["target"] else None
        made["pk"].append(_line(uid, words, f"pk:{pk.id}", {"target": target}, row["satuan"]))
    capaian = rules.achievement(one.direction, target, now.realised, spec.current().limits())
    told = _line(uid, words, here, {
        "target": target, "realisasi": now.realised, "capaian": capaian.value,
        "akhir": one.final_target,
    }, one.satuan)  # fmt: skip
    made["lkj"].append(told)
    if region:
        made[REGION].append(told)
    if one.pointer and now.origin == "figur":
        made["figur"].append(_line(uid, words, here, {"realisasi": now.realised}))
    made["renaksi"].append(_line(
        uid, words, f"renaksi:{line.node.unit_id}", _through(line, stage)))  # fmt: skip


def _through(line: Line, stage: frozenset[str]) -> dict[str, Decimal | None]:
    """Target and realisasi of the year as the triwulan give them, as far as they were sent."""
    goals = [line.quarter_target(q) for q in rules.QUARTERS]
    target = None
    if "RENCANA" in stage and all(g is not None for g in goals):
        known = [g for g in goals if g is not None]
        target = sum(known, Decimal(0)) if line.indicator.roll == "sum" else known[-1]
    done = [r.realised if (r := line.quarters.get(q)) else None for q in rules.QUARTERS]
    realised = None
    if "TW4" in stage and done[-1] is not None:
        _, realised = rules.to_date(line.indicator.roll, goals, done)
    return {"target": target, "realisasi": realised}


def _budget(
    made: dict[str, list[LineIn]], held: Year, unit: UnitInfo, pk: Agreement | None
) -> None:
    """Programs of DPA, Perjanjian Kinerja and LKjIP; the first PK is that of the APBD murni."""
    for row in held.money.get(unit.id, []):
        key = row.code or row.title.casefold()
        where = f"anggaran:{unit.id}"
        murni = row.pagu if row.murni is None else row.murni
        made["dpa"].append(_line(key, row.title, where, {"murni": murni, "pagu": row.pagu}))
        if unit.kind != UnitKind.PEMDA:
            made["lkj_anggaran"].append(
                _line(key, row.title, where,
                      {"pagu": row.pagu, "realisasi": row.realised}))  # fmt: skip
    column = "pagu" if pk is not None and pk.number else "murni"
    for each in pk.content.get("programs", []) if pk else []:
        amount = Decimal(each["amount"]) if each["amount"] else None
        key = each["code"] or each["title"].casefold()
        made["pk_anggaran"].append(
            _line(key, each["title"], f"pk:{pk.id if pk else 0}", {column: amount}))  # fmt: skip


def _evaluated(
    made: dict[str, list[LineIn]], held: Year, unit: UnitInfo, listed: list[Line]
) -> None:
    """The value of the LKE: as graded, as the next one names it, as the LKjIP reports it.

    A LKjIP may report the LHE of its own year or of the year before; it meets the newest one that
    says the same, else the one of its year.
    """
    now = held.evaluations.get((unit.id, held.year))
    before = held.evaluations.get((unit.id, held.year - 1))
    if now is not None and before is not None and now.prior_value is not None:
        words, title = f"lalu:{unit.id}", f"Nilai AKIP {held.year - 1}"
        made["lke"].append(
            _line(words, title, f"lke:{before.id}", {"nilai": lke.value(before).total})
        )
        made["lke_lalu"].append(_line(words, title, f"lke:{now.id}", {"nilai": now.prior_value}))
    graded = [(e, lke.value(e).total) for e in (now, before) if e is not None]
    for line in listed:
        if not graded or not line.indicator.title.casefold().startswith("nilai akip"):
            continue
        said = line.now.realised
        found, value = next((g for g in graded if g[1] == said), graded[0])
        uid = str(line.indicator.id)
        made["lke"].append(
            _line(uid, f"Nilai AKIP {found.year}", f"lke:{found.id}", {"realisasi": value})
        )
