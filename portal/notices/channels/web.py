"""SMS and WhatsApp gateways over HTTP: a form of data says what to send and how to read the answer.

``reports_templates/notices/gateways/<form>.yaml`` holds the form; host, secrets and prices come
from the operator's file. Nothing a user types becomes part of an address: it fills whole values
of the request's body and nothing else. Redirects are not followed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import requests

from portal.notices.channels.base import ChannelError, Hook, Parcel, Receipt

CONNECT, READ, WHOLE = 5, 15, 30  # seconds
LARGEST = 64 * 1024


def number_as(form: str, number: str) -> str:
    """``+62812..`` as ``local`` (0812..), ``digits`` (62812..) or ``e164`` (as it stands)."""
    digits = "".join(letter for letter in number if letter.isdigit())
    if len(digits) < 8:
        raise ChannelError("nomor HP tidak dapat dibaca", final=True)
    if form == "local":
        return "0" + digits.removeprefix("62")
    return digits if form == "digits" else "+" + digits


def filled(shape: Any, values: Mapping[str, str]) -> Any:
    """The request's body: ``{text}`` and the like are replaced inside whole values only."""
    if isinstance(shape, Mapping):
        return {key: filled(value, values) for key, value in shape.items()}
    if isinstance(shape, list):
        return [filled(value, values) for value in shape]
    if not isinstance(shape, str):
        return shape
    if shape.startswith("{") and shape.endswith("}") and shape[1:-1] in values:
        return values[shape[1:-1]]
    for key, value in values.items():  # secrets inside a header: "Bearer {secret.token}"
        if key.startswith("secret."):
            shape = shape.replace("{" + key + "}", value)
    return shape


def dig(tree: Any, path: str) -> Any:
    """``messages.0.id`` in an answer; None when there is nothing."""
    for part in path.split("."):
        if isinstance(tree, Mapping):
            tree = tree.get(part)
        elif isinstance(tree, list) and part.isdigit() and int(part) < len(tree):
            tree = tree[int(part)]
        else:
            return None
    return tree


def each(tree: Any, path: str) -> Iterator[Any]:
    """All things at a path where ``*`` goes through a list; an empty path is the tree itself."""
    if not path:
        yield tree
        return
    head, _, rest = path.partition(".")
    if head == "*":
        for one in tree if isinstance(tree, list) else ():
            yield from each(one, rest)
    else:
        found = dig(tree, head)
        if found is not None:
            yield from each(found, rest)


class HttpGateway:
    """One gateway: a form, an address, secrets, a price."""

    def __init__(
        self, key: str, form: Mapping[str, Any], url: str, secrets: Mapping[str, str],
        cost: Decimal = Decimal(0), hook: Hook | None = None,
    ) -> None:  # fmt: skip
        self.key, self.url, self.cost = key, url, cost
        self.label: str = form["name"]
        self.channel: str = form.get("channel", "sms")
        self.proof = bool(form.get("receipt"))
        self.unofficial = bool(form.get("unofficial"))
        self.hook = hook or Hook()
        self._form, self._secrets = form, dict(secrets)
        self._session = requests.Session()

    def send(self, parcel: Parcel) -> str:
        """Post the text; accepted only when the answer says so in the vendor's own words."""
        send = self._form["send"]
        values = {
            "number": number_as(send.get("number", "e164"), parcel.address),
            "text": parcel.short if send.get("text", "short") == "short" else parcel.body,
            "ref": str(parcel.message_id),
            **{f"secret.{key}": value for key, value in self._secrets.items()},
        }  # fmt: skip
        body = filled(send["fields"], values)
        headers = filled(send.get("headers", {}), values)
        began = time.monotonic()
        try:
            with self._session.request(
                send.get("method", "POST"), self.url, headers=headers, allow_redirects=False,
                timeout=(CONNECT, READ), stream=True,
                **({"json": body} if send.get("encode") == "json" else {"data": body}),
            ) as answer:  # fmt: skip
                return self._read(answer, _content(answer, began))
        except requests.ConnectTimeout as error:
            raise ChannelError("gateway tidak menjawab") from error
        except requests.ReadTimeout as error:
            raise ChannelError("gateway terlalu lama menjawab", maybe=True) from error
        except requests.ConnectionError as error:
            refused = "refused" in str(error) or "resolve" in str(error)
            raise ChannelError("sambungan ke gateway gagal", maybe=not refused) from error
        except requests.RequestException as error:
            raise ChannelError(f"gateway gagal: {type(error).__name__}", maybe=True) from error

    def _read(self, answer: requests.Response, content: bytes) -> str:
        code = answer.status_code
        if not 200 <= code < 300:
            final = code in {400, 404, 422}
            raise ChannelError(f"gateway menolak ({code}): {self._words(content)}", final=final)
        rules = self._form["answer"]
        try:
            tree = json.loads(content)
        except ValueError as error:
            raise ChannelError("jawaban gateway tidak dikenali, dianggap belum terkirim",
                               maybe=True) from error  # fmt: skip
        for path, wanted in rules["ok"].items():
            if str(dig(tree, path)).lower() not in [str(w).lower() for w in wanted]:
                raise ChannelError(f"gateway menolak: {self._words(content)}")
        provider_id = dig(tree, rules["id"])
        if provider_id in (None, ""):
            raise ChannelError("gateway tidak memberi nomor pesan, dianggap belum terkirim",
                               maybe=True)  # fmt: skip
        return str(provider_id)[:120]

    def _words(self, content: bytes) -> str:
        """The vendor's reason, short and in one line."""
        try:
            found = dig(json.loads(content), self._form["answer"].get("error", "error"))
        except ValueError:
            found = None
        text = str(found) if found not in (None, "") else content[:120].decode("utf-8", "replace")
        return " ".join(text.split())[:120]

    def signed(self, raw: bytes, signature: str) -> bool:
        """Whether the carrier's HMAC fits the raw body; True where it does not sign."""
        if not self.hook.hmac_secret:
            return True
        wanted = hmac.new(self.hook.hmac_secret.encode(), raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted, signature.removeprefix("sha256="))

    def receipts(self, tree: Any) -> Iterator[Receipt]:
        """The receipts in a webhook's body; states that the form does not know are left out."""
        rules = self._form.get("receipt")
        if not rules:
            return
        for one in each(tree, rules.get("each", "")):
            provider_id, state = dig(one, rules["id"]), dig(one, rules["state"])
            word = rules["states"].get(str(state).lower())
            if provider_id not in (None, "") and word:
                reason = str(dig(one, rules.get("reason", "")) or "")[:200]
                yield Receipt(str(provider_id)[:120], word, reason)


def _content(answer: requests.Response, began: float) -> bytes:
    """At most LARGEST bytes within WHOLE seconds: a vendor that drips does not hold a worker."""
    content = b""
    for piece in answer.iter_content(8192):
        content += piece
        if len(content) > LARGEST or time.monotonic() - began > WHOLE:
            raise ChannelError("jawaban gateway terlalu panjang atau terlalu lama", maybe=True)
    return content
