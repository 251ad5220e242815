"""SMS through the spool of gammu-smsd (its FILES service): a modem on this machine.

The name of a file in ``outbox`` carries priority, time, serial, number and a note; the daemon
moves it to ``sent`` or ``error``. (gammu-smsd-files(7))
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from portal.notices.channels.base import ChannelError, Parcel, Receipt
from portal.notices.channels.mail import write_file


class SmsdGateway:
    """``smsd:///var/spool/gammu``: outbox, sent and error lie in that folder."""

    channel, proof, unofficial = "sms", True, False

    def __init__(self, folder: Path, key: str = "smsd", cost: Decimal = Decimal(0),
                 label: str = "SMS lewat modem (gammu-smsd)") -> None:  # fmt: skip
        self.key, self.cost, self.label, self.folder = key, cost, label, folder

    def send(self, parcel: Parcel) -> str:
        """The id is the file's note; the same message has the same name, hence one file.

        Dates in the name are UTC of the message's making, so that a second attempt finds it.
        """
        number = parcel.address
        if not number.removeprefix("+").isdigit():
            raise ChannelError("nomor HP tidak dapat dibaca", final=True)
        note = f"selaras{parcel.message_id}"
        at = parcel.made_at
        name = f"OUT{'A' if parcel.urgent else 'C'}{at:%Y%m%d_%H%M%S}_00_{number}_{note}.txt"
        write_file(self.folder / "outbox", name, parcel.short)
        return note

    def _found(self, where: str) -> Iterator[Path]:
        folder = self.folder / where
        return folder.glob("OUT*_selaras*.*") if folder.is_dir() else iter(())

    def receipts(self) -> Iterator[Receipt]:
        """What the daemon has moved since: ``error`` is a failure, ``sent`` means on the air."""
        for path in self._found("error"):
            yield Receipt(_note(path), "failed", "modem menolak nomor atau tidak ada pulsa")
        for path in self._found("sent"):
            yield Receipt(_note(path), "carried")


def _note(path: Path) -> str:
    return path.name.rsplit("_", 1)[1].split(".")[0]
