"""E-mail over SMTP, and a folder of files for the demo."""

from __future__ import annotations

import smtplib
import ssl
from decimal import Decimal
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from portal import files
from portal.notices.channels.base import ChannelError, Parcel

TIMEOUT = 20


class SmtpGateway:
    """``smtp://user:password@host:587?from=selaras@contoh.go.id&tls=start|direct|none``."""

    channel, proof, unofficial = "email", True, False
    cost = Decimal(0)

    def __init__(self, url: str, key: str = "smtp") -> None:
        self.key, self.label = key, "E-mail (SMTP)"
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        self._tls = query.get("tls", ["start"])[0]
        self._from = query.get("from", ["selaras@localhost"])[0]
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls == "direct" else 25)
        self._user, self._password = parts.username, parts.password or ""

    def send(self, parcel: Parcel) -> str:
        """The id is the Message-ID; a break after DATA has begun may have delivered it."""
        mail = letter(parcel, self._from)
        try:
            with self._connect() as server:
                if self._user:
                    server.login(unquote(self._user), unquote(self._password))
                try:
                    server.send_message(mail)
                except smtplib.SMTPRecipientsRefused as error:
                    raise ChannelError(f"alamat e-mail ditolak: {error}", final=True) from error
                except smtplib.SMTPResponseException as error:
                    raise ChannelError(f"server e-mail menolak: {error}") from error
                except (OSError, smtplib.SMTPException) as error:
                    raise ChannelError(f"sambungan e-mail putus: {error}", maybe=True) from error
        except smtplib.SMTPNotSupportedError as error:
            raise ChannelError(
                "server e-mail tidak menawarkan STARTTLS atau kata sandi; periksa tls= pada alamat "
                "SMTP (direct untuk port 465, none hanya di jaringan sendiri)"
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(f"server e-mail menolak: {error}") from error
        return str(mail["Message-ID"])

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._tls == "direct":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        if self._tls == "start":
            try:
                server.starttls(context=context)
            except (OSError, smtplib.SMTPException):
                server.close()
                raise
        return server


def letter(parcel: Parcel, sender: str) -> EmailMessage:
    """The mail of a parcel; one Message-ID per message, so that a second copy is recognised."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Selaras <{sender}>", parcel.address
    mail["Subject"] = " ".join(parcel.subject.split())
    mail["Message-ID"] = f"<selaras-{parcel.message_id}@{sender.rpartition('@')[2]}>"
    mail["Date"] = formatdate(localtime=False)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(parcel.body)
    return mail


def write_file(folder: Path, name: str, text: str) -> None:
    """One complete file or none; writing it again is harmless."""
    try:
        files.write(folder / name, text.encode(), 0o640)
    except OSError as error:
        raise ChannelError(f"berkas pesan tidak dapat ditulis: {error}") from error


class FolderGateway:
    """Mails as files in a folder: what the demo shows instead of sending them."""

    channel, proof, unofficial = "email", False, False
    cost = Decimal(0)

    def __init__(self, folder: Path, key: str = "contoh_email") -> None:
        self.key, self.label, self._folder = key, "E-mail contoh (ditulis ke berkas)", folder

    def send(self, parcel: Parcel) -> str:
        """The id is the file's name."""
        name = f"{parcel.message_id}.eml"
        write_file(self._folder, name, letter(parcel, "selaras@contoh.invalid").as_string())
        return name
