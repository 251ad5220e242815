# ruff: noqa: E501 - one field a line
"""RAK rinci from a file of SIPD or BPKAD: row by row what it would set, and setting it.

Rows of several accounts of one sub kegiatan and source are added up; subtotals of the export
(program, kegiatan, account groups) are passed over so that nothing is counted twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa

from portal import clock
from portal.absorption import flow_lines, rules
from portal.absorption.flow_lines import Key
from portal.absorption.models import RakLine
from portal.absorption.rules import ZERO
from portal.budget.models import BudgetFund, BudgetLine, ImportRun
from portal.budget.rules import CodeError, clean_code
from portal.db import db
from portal.imports import flow as imports
from portal.imports import reading
from portal.imports.planning import Change, Plan, PlanRow
from portal.imports.reading import Row
from portal.imports.targets import MONTHS, Field, Target
from portal.indonesian import rupiah
from portal.people.rules import Actor
from portal.trail import flow as trail

# fmt: off
# headings are compared by their letters: "bulan_1" to "bulan_12" are twelve times "bulan"
RAK = Target("rak", "RAK rinci per sub kegiatan dan sumber dana", (
    Field("sub_kegiatan", "Kode sub kegiatan", "text", ("kode sub kegiatan", "kode sub giat", "sub kegiatan", "kode sbl", "kode kegiatan", "kode"), True, "1.03.10.2.01.0005"),
    Field("uraian", "Uraian", "text", ("uraian", "nama sub kegiatan", "nama sub giat", "uraian rekening", "nama rekening"), False, "Peningkatan jalan"),
    Field("opd", "Perangkat daerah", "text", ("opd", "nama opd", "skpd", "nama skpd", "nama sub skpd", "perangkat daerah", "satuan kerja"), False, "Dinas Kesehatan"),
    Field("dana", "Sumber dana", "text", ("sumber dana", "nama dana", "dana", "sumber pendanaan"), False, "PEN"),
    Field("rekening", "Kode rekening", "text", ("kode rekening", "kode akun", "rekening"), False, "5.2.04.01.01.0003"),
    Field("total", "Total RAK (Rp)", "rupiah", ("total rak", "total", "jumlah", "total setahun", "jumlah rak"), False, "1.200.000.000"),
    *(Field(f"b{n:02d}", name.capitalize(), "rupiah", (name, name[:3], f"bulan {name}"), n == 1, "100.000.000") for n, name in enumerate(MONTHS, 1)),
), False)
# fmt: on
_CODE = re.compile(r"\d[\d.]*\d")
#: An account of belanja (5.1 to 5.4); the bidang of a sub kegiatan has two digits (5.01).
_ACCOUNT = re.compile(r"5\.[1-4](\.|\s|$)")
#: Segments of a sub kegiatan: urusan, bidang, program, kegiatan (two), sub kegiatan.
_DEEP = 6


@dataclass
class Wanted:
    """What the file says of one unit, added up; ``first`` is the row that shows it."""

    rows: dict[Key, list[Decimal]] = field(default_factory=dict)
    first: dict[Key, PlanRow] = field(default_factory=dict)


@dataclass(frozen=True)
class _Line:
    """A row that was understood."""

    unit: int
    key: Key
    account: str
    months: list[Decimal]
    told: PlanRow


def read(data: bytes, name: str) -> imports.Read:
    """Take a file in and find its table, by a mapping that was kept when there is one."""
    return imports.read(RAK, data, name)


def plan(found: imports.Read, year: int, unit_id: int | None) -> tuple[Plan, dict[int, Wanted]]:
    """Row by row what the file would set, and the rows by unit.

    ``unit_id`` takes rows that name no Perangkat Daerah; with it, rows of others are refused.
    """
    sheet = found.sheets[found.layout.sheet]
    made, lines = Plan(RAK.key), []
    reader = _Reader(imports.unit_names(), unit_id, _budget(year))
    for row in reading.rows(RAK, sheet, found.layout, {}):
        told = PlanRow(row.line, "", row.cells.get("uraian", ""), problems=list(row.problems),
                       notes=list(row.notes))  # fmt: skip
        made.rows.append(told)
        one = reader.line(row, told)
        if one is not None:
            lines.append(one)
    wanted = _added(lines)
    _against(wanted, year, reader.budget)
    for told in made.rows:
        if told.problems:
            told.state = "salah"
    return made, wanted


def _budget(year: int) -> dict[tuple[int, str], dict[str, Decimal]]:
    """Pagu by source of money of each (unit, sub kegiatan) of the DPA; empty: not split."""
    out: dict[tuple[int, str], dict[str, Decimal]] = {}
    rows = db.session.execute(
        sa.select(BudgetLine.unit_id, BudgetLine.kode, BudgetFund.fund, BudgetFund.pagu)
        .outerjoin(BudgetFund, BudgetFund.line_id == BudgetLine.id)
        .where(BudgetLine.year == year)
    )
    for unit, code, fund, amount in rows:
        cell = out.setdefault((unit, code), {})
        if fund:
            cell[fund] = amount or ZERO
    return out


class _Reader:
    """Rows in their order: what a row leaves blank it takes from the row above."""

    def __init__(
        self, units: Mapping[str, int], chosen: int | None,
        budget: dict[tuple[int, str], dict[str, Decimal]],
    ) -> None:  # fmt: skip
        self.units, self.chosen, self.budget = units, chosen, budget
        self.known = {unit for unit, _ in budget}
        self.unit, self.sub, self.fund = chosen, "", ""

    def line(self, row: Row, told: PlanRow) -> _Line | None:
        """The row as a line; None when it is passed over or wrong."""
        cells = row.cells
        months = [Decimal(cells.get(f"b{n:02d}", "0")) for n in range(1, 13)]
        self._take_unit(cells.get("opd", ""), told)
        account, text = cells.get("rekening", ""), cells.get("sub_kegiatan", "")
        if _ACCOUNT.match(text.strip()):  # one column holds both codes
            account, text = account or text, ""
        code = self._code(text, told)
        if code and len(code.split(".")) < _DEEP and not told.problems:
            told.state, told.key = "lewat", code  # a program or kegiatan: its sum
            return None
        if code and code != self.sub:
            self.sub, self.fund = code, ""
        if not code and not account:
            told.state, told.problems = "lewat", []
            return None
        if self.unit is None and not told.problems:
            told.problems.append("Perangkat daerah kosong. Pilih kolomnya, atau impor dari "
                                 "halaman RAK perangkat daerah itu.")  # fmt: skip
        fund = self._fund(cells.get("dana", "").strip()[:60], told)
        told.key = f"{self.sub} {fund}".strip()
        if "total" in cells and Decimal(cells["total"]) != sum(months):
            told.problems.append(f"Jumlah 12 bulan {rupiah(sum(months, ZERO))} tidak sama dengan "
                                 f"total {rupiah(Decimal(cells['total']))}.")  # fmt: skip
        if any(m < 0 for m in months):
            told.problems.append("RAK tidak boleh negatif.")
        if told.problems or self.unit is None:
            return None
        found = _CODE.match(account.strip())
        return _Line(self.unit, (self.sub, fund), found[0] if found else "", months, told)

    def _take_unit(self, name: str, told: PlanRow) -> None:
        name = " ".join(name.split())
        if not name:
            return
        unit = self.units.get(name.casefold()) or self.units.get(_bare(name))
        if unit is None:
            told.problems.append(f"Perangkat daerah “{name}” tidak dikenal. Tulis nama lengkapnya.")
        elif self.chosen is not None and unit != self.chosen:
            told.problems.append(f"Baris ini milik {name}. Impor dari halaman RAK-nya sendiri.")
        self.unit = unit if self.chosen is None else self.chosen

    def _code(self, text: str, told: PlanRow) -> str:
        if not text.strip():
            return ""
        found = _CODE.match(text.strip())
        try:
            return clean_code("programs", found[0] if found else text)
        except CodeError as error:
            told.problems.append(str(error))
            return ""

    def _fund(self, name: str, told: PlanRow) -> str:
        """The source of the row; of a sub kegiatan with one source, that one."""
        here = self.budget.get((self.unit or 0, self.sub))
        if here is None and self.unit in self.known and not told.problems:
            told.problems.append(f"{self.sub} tidak ada dalam DPA perangkat daerah ini. Contoh: "
                                 "1.03.10.2.01.0005")  # fmt: skip
        known = {f.casefold(): f for f in here or {}}
        self.fund = known.get(name.casefold(), name) if name else self.fund
        if not self.fund and len(known) == 1:
            self.fund = next(iter(known.values()))
            told.notes.append(f"Sumber dana menurut DPA: {self.fund}.")
        if not self.fund and not told.problems:
            told.problems.append("Sumber dana kosong"
                                 + (f"; DPA memuat {', '.join(known.values())}" if known else "")
                                 + ". Contoh: PEN")  # fmt: skip
        elif known and self.fund.casefold() not in known and not told.problems:
            told.notes.append(f"Sumber dana {self.fund} tidak ada pada sub kegiatan ini dalam DPA.")
        return self.fund


def _bare(name: str) -> str:
    """A name without the code before it: ``1.02.0.00 Dinas Kesehatan``."""
    return re.sub(r"^[\d.\s-]+", "", name).casefold()


def _added(lines: list[_Line]) -> dict[int, Wanted]:
    """Rows of one sub kegiatan and source added up, subtotals of accounts left out."""
    accounts: dict[tuple[int, Key], set[str]] = {}
    for line in lines:
        accounts.setdefault((line.unit, line.key), set()).add(line.account)
    out: dict[int, Wanted] = {}
    for line in lines:
        others = accounts[line.unit, line.key] - {line.account}
        if any(o.startswith(f"{line.account}.") if line.account else o for o in others):
            line.told.state = "lewat"
            line.told.notes.append("Jumlah dari baris rekening di bawahnya.")
            continue
        mine = out.setdefault(line.unit, Wanted())
        if line.key in mine.rows:
            mine.rows[line.key] = [
                a + b for a, b in zip(mine.rows[line.key], line.months, strict=True)
            ]
            line.told.notes.append(f"Dijumlahkan ke baris {mine.first[line.key].line}.")
        else:
            mine.rows[line.key], mine.first[line.key] = line.months, line.told
    return out


def _against(
    wanted: dict[int, Wanted], year: int, budget: dict[tuple[int, str], dict[str, Decimal]]
) -> None:
    """Compare with what is in force: one query for all units."""
    stood: dict[int, dict[Key, list[Decimal]]] = {}
    for row in db.session.scalars(
        sa.select(RakLine).where(RakLine.year == year, RakLine.unit_id.in_(wanted))
    ):
        stood.setdefault(row.unit_id, {})[row.sub_code, row.fund] = [Decimal(m) for m in row.months]
    for unit, mine in wanted.items():
        for key, months in mine.rows.items():
            told, was = mine.first[key], stood.get(unit, {}).get(key)
            if was == months or (was is None and not any(months)):
                continue
            told.state = "baru" if was is None else "berubah"
            before = rupiah(sum(was, ZERO)) if was else ""
            told.changes.append(Change("total", "Setahun", before, rupiah(sum(months, ZERO))))
            if was and (down := rules.lowered(was, months)):
                told.notes.append(f"Target kumulatif turun pada {len(down)} bulan, terbesar "
                                  f"{rupiah(max(a for _, a in down))}.")  # fmt: skip
            room = budget.get((unit, key[0]), {}).get(key[1])
            if room is not None and sum(months, ZERO) > room:
                told.notes.append(f"Melebihi pagu {key[1]} {rupiah(room)}.")


def left_out(wanted: Mapping[int, Wanted], year: int) -> int:
    """How many rows in force the file does not name, of the units that it names."""
    return sum(
        len(set(flow_lines.lines_of(year, unit)) - set(mine.rows)) for unit, mine in wanted.items()
    )


def apply(
    made: Plan, wanted: Mapping[int, Wanted], year: int, file: tuple[bytes, str],
    paper: tuple[str, str], actor: Actor, *, whole: bool = False,
) -> ImportRun:  # fmt: skip
    """Set the rows of every unit; raises Refused where a target goes down without its paper."""
    data, name = file
    run = ImportRun(
        target=RAK.key, year=year, unit_id=next(iter(wanted)) if len(wanted) == 1 else None,
        name=name[:200], sha256=hashlib.sha256(data).hexdigest(), same=made.count("sama"),
        left_out=made.count("salah"), added=made.count("baru"), changed=made.count("berubah"),
        by_term_id=actor.term_id, by_label=actor.label, at=clock.now(),
    )  # fmt: skip
    for unit, mine in sorted(wanted.items()):
        flow_lines.set_lines(year, unit, mine.rows, paper, actor, whole=whole)
    db.session.add(run)
    db.session.flush()
    trail.record("rak", "mengimpor RAK rinci", f"import:{run.id}", actor, None,
                 {"berkas": run.name, "baru": run.added, "berubah": run.changed})  # fmt: skip
    return run


def applied_before(data: bytes, year: int) -> ImportRun | None:
    """The newest run that took in exactly this file for the year."""
    return db.session.scalar(
        sa.select(ImportRun).where(ImportRun.target == RAK.key, ImportRun.year == year,
                                   ImportRun.sha256 == hashlib.sha256(data).hexdigest())
        .order_by(ImportRun.id.desc()).limit(1)
    )  # fmt: skip
