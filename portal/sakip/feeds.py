"""What the LKjIP prints of SAKIP: tree, IKU, PK, plan and reviu here, Bab III in feeds_results.py.

As plain JSON. Columns of PermenPANRB 53/2014 practice; each number comes from the tree, the
Perjanjian Kinerja, figures, the Rencana Aksi or the budget. Natural keys only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.region import Region, region
from portal.people.rules import UnitInfo
from portal.reports.models import Report
from portal.sakip import achievements, flow_plan, papers, queries, rules
from portal.sakip.achievements import shown
from portal.sakip.feed_book import (
    Book,
    Feed,
    feed_row,
    no_lines,
    plain,
)
from portal.sakip.feeds_results import (
    achieved,
    against_last,
    against_plan,
    against_standard,
    analysis,
    budget,
    efficiency,
    over_years,
    quarterly,
    scale,
    summary,
    supporting,
)
from portal.sakip.models import LkjReview


def provide(report: Report, names: Collection[str]) -> dict[str, Any]:
    """The feeds of these names for a report; {} for a report whose owner is gone."""
    unit = people.unit_info(report.owner_unit_id, report.structure_date)
    if unit is None:
        return {}
    book = Book(report.year, unit, region(people.today()))
    return {name: FEEDS[name](book) for name in names if name in FEEDS}


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
        rows.append(feed_row(line, {
            "formulasi": formula, "sumber": line.now.source or one.source,
            "penanggung_jawab": holder.name if holder else "",
        }))  # fmt: skip
    lacks = [
        f"“{ln.indicator.title}” belum punya definisi atau formulasi"
        for ln in book.lines if ln.indicator.iku and not (ln.indicator.definition
                                                         or ln.indicator.formula)
    ]  # fmt: skip
    return {"rows": rows, "lacks": no_lines(book) or lacks}


def targets(book: Book) -> Feed:
    """Perjanjian Kinerja in short: sasaran, indikator, target; and when it was agreed."""
    rows = [feed_row(ln, {"target": shown(ln.indicator, ln.now.target)}) for ln in book.lines]
    bare = [f"target {book.year} “{ln.indicator.title}” belum diisi"
            for ln in book.lines if ln.now.target is None]  # fmt: skip
    form = "kepala_daerah" if book.whole else "pd"
    found = queries.agreed(book.year, book.unit.id, form)
    lacks = no_lines(book) + bare
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
        {"cells": {"program": m.title, "anggaran": plain(m.pagu), "keterangan": m.funds or "APBD"}}
        for m in achievements.programs(book.money, by_name=book.whole)
    ]  # fmt: skip
    if rows:
        whole = achievements.total(achievements.programs(book.money), "pagu")
        rows.append({"kind": "total", "label": "Jumlah", "cells": {"anggaran": plain(whole)}})
    return {"rows": rows, "lacks": [] if rows else [f"anggaran {book.year} belum diisi"]}


def plan(book: Book) -> Feed:
    """Rencana Aksi: targets by triwulan."""
    rows = []
    for line in book.lines:
        cells = {q.lower(): shown(line.indicator, line.quarter_target(q)) for q in rules.QUARTERS}
        rows.append(feed_row(line, {"target": shown(line.indicator, line.now.target), **cells}))
    return {"rows": rows}


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
