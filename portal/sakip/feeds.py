"""What the LKjIP prints of SAKIP: tables III.1 to III.7 and III.B, tree, PK, reviu, as plain JSON.

Columns of PermenPANRB 53/2014 practice; each number comes from the tree, the Perjanjian Kinerja,
figures, the Rencana Aksi or the budget. Natural keys only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from portal.indonesian import number
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.region import Region, region
from portal.people.rules import UnitInfo
from portal.reports.models import Report
from portal.sakip import achievements, flow_plan, papers, queries, rules, spec
from portal.sakip.achievements import Line, Money, shown
from portal.sakip.models import KinerjaNode, LkjReview

Feed = dict[str, Any]
UNAUDITED = "Angka realisasi anggaran belum diaudit (unaudited)."


@dataclass
class Book:
    """What the feeds of one report share; each is read once."""

    year: int
    unit: UnitInfo
    here: Region

    @cached_property
    def units(self) -> dict[int, UnitInfo]:
        """All units by id."""
        return {u.id: u for u in people.units_on(people.today())}

    @property
    def whole(self) -> bool:
        """True for the book of the region."""
        return self.unit.kind == UnitKind.PEMDA

    @cached_property
    def lines(self) -> list[Line]:
        """Indicators of the sasaran that the unit answers for, with five years."""
        return achievements.lines(self.year, self.unit)

    @cached_property
    def nodes(self) -> list[KinerjaNode]:
        """The tree of the year: of the unit, or of everybody."""
        return queries.nodes(self.year, () if self.whole else [self.unit.id])

    @cached_property
    def money(self) -> list[Money]:
        """Rows of the budget of the unit, or of all units."""
        listed = [u for u in self.units.values() if u.kind != UnitKind.PEMDA]
        return achievements.money(self.year, [u.id for u in listed] if self.whole
                                  else [self.unit.id])  # fmt: skip

    @cached_property
    def scale(self) -> rules.Scale:
        """The region's scale."""
        return spec.current().scale(self.here.skala_kinerja)

    def goals(self) -> list[KinerjaNode]:
        """Sasaran of the unit in their order."""
        seen: dict[int, KinerjaNode] = {}
        for line in self.lines:
            if line.node.level != "ultimate":
                seen.setdefault(line.node.id, line.node)
        wanted = achievements.own_levels(self.unit)[-1]
        for node in self.nodes:
            if node.level == wanted and node.unit_id == self.unit.id:
                seen.setdefault(node.id, node)
        return sorted(seen.values(), key=lambda n: (list(rules.LEVELS).index(n.level), n.position,
                                                    n.id))  # fmt: skip

    def below(self, node: KinerjaNode, level: str) -> list[KinerjaNode]:
        """Nodes of a level anywhere below a node."""
        out, todo = [], [node.id]
        while todo:
            parent = todo.pop(0)
            for each in self.nodes:
                if each.parent_id == parent:
                    todo.append(each.id)
                    if each.level == level:
                        out.append(each)
        return out

    def money_below(self, node: KinerjaNode) -> list[Money]:
        """Programs of the budget that the tree hangs below a sasaran."""
        codes = {(n.unit_id, n.code) for n in self.below(node, "program") if n.code}
        return [m for m in self.money if m.level == "program" and (m.unit_id, m.code) in codes]


def provide(report: Report, names: Collection[str]) -> dict[str, Any]:
    """The feeds of these names for a report; {} for a report whose owner is gone."""
    unit = people.unit_info(report.owner_unit_id, report.structure_date)
    if unit is None:
        return {}
    book = Book(report.year, unit, region(people.today()))
    return {name: FEEDS[name](book) for name in names if name in FEEDS}


def _row(line: Line, cells: dict[str, str], refs: dict[str, str] | None = None) -> Feed:
    own = {"sasaran": line.node.title, "indikator": line.indicator.title,
           "satuan": line.indicator.satuan}  # fmt: skip
    made: Feed = {"g": line.node.title, "cells": own | cells}
    if refs:
        made["refs"] = {k: v for k, v in refs.items() if v}
    return made


def _percent(value: Decimal | None) -> str:
    return "n/a" if value is None else number(value, 2)


def _known(value: Decimal | None, line: Line) -> str:
    return shown(line.indicator, value) if value is not None else "n/a"


def _no_lines(book: Book) -> list[str]:
    if book.lines:
        return []
    level = rules.LEVELS[achievements.own_levels(book.unit)[-1]]
    return [f"belum ada {level} dengan indikator pada Pohon Kinerja {book.year}"]


def _methods(lines: Iterable[Line]) -> list[str]:
    """Which indicator is counted how: the book must say it."""
    by: dict[str, list[str]] = {}
    for line in lines:
        by.setdefault(line.indicator.direction, []).append(line.indicator.title)
    out = []
    for key, words in rules.DIRECTIONS.items():
        if key in by:
            which = "indikator lainnya" if key == "up" and len(by) > 1 else "semua indikator"
            if len(by) > 1 and key != "up":
                which = "; ".join(by[key])
            formula = words.partition(": ")
            out.append(f"{formula[0]}: capaian = {formula[2]}, dipakai untuk {which}.")
    return out


# --- plans ----------------------------------------------------------------------------------


def tree(book: Book) -> Feed:
    """Pohon kinerja as boxes."""
    branches = list(queries.walk(queries.tree(book.year, book.unit)))
    top = [b for b in branches if b.node.level not in ("kegiatan", "sub_kegiatan")]
    names = {b.node.id: str(n) for n, b in enumerate(top, start=1)}
    return {
        "nodes": [node_of(b, book.units, names) for b in top],
        "lacks": [] if top else [f"pohon kinerja {book.year} belum diisi"],
    }  # fmt: skip


def node_of(branch: queries.Branch, units: dict[int, UnitInfo], names: dict[int, str]) -> Feed:
    """A branch as the box of a diagram; ``names`` are the keys of the boxes by node."""
    node = branch.node
    lines = [f"IK: {i.title} ({i.satuan})" if i.satuan else f"IK: {i.title}"
             for i in branch.indicators]  # fmt: skip
    unit = units.get(node.unit_id)
    if unit is not None and unit.kind != UnitKind.PEMDA and node.level == "sasaran_opd":
        lines.append(unit.short_name)
    return {"key": names[node.id], "parent": names.get(node.parent_id or 0, ""),
            "title": node.title, "lines": lines, "level": rules.LEVELS[node.level]}  # fmt: skip


def iku(book: Book) -> Feed:
    """Indikator Kinerja Utama: definition, formula, source, who answers (PER/20/M.PAN/11/2008)."""
    rows = []
    for line in book.lines:
        one = line.indicator
        if not one.iku:
            continue
        holder = book.units.get(one.holder_unit_id or book.unit.id)
        formula = " ".join(filter(None, (one.definition, f"Rumus: {one.formula}" if one.formula
                                         else "")))  # fmt: skip
        rows.append(_row(line, {
            "formulasi": formula, "sumber": line.now.source or one.source,
            "penanggung_jawab": holder.name if holder else "",
        }))  # fmt: skip
    lacks = [
        f"“{ln.indicator.title}” belum punya definisi atau formulasi"
        for ln in book.lines if ln.indicator.iku and not (ln.indicator.definition
                                                         or ln.indicator.formula)
    ]  # fmt: skip
    return {"rows": rows, "lacks": _no_lines(book) or lacks}


def targets(book: Book) -> Feed:
    """Perjanjian Kinerja in short: sasaran, indikator, target; and when it was agreed."""
    rows = [_row(ln, {"target": shown(ln.indicator, ln.now.target)}) for ln in book.lines]
    bare = [f"target {book.year} “{ln.indicator.title}” belum diisi"
            for ln in book.lines if ln.now.target is None]  # fmt: skip
    form = "kepala_daerah" if book.whole else "pd"
    found = queries.agreed(book.year, book.unit.id, form)
    lacks = _no_lines(book) + bare
    notes = []
    if found is None:
        how = "disetujui" if book.whole else "disepakati kedua pihak"
        lacks.append(f"Perjanjian Kinerja {book.year} belum {how}")
    elif found.number:
        notes.append(f"Target menurut {rules.title_of(found.number, found.year).title()}.")
    return {"rows": rows, "lacks": lacks, "notes": notes}


def pk_money(book: Book) -> Feed:
    """Programs of the Perjanjian Kinerja with their money."""
    rows: list[Feed] = [
        {"cells": {"program": m.title, "anggaran": _money(m.pagu), "keterangan": m.funds or "APBD"}}
        for m in achievements.programs(book.money, by_name=book.whole)
    ]  # fmt: skip
    if rows:
        whole = achievements.total(achievements.programs(book.money), "pagu")
        rows.append({"kind": "total", "label": "Jumlah", "cells": {"anggaran": _money(whole)}})
    return {"rows": rows, "lacks": [] if rows else [f"anggaran {book.year} belum diisi"]}


def _money(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def plan(book: Book) -> Feed:
    """Rencana Aksi: targets by triwulan."""
    rows = []
    for line in book.lines:
        cells = {q.lower(): shown(line.indicator, line.quarter_target(q)) for q in rules.QUARTERS}
        rows.append(_row(line, {"target": shown(line.indicator, line.now.target), **cells}))
    return {"rows": rows}


# --- Bab III --------------------------------------------------------------------------------


def achieved(book: Book) -> Feed:
    """III.1: target and realisasi of the year, capaian with its criterion."""
    rows, lacks = [], _no_lines(book)
    for line in book.lines:
        now = line.now
        rows.append(_row(line, {
            "target": _known(now.target, line), "realisasi": _known(now.realised, line),
            "capaian": _percent(now.capaian.value), "kriteria": book.scale.label(now.capaian.value),
        }, {"realisasi": now.ref}))  # fmt: skip
        if now.target is None:
            lacks.append(f"target {book.year} “{line.indicator.title}” belum diisi")
        elif now.realised is None:
            lacks.append(f"“{line.indicator.title}”: {now.reason}")
        if line.indicator.direction not in rules.DIRECTIONS:
            lacks.append(f"“{line.indicator.title}” belum punya metode capaian")
    notes = [*_methods(book.lines), f"Kriteria: {book.scale.title}, {book.scale.source}."]
    reasons = [f"n/a: {ln.indicator.title}, {ln.now.capaian.reason}." for ln in book.lines
               if ln.now.realised is not None and ln.now.capaian.value is None]  # fmt: skip
    return {"rows": rows, "lacks": lacks, "notes": [*notes, *reasons] if rows else []}


def against_last(book: Book) -> Feed:
    """III.2: last year and this year."""
    rows = []
    for line in book.lines:
        then, now = line.years.get(book.year - 1), line.now
        rows.append(_row(line, {
            "target_lalu": _known(then.target if then else None, line),
            "realisasi_lalu": _known(then.realised if then else None, line),
            "capaian_lalu": _percent(then.capaian.value if then else None),
            "target": _known(now.target, line), "realisasi": _known(now.realised, line),
            "capaian": _percent(now.capaian.value),
        }, {"realisasi": now.ref, "realisasi_lalu": then.ref if then else ""}))  # fmt: skip
    return {"rows": rows}


def over_years(book: Book) -> Feed:
    """III.2b: realisasi of five years and whether it rose or fell."""
    rows = []
    labels = {f"t{n}": str(book.year - n) for n in range(achievements.BACK + 1)}
    for line in book.lines:
        cells, refs = {}, {}
        for back in range(achievements.BACK + 1):
            value = line.years.get(book.year - back)
            cells[f"t{back}"] = _known(value.realised if value else None, line)
            refs[f"t{back}"] = value.ref if value else ""
        before = line.years.get(book.year - 1)
        cells["arah"] = rules.trend(before.realised if before else None, line.now.realised)
        rows.append(_row(line, cells, refs))
    return {"rows": rows, "labels": labels}


def against_plan(book: Book) -> Feed:
    """III.3: realisasi through the year against the target at the end of Renstra or RPJMD."""
    rows, lacks = [], []
    for line in book.lines:
        one = line.indicator
        progress = rules.achievement(
            one.direction, one.final_target, line.now.realised, spec.current().limits()
        )
        rows.append(_row(line, {
            "tahun_akhir": str(one.final_year or ""), "akhir": _known(one.final_target, line),
            "realisasi": _known(line.now.realised, line), "kemajuan": _percent(progress.value),
        }, {"realisasi": line.now.ref}))  # fmt: skip
        if one.final_target is None:
            lacks.append(f"target akhir Renstra/RPJMD “{one.title}” belum diisi")
    return {"rows": rows, "lacks": lacks}


def against_standard(book: Book) -> Feed:
    """III.4: province and nation, where there is something to compare with."""
    rows = []
    for line in book.lines:
        row = line.row
        if row is None or (row.provincial is None and row.national is None):
            continue
        rows.append(_row(line, {
            "daerah": _known(line.now.realised, line),
            "provinsi": _known(row.provincial, line), "nasional": _known(row.national, line),
            "ket": row.standard_note,
        }, {"daerah": line.now.ref}))  # fmt: skip
    empty = "Belum ada standar nasional atau rerata provinsi yang dapat dibandingkan."
    return {"rows": rows, "empty": empty}


def analysis(book: Book) -> Feed:
    """III.5: what helped, what hindered, what is done; triwulan IV stands in for empty words."""
    rows, lacks = [], []
    for line in book.lines:
        row, last = line.row, line.quarters.get("TW4")
        support = row.support if row else ""
        obstacle = (row.obstacle if row else "") or (last.obstacle if last else "")
        effort = (row.effort if row else "") or (last.follow_up if last else "")
        cells = {"pendukung": support, "penghambat": obstacle, "upaya": effort}
        if any(cells.values()):
            rows.append(_row(line, cells))
        if not line.reached and line.now.realised is not None and not (obstacle and effort):
            lacks.append(f"“{line.indicator.title}” belum mencapai target; tulis penghambat dan "
                         "upayanya pada Capaian Kinerja")  # fmt: skip
    return {"rows": rows, "lacks": lacks,
            "empty": "Faktor pendukung dan penghambat belum ditulis."}  # fmt: skip


def _mean(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [v for v in values if v is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


def efficiency(book: Book) -> Feed:
    """III.6: money of each sasaran against its capaian, by the region's variant."""
    rows, notes = [], []
    remainder = book.here.efisiensi_kinerja == "Sisa anggaran"
    outputs = []
    for node in book.goals():
        mine = [ln for ln in book.lines if ln.node.id == node.id]
        money = book.money_below(node)
        if not mine or not money:
            continue
        pagu = achievements.total(money, "pagu")
        realised = achievements.total(money, "realised")
        capaian = _mean(ln.now.capaian.value for ln in mine)
        serapan = rules.absorption(pagu, realised)
        reached = all(ln.reached for ln in mine)
        found = (rules.by_remainder(pagu, realised, reached) if remainder
                 else rules.by_difference(capaian, serapan))  # fmt: skip
        if found.doubt:
            notes.append(f"{node.title}: {found.doubt}.")
        if pagu is not None and realised is not None and capaian is not None:
            outputs.append(rules.Output(pagu, capaian / 100, realised))
        rows.append({"cells": {
            "sasaran": node.title, "anggaran": _money(pagu), "realisasi": _money(realised),
            "capaian": _percent(capaian), "serapan": _percent(serapan),
            "efisiensi": _percent(found.value),
            "ket": "Efisien" if found.counts else "Belum efisien",
        }})  # fmt: skip
    how = ("Efisiensi = (anggaran - realisasi) / anggaran x 100, dihitung bila target tercapai."
           if remainder else
           "Efisiensi = % capaian - % serapan; efisien bila lebih dari 0 dan capaian paling "
           "sedikit 100 %.")  # fmt: skip
    if outputs:
        pmk = rules.by_pmk(outputs)
        if pmk.e is not None and pmk.ne is not None:
            said = f" ({pmk.doubt})" if pmk.doubt else ""
            notes.append(f"Efisiensi keluaran (cara PMK): E {number(pmk.e, 2)} %, nilai "
                         f"{number(pmk.ne, 2)}{said}.")  # fmt: skip
    empty = "Belum ada program pada pohon kinerja yang terhubung dengan kode anggaran."
    return {"rows": rows, "notes": [how, UNAUDITED, *notes] if rows else [], "empty": empty,
            "lacks": [] if rows else [empty]}  # fmt: skip


def supporting(book: Book) -> Feed:
    """III.7: what each program of a sasaran was to reach, and whether it carried it."""
    rows = []
    goals = book.goals()
    listed = [(goal, node) for goal in goals for node in book.below(goal, "program")]
    own = achievements.of_nodes(book.year, [n for _, n in listed], back=0)
    for goal, node in listed:
        mine = [ln for ln in own if ln.node.id == node.id]
        unit = book.units.get(node.unit_id)
        name = f"{node.title} ({unit.short_name})" if book.whole and unit else node.title
        for line in mine:
            wanted, result = shown_unit(line.now.target, line), shown_unit(line.now.realised, line)
            rows.append(_program(goal, name, line.indicator.title, wanted, result, line.reached))
        if not mine and book.whole:
            rows += _counted(book, goal, node, name)
        elif not mine:
            rows += [
                _program(goal, name, m.indicator or m.title, f"{_number(m.target)} {m.satuan}",
                         f"{_number(m.result)} {m.satuan}",
                         m.target is not None and m.result is not None and m.result >= m.target)
                for m in _leaves(book, node)
            ]  # fmt: skip
    empty = "Belum ada program yang digantung di bawah sasaran pada pohon kinerja."
    headed: list[Feed] = []
    last = ""
    for row in rows:
        if row["goal"] != last:
            last = row["goal"]
            headed.append({"kind": "group", "label": f"Sasaran: {last}", "anew": True})
        headed.append(row)
    rows = headed
    return {"rows": rows, "lacks": [] if rows else [empty], "empty": empty}


def _counted(book: Book, goal: KinerjaNode, node: KinerjaNode, name: str) -> list[Feed]:
    """A program of the region by the sub kegiatan that reached their target."""
    found = _leaves(book, node)
    if not found:
        return []
    met = sum(m.result is not None and m.target is not None and m.result >= m.target
              for m in found)  # fmt: skip
    words = "Sub kegiatan yang mencapai target keluaran"
    return [_program(goal, name, words, f"{len(found)} sub kegiatan", f"{met} sub kegiatan",
                     met * 2 > len(found))]  # fmt: skip


def shown_unit(value: Decimal | None, line: Line) -> str:
    """A value with its unit, n/a without one."""
    return f"{shown(line.indicator, value)} {line.indicator.satuan}" if value is not None else "n/a"


def _number(value: Decimal | None) -> str:
    return "n/a" if value is None else number(value)


def _program(
    goal: KinerjaNode, name: str, indicator: str, target: str, result: str, carries: bool
) -> Feed:
    return {"g": name, "goal": goal.title, "cells": {
        "program": name, "indikator": indicator, "target": target,
        "realisasi": result, "ket": "Menunjang" if carries else "Belum menunjang",
    }}  # fmt: skip


def _leaves(book: Book, node: KinerjaNode) -> list[Money]:
    """Sub kegiatan of a program with a target; for a unit the four largest by pagu."""
    found = [m for m in book.money if m.unit_id == node.unit_id and m.level == "sub_kegiatan"
             and m.code.startswith(f"{node.code}.") and m.target is not None]  # fmt: skip
    if book.whole:
        return found
    largest = sorted(found, key=lambda m: -(m.pagu or Decimal(0)))[:4]
    return [m for m in found if m in largest]


def budget(book: Book) -> Feed:
    """III.B: money by sasaran, program, kegiatan and (for a unit) sub kegiatan, with a total."""
    rows: list[Feed] = []
    used: set[tuple[int, str]] = set()
    for node in book.goals():
        money = [m for m in book.money_below(node) if (m.unit_id, m.code) not in used]
        if not money:
            continue
        rows.append({"kind": "group", "label": f"Sasaran: {node.title}"})
        used |= {(m.unit_id, m.code) for m in money}
        rows += _budget_rows(book, money)
    rest = [m for m in book.money if m.level == "program" and (m.unit_id, m.code) not in used]
    if rest:
        rows.append({"kind": "group", "label": "Program penunjang dan program lainnya"})
        rows += _budget_rows(book, rest)
    if rows:
        every = [m for m in book.money if m.level == "program"]
        pagu, done = achievements.total(every, "pagu"), achievements.total(every, "realised")
        rows.append({"kind": "total", "label": "Jumlah", "cells": {
            "pagu": _money(pagu), "realisasi": _money(done),
            "persen": _percent(rules.absorption(pagu, done)),
        }})  # fmt: skip
    return {"rows": rows, "notes": [UNAUDITED] if rows else [],
            "lacks": [] if rows else [f"anggaran {book.year} belum diisi"]}  # fmt: skip


def _budget_rows(book: Book, programs: list[Money]) -> list[Feed]:
    listed = achievements.programs(programs, by_name=True) if book.whole else programs
    out: list[Feed] = []
    for program in listed:
        rows = [program]
        if not book.whole:
            under = f"{program.code}."
            rows += [m for m in book.money if m.unit_id == program.unit_id
                     and m.level != "program" and m.code.startswith(under)]  # fmt: skip
        for m in rows:
            deep = {"program": 0, "kegiatan": 1, "sub_kegiatan": 2}[m.level]
            out.append({"indent": {"program": deep}, "cells": {
                "kode": m.code, "program": m.title, "pagu": _money(m.pagu),
                "realisasi": _money(m.realised), "persen": _percent(m.share),
            }})  # fmt: skip
    return out


def quarterly(book: Book) -> Feed:
    """Capaian by triwulan: what the Rencana Aksi measured during the year."""
    rows = []
    for line in book.lines:
        cells: dict[str, str] = {}
        for quarter in rules.QUARTERS:
            key = quarter.lower()
            cells[f"{key}_t"] = _known(line.quarter_target(quarter), line)
            cells[f"{key}_r"] = _known(line.quarter_realised(quarter), line)
        rows.append(_row(line, cells))
    return {"rows": rows}


def summary(book: Book) -> Feed:
    """How many indicators reached which criterion: for the ikhtisar eksekutif."""
    counts: dict[str, int] = {band.label: 0 for band in book.scale.bands}
    unknown = 0
    for line in book.lines:
        found = book.scale.label(line.now.capaian.value)
        if found:
            counts[found] += 1
        else:
            unknown += 1
    whole = len(book.lines)
    rows: list[Feed] = [
        {"cells": {"kriteria": name, "jumlah": str(n), "persen": _percent(
            Decimal(n) / whole * 100 if whole else None)}}
        for name, n in counts.items()
    ]  # fmt: skip
    if unknown:
        rows.append({"cells": {"kriteria": "Belum dapat dihitung (n/a)", "jumlah": str(unknown),
                               "persen": _percent(Decimal(unknown) / whole * 100)}})  # fmt: skip
    rows.append({"kind": "total", "label": "Jumlah indikator", "cells": {"jumlah": str(whole),
                 "persen": number(Decimal(100), 2)}})  # fmt: skip
    return {"rows": rows if whole else [], "notes": [
        f"Kriteria: {book.scale.title}, {book.scale.source}."] if whole else []}  # fmt: skip


def scale(book: Book) -> Feed:
    """The scale as a table."""
    return {"rows": [
        {"cells": {"interval": band.printed, "kriteria": band.label}} for band in book.scale.bands
    ], "notes": [f"{book.scale.title}, {book.scale.source}."]}  # fmt: skip


# --- pages ----------------------------------------------------------------------------------


def agreement(book: Book) -> Feed:
    """The agreed Perjanjian Kinerja as lampiran."""
    found = queries.agreed(book.year, book.unit.id, "kepala_daerah" if book.whole else "pd")
    if found is None:
        return {"lacks": [f"Perjanjian Kinerja {book.year} belum disepakati, belum dapat "
                          "dilampirkan"]}  # fmt: skip
    return {"blocks": papers.agreement(found)}


def title_of(here: Region) -> str:
    """The full name of the report as the region calls it."""
    return {
        "LKj": "Laporan Kinerja",
        "LKIP": "Laporan Kinerja Instansi Pemerintah",
        "LAKIP": "Laporan Akuntabilitas Kinerja Instansi Pemerintah",
    }.get(here.judul_lkjip, "Laporan Kinerja Instansi Pemerintah")


def review(book: Book) -> Feed:
    """Pernyataan Telah Direviu: prints only after APIP has recorded the reviu of these numbers.

    The book of the region is not final without it (PermenPANRB 53/2014: reviu before it is sent).
    """
    found = queries.review(book.unit.id, book.year)
    apip = people.duty_units("inspektorat")[0]
    house = book.units.get(apip or 0)
    where = {"unit": house.code} if house else {}
    if found is None:
        if not book.whole:
            return {}
        return {**where, "firm": True, "silent": True, "lacks": [
            f"LKjIP {book.unit.name} {book.year} belum direviu Inspektorat"]}  # fmt: skip
    made = papers.reviewed(found, book.unit, title_of(book.here))
    if stale(found, book.unit):
        words = f"angka berubah setelah direviu {found.number}; minta Inspektorat mereviu ulang"
        return {**where, "firm": book.whole, "silent": True, "lacks": [words]}
    return {"blocks": made}


def stale(found: LkjReview, unit: UnitInfo) -> bool:
    """True when numbers have changed since the reviu."""
    return found.print != flow_plan.fingerprint(found.year, unit)


FEEDS: dict[str, Callable[[Book], Feed]] = {
    "pohon": tree, "iku": iku, "pk": targets, "pk_program": pk_money, "renaksi": plan,
    "iii_1": achieved, "iii_2": against_last, "iii_2b": over_years, "iii_3": against_plan,
    "iii_4": against_standard, "iii_5": analysis, "iii_6": efficiency, "iii_7": supporting,
    "iii_b": budget, "triwulan": quarterly, "ringkasan": summary, "skala": scale,
    "lampiran_pk": agreement, "reviu": review,
}  # fmt: skip
