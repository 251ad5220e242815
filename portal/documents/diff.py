"""Apa yang berubah: two builds of one book compared by figure, sentence, row and annex. Pure.

A number is known by the reference of what it was made from, so that one figure that is printed
in five places is told once; a row by the stored row behind it; a sentence by its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.documents.diff_found import (
    COUNTED,
    GROUPS,
    Change,
    Difference,
    Found,
    How,
    Section,
    in_order,
)
from portal.documents.diff_tables import tables
from portal.documents.diff_text import sentences, texts
from portal.documents.lines import Line

__all__ = ["COUNTED", "GROUPS", "Change", "Difference", "compare", "sentences"]


def compare(old: Sequence[Line], new: Sequence[Line]) -> Difference:
    """Every difference between two books of one report, in the order of the newer one."""
    found = Found()
    before, after = _sections(old), _sections(new)
    for key in in_order(list(before), list(after)):
        a, b = before.get(key), after.get(key)
        if a is None or b is None:
            _whole_section(found, a, b)
            continue
        if a.title != b.title and key:
            found.add("annex", "changed", f"Judul “{a.title}” menjadi “{b.title}”", a.title,
                      b.title, b)  # fmt: skip
        texts(found, a, b)
        tables(found, a, b)
        _others(found, a, b)
    return Difference(found.done())


def _sections(lines: Sequence[Line]) -> dict[str, Section]:
    here = Section("", "Sampul", "Sampul")
    found = {"": here}
    path: list[tuple[int, str]] = []
    for line in lines:
        if line.kind == "h":
            data = line.data
            words = f"{data['number']} {data['text']}".strip()
            path = [p for p in path if p[0] < data["level"]] + [(data["level"], words)]
            # the bab by its number alone: titles in capitals make a place hard to read
            shown = [_bab(w) if level == 1 else w for level, w in path]
            place = " › ".join(shown if len(shown) < 3 else (shown[0], *shown[-1:]))
            here = Section(data["key"], data["text"], place, line.chapter)
            found[here.key] = here
        elif line.kind == "p":
            here.texts.append(line.data["runs"])
        elif line.kind == "t":
            here.tables[line.data["key"]] = line.data
        else:
            here.others.append(line)
    return found


def _bab(words: str) -> str:
    match = re.match(r"(BAB [IVXLC]+)\b", words)
    return match[1].replace("BAB", "Bab") if match else words.capitalize()


def _whole_section(found: Found, a: Section | None, b: Section | None) -> None:
    if b is not None:
        found.add("annex", "added", f"Subbab baru: {b.title}", "", _size(b), b)
    elif a is not None:
        found.add("annex", "removed", f"Subbab tidak ada lagi: {a.title}", _size(a), "", a)


def _size(section: Section) -> str:
    parts = (len(section.texts), "alinea"), (len(section.tables), "tabel")
    return ", ".join(f"{n} {word}" for n, word in parts if n)


def _others(found: Found, a: Section, b: Section) -> None:
    """Gaps that were filled, pictures that were exchanged, signature and cover."""
    old = {(line.kind, _other_key(line)): line for line in a.others}
    new = {(line.kind, _other_key(line)): line for line in b.others}
    for key in in_order([*old], [*new]):
        before, after = old.get(key), new.get(key)
        if before is not None and after is not None and before.data == after.data:
            continue
        _other(found, before, after, b)


def _other_key(line: Line) -> str:
    return str(line.data.get("title") or line.data.get("key") or "")


_OTHER = {"g": "Bagian", "i": "Gambar", "s": "Tanda tangan", "c": "Sampul"}


def _other(found: Found, before: Line | None, after: Line | None, section: Section) -> None:
    line = after or before
    assert line is not None  # noqa: S101 - one of both stands somewhere
    if line.kind == "g":
        title = f"{line.data['title']} ({line.data['supplier']})"
        if after is None:
            found.add("annex", "added", f"Bagian terisi: {title}", "belum diisi", "terisi", section)
        else:
            found.add("annex", "removed", f"Bagian kosong: {title}", "terisi", "belum diisi",
                      section)  # fmt: skip
        return
    if line.kind == "i":
        same = before is not None and after is not None
        if same and _picture(before) == _picture(after):
            return
        what = f"Gambar {'diganti' if same else 'baru' if after else 'tidak ada lagi'}: " + str(
            line.data["caption"]
        )
        how: How = "changed" if same else "added" if after else "removed"
        found.add("annex", how, what, before.data["caption"] if before else "",
                  after.data["caption"] if after else "", section)  # fmt: skip
        return
    texts = [" / ".join(one.data["lines"]) if one else "" for one in (before, after)]
    found.add("annex", "changed", _OTHER[line.kind], texts[0], texts[1], section)


def _picture(line: Line | None) -> tuple[str, str]:
    return (line.data["sha"], line.data["caption"]) if line else ("", "")
