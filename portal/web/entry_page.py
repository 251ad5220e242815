"""Put one section page together: the isian, its part of the outline, its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, current_app, has_request_context, request, url_for

from portal import clock, indonesian
from portal.outlines import queries as outlines
from portal.outlines.parts import (
    Budget,
    ColumnType,
    Indicators,
    ListPart,
    Measures,
    Narrative,
    Part,
    Picture,
    Table,
)
from portal.outlines.schema import Placed
from portal.people import queries as people
from portal.people.rules import Actor, Permission
from portal.reports import derived, history, places, queries, reading, richtext
from portal.reports.models import Entry, Obstacle, Report
from portal.reports.queries import CellView, Desk
from portal.web import entry_figures, entry_markup, entry_measures, entry_reading
from portal.web.entry_view import TableView, table_view
from portal.web.entry_window import window

#: Verbs that this room offers; the others stand on the pages of review.
OWN_VERBS = ("kirim", "tarik")


@dataclass(frozen=True)
class RichView:
    """A narrative: HTML for the editor, plain marks for the box without JavaScript."""

    html: str
    markup: str
    last: str
    rev: int


@dataclass(frozen=True)
class PictureView:
    """An uploaded picture with its caption."""

    sha256: str
    caption: str
    rev: int


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
    made: str  # when it was made, for forms without JavaScript
    saved: str
    table: TableView | None = None
    rich: RichView | None = None
    items: TableView | None = None
    picture: PictureView | None = None
    verbs: tuple[Any, ...] = ()
    tasks: bool = False  # Tugas Saya is a page of this actor
    upload_url: str = ""
    unmatched: bool = False  # nobody has compared the format with the regulation's annex
    carried: dict[str, int] = field(default_factory=dict)  # target -> year, not looked at yet
    obstacle: Obstacle | None = None
    reopened: history.Reopening | None = None
    obstacles: tuple[Any, ...] = ()
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
    if day != people.today():
        return f"{indonesian.long_date(day)} {text}"
    return text


def page(actor: Actor, entry_id: int, *, reading_only: bool = False, every: bool = False) -> Page:
    """The section page; ``reading_only`` shows it as it will print, ``every`` row in one page."""
    desk = desk_or_404(actor, entry_id)
    entry = desk.entry
    placed = placed_or_404(entry)
    cells = queries.cells_of(entry.id)
    common: dict[str, Any] = {
        "entry": entry, "report": entry.report, "desk": desk, "placed": placed,
        "part": placed.part, "title": places.part_title(placed),
        "section": places.section_title(placed), "kind": placed.part.kind,
        "saved": clock_words(cells),
        "tasks": actor.may(Permission.ENTRY_WRITE),
        "upload_url": upload_url(entry),
        "unmatched": outlines.comparison(entry.report.kind, entry.report.edition) is None,
        "obstacle": queries.obstacle_of(entry.id), "reopened": history.reopening_of(entry),
        "carried": {
            f"c:{row}:{name}" if row else f"f:{name}": cell.carried
            for (row, name), cell in cells.items() if cell.carried
        },
        "obstacles": queries.workflows().obstacles,
        "verbs": tuple(v for v in desk.verbs if v.verb in OWN_VERBS),
    }  # fmt: skip
    last = history.last_year(entry)
    pick: Mapping[str, str] | None = None
    if not (reading_only or every):
        pick = request.args if has_request_context() else {}
    body = _body(entry, placed.part, cells, desk.may_write and not reading_only, last, pick)
    if isinstance(placed.part, Indicators):
        body["extra"] = {
            "indicators": entry_figures.indicator_views(actor, desk),
            "vintages": entry_figures.VINTAGES,
        }
    if isinstance(placed.part, Measures):
        asked = request.values.get("bulan", "") if has_request_context() else ""
        found = entry_measures.view(actor, desk, placed, asked, reading_only)
        body = {"table": found.table, "extra": {"measures": found}}
    return Page(made=clock.now().isoformat(), **common, **body)


def _body(entry: Entry, part: Part, cells: dict[tuple[str, str], CellView],
          writable: bool, before: history.LastYear | None,
          pick: Mapping[str, str] | None) -> dict[str, Any]:  # fmt: skip
    last = last_year(before, part)
    extra = {"last_year": before.year if before else None}
    if isinstance(part, Table | Budget):
        given = places.given_rows(
            places.edition_of(entry.report), part, queries.things(entry.report.structure_date)
        )
        rows = [(r.uid, r.deleted) for r in queries.rows_of(entry.id)]
        if isinstance(part, Table):
            last = by_first_text(part, rows, cells, before, last)
        keys = [uid for uid, _ in rows] if part.rows.kind == "free" else [i.key for i in given]
        span = window(keys, pick) if pick is not None else None
        table = table_view(part, given, rows, cells, last, writable, span)
        return {"table": table, "extra": extra}
    if isinstance(part, ListPart):
        rows = [(r.uid, r.deleted) for r in queries.rows_of(entry.id)]
        span = window([uid for uid, _ in rows], pick) if pick is not None else None
        return {"items": table_view(as_table(part), (), rows, cells, last, writable, span)}
    if isinstance(part, Picture):
        picture = PictureView(
            _value(cells, "file"), _value(cells, "caption"), _rev(cells, "caption")
        )
        return {"picture": picture}
    if isinstance(part, Narrative):
        html = _value(cells, "text")
        markup = entry_markup.to_markup(html)
        base = url_for("entry.page", entry_id=entry.id) + "/gambar/"
        old = before.value("text") if before else ""
        old_base = f"{url_for('entry.page', entry_id=before.entry.id)}/gambar/" if before else ""
        rich = RichView(
            richtext.on_screen(entry_reading.live(entry, html, "now"), base),
            markup,
            richtext.on_screen(old, old_base),
            _rev(cells, "text"),
        )
        return {"rich": rich, "extra": extra}
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


def upload_url(entry: Entry) -> str:
    """Where a finished document is handed in; "" while that page does not exist."""
    if "documents_in.index" not in current_app.view_functions:
        return ""
    unit = entry.supplier_unit_id if entry.on_behalf else None
    return url_for("documents_in.index", report_id=entry.report_id, bagian=entry.part_key,
                   unit=unit)  # fmt: skip


def last_year(last: history.LastYear | None, part: Part) -> dict[str, str]:
    """Target -> how last year's book had it, for the grey text beside the fields."""
    if last is None:
        return {}
    out: dict[str, str] = {}
    for row in last.content.rows:
        for column in places.columns_of(part):
            if text := reading.show(column.type, row.cells.get(column.key, ""), column.places):
                out[f"c:{row.uid}:{column.key}"] = text
    if isinstance(part, Table | Budget):
        out |= {k: v for k, v in derived.shown(part, last.content).items() if v}
    return out


def by_first_text(
    part: Table, rows: list[tuple[str, bool]], cells: Mapping[tuple[str, str], CellView],
    last: history.LastYear | None, known: dict[str, str],
) -> dict[str, str]:  # fmt: skip
    """Free rows have no lasting id: last year's row is the one with the same first text."""
    name = next((c.key for c in part.columns if c.type is ColumnType.TEXT), "")
    if last is None or not name or part.rows.kind != "free":
        return known
    then = {r.cells.get(name, "").strip().casefold(): r.uid for r in last.content.rows}
    out = dict(known)
    for uid, _ in rows:
        cell = cells.get((uid, name))
        old = then.get(cell.value.strip().casefold()) if cell and cell.value else None
        for column in part.columns if old else ():
            if column.key != name and (text := known.get(f"c:{old}:{column.key}")):
                out[f"c:{uid}:{column.key}"] = text
    return out
