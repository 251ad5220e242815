"""Operations of a form as the browser sends them, and their answers as it wants them."""

from __future__ import annotations

import json
import zlib
from typing import Any

from flask import request

from portal.reports.ops import Answer, Op
from portal.reports.splice import Cut
from portal.web.incoming import LARGEST, words

MOST_OPS = 80
MOST_BYTES = 20_000_000  # unpacked; a narrative with pasted pictures


def read_ops(person_id: int | None) -> list[Op] | int:
    """The operations of the request in their order, or the status to answer with.

    401 when the page belongs to another person than the session (shared PCs): what one typed is
    never saved under the name of the next. 422 for what is no operation.
    """
    body = _body()
    if not isinstance(body, dict) or not isinstance(body.get("ops"), list):
        return 422
    if body.get("person") not in (None, person_id):
        return 401
    ops = [_op(raw) for raw in body["ops"][:MOST_OPS]]
    known = [op for op in ops if op is not None]
    return known if len(known) == len(ops) else 422


def _body() -> Any:
    """The JSON of the request, unpacked when the browser has packed it; None when it is none."""
    unpack = zlib.decompressobj(wbits=31)
    try:
        if request.headers.get("Content-Encoding") != "gzip":
            return request.get_json(silent=True)
        data = unpack.decompress(request.get_data(), MOST_BYTES)
        return json.loads(data) if unpack.eof else None
    except (zlib.error, ValueError, RecursionError):  # nested beyond all sense
        return None


def _op(raw: Any) -> Op | None:
    """One operation as the browser sent it; None when it is not one."""
    if not isinstance(raw, dict):
        return None
    texts = [raw.get(k) for k in ("op_id", "target", "value")]
    base = raw.get("base")
    if not all(isinstance(t, str) for t in texts):
        return None
    if not isinstance(base, int) or isinstance(base, bool) or not -1 <= base <= LARGEST:
        return None
    op_id, target, value = (words(str(t)) for t in texts)
    return Op(op_id, target, base, value, _cut(raw.get("cut")), quiet=True)


def _cut(raw: Any) -> Cut | None:
    """Where in the confirmed text the value goes; None when it is the whole text.

    Something else than three numbers fits no text, so that the browser is asked for all of it.
    """
    if raw is None:
        return None
    if not isinstance(raw, list) or len(raw) != 3 or any(type(n) is not int for n in raw):
        return Cut(-1, 0, 0)
    return Cut(*raw)


def lean(op: Op, answer: Answer) -> dict[str, Any]:
    """The answer without what the browser knows: an autosave is at most 2 KB each way."""
    out: dict[str, Any] = {"op_id": answer.op_id, "status": answer.status, "rev": answer.rev}
    for name in ("doubt", "choices", "theirs", "theirs_by", "reason", "offered", "notes", "fix",
                 "hints"):  # fmt: skip
        if value := getattr(answer, name):
            out[name] = value
    if not op.target.startswith("f:") and answer.shown != op.value:
        out["shown"] = answer.shown
    if answer.derived:
        out["derived"] = {
            t: "belum lengkap" if v.startswith("Belum diisi") else v
            for t, v in answer.derived.items()
        }
    return out
