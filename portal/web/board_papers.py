"""Papers of the boards by the house's printers: the board as a sheet, Bahan Rapat, Bagikan.

No forecast and no person's name stands in any of them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from flask import current_app
from PIL import Image, ImageDraw, ImageFont

from portal import clock, store
from portal.absorption import basis, drawing, rules
from portal.absorption.queries import Board, Chosen, Line, concerns, short
from portal.absorption.slices import FundRow
from portal.absorption.sums import State
from portal.documents import charts, papers
from portal.documents.charts import Spec
from portal.documents.tree import (
    Block,
    Cell,
    ListBlock,
    Paragraph,
    Picture,
    Row,
    Run,
    Signature,
    Table,
    Unit,
)
from portal.indonesian import MONTHS, clock_time, long_date, number
from portal.people import queries as people
from portal.people.kinds import Role
from portal.people.region import region
from portal.people.rules import Officeholder, UnitInfo
from portal.reports.standing import Readiness
from portal.workbooks import workbook

PURPOSE = "Data ini alat bantu pengendalian kegiatan, bukan dasar penjatuhan hukuman disiplin."
BPKAD = "BPKAD"


def sample(on: date) -> bool:
    """Whether everything must say DATA CONTOH."""
    return bool(region(on).demo)


def pct(value: Decimal | None, places: int = 2) -> str:
    """A percentage as papers print it; n/a where there is nothing to divide by."""
    return "n/a" if value is None else number(value, places)


def source_words(on: date, newest: date | None = None) -> str:
    """Of which day, from where, belum diaudit."""
    until = f" sampai {long_date(newest)}" if newest else ""
    return (
        f"Keadaan {long_date(on)}. Sumber: register SP2D{until} dan register kontrak; "
        "belum diaudit."
    )


def summed(table: Table) -> Table:
    """The last row as the sum: no number before it."""
    last = table.rows[-1]
    cells = (Cell(()), *(replace(c, text=tuple(replace(r, bold=True) for r in c.text))
                         for c in last.cells[1:]))  # fmt: skip
    return replace(table, rows=(*table.rows[:-1], Row(cells, "total")))


def _signer(unit: UnitInfo | None, on: date) -> Officeholder | None:
    """The head of the unit; of the region: of BPKAD, which keeps the register."""
    if unit is not None:
        return people.holder(unit.id, Role.KEPALA, on)
    keeper = people.unit_by_code(BPKAD)
    return people.holder(keeper.id, Role.KEPALA, on) if keeper else None


def signed(unit: UnitInfo | None, on: date) -> Signature:
    """The block to sign: the head of the unit; of the region, of BPKAD."""
    return papers.signed(_signer(unit, on), region(on), on)


def board_xlsx(board: Board) -> bytes:
    """The board as a sheet with real numbers."""
    heads = ("Perangkat daerah", "Pagu", "RAK", "SP2D", "Non-kontrak", "Serapan %", "RAK %",
             "Deviasi", "Fisik %", "RAK menurut", "Kenapa")  # fmt: skip
    out = io.BytesIO()
    with workbook(out) as work:
        sheet = work.add_worksheet("Serapan")
        bold, money = work.add_format({"bold": True}), work.add_format({"num_format": "#,##0.00"})
        if sample(board.today):
            sheet.write(0, 0, "DATA CONTOH", bold)
        sheet.write(1, 0, source_words(board.today, board.newest))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 8, 20)
        for column, title in enumerate(heads):
            sheet.write(3, column, title, bold)
        for n, line in enumerate([*board.lines, board.total], start=4):
            sheet.write_string(n, 0, line.unit.name if line.unit else "Jumlah")
            at = line.at
            for column, value in enumerate(
                (at.pagu, at.rak, at.spent, line.uncontracted, at.absorbed, at.planned,
                 at.deviation, line.physical), start=1
            ):  # fmt: skip
                if value is not None:
                    sheet.write_number(n, column, round(float(value), 2), money)
            sheet.write_string(n, 9, rules.STANDS.get(line.stands, ""))
            sheet.write_string(n, 10, line.why)
        if words := basis.clashes(board.lines):
            sheet.write(6 + len(board.lines), 0, words)
    return out.getvalue()


# --- Bahan Rapat --------------------------------------------------------------------------------


def meeting_pdf(
    board: Board, funds: Sequence[FundRow], crossing: Sequence[State],
    ready: Sequence[Readiness], chosen: Chosen,
    months: tuple[tuple[Decimal, ...], tuple[Decimal, ...]],
) -> bytes:  # fmt: skip
    """Four pages: summary, by OPD, where money lies, sources of money and reports."""
    name = "Bahan Rapat Pengendalian Serapan"
    pages = [
        _first(board, chosen, months), _by_unit(board), _held(board, crossing),
        _last(funds, ready),
    ]  # fmt: skip
    made = papers.paper(name, pages[0], f"{name}, {long_date(board.today)}")
    units = tuple(
        Unit(f"hal{n}", "", False, tuple(blocks), n == 1) for n, blocks in enumerate(pages, start=1)
    )
    return papers.printed(replace(made, units=units), "pdf")


def _points(lines: Sequence[str]) -> ListBlock:
    return ListBlock(tuple((f"{n}.", 0, (Run(line),)) for n, line in enumerate(lines, start=1)))


def _numbers(line: Line) -> list[str]:
    at = line.at
    return [
        f"Pagu {short(at.pagu)}, SP2D {short(at.spent)}: serapan {pct(at.absorbed)} %.",
        f"RAK sampai bulan ini {short(at.rak)} ({pct(at.planned)} %), deviasi "
        f"{pct(at.deviation)} poin persen: {rules.BAND_WORDS[line.band]}.",
        f"Fisik kontrak {pct(line.physical)} %, dibayar {pct(line.paid)} % dari nilai kontrak "
        f"(selisih {pct(line.gap)} poin).",
        line.why,
    ]  # fmt: skip


def _first(
    board: Board, chosen: Chosen, months: tuple[tuple[Decimal, ...], tuple[Decimal, ...]]
) -> list[Block]:
    what = f", sumber dana {chosen.fund}" if chosen.fund else ""
    out: list[Block] = [
        papers.title("Bahan Rapat Pengendalian Serapan", "judul"),
        papers.centred(f"{region(board.today).full}, {long_date(board.today)}{what}"),
        papers.text(source_words(board.today, board.newest)), _points(_numbers(board.total)),
        papers.text(f"{basis.told(board.lines, chosen)} {basis.clashes(board.lines)}".strip()),
    ]  # fmt: skip
    pagu = board.total.at.pagu
    if pagu:
        out.append(_chart(months, pagu, board.today.month))
    found = concerns(board)
    out.append(papers.text("Perlu perhatian:", bold=True))
    out.append(
        _points([c.sentence for c in found])
        if found
        else papers.text("Tidak ada berkas yang lewat batas sesudah masa tanggapan.")
    )
    return [*out, Paragraph((Run(PURPOSE),), "note")]


def _chart(
    months: tuple[tuple[Decimal, ...], tuple[Decimal, ...]], pagu: Decimal, month: int
) -> Picture:
    plan, spent = months
    spec = Spec("line", tuple(m[:3] for m in MONTHS), (
        ("RAK", tuple(p / pagu * 100 for p in plan)),
        ("SP2D", tuple(s / pagu * 100 if n <= month else None
                       for n, s in enumerate(spent, start=1))),
    ), "% pagu")  # fmt: skip
    svg, png = charts.render(spec)
    kept = store.put(png, "image/png").sha256, store.put(svg, "image/svg+xml").sha256
    words = drawing.course_words(plan, spent, pagu, month)
    return Picture("jalan", "", "RAK dan SP2D sepanjang tahun", kept[0], "image/png",
                   charts.WIDTH_MM, charts.HEIGHT_MM, words, vector=kept[1])  # fmt: skip


def _by_unit(board: Board) -> list[Block]:
    rows = sorted(board.lines, key=lambda x: x.at.deviation if x.at.deviation is not None
                  else Decimal(999))  # fmt: skip
    heads = (("No", 0.06), ("Perangkat daerah", 0.28), ("Pagu", 0.14), ("Serapan %", 0.12),
             ("RAK %", 0.12), ("Deviasi", 0.12), ("Fisik %", 0.16))  # fmt: skip
    cells = [
        (x.unit.short_name if x.unit else "", short(x.at.pagu), pct(x.at.absorbed, 1),
         pct(x.at.planned, 1), pct(x.at.deviation, 1), pct(x.physical, 1))
        for x in rows
    ]  # fmt: skip
    t = board.total
    cells.append(("Jumlah", short(t.at.pagu), pct(t.at.absorbed, 1), pct(t.at.planned, 1),
                  pct(t.at.deviation, 1), pct(t.physical, 1)))  # fmt: skip
    return [papers.title("Serapan per Perangkat Daerah", "pd"),
            summed(papers.table("pd_tabel", "Deviasi terhadap RAK, yang terbesar di atas", heads,
                                 cells, frozenset(range(2, 7))))]  # fmt: skip


def _held(board: Board, crossing: Sequence[State]) -> list[Block]:
    rows = [x for x in sorted(board.lines, key=lambda x: -x.stuck) if x.stuck][:9]
    names = {x.unit.id: x.unit.short_name for x in board.lines if x.unit}
    heads = (("No", 0.06), ("Perangkat daerah", 0.2), ("Kenapa", 0.74))
    late = (("No", 0.06), ("PD", 0.16), ("Kontrak", 0.42), ("Berakhir", 0.2),
            ("Belum dibayar", 0.16))  # fmt: skip
    most = sorted(crossing, key=lambda s: -(s.value - s.money.paid))[:12]
    more = len(crossing) - len(most)
    out: list[Block] = [
        papers.title("Uang yang Tertahan", "tahan"),
        papers.table("tahan_tabel", "Berkas bayar dan posisinya", heads,
                     [(x.unit.short_name if x.unit else "", x.why) for x in rows]),
        papers.table("lewat_tabel", "Kontrak yang akan melewati 31 Desember", late,
                     [(names.get(s.unit_id, ""), s.title, long_date(s.ends_on),
                       short(s.value - s.money.paid)) for s in most], frozenset({4})),
    ]  # fmt: skip
    if more > 0:
        out.append(papers.text(f"dan {more} kontrak lainnya."))
    return out


def _last(funds: Sequence[FundRow], ready: Sequence[Readiness]) -> list[Block]:
    heads = (("No", 0.07), ("Sumber dana", 0.31), ("Pagu", 0.17), ("RAK", 0.17), ("SP2D", 0.17),
             ("%", 0.11))  # fmt: skip
    table = summed(papers.table(
        "dana", "Serapan per sumber dana", heads,
        [(r.fund, short(r.at.pagu), short(r.at.rak), short(r.at.spent), pct(r.at.absorbed))
         for r in funds], frozenset({2, 3, 4, 5}),
    ))  # fmt: skip
    reports = papers.table(
        "laporan", "Kesiapan laporan", (("No", 0.07), ("Laporan", 0.53), ("PD siap", 0.2),
                                        ("Batas pengisian", 0.2)),
        [(r.title, f"{r.ready} dari {r.units}", long_date(r.deadline) if r.deadline else "-")
         for r in ready],
    )  # fmt: skip
    return [papers.title("Sumber Dana dan Laporan", "dana_judul"), table, reports,
            Paragraph((Run(PURPOSE),), "note")]  # fmt: skip


# --- Bagikan ------------------------------------------------------------------------------------


def share_pdf(board: Board, chosen: Chosen, at: datetime) -> bytes:
    """One page."""
    name = "Serapan Anggaran"
    blocks: list[Block] = [
        papers.title(name, "judul"), papers.centred(_heading(board, chosen)),
        _points(_numbers(board.total)), _worst(board),
        papers.text(f"{source_words(board.today, board.newest)} Dicetak {_moment(at)}."),
        Paragraph((Run(PURPOSE),), "note"),
    ]  # fmt: skip
    footer = f"{name}, {long_date(board.today)}, belum diaudit"
    return papers.printed(papers.paper(name, blocks, footer), "pdf")


def _heading(board: Board, chosen: Chosen) -> str:
    what = f", {chosen.fund}" if chosen.fund else ""
    return f"{region(board.today).full}, {long_date(board.today)}{what}"


def _moment(at: datetime) -> str:
    config = current_app.config["SELARAS"]
    day = clock.local(at, config.zone).date()
    return f"{long_date(day)} pukul {clock_time(at, config.zone, config.zone_label)}"


def _behind(board: Board) -> list[Line]:
    known = [x for x in board.lines if x.at.deviation is not None]
    return sorted(known, key=lambda x: x.at.deviation or Decimal(0))[:8]


def _worst(board: Board) -> Table:
    heads = (("No", 0.07), ("Perangkat daerah", 0.33), ("Serapan %", 0.2), ("RAK %", 0.2),
             ("Deviasi (poin)", 0.2))  # fmt: skip
    return papers.table(
        "jauh", "Deviasi terbesar terhadap RAK", heads,
        [(x.unit.short_name if x.unit else "", pct(x.at.absorbed, 1), pct(x.at.planned, 1),
          pct(x.at.deviation, 1)) for x in _behind(board)], frozenset({2, 3, 4}),
    )  # fmt: skip


_COLOURS = {rules.HIGH: "#1c6238", rules.MIDDLE: "#b57b00", rules.LOW: "#9b1c1c", "": "#14507d"}


def share_png(board: Board, chosen: Chosen, at: datetime) -> bytes:
    """One picture for a message group: what, when, from where, belum diaudit."""
    sheet = Image.new("RGB", (1080, 1350), "white")
    pen = ImageDraw.Draw(sheet)

    def say(y: int, words: str, size: int, fill: str = "#1b2733", x: int = 60) -> None:
        pen.text((x, y), words, fill=fill, font=_font(size))

    if sample(board.today):
        pen.rectangle((0, 0, 1080, 52), fill="#5b3a86")
        say(10, "DATA CONTOH: daerah dan angka rekaan", 26, "white")
    total = board.total
    say(80, "Serapan Anggaran", 56)
    say(150, _heading(board, chosen), 32, "#51606e")
    say(215, f"{pct(total.at.absorbed, 1)} %", 110, _COLOURS[total.band])
    say(345, f"SP2D {short(total.at.spent)} dari pagu {short(total.at.pagu)}", 34)
    say(395, f"RAK {pct(total.at.planned, 1)} %, deviasi {pct(total.at.deviation, 1)} poin", 34)
    say(445, f"Fisik kontrak {pct(total.physical, 1)} %, dibayar {pct(total.paid, 1)} %", 34)
    say(520, "Deviasi terbesar terhadap RAK", 32)
    for n, line in enumerate(_behind(board)):
        y = 575 + n * 78
        absorbed, planned = line.at.absorbed or Decimal(0), line.at.planned or Decimal(0)
        say(y, (line.unit.short_name if line.unit else "")[:26], 28)
        pen.rectangle((440, y + 4, 880, y + 34), fill="#dfe6ec")
        pen.rectangle((440, y + 4, 440 + int(min(float(absorbed), 100.0) * 4.4), y + 34),
                      fill=_COLOURS[line.band])  # fmt: skip
        x = 440 + int(min(float(planned), 100.0) * 4.4)
        pen.rectangle((x, y - 2, x + 4, y + 40), fill="#1b2733")
        say(y, f"{pct(absorbed, 1)} %", 28, x=900)
    say(
        1215, source_words(board.today, board.newest).replace("Sumber:", "\nSumber:"), 24, "#51606e"
    )
    say(1285, f"Garis hitam: RAK. Dibuat {_moment(at)}.", 24, "#51606e")
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
