"""The gateways of this app, and what the admin decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.config import Config
from portal.db import db
from portal.notices.channels.base import Gateway
from portal.notices.channels.push import Target
from portal.notices.channels.setup import Setup, load
from portal.notices.models import Attempt, PushSubscription
from portal.people import queries

#: ``{"off": [...], "accepted": [...], "order": [...]}``, dated and with a basis.
SETTING = "pengingat.saluran"
#: False switches every message off; the inbox stays.
SWITCH = "pesan_aktif"


def _targets(person_id: int) -> list[Target]:
    rows = db.session.scalars(
        sa.select(PushSubscription).where(PushSubscription.person_id == person_id)
        .order_by(PushSubscription.id)
    )  # fmt: skip
    return [Target(one.id, one.endpoint, one.p256dh, one.auth) for one in rows]


def _gone(found: list[int]) -> None:
    db.session.execute(sa.delete(PushSubscription).where(PushSubscription.id.in_(found)))


def setup() -> Setup:
    """The gateways of the configuration, made once per app."""
    config: Config = current_app.config["SELARAS"]
    demo = bool(queries.setting("demo", clock.today(config.zone), False))
    kept = current_app.extensions.get("selaras_channels")
    if kept is None or kept[0] != (config, demo):
        kept = ((config, demo), load(config, demo, _targets, _gone))
        current_app.extensions["selaras_channels"] = kept
    found: Setup = kept[1]
    return found


@dataclass(frozen=True)
class Choice:
    """One gateway with the admin's decision and this month's use."""

    gateway: Gateway
    on: bool
    accepted: bool  # the risk of an unofficial gateway
    sent: int = 0
    spent: Decimal = Decimal(0)


def decided(on: date) -> dict[str, Any]:
    """The admin's decisions in force on ``on``."""
    return queries.setting(SETTING, on, {}) or {}


def in_order(on: date) -> list[Gateway]:
    """Gateways that may send today, in the order of fail-over."""
    own = decided(on)
    off, accepted = set(own.get("off", ())), set(own.get("accepted", ()))
    rank = {key: n for n, key in enumerate(own.get("order", ()))}
    found = [g for g in setup().gateways
             if g.key not in off and (not g.unofficial or g.key in accepted)]  # fmt: skip
    return sorted(found, key=lambda g: rank.get(g.key, len(rank)))


def month_began(today: date) -> datetime:
    """The first instant of this local month."""
    zone = current_app.config["SELARAS"].zone
    return datetime(today.year, today.month, 1, tzinfo=zone).astimezone(UTC)


def spent(today: date) -> Decimal:
    """Rupiah of this month over all gateways; a doubtful attempt counts as well."""
    total = db.session.scalar(
        sa.select(sa.func.sum(Attempt.cost)).where(Attempt.started_at >= month_began(today))
    )
    return total or Decimal(0)


def choices(today: date) -> list[Choice]:
    """Every gateway for the admin's page, in order, with the month's numbers: one query."""
    own = decided(today)
    rows = db.session.execute(
        sa.select(Attempt.gateway, sa.func.count(Attempt.id), sa.func.sum(Attempt.cost))
        .where(Attempt.started_at >= month_began(today), Attempt.accepted_at.is_not(None))
        .group_by(Attempt.gateway)
    )  # fmt: skip
    used = {row[0]: (row[1], row[2] or Decimal(0)) for row in rows}
    rank = {key: n for n, key in enumerate(own.get("order", ()))}
    every = sorted(setup().gateways, key=lambda g: rank.get(g.key, len(rank)))
    return [
        Choice(g, g.key not in own.get("off", ()), g.key in own.get("accepted", ()),
               *used.get(g.key, (0, Decimal(0))))
        for g in every
    ]  # fmt: skip
