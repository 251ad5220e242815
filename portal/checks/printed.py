"""Where each figure is printed: element or indicator -> report, section, part. From the outlines.

Tables that hold the same number (links and services of reuse.yaml) count, matrices of the lampiran
too. The index is made once for each set of editions and year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from portal.checks import spec
from portal.figures import catalogue
from portal.figures.expr import parse
from portal.figures.shape import Catalogue, Indicator
from portal.outlines import loader, measured, measures
from portal.outlines.parts import Indicators, Matrix, Measures, Part, Table, applies
from portal.outlines.schema import Chapter, Edition, ListItem, Placed, Section, placed_parts
from portal.people import queries as people
from portal.reports import places


@dataclass(frozen=True)
class Printed:
    """One place in a book. ``how``: typed (asked there), counted (SPM), printed (lampiran),
    same (must equal)."""

    kind: str
    short: str  # LPPD
    number: str  # II.2.2
    section: str
    title: str
    part: str
    repeat: str
    how: str
    row: str = ""

    @property
    def label(self) -> str:
        """``LPPD II.2.2``."""
        return f"{self.short} {self.number}"

    @property
    def long(self) -> str:
        """``LPPD II.2.2 IKK Hasil: Kesehatan``."""
        tail = f": {self.title}" if self.title and self.title != self.section else ""
        return f"{self.label} {self.section}{tail}"


@dataclass
class Index:
    """Element -> places, indicator -> places, in the order of the books."""

    elements: dict[str, dict[Printed, None]] = field(default_factory=dict)
    indicators: dict[str, dict[Printed, None]] = field(default_factory=dict)

    def of_element(self, key: str) -> tuple[Printed, ...]:
        """Where an element is printed, alone or in an indicator."""
        return tuple(self.elements.get(key, ()))

    def of_indicator(self, key: str) -> tuple[Printed, ...]:
        """Where an indicator is printed, and where its elements must be the same."""
        found = dict(self.indicators.get(key, {}))
        one = catalogue.current().indicators.get(key)
        for element in one.elements if one else ():
            same = (p for p in self.elements.get(element, ()) if p.how in ("same", "counted"))
            found |= dict.fromkeys(same)
        return tuple(found)

    def parts_of(self, element: str) -> frozenset[tuple[str, str, str]]:
        """(kind, part, repeat) of all isian that depend on an element."""
        return frozenset((p.kind, p.part, p.repeat) for p in self.elements.get(element, ()))

    def parts_of_indicator(self, key: str) -> frozenset[tuple[str, str, str]]:
        """(kind, part, repeat) of all isian that print an indicator."""
        return frozenset((p.kind, p.part, p.repeat) for p in self.indicators.get(key, ()))


_cache: dict[tuple[object, ...], Index] = {}


def index(year: int) -> Index:
    """The index for a data year; kept as long as the editions and the region's lists stay."""
    editions = _newest(year)
    lists = places.things(people.today())
    key = (year, id(catalogue.current()),
           tuple(loader.current().digest(e.kind, e.code) for e in editions),
           tuple((k, len(v)) for k, v in lists.items()))  # fmt: skip
    if key not in _cache:
        if len(_cache) > 12:
            _cache.clear()
        _cache[key] = made(editions, year, lists, catalogue.current(), spec.reuse())
    return _cache[key]


def _newest(year: int) -> list[Edition]:
    """The edition of each kind that a year opens under; older ones are for years gone."""
    known, found = loader.current(), []
    for kind in dict.fromkeys(e.kind for e in known.all()):
        with suppress(LookupError):
            found.append(known.for_year(kind, year))
    return found


def made(
    editions: list[Edition], year: int, lists: Mapping[str, tuple[ListItem, ...]],
    book: Catalogue, reuse: spec.ReuseFile,
) -> Index:  # fmt: skip
    """The index of these editions; pure."""
    found = Index()
    for edition in editions:
        numbers = dict(numbered(edition))
        merged = {**edition.lists, **lists}
        for placed in placed_parts(edition, dict(lists)):
            if applies(placed.part, year):
                _part(found, edition, placed, numbers, year, book, reuse, merged)
    return found


def _part(
    found: Index, edition: Edition, placed: Placed, numbers: Mapping[tuple[str, ...], str],
    year: int, book: Catalogue, reuse: spec.ReuseFile, lists: Mapping[str, tuple[ListItem, ...]],
) -> None:  # fmt: skip
    part = placed.part
    for one in indicators_in(part, placed.item, lists, year, book):
        how = "printed" if isinstance(part, Matrix) else "typed"
        place = _place(edition, placed, numbers, how)
        found.indicators.setdefault(one.key, {})[place] = None
        for element in one.elements:
            found.elements.setdefault(element, {})[place] = None
    if isinstance(part, Measures) and part.of in ("recipients", "quality"):
        known = tuple((i.group, i.title) for i in lists.get(part.over, ())) if part.over else ()
        groups = [group for group, _ in measures.groups_of(part, placed.item, known)]
        place = _place(edition, placed, numbers, "counted")
        for element in measured.elements_of(part, groups, book, year):
            found.elements.setdefault(element, {})[place] = None
    for element, row in same_in(edition.kind, placed, reuse, lists, book):
        place = _place(edition, placed, numbers, "same", row)
        found.elements.setdefault(element, {})[place] = None


def indicators_in(
    part: Part, item: ListItem | None, lists: Mapping[str, tuple[ListItem, ...]], year: int,
    book: Catalogue,
) -> Iterator[Indicator]:  # fmt: skip
    """Indicators that a part prints."""
    if isinstance(part, Indicators):
        group = part.group
        if group == "item":
            group = (item.group or item.key) if item else ""
        yield from book.of(part.level, group, year)
    elif isinstance(part, Matrix):
        for each in lists.get(part.over, ()):
            yield from book.of(part.level, each.group or each.key, year)


def same_in(
    kind: str, placed: Placed, reuse: spec.ReuseFile, lists: Mapping[str, tuple[ListItem, ...]],
    book: Catalogue,
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """(element, row) of a table whose numbers must be those of elements."""
    yield from _services_in(kind, placed, reuse, lists, book)
    for link in reuse.links:
        if any((s.kind, s.part) == (kind, placed.part.key) for s in link.sides):
            for side in link.sides:
                for formula in side.elements.values():
                    for name in _names(formula, book):
                        yield name, ""


def _services_in(
    kind: str, placed: Placed, reuse: spec.ReuseFile, lists: Mapping[str, tuple[ListItem, ...]],
    book: Catalogue,
) -> Iterator[tuple[str, str]]:  # fmt: skip
    for table in reuse.service_tables:
        if (table.kind, table.part) != (kind, placed.part.key):
            continue
        if not isinstance(placed.part, Table):
            continue
        rows = {item.key: item.title for item in lists.get(placed.part.rows.over, ())}
        for service in reuse.services:
            if service.service in rows:
                for name in (*_names(service.needed, book), *_names(service.served, book)):
                    yield name, rows[service.service]


def _names(formula: str, book: Catalogue) -> tuple[str, ...]:
    return tuple(n for n in parse(formula).names if n in book.elements) if formula else ()


def _place(
    edition: Edition, placed: Placed, numbers: Mapping[tuple[str, ...], str], how: str,
    row: str = "",
) -> Printed:  # fmt: skip
    path = (placed.chapter.key, *(s.key for s in placed.sections))
    repeat = placed.repeat_key
    return Printed(
        edition.kind, edition.short, numbers.get(path, placed.chapter.label),
        places.section_title(placed), places.part_title(placed), placed.part.key, repeat, how, row,
    )  # fmt: skip


def numbered(edition: Edition) -> Iterator[tuple[tuple[str, ...], str]]:
    """Path of keys -> ``II.2.2``; a repeated section bears its parent's number."""
    for chapter in edition.chapters:
        yield (chapter.key,), chapter.label
        yield from _below(chapter, (chapter.key,), chapter.label)


def _below(
    holder: Chapter | Section, path: tuple[str, ...], number: str
) -> Iterator[tuple[tuple[str, ...], str]]:
    count = 0
    for section in holder.sections:
        here = (*path, section.key)
        label = number
        if section.numbered and section.repeat is None:
            count += 1
            label = f"{number}.{count}"
        yield here, label
        yield from _below(section, here, label)


def line(found: tuple[Printed, ...], most: int = 6) -> str:
    """``LPPD II.2.2, SPM II.1.3``: each place once, for beside a figure."""
    labels = list(dict.fromkeys(p.label for p in found))
    more = f" dan {len(labels) - most} lainnya" if len(labels) > most else ""
    return ", ".join(labels[:most]) + more
