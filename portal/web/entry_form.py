"""A whole isian form, posted without JavaScript: which fields were changed, and since when.

The page says when it was made (``awal``). A field that somebody else has changed since then is in
conflict only when this form changed it too: what it posts is neither what stands there now nor
what the page had shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal import clock
from portal.reports import history, queries
from portal.reports.ops import Op
from portal.reports.rules import plain
from portal.web import entry_markup
from portal.web.entry_page import Page

#: A revision that nobody has seen: whatever stands there now is newer.
STALE = -1


@dataclass(frozen=True)
class Shown:
    """What stands in one input now."""

    text: str
    rev: int
    at: datetime | None


def same(one: str, two: str) -> bool:
    """True for equal texts, whatever line ends a browser makes of them."""
    return one.replace("\r\n", "\n").strip() == two.replace("\r\n", "\n").strip()


def shown_now(page: Page) -> dict[str, Shown]:
    """Every input of the page: its name -> what it shows."""
    cells = queries.cells_of(page.entry.id)
    out: dict[str, Shown] = {}
    for view in (page.table, page.items):
        for cell in (c for row in view.rows for c in row.cells) if view else ():
            if cell.how in {"in", "area", "choice"} and cell.target[:2] == "c:":
                _, uid, name = cell.target.split(":")
                known = cells.get((uid, name))
                out[cell.target] = Shown(cell.shown, cell.rev, known.at if known else None)
    for name in ("text", "caption"):
        known = cells.get(("", name))
        text = (known.value or known.raw) if known else ""
        if name == "text":
            text = entry_markup.to_markup(text)
        out[f"f:{name}"] = Shown(text, known.rev if known else 0, known.at if known else None)
    for indicator in page.extra.get("indicators", ()):
        for element in indicator.rows:
            if element.writable:
                for attr, text in element.attrs:
                    out[f"d:{element.key}:{attr}"] = Shown(text, element.rev, element.at)
    return out | _measured(page)


def _measured(page: Page) -> dict[str, Shown]:
    """Every month and every number of the year, also those that the page does not show."""
    found = page.extra.get("measures")
    inputs = found.inputs if found else ()
    return {i.target: Shown(i.shown, i.rev, i.at) for i in inputs}


def changed(page: Page, form: Mapping[str, str]) -> list[Op]:
    """The operations that a posted form means: rows first, then the fields that were changed."""
    made_at = _instant(form.get("awal", ""))
    ops = list(_row_ops(page.entry.id, form))
    known = shown_now(page)
    past: list[history.RevisionView] | None = None
    for name, typed in form.items():
        target = "f:text" if name == "m:text" else name
        here = known.get(target)
        if here is None or same(typed, here.text):
            continue
        base = here.rev
        if made_at is None or (here.at is not None and here.at > made_at):
            past = history.history(page.entry) if past is None else past
            if _stood(past, target, typed):
                continue
            base = STALE
        value = entry_markup.from_markup(typed) if name == "m:text" else typed.strip()
        ops.append(made(page.entry.id, target, base, value))
    return ops


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and found <= clock.now() else None


def _stood(past: list[history.RevisionView], target: str, typed: str) -> bool:
    """True when ``typed`` is what the field showed before: the form did not touch it."""
    words = plain(entry_markup.from_markup(typed)) if target == "f:text" else typed
    for revision in past:
        for change in revision.changes:
            if change.target == target and (
                same(words, change.before) or same(words, change.after)
            ):
                return True
    return False


def _row_ops(entry_id: int, form: Mapping[str, str]) -> Iterator[Op]:
    if "tambah" in form:
        seed = f"{form.get('awal', '')}|{sorted(form.items())}"
        uid = "n" + hashlib.sha256(seed.encode()).hexdigest()[:14]
        yield made(entry_id, f"r:{uid}", 0, "add")
    uid = form.get("hapus", "")
    if uid:
        found = {r.uid: r.deleted for r in queries.rows_of(entry_id, deleted=True)}
        if uid in found:
            salt = form.get("awal", "")
            yield made(entry_id, f"r:{uid}", 0, "undel" if found[uid] else "del", salt)


def made(entry_id: int, target: str, base: int, value: str, salt: str = "") -> Op:
    """An operation whose id follows from what it says: a double click saves once."""
    raw = f"{entry_id}|{target}|{base}|{value}|{salt}"
    return Op("form-" + hashlib.sha256(raw.encode()).hexdigest()[:24], target, base, value)
