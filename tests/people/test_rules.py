"""Who may do what: the table, own unit, below, the whole region."""

import pytest

from portal.people import rules
from portal.people.rules import GRANTS, Permission, Role, Stage, sees_entry, sees_unit
from tests.cast import Cast

P = Permission


def test_every_role_stands_in_the_table() -> None:
    assert GRANTS.keys() == set(Role)


def test_everybody_has_an_account_of_his_own(cast: Cast) -> None:
    for key in cast.people:
        assert cast.actor(key).may(P.SELF)


def test_the_portal_itself_may_nothing_by_the_table() -> None:
    assert not any(rules.PORTAL.may(permission) for permission in P)


@pytest.mark.parametrize(("who", "permission", "unit", "seen"), [
    ("operator_dinkes", P.ENTRY_WRITE, "DINKES", True),
    ("operator_dinkes", P.ENTRY_WRITE, "DISTAN", False),
    ("operator_dinkes", P.ENTRY_READ, "PKM-01", False),
    ("operator_dinkes", P.ENTRY_APPROVE, "DINKES", False),
    ("verifikator_dinkes", P.ENTRY_VERIFY, "DINKES", True),
    ("verifikator_dinkes", P.ENTRY_VERIFY, "DISTAN", False),
    ("verifikator_dinkes", P.ENTRY_WRITE, "DINKES", False),
    ("kepala_dinkes", P.ENTRY_APPROVE, "DINKES", True),
    ("kepala_dinkes", P.ENTRY_APPROVE, "PKM-01", True),
    ("kepala_dinkes", P.ENTRY_APPROVE, "DISTAN", False),
    ("camat", P.ENTRY_READ, "KEL-01", True),
    ("camat", P.ENTRY_READ, "KEC-02", False),
    ("sekda", P.ENTRY_APPROVE, "BAG-TAPEM", True),
    ("sekda", P.ENTRY_APPROVE, "DINKES", False),
    ("apip", P.ENTRY_REVIEW, "DINKES", True),
    ("apip", P.ENTRY_REVIEW, "INSPEKTORAT", False),
    ("apip", P.ENTRY_READ, "INSPEKTORAT", True),
    ("apip", P.ENTRY_WRITE, "DINKES", False),
    ("sekretariat", P.ENTRY_ACCEPT, "DINKES", True),
    ("sekretariat", P.ENTRY_ACCEPT, "BAG-TAPEM", True),
    ("operator_tapem", P.ENTRY_READ, "DINKES", False),
    ("pimpinan", P.REPORT_READ, "DINKES", True),
    ("pimpinan", P.ENTRY_READ, "DINKES", False),
    ("admin", P.PEOPLE_ADMIN, "DISTAN", True),
    ("admin", P.ENTRY_READ, "DISKOMINFOTIK", False),
    ("ppk", P.CONTRACT_WRITE, "DPUPR", True),
    ("ppk", P.CONTRACT_READ, "DINKES", False),
    ("bud", P.CONTRACT_READ, "DPUPR", True),
    ("bud", P.CONTRACT_WRITE, "DPUPR", False),
])  # fmt: skip
def test_scope(cast: Cast, who: str, permission: Permission, unit: str, seen: bool) -> None:
    assert sees_unit(cast.actor(who), permission, cast.info(unit)) is seen


@pytest.mark.parametrize(("who", "kind", "seen"), [
    ("sekretariat", "lppd", True), ("sekretariat", "rlppd", True), ("sekretariat", "spm", True),
    ("sekretariat", "lkpj", False), ("sekretariat_lkpj", "lkpj", True),
    ("sekretariat_lkpj", "lppd", False), ("sekretariat_sakip", "sakip", True),
])  # fmt: skip
def test_a_sekretariat_sees_the_reports_it_compiles(
    cast: Cast, who: str, kind: str, seen: bool
) -> None:
    assert sees_unit(cast.actor(who), P.ENTRY_READ, cast.info("DINKES"), kind) is seen


@pytest.mark.parametrize(("who", "stage", "seen"), [
    ("operator_dinkes", Stage.DRAFT, True), ("kepala_dinkes", Stage.DRAFT, True),
    ("apip", Stage.DRAFT, False), ("apip", Stage.ON_BEHALF, False), ("apip", Stage.SENT, True),
    ("sekretariat", Stage.DRAFT, False), ("sekretariat", Stage.ON_BEHALF, True),
    ("sekretariat", Stage.SENT, True), ("sekretariat_lkpj", Stage.SENT, False),
    ("operator_distan", Stage.SENT, False),
])  # fmt: skip
def test_strangers_see_only_what_was_sent(cast: Cast, who: str, stage: Stage, seen: bool) -> None:
    found = sees_entry(cast.actor(who), P.ENTRY_READ, cast.info("DINKES"), "lppd", stage)
    assert found is seen


def test_another_jabatan_can_be_asked_what_it_may(cast: Cast) -> None:
    chief, clerk = cast.actor("kepala_dinkes"), cast.actor("operator_dinkes")
    assert clerk.acting and chief.acting
    both = rules.Actor(1, "X", clerk.holdings, clerk.acting, others=chief.holdings)
    assert not both.may(P.ENTRY_APPROVE)
    taken = both.taking_up(chief.acting)
    assert taken.may(P.ENTRY_APPROVE)
    assert taken.others == clerk.holdings
