"""The rules over one sheet: contradictions between places. Pure functions, linear in the sheet.

Severity, title, basis and advice come from checks.yaml; the words are "perlu diperbaiki" and
"perlu dicek". What is merely missing is no contradiction and is left to the isian.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from portal.checks import narrative, sides
from portal.checks import services as spm
from portal.checks.sheet import LineIn, Note, Place, Sheet, TableIn
from portal.checks.sides import Found
from portal.checks.spec import Link, Recomputed, ReuseFile, Rule
from portal.figures import checks as own
from portal.figures.rules import show

SEVERITY_WORDS = {"blocking": "Perlu diperbaiki", "warning": "Perlu dicek"}
#: Factors between two spellings of one amount: percent, thousands, millions.
FACTORS = (Decimal(100), Decimal(1000), Decimal(1_000_000))
#: Rules of one isian that are looked at again over the whole catalogue, and what they count as.
FIGURE_RULES = {
    "part_above_whole": "bagian_melebihi", "result": "bagian_melebihi",
    "bounds": "bagian_melebihi", "whole": "bagian_melebihi", "sum": "jumlah_unsur",
    "copy": "lonjakan", "jump": "lonjakan", "unit": "satuan",
}  # fmt: skip


def check(sheet: Sheet, reuse: ReuseFile, rules: Mapping[str, Rule]) -> list[Note]:
    """All notes of a year, what blocks first, then in the order of the rules."""
    maker = Maker(rules)
    found: list[Note] = []
    for link in reuse.links:
        found += linked(sheet, link, maker)
    found += services(sheet, reuse, maker)
    for one in reuse.recomputed:
        found += recomputed(sheet, one, maker)
    found += figures(sheet, maker)
    found += spm.check(sheet, maker)
    found += narrative.check(sheet, maker)
    unique = {note.id: note for note in found}
    return sorted(unique.values(), key=lambda n: (not n.blocks, n.rule, n.id))


class Maker:
    """Makes notes with the weight and the basis of their rule."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules

    def note(
        self, rule: str, what: str, title: str, sentence: str, places: Iterable[Place]
    ) -> Note:
        """One note; ``what`` names the thing, so that its id is the same in every run."""
        given, here = self.rules[rule], tuple(places)
        where = "|".join((rule, what, *(f"{p.entry_id}:{p.target}:{p.label}" for p in here)))
        values = "|".join(p.value for p in here)
        return Note(
            hashlib.sha256(where.encode()).hexdigest()[:16], rule, given.severity, title,
            sentence, given.basis, given.advice, here,
            hashlib.sha256(f"{where}|{values}".encode()).hexdigest()[:16],
        )  # fmt: skip


# --- between places -------------------------------------------------------------------------


def linked(sheet: Sheet, link: Link, maker: Maker) -> Iterator[Note]:
    """Places that must hold the same number (PP 13/2019: one datum, one value)."""
    met: dict[sides.Key, list[Found]] = defaultdict(list)
    for side in link.sides:
        for key, found in sides.read(sheet, side):
            met[key].append(found)
    for key, places in met.items():
        yield from _differ(link.rule, f"{link.key}|{key[1]}", link.title, places, maker,
                           link.tolerance)  # fmt: skip


def _differ(
    rule: str, what: str, title: str, found: list[Found], maker: Maker, tolerance: Decimal
) -> Iterator[Note]:
    """Each place against the first that has a number; also their satuan."""
    first = found[0]
    named = next((f for f in found if f.unit), None)
    for other in found[1:]:
        if abs(first.value - other.value) > tolerance:
            factor = factor_of(first.value, other.value)
            kind = "satuan" if factor else rule
            more = (
                f" Bedanya sekitar {sides.shown(factor)} kali; periksa satuannya." if factor else ""
            )
            yield maker.note(
                kind, what, title,
                f"{title}: {first.place.value} pada {first.place.label}, tetapi "
                f"{other.place.value} pada {other.place.label}.{more}",
                (first.place, other.place),
            )  # fmt: skip
        if named is None or named is other or not other.unit:
            continue
        strict = not named.place.element
        if not same_unit(named.unit, other.unit, strict):
            yield maker.note(
                "satuan", f"{what}|satuan", title,
                f"{title}: satuan “{named.unit}” pada {named.place.label}, tetapi “{other.unit}” "
                f"pada {other.place.label}.", (named.place, other.place),
            )  # fmt: skip


def factor_of(one: Decimal, two: Decimal) -> Decimal | None:
    """The factor when one number is 100, or about 1.000 or 1.000.000, times the other."""
    if not one or not two:
        return None
    high, low = max(abs(one), abs(two)), min(abs(one), abs(two))
    for factor in FACTORS:
        slack = low * factor / 20 if factor > 100 else Decimal(0)
        if abs(high - low * factor) <= slack:
            return factor
    return None


_UNITS = {
    "persen": "%", "jiwa": "orang", "orang": "orang", "rp": "rupiah", "unit rumah": "unit",
    "kk": "rumah tangga", "keluarga": "rumah tangga",
}  # fmt: skip
#: Units that mean different things when they stand beside one number.
_APART = {"%", "rupiah", "orang", "km", "m", "ha", "km2", "ribu", "juta", "menit", "indeks"}


def same_unit(one: str, two: str, strict: bool = False) -> bool:
    """False for units that cannot be two names of one thing; ``strict``: for any two words."""
    a, b = (_UNITS.get(u.strip().casefold(), u.strip().casefold()) for u in (one, two))
    return a == b or not (strict or (a in _APART and b in _APART))


def services(sheet: Sheet, reuse: ReuseFile, maker: Maker) -> Iterator[Note]:
    """One number for SPM, IKK and LPPD Bab IV (overlap table in reuse.yaml)."""
    lines: dict[tuple[str, str, str], list[tuple[TableIn, LineIn]]] = defaultdict(list)
    for t in reuse.service_tables:
        for table in sheet.tables.get((t.kind, t.part), ()):
            if table.book.period in ("", "TW4"):
                for line in table.lines:
                    lines[t.kind, t.part, line.uid].append((table, line))
    words = {"needed": "sasaran penerima", "served": "penerima yang dilayani"}
    for service in reuse.services:
        for quantity, found in sides.service_sides(sheet, service, reuse.service_tables, lines):
            title = f"SPM {service.service.upper()}, {words[quantity]}"
            what = f"spm|{service.service}|{quantity}"
            yield from _differ("antar_laporan", what, title, found, maker, Decimal(0))


# --- computed again -------------------------------------------------------------------------


def recomputed(sheet: Sheet, one: Recomputed, maker: Maker) -> Iterator[Note]:
    """A typed capaian beside what its tables give."""
    sums: dict[sides.Key, list[Found]] = defaultdict(list)
    for side in one.mean_of:
        for key, found in sides.read(sheet, side):
            sums[key].append(found)
    for key, typed in sides.read(sheet, one.typed):
        parts = sums.get(key)
        if not parts:
            continue
        mean = sum((p.value for p in parts), Decimal(0)) / len(parts)
        if abs(mean - typed.value) > one.tolerance:
            place = parts[0].place
            result = Place(
                f"{place.label} ({len(parts)} baris dihitung ulang)", sides.shown(round(mean, 2)),
                place.unit, place.kind, place.report_id, place.entry_id, place.target,
            )  # fmt: skip
            yield maker.note(
                "capaian_dihitung", one.key, one.title,
                f"{one.title}: tertulis {typed.place.value} pada {typed.place.label}, hasil "
                f"hitungan {sides.shown(round(mean, 2))}.", (typed.place, result),
            )  # fmt: skip


# --- figures --------------------------------------------------------------------------------


def figures(sheet: Sheet, maker: Maker) -> Iterator[Note]:
    """The rules of the figures over the whole catalogue, as notes."""
    facts = own.Facts(
        sheet.catalogue, sheet.year, sheet.now, sheet.before, sheet.today, sheet.thresholds
    )
    book = sheet.catalogue
    for e in book.elements.values():
        for rule in (own.bounds, own.against_last_year):
            yield from _as_notes(sheet, rule(facts, e), maker)
    tests: tuple[Callable[..., Iterator[own.Check]], ...] = (own.part_above_whole,
                                                             own.result_bounds)  # fmt: skip
    for i in book.of(year=sheet.year):
        if i.level == "keluaran":
            continue  # an element as it is; looked at above
        for test in tests:
            yield from _as_notes(sheet, test(facts, i), maker)
    yield from _as_notes(sheet, own.sums(facts), maker)


def _as_notes(sheet: Sheet, found: Iterable[own.Check], maker: Maker) -> Iterator[Note]:
    for c in found:
        rule = FIGURE_RULES.get(c.key)
        if rule is None:
            continue
        key = c.target.split(":")[1]
        e, view, last = sheet.catalogue.elements[key], sheet.now.get(key), sheet.before.get(key)
        here = sides.element_place(sheet, key, show(view.value, e.kind, e.places)
                                   if view else "")  # fmt: skip
        there = other_place(sheet, c, key)
        if there is None:
            said = show(last.value, e.kind, e.places) if last else ""
            there = Place(f"Data/Indikator, {e.title}, tahun {sheet.year - 1}", said,
                          sheet.owners.get(key, ""), element=key,
                          books=sheet.books.get(key, ()))  # fmt: skip
        yield maker.note(rule, f"{c.key}|{c.indicator or key}", e.title, c.sentence, (here, there))


def other_place(sheet: Sheet, c: own.Check, key: str) -> Place | None:
    """What a rule of figures compares with: the whole of a ratio, the limit, or last year."""
    if c.key in ("part_above_whole", "result") and c.indicator:
        i = sheet.catalogue.indicators[c.indicator]
        other = next((k for k in (*i.whole, *i.elements) if k != key), None)
        if other is not None:
            view, e = sheet.now.get(other), sheet.catalogue.elements[other]
            value = show(view.value, e.kind, e.places) if view else ""
            return sides.element_place(sheet, other, value)
    if c.key in ("bounds", "whole"):
        e = sheet.catalogue.elements[key]
        limits = " sampai ".join(
            sides.shown(x) if x is not None else "..." for x in (e.low, e.high)
        )
        return Place(f"Katalog data, batas {e.title}", limits, element=key)
    if c.key == "sum":
        one = next(s for s in sheet.catalogue.sums if s.whole == key)
        values = [v.value for k in one.parts if (v := sheet.now.get(k)) and v.value is not None]
        names = " + ".join(sheet.catalogue.elements[k].title for k in one.parts)
        return Place(f"Data/Indikator, {names}", sides.shown(sum(values, Decimal(0))),
                     sheet.owners.get(one.parts[0], ""), element=one.parts[0],
                     books=sheet.books.get(one.parts[0], ()))  # fmt: skip
    return None
