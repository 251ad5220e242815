"""The demo region's people."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.demo import people as demo_people
from portal.demo import region
from portal.demo.load import DemoError, load_all
from portal.people import queries
from portal.people.models import Person, Position, Setting, Term, Unit

ON = date(2026, 2, 2)


@pytest.fixture
def demo(app: Flask) -> None:
    demo_people.load(db)
    db.session.commit()


def test_every_unit_has_a_head_today(demo: None) -> None:
    for unit in queries.units_on(ON)[1:]:
        head = queries.holder(unit.id, "kepala", ON)
        assert head is not None, unit.code
        assert head.pangkat


def test_nobody_is_made_twice(demo: None) -> None:
    people = db.session.scalars(sa.select(Person)).all()
    assert len(people) > 120
    assert max(Counter(p.name for p in people).values()) == 1
    assert max(Counter(p.nip for p in people if p.nip).values()) == 1


def test_the_same_seed_makes_the_same_people() -> None:
    one, two = demo_people.Register("x"), demo_people.Register("x")
    for golongan in ("IV/c", "III/a", "II/d"):
        assert one.person(golongan).login == two.person(golongan).login


def test_a_dinas_without_head_is_led_by_a_plt(demo: None) -> None:
    unit = queries.unit_by_code("DPERKIM")
    assert unit is not None
    head = queries.holder(unit.id, "kepala", ON)
    assert head is not None
    assert head.full_title == "Plt. Kepala Dinas Perumahan dan Kawasan Permukiman"


def test_a_pj_signed_until_the_sekda_was_appointed(demo: None) -> None:
    setda = queries.unit_by_code("SETDA")
    assert setda is not None
    before = queries.holder(setda.id, "kepala", date(2025, 1, 31))
    after = queries.holder(setda.id, "kepala", ON)
    assert before and after
    assert (before.full_title, after.full_title) == ("Pj. Sekretaris Daerah", "Sekretaris Daerah")


def test_the_bupati_of_the_date_signs(demo: None) -> None:
    pemda = queries.unit_by_code("PEMDA")
    assert pemda is not None
    then = queries.holder(pemda.id, "pimpinan", date(2024, 3, 31))
    now = queries.holder(pemda.id, "pimpinan", ON)
    assert then and now
    assert then.title == now.title == "Bupati Contoh"
    assert then.name != now.name


def test_two_tahap_are_open_and_the_third_is_not(demo: None) -> None:
    opened = queries.open_units("lppd", ON)
    codes = {u.code for u in queries.units_on(ON) if opened is not None and u.id in opened}
    assert codes == {*region.FIRST, *region.SECOND}
    assert len(codes) == 25


def test_every_duty_is_answered_for(demo: None) -> None:
    assert queries.duties().keys() == region.DUTIES.keys()


def test_the_structure_of_2022_had_another_dinas(demo: None) -> None:
    old = {u.short_name for u in queries.units_on(date(2022, 6, 1))}
    new = {u.short_name for u in queries.units_on(ON)}
    assert "Disperindagkop" in old - new
    assert {"Disperin", "Diskopdag"} <= new - old


def test_loading_is_refused_in_a_portal_in_use(app: Flask) -> None:
    db.session.add(Unit(code="DINKES"))
    db.session.commit()
    with pytest.raises(DemoError, match="sudah berisi"):
        load_all()


def test_a_broken_off_load_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.demo.load.STEPS", {"people": "orang"})
    said: list[str] = []
    assert load_all(said.append)
    assert said == ["Memuat orang ..."]
    assert not load_all(said.append)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Setting).where(
        Setting.key == "demo.people")) == 1  # fmt: skip


def test_accounts_are_printed_with_their_password(demo: None, app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "accounts"])
    assert answer.exit_code == 0
    assert demo_people.PASSWORD in answer.output
    assert "Operator Dinkes" in answer.output
    assert "bupati " in answer.output


def test_terms_of_one_jabatan_do_not_overlap(demo: None) -> None:
    rows = db.session.execute(sa.select(Term, Position).join(Position)).all()
    by_position: dict[int, list[Term]] = {}
    for term, position in rows:
        by_position.setdefault(position.id, []).append(term)
    for terms in by_position.values():
        terms.sort(key=lambda t: t.valid_from)
        for one, two in pairwise(terms):
            assert one.valid_to is not None
            assert one.valid_to < two.valid_from
