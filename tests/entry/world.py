"""A small world for the tests of the isian pages: the cast, one format with every kind of part,
one open report. Used by tests/entry with a test client and by tests/browser with a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from portal import clock
from portal.config import ROOT, Config
from portal.db import db
from portal.people.models import Setting
from portal.people.queries import actor_of
from portal.reports import flow_open
from portal.reports.models import Entry, EntryCell, EntryRow
from tests.cast import SINCE, Cast, make_cast

HERE = Path(__file__).parent
KECAMATAN = 40


def templates(folder: Path) -> Path:
    """The house's own workflows and figures with the small format of these tests."""
    made = folder / "templates"
    (made / "lppd").mkdir(parents=True)
    shutil.copy(ROOT / "reports_templates" / "workflows.yaml", made)
    for room in ("figures", "notices", "contracts"):
        shutil.copytree(ROOT / "reports_templates" / room, made / room)
    rows = ",\n".join(
        f"                {{key: k{n}, cells: {{kec: Kecamatan Contoh {n}}}}}"
        for n in range(1, KECAMATAN + 1)
    )
    text = (HERE / "coba.yaml").read_text(encoding="utf-8").replace("[BESAR]", f"[\n{rows}\n]")
    (made / "lppd" / "coba.yaml").write_text(text, encoding="utf-8")
    return made


def config(folder: Path) -> Config:
    """A configuration with a database file of its own."""
    return Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'test.db'}",
        secret_key="only-for-tests",
        templates=templates(folder),
        testing=True,
    )


def people_and_report() -> tuple[Cast, dict[str, int]]:
    """The cast and LPPD 2025; part key -> id of its isian."""
    cast = make_cast()
    db.session.add(Setting(key="demo", valid_from=SINCE, value=True))
    secretariat = actor_of(cast.sekretariat.person_id)
    assert secretariat is not None
    flow_open.open_report("lppd", 2025, actor=secretariat)
    db.session.commit()
    entries = {e.part_key: e.id for e in db.session.scalars(sa.select(Entry))}
    return cast, entries


def long_table(entry_id: int, count: int) -> None:
    """Fill the isian ``kegiatan`` with ``count`` rows u0.., pagu 1.., as if typed before."""
    now = clock.now()
    db.session.add_all(
        EntryRow(entry_id=entry_id, uid=f"u{n}", position=(n + 1) * 1024) for n in range(count)
    )
    for n in range(count):
        for field, value in (("nama", f"Kegiatan {n + 1}"), ("pagu", str(n + 1))):
            db.session.add(EntryCell(
                entry_id=entry_id, row=f"u{n}", field=field, rev=1, value=value, at=now,
                by_label="Rina",
            ))  # fmt: skip
    db.session.commit()
