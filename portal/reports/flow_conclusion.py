"""The simpulan of a Laporan Hasil Reviu: typed by the Inspektorat, kept with the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.people.rules import Actor
from portal.reports import reviewing
from portal.reports.models import Report
from portal.reports.refusal import Refused
from portal.trail.flow import record

#: Key of a report's settings: {"text", "by", "at"}.
KEY = "simpulan_reviu"
MOST = 8000


@dataclass(frozen=True)
class Conclusion:
    """What stands now; ``version`` goes with the form, "" = nobody has written yet."""

    text: str = ""
    by: str = ""
    at: datetime | None = None
    version: str = ""


def conclusion_of(report: Report) -> Conclusion:
    """The simpulan of a report."""
    found = (report.settings or {}).get(KEY)
    if not found:
        return Conclusion()
    return Conclusion(
        found["text"], found["by"], datetime.fromisoformat(found["at"]), found["at"]
    )  # fmt: skip


def conclude(report: Report, text: str, version: str, actor: Actor) -> None:
    """Keep the simpulan; ``version`` is what the page showed, and an older page is refused."""
    if not reviewing.inspects(actor):
        raise Refused("Simpulan ditulis oleh Inspektorat.")
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if len(text) > MOST:
        raise Refused("Simpulan paling banyak 8.000 huruf.")
    db.session.execute(  # the row is taken first, so that two savers queue up
        sa.update(Report).where(Report.id == report.id).values(edition=Report.edition)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.refresh(report)
    before = conclusion_of(report)
    if before.text == text:
        return
    if before.version != version:
        raise Refused(
            f"Simpulan sudah diubah {reviewing.office(before.by)} sejak halaman ini dibuka. "
            "Tidak ada yang tersimpan. Bandingkan, lalu simpan lagi bila perlu.", stale=True,
        )  # fmt: skip
    kept = {k: v for k, v in (report.settings or {}).items() if k != KEY}
    if text:
        at = clock.now().isoformat()
        kept[KEY] = {"text": text, "by": actor.label, "at": at}
    report.settings = kept
    record(f"report:{report.id}", "menulis simpulan reviu", f"report:{report.id}", actor,
           {"simpulan": before.text}, {"simpulan": text})  # fmt: skip
    db.session.flush()
