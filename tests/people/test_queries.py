"""Reads about units, duties, tahap, settings and officeholders."""

from datetime import date

from flask.testing import FlaskClient

from portal.db import db
from portal.people import queries
from portal.people.models import Duty, Person, Position, Setting, Term, Wave, WaveUnit
from tests.cast import Cast, sign_in

ON = date(2026, 2, 2)


def test_units_stand_in_order_with_their_ancestors(cast: Cast) -> None:
    units = queries.units_on(ON)
    assert [u.code for u in units][:3] == ["PEMDA", "SETDA", "BAG-TAPEM"]
    village = cast.info("KEL-01")
    assert village.ancestors == (cast.units["KEC-01"], cast.units["PEMDA"])
    assert [u.code for u in queries.units_on(ON, ("kecamatan",))] == ["KEC-01", "KEC-02"]


def test_a_unit_is_unknown_before_it_existed(cast: Cast) -> None:
    assert queries.unit_info(cast.units["DINKES"], date(2019, 1, 1)) is None


def test_duties_have_a_main_unit_and_supporters(cast: Cast) -> None:
    db.session.add(Duty(key="urusan_kesehatan", unit_id=cast.units["PKM-01"], main=False))
    db.session.flush()
    assert queries.duty_units("urusan_kesehatan") == (
        cast.units["DINKES"], (cast.units["PKM-01"],),
    )  # fmt: skip
    assert queries.duty_units("urusan_kelautan") == (None, ())


def test_without_tahap_every_module_is_open(cast: Cast) -> None:
    assert queries.module_open(cast.units["DISTAN"], "lppd", ON)


def test_a_unit_works_only_in_its_tahap(cast: Cast) -> None:
    first = Wave(module="lppd", name="Tahap 1", opens_on=date(2026, 1, 5))
    later = Wave(module="lppd", name="Tahap 2", opens_on=date(2026, 3, 1))
    db.session.add_all([first, later])
    db.session.flush()
    dinkes, distan, disdik = (cast.units[c] for c in ("DINKES", "DISTAN", "DISDIK"))
    db.session.add_all([
        WaveUnit(wave_id=first.id, unit_id=dinkes, since=date(2026, 1, 1)),
        WaveUnit(wave_id=first.id, unit_id=distan, since=date(2026, 1, 1)),
        WaveUnit(wave_id=later.id, unit_id=distan, since=date(2026, 1, 20)),
    ])  # fmt: skip
    db.session.flush()
    assert queries.module_open(dinkes, "lppd", ON)
    assert not queries.module_open(dinkes, "lppd", date(2026, 1, 4))
    assert not queries.module_open(distan, "lppd", ON)  # moved back
    assert queries.module_open(distan, "lppd", date(2026, 1, 19))  # was open before the move
    assert not queries.module_open(disdik, "lppd", ON)  # in no tahap yet
    assert queries.module_open(disdik, "spm", ON)


def test_a_setting_counts_from_its_date(cast: Cast) -> None:
    db.session.add(Setting(key="kertas", valid_from=date(2026, 3, 1), value="A4"))
    db.session.flush()
    assert queries.setting("kertas", ON, "F4") == "F4"
    assert queries.setting("kertas", date(2026, 3, 1), "F4") == "A4"


def test_who_stands_in_signs_first(cast: Cast) -> None:
    chief = db.session.get(Person, cast.kepala_dinkes.person_id)
    chief.gelar_depan, chief.gelar_belakang = "dr.", "M.Kes."
    position = db.session.get(Term, cast.kepala_dinkes.term_id).position_id
    db.session.add(Term(position_id=position, person_id=cast.verifikator_dinkes.person_id,
                        sifat="plh", valid_from=date(2026, 3, 2),
                        valid_to=date(2026, 3, 6)))  # fmt: skip
    db.session.flush()
    dinkes = cast.units["DINKES"]
    before = queries.holder(dinkes, "kepala", ON)
    assert before is not None
    assert (before.name, before.full_title) == ("dr. Siti Aminah, M.Kes.", "Kepala Dinas Kesehatan")
    during = queries.holder(dinkes, "kepala", date(2026, 3, 6))
    assert during is not None
    assert (during.bare_name, during.full_title) == ("Hadi Susilo", "Plh. Kepala Dinas Kesehatan")
    assert queries.holder(dinkes, "kepala", date(2026, 3, 7)) == before
    assert queries.holder(dinkes, "kepala", date(2020, 1, 1)) is None


def test_an_actor_acts_under_one_jabatan_at_a_time(cast: Cast) -> None:
    plt = Position(unit_id=cast.units["DISDIK"], role="kepala", title="Kepala Dinas Pendidikan")
    db.session.add(plt)
    db.session.flush()
    db.session.add(Term(position_id=plt.id, person_id=cast.kepala_dinkes.person_id, sifat="plt",
                        valid_from=date(2026, 1, 5)))  # fmt: skip
    db.session.flush()
    usual = queries.actor_of(cast.kepala_dinkes.person_id)
    acting = queries.actor_of(cast.kepala_dinkes.person_id, plt.id)
    assert usual and acting and acting.acting
    assert usual.units() == {cast.units["DINKES"]}
    assert acting.units() == {cast.units["DISDIK"]}
    assert acting.label == "Siti Aminah (Plt. Kepala Dinas Pendidikan)"
    assert [h.title for h in acting.others] == ["Kepala Dinas Kesehatan"]


def test_the_sekretariat_compiles_what_its_unit_answers_for(cast: Cast) -> None:
    assert cast.actor("sekretariat").region_wide == {"lppd", "rlppd", "spm"}
    assert cast.actor("sekretariat_sakip").region_wide == {"sakip"}
    assert cast.actor("operator_tapem").region_wide == frozenset()


def test_signing_in_as_one_of_the_cast(cast: Cast, client: FlaskClient) -> None:
    page = sign_in(client, cast.operator_dinkes).get("/")
    assert page.status_code == 200
    assert "Rina Wulandari" in page.text
