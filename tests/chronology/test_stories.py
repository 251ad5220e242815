"""Contracts in the yearly reports: ready sentences and figures, put in when confirmed, once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from portal.budget.models import BudgetLine
from portal.chronology import stories
from portal.contracts.models import Addendum, Billing, Contract, Step
from portal.db import db
from portal.desks.models import Hindrance
from portal.people.queries import today
from portal.people.rules import PORTAL
from portal.reports import flow, queries
from portal.reports.rules import plain
from portal.works.models import Progress
from tests.budget.test_pages import entry_of
from tests.cast import Cast, post, sign_in

CODE = "1.02.02.2.02.0001"
AT = datetime(2025, 10, 1, tzinfo=UTC)


@pytest.fixture
def contract(cast: Cast) -> Contract:
    unit = cast.units["DINKES"]
    for code in ("1.02", "1.02.02", "1.02.02.2.02", CODE):
        db.session.add(BudgetLine(year=2025, unit_id=unit, kode=code, uraian=f"Baris {code}",
                                  satuan="persen" if code == CODE else ""))  # fmt: skip
    made = Contract(
        unit_id=unit, number="602/9/DINKES", title="Rehabilitasi puskesmas", type="konstruksi",
        method="tender", value=Decimal(200), fund="DAU", vendor="CV Rahasia", year=2025,
        sub_code=CODE, signed_on=date(2025, 3, 1), starts_on=date(2025, 3, 2),
        ends_on=date(2025, 12, 20), goes_live=date(2025, 3, 1), created_at=AT,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    step = Step(contract_id=made.id, key="sp2d", instance="t1", position=1, title="SP2D",
                holder="bud", state="done", done_on=date(2025, 11, 1))  # fmt: skip
    db.session.add(step)
    db.session.flush()
    db.session.add_all([
        Billing(contract_id=made.id, instance="t1", kind="termin", title="Termin 1", position=1,
                amount=Decimal(150)),
        Progress(contract_id=made.id, week=30, plan=1, on=date(2025, 11, 1), planned=Decimal(90),
                 actual=Decimal(80), by_label="PPK", at=AT),
        Progress(contract_id=made.id, week=50, plan=1, on=date(2026, 1, 20), planned=Decimal(100),
                 actual=Decimal(99), by_label="PPK", at=AT),
        Hindrance(contract_id=made.id, step_id=step.id, text="Material datang terlambat",
                  in_time=True, by_label="PPK", at=AT, answer="Pemasok kedua ditunjuk"),
        Addendum(contract_id=made.id, n=1, number="602/9.1", signed_on=date(2025, 10, 2),
                 ends_before=date(2025, 11, 30), ends_on=date(2025, 12, 20), plan_version=2,
                 at=AT),
    ])  # fmt: skip
    db.session.commit()
    return made


def test_sentences_of_the_year_without_company(cast: Cast, contract: Contract) -> None:
    (story,) = stories.of(cast.units["DINKES"], 2025, today())
    assert (story.code, story.physical, story.paid) == (CODE, Decimal("80.00"), Decimal(150))
    assert story.problem == (
        "Rehabilitasi puskesmas (kontrak 602/9/DINKES): realisasi fisik 80,00% dari rencana "
        "90,00% per 31 Desember 2025. Kendala: Material datang terlambat."
    )
    assert story.effort == (
        "Rehabilitasi puskesmas: jadwal disesuaikan dengan adendum 602/9.1 sehingga berakhir "
        "20 Desember 2025; Pemasok kedua ditunjuk."
    )
    assert stories.of(cast.units["DINKES"], 2024, today()) == []


def test_lkpj_takes_words_and_figures_once(
    cast: Cast, contract: Contract, client: FlaskClient
) -> None:
    report = flow.open_report("lkpj", 2025, actor=PORTAL).report
    db.session.commit()
    entry = entry_of(report, "lkpj_capaian", cast.units["DINKES"])
    sign_in(client, cast.operator_dinkes)
    assert "Ambil dari kontrak" in client.get(f"/isian/{entry.id}").text
    page = client.get(f"/isian/{entry.id}/kontrak").text
    assert "CV Rahasia" not in page and "dibayar Rp150" in page
    keys = re.findall(r'name="ambil" value="(\w+)"', page)
    assert len(keys) == 3  # words, realisasi, capaian (a line that is told in percent)
    for _ in range(2):
        assert post(client, f"/isian/{entry.id}/kontrak", {"ambil": keys}).status_code == 302
    db.session.expire_all()
    line = db.session.query(BudgetLine).filter_by(kode=CODE).one()
    assert line.masalah.count("Material datang terlambat") == 1
    assert "adendum 602/9.1" in line.upaya
    assert (line.realisasi, line.capaian) == (Decimal(150), Decimal(80))
    sign_in(client, cast.operator_distan)
    assert client.get(f"/isian/{entry.id}/kontrak").status_code == 404


@pytest.mark.parametrize(("kind", "part"), [
    ("sakip", "lkjip_permasalahan"), ("spm", "spm_masalah_solusi"),
])  # fmt: skip
def test_lkjip_and_spm_take_words(
    cast: Cast, contract: Contract, client: FlaskClient, kind: str, part: str
) -> None:
    if kind == "sakip":
        report = flow.open_report(kind, 2025, actor=PORTAL, owner_unit=cast.units["DINKES"])
    else:
        report = flow.open_report(kind, 2025, actor=PORTAL)
    db.session.commit()
    entry = entry_of(report.report, part, cast.units["DINKES"])
    sign_in(client, cast.operator_dinkes)
    page = client.get(f"/isian/{entry.id}/kontrak").text
    keys = re.findall(r'name="ambil" value="(\w+)"', page)
    for _ in range(2):
        assert post(client, f"/isian/{entry.id}/kontrak", {"ambil": keys}).status_code == 302
    db.session.expire_all()
    words = " ".join(plain(c.value or "") for c in queries.cells_of(entry.id).values())
    assert words.count("Material datang terlambat") == 1
    assert "adendum 602/9.1" in words
