"""Pages of a Perjanjian Kinerja and of the Pernyataan Telah Direviu as plain blocks.

Both printers print them through the neutral tree (documents/compile_fed.py). No signature is ever
drawn: the space for signature and stamp stays empty, and a note says what was confirmed in the
portal, by which jabatan and when (UX: TTE is done outside).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from portal.db import db
from portal.indonesian import clock_time, long_date, number
from portal.people import queries as people
from portal.people.kinds import SIFAT_PREFIX, UnitKind
from portal.people.models import Position
from portal.people.region import Region, region
from portal.people.rules import Officeholder, UnitInfo
from portal.sakip import flow_pk, rules, spec
from portal.sakip.models import Agreement, LkjReview

Block = dict[str, Any]
UNKNOWN = "(nama pejabat belum tercatat)"


@dataclass(frozen=True)
class Party:
    """A party with what its block needs."""

    title: str
    name: str
    under: tuple[str, ...]
    leader: bool


def _party(position_id: int, on: date, here: Region) -> Party:
    """The holder on the date of signature; gelar, pangkat and NIP by Permendagri 1/2023 Ps 44."""
    position = db.session.get(Position, position_id)
    assert position is not None  # noqa: S101 - a foreign key says so
    who: Officeholder | None = flow_pk.holder_on(position_id, on)
    leader = position.role == "pimpinan"
    if who is None:
        return Party(position.title, UNKNOWN, (), leader)
    title = SIFAT_PREFIX[who.sifat] + position.title
    if leader:
        return Party(title, who.name if who.sifat == "definitif" else who.bare_name, (), True)
    rank = ", ".join(part for part in (who.pangkat, who.golongan) if part)
    return Party(title, who.name, tuple(filter(None, (rank, _nip(who.nip, here)))), False)


def _nip(nip: str, here: Region) -> str:
    if not nip:
        return ""
    if here.nip_kelompok and len(nip) == 18:
        nip = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
    return f"NIP {nip}"


def agreement(found: Agreement) -> list[Block]:
    """Both pages: the pernyataan, then the lampiran with its two tables; each is signed."""
    on = found.signed_on or people.today()
    here = region(on)
    unit = people.unit_info(found.unit_id, people.today())
    assert unit is not None  # noqa: S101 - units are never deleted
    first = _party(found.first_position_id, on, here)
    second = _party(found.second_position_id, on, here) if found.second_position_id else None
    heading = _heading(found, unit, here)
    signs = _signs(found, here, first, second)
    return [
        *([{"t": "emblem", "sha": here.lambang}] if here.lambang else []),
        {"t": "title", "lines": heading}, {"t": "space"},
        *_statement(first, second),
        {"t": "space"}, signs, *_confirmed(found),
        {"t": "page"},
        {"t": "title", "lines": ["LAMPIRAN", *heading]}, {"t": "space"},
        *_tables(found), {"t": "space"}, signs,
    ]  # fmt: skip


def _heading(found: Agreement, unit: UnitInfo, here: Region) -> list[str]:
    lines = [rules.title_of(found.number, found.year)]
    if unit.kind == UnitKind.PEMDA:
        return [*lines, here.full.upper()]
    return [*lines, unit.name.upper(), here.full.upper()]


def _statement(first: Party, second: Party | None) -> list[Block]:
    words = spec.current().words
    both = "kami"
    opening: Block = {"t": "p", "text": words.opening.replace("{kami}", both)}
    one: Block = {"t": "pairs", "rows": [["Nama", first.name], ["Jabatan", first.title]]}
    if second is None:
        return [opening, one, {"t": "p", "text": words.alone}]
    other: Block = {"t": "pairs", "rows": [["Nama", second.name], ["Jabatan", second.title]]}
    return [
        opening, one, {"t": "p", "flush": True, "text": "selanjutnya disebut Pihak Kesatu."},
        other,
        {"t": "p", "flush": True,
         "text": "selaku atasan Pihak Kesatu, selanjutnya disebut Pihak Kedua."},
        {"t": "p", "text": words.promise}, {"t": "p", "text": words.supervision},
    ]  # fmt: skip


def _signs(found: Agreement, here: Region, first: Party, second: Party | None) -> Block:
    on = found.signed_on
    place = (
        f"{here.ibu_kota}, {long_date(on)}"
        if on
        else f"{here.ibu_kota},{chr(160) * 24}{found.year}"
    )

    def block(words: str, party: Party) -> dict[str, Any]:
        head = [words] if words else []
        return {"office": [*head, f"{party.title.upper()},"], "name": party.name,
                "under": list(party.under)}  # fmt: skip

    if second is None:
        return {"t": "signs", "place": place, "left": None, "right": block("", first)}
    return {"t": "signs", "place": place, "left": block("PIHAK KEDUA", second),
            "right": block("PIHAK KESATU", first)}  # fmt: skip


def _confirmed(found: Agreement) -> list[Block]:
    """What the portal recorded; it is no certified electronic signature and says so."""
    told = []
    config = current_app.config["SELARAS"]
    zone: ZoneInfo = config.zone
    alone = found.second_position_id is None
    for words, position_id, at in (
        ("Disetujui" if alone else "Pihak Kesatu menyetujui", found.first_position_id,
         found.first_at),
        ("Pihak Kedua menyetujui", found.second_position_id, found.second_at),
    ):  # fmt: skip
        if at is not None and position_id is not None:
            day = long_date(at.astimezone(zone).date())
            told.append(f"{words} {day} pukul {clock_time(at, zone, config.zone_label)}")
    if not told:
        return []
    return [{"t": "note", "text": f"Catatan portal: {'; '.join(told)}. Catatan ini bukan tanda "
             "tangan elektronik; TTE dilakukan di luar aplikasi."}]  # fmt: skip


def _tables(found: Agreement) -> list[Block]:
    made = flow_pk.content(found)
    first_head, money_head = rules.PK_HEADS[found.form]
    numbered, last = 0, ""
    rows = []
    for row in made["rows"]:
        if row["node"] != last:
            numbered, last = numbered + 1, row["node"]
        target = f"{row['shown']} {row['satuan']}".strip() if row["shown"] else "(belum diisi)"
        rows.append([str(numbered), row["node"], row["title"], target])
    targets: Block = {
        "t": "table", "merge": [0, 1],
        "columns": [{"label": "No", "width": 0.07, "align": "center"},
                    {"label": first_head, "width": 0.38},
                    {"label": "Indikator Kinerja", "width": 0.36},
                    {"label": "Target", "width": 0.19, "align": "center"}],
        "rows": rows or [["", "Belum ada indikator", "", ""]],
    }  # fmt: skip
    return [targets, {"t": "space"}, _money(made, money_head)]


def _money(made: Mapping[str, Any], head: str) -> Block:
    rows, total = [], Decimal(0)
    for n, row in enumerate(made["programs"], start=1):
        amount = Decimal(row["amount"]) if row["amount"] else Decimal(0)
        total += amount
        rows.append([str(n), row["title"], number(amount, 0), row["funds"]])
    return {
        "t": "table",
        "columns": [{"label": "No", "width": 0.07, "align": "center"},
                    {"label": head, "width": 0.53},
                    {"label": "Anggaran (Rp)", "width": 0.22, "align": "right"},
                    {"label": "Keterangan", "width": 0.18}],
        "rows": rows or [["", "Anggaran belum diisi", "", ""]],
        "total": ["Jumlah", 2, number(total, 0), ""],
    }  # fmt: skip


def reviewed(found: LkjReview, unit: UnitInfo, title: str) -> list[Block]:
    """The Pernyataan Telah Direviu as it is bound in (PermenPANRB 53/2014 Lampiran III)."""
    here = region(found.on)
    lines = [title.upper(), f"TAHUN ANGGARAN {found.year}", f"NOMOR {found.number}"]
    lines.insert(1, unit.name.upper())
    if unit.kind != UnitKind.PEMDA:
        lines.insert(2, here.full.upper())
    inspector = _inspector(found.on, here)
    paragraphs = [p for p in found.statement.split("\n") if p.strip()]
    return [
        {"t": "title", "lines": lines}, {"t": "space"},
        *({"t": "p", "text": " ".join(p.split())} for p in paragraphs),
        {"t": "space"},
        {"t": "signs", "place": f"{here.ibu_kota}, {long_date(found.on)}", "left": None,
         "right": {"office": [f"{inspector.title.upper()},"], "name": inspector.name,
                   "under": list(inspector.under)}},
    ]  # fmt: skip


def _inspector(on: date, here: Region) -> Party:
    unit_id, _ = people.duty_units("inspektorat")
    position_id = db.session.scalar(
        sa.select(Position.id)
        .where(Position.unit_id == (unit_id or 0), Position.role == "kepala", Position.active)
        .order_by(Position.rank, Position.id).limit(1)
    )  # fmt: skip
    if position_id is None:
        return Party("Inspektur Daerah", UNKNOWN, (), False)
    return _party(position_id, on, here)
