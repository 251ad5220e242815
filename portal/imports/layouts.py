"""The layouts in which the budget goes out; ``flow.read`` takes each of them back unchanged.

Texts are written as texts: a cell that begins with ``=``, ``+``, ``-`` or ``@`` is no formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.budget import rules
from portal.imports.targets import MONTHS
from portal.workbooks import workbook

Cells = Mapping[str, str]


class Book:
    """A workbook with the formats of the house; equal content gives equal bytes."""

    def __init__(self, title: str) -> None:
        self.out = io.BytesIO()
        self.work = workbook(self.out)
        self.work.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        edge = {"border": 1, "valign": "top"}
        make = self.work.add_format
        self.title = make({"bold": True, "font_size": 13, "align": "center"})
        self.head = make({**edge, "bold": True, "bg_color": "#DCE6F1", "text_wrap": True,
                          "align": "center", "valign": "vcenter"})  # fmt: skip
        self.text = make({**edge, "text_wrap": True, "num_format": "@"})
        self.strong = make({**edge, "text_wrap": True, "num_format": "@", "bold": True})
        self.number = make({**edge, "num_format": "#,##0.######"})
        self.strong_number = make({**edge, "num_format": "#,##0.######", "bold": True})

    def put(self, sheet: Any, row: int, column: int, value: Decimal | str | None,
            strong: bool = False) -> None:  # fmt: skip
        """A number as a number while Excel keeps all its digits, anything else as text."""
        if isinstance(value, Decimal):
            if len(value.normalize().as_tuple().digits) <= 15:
                kind = self.strong_number if strong else self.number
                sheet.write_number(row, column, float(value), kind)
                return
            value = format(value, "f").replace(".", ",")
        sheet.write_string(row, column, value or "", self.strong if strong else self.text)

    def bytes(self) -> bytes:
        """The finished file."""
        self.work.close()
        return self.out.getvalue()


def number(cells: Cells, key: str) -> Decimal | None:
    """A canonical cell as a number."""
    return Decimal(cells[key]) if cells.get(key) else None


CAPAIAN_HEAD = (
    ("idCapai", 8), ("KD", 20), ("PROGRAM/KEG/SUB KEGIATAN", 46), ("INDIKATOR", 34), ("SATUAN", 12),
    ("TARGET", 12), ("REALISASI TARGET", 12), ("ALOKASI [ Rp ]", 18), ("REALISASI [ Rp ]", 18),
    ("PERSENTASE [ % ]", 12), ("PERMASALAHAN", 30), ("UPAYA MENGATASI PERMASALAHAN", 30),
    ("TINDAK LANJUT REKOMENDASI", 30),
)  # fmt: skip
_CAPAIAN = ("kode", "uraian", "indikator", "satuan", "target", "capaian", "pagu", "realisasi",
            "", "masalah", "upaya", "tindak_lanjut")  # fmt: skip


def capaian(book: Book, unit: tuple[str, str], year: int, rows: Sequence[tuple[str, Cells]],
            name: str = "Sheet1") -> None:  # fmt: skip
    """FORMULIR INPUT DATA CAPAIAN KINERJA of one unit (code, name), as OPD know it."""
    sheet = book.work.add_worksheet(name)
    sheet.merge_range(0, 0, 1, 12, "FORMULIR INPUT DATA CAPAIAN KINERJA", book.title)
    for at, (label, value) in enumerate(
        (("ID OPD", unit[0]), ("NAMA OPD", unit[1]), ("TAHUN ANGGARAN", str(year))), 2
    ):
        sheet.merge_range(at, 0, at, 1, label)
        sheet.write_string(at, 2, value)
    for column, (label, width) in enumerate(CAPAIAN_HEAD):
        sheet.set_column(column, column, width)
        sheet.write_string(6, column, label, book.head)
        sheet.write_string(7, column, "acdefghijklmn"[column], book.head)
    texts = dict(rows)
    money = ("pagu", "realisasi")
    sums = rules.rolled(
        "programs", {c: {k: number(v, k) for k in money} for c, v in texts.items()}, money
    )
    for at, node in enumerate(rules.tree("programs", texts), 8):
        cells, strong = texts[node.code], bool(node.children)
        for column, key in enumerate(_CAPAIAN, 1):
            found: Decimal | str | None = cells.get(key, "")
            if key in money:
                found = sums[node.code][key]
            elif key in ("target", "capaian"):
                found = number(cells, key)
            elif not key:
                part = rules.percent(sums[node.code]["realisasi"], sums[node.code]["pagu"])
                found = None if part is None else part.quantize(Decimal("0.01"))
            book.put(sheet, at, column, found, strong)
        sheet.write_blank(at, 0, None, book.text)
    sheet.freeze_panes(8, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(6, 7)


LRA_HEAD = (("KODE REKENING", 18), ("URAIAN", 60), ("ANGGARAN SEBELUM PERUBAHAN", 22),
            ("ANGGARAN", 22), ("REALISASI", 22))  # fmt: skip


def lra(book: Book, region: str, year: int, rows: Sequence[tuple[str, Cells]],
        name: str = "LRA") -> None:  # fmt: skip
    """LAPORAN REALISASI ANGGARAN with the columns that BPKAD send."""
    sheet = book.work.add_worksheet(name)
    for at, text in enumerate((
        f"PEMERINTAH {region.upper()}", "LAPORAN REALISASI ANGGARAN PENDAPATAN DAN BELANJA DAERAH",
        f"TAHUN ANGGARAN {year}",
    )):  # fmt: skip
        sheet.merge_range(at, 0, at, 4, text, book.title)
    for column, (label, width) in enumerate(LRA_HEAD):
        sheet.set_column(column, column, width)
        sheet.write_string(4, column, label, book.head)
    texts = dict(rows)
    keys = ("sebelum", "setelah", "realisasi")
    sums = rules.rolled(
        "accounts", {c: {k: number(v, k) for k in keys} for c, v in texts.items()}, keys
    )
    for at, node in enumerate(rules.tree("accounts", texts), 5):
        strong = bool(node.children)
        book.put(sheet, at, 0, node.code, strong)
        book.put(sheet, at, 1, texts[node.code].get("uraian", ""), strong)
        for column, key in enumerate(keys, 2):
            book.put(sheet, at, column, sums[node.code][key], strong)
    sheet.freeze_panes(5, 2)
    sheet.repeat_rows(4)


def kas(book: Book, year: int, units: Iterable[tuple[str, Mapping[int, tuple[Any, Any]]]]) -> None:
    """TARGET (MENURUT ANGGARAN KAS) DAN REALISASI KEUANGAN: two rows for each unit."""
    sheet = book.work.add_worksheet("Anggaran Kas")
    sheet.merge_range(
        0, 0, 0, 18, "TARGET (MENURUT ANGGARAN KAS) DAN REALISASI KEUANGAN", book.title
    )
    sheet.merge_range(1, 0, 1, 18, f"TAHUN ANGGARAN {year}", book.title)
    heads = ["Nama OPD", "Total Anggaran", "Rincian"]
    for n, month in enumerate(MONTHS, 1):
        heads.append(month.capitalize())
        if n % 3 == 0:
            heads.append(f"Triwulan {('I', 'II', 'III', 'IV')[n // 3 - 1]}")
    for column, label in enumerate(heads):
        sheet.set_column(column, column, 34 if column == 0 else 16)
        sheet.write_string(3, column, label, book.head)
    at = 4
    for name, months in units:
        for index, sort in enumerate(("Target", "Realisasi")):
            found = {m: pair[index] for m, pair in months.items()}
            book.put(sheet, at, 0, name)
            whole = [v for v in found.values() if v is not None]
            book.put(sheet, at, 1, sum(whole, Decimal(0)) if whole else None)
            book.put(sheet, at, 2, sort)
            column = 3
            for quarter in range(4):
                part = [found.get(quarter * 3 + n) for n in (1, 2, 3)]
                for value in part:
                    book.put(sheet, at, column, value)
                    column += 1
                known = [v for v in part if v is not None]
                book.put(sheet, at, column, sum(known, Decimal(0)) if known else None)
                column += 1
            at += 1
    sheet.freeze_panes(4, 3)
    sheet.set_landscape()


def dprd(book: Book, groups: Iterable[tuple[str, str, str, Sequence[Mapping[str, str]]]]) -> None:
    """Kode | Urusan/OPD/Rekomendasi DPRD | Tindak Lanjut | Tujuan; (kode, urusan, unit, items)."""
    sheet = book.work.add_worksheet("Sheet1")
    for column, width in enumerate((8, 5, 60, 60, 36)):
        sheet.set_column(column, column, width)
    sheet.write_string(2, 0, "Kode", book.head)
    sheet.merge_range(2, 1, 2, 2, "Urusan / OPD / Rekomendasi DPRD", book.head)
    sheet.write_string(2, 3, "Tindak Lanjut", book.head)
    sheet.write_string(2, 4, "Tujuan", book.head)
    at, last = 3, ""
    for code, urusan, unit, items in groups:
        if code[:1] != last:
            last = code[:1]
            book.put(sheet, at, 0, last)
            sheet.merge_range(at, 1, at, 4, urusan, book.strong)
            at += 1
        book.put(sheet, at, 0, code)
        sheet.merge_range(at, 1, at, 4, unit, book.strong)
        at += 1
        for n, item in enumerate(items):
            book.put(sheet, at, 0, "")
            book.put(sheet, at, 1, f"{chr(97 + n % 26)}.")
            for column, key in enumerate(("rekomendasi", "tindak_lanjut", "tujuan"), 2):
                book.put(sheet, at, column, item.get(key, ""))
            at += 1
