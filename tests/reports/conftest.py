"""A small outline of every kind of part, opened as a report of the cast's region."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.config import ROOT, Config
from portal.db import db
from portal.reports import flow
from portal.reports.models import Entry, Report
from tests.cast import Cast

OUTLINE = """
format: 1
kind: lppd
code: uji
title: Laporan Uji
short: LPPD
regulation: Peraturan Uji
applies_from: 2020
owner: pemda
secretariat: sekretariat_lppd
cover: {lines: [LAPORAN UJI]}
preface:
  key: pengantar
  kind: narrative
  title: Kata Pengantar
  help: Isi menurut data perangkat daerah.
  example: Contoh isian.
  supplier: {duty: sekretariat_laporan}
lists:
  urusan:
    - {key: kesehatan, title: Kesehatan, duty: urusan_kesehatan, group: kesehatan}
    - {key: pertanian, title: Pertanian, duty: urusan_pertanian, group: pertanian}
chapters:
  - key: bab_1
    label: I
    title: PENDAHULUAN
    sections:
      - key: dasar
        title: Gambaran Umum
        parts:
          - key: profil
            kind: narrative
            title: Profil Daerah
            words: 5
            help: Isi menurut data perangkat daerah.
            example: Contoh isian.
            supplier: {duty: tapem, support: [adminduk]}
          - key: pegawai
            kind: table
            title: Jumlah Pegawai
            help: Isi menurut data perangkat daerah.
            example: Contoh isian.
            supplier: {kinds: [dinas]}
            total: Jumlah
            rows: {kind: free, least: 1, most: 5}
            columns:
              - {key: jabatan, label: Jabatan, type: text, required: true}
              - {key: laki, label: Laki-laki, type: whole, total: sum, required: true}
              - {key: perempuan, label: Perempuan, type: whole, total: sum}
              - {key: jumlah, label: Jumlah, type: whole, formula: laki + perempuan, total: sum}
          - key: wilayah
            kind: table
            title: Luas Wilayah
            help: Isi menurut data perangkat daerah.
            example: Contoh isian.
            supplier: {duty: tapem}
            total: Jumlah
            rows: {kind: over, over: kecamatan, into: nama}
            columns:
              - {key: nama, label: Kecamatan}
              - {key: luas, label: Luas, type: decimal, unit: km2, total: sum}
              - {key: tanggal, label: Tanggal, type: date}
              - {key: jenis, label: Jenis, type: choice, choices: [Darat, Laut]}
              - {key: biaya, label: Biaya, type: rupiah}
          - key: peta
            kind: picture
            title: Peta Daerah
            help: Isi menurut data perangkat daerah.
            example: Contoh isian.
            supplier: {duty: tapem}
          - key: butir
            kind: list
            title: Daftar Isu
            help: Isi menurut data perangkat daerah.
            example: Contoh isian.
            supplier: {duty: inspektorat}
  - key: bab_2
    label: II
    title: URUSAN
    sections:
      - key: urusan
        title: "Urusan {item}"
        repeat: {over: urusan}
        parts:
          - key: uraian
            kind: narrative
            title: "Uraian Urusan {item}"
            help: Isi menurut data perangkat daerah.
            example: Contoh isian.
            supplier: {duty: item}
"""


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    """Like the general one, with the outline of these tests."""
    templates = tmp_path / "templates"
    (templates / "lppd").mkdir(parents=True)
    (templates / "lppd" / "uji.yaml").write_text(OUTLINE, encoding="utf-8")
    shutil.copy(ROOT / "reports_templates" / "workflows.yaml", templates)
    return replace(config, templates=templates)


@pytest.fixture
def report(cast: Cast) -> Report:
    """LPPD 2025 of the region, open."""
    found = flow.open_report("lppd", 2025, actor=cast.actor("sekretariat")).report
    db.session.commit()
    return found


Pick = Callable[..., Entry]


@pytest.fixture
def pick(report: Report, cast: Cast) -> Pick:
    """An isian by part, unit and repeated item."""

    def find(part: str, unit: str = "", item: str = "") -> Entry:
        query = sa.select(Entry).where(
            Entry.report_id == report.id, Entry.part_key == part, Entry.repeat_key == item
        )
        if unit:
            query = query.where(Entry.supplier_unit_id == cast.units[unit])
        return db.session.scalars(query).one()

    return find


_numbers = count(1)


def save(
    entry: Entry, cast: Cast, who: str, target: str, value: str, base: int = 0, op_id: str = ""
) -> flow.Answer:
    """One operation of one of the cast, committed as the view does."""
    op = flow.Op(op_id or f"op-{next(_numbers)}", target, base, value)
    answer = flow.apply_op(entry, op, cast.actor(who))
    db.session.commit()
    return answer
