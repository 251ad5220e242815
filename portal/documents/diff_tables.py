"""Rows and cells of two tables, matched by the stored row or figure behind them."""

from __future__ import annotations

import re
from typing import Any

from portal.documents.diff_found import Found, How, Section, in_order, plain_of
from portal.documents.diff_text import words_between
from portal.documents.lines import Runs

_AUTO = {"no", "no.", "nomor"}


def tables(found: Found, a: Section, b: Section) -> None:
    """Tables that came or went, and the rows and cells of those that stayed."""
    for key in in_order(list(a.tables), list(b.tables)):
        old, new = a.tables.get(key), b.tables.get(key)
        if old == new:
            continue
        if old is None and new is not None:
            found.add("row", "added", f"Tabel baru: {new['caption']}", "", _rows(new), b)
        elif new is None and old is not None:
            found.add("row", "removed", f"Tabel tidak ada lagi: {old['caption']}", _rows(old), "",
                      b)  # fmt: skip
        elif old is not None and new is not None:
            _table(found, old, new, b)


def _rows(table: dict[str, Any]) -> str:
    return f"{len(table['rows'])} baris"


def _name(table: dict[str, Any]) -> str:
    return str(table["number"] or table["caption"])


def _table(found: Found, old: dict[str, Any], new: dict[str, Any], section: Section) -> None:
    if old["caption"] != new["caption"]:
        found.add("row", "changed", f"Judul {_name(new)}", old["caption"], new["caption"], section)
    if old["source"] != new["source"]:
        found.add("row", "changed", f"Sumber {_name(new)}", old["source"], new["source"], section)
    before, after = _keyed(old), _keyed(new)
    for key in in_order(list(before), list(after)):
        a, b = before.get(key), after.get(key)
        if a is not None and b is not None:
            if a != b:
                _row(found, old, new, (a, b), section)
        elif b is not None:
            found.add("row", "added", f"{_name(new)}: baris baru “{_label(b, new['head'])}”", "",
                      _told(new, b), section)  # fmt: skip
        elif a is not None:
            found.add("row", "removed", f"{_name(old)}: baris dihapus “{_label(a, old['head'])}”",
                      _told(old, a), "", section)  # fmt: skip


Cells = list[Runs]


def _keyed(table: dict[str, Any]) -> dict[str, Cells]:
    """Rows by what lies behind them, else by their words; running numbers count for nothing."""
    auto = bool(table["head"]) and table["head"][0].strip().lower() in _AUTO
    out: dict[str, Cells] = {}
    for kind, cells in table["rows"]:
        row: Cells = [[], *cells[1:]] if auto and len(cells) > 1 and kind == "body" and (
            plain_of(cells[0]).strip().isdigit()) else list(cells)  # fmt: skip
        key = f"{kind}:{row_identity(row)}"
        n = 2
        while key in out:
            key = f"{key.split('#', maxsplit=1)[0]}#{n}"
            n += 1
        out[key] = row
    return out


def row_identity(row: Cells) -> str:
    """The stored row (``part@repeat@UNIT:row``) or figure of a row, else its first words."""
    for runs in row:
        for _text, ref in runs:
            kind, _, rest = ref.partition(":")
            if kind in ("cell", "calc") and "@" in rest:
                return rest.rpartition(":")[0]
            if kind in ("datum", "indicator", "layanan"):
                return f"{kind}:{rest.split(':')[0]}"
    return _label(row)


def _label(row: Cells, head: list[str] | None = None) -> str:
    """What a row is called: number and name of its IKK, else its first words."""
    ikk = [
        text for n, runs in enumerate(row)
        if head and n < len(head) and "IKK" in head[n] and (text := plain_of(runs).strip())
    ]  # fmt: skip
    texts = [" ".join(ikk)] if ikk else [t for runs in row if (t := plain_of(runs).strip())]
    named = next((t for t in texts if sum(c.isalpha() for c in t) > 3), texts[0] if texts else "")
    return named if len(named) <= 90 else f"{named[:87]}..."


def _told(table: dict[str, Any], row: Cells) -> str:
    """A whole row as ``Kolom: isi; Kolom: isi``."""
    said = [
        f"{table['head'][n]}: {text}" if n < len(table["head"]) and table["head"][n] else text
        for n, runs in enumerate(row) if (text := plain_of(runs).strip())
    ]  # fmt: skip
    told = "; ".join(said)
    return told if len(told) <= 400 else f"{told[:397]}..."


def _row(
    found: Found, old: dict[str, Any], new: dict[str, Any], pair: tuple[Cells, Cells],
    section: Section,
) -> None:  # fmt: skip
    """The cells of a row that differ; columns are matched by their labels."""
    there = {label: pair[0][n] for n, label in enumerate(old["head"]) if n < len(pair[0])}
    name, label = _name(new), _label(pair[1], new["head"])
    for n, runs in enumerate(pair[1]):
        column = new["head"][n] if n < len(new["head"]) else ""
        was = there.get(column, pair[0][n] if n < len(pair[0]) else [])
        before, after = plain_of(was).strip(), plain_of(runs).strip()
        if before == after:
            continue
        if _several(found, was, runs, section, name):
            continue
        ref = next((r for _t, r in (*runs, *was) if r), "")
        what = f"{label}, {column}" if column and column != label else label
        if _is_number(before) and _is_number(after):
            found.figure(what, before or "(kosong)", after or "(kosong)", ref, section, name)
        else:
            words = tuple(words_between(before, after)) if before and after else ()
            how: How = "changed" if before and after else "added" if after else "removed"
            found.add("row", how, f"{name}: {what}", before, after, section, words)


def _several(found: Found, was: Runs, now: Runs, section: Section, table: str) -> bool:
    """A cell of many figures (elemen data) tells each of them; False when its words differ too."""
    if len(now) < 2 or [r for _, r in was] != [r for _, r in now]:
        return False
    other = [(n, a, b) for n, ((a, _), (b, _)) in enumerate(zip(was, now, strict=True)) if a != b]
    if not all(now[n][1] and _is_number(a.strip()) and _is_number(b.strip()) for n, a, b in other):
        return False
    for n, before, after in other:
        said = now[n - 1][0].strip().rstrip(":").splitlines() if n else []
        what = said[-1].strip() if said else table
        found.figure(what, before.strip(), after.strip(), now[n][1], section, table)
    return True


def _is_number(text: str) -> bool:
    """A printed number, a mark of one that is not out yet, or nothing."""
    return not text or bool(re.fullmatch(r"\(?-?[\d.,]+\)?\s*\**%?|n/a\s*\**\)?|-", text))
