"""Bab III of the LKjIP: capaian, comparisons, analysis, efficiency and money."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from portal.indonesian import number
from portal.sakip import achievements, rules, spec
from portal.sakip.achievements import Line, Money, shown
from portal.sakip.feed_book import (
    UNAUDITED,
    Book,
    Feed,
    feed_row,
    known_or_na,
    methods,
    no_lines,
    number_or_na,
    percent,
    plain,
)
from portal.sakip.models import KinerjaNode


def achieved(book: Book) -> Feed:
    """III.1: target and realisasi of the year, capaian with its criterion."""
    rows, lacks = [], no_lines(book)
    for line in book.lines:
        now = line.now
        rows.append(feed_row(line, {
            "target": known_or_na(now.target, line), "realisasi": known_or_na(now.realised, line),
            "capaian": percent(now.capaian.value), "kriteria": book.scale.label(now.capaian.value),
        }, {"realisasi": now.ref}))  # fmt: skip
        if now.target is None:
            lacks.append(f"target {book.year} “{line.indicator.title}” belum diisi")
        elif now.realised is None:
            lacks.append(f"“{line.indicator.title}”: {now.reason}")
        if line.indicator.direction not in rules.DIRECTIONS:
            lacks.append(f"“{line.indicator.title}” belum punya metode capaian")
    notes = [*methods(book.lines), f"Kriteria: {book.scale.title}, {book.scale.source}."]
    reasons = [f"n/a: {ln.indicator.title}, {ln.now.capaian.reason}." for ln in book.lines
               if ln.now.realised is not None and ln.now.capaian.value is None]  # fmt: skip
    return {"rows": rows, "lacks": lacks, "notes": [*notes, *reasons] if rows else []}


def against_last(book: Book) -> Feed:
    """III.2: last year and this year."""
    rows = []
    for line in book.lines:
        then, now = line.years.get(book.year - 1), line.now
        rows.append(feed_row(line, {
            "target_lalu": known_or_na(then.target if then else None, line),
            "realisasi_lalu": known_or_na(then.realised if then else None, line),
            "capaian_lalu": percent(then.capaian.value if then else None),
            "target": known_or_na(now.target, line), "realisasi": known_or_na(now.realised, line),
            "capaian": percent(now.capaian.value),
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
            cells[f"t{back}"] = known_or_na(value.realised if value else None, line)
            refs[f"t{back}"] = value.ref if value else ""
        before = line.years.get(book.year - 1)
        cells["arah"] = rules.trend(before.realised if before else None, line.now.realised)
        rows.append(feed_row(line, cells, refs))
    return {"rows": rows, "labels": labels}


def against_plan(book: Book) -> Feed:
    """III.3: realisasi through the year against the target at the end of Renstra or RPJMD."""
    rows, lacks = [], []
    for line in book.lines:
        one = line.indicator
        progress = rules.achievement(
            one.direction, one.final_target, line.now.realised, spec.current().limits()
        )
        rows.append(feed_row(line, {
            "tahun_akhir": str(one.final_year or ""), "akhir": known_or_na(one.final_target, line),
            "realisasi": known_or_na(line.now.realised, line), "kemajuan": percent(progress.value),
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
        rows.append(feed_row(line, {
            "daerah": known_or_na(line.now.realised, line),
            "provinsi": known_or_na(row.provincial, line),
            "nasional": known_or_na(row.national, line), "ket": row.standard_note,
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
            rows.append(feed_row(line, cells))
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
            "sasaran": node.title, "anggaran": plain(pagu), "realisasi": plain(realised),
            "capaian": percent(capaian), "serapan": percent(serapan),
            "efisiensi": percent(found.value),
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
                _program(goal, name, m.indicator or m.title, f"{number_or_na(m.target)} {m.satuan}",
                         f"{number_or_na(m.result)} {m.satuan}",
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
            "pagu": plain(pagu), "realisasi": plain(done),
            "persen": percent(rules.absorption(pagu, done)),
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
                "kode": m.code, "program": m.title, "pagu": plain(m.pagu),
                "realisasi": plain(m.realised), "persen": percent(m.share),
            }})  # fmt: skip
    return out


def quarterly(book: Book) -> Feed:
    """Capaian by triwulan: what the Rencana Aksi measured during the year."""
    rows = []
    for line in book.lines:
        cells: dict[str, str] = {}
        for quarter in rules.QUARTERS:
            key = quarter.lower()
            cells[f"{key}_t"] = known_or_na(line.quarter_target(quarter), line)
            cells[f"{key}_r"] = known_or_na(line.quarter_realised(quarter), line)
        rows.append(feed_row(line, cells))
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
        {"cells": {"kriteria": name, "jumlah": str(n), "persen": percent(
            Decimal(n) / whole * 100 if whole else None)}}
        for name, n in counts.items()
    ]  # fmt: skip
    if unknown:
        rows.append({"cells": {"kriteria": "Belum dapat dihitung (n/a)", "jumlah": str(unknown),
                               "persen": percent(Decimal(unknown) / whole * 100)}})  # fmt: skip
    rows.append({"kind": "total", "label": "Jumlah indikator", "cells": {"jumlah": str(whole),
                 "persen": number(Decimal(100), 2)}})  # fmt: skip
    return {"rows": rows if whole else [], "notes": [
        f"Kriteria: {book.scale.title}, {book.scale.source}."] if whole else []}  # fmt: skip


def scale(book: Book) -> Feed:
    """The scale as a table."""
    return {"rows": [
        {"cells": {"interval": band.printed, "kriteria": band.label}} for band in book.scale.bands
    ], "notes": [f"{book.scale.title}, {book.scale.source}."]}  # fmt: skip
