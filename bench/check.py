"""The check of all reports of a year: seconds on the demo, and growth. Run: python -m bench.check.

Prints CPU seconds of gathering and of the rules on the demo as it stands, then of the rules and the
gathering on 1, 2 and 4 times the data (isian, rows, cells and texts repeated), with the ratio to
what linear growth would give (1.00 is linear).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.app import create_app
from portal.checks import gather, queries, rules, spec
from portal.checks.sheet import Sheet, TableIn, TextIn
from portal.config import Config
from portal.db import db
from portal.demo import load
from portal.reports.models import EntryCell, EntryRow

YEAR = 2025
MOST_SECONDS = 3.0


def seconds(work: Callable[[], Any], times: int = 3) -> float:
    """The best CPU time of some runs; what else the machine does counts less than by the clock."""
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def stretched(sheet: Sheet, factor: int) -> Sheet:
    """The sheet with its tables and texts ``factor`` times, each copy an isian of its own."""

    def again(found: tuple[TableIn, ...]) -> tuple[TableIn, ...]:
        return tuple(
            replace(t, entry_id=t.entry_id * 100 + n, topic=f"{t.topic}{n or ''}")
            for n in range(factor) for t in found
        )  # fmt: skip

    texts: tuple[TextIn, ...] = tuple(
        replace(t, entry_id=t.entry_id * 100 + n) for n in range(factor) for t in sheet.texts
    )
    return replace(
        sheet, texts=texts, tables={k: again(v) for k, v in sheet.tables.items()},
        old_tables={k: again(v) for k, v in sheet.old_tables.items()},
    )  # fmt: skip


def double_rows(mark: str) -> None:
    """Write every row of the isian once more, under a name that ends with ``mark``."""
    for model, name in ((EntryRow, "uid"), (EntryCell, "row")):
        names = [c.key for c in model.__table__.columns if c.key != "id"]
        query = sa.select(*(getattr(model, n) for n in names)).where(getattr(model, name) != "")
        rows = [row._asdict() for row in db.session.execute(query)]
        copies = [{**row, name: f"{row[name]}{mark}"} for row in rows]
        db.session.execute(sa.insert(model), copies)
    db.session.commit()


def main() -> None:
    """Measure and print; ends with 1 when the demo takes longer than it may."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(instance=Path(folder), database_url=f"sqlite:///{folder}/b.db",
                                secret_key="bench", testing=True))  # noqa: S106 # fmt: skip
        with app.app_context():
            db.create_all()
            load.load_all()
            db.session.commit()
            whole = seconds(lambda: queries.check_year(YEAR))
            sheet = gather.sheet(YEAR)
            notes = rules.check(sheet, spec.reuse(), spec.rules())
            print(f"check of all reports of {YEAR} on the demo: {whole:.2f} s CPU, "
                  f"{len(notes)} notes (at most {MOST_SECONDS:.0f} s)")  # fmt: skip
            given, knows = spec.reuse(), spec.rules()
            base = 0.0
            for factor in (1, 2, 4):
                big = stretched(sheet, factor)
                took = seconds(lambda big=big: rules.check(big, given, knows))  # type: ignore[misc]
                base = base or took
                print(f"rules on {factor}x: {took:.2f} s, {took / base / factor:.2f} of linear")
            base = 0.0
            for factor in (1, 2, 4):
                if factor > 1:
                    double_rows(f"~{factor}")
                took = seconds(lambda: gather.sheet(YEAR), 2)
                base = base or took
                print(f"gathering of {factor}x: {took:.2f} s, {took / base / factor:.2f} of linear")
            sys.exit(whole > MOST_SECONDS)


if __name__ == "__main__":
    main()
