"""Writers and reads of the practice; callers commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal import clock
from portal.db import changed_rows, db
from portal.people.models import Position, Term
from portal.people.rules import GRANTS, Actor, Permission, Role
from portal.practice import rules
from portal.practice.models import PracticeRun


def run_of(actor: Actor) -> PracticeRun | None:
    """The trainee's own sandbox."""
    return db.session.scalar(sa.select(PracticeRun).where(PracticeRun.person_id == actor.person_id))


def do(actor: Actor, step: int, form: Mapping[str, str], today: date) -> bool:
    """Finish lesson ``step``; False when it was finished already (a second click)."""
    run = run_of(actor) or _begin(actor)
    if step != run.step or step >= rules.STEPS:
        return False
    line = rules.read(step, form, today)
    done = step + 1 == rules.STEPS and run.finished_at is None
    changed = changed_rows(
        sa.update(PracticeRun).where(PracticeRun.id == run.id, PracticeRun.step == step)
        .values(step=step + 1, typed=[*run.typed, line],
                **({"finished_at": clock.now()} if done else {}))
    )  # fmt: skip
    db.session.refresh(run)
    return changed == 1


def _begin(actor: Actor) -> PracticeRun:
    run = PracticeRun(person_id=actor.person_id, unit_id=actor.unit_id, typed=[],
                      started_at=clock.now())  # fmt: skip
    db.session.add(run)
    db.session.flush()
    return run


def reset(actor: Actor) -> None:
    """Begin anew; that it was finished once stays known, as a number."""
    run = run_of(actor)
    if run is not None:
        run.step, run.typed = 0, []


@dataclass(frozen=True)
class Adopted:
    """Of one Perangkat Daerah: how many work with contracts, began, finished. No names."""

    unit_id: int
    people: int
    begun: int
    finished: int


def adoption(today: date) -> list[Adopted]:
    """Per Perangkat Daerah; two queries. A kepala signs as PA and is no trainee."""
    roles = [r for r, granted in GRANTS.items()
             if Permission.CONTRACT_WRITE in granted and r != Role.KEPALA]  # fmt: skip
    people = db.session.execute(
        sa.select(Position.unit_id, sa.func.count(sa.distinct(Term.person_id)))
        .join(Term, Term.position_id == Position.id)
        .where(Position.role.in_(roles), Term.valid_from <= today,
               sa.or_(Term.valid_to.is_(None), Term.valid_to >= today))
        .group_by(Position.unit_id)
    ).all()  # fmt: skip
    runs = {
        unit: (begun, finished)
        for unit, begun, finished in db.session.execute(
            sa.select(PracticeRun.unit_id, sa.func.count(),
                      sa.func.count(PracticeRun.finished_at)).group_by(PracticeRun.unit_id)
        )
    }  # fmt: skip
    return [Adopted(unit, count, *runs.get(unit, (0, 0))) for unit, count in people]
