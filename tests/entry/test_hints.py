"""Soft remarks on a typed indicator: in the answer and on the page, never in the way of a save."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from portal.db import db
from portal.figures import catalogue, queries
from portal.figures import flow as figures
from portal.figures.rules import DatumView
from portal.people.queries import actor_of
from portal.reports.models import Entry
from tests.cast import post, sign_in
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


def test_restoring_a_version_brings_its_figures_back(
    client: FlaskClient, last_year: tuple[int, str, str], world_of: World
) -> None:
    """Two people, two versions: number and source come back, as a new statement."""
    entry, part, whole = last_year
    sign_in(client, world_of.cast.operator_dinkes)
    save(client, entry, (f"d:{part}:value", 0, "8.900"), (f"d:{part}:source", 1, "Profil"))
    sign_in(client, world_of.cast.operator_dinkes_2)
    save(client, entry, (f"d:{part}:value", 2, "1.111"), (f"d:{part}:source", 3, "Lain"),
         (f"d:{whole}:value", 0, "9.999"))  # fmt: skip
    assert figure(entry, part) == ("1111", "Lain")
    answer = post(client, f"/isian/{entry}/pulihkan", {"n": "1"})
    assert answer.status_code == 302
    assert figure(entry, part) == ("8900", "Profil") and figure(entry, whole) == ("", "")
    html = client.get(f"/isian/{entry}/riwayat").text
    assert "memulihkan versi 1" in html and f"/data/unsur/{part}" in html
    # And forward again: the restoring is itself a version.
    post(client, f"/isian/{entry}/pulihkan", {"n": "2"})
    assert figure(entry, part) == ("1111", "Lain") and figure(entry, whole)[0] == "9999"


def test_a_figure_that_was_changed_elsewhere_stays_and_is_named(
    client: FlaskClient, last_year: tuple[int, str, str], world_of: World
) -> None:
    entry, part, _ = last_year
    sign_in(client, world_of.cast.operator_dinkes)
    save(client, entry, (f"d:{part}:value", 0, "8.900"))
    sign_in(client, world_of.cast.operator_dinkes_2)
    save(client, entry, (f"d:{part}:value", 1, "1.111"))
    stored = db.session.get(Entry, entry)
    actor = actor_of(world_of.cast.operator_dinkes.person_id)
    assert stored is not None and actor is not None
    key = figures.DatumKey(part, stored.report.owner_unit_id, "2025")
    assert figures.put(key, "value", "2.222", 2, actor).status == "ok"  # on the page of the datum
    db.session.commit()
    post(client, f"/isian/{entry}/pulihkan", {"n": "1"})
    assert figure(entry, part)[0] == "2222"
    said = client.get(f"/isian/{entry}").text
    assert "tidak ikut dipulihkan" in said


def figure(entry: int, key: str) -> tuple[str, str]:
    """(value, source) of a figure in 2025."""
    stored = db.session.get(Entry, entry)
    assert stored is not None
    view = queries.values([key], "2025", stored.report.owner_unit_id).get(key)
    if view is None:
        return "", ""
    return ("" if view.value is None else format(view.value.normalize(), "f")), view.source
