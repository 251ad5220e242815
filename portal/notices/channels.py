"""Ways out of the house: SMTP, and a spool of SMS that a gateway on this machine empties.

Destinations come from the configuration only. Each sender returns the provider's own id.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from portal.config import Config


class ChannelError(Exception):
    """Nothing was sent; the message says why, for the admin."""


def send(
    config: Config, channel: str, message_id: int, address: str, subject: str, body: str
) -> str:
    """Send one text and return the id that its carrier gave it; raises ChannelError."""
    if channel == "email":
        return _mail(config, message_id, address, subject, body)
    if channel == "sms":
        return _spool(config.instance / "spool" / "sms", message_id, address, body)
    raise ChannelError(f"saluran {channel!r} tidak dikenal")


def _mail(config: Config, message_id: int, address: str, subject: str, body: str) -> str:
    """``smtp://user:password@host:587?from=selaras@contoh.go.id&tls=start|direct|none``."""
    if not config.smtp_url:
        raise ChannelError("SELARAS_SMTP_URL belum diisi")
    url = urlsplit(config.smtp_url)
    query = parse_qs(url.query)
    tls = query.get("tls", ["start"])[0]
    sender = query.get("from", ["selaras@localhost"])[0]
    domain = sender.rpartition("@")[2]
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Selaras <{sender}>", address, subject
    mail["Message-ID"] = f"<selaras-{message_id}@{domain}>"
    mail["Date"] = formatdate(localtime=False)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    context = ssl.create_default_context()
    host, port = url.hostname or "localhost", url.port or (465 if tls == "direct" else 25)
    try:
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(host, port, timeout=20, context=context)
            if tls == "direct"
            else smtplib.SMTP(host, port, timeout=20)
        )
        with server:
            if tls == "start":
                server.starttls(context=context)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelError(f"server e-mail menolak: {error}") from error
    return str(mail["Message-ID"])


def _spool(folder: Path, message_id: int, number: str, text: str) -> str:
    """One JSON file per SMS, complete or absent; the name makes a second write harmless."""
    name = f"sms-{message_id}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({"id": message_id, "to": number, "text": text}, out, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(folder / name)
    except OSError as error:
        raise ChannelError(f"antrean SMS tidak dapat ditulis: {error}") from error
    return name
