"""What leaves the portal names jabatan, desk groups and Perangkat Daerah: no person but its signer."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from portal.contracts.models import Contract
from portal.db import db
from portal.notices.models import LetterDraft
from portal.people.models import Person, Position, Term, Unit
from tests.cast import Member, sign_in

pytestmark = pytest.mark.once

BOARDS = ("/serapan/sumber-dana.xlsx", "/bahan-rapat.pdf", "/bagikan.pdf")
#: Of one contract; the PDF is printed from the same tree.
PAPERS = ("kronologi.docx", "bukti-pemberitahuan.docx", "naskah/kurva.docx", "naskah/scm.docx?ke=1",
          "naskah/sp.docx?ke=1")  # fmt: skip
#: Papers that end in a signature block; a draft to the penyedia leaves the signer's line empty.
SIGNED = ("sumber-dana", "naskah-surat")


def text_of(data: bytes, name: str) -> str:
    """All words of a file, its properties included."""
    if name.endswith("pdf"):
        book = PdfReader(io.BytesIO(data))
        words = [str(book.metadata), *(page.extract_text() for page in book.pages)]
    elif name.endswith("json"):
        words = [data.decode()]
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            words = [re.sub(r"<[^>]+>", " ", parts.read(n).decode())
                     for n in parts.namelist() if n.endswith((".xml", ".rels"))]  # fmt: skip
    return " ".join(" ".join(words).split())


def holder(role: str, code: str) -> Member:
    """Who holds a jabatan of the demo."""
    row = db.session.execute(
        sa.select(Person.id, Term.id, Unit.id, Person.name).join(Term, Term.person_id == Person.id)
        .join(Position, Position.id == Term.position_id).join(Unit, Unit.id == Position.unit_id)
        .where(Position.role == role, Unit.code == code).order_by(Term.id)
    ).first()  # fmt: skip
    assert row is not None
    return Member(code, row[0], row[1], row[2], role, row[3], "")


def exports(app: Flask, client: FlaskClient) -> Iterator[tuple[str, bytes]]:
    """Every board and contract paper that somebody can carry out of the house."""
    contract = db.session.scalars(
        sa.select(Contract).where(Contract.state == "berjalan", Contract.detail == "rinci")
    ).first()
    assert contract is not None
    ways = {holder("pimpinan", "PEMDA"): BOARDS, holder("kepala", "DPUPR"): BOARDS[:1],
            holder("ppk", "DPUPR"): [f"/kontrak/{contract.id}/{p}" for p in PAPERS]}  # fmt: skip
    letter = db.session.scalar(sa.select(sa.func.min(LetterDraft.id)))
    if letter:
        ways[holder("kepala", "SETDA")] = [f"/naskah-surat/{letter}.docx"]
    for who, paths in ways.items():
        sign_in(client, who)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, path
            yield path.partition("?")[0], answer.data
    for form in ("json", "xlsx"):
        run = app.test_cli_runner().invoke(args=["board", "absorption", "--format", form])
        assert run.exit_code == 0
        yield f"board.{form}", run.stdout_bytes


def test_no_export_names_a_person(demo_app: Flask) -> None:
    names = set(db.session.scalars(sa.select(Person.name)))
    numbers = set(db.session.scalars(sa.select(Person.nip).where(Person.nip.is_not(None))))
    seen = 0
    for path, data in exports(demo_app, demo_app.test_client()):
        words = text_of(data, path)
        signers = 1 if any(s in path for s in SIGNED) else 0
        for these in (names, numbers):
            found = {one for one in these if one in words}
            assert len(found) <= signers, (path, found)
        seen += 1
    assert seen >= 11
