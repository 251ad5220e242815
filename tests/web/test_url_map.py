"""The walk: every route of the portal, every role, own unit and foreign unit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.db import db
from portal.people.models import Position, Term
from portal.people.rules import GRANTS, Permission, Role
from tests.cast import Cast, Member, post, sign_in, token
from tests.web import urls
from tests.web.urls import World

pytestmark = pytest.mark.long

#: Who stands for each role.
STANDS_FOR = {
    Role.OPERATOR: "operator_dinkes", Role.VERIFIKATOR: "verifikator_dinkes",
    Role.KEPALA: "kepala_dinkes", Role.APIP: "apip", Role.SEKRETARIAT: "sekretariat",
    Role.PIMPINAN: "pimpinan", Role.ADMIN: "admin", Role.PPK: "ppk", Role.PPTK: "pptk",
    Role.BENDAHARA: "bendahara", Role.PPK_SKPD: "ppk_skpd", Role.BUD: "bud",
    Role.UKPBJ: "ukpbj",
}  # fmt: skip
#: Roles that look beyond their own unit; what they may not see there has tests of its own.
REGION_WIDE = {Role.APIP, Role.SEKRETARIAT, Role.PIMPINAN, Role.ADMIN, Role.BUD, Role.UKPBJ}
FOREIGN = "DISTAN"
#: What a script of ours says of itself.
SHORT = {"X-Selaras": "1"}


def routes(app: Flask) -> Iterator[tuple[Rule, str, Permission | None]]:
    """Every rule with a method to try and what it asks."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint)):
        if rule.endpoint == "static":
            continue
        view = app.view_functions[rule.endpoint]
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for method in sorted(methods):
            yield rule, method, view.permission  # type: ignore[attr-defined]


def ask(app: Flask, member: Member | None, rule: Rule, method: str, world: World, unit: str,
        **headers: str) -> int:  # fmt: skip
    """Status of one request; a fresh browser each time. A file that is sent is closed again."""
    client = app.test_client()
    if member is not None:
        sign_in(client, member)
    values = urls.arguments(world, rule, unit)
    db.session.commit()
    url = app.url_map.bind("localhost").build(rule.endpoint, values)
    body = urls.BODIES.get(rule.endpoint)
    if method == "GET":
        answer = client.get(url, headers=headers)
    elif body is None:
        answer = post(client, url, headers=headers)
    else:
        answer = client.open(
            url, method=method, headers={"X-CSRFToken": token(client), **headers}, **body
        )
    answer.close()
    return answer.status_code


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


def test_every_route_declares_what_it_asks(app: Flask) -> None:
    bare = [
        rule.endpoint for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and not hasattr(app.view_functions[rule.endpoint], "permission")
    ]  # fmt: skip
    assert bare == []


def test_every_route_has_an_example(app: Flask) -> None:
    missing = {
        rule.endpoint: sorted(rule.arguments - urls.ARGUMENTS.keys())
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and rule.endpoint not in urls.EXAMPLES
        and rule.arguments - urls.ARGUMENTS.keys()
    }  # fmt: skip
    assert missing == {}, "add a maker to tests/web/urls.py"


def test_a_stranger_is_sent_to_the_login(app: Flask, world: World) -> None:
    wrong = []
    for rule, method, permission in routes(app):
        code = ask(app, None, rule, method, world, "DINKES")
        script = ask(app, None, rule, method, world, "DINKES", **SHORT)
        if permission is None:
            if code >= 500 or script >= 500:
                wrong.append((rule.rule, method, code, script))
        elif (code, script) != (302, 401):
            wrong.append((rule.rule, method, code, script))
    assert not wrong, "\n" + "\n".join(map(str, wrong))


@pytest.mark.strictest
@pytest.mark.usefixtures("quick_papers")
@pytest.mark.parametrize("role", list(Role))
def test_the_walk(app: Flask, world: World, role: Role) -> None:
    member = world.cast.people[STANDS_FOR[role]]
    own = next(code for code, unit_id in world.cast.units.items() if unit_id == member.unit_id)
    wrong = []
    for rule, method, permission in routes(app):
        shut = permission is not None and permission not in GRANTS[role]
        short = SHORT if shut else {}  # the refusal as a sentence: the page costs ten times as much
        code = ask(app, member, rule, method, world, own, **short)
        if not _fits(role, rule, permission, code):
            wrong.append((rule.rule, method, "own", code))
        if permission in GRANTS[role] and rule.arguments & urls.BOUND:
            code = ask(app, member, rule, method, world, FOREIGN)
            if code >= 500 or (role not in REGION_WIDE and code != 404):
                wrong.append((rule.rule, method, "foreign", code))
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def _fits(role: Role, rule: Rule, permission: Permission | None, code: int) -> bool:
    if code >= 500:
        return False
    if permission is None:
        return True
    if permission not in GRANTS[role]:
        return code == 403
    return code != 403 or rule.endpoint in urls.REFUSES


def test_without_a_jabatan_only_the_own_account_is_open(app: Flask, world: World) -> None:
    member = world.cast.operator_dinkes
    term = db.session.get(Term, member.term_id)
    assert term is not None
    db.session.get(Position, term.position_id).active = False
    for rule, method, permission in routes(app):
        if permission not in (None, Permission.SELF):
            assert ask(app, member, rule, method, world, "DINKES") == 403, rule.rule
