"""``flask board absorption`` and ``flask board icons``."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from PIL import Image, ImageDraw

from portal.absorption import basis, queries, readers
from portal.indonesian import read_date, rounded
from portal.people import queries as people
from portal.people import workdays
from portal.web import board_papers


@click.group("board")
def board() -> None:
    """Boards from a shell."""


@board.command("absorption")
@click.option("--on", "day", default="", help="Day (2026-03-13); today when not given.")
@click.option("--format", "form", type=click.Choice(["json", "xlsx"]), default="json")
@click.option("--dana", default="", help="One source of money only.")
@click.option("--sub", default="", help="One sub kegiatan only (1.03.10.2.01.0005).")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="Where the file goes; standard output when not given.")  # fmt: skip
def absorption(day: str, form: str, dana: str, sub: str, out: Path | None) -> None:
    """Absorption of every Perangkat Daerah: sums of rupiah, and percentages made of them.

    Each unit's RAK says on what it stands: rinci, opd, or porsi (a part of the RAK per OPD).
    Of a past day the RAK and SP2D are those up to that day; contracts are as they stand now.
    """
    on = read_date(day) if day else people.today()
    if on is None:
        raise click.ClickException("Tanggal belum benar. Contoh: 2026-03-13 atau 13/3/2026.")
    units = [u for u in people.units_on(on) if u.kind in readers.HOUSE]
    chosen = queries.Chosen(dana, sub=sub)
    found = queries.build(units, on, workdays.calendar().is_workday, chosen)
    if form == "json":
        data = json.dumps(_told(found, chosen), ensure_ascii=False, indent=1).encode()
    else:
        data = board_papers.board_xlsx(found)
    if out is not None:
        out.write_bytes(data)
        click.echo(f"{out}: {len(data)} byte")
    else:
        sys.stdout.buffer.write(data)


def _told(found: queries.Board, chosen: queries.Chosen) -> dict[str, Any]:
    return {
        "tanggal": found.today.isoformat(), "sumber_dana": chosen.fund,
        "sub_kegiatan": chosen.sub, "sumber": "register SP2D",
        "rak_menurut": basis.told(found.lines, chosen), "catatan": basis.clashes(found.lines),
        "sp2d_sampai": found.newest.isoformat() if found.newest else None, "diaudit": False,
        "jumlah": _line(found.total), "perangkat_daerah": [_line(x) for x in found.lines],
    }  # fmt: skip


def _line(line: queries.Line) -> dict[str, Any]:
    def two(value: Decimal | None) -> str | None:
        return None if value is None else str(rounded(value, 2))

    at, money = line.at, line.money
    return {
        "kode": line.unit.code if line.unit else "", "nama": line.unit.name if line.unit else "",
        "pagu": two(at.pagu), "rak": two(at.rak), "sp2d": two(at.spent),
        "rak_menurut": line.stands, "rak_berbeda": two(line.clash.gap) if line.clash else None,
        "non_kontrak": two(line.uncontracted), "serapan": two(at.absorbed),
        "capaian_rak": two(at.planned), "deviasi": two(at.deviation), "tertinggal": two(at.lag),
        "warna": line.band, "fisik": two(line.physical), "dibayar": two(line.paid),
        "kontrak": line.cell["n"],
        "uang": {"dibayar": two(money.paid), "ditagih": two(money.billed),
                 "dikerjakan": two(money.earned), "belum": two(money.rest)},
        "tertahan": {g: {"rupiah": two(a), "kontrak": n} for g, a, n in line.held},
        "lewat_batas": line.late, "kenapa": line.why,
    }  # fmt: skip


@board.command("icons", hidden=True)
def icons() -> None:
    """Draw the icons of the installed portal into the static folder (they are committed)."""
    for size in (192, 512):
        picture = Image.new("RGB", (size, size), "#0d3a5c")
        pen = ImageDraw.Draw(picture)
        unit = size / 16
        for n, height in enumerate((3, 5, 7)):  # inside the safe zone of a maskable icon
            x = unit * (4 + n * 3)
            pen.rectangle((x, size - unit * (4 + height), x + unit * 2, size - unit * 4), "white")
        pen.rectangle((unit * 3.5, size - unit * 3.6, unit * 12.5, size - unit * 3.1), "#e09f1f")
        picture.save(Path(str(current_app.static_folder)) / f"icon-{size}.png", optimize=True)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(board)
