"""Telegram and the many others that apprise knows: a channel without proof.

apprise answers yes or no, with neither an id nor a receipt. The service and its secrets are the
operator's; a person's address fills one place and may hold letters, digits and @ . _ - + only.
"""

from __future__ import annotations

import logging
import re
from decimal import Decimal
from importlib import import_module
from urllib.parse import quote

from portal.notices.channels.base import ChannelError, Parcel

_ADDRESS = re.compile(r"[A-Za-z0-9@._+-]{1,64}")


class AppriseGateway:
    """``tgram://{secret}/{address}``: the address of apprise with a place for the person."""

    channel, proof, unofficial = "lain", False, False

    def __init__(self, key: str, url: str, label: str, cost: Decimal = Decimal(0)) -> None:
        self.key, self.label, self.cost, self._url = key, label, cost, url

    def send(self, parcel: Parcel) -> str:
        """The id is always empty: nobody vouches for it."""
        if not _ADDRESS.fullmatch(parcel.address):
            raise ChannelError("alamat tidak dapat dipakai", final=True)
        apprise = import_module("apprise")  # 170 services: loaded when the first message leaves
        sender = apprise.Apprise()
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log the secret address
        if not sender.add(self._url.replace("{address}", quote(parcel.address, safe="@"))):
            raise ChannelError("alamat layanan di channels.yaml tidak dikenal apprise", final=True)
        if not sender.notify(body=parcel.body, title=parcel.subject or "Selaras"):
            raise ChannelError("layanan menolak atau tidak terjangkau", maybe=True)
        return ""
