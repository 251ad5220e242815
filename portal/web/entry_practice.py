"""Coba dulu (latihan): the form of an isian as it works, with nothing behind it.

On her first day an operator types, pastes, makes a mistake, checks and sends, and gets a Tanda
Terima that says LATIHAN. Nothing is stored; closing the page ends it.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask, abort, jsonify, render_template, request
from werkzeug.wrappers import Response

from portal import clock
from portal.outlines.parts import Table
from portal.people.rules import Permission
from portal.reports import reading
from portal.reports.content import CellView
from portal.reports.ops import Answer, Op
from portal.reports.rules import Target, TargetError, parse_target
from portal.web import entry_page
from portal.web.entry_view import TableView, table_view
from portal.web.gate import actor, needs
from portal.web.ops_in import lean, read_ops

bp = Blueprint("practice_entry", __name__)

#: What is practised: three fixed rows with last year's numbers, a computed column and a total.
PART = Table.model_validate({
    "kind": "table", "key": "latihan", "title": "Jumlah Pegawai (latihan)",
    "supplier": {"kinds": ["dinas"]}, "total": "Jumlah",
    "rows": {"kind": "fixed", "items": [
        {"key": "sma", "cells": {"pendidikan": "SMA sederajat"}},
        {"key": "sarjana", "cells": {"pendidikan": "Diploma dan Sarjana"}},
        {"key": "magister", "cells": {"pendidikan": "Magister ke atas"}},
    ]},
    "columns": [
        {"key": "pendidikan", "label": "Pendidikan", "width": 3},
        {"key": "laki", "label": "Laki-laki (orang)", "type": "whole", "total": "sum"},
        {"key": "perempuan", "label": "Perempuan (orang)", "type": "whole", "total": "sum"},
        {"key": "jumlah", "label": "Jumlah (orang)", "type": "whole",
         "formula": "laki + perempuan", "total": "sum"},
        {"key": "gaji", "label": "Belanja gaji (Rp)", "type": "rupiah", "total": "sum"},
    ],
})  # fmt: skip
LAST = {
    "c:sma:laki": "21", "c:sma:perempuan": "18", "c:sarjana:laki": "64",
    "c:sarjana:perempuan": "97", "c:magister:laki": "9", "c:magister:perempuan": "7",
    "c:sma:gaji": "1.872.000.000", "c:sarjana:gaji": "11.914.000.000",
    "c:magister:gaji": "1.664.000.000",
}  # fmt: skip
TYPED = {c.key: c for c in PART.columns if c.key in {"laki", "perempuan", "gaji"}}
ROWS = {item.key for item in PART.rows.items}


def _reading(target: Target, typed: str) -> reading.Reading | None:
    column = TYPED.get(target.field)
    if target.kind != "c" or column is None or target.row not in ROWS:
        return None
    return reading.read(column.type, typed)


def _table(form: Mapping[str, str]) -> TableView:
    cells = {}
    for key in form:
        try:
            target = parse_target(key)
            found = _reading(target, form[key])
        except (TargetError, reading.TooMuch):
            continue
        if found is not None and form[key].strip():
            cells[target.row, target.field] = CellView(
                found.value or "", found.raw or "", 1, actor().label, clock.now()
            )
    return table_view(PART, PART.rows.items, [], cells, LAST, True)


def _page(form: Mapping[str, str], checked: bool = False) -> str:
    view = _table(form)
    empty = sum(1 for row in view.rows for c in row.cells if c.how == "in" and not c.shown)
    doubts = [c for row in view.rows for c in row.cells if c.doubt]
    return render_template(
        "entry/practice.html", view=view, me=actor(), checked=checked, empty=empty, doubts=doubts,
    )  # fmt: skip


@bp.get("/latihan/isian")
@needs(Permission.ENTRY_WRITE)
def page() -> str:
    """An empty practice form."""
    return _page({})


@bp.post("/latihan/isian/op")
@needs(Permission.ENTRY_WRITE)
def answer_ops() -> Response | tuple[Response, int]:
    """Answers as an isian would give them; nothing is kept."""
    ops = read_ops(actor().person_id)
    if ops == 401:
        abort(401)
    if isinstance(ops, int):
        return jsonify(error="Permintaan tidak dapat dibaca."), ops
    return jsonify(
        answers=[lean(op, _answer(op)) for op in ops], derived={}, state="Draf (latihan)",
        at=entry_page.local_time(clock.now()) + " (latihan)",
    )  # fmt: skip


def _answer(op: Op) -> Answer:
    try:
        target = parse_target(op.target)
        found = _reading(target, op.value)
    except (TargetError, reading.TooMuch) as error:
        return Answer(op.op_id, "refused", reason=str(error))
    if found is None:
        return Answer(op.op_id, "refused", reason="Bagian ini tidak ada dalam latihan.")
    column = TYPED[target.field]
    shown = found.raw or reading.show(column.type, found.value or "", column.places)
    return Answer(op.op_id, "ok", op.base + 1, shown=shown, doubt=found.doubt,
                  choices=[list(c) for c in found.choices])  # fmt: skip


@bp.post("/latihan/isian")
@needs(Permission.ENTRY_WRITE)
def send() -> str | tuple[str, int]:
    """Periksa or Kirim of the practice form, also without JavaScript."""
    if request.form.get("langkah") != "kirim":
        return _page(request.form, checked=True)
    view = _table(request.form)
    if any(c.how == "in" and (c.doubt or not c.shown) for row in view.rows for c in row.cells):
        return _page(request.form, checked=True), 422
    return render_template("entry/practice_sent.html", now=clock.now(), me=actor())


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
