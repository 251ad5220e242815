"""Puts contradictions into the demo: each is one changed value, and says how it must be found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

import sqlalchemy as sa

from portal.budget.models import AccountLine, BudgetLine
from portal.checks.sheet import Note, Sheet
from portal.db import db
from portal.figures.models import Datum, DatumRev
from portal.indonesian import number
from portal.people.models import Unit
from portal.reports.models import EntryCell
from tests.checks import planter_sakip

#: Parts whose cells are those of the budget itself.
TREES = {
    "program_kegiatan": BudgetLine,
    "lkpj_capaian": BudgetLine,
    "apbd_belanja": AccountLine,
    "apbd_pendapatan": AccountLine,
}


@dataclass(frozen=True)
class Planted:
    """What was planted: the kind, the rules that may tell it, and the place that must be named."""

    kind: str
    rules: frozenset[str]
    entry_id: int = 0
    target: str = ""
    element: str = ""
    part: str = ""
    book: str = "lppd"
    address: str = ""
    unit: str = ""  # whose budget was changed; several books print it

    def found(self, notes: list[Note]) -> bool:
        """True when a note names the place under one of the rules, with two places."""
        return any(self.named(n) for n in notes)

    def named(self, note: Note) -> bool:
        """True when this note tells it."""
        if note.rule not in self.rules or len(note.places) < 2:
            return False
        if not note.basis or not all(p.label for p in note.places):
            return False
        if self.address:
            return any(p.address == self.address for p in note.places)
        if self.element:
            return any(p.element == self.element for p in note.places)
        return any(
            p.entry_id == self.entry_id and (not self.target or p.target == self.target)
            for p in note.places
        )


def false(planted: list[Planted], notes: list[Note], sheet: Sheet) -> list[str]:
    """Sentences of notes that name nothing that was changed, nor what is counted from it."""
    book = sheet.catalogue
    entries = {p.entry_id for p in planted if p.entry_id}
    units, addresses = ({getattr(p, name) for p in planted} - {""} for name in ("unit", "address"))
    elements = {p.element for p in planted if p.element}
    with_it = [set(i.elements) for i in book.indicators.values()]
    with_it += [{*s.part, *s.whole} for s in book.services_of()]
    near = elements.union(*(group for group in with_it if group & elements))
    return [
        n.sentence for n in notes
        if not any(p.entry_id in entries or p.element in near or p.address in addresses
                   or (n.rule == "opd_bpkad" and p.unit in units) for p in n.places)
    ]  # fmt: skip


class Planter:
    """A seeded planter; never plants twice in one place."""

    def __init__(self, sheet: Sheet, seed: int = 7) -> None:
        self.sheet, self.rng = sheet, Random(seed)  # noqa: S311 - a test
        self.done: list[Planted] = []
        self.used: set[object] = set()

    # --- tables

    def cells(self, kind: str, part: str, *columns: str) -> Iterator[tuple[int, str, str, str]]:
        """(isian, row, column, unit) of typed numbers, in a seeded order."""
        found = [
            (t.entry_id, line.uid, c, t.unit)
            for t in self.sheet.tables.get((kind, part), ()) if t.book.period in ("", "TW4")
            for line in t.lines if not line.summed and line.uid != "tr1"  # not the SPM indicator
            for c in columns if line.numbers.get(c)
        ]  # fmt: skip
        self.rng.shuffle(found)
        return iter(found)

    def line(self, part: str, unit: str, code: str, column: str, value: Decimal) -> None:
        """Write a number of the budget; accounts are the region's."""
        model = TREES[part]
        owner = "PEMDA" if model is AccountLine else unit
        found = db.session.scalars(
            sa.select(model).join(Unit, Unit.id == model.unit_id)
            .where(Unit.code == owner, model.year == self.sheet.year, model.kode == code)
        ).one()  # fmt: skip
        setattr(found, column, value)

    def change(self, entry_id: int, uid: str, column: str, value: str) -> None:
        """Write a cell."""
        done = db.session.execute(
            sa.update(EntryCell)
            .where(EntryCell.entry_id == entry_id, EntryCell.row == uid, EntryCell.field == column)
            .values(value=value)
        )
        assert done.rowcount == 1, (entry_id, uid, column)  # type: ignore[attr-defined]

    def value(self, entry_id: int, uid: str, column: str) -> str:
        """What a cell holds."""
        return (
            db.session.scalars(
                sa.select(EntryCell.value).where(
                    EntryCell.entry_id == entry_id, EntryCell.row == uid, EntryCell.field == column
                )
            ).one()
            or ""
        )

    def table(
        self, count: int, kind: str, part: str, columns: tuple[str, ...], rules: str,
        *, total: bool = False, factor: int = 0, one_each: bool = False, rows: str = "", names: str = "", under: str = "",
    ) -> None:  # fmt: skip
        """Change ``count`` cells; ``total``: the note names the whole column of the isian."""
        left = count
        for entry_id, uid, column, unit in self.cells(kind, part, *columns):
            if left == 0:
                return
            mark: object = (entry_id, uid, column)
            group: object = (part, unit, column)
            if mark in self.used or (rows and uid not in rows.split()):
                continue
            if not uid.startswith(under):
                continue
            if (one_each or total) and group in self.used:
                continue
            if part in TREES:
                self.tree(part, unit, uid, column)
            else:
                old = Decimal(self.value(entry_id, uid, column))
                new = old * factor if factor else old + self.rng.choice([1, 2, 7, 10])
                self.change(entry_id, uid, column, format(new, "f"))
            self.used |= {mark, group}
            target = "" if total else f"c:{uid}:{names or column}"
            self.done.append(Planted(f"{part}.{column}", frozenset(rules.split()), entry_id,
                                     target, part=part, book=kind,
                                     unit=unit if part in TREES else ""))  # fmt: skip
            left -= 1
        assert left == 0, (kind, part, left)

    def tree(self, part: str, unit: str, uid: str, column: str) -> None:
        """Change a number of the budget by a little."""
        kind = "lkpj" if part == "lkpj_capaian" else "lppd"
        line = next(ln for t in self.sheet.tables[kind, part] if t.unit == unit
                    for ln in t.lines if ln.uid == uid)  # fmt: skip
        self.line(part, unit, uid, column, line.numbers[column] + self.rng.choice([1, 2, 7, 10]))

    def text(self, count: int, kind: str, part: str, column: str, value: str, rules: str) -> None:
        """Change a satuan."""
        found = [(t.entry_id, ln) for t in self.sheet.tables[kind, part] for ln in t.lines
                 if ln.texts.get(column) not in ("", value)]  # fmt: skip
        for entry_id, line in self.rng.sample(found, count):
            self.change(entry_id, line.uid, column, value)
            place = next(f"c:{line.uid}:{c}" for c in ("realisasi", "tahun_0", "target")
                         if c in line.numbers)  # fmt: skip
            self.done.append(Planted(f"{part}.{column}", frozenset(rules.split()), entry_id, place))

    def mark(self, kind: str, rules: str, address: str) -> None:
        """Note what was planted on a page of SAKIP."""
        self.done.append(Planted(kind, frozenset(rules.split()), book="sakip", address=address))

    # --- figures

    def datum(
        self, element: str, value: Decimal, kind: str, rules: str, book: str = "lppd"
    ) -> None:
        """Write a number of the region."""
        rev = db.session.scalars(
            sa.select(DatumRev).join(Datum, DatumRev.datum_id == Datum.id)
            .where(Datum.element == element, Datum.period == str(self.sheet.year),
                   Datum.dims == "", Datum.measure == "realisasi", DatumRev.n == Datum.head)
            .order_by(Datum.id)
        ).first()  # fmt: skip
        assert rev is not None, element
        rev.value, rev.same_as_last_year = value, ""
        self.done.append(Planted(kind, frozenset(rules.split()), element=element, book=book))
        self.used.add(element)

    def free(self, wanted) -> list[str]:  # type: ignore[no-untyped-def]
        """Elements that nothing was planted in, nor in what shares an indicator with them."""
        book = self.sheet.catalogue
        taken = {k for i in book.indicators.values() for k in i.elements
                 if self.used & set(i.elements)}  # fmt: skip
        found = [
            k for k, e in book.elements.items()
            if k not in taken and k not in self.used and k in self.sheet.now and wanted(e)
            and self.sheet.now[k].value and not self.sheet.now[k].not_released
        ]  # fmt: skip
        self.rng.shuffle(found)
        return found

    # --- narratives

    def narrative(self, count: int, book: str, sentence, kind: str, rules: str) -> None:  # type: ignore[no-untyped-def]
        """Append a sentence to narratives of a book that have none yet."""
        texts = [t for t in self.sheet.texts if t.entry_id not in self.used and t.book.kind == book]
        titles = [k for k in self.sheet.catalogue.elements if _named(self.sheet, k)]
        keys = self.rng.sample(titles, count)
        for text, key in zip(self.rng.sample(texts, count), keys, strict=True):
            html = text.html + f"<p>{sentence(self.sheet, key)}</p>"
            db.session.execute(
                sa.update(EntryCell)
                .where(EntryCell.entry_id == text.entry_id, EntryCell.field == "text")
                .values(value=html)
            )
            self.used.add(text.entry_id)
            self.done.append(Planted(f"{kind} {book}", frozenset(rules.split()), text.entry_id,
                                     "f:text", book=book))  # fmt: skip


def _named(sheet: Sheet, key: str) -> bool:
    """Elements that a text can name without doubt: counts of people or units that moved."""
    e, now, last = sheet.catalogue.elements[key], sheet.now.get(key), sheet.before.get(key)
    return bool(
        e.kind == "count" and e.unit in ("orang", "unit") and len(e.title) > 12 and now
        and last and now.value and last.value and now.value != last.value
        and not any(c.isdigit() for c in e.title)
        and sum(o.title.casefold() == e.title.casefold()
                for o in sheet.catalogue.elements.values()) == 1
    )  # fmt: skip


def wrong(sheet: Sheet, key: str) -> str:
    """A typed number that is not the figure's."""
    e, now = sheet.catalogue.elements[key], sheet.now[key]
    return (f"{e.title} di Kabupaten Contoh Tahun {sheet.year} sebanyak "
            f"{number(now.value + 13)} {e.unit}.")  # type: ignore[operator]  # fmt: skip


def old(sheet: Sheet, key: str) -> str:
    """Last year's number, left standing."""
    e = sheet.catalogue.elements[key]
    return f"{e.title} tercatat {number(sheet.before[key].value)} {e.unit}."  # type: ignore[arg-type]


def dangling(_sheet: Sheet, key: str) -> str:
    """A reference to a figure that nobody has typed."""
    return f'Angka itu <span data-fig="tidak_ada_{key}|{_sheet.year}">12</span> pada akhir tahun.'


def plant(sheet: Sheet) -> list[Planted]:
    """More than two hundred contradictions of all kinds, in all four books and between them."""
    p = Planter(sheet)
    p.table(20, "lppd", "program_kegiatan", ("pagu", "realisasi"), "opd_bpkad", total=True)
    p.table(20, "lkpj", "lkpj_capaian", ("pagu", "realisasi"), "opd_bpkad", total=True)
    whole = "satu_penyebut opd_bpkad antar_laporan"
    p.table(1, "lppd", "apbd_belanja", ("setelah",), whole, total=True, under="5.")
    p.table(1, "lppd", "apbd_pendapatan", ("realisasi",), whole, total=True)
    p.table(1, "lppd", "penduduk_umur", ("laki",), "satu_penyebut", total=True)
    p.table(1, "lppd", "penduduk_pekerjaan", ("perempuan",), "satu_penyebut", total=True)
    p.table(1, "lppd", "penduduk_pendidikan", ("laki",), "satu_penyebut", total=True)
    p.table(12, "lppd", "kepadatan", ("penduduk",), "satu_penyebut")
    p.table(12, "lppd", "kepadatan", ("luas",), "satu_penyebut")
    p.table(28, "lppd", "asn_pendidikan", ("s1",), "satu_penyebut", names="jumlah")
    p.table(28, "lppd", "asn_jabatan", ("pelaksana",), "satu_penyebut", names="jumlah")
    p.table(4, "lppd", "capaian_naik", ("target",), "antar_laporan")
    p.table(3, "lppd", "kinerja_tahunan", ("tahun_0",), "antar_laporan")
    p.table(6, "lppd", "kinerja_tahunan", ("tahun_1",), "tahun_lalu")
    p.table(3, "lppd", "perkembangan_apbd", ("belanja",), "tahun_lalu antar_laporan")
    p.table(2, "lppd", "efisiensi", ("capaian",), "capaian_dihitung")
    p.table(1, "lppd", "pdrb", ("adhb",), "satu_penyebut", total=True, factor=2)
    p.text(2, "lppd", "kinerja_tahunan", "satuan", "orang", "satuan")
    _figures(p)
    _services(p)
    for book, count in (("lppd", 6), ("lkpj", 6), ("spm", 6), ("sakip", 5)):
        p.narrative(count, book, wrong, "narasi salah", "narasi_angka")
        p.narrative(2, book, old, "narasi tahun lalu", "narasi_angka")
        p.narrative(2, book, dangling, "rujukan", "narasi_rujukan")
    planter_sakip.plant(p)
    return p.done


def _services(p: Planter) -> None:
    """SPM within itself: mutu beyond what is asked for, a year that is not its months."""
    needed, months = p.sheet.needed, p.sheet.months
    mutu = lambda e: e.key in needed and e.key.startswith("mutu_")  # noqa: E731
    for key in p.free(mutu)[:10]:
        p.datum(key, needed[key] + 4, "mutu melebihi", "terlayani_melebihi", "spm")
    monthly = lambda e: e.key in months and not e.key.startswith("mutu_")  # noqa: E731
    for key in p.free(monthly)[:6]:
        if key in p.free(monthly):
            p.datum(key, months[key] - 1, "bulan setahun", "bulan_setahun", "spm")


def _figures(p: Planter) -> None:
    """Numbers of the region: ratios, limits, jumps, copies, units."""
    book, now, before = p.sheet.catalogue, p.sheet.now, p.sheet.before
    counted = lambda e: e.kind == "count" and not e.reference  # noqa: E731
    ratios = [i for i in book.of("hasil") if i.inside and len(i.part) == len(i.whole) == 1]
    p.rng.shuffle(ratios)
    for i in ratios:
        part, whole = i.part[0], i.whole[0]
        if len([x for x in p.done if x.kind == "pembilang"]) == 8:
            break
        known = {part, whole} <= now.keys() and now[whole].value
        if known and counted(book.elements[part]) and part in p.free(counted):
            p.datum(part, now[whole].value + 3, "pembilang", "bagian_melebihi")
    big = lambda e: counted(e) and e.key in before and (before[e.key].value or 0) > 60  # noqa: E731
    for key in p.free(big)[:5]:
        if key in p.free(big):
            p.datum(key, before[key].value, "sama persis", "lonjakan")
    for key in p.free(big)[:4]:
        p.datum(key, before[key].value * 1000, "satuan", "satuan")
    for key in p.free(big)[:4]:
        p.datum(key, Decimal(int(before[key].value) * 4), "lonjakan", "lonjakan")
    for key in p.free(counted)[:4]:
        p.datum(key, now[key].value + Decimal("0.5"), "bilangan", "bagian_melebihi")
