"""What a Pendamping reads: one or few contracts, by an unguessable address and a password.

No account: an account would have to be named, could be given jabatan, and lives on. An address
opens one access and nothing else, and is asked anew for its term at every request; outside of it
every address is a 404.
"""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, redirect, render_template, request, session, url_for
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from portal.contracts.kinds import HOLDER_LABELS, PHASES, StepState
from portal.contracts.models import Contract, Step
from portal.counsel import flow, queries
from portal.counsel.models import Assistance
from portal.db import db
from portal.people.queries import today
from portal.web.gate import public
from portal.web.login import limiter
from portal.web.outgoing import kept
from portal.works import queries as works

bp = Blueprint("counsel_guest", __name__, url_prefix="/baca")


def _access(secret: str) -> Assistance:
    found = queries.by_secret(secret, today())
    if found is None:
        abort(404)
    return found


def _inside(secret: str) -> Assistance:
    """The access of a guest who gave the password in this browser."""
    found = _access(secret)
    if session.get("pendamping") != found.secret_sha256:
        abort(404)
    return found


@bp.get("/<secret>")
@public
def enter(secret: str) -> str:
    """The password, then the contracts."""
    access = _access(secret)
    if session.get("pendamping") != access.secret_sha256:
        return render_template("counsel/enter.html", secret=secret, error="")
    known = queries.contracts_of([c.contract_id for c in access.contracts])
    return render_template("counsel/guest.html", a=access, secret=secret, known=known)


@bp.post("/<secret>")
@public
@limiter.limit("20 per minute")
def check(secret: str) -> Response | tuple[str, int]:
    """Take the password."""
    access = _access(secret)
    fits = flow.enter(access, request.form.get("sandi", "")[:100].strip())
    db.session.commit()
    if not fits:
        return render_template("counsel/enter.html", secret=secret,
                               error="Sandi belum benar. Mintalah kepada PPK."), 422  # fmt: skip
    session["pendamping"] = access.secret_sha256
    return redirect(url_for("counsel_guest.enter", secret=secret))


def _contract(access: Assistance, contract_id: int) -> Contract:
    if contract_id not in {c.contract_id for c in access.contracts}:
        abort(404)
    found = db.session.scalar(
        sa.select(Contract).where(Contract.id == contract_id)
        .options(selectinload(Contract.steps), selectinload(Contract.billings),
                 selectinload(Contract.addenda))
    )  # fmt: skip
    if found is None:
        abort(404)
    return found


@bp.get("/<secret>/<int:number>")
@public
def show(secret: str, number: int) -> str:
    """Milestones, papers, payments and weeks of one contract; nothing of persons or desks."""
    access = _inside(secret)
    contract = _contract(access, number)
    flow.seen(access, contract.id, "halaman kontrak")
    db.session.commit()
    later = sorted((s for s in contract.steps if s.state != StepState.OPENING),
                   key=lambda s: s.position)  # fmt: skip
    groups = [(PHASES.get(phase, "Tahapan"), list(found))
              for phase, found in groupby(later, key=lambda s: s.phase)]  # fmt: skip
    return render_template(
        "counsel/contract.html", a=access, secret=secret, contract=contract, groups=groups,
        early=[s for s in contract.steps if s.state == StepState.OPENING],
        holders=HOLDER_LABELS, bills={b.instance: b.title for b in contract.billings},
        money=works.money(contract), reports=works.reports(contract.id),
    )  # fmt: skip


@bp.get("/<secret>/<int:number>/<int:item>")
@public
def file(secret: str, number: int, item: int) -> Response:
    """The paper of a step."""
    access = _inside(secret)
    contract = _contract(access, number)
    step: Step | None = next((s for s in contract.steps if s.id == item and s.sha256), None)
    if step is None or not step.sha256:
        abort(404)
    answer = kept(step.sha256, step.file_name)
    flow.seen(access, contract.id, f"berkas langkah {step.id}")
    db.session.commit()
    return answer


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
