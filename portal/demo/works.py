"""Work of the demo: items, weekly progress, files on desks, kendala, a disturbance."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from PIL import Image, ImageDraw
from sqlalchemy.orm import selectinload

from portal import clock, store
from portal.contracts.kinds import ContractState, StepState
from portal.contracts.models import Contract, Step
from portal.db import db
from portal.desks import flow as desks
from portal.desks.kinds import PAYMENT
from portal.people import queries as people
from portal.people import workdays
from portal.people.models import Term
from portal.people.rules import PORTAL, Actor
from portal.works import rules
from portal.works.models import Progress, WorkItem

SEED = "selaras-pekerjaan-1"
_PARTS = (("Persiapan dan mobilisasi", 5, 0, 20), ("Pekerjaan tanah dan pondasi", 30, 10, 50),
          ("Pekerjaan utama", 40, 30, 80), ("Pekerjaan akhir", 20, 60, 95),
          ("Pembersihan dan demobilisasi", 5, 90, 100))  # fmt: skip
_NOTES = ("", "", "Hujan tiga hari", "Material datang terlambat", "Tenaga kerja ditambah", "")
_KENDALA = (
    "Kuitansi belum bermeterai, penyedia diminta melengkapi",
    "Penandatangan sedang dinas luar, surat kuasa diproses",
    "Faktur pajak salah nomor, menunggu penggantian dari penyedia",
)


def load(_db: Any) -> None:
    """Items and weeks of running works, then what happens on the desks."""
    today = people.today()
    rng = random.Random(SEED)  # noqa: S311 - fiction, not a secret
    found = list(
        _db.session.scalars(
            sa.select(Contract).where(Contract.state.in_((ContractState.RUNNING,
                                                          ContractState.DONE)))
            .order_by(Contract.id)
            .options(selectinload(Contract.steps), selectinload(Contract.roles))
        )
    )  # fmt: skip
    for contract in found:
        if contract.type == "konstruksi" and contract.starts_on < today:
            _work(contract, rng, today)
    _db.session.flush()
    _desks(found, rng, today)
    bud = next(holder_of(c, s, today) for c in found for s in c.steps if s.holder == "bud")
    _outage(today, bud or PORTAL)


def _items(contract: Contract, weeks: int) -> list[rules.Item]:
    out = []
    left = contract.net
    for n, (name, share, begin, end) in enumerate(_PARTS, start=1):
        value = left if n == len(_PARTS) else rules.rupiah(contract.net * share / 100)
        left -= value
        first = min(weeks, 1 + weeks * begin // 100)
        out.append(rules.Item(name, value, first, max(first, weeks * end // 100)))
    return out


def _work(contract: Contract, rng: random.Random, today: date) -> None:
    """A plan, and reports of the weeks so far: most near the plan, some behind."""
    weeks = max(rules.weeks_of(contract.starts_on, contract.ends_on), 1)
    items = _items(contract, weeks)
    db.session.add_all(
        WorkItem(contract_id=contract.id, plan=1, position=n, name=i.name, value=i.value,
                 first_week=i.first, last_week=i.last)
        for n, i in enumerate(items, start=1)
    )  # fmt: skip
    plan = rules.planned(items, weeks)
    done = any(s.key in ("selesai", "bast") and s.state == StepState.DONE for s in contract.steps)
    pace = Decimal(rng.choice(("1.02", "1", "0.97", "0.94", "0.90", "0.72")))
    last = min(weeks, rules.week_of(contract.starts_on, today) - 1)
    for week in range(1, last + 1):
        if rng.random() < 0.12 and week not in (1, last):
            continue  # nobody reported
        reached = [_reached(i, week, pace, done and week == last) for i in items]
        db.session.add(Progress(
            contract_id=contract.id, week=week, plan=1,
            on=contract.starts_on + timedelta(days=week * 7 - 1), planned=plan[week - 1],
            actual=rules.actual(items, reached), note=rng.choice(_NOTES), at=clock.now(),
            percents={str(n): str(p) for n, p in enumerate(reached, start=1)},
            by_label="PPTK",
        ))  # fmt: skip


def _reached(item: rules.Item, week: int, pace: Decimal, over: bool) -> Decimal:
    if over:
        return Decimal(100)
    length = item.last - item.first + 1
    part = Decimal(max(week - item.first + 1, 0)) / length * 100 * pace
    return min(Decimal(100), part.quantize(Decimal("0.1")))


def holder_of(contract: Contract, step: Step, today: date) -> Actor | None:
    """Who sits at the desk of a step."""
    role = next((r for r in contract.roles if r.role == step.holder), None)
    row = db.session.scalar(
        sa.select(Term).where(Term.position_id == (role.position_id if role else 0),
                              Term.valid_from <= today,
                              sa.or_(Term.valid_to.is_(None), Term.valid_to >= today))
    )  # fmt: skip
    return people.actor_of(row.person_id, row.position_id) if row else None


def _desks(found: list[Contract], rng: random.Random, today: date) -> None:
    """Some files are received, a few come back, a few desks say what keeps them."""
    is_workday = workdays.calendar().is_workday
    returned = told = 0
    for contract in found:
        for step in [s for s in contract.steps if s.ready_on and s.phase == PAYMENT]:
            who = holder_of(contract, step, today)
            if who is None or step.key == "tagihan":
                continue
            if rng.random() < 0.5:
                desks.receive(contract, step.id, [], "", who, is_workday)
            late = step.due_on is not None and step.due_on < today
            if not late and step.key == "sp2d" and returned < 3:
                desks.give_back(contract, step.id, "bendahara", ["kuitansi", "pajak"],
                                "Meterai dan kode billing", who)  # fmt: skip
                returned += 1
            elif told < len(_KENDALA):
                desks.state_obstacle(contract, step.id, _KENDALA[told],
                                     workdays.add_workdays(today, 3), who)  # fmt: skip
                told += 1


def _outage(today: date, who: Actor) -> None:
    """SIPD was down for two days last month, as BPKAD declared."""
    since = workdays.add_workdays(today - timedelta(days=28), 0)
    kept = store.put(_letter(), "image/png")
    desks.pause(None, "sistem", (since, workdays.add_workdays(since, 1)),
                f"900/77/BPKAD/{since.year}", (kept.sha256, "Pernyataan gangguan SIPD.png"),
                who, note="SIPD tidak dapat dibuka menurut pusat layanan")  # fmt: skip


def _letter() -> bytes:
    """A sheet that says what it is."""
    sheet, out = Image.new("RGB", (620, 877), "white"), io.BytesIO()
    pen = ImageDraw.Draw(sheet)
    for n, line in enumerate(
        ("DATA CONTOH", "", "PERNYATAAN GANGGUAN SIPD", "BPKAD Kabupaten Contoh")
    ):
        pen.text((60, 60 + 24 * n), line, fill="black", font_size=18)
    sheet.save(out, "PNG")
    return out.getvalue()
