"""Pieces that no build wants any more go; everything else of the store stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, store
from portal.db import db
from portal.documents import building, flow, kept, pruning
from portal.documents.models import BuildState, Piece
from portal.reports.models import Report
from portal.store import Blob
from tests.cast import Cast
from tests.documents.conftest import Order
from tests.documents.test_build import change, files

#: Pages; what they write is tested on both databases beside the rooms.
pytestmark = pytest.mark.strictest

Move = Callable[[timedelta], None]
DAY = timedelta(days=1)


def pieces() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(sa.select(Piece.key_sha, Piece.sha256)).all())


def test_what_a_book_still_uses_stays_and_the_rest_goes(
    app: Flask, order: Order, report: Report, cast: Cast, still_clock: Move
) -> None:
    first = order(formats="pdf")
    flow.run_build(first.id)
    before = pieces()
    shared = store.put(store.read(next(iter(before.values()))), "application/pdf")  # handed in too
    own = store.put(b"surat", "application/pdf").sha256
    db.session.commit()
    still_clock(40 * DAY)
    change(report, "akhir", "text", "<p>Kalimat penutup yang baru.</p>")
    second = order(formats="pdf")
    flow.run_build(second.id)  # uses all pieces of the first but one
    left = {key for key in before if key not in pieces()}
    assert left == set()
    still_clock(25 * DAY)  # 65 days after the first build, 25 after the second
    assert flow.sweep() == []  # the ticker's way
    after = pieces()
    assert before.keys() - after.keys() and before.keys() & after.keys()
    for key in before.keys() - after.keys():
        assert not store.path_of(before[key]).exists()
        assert db.session.get(Blob, before[key]) is None
    for sha in (*after.values(), own, shared.sha256):
        assert store.path_of(sha).is_file()
    assert files(first)["pdf"].startswith(b"%PDF-") and files(second)["pdf"].startswith(b"%PDF-")
    assert store.read(str(first.snapshot_sha))
    third = order(formats="pdf", paper="A4")
    flow.run_build(third.id)
    db.session.refresh(third)
    assert third.state == BuildState.DONE


@pytest.mark.once
def test_a_piece_that_somebody_points_to_loses_its_row_only(
    app: Flask, order: Order, still_clock: Move
) -> None:
    build = order(formats="pdf")
    flow.run_build(build.id)
    db.session.refresh(build)
    sha = build.files[0].sha256  # the same bytes as a piece, by chance
    piece = db.session.scalars(sa.select(Piece)).first()
    piece.sha256 = sha
    db.session.get_one(Blob, sha).media = kept.MEDIA
    db.session.commit()
    done = pruning.prune(clock.now() + DAY)
    assert done.pieces > 1 and pieces() == {}
    assert store.read(sha).startswith(b"%PDF-")


def test_nothing_goes_while_a_build_is_running(app: Flask, order: Order) -> None:
    first = order(formats="pdf")
    flow.run_build(first.id)
    count = len(pieces())
    building.claim(order(formats="docx").id)
    assert pruning.prune(clock.now() + DAY) == pruning.Pruned(0, 0)
    assert len(pieces()) == count


@pytest.mark.once
def test_the_command(app: Flask, order: Order, still_clock: Move) -> None:
    flow.run_build(order(formats="pdf").id)
    run = app.test_cli_runner().invoke
    assert "0 potongan dilepas" in run(args=["store", "prune"]).output
    assert pieces()
    still_clock(2 * DAY)
    answer = run(args=["store", "prune", "--days", "1"])
    assert answer.exit_code == 0 and "MB" in answer.output, answer.output
    assert pieces() == {}
