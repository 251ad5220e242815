"""How far units are in a year, and what waits for somebody: a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.indonesian import TRIWULAN
from portal.people import queries as people
from portal.people.kinds import Module, Role
from portal.people.rules import Actor, UnitInfo
from portal.reports import flow_open
from portal.sakip import achievements, flow_plan, queries, rules
from portal.sakip.models import ActionPlan, Agreement
from portal.trail import flow as trail


@dataclass(frozen=True)
class Row:
    """One unit in a year."""

    unit: UnitInfo
    indicators: int
    bare: int  # indicators without a target
    agreement: Agreement | None
    sent: tuple[str, ...]  # RENCANA, TW1 ...
    capaian: Decimal | None  # mean of the capaian through the filled triwulan
    below: int  # indicators below their target so far


def rows(year: int, listed: Sequence[UnitInfo]) -> list[Row]:
    """Units with how far they are, in their order."""
    by_unit: dict[int, list[achievements.Line]] = defaultdict(list)
    wanted = {u.id: achievements.own_levels(u) for u in listed}
    nodes = [n for n in queries.nodes(year, list(wanted)) if n.level in wanted[n.unit_id]]
    for line in achievements.of_nodes(year, nodes, back=0):
        by_unit[line.node.unit_id].append(line)
    newest: dict[int, Agreement] = {}
    for each in queries.agreements(year, list(wanted)):
        if each.form in ("pd", "kepala_daerah"):
            newest[each.unit_id] = each
    plans = queries.plans(year)
    return [_row(u, by_unit[u.id], newest.get(u.id), plans.get(u.id)) for u in listed]


def _row(
    unit: UnitInfo, lines: list[achievements.Line], agreement: Agreement | None,
    plan: ActionPlan | None,
) -> Row:  # fmt: skip
    known = [v for ln in lines if (v := ln.cumulative.value) is not None]
    mean = sum(known, Decimal(0)) / len(known) if known else None
    return Row(
        unit, len(lines), sum(ln.now.target is None for ln in lines), agreement,
        tuple(plan.sent) if plan else (), mean, sum(v < 100 for v in known),
    )  # fmt: skip


def open_year(year: int, actor: Actor) -> None:
    """Deadlines of Perjanjian Kinerja and Rencana Aksi; asked twice it adds nothing."""
    flow_open.ensure_deadline("pk", year, "", "unit")
    flow_open.ensure_deadline("renaksi", year, "", "unit")
    for quarter in rules.QUARTERS:
        flow_open.ensure_deadline("renaksi", year, quarter, "unit")
    trail.record(f"sakip:{year}", "membuka jadwal SAKIP", f"sakip:{year}", actor, None, year)


@dataclass(frozen=True)
class Task:
    """One thing to do: a sentence, its batas, the page."""

    title: str
    unit: str
    due: date | None
    late: bool
    endpoint: str
    args: dict[str, object]
    action: str


def tasks(actor: Actor) -> list[Task]:
    """What waits for the acting jabatan: PK to confirm or to prepare, Rencana Aksi to fill."""
    today = people.today()
    names = {u.id: u for u in people.units_on(today)}
    found = [
        Task(
            f"Perjanjian Kinerja {pk.year} {names[pk.unit_id].short_name} menunggu persetujuan",
            names[pk.unit_id].name, None, False, "sakip_pk.show", {"agreement_id": pk.id}, "Baca",
        )
        for pk in queries.waiting_for(actor) if pk.unit_id in names
    ]  # fmt: skip
    mine = actor.units(Role.OPERATOR)
    own = [u for u in names.values() if u.id in mine and u.kind in queries.HOUSE]
    open_units = people.open_units(Module.SAKIP, today)
    for unit in own:
        if open_units is None or unit.id in open_units:
            found += _own(unit, today)
    return sorted(found, key=lambda t: (t.due or date.max, t.title))


def _own(unit: UnitInfo, today: date) -> list[Task]:
    year = today.year
    deadlines = queries.deadlines(year)
    out = []
    pk = next((a for a in reversed(queries.agreements(year, [unit.id])) if a.form == "pd"), None)
    limit = deadlines.get("pk")
    if limit and limit.opens <= today and (pk is None or pk.state in ("draf", "dikembalikan")):
        words = "dikembalikan untuk perbaikan" if pk and pk.state == "dikembalikan" else "disiapkan"
        args: dict[str, object] = {"tahun": year, "unit": unit.code}
        if pk is not None:
            args = {"agreement_id": pk.id}
        out.append(Task(
            f"Perjanjian Kinerja {year} {words}", unit.name, limit.internal,
            limit.internal < today, "sakip_pk.show" if pk else "sakip_pk.index", args, "Lanjutkan",
        ))  # fmt: skip
    plan = queries.plan(unit.id, year)
    sent = plan.sent if plan else {}
    for what, key in ((flow_plan.PLAN, "renaksi"), *((q, f"renaksi-{q}") for q in rules.QUARTERS)):
        limit = deadlines.get(key)
        if limit is None or what in sent or limit.opens > today:
            continue
        words = "target triwulan" if what == flow_plan.PLAN else f"realisasi {TRIWULAN[what]}"
        out.append(Task(
            f"Rencana Aksi {year}: {words}", unit.name, limit.internal, limit.internal < today,
            "sakip_plan.plan", {"tahun": year, "unit": unit.code, "bagian": what}, "Lanjutkan",
        ))  # fmt: skip
        break  # one after the other: the next triwulan follows when this one was sent
    return out
