"""What carriers and browsers send by themselves: receipts, subscriptions to web push.

The path holds a secret of the operator; where the carrier signs, the signature of the raw body is
checked as well. An unknown path is a 404 like any other, an unknown message changes nothing.
"""

from __future__ import annotations

import json
from hmac import compare_digest
from typing import Any

from flask import Blueprint, Flask, abort, request
from werkzeug.wrappers import Response

from portal.db import db
from portal.notices import flow_receipts, flow_settings, gateways
from portal.notices.channels.base import Receipt
from portal.notices.channels.web import HttpGateway
from portal.people.refusal import Refused
from portal.people.rules import Permission
from portal.web.gate import actor, needs, public
from portal.web.security import csrf

bp = Blueprint("notices_hooks", __name__)

#: Bytes of one webhook; vendors send a few hundred.
LARGEST = 256 * 1024


def _gateway(secret: str) -> HttpGateway:
    for known, gateway in gateways.setup().hooks.items():
        if compare_digest(known.encode(), secret.encode()):
            return gateway
    abort(404)


@bp.get("/kabar/<secret>")
@public
def verify(secret: str) -> Response:
    """WhatsApp Cloud asks once whether the address is ours."""
    gateway = _gateway(secret)
    token = request.args.get("hub.verify_token", "")
    if not gateway.hook.verify_token or not compare_digest(
        gateway.hook.verify_token.encode(), token.encode()
    ):
        abort(403)
    challenge = request.args.get("hub.challenge", "")[:200]
    return Response("".join(c for c in challenge if c.isalnum()), mimetype="text/plain")


@bp.post("/kabar/<secret>")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf has no types
@public
def receive(secret: str) -> Response:
    """Receipts of one gateway."""
    gateway = _gateway(secret)
    if (request.content_length or 0) > LARGEST:
        abort(413)
    raw = request.get_data(cache=True)
    if not gateway.signed(raw, request.headers.get(gateway.hook.hmac_header or "X-None", "")):
        abort(403)
    flow_receipts.take(gateway.key, gateway.receipts(_tree(raw)))
    db.session.commit()
    return Response("ok", mimetype="text/plain")


def _tree(raw: bytes) -> Any:
    """JSON, or a form as a mapping."""
    if request.mimetype == "application/x-www-form-urlencoded":
        return dict(request.form.items())
    try:
        return json.loads(raw)
    except ValueError:
        return {}


@bp.post("/pesan/push")
@needs(Permission.SELF)
def subscribe() -> Response | tuple[str, int]:
    """Keep a browser's address for web push; JSON of PushSubscription."""
    data = request.get_json(silent=True)
    keys = data.get("keys") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(keys, dict):
        return "Data peramban tidak dapat dibaca. Muat ulang halaman, lalu coba lagi.", 422
    try:
        flow_settings.subscribe(actor().person_id or 0, str(data.get("endpoint", "")),
                                str(keys.get("p256dh", "")), str(keys.get("auth", "")))  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return str(refusal), 422
    db.session.commit()
    return Response(status=204)


@bp.post("/pesan/push/henti")
@needs(Permission.SELF)
def unsubscribe() -> Response:
    """Forget all browsers of the person."""
    flow_settings.unsubscribe(actor().person_id or 0)
    db.session.commit()
    return Response(status=303, headers={"Location": "/pesan/saluran"})


@bp.post("/pesan/push/kabar/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # as above
@public
def pushed(token: str) -> Response:
    """A browser says that a push came (``sampai``) or was tapped (``dibaca``).

    The token was sent to that browser alone, encrypted; it opens nothing else.
    """
    state = {"sampai": "delivered", "dibaca": "read"}.get(request.args.get("apa", ""))
    if state and 20 <= len(token) <= 60:
        flow_receipts.take("push", [Receipt(token, state)])
        db.session.commit()
    return Response(status=204)


def init_app(app: Flask) -> None:
    """Register the blueprint."""
    app.register_blueprint(bp)
