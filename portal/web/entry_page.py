"""Put one section page together: the isian, its part of the outline, its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, current_app, url_for

from portal import indonesian
from portal.outlines.schema import (
    Budget,
    Indicators,
    ListPart,
    Narrative,
    Part,
    Picture,
    Placed,
    Table,
)
from portal.people.rules import Actor
from portal.reports import places, queries, richtext
from portal.reports.models import Entry, EntryState, Report
from portal.reports.queries import CellView, Desk
from portal.web import entry_markup
from portal.web.entry_view import Cell, Start, TableView, table_view

#: Verbs that this room offers; the others stand on the pages of review.
OWN_VERBS = ("kirim", "tarik")


@dataclass(frozen=True)
class RichView:
    """A narrative: HTML for the editor, plain marks for the box without JavaScript."""

    html: str
    markup: str
    last: str


@dataclass(frozen=True)
class PictureView:
    """An uploaded picture with its caption."""

    sha256: str
    caption: str


@dataclass(frozen=True)
class Page:
    """Everything a section page prints."""

    entry: Entry
    report: Report
    desk: Desk
    placed: Placed
    part: Part
    title: str
    section: str
    kind: str
    start: str
    saved: str
    table: TableView | None = None
    rich: RichView | None = None
    items: TableView | None = None
    picture: PictureView | None = None
    verbs: tuple[Any, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def writable(self) -> bool:
        """True when the actor may type now."""
        return self.desk.may_write

    @property
    def deadline(self) -> Any:
        """The date by which it is due inside the region."""
        return self.entry.reopened_until or self.report.internal_deadline


def desk_or_404(actor: Actor, entry_id: int) -> Desk:
    """The isian for this actor; a stranger's isian does not exist for him."""
    desk = queries.entry_desk(actor, entry_id)
    if desk is None:
        abort(404)
    return desk


def placed_or_404(entry: Entry) -> Placed:
    """Its part of the outline; an outline that has lost the part has no page for it."""
    placed = queries.place_of(entry)
    if placed is None:
        abort(404)
    return placed


def clock_words(cells: Mapping[tuple[str, str], CellView]) -> str:
    """``Tersimpan 10.42 WITA`` of the newest cell; a hint when nothing was typed yet."""
    if not cells:
        return "Ketikan tersimpan sendiri"
    return f"Tersimpan {local_time(max(c.at for c in cells.values()))}"


def local_time(instant: Any) -> str:
    """``10.42 WITA``, with the date when it is not today's."""
    config = current_app.config["SELARAS"]
    text = indonesian.clock_time(instant, config.zone, config.zone_label)
    day = instant.astimezone(config.zone).date()
    if day != queries.people.today():
        return f"{indonesian.long_date(day)} {text}"
    return text


def page(actor: Actor, entry_id: int, typed: Mapping[str, str] | None = None) -> Page:
    """The section page; ``typed`` puts a refused form back as it was typed."""
    desk = desk_or_404(actor, entry_id)
    entry = desk.entry
    placed = placed_or_404(entry)
    cells = queries.cells_of(entry.id)
    if typed:
        cells = _with_typed(cells, typed)
    start = Start()
    common: dict[str, Any] = {
        "entry": entry, "report": entry.report, "desk": desk, "placed": placed,
        "part": placed.part, "title": places.part_title(placed),
        "section": places.section_title(placed), "kind": placed.part.kind,
        "saved": clock_words(cells),
        "verbs": tuple(v for v in desk.verbs if v.verb in OWN_VERBS),
    }  # fmt: skip
    body = _body(entry, placed.part, cells, start, desk.may_write)
    return Page(start=str(start), **common, **body)


def _body(entry: Entry, part: Part, cells: dict[tuple[str, str], CellView], start: Start,
          writable: bool) -> dict[str, Any]:  # fmt: skip
    last = last_year(entry, part)
    if isinstance(part, Table | Budget):
        given = places.given_rows(
            places.edition_of(entry.report), part, queries.things(entry.report.structure_date)
        )
        rows = [(r.uid, r.deleted) for r in queries.rows_of(entry.id)]
        return {"table": table_view(part, given, rows, cells, last, start, writable)}
    if isinstance(part, ListPart):
        rows = [(r.uid, r.deleted) for r in queries.rows_of(entry.id)]
        return {"items": table_view(as_table(part), (), rows, cells, last, start, writable)}
    if isinstance(part, Picture):
        picture = PictureView(_value(cells, "file"), _value(cells, "caption"))
        for name in ("file", "caption"):
            start.note(f"f:{name}", _rev(cells, name), _value(cells, name))
        return {"picture": picture}
    if isinstance(part, Narrative):
        html = _value(cells, "text")
        markup = entry_markup.to_markup(html)
        start.note("f:text", _rev(cells, "text"), markup)
        base = url_for("entry.page", entry_id=entry.id) + "/gambar/"
        return {"rich": RichView(richtext.on_screen(html, base), markup, last.get("f:text", ""))}
    return {}


def as_table(part: ListPart) -> Table:
    """A list is typed in a table of one column."""
    return Table.model_validate({
        "kind": "table", "key": part.key, "title": part.title, "supplier": part.supplier,
        "columns": [{"key": "text", "label": part.title[:80], "width": 8}],
    })  # fmt: skip


def _value(cells: Mapping[tuple[str, str], CellView], name: str) -> str:
    cell = cells.get(("", name))
    return cell.value or cell.raw if cell else ""


def _rev(cells: Mapping[tuple[str, str], CellView], name: str) -> int:
    cell = cells.get(("", name))
    return cell.rev if cell else 0


def _with_typed(
    cells: dict[tuple[str, str], CellView], typed: Mapping[str, str]
) -> dict[tuple[str, str], CellView]:
    return cells


def last_year(entry: Entry, part: Part) -> dict[str, str]:
    """Target -> how last year's book had it, for the grey text beside the fields."""
    return {}


def state_text(entry: Entry, desk: Desk) -> str:
    """The status chip's words."""
    return desk.label


__all__ = ["Cell", "EntryState", "Indicators", "Page", "page"]
