"""A file between its preview and its writing, and what the pages of all importers show of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal import store
from portal.imports import grid, mapping
from portal.imports.mapping import Layout
from portal.imports.planning import STATES, Plan
from portal.imports.targets import Target
from portal.web.gate import actor
from portal.web.incoming import whole

LASTS = 3600 * 4


class Stale(Exception):
    """The ticket is too old, of somebody else, or no ticket; the message says what to do."""

    def __init__(self) -> None:
        super().__init__("Pratinjau sudah kedaluwarsa. Unggah berkasnya sekali lagi.")


def _signer(room: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"{room}-import")


def ticket(room: str, data: bytes, name: str, *about: Any) -> str:
    """Keep the bytes until the person comes back; the ticket names them. The caller commits."""
    kept = store.put(data, "application/octet-stream").sha256
    return _signer(room).dumps([kept, name[:150], *about, actor().person_id])


def taken_up(room: str) -> tuple[bytes, str, list[Any]]:
    """Bytes, name and ``about`` of the form's ticket. Raises Stale, or store.StoreError."""
    try:
        kept, name, *about, person = _signer(room).loads(
            request.form.get("ticket", ""), max_age=LASTS
        )
    except (BadSignature, ValueError, TypeError) as bad:
        raise Stale from bad
    if person != actor().person_id:
        raise Stale
    return store.read(kept), name, about


def chosen(target: Target) -> dict[str, int]:
    """The columns as the user corrected them: ``k:<field>`` -> column number, "" for none."""
    out = {}
    for field in target.fields:
        column = whole(request.form.get(f"k:{field.key}", ""), grid.MOST_COLUMNS - 1)
        if column is not None:
            out[field.key] = column
    return out


class Read(Protocol):
    """A file that was read: for whom, and where its table lies, when one was found."""

    @property
    def target(self) -> Target:
        """What the rows become."""

    @property
    def layout(self) -> Layout | None:
        """Sheet, line of the titles and columns."""


Found = TypeVar("Found", bound=Read)


def corrected(found: Found, again: Callable[[Found, int, int, dict[str, int]], Found]) -> Found:
    """The file as the user corrected it: sheet, line of the titles, columns; ``again`` reads so.

    Who names another sheet or line and only looks has the columns guessed anew.
    """
    columns = chosen(found.target)
    header = whole(request.form.get("judul", ""), 99999)
    if found.layout is None or (not columns and header is None):
        return found
    sheet = whole(request.form.get("lembar", ""), 999)
    at = found.layout.sheet if sheet is None else sheet
    line = found.layout.header if header is None else header - 1
    read = again(found, at, line, columns)
    moved = (at, line) != (found.layout.sheet, found.layout.header)
    if moved and request.form.get("aksi", "lihat") == "lihat" and read.layout is not None:
        return again(found, at, line, mapping.match(found.target, read.layout.labels))
    return read


def shown(layout: Layout | None, plan: Plan, most: int) -> dict[str, Any]:
    """What a preview page shows: columns of the sheet, and the first rows that say something."""
    labels = layout.labels if layout else ()
    used = layout.columns.values() if layout else ()
    telling = [r for r in plan.rows if r.changes or r.problems or r.notes]
    return {
        "columns": [(n, mapping.letter(n), label) for n, label in enumerate(labels)
                    if label or n in used],
        "plan": plan, "rows": telling[:most], "more": max(len(telling) - most, 0),
        "states": STATES,
    }  # fmt: skip


def wrong(plan: Plan) -> str:
    """Why "Terapkan semua" writes nothing; "" when every row is right or it was not asked for."""
    count = plan.count("salah")
    if request.form.get("aksi") != "semua" or not count:
        return ""
    return (
        f"{count} baris salah, maka tidak ada yang ditulis. Perbaiki berkasnya dan unggah lagi, "
        "atau pilih “Terapkan baris yang benar”."
    )
