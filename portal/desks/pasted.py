"""SP2D pasted from the register of the treasury: which bills they pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from portal.contracts.kinds import StepState
from portal.contracts.models import Billing, Contract, ContractRole, Step
from portal.db import db
from portal.desks import rules
from portal.desks.queries import _parts
from portal.people.rules import Actor


@dataclass(frozen=True)
class Match:
    """A pasted line and the step that it finishes, or why it finishes none."""

    pasted: rules.Pasted
    step: Step | None = None
    contract: Contract | None = None
    note: str = ""


def matches(actor: Actor, pasted: Sequence[rules.Pasted]) -> list[Match]:
    """Which open SP2D steps of the actor's contracts these lines finish: by the number of the
    SPM, else by an amount that only one open file has. Two queries."""
    mine = [h.position_id for h in actor.holdings]
    rows = db.session.execute(
        sa.select(Step, Contract, Billing.amount)
        .join(Contract, Contract.id == Step.contract_id)
        .join(ContractRole, sa.and_(ContractRole.contract_id == Contract.id,
                                    ContractRole.role == Step.holder,
                                    ContractRole.position_id.in_(mine)))
        .outerjoin(Billing, sa.and_(Billing.contract_id == Contract.id,
                                    Billing.instance == Step.instance))
        .where(Step.key == "sp2d", Step.state == StepState.OPEN, Step.ready_on.is_not(None))
        .order_by(Step.id)
    ).all()  # fmt: skip
    spm = _spm_numbers([c.id for _s, c, _a in rows])
    used: set[int] = set()
    files = [(step, contract, amount) for step, contract, amount in rows]
    return [_match(line, files, spm, used) for line in pasted]


def _spm_numbers(contract_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    out: dict[tuple[int, str], str] = {}
    for part in _parts(contract_ids):
        for contract, instance, number in db.session.execute(
            sa.select(Step.contract_id, Step.instance, Step.doc_no).where(
                Step.contract_id.in_(part), Step.key == "spm", Step.doc_no != ""
            )
        ):
            out[contract, instance] = number
    return out


def _plain(number: str) -> str:
    return "".join(number.upper().split())


def _match(
    line: rules.Pasted, rows: Sequence[tuple[Step, Contract, Decimal | None]],
    spm: dict[tuple[int, str], str], used: set[int],
) -> Match:  # fmt: skip
    if line.trouble:
        return Match(line, note=line.trouble)
    free = [(s, c, a) for s, c, a in rows if s.id not in used]
    if line.spm:
        hits = [
            (s, c) for s, c, _ in free
            if _plain(spm.get((s.contract_id, s.instance), "")) == _plain(line.spm)
        ]  # fmt: skip
    else:
        hits = [(s, c) for s, c, a in free if line.amount is not None and a == line.amount]
    if len(hits) > 1:
        return Match(line, note="Lebih dari satu berkas cocok. Isi satu per satu dari antrean.")
    if not hits:
        what = "nomor SPM" if line.spm else "jumlah"
        return Match(line, note=f"Tidak ada berkas di antrean dengan {what} ini.")
    used.add(hits[0][0].id)
    return Match(line, hits[0][0], hits[0][1])
