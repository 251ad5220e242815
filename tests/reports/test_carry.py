"""Next year under another format, with last year's words brought over and marked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.config import ROOT, Config
from portal.db import db
from portal.reports import carry, examining, exchange, flow, history
from portal.reports.models import Entry, EntryCell, EntryRow, Report
from portal.reports.states import EntryState
from portal.trail.models import TrailEntry
from tests.cast import Cast
from tests.reports.conftest import OUTLINE, save

NEWER = (
    OUTLINE.replace("code: uji", "code: uji-baru")
    .replace("applies_from: 2020", "applies_from: 2026\nfollows: uji\nsuccessions:\n"
             "  - {key: gambaran, was: profil}\n"
             "  - {key: butir, meaning: changed, note: dahulu isu daerah dan sekarang isu pusat}\n"
             "  - {key: tani, what: item, list: urusan, was: pertanian}")
    .replace("{key: pertanian, title: Pertanian,", "{key: tani, title: Pertanian dan Pangan,")
    .replace("key: profil", "key: gambaran").replace("title: Profil Daerah", "title: Gambaran")
)  # fmt: skip
TEXT = "<p>Kabupaten Contoh terletak di pesisir dan terdiri atas 12 kecamatan.</p>"


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    """Two formats: one until 2025, one from 2026."""
    (tmp_path / "templates" / "lppd" / "uji-baru.yaml").write_text(NEWER, encoding="utf-8")
    shutil.copy(ROOT / "reports_templates" / "workflows.yaml", tmp_path / "templates")
    return config


def put(entry: Entry, fields: dict[str, str], rows: dict[str, dict[str, str]]) -> None:
    from portal import clock  # noqa: PLC0415

    now = clock.now()
    for name, value in fields.items():
        db.session.add(EntryCell(entry_id=entry.id, field=name, value=value, at=now))
    for n, (uid, cells) in enumerate(rows.items()):
        db.session.add(EntryRow(entry_id=entry.id, uid=uid, position=n))
        for name, value in cells.items():
            db.session.add(EntryCell(entry_id=entry.id, row=uid, field=name, value=value, at=now))
    entry.state = EntryState.DITERIMA


@pytest.fixture
def book(report: Report, cast: Cast) -> Report:
    """LPPD 2026, opened under the newer format beside a filled LPPD 2025."""
    for entry in db.session.scalars(sa.select(Entry).where(Entry.report_id == report.id)):
        if entry.part_key == "profil":
            put(entry, {"text": TEXT}, {})
        elif entry.part_key == "pegawai" and entry.supplier_unit_id == cast.units["DINKES"]:
            put(entry, {}, {"r1": {"jabatan": "Bidan", "laki": "0", "perempuan": "14"}})
        elif entry.part_key == "wilayah":
            put(entry, {}, {"kec_01": {"luas": "12.5", "jenis": "Darat"}})
        elif entry.part_key == "butir":
            put(entry, {}, {"b1": {"text": "Kemiskinan"}})
        elif entry.part_key == "uraian" and entry.repeat_key == "pertanian":
            put(entry, {"text": TEXT}, {})
    db.session.commit()
    opened = flow.open_report("lppd", 2026, actor=cast.actor("sekretariat")).report
    db.session.commit()
    return opened


def one(report: Report, part: str, unit: int | None = None) -> Entry:
    query = sa.select(Entry).where(Entry.report_id == report.id, Entry.part_key == part)
    if unit is not None:
        query = query.where(Entry.supplier_unit_id == unit)
    return db.session.scalars(query).first()


def test_words_come_marked_and_numbers_and_changed_meanings_stay(book: Report, cast: Cast) -> None:
    assert book.edition == "uji-baru"
    done = flow.carry_over(book, cast.actor("sekretariat"))
    db.session.commit()
    assert done.entries == 4
    farms = db.session.scalars(sa.select(Entry).where(
        Entry.report_id == book.id, Entry.part_key == "uraian", Entry.repeat_key == "tani"
    )).one()  # fmt: skip
    assert carry.open_marks(farms.id) == {"f:text": 2025}  # the urusan has a new key
    assert history.last_year(farms) is not None
    text = one(book, "gambaran")
    assert text.state == EntryState.KOSONG  # nobody of the unit has done anything yet
    assert carry.open_marks(text.id) == {"f:text": 2025}
    staff = one(book, "pegawai", cast.units["DINKES"])
    assert carry.open_marks(staff.id) == {"c:r1:jabatan": 2025}
    assert carry.open_marks(one(book, "wilayah").id) == {"c:kec_01:jenis": 2025}
    assert carry.open_marks(one(book, "butir").id) == {}
    left = carry.plan(book).left
    assert any("dahulu isu daerah dan sekarang isu pusat" in why for why in left)
    assert carry.waiting(book)[cast.units["DINKES"]] == 1
    assert history.last_year(one(book, "butir")) is None  # nor does it stand beside the field
    before = history.last_year(text)
    assert before is not None and before.value("text") == TEXT
    assert flow.carry_over(book, cast.actor("sekretariat")).entries == 0
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).where(TrailEntry.verb == "membawa isi tahun lalu")
        )
        == 1
    )


def test_numbers_come_only_when_asked_for(book: Report, cast: Cast) -> None:
    flow.carry_over(book, cast.actor("sekretariat"), numbers=True)
    marks = carry.open_marks(one(book, "pegawai", cast.units["DINKES"]).id)
    assert set(marks) == {"c:r1:jabatan", "c:r1:laki", "c:r1:perempuan"}


def test_sending_waits_until_somebody_has_looked(book: Report, cast: Cast) -> None:
    flow.carry_over(book, cast.actor("sekretariat"))
    db.session.commit()
    entry = one(book, "gambaran")
    found = [f for f in examining.findings(entry) if f.code == "bawaan"]
    assert [f.severity for f in found] == ["perbaiki"]
    assert "isi tahun 2025 yang dibawa dan belum diperiksa" in found[0].sentence
    with pytest.raises(flow.Refused, match=r"belum|milik"):
        flow.confirm(entry, cast.actor("operator_distan"))
    assert flow.confirm(entry, cast.actor("operator_tapem")) == 1
    db.session.commit()
    assert entry.state == EntryState.DRAF
    assert not [f for f in examining.findings(entry) if f.code == "bawaan"]
    assert flow.confirm(entry, cast.actor("operator_tapem")) == 0  # a double click


def test_a_change_is_a_look(book: Report, cast: Cast) -> None:
    flow.carry_over(book, cast.actor("sekretariat"))
    db.session.commit()
    entry = one(book, "pegawai", cast.units["DINKES"])
    same = save(entry, cast, "operator_dinkes", "c:r1:jabatan", "Bidan", base=1)
    assert same.status == "same" and carry.open_marks(entry.id)
    done = save(entry, cast, "operator_dinkes", "c:r1:jabatan", "Bidan terampil", base=1)
    assert done.status == "ok" and carry.open_marks(entry.id) == {}


def test_the_marks_travel_with_the_book(book: Report, cast: Cast) -> None:
    flow.carry_over(book, cast.actor("sekretariat"))
    db.session.commit()
    data = exchange.export(book)
    exchange.load(data, "lppd", 2026, actor=cast.actor("sekretariat"), replace=True)
    db.session.commit()
    assert carry.open_marks(one(book, "gambaran").id) == {"f:text": 2025}
    assert exchange.export(book) == data


def test_without_a_book_of_last_year_it_says_what_to_do(report: Report, cast: Cast) -> None:
    with pytest.raises(flow.Refused, match=r"LPPD 2024 tidak ada.*report import"):
        flow.carry_over(report, cast.actor("sekretariat"))


def test_the_format_of_a_year_may_be_chosen_but_not_changed(book: Report, cast: Cast) -> None:
    who = cast.actor("sekretariat")
    assert flow.open_report("lppd", 2027, actor=who, edition_code="uji").report.edition == "uji"
    with pytest.raises(flow.Refused, match="berlaku mulai data tahun 2026"):
        flow.open_report("lppd", 2024, actor=who, edition_code="uji-baru")
    with pytest.raises(flow.Refused, match="sudah dibuka dengan format uji-baru"):
        flow.open_report("lppd", 2026, actor=who, edition_code="uji")
    with pytest.raises(flow.Refused, match="tidak ada di reports_templates"):
        flow.open_report("lppd", 2026, actor=who, edition_code="lain")
