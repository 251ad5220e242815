"""Contract steps on a desk and guarantees that run out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.contracts.kinds import (
    DESK_LABELS,
    HOLDER_LABELS,
    RECORDERS,
    ContractState,
    GuaranteeState,
    StepState,
)
from portal.contracts.kinds import (
    GUARANTEES as GUARANTEE_LABELS,
)
from portal.contracts.models import Contract, ContractRole, Guarantee, Step
from portal.db import db
from portal.desks import queries as desks
from portal.notices import recipients
from portal.notices.sources import Subject, ids

#: A contract of these states is not reminded any more.
_OVER = (ContractState.ENDED, ContractState.DROPPED)


def _roles(contracts: Collection[int]) -> dict[int, dict[str, int]]:
    """Jabatan of each contract by role: one query."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = db.session.execute(
        sa.select(ContractRole.contract_id, ContractRole.role, ContractRole.position_id)
        .where(ContractRole.contract_id.in_(contracts))
    )  # fmt: skip
    for contract_id, role, position_id in rows:
        found[contract_id][role] = position_id
    return found


def _position(roles: Mapping[str, int], holder: str) -> tuple[int, ...]:
    """The jabatan that finishes a step of ``holder``: its own, or who records for it."""
    for role in RECORDERS.get(holder, (holder, "ppk")):
        if role in roles:
            return (roles[role],)
    return ()


def _chunks(found: Collection[int], size: int = 500) -> Iterator[list[int]]:
    every = sorted(found)
    for start in range(0, len(every), size):
        yield every[start : start + size]


class Steps:
    """Open steps that can be worked on now; a joint desk is the holder's."""

    name, ladder = "step", "step"

    def due(self, limit: date, today: date) -> Iterator[Subject]:
        """Cost: the indexes give what is due, whatever else is open.

        A step without a limit of its own is due by its plan: the slack to the next dated step.
        What comes again and again (laporan harian, MC) has no such day and nags nobody.
        """
        planned = (Step.due_on.is_(None), Step.plan_on <= limit, Step.mode != "berkala")
        rows = [*self._rows(today, Step.due_on <= limit),
                *self._rows(today, *planned, Step.plan_on >= Contract.goes_live)]  # fmt: skip
        roles: dict[int, dict[str, int]] = {}
        for some in _chunks({row.contract_id for row in rows}):
            roles.update(_roles(some))
        rests = desks.quiet_until([row.id for row in rows], today)
        for row in rows:
            positions = _position(roles.get(row.contract_id, {}), row.holder)
            if positions:
                yield self._subject(row, positions, rests.get(row.id))

    def _rows(self, today: date, *where: sa.ColumnElement[bool]) -> Sequence[Any]:
        return db.session.execute(
            sa.select(Step.id, Step.title, Step.instance, Step.holder, Step.desk, Step.due_on,
                      Step.plan_on, Step.cycle, Step.reopened, Step.contract_id, Contract.number)
            .join(Contract, Step.contract_id == Contract.id)
            .where(Step.state == StepState.OPEN, *where, Step.ready_on.is_not(None),
                   Contract.goes_live <= today, Contract.state.not_in(_OVER))
            .order_by(Step.due_on, Step.plan_on, Step.id)
        ).all()  # fmt: skip

    def _subject(self, row: Any, positions: tuple[int, ...], rests: date | None) -> Subject:
        words = {"apa": row.title, "nomor": row.number, "meja": desk_words(row.holder, row.desk)}
        return Subject(
            f"step:{row.id}", row.cycle * 100 + row.reopened,
            "step" if row.due_on else "slack", positions, row.due_on or row.plan_on,
            f"/kontrak/{row.contract_id}", words, row.contract_id, quiet_until=rests,
        )  # fmt: skip

    def alive(self, keys: Collection[str]) -> dict[str, int]:
        """Steps that are still open."""
        named, found = ids(keys), {}
        for some in _chunks(named):
            rows = db.session.execute(
                sa.select(Step.id, Step.cycle, Step.reopened)
                .join(Contract, Step.contract_id == Contract.id)
                .where(Step.id.in_(some), Step.state == StepState.OPEN,
                       Step.ready_on.is_not(None), Contract.state.not_in(_OVER))
            )  # fmt: skip
            found.update({named[row.id]: row.cycle * 100 + row.reopened for row in rows})
        return found


def desk_words(holder: str, desk: str) -> str:
    """The desk as a message names it: ``Bendahara Pengeluaran``, without its long form."""
    words = DESK_LABELS.get(desk) or HOLDER_LABELS.get(holder, holder)
    return words.split(" (")[0]


class Guarantees:
    """Guarantees in force whose last day comes near; the PPK sees to them.

    Their limit is ``ends_on``; a guarantee with a new end is a new cycle.
    """

    name, ladder = "guarantee", "guarantee"

    def due(self, limit: date, today: date) -> Iterator[Subject]:
        """Guarantees that end by ``limit``; long ended ones of finished contracts stay out."""
        rows = db.session.execute(
            sa.select(Guarantee.id, Guarantee.kind, Guarantee.ends_on, Guarantee.contract_id,
                      Contract.number)
            .join(Contract, Guarantee.contract_id == Contract.id)
            .where(Guarantee.state == GuaranteeState.VALID, Guarantee.ends_on <= limit,
                   Guarantee.ends_on >= Contract.goes_live, Contract.goes_live <= today,
                   Contract.state == ContractState.RUNNING)
            .order_by(Guarantee.ends_on, Guarantee.id)
        ).all()  # fmt: skip
        roles = _roles({row.contract_id for row in rows}) if rows else {}
        for row in rows:
            positions = _position(roles.get(row.contract_id, {}), "ppk")
            if positions:
                words = {"apa": GUARANTEE_LABELS.get(row.kind, "Jaminan"), "nomor": row.number,
                         "meja": desk_words("ppk", "")}  # fmt: skip
                yield Subject(
                    f"guarantee:{row.id}", row.ends_on.toordinal(), "guarantee", positions,
                    row.ends_on, f"/kontrak/{row.contract_id}", words, row.contract_id,
                )  # fmt: skip

    def alive(self, keys: Collection[str]) -> dict[str, int]:
        """Guarantees that are still in force."""
        named = ids(keys)
        rows = db.session.execute(
            sa.select(Guarantee.id, Guarantee.ends_on)
            .join(Contract, Guarantee.contract_id == Contract.id)
            .where(Guarantee.id.in_(named), Guarantee.state == GuaranteeState.VALID,
                   Contract.state == ContractState.RUNNING)
        )  # fmt: skip
        return {named[row.id]: row.ends_on.toordinal() for row in rows}


class Obstacles:
    """Kendala without an answer: told at once to the direct superior, who accepts it or not."""

    name, ladder = "kendala", "kendala"

    def due(self, limit: date, today: date) -> Iterator[Subject]:  # noqa: ARG002 - a Source
        """Cost: the kendala that wait."""
        rows = desks.waiting_obstacles()
        people = recipients.on(today) if rows else None
        for row in rows:
            found, contract, step = row[0], row[1], row[2]
            above = people.above(row.unit_id, found.position_id) if people else []
            if above:
                words = {"apa": step.title, "nomor": contract.number,
                         "meja": desk_words(step.holder, step.desk)}  # fmt: skip
                yield Subject(f"kendala:{found.id}", 1, "kendala", tuple(above), None, "/kendala",
                              words, contract.id)  # fmt: skip

    def alive(self, keys: Collection[str]) -> dict[str, int]:
        """Kendala that nobody has answered, of steps that are still open."""
        named = ids(keys)
        return {named[row[0].id]: 1 for some in _chunks(named)
                for row in desks.waiting_obstacles(some)}  # fmt: skip


STEPS = Steps()
GUARANTEES = Guarantees()
OBSTACLES = Obstacles()

__all__ = ["GUARANTEES", "OBSTACLES", "STEPS", "desk_words"]
