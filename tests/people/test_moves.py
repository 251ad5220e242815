"""Mutasi: a whole pelantikan at once, or nothing of it."""

from datetime import date

import pytest

from portal.db import db
from portal.people import flow_moves, queries
from portal.people.flow_moves import Move
from portal.people.models import Person, Term
from portal.people.refusal import Refused
from portal.people.rules import PORTAL
from tests.cast import Cast

DAY = date(2026, 2, 9)


def seat(cast: Cast, key: str) -> int:
    term = db.session.get(Term, cast.people[key].term_id)
    assert term is not None
    return term.position_id


def head(cast: Cast, code: str, on: date) -> str:
    holder = queries.holder(cast.units[code], "kepala", on)
    return f"{holder.full_title}: {holder.name}" if holder else "lowong"


def test_a_chain_of_moves_with_a_plt_where_nobody_follows(cast: Cast) -> None:
    moves = [Move(seat(cast, "kepala_distan"), cast.kepala_dinkes.login)]
    steps = {s.position.title: s for s in flow_moves.plan(DAY, moves)}
    assert steps["Kepala Dinas Pertanian"].words == "Siti Aminah"
    assert steps["Kepala Dinas Kesehatan"].words == "Plt. Hadi Susilo"
    assert steps["Kepala Dinas Kesehatan"].automatic
    flow_moves.apply(DAY, moves, "821/77/2026", PORTAL)
    assert head(cast, "DISTAN", DAY) == "Kepala Dinas Pertanian: Siti Aminah"
    assert head(cast, "DISTAN", date(2026, 2, 8)) == "Kepala Dinas Pertanian: Agus Salim"
    assert head(cast, "DINKES", DAY) == "Plt. Kepala Dinas Kesehatan: Hadi Susilo"


def test_the_plt_ends_when_the_jabatan_is_filled(cast: Cast) -> None:
    flow_moves.apply(DAY, [Move(seat(cast, "kepala_dinkes"), vacate=True)], "", PORTAL)
    assert head(cast, "DINKES", DAY) == "Plt. Kepala Dinas Kesehatan: Hadi Susilo"
    later = date(2026, 4, 1)
    flow_moves.apply(later, [Move(seat(cast, "kepala_dinkes"), cast.operator_tapem.login)], "",
                     PORTAL)  # fmt: skip
    assert head(cast, "DINKES", date(2026, 3, 31)).startswith("Plt.")
    assert head(cast, "DINKES", later) == "Kepala Dinas Kesehatan: Dewi Lestari"


def test_two_heads_change_places(cast: Cast) -> None:
    flow_moves.apply(DAY, [
        Move(seat(cast, "kepala_dinkes"), cast.kepala_distan.login),
        Move(seat(cast, "kepala_distan"), cast.kepala_dinkes.login),
    ], "821/78/2026", PORTAL)  # fmt: skip
    assert head(cast, "DINKES", DAY) == "Kepala Dinas Kesehatan: Agus Salim"
    assert head(cast, "DISTAN", DAY) == "Kepala Dinas Pertanian: Siti Aminah"


def test_one_fault_keeps_everything_as_it_was(cast: Cast) -> None:
    moves = [
        Move(seat(cast, "kepala_dinkes"), cast.operator_tapem.login),
        Move(seat(cast, "kepala_distan"), "199901012022011001"),
    ]
    with pytest.raises(Refused, match="Tidak ada orang dengan NIP"):
        flow_moves.apply(DAY, moves, "", PORTAL)
    assert head(cast, "DINKES", DAY) == "Kepala Dinas Kesehatan: Siti Aminah"


def test_one_person_cannot_take_two(cast: Cast) -> None:
    moves = [Move(seat(cast, key), cast.camat.login) for key in ("kepala_dinkes", "kepala_distan")]
    with pytest.raises(Refused, match="sudah diisikan"):
        flow_moves.apply(DAY, moves, "", PORTAL)


def test_a_plt_keeps_his_own_jabatan(cast: Cast) -> None:
    flow_moves.apply(DAY, [Move(seat(cast, "kepala_distan"), cast.kepala_dinkes.login, "plt")], "",
                     PORTAL)  # fmt: skip
    assert head(cast, "DISTAN", DAY) == "Plt. Kepala Dinas Pertanian: Siti Aminah"
    assert head(cast, "DINKES", DAY) == "Kepala Dinas Kesehatan: Siti Aminah"


def test_who_holds_it_already_or_is_closed_is_told(cast: Cast) -> None:
    same = flow_moves.plan(DAY, [Move(seat(cast, "kepala_dinkes"), cast.kepala_dinkes.login)])
    assert "sudah memangku" in same[0].fault
    person = db.session.get(Person, cast.camat.person_id)
    assert person is not None
    person.disabled_at = queries.clock.now()
    closed = flow_moves.plan(DAY, [Move(seat(cast, "kepala_dinkes"), cast.camat.login)])
    assert "ditutup" in closed[0].fault


def test_nothing_typed_is_told(cast: Cast) -> None:
    with pytest.raises(Refused, match="Belum ada jabatan"):
        flow_moves.apply(DAY, [], "", PORTAL)
