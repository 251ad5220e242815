"""Junk at every door: never a 500, never a traceback, always a sentence.

The names of the fields are read from the views themselves, so that a new form is walked by
itself; addresses come from the makers in urls.py. There are thousands of doors, roles and kinds, and
each request costs some milliseconds: every door meets some kinds and its neighbours, which read
their fields by the same functions, the others.
"""

from __future__ import annotations

import gc
import inspect
import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.db import db
from portal.people.rules import GRANTS, Permission, Role
from tests.cast import Member, sign_in, token
from tests.web import urls
from tests.web.test_url_map import STANDS_FOR
from tests.web.urls import World

pytestmark = [pytest.mark.long, pytest.mark.strictest, pytest.mark.usefixtures("quick_papers")]

HUGE = "9" * 5000
#: kind of junk -> what stands in every field
JUNK: dict[str, str] = {
    "empty": "",
    "int4": "2147483648",
    "huge": HUGE,
    "negative": "-1",
    "superscript": "\u00b2",
    "nul": "a\x00b",
    "rtl": "\u202e\u2066gnp.exe\u200b\ufeff",
    "markup": "<script>alert(1)</script>{{7*7}}${7*7}' OR 1=1 --",
    "path": "../../../etc/passwd\\..\\x",
    "date": "99999-99-99",
}
#: kinds that a field meets alone
ALONE = ("huge", "nul", "superscript")
#: What a friendly form would say, by field; "1" for the others.
PLAUSIBLE = {
    "tanggal": "2026-02-02", "effective": "02-02-2026", "day": "02-02-2026", "on": "2026-02-02",
    "valid_from": "02-02-2026", "start": "02-02-2026", "end": "03-02-2026", "since": "02-02-2026",
    "opens_on": "02-02-2026", "buka": "2/2/2026", "internal": "3/3/2026", "resmi": "31/3/2026",
    "mulai": "2026-02-02", "selesai": "", "tanggal_kontrak": "2026-02-02", "tahun": "2025",
    "catatan": "Sumber belum ada", "alasan": "Salah ketik", "dasar": "Nota Dinas 900/1/2026",
    "sampai": "20/2/2026", "kind": "lppd", "nilai": "1.000.000", "format": "pdf",
    "langkah": "kirim", "jenis": "konstruksi", "jawaban": "Sudah diperbaiki", "name": "Nama Baru",
    "title": "Jabatan Baru", "role": "operator", "nip": "", "login": "orang.baru", "next": "/",
    "hp": "0812 3456 7890", "teks": "Uraian baru.", "text": "Rumusan", "basis": "Lampiran I",
    "compared_by": "Kepala Bagian", "against": "Lampiran Permendagri", "code": "BARU-01",
    "parent_id": "", "target": "", "bagian": "", "periode": "", "unit": "1", "laporan": "",
    "selesai_kendala": "", "sebab": "jaringan", "uraian": "Listrik padam", "modul": "lppd",
    "peran": "kepala", "kode": "0" * 64, "link": "https://contoh.example/", "nama": "tidak",
}  # fmt: skip
#: Names that views put together themselves.
BUILT = ("titip.x", "alasan.bab1", "baru.1", "lowong.1", "sifat.1", "peran_ppk", "d:x:value",
         "c:b1:kol", "f:text", "m:text", "r:b1", "berkas:1.b.1")  # fmt: skip
_READS = re.compile(
    r"""(?:form|args|values)\.(?:get|getlist)\(\s*f?["']([^"'{]+)["']|"""
    r"""\b(?:text|day|maybe_day|whole|chosen)\(\s*["']([^"']+)["']|"([a-z_]+)" in request\.form"""
)
_LEAKS = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "werkzeug", 'File "/')


@cache
def fields_of(module: str) -> tuple[str, ...]:
    """Names of the fields that a module of views reads."""
    source = inspect.getsource(__import__(module, fromlist=["x"]))
    found = {next(g for g in m.groups() if g) for m in _READS.finditer(source)}
    return tuple(sorted(found - {"csrf_token"}))


def doors(app: Flask) -> Iterator[tuple[Rule, str, Any]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint)):
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, app.view_functions[rule.endpoint]


def roles_for(permission: Permission | None) -> list[Role]:
    if permission is None:
        return [Role.OPERATOR]
    return [role for role in Role if permission in GRANTS[role]]


class Walker:
    """Signs people in, builds addresses, sends junk and remembers what went wrong."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.wrong: list[str] = []
        self.adapter = app.url_map.bind("localhost")

    def member(self, role: Role) -> Member:
        return self.world.cast.people[STANDS_FOR[role]]

    def address(self, rule: Rule, role: Role) -> str:
        unit_id = self.member(role).unit_id
        own = next(code for code, n in self.world.cast.units.items() if n == unit_id)
        values = urls.arguments(self.world, rule, own)
        db.session.commit()
        return self.adapter.build(rule.endpoint, values).partition("?")[0]

    def client(self, role: Role) -> FlaskClient:
        return sign_in(self.app.test_client(), self.member(role))

    def send(self, what: str, client: FlaskClient, url: str, method: str, **more: Any) -> None:
        try:
            answer = client.open(url, method=method, **more)
        except Exception as error:  # TESTING lets it through: a visitor would see a 500
            db.session.rollback()
            self.wrong.append(f"{what}: {type(error).__name__}: {str(error)[:150]}")
            return
        self.judge(what, answer)

    def judge(self, what: str, answer: TestResponse) -> None:
        if answer.status_code >= 500:
            self.wrong.append(f"{what}: {answer.status_code}")
        elif answer.status_code >= 400:
            text = answer.get_data(as_text=True)
            if len(text.split()) < 3:
                self.wrong.append(f"{what}: {answer.status_code} without a sentence: {text!r}")
            if leak := next((w for w in _LEAKS if w in text), ""):
                self.wrong.append(f"{what}: {answer.status_code} shows {leak!r}")
        answer.close()

    def done(self) -> None:
        assert not self.wrong, f"{len(self.wrong)}\n" + "\n".join(self.wrong[:40])


@pytest.fixture
def walker(app: Flask, cast: Any) -> Walker:
    return Walker(app, World(cast))


def _form(names: tuple[str, ...], value: str, client: FlaskClient) -> dict[str, Any]:
    return {**dict.fromkeys((*names, *BUILT), value), "csrf_token": token(client)}


@pytest.mark.once
def test_numbers_that_sqlite_cannot_hold(walker: Walker) -> None:
    """Its driver refuses an integer of more than 64 bits by itself, and says so its own way."""
    _junk_in_every_field(walker, 0, {"huge": HUGE})


@pytest.mark.parametrize("turn", range(3))
def test_junk_in_every_field_at_once(walker: Walker, turn: int) -> None:
    """In three turns every door meets three kinds, neighbours and roles others at every turn."""
    _junk_in_every_field(walker, turn, JUNK)


def _junk_in_every_field(walker: Walker, turn: int, kinds: dict[str, str]) -> None:
    for n, (rule, method, view) in enumerate(doors(walker.app)):
        able = roles_for(view.permission)
        role = able[(n + turn) % len(able)]
        kind = list(kinds)[(n + 2 * turn) % len(kinds)]
        names = fields_of(view.__module__)
        client, url = walker.client(role), walker.address(rule, role)
        what = f"{kind} {role} {method} {rule.rule}"
        if method == "GET":
            query = dict.fromkeys(names, kinds[kind])
            walker.send(what, client, url, method, query_string=query)
        else:
            walker.send(what, client, url, method, data=_form(names, kinds[kind], client))
    walker.done()


def test_one_bad_field_among_good_ones(walker: Walker) -> None:
    """Each field of every form alone, between plausible neighbours."""
    for n, (rule, method, view) in enumerate(doors(walker.app)):
        if method == "GET" or view.permission is None:
            continue
        role = roles_for(view.permission)[0 if view.permission != "entry:accept" else -1]
        names = fields_of(view.__module__)
        source = inspect.getsource(inspect.unwrap(view))
        own = [name for name in names if f'"{name}"' in source] or list(names[:6])
        client, url = walker.client(role), walker.address(rule, role)
        good = {name: PLAUSIBLE.get(name, "1") for name in names}
        for at, name in enumerate(own, n):
            kind = ALONE[at % len(ALONE)]
            data = {**good, name: JUNK[kind], "csrf_token": token(client)}
            walker.send(f"{kind} in {name}: {role} {method} {rule.rule}", client, url, method,
                        data=data)  # fmt: skip
    walker.done()


#: Spellings that Python and Werkzeug take for numbers: they reach the views.
NUMBERS = ("0", "2147483648", "9223372036854775808", HUGE, "\u0661")
#: No route has these.
NO_NUMBERS = ("-1", "1.0", "%00", "1%27", "..%2f1")


def test_ids_that_are_none(walker: Walker) -> None:
    """Three of the one sort and one of the other at each door."""
    for n, (rule, method, view) in enumerate(doors(walker.app)):
        if "<int:" not in rule.rule:
            continue
        role = roles_for(view.permission)[0]
        client = walker.client(role)
        data = {"csrf_token": token(client)} if method != "GET" else None
        there = [NUMBERS[(n + k) % len(NUMBERS)] for k in range(3)]
        for number in (*there, NO_NUMBERS[n % len(NO_NUMBERS)]):
            url = re.sub(r"<[^>]*>", number, rule.rule)
            walker.send(
                f"{number[:20]} {role} {method} {rule.rule}", client, url, method, data=data
            )
    walker.done()


def test_words_in_addresses_that_nobody_has(walker: Walker) -> None:
    for rule, method, view in doors(walker.app):
        texts = re.findall(r"<(?:string:)?([a-z_0-9]+)>", rule.rule)
        if not texts:
            continue
        role = roles_for(view.permission)[0]
        client, url = walker.client(role), walker.address(rule, role)
        values = urls.arguments(walker.world, rule, next(iter(walker.world.cast.units)))  # fmt: skip
        for name in texts:
            for junk in ("%00", "a%00b", "%ff%fe", "x" * 3000, "..", "%e2%80%ae", "' OR 1=1"):
                marked = walker.adapter.build(rule.endpoint, {**values, name: "ZZZ"})
                url = marked.replace("ZZZ", junk)
                data = {"csrf_token": token(client)} if method != "GET" else None
                walker.send(f"{junk[:20]} {method} {rule.rule}", client, url, method, data=data)
    walker.done()


def bodies(names: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    """Broken multipart, wrong content types, invalid UTF-8, arrays, a megabyte of one letter."""
    cut = b'--grenze\r\nContent-Disposition: form-data; name="berkas"; filename="a.pdf"\r\n\r\nx'
    invalid = b"&".join((b"\xff\xfe\x00=%ff%00", *(n.encode() + b"=%ff%00%c3%28" for n in names)))
    long = MultiDict([*((n, "A" * 100_000) for n in names[:3]), *((n, "2") for n in names)])
    form = "application/x-www-form-urlencoded"
    return [
        ("cut", {"data": cut, "content_type": "multipart/form-data; boundary=grenze"}),
        ("no boundary", {"data": cut, "content_type": "multipart/form-data"}),
        ("json", {"data": b'[{"a":', "content_type": "application/json"}),
        ("bytes", {"data": invalid, "content_type": form}),
        ("a list", {"json": [1, None, {"a": []}]}),
        ("charset", {"data": b"a=1", "content_type": "text/plain; charset=utf-99"}),
        ("long", {"data": long}),
    ]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_bodies_that_are_none(walker: Walker) -> None:
    """Four of the kinds at each door, others at its neighbours."""
    for n, (rule, method, view) in enumerate(doors(walker.app)):
        if method == "GET":
            continue
        role = roles_for(view.permission)[-1]
        client, url = walker.client(role), walker.address(rule, role)
        head = {"X-CSRFToken": token(client)}
        kinds = bodies(fields_of(view.__module__))
        for kind, more in (kinds[(n + k) % len(kinds)] for k in range(4)):
            walker.send(f"{kind}: {role} {method} {rule.rule}", client, url, method, headers=head,
                        **more)  # fmt: skip
    gc.collect()  # Werkzeug leaves the file of a cut upload to the collector, which warns
    walker.done()


def test_files_where_none_or_others_are_expected(walker: Walker) -> None:
    hostile = (
        ("../../etc/passwd\x00.png", b"MZ\x90\x00"),
        ("laporan.xlsx", b"PK\x03\x04" + b"\x00" * 40),
        ("foto.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 60),
        ("a" * 4000 + ".pdf", b"%PDF-1.7\n%%EOF"),
        ("kosong.docx", b""),
    )
    for rule, method, view in doors(walker.app):
        if method == "GET" or "files" not in inspect.getsource(inspect.getmodule(view)):
            continue
        role = roles_for(view.permission)[0]
        client, url = walker.client(role), walker.address(rule, role)
        for name, data in hostile:
            form = {n: PLAUSIBLE.get(n, "1") for n in fields_of(view.__module__)}
            form |= {f: (io.BytesIO(data), name) for f in ("berkas", "lambang", "berkas:1.b.1")}
            walker.send(f"{name[:30]!r} {role} {method} {rule.rule}", client, url, method,
                        data={**form, "csrf_token": token(client)})  # fmt: skip
    walker.done()


#: Doors without a session: the login, and receipts of gateways by a secret path.
TOLD_BY_MACHINES = {"login.enter", "notices_hooks.receive", "notices_hooks.pushed"}


def test_without_the_token_nothing_changes(walker: Walker) -> None:
    """Every form, of two who have it; a stranger's page cannot write."""
    for rule, method, view in doors(walker.app):
        if method == "GET":
            continue
        able = roles_for(view.permission)
        for role in (able[0], able[-1])[: len(able)]:
            client, url = walker.client(role), walker.address(rule, role)
            for head in ({}, {"Origin": "https://jahat.example"}, {"X-CSRFToken": "x\x00"[:1]}):
                answer = client.open(url, method=method, headers=head, data={"a": "1"})
                walker.judge(f"{role} {rule.rule}", answer)
                code = answer.status_code
                if code not in {400, 422} and rule.endpoint not in TOLD_BY_MACHINES:
                    walker.wrong.append(f"{role} {rule.rule} {head}: {code} without a token")
    walker.done()


OPS: tuple[Any, ...] = (
    None, 1, "x", [], [[]], {}, {"ops": None}, {"ops": "x"}, {"ops": [None]}, {"ops": [[]]},
    {"ops": [{}]}, {"ops": {"0": {}}}, {"ops": [], "person": "x"}, {"ops": [], "person": []},
    *(
        {"ops": [{"op_id": i, "target": t, "base": b, "value": v}]}
        for i, t, b, v in (
            (1, "f:text", 0, "x"), ("op-1", 5, 0, "x"), ("op-2", "f:text", "0", "x"),
            ("op-3", "f:text", True, "x"), ("op-4", "f:text", 10**400, "x"),
            ("op-5", "f:text", 2**63, "x"), ("op-6", "f:text", -5, "x"),
            ("op-7", "f:text", 0.5, "x"), ("op-8", "f:text", 0, ["x"]),
            ("op-9", "f:text", 0, "\ud800 x \udfff"), ("op-10", "f:text", 0, "a\x00b"),
            ("o" * 5000, "f:text", 0, "x"), ("op-\x00", "f:text", 0, "x"),
            ("op-11", "f:\x00", 0, "x"), ("op-12", "c:\u202e:x", 0, "x"),
            ("op-13", "d:../..:value", 0, "1"), ("op-14", "r:b1", 0, "add:99999999999999"),
            ("op-15", "r:b1", 0, "move:-1"), ("op-16", "r:b1", 0, "add:\u00b2"),
            ("op-17", "f:file", 0, "0" * 64), ("op-18", "f:file", 0, "../" * 20),
            ("op-19", "d:" + "x" * 200 + ":value", 0, "1"), ("op-20", "x" * 100_000, 0, "1"),
        )
    ),
)  # fmt: skip


def test_operations_that_are_none(walker: Walker) -> None:
    """The door of autosave, for every isian of the unit and every kind of wrong operation."""
    client = walker.client(Role.OPERATOR)
    entry_id = urls.entry(walker.world, "DINKES")
    db.session.commit()
    head = {"X-CSRFToken": token(client), "X-Selaras": "1"}
    for n, body in enumerate(OPS):
        walker.send(f"op {n}", client, f"/isian/{entry_id}/op", "POST", json=body, headers=head)
    for deep in (
        b"[" * 100_000,
        b'{"ops":' * 50_000,
        b'{"ops":[1e400]}',
        b'{"ops":[NaN]}',
        b"\xff",
    ):
        walker.send(f"json {deep[:9]!r}", client, f"/isian/{entry_id}/op", "POST", data=deep,
                    content_type="application/json", headers=head)  # fmt: skip
    walker.done()
