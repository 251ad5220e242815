"""Verbs of units, people, terms, region."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.people import flow, flow_region, flow_units, queries
from portal.people.flow import PersonData, TermData
from portal.people.flow_units import VersionData
from portal.people.models import Person, Position, Term, Unit, UnitVersion, Wave, WaveUnit
from portal.people.refusal import Refused
from portal.people.region import region
from portal.people.rules import PORTAL
from portal.trail.models import TrailEntry
from tests.cast import SINCE, Cast

ON = date(2026, 2, 2)


def version(cast: Cast, **changes: object) -> VersionData:
    values: dict[str, object] = {
        "valid_from": date(2026, 7, 1), "name": "Dinas Kesehatan dan KB", "short_name": "Dinkes KB",
        "kind": "dinas", "parent_id": cast.units["PEMDA"], "position": 6, "basis": "Perda 5/2026",
    }  # fmt: skip
    return VersionData(**{**values, **changes})  # type: ignore[arg-type]


def unit(cast: Cast, code: str) -> Unit:
    found = db.session.get(Unit, cast.units[code])
    assert found is not None
    return found


def verbs() -> list[str]:
    return list(db.session.scalars(sa.select(TrailEntry.verb).order_by(TrailEntry.id)))


def test_a_new_name_leaves_the_old_one_where_it_was(cast: Cast) -> None:
    flow_units.add_version(unit(cast, "DINKES"), version(cast), PORTAL)
    before = queries.unit_info(cast.units["DINKES"], date(2026, 6, 30))
    after = queries.unit_info(cast.units["DINKES"], date(2026, 7, 1))
    assert before and after
    assert (before.name, after.name) == ("Dinas Kesehatan", "Dinas Kesehatan dan KB")
    assert verbs() == ["unit.version"]


def test_a_version_of_the_same_day_corrects_the_newest(cast: Cast) -> None:
    flow_units.add_version(unit(cast, "DINKES"), version(cast, valid_from=SINCE), PORTAL)
    rows = db.session.scalars(
        sa.select(UnitVersion).where(UnitVersion.unit_id == cast.units["DINKES"])
    ).all()
    assert [r.name for r in rows] == ["Dinas Kesehatan dan KB"]


@pytest.mark.parametrize(("changes", "field"), [
    ({"name": " "}, "name"), ({"short_name": "x" * 61}, "short_name"), ({"kind": "kantor"}, "kind"),
    ({"parent_id": None}, "parent_id"), ({"parent_id": 9999}, "parent_id"),
    ({"valid_from": date(2020, 1, 1)}, "parent_id"),
])  # fmt: skip
def test_a_version_that_cannot_be(cast: Cast, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        flow_units.add_version(unit(cast, "DINKES"), version(cast, **changes), PORTAL)
    assert refused.value.field == field


def test_a_unit_is_never_below_itself(cast: Cast) -> None:
    for parent in ("DINKES", "PKM-01"):
        with pytest.raises(Refused, match="Induk tidak boleh"):
            flow_units.add_version(
                unit(cast, "DINKES"), version(cast, parent_id=cast.units[parent]), PORTAL
            )


def test_a_unit_is_added_once(cast: Cast) -> None:
    made = flow_units.add_unit("dpmptsp", version(cast, valid_from=ON), PORTAL)
    assert made.code == "DPMPTSP"
    for code in ("DPMPTSP", "D", "DINAS KESEHATAN", "<b>"):
        with pytest.raises(Refused):
            flow_units.add_unit(code, version(cast, valid_from=ON), PORTAL)


def test_a_closed_unit_hands_its_duties_on(cast: Cast) -> None:
    old, new = unit(cast, "DISTAN"), unit(cast, "DINKES")
    flow_units.close_unit(old, date(2026, 7, 1), [new], "Perda 5/2026", PORTAL)
    assert queries.unit_info(old.id, date(2026, 6, 30)) is not None
    assert queries.unit_info(old.id, date(2026, 7, 1)) is None
    assert queries.duty_units("urusan_pertanian") == (new.id, ())
    with pytest.raises(Refused, match="di bawahnya"):
        flow_units.close_unit(new, date(2026, 7, 1), [], "", PORTAL)


def test_duties_are_given_and_taken(cast: Cast) -> None:
    dinkes, distan = cast.units["DINKES"], cast.units["DISTAN"]
    flow_units.save_duty("urusan_pangan", distan, [dinkes, distan], PORTAL)
    assert queries.duty_units("urusan_pangan") == (distan, (dinkes,))
    flow_units.save_duty("urusan_pangan", None, [], PORTAL)
    assert queries.duty_units("urusan_pangan") == (None, ())
    with pytest.raises(Refused):
        flow_units.save_duty("Urusan Pangan", distan, [], PORTAL)


def test_a_person_is_kept_once(cast: Cast) -> None:
    made = flow.save_person(
        None, PersonData("  Ratna   Sari ", "19900101 201501 2 001", gelar_belakang=", S.E."),
        PORTAL,
    )  # fmt: skip
    assert (made.name, made.login, made.must_change_password) == (
        "Ratna Sari", "199001012015012001", True,
    )  # fmt: skip
    assert queries.full_name(made) == "Ratna Sari, S.E."
    with pytest.raises(Refused, match="sudah dipakai Ratna Sari"):
        flow.save_person(None, PersonData("Orang Lain", "199001012015012001"), PORTAL)
    with pytest.raises(Refused, match="18 angka"):
        flow.save_person(None, PersonData("Orang Lain", "123"), PORTAL)
    with pytest.raises(Refused, match="bupati"):
        flow.save_person(None, PersonData("Orang Lain"), PORTAL)
    chief = flow.save_person(None, PersonData("Kepala Daerah", login="Bupati"), PORTAL)
    assert (chief.nip, chief.login) == (None, "bupati")


def test_saving_the_same_again_is_no_act(cast: Cast) -> None:
    person = db.session.get(Person, cast.admin.person_id)
    assert person is not None
    flow.save_person(person, PersonData(person.name, person.nip or ""), PORTAL)
    assert verbs() == []


def test_terms_follow_each_other(cast: Cast) -> None:
    held = db.session.get(Term, cast.kepala_dinkes.term_id)
    person = db.session.get(Person, cast.operator_distan.person_id)
    assert held and person
    with pytest.raises(Refused, match="Akhiri dahulu"):
        flow.save_term(None, held.position, person, TermData(ON), PORTAL)
    flow.end_term(held, date(2026, 2, 1), PORTAL)
    flow.save_term(None, held.position, person, TermData(ON, sk_no="821/1"), PORTAL)
    now = queries.holder(cast.units["DINKES"], "kepala", ON)
    assert now is not None
    assert now.name == "Budi Hartono"
    with pytest.raises(Refused):
        flow.end_term(held, date(2019, 1, 1), PORTAL)
    with pytest.raises(Refused):
        flow.save_term(None, held.position, person, TermData(ON, sifat="tetap"), PORTAL)


def test_a_position_has_a_role_and_a_title(cast: Cast) -> None:
    made = flow.save_position(None, unit(cast, "DINKES"), "operator", "Operator III", PORTAL)
    assert made.rank == 2
    for role, title in (("raja", "Raja"), ("operator", " ")):
        with pytest.raises(Refused):
            flow.save_position(None, unit(cast, "DINKES"), role, title, PORTAL)
    assert db.session.get(Position, made.id) is not None


def test_the_region_on_a_date(cast: Cast) -> None:
    flow_region.save_setting("nama", "Teladan", date(2027, 1, 1), "UU 1/2026", PORTAL)
    assert region(ON).full == "Kabupaten Contoh"
    assert region(date(2027, 1, 1)).full == "Kabupaten Teladan"
    assert region(ON).kertas == "F4"
    flow_region.save_setting("nama", "Teladan", date(2027, 1, 1), "UU 1/2026", PORTAL)
    assert verbs() == ["setting.save"]
    for key, value in (("jenis", "Provinsi"), ("nama", "x" * 201), ("apa", "x")):
        with pytest.raises(Refused):
            flow_region.save_setting(key, value, ON, "", PORTAL)


def test_moving_between_tahap_keeps_every_step(cast: Cast) -> None:
    dates = (date(2026, 1, 5), None)
    first = flow_region.save_wave(None, "lppd", "Tahap 1", dates, PORTAL)
    later = flow_region.save_wave(None, "lppd", "Tahap 2", (date(2026, 6, 1), None), PORTAL)
    dinkes = unit(cast, "DINKES")
    assert flow_region.move_to_wave([dinkes], first, date(2026, 1, 5), PORTAL) == 1
    assert flow_region.move_to_wave([dinkes], first, ON, PORTAL) == 0
    assert flow_region.move_to_wave([dinkes], later, ON, PORTAL) == 1
    assert not queries.module_open(dinkes.id, "lppd", ON)
    wave = queries.module_wave(dinkes.id, "lppd", ON)
    assert wave is not None
    assert wave.name == "Tahap 2"
    assert flow_region.move_to_wave([dinkes], first, ON, PORTAL) == 1  # and forward again
    assert queries.module_open(dinkes.id, "lppd", ON)
    assert db.session.query(WaveUnit).count() == 3
    with pytest.raises(Refused):
        flow_region.save_wave(first, "lppd", "Tahap 1", (ON, date(2026, 1, 1)), PORTAL)
    assert db.session.get(Wave, first.id) is not None
