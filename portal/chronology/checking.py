"""What stands in the tables against what the record says was written."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from portal.contracts.kinds import StepState
from portal.contracts.models import Contract, Step
from portal.db import db
from portal.trail.models import TrailEntry

FINISHED = "tahapan selesai"
_PART = 500


def mismatches(contract_id: int | None = None) -> list[str]:
    """Finished steps whose date, number or file is not what the record says, in sentences.

    A finished step without an entry tells of an entry that was taken out at the end of a stream.
    Contracts of which the record has no such act at all (laid by an import) are passed over.
    """
    where = [Step.state == StepState.DONE]
    if contract_id is not None:
        where.append(Step.contract_id == contract_id)
    steps = db.session.execute(
        sa.select(Step.id, Step.contract_id, Step.title, Step.done_on, Step.doc_no, Step.sha256,
                  Contract.number)
        .join(Contract, Contract.id == Step.contract_id)
        .where(*where).order_by(Step.id)
    ).all()  # fmt: skip
    said = _said({row.contract_id for row in steps})
    out = []
    for row in steps:
        told = said.get(row.contract_id, {})
        if not told:
            continue
        now = {"tanggal": row.done_on.isoformat() if row.done_on else None, "nomor": row.doc_no,
               "sha256": row.sha256}  # fmt: skip
        last = told.get(f"step:{row.id}")
        place = f"kontrak {row.contract_id} langkah {row.id} ({row.title})"
        if last is None:
            if row.doc_no == row.number:
                continue  # the signing itself: recorded with the contract
            out.append(f"{place}: selesai tanpa catatan riwayat")
        else:
            out += [f"{place}: {key} tidak sama dengan riwayat" for key, value in now.items()
                    if key in last and (last[key] or None) != (value or None)]  # fmt: skip
    return out


def _said(contracts: Collection[int]) -> dict[int, dict[str, dict[str, str | None]]]:
    """What the record says last of each finished step."""
    out: dict[int, dict[str, dict[str, str | None]]] = {}
    names = sorted(f"contract:{n}" for n in contracts)
    for start in range(0, len(names), _PART):
        try:
            rows = db.session.execute(
                sa.select(TrailEntry.stream, TrailEntry.subject, TrailEntry.after)
                .where(TrailEntry.stream.in_(names[start : start + _PART]),
                       TrailEntry.verb == FINISHED)
                .order_by(TrailEntry.seq)
            ).all()  # fmt: skip
        except ValueError:  # an altered byte: the chain itself tells which
            continue
        for stream, subject, after in rows:
            if isinstance(after, dict):
                out.setdefault(int(stream.partition(":")[2]), {})[subject] = {
                    k: str(v)[:120] if v else None for k, v in after.items()
                }
    return out
