"""Write contracts: register one, finish a step, re-plan what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.clock import IsWorkday
from portal.contracts import rules, templates
from portal.contracts.models import Contract, ContractRole, Step, StepPlan, StepState
from portal.db import changed_rows, db
from portal.people.rules import Actor
from portal.trail import flow as trail


class Refused(Exception):
    """The act is not possible; the message is a sentence for the user."""


@dataclass(frozen=True)
class NewContract:
    """What the short form asks; ``last_done`` is the last step finished before the portal."""

    unit_id: int
    number: str
    title: str
    type: str
    template: str
    value: Decimal
    fund: str
    vendor: str
    signed_on: date
    starts_on: date
    ends_on: date
    roles: dict[str, int]  # role -> position
    last_done: str = ""


def template_of(key: str) -> templates.Template:
    """The template of that key; Refused when the region has none."""
    folder = current_app.config["SELARAS"].templates / "contracts"
    try:
        return templates.load(folder)[key]
    except KeyError as error:
        raise Refused("Jenis tahapan kontrak tidak dikenal. Pilih dari daftar.") from error


def register(new: NewContract, actor: Actor, is_workday: IsWorkday) -> Contract:
    """Enter a contract with its tonggak and their first plan.

    Steps up to ``last_done`` become Data awal: no lateness, no notice, charged to nobody.
    """
    if new.ends_on < new.starts_on:
        raise Refused("Tanggal selesai kontrak mendahului tanggal mulai. Periksa kedua tanggal.")
    if new.value <= 0:
        raise Refused("Nilai kontrak harus lebih dari nol. Contoh: 150.000.000,00")
    taken = sa.select(Contract.id).where(
        Contract.unit_id == new.unit_id, Contract.number == new.number
    )
    if db.session.scalar(taken):
        raise Refused(f"Kontrak nomor {new.number} sudah terdaftar pada perangkat daerah ini.")
    template = template_of(new.template)
    missing = {s.holder for s in template.stages} - set(new.roles)
    if missing:
        raise Refused("Pejabat pemegang tahapan belum lengkap. Pilih pejabat untuk setiap peran.")
    contract = Contract(
        unit_id=new.unit_id, number=new.number, title=new.title, type=new.type,
        method=template.method, template=template.key, value=new.value, fund=new.fund,
        vendor=new.vendor, signed_on=new.signed_on, starts_on=new.starts_on, ends_on=new.ends_on,
        goes_live=clock.today(current_app.config["SELARAS"].zone), created_at=clock.now(),
    )  # fmt: skip
    db.session.add(contract)
    db.session.flush()
    for role, position_id in sorted(new.roles.items()):
        db.session.add(ContractRole(contract_id=contract.id, role=role, position_id=position_id))
    _add_steps(contract, template, new.last_done, is_workday)
    trail.record(f"contract:{contract.id}", "didaftarkan", f"contract:{contract.id}", actor,
                 after={"nomor": new.number, "tahapan": template.key})  # fmt: skip
    return contract


def _add_steps(
    contract: Contract, template: templates.Template, last_done: str, is_workday: IsWorkday
) -> None:
    due = rules.plan(template.stages, contract.signed_on, contract.ends_on, {}, is_workday)
    keys = [stage.key for stage in template.stages]
    opening = keys[: keys.index(last_done) + 1] if last_done in keys else []
    for position, stage in enumerate(template.stages, start=1):
        step = Step(
            contract_id=contract.id, key=stage.key, position=position, title=stage.title,
            holder=stage.holder, basis=stage.basis, due_on=due[stage.key],
            state=StepState.OPENING if stage.key in opening else StepState.OPEN,
        )  # fmt: skip
        db.session.add(step)
        db.session.flush()
        db.session.add(StepPlan(step_id=step.id, version=1, due_on=step.due_on, at=clock.now()))


def finish(
    contract: Contract,
    step_id: int,
    done_on: date,
    doc_no: str,
    actor: Actor,
    is_workday: IsWorkday,
    file: tuple[str, str] | None = None,
) -> Step:
    """Finish the step that lies on a desk: date, number, file (SHA-256, name).

    A stale page (somebody finished it already) is refused; what follows gets new dates.
    """
    current = current_step(contract)
    if current is None or current.id != step_id:
        raise Refused("Tahapan ini sudah diselesaikan atau belum gilirannya. Muat ulang halaman.")
    if done_on > clock.today(current_app.config["SELARAS"].zone):
        raise Refused("Tanggal selesai tidak boleh di masa depan. Isi tanggal dokumen.")
    if done_on < contract.signed_on:
        raise Refused("Tanggal selesai mendahului tanggal kontrak. Periksa tanggal dokumen.")
    if not doc_no.strip():
        raise Refused("Nomor dokumen wajib diisi. Contoh: 900/12/SPP-LS/2026")
    sha, name = file or (None, "")
    changed = changed_rows(
        sa.update(Step)
        .where(Step.id == step_id, Step.state == StepState.OPEN)
        .values(state=StepState.DONE, done_on=done_on, doc_no=doc_no.strip(), sha256=sha,
                file_name=name, done_by=actor.label)
    )  # fmt: skip
    if changed == 0:
        raise Refused("Tahapan ini baru saja diselesaikan orang lain. Muat ulang halaman.")
    db.session.refresh(current)
    after = {"tanggal": done_on.isoformat(), "nomor": doc_no.strip(), "sha256": sha}
    trail.record(
        f"contract:{contract.id}", "tahapan selesai", f"step:{step_id}", actor, None, after
    )
    _replan(contract, is_workday, f"{current.title} selesai {done_on.isoformat()}")
    return current


def current_step(contract: Contract) -> Step | None:
    """The first open step: the one that lies on a desk."""
    return next((s for s in contract.steps if s.state == StepState.OPEN), None)


def _replan(contract: Contract, is_workday: IsWorkday, reason: str) -> None:
    """New due dates for what is open, from what was done; the old plan stays as a row."""
    template = template_of(contract.template)
    done = {s.key: s.done_on for s in contract.steps if s.done_on is not None}
    due = rules.plan(template.stages, contract.signed_on, contract.ends_on, done, is_workday)
    moved = [s for s in contract.steps if s.state == StepState.OPEN and s.due_on != due[s.key]]
    if not moved:
        return
    contract.plan_version += 1
    for step in moved:
        step.due_on = due[step.key]
        db.session.add(
            StepPlan(step_id=step.id, version=contract.plan_version, due_on=step.due_on,
                     reason=reason, at=clock.now())
        )  # fmt: skip
    db.session.flush()
