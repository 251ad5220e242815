"""Catatan pemeriksaan isian: what stands in the way of sending, and what somebody should look at.

Pure. A draft is never blocked; sending is, by ``perbaiki`` only. Never the word *temuan*, which
belongs to BPK and Inspektorat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal

from portal import indonesian
from portal.outlines.parts import (
    Budget,
    Column,
    ColumnType,
    FixedRow,
    Indicators,
    ListPart,
    Narrative,
    Part,
    Picture,
    Table,
)
from portal.reports.reading import NUMERIC
from portal.reports.rules import plain, word_count

Severity = Literal["perbaiki", "cek"]
SEVERITY_LABELS = {"perbaiki": "Perlu diperbaiki", "cek": "Perlu dicek"}


@dataclass(frozen=True)
class Finding:
    """One catatan: ``target`` is an operation's target, "" for the whole part."""

    severity: Severity
    sentence: str
    basis: str
    target: str = ""
    code: str = ""


@dataclass(frozen=True)
class Typed:
    """What stands in an isian, for checking: canonical values, and the typing not understood."""

    fields: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[tuple[str, Mapping[str, str]], ...] = ()  # (uid, cells) in order
    raw: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (uid, field) -> typing


@dataclass(frozen=True)
class Around:
    """What else the checks look at."""

    basis: str = ""  # of the part, else of the format
    given: tuple[FixedRow, ...] = ()  # prescribed rows
    year: int = 0
    before: Typed | None = None  # the same part last year
    unanswered: tuple[str, ...] = ()  # targets of remarks without an answer
    carried: Mapping[str, int] = field(default_factory=dict)  # brought over, not looked at: year
    figures: tuple[Finding, ...] = ()  # what the figures room says of the indicators


def check(part: Part, typed: Typed, around: Around) -> list[Finding]:
    """All catatan of one isian, what blocks first, then in the order of the form."""
    found = [
        *_doubtful(part, typed, around), *_content(part, typed, around),
        *_last_year(part, typed, around), *_carried(around), *around.figures, *_remarks(around),
    ]  # fmt: skip
    return sorted(found, key=lambda f: f.severity != "perbaiki")


def blocking(findings: list[Finding]) -> list[Finding]:
    """Those that sending waits for."""
    return [f for f in findings if f.severity == "perbaiki"]


def empty(value: str) -> bool:
    """True for nothing and for lone dashes or dots: they never count as filled."""
    return not re.sub(r"[\s\-–—._/]+", "", value)


def _content(part: Part, typed: Typed, around: Around) -> Iterator[Finding]:
    if isinstance(part, Narrative):
        yield from _narrative(part, typed, around)
    elif isinstance(part, Picture):
        yield from _picture(part, typed, around)
    elif isinstance(part, ListPart):
        filled = [uid for uid, cells in typed.rows if not empty(cells.get("text", ""))]
        if part.required and not filled:
            yield Finding("perbaiki", f"“{part.title}” wajib diisi, paling sedikit satu butir.",
                          around.basis, code="kosong")  # fmt: skip
    elif isinstance(part, Table | Budget):
        yield from _table(part, typed, around)
    elif isinstance(part, Indicators):
        return


_HOLES = re.compile(r"\.{4,}|…{2,}|_{4,}|\b[xX]{3,}\b|\[(?:isi|diisi|\s*)[^\]]{0,40}\]")


def _narrative(part: Narrative, typed: Typed, around: Around) -> Iterator[Finding]:
    html = typed.fields.get("text", "")
    words = word_count(html)
    if words == 0 and 'src="blob:' not in html:
        if part.required:
            yield Finding("perbaiki", f"“{part.title}” wajib dan belum diisi.", around.basis,
                          "f:text", "kosong")  # fmt: skip
        return
    if part.words and words < part.words:
        yield Finding(
            "cek", f"Uraian baru {indonesian.number(words)} kata; lazimnya paling sedikit "
            f"{indonesian.number(part.words)} kata.", around.basis, "f:text", "pendek",
        )  # fmt: skip
    hole = _HOLES.search(plain(html))
    if hole:
        yield Finding("cek", f"Masih ada bagian yang belum diisi di dalam teks: “{hole[0]}”.",
                      around.basis, "f:text", "rumpang")  # fmt: skip


def _picture(part: Picture, typed: Typed, around: Around) -> Iterator[Finding]:
    if not typed.fields.get("file"):
        if part.required:
            yield Finding("perbaiki", f"Gambar “{part.title}” belum diunggah.", around.basis,
                          "f:file", "kosong")  # fmt: skip
    elif empty(typed.fields.get("caption", "")):
        yield Finding("cek", "Gambar belum diberi keterangan.", around.basis, "f:caption",
                      "keterangan")  # fmt: skip


# --- tables ---------------------------------------------------------------------------------


def _typed_columns(part: Table | Budget) -> list[Column]:
    return [c for c in part.columns if not (c.formula or c.share_of)]


def _name(part: Part, uid: str, typed: Typed, around: Around) -> str:
    """How a sentence names a row: by its printed text, else by its number."""
    for item in around.given:
        if item.key == uid:
            return next((t for t in item.cells.values() if t), uid)
    for number, (row, cells) in enumerate(typed.rows, 1):
        if row == uid:
            columns = part.columns if isinstance(part, Table | Budget) else ()
            first = next((cells.get(c.key, "") for c in columns if c.type is ColumnType.TEXT), "")
            return f"baris {number} ({first[:40]})" if not empty(first) else f"baris {number}"
    return "baris"


def _doubtful(part: Part, typed: Typed, around: Around) -> Iterator[Finding]:
    labels = {c.key: c.label for c in getattr(part, "columns", ())}
    live = {uid for uid, _ in typed.rows}
    for (uid, name), raw in typed.raw.items():
        if uid in live and name in labels:
            yield Finding(
                "perbaiki", f"“{raw[:60]}” pada kolom {labels[name]}, "
                f"{_name(part, uid, typed, around)}, belum dapat dipastikan. Pilih bacaan yang "
                "benar atau ketik ulang. Contoh: 1.234,5.", around.basis, f"c:{uid}:{name}", "ragu",
            )  # fmt: skip


def _table(part: Table | Budget, typed: Typed, around: Around) -> Iterator[Finding]:
    columns = _typed_columns(part)
    filled = [
        (uid, cells) for uid, cells in typed.rows
        if any(not empty(cells.get(c.key, "")) for c in columns)
        or any((uid, c.key) in typed.raw for c in columns)
    ]  # fmt: skip
    if not filled:
        if part.required:
            yield Finding("perbaiki", f"Tabel “{part.title}” wajib dan belum diisi.",
                          around.basis, code="kosong")  # fmt: skip
        return
    if part.rows.kind == "free" and len(filled) < part.rows.least:
        yield Finding(
            "perbaiki", f"Tabel “{part.title}” baru {len(filled)} baris, paling sedikit "
            f"{part.rows.least} baris.", around.basis, code="baris",
        )  # fmt: skip
    yield from _required_cells(part, columns, dict(filled), typed, around)
    yield from _percents(part, columns, filled, typed, around)
    if part.rows.kind == "free":
        yield from _stated_total(part, columns, filled, around)


def _required_cells(
    part: Table | Budget, columns: list[Column], filled: Mapping[str, Mapping[str, str]],
    typed: Typed, around: Around,
) -> Iterator[Finding]:  # fmt: skip
    wanted = [i.key for i in around.given if not i.sum_of] or list(filled)
    printed = {i.key: i.cells for i in around.given}
    for uid in wanted:
        cells = filled.get(uid, {})
        for column in columns:
            if (
                column.required and column.key not in printed.get(uid, {})
                and empty(cells.get(column.key, "")) and (uid, column.key) not in typed.raw
            ):  # fmt: skip
                yield Finding(
                    "perbaiki", f"Kolom {column.label}, {_name(part, uid, typed, around)}, belum "
                    f"diisi.{' Contoh: ' + column.example + '.' if column.example else ''}",
                    around.basis, f"c:{uid}:{column.key}", "wajib",
                )  # fmt: skip


def _percents(
    part: Table | Budget, columns: list[Column], filled: list[tuple[str, Mapping[str, str]]],
    typed: Typed, around: Around,
) -> Iterator[Finding]:  # fmt: skip
    for uid, cells in filled:
        for column in columns:
            value = _number(cells.get(column.key, ""))
            if column.type is ColumnType.PERCENT and value is not None and value > 100:
                yield Finding(
                    "cek", f"Kolom {column.label}, {_name(part, uid, typed, around)}: "
                    f"{indonesian.percent(value)} melebihi 100 %.", around.basis,
                    f"c:{uid}:{column.key}", "persen",
                )  # fmt: skip


_TOTAL = re.compile(r"\s*(?:jumlah|total|jumlah total|grand total)\b", re.I)


def _stated_total(
    part: Table | Budget, columns: list[Column], filled: list[tuple[str, Mapping[str, str]]],
    around: Around,
) -> Iterator[Finding]:  # fmt: skip
    """A typed row "Jumlah": the portal adds up itself, and a wrong sum would be printed twice."""
    texts = [c.key for c in columns if c.type is ColumnType.TEXT]
    stated = [
        (uid, cells) for uid, cells in filled
        if any(_TOTAL.match(cells.get(key, "")) for key in texts[:2])
    ]  # fmt: skip
    others = [cells for uid, cells in filled if uid not in {u for u, _ in stated}]
    for uid, cells in stated:
        wrong = False
        for column in columns:
            said = _number(cells.get(column.key, ""))
            if column.type not in NUMERIC or column.type is ColumnType.PERCENT or said is None:
                continue
            values = [v for c in others if (v := _number(c.get(column.key, ""))) is not None]
            adds = sum(values, Decimal(0))
            if values and adds != said:
                wrong = True
                yield Finding(
                    "perbaiki", f"Kolom {column.label}: tertulis jumlah {indonesian.number(said)}, "
                    f"sedangkan baris-barisnya berjumlah {indonesian.number(adds)}.",
                    around.basis, f"c:{uid}:{column.key}", "jumlah",
                )  # fmt: skip
        if not wrong and any(c.total for c in part.columns):
            yield Finding(
                "perbaiki", "Baris jumlah tidak perlu diketik karena dihitung sendiri; bila "
                "dibiarkan, nilainya tercetak dua kali. Hapus baris itu.", around.basis,
                f"r:{uid}", "jumlah",
            )  # fmt: skip


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value) if value else None
    except InvalidOperation:
        return None


# --- beside last year -----------------------------------------------------------------------


def _last_year(part: Part, typed: Typed, around: Around) -> Iterator[Finding]:
    if around.before is None:
        return
    year = around.year - 1
    if isinstance(part, Narrative):
        now = " ".join(plain(typed.fields.get("text", "")).casefold().split())
        then = " ".join(plain(around.before.fields.get("text", "")).casefold().split())
        if now and now == then:
            yield Finding(
                "cek", f"Uraian sama persis dengan tahun {year}. Memang sama, atau perlu "
                "disesuaikan?", around.basis, "f:text", "salinan",
            )  # fmt: skip
    elif isinstance(part, Table | Budget):
        numbers = [c.key for c in _typed_columns(part) if c.type in NUMERIC]
        mine = [[cells.get(k, "") for k in numbers] for _, cells in typed.rows]
        theirs = [[cells.get(k, "") for k in numbers] for _, cells in around.before.rows]
        if numbers and mine == theirs and any(v for row in mine for v in row):
            yield Finding(
                "cek", f"Semua angka tabel ini sama persis dengan tahun {year}. Memang sama?",
                around.basis, code="salinan",
            )  # fmt: skip


def _carried(around: Around) -> Iterator[Finding]:
    """Last year's words never leave the house as this year's before somebody has read them."""
    if not around.carried:
        return
    years = ", ".join(str(year) for year in sorted(set(around.carried.values())))
    many = f"{len(around.carried)} kolom" if len(around.carried) > 1 else "Isi bagian ini"
    yield Finding(
        "perbaiki", f"{many} masih isi tahun {years} yang dibawa dan belum diperiksa. Baca, ubah "
        "bila perlu, lalu tekan “Sudah saya periksa”.", around.basis,
        next(iter(around.carried)), "bawaan",
    )  # fmt: skip


def _remarks(around: Around) -> Iterator[Finding]:
    for target in around.unanswered:
        yield Finding(
            "perbaiki", "Catatan dari pemeriksa belum dijawab. Perbaiki isian, lalu isi jawaban "
            "atau tandai “sudah diperbaiki”.", around.basis, target, "catatan",
        )  # fmt: skip
