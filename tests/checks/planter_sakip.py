"""Contradictions of SAKIP: PK, Rencana Aksi, typed years, methods, money, LKE."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa

from portal.checks.sheet import LineIn
from portal.db import db
from portal.lke.models import Evaluation, LkeGrade
from portal.sakip.models import Agreement, KinerjaIndicator, KinerjaQuarter, KinerjaYear

if TYPE_CHECKING:
    from tests.checks.planter import Planter


def plant(p: Planter) -> None:
    """One change in each place; no indicator, program or evaluation is touched twice."""
    lines = _lines(p, "rencana")
    promised = {line.uid for line in _lines(p, "pk")}
    p.rng.shuffle(lines)
    listed = [line for line in lines if line.uid in promised]
    pointed = {line.uid for line in _lines(p, "figur")}
    of_region = {int(ln.address[10:]) for ln in p.sheet.tables["sakip", "kinerja_daerah"][0].lines}
    _methods(p, of_region)
    inner = [ln for ln in listed if int(ln.uid) not in of_region and ln.uid not in pointed
             and "Nilai AKIP" not in ln.texts["indikator"]]  # fmt: skip
    for line in inner[:4]:
        _target(p, line)
    for line in inner[4:6]:
        _satuan(p, line)
    for line in inner[6:10]:
        _quarter(p, line, "target", "renaksi_target")
    for line in inner[10:13]:
        _typed(p, line)
    for line in [ln for ln in listed if ln.uid in pointed and int(ln.uid) not in of_region][:3]:
        _quarter(p, line, "realised", "realisasi_ganda")
    _money(p)
    _graded(p)


def _lines(p: Planter, part: str) -> list[LineIn]:
    return [ln for t in p.sheet.tables["sakip", part] for ln in t.lines]


def _target(p: Planter, line: LineIn) -> None:
    """The plan says another target than the agreed Perjanjian Kinerja."""
    row = _year(p, line)
    row.target = line.numbers["target"] + 3
    p.mark("target rencana", "pk_rencana", line.address)


def _year(p: Planter, line: LineIn) -> KinerjaYear:
    return db.session.scalars(
        sa.select(KinerjaYear).where(KinerjaYear.indicator_id == int(line.uid),
                                     KinerjaYear.year == p.sheet.year)
    ).one()  # fmt: skip


def _satuan(p: Planter, line: LineIn) -> None:
    """The satuan of the indicator changed after the Perjanjian Kinerja was agreed."""
    one = db.session.get(KinerjaIndicator, int(line.uid))
    assert one is not None
    one.satuan = "ribu" if one.satuan != "ribu" else "%"
    p.mark("satuan PK", "satuan", line.address)


def _quarter(p: Planter, line: LineIn, name: str, rules: str) -> None:
    """Triwulan IV does not lead to the year."""
    row = db.session.scalars(
        sa.select(KinerjaQuarter).where(KinerjaQuarter.indicator_id == int(line.uid),
                                        KinerjaQuarter.year == p.sheet.year,
                                        KinerjaQuarter.quarter == "TW4")
    ).one()  # fmt: skip
    setattr(row, name, (getattr(row, name) or Decimal(50)) + 2)
    p.mark(f"triwulan {name}", rules, line.address)


def _typed(p: Planter, line: LineIn) -> None:
    """Somebody typed a year beside the Rencana Aksi."""
    real = next(ln for ln in _lines(p, "lkj") if ln.uid == line.uid).numbers["realisasi"]
    _year(p, line).realised = real + 1
    p.mark("tahun diketik", "realisasi_ganda", line.address)


def _methods(p: Planter, of_region: set[int]) -> None:
    """The LKjIP counts the capaian in another way than the table of the LPPD."""
    for kind, line in (("capaian_naik", 0), ("capaian_turun", 0)):
        title = p.sheet.tables["lppd", kind][0].lines[line].texts["indikator"]
        one = next(i for i in db.session.scalars(
            sa.select(KinerjaIndicator).where(KinerjaIndicator.id.in_(of_region))
        ) if i.title == title)  # fmt: skip
        one.direction = "down_b" if one.direction == "up" else "up"
        p.mark("metode capaian", "capaian_dihitung", f"indikator:{one.id}")


def _money(p: Planter) -> None:
    """An agreed Perjanjian Kinerja with another amount than the DPA."""
    rows = db.session.scalars(
        sa.select(Agreement).where(Agreement.year == p.sheet.year, Agreement.state == "disepakati")
    ).all()
    for row in rows:
        programs = [dict(x) for x in row.content["programs"]]
        programs[0]["amount"] = str(Decimal(programs[0]["amount"]) + 1000)
        row.content = {**row.content, "programs": programs}
        p.mark("anggaran PK", "pk_anggaran", f"pk:{row.id}")


def _graded(p: Planter) -> None:
    """A LKE that was graded otherwise after the LKjIP took its value."""
    for line in _lines(p, "lke"):
        found = db.session.get(Evaluation, int(line.address[4:]))
        assert found is not None
        row = db.session.scalars(
            sa.select(LkeGrade).where(LkeGrade.evaluation_id == found.id).order_by(LkeGrade.sub)
        ).first()
        assert row is not None
        row.grade = "AA" if row.grade != "AA" else "E"
        p.mark("nilai LKE", "lke_nilai", line.address)
