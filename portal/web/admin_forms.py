"""The admin pages' forms: read with a sentence for what is wrong, saved or shown again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import abort, flash, redirect, request
from werkzeug.wrappers import Response

from portal.db import db
from portal.indonesian import read_date
from portal.people.refusal import Refused

Row = TypeVar("Row")


def text(name: str) -> str:
    """A typed line, trimmed."""
    return request.form.get(name, "").strip()


def day(name: str, label: str) -> date:
    """A date that must be there."""
    found = maybe_day(name, label)
    if found is None:
        raise Refused(f"{label}: isi tanggalnya. Contoh: 02-01-2026.", name)
    return found


def maybe_day(name: str, label: str) -> date | None:
    """A date, or None when nothing was typed."""
    typed = text(name)
    if not typed:
        return None
    found = read_date(typed)
    if found is None or not 1945 <= found.year <= 2100:
        raise Refused(f"{label}: “{typed}” bukan tanggal. Contoh: 02-01-2026.", name)
    return found


def whole(name: str, default: int = 0) -> int:
    """A whole number up to six digits; ``default`` when empty."""
    typed = text(name)
    if not typed:
        return default
    if not typed.isascii() or not typed.isdigit() or len(typed) > 6:
        raise Refused(f"“{typed}” bukan bilangan bulat. Contoh: 12.", name)
    return int(typed)


def chosen(name: str) -> int | None:
    """The id picked from a list, or None."""
    typed = text(name)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else None


def found(model: type[Row], row_id: int | None) -> Row:
    """The row with this id; 404 when there is none."""
    row = db.session.get(model, row_id) if row_id is not None and row_id < 2**31 else None
    if row is None:
        abort(404)
    return row


def saved(
    work: Callable[[], Any], again: Callable[[Refused], str], said: str, back: str
) -> Response | tuple[str, int]:
    """Do ``work``, commit, say so and go ``back``; a refusal shows the form with what was typed."""
    try:
        work()
    except Refused as refusal:
        db.session.rollback()
        return again(refusal), 422
    db.session.commit()
    flash(said, "ok")
    return redirect(back)
