"""Serah terima jabatan: what lies on a jabatan at a mutasi, and its Berita Acara.

Work belongs to the jabatan and stays there; the handover tells the next holder what is open, where
the files lie, and from when the old holder's account no longer opens it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa

from portal.contracts import seats
from portal.db import db
from portal.documents import papers
from portal.documents.tree import Block, Cell, Column, Document, Row, Run, Table
from portal.figures.models import Evidence
from portal.indonesian import day_and_date, long_date
from portal.people import queries as people
from portal.people.kinds import SIFAT_PREFIX, Role
from portal.people.models import Person, Term
from portal.people.region import region
from portal.people.rules import Permission, UnitInfo
from portal.reports import desks, queries
from portal.reports.models import FinishedDocument, Obstacle


@dataclass(frozen=True)
class Item:
    """One piece of open work."""

    about: str  # LPPD 2025, Bab II
    title: str
    state: str
    due_on: date | None


@dataclass(frozen=True)
class Handover:
    """What the next holder of a jabatan takes over on ``on``."""

    term: Term
    unit: UnitInfo | None
    on: date
    successor: Term | None
    isian: tuple[Item, ...]
    steps: tuple[seats.SeatStep, ...]
    contracts: tuple[tuple[str, str], ...]
    obstacles: int
    evidence: int
    documents: int

    @property
    def title(self) -> str:
        """The jabatan, with Plt. and the like before it."""
        return SIFAT_PREFIX[self.term.sifat] + self.term.position.title


def gather(term: Term) -> Handover:
    """What lies on the jabatan of ``term`` today, in a constant number of queries."""
    seat, today = people.seat_of(term), people.today()
    isian: list[Item] = []
    if seat.may(Permission.ENTRY_WRITE):
        isian = [Item(f"{t.report}, {t.section}" if t.section else t.report, t.title, t.label,
                      t.deadline) for t in queries.tasks(seat)]  # fmt: skip
    elif any(seat.may(p) for p in (Permission.ENTRY_VERIFY, Permission.ENTRY_APPROVE,
                                   Permission.ENTRY_REVIEW)):  # fmt: skip
        isian = [Item(w.report, f"{w.title} ({w.unit.short_name})", w.label,
                      w.entry.report.internal_deadline) for w in desks.waiting(seat)]  # fmt: skip
    unit_id = term.position.unit_id
    writes = seat.may(Permission.ENTRY_WRITE)
    return Handover(
        term, people.unit_info(unit_id, today),
        term.valid_to + timedelta(days=1) if term.valid_to else today,
        people.neighbours(term)[1], tuple(isian), tuple(seats.open_steps(term.position_id)),
        tuple(seats.contracts_of(term.position_id)),
        _count(Obstacle.closed_at.is_(None), Obstacle.entry_id.in_(
            [t.entry_id for t in queries.tasks(seat)])) if writes else 0,
        _count(Evidence.unit_id == unit_id, Evidence.removed_at.is_(None)) if writes else 0,
        _count(FinishedDocument.unit_id == unit_id) if writes else 0,
    )  # fmt: skip


def _count(*wanted: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(*wanted)) or 0


def _person(person: Person | None) -> str:
    if person is None:
        return "(pejabat belum ditetapkan)"
    return people.full_name(person)


def document(made: Handover) -> Document:
    """The Berita Acara: both parties, the open work, where the files lie, room to sign."""
    here, term = region(people.today()), made.term
    unit = made.unit.name if made.unit else ""
    after = made.successor.person if made.successor else None
    blocks: list[Block] = [
        papers.title("Berita Acara Serah Terima Pekerjaan", "serah_terima"),
        papers.centred(made.title),
        papers.text(
            f"Pada hari {_when(made)} PIHAK KESATU, {_person(term.person)}, menyerahkan "
            f"kepada PIHAK KEDUA, {_person(after)}, pekerjaan pada jabatan {made.title}, {unit} "
            f"{here.full}, yang tercatat dalam portal Selaras sebagaimana daftar di bawah ini. "
            "Pekerjaan melekat pada jabatan; sejak tanggal itu akun PIHAK KESATU tidak lagi "
            "membuka pekerjaan jabatan ini."
        ),
    ]  # fmt: skip
    if made.isian or not made.contracts:
        blocks.append(papers.table(
            "isian", "Isian yang Belum Selesai",
            (("No", 0.07), ("Laporan", 0.30), ("Isian", 0.31), ("Status", 0.16), ("Batas", 0.16)),
            [(i.about, i.title, i.state, _day(i.due_on)) for i in made.isian],
        ))  # fmt: skip
    if made.contracts:
        blocks.append(papers.table(
            "kontrak", "Langkah Kontrak yang Belum Selesai",
            (("No", 0.07), ("Kontrak", 0.41), ("Langkah", 0.34), ("Batas", 0.18)),
            [(f"{s.number}, {s.contract}", s.step, _day(s.due_on)) for s in made.steps],
        ))  # fmt: skip
    blocks += [papers.text(words) for words in _files(made)]
    blocks += [papers.space(), _parties(term.person, after), *_knowing(made)]
    return papers.paper(
        f"Berita Acara Serah Terima {made.title}", blocks,
        f"Serah terima {made.title}, keadaan {long_date(people.today())}",
    )  # fmt: skip


def _when(made: Handover) -> str:
    """The day on which the work changes hands; to be written by hand while the term has no end."""
    return (
        day_and_date(made.on) if made.term.valid_to else "................, ......................"
    )


def _files(made: Handover) -> list[str]:
    out = []
    if made.evidence or made.documents:
        out.append(
            f"Berkas {made.unit.name if made.unit else ''} tersimpan dalam portal: {made.evidence} "
            f"data dukung (menu Data Dukung) dan {made.documents} dokumen jadi (menu Laporan). "
            "Berkas di luar portal diserahkan tersendiri: "
            "........................................................"
        )
    if made.obstacles:
        out.append(f"{made.obstacles} isian sedang dilaporkan ada kendala.")
    return out


def _day(day: date | None) -> str:
    return long_date(day) if day else "tanpa batas"


def _parties(one: Person, two: Person | None) -> Table:
    """Both sign beside each other; the space stays empty."""

    def cell(person: Person | None) -> Cell:
        nip = f"\nNIP {person.nip}" if person and person.nip else ""
        return Cell((Run("\n\n\n\n"), Run(_person(person), bold=True), Run(nip)), align="center")

    heads = tuple(
        Cell((Run(words, bold=True),), align="center")
        for words in ("PIHAK KESATU,\nyang menyerahkan", "PIHAK KEDUA,\nyang menerima")
    )
    columns = (Column(0.5, "center"), Column(0.5, "center"))
    return Table("tanda_tangan", "", "", columns, (heads,), (Row((cell(one), cell(two))),))


def _knowing(made: Handover) -> list[Block]:
    """The head of the unit signs as the one who knows of it, unless it is his own jabatan."""
    if made.unit is None or made.term.position.role == Role.KEPALA:
        return []
    head = people.holder(made.unit.id, Role.KEPALA, people.today())
    if head is None or head.person_id == made.term.person_id:
        return []
    block = papers.signed(head, region(people.today()), made.on)
    return [papers.space(), replace(block, place_date="", office=("Mengetahui,", *block.office))]
