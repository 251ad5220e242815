"""Parts where they stand in the book of one report: the outline met with the region's lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal.indonesian import period_name
from portal.outlines import loader
from portal.outlines.holes import fill
from portal.outlines.parts import Budget, Column, FixedRow, ListPart, Part, Table, applies, typed
from portal.outlines.schema import Chapter, Edition, ListItem, Placed, placed_parts, row_of
from portal.people import queries as people
from portal.people.kinds import UnitKind
from portal.people.region import region
from portal.reports.models import Report

Things = dict[str, tuple[ListItem, ...]]
Places = dict[tuple[str, str], Placed]

PREFACE = Chapter(key="kata_pengantar", label="", title="Kata Pengantar")

_cache: dict[tuple[str, str, str], Places] = {}


def things(on: date) -> Things:
    """The region's own lists on a date: kecamatan, perangkat_daerah, desa_kelurahan.

    Keys are the unit codes in small letters with ``_`` (``kec_01``), titles the official names.
    """
    units = people.units_on(on)
    house = {"sekretariat", "bagian", "dinas", "badan", "inspektorat", "kecamatan"}
    return {
        "kecamatan": tuple(_item(u.code, u.name) for u in units if u.kind == "kecamatan"),
        "perangkat_daerah": tuple(_item(u.code, u.name) for u in units if u.kind in house),
        "desa_kelurahan": tuple(_item(u.code, u.name) for u in units if u.kind == "kelurahan"),
    }


def thing_key(code: str) -> str:
    """A unit code as the key of a repeated thing: ``KEC-01`` is ``kec_01``."""
    return "".join(c if c.isalnum() else "_" for c in code.lower())


def _item(code: str, title: str) -> ListItem:
    return ListItem(key=thing_key(code), title=title)


def edition_of(report: Report) -> Edition:
    """The edition that the report was opened with; LookupError when its file is gone."""
    return loader.current().edition(report.kind, report.edition)


def places_of(report: Report) -> Places:
    """(part key, repeat key) -> where it stands, in the order of the book; typed parts only."""
    edition = edition_of(report)
    lists = things(report.structure_date)
    names = "|".join(f"{k}:{','.join(i.key + i.title for i in v)}" for k, v in lists.items())
    period = f"{report.year}-{report.period}" if report.period else str(report.year)
    words = _words(report) | {"periode": period_name(period)}
    here = "|".join((*words.values(), names))
    cache_key = (loader.current().digest(report.kind, report.edition), period, here)
    if cache_key not in _cache:
        if len(_cache) > 32:
            _cache.clear()
        _cache[cache_key] = _places(edition, report, lists, words)
    return _cache[cache_key]


def _words(report: Report) -> dict[str, str]:
    """What the plain holes of titles stand for; the book fills them the same way."""
    here = region(report.structure_date)
    owner = people.unit_info(report.owner_unit_id, report.structure_date)
    edition = edition_of(report)
    names = edition.names
    short = next((n for n in (here.judul_lkjip, *names) if n in names), edition.short)
    return {
        "daerah": here.full, "nama_daerah": here.nama, "provinsi": here.provinsi,
        "ibu_kota": here.ibu_kota, "kepala": here.kepala_daerah,
        "unit": owner.name if owner else "", "instansi": owner.name if owner else "",
        "naungan": here.full if owner and owner.kind != UnitKind.PEMDA else "",
        "judul": names.get(short, edition.title), "singkatan": short,
        "tahun": str(report.year), "tahun_lalu": str(report.year - 1),
    }  # fmt: skip


def _places(
    edition: Edition, report: Report, lists: Mapping[str, tuple[ListItem, ...]],
    words: Mapping[str, str],
) -> Places:  # fmt: skip
    found: Places = {}
    if edition.preface is not None:
        found[edition.preface.key, ""] = Placed(PREFACE, (), _named(edition.preface, words), None)
    for placed in placed_parts(edition, dict(lists)):
        if applies(placed.part, report.year) and typed(placed.part):
            here = dict(words) | ({"item": placed.item.title} if placed.item else {})
            sections = tuple(
                s.model_copy(update={"title": fill(s.title, here)}) if "{" in s.title else s
                for s in placed.sections
            )
            found[placed.part.key, placed.repeat_key] = Placed(
                placed.chapter, sections, _named(placed.part, here), placed.item
            )
    return found


def _named(part: Part, words: Mapping[str, str]) -> Part:
    """The part with the year and the item in its title, help and column heads."""
    changes: dict[str, object] = {
        name: fill(text, words)
        for name in ("title", "help") if "{" in (text := getattr(part, name))
    }  # fmt: skip
    columns = columns_of(part) if isinstance(part, Table | Budget) else ()
    if any("{" in c.label + c.group for c in columns):
        changes["columns"] = tuple(
            c.model_copy(update={"label": fill(c.label, words), "group": fill(c.group, words)})
            for c in columns
        )
    return part.model_copy(update=changes) if changes else part


def columns_of(part: Part) -> tuple[Column, ...]:
    """Columns of a table-like part; a list has the one column ``text``."""
    if isinstance(part, Table | Budget):
        return part.columns
    if isinstance(part, ListPart):
        return (Column(key="text", label=part.title),)
    return ()


def given_rows(
    edition: Edition, part: Part, lists: Mapping[str, tuple[ListItem, ...]]
) -> tuple[FixedRow, ...]:
    """Rows that the format or the region prescribes; () for free rows."""
    if not isinstance(part, Table | Budget):
        return ()
    if part.rows.kind == "fixed":
        return part.rows.items
    if part.rows.kind == "over":
        items = {**edition.lists, **lists}.get(part.rows.over, ())
        return tuple(row_of(part, item) for item in items)
    return ()


def section_title(placed: Placed) -> str:
    """Title of the section around a part, with the repeated item filled in."""
    title = placed.sections[-1].title if placed.sections else placed.chapter.title
    return title.replace("{item}", placed.item.title if placed.item else "")


def part_title(placed: Placed) -> str:
    """Official title of the part, with the repeated item filled in."""
    return placed.part.title.replace("{item}", placed.item.title if placed.item else "")
