"""What every way out of the house has in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

#: Logical channels: a person has one address for each, a message goes over one of them.
CHANNELS = {"email": "E-mail", "sms": "SMS/WhatsApp", "push": "Pemberitahuan di HP",
            "lain": "Telegram dan lain-lain"}  # fmt: skip


class ChannelError(Exception):
    """Not accepted; the message says why, for the admin.

    ``final``: this gateway will never take it (a wrong number). ``maybe``: the line broke after
    the text had left, so that it may have arrived all the same.
    """

    def __init__(self, reason: str, final: bool = False, maybe: bool = False) -> None:
        super().__init__(reason)
        self.final, self.maybe = final, maybe


@dataclass(frozen=True)
class Parcel:
    """One text for one address. ``token`` is new for every attempt."""

    message_id: int
    person_id: int
    address: str
    subject: str
    body: str
    short: str
    token: str
    made_at: datetime
    urgent: bool = False


@dataclass(frozen=True)
class Receipt:
    """What a carrier tells later: ``state`` is delivered, read or failed."""

    provider_id: str
    state: str
    reason: str = ""


class Gateway(Protocol):
    """One way to carry texts of one channel."""

    key: str
    channel: str
    label: str
    cost: Decimal
    proof: bool  # whether it gives an id and receipts
    unofficial: bool  # drives a private account: off until an admin accepts the risk

    def send(self, parcel: Parcel) -> str:
        """Hand the text over and return the carrier's own id; raises ChannelError."""


@dataclass(frozen=True)
class Hook:
    """How receipts of a gateway come in: a secret path, and HMAC where the carrier signs."""

    secret: str = ""
    hmac_secret: str = ""
    hmac_header: str = ""
    verify_token: str = ""  # WhatsApp Cloud asks for it once, with GET
    receipts: dict[str, str] = field(default_factory=dict)
