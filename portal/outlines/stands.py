"""What stands where in a format, and what stands elsewhere in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from portal.outlines.parts import Part
from portal.outlines.schema import Chapter, Edition, Section

What = Literal["meaning", "added", "removed", "renamed", "moved", "columns"]


@dataclass(frozen=True)
class Stand:
    """A chapter, section or part where it stands; ``around`` are the keys above it."""

    key: str
    level: str  # Bab | Subbab | Bagian
    title: str
    place: str  # Bab II › 2.2 Capaian ...
    around: tuple[str, ...]
    part: Part | None = None


@dataclass(frozen=True)
class Difference:
    """One thing that differs, with what an official has to do about it."""

    what: What
    level: str
    key: str
    before: str
    after: str
    place: str
    sentence: str
    advice: str


def stands(edition: Edition) -> Iterator[Stand]:
    """Every chapter, section and part in the order of the book."""
    if edition.preface is not None:
        yield Stand(edition.preface.key, "Bagian", edition.preface.title, "Kata Pengantar", (),
                    edition.preface)  # fmt: skip
    for chapter in edition.chapters:
        label = chapter.title if chapter.annex else f"Bab {chapter.label} {chapter.title}"
        yield Stand(f"bab:{chapter.key}", "Bab", label, label, ())
        yield from _inside(chapter, label, (f"bab:{chapter.key}",))


def _inside(owner: Chapter | Section, place: str, around: tuple[str, ...]) -> Iterator[Stand]:
    for part in owner.parts:
        yield Stand(part.key, "Bagian", part.title, place, around, part)
    for section in owner.sections:
        key = f"sub:{section.key}"
        here = f"{place} › {section.title}"
        yield Stand(key, "Subbab", section.title, here, around)
        yield from _inside(section, here, (*around, key))


Pairs = list[tuple[Stand, Stand]]


def moved(before: Sequence[Stand], after: Sequence[Stand], pairs: Pairs) -> Iterator[Difference]:
    """Another chapter or section above it, or another order beside its neighbours."""
    now = {a.key: b.key for a, b in pairs}
    turned = _turned(before, after, pairs)
    for a, b in pairs:
        there = tuple(now.get(key, key) for key in a.around)
        if there != b.around and a.place != b.place:
            yield Difference(
                "moved", b.level, b.key, a.place, b.place, b.place,
                f"{b.level} “{b.title}” pindah dari {a.place} ke {b.place}.",
                "Isi tahun lalu dibawa ke tempat barunya." if b.part is not None
                else "Isi di dalamnya ikut.",
            )  # fmt: skip
        elif b.key in turned:
            yield Difference(
                "moved", b.level, b.key, a.place, b.place, b.place,
                f"{b.level} “{b.title}” berganti urutan di {_above(b)}.",
                "Isi tahun lalu dibawa; nomor tabel dan subbabnya mengikuti urutan baru.",
            )  # fmt: skip


def _above(stand: Stand) -> str:
    return stand.place.rsplit(" › ", 1)[0] if stand.part is None else stand.place


def _turned(before: Sequence[Stand], after: Sequence[Stand], pairs: Pairs) -> set[str]:
    """Keys that stand under the same heading, but no longer in the same order."""
    was = {b.key: a for a, b in pairs}
    rank = {stand.key: n for n, stand in enumerate(before)}
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for stand in after:
        if stand.key in was and stand.around == was[stand.key].around:
            groups.setdefault((stand.around, stand.part is None), []).append(stand.key)
    found: set[str] = set()
    for keys in groups.values():
        ranks = [rank[was[key].key] for key in keys]
        kept = _longest_rise(ranks)
        found |= {key for n, key in enumerate(keys) if n not in kept}
    return found


def _longest_rise(ranks: Sequence[int]) -> set[int]:
    """Indexes of one longest rising subsequence: the others are what moved."""
    best: list[list[int]] = []
    for n, rank in enumerate(ranks):
        below = [chain for chain in best if ranks[chain[-1]] < rank]
        longest: list[int] = max(below, key=len) if below else []
        best.append([*longest, n])
    rise: list[int] = max(best, key=len) if best else []
    return set(rise)
