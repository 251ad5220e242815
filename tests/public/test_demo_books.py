"""The books of the demo: ordered, issued, corrected and published by the ticker, step by step."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from portal import clock, store
from portal.checks import queries as checks
from portal.db import db
from portal.demo import books
from portal.documents import flow
from portal.documents.models import Build, BuildState, Issue
from portal.people.models import Setting
from portal.public import flow as public
from portal.public.models import Publication
from portal.reports.models import EntryRow
from portal.reports.refusal import Refused

pytestmark = pytest.mark.once


@pytest.fixture
def quick(demo_app, monkeypatch):
    """The ticker with builds that are done at once."""
    numbers = iter(range(9))

    def build(report, **given):
        row = Build(report_id=report.id, final=True, scope="", number=next(numbers),
                    state=BuildState.DONE, created_at=clock.now(), sign_on=given["sign_on"])  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return flow.Requested(row, True)

    def issue(found, on, note, actor):
        db.session.add(Issue(report_id=found.report_id, build_id=found.id, number=found.number,
                             on=on, note=note, by_label=actor.label, at=clock.now()))  # fmt: skip

    def publish(report, version, issue_id, basis, actor):
        kept = store.put(b"x", "text/html").sha256
        db.session.flush()
        db.session.add(Publication(
            report_id=report.id, year=report.year, version=version, issue_id=issue_id, spec="x",
            title="RLPPD", body_sha=kept, pdf_sha=kept, file_name="r.pdf", basis=basis,
            by_label=actor.label, by_title="Sekretariat", at=clock.now(),
        ))  # fmt: skip

    monkeypatch.setattr(flow, "request_build", build)
    monkeypatch.setattr(flow, "issue", issue)
    monkeypatch.setattr(public, "publish", publish)
    monkeypatch.setattr(books, "enqueue", lambda *_: True)


def state():
    return db.session.scalar(sa.select(Setting.value).where(Setting.key == books.KEY))


def test_step_by_step_to_the_published_rlppd(quick):
    for _ in range(5):
        assert state() != "selesai"
        books.tick()
    assert state() == "selesai"
    assert [i.number for i in db.session.scalars(sa.select(Issue).order_by(Issue.number))] == [0, 1]
    assert db.session.scalars(sa.select(Publication)).one().year == 2024
    assert db.session.scalars(sa.select(EntryRow).where(EntryRow.uid == "perbaikan")).one()
    books.tick()
    assert len(db.session.scalars(sa.select(Build)).all()) == 2
    assert [n.sentence for n in checks.check_year(2024).blocking] == []


def test_it_stops_where_somebody_has_changed_the_demo(quick, monkeypatch):
    def no(*_given, **_more):
        raise Refused("Masih ada angka bertentangan.")

    monkeypatch.setattr(flow, "request_build", no)
    books.tick()
    assert state() == "selesai"
