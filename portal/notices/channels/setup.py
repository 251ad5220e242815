"""Which gateways this installation has: from the environment and from the operator's file.

``SELARAS_SMTP_URL`` and ``SELARAS_SMS_URL`` (smsd:///folder) are the short way; everything else
stands in ``instance/channels.yaml``, which only the operator of the machine can write::

    gateways:
      - {key: sms1, form: zenziva, url: "https://console.zenziva.net/reguler/api/sendsms/",
         secrets: {userkey: "...", passkey: "..."}, cost: 350, hook: {secret: "40 random letters"}}
      - {key: telegram, apprise: "tgram://TOKEN/{address}", label: Telegram}
    push: {contact: "mailto:admin@contohkab.go.id"}

The order of the file is the order of fail-over, until an admin changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal import yamlfile
from portal.config import Config
from portal.notices.channels.base import Gateway, Hook
from portal.notices.channels.mail import FolderGateway, SmtpGateway
from portal.notices.channels.other import AppriseGateway
from portal.notices.channels.push import HOSTS, PushGateway, Target
from portal.notices.channels.smsd import SmsdGateway
from portal.notices.channels.web import HttpGateway
from portal.yamlfile import FileError

SHORTEST_SECRET = 20


class SetupError(Exception):
    """channels.yaml cannot be used; the message says which entry and why."""


@dataclass(frozen=True)
class Setup:
    """The gateways in the order of fail-over, and what web push needs."""

    gateways: tuple[Gateway, ...]
    push_hosts: tuple[str, ...] = ()
    push_contact: str = ""
    vapid: Path = Path()
    hooks: Mapping[str, HttpGateway] = field(default_factory=dict)  # secret -> gateway

    def of(self, key: str) -> Gateway | None:
        """The gateway of that key."""
        return next((g for g in self.gateways if g.key == key), None)


def load(
    config: Config, demo: bool, targets: Callable[[int], list[Target]],
    gone: Callable[[list[int]], None],
) -> Setup:  # fmt: skip
    """All gateways; in a demo without any, folders stand in for SMS and e-mail."""
    raw = _file(config)
    found: list[Gateway] = [
        _gateway(one, config.templates / "notices" / "gateways") for one in raw.get("gateways", [])
    ]
    if config.sms_url:
        found.append(_smsd(config.sms_url))
    if config.smtp_url:
        found.append(SmtpGateway(config.smtp_url))
    channels = {one.channel for one in found}
    if demo and "sms" not in channels:
        found.append(SmsdGateway(config.instance / "spool" / "sms", "contoh_sms",
                                 label="SMS contoh (ditulis ke berkas)"))  # fmt: skip
    if demo and "email" not in channels:
        found.append(FolderGateway(config.instance / "spool" / "mail"))
    push = raw.get("push", {})
    hosts, contact = tuple(push.get("hosts", HOSTS)), push.get("contact", "")
    vapid = config.instance / "vapid.pem"
    if contact:
        found.append(PushGateway(vapid, contact, hosts, targets, gone))
    keys = [one.key for one in found]
    if len(set(keys)) < len(keys):
        raise SetupError("channels.yaml: dua gateway memakai key yang sama")
    hooks = {g.hook.secret: g for g in found if isinstance(g, HttpGateway) and g.hook.secret}
    return Setup(tuple(found), hosts if contact else (), contact, vapid, hooks)


def _file(config: Config) -> Mapping[str, Any]:
    path = Path(config.channels_file) if config.channels_file else config.instance / "channels.yaml"
    if not path.exists():
        return {}
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Mapping[str, Any]:
    try:
        raw = yamlfile.load(path) or {}
    except (OSError, FileError) as error:
        raise SetupError(f"{path.name}: {error}") from error
    if not isinstance(raw, dict):
        raise SetupError(f"{path.name}: a mapping with gateways and push is expected")
    return raw


def _gateway(one: Mapping[str, Any], forms: Path) -> Gateway:
    key = str(one.get("key", ""))
    try:
        if not key.replace("_", "").isalnum() or len(key) > 40:
            raise SetupError("key: letters, digits and _ only")
        cost = Decimal(str(one.get("cost", 0)))
        if "apprise" in one:
            return AppriseGateway(key, one["apprise"], one.get("label", key), cost)
        if "smsd" in one:
            return SmsdGateway(Path(one["smsd"]), key, cost)
        if "smtp" in one:
            return SmtpGateway(one["smtp"], key)
        form = _form(forms, str(one["form"]))
        url = str(one["url"])
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise SetupError("url: https only")
        hook = one.get("hook", {})
        secret = str(hook.get("secret", ""))
        if secret and (len(secret) < SHORTEST_SECRET or not secret.isalnum()):
            raise SetupError(f"hook.secret: at least {SHORTEST_SECRET} letters and digits")
        return HttpGateway(key, form, url, {k: str(v) for k, v in one.get("secrets", {}).items()},
                           cost, Hook(secret, str(hook.get("hmac", "")),
                                      form.get("receipt", {}).get("signature", ""),
                                      str(hook.get("verify", ""))))  # fmt: skip
    except (KeyError, TypeError, InvalidOperation, ValueError) as error:
        raise SetupError(f"channels.yaml, gateway {key or '?'}: {error!r}") from error
    except SetupError as error:
        raise SetupError(f"channels.yaml, gateway {key or '?'}: {error}") from error


def _form(folder: Path, name: str) -> Mapping[str, Any]:
    path = folder / f"{name}.yaml"
    if not name.replace("_", "").isalnum() or not path.exists():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yaml")))
        raise SetupError(f"form: {name!r} is unknown; there are {known}")
    found: Mapping[str, Any] = yamlfile.load(path)
    return found


def _smsd(url: str) -> SmsdGateway:
    parts = urlsplit(url)
    if parts.scheme not in {"smsd", "file"} or not parts.path.startswith("/"):
        raise SetupError("SELARAS_SMS_URL must be smsd:///folder/of/gammu; HTTP gateways stand in "
                         "channels.yaml")  # fmt: skip
    return SmsdGateway(Path(parts.path))
