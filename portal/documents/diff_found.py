"""What two books are compared into: sections that are looked at, changes that are found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from portal.documents.lines import Line, Runs

Key = TypeVar("Key")
How = Literal["changed", "added", "removed"]
Group = Literal["figure", "sentence", "row", "annex"]
GROUPS: dict[str, str] = {
    "figure": "Angka", "sentence": "Kalimat", "row": "Baris tabel",
    "annex": "Lampiran, bagian, dan gambar",
}  # fmt: skip
COUNTED: dict[str, str] = {
    "figure": "angka", "sentence": "kalimat", "row": "baris tabel", "annex": "lampiran atau bagian",
}  # fmt: skip
#: Numbers that the portal computes from others: they change because something else did.
COMPUTED = (
    "calc",
    "total",
    "indicator",
    "laju",
    "computed",
    "indeks",
    "keterisian",
    "anggaran_spm",
)


@dataclass(frozen=True)
class Change:
    """One difference in words that people read. ``how`` is changed, added or removed."""

    group: Group
    how: How
    what: str
    before: str
    after: str
    places: tuple[str, ...]
    ref: str = ""
    computed: bool = False
    words: tuple[tuple[str, str], ...] = ()  # same | out | in, word by word


@dataclass
class Difference:
    """All that differs between an older and a newer book."""

    changes: list[Change] = field(default_factory=list)

    def of(self, group: str) -> list[Change]:
        """The changes of one group in the order of the book, typed numbers before computed."""
        return sorted((c for c in self.changes if c.group == group), key=lambda c: c.computed)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each group."""
        return {group: len(self.of(group)) for group in GROUPS}

    @property
    def summary(self) -> str:
        """``12 angka dan 3 kalimat berubah``; a sentence when nothing did."""
        said = [f"{n} {COUNTED[group]}" for group, n in self.counts.items() if n]
        if not said:
            return "Tidak ada kata atau angka yang berubah."
        head, last = ", ".join(said[:-1]), said[-1]
        return f"{head} dan {last} berubah." if head else f"{last} berubah."


@dataclass
class Section:
    """What stands under one heading."""

    key: str
    title: str = ""
    place: str = ""
    chapter: str = ""
    texts: list[Runs] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    others: list[Line] = field(default_factory=list)

    @property
    def annex(self) -> bool:
        """True in the lampiran."""
        return self.chapter.startswith("L")


class Found:
    """Changes in order; a figure that is printed in several places is told once."""

    def __init__(self) -> None:
        self._changes: list[Change] = []
        self._figures: dict[tuple[str, str, str], int] = {}

    def add(self, group: Group, how: How, what: str,
            before: str, after: str, section: Section,
            words: tuple[tuple[str, str], ...] = ()) -> None:  # fmt: skip
        """A change that is told where it stands."""
        self._changes.append(
            Change("annex" if section.annex else group, how, what, before, after, (section.place,),
                   words=words)
        )  # fmt: skip

    def figure(self, what: str, before: str, after: str, ref: str, section: Section,
               table: str) -> None:  # fmt: skip
        """A number; printed again elsewhere it only gains a place."""
        place = f"{section.place}, {table}" if table else section.place
        key = (ref or f"{place}|{what}", before, after)
        at = self._figures.get(key)
        if at is not None:
            old = self._changes[at]
            places = tuple(dict.fromkeys((*old.places, place)))
            group = "figure" if old.group == "annex" and not section.annex else old.group
            self._changes[at] = Change(group, old.how, old.what, before, after, places, old.ref,
                                       old.computed)  # fmt: skip
            return
        self._figures[key] = len(self._changes)
        self._changes.append(Change(
            "annex" if section.annex else "figure", "changed", what, before, after, (place,), ref,
            ref.split(":", 1)[0] in COMPUTED,
        ))  # fmt: skip

    def done(self) -> list[Change]:
        """Everything that was found."""
        return self._changes


def plain_of(runs: Runs) -> str:
    """The words of runs."""
    return "".join(text for text, _ in runs)


def in_order(old: list[Key], new: list[Key]) -> list[Key]:
    """Keys in the order of the newer book, those that are gone where they stood."""
    out = list(new)
    known = set(new)
    for n, key in enumerate(old):
        if key not in known:
            at = next((out.index(k) + 1 for k in reversed(old[:n]) if k in out), 0)
            out.insert(at, key)
    return out
