"""A list of contracts out of a sheet or out of LKPP's e-kontrak JSON. Reading writes nothing;
a mapping that was corrected can be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.budget.models import ImportMapping
from portal.contracts.columns import EKONTRAK, KONTRAK
from portal.contracts.flow import Refused
from portal.db import db
from portal.imports import flow as imports
from portal.imports import mapping
from portal.imports.grid import Sheet
from portal.imports.mapping import Layout
from portal.imports.targets import Target
from portal.people.rules import Actor

MOST_JSON = 20 * 1024 * 1024


@dataclass(frozen=True)
class Bap:
    """One Berita Acara Pembayaran of an e-kontrak row, as texts."""

    number: str
    on: str
    amount: str
    progress: str  # text percent: "40", "40,00", "40 %"


@dataclass(frozen=True)
class Given:
    """One contract as the file tells it: texts by field of columns.py."""

    line: int
    cells: Mapping[str, str]
    baps: tuple[Bap, ...] = ()


@dataclass(frozen=True)
class Read:
    """A file that was read; ``layout`` is None for JSON, whose names are fixed."""

    target: Target
    sheets: list[Sheet]
    layout: Layout | None
    rows: list[Given]
    remembered: str = ""


def read(data: bytes, name: str) -> Read:
    """Take a file in. uploads.Refused, grid.SheetError and Refused carry sentences."""
    if name.lower().endswith(".json"):
        return Read(EKONTRAK, [], None, list(_ekontrak(data)))
    found = imports.read(KONTRAK, data, name)
    rows = list(_rows(found.sheets, found.layout))
    return Read(KONTRAK, found.sheets, found.layout, rows, found.remembered)


def with_choice(found: Read, sheet: int, header: int, columns: Mapping[str, int]) -> Read:
    """The same file with the table where the user says it lies."""
    layout = mapping.laid(KONTRAK, found.sheets, sheet, header, columns)
    return replace(found, layout=layout, rows=list(_rows(found.sheets, layout)))


def named(found: Read, name: str) -> Read:
    """The file under a mapping that was kept by name; Refused when there is none."""
    if found.layout is None or name in ("", "otomatis", "ekontrak"):
        return found
    known = db.session.scalar(
        sa.select(ImportMapping).where(
            ImportMapping.target == KONTRAK.key, ImportMapping.label == name
        ).order_by(ImportMapping.id.desc())
    )  # fmt: skip
    if known is None:
        names = db.session.scalars(
            sa.select(ImportMapping.label).where(ImportMapping.target == KONTRAK.key)
        )
        there = ", ".join(sorted({n for n in names if n} | {"otomatis", "ekontrak"}))
        raise Refused(f"Susunan kolom “{name}” belum ada. Yang ada: {there}.")
    columns = {k: int(v) for k, v in known.columns.items()}
    return with_choice(found, found.layout.sheet, found.layout.header, columns)


def lacking(found: Read) -> list[str]:
    """Fields without which nothing can be read, by label."""
    if found.layout is None:
        return []
    return [
        f.label for f in found.target.fields if f.required and f.key not in found.layout.columns
    ]


def _rows(sheets: Sequence[Sheet], layout: Layout) -> Iterator[Given]:
    rows = sheets[layout.sheet].rows if sheets else []
    for at in range(layout.header + 1, len(rows)):
        cells = {
            key: _text(rows[at][column]) for key, column in layout.columns.items()
            if column < len(rows[at])
        }  # fmt: skip
        cells = {k: v for k, v in cells.items() if v}
        if cells.get("nomor") or len(cells) > 2:
            yield Given(at + 1, cells)


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        number = Decimal(repr(value))
        return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else
                      number, "f")  # fmt: skip
    return " ".join(str(value).split())[:600]


def _ekontrak(data: bytes) -> Iterator[Given]:
    """LKPP's rows, one per BAP, gathered to one per contract."""
    if len(data) > MOST_JSON:
        raise Refused("Berkas JSON lebih dari 20 MB. Bagi menurut tahun anggaran.")
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused("Berkas JSON tidak dapat dibaca. Unduh ulang dari layanan data.") from error
    if isinstance(raw, dict):
        raw = next((v for v in raw.values() if isinstance(v, list)), [raw])
    if not isinstance(raw, list):
        raise Refused('Isi JSON bukan daftar kontrak. Contoh: [{"no_kontrak": "602/15"}]')
    rows = [r for r in raw if isinstance(r, dict)]
    found: dict[str, tuple[int, dict[str, str], list[Mapping[str, Any]]]] = {}
    for line, row in enumerate(rows, start=1):
        given = {k: _text(v) for k, v in row.items() if _text(v)}
        number = given.get("no_kontrak") or given.get("no_spk") or ""
        code = given.get("kd_tender") or given.get("kd_nontender") or ""
        if not number:
            number = next((n for n, (_, g, _r) in found.items() if code and code in (
                g.get("kd_tender"), g.get("kd_nontender"))), "")  # fmt: skip
        if not number and not given.get("no_sppbj"):
            continue
        _, kept, baps = found.setdefault(number or f"paket {code}", (line, {}, []))
        kept |= {
            k: v for k, v in given.items() if k not in kept or k.startswith(("no_bast", "tgl_"))
        }
        baps.append(row)
    for number, (line, given, baps) in found.items():
        if number.startswith("paket "):
            continue  # an SPPBJ alone is no contract yet
        yield Given(line, _from_lkpp(number, given), _baps(baps))


def _baps(rows: Sequence[Mapping[str, Any]]) -> tuple[Bap, ...]:
    """The payments of a contract, each once."""
    names = ("no_bap", "tgl_bap", "besar_pembayaran_bap", "progres_fisik_bap")
    found = [Bap(*(_text(row.get(n)) for n in names)) for row in rows]
    return tuple({b.number: b for b in found if b.number}.values())


def _from_lkpp(number: str, row: Mapping[str, str]) -> dict[str, str]:
    """LKPP's field names as ours."""

    def first(*names: str) -> str:
        return next((row[n] for n in names if row.get(n)), "")

    tender = bool(row.get("kd_tender"))
    out = {
        "nomor": number, "judul": first("nama_paket", "nama_pekerjaan"),
        "nilai": first("nilai_kontrak", "nilai_kontrak_sppbj"),
        "penyedia": first("nama_penyedia"),
        "npwp": first("npwp_penyedia"), "tanggal": first("tgl_kontrak", "tgl_spk"),
        "mulai": first("tgl_mulai_kerja_spmk", "tgl_spmk"),
        "selesai": first("tgl_selesai_kerja_spmk"),
        "hari": first("waktu_penyelesaian_spmk"), "spse": first("kd_tender", "kd_nontender"),
        "bayar": first("cara_pembayaran_kontrak"), "spmk_no": first("no_spmk"),
        "spmk_tgl": first("tgl_spmk"), "bast_no": first("no_bast"), "bast_tgl": first("tgl_bast"),
        "sppbj_no": first("no_sppbj"), "sppbj_tgl": first("tgl_sppbj"),
        "metode": first("metode_pemilihan") or ("tender" if tender else "pengadaan_langsung"),
        "jenis": first("jenis_pengadaan"), "opd": first("nama_satker", "nama_opd"),
        "dana": first("sumber_dana"),
    }  # fmt: skip
    return {k: v for k, v in out.items() if v}


def remember(found: Read, label: str, actor: Actor) -> None:
    """Keep the mapping for the next file with the same heading."""
    if found.layout is not None:
        imports.remember(imports.Read(found.target, found.sheets, found.layout), label, actor)
