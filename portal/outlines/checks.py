"""What makes an outline wrong beyond its shape; pure, one function per idea.

Every check yields ``Problem(path, reason)``; the loader turns the path into file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.outlines.duties import DUTIES, ITEM, REGION_LISTS, UNIT_KINDS
from portal.outlines.holes import Hole, HoleError, holes
from portal.outlines.measures import column_problem
from portal.outlines.parts import (
    Accounts,
    Budget,
    Chart,
    Computed,
    Indicators,
    Matrix,
    Measures,
    Part,
    Programs,
    Supplier,
    Table,
    TreeRecap,
    TreeTable,
    typed,
)
from portal.outlines.schema import Chapter, Edition, Section, Succession
from portal.outlines.table_checks import (
    Path,
    Problem,
    Problems,
    check_column,
    check_table,
    known_list,
    numeric,
    twice,
    unknown,
)
from portal.outlines.tree_checks import check_tree


class Groups(Protocol):
    """The figure catalogue, as far as outlines look into it."""

    def of(self, level: str, group: str) -> Sequence[object]:
        """Indicators of a level and group."""
        ...


@dataclass(frozen=True)
class Stand:
    """A part with its place in the file and the list that it repeats over ("" = once)."""

    part: Part
    path: Path
    over: str


def check(edition: Edition, catalogue: Groups | None = None) -> list[Problem]:
    """Everything that is wrong with an edition, in the order of the file's ideas."""
    sections = list(_sections(edition))
    stands = list(_stands(edition, sections))
    found = [
        *_unique_keys(edition, sections, stands),
        *_edition(edition, {section.key for section, _, _ in sections}),
        *_lists(edition),
        *_successions(edition, stands, {section.key for section, _, _ in sections}),
    ]
    for section, path, over in sections:
        found += _section(edition, section, path, over)
    tables = {s.part.key: s for s in stands if isinstance(s.part, Table | Budget | Measures)}
    for stand in stands:
        found += _part(edition, stand, tables)
        if isinstance(stand.part, Indicators | Matrix):
            found += _indicators(edition, stand.part, stand, catalogue)
        if isinstance(stand.part, Measures):
            found += _measures(edition, stand.part, stand)
    return found


def _groups(edition: Edition) -> tuple[tuple[str, tuple[Chapter, ...]], ...]:
    return (("opening", edition.opening), ("summary", edition.summary),
            ("chapters", edition.chapters))  # fmt: skip


def _sections(edition: Edition) -> Iterator[tuple[Section, Path, str]]:
    def walk(sections: tuple[Section, ...], path: Path, over: str) -> Iterator[
        tuple[Section, Path, str]
    ]:  # fmt: skip
        for i, section in enumerate(sections):
            here = (*path, "sections", i)
            inner = section.repeat.over if section.repeat else over
            yield section, here, inner
            yield from walk(section.sections, here, inner)

    for name, chapters in _groups(edition):
        for c, chapter in enumerate(chapters):
            yield from walk(chapter.sections, (name, c), "")


def _stands(edition: Edition, sections: list[tuple[Section, Path, str]]) -> Iterator[Stand]:
    for name, chapters in _groups(edition):
        for c, chapter in enumerate(chapters):
            for p, part in enumerate(chapter.parts):
                yield Stand(part, (name, c, "parts", p), "")
    for section, path, over in sections:
        for p, part in enumerate(section.parts):
            yield Stand(part, (*path, "parts", p), over)
    if edition.preface is not None:
        yield Stand(edition.preface, ("preface",), "")


def _unique_keys(
    edition: Edition, sections: list[tuple[Section, Path, str]], stands: list[Stand]
) -> Problems:
    chapters = [(c.key, ("chapters", i)) for i, c in enumerate(edition.chapters)]
    places = [(section.key, path) for section, path, _ in sections]
    yield from twice([*chapters, *places], "bab atau subbab")
    yield from twice([(stand.part.key, stand.path) for stand in stands], "bagian")
    labels = [(c.label, ("chapters", i)) for i, c in enumerate(edition.chapters)]
    yield from twice(labels, "label bab")


def _edition(edition: Edition, sections: set[str]) -> Problems:
    if edition.sign_in is not None and edition.sign_in not in sections:
        yield Problem(("sign_in",), f"subbab “{edition.sign_in}” tidak ada dalam sistematika ini.")
    if edition.applies_to is not None and edition.applies_to < edition.applies_from:
        yield Problem(("applies_to",), "tahun akhir berlaku mendahului tahun awalnya.")
    for i, period in enumerate(edition.periods):
        if period not in {"TW1", "TW2", "TW3", "TW4", "SM1", "SM2"}:
            yield Problem(("periods", i), f"periode “{period}” tidak dikenal; contoh: TW1.")
    if (edition.owner == "each_unit") != bool(edition.owner_kinds):
        yield Problem(("owner",), "owner each_unit memerlukan owner_kinds, dan hanya itu.")
    for i, kind in enumerate(edition.owner_kinds):
        if kind not in UNIT_KINDS:
            yield Problem(("owner_kinds", i), unknown("jenis unit", kind, UNIT_KINDS))
    if edition.secretariat not in DUTIES:
        yield Problem(("secretariat",), f"tugas “{edition.secretariat}” tidak dikenal.")
    for i, line in enumerate(edition.cover.lines):
        yield from _plain_holes(line, ("cover", "lines", i), "")


def _successions(edition: Edition, stands: list[Stand], sections: set[str]) -> Problems:
    """What became of the edition before: each names something that stands here."""
    if edition.successions and not edition.follows:
        yield Problem(("successions",), "isi follows dengan code format sebelumnya.")
    parts = {stand.part.key: stand.part for stand in stands}
    yield from twice(
        [(":".join(filter(None, (s.what, s.list, s.key, s.column))), ("successions", i))
         for i, s in enumerate(edition.successions)], "pengganti",
    )  # fmt: skip
    known = {
        "part": ("bagian", set(parts)), "section": ("subbab", sections),
        "chapter": ("bab", {chapter.key for chapter in edition.chapters}),
    }  # fmt: skip
    for i, one in enumerate(edition.successions):
        part = parts.get(one.key)
        if one.what == "item":
            yield from _item(edition, one, i)
        elif one.key not in known[one.what][1]:
            yield Problem(("successions", i, "key"),
                          f"{known[one.what][0]} “{one.key}” tidak ada di format ini.")  # fmt: skip
        elif one.column and one.column not in {c.key for c in getattr(part, "columns", ())}:
            yield Problem(("successions", i, "column"),
                          f"kolom “{one.column}” tidak ada pada bagian “{one.key}”.")  # fmt: skip
        if one.meaning == "changed" and not one.note.strip():
            yield Problem(
                ("successions", i),
                "makna yang berubah perlu note: apa bedanya dan apa yang harus dilakukan.",
            )


def _item(edition: Edition, one: Succession, i: int) -> Problems:
    """An item is named with its list, and takes over from one other item."""
    if one.key not in {item.key for item in edition.lists.get(one.list, ())}:
        yield Problem(
            ("successions", i, "key"),
            f"butir “{one.key}” tidak ada pada daftar “{one.list}” di format ini; isi list dengan "
            "nama daftarnya, misalnya urusan.",
        )
    if not one.was:
        yield Problem(
            ("successions", i, "was"), "butir perlu was: kuncinya pada format sebelumnya."
        )


def _lists(edition: Edition) -> Problems:
    for name, items in edition.lists.items():
        if name in REGION_LISTS:
            yield Problem(("lists", name), f"nama daftar “{name}” milik data daerah.")
        if not items:
            yield Problem(("lists", name), "daftar kosong.")
        yield from twice([(item.key, ("lists", name, i)) for i, item in enumerate(items)], "butir")
        for i, item in enumerate(items):
            for duty in (*((item.duty,) if item.duty else ()), *item.support):
                if duty not in DUTIES:
                    yield Problem(("lists", name, i), f"tugas “{duty}” tidak dikenal.")


def _section(edition: Edition, section: Section, path: Path, over: str) -> Problems:
    if section.repeat is not None and not known_list(edition, section.repeat.over):
        known = (*edition.lists, *REGION_LISTS)
        yield Problem((*path, "repeat", "over"), unknown("daftar", section.repeat.over, known))
    yield from _plain_holes(section.title, (*path, "title"), over)
    yield from _plain_holes(section.intro, (*path, "intro"), over)
    if not section.parts and not section.sections and not section.intro:
        yield Problem(path, f"subbab “{section.key}” kosong: tanpa bagian dan tanpa subbab.")


def _plain_holes(text: str, path: Path, over: str) -> Problems:
    try:
        found = holes(text)
    except HoleError as error:
        yield Problem(path, str(error))
        return
    for hole in found:
        if hole.kind:
            yield Problem(path, f"{hole.text} hanya boleh di bagian computed.")
        elif hole.names == ("item",) and not over:
            yield Problem(path, "{item} hanya berarti di bawah subbab yang berulang (repeat).")


def _part(edition: Edition, stand: Stand, tables: dict[str, Stand]) -> Problems:
    part, path = stand.part, stand.path
    yield from _plain_holes(part.title, (*path, "title"), stand.over)
    if typed(part):
        if not part.help.strip():
            yield Problem(path, f"bagian “{part.key}” belum punya petunjuk (help).")
        yield from _supplier(edition, part.supplier, (*path, "supplier"), stand.over)
    if part.since is not None and part.until is not None and part.until < part.since:
        yield Problem((*path, "until"), "tahun until mendahului tahun since.")
    if isinstance(part, Table | Budget):
        yield from check_table(edition, part, path)
    elif isinstance(part, Chart):
        yield from _chart(part, stand, tables)
    elif isinstance(part, Matrix):
        if part.over not in edition.lists:
            yield Problem((*path, "over"), unknown("daftar", part.over, list(edition.lists)))
    elif isinstance(part, Computed):
        yield from _computed(edition, part, stand, tables)
    if isinstance(part, Programs | Accounts | TreeTable | TreeRecap):
        yield from check_tree(edition, part, path, stand.over)


def _supplier(edition: Edition, supplier: Supplier, path: Path, over: str) -> Problems:
    if bool(supplier.duty) == bool(supplier.kinds):
        yield Problem(path, "pengisi harus disebut dengan duty atau dengan kinds, salah satu.")
    for duty in (*((supplier.duty,) if supplier.duty else ()), *supplier.support):
        if duty == ITEM:
            lacking = [i.key for i in edition.lists.get(over, ()) if not i.duty]
            if over not in edition.lists:
                yield Problem(path, "duty item hanya boleh di bawah repeat atas daftar sendiri.")
            elif lacking:
                yield Problem(path, f"butir tanpa duty di daftar {over}: {', '.join(lacking)}.")
        elif duty not in DUTIES:
            yield Problem(path, f"tugas “{duty}” tidak dikenal.")
    for kind in supplier.kinds:
        if kind not in UNIT_KINDS:
            yield Problem((*path, "kinds"), unknown("jenis unit", kind, UNIT_KINDS))


def _indicators(
    edition: Edition, part: Indicators | Matrix, stand: Stand, catalogue: Groups | None
) -> Problems:
    path = (*stand.path, "group")
    if isinstance(part, Matrix):
        groups = [item.group for item in edition.lists.get(part.over, ())]
    elif part.group != ITEM:
        groups = [part.group]
    else:
        if stand.over not in edition.lists:
            yield Problem(path, "group item hanya boleh di bawah repeat atas daftar sendiri.")
            return
        groups = [item.group for item in edition.lists[stand.over]]
        if "" in groups:
            yield Problem(path, f"ada butir tanpa group di daftar {stand.over}.")
    if catalogue is not None:
        for group in groups:
            if not catalogue.of(part.level, group):
                yield Problem(path, f"katalog data tidak punya indikator {part.level} “{group}”.")


def _measures(edition: Edition, part: Measures, stand: Stand) -> Problems:
    """Columns that take what their rows do not have; groups that no list names."""
    known = {
        column.key: column for column in part.columns if column.take not in ("month", "quarter")
    }
    yield from twice(
        [(c.key, (*stand.path, "columns", i)) for i, c in enumerate(part.columns)], "kolom"
    )
    for i, column in enumerate(part.columns):
        path = (*stand.path, "columns", i)
        if reason := column_problem(part, column):
            yield Problem(path, reason)
        yield from check_column(column, path, dict(known))
    over = stand.over if part.group == ITEM else part.over
    if part.group in ("", ITEM):
        if over not in edition.lists:
            yield Problem((*stand.path, "group"), "measures memerlukan daftar bidang (over).")
        elif any(not item.group for item in edition.lists[over]):
            yield Problem((*stand.path, "group"), f"ada butir tanpa group di daftar {over}.")


def _chart(part: Chart, stand: Stand, tables: dict[str, Stand]) -> Problems:
    path = stand.path
    source = tables.get(part.of)
    if source is None:
        yield Problem((*path, "of"), f"tabel “{part.of}” tidak ada dalam sistematika ini.")
        return
    if source.over not in {"", stand.over}:
        yield Problem((*path, "of"), f"tabel “{part.of}” berulang atas daftar yang lain.")
    assert isinstance(source.part, Table | Budget | Measures)  # noqa: S101 - tables holds only these
    known = {column.key: column for column in source.part.columns}
    if part.x not in known:
        yield Problem((*path, "x"), unknown("kolom", part.x, list(known)))
    numbers = [key for key, column in known.items() if numeric(column)]
    if not part.y:
        yield Problem(path, "grafik tanpa kolom nilai (y).")
    for i, key in enumerate(part.y):
        if key not in numbers:
            yield Problem((*path, "y", i), unknown("kolom angka", key, numbers))


def _computed(edition: Edition, part: Computed, stand: Stand, tables: dict[str, Stand]) -> Problems:
    path = (*stand.path, "text")
    try:
        found = holes(part.text)
    except HoleError as error:
        yield Problem(path, str(error))
        return
    for hole in found:
        if not hole.kind:
            if hole.names == ("item",) and not stand.over:
                yield Problem(path, "{item} hanya berarti di bawah subbab yang berulang (repeat).")
        elif hole.kind == "count" and known_list(edition, hole.names[0]):
            continue
        else:
            yield from _counting(hole, path, tables)


def _counting(hole: Hole, path: Path, tables: dict[str, Stand]) -> Problems:
    source = tables.get(hole.names[0])
    if source is None:
        yield Problem(path, f"{hole.text}: tabel atau daftar “{hole.names[0]}” tidak ada.")
        return
    assert isinstance(source.part, Table | Budget | Measures)  # noqa: S101 - tables holds only these
    columns = {column.key: numeric(column) for column in source.part.columns}
    if hole.kind == "value":
        if isinstance(source.part, Measures | Programs | Accounts):
            pass  # its rows are those of the catalogue or of the budget
        elif hole.names[1] not in {row.key for row in source.part.rows.items}:
            yield Problem(path, f"{hole.text}: baris “{hole.names[1]}” tidak ada.")
        if hole.names[2] not in columns:
            yield Problem(path, f"{hole.text}: kolom “{hole.names[2]}” tidak ada.")
        return
    if hole.kind != "count" and not columns.get(hole.names[1], False):
        yield Problem(path, f"{hole.text}: “{hole.names[1]}” bukan kolom angka tabel itu.")
    if hole.kind in {"most", "least"} and hole.names[2] not in columns:
        yield Problem(path, f"{hole.text}: kolom “{hole.names[2]}” tidak ada.")
