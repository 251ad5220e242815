"""The screens of a Lembar Salin with our values, what was copied of them and what changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from portal.copysheets import rules
from portal.copysheets.models import CopyTick
from portal.copysheets.spec import Field, Screen, Sheet
from portal.db import db
from portal.documents import lines, queries, snapshot, trace
from portal.documents.diff_found import plain_of
from portal.documents.diff_tables import row_identity
from portal.figures import catalogue
from portal.figures import queries as figures
from portal.figures import rules as figure_rules
from portal.figures.models import Evidence
from portal.figures.shape import Element, Indicator
from portal.indonesian import long_date
from portal.outlines.holes import fill
from portal.outlines.schema import Edition, ListItem
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.region import region
from portal.people.rules import Actor
from portal.reports import places
from portal.reports.models import Report

#: May the actor see this indicator's numbers now? Asked of the room that knows (web scope).
Sees = Callable[[Indicator], bool]


@dataclass(frozen=True)
class Cell:
    """One place of a row: what to copy, or why there is nothing to copy."""

    field: Field
    value: str
    why: str = ""


@dataclass
class CopyRow:
    """One row of a screen: its cells, whether it was copied, and what changed after that."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    tick: CopyTick | None = None
    changed: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """What is kept when the row is ticked."""
        return {cell.field.key: cell.value for cell in self.cells if not cell.field.blank}


@dataclass
class ScreenView:
    """One screen as the page shows it; ``hidden`` rows wait until their owner has sent them."""

    key: str  # hasil@kesehatan
    title: str
    screen: Screen
    fields: tuple[Field, ...]
    rows: list[CopyRow]
    hidden: int = 0

    @property
    def copied(self) -> int:
        """Rows that were copied and have not changed since."""
        return sum(row.tick is not None and not row.changed for row in self.rows)

    @property
    def changed(self) -> int:
        """Rows whose numbers changed after they were copied."""
        return sum(bool(row.changed) for row in self.rows)


def screens(sheet: Sheet, report: Report, actor: Actor, sees: Sees) -> list[ScreenView]:
    """Every screen of a sheet for one book, in the order of its file; empty ones left out.

    A constant number of queries, however many screens there are.
    """
    gather = _Gather(sheet, report, actor, sees)
    found = [view for screen in sheet.screens for view in gather.views(screen)]
    ticks = _ticks(sheet, report)
    for view in found:
        for row in view.rows:
            tick = ticks.get((view.key[:120], row.key[:160]))
            if tick is not None:
                row.tick = tick
                row.changed = rules.drift(tick.values, row.values)
    return [view for view in found if view.rows or view.hidden]


def _ticks(sheet: Sheet, report: Report) -> dict[tuple[str, str], CopyTick]:
    rows = db.session.scalars(
        sa.select(CopyTick).where(
            CopyTick.sheet == sheet.key, CopyTick.year == report.year,
            CopyTick.period == report.period, CopyTick.owner_unit_id == report.owner_unit_id,
            CopyTick.active,
        )
    )  # fmt: skip
    return {(tick.screen, tick.row): tick for tick in rows}


class _Gather:
    """What the screens of one sheet need, read once."""

    def __init__(self, sheet: Sheet, report: Report, actor: Actor, sees: Sees) -> None:
        self.sheet, self.report, self.actor, self.sees = sheet, report, actor, sees
        self.compiles = queries.compiles(actor, report) or bool(actor.units(Role.APIP))
        self.edition: Edition = places.edition_of(report)
        self.words = {"tahun": str(report.year), "tahun_lalu": str(report.year - 1)}
        self.book = catalogue.current()
        self._tables: dict[str, dict[str, object]] | None = None
        self._figures: _Figures | None = None

    def views(self, screen: Screen) -> list[ScreenView]:
        """A screen, once or once for each item."""
        items: Iterable[ListItem | None] = (None,)
        if screen.repeat:
            items = self.edition.lists.get(screen.repeat, ())
        out = []
        for item in items:
            key = f"{screen.key}@{item.key}" if item else screen.key
            title = fill(screen.title, {"item": item.title if item else ""})
            fields = tuple(
                f.model_copy(update={"label": fill(f.label, self.words)}) if "{" in f.label else f
                for f in screen.fields
            )
            view = ScreenView(key, title, screen, fields, [])
            self._fill(view, item)
            out.append(view)
        return out

    def _fill(self, view: ScreenView, item: ListItem | None) -> None:
        match view.screen.source:
            case "indicators":
                group = item.group if item else view.screen.group
                for one in self.book.of(view.screen.level, group, year=self.report.year):
                    if self.sees(one):
                        view.rows.append(self._indicator(view.fields, one))
                    elif self.compiles:
                        view.hidden += 1
            case "table":
                self._table(view, item)
            case "officials" if self.compiles:
                view.rows += _officials(view.fields, self.report)
            case "chapters" if self.compiles:
                view.rows += self._chapters(view.fields)
            case "documents" if self.compiles or self.report.owner_unit_id in self.actor.units():
                view.rows += self._documents(view)

    # --- indicators -------------------------------------------------------------------------

    @property
    def figures(self) -> _Figures:
        """Numbers of three years and the names of the data dukung."""
        if self._figures is None:
            self._figures = _Figures(self.report.year)
        return self._figures

    def _indicator(self, fields: tuple[Field, ...], one: Indicator) -> CopyRow:
        has, year = self.figures, self.report.year
        outputs = [
            f"{n}. {o.shown_title}: {has.shown(o, year) or '-'} {o.unit}".strip()
            for n, o in enumerate(
                (o for o in self.book.of("keluaran", one.group, year=year) if o.parent == one.key),
                1,
            ) if o.title or has.shown(o, year)
        ]  # fmt: skip
        texts = {
            "no": one.no, "judul": one.title, "rumus": one.formula_text,
            "keluaran": "\n".join(outputs), "pembilang": has.parts(one.part or one.elements, year),
            "penyebut": has.parts(one.whole, year), "lalu": has.shown(one, year - 1),
            "kini": has.shown(one, year), "laju": has.rate(one, year),
            "satuan": one.unit, "sumber": has.sources(one, year),
            "bukti": "\n".join(has.proofs.get(one.key, ())),
        }  # fmt: skip
        whys = {
            "judul": "" if one.title else f"rumusan resmi belum dicatat ({one.guess_title})",
            "kini": has.reason(one, year),
            "keluaran": "rumusan IKK keluaran belum dicatat pada Format Laporan",
            "penyebut": "" if one.whole else "tidak ada pembagi; lihat rumus",
            "bukti": "" if has.proofs.get(one.key) else "belum ada data dukung",
        }
        return CopyRow(one.key, f"{one.no} {one.shown_title}", tuple(
            _cell(f, texts.get(f.key, ""), whys.get(f.key, "")) for f in fields
        ))  # fmt: skip

    # --- tables of the book -----------------------------------------------------------------

    def _table(self, view: ScreenView, item: ListItem | None) -> None:
        if not self._may_read_item(item):
            return
        wanted = f"t.{view.screen.part}.{item.key if item else ''}"
        for key, table in self.tables.items():
            if key != wanted and not key.startswith(f"{wanted}."):
                continue
            head = [str(h) for h in table["head"]]  # type: ignore[attr-defined]
            auto = bool(head) and head[0].strip().lower() in ("no", "no.")
            labels = head[1:] if auto else head
            view.fields = tuple(
                Field(key=f"k{n}", label=label or "-", sure=view.screen.sure)
                for n, label in enumerate(labels)
            )
            seen: dict[str, int] = {}
            above: list[str] = []
            for kind, cells in table["rows"]:  # type: ignore[attr-defined]
                if kind == "group":
                    continue
                texts = [
                    above[n]
                    if runs and runs[0][1] == lines.BELOW and n < len(above)
                    else plain_of(runs).strip()
                    for n, runs in enumerate(cells[1:] if auto else cells)
                ]
                above = texts
                name = f"{kind}:{row_identity(cells)}"
                seen[name] = seen.get(name, 0) + 1
                named = next((t for h, t in zip(labels, texts, strict=False)
                              if t and "Indikator" in h), "")  # fmt: skip
                label = named or next(
                    (t for t in texts if sum(c.isalpha() for c in t) > 2), "Jumlah"
                )
                view.rows.append(CopyRow(
                    f"{name}#{seen[name]}" if seen[name] > 1 else name, label,
                    tuple(_cell(f, t) for f, t in zip(view.fields, texts, strict=False)),
                ))  # fmt: skip

    def _may_read_item(self, item: ListItem | None) -> bool:
        """Those who compile and Inspektorat read all; a Perangkat Daerah its own bidang or book."""
        if self.compiles or self.report.owner_unit_id in self.actor.units():
            return True
        if item is None or not item.duty:
            return False
        main, helpers = people.duties().get(item.duty, (None, ()))
        return bool({main, *helpers} & self.actor.units())

    @property
    def tables(self) -> Mapping[str, Mapping[str, object]]:
        """The tables of the book as it stands, by key."""
        if self._tables is None:
            book = lines.lines_of(trace.of_snapshot(snapshot.take(self.report)))
            self._tables = {line.data["key"]: line.data for line in book if line.kind == "t"}
        return self._tables

    # --- files ------------------------------------------------------------------------------

    def _chapters(self, fields: tuple[Field, ...]) -> list[CopyRow]:
        """Cover, Bab I.., Lampiran: the newest finished PDF of each, issued ones first."""
        builds = queries.finished_builds([self.report.id], limit=200)
        whole = next((b for b in builds if not b.scope), None)
        issued = queries.issues_of([self.report.id])
        if issued:
            whole = issued[0][1]
        by_scope = {b.scope: b for b in reversed(builds) if b.scope}
        parts = [("", "Laporan utuh"), *(
            (f"bab:{c.label}", c.title if c.annex else f"Bab {c.label} {c.title}")
            for c in self.edition.chapters
        )]  # fmt: skip
        rows = []
        for scope, title in parts:
            build = by_scope.get(scope) if scope else whole
            name = next((f.name for f in build.files if f.format == "pdf"), "") if build else ""
            why = "" if name else "susun dahulu sebagai PDF pada Susun Dokumen"
            texts = {"bagian": title, "berkas": name}
            rows.append(CopyRow(scope or "utuh", title, tuple(
                _cell(f, texts.get(f.key, ""), why if f.key == "berkas" else "") for f in fields
            )))  # fmt: skip
        return rows

    def _documents(self, view: ScreenView) -> list[CopyRow]:
        issued = queries.issues_of([self.report.id])
        files = issued[0][1].files if issued else []
        rows = []
        for paper in view.screen.documents:
            name = ""
            if paper.of == "report":
                name = next((f.name for f in files if f.format == "pdf"), "")
            why = "tetapkan dahulu naskah finalnya" if paper.of == "report" else (
                "unggah naskah bertanda tangan dari arsip Perangkat Daerah")  # fmt: skip
            texts = {"dokumen": paper.title, "berkas": name}
            rows.append(CopyRow(paper.key, paper.title, tuple(
                _cell(f, texts.get(f.key, ""), "" if name or f.key != "berkas" else why)
                for f in view.fields
            )))  # fmt: skip
        return rows


def _cell(one: Field, value: str, why: str = "") -> Cell:
    return Cell(one, "", one.blank) if one.blank else Cell(one, value, "" if value else why)


def _officials(fields: tuple[Field, ...], report: Report) -> list[CopyRow]:
    """Kepala daerah, wakil and Sekda as far as the portal knows them; NIK is never stored."""
    units = people.units_on(report.structure_date)
    here = region(people.today())
    root = next((u.id for u in units if u.kind == "pemda"), 0)
    setda = next((u.id for u in units if u.code == "SETDA"), 0)
    found = [(here.kepala_daerah, people.holder(root, Role.PIMPINAN, people.today())),
             ("Sekretaris Daerah", people.holder(setda, Role.KEPALA, people.today()))]  # fmt: skip
    rows = []
    for office, who in found:
        texts = {"nama": who.name if who else "", "jabatan": who.full_title if who else office}
        why = "" if who else "catat pejabatnya pada Pejabat & Akun"
        rows.append(CopyRow(office, office, tuple(
            _cell(f, texts.get(f.key, ""), why or "diisi dari naskah SK") for f in fields
        )))  # fmt: skip
    return rows


class _Figures:
    """Numbers of the region for a year and the years before, and data dukung; four queries."""

    def __init__(self, year: int) -> None:
        self.book = catalogue.current()
        keys = list(self.book.elements)
        periods = [str(year - n) for n in range(3)]
        self.by_year = figures.values_of(keys, periods, figures.region_id())
        rows = db.session.execute(
            sa.select(Evidence.subject, Evidence.name)
            .where(Evidence.subject.like(f"indicator:%:{year}"), Evidence.removed_at.is_(None),
                   Evidence.restricted.is_(False))
            .order_by(Evidence.id)
        )  # fmt: skip
        self.proofs: dict[str, list[str]] = {}
        for subject, name in rows:
            self.proofs.setdefault(subject.split(":")[1], []).append(name)

    def _result(self, one: Indicator, year: int) -> figure_rules.Result:
        now, before = self.by_year.get(str(year), {}), self.by_year.get(str(year - 1), {})
        return figure_rules.evaluate(one, now, before, self.book.elements)

    def shown(self, one: Indicator, year: int) -> str:
        """The value without its marks, as a form takes it."""
        return self._result(one, year).plain

    def reason(self, one: Indicator, year: int) -> str:
        """Why there is no value."""
        found = self._result(one, year)
        return "" if found.text and found.kind != "na" else found.reason or "belum diisi"

    def rate(self, one: Indicator, year: int) -> str:
        """Laju in percent."""
        return figure_rules.laju(self._result(one, year), self._result(one, year - 1)).plain

    def parts(self, keys: tuple[str, ...], year: int) -> str:
        """The value of one element; several with their names, a line each."""
        now = self.by_year.get(str(year), {})
        shown = [
            (self.book.elements[k].title, figure_rules.show_view(now.get(k), self.book.elements[k]))
            for k in keys
        ]
        if len(shown) == 1:
            return shown[0][1].rstrip("*")
        return "\n".join(f"{title}: {value.rstrip('*') or '-'}" for title, value in shown)

    def sources(self, one: Indicator, year: int) -> str:
        """Sumber data of its elements, each once."""
        now = self.by_year.get(str(year), {})
        found = [now[k].source for k in one.elements if k in now and now[k].source]
        return "; ".join(dict.fromkeys(found))


def elements_of(one: Indicator) -> list[Element]:
    """The elements of an indicator that somebody types for it; reference data are everybody's."""
    book = catalogue.current().elements
    own = [book[key] for key in one.elements if not book[key].reference]
    return own or [book[key] for key in one.elements]


def as_of() -> str:
    """``Data per 21 November 2026``."""
    return f"Data per {long_date(people.today())}"
