"""What the rules look at: all reports of a year as plain data. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.figures.rules import DatumView
from portal.figures.shape import Catalogue, Thresholds


@dataclass(frozen=True)
class Book:
    """One report of the year."""

    report_id: int
    kind: str
    period: str  # "" or TW1..TW4
    owner: str  # unit code
    title: str  # LPPD 2025


@dataclass(frozen=True)
class ColumnIn:
    """A column as a sentence names it."""

    key: str
    label: str
    unit: str
    numeric: bool
    typed: bool


@dataclass(frozen=True)
class LineIn:
    """A row: how it is named, what is typed in it, and its exact numbers (computed ones too)."""

    uid: str
    label: str
    texts: Mapping[str, str]
    numbers: Mapping[str, Decimal]
    summed: bool = False
    address: str = ""  # of a page, for what is no isian: ``pk:5``


@dataclass(frozen=True)
class TableIn:
    """A table of one isian."""

    book: Book
    entry_id: int
    unit: str  # code of the supplier
    part: str
    repeat: str
    title: str
    section: str
    columns: Mapping[str, ColumnIn]
    lines: tuple[LineIn, ...]
    topic: str = ""  # what it repeats for, the same in every report (duty of the item)


@dataclass(frozen=True)
class TextIn:
    """A narrative of one isian, clean HTML."""

    book: Book
    entry_id: int
    unit: str
    part: str
    repeat: str
    title: str
    section: str
    html: str


@dataclass(frozen=True)
class Sheet:
    """One snapshot of all reports of a year, with last year's for comparison."""

    year: int
    today: date
    catalogue: Catalogue
    now: Mapping[str, DatumView]  # element -> statement of the region
    before: Mapping[str, DatumView]
    tables: Mapping[tuple[str, str], tuple[TableIn, ...]] = field(default_factory=dict)
    old_tables: Mapping[tuple[str, str], tuple[TableIn, ...]] = field(default_factory=dict)
    texts: tuple[TextIn, ...] = ()
    unit_names: Mapping[str, str] = field(default_factory=dict)
    #: thing key -> code of the unit; a bagian counts for its parent, whose budget holds it
    unit_keys: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)  # element -> unit code
    homes: Mapping[str, int] = field(default_factory=dict)  # element -> isian that asks for it
    #: element -> (report, kind) of every book that asks for it
    books: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    #: element -> what the months of SPM give for the year; what its mutu asks for
    months: Mapping[str, Decimal] = field(default_factory=dict)
    needed: Mapping[str, Decimal] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()  # elements that stand in drafts only
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True)
class Place:
    """One of the places that a note names; ``target`` is the field to go to."""

    label: str
    value: str
    unit: str = ""  # code of the Perangkat Daerah that can settle it
    kind: str = ""
    report_id: int = 0
    entry_id: int = 0
    target: str = ""
    element: str = ""
    address: str = ""  # of a page, where there is no isian
    books: tuple[tuple[int, str], ...] = ()  # (report, kind) of all books that print it


@dataclass(frozen=True)
class Note:
    """One contradiction: both places, the rule, who can settle it.

    ``id`` is stable over runs and says where; ``print`` also says with which values, so that an
    exception ends when a value changes.
    """

    id: str
    rule: str
    severity: str  # blocking | warning
    title: str
    sentence: str
    basis: str
    advice: str
    places: tuple[Place, ...]
    print: str = ""

    @property
    def blocks(self) -> bool:
        """True for what a Naskah Final waits for."""
        return self.severity == "blocking"

    @property
    def settlers(self) -> tuple[str, ...]:
        """Unit codes that can settle it, each once."""
        return tuple(dict.fromkeys(p.unit for p in self.places if p.unit))

    @property
    def report_ids(self) -> frozenset[int]:
        """Reports that it touches."""
        own = {p.report_id for p in self.places if p.report_id}
        return frozenset(own | {report for p in self.places for report, _ in p.books})

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of report that it touches."""
        own = {p.kind for p in self.places if p.kind}
        return frozenset(own | {kind for p in self.places for _, kind in p.books})
