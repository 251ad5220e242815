"""Unduh Excel and Unggah Excel of an isian, and one workbook with all isian of an operator.

A file in which everything is right is written at once. Otherwise nothing is written, the page says
row by row why, and offers the right rows; a cell that somebody changed since the file went out is
shown with both values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from portal import store, uploads
from portal.db import db
from portal.imports import grid, layouts
from portal.people.rules import Permission
from portal.reports import figures_bridge, flow, places, queries
from portal.reports.models import Entry
from portal.reports.queries import Desk
from portal.reports.refusal import Refused
from portal.reports.rules import parse_target
from portal.uploads import Kind
from portal.web import entry_form, entry_page, outgoing, sheet_file
from portal.web.gate import actor, needs
from portal.web.sheet_file import Change, Outcome
from portal.web.sheet_shape import Shape, shape_of

bp = Blueprint("sheets", __name__)
MOST_SHEETS = 120
#: How long a preview may be applied, in seconds.
PREVIEW_LASTS = 3600 * 4


@dataclass
class Work:
    """What a file does: one outcome for each of its sheets, and what is wrong with the file."""

    found: list[Outcome] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """All that is wrong, by sheet when there are several."""
        many = len(self.found) > 1
        return [*self.problems, *(
            f"Lembar “{one.sheet}”. {p}" if many else p for one in self.found for p in one.wrong
        )]  # fmt: skip

    @property
    def newer(self) -> list[tuple[Outcome, int, str, Change]]:
        """Cells that both sides have changed: sheet, row, its name, the cell."""
        return [(one, ln.line, ln.title, c) for one in self.found if not one.problems
                for ln, c in one.newer]  # fmt: skip

    @property
    def plain(self) -> int:
        """Cells of right rows."""
        return sum(len(one.plain) for one in self.found if not one.problems)


# --- reading --------------------------------------------------------------------------------


def _sheets(data: bytes, name: str) -> list[grid.Sheet]:
    checked = uploads.check(data, name, uploads.SHEETS)
    return grid.read(checked.data, checked.kind is Kind.CSV)


def _one(desk: Desk, sheets: list[grid.Sheet]) -> Work:
    """The sheet of one isian; of a workbook with many the one that carries its mark."""
    shape = shape_of(actor(), desk, True)
    if not desk.may_write or shape is None:
        return Work(problems=[desk.why_not or "Isian ini tidak diisi lewat Excel."])
    own = str(desk.entry.id)
    sheet = next((s for s in sheets if sheet_file.marked(s)[0] == own), sheets[0])
    number, header = sheet_file.marked(sheet)
    if (number and number != own) or (header and header != shape.header):
        return Work(problems=[_stranger(sheet, header, shape)])
    return Work([sheet_file.read(shape, sheet)])


def _stranger(sheet: grid.Sheet, header: str, shape: Shape | None) -> str:
    """Whose sheet it is, when it is not that of the isian."""
    code, kind, year, period = (header or "|||").split("|")
    whose = f"{code}, {kind.upper()} {year} {period}".strip() if header else "isian lain"
    title = str(sheet.rows[0][2]) if len(sheet.rows[0]) > 2 and sheet.rows[0][2] else ""
    what = f" “{title}”" if title else ""
    here = f" Isian ini milik {shape.about}." if shape is not None else ""
    return (
        f"Lembar “{sheet.name}” berisi{what} ({whose}), jadi tidak ditulis di sini.{here} Unduh "
        "format Excel dari halaman isian yang dituju."
    )


def _all(sheets: list[grid.Sheet]) -> Work:
    """Every sheet of the workbook of all isian."""
    work = Work()
    for sheet in sheets:
        if sheet.rows and sheet.rows[0] and str(sheet.rows[0][0]) == sheet_file.LIST_MARK:
            continue
        number, header = sheet_file.marked(sheet)
        if not number:
            work.problems.append(
                f"Lembar “{sheet.name}”: bukan lembar dari portal. Hapus lembar itu."
            )
            continue
        desk = queries.entry_desk(actor(), int(number))
        shape = shape_of(actor(), desk, True) if desk is not None else None
        if desk is None or shape is None:
            whose = f" ({header.split('|')[0]})" if header else ""
            work.problems.append(
                f"Lembar “{sheet.name}”: isiannya tidak ada atau bukan milik unit ini{whose}."
            )
        elif header and header != shape.header:
            work.problems.append(_stranger(sheet, header, shape))
        else:
            outcome = sheet_file.read(shape, sheet)
            if outcome.lines and not desk.may_write:
                outcome.problems.append(desk.why_not)
            work.found.append(outcome)
    return work


# --- writing --------------------------------------------------------------------------------


def save(work: Work, chosen: frozenset[str] = frozenset()) -> int:
    """Write the right rows in the present transaction; of newer cells only the ``chosen`` ones.

    Returns how many cells were written; Refused when one is not taken.
    """
    written = 0
    for one in work.found:
        if one.problems:
            continue
        picked = [c for _, c in one.newer if f"{one.shape.mark}|{c.target}" in chosen]
        for change in (*one.plain, *picked):
            written += _write(one, change)
    return written


def _write(one: Outcome, change: Change) -> bool:
    entry, base = one.shape.entry, change.base
    assert entry is not None  # noqa: S101 - its shape was made from one
    if change.target.startswith("d:"):
        base = figures_bridge.head_of(entry, parse_target(change.target))
    answer = flow.apply_op(
        entry, entry_form.made(entry.id, change.target, base, change.value), actor()
    )
    if answer.status in ("refused", "conflict"):
        why = answer.reason or f"sementara itu diubah {answer.theirs_by}"
        raise Refused(f"{one.shape.title}, {change.label}: {why}")
    return answer.status == "ok"


# --- pages ----------------------------------------------------------------------------------


@bp.get("/isian/<int:entry_id>/excel")
@needs(Permission.ENTRY_READ)
def download(entry_id: int) -> Response:
    """The isian as Excel; ``?rincian=1`` with a row for each puskesmas or kecamatan."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    shape = shape_of(actor(), desk, "rincian" in request.args)
    if shape is None:
        return redirect(url_for("entry.page", entry_id=entry_id))
    book = layouts.Book(shape.title)
    sheet_file.write(book, shape, "Isian")
    entry = desk.entry
    name = "_".join(filter(None, (
        entry.report.kind.upper(), str(entry.report.year), entry.report.period, entry.part_key,
        desk.unit.code)))  # fmt: skip
    return outgoing.download(book.bytes(), f"{name}.xlsx")


@bp.get("/isian/<int:entry_id>/unggah-excel")
@needs(Permission.ENTRY_WRITE)
def form(entry_id: int) -> str:
    """Choose the filled sheet."""
    return _form(entry_page.desk_or_404(actor(), entry_id), Work())


def _form(desk: Desk | None, work: Work, ticket: str = "") -> str:
    placed = queries.place_of(desk.entry) if desk is not None else None
    title = places.part_title(placed) if placed is not None else ""
    return render_template(
        "entry/sheet.html", entry=desk.entry if desk is not None else None, title=title, work=work,
        ticket=ticket, accept=uploads.accept_list(uploads.SHEETS), many=len(work.found) > 1,
    )  # fmt: skip


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="entry-sheet")


def _given() -> tuple[bytes, str, bool]:
    """(file, its name, True when it was shown before): from the form, or behind its ticket."""
    if ticket := request.form.get("ticket", ""):
        try:
            sha, name, person = _signer().loads(ticket, max_age=PREVIEW_LASTS)
            if person != actor().person_id:
                raise BadSignature("other person")
            return store.read(sha), name, True
        except (BadSignature, ValueError) as bad:
            raise grid.SheetError(
                "Pratinjau sudah kedaluwarsa. Unggah berkasnya sekali lagi."
            ) from bad
    file = request.files.get("berkas")
    if file is None or not file.filename:
        raise grid.SheetError("Pilih berkas Excel yang sudah diisi lebih dahulu.")
    return file.read(), file.filename, False


def _taken(desk: Desk | None, back: str) -> Response | tuple[str, int]:
    """One upload from start to end: written, or shown again with what stands in the way."""
    work = Work()
    try:
        data, name, confirmed = _given()
        sheets = _sheets(data, name)
        work = _one(desk, sheets) if desk is not None else _all(sheets)
        if not confirmed and (work.wrong or work.newer):
            kept = store.put(data, "application/octet-stream").sha256
            db.session.commit()
            ticket = _signer().dumps([kept, name[:150], actor().person_id])
            return _form(desk, work, ticket if work.plain or work.newer else ""), 422
        written = save(work, frozenset(request.form.getlist("pakai")))
    except (uploads.Refused, grid.SheetError, store.StoreError, Refused) as no:
        db.session.rollback()
        return _form(desk, Work(problems=[getattr(no, "sentence", "") or str(no)])), 422
    db.session.commit()
    flash(_told(written), "ok")
    if left := len(work.wrong):
        flash(f"{left} hal tidak ditulis karena belum benar. Perbaiki di Excel, lalu unggah lagi.",
              "warn")  # fmt: skip
    return redirect(back)


@bp.post("/isian/<int:entry_id>/excel")
@needs(Permission.ENTRY_WRITE)
def upload(entry_id: int) -> Response | tuple[str, int]:
    """The filled sheet of one isian."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    return _taken(desk, url_for("entry.page", entry_id=entry_id))


def _told(written: int) -> str:
    if not written:
        return "Isi berkas sama dengan yang sudah ada; tidak ada yang diubah."
    return f"{written} sel ditulis dari Excel. Baris yang tidak ada dalam berkas tidak dihapus."


@bp.get("/tugas/excel")
@needs(Permission.ENTRY_WRITE)
def all_download() -> Response:
    """One workbook with every table, indicator and monthly isian of the operator."""
    book = layouts.Book("Semua format Excel")
    listed = book.work.add_worksheet("Daftar")
    names = {"daftar"}
    rows = []
    for task in queries.tasks(actor()):
        if len(names) >= MOST_SHEETS:
            break
        entry = db.session.get(Entry, task.entry_id)
        desk = queries.desk_of(actor(), entry) if entry is not None else None
        shape = shape_of(actor(), desk) if desk is not None else None
        if shape is not None:
            name = _name(f"{task.report.split()[0]} {shape.title}", names)
            sheet_file.write(book, shape, name)
            rows.append((name, shape))
    _list(book, listed, rows)
    return outgoing.download(book.bytes(), "Semua_format_Excel.xlsx")


def _list(book: layouts.Book, sheet: object, rows: list[tuple[str, Shape]]) -> None:
    """The first sheet: what the workbook holds, each with a link to its sheet."""
    put = sheet.write_string  # type: ignore[attr-defined]
    sheet.set_column(0, 0, 2, None, {"hidden": True})  # type: ignore[attr-defined]
    sheet.set_column(1, 3, 46)  # type: ignore[attr-defined]
    put(0, 0, sheet_file.LIST_MARK)
    put(0, 1, "Semua isian yang menunggu", book.work.add_format({"bold": True, "font_size": 13}))
    put(1, 1, "Isi sel putih pada lembar masing-masing, simpan, lalu Unggah Excel di Tugas Saya."
        if rows else "Tidak ada isian yang menunggu.")  # fmt: skip
    for at, words in enumerate(("Lembar", "Isian", "Perangkat Daerah dan laporan"), 1):
        put(3, at, words, book.head)
    for line, (name, shape) in enumerate(rows, 4):
        sheet.write_url(line, 1, f"internal:'{name}'!C5", string=name)  # type: ignore[attr-defined]
        put(line, 2, shape.title, book.text)
        put(line, 3, shape.about, book.text)


def _name(title: str, names: set[str]) -> str:
    """A sheet name that Excel takes: 31 letters, no signs, unique."""
    base = re.sub(r"[\[\]:*?/\\']", " ", title)[:27].strip() or "Isian"
    name, n = base, 1
    while name.casefold() in names:
        n += 1
        name = f"{base} {n}"
    names.add(name.casefold())
    return name


@bp.get("/tugas/unggah-excel")
@needs(Permission.ENTRY_WRITE)
def all_form() -> str:
    """Choose the filled workbook."""
    return _form(None, Work())


@bp.post("/tugas/excel")
@needs(Permission.ENTRY_WRITE)
def all_upload() -> Response | tuple[str, int]:
    """The filled workbook of all isian."""
    return _taken(None, url_for("entry.tasks"))


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
