"""Web push with keys of our own; the push services that may be called are a list."""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from portal.notices.channels.base import ChannelError, Parcel

#: Push services of the browsers in use; a star stands for one or more labels of the name.
HOSTS = ("fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com",
         "*.notify.windows.com")  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One browser."""

    id: int
    endpoint: str
    p256dh: str
    auth: str


def allowed(endpoint: str, hosts: Iterable[str]) -> bool:
    """Whether a push service may be called: https and on the list, or loopback by name."""
    try:
        url = urlsplit(endpoint)
        port = url.port
    except ValueError:
        return False
    if url.username or url.password or not url.hostname:
        return False
    for host in hosts:
        if host.startswith("http://127.0.0.1:"):
            if endpoint.startswith(host + "/"):
                return True
        elif url.scheme == "https" and port in (None, 443) and (
            url.hostname == host or (host.startswith("*.") and url.hostname.endswith(host[1:]))
        ):  # fmt: skip
            return True
    return False


def keys(path: Path) -> Vapid02:
    """This portal's VAPID keys, made once, readable by its owner only."""
    if not path.exists():
        made = Vapid02()
        made.generate_keys()
        temporary = path.with_suffix(f".{os.getpid()}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(made.private_pem())
        try:
            os.link(temporary, path)  # the first of two wins
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return Vapid02.from_file(str(path))


def public_key(path: Path) -> str:
    """The public key as browsers want it: base64url without padding."""
    raw = keys(path).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class PushGateway:
    """Sends to every browser that the person has let in; one that took it is enough."""

    channel, proof, unofficial = "push", True, False
    cost = Decimal(0)

    def __init__(
        self, key_file: Path, contact: str, hosts: Iterable[str],
        targets: Callable[[int], list[Target]], gone: Callable[[list[int]], None],
        key: str = "push",
    ) -> None:  # fmt: skip
        self.key, self.label = key, "Pemberitahuan di HP (web push)"
        self._file, self._contact, self._hosts = key_file, contact, tuple(hosts)
        self._targets, self._gone = targets, gone
        self._session = requests.Session()
        self._session.max_redirects = 0  # an allowed host must not send us to another

    def send(self, parcel: Parcel) -> str:
        """The id is a token of this attempt: the browser gives it back as its receipt."""
        data = json.dumps({"title": "Selaras", "body": parcel.short, "url": "/pesan",
                           "token": parcel.token}, ensure_ascii=False)  # fmt: skip
        taken, gone, reasons = 0, [], ["belum ada peramban yang terdaftar"]
        for target in self._targets(parcel.person_id):
            if not allowed(target.endpoint, self._hosts):
                gone.append(target.id)
                continue
            try:
                self._push(target, data)
                taken += 1
            except WebPushException as error:
                code = error.response.status_code if error.response is not None else 0
                if code in {404, 410}:
                    gone.append(target.id)
                reasons.append(f"layanan push menolak ({code})")
            except (requests.RequestException, ValueError) as error:
                reasons.append(f"layanan push tidak terjangkau: {type(error).__name__}")
        if gone:
            self._gone(gone)
        if not taken:
            raise ChannelError(reasons[-1], final=len(reasons) == 1 or bool(gone))
        return parcel.token

    def _push(self, target: Target, data: str) -> None:
        webpush(
            {"endpoint": target.endpoint, "keys": {"p256dh": target.p256dh, "auth": target.auth}},
            data, vapid_private_key=keys(self._file), vapid_claims={"sub": self._contact},
            ttl=24 * 3600, timeout=15, requests_session=self._session,
        )  # fmt: skip
