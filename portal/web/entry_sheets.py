"""Unduh Excel and Unggah Excel of table isian, and one workbook with all tables of an operator.

A sheet carries its isian and the id of each row, so that what goes out comes back to the same
cells. Nothing is half written: every cell is understood first, or nothing is saved.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from portal import uploads
from portal.db import db
from portal.imports import grid, layouts
from portal.outlines import sums
from portal.outlines.schema import Budget, Column, ListPart, Table
from portal.outlines.table_checks import numeric
from portal.people.rules import Permission
from portal.reports import flow, places, queries, reading
from portal.reports.models import Entry
from portal.reports.refusal import Refused
from portal.uploads import Kind
from portal.web import entry_form, entry_page
from portal.web.gate import actor, needs

bp = Blueprint("sheets", __name__)
HEAD = 4  # row of the headings, from 0
MARK = "isian:"
MOST_SHEETS = 120


@dataclass(frozen=True)
class Shape:
    """A table isian as a sheet: its columns, its rows, what stands in them."""

    entry: Entry
    title: str
    columns: tuple[Column, ...]
    free: bool
    rows: list[tuple[str, dict[str, str], dict[str, str]]]  # uid, printed texts, stored values


@dataclass
class Outcome:
    """What a sheet would do: operations, and what is wrong with it."""

    ops: list[tuple[str, str]] = field(default_factory=list)  # target, value
    problems: list[str] = field(default_factory=list)


def shape_of(entry: Entry) -> Shape | None:
    """The isian as a sheet; None for parts that are no tables."""
    placed = queries.place_of(entry)
    if placed is None:
        return None
    part = placed.part
    if isinstance(part, ListPart):
        part = entry_page.as_table(part)
    if not isinstance(part, Table | Budget):
        return None
    content = queries.content_of(entry)
    stored = {row.uid: row.cells for row in content.rows}
    given = places.given_rows(
        places.edition_of(entry.report), part, queries.things(entry.report.structure_date)
    )
    free = part.rows.kind == "free"
    rows = (
        [(uid, {}, cells) for uid, cells in stored.items()] if free
        else [(i.key, dict(i.cells), stored.get(i.key, {})) for i in given]
    )  # fmt: skip
    return Shape(entry, places.part_title(placed), part.columns, free, rows)


def label(column: Column) -> str:
    """Heading of a column: group, label and unit in one cell."""
    text = f"{column.group}: {column.label}" if column.group else column.label
    return f"{text} ({column.unit})" if column.unit and column.unit not in text else text


def write(book: layouts.Book, shape: Shape, name: str) -> None:
    """One sheet; computed columns are shown grey and not read back."""
    sheet = book.work.add_worksheet(name)
    sheet.write_string(0, 0, f"{MARK}{shape.entry.id}")
    sheet.write_string(0, 1, shape.title, book.work.add_format({"bold": True, "font_size": 13}))
    sheet.write_string(1, 1, "Isi sel putih saja. Kolom ID jangan diubah; baris baru tanpa ID.")
    sheet.set_column(0, 0, 4, None, {"hidden": not shape.free})
    sheet.write_string(HEAD, 0, "ID", book.head)
    for at, column in enumerate(shape.columns, 1):
        sheet.set_column(at, at, max(10, min(50, column.width * 9)))
        sheet.write_string(HEAD, at, label(column), book.head)
    grey = book.work.add_format({"bg_color": "#EEEEEE", "border": 1, "num_format": "#,##0.######"})
    for line, (uid, printed, cells) in enumerate(shape.rows, HEAD + 1):
        book.put(sheet, line, 0, uid)
        for at, column in enumerate(shape.columns, 1):
            if column.key in printed:
                sheet.write_string(line, at, printed[column.key], grey)
            elif sums.computed(column):
                sheet.write_blank(line, at, None, grey)
            else:
                book.put(sheet, line, at, _cell(column, cells.get(column.key, "")))
    sheet.freeze_panes(HEAD + 1, 2)


def _cell(column: Column, value: str) -> Decimal | str:
    if value and numeric(column):
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return reading.show(column.type, value, column.places)


# --- reading back ---------------------------------------------------------------------------


def read(shape: Shape, sheet: grid.Sheet) -> Outcome:
    """What the sheet changes in the isian; each wrong cell with row, column, rule and example."""
    out = Outcome()
    at = next((n for n, row in enumerate(sheet.rows[:30]) if row and _word(row[0]) == "id"), None)
    if at is None:
        out.problems.append(
            "Baris judul dengan kolom ID tidak ditemukan. Unduh format Excel isian ini lagi."
        )
        return out
    heads = {_word(cell): n for n, cell in enumerate(sheet.rows[at])}
    typed = {c.key: heads.get(_word(label(c))) for c in shape.columns if not sums.computed(c)}
    known = {uid: (printed, cells) for uid, printed, cells in shape.rows}
    for line in range(at + 1, len(sheet.rows)):
        _row(shape, sheet.rows[line], line + 1, typed, known, out)
    return out


def _row(
    shape: Shape, row: list[Any], line: int, typed: dict[str, int | None],
    known: dict[str, tuple[dict[str, str], dict[str, str]]], out: Outcome,
) -> None:  # fmt: skip
    uid = str(row[0]).strip().removesuffix(".0") if row and row[0] not in (None, "") else ""
    values = {
        key: row[n] for key, n in typed.items()
        if n is not None and n < len(row) and row[n] not in (None, "")
    }  # fmt: skip
    if not uid:
        if not values:
            return
        if not shape.free:
            out.problems.append(
                f"Baris {line}: tanpa ID. Baris tabel ini ditetapkan format; isi pada baris yang "
                "ada."
            )
            return
        uid = "x" + hashlib.sha256(f"{shape.entry.id}:{line}:{sorted(map(str, values.values()))}"
                                   .encode()).hexdigest()[:12]  # fmt: skip
    elif uid not in known:
        out.problems.append(f"Baris {line}: ID “{uid[:30]}” tidak ada dalam isian ini.")
        return
    printed, stored = known.get(uid, ({}, {}))
    for column in shape.columns:
        n = typed.get(column.key)
        if n is None or column.key in printed:
            continue
        found = _read_cell(column, values.get(column.key, ""))
        if found.value is None:
            out.problems.append(
                f"Baris {line}, kolom {label(column)}: {found.doubt} Contoh: "
                f"{column.example or _EXAMPLES.get(column.type.value, 'teks')}."
            )
        elif not _equal(column, found.value, stored.get(column.key, "")):
            value = found.value
            out.ops.append((f"c:{uid}:{column.key}",
                            f"={value}" if value and numeric(column) else value))  # fmt: skip


_EXAMPLES = {"rupiah": "1.250.000,00", "whole": "1.250", "decimal": "12,5", "percent": "87,2",
             "date": "31 Maret 2026"}  # fmt: skip


def _read_cell(column: Column, value: Any) -> reading.Reading:
    if isinstance(value, datetime | date):
        text = value.strftime("%d-%m-%Y")
    elif isinstance(value, bool):
        text = str(value)
    elif isinstance(value, int | float):
        number = Decimal(repr(value))
        if number == number.to_integral_value():
            number = number.quantize(Decimal(1))
        text = f"={format(number, 'f')}" if numeric(column) else format(number, "f")
    else:
        text = str(value)
        if numeric(column) and text.startswith("="):
            return reading.Reading(None, text, f"“{text[:40]}” rumus, bukan angka.")
    try:
        return reading.read(column.type, text, column.choices)
    except reading.TooMuch as error:
        return reading.Reading(None, text[:60], str(error))


def _equal(column: Column, new: str, old: str) -> bool:
    if numeric(column) and new and old:
        try:
            return Decimal(new) == Decimal(old)
        except ArithmeticError:
            return False
    return new == old


def _word(cell: Any) -> str:
    return " ".join(re.sub(r"[^a-z0-9% ]", " ", str(cell).lower()).split())


def save(shape: Shape, outcome: Outcome) -> int:
    """Write the operations of one sheet in the present transaction; Refused when one is not."""
    written = 0
    revs = queries.cells_of(shape.entry.id)
    for target, value in outcome.ops:
        _, uid, name = target.split(":")
        rev = revs[uid, name].rev if (uid, name) in revs else 0
        answer = flow.apply_op(
            shape.entry, entry_form.made(shape.entry.id, target, rev, value), actor()
        )
        if answer.status in ("refused", "conflict"):
            why = answer.reason or f"sementara itu diubah {answer.theirs_by}"
            raise Refused(f"{shape.title}, {target}: {why}")
        written += answer.status == "ok"
    return written


# --- pages ----------------------------------------------------------------------------------


@bp.get("/isian/<int:entry_id>/excel")
@needs(Permission.ENTRY_READ)
def download(entry_id: int) -> Response:
    """The table as Excel."""
    entry = entry_page.desk_or_404(actor(), entry_id).entry
    shape = shape_of(entry)
    if shape is None:
        return redirect(url_for("entry.page", entry_id=entry_id))
    book = layouts.Book(shape.title)
    write(book, shape, "Isian")
    return _sent(book, f"{entry.report.kind.upper()}_{entry.report.year}_{entry.part_key}.xlsx")


def _sent(book: layouts.Book, name: str) -> Response:
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return send_file(io.BytesIO(book.bytes()), mimetype=media, as_attachment=True,
                     download_name=name)  # fmt: skip


@bp.get("/isian/<int:entry_id>/unggah-excel")
@needs(Permission.ENTRY_WRITE)
def form(entry_id: int) -> str:
    """Choose the filled sheet."""
    return _form(entry_page.desk_or_404(actor(), entry_id).entry, [])


def _form(entry: Entry | None, problems: list[str]) -> str:
    return render_template(
        "entry/sheet.html", entry=entry, problems=problems,
        title=shape.title if entry is not None and (shape := shape_of(entry)) else "",
        accept=uploads.accept_list(uploads.SHEETS),
    )  # fmt: skip


def _sheets() -> list[grid.Sheet]:
    file = request.files.get("berkas")
    if file is None or not file.filename:
        raise grid.SheetError("Pilih berkas Excel yang sudah diisi lebih dahulu.")
    checked = uploads.check(file.read(), file.filename, uploads.SHEETS)
    return grid.read(checked.data, checked.kind is Kind.CSV)


@bp.post("/isian/<int:entry_id>/excel")
@needs(Permission.ENTRY_WRITE)
def upload(entry_id: int) -> Response | tuple[str, int]:
    """The filled sheet of one isian: all of it, or nothing."""
    desk = entry_page.desk_or_404(actor(), entry_id)
    shape = shape_of(desk.entry)
    if not desk.may_write or shape is None:
        return _form(desk.entry, [desk.why_not or "Isian ini bukan tabel."]), 422
    try:
        outcome = read(shape, _sheets()[0])
        if outcome.problems:
            return _form(desk.entry, outcome.problems), 422
        written = save(shape, outcome)
    except (uploads.Refused, grid.SheetError, Refused) as no:
        db.session.rollback()
        return _form(desk.entry, [getattr(no, "sentence", "") or str(no)]), 422
    db.session.commit()
    flash(_told(written), "ok")
    return redirect(url_for("entry.page", entry_id=entry_id))


def _told(written: int) -> str:
    if not written:
        return "Isi berkas sama dengan yang sudah ada; tidak ada yang diubah."
    return f"{written} sel ditulis dari Excel. Baris yang tidak ada dalam berkas tidak dihapus."


@bp.get("/tugas/excel")
@needs(Permission.ENTRY_WRITE)
def all_download() -> Response:
    """One workbook with every table of the operator that can be filled now."""
    book = layouts.Book("Semua format Excel")
    names: set[str] = set()
    for task in queries.tasks(actor()):
        if task.group not in ("Tabel", "Narasi") or len(names) >= MOST_SHEETS:
            continue
        entry = db.session.get(Entry, task.entry_id)
        shape = shape_of(entry) if entry is not None else None
        if shape is not None:
            write(book, shape, _name(f"{task.report.split()[0]} {shape.title}", names))
    if not names:
        book.work.add_worksheet("Kosong").write_string(0, 0, "Tidak ada tabel yang menunggu.")
    return _sent(book, "Semua_format_Excel.xlsx")


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
    return _form(None, [])


@bp.post("/tugas/excel")
@needs(Permission.ENTRY_WRITE)
def all_upload() -> Response | tuple[str, int]:
    """The filled workbook of all tables: all of it, or nothing."""
    try:
        work, problems = _all(_sheets())
        if problems:
            return _form(None, problems), 422
        written = sum(save(shape, outcome) for shape, outcome in work)
    except (uploads.Refused, grid.SheetError, Refused) as no:
        db.session.rollback()
        return _form(None, [getattr(no, "sentence", "") or str(no)]), 422
    db.session.commit()
    flash(_told(written), "ok")
    return redirect(url_for("entry.tasks"))


def _all(sheets: list[grid.Sheet]) -> tuple[list[tuple[Shape, Outcome]], list[str]]:
    work, problems = [], []
    for sheet in sheets:
        mark = str(sheet.rows[0][0]) if sheet.rows and sheet.rows[0] else ""
        number = mark.removeprefix(MARK)
        if not mark.startswith(MARK) or not number.isdigit() or len(number) > 12:
            problems.append(f"Lembar “{sheet.name}”: bukan lembar dari portal. Hapus lembar itu.")
            continue
        desk = queries.entry_desk(actor(), int(number))
        shape = shape_of(desk.entry) if desk is not None else None
        if desk is None or shape is None:
            problems.append(f"Lembar “{sheet.name}”: isiannya tidak ada atau bukan milik unit ini.")
            continue
        outcome = read(shape, sheet)
        if outcome.ops and not desk.may_write:
            outcome.problems.append(desk.why_not)
        problems += [f"Lembar “{sheet.name}”. {p}" for p in outcome.problems]
        work.append((shape, outcome))
    return work, problems


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
