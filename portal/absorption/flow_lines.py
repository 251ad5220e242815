"""Writes of the RAK rinci: rows per sub kegiatan and source of money, versions, sums."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa

from portal.absorption import rules
from portal.absorption.flow import version
from portal.absorption.models import RakChange, RakLine, RakSum, RakVersion
from portal.absorption.rules import ZERO
from portal.budget.queries import spelled
from portal.contracts.flow import Refused
from portal.db import db
from portal.people.rules import Actor
from portal.trail import flow as trail

Key = tuple[str, str]  # sub kegiatan, source of money
Rows = Mapping[Key, Sequence[Decimal]]
_SUB = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4}){4,6}")
MOST = Decimal("1e15")


def lines_of(year: int, unit_id: int) -> dict[Key, list[Decimal]]:
    """The RAK rinci in force: (sub kegiatan, source) -> January to December; one query."""
    rows = db.session.scalars(
        sa.select(RakLine).where(RakLine.year == year, RakLine.unit_id == unit_id)
    )
    found = {(r.sub_code, r.fund): [Decimal(m) for m in r.months] for r in rows}
    return {key: found[key] for key in sorted(found)}


def set_lines(
    year: int, unit_id: int, rows: Rows, paper: tuple[str, str], actor: Actor, *,
    whole: bool = False,
) -> RakVersion | None:  # fmt: skip
    """A new version of the RAK rinci of a unit; None when it says what is in force already.

    ``rows`` replace the rows of the same sub kegiatan and source; twelve zeros take one off.
    ``whole``: rows that are not given are taken off. ``paper``: number of the DPA, DPPA or letter,
    and a note; both are asked for where the cumulative target of any row goes down.
    """
    before = lines_of(year, unit_id)
    after: dict[Key, tuple[Decimal, ...]] = dict.fromkeys(before, ()) if whole else {}
    for key, given in rows.items():
        after[key] = tuple(given) if any(given) else ()
        _check(key, given)
    changed = {k: v for k, v in after.items() if list(v) != before.get(k, [])}
    if not changed:
        return None
    down = {k for k, v in changed.items()
            if k in before and rules.lowered(before[k], v or (ZERO,) * 12)}  # fmt: skip
    document, note = (text.strip() for text in paper)
    if down and not (document and note):
        raise Refused(_needs_paper(down))
    _write(year, unit_id, changed)
    resum(year, unit_id)
    now = lines_of(year, unit_id)
    made = version(year, unit_id, _added(now), actor.label, actor.term_id, rules.FINE)
    made.document, made.note = document[:200], note[:600]
    db.session.add_all(
        RakChange(version_id=made.id, sub_code=sub, fund=fund,
                  before=_spelled(before.get((sub, fund), ())), after=_spelled(given))
        for (sub, fund), given in sorted(changed.items())
    )  # fmt: skip
    was = {"bulan": _spelled(_added(before)), "diturunkan": _told(down, before)}
    new = {"bulan": made.months, "baris": len(now), "berubah": len(changed),
           "diturunkan": _told(down, changed)}  # fmt: skip
    trail.record(f"rak:{year}:{unit_id}", "menetapkan RAK rinci",
                 f"rak:{year}:{unit_id}:{made.n}", actor, was, new)  # fmt: skip
    db.session.flush()
    return made


def _check(key: Key, given: Sequence[Decimal]) -> None:
    sub, fund = key
    if not _SUB.fullmatch(sub):
        raise Refused(f"Kode sub kegiatan “{sub[:40]}” belum benar. Contoh: 1.03.10.2.01.0005")
    if not fund.strip() or len(fund) > 60:
        raise Refused("Sumber dana wajib diisi. Contoh: PEN")
    if len(given) != 12 or any(not 0 <= m < MOST for m in given):
        raise Refused("RAK memuat 12 bulan dan tidak boleh negatif.")


def _needs_paper(down: set[Key]) -> str:
    sub, fund = min(down)
    more = f" dan {len(down) - 1} baris lain" if len(down) > 1 else ""
    return (f"Target kumulatif turun pada {sub} ({fund}){more}. Isi dasar perubahan (nomor DPPA "
            "atau surat) dan keterangannya.")  # fmt: skip


def _write(year: int, unit_id: int, changed: Mapping[Key, Sequence[Decimal]]) -> None:
    stored = {
        (r.sub_code, r.fund): r
        for r in db.session.scalars(
            sa.select(RakLine).where(RakLine.year == year, RakLine.unit_id == unit_id)
        )
    }
    for (sub, fund), months in changed.items():
        row = stored.get((sub, fund))
        if row is not None and not months:
            db.session.delete(row)
        elif row is not None:
            row.months = _spelled(months)
        elif months:
            db.session.add(RakLine(year=year, unit_id=unit_id, sub_code=sub, fund=fund,
                                   months=_spelled(months)))  # fmt: skip
    db.session.flush()


def resum(year: int, unit_id: int) -> None:
    """The sums of a unit from its rows, by program and source of money."""
    sums: dict[tuple[str, str, int], Decimal] = {}
    for (sub, fund), months in lines_of(year, unit_id).items():
        for month, amount in enumerate(months, start=1):
            key = (program_of(sub), fund, month)
            sums[key] = sums.get(key, ZERO) + amount
    db.session.execute(sa.delete(RakSum).where(RakSum.year == year, RakSum.unit_id == unit_id))
    if sums:
        db.session.execute(sa.insert(RakSum), [
            {"year": year, "unit_id": unit_id, "program": p, "fund": f, "month": m, "amount": a}
            for (p, f, m), a in sums.items()
        ])  # fmt: skip


def program_of(sub: str) -> str:
    """The program of a sub kegiatan: 1.03.10.2.01.0005 is of 1.03.10."""
    return ".".join(sub.split(".")[:3])[:20]


def _added(rows: Rows) -> list[Decimal]:
    return [sum(month, ZERO) for month in zip(*rows.values(), strict=True)] or [ZERO] * 12


def _spelled(months: Sequence[Decimal]) -> list[str]:
    return [spelled(m) for m in months]


def _told(keys: set[Key], rows: Rows) -> dict[str, list[str]]:
    return {f"{sub} {fund}": _spelled(rows[sub, fund]) for sub, fund in sorted(keys)}
