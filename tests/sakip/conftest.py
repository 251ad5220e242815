"""A dinas with a small tree: two sasaran, one indicator that reads SPM KS1, one that is typed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal as D

import pytest
import sqlalchemy as sa

from portal.budget.models import BudgetLine
from portal.db import db
from portal.figures import flow as figures
from portal.people.models import Unit
from portal.sakip import flow
from portal.sakip.models import KinerjaIndicator, KinerjaNode
from tests.cast import Cast

YEAR = 2026


@dataclass
class World:
    """The cast and the tree."""

    cast: Cast
    goal: KinerjaNode
    ks1: KinerjaIndicator
    ikm: KinerjaIndicator
    aki: KinerjaIndicator


def given(title: str, **more: object) -> flow.IndicatorGiven:
    base = {"satuan": "%", "direction": "up", "target": D(100)}
    return flow.IndicatorGiven(title=title, **{**base, **more})


@pytest.fixture
def world(cast: Cast) -> World:
    """The tree, laid down through the flows."""
    org, rina = cast.actor("sekretariat_sakip"), cast.actor("operator_dinkes")
    pemda, dinkes = cast.info("PEMDA"), cast.info("DINKES")
    top = flow.add_node(YEAR, pemda, flow.NodeGiven("ultimate", "Masyarakat sejahtera"), org)
    sehat = flow.add_node(
        YEAR, pemda, flow.NodeGiven("sasaran_pemda", "Meningkatnya derajat kesehatan", top.id), org
    )
    flow.add_indicator(YEAR, pemda, sehat, given("Usia Harapan Hidup", satuan="tahun",
                       target=D("72.3")), org)  # fmt: skip
    goal = flow.add_node(
        YEAR, dinkes, flow.NodeGiven("sasaran_opd", "Meningkatnya layanan ibu", sehat.id), rina
    )
    ks1 = flow.add_indicator(YEAR, dinkes, goal, given("Ibu hamil dilayani", pointer="service:KS1",
                             final_target=D(100), final_year=2029), rina)  # fmt: skip
    aki = flow.add_indicator(YEAR, dinkes, goal, given("Angka Kematian Ibu", satuan="orang",
                             direction="down_b", target=D(10), roll="sum"), rina)  # fmt: skip
    second = flow.add_node(
        YEAR, dinkes, flow.NodeGiven("sasaran_opd", "Meningkatnya akuntabilitas", sehat.id), rina
    )
    ikm = flow.add_indicator(YEAR, dinkes, second, given("IKM", satuan="indeks", target=D(84)),
                             rina)  # fmt: skip
    program = flow.add_node(
        YEAR, dinkes, flow.NodeGiven("program", "Program Upaya Kesehatan", goal.id, "1.02.02"), rina
    )
    assert program.code == "1.02.02"
    unit = db.session.scalar(sa.select(Unit.id).where(Unit.code == "DINKES"))
    for code, title, pagu, done in (
        ("1.02.02", "Program Upaya Kesehatan", None, None),
        ("1.02.02.2.01", "Layanan ibu", None, None),
        ("1.02.02.2.01.0001", "Pemeriksaan", D(1000), D(900)),
        ("1.02.01", "Program Penunjang", None, None),
        ("1.02.01.2.01.0001", "Perencanaan", D(500), D(500)),
    ):  # fmt: skip
        db.session.add(BudgetLine(year=YEAR, unit_id=unit, kode=code, uraian=title, pagu=pagu,
                                  realisasi=done, heads={}))  # fmt: skip
    db.session.commit()
    return World(cast, goal, ks1, ikm, aki)


def served(world: World, needed: int, met: int, year: int = YEAR) -> None:
    """The numbers of KS1, typed once where SPM types them."""
    rina = world.cast.actor("operator_dinkes")
    root = world.cast.units["PEMDA"]
    for element, value in (("ibu_hamil_sasaran", needed), ("ibu_hamil_dilayani", met)):
        key = figures.DatumKey(element, root, str(year))
        put = figures.put(key, "value", str(value), 0, rina)
        assert put.status == "ok", put
    db.session.commit()
