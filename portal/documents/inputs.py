"""What compiling reads: the snapshot with handles, so that no compile module picks in raw JSON.

A snapshot is plain canonical JSON (documents/snapshot.py takes it). Nothing here knows the
database; equal snapshots always compile to equal documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter

from portal.indonesian import TRIWULAN
from portal.outlines.parts import Part, PartBase
from portal.outlines.schema import Edition, ListItem

Snapshot = Mapping[str, Any]
_PART: TypeAdapter[Part] = TypeAdapter(Part)

#: States whose content is taken over for the final book.
ACCEPTED = frozenset({"diterima", "terkunci"})


@dataclass(frozen=True)
class RowIn:
    """A row: its stable id and its canonical cells."""

    uid: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class EntryIn:
    """An isian as it stood when the snapshot was taken."""

    part: str
    repeat: str
    unit: str  # code of the supplier
    state: str
    fields: Mapping[str, str]
    rows: tuple[RowIn, ...]
    document: str = ""  # a dokumen jadi that stands for it: its name

    @property
    def ref(self) -> str:
        """Natural key for tracing, the same on every server: ``part@repeat@UNIT``."""
        return f"{self.part}@{self.repeat}@{self.unit}"


@dataclass
class Inputs:
    """The snapshot with an index over entries, units and datums."""

    data: Snapshot
    edition: Edition
    entries: dict[tuple[str, str], list[EntryIn]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        grouped: dict[tuple[str, str], list[EntryIn]] = defaultdict(list)
        lent = [e for other in self.data.get("borrowed", {}).values() for e in other["entries"]]
        for raw in (*self.data["entries"], *lent):
            entry = EntryIn(
                raw["part"], raw["repeat"], raw["unit"], raw["state"], raw["fields"],
                tuple(RowIn(uid, cells) for uid, cells in raw["rows"]), raw.get("document", ""),
            )  # fmt: skip
            grouped[entry.part, entry.repeat].append(entry)
        for found in grouped.values():
            found.sort(key=lambda e: (self.unit_position(e.unit), e.unit))
        self.entries = dict(grouped)

    @property
    def year(self) -> int:
        """The data year."""
        return int(self.data["report"]["year"])

    @property
    def period(self) -> str:
        """The period key of the report's figures: ``2025`` or ``2025-TW1``."""
        part = self.data["report"]["period"]
        return f"{self.year}-{part}" if part else str(self.year)

    def period_back(self, years: int) -> str:
        """The same period ``years`` before."""
        return self.period.replace(str(self.year), str(self.year - years), 1)

    @property
    def final(self) -> bool:
        """True for a Naskah Final, False for a Konsep."""
        return bool(self.data["final"])

    @cached_property
    def things(self) -> dict[str, tuple[ListItem, ...]]:
        """The region's own lists (kecamatan, perangkat_daerah, ...)."""
        return {
            key: tuple(ListItem.model_validate(item) for item in items)
            for key, items in self.data["things"].items()
        }

    def list_of(self, name: str) -> tuple[ListItem, ...]:
        """Items of a list of the region or of the edition."""
        own = self.things.get(name)
        return self.edition.lists.get(name, ()) if own is None else own

    def of(self, part: PartBase, repeat: str) -> list[EntryIn]:
        """The isian of a part for one repetition, in the order of the Perangkat Daerah."""
        return self.entries.get((part.key, repeat), [])

    def borrowed(self, kind: str, key: str) -> Part | None:
        """A part of another report of the year, None while that report is not open."""
        found = self.data.get("borrowed", {}).get(kind, {"parts": {}})["parts"].get(key)
        return None if found is None else _PART.validate_python(found)

    @property
    def of_region(self) -> bool:
        """True for a book of the region itself, not of one Perangkat Daerah."""
        return bool(self.data["report"]["owner"] == self.data["region"]["unit"])

    @property
    def name(self) -> Mapping[str, str]:
        """``short`` and ``full`` name of the book, as the region calls it."""
        own = {"short": self.edition.short, "full": self.edition.title}
        return self.data.get("name") or own

    def feed(self, name: str) -> Mapping[str, Any]:
        """What another room gave for a part, {} when it gave nothing."""
        found: Mapping[str, Any] = self.data.get("feeds", {}).get(name, {})
        return found

    def bidang_names(self) -> dict[str, str]:
        """Names of urusan by code, from the lists of the edition."""
        return {
            code.strip(): item.title
            for items in self.edition.lists.values() for item in items
            for code in item.cells.get("kode", "").split(",") if code.strip()
        }  # fmt: skip

    def visible(self, entry: EntryIn) -> bool:
        """True when the compiling office may see the content: it was handed over."""
        return entry.state in self.data["visible_states"]

    def unit_name(self, code: str) -> str:
        """Name of a unit on the structure date, its code when unknown."""
        return str(self.data["units"].get(code, {}).get("name", code))

    def unit_position(self, code: str) -> int:
        """Order among the Perangkat Daerah."""
        return int(self.data["units"].get(code, {}).get("position", 10**6))

    def duty_names(self, duty: str) -> str:
        """Who answers for a duty on the structure date, for a gap without an isian."""
        return str(self.data["duties"].get(duty, "")) or "belum ditetapkan"

    def words(self, item: ListItem | None = None) -> dict[str, str]:
        """What the plain holes ``{daerah}``, ``{tahun}``, ... stand for."""
        region = self.data["region"]
        quarter = self.data["report"]["period"]
        return {
            "daerah": region["full_name"],
            "nama_daerah": region["name"],
            "provinsi": region["province"],
            "ibu_kota": region["capital"],
            "kepala": region["head"],
            "tahun": str(self.year),
            "tahun_lalu": str(self.year - 1),
            "periode": f"{TRIWULAN[quarter]} Tahun {self.year}"
            if quarter
            else f"Tahun {self.year}",
            "unit": self.unit_name(self.data["report"]["owner"]),
            "instansi": self.unit_name(self.data["report"]["owner"]),
            "naungan": "" if self.of_region else region["full_name"],
            "judul": self.name["full"],
            "singkatan": self.name["short"],
            **({"item": item.title} if item else {}),
        }

    def datum(self, element: str, period: str) -> Mapping[str, Any] | None:
        """The newest statement of an element: the owner's own, else the region's."""
        datums = self.data["datums"]
        for unit in (self.data["report"]["owner"], self.data["region"]["unit"]):
            found = datums.get(f"{element}|{period}|{unit}")
            if found is not None:
                return found  # type: ignore[no-any-return]  # JSON
        return None


def number(value: str | None) -> Decimal | None:
    """A canonical number, None when the cell holds none."""
    if not value:
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def day(value: str | None) -> date | None:
    """A canonical date, None when there is none."""
    return date.fromisoformat(value) if value else None
