"""The verbs of a Perjanjian Kinerja: prepare, put forward, confirm by two parties, change.

Basis: Perpres 29/2014; PermenPANRB 53/2014 Lampiran I (forms). Callers commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.people import queries as people
from portal.people.kinds import Role, UnitKind
from portal.people.models import Position
from portal.people.rules import Actor, UnitInfo
from portal.sakip import achievements, queries, rules
from portal.sakip.models import Agreement, KinerjaNode
from portal.sakip.refusal import STALE, Refused
from portal.trail import flow as trail


@dataclass(frozen=True)
class Parties:
    """Who promises (first) to whom (second; None for a kepala daerah, who signs alone)."""

    first_position_id: int
    second_position_id: int | None


def parties_of(unit: UnitInfo, form: str) -> Parties:
    """The two jabatan that the form prescribes; lower forms name their own."""
    root = queries.root()
    bupati = queries.position_of(root.id, Role.PIMPINAN) if root else None
    if form == "kepala_daerah":
        if bupati is None:
            raise Refused("Belum ada jabatan kepala daerah. Tambahkan pada Pejabat & Akun.")
        return Parties(bupati, None)
    head = queries.position_of(unit.id, Role.KEPALA)
    if head is None:
        raise Refused(
            f"{unit.name} belum punya jabatan kepala. Minta admin menambahkannya pada Pejabat & "
            "Akun."
        )
    if form == "pd" and bupati is None:
        raise Refused("Belum ada jabatan kepala daerah. Tambahkan pada Pejabat & Akun.")
    return Parties(head, bupati)


def prepare(
    year: int, unit: UnitInfo, form: str, actor: Actor, *, parties: Parties | None = None,
    nodes: Sequence[int] = (), reason: str = "",
) -> Agreement:  # fmt: skip
    """A draft of the Perjanjian Kinerja; the one that is under way when there is one.

    After an agreed one it is a perubahan, which needs a reason.
    """
    if not queries.writes(actor, unit):
        raise Refused(
            f"Perjanjian Kinerja {unit.name} disiapkan oleh operatornya atau penyusun SAKIP."
        )
    if (form == "kepala_daerah") != (unit.kind == UnitKind.PEMDA) or form not in rules.PK_FORMS:
        raise Refused("Bentuk Perjanjian Kinerja ini tidak berlaku untuk unit yang dipilih.")
    who = _lower(unit, form, parties) if form in ("eselon3", "eselon4") else parties_of(unit, form)
    chosen = _chosen(year, unit, form, nodes)
    stored = list(db.session.scalars(
        sa.select(Agreement)
        .where(Agreement.year == year, Agreement.unit_id == unit.id, Agreement.form == form,
               Agreement.first_position_id == who.first_position_id)
        .order_by(Agreement.number.desc())
    ))  # fmt: skip
    if stored and stored[0].state not in ("disepakati", "diganti"):
        return stored[0]
    number = stored[0].number + 1 if stored else 0
    if number and not reason.strip():
        raise Refused(
            "Tulis alasan perubahan Perjanjian Kinerja. Contoh: pergeseran anggaran pada Perubahan "
            "APBD, atau pergantian pejabat.", field="reason",
        )  # fmt: skip
    row = Agreement(
        year=year, unit_id=unit.id, form=form, number=number, nodes=chosen, reason=reason.strip(),
        first_position_id=who.first_position_id, second_position_id=who.second_position_id,
        since=clock.now(), content={}, state="draf",
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:  # somebody prepared it in the same moment
        raise Refused(STALE, stale=True) from error
    trail.record(f"sakip:{year}", "menyiapkan perjanjian kinerja", f"agreement:{row.id}", actor,
                 None, {"unit": unit.code, "bentuk": form, "perubahan": number,
                        "alasan": row.reason})  # fmt: skip
    return row


def _lower(unit: UnitInfo, form: str, parties: Parties | None) -> Parties:
    """Parties of eselon III and IV: two different jabatan of the unit."""
    if parties is None or parties.second_position_id is None:
        raise Refused("Pilih jabatan Pihak Kesatu dan atasannya (Pihak Kedua).", field="first")
    if parties.first_position_id == parties.second_position_id:
        raise Refused("Pihak Kesatu dan Pihak Kedua harus jabatan yang berbeda.", field="second")
    own = set(db.session.scalars(
        sa.select(Position.id).where(Position.unit_id == unit.id, Position.active)
    ))  # fmt: skip
    if not {parties.first_position_id, parties.second_position_id} <= own:
        raise Refused(f"Pilih jabatan dari {unit.name}.", field="first")
    head = queries.position_of(unit.id, Role.KEPALA)
    if form == "eselon3" and parties.second_position_id != head:
        raise Refused(f"Pihak Kedua eselon III adalah kepala {unit.name}.", field="second")
    return parties


def _chosen(year: int, unit: UnitInfo, form: str, nodes: Sequence[int]) -> list[int]:
    """Nodes of a lower form: programs or kegiatan of the unit; the upper forms take all."""
    if form not in ("eselon3", "eselon4"):
        return []
    level = rules.PK_LEVELS[form]
    known = {n.id for n in queries.nodes(year, [unit.id]) if n.level == level}
    chosen = [n for n in nodes if n in known]
    if not chosen:
        raise Refused(
            f"Pilih sedikitnya satu {rules.LEVELS[level]} yang diperjanjikan.", field="nodes"
        )
    return chosen


# --- what it promises -----------------------------------------------------------------------


def content(found: Agreement) -> dict[str, Any]:
    """Rows and money as they stand now; of a Perjanjian Kinerja under way or agreed, as frozen."""
    if found.content:
        return found.content
    return live_content(found)


def live_content(found: Agreement) -> dict[str, Any]:
    """Rows from tree and targets, money from the budget of the year."""
    unit = people.unit_info(found.unit_id, people.today())
    assert unit is not None  # noqa: S101 - units are never deleted
    listed = nodes_of(found)
    lines = achievements.of_nodes(found.year, listed, None, back=0)
    rows = [
        {"node": ln.node.title, "node_id": ln.node.id, "indicator": ln.indicator.id,
         "title": ln.indicator.title, "satuan": ln.indicator.satuan,
         "method": ln.indicator.direction,
         "target": "" if ln.now.target is None else format(ln.now.target, "f"),
         "shown": achievements.shown(ln.indicator, ln.now.target)}
        for ln in lines
    ]  # fmt: skip
    return {"rows": rows, "programs": _programs(found, unit, listed)}


def nodes_of(found: Agreement) -> list[KinerjaNode]:
    """The nodes whose indicators are promised."""
    level = rules.PK_LEVELS[found.form]
    listed = [n for n in queries.nodes(found.year, [found.unit_id]) if n.level == level]
    if found.nodes:
        listed = [n for n in listed if n.id in set(found.nodes)]
    return listed


def _programs(
    found: Agreement, unit: UnitInfo, listed: Sequence[KinerjaNode]
) -> list[dict[str, str]]:
    """Table of money: APBD murni for the first, after the change of the APBD for a perubahan."""
    units = [unit.id]
    if found.form == "kepala_daerah":
        units = [u.id for u in people.units_on(people.today()) if u.kind != UnitKind.PEMDA]
    level = "kegiatan" if found.form == "eselon4" else "program"
    whole = found.form == "kepala_daerah"
    rows = achievements.programs(achievements.money(found.year, units), level, whole)
    codes = {n.code for n in listed if n.code}
    if found.form in ("eselon3", "eselon4"):
        rows = [row for row in rows if row.code in codes]
    out = []
    for row in rows:
        amount = row.pagu if found.number or row.murni is None else row.murni
        out.append({"code": row.code, "title": row.title, "funds": row.funds or "APBD",
                    "amount": "" if amount is None else format(amount, "f")})  # fmt: skip
    return out


def refuse_gaps(found: Agreement, made: dict[str, Any], unit: UnitInfo) -> None:
    """A Perjanjian Kinerja without target says which indicator, and where to fill it."""
    level = rules.LEVELS[rules.PK_LEVELS[found.form]]
    if not made["rows"]:
        raise Refused(
            f"Perjanjian Kinerja {unit.name} belum memuat indikator. Isi {level} beserta "
            f"indikatornya pada Pohon Kinerja {found.year}, lalu ajukan lagi."
        )
    bare = [r for r in made["rows"] if not r["target"]]
    if bare:
        names = "; ".join(f"“{r['title']}”" for r in bare[:3])
        more = f" dan {len(bare) - 3} indikator lain" if len(bare) > 3 else ""
        raise Refused(
            f"Target {found.year} belum diisi untuk {names}{more}. Buka indikatornya pada Pohon "
            "Kinerja, isi target tahun ini, lalu ajukan lagi."
        )
    unmethodical = [r for r in made["rows"] if r["method"] not in rules.DIRECTIONS]
    if unmethodical:
        raise Refused(
            f"Indikator “{unmethodical[0]['title']}” belum punya metode capaian. Pilih metodenya "
            "pada halaman indikator, lalu ajukan lagi."
        )
    empty = {n.title for n in nodes_of(found)} - {r["node"] for r in made["rows"]}
    if empty:
        raise Refused(
            f"{level} “{sorted(empty)[0][:120]}” belum punya indikator. Tambahkan indikatornya "
            "pada Pohon Kinerja, lalu ajukan lagi."
        )


# --- steps ----------------------------------------------------------------------------------


def act(
    found: Agreement, verb: str, version: int, actor: Actor, *, note: str = "",
    on: date | None = None,
) -> None:  # fmt: skip
    """Take one step; Refused when it is not open to the actor, out of date, or lacks something."""
    step = next((v for v in queries.pk_verbs(actor, found) if v.key == verb), None)
    if step is None:
        raise Refused(
            "Langkah ini tidak terbuka untuk jabatan Bapak/Ibu sekarang. Muat ulang halaman untuk "
            "melihat statusnya.", stale=True,
        )  # fmt: skip
    if version != found.version:
        raise Refused(STALE, stale=True)
    if step.needs and not note.strip():
        raise Refused(step.needs, field="note")
    if len(note) > 500:
        raise Refused("Catatan paling panjang 500 huruf.", field="note")
    before, now = found.state, clock.now()
    if step.key == "ajukan":
        _put_forward(found, on)
    elif step.goal in ("draf", "dikembalikan"):
        found.content, found.first_at, found.first_by = {}, None, ""
        found.second_at, found.second_by = None, ""
    elif step.who == "first":
        found.first_at, found.first_by = now, actor.label
    else:
        found.second_at, found.second_by = now, actor.label
    found.note = note.strip() if step.needs else ""
    found.state, found.since = step.goal, now
    found.version += 1
    trail.record(f"sakip:{found.year}", step.label.lower(), f"agreement:{found.id}", actor,
                 before, {"status": found.state, "catatan": found.note})  # fmt: skip
    if found.state == "disepakati":
        _replace_earlier(found, actor)
    db.session.flush()


def _put_forward(found: Agreement, on: date | None) -> None:
    """Freeze what is promised, so that both parties confirm the same words."""
    unit = people.unit_info(found.unit_id, people.today())
    assert unit is not None  # noqa: S101 - units are never deleted
    if on is None:
        raise Refused(
            "Isi tanggal Perjanjian Kinerja, misalnya 12 Januari 2025.", field="on"
        )  # fmt: skip
    if not date(found.year - 1, 11, 1) <= on <= date(found.year, 12, 31):
        raise Refused(
            f"Tanggal Perjanjian Kinerja {found.year} berada antara 1 November {found.year - 1} "
            f"dan 31 Desember {found.year}.", field="on",
        )  # fmt: skip
    made = live_content(found)
    refuse_gaps(found, made, unit)
    for position_id in filter(None, (found.first_position_id, found.second_position_id)):
        if holder_on(position_id, on) is None:
            title = db.session.scalar(sa.select(Position.title).where(Position.id == position_id))
            raise Refused(
                f"Belum ada pejabat {title} pada tanggal itu. Minta admin mencatatnya pada "
                "Pejabat & Akun, atau pilih tanggal lain.", field="on",
            )  # fmt: skip
    found.content, found.signed_on = made, on


def _replace_earlier(found: Agreement, actor: Actor) -> None:
    """A perubahan that is agreed takes the place of what was agreed before."""
    for row in db.session.scalars(
        sa.select(Agreement).where(
            Agreement.year == found.year, Agreement.unit_id == found.unit_id,
            Agreement.form == found.form, Agreement.first_position_id == found.first_position_id,
            Agreement.state == "disepakati", Agreement.number < found.number,
        )
    ):  # fmt: skip
        row.state, row.since = "diganti", clock.now()
        row.version += 1
        trail.record(f"sakip:{row.year}", "diganti perubahan", f"agreement:{row.id}", actor,
                     "disepakati", "diganti")  # fmt: skip


def holder_on(position_id: int, on: date) -> Any:
    """Who holds a jabatan on a date (Officeholder), None when nobody does."""
    position = db.session.get(Position, position_id)
    if position is None:
        return None
    listed = people.holders(position.unit_id, position.role, on)
    return next((h for h in listed if h.title == position.title), None)
