"""Soft remarks on a typed indicator: in the answer and on the page, never in the way of a save."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from portal.db import db
from portal.figures import catalogue
from portal.figures import flow as figures
from portal.figures.rules import DatumView
from portal.people.queries import actor_of
from portal.reports.models import Entry
from tests.entry.conftest import World
from tests.entry.test_saving import save


@pytest.fixture
def last_year(world_of: World) -> tuple[int, str, str]:
    """(isian, numerator, denominator) with 2024 typed: 8.720 of 10.000."""
    entry = db.session.get(Entry, world_of.entries["ikk"])
    actor = actor_of(world_of.cast.operator_dinkes.person_id)
    assert entry is not None and actor is not None
    one = next(i for i in catalogue.current().of("hasil", "kesehatan") if i.inside)
    part, whole = one.part[0], one.whole[0]
    unit = entry.report.owner_unit_id
    figures.put_many(
        [DatumView(k, Decimal(v), period="2024", unit_id=unit)
         for k, v in ((part, 8720), (whole, 10000))], actor,
    )  # fmt: skip
    db.session.commit()
    return entry.id, part, whole


def test_copy_jump_and_more_part_than_whole(
    operator: FlaskClient, last_year: tuple[int, str, str]
) -> None:
    entry, part, whole = last_year
    copy = save(operator, entry, (f"d:{part}:value", 0, "8.720"))
    answer = copy.json["answers"][0]
    assert answer["status"] == "ok" and len(copy.data) <= 2048
    assert [r for r, _ in answer["hints"][f"d:{part}:value"]] == ["copy"]
    jump = save(operator, entry, (f"d:{part}:value", 1, "20.000")).json["answers"][0]
    assert jump["status"] == "ok"
    said = dict(jump["hints"][f"d:{part}:value"])
    assert "naik" in said["jump"] and "2024" in said["jump"] and "copy" not in said
    above = save(operator, entry, (f"d:{whole}:value", 0, "10.001")).json["answers"][0]
    assert above["status"] == "ok"
    assert "part_above_whole" in dict(above["hints"][f"d:{part}:value"])
    page = operator.get(f"/isian/{entry}").text
    assert "lebih besar daripada" in page
    good = save(operator, entry, (f"d:{part}:value", 2, "8.900")).json["answers"][0]
    assert good["hints"][f"d:{part}:value"] == []


def test_a_reason_keeps_its_box_open_on_the_page(
    operator: FlaskClient, last_year: tuple[int, str, str]
) -> None:
    entry, part, _ = last_year
    save(operator, entry, (f"d:{part}:value", 0, "8.720"))
    save(operator, entry, (f"d:{part}:same", 1, "pendataan dua tahunan"))
    page = operator.get(f"/isian/{entry}").text
    assert 'value="pendataan dua tahunan"' in page
    assert "<p><label>Sama persis dengan 2024" in page
