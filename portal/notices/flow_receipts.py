"""Receipts: what carriers tell later. A state only ever moves forward."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.notices import gateways
from portal.notices.channels.base import Receipt
from portal.notices.channels.smsd import SmsdGateway
from portal.notices.flow_send import contracts_of, facts
from portal.notices.models import Attempt, Message, MessageState
from portal.notices.telling import stream_of
from portal.people.rules import PORTAL
from portal.trail import flow as trail

VERBS = {"delivered": "pesan sampai", "read": "pesan dibaca", "failed": "pesan tidak sampai"}


def take(gateway: str, receipts: Iterable[Receipt]) -> int:
    """Write receipts of one gateway; unknown ids and repeated ones change nothing. Flushes."""
    changed = 0
    for receipt in receipts:
        attempt = db.session.scalar(
            sa.select(Attempt)
            .where(Attempt.gateway == gateway, Attempt.provider_id == receipt.provider_id)
            .order_by(Attempt.id.desc()).limit(1).with_for_update()
        )  # fmt: skip
        if attempt is not None and receipt.provider_id:
            changed += _write(attempt, receipt)
    return changed


def _write(attempt: Attempt, receipt: Receipt) -> bool:
    now = clock.now()
    message = db.session.get_one(Message, attempt.message_id)
    if attempt.accepted_at is None and receipt.state != "failed":
        attempt.accepted_at = now  # the carrier had it, though its answer was lost
        attempt.error = ""
    if receipt.state in {"delivered", "read"}:
        fresh = _arrived(attempt, message, receipt.state == "read")
    elif receipt.state == "failed":
        fresh = _lost(attempt, message, receipt.reason)
    else:
        return False
    if fresh:
        db.session.flush()
        for contract_id, subjects in contracts_of(message.id).items():
            trail.record(stream_of(contract_id), VERBS[receipt.state], f"message:{message.id}",
                         PORTAL, None, facts(message, attempt, subjects))  # fmt: skip
    return fresh


def _arrived(attempt: Attempt, message: Message, read: bool) -> bool:
    now, fresh = clock.now(), False
    if attempt.delivered_at is None:
        attempt.delivered_at, fresh = now, True
    if read and attempt.read_at is None:
        attempt.read_at, fresh = now, True
    if message.state not in {MessageState.READ, MessageState.SENDING}:
        message.state = MessageState.READ if read else MessageState.DELIVERED
        message.not_before = None
    return fresh


def _lost(attempt: Attempt, message: Message, reason: str) -> bool:
    """The carrier gives up: over to the next gateway, unless another attempt is further."""
    if attempt.failed_at is not None or attempt.delivered_at is not None:
        return False
    attempt.failed_at = clock.now()
    attempt.error = (reason or "penyedia tidak dapat menyampaikan")[:500]
    newest = max(one.n for one in message.attempts)
    if message.state == MessageState.SENT and attempt.n == newest:
        message.state, message.not_before = MessageState.WAITING, None
    return True


def sweep_spools() -> int:
    """Receipts of modems on this machine: the folders that gammu-smsd fills. Flushes."""
    changed = 0
    for gateway in gateways.setup().gateways:
        if isinstance(gateway, SmsdGateway):
            failed = (r for r in gateway.receipts() if r.state == "failed")
            changed += take(gateway.key, failed)
    return changed
