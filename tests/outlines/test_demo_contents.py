"""The demo's books: deterministic, adding up, with late units left out and praise nowhere."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.budget import queries
from portal.db import db
from portal.demo import budget, contents, figures, numbers, people, picture, tables_work
from portal.demo.book import Spot
from portal.demo.topics import TOPICS
from portal.outlines.parts import Table
from portal.people.models import Unit
from portal.people.rules import PORTAL
from portal.reports import flow, places
from portal.reports import queries as reports
from portal.reports.models import Entry, EntryCell, Report, Revision

#: What is looked at here is the same on every database, and costs much.
pytestmark = pytest.mark.once

PRAISE = re.compile(
    r"membanggakan|gemilang|luar biasa|sangat baik|memuaskan|prestasi|berhasil dengan baik|terbaik",
    re.IGNORECASE,
)


@pytest.fixture
def demo(app: Flask) -> None:
    people.load(db)
    figures.load(db)
    budget.load(db)
    contents.load(db)
    db.session.commit()


def report(kind: str, year: int, period: str = "") -> Report:
    return db.session.scalars(
        sa.select(Report).where(Report.kind == kind, Report.year == year, Report.period == period)
    ).first()  # type: ignore[return-value]  # the demo has it


def cells(book: Report, part: str) -> list[tuple[str, str, str]]:
    return [
        (row, field, value or "")
        for row, field, value in db.session.execute(
            sa.select(EntryCell.row, EntryCell.field, EntryCell.value)
            .join(Entry, Entry.id == EntryCell.entry_id)
            .where(Entry.report_id == book.id, Entry.part_key == part)
        )
    ]


def total(book: Report, part: str, column: str) -> Decimal:
    return sum((Decimal(v) for _, f, v in cells(book, part) if f == column), Decimal(0))


def test_the_books_of_the_demo(demo: None) -> None:
    now = report("lppd", 2025)
    counts = Counter(
        e.state for e in db.session.scalars(sa.select(Entry).where(Entry.report_id == now.id))
    )
    missing = counts["kosong"] / sum(counts.values())
    assert 0.05 < missing < 0.2  # late Perangkat Daerah, Inspektorat and bagian setda among them
    before = report("lppd", 2024)
    left = db.session.scalars(
        sa.select(Entry.part_key).where(Entry.report_id == before.id, Entry.state == "kosong")
    ).all()
    assert left == []
    for kind in ("lkpj", "spm", "sakip"):
        assert report(kind, 2025) is not None
    assert report("spm", 2025, "TW4") is not None
    _adding_up(now)
    _well_shaped(now)
    _honest_words()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Revision)) > 500
    filled = contents.load(db)  # a second time changes nothing
    assert filled == 0 or filled < 40


def _adding_up(now: Report) -> None:
    people_all = numbers.people(2025)
    for part in ("penduduk", "penduduk_umur", "penduduk_pekerjaan", "penduduk_pendidikan"):
        assert total(now, part, "laki") + total(now, part, "perempuan") == people_all, part
    assert total(now, "kepadatan", "penduduk") == people_all
    assert total(now, "luas_kecamatan", "luas") == numbers.area()
    belanja = numbers.account(2025, "5")
    assert total(now, "belanja_perangkat_daerah", "anggaran") == belanja.anggaran
    assert total(now, "belanja_perangkat_daerah", "realisasi") == belanja.realisasi
    region = db.session.scalars(sa.select(Unit.id).where(Unit.code == "PEMDA")).one()
    assert queries.account_total(2025, region, "5", "setelah") == belanja.anggaran
    assert cells(now, "apbd_belanja") == []  # the accounts themselves, no copy of them
    by_level = sum(total(now, "asn_pendidikan", c) for c in ("sma", "diploma", "s1", "s2"))
    by_sex = total(now, "asn_pendidikan", "laki") + total(now, "asn_pendidikan", "perempuan")
    by_rank = sum(
        total(now, "asn_golongan", c) for c in ("gol_1", "gol_2", "gol_3", "gol_4", "pppk")
    )
    assert by_level == by_sex == by_rank
    last = report("lppd", 2024)
    printed = [c for c in reports.contents(last) if c.part_key == "program_kegiatan"]
    assert sum(len(c.rows) for c in printed) > 500
    money = {key: sum((Decimal(row.cells[key]) for c in printed for row in c.rows
                       if row.cells.get(key)), Decimal(0)) for key in ("pagu", "realisasi")}  # fmt: skip
    whole = numbers.account(2024, "5")
    assert money == {"pagu": whole.anggaran, "realisasi": whole.realisasi}


def _well_shaped(now: Report) -> None:
    """Every cell stands in a column that a person may type into."""
    for (part_key, repeat), placed in places.places_of(now).items():
        if isinstance(placed.part, Table):
            typed = {c.key for c in placed.part.columns if not (c.formula or c.share_of)}
            found = {f for _, f, _ in cells(now, part_key)}
            assert found <= typed, (part_key, repeat, found - typed)


def _honest_words() -> None:
    texts = db.session.scalars(sa.select(EntryCell.value).where(EntryCell.field == "text")).all()
    assert len(texts) > 150
    for text in texts:
        assert text and not PRAISE.search(text), PRAISE.search(text or "")
        assert "{" not in text
        assert "lorem" not in text.lower()
    long = [t for t in texts if t and len(t.split()) > 270]
    assert len(long) > 80


def test_realisasi_is_nowhere_above_pagu() -> None:
    spot = Spot("lppd", 2025, "program_kegiatan", "", "", "DINKES", "Dinas", {}, {}, {})
    rows = tables_work.program_kegiatan(spot)
    assert len(rows) > 25
    for _, row in rows:
        assert Decimal(row["realisasi"]) <= Decimal(row["pagu"])
        assert re.fullmatch(r"\d\.\d{2}\.\d{2}\.2\.\d{2}\.\d{4}", row["kode"])
    assert tables_work.program_kegiatan(spot) == rows


def test_texts_differ_from_urusan_to_urusan() -> None:
    from portal.demo.prose import analysis, overview  # noqa: PLC0415

    found = [overview(t, k, "Dinas", 2025) for k, t in TOPICS.items()]
    found += [analysis(t, k, "Dinas", 2025) for k, t in TOPICS.items()]
    assert len(set(found)) == len(found)
    assert all(a != b for a, b in pairwise(found))
    first = next(iter(TOPICS))
    assert overview(TOPICS[first], first, "Dinas", 2025) == found[0]
    assert overview(TOPICS[first], first, "Dinas", 2024) != found[0]


def test_the_map_is_the_same_every_time() -> None:
    one = picture.map_png()
    assert one[:8] == b"\x89PNG\r\n\x1a\n"
    assert one == picture.map_png()


def test_opening_again_adds_nothing(demo: None) -> None:
    assert flow.open_report("lppd", 2025, actor=PORTAL).created == 0
